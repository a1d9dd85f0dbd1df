import CMartlet

/// Counts whole replies in a stream of bytes, without looking at what they say. Of a reply that is not complete it
/// remembers how far it came.
struct ReplyCounter {
  /// Elements that are still to come in the reply being read.
  private var elementsLeft = 0
  /// Bytes of a bulk string still to be skipped.
  private var skip = 0
  private var line: [UInt8] = []
  private(set) var errors = 0
  private(set) var firstError: String?

  /// How many replies end within the bytes.
  mutating func count(_ bytes: UnsafePointer<UInt8>, _ total: Int) -> Int {
    var ended = 0
    var at = 0
    while at < total {
      if skip > 0 {
        let step = min(skip, total - at)
        skip -= step
        at += step
        if skip == 0 { ended += endElement() }
        continue
      }
      guard let found = memchr(bytes + at, 10, total - at) else {
        line.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: total - at))
        return ended
      }
      let end = found.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(mutating: bytes)
      if line.isEmpty {
        ended += head(bytes + at, end - at)
      } else {
        line.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: end - at))
        let whole = line
        line = []
        whole.withUnsafeBufferPointer { ended += head($0.baseAddress!, $0.count) }
      }
      at = end + 1
    }
    return ended
  }

  /// A line without its LF. Returns 1 if a reply ends with it.
  private mutating func head(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let type = bytes[0]
    switch type {
    case UInt8(ascii: "$"), UInt8(ascii: "="):
      let length = number(bytes, count)
      if length < 0 { return endElement() }
      skip = length + 2
      return 0
    case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"):
      let elements = number(bytes, count) * (type == UInt8(ascii: "%") ? 2 : 1)
      if elements <= 0 { return endElement() }
      elementsLeft += elements - (elementsLeft > 0 ? 1 : 0)
      return 0
    case UInt8(ascii: "-"):
      errors += 1
      if firstError == nil {
        firstError = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
      }
      return endElement()
    default: return endElement()
    }
  }

  private mutating func endElement() -> Int {
    if elementsLeft == 0 { return 1 }
    elementsLeft -= 1
    return elementsLeft == 0 ? 1 : 0
  }

  private func number(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var value = 0
    for i in 1..<count {
      if bytes[i] == UInt8(ascii: "-") { return -1 }
      guard bytes[i] >= 48 && bytes[i] <= 57 else { break }
      value = value * 10 + Int(bytes[i] - 48)
    }
    return value
  }
}
