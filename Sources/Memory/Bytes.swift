import CMartlet

/// A view of bytes that somebody else owns: a command's argument in the input buffer, a key in its
/// entry, a value in the keyspace.
///
/// It is as valid as what it views. An argument lives until its command has run; a key or value
/// until the entry is changed. Whoever keeps bytes for longer copies them.
public struct Bytes {
  public let base: UnsafePointer<UInt8>
  public let count: Int

  @inline(__always)
  public init(_ base: UnsafePointer<UInt8>, count: Int) {
    assert(count >= 0)
    self.base = base
    self.count = count
  }

  @inline(__always)
  public init(_ base: UnsafeRawPointer, count: Int) {
    self.base = base.assumingMemoryBound(to: UInt8.self)
    self.count = count
  }

  @inline(__always)
  public init(_ base: UnsafeMutablePointer<UInt8>, count: Int) {
    self.base = UnsafePointer(base)
    self.count = count
  }

  public init(_ literal: StaticString) {
    self.init(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  public init(_ buffer: UnsafeRawBufferPointer) {
    guard let base = buffer.baseAddress else { self = .empty; return }
    self.init(base, count: buffer.count)
  }

  public static var empty: Bytes { Bytes("" as StaticString) }

  @inline(__always)
  public var isEmpty: Bool { count == 0 }

  /// The byte at `index`, which must lie inside; checked in release builds too.
  public subscript(index: Int) -> UInt8 {
    @inline(__always) get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index outside of the bytes")
      return base[index]
    }
  }

  /// The part `range`, which must lie inside; checked in release builds too.
  public subscript(range: Range<Int>) -> Bytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside of the bytes")
    return Bytes(base + range.lowerBound, count: range.count)
  }

  public var raw: UnsafeRawPointer { UnsafeRawPointer(base) }

  public var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  @inlinable @inline(__always)
  public func equals(_ other: Bytes) -> Bool {
    count == other.count && memcmp(base, other.base, count) == 0
  }

  /// Equality without regard to ASCII case. `lowercase` must be lower case already.
  public func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    let other = lowercase.utf8Start
    guard count == lowercase.utf8CodeUnitCount else { return false }
    for i in 0..<count where asciiLowercased(base[i]) != other[i] { return false }
    return true
  }

  /// Equality without regard to ASCII case.
  public func equalsIgnoringCase(_ other: Bytes) -> Bool {
    guard count == other.count else { return false }
    for i in 0..<count where asciiLowercased(base[i]) != asciiLowercased(other.base[i]) { return false }
    return true
  }

  /// Orders as memcmp, the shorter first when one begins the other: the order of Redis's `sdscmp`.
  public func compare(_ other: Bytes) -> Int {
    let common = memcmp(base, other.base, Swift.min(count, other.count))
    return common != 0 ? Int(common) : count - other.count
  }

  public func hasPrefix(_ prefix: Bytes) -> Bool {
    count >= prefix.count && memcmp(base, prefix.base, prefix.count) == 0
  }

  /// For messages, logs and everything else off the hot path. Invalid UTF-8 is repaired.
  public var string: String { String(decoding: buffer, as: UTF8.self) }

  public var array: [UInt8] { Array(buffer) }
}

@inline(__always)
public func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 32 : byte
}

extension String {
  /// Runs `body` with a view of the string's UTF-8, valid for the call.
  public func withBytes<R>(_ body: (Bytes) throws -> R) rethrows -> R {
    var copy = self
    return try copy.withUTF8 { try body(Bytes(UnsafeRawBufferPointer($0))) }
  }
}

extension Array where Element == UInt8 {
  /// Runs `body` with a view of the array's bytes, valid for the call.
  public func withBytes<R>(_ body: (Bytes) throws -> R) rethrows -> R {
    try withUnsafeBytes { try body(Bytes($0)) }
  }
}
