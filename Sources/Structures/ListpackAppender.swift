import CMartlet
import Memory

extension Listpack {
  /// Writes several elements behind the last one: room is made once for all of them, and the header is brought up to
  /// date once.
  ///
  ///     var appender = list.beginAppend(atMost: bound, capacity: bound)
  ///     appender.append(1)
  ///     list.endAppend(appender)
  public struct Appender {
    fileprivate var cursor: UnsafeMutableRawPointer
    fileprivate let limit: UnsafeMutableRawPointer
    fileprivate var count = 0

    fileprivate init(cursor: UnsafeMutableRawPointer, limit: UnsafeMutableRawPointer) {
      self.cursor = cursor
      self.limit = limit
    }

    @inline(__always)
    public mutating func append(_ value: Int64) {
      guard value >= 0 && value < 128 else { return append(.integer(value)) }
      cursor.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
      cursor.storeBytes(of: 1, toByteOffset: 1, as: UInt8.self)
      cursor += 2
      count &+= 1
    }

    @inline(__always)
    public mutating func append(_ bytes: Bytes) {
      let length = bytes.count
      // Most values are short and do not begin like an integer.
      guard length < 64 && length > 0 && bytes.base[0] > UInt8(ascii: "9") else {
        return append(ElementEncoding(bytes))
      }
      cursor.storeBytes(of: 0x80 | UInt8(truncatingIfNeeded: length), as: UInt8.self)
      memcpy(cursor + 1, bytes.base, length)
      cursor.storeBytes(of: UInt8(truncatingIfNeeded: length &+ 1), toByteOffset: length &+ 1, as: UInt8.self)
      cursor += length &+ 2
      count &+= 1
    }

    @inline(never)
    private mutating func append(_ element: ElementEncoding) {
      let own = element.count
      let backlen = Listpack.backlenCount(own)
      element.write(to: cursor)
      Listpack.writeBacklen(own, to: cursor + own, count: backlen)
      cursor += own + backlen
      count += 1
    }
  }

  /// No element takes more than this beside its bytes; an integer takes no more in all.
  public static let maximumOverhead = 10

  /// Makes room for elements of `bound` bytes in all, with ``maximumOverhead`` for each.
  ///
  /// - Parameter capacity: how large the listpack is to be if it has to be moved for it.
  @inline(__always)
  public mutating func beginAppend(atMost bound: Int, capacity: Int) -> Appender {
    let old = byteCount
    precondition(bound <= Self.maximumByteCount + Self.maximumByteCount / 4, "a listpack beyond its format")
    if old &+ bound > Allocator.usableSize(address) {
      address = Allocator.reallocate(address, to: Allocator.goodSize(max(old &+ bound, capacity)))
    }
    return Appender(cursor: address + (old &- 1), limit: address + (old &+ bound))
  }

  @inline(__always)
  public mutating func endAppend(_ appender: Appender) {
    precondition(appender.cursor < appender.limit, "more was appended than there was room for")
    appender.cursor.storeBytes(of: Self.end, as: UInt8.self)
    let total = appender.cursor - address + 1
    address.storeBytes(of: UInt32(truncatingIfNeeded: total).littleEndian, as: UInt32.self)
    let noted = Int(UInt16(littleEndian: address.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
    if noted != Self.unknownCount {
      let fresh = min(noted &+ appender.count, Self.unknownCount)
      address.storeBytes(of: UInt16(truncatingIfNeeded: fresh).littleEndian, toByteOffset: 4, as: UInt16.self)
    }
  }
}

extension Listpack {
  /// Whether the element at `at` reads as `bytes`.
  @inline(__always)
  public func holds(_ bytes: Bytes, at: Int) -> Bool {
    let p = address + at
    let head = p.load(as: UInt8.self)
    if head & 0xc0 == 0x80 {
      return Int(head & 0x3f) == bytes.count && memcmp(p + 1, bytes.base, bytes.count) == 0
    }
    switch value(at) {
    case .integer(let number): return parseInteger(bytes) == number
    case .bytes(let other): return other.equals(bytes)
    }
  }

  /// The integer at `at`; 0 if there is something else, which nobody who writes integers has put there.
  @inline(__always)
  public func integer(_ at: Int) -> Int64 {
    let head = address.load(fromByteOffset: at, as: UInt8.self)
    if head < 128 { return Int64(head) }
    switch value(at) {
    case .integer(let number): return number
    case .bytes(let bytes): return parseInteger(bytes) ?? 0
    }
  }

  /// Puts an integer in the place of the element at `at`: without moving anything when both are small.
  @inline(__always)
  public mutating func setInteger(_ value: Int64, at: Int) {
    if address.load(fromByteOffset: at, as: UInt8.self) < 128 && value >= 0 && value < 128 {
      address.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: at, as: UInt8.self)
    } else {
      replace(at, with: value)
    }
  }

  /// Whether `at`, the position after an element, is the end.
  @inline(__always)
  public func isEnd(_ at: Int) -> Bool { address.load(fromByteOffset: at, as: UInt8.self) == Self.end }
}
