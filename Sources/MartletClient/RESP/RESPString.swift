import NIOCore

/// Bytes as the server keeps them: any bytes, which are often text.
///
/// It compares with string literals, and `String(value)` or ``string`` gives the text. The bytes lie where they were
/// received, together with their neighbours: who keeps few of many for long keeps ``string`` or ``bytes`` instead.
public struct RESPString: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  public var buffer: ByteBuffer

  public init(buffer: ByteBuffer) { self.buffer = buffer }
  public init(_ string: String) { buffer = ByteBuffer(string: string) }
  public init(_ bytes: [UInt8]) { buffer = ByteBuffer(bytes: bytes) }
  public init(stringLiteral value: String) { self.init(value) }

  public var count: Int { buffer.readableBytes }
  public var isEmpty: Bool { buffer.readableBytes == 0 }
  /// The text; what is not UTF-8 is shown as U+FFFD.
  public var string: String { String(buffer: buffer) }
  public var bytes: [UInt8] { Array(buffer.readableBytesView) }
  public var description: String { string }

  public static func == (string: RESPString, text: String) -> Bool {
    string.buffer.readableBytesView.elementsEqual(text.utf8)
  }
}

extension String {
  /// The text; what is not UTF-8 is shown as U+FFFD.
  public init(_ string: RESPString) { self = string.string }
}

extension Int {
  /// Nil if the text is not an integer.
  public init?(_ string: RESPString) { self.init(string.string) }
}

extension Double {
  /// Nil if the text is not a number.
  public init?(_ string: RESPString) { self.init(string.string) }
}
