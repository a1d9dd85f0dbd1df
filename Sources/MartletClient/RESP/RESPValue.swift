import NIOCore

/// A reply, or a part of one, as it came: every type of RESP2 and RESP3. https://redis.io/docs/latest/develop/reference/protocol-spec/
///
/// Typed commands turn it into what they promise; ``decode(as:)`` does so for the replies of raw commands.
public enum RESPValue: Sendable, Hashable {
  case null
  case simpleString(String)
  case error(ServerError)
  case integer(Int)
  case bulkString(RESPString)
  case double(Double)
  case boolean(Bool)
  /// An integer of any size, in decimal.
  case bigNumber(String)
  /// Text with its format, such as `txt` or `mkd`.
  case verbatimString(format: String, RESPString)
  case array([RESPValue])
  case set([RESPValue])
  /// Keys and values in turn: RESP2 sends the same as an array, so that one conversion reads both.
  case map([RESPValue])
  /// A message that answers no command. Callers never see one; it goes to listeners.
  case push([RESPValue])
  /// A value with what the server had to say about it, keys and values in turn.
  indirect case attributed(RESPValue, attributes: [RESPValue])

  /// The value without its attributes.
  public var withoutAttributes: RESPValue {
    if case .attributed(let value, _) = self { value.withoutAttributes } else { self }
  }

  /// What the server said about the value, keys and values in turn.
  public var attributes: [RESPValue] {
    if case .attributed(_, let attributes) = self { attributes } else { [] }
  }

  /// The elements of an array, set, push or map; of a map keys and values in turn.
  public var elements: [RESPValue]? {
    switch self {
    case .array(let elements), .set(let elements), .map(let elements), .push(let elements): elements
    case .attributed(let value, _): value.elements
    default: nil
    }
  }

  /// What strings, statuses and numbers say as text.
  public var string: String? {
    switch self {
    case .simpleString(let text), .bigNumber(let text): text
    case .bulkString(let text), .verbatimString(_, let text): text.string
    case .integer(let number): String(number)
    case .double(let number): String(number)
    case .attributed(let value, _): value.string
    default: nil
    }
  }

  public var isNull: Bool { withoutAttributes == .null }

  /// The value as a Swift type.
  ///
  /// - Throws: ``MartletError/server(_:)`` for an error reply, ``MartletError/unexpectedReply(expected:got:)`` for what
  ///   the type cannot be made from.
  public func decode<T: RESPDecodable>(as type: T.Type = T.self) throws(MartletError) -> T { try T(from: self) }

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .simpleString: "simple string"
    case .error: "error"
    case .integer: "integer"
    case .bulkString: "bulk string"
    case .double: "double"
    case .boolean: "boolean"
    case .bigNumber: "big number"
    case .verbatimString: "verbatim string"
    case .array(let elements): "array of \(elements.count)"
    case .set(let elements): "set of \(elements.count)"
    case .map(let elements): "map of \(elements.count / 2)"
    case .push: "push"
    case .attributed(let value, _): value.kind
    }
  }
}

/// An error that the server answered: `WRONGTYPE Operation against …`.
public struct ServerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Code and text, as the server sent them.
  public let message: String

  public init(_ message: String) { self.message = message }

  /// The first word, which programs can rely on: `ERR`, `WRONGTYPE`, `NOAUTH`, `MOVED` …
  public var code: Substring { message.prefix { $0 != " " } }
  public var description: String { message }
}

/// A message that the server sent without being asked: an invalidation, a message of a channel.
public struct RESPPush: Sendable, Hashable {
  /// The first element: `invalidate`, `message`, `subscribe` …
  public let kind: String
  /// All that follows.
  public let elements: [RESPValue]

  init(_ elements: [RESPValue]) {
    kind = elements.first?.string ?? ""
    self.elements = Array(elements.dropFirst())
  }
}
