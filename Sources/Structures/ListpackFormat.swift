import CMartlet
import Memory

extension Listpack {
  /// An element as it is to be written.
  enum ElementEncoding {
    case integer(Int64)
    case string(Bytes)

    @inline(__always)
    init(_ bytes: Bytes) {
      if let number = parseInteger(bytes) { self = .integer(number) } else { self = .string(bytes) }
    }

    /// Bytes of encoding and data, without the backlen.
    var count: Int {
      switch self {
      case .string(let bytes): bytes.count + (bytes.count < 64 ? 1 : bytes.count < 4096 ? 2 : 5)
      case .integer(let value):
        switch value {
        case 0...127: 1
        case -4096...4095: 2
        case -1 << 15...1 << 15 - 1: 3
        case -1 << 23...1 << 23 - 1: 4
        case -1 << 31...1 << 31 - 1: 5
        default: 9
        }
      }
    }

    func write(to p: UnsafeMutableRawPointer) {
      switch self {
      case .string(let bytes): Self.write(bytes, to: p)
      case .integer(let value): Self.write(value, count: count, to: p)
      }
    }

    private static func write(_ bytes: Bytes, to p: UnsafeMutableRawPointer) {
      let n = bytes.count
      var data = p + 1
      if n < 64 {
        p.storeBytes(of: 0x80 | UInt8(n), as: UInt8.self)
      } else if n < 4096 {
        p.storeBytes(of: 0xe0 | UInt8(n >> 8), as: UInt8.self)
        p.storeBytes(of: UInt8(n & 0xff), toByteOffset: 1, as: UInt8.self)
        data = p + 2
      } else {
        p.storeBytes(of: 0xf0, as: UInt8.self)
        p.storeBytes(of: UInt32(n).littleEndian, toByteOffset: 1, as: UInt32.self)
        data = p + 5
      }
      memcpy(data, bytes.base, n)
    }

    private static func write(_ value: Int64, count: Int, to p: UnsafeMutableRawPointer) {
      let bits = UInt64(bitPattern: value)
      if count == 1 {
        p.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
      } else if count == 2 {
        p.storeBytes(of: 0xc0 | UInt8(bits >> 8 & 0x1f), as: UInt8.self)
        p.storeBytes(of: UInt8(bits & 0xff), toByteOffset: 1, as: UInt8.self)
      } else {
        p.storeBytes(of: count == 9 ? 0xf4 : 0xee + UInt8(count), as: UInt8.self)
        for i in 0..<count - 1 {
          p.storeBytes(of: UInt8(bits >> UInt64(i * 8) & 0xff), toByteOffset: 1 + i, as: UInt8.self)
        }
      }
    }
  }

  // MARK: Lengths

  /// Bytes of encoding and data of the element at `p`, which must be one.
  @inline(__always)
  static func elementCount(_ p: UnsafeRawPointer) -> Int {
    let head = p.load(as: UInt8.self)
    if head < 0x80 { return 1 }
    if head & 0xc0 == 0x80 { return 1 &+ Int(head & 0x3f) }
    return largeElementCount(p, head)
  }

  private static func largeElementCount(_ p: UnsafeRawPointer, _ head: UInt8) -> Int {
    switch head {
    case 0xc0...0xdf: 2
    case 0xe0...0xef: 2 + (Int(head & 0x0f) << 8 | Int(p.load(fromByteOffset: 1, as: UInt8.self)))
    case 0xf0: 5 + Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    case 0xf1: 3
    case 0xf2: 4
    case 0xf3: 5
    case 0xf4: 9
    default: preconditionFailure("not a listpack element")
    }
  }

  /// Bytes that the backlen of an element of `count` bytes takes. Redis turns to the next size one
  /// early from two bytes on; so must everybody who wants to read its files.
  @inline(__always)
  static func backlenCount(_ count: Int) -> Int {
    if count <= 127 { return 1 }
    if count < 16383 { return 2 }
    if count < 2_097_151 { return 3 }
    return count < 268_435_455 ? 4 : 5
  }

  static func writeBacklen(_ value: Int, to p: UnsafeMutableRawPointer, count: Int) {
    for i in 0..<count {
      let part = UInt8(value >> ((count - 1 - i) * 7) & 127)
      p.storeBytes(of: i == 0 ? part : part | 128, toByteOffset: i, as: UInt8.self)
    }
  }

  // MARK: Checks

  /// Whether `bytes` are a listpack that no walk, in whichever direction, can leave.
  ///
  /// - Parameter deep: looks at every element; without it, only at header and end.
  public static func isValid(_ bytes: Bytes, deep: Bool = true) -> Bool {
    let size = bytes.count
    guard size > headerSize && size <= UInt32.max else { return false }
    let start = UnsafeRawPointer(bytes.base)
    guard Int(UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))) == size, bytes[size - 1] == end else {
      return false
    }
    if !deep { return true }
    var at = headerSize
    var found = 0
    while at < size - 1 {
      guard let next = checkedSkip(bytes, at) else { return false }
      at = next
      found += 1
    }
    let noted = Int(UInt16(littleEndian: start.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
    return at == size - 1 && (noted == unknownCount || noted == found)
  }

  /// The position after the element at `at`, which may be anything; nil if it is not sound.
  private static func checkedSkip(_ bytes: Bytes, _ at: Int) -> Int? {
    let limit = bytes.count - 1
    let head = bytes[at]
    let headCount = head == 0xf0 ? 5 : head & 0xf0 == 0xe0 ? 2 : 1
    if head > 0xf4 || at + headCount > limit { return nil }
    let own = elementCount(UnsafeRawPointer(bytes.base) + at)
    let backlen = backlenCount(own)
    let next = at + own + backlen
    guard next <= limit else { return nil }
    for i in 0..<backlen {
      let part = UInt8(own >> ((backlen - 1 - i) * 7) & 127)
      if bytes[at + own + i] != (i == 0 ? part : part | 128) { return nil }
    }
    return next
  }
}
