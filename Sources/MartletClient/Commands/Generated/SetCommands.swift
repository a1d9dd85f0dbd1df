// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Adds members to a set, which is created if there is none.
///
/// `SADD key member [member ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements.
public struct SADD: Command {
  public typealias Response = Int
  public static var name: String { "SADD" }
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
    e.append(word: "SADD")
    e.append(key)
    e.append(member)
  }
}

/// Returns the number of members of a set.
///
/// `SCARD key`, since 1.0.0. O(1)
public struct SCARD: Command {
  public typealias Response = Int
  public static var name: String { "SCARD" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SCARD")
    e.append(key)
  }
}

/// Returns the members of the first set that none of the others has.
///
/// `SDIFF key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
public struct SDIFF: Command {
  public typealias Response = Set<RESPString>
  public static var name: String { "SDIFF" }
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
    e.append(word: "SDIFF")
    e.append(key)
  }
}

/// Returns how many members of the first set none of the others has.
///
/// `SDIFFCARD numkeys key [key ...] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
public struct SDIFFCARD: Command {
  public typealias Response = Int
  public static var name: String { "SDIFFCARD" }
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
    e.append(word: "SDIFFCARD")
    e.append(.integer(key.count))
    e.append(key)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
  }
}

/// Stores the members of the first set that none of the others has in a key.
///
/// `SDIFFSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
public struct SDIFFSTORE: Command {
  public typealias Response = Int
  public static var name: String { "SDIFFSTORE" }
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
    e.append(word: "SDIFFSTORE")
    e.append(destination)
    e.append(key)
  }
}

/// Returns the members that all given sets have in common.
///
/// `SINTER key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
public struct SINTER: Command {
  public typealias Response = Set<RESPString>
  public static var name: String { "SINTER" }
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
    e.append(word: "SINTER")
    e.append(key)
  }
}

/// Returns how many members all given sets have in common.
///
/// `SINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
public struct SINTERCARD: Command {
  public typealias Response = Int
  public static var name: String { "SINTERCARD" }
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
    e.append(word: "SINTERCARD")
    e.append(.integer(key.count))
    e.append(key)
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
  }
}

/// Stores the members that all given sets have in common in a key.
///
/// `SINTERSTORE destination key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
public struct SINTERSTORE: Command {
  public typealias Response = Int
  public static var name: String { "SINTERSTORE" }
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
    e.append(word: "SINTERSTORE")
    e.append(destination)
    e.append(key)
  }
}

/// Tells whether a string is a member of a set.
///
/// `SISMEMBER key member`, since 1.0.0. O(1)
public struct SISMEMBER: Command {
  public typealias Response = Bool
  public static var name: String { "SISMEMBER" }
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
    e.append(word: "SISMEMBER")
    e.append(key)
    e.append(member)
  }
}

/// Returns all members of a set.
///
/// `SMEMBERS key`, since 1.0.0. O(N) where N is the set cardinality.
public struct SMEMBERS: Command {
  public typealias Response = Set<RESPString>
  public static var name: String { "SMEMBERS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SMEMBERS")
    e.append(key)
  }
}

/// Tells for each of several strings whether it is a member of a set.
///
/// `SMISMEMBER key member [member ...]`, since 6.2.0. O(N) where N is the number of elements being checked for membership
public struct SMISMEMBER: Command {
  public typealias Response = [Bool]
  public static var name: String { "SMISMEMBER" }
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
    e.append(word: "SMISMEMBER")
    e.append(key)
    e.append(member)
  }
}

/// Moves a member from one set to another.
///
/// `SMOVE source destination member`, since 1.0.0. O(1)
public struct SMOVE: Command {
  public typealias Response = Bool
  public static var name: String { "SMOVE" }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var member: RESPArgument
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, _ member: some RESPEncodable) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.member = member.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SMOVE")
    e.append(source)
    e.append(destination)
    e.append(member)
  }
}

/// Returns one or more members of a set at random after removing them.
///
/// `SPOP key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the value of the passed count.
public struct SPOP: Command {
  /// Returns one or more members of a set at random after removing them.
  ///
  /// `SPOP key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the value of the passed count.
  public struct Many: Command {
    public typealias Response = [RESPString]
    public static var name: String { "SPOP" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int
    public init(_ key: some RESPEncodable, count: Int) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SPOP")
      e.append(key)
      e.append(.integer(count))
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "SPOP" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SPOP")
    e.append(key)
  }
}

/// Returns one or more members of a set at random.
///
/// `SRANDMEMBER key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.
public struct SRANDMEMBER: Command {
  /// Returns one or more members of a set at random.
  ///
  /// `SRANDMEMBER key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.
  public struct Many: Command {
    public typealias Response = [RESPString]
    public static var name: String { "SRANDMEMBER" }
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
      e.append(word: "SRANDMEMBER")
      e.append(key)
      e.append(.integer(count))
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "SRANDMEMBER" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SRANDMEMBER")
    e.append(key)
  }
}

/// Removes members from a set, and the set with its last member.
///
/// `SREM key member [member ...]`, since 1.0.0. O(N) where N is the number of members to be removed.
public struct SREM: Command {
  public typealias Response = Int
  public static var name: String { "SREM" }
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
    e.append(word: "SREM")
    e.append(key)
    e.append(member)
  }
}

/// Walks over the members of a set, some at each call.
///
/// `SSCAN key cursor [MATCH pattern] [COUNT count]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
public struct SSCAN: Command {
  public typealias Response = ScanPage<RESPString>
  public static var name: String { "SSCAN" }
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
    e.append(word: "SSCAN")
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

/// Returns the members that any of the given sets has.
///
/// `SUNION key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
public struct SUNION: Command {
  public typealias Response = Set<RESPString>
  public static var name: String { "SUNION" }
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
    e.append(word: "SUNION")
    e.append(key)
  }
}

/// Returns how many members the given sets have together, each counted once.
///
/// `SUNIONCARD numkeys key [key ...] [APPROX] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
public struct SUNIONCARD: Command {
  public typealias Response = Int
  public static var name: String { "SUNIONCARD" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var approx: Bool
  public var limit: Int?
  public init(_ key: [some RESPEncodable], approx: Bool = false, limit: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.approx = approx
    self.limit = limit
  }
  public init(_ key: any RESPEncodable..., approx: Bool = false, limit: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.approx = approx
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SUNIONCARD")
    e.append(.integer(key.count))
    e.append(key)
    if approx { e.append(word: "APPROX") }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
  }
}

/// Stores the members that any of the given sets has in a key.
///
/// `SUNIONSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
public struct SUNIONSTORE: Command {
  public typealias Response = Int
  public static var name: String { "SUNIONSTORE" }
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
    e.append(word: "SUNIONSTORE")
    e.append(destination)
    e.append(key)
  }
}

extension CommandSending {
  /// Adds members to a set, which is created if there is none.
  ///
  /// `SADD key member [member ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements.
  @discardableResult
  public func sadd(_ key: some RESPEncodable, _ member: [some RESPEncodable]) async throws -> Int {
    try await send(SADD(key, member))
  }

  /// Adds members to a set, which is created if there is none.
  ///
  /// `SADD key member [member ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements.
  @discardableResult
  public func sadd(_ key: some RESPEncodable, _ member: any RESPEncodable...) async throws -> Int {
    try await send(SADD(key, member.map(\.respArgument)))
  }

  /// Returns the number of members of a set.
  ///
  /// `SCARD key`, since 1.0.0. O(1)
  @discardableResult
  public func scard(_ key: some RESPEncodable) async throws -> Int {
    try await send(SCARD(key))
  }

  /// Returns the members of the first set that none of the others has.
  ///
  /// `SDIFF key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiff(_ key: [some RESPEncodable]) async throws -> Set<RESPString> {
    try await send(SDIFF(key))
  }

  /// Returns the members of the first set that none of the others has.
  ///
  /// `SDIFF key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiff(_ key: any RESPEncodable...) async throws -> Set<RESPString> {
    try await send(SDIFF(key.map(\.respArgument)))
  }

  /// Returns how many members of the first set none of the others has.
  ///
  /// `SDIFFCARD numkeys key [key ...] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiffcard(_ key: [some RESPEncodable], limit: Int? = nil) async throws -> Int {
    try await send(SDIFFCARD(key, limit: limit))
  }

  /// Returns how many members of the first set none of the others has.
  ///
  /// `SDIFFCARD numkeys key [key ...] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiffcard(_ key: any RESPEncodable..., limit: Int? = nil) async throws -> Int {
    try await send(SDIFFCARD(key.map(\.respArgument), limit: limit))
  }

  /// Stores the members of the first set that none of the others has in a key.
  ///
  /// `SDIFFSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiffstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable]) async throws -> Int {
    try await send(SDIFFSTORE(destination, key))
  }

  /// Stores the members of the first set that none of the others has in a key.
  ///
  /// `SDIFFSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sdiffstore(_ destination: some RESPEncodable, _ key: any RESPEncodable...) async throws -> Int {
    try await send(SDIFFSTORE(destination, key.map(\.respArgument)))
  }

  /// Returns the members that all given sets have in common.
  ///
  /// `SINTER key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sinter(_ key: [some RESPEncodable]) async throws -> Set<RESPString> {
    try await send(SINTER(key))
  }

  /// Returns the members that all given sets have in common.
  ///
  /// `SINTER key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sinter(_ key: any RESPEncodable...) async throws -> Set<RESPString> {
    try await send(SINTER(key.map(\.respArgument)))
  }

  /// Returns how many members all given sets have in common.
  ///
  /// `SINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sintercard(_ key: [some RESPEncodable], limit: Int? = nil) async throws -> Int {
    try await send(SINTERCARD(key, limit: limit))
  }

  /// Returns how many members all given sets have in common.
  ///
  /// `SINTERCARD numkeys key [key ...] [LIMIT limit]`, since 7.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sintercard(_ key: any RESPEncodable..., limit: Int? = nil) async throws -> Int {
    try await send(SINTERCARD(key.map(\.respArgument), limit: limit))
  }

  /// Stores the members that all given sets have in common in a key.
  ///
  /// `SINTERSTORE destination key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sinterstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable]) async throws -> Int {
    try await send(SINTERSTORE(destination, key))
  }

  /// Stores the members that all given sets have in common in a key.
  ///
  /// `SINTERSTORE destination key [key ...]`, since 1.0.0. O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.
  @discardableResult
  public func sinterstore(_ destination: some RESPEncodable, _ key: any RESPEncodable...) async throws -> Int {
    try await send(SINTERSTORE(destination, key.map(\.respArgument)))
  }

  /// Tells whether a string is a member of a set.
  ///
  /// `SISMEMBER key member`, since 1.0.0. O(1)
  @discardableResult
  public func sismember(_ key: some RESPEncodable, _ member: some RESPEncodable) async throws -> Bool {
    try await send(SISMEMBER(key, member))
  }

  /// Returns all members of a set.
  ///
  /// `SMEMBERS key`, since 1.0.0. O(N) where N is the set cardinality.
  @discardableResult
  public func smembers(_ key: some RESPEncodable) async throws -> Set<RESPString> {
    try await send(SMEMBERS(key))
  }

  /// Tells for each of several strings whether it is a member of a set.
  ///
  /// `SMISMEMBER key member [member ...]`, since 6.2.0. O(N) where N is the number of elements being checked for membership
  @discardableResult
  public func smismember(_ key: some RESPEncodable, _ member: [some RESPEncodable]) async throws -> [Bool] {
    try await send(SMISMEMBER(key, member))
  }

  /// Tells for each of several strings whether it is a member of a set.
  ///
  /// `SMISMEMBER key member [member ...]`, since 6.2.0. O(N) where N is the number of elements being checked for membership
  @discardableResult
  public func smismember(_ key: some RESPEncodable, _ member: any RESPEncodable...) async throws -> [Bool] {
    try await send(SMISMEMBER(key, member.map(\.respArgument)))
  }

  /// Moves a member from one set to another.
  ///
  /// `SMOVE source destination member`, since 1.0.0. O(1)
  @discardableResult
  public func smove(_ source: some RESPEncodable, _ destination: some RESPEncodable, _ member: some RESPEncodable) async throws -> Bool {
    try await send(SMOVE(source, destination, member))
  }

  /// Returns one or more members of a set at random after removing them.
  ///
  /// `SPOP key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the value of the passed count.
  @discardableResult
  public func spop(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(SPOP(key))
  }

  /// Returns one or more members of a set at random after removing them.
  ///
  /// `SPOP key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the value of the passed count.
  @discardableResult
  public func spop(_ key: some RESPEncodable, count: Int) async throws -> [RESPString] {
    try await send(SPOP.Many(key, count: count))
  }

  /// Returns one or more members of a set at random.
  ///
  /// `SRANDMEMBER key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.
  @discardableResult
  public func srandmember(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(SRANDMEMBER(key))
  }

  /// Returns one or more members of a set at random.
  ///
  /// `SRANDMEMBER key [count]`, since 1.0.0. Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.
  @discardableResult
  public func srandmember(_ key: some RESPEncodable, count: Int) async throws -> [RESPString] {
    try await send(SRANDMEMBER.Many(key, count: count))
  }

  /// Removes members from a set, and the set with its last member.
  ///
  /// `SREM key member [member ...]`, since 1.0.0. O(N) where N is the number of members to be removed.
  @discardableResult
  public func srem(_ key: some RESPEncodable, _ member: [some RESPEncodable]) async throws -> Int {
    try await send(SREM(key, member))
  }

  /// Removes members from a set, and the set with its last member.
  ///
  /// `SREM key member [member ...]`, since 1.0.0. O(N) where N is the number of members to be removed.
  @discardableResult
  public func srem(_ key: some RESPEncodable, _ member: any RESPEncodable...) async throws -> Int {
    try await send(SREM(key, member.map(\.respArgument)))
  }

  /// Walks over the members of a set, some at each call.
  ///
  /// `SSCAN key cursor [MATCH pattern] [COUNT count]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
  @discardableResult
  public func sscan(_ key: some RESPEncodable, _ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil) async throws -> ScanPage<RESPString> {
    try await send(SSCAN(key, cursor, pattern: pattern, count: count))
  }

  /// Returns the members that any of the given sets has.
  ///
  /// `SUNION key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunion(_ key: [some RESPEncodable]) async throws -> Set<RESPString> {
    try await send(SUNION(key))
  }

  /// Returns the members that any of the given sets has.
  ///
  /// `SUNION key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunion(_ key: any RESPEncodable...) async throws -> Set<RESPString> {
    try await send(SUNION(key.map(\.respArgument)))
  }

  /// Returns how many members the given sets have together, each counted once.
  ///
  /// `SUNIONCARD numkeys key [key ...] [APPROX] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunioncard(_ key: [some RESPEncodable], approx: Bool = false, limit: Int? = nil) async throws -> Int {
    try await send(SUNIONCARD(key, approx: approx, limit: limit))
  }

  /// Returns how many members the given sets have together, each counted once.
  ///
  /// `SUNIONCARD numkeys key [key ...] [APPROX] [LIMIT limit]`, since 8.10.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunioncard(_ key: any RESPEncodable..., approx: Bool = false, limit: Int? = nil) async throws -> Int {
    try await send(SUNIONCARD(key.map(\.respArgument), approx: approx, limit: limit))
  }

  /// Stores the members that any of the given sets has in a key.
  ///
  /// `SUNIONSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunionstore(_ destination: some RESPEncodable, _ key: [some RESPEncodable]) async throws -> Int {
    try await send(SUNIONSTORE(destination, key))
  }

  /// Stores the members that any of the given sets has in a key.
  ///
  /// `SUNIONSTORE destination key [key ...]`, since 1.0.0. O(N) where N is the total number of elements in all given sets.
  @discardableResult
  public func sunionstore(_ destination: some RESPEncodable, _ key: any RESPEncodable...) async throws -> Int {
    try await send(SUNIONSTORE(destination, key.map(\.respArgument)))
  }
}
