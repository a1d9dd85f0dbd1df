import Memory

/// The text of an error reply, put together as a string is: `"ERR unknown option '\(call[2])'"`.
///
/// A client's bytes go in as they are, text or not, up to a zero byte, where Redis's own messages end too.
public struct ErrorText: ExpressibleByStringInterpolation, Sendable {
  public private(set) var bytes: [UInt8]

  public init(stringLiteral text: String) { bytes = Array(text.utf8) }
  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

  public func hasPrefix(_ prefix: StaticString) -> Bool { bytes.withBytes { $0.hasPrefix(Bytes(prefix)) } }

  /// The same without its first `count` bytes.
  public func dropping(_ count: Int) -> ErrorText {
    var rest = self
    rest.bytes.removeFirst(min(count, bytes.count))
    return rest
  }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: String) { bytes.append(contentsOf: literal.utf8) }

    public mutating func appendInterpolation(_ argument: Bytes) {
      bytes.append(contentsOf: argument.buffer.prefix { $0 != 0 })
    }

    /// No more than `limit` bytes of the argument.
    public mutating func appendInterpolation(_ argument: Bytes, limit: Int) {
      appendInterpolation(argument[0..<min(limit, argument.count)])
    }

    public mutating func appendInterpolation(_ text: ErrorText) { bytes.append(contentsOf: text.bytes) }

    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      bytes.append(contentsOf: value.description.utf8)
    }
  }
}
