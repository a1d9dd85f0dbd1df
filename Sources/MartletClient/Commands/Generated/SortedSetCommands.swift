// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Does what ZMPOP does, and waits for members if there are none.
///
/// `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
public struct BZMPOP: Command {
  public typealias Response = Popped<ScoredMembers>?
  public static var name: String { "BZMPOP" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public enum End: Sendable {
    case min
    case max
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      }
    }
  }
  public var timeout: Double
  public var key: [RESPArgument]
  public var end: End
  public var count: Int?
  public init(timeout: Double, _ key: [some RESPEncodable], end: End, count: Int? = nil) {
    self.timeout = timeout
    self.key = key.map(\.respArgument)
    self.end = end
    self.count = count
  }
  public init(timeout: Double, _ key: any RESPEncodable..., end: End, count: Int? = nil) {
    self.timeout = timeout
    self.key = key.map(\.respArgument)
    self.end = end
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BZMPOP")
    e.append(.double(timeout))
    e.append(.integer(key.count))
    e.append(key)
    end.encode(into: &e)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Removes and returns the member with the highest score, and waits for one if there is none.
///
/// `BZPOPMAX key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
public struct BZPOPMAX: Command {
  public typealias Response = PoppedMember?
  public static var name: String { "BZPOPMAX" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var timeout: Double
  public init(_ key: [some RESPEncodable], timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public init(_ key: any RESPEncodable..., timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BZPOPMAX")
    e.append(key)
    e.append(.double(timeout))
  }
}

/// Removes and returns the member with the lowest score, and waits for one if there is none.
///
/// `BZPOPMIN key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
public struct BZPOPMIN: Command {
  public typealias Response = PoppedMember?
  public static var name: String { "BZPOPMIN" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var timeout: Double
  public init(_ key: [some RESPEncodable], timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public init(_ key: any RESPEncodable..., timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BZPOPMIN")
    e.append(key)
    e.append(.double(timeout))
  }
}

/// Adds members to a sorted set, or changes their scores.
///
/// `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`, since 1.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
public struct ZADD: Command {
  /// Adds members to a sorted set, or changes their scores.
  ///
  /// `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`, since 1.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
  public struct Incr: Command {
    public typealias Response = Double?
    public static var name: String { "ZADD" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var condition: Condition?
    public var comparison: Comparison?
    public var ch: Bool
    public var data: RESPPairs
    public init(_ key: some RESPEncodable, _ data: RESPPairs, condition: Condition? = nil, comparison: Comparison? = nil, ch: Bool = false) {
      self.key = key.respArgument
      self.condition = condition
      self.comparison = comparison
      self.ch = ch
      self.data = data
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZADD")
      e.append(key)
      if let condition { condition.encode(into: &e) }
      if let comparison { comparison.encode(into: &e) }
      if ch { e.append(word: "CH") }
      e.append(word: "INCR")
      e.append(data, valuesFirst: true)
    }
  }
  public typealias Response = Int
  public static var name: String { "ZADD" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      }
    }
  }
  public enum Comparison: Sendable {
    case gt
    case lt
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .gt: e.append(word: "GT")
      case .lt: e.append(word: "LT")
      }
    }
  }
  public var key: RESPArgument
  public var condition: Condition?
  public var comparison: Comparison?
  public var ch: Bool
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs, condition: Condition? = nil, comparison: Comparison? = nil, ch: Bool = false) {
    self.key = key.respArgument
    self.condition = condition
    self.comparison = comparison
    self.ch = ch
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZADD")
    e.append(key)
    if let condition { condition.encode(into: &e) }
    if let comparison { comparison.encode(into: &e) }
    if ch { e.append(word: "CH") }
    e.append(data, valuesFirst: true)
  }
}

/// Returns the number of members in a sorted set.
///
/// `ZCARD key`, since 1.2.0. O(1)
public struct ZCARD: Command {
  public typealias Response = Int
  public static var name: String { "ZCARD" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZCARD")
    e.append(key)
  }
}

/// Counts the members of a sorted set whose scores lie in a range.
///
/// `ZCOUNT key min max`, since 2.0.0. O(log(N)) with N being the number of elements in the sorted set.
public struct ZCOUNT: Command {
  public typealias Response = Int
  public static var name: String { "ZCOUNT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZCOUNT")
    e.append(key)
    e.append(min)
    e.append(max)
  }
}

/// Returns the members of a sorted set that are in none of several others.
///
/// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
public struct ZDIFF: Command {
  /// Returns the members of a sorted set that are in none of several others.
  ///
  /// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZDIFF" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { key }
    public var key: [RESPArgument]
    public init(_ key: [some RESPEncodable]) {
      self.key = key.map(\.respArgument)
    }
    public init(_ key: any RESPEncodable...) {
      self.key = key.map(\.respArgument)
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZDIFF")
      e.append(.integer(key.count))
      e.append(key)
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZDIFF" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public init(_ key: [some RESPEncodable]) {
    self.key = key.map(\.respArgument)
  }
  public init(_ key: any RESPEncodable...) {
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZDIFF")
    e.append(.integer(key.count))
    e.append(key)
  }
}

/// Stores the members of a sorted set that are in none of several others under a key.
///
/// `ZDIFFSTORE destination numkeys key [key ...]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
public struct ZDIFFSTORE: Command {
  public typealias Response = Int
  public static var name: String { "ZDIFFSTORE" }
  public var keys: [RESPArgument] { [destination] + key }
  public var routingKey: RESPArgument? { destination }
  public var destination: RESPArgument
  public var key: [RESPArgument]
  public init(_ destination: some RESPEncodable, _ key: [some RESPEncodable]) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
  }
  public init(_ destination: some RESPEncodable, _ key: any RESPEncodable...) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZDIFFSTORE")
    e.append(destination)
    e.append(.integer(key.count))
    e.append(key)
  }
}

/// Adds a number to the score of a member of a sorted set.
///
/// `ZINCRBY key increment member`, since 1.2.0. O(log(N)) where N is the number of elements in the sorted set.
public struct ZINCRBY: Command {
  public typealias Response = Double
  public static var name: String { "ZINCRBY" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var increment: Double
  public var member: RESPArgument
  public init(_ key: some RESPEncodable, _ increment: Double, _ member: some RESPEncodable) {
    self.key = key.respArgument
    self.increment = increment
    self.member = member.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZINCRBY")
    e.append(key)
    e.append(.double(increment))
    e.append(member)
  }
}

/// Returns the members that are in all of several sorted sets.
///
/// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
public struct ZINTER: Command {
  /// Returns the members that are in all of several sorted sets.
  ///
  /// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZINTER" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { key }
    public var key: [RESPArgument]
    public var weight: [Double]
    public var aggregate: Aggregate?
    public init(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
      self.key = key.map(\.respArgument)
      self.weight = weight
      self.aggregate = aggregate
    }
    public init(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
      self.key = key.map(\.respArgument)
      self.weight = weight
      self.aggregate = aggregate
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZINTER")
      e.append(.integer(key.count))
      e.append(key)
      if !weight.isEmpty {
        e.append(word: "WEIGHTS")
        for item in weight {
          e.append(.double(item))
        }
      }
      if let aggregate {
        e.append(word: "AGGREGATE")
        aggregate.encode(into: &e)
      }
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZINTER" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public enum Aggregate: Sendable {
    case sum
    case min
    case max
    case count
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .sum: e.append(word: "SUM")
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      case .count: e.append(word: "COUNT")
      }
    }
  }
  public var key: [RESPArgument]
  public var weight: [Double]
  public var aggregate: Aggregate?
  public init(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public init(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZINTER")
    e.append(.integer(key.count))
    e.append(key)
    if !weight.isEmpty {
      e.append(word: "WEIGHTS")
      for item in weight {
        e.append(.double(item))
      }
    }
    if let aggregate {
      e.append(word: "AGGREGATE")
      aggregate.encode(into: &e)
    }
  }
}

/// Counts the members that are in all of several sorted sets.
///
/// `ZINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.
public struct ZINTERCARD: Command {
  public typealias Response = Int
  public static var name: String { "ZINTERCARD" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var limit: Int?
  public init(_ key: [some RESPEncodable], limit: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.limit = limit
  }
  public init(_ key: any RESPEncodable..., limit: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZINTERCARD")
    e.append(.integer(key.count))
    e.append(key)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
  }
}

/// Stores the members that are in all of several sorted sets under a key.
///
/// `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
public struct ZINTERSTORE: Command {
  public typealias Response = Int
  public static var name: String { "ZINTERSTORE" }
  public var keys: [RESPArgument] { [destination] + key }
  public var routingKey: RESPArgument? { destination }
  public enum Aggregate: Sendable {
    case sum
    case min
    case max
    case count
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .sum: e.append(word: "SUM")
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      case .count: e.append(word: "COUNT")
      }
    }
  }
  public var destination: RESPArgument
  public var key: [RESPArgument]
  public var weight: [Double]
  public var aggregate: Aggregate?
  public init(_ destination: some RESPEncodable, _ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public init(_ destination: some RESPEncodable, _ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZINTERSTORE")
    e.append(destination)
    e.append(.integer(key.count))
    e.append(key)
    if !weight.isEmpty {
      e.append(word: "WEIGHTS")
      for item in weight {
        e.append(.double(item))
      }
    }
    if let aggregate {
      e.append(word: "AGGREGATE")
      aggregate.encode(into: &e)
    }
  }
}

/// Counts the members of a sorted set whose names lie in a range.
///
/// `ZLEXCOUNT key min max`, since 2.8.9. O(log(N)) with N being the number of elements in the sorted set.
public struct ZLEXCOUNT: Command {
  public typealias Response = Int
  public static var name: String { "ZLEXCOUNT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZLEXCOUNT")
    e.append(key)
    e.append(min)
    e.append(max)
  }
}

/// Removes and returns members with the lowest or highest scores from the first set that has any.
///
/// `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
public struct ZMPOP: Command {
  public typealias Response = Popped<ScoredMembers>?
  public static var name: String { "ZMPOP" }
  public var keys: [RESPArgument] { key }
  public enum End: Sendable {
    case min
    case max
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      }
    }
  }
  public var key: [RESPArgument]
  public var end: End
  public var count: Int?
  public init(_ key: [some RESPEncodable], end: End, count: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.end = end
    self.count = count
  }
  public init(_ key: any RESPEncodable..., end: End, count: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.end = end
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZMPOP")
    e.append(.integer(key.count))
    e.append(key)
    end.encode(into: &e)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Returns the scores of the given members of a sorted set.
///
/// `ZMSCORE key member [member ...]`, since 6.2.0. O(N) where N is the number of members being requested.
public struct ZMSCORE: Command {
  public typealias Response = [Double?]
  public static var name: String { "ZMSCORE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: [RESPArgument]
  public init(_ key: some RESPEncodable, _ member: [some RESPEncodable]) {
    self.key = key.respArgument
    self.member = member.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ member: any RESPEncodable...) {
    self.key = key.respArgument
    self.member = member.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZMSCORE")
    e.append(key)
    e.append(member)
  }
}

/// Removes and returns the members with the highest scores.
///
/// `ZPOPMAX key [count]`, since 5.0.0. O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.
public struct ZPOPMAX: Command {
  public typealias Response = ScoredMembers
  public static var name: String { "ZPOPMAX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var count: Int?
  public init(_ key: some RESPEncodable, count: Int? = nil) {
    self.key = key.respArgument
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZPOPMAX")
    e.append(key)
    if let count { e.append(.integer(count)) }
  }
}

/// Removes and returns the members with the lowest scores.
///
/// `ZPOPMIN key [count]`, since 5.0.0. O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.
public struct ZPOPMIN: Command {
  public typealias Response = ScoredMembers
  public static var name: String { "ZPOPMIN" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var count: Int?
  public init(_ key: some RESPEncodable, count: Int? = nil) {
    self.key = key.respArgument
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZPOPMIN")
    e.append(key)
    if let count { e.append(.integer(count)) }
  }
}

/// Returns one or more members of a sorted set at random.
///
/// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
public struct ZRANDMEMBER: Command {
  /// Returns one or more members of a sorted set at random.
  ///
  /// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
  public struct Many: Command {
    public typealias Response = [RESPString]
    public static var name: String { "ZRANDMEMBER" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int
    public init(_ key: some RESPEncodable, count: Int) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZRANDMEMBER")
      e.append(key)
      e.append(.integer(count))
    }
  }
  /// Returns one or more members of a sorted set at random.
  ///
  /// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZRANDMEMBER" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int
    public init(_ key: some RESPEncodable, count: Int) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZRANDMEMBER")
      e.append(key)
      e.append(.integer(count))
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "ZRANDMEMBER" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANDMEMBER")
    e.append(key)
  }
}

/// Returns the members of a range of ranks, scores or names.
///
/// `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZRANGE: Command {
  /// Returns the members of a range of ranks, scores or names.
  ///
  /// `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZRANGE" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var start: RESPArgument
    public var stop: RESPArgument
    public var sortby: Sortby?
    public var rev: Bool
    public var limit: (offset: Int, count: Int)?
    public init(_ key: some RESPEncodable, _ start: some RESPEncodable, _ stop: some RESPEncodable, sortby: Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) {
      self.key = key.respArgument
      self.start = start.respArgument
      self.stop = stop.respArgument
      self.sortby = sortby
      self.rev = rev
      self.limit = limit
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZRANGE")
      e.append(key)
      e.append(start)
      e.append(stop)
      if let sortby { sortby.encode(into: &e) }
      if rev { e.append(word: "REV") }
      if let limit {
        e.append(word: "LIMIT")
        e.append(.integer(limit.offset))
        e.append(.integer(limit.count))
      }
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Sortby: Sendable {
    case byscore
    case bylex
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .byscore: e.append(word: "BYSCORE")
      case .bylex: e.append(word: "BYLEX")
      }
    }
  }
  public var key: RESPArgument
  public var start: RESPArgument
  public var stop: RESPArgument
  public var sortby: Sortby?
  public var rev: Bool
  public var limit: (offset: Int, count: Int)?
  public init(_ key: some RESPEncodable, _ start: some RESPEncodable, _ stop: some RESPEncodable, sortby: Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) {
    self.key = key.respArgument
    self.start = start.respArgument
    self.stop = stop.respArgument
    self.sortby = sortby
    self.rev = rev
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANGE")
    e.append(key)
    e.append(start)
    e.append(stop)
    if let sortby { sortby.encode(into: &e) }
    if rev { e.append(word: "REV") }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Returns the members whose names lie in a range.
///
/// `ZRANGEBYLEX key min max [LIMIT offset count]`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZRANGEBYLEX: Command {
  public typealias Response = [RESPString]
  public static var name: String { "ZRANGEBYLEX" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public var limit: (offset: Int, count: Int)?
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANGEBYLEX")
    e.append(key)
    e.append(min)
    e.append(max)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Returns the members whose scores lie in a range.
///
/// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`, since 1.0.5. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZRANGEBYSCORE: Command {
  /// Returns the members whose scores lie in a range.
  ///
  /// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`, since 1.0.5. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZRANGEBYSCORE" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var min: RESPArgument
    public var max: RESPArgument
    public var limit: (offset: Int, count: Int)?
    public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
      self.key = key.respArgument
      self.min = min.respArgument
      self.max = max.respArgument
      self.limit = limit
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZRANGEBYSCORE")
      e.append(key)
      e.append(min)
      e.append(max)
      e.append(word: "WITHSCORES")
      if let limit {
        e.append(word: "LIMIT")
        e.append(.integer(limit.offset))
        e.append(.integer(limit.count))
      }
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZRANGEBYSCORE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public var limit: (offset: Int, count: Int)?
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANGEBYSCORE")
    e.append(key)
    e.append(min)
    e.append(max)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Stores the members of a range under another key.
///
/// `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`, since 6.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored.
public struct ZRANGESTORE: Command {
  public typealias Response = Int
  public static var name: String { "ZRANGESTORE" }
  public var keys: [RESPArgument] { [dst] + [src] }
  public var routingKey: RESPArgument? { dst }
  public enum Sortby: Sendable {
    case byscore
    case bylex
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .byscore: e.append(word: "BYSCORE")
      case .bylex: e.append(word: "BYLEX")
      }
    }
  }
  public var dst: RESPArgument
  public var src: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public var sortby: Sortby?
  public var rev: Bool
  public var limit: (offset: Int, count: Int)?
  public init(_ dst: some RESPEncodable, _ src: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, sortby: Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) {
    self.dst = dst.respArgument
    self.src = src.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
    self.sortby = sortby
    self.rev = rev
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANGESTORE")
    e.append(dst)
    e.append(src)
    e.append(min)
    e.append(max)
    if let sortby { sortby.encode(into: &e) }
    if rev { e.append(word: "REV") }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Returns the rank of a member of a sorted set, lowest score first.
///
/// `ZRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
public struct ZRANK: Command {
  /// Returns the rank of a member of a sorted set, lowest score first.
  ///
  /// `ZRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  public struct WithScore: Command {
    public typealias Response = MemberRank?
    public static var name: String { "ZRANK" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var member: RESPArgument
    public init(_ key: some RESPEncodable, _ member: some RESPEncodable) {
      self.key = key.respArgument
      self.member = member.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZRANK")
      e.append(key)
      e.append(member)
      e.append(word: "WITHSCORE")
    }
  }
  public typealias Response = Int?
  public static var name: String { "ZRANK" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: RESPArgument
  public init(_ key: some RESPEncodable, _ member: some RESPEncodable) {
    self.key = key.respArgument
    self.member = member.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZRANK")
    e.append(key)
    e.append(member)
  }
}

/// Removes members from a sorted set, and the set with its last member.
///
/// `ZREM key member [member ...]`, since 1.2.0. O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.
public struct ZREM: Command {
  public typealias Response = Int
  public static var name: String { "ZREM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: [RESPArgument]
  public init(_ key: some RESPEncodable, _ member: [some RESPEncodable]) {
    self.key = key.respArgument
    self.member = member.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ member: any RESPEncodable...) {
    self.key = key.respArgument
    self.member = member.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREM")
    e.append(key)
    e.append(member)
  }
}

/// Removes the members whose names lie in a range from a sorted set.
///
/// `ZREMRANGEBYLEX key min max`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
public struct ZREMRANGEBYLEX: Command {
  public typealias Response = Int
  public static var name: String { "ZREMRANGEBYLEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREMRANGEBYLEX")
    e.append(key)
    e.append(min)
    e.append(max)
  }
}

/// Removes the members of a range of ranks from a sorted set.
///
/// `ZREMRANGEBYRANK key start stop`, since 2.0.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
public struct ZREMRANGEBYRANK: Command {
  public typealias Response = Int
  public static var name: String { "ZREMRANGEBYRANK" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var stop: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ stop: Int) {
    self.key = key.respArgument
    self.start = start
    self.stop = stop
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREMRANGEBYRANK")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(stop))
  }
}

/// Removes the members whose scores lie in a range from a sorted set.
///
/// `ZREMRANGEBYSCORE key min max`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
public struct ZREMRANGEBYSCORE: Command {
  public typealias Response = Int
  public static var name: String { "ZREMRANGEBYSCORE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var min: RESPArgument
  public var max: RESPArgument
  public init(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) {
    self.key = key.respArgument
    self.min = min.respArgument
    self.max = max.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREMRANGEBYSCORE")
    e.append(key)
    e.append(min)
    e.append(max)
  }
}

/// Returns the members of a range of ranks, highest score first.
///
/// `ZREVRANGE key start stop [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZREVRANGE: Command {
  /// Returns the members of a range of ranks, highest score first.
  ///
  /// `ZREVRANGE key start stop [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZREVRANGE" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var start: Int
    public var stop: Int
    public init(_ key: some RESPEncodable, _ start: Int, _ stop: Int) {
      self.key = key.respArgument
      self.start = start
      self.stop = stop
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZREVRANGE")
      e.append(key)
      e.append(.integer(start))
      e.append(.integer(stop))
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZREVRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var stop: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ stop: Int) {
    self.key = key.respArgument
    self.start = start
    self.stop = stop
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREVRANGE")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(stop))
  }
}

/// Returns the members whose names lie in a range, last name first.
///
/// `ZREVRANGEBYLEX key max min [LIMIT offset count]`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZREVRANGEBYLEX: Command {
  public typealias Response = [RESPString]
  public static var name: String { "ZREVRANGEBYLEX" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var max: RESPArgument
  public var min: RESPArgument
  public var limit: (offset: Int, count: Int)?
  public init(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
    self.key = key.respArgument
    self.max = max.respArgument
    self.min = min.respArgument
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREVRANGEBYLEX")
    e.append(key)
    e.append(max)
    e.append(min)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Returns the members whose scores lie in a range, highest score first.
///
/// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`, since 2.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
public struct ZREVRANGEBYSCORE: Command {
  /// Returns the members whose scores lie in a range, highest score first.
  ///
  /// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`, since 2.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZREVRANGEBYSCORE" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var max: RESPArgument
    public var min: RESPArgument
    public var limit: (offset: Int, count: Int)?
    public init(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
      self.key = key.respArgument
      self.max = max.respArgument
      self.min = min.respArgument
      self.limit = limit
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZREVRANGEBYSCORE")
      e.append(key)
      e.append(max)
      e.append(min)
      e.append(word: "WITHSCORES")
      if let limit {
        e.append(word: "LIMIT")
        e.append(.integer(limit.offset))
        e.append(.integer(limit.count))
      }
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZREVRANGEBYSCORE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var max: RESPArgument
  public var min: RESPArgument
  public var limit: (offset: Int, count: Int)?
  public init(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) {
    self.key = key.respArgument
    self.max = max.respArgument
    self.min = min.respArgument
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREVRANGEBYSCORE")
    e.append(key)
    e.append(max)
    e.append(min)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
  }
}

/// Returns the rank of a member of a sorted set, highest score first.
///
/// `ZREVRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
public struct ZREVRANK: Command {
  /// Returns the rank of a member of a sorted set, highest score first.
  ///
  /// `ZREVRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  public struct WithScore: Command {
    public typealias Response = MemberRank?
    public static var name: String { "ZREVRANK" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var member: RESPArgument
    public init(_ key: some RESPEncodable, _ member: some RESPEncodable) {
      self.key = key.respArgument
      self.member = member.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZREVRANK")
      e.append(key)
      e.append(member)
      e.append(word: "WITHSCORE")
    }
  }
  public typealias Response = Int?
  public static var name: String { "ZREVRANK" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: RESPArgument
  public init(_ key: some RESPEncodable, _ member: some RESPEncodable) {
    self.key = key.respArgument
    self.member = member.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZREVRANK")
    e.append(key)
    e.append(member)
  }
}

/// Walks over the members and scores of a sorted set, some at each call.
///
/// `ZSCAN key cursor [MATCH pattern] [COUNT count]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
public struct ZSCAN: Command {
  public typealias Response = ScanPage<RESPString>
  public static var name: String { "ZSCAN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var cursor: RESPArgument
  public var pattern: String?
  public var count: Int?
  public init(_ key: some RESPEncodable, _ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil) {
    self.key = key.respArgument
    self.cursor = cursor.respArgument
    self.pattern = pattern
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZSCAN")
    e.append(key)
    e.append(cursor)
    if let pattern {
      e.append(word: "MATCH")
      e.append(.string(pattern))
    }
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Returns the score of a member of a sorted set.
///
/// `ZSCORE key member`, since 1.2.0. O(1)
public struct ZSCORE: Command {
  public typealias Response = Double?
  public static var name: String { "ZSCORE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: RESPArgument
  public init(_ key: some RESPEncodable, _ member: some RESPEncodable) {
    self.key = key.respArgument
    self.member = member.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZSCORE")
    e.append(key)
    e.append(member)
  }
}

/// Returns the members that are in any of several sorted sets.
///
/// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
public struct ZUNION: Command {
  /// Returns the members that are in any of several sorted sets.
  ///
  /// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  public struct WithScores: Command {
    public typealias Response = ScoredMembers
    public static var name: String { "ZUNION" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { key }
    public var key: [RESPArgument]
    public var weight: [Double]
    public var aggregate: Aggregate?
    public init(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
      self.key = key.map(\.respArgument)
      self.weight = weight
      self.aggregate = aggregate
    }
    public init(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
      self.key = key.map(\.respArgument)
      self.weight = weight
      self.aggregate = aggregate
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ZUNION")
      e.append(.integer(key.count))
      e.append(key)
      if !weight.isEmpty {
        e.append(word: "WEIGHTS")
        for item in weight {
          e.append(.double(item))
        }
      }
      if let aggregate {
        e.append(word: "AGGREGATE")
        aggregate.encode(into: &e)
      }
      e.append(word: "WITHSCORES")
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "ZUNION" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public enum Aggregate: Sendable {
    case sum
    case min
    case max
    case count
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .sum: e.append(word: "SUM")
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      case .count: e.append(word: "COUNT")
      }
    }
  }
  public var key: [RESPArgument]
  public var weight: [Double]
  public var aggregate: Aggregate?
  public init(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public init(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZUNION")
    e.append(.integer(key.count))
    e.append(key)
    if !weight.isEmpty {
      e.append(word: "WEIGHTS")
      for item in weight {
        e.append(.double(item))
      }
    }
    if let aggregate {
      e.append(word: "AGGREGATE")
      aggregate.encode(into: &e)
    }
  }
}

/// Stores the members that are in any of several sorted sets under a key.
///
/// `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
public struct ZUNIONSTORE: Command {
  public typealias Response = Int
  public static var name: String { "ZUNIONSTORE" }
  public var keys: [RESPArgument] { [destination] + key }
  public var routingKey: RESPArgument? { destination }
  public enum Aggregate: Sendable {
    case sum
    case min
    case max
    case count
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .sum: e.append(word: "SUM")
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      case .count: e.append(word: "COUNT")
      }
    }
  }
  public var destination: RESPArgument
  public var key: [RESPArgument]
  public var weight: [Double]
  public var aggregate: Aggregate?
  public init(_ destination: some RESPEncodable, _ key: [some RESPEncodable], weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public init(_ destination: some RESPEncodable, _ key: any RESPEncodable..., weight: [Double] = [], aggregate: Aggregate? = nil) {
    self.destination = destination.respArgument
    self.key = key.map(\.respArgument)
    self.weight = weight
    self.aggregate = aggregate
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ZUNIONSTORE")
    e.append(destination)
    e.append(.integer(key.count))
    e.append(key)
    if !weight.isEmpty {
      e.append(word: "WEIGHTS")
      for item in weight {
        e.append(.double(item))
      }
    }
    if let aggregate {
      e.append(word: "AGGREGATE")
      aggregate.encode(into: &e)
    }
  }
}

extension CommandSending {
  /// Does what ZMPOP does, and waits for members if there are none.
  ///
  /// `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func bzmpop(timeout: Double, _ key: [some RESPEncodable], end: BZMPOP.End, count: Int? = nil) async throws -> Popped<ScoredMembers>? {
    try await send(BZMPOP(timeout: timeout, key, end: end, count: count))
  }

  /// Does what ZMPOP does, and waits for members if there are none.
  ///
  /// `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func bzmpop(timeout: Double, _ key: any RESPEncodable..., end: BZMPOP.End, count: Int? = nil) async throws -> Popped<ScoredMembers>? {
    try await send(BZMPOP(timeout: timeout, key.map(\.respArgument), end: end, count: count))
  }

  /// Removes and returns the member with the highest score, and waits for one if there is none.
  ///
  /// `BZPOPMAX key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func bzpopmax(_ key: [some RESPEncodable], timeout: Double) async throws -> PoppedMember? {
    try await send(BZPOPMAX(key, timeout: timeout))
  }

  /// Removes and returns the member with the highest score, and waits for one if there is none.
  ///
  /// `BZPOPMAX key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func bzpopmax(_ key: any RESPEncodable..., timeout: Double) async throws -> PoppedMember? {
    try await send(BZPOPMAX(key.map(\.respArgument), timeout: timeout))
  }

  /// Removes and returns the member with the lowest score, and waits for one if there is none.
  ///
  /// `BZPOPMIN key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func bzpopmin(_ key: [some RESPEncodable], timeout: Double) async throws -> PoppedMember? {
    try await send(BZPOPMIN(key, timeout: timeout))
  }

  /// Removes and returns the member with the lowest score, and waits for one if there is none.
  ///
  /// `BZPOPMIN key [key ...] timeout`, since 5.0.0. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func bzpopmin(_ key: any RESPEncodable..., timeout: Double) async throws -> PoppedMember? {
    try await send(BZPOPMIN(key.map(\.respArgument), timeout: timeout))
  }

  /// Adds members to a sorted set, or changes their scores.
  ///
  /// `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`, since 1.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
  @discardableResult
  public func zadd(_ key: some RESPEncodable, _ data: RESPPairs, condition: ZADD.Condition? = nil, comparison: ZADD.Comparison? = nil, ch: Bool = false) async throws -> Int {
    try await send(ZADD(key, data, condition: condition, comparison: comparison, ch: ch))
  }

  /// Adds members to a sorted set, or changes their scores.
  ///
  /// `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`, since 1.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
  @discardableResult
  public func zaddIncr(_ key: some RESPEncodable, _ data: RESPPairs, condition: ZADD.Condition? = nil, comparison: ZADD.Comparison? = nil, ch: Bool = false) async throws -> Double? {
    try await send(ZADD.Incr(key, data, condition: condition, comparison: comparison, ch: ch))
  }

  /// Returns the number of members in a sorted set.
  ///
  /// `ZCARD key`, since 1.2.0. O(1)
  @discardableResult
  public func zcard(_ key: some RESPEncodable) async throws -> Int {
    try await send(ZCARD(key))
  }

  /// Counts the members of a sorted set whose scores lie in a range.
  ///
  /// `ZCOUNT key min max`, since 2.0.0. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func zcount(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) async throws -> Int {
    try await send(ZCOUNT(key, min, max))
  }

  /// Returns the members of a sorted set that are in none of several others.
  ///
  /// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiff(_ key: [some RESPEncodable]) async throws -> [RESPString] {
    try await send(ZDIFF(key))
  }

  /// Returns the members of a sorted set that are in none of several others.
  ///
  /// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiff(_ key: any RESPEncodable...) async throws -> [RESPString] {
    try await send(ZDIFF(key.map(\.respArgument)))
  }

  /// Returns the members of a sorted set that are in none of several others.
  ///
  /// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiffWithScores(_ key: [some RESPEncodable]) async throws -> ScoredMembers {
    try await send(ZDIFF.WithScores(key))
  }

  /// Returns the members of a sorted set that are in none of several others.
  ///
  /// `ZDIFF numkeys key [key ...] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiffWithScores(_ key: any RESPEncodable...) async throws -> ScoredMembers {
    try await send(ZDIFF.WithScores(key.map(\.respArgument)))
  }

  /// Stores the members of a sorted set that are in none of several others under a key.
  ///
  /// `ZDIFFSTORE destination numkeys key [key ...]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiffstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable]) async throws -> Int {
    try await send(ZDIFFSTORE(destination, key))
  }

  /// Stores the members of a sorted set that are in none of several others under a key.
  ///
  /// `ZDIFFSTORE destination numkeys key [key ...]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zdiffstore(_ destination: some RESPEncodable, _ key: any RESPEncodable...) async throws -> Int {
    try await send(ZDIFFSTORE(destination, key.map(\.respArgument)))
  }

  /// Adds a number to the score of a member of a sorted set.
  ///
  /// `ZINCRBY key increment member`, since 1.2.0. O(log(N)) where N is the number of elements in the sorted set.
  @discardableResult
  public func zincrby(_ key: some RESPEncodable, _ increment: Double, _ member: some RESPEncodable) async throws -> Double {
    try await send(ZINCRBY(key, increment, member))
  }

  /// Returns the members that are in all of several sorted sets.
  ///
  /// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinter(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZINTER.Aggregate? = nil) async throws -> [RESPString] {
    try await send(ZINTER(key, weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in all of several sorted sets.
  ///
  /// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinter(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZINTER.Aggregate? = nil) async throws -> [RESPString] {
    try await send(ZINTER(key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in all of several sorted sets.
  ///
  /// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinterWithScores(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZINTER.Aggregate? = nil) async throws -> ScoredMembers {
    try await send(ZINTER.WithScores(key, weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in all of several sorted sets.
  ///
  /// `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinterWithScores(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZINTER.Aggregate? = nil) async throws -> ScoredMembers {
    try await send(ZINTER.WithScores(key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }

  /// Counts the members that are in all of several sorted sets.
  ///
  /// `ZINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.
  @discardableResult
  public func zintercard(_ key: [some RESPEncodable], limit: Int? = nil) async throws -> Int {
    try await send(ZINTERCARD(key, limit: limit))
  }

  /// Counts the members that are in all of several sorted sets.
  ///
  /// `ZINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.
  @discardableResult
  public func zintercard(_ key: any RESPEncodable..., limit: Int? = nil) async throws -> Int {
    try await send(ZINTERCARD(key.map(\.respArgument), limit: limit))
  }

  /// Stores the members that are in all of several sorted sets under a key.
  ///
  /// `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinterstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZINTERSTORE.Aggregate? = nil) async throws -> Int {
    try await send(ZINTERSTORE(destination, key, weight: weight, aggregate: aggregate))
  }

  /// Stores the members that are in all of several sorted sets under a key.
  ///
  /// `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zinterstore(_ destination: some RESPEncodable, _ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZINTERSTORE.Aggregate? = nil) async throws -> Int {
    try await send(ZINTERSTORE(destination, key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }

  /// Counts the members of a sorted set whose names lie in a range.
  ///
  /// `ZLEXCOUNT key min max`, since 2.8.9. O(log(N)) with N being the number of elements in the sorted set.
  @discardableResult
  public func zlexcount(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) async throws -> Int {
    try await send(ZLEXCOUNT(key, min, max))
  }

  /// Removes and returns members with the lowest or highest scores from the first set that has any.
  ///
  /// `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func zmpop(_ key: [some RESPEncodable], end: ZMPOP.End, count: Int? = nil) async throws -> Popped<ScoredMembers>? {
    try await send(ZMPOP(key, end: end, count: count))
  }

  /// Removes and returns members with the lowest or highest scores from the first set that has any.
  ///
  /// `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`, since 7.0.0. O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func zmpop(_ key: any RESPEncodable..., end: ZMPOP.End, count: Int? = nil) async throws -> Popped<ScoredMembers>? {
    try await send(ZMPOP(key.map(\.respArgument), end: end, count: count))
  }

  /// Returns the scores of the given members of a sorted set.
  ///
  /// `ZMSCORE key member [member ...]`, since 6.2.0. O(N) where N is the number of members being requested.
  @discardableResult
  public func zmscore(_ key: some RESPEncodable, _ member: [some RESPEncodable]) async throws -> [Double?] {
    try await send(ZMSCORE(key, member))
  }

  /// Returns the scores of the given members of a sorted set.
  ///
  /// `ZMSCORE key member [member ...]`, since 6.2.0. O(N) where N is the number of members being requested.
  @discardableResult
  public func zmscore(_ key: some RESPEncodable, _ member: any RESPEncodable...) async throws -> [Double?] {
    try await send(ZMSCORE(key, member.map(\.respArgument)))
  }

  /// Removes and returns the members with the highest scores.
  ///
  /// `ZPOPMAX key [count]`, since 5.0.0. O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func zpopmax(_ key: some RESPEncodable, count: Int? = nil) async throws -> ScoredMembers {
    try await send(ZPOPMAX(key, count: count))
  }

  /// Removes and returns the members with the lowest scores.
  ///
  /// `ZPOPMIN key [count]`, since 5.0.0. O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.
  @discardableResult
  public func zpopmin(_ key: some RESPEncodable, count: Int? = nil) async throws -> ScoredMembers {
    try await send(ZPOPMIN(key, count: count))
  }

  /// Returns one or more members of a sorted set at random.
  ///
  /// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
  @discardableResult
  public func zrandmember(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(ZRANDMEMBER(key))
  }

  /// Returns one or more members of a sorted set at random.
  ///
  /// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
  @discardableResult
  public func zrandmember(_ key: some RESPEncodable, count: Int) async throws -> [RESPString] {
    try await send(ZRANDMEMBER.Many(key, count: count))
  }

  /// Returns one or more members of a sorted set at random.
  ///
  /// `ZRANDMEMBER key [count [WITHSCORES]]`, since 6.2.0. O(N) where N is the number of elements returned
  @discardableResult
  public func zrandmemberWithScores(_ key: some RESPEncodable, count: Int) async throws -> ScoredMembers {
    try await send(ZRANDMEMBER.WithScores(key, count: count))
  }

  /// Returns the members of a range of ranks, scores or names.
  ///
  /// `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrange(_ key: some RESPEncodable, _ start: some RESPEncodable, _ stop: some RESPEncodable, sortby: ZRANGE.Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) async throws -> [RESPString] {
    try await send(ZRANGE(key, start, stop, sortby: sortby, rev: rev, limit: limit))
  }

  /// Returns the members of a range of ranks, scores or names.
  ///
  /// `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrangeWithScores(_ key: some RESPEncodable, _ start: some RESPEncodable, _ stop: some RESPEncodable, sortby: ZRANGE.Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) async throws -> ScoredMembers {
    try await send(ZRANGE.WithScores(key, start, stop, sortby: sortby, rev: rev, limit: limit))
  }

  /// Returns the members whose names lie in a range.
  ///
  /// `ZRANGEBYLEX key min max [LIMIT offset count]`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrangebylex(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> [RESPString] {
    try await send(ZRANGEBYLEX(key, min, max, limit: limit))
  }

  /// Returns the members whose scores lie in a range.
  ///
  /// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`, since 1.0.5. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrangebyscore(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> [RESPString] {
    try await send(ZRANGEBYSCORE(key, min, max, limit: limit))
  }

  /// Returns the members whose scores lie in a range.
  ///
  /// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`, since 1.0.5. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrangebyscoreWithScores(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> ScoredMembers {
    try await send(ZRANGEBYSCORE.WithScores(key, min, max, limit: limit))
  }

  /// Stores the members of a range under another key.
  ///
  /// `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`, since 6.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored.
  @discardableResult
  public func zrangestore(_ dst: some RESPEncodable, _ src: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable, sortby: ZRANGESTORE.Sortby? = nil, rev: Bool = false, limit: (offset: Int, count: Int)? = nil) async throws -> Int {
    try await send(ZRANGESTORE(dst, src, min, max, sortby: sortby, rev: rev, limit: limit))
  }

  /// Returns the rank of a member of a sorted set, lowest score first.
  ///
  /// `ZRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  @discardableResult
  public func zrank(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> Int? {
    try await send(ZRANK(key, member))
  }

  /// Returns the rank of a member of a sorted set, lowest score first.
  ///
  /// `ZRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  @discardableResult
  public func zrankWithScore(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> MemberRank? {
    try await send(ZRANK.WithScore(key, member))
  }

  /// Removes members from a sorted set, and the set with its last member.
  ///
  /// `ZREM key member [member ...]`, since 1.2.0. O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.
  @discardableResult
  public func zrem(_ key: some RESPEncodable, _ member: [some RESPEncodable]) async throws -> Int {
    try await send(ZREM(key, member))
  }

  /// Removes members from a sorted set, and the set with its last member.
  ///
  /// `ZREM key member [member ...]`, since 1.2.0. O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.
  @discardableResult
  public func zrem(_ key: some RESPEncodable, _ member: any RESPEncodable...) async throws -> Int {
    try await send(ZREM(key, member.map(\.respArgument)))
  }

  /// Removes the members whose names lie in a range from a sorted set.
  ///
  /// `ZREMRANGEBYLEX key min max`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
  @discardableResult
  public func zremrangebylex(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) async throws -> Int {
    try await send(ZREMRANGEBYLEX(key, min, max))
  }

  /// Removes the members of a range of ranks from a sorted set.
  ///
  /// `ZREMRANGEBYRANK key start stop`, since 2.0.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
  @discardableResult
  public func zremrangebyrank(_ key: some RESPEncodable, _ start: Int, _ stop: Int) async throws -> Int {
    try await send(ZREMRANGEBYRANK(key, start, stop))
  }

  /// Removes the members whose scores lie in a range from a sorted set.
  ///
  /// `ZREMRANGEBYSCORE key min max`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed.
  @discardableResult
  public func zremrangebyscore(_ key: some RESPEncodable, _ min: some RESPEncodable, _ max: some RESPEncodable) async throws -> Int {
    try await send(ZREMRANGEBYSCORE(key, min, max))
  }

  /// Returns the members of a range of ranks, highest score first.
  ///
  /// `ZREVRANGE key start stop [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrevrange(_ key: some RESPEncodable, _ start: Int, _ stop: Int) async throws -> [RESPString] {
    try await send(ZREVRANGE(key, start, stop))
  }

  /// Returns the members of a range of ranks, highest score first.
  ///
  /// `ZREVRANGE key start stop [WITHSCORES]`, since 1.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrevrangeWithScores(_ key: some RESPEncodable, _ start: Int, _ stop: Int) async throws -> ScoredMembers {
    try await send(ZREVRANGE.WithScores(key, start, stop))
  }

  /// Returns the members whose names lie in a range, last name first.
  ///
  /// `ZREVRANGEBYLEX key max min [LIMIT offset count]`, since 2.8.9. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrevrangebylex(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> [RESPString] {
    try await send(ZREVRANGEBYLEX(key, max, min, limit: limit))
  }

  /// Returns the members whose scores lie in a range, highest score first.
  ///
  /// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`, since 2.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrevrangebyscore(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> [RESPString] {
    try await send(ZREVRANGEBYSCORE(key, max, min, limit: limit))
  }

  /// Returns the members whose scores lie in a range, highest score first.
  ///
  /// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`, since 2.2.0. O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.
  @discardableResult
  public func zrevrangebyscoreWithScores(_ key: some RESPEncodable, _ max: some RESPEncodable, _ min: some RESPEncodable, limit: (offset: Int, count: Int)? = nil) async throws -> ScoredMembers {
    try await send(ZREVRANGEBYSCORE.WithScores(key, max, min, limit: limit))
  }

  /// Returns the rank of a member of a sorted set, highest score first.
  ///
  /// `ZREVRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  @discardableResult
  public func zrevrank(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> Int? {
    try await send(ZREVRANK(key, member))
  }

  /// Returns the rank of a member of a sorted set, highest score first.
  ///
  /// `ZREVRANK key member [WITHSCORE]`, since 2.0.0. O(log(N))
  @discardableResult
  public func zrevrankWithScore(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> MemberRank? {
    try await send(ZREVRANK.WithScore(key, member))
  }

  /// Walks over the members and scores of a sorted set, some at each call.
  ///
  /// `ZSCAN key cursor [MATCH pattern] [COUNT count]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
  @discardableResult
  public func zscan(_ key: some RESPEncodable, _ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil) async throws -> ScanPage<RESPString> {
    try await send(ZSCAN(key, cursor, pattern: pattern, count: count))
  }

  /// Returns the score of a member of a sorted set.
  ///
  /// `ZSCORE key member`, since 1.2.0. O(1)
  @discardableResult
  public func zscore(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> Double? {
    try await send(ZSCORE(key, member))
  }

  /// Returns the members that are in any of several sorted sets.
  ///
  /// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunion(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZUNION.Aggregate? = nil) async throws -> [RESPString] {
    try await send(ZUNION(key, weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in any of several sorted sets.
  ///
  /// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunion(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZUNION.Aggregate? = nil) async throws -> [RESPString] {
    try await send(ZUNION(key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in any of several sorted sets.
  ///
  /// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunionWithScores(_ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZUNION.Aggregate? = nil) async throws -> ScoredMembers {
    try await send(ZUNION.WithScores(key, weight: weight, aggregate: aggregate))
  }

  /// Returns the members that are in any of several sorted sets.
  ///
  /// `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`, since 6.2.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunionWithScores(_ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZUNION.Aggregate? = nil) async throws -> ScoredMembers {
    try await send(ZUNION.WithScores(key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }

  /// Stores the members that are in any of several sorted sets under a key.
  ///
  /// `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunionstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable], weight: [Double] = [], aggregate: ZUNIONSTORE.Aggregate? = nil) async throws -> Int {
    try await send(ZUNIONSTORE(destination, key, weight: weight, aggregate: aggregate))
  }

  /// Stores the members that are in any of several sorted sets under a key.
  ///
  /// `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`, since 2.0.0. O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.
  @discardableResult
  public func zunionstore(_ destination: some RESPEncodable, _ key: any RESPEncodable..., weight: [Double] = [], aggregate: ZUNIONSTORE.Aggregate? = nil) async throws -> Int {
    try await send(ZUNIONSTORE(destination, key.map(\.respArgument), weight: weight, aggregate: aggregate))
  }
}
