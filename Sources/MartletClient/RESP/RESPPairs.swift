/// Names with values, in their order: fields of a hash, keys with their values, members with their scores.
///
///     try await client.hset("user:1", ["name": "Ada", "born": 1815])
///     try await client.zadd("ranking", ["ada": 10, "bob": 7.5])
public struct RESPPairs: Sendable, ExpressibleByDictionaryLiteral {
  public private(set) var elements: [(name: RESPArgument, value: RESPArgument)]

  public init(dictionaryLiteral elements: (any RESPEncodable, any RESPEncodable)...) {
    self.elements = elements.map { ($0.0.respArgument, $0.1.respArgument) }
  }

  /// From a dictionary, or any other sequence of pairs.
  public init<Name: RESPEncodable, Value: RESPEncodable>(_ pairs: some Sequence<(key: Name, value: Value)>) {
    elements = pairs.map { ($0.key.respArgument, $0.value.respArgument) }
  }

  public mutating func append(_ name: some RESPEncodable, _ value: some RESPEncodable) {
    elements.append((name.respArgument, value.respArgument))
  }

  public var count: Int { elements.count }
  public var isEmpty: Bool { elements.isEmpty }
  public var names: [RESPArgument] { elements.map(\.name) }
}

extension CommandEncoder {
  public mutating func append(_ pairs: RESPPairs, valuesFirst: Bool = false) {
    for (name, value) in pairs.elements {
      append(valuesFirst ? value : name)
      append(valuesFirst ? name : value)
    }
  }
}
