import NIOCore

/// What can be an argument of a command: keys, values, numbers, and types of your own.
public protocol RESPEncodable: Sendable {
  /// The value as the one argument that it becomes.
  var respArgument: RESPArgument { get }
}

/// An argument of a command. Literals are arguments: `["SET", "answer", 42]`.
public enum RESPArgument: Sendable, Hashable, RESPEncodable {
  case string(String)
  case buffer(ByteBuffer)
  case integer(Int)
  case double(Double)

  public init(_ value: some RESPEncodable) { self = value.respArgument }
  public var respArgument: RESPArgument { self }

  /// The bytes that are sent.
  public var bytes: ByteBuffer {
    switch self {
    case .string(let text): ByteBuffer(string: text)
    case .buffer(let buffer): buffer
    case .integer(let number): ByteBuffer(string: String(number))
    case .double(let number): ByteBuffer(string: number.respText)
    }
  }

  /// The text of a string or number; of bytes what is UTF-8.
  public var text: String {
    switch self {
    case .string(let text): text
    case .buffer(let buffer): String(buffer: buffer)
    case .integer(let number): String(number)
    case .double(let number): number.respText
    }
  }
}

extension RESPArgument: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
}

extension String: RESPEncodable {
  public var respArgument: RESPArgument { .string(self) }
}

extension Substring: RESPEncodable {
  public var respArgument: RESPArgument { .string(String(self)) }
}

extension Int: RESPEncodable {
  public var respArgument: RESPArgument { .integer(self) }
}

extension Double: RESPEncodable {
  public var respArgument: RESPArgument { .double(self) }

  /// The shortest text that is this number, as the server reads it.
  var respText: String {
    if self == .infinity { return "inf" }
    if self == -.infinity { return "-inf" }
    return String(self)
  }
}

extension Bool: RESPEncodable {
  /// 1 and 0, as the server has it.
  public var respArgument: RESPArgument { .integer(self ? 1 : 0) }
}

extension ByteBuffer: RESPEncodable {
  public var respArgument: RESPArgument { .buffer(self) }
}

extension RESPString: RESPEncodable {
  public var respArgument: RESPArgument { .buffer(buffer) }
}

extension [UInt8]: RESPEncodable {
  public var respArgument: RESPArgument { .buffer(ByteBuffer(bytes: self)) }
}
