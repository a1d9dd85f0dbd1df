import CMartlet
import Memory
import Structures

/// Where bytes come from: a file, a socket, a test.
public protocol ByteSource: AnyObject {
  /// Reads up to `count` bytes; 0 at the end.
  func read(into target: UnsafeMutableRawPointer, count: Int) throws(DiskError) -> Int
}

/// Reads the elements of RDB (bytes, lengths, strings) from memory or from a source.
///
/// Nothing is trusted: a length may claim anything, and memory is set aside only as bytes really come. A view that a
/// method returns is valid until the next call.
public struct RDBReader: ~Copyable {
  private static let windowSize = 1 << 20

  private let source: (any ByteSource)?
  /// Bytes read and not yet used: `at..<end` of the window.
  private var window: UnsafeMutablePointer<UInt8>
  private var windowCapacity: Int
  private let ownsWindow: Bool
  private var at = 0
  private var end: Int
  /// Position in the stream of the window's first byte.
  private var windowOffset = 0

  private var crc = CRC64()
  /// Bytes of the window that the checksum covers already.
  private var summed = 0
  private let checksums: Bool

  private var unpacked = ByteBuffer()
  private var held = ByteBuffer()
  private var heldKey = ByteBuffer()

  /// Reads bytes that stay where they are while the reader lives.
  public init(_ bytes: Bytes) {
    source = nil
    window = UnsafeMutablePointer(mutating: bytes.base)
    windowCapacity = bytes.count
    ownsWindow = false
    end = bytes.count
    checksums = false
  }

  public init(source: any ByteSource, checksums: Bool = true) {
    self.source = source
    window = Allocator.allocate(Self.windowSize).assumingMemoryBound(to: UInt8.self)
    windowCapacity = Self.windowSize
    ownsWindow = true
    end = 0
    self.checksums = checksums
  }

  deinit {
    if ownsWindow { Allocator.free(window) }
  }

  /// Bytes used so far.
  public var offset: Int { windowOffset + at }

  /// Bytes that are in memory and were not used yet; all there are, for a reader of bytes.
  public var available: Int { end - at }

  // MARK: Bytes

  /// The next `count` bytes.
  @inline(__always)
  public mutating func bytes(_ count: Int) throws(RDBFailure) -> Bytes {
    if count > end &- at || count < 0 { try fill(count) }
    defer { at &+= count }
    return Bytes(window + at, count: count)
  }

  @inline(__always)
  public mutating func byte() throws(RDBFailure) -> UInt8 {
    if at == end { try fill(1) }
    defer { at &+= 1 }
    return window[at]
  }

  /// The next byte, which is not used up; nil at the end.
  public mutating func peek() throws(RDBFailure) -> UInt8? {
    if at == end {
      do throws(RDBFailure) { try fill(1) } catch {
        if case .truncated = error { return nil }
        throw error
      }
    }
    return window[at]
  }

  public mutating func skip(_ count: UInt64) throws(RDBFailure) {
    var left = count
    while left > 0 {
      let step = Int(min(left, UInt64(Self.windowSize)))
      _ = try bytes(step)
      left -= UInt64(step)
    }
  }

  /// Has at least `count` unused bytes in the window.
  @inline(never)
  private mutating func fill(_ count: Int) throws(RDBFailure) {
    guard let source, count >= 0 else { throw .truncated }
    sum()
    memmove(window, window + at, end - at)
    windowOffset += at
    end -= at
    summed -= at
    at = 0
    if windowCapacity > Self.windowSize && count <= Self.windowSize && end <= Self.windowSize {
      resize(Self.windowSize)
    }
    while end < count {
      // Grows by what really came: a length that lies costs at most as much again.
      if end == windowCapacity { resize(min(count, windowCapacity * 2)) }
      let received: Int
      do throws(DiskError) { received = try source.read(into: window + end, count: windowCapacity - end) } catch {
        throw .disk(error.message)
      }
      if received == 0 { throw .truncated }
      end += received
    }
  }

  private mutating func resize(_ capacity: Int) {
    window = Allocator.reallocate(window, to: capacity).assumingMemoryBound(to: UInt8.self)
    windowCapacity = capacity
  }

  /// Lets the checksum cover all that was used.
  private mutating func sum() {
    if checksums && at > summed { crc.update(Bytes(window + summed, count: at - summed)) }
    summed = max(at, summed)
  }

  /// The checksum of all bytes used so far.
  public var checksum: UInt64 {
    mutating get {
      sum()
      return crc.value
    }
  }

  // MARK: Numbers

  @inline(__always)
  public mutating func integer<T: FixedWidthInteger>(_: T.Type) throws(RDBFailure) -> T {
    let bytes = try bytes(MemoryLayout<T>.size)
    return T(littleEndian: UnsafeRawPointer(bytes.base).loadUnaligned(as: T.self))
  }

  public mutating func milliseconds() throws(RDBFailure) -> Int64 { try integer(Int64.self) }

  public mutating func double() throws(RDBFailure) -> Double { Double(bitPattern: try integer(UInt64.self)) }

  /// A double as text, of old sorted sets: a length byte, of which three values say it all.
  public mutating func textDouble() throws(RDBFailure) -> Double {
    let count = try byte()
    switch count {
    case 255: return -.infinity
    case 254: return .infinity
    case 253: return .nan
    default:
      let text = try bytes(Int(count))
      var value = 0.0
      guard martlet_parse_double(text.base, text.count, &value) else { throw .corrupt("A score is not a number") }
      return value
    }
  }

  enum Length {
    case plain(UInt64)
    /// Not a length, but an encoded string.
    case encoded(UInt8)
  }

  @inline(__always)
  mutating func lengthOrEncoding() throws(RDBFailure) -> Length {
    let first = try byte()
    switch first >> 6 {
    case 0: return .plain(UInt64(first))
    case 1: return .plain(UInt64(first & 0x3f) << 8 | UInt64(try byte()))
    case 3: return .encoded(first & 0x3f)
    default:
      if first == 0x80 { return .plain(UInt64(UInt32(bigEndian: try integer(UInt32.self).littleEndian))) }
      if first == 0x81 { return .plain(UInt64(bigEndian: try integer(UInt64.self).littleEndian)) }
      throw .corrupt("Unknown length encoding \(first)")
    }
  }

  public mutating func length() throws(RDBFailure) -> UInt64 {
    guard case .plain(let length) = try lengthOrEncoding() else {
      throw .corrupt("An encoded string instead of a length")
    }
    return length
  }

  /// A length that something in memory will have.
  public mutating func count() throws(RDBFailure) -> Int {
    let length = try length()
    guard length <= UInt64(Int32.max) * 1024 else { throw .corrupt("A length of \(length)") }
    return Int(length)
  }

  // MARK: Strings

  public enum Text {
    case bytes(Bytes)
    case integer(Int64)
  }

  /// A string, or the integer that it is stored as.
  public mutating func text() throws(RDBFailure) -> Text {
    switch try lengthOrEncoding() {
    case .plain(let count):
      guard count <= UInt64(Int.max) else { throw .truncated }
      return .bytes(try bytes(Int(count)))
    case .encoded(RDB.StringEncoding.int8): return .integer(Int64(Int8(bitPattern: try byte())))
    case .encoded(RDB.StringEncoding.int16): return .integer(Int64(try integer(Int16.self)))
    case .encoded(RDB.StringEncoding.int32): return .integer(Int64(try integer(Int32.self)))
    case .encoded(RDB.StringEncoding.compressed): return .bytes(try compressed())
    case .encoded(let other): throw .corrupt("Unknown string encoding \(other)")
    }
  }

  public mutating func string() throws(RDBFailure) -> Bytes {
    switch try text() {
    case .bytes(let bytes): return bytes
    case .integer(let value): return digits(of: value)
    }
  }

  /// A number as text.
  mutating func digits(of value: Int64) -> Bytes {
    let target = unpacked.reserve(24)
    return Bytes(target, count: formatInteger(value, to: target))
  }

  /// As ``digits(of:)``. The shortest text that gives the number again, with a point or an exponent.
  mutating func digits(of value: Double) -> Bytes { value.description.withBytes { unpacked.hold($0) } }

  /// A string that stays valid until the next call of `heldString`: for a field while its value is read.
  public mutating func heldString() throws(RDBFailure) -> Bytes {
    let bytes = try string()
    return held.hold(bytes)
  }

  /// A string that stays valid until the next call of `key`.
  public mutating func key() throws(RDBFailure) -> Bytes {
    let bytes = try string()
    return heldKey.hold(bytes)
  }

  private mutating func compressed() throws(RDBFailure) -> Bytes {
    let packedCount = try length()
    let count = try length()
    guard packedCount <= UInt64(Int32.max), count > 0, count <= packedCount * UInt64(RDB.maximumCompression) else {
      throw .corrupt("A compressed string of \(packedCount) bytes that claims \(count)")
    }
    let packed = try bytes(Int(packedCount))
    guard count <= UInt64(UInt32.max), let target = unpacked.tryReserve(Int(count)) else {
      throw .corrupt("No memory for a compressed string of \(count) bytes")
    }
    let written = martlet_lzf_decompress(packed.base, UInt32(packedCount), target, UInt32(count))
    guard written == count else { throw .corrupt("Invalid LZF compressed string") }
    return Bytes(target, count: Int(count))
  }
}

/// Bytes of our own that grow as needed.
struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private static let keptCapacity = 1 << 20

  deinit {
    if let base { Allocator.free(base) }
  }

  /// Room for `count` bytes; what was there is lost.
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if let base, count <= capacity, capacity <= Self.keptCapacity || count > Self.keptCapacity { return base }
    if let base { Allocator.free(base) }
    capacity = max(64, count)
    let fresh = Allocator.allocate(capacity).assumingMemoryBound(to: UInt8.self)
    base = fresh
    return fresh
  }

  /// As `reserve`; nil when the memory cannot be had.
  mutating func tryReserve(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
    if count <= Self.keptCapacity { return reserve(count) }
    if let base { Allocator.free(base) }
    base = nil
    capacity = 0
    guard let fresh = Allocator.tryAllocate(count)?.assumingMemoryBound(to: UInt8.self) else { return nil }
    base = fresh
    capacity = count
    return fresh
  }

  mutating func hold(_ bytes: Bytes) -> Bytes {
    let target = reserve(bytes.count)
    memcpy(target, bytes.base, bytes.count)
    return Bytes(target, count: bytes.count)
  }
}
