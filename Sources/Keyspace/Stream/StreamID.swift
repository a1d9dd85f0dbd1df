import Memory
import Structures

/// The name of an entry of a stream, and its place: a time in milliseconds and a number within it. Entries are in the
/// order of their ids.
public struct StreamID: Comparable, Hashable, BitwiseCopyable, Sendable {
  public var milliseconds: UInt64
  public var sequence: UInt64

  @inline(__always)
  public init(_ milliseconds: UInt64, _ sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }

  public static var zero: StreamID { StreamID(0, 0) }
  public static var maximum: StreamID { StreamID(.max, .max) }

  @inline(__always)
  public static func < (a: StreamID, b: StreamID) -> Bool {
    a.milliseconds == b.milliseconds ? a.sequence < b.sequence : a.milliseconds < b.milliseconds
  }

  public var isZero: Bool { milliseconds | sequence == 0 }

  /// The id after this; nil after the last.
  public var next: StreamID? {
    if sequence < .max { return StreamID(milliseconds, sequence + 1) }
    return milliseconds < .max ? StreamID(milliseconds + 1, 0) : nil
  }

  /// The id before this; nil before the first.
  public var previous: StreamID? {
    if sequence > 0 { return StreamID(milliseconds, sequence - 1) }
    return milliseconds > 0 ? StreamID(milliseconds - 1, .max) : nil
  }

  /// This id with differences added, as entries note them. They wrap, as Redis's do.
  @inline(__always)
  func adding(_ milliseconds: Int64, _ sequence: Int64) -> StreamID {
    StreamID(self.milliseconds &+ UInt64(bitPattern: milliseconds), self.sequence &+ UInt64(bitPattern: sequence))
  }

  // MARK: Bytes

  public static let byteCount = 16

  /// As RDB files store it: two big-endian numbers.
  public func write(to p: UnsafeMutableRawPointer) {
    p.storeBytes(of: milliseconds.bigEndian, as: UInt64.self)
    p.storeBytes(of: sequence.bigEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// From 16 bytes as RDB files store them.
  public init?(_ bytes: Bytes) {
    guard bytes.count == Self.byteCount else { return nil }
    milliseconds = UInt64(bigEndian: bytes.raw.loadUnaligned(as: UInt64.self))
    sequence = UInt64(bigEndian: bytes.raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  // MARK: Text

  public static let maximumTextCount = 41

  /// Writes `<milliseconds>-<sequence>` and returns the number of bytes, at most ``maximumTextCount``.
  @inline(__always)
  public func format(to: UnsafeMutablePointer<UInt8>) -> Int {
    let length = formatUnsigned(milliseconds, to: to)
    to[length] = UInt8(ascii: "-")
    return length &+ 1 &+ formatUnsigned(sequence, to: to + (length &+ 1))
  }

  /// Runs `body` with the text, valid for the call.
  public func withText<R>(_ body: (Bytes) -> R) -> R {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { text in
      body(Bytes(UnsafeRawPointer(text.baseAddress!), count: format(to: text.baseAddress!)))
    }
  }

  /// What a client can write where an id is expected.
  public enum Text {
    case id(StreamID)
    /// `<milliseconds>-*`: the number is to be chosen.
    case milliseconds(UInt64)
  }

  /// Reads `<milliseconds>` or `<milliseconds>-<sequence>`.
  ///
  /// - Parameter missingSequence: the number of an id without one.
  @inline(__always)
  public init?(text: Bytes, missingSequence: UInt64 = 0) {
    if let plain = Self.plain(text, missingSequence: missingSequence) {
      self = plain
      return
    }
    guard case .id(let id) = Self.parse(text, missingSequence: missingSequence) else { return nil }
    self = id
  }

  /// What nearly all ids look like: one or two numbers that surely fit.
  @inline(__always)
  private static func plain(_ text: Bytes, missingSequence: UInt64) -> StreamID? {
    var at = 0
    guard let milliseconds = digits(text, &at) else { return nil }
    if at == text.count { return StreamID(milliseconds, missingSequence) }
    guard text.base[at] == UInt8(ascii: "-") else { return nil }
    at &+= 1
    guard let sequence = digits(text, &at), at == text.count else { return nil }
    return StreamID(milliseconds, sequence)
  }

  /// The number of up to 19 digits that begins at `at`, which is then behind it.
  @inline(__always)
  private static func digits(_ text: Bytes, _ at: inout Int) -> UInt64? {
    let start = at
    var value: UInt64 = 0
    while at < text.count {
      let digit = text.base[at] &- 48
      if digit > 9 { break }
      value = value &* 10 &+ UInt64(digit)
      at &+= 1
    }
    return at > start && at &- start <= 19 ? value : nil
  }

  public static func parse(_ text: Bytes, missingSequence: UInt64) -> Text? {
    // Redis works on C strings of limited length: what follows a zero byte is not seen.
    guard text.count < 128 else { return nil }
    var end = 0
    while end < text.count && text[end] != 0 { end += 1 }
    var dash = 0
    while dash < end && text[dash] != UInt8(ascii: "-") { dash += 1 }
    guard let milliseconds = parseUnsigned(text[0..<dash]) else { return nil }
    if dash == end { return .id(StreamID(milliseconds, missingSequence)) }
    let rest = text[dash + 1..<end]
    if rest.count == 1 && rest[0] == UInt8(ascii: "*") { return .milliseconds(milliseconds) }
    return parseUnsigned(rest).map { .id(StreamID(milliseconds, $0)) }
  }
}
