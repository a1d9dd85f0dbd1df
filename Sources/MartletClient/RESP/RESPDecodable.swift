import NIOCore

/// What a reply can be turned into.
///
/// Both protocol versions are read: what RESP3 says with types of its own, RESP2 says with strings, numbers and flat
/// arrays.
public protocol RESPDecodable: Sendable {
  /// - Throws: ``MartletError/server(_:)`` if the value is an error, ``MartletError/unexpectedReply(expected:got:)`` if it
  ///   is something else than it should be.
  init(from value: RESPValue) throws(MartletError)
}

extension RESPDecodable {
  /// What to throw for a value that is not as it should be.
  static func unexpected(_ value: RESPValue) -> MartletError {
    if case .error(let error) = value.withoutAttributes { return .server(error) }
    return .unexpectedReply(expected: "\(Self.self)", got: value.kind)
  }
}

extension RESPValue: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) { self = value }
}

/// The reply of commands that have nothing to say but that they were carried out.
public struct OK: RESPDecodable, Hashable {
  public init() {}

  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .simpleString: return
    default:
      guard value.string != nil else { throw Self.unexpected(value) }
    }
  }
}

extension RESPString: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .bulkString(let string), .verbatimString(_, let string): self = string
    default:
      guard let text = value.string else { throw Self.unexpected(value) }
      self.init(text)
    }
  }
}

extension String: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    guard let text = value.string else { throw Self.unexpected(value) }
    self = text
  }
}

extension ByteBuffer: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) { self = try RESPString(from: value).buffer }
}

/// For indexes of arrays, which reach beyond `Int`.
extension UInt64: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    if case .bigNumber(let text) = value.withoutAttributes, let number = UInt64(text) {
      self = number
    } else {
      guard let number = UInt64(exactly: try Int(from: value)) else { throw Self.unexpected(value) }
      self = number
    }
  }
}

extension Int: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .integer(let number): self = number
    case .boolean(let isTrue): self = isTrue ? 1 : 0
    case .double(let number):
      guard let integer = Int(exactly: number) else { throw Self.unexpected(value) }
      self = integer
    default:
      guard let number = value.string.flatMap({ Int($0) }) else { throw Self.unexpected(value) }
      self = number
    }
  }
}

extension Double: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .double(let number): self = number
    case .integer(let number): self = Double(number)
    default:
      guard let number = value.string.flatMap(RESPDecoder.double) else { throw Self.unexpected(value) }
      self = number
    }
  }
}

extension Bool: RESPDecodable {
  /// Of a status: whether there is one, since null says that nothing was done.
  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .boolean(let isTrue): self = isTrue
    case .integer(let number): self = number != 0
    case .null: self = false
    case .simpleString, .bulkString: self = true
    case .attributed(let value, _): self = try Bool(from: value)
    default: throw Self.unexpected(value)
    }
  }
}

extension Optional: RESPDecodable where Wrapped: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    switch value {
    case .null: self = nil
    case .attributed(.null, _): self = nil
    default: self = try Wrapped(from: value)
    }
  }
}

extension Array: RESPDecodable where Element: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    guard let elements = value.elements else { throw Self.unexpected(value) }
    var array: [Element] = []
    array.reserveCapacity(elements.count)
    for element in elements { array.append(try Element(from: element)) }
    self = array
  }
}

extension Set: RESPDecodable where Element: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) { self.init(try [Element](from: value)) }
}

extension Dictionary: RESPDecodable where Key: RESPDecodable, Value: RESPDecodable {
  public init(from value: RESPValue) throws(MartletError) {
    self.init(minimumCapacity: 0)
    for pair in try [KeyedValue<Key, Value>](pairsOf: value) { self[pair.key] = pair.value }
  }
}

/// A key with its value, where the order counts: a field of a stream's entry, an answer of CONFIG GET.
public struct KeyedValue<Key: RESPDecodable, Value: RESPDecodable>: Sendable {
  public let key: Key
  public let value: Value

  public init(key: Key, value: Value) {
    self.key = key
    self.value = value
  }
}

extension KeyedValue: Equatable where Key: Equatable, Value: Equatable {}
extension KeyedValue: Hashable where Key: Hashable, Value: Hashable {}

extension Array {
  /// Pairs as they come: a map, a flat array, or an array of arrays of two.
  init<Key, Value>(pairsOf value: RESPValue) throws(MartletError) where Element == KeyedValue<Key, Value> {
    guard let elements = value.elements else { throw Self.unexpectedPairs(value) }
    self.init()
    if case .array(let first)? = elements.first, first.count == 2, case .array = value.withoutAttributes {
      for pair in elements {
        guard let pair = pair.elements, pair.count == 2 else { throw Self.unexpectedPairs(value) }
        append(KeyedValue(key: try Key(from: pair[0]), value: try Value(from: pair[1])))
      }
      return
    }
    guard elements.count.isMultiple(of: 2) else { throw Self.unexpectedPairs(value) }
    for i in stride(from: 0, to: elements.count, by: 2) {
      append(KeyedValue(key: try Key(from: elements[i]), value: try Value(from: elements[i + 1])))
    }
  }

  private static func unexpectedPairs(_ value: RESPValue) -> MartletError {
    if case .error(let error) = value.withoutAttributes { return .server(error) }
    return .unexpectedReply(expected: "pairs", got: value.kind)
  }
}

/// A member of a sorted set with its score.
public struct ScoredMember: RESPDecodable, Hashable {
  public let member: RESPString
  public let score: Double

  public init(_ member: RESPString, score: Double) {
    self.member = member
    self.score = score
  }

  public init(from value: RESPValue) throws(MartletError) {
    guard let pair = value.elements, pair.count == 2 else { throw Self.unexpected(value) }
    self.init(try RESPString(from: pair[0]), score: try Double(from: pair[1]))
  }

  /// Members as they come with WITHSCORES: pairs in RESP3, a flat array in RESP2.
  public static func list(_ value: RESPValue) throws(MartletError) -> [ScoredMember] {
    var members: [ScoredMember] = []
    for pair in try [KeyedValue<RESPString, Double>](pairsOf: value) {
      members.append(ScoredMember(pair.key, score: pair.value))
    }
    return members
  }
}

/// What a step of SCAN and its kin found, and where to go on.
public struct ScanPage<Element: RESPDecodable>: RESPDecodable {
  /// `"0"` after the last page.
  public let cursor: RESPString
  public let elements: [Element]
  public var isLast: Bool { cursor == "0" }

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 2 else { throw Self.unexpected(value) }
    cursor = try RESPString(from: parts[0])
    elements = try [Element](from: parts[1])
  }
}
