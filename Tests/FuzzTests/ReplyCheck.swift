import Memory

/// Reads replies as a client would, to see that each is whole and that nothing is left over.
struct ReplyCheck {
  struct Malformed: Error {
    let at: Int
  }

  private let bytes: Bytes
  private var at = 0

  /// The number of replies in `bytes`; pushes are counted apart.
  static func count(_ bytes: Bytes) throws(Malformed) -> (replies: Int, pushes: Int) {
    var check = ReplyCheck(bytes)
    var counted = (replies: 0, pushes: 0)
    while check.at < bytes.count {
      let isPush = bytes[check.at] == UInt8(ascii: ">")
      try check.value(depth: 0)
      if isPush { counted.pushes += 1 } else { counted.replies += 1 }
    }
    return counted
  }

  private init(_ bytes: Bytes) { self.bytes = bytes }

  private mutating func value(depth: Int) throws(Malformed) {
    let start = at
    guard depth < 24, at < bytes.count else { throw Malformed(at: start) }
    let type = bytes[at]
    at += 1
    switch type {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: "#"),
      UInt8(ascii: "_"):
      _ = try line()
    case UInt8(ascii: ":"):
      // Indexes of arrays are unsigned.
      let start = at
      let text = try line().string
      guard Int(text) != nil || UInt64(text) != nil else { throw Malformed(at: start) }
    case UInt8(ascii: "$"), UInt8(ascii: "="):
      let count = try number()
      if count < 0 { return }
      guard bytes.count - at >= count + 2, bytes[at + count] == 13, bytes[at + count + 1] == 10 else {
        throw Malformed(at: start)
      }
      at += count + 2
    case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"):
      for _ in 0..<max(0, try number()) { try value(depth: depth + 1) }
    case UInt8(ascii: "%"):
      for _ in 0..<max(0, try number()) * 2 { try value(depth: depth + 1) }
    case UInt8(ascii: "|"):
      for _ in 0..<max(0, try number()) * 2 { try value(depth: depth + 1) }
      try value(depth: depth)
    default: throw Malformed(at: start)
    }
  }

  private mutating func line() throws(Malformed) -> Bytes {
    let start = at
    while at + 1 < bytes.count {
      if bytes[at] == 13 && bytes[at + 1] == 10 {
        defer { at += 2 }
        return bytes[start..<at]
      }
      at += 1
    }
    throw Malformed(at: start)
  }

  private mutating func number() throws(Malformed) -> Int {
    let start = at
    guard let value = Int(try line().string) else { throw Malformed(at: start) }
    return value
  }
}
