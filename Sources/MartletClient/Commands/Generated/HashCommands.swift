// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Removes fields from a hash, and the hash with its last field.
///
/// `HDEL key field [field ...]`, since 2.0.0. O(N) where N is the number of fields to be removed.
public struct HDEL: Command {
  public typealias Response = Int
  public static var name: String { "HDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HDEL")
    e.append(key)
    e.append(field)
  }
}

/// Tells whether a field exists in a hash.
///
/// `HEXISTS key field`, since 2.0.0. O(1)
public struct HEXISTS: Command {
  public typealias Response = Bool
  public static var name: String { "HEXISTS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable) {
    self.key = key.respArgument
    self.field = field.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HEXISTS")
    e.append(key)
    e.append(field)
  }
}

/// Sets in how many seconds fields of a hash die.
///
/// `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HEXPIRE: Command {
  public typealias Response = [Int]?
  public static var name: String { "HEXPIRE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    case gt
    case lt
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      case .gt: e.append(word: "GT")
      case .lt: e.append(word: "LT")
      }
    }
  }
  public var key: RESPArgument
  public var seconds: Int
  public var condition: Condition?
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, seconds: Int, _ field: [some RESPEncodable], condition: Condition? = nil) {
    self.key = key.respArgument
    self.seconds = seconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, seconds: Int, _ field: any RESPEncodable..., condition: Condition? = nil) {
    self.key = key.respArgument
    self.seconds = seconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HEXPIRE")
    e.append(key)
    e.append(.integer(seconds))
    if let condition { condition.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Sets the Unix time in seconds at which fields of a hash die.
///
/// `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HEXPIREAT: Command {
  public typealias Response = [Int]?
  public static var name: String { "HEXPIREAT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    case gt
    case lt
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      case .gt: e.append(word: "GT")
      case .lt: e.append(word: "LT")
      }
    }
  }
  public var key: RESPArgument
  public var unixTimeSeconds: Int
  public var condition: Condition?
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, unixTimeSeconds: Int, _ field: [some RESPEncodable], condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeSeconds = unixTimeSeconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, unixTimeSeconds: Int, _ field: any RESPEncodable..., condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeSeconds = unixTimeSeconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HEXPIREAT")
    e.append(key)
    e.append(.integer(unixTimeSeconds))
    if let condition { condition.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns the Unix time in seconds at which fields of a hash die.
///
/// `HEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HEXPIRETIME: Command {
  public typealias Response = [Int]?
  public static var name: String { "HEXPIRETIME" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HEXPIRETIME")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns the value of a field in a hash.
///
/// `HGET key field`, since 2.0.0. O(1)
public struct HGET: Command {
  public typealias Response = RESPString?
  public static var name: String { "HGET" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable) {
    self.key = key.respArgument
    self.field = field.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HGET")
    e.append(key)
    e.append(field)
  }
}

/// Returns all fields and values of a hash.
///
/// `HGETALL key`, since 2.0.0. O(N) where N is the size of the hash.
public struct HGETALL: Command {
  public typealias Response = [RESPString: RESPString]
  public static var name: String { "HGETALL" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HGETALL")
    e.append(key)
  }
}

/// Returns the values of fields of a hash and removes them.
///
/// `HGETDEL key FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
public struct HGETDEL: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "HGETDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HGETDEL")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns the values of fields of a hash and sets when they die.
///
/// `HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
public struct HGETEX: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "HGETEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Expiration: Sendable {
    case ex(Int)
    case px(Int)
    case exat(Int)
    case pxat(Int)
    case persist
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .ex(let value):
        e.append(word: "EX")
        e.append(.integer(value))
      case .px(let value):
        e.append(word: "PX")
        e.append(.integer(value))
      case .exat(let value):
        e.append(word: "EXAT")
        e.append(.integer(value))
      case .pxat(let value):
        e.append(word: "PXAT")
        e.append(.integer(value))
      case .persist: e.append(word: "PERSIST")
      }
    }
  }
  public var key: RESPArgument
  public var expiration: Expiration?
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable], expiration: Expiration? = nil) {
    self.key = key.respArgument
    self.expiration = expiration
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable..., expiration: Expiration? = nil) {
    self.key = key.respArgument
    self.expiration = expiration
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HGETEX")
    e.append(key)
    if let expiration { expiration.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Adds a number to the integer that a field of a hash holds.
///
/// `HINCRBY key field increment`, since 2.0.0. O(1)
public struct HINCRBY: Command {
  public typealias Response = Int
  public static var name: String { "HINCRBY" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public var increment: Int
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable, _ increment: Int) {
    self.key = key.respArgument
    self.field = field.respArgument
    self.increment = increment
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HINCRBY")
    e.append(key)
    e.append(field)
    e.append(.integer(increment))
  }
}

/// Adds a number to the floating-point value that a field of a hash holds.
///
/// `HINCRBYFLOAT key field increment`, since 2.6.0. O(1)
public struct HINCRBYFLOAT: Command {
  public typealias Response = Double
  public static var name: String { "HINCRBYFLOAT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public var increment: Double
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable, _ increment: Double) {
    self.key = key.respArgument
    self.field = field.respArgument
    self.increment = increment
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HINCRBYFLOAT")
    e.append(key)
    e.append(field)
    e.append(.double(increment))
  }
}

/// Returns all fields of a hash.
///
/// `HKEYS key`, since 2.0.0. O(N) where N is the size of the hash.
public struct HKEYS: Command {
  public typealias Response = [RESPString]
  public static var name: String { "HKEYS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HKEYS")
    e.append(key)
  }
}

/// Returns the number of fields in a hash.
///
/// `HLEN key`, since 2.0.0. O(1)
public struct HLEN: Command {
  public typealias Response = Int
  public static var name: String { "HLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HLEN")
    e.append(key)
  }
}

/// Returns the values of all given fields of a hash.
///
/// `HMGET key field [field ...]`, since 2.0.0. O(N) where N is the number of fields being requested.
public struct HMGET: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "HMGET" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HMGET")
    e.append(key)
    e.append(field)
  }
}

/// Sets the values of several fields of a hash. HSET does the same.
///
/// `HMSET key field value [field value ...]`, since 2.0.0. O(N) where N is the number of fields being set.
public struct HMSET: Command {
  public typealias Response = OK
  public static var name: String { "HMSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs) {
    self.key = key.respArgument
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HMSET")
    e.append(key)
    e.append(data)
  }
}

/// Lets fields of a hash live for ever.
///
/// `HPERSIST key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HPERSIST: Command {
  public typealias Response = [Int]?
  public static var name: String { "HPERSIST" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HPERSIST")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Sets in how many milliseconds fields of a hash die.
///
/// `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HPEXPIRE: Command {
  public typealias Response = [Int]?
  public static var name: String { "HPEXPIRE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    case gt
    case lt
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      case .gt: e.append(word: "GT")
      case .lt: e.append(word: "LT")
      }
    }
  }
  public var key: RESPArgument
  public var milliseconds: Int
  public var condition: Condition?
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, milliseconds: Int, _ field: [some RESPEncodable], condition: Condition? = nil) {
    self.key = key.respArgument
    self.milliseconds = milliseconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, milliseconds: Int, _ field: any RESPEncodable..., condition: Condition? = nil) {
    self.key = key.respArgument
    self.milliseconds = milliseconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HPEXPIRE")
    e.append(key)
    e.append(.integer(milliseconds))
    if let condition { condition.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Sets the Unix time in milliseconds at which fields of a hash die.
///
/// `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HPEXPIREAT: Command {
  public typealias Response = [Int]?
  public static var name: String { "HPEXPIREAT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    case gt
    case lt
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      case .gt: e.append(word: "GT")
      case .lt: e.append(word: "LT")
      }
    }
  }
  public var key: RESPArgument
  public var unixTimeMilliseconds: Int
  public var condition: Condition?
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, unixTimeMilliseconds: Int, _ field: [some RESPEncodable], condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeMilliseconds = unixTimeMilliseconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, unixTimeMilliseconds: Int, _ field: any RESPEncodable..., condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeMilliseconds = unixTimeMilliseconds
    self.condition = condition
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HPEXPIREAT")
    e.append(key)
    e.append(.integer(unixTimeMilliseconds))
    if let condition { condition.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns the Unix time in milliseconds at which fields of a hash die.
///
/// `HPEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HPEXPIRETIME: Command {
  public typealias Response = [Int]?
  public static var name: String { "HPEXPIRETIME" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HPEXPIRETIME")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns in how many milliseconds fields of a hash die.
///
/// `HPTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HPTTL: Command {
  public typealias Response = [Int]?
  public static var name: String { "HPTTL" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HPTTL")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns one or more fields of a hash at random.
///
/// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
public struct HRANDFIELD: Command {
  /// Returns one or more fields of a hash at random.
  ///
  /// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
  public struct Many: Command {
    public typealias Response = [RESPString]
    public static var name: String { "HRANDFIELD" }
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
      e.append(word: "HRANDFIELD")
      e.append(key)
      e.append(.integer(count))
    }
  }
  /// Returns one or more fields of a hash at random.
  ///
  /// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
  public struct WithValues: Command {
    public typealias Response = [RESPString: RESPString]
    public static var name: String { "HRANDFIELD" }
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
      e.append(word: "HRANDFIELD")
      e.append(key)
      e.append(.integer(count))
      e.append(word: "WITHVALUES")
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "HRANDFIELD" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HRANDFIELD")
    e.append(key)
  }
}

/// Walks over the fields and values of a hash, some at each call.
///
/// `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
public struct HSCAN: Command {
  /// Walks over the fields and values of a hash, some at each call.
  ///
  /// `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
  public struct Fields: Command {
    public typealias Response = ScanPage<RESPString>
    public static var name: String { "HSCAN" }
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
      e.append(word: "HSCAN")
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
      e.append(word: "NOVALUES")
    }
  }
  public typealias Response = ScanPage<RESPString>
  public static var name: String { "HSCAN" }
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
    e.append(word: "HSCAN")
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

/// Sets the values of one or more fields of a hash.
///
/// `HSET key field value [field value ...]`, since 2.0.0. O(1) for each field/value pair added, so O(N) to add N field/value pairs.
public struct HSET: Command {
  public typealias Response = Int
  public static var name: String { "HSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs) {
    self.key = key.respArgument
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HSET")
    e.append(key)
    e.append(data)
  }
}

/// Sets the values of fields of a hash and when they die.
///
/// `HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]`, since 8.0.0. O(N) where N is the number of fields being set.
public struct HSETEX: Command {
  public typealias Response = Int
  public static var name: String { "HSETEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case fnx
    case fxx
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .fnx: e.append(word: "FNX")
      case .fxx: e.append(word: "FXX")
      }
    }
  }
  public enum Expiration: Sendable {
    case ex(Int)
    case px(Int)
    case exat(Int)
    case pxat(Int)
    case keepttl
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .ex(let value):
        e.append(word: "EX")
        e.append(.integer(value))
      case .px(let value):
        e.append(word: "PX")
        e.append(.integer(value))
      case .exat(let value):
        e.append(word: "EXAT")
        e.append(.integer(value))
      case .pxat(let value):
        e.append(word: "PXAT")
        e.append(.integer(value))
      case .keepttl: e.append(word: "KEEPTTL")
      }
    }
  }
  public var key: RESPArgument
  public var condition: Condition?
  public var expiration: Expiration?
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs, condition: Condition? = nil, expiration: Expiration? = nil) {
    self.key = key.respArgument
    self.condition = condition
    self.expiration = expiration
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HSETEX")
    e.append(key)
    if let condition { condition.encode(into: &e) }
    if let expiration { expiration.encode(into: &e) }
    e.append(word: "FIELDS")
    e.append(.integer(data.count))
    e.append(data)
  }
}

/// Sets the value of a field of a hash only if there is no such field.
///
/// `HSETNX key field value`, since 2.0.0. O(1)
public struct HSETNX: Command {
  public typealias Response = Bool
  public static var name: String { "HSETNX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.field = field.respArgument
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HSETNX")
    e.append(key)
    e.append(field)
    e.append(value)
  }
}

/// Returns the length of a field's value.
///
/// `HSTRLEN key field`, since 3.2.0. O(1)
public struct HSTRLEN: Command {
  public typealias Response = Int
  public static var name: String { "HSTRLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: RESPArgument
  public init(_ key: some RESPEncodable, _ field: some RESPEncodable) {
    self.key = key.respArgument
    self.field = field.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HSTRLEN")
    e.append(key)
    e.append(field)
  }
}

/// Returns in how many seconds fields of a hash die.
///
/// `HTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
public struct HTTL: Command {
  public typealias Response = [Int]?
  public static var name: String { "HTTL" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var field: [RESPArgument]
  public init(_ key: some RESPEncodable, _ field: [some RESPEncodable]) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ field: any RESPEncodable...) {
    self.key = key.respArgument
    self.field = field.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HTTL")
    e.append(key)
    e.append(word: "FIELDS")
    e.append(.integer(field.count))
    e.append(field)
  }
}

/// Returns all values of a hash.
///
/// `HVALS key`, since 2.0.0. O(N) where N is the size of the hash.
public struct HVALS: Command {
  public typealias Response = [RESPString]
  public static var name: String { "HVALS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "HVALS")
    e.append(key)
  }
}

extension CommandSending {
  /// Removes fields from a hash, and the hash with its last field.
  ///
  /// `HDEL key field [field ...]`, since 2.0.0. O(N) where N is the number of fields to be removed.
  @discardableResult
  public func hdel(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> Int {
    try await send(HDEL(key, field))
  }

  /// Removes fields from a hash, and the hash with its last field.
  ///
  /// `HDEL key field [field ...]`, since 2.0.0. O(N) where N is the number of fields to be removed.
  @discardableResult
  public func hdel(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> Int {
    try await send(HDEL(key, field.map(\.respArgument)))
  }

  /// Tells whether a field exists in a hash.
  ///
  /// `HEXISTS key field`, since 2.0.0. O(1)
  @discardableResult
  public func hexists(_ key: some RESPEncodable, _ field: some RESPEncodable) async throws -> Bool {
    try await send(HEXISTS(key, field))
  }

  /// Sets in how many seconds fields of a hash die.
  ///
  /// `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpire(_ key: some RESPEncodable, seconds: Int, _ field: [some RESPEncodable], condition: HEXPIRE.Condition? = nil) async throws -> [Int]? {
    try await send(HEXPIRE(key, seconds: seconds, field, condition: condition))
  }

  /// Sets in how many seconds fields of a hash die.
  ///
  /// `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpire(_ key: some RESPEncodable, seconds: Int, _ field: any RESPEncodable..., condition: HEXPIRE.Condition? = nil) async throws -> [Int]? {
    try await send(HEXPIRE(key, seconds: seconds, field.map(\.respArgument), condition: condition))
  }

  /// Sets the Unix time in seconds at which fields of a hash die.
  ///
  /// `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpireat(_ key: some RESPEncodable, unixTimeSeconds: Int, _ field: [some RESPEncodable], condition: HEXPIREAT.Condition? = nil) async throws -> [Int]? {
    try await send(HEXPIREAT(key, unixTimeSeconds: unixTimeSeconds, field, condition: condition))
  }

  /// Sets the Unix time in seconds at which fields of a hash die.
  ///
  /// `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpireat(_ key: some RESPEncodable, unixTimeSeconds: Int, _ field: any RESPEncodable..., condition: HEXPIREAT.Condition? = nil) async throws -> [Int]? {
    try await send(HEXPIREAT(key, unixTimeSeconds: unixTimeSeconds, field.map(\.respArgument), condition: condition))
  }

  /// Returns the Unix time in seconds at which fields of a hash die.
  ///
  /// `HEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpiretime(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [Int]? {
    try await send(HEXPIRETIME(key, field))
  }

  /// Returns the Unix time in seconds at which fields of a hash die.
  ///
  /// `HEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hexpiretime(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [Int]? {
    try await send(HEXPIRETIME(key, field.map(\.respArgument)))
  }

  /// Returns the value of a field in a hash.
  ///
  /// `HGET key field`, since 2.0.0. O(1)
  @discardableResult
  public func hget(_ key: some RESPEncodable, _ field: some RESPEncodable) async throws -> RESPString? {
    try await send(HGET(key, field))
  }

  /// Returns all fields and values of a hash.
  ///
  /// `HGETALL key`, since 2.0.0. O(N) where N is the size of the hash.
  @discardableResult
  public func hgetall(_ key: some RESPEncodable) async throws -> [RESPString: RESPString] {
    try await send(HGETALL(key))
  }

  /// Returns the values of fields of a hash and removes them.
  ///
  /// `HGETDEL key FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hgetdel(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [RESPString?] {
    try await send(HGETDEL(key, field))
  }

  /// Returns the values of fields of a hash and removes them.
  ///
  /// `HGETDEL key FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hgetdel(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [RESPString?] {
    try await send(HGETDEL(key, field.map(\.respArgument)))
  }

  /// Returns the values of fields of a hash and sets when they die.
  ///
  /// `HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hgetex(_ key: some RESPEncodable, _ field: [some RESPEncodable], expiration: HGETEX.Expiration? = nil) async throws -> [RESPString?] {
    try await send(HGETEX(key, field, expiration: expiration))
  }

  /// Returns the values of fields of a hash and sets when they die.
  ///
  /// `HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]`, since 8.0.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hgetex(_ key: some RESPEncodable, _ field: any RESPEncodable..., expiration: HGETEX.Expiration? = nil) async throws -> [RESPString?] {
    try await send(HGETEX(key, field.map(\.respArgument), expiration: expiration))
  }

  /// Adds a number to the integer that a field of a hash holds.
  ///
  /// `HINCRBY key field increment`, since 2.0.0. O(1)
  @discardableResult
  public func hincrby(_ key: some RESPEncodable, _ field: some RESPEncodable, _ increment: Int) async throws -> Int {
    try await send(HINCRBY(key, field, increment))
  }

  /// Adds a number to the floating-point value that a field of a hash holds.
  ///
  /// `HINCRBYFLOAT key field increment`, since 2.6.0. O(1)
  @discardableResult
  public func hincrbyfloat(_ key: some RESPEncodable, _ field: some RESPEncodable, _ increment: Double) async throws -> Double {
    try await send(HINCRBYFLOAT(key, field, increment))
  }

  /// Returns all fields of a hash.
  ///
  /// `HKEYS key`, since 2.0.0. O(N) where N is the size of the hash.
  @discardableResult
  public func hkeys(_ key: some RESPEncodable) async throws -> [RESPString] {
    try await send(HKEYS(key))
  }

  /// Returns the number of fields in a hash.
  ///
  /// `HLEN key`, since 2.0.0. O(1)
  @discardableResult
  public func hlen(_ key: some RESPEncodable) async throws -> Int {
    try await send(HLEN(key))
  }

  /// Returns the values of all given fields of a hash.
  ///
  /// `HMGET key field [field ...]`, since 2.0.0. O(N) where N is the number of fields being requested.
  @discardableResult
  public func hmget(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [RESPString?] {
    try await send(HMGET(key, field))
  }

  /// Returns the values of all given fields of a hash.
  ///
  /// `HMGET key field [field ...]`, since 2.0.0. O(N) where N is the number of fields being requested.
  @discardableResult
  public func hmget(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [RESPString?] {
    try await send(HMGET(key, field.map(\.respArgument)))
  }

  /// Sets the values of several fields of a hash. HSET does the same.
  ///
  /// `HMSET key field value [field value ...]`, since 2.0.0. O(N) where N is the number of fields being set.
  @discardableResult
  public func hmset(_ key: some RESPEncodable, _ data: RESPPairs) async throws -> OK {
    try await send(HMSET(key, data))
  }

  /// Lets fields of a hash live for ever.
  ///
  /// `HPERSIST key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpersist(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [Int]? {
    try await send(HPERSIST(key, field))
  }

  /// Lets fields of a hash live for ever.
  ///
  /// `HPERSIST key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpersist(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [Int]? {
    try await send(HPERSIST(key, field.map(\.respArgument)))
  }

  /// Sets in how many milliseconds fields of a hash die.
  ///
  /// `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpire(_ key: some RESPEncodable, milliseconds: Int, _ field: [some RESPEncodable], condition: HPEXPIRE.Condition? = nil) async throws -> [Int]? {
    try await send(HPEXPIRE(key, milliseconds: milliseconds, field, condition: condition))
  }

  /// Sets in how many milliseconds fields of a hash die.
  ///
  /// `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpire(_ key: some RESPEncodable, milliseconds: Int, _ field: any RESPEncodable..., condition: HPEXPIRE.Condition? = nil) async throws -> [Int]? {
    try await send(HPEXPIRE(key, milliseconds: milliseconds, field.map(\.respArgument), condition: condition))
  }

  /// Sets the Unix time in milliseconds at which fields of a hash die.
  ///
  /// `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpireat(_ key: some RESPEncodable, unixTimeMilliseconds: Int, _ field: [some RESPEncodable], condition: HPEXPIREAT.Condition? = nil) async throws -> [Int]? {
    try await send(HPEXPIREAT(key, unixTimeMilliseconds: unixTimeMilliseconds, field, condition: condition))
  }

  /// Sets the Unix time in milliseconds at which fields of a hash die.
  ///
  /// `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpireat(_ key: some RESPEncodable, unixTimeMilliseconds: Int, _ field: any RESPEncodable..., condition: HPEXPIREAT.Condition? = nil) async throws -> [Int]? {
    try await send(HPEXPIREAT(key, unixTimeMilliseconds: unixTimeMilliseconds, field.map(\.respArgument), condition: condition))
  }

  /// Returns the Unix time in milliseconds at which fields of a hash die.
  ///
  /// `HPEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpiretime(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [Int]? {
    try await send(HPEXPIRETIME(key, field))
  }

  /// Returns the Unix time in milliseconds at which fields of a hash die.
  ///
  /// `HPEXPIRETIME key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpexpiretime(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [Int]? {
    try await send(HPEXPIRETIME(key, field.map(\.respArgument)))
  }

  /// Returns in how many milliseconds fields of a hash die.
  ///
  /// `HPTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpttl(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [Int]? {
    try await send(HPTTL(key, field))
  }

  /// Returns in how many milliseconds fields of a hash die.
  ///
  /// `HPTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func hpttl(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [Int]? {
    try await send(HPTTL(key, field.map(\.respArgument)))
  }

  /// Returns one or more fields of a hash at random.
  ///
  /// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
  @discardableResult
  public func hrandfield(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(HRANDFIELD(key))
  }

  /// Returns one or more fields of a hash at random.
  ///
  /// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
  @discardableResult
  public func hrandfield(_ key: some RESPEncodable, count: Int) async throws -> [RESPString] {
    try await send(HRANDFIELD.Many(key, count: count))
  }

  /// Returns one or more fields of a hash at random.
  ///
  /// `HRANDFIELD key [count [WITHVALUES]]`, since 6.2.0. O(N) where N is the number of fields returned
  @discardableResult
  public func hrandfieldWithValues(_ key: some RESPEncodable, count: Int) async throws -> [RESPString: RESPString] {
    try await send(HRANDFIELD.WithValues(key, count: count))
  }

  /// Walks over the fields and values of a hash, some at each call.
  ///
  /// `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
  @discardableResult
  public func hscan(_ key: some RESPEncodable, _ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil) async throws -> ScanPage<RESPString> {
    try await send(HSCAN(key, cursor, pattern: pattern, count: count))
  }

  /// Walks over the fields and values of a hash, some at each call.
  ///
  /// `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`, since 2.8.0. O(1) for every call. O(N) for a complete iteration.
  @discardableResult
  public func hscanFields(_ key: some RESPEncodable, _ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil) async throws -> ScanPage<RESPString> {
    try await send(HSCAN.Fields(key, cursor, pattern: pattern, count: count))
  }

  /// Sets the values of one or more fields of a hash.
  ///
  /// `HSET key field value [field value ...]`, since 2.0.0. O(1) for each field/value pair added, so O(N) to add N field/value pairs.
  @discardableResult
  public func hset(_ key: some RESPEncodable, _ data: RESPPairs) async throws -> Int {
    try await send(HSET(key, data))
  }

  /// Sets the values of fields of a hash and when they die.
  ///
  /// `HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]`, since 8.0.0. O(N) where N is the number of fields being set.
  @discardableResult
  public func hsetex(_ key: some RESPEncodable, _ data: RESPPairs, condition: HSETEX.Condition? = nil, expiration: HSETEX.Expiration? = nil) async throws -> Int {
    try await send(HSETEX(key, data, condition: condition, expiration: expiration))
  }

  /// Sets the value of a field of a hash only if there is no such field.
  ///
  /// `HSETNX key field value`, since 2.0.0. O(1)
  @discardableResult
  public func hsetnx(_ key: some RESPEncodable, _ field: some RESPEncodable, _ value: some RESPEncodable) async throws -> Bool {
    try await send(HSETNX(key, field, value))
  }

  /// Returns the length of a field's value.
  ///
  /// `HSTRLEN key field`, since 3.2.0. O(1)
  @discardableResult
  public func hstrlen(_ key: some RESPEncodable, _ field: some RESPEncodable) async throws -> Int {
    try await send(HSTRLEN(key, field))
  }

  /// Returns in how many seconds fields of a hash die.
  ///
  /// `HTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func httl(_ key: some RESPEncodable, _ field: [some RESPEncodable]) async throws -> [Int]? {
    try await send(HTTL(key, field))
  }

  /// Returns in how many seconds fields of a hash die.
  ///
  /// `HTTL key FIELDS numfields field [field ...]`, since 7.4.0. O(N) where N is the number of specified fields
  @discardableResult
  public func httl(_ key: some RESPEncodable, _ field: any RESPEncodable...) async throws -> [Int]? {
    try await send(HTTL(key, field.map(\.respArgument)))
  }

  /// Returns all values of a hash.
  ///
  /// `HVALS key`, since 2.0.0. O(N) where N is the size of the hash.
  @discardableResult
  public func hvals(_ key: some RESPEncodable) async throws -> [RESPString] {
    try await send(HVALS(key))
  }
}
