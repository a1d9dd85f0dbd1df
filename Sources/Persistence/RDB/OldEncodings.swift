import Memory
import Structures

// Small collections as Redis kept them before 7.0. They are only read, element by element, and every step is checked.

/// A ziplist: 4 bytes of size, 4 of the last entry's offset, 2 of the number of entries, entries, 255.
///
/// An entry is the length of the one before it (one byte, or 254 and four), its encoding, its data. The first two
/// bits of the encoding tell strings of 6, 14 and 32 bits of length (big-endian) from integers.
struct Ziplist {
  private let bytes: Bytes
  private var at = 10
  private var previousCount = 0
  private var last = 10
  private var found = 0

  private let name: StaticString

  /// - Parameter name: what is said to be corrupt if it is.
  init(_ bytes: Bytes, _ name: StaticString = "Ziplist") throws(RDBFailure) {
    self.bytes = bytes
    self.name = name
    guard bytes.count >= 11, Self.word(bytes, 0) == bytes.count else { throw corrupt }
  }

  private var corrupt: RDBFailure { .corrupt("\(name) integrity check failed.") }

  private static func word(_ bytes: Bytes, _ at: Int) -> Int {
    Int(UInt32(littleEndian: (bytes.raw + at).loadUnaligned(as: UInt32.self)))
  }

  private func load<T: FixedWidthInteger>(_ offset: Int, as: T.Type) -> T {
    T(littleEndian: (bytes.raw + offset).loadUnaligned(as: T.self))
  }

  /// The next element; nil at the end, where size, tail and number must agree with what was met.
  mutating func next() throws(RDBFailure) -> Listpack.Value? {
    let limit = bytes.count - 1
    guard at <= limit else { throw corrupt }
    if bytes[at] == 255 {
      let noted = Int(load(8, as: UInt16.self))
      guard at == limit, Self.word(bytes, 4) == last, noted == found || noted == Int(UInt16.max) else {
        throw corrupt
      }
      return nil
    }
    let start = at
    let prefix = bytes[at] < 254 ? 1 : 5
    guard at + prefix < limit else { throw corrupt }
    let before = prefix == 1 ? Int(bytes[at]) : Self.word(bytes, at + 1)
    guard before == previousCount else { throw corrupt }
    let (value, count) = try element(at + prefix, limit)
    at += prefix + count
    previousCount = at - start
    last = start
    found += 1
    return value
  }

  private func element(_ p: Int, _ limit: Int) throws(RDBFailure) -> (Listpack.Value, Int) {
    func string(_ head: Int, _ count: Int) throws(RDBFailure) -> (Listpack.Value, Int) {
      guard count <= limit - p - head else { throw corrupt }
      return (.bytes(bytes[p + head..<p + head + count]), head + count)
    }
    func room(_ count: Int) throws(RDBFailure) {
      guard count <= limit - p else { throw corrupt }
    }
    let head = bytes[p]
    switch head {
    case 0x00...0x3f: return try string(1, Int(head))
    case 0x40...0x7f:
      try room(2)
      return try string(2, Int(head & 0x3f) << 8 | Int(bytes[p + 1]))
    case 0x80:
      try room(5)
      return try string(5, Int(UInt32(bigEndian: (bytes.raw + p + 1).loadUnaligned(as: UInt32.self))))
    case 0xc0:
      try room(3)
      return (.integer(Int64(load(p + 1, as: Int16.self))), 3)
    case 0xd0:
      try room(5)
      return (.integer(Int64(load(p + 1, as: Int32.self))), 5)
    case 0xe0:
      try room(9)
      return (.integer(load(p + 1, as: Int64.self)), 9)
    case 0xf0:
      try room(4)
      return (.integer(Int64(Int8(bitPattern: bytes[p + 3])) << 16 | Int64(load(p + 1, as: UInt16.self))), 4)
    case 0xfe:
      try room(2)
      return (.integer(Int64(Int8(bitPattern: bytes[p + 1]))), 2)
    case 0xf1...0xfd: return (.integer(Int64(head & 0x0f) - 1), 1)
    default: throw corrupt
    }
  }
}

/// A zipmap, the small hash of Redis before 2.6: a number of pairs (254 or more: unknown), then for each the key's
/// length and bytes, the value's length, a byte that says how many unused bytes follow the value, and its bytes; 255.
struct Zipmap {
  private let bytes: Bytes
  private var at = 1
  private var found = 0

  init(_ bytes: Bytes) throws(RDBFailure) {
    guard bytes.count >= 2 else { throw Self.corrupt }
    self.bytes = bytes
  }

  private static let corrupt = RDBFailure.corrupt("Zipmap integrity check failed.")

  mutating func next() throws(RDBFailure) -> (field: Bytes, value: Bytes)? {
    guard at < bytes.count else { throw Self.corrupt }
    if bytes[at] == 255 {
      let noted = Int(bytes[0])
      guard at == bytes.count - 1, noted == found || noted >= 254 else { throw Self.corrupt }
      return nil
    }
    let field = try part(unused: false)
    let value = try part(unused: true)
    found += 1
    return (field, value)
  }

  private mutating func part(unused hasUnused: Bool) throws(RDBFailure) -> Bytes {
    // The last byte is the end mark: nothing reaches into it.
    let limit = bytes.count - 1
    guard at < limit else { throw Self.corrupt }
    var count = Int(bytes[at])
    guard count < 255 else { throw Self.corrupt }
    at += 1
    if count == 254 {
      guard limit - at >= 4 else { throw Self.corrupt }
      count = Int(UInt32(littleEndian: (bytes.raw + at).loadUnaligned(as: UInt32.self)))
      at += 4
    }
    var unused = 0
    if hasUnused {
      guard at < limit else { throw Self.corrupt }
      unused = Int(bytes[at])
      at += 1
    }
    guard count <= limit - at, unused <= limit - at - count else { throw Self.corrupt }
    defer { at += count + unused }
    return bytes[at..<at + count]
  }
}
