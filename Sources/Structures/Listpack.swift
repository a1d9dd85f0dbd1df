import CMartlet
import Memory

/// A list of strings and integers in one run of bytes: how small collections lie in memory, in RDB files and in DUMP
/// payloads alike. https://github.com/antirez/listpack/blob/master/listpack.md
///
///     4 bytes   total bytes, header and end included, little-endian
///     2 bytes   number of elements, 65535 when there are more than fit
///     elements
///     0xff
///
/// An element is its encoding, its data, and the length of both in reverse ("backlen"), which lets a walk go
/// backwards:
///
///     0xxxxxxx                    integer 0...127
///     10llllll data               string up to 63 bytes
///     110xxxxx x                  13-bit integer
///     1110llll l data             string up to 4,095 bytes
///     11110000 llll data          string, 32-bit length
///     11110001 ... 11110100       integer of 16, 24, 32, 64 bits, little-endian
///
/// A string that spells an integer is stored as one, which is why values come back as either.
///
/// The handle is a pointer. A change may move the bytes: whoever keeps the address stores `address` again after
/// every mutating call. Positions are offsets from the start, valid until a change before them. Inserted bytes
/// must not lie in the listpack itself.
///
/// The handle trusts its bytes. What comes from outside is first checked with ``isValid(_:deep:)``.
public struct Listpack {
  public internal(set) var address: UnsafeMutableRawPointer

  public static let headerSize = 6
  public static let end: UInt8 = 0xff
  /// Redis's limit, which keeps the total clear of its 32 bits.
  public static let maximumByteCount = 1 << 30
  static let unknownCount = Int(UInt16.max)

  public enum Value {
    case integer(Int64)
    case bytes(Bytes)
  }

  @inline(__always)
  public init(address: UnsafeMutableRawPointer) { self.address = address }

  /// An empty listpack with room for `capacity` bytes in all.
  public static func create(capacity: Int = 0) -> Listpack {
    let list = Listpack(address: Allocator.allocate(max(capacity, headerSize + 1)))
    list.address.storeBytes(of: UInt32(headerSize + 1).littleEndian, as: UInt32.self)
    list.address.storeBytes(of: 0, toByteOffset: 4, as: UInt16.self)
    list.address.storeBytes(of: end, toByteOffset: headerSize, as: UInt8.self)
    return list
  }

  /// A copy of bytes that are a valid listpack.
  public static func copy(_ bytes: Bytes) -> Listpack {
    let address = Allocator.allocate(bytes.count)
    memcpy(address, bytes.base, bytes.count)
    return Listpack(address: address)
  }

  public func free() { Allocator.free(address) }

  // MARK: Size

  /// Bytes that the format takes, header and end included.
  @inline(__always)
  public var byteCount: Int { Int(UInt32(littleEndian: address.loadUnaligned(as: UInt32.self))) }

  public var bytes: Bytes { Bytes(address, count: byteCount) }

  public var allocatedBytes: Int { Allocator.usableSize(address) }

  public var isEmpty: Bool { byte(Self.headerSize) == Self.end }

  /// Number of elements; O(1) unless there are 65,535 or more.
  public var count: Int {
    let noted = Int(UInt16(littleEndian: address.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
    if noted != Self.unknownCount { return noted }
    var found = 0
    var at = first
    while let current = at {
      found += 1
      at = next(current)
    }
    return found
  }

  /// Whether elements with `added` bytes in all may still be added.
  public func canAdd(_ added: Int) -> Bool { added <= Self.maximumByteCount - byteCount }

  /// Bytes that an element holding `bytes` takes.
  public static func encodedCount(of bytes: Bytes) -> Int {
    let own = ElementEncoding(bytes).count
    return own + backlenCount(own)
  }

  // MARK: Walk

  @inline(__always)
  func byte(_ at: Int) -> UInt8 { address.load(fromByteOffset: at, as: UInt8.self) }

  public var first: Int? { byte(Self.headerSize) == Self.end ? nil : Self.headerSize }

  public var last: Int? { previous(byteCount - 1) }

  /// The position after the last element, where an insertion appends.
  public var endPosition: Int { byteCount - 1 }

  /// The element after the one at `at`.
  @inline(__always)
  public func next(_ at: Int) -> Int? {
    let next = skip(at)
    return byte(next) == Self.end ? nil : next
  }

  /// The position after the element at `at`, be it an element's or the end.
  @inline(__always)
  public func skip(_ at: Int) -> Int {
    let own = Self.elementCount(address + at)
    return at &+ own &+ Self.backlenCount(own)
  }

  /// The element before `at`, which may be ``endPosition``.
  public func previous(_ at: Int) -> Int? {
    guard at > Self.headerSize else { return nil }
    var value = 0
    var shift = 0
    var p = at - 1
    while true {
      let byte = byte(p)
      value |= Int(byte & 127) << shift
      if byte & 128 == 0 || shift >= 28 { break }
      shift += 7
      p -= 1
    }
    return at - value - Self.backlenCount(value)
  }

  /// The element at an index, counted from the end if negative. Walks from the nearer side.
  public func seek(_ index: Int) -> Int? {
    let total = count
    let wanted = index < 0 ? index + total : index
    guard wanted >= 0 && wanted < total else { return nil }
    if wanted <= total / 2 {
      var at = Self.headerSize
      for _ in 0..<wanted { at = skip(at) }
      return at
    }
    var at = endPosition
    for _ in 0..<total - wanted { at = previous(at)! }
    return at
  }

  /// The element at `at`. Bytes are valid until the listpack changes.
  @inline(__always)
  public func value(_ at: Int) -> Value {
    let p = address + at
    let head = p.load(as: UInt8.self)
    if head & 0xc0 == 0x80 { return .bytes(Bytes(p + 1, count: Int(head & 0x3f))) }
    if head < 0x80 { return .integer(Int64(head)) }
    return Self.largeValue(p, head)
  }

  private static func largeValue(_ p: UnsafeMutableRawPointer, _ head: UInt8) -> Value {
    switch head {
    case 0xc0...0xdf:
      let raw = Int64(head & 0x1f) << 8 | Int64(p.load(fromByteOffset: 1, as: UInt8.self))
      return .integer(raw >= 1 << 12 ? raw - 1 << 13 : raw)
    case 0xe0...0xef:
      return .bytes(Bytes(p + 2, count: Int(head & 0x0f) << 8 | Int(p.load(fromByteOffset: 1, as: UInt8.self))))
    case 0xf0:
      let count = UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
      return .bytes(Bytes(p + 5, count: Int(count)))
    case 0xf1:
      return .integer(Int64(Int16(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: Int16.self))))
    case 0xf2:
      let low = UInt16(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
      let high = p.load(fromByteOffset: 3, as: Int8.self)
      return .integer(Int64(high) << 16 | Int64(low))
    case 0xf3:
      return .integer(Int64(Int32(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: Int32.self))))
    case 0xf4:
      return .integer(Int64(littleEndian: p.loadUnaligned(fromByteOffset: 1, as: Int64.self)))
    default: preconditionFailure("not a listpack element")
    }
  }

  /// As ``find(_:from:skip:)`` with a needle that is looked for once.
  public func find(_ needle: Bytes, from start: Int, skip: Int) -> Int? {
    find(Needle(needle), from: start, skip: skip)
  }

  // MARK: Change

  /// Adds an element before the one at `at` (or ``endPosition``) and returns its position, which is `at`.
  @discardableResult
  public mutating func insert(_ bytes: Bytes, at: Int) -> Int {
    put(ElementEncoding(bytes), at: at, replacing: 0)
    addCount(1)
    return at
  }

  @discardableResult
  public mutating func insert(_ value: Int64, at: Int) -> Int {
    put(.integer(value), at: at, replacing: 0)
    addCount(1)
    return at
  }

  public mutating func insert(_ bytes: Bytes, after at: Int) -> Int { insert(bytes, at: skip(at)) }

  public mutating func append(_ bytes: Bytes) { insert(bytes, at: endPosition) }
  public mutating func append(_ value: Int64) { insert(value, at: endPosition) }
  public mutating func prepend(_ bytes: Bytes) { insert(bytes, at: Self.headerSize) }
  public mutating func prepend(_ value: Int64) { insert(value, at: Self.headerSize) }

  /// Puts another value in the place of the element at `at`.
  public mutating func replace(_ at: Int, with bytes: Bytes) {
    put(ElementEncoding(bytes), at: at, replacing: skip(at) - at)
  }

  public mutating func replace(_ at: Int, with value: Int64) {
    put(.integer(value), at: at, replacing: skip(at) - at)
  }

  /// Removes up to `count` elements from the one at `at` on. What came after them is then at `at`.
  ///
  /// - Returns: how many were removed.
  @discardableResult
  public mutating func delete(_ at: Int, count: Int = 1) -> Int {
    var removed = 0
    var stop = at
    while removed < count && byte(stop) != Self.end {
      stop = skip(stop)
      removed += 1
    }
    guard removed > 0 else { return 0 }
    move(at: at, removing: stop - at, inserting: 0)
    addCount(-removed)
    return removed
  }

  /// Gives back memory that removals left unused.
  public mutating func shrink() { address = Allocator.reallocate(address, to: byteCount) }

  private mutating func addCount(_ change: Int) {
    let noted = Int(UInt16(littleEndian: address.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
    // Once unknown, the number stays so until a removal makes it small enough to be worth a count.
    var fresh = min(noted + change, Self.unknownCount)
    if noted == Self.unknownCount { fresh = change > 0 ? noted : min(count, Self.unknownCount) }
    address.storeBytes(of: UInt16(fresh).littleEndian, toByteOffset: 4, as: UInt16.self)
  }

  /// Removes the `count` bytes at `at`, which are `elements` whole elements.
  mutating func closeGap(at: Int, count: Int, elements: Int) {
    move(at: at, removing: count, inserting: 0)
    addCount(-elements)
  }

  /// Adds `elements` elements as they lie in another listpack.
  mutating func appendEncoded(_ encoded: Bytes, elements: Int) {
    let at = endPosition
    move(at: at, removing: 0, inserting: encoded.count)
    memcpy(address + at, encoded.base, encoded.count)
    addCount(elements)
  }

  private mutating func put(_ element: ElementEncoding, at: Int, replacing old: Int) {
    let own = element.count
    let backlen = Self.backlenCount(own)
    move(at: at, removing: old, inserting: own + backlen)
    element.write(to: address + at)
    Self.writeBacklen(own, to: address + at + own, count: backlen)
  }

  /// Makes the `removing` bytes at `at` into `inserting` undefined ones.
  private mutating func move(at: Int, removing: Int, inserting: Int) {
    let old = byteCount
    let fresh = old - removing + inserting
    precondition(fresh <= UInt32.max, "a listpack beyond its format")
    if fresh > old {
      if fresh > Allocator.usableSize(address) {
        address = Allocator.reallocate(address, to: Allocator.goodSize(fresh))
      }
    }
    if removing != inserting {
      memmove(address + at + inserting, address + at + removing, old - at - removing)
    }
    if fresh < old {
      let capacity = Allocator.usableSize(address)
      if capacity > 64 && fresh < capacity / 2 { address = Allocator.reallocate(address, to: fresh) }
    }
    address.storeBytes(of: UInt32(fresh).littleEndian, as: UInt32.self)
  }
}
