// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Copies the value of a key to a new key.
///
/// `COPY source destination [DB destination-db] [REPLACE]`, since 6.2.0. O(1)
public struct COPY: Command {
  public typealias Response = Bool
  public static var name: String { "COPY" }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var destinationDb: Int?
  public var replace: Bool
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, destinationDb: Int? = nil, replace: Bool = false) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.destinationDb = destinationDb
    self.replace = replace
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "COPY")
    e.append(source)
    e.append(destination)
    if let destinationDb {
      e.append(word: "DB")
      e.append(.integer(destinationDb))
    }
    if replace { e.append(word: "REPLACE") }
  }
}

/// Deletes keys.
///
/// `DEL key [key ...]`, since 1.0.0. O(1)
public struct DEL: Command {
  public typealias Response = Int
  public static var name: String { "DEL" }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public init(_ key: [some RESPEncodable]) {
    self.key = key.map(\.respArgument)
  }
  public init(_ key: any RESPEncodable...) {
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DEL")
    e.append(key)
  }
}

/// Returns the value of a key as bytes that RESTORE takes.
///
/// `DUMP key`, since 2.6.0. O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size.
public struct DUMP: Command {
  public typealias Response = RESPString?
  public static var name: String { "DUMP" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DUMP")
    e.append(key)
  }
}

/// Counts how many of the keys exist.
///
/// `EXISTS key [key ...]`, since 1.0.0. O(1)
public struct EXISTS: Command {
  public typealias Response = Int
  public static var name: String { "EXISTS" }
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
    e.append(word: "EXISTS")
    e.append(key)
  }
}

/// Sets when a key expires, in seconds from now.
///
/// `EXPIRE key seconds [NX | XX | GT | LT]`, since 1.0.0. O(1)
public struct EXPIRE: Command {
  public typealias Response = Bool
  public static var name: String { "EXPIRE" }
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
  public init(_ key: some RESPEncodable, seconds: Int, condition: Condition? = nil) {
    self.key = key.respArgument
    self.seconds = seconds
    self.condition = condition
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EXPIRE")
    e.append(key)
    e.append(.integer(seconds))
    if let condition { condition.encode(into: &e) }
  }
}

/// Sets when a key expires, as a Unix time in seconds.
///
/// `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`, since 1.2.0. O(1)
public struct EXPIREAT: Command {
  public typealias Response = Bool
  public static var name: String { "EXPIREAT" }
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
  public init(_ key: some RESPEncodable, unixTimeSeconds: Int, condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeSeconds = unixTimeSeconds
    self.condition = condition
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EXPIREAT")
    e.append(key)
    e.append(.integer(unixTimeSeconds))
    if let condition { condition.encode(into: &e) }
  }
}

/// Returns the Unix time in seconds at which a key expires.
///
/// `EXPIRETIME key`, since 7.0.0. O(1)
public struct EXPIRETIME: Command {
  public typealias Response = Int
  public static var name: String { "EXPIRETIME" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EXPIRETIME")
    e.append(key)
  }
}

/// Returns all key names that match a pattern.
///
/// `KEYS pattern`, since 1.0.0. O(1)
public struct KEYS: Command {
  public typealias Response = [RESPString]
  public static var name: String { "KEYS" }
  public static var isReadOnly: Bool { true }
  public var pattern: RESPArgument
  public init(_ pattern: some RESPEncodable) {
    self.pattern = pattern.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "KEYS")
    e.append(pattern)
  }
}

/// Moves keys to another server, where they are before they go here.
///
/// `MIGRATE host port <key | ""> destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]]`, since 2.6.0. This command actually executes a DUMP+DEL in the source instance, and a RESTORE in the target instance. See the pages of these commands for time complexity. Also an O(N) data transfer between the two instances is performed.
public struct MIGRATE: Command {
  public typealias Response = RESPValue
  public static var name: String { "MIGRATE" }
  public var keys: [RESPArgument] { key2 }
  public enum Key: Sendable {
    case key(RESPArgument)
    case emptyString
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .key(let value):
        e.append(value)
      case .emptyString: e.append(word: "")
      }
    }
  }
  public enum Password: Sendable {
    case auth(RESPArgument)
    case auth2(username: RESPArgument, password: RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .auth(let value):
        e.append(word: "AUTH")
        e.append(value)
      case .auth2(let username, let password):
        e.append(word: "AUTH2")
        e.append(username)
        e.append(password)
      }
    }
  }
  public var host: RESPArgument
  public var port: Int
  public var key: Key
  public var destinationDb: Int
  public var timeout: Int
  public var copy: Bool
  public var replace: Bool
  public var password: Password?
  public var key2: [RESPArgument]
  public init(_ host: some RESPEncodable, _ port: Int, key: Key, _ destinationDb: Int, timeout: Int, copy: Bool = false, replace: Bool = false, password: Password? = nil, key2: [RESPArgument] = []) {
    self.host = host.respArgument
    self.port = port
    self.key = key
    self.destinationDb = destinationDb
    self.timeout = timeout
    self.copy = copy
    self.replace = replace
    self.password = password
    self.key2 = key2
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MIGRATE")
    e.append(host)
    e.append(.integer(port))
    key.encode(into: &e)
    e.append(.integer(destinationDb))
    e.append(.integer(timeout))
    if copy { e.append(word: "COPY") }
    if replace { e.append(word: "REPLACE") }
    if let password { password.encode(into: &e) }
    if !key2.isEmpty {
      e.append(word: "KEYS")
      e.append(key2)
    }
  }
}

/// Moves a key to another database.
///
/// `MOVE key db`, since 1.0.0. O(1)
public struct MOVE: Command {
  public typealias Response = Bool
  public static var name: String { "MOVE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var db: Int
  public init(_ key: some RESPEncodable, _ db: Int) {
    self.key = key.respArgument
    self.db = db
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MOVE")
    e.append(key)
    e.append(.integer(db))
  }
}

/// Subcommands of OBJECT.
public enum OBJECT {
  /// Returns how a value lies in memory.
  ///
  /// `OBJECT ENCODING key`, since 2.2.3. O(1)
  public struct ENCODING: Command {
    public typealias Response = RESPString?
    public static var name: String { "OBJECT ENCODING" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "OBJECT")
      e.append(word: "ENCODING")
      e.append(key)
    }
  }

  /// Returns the logarithmic access counter of a key.
  ///
  /// `OBJECT FREQ key`, since 4.0.0. O(1)
  public struct FREQ: Command {
    public typealias Response = Int?
    public static var name: String { "OBJECT FREQ" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "OBJECT")
      e.append(word: "FREQ")
      e.append(key)
    }
  }

  /// Returns the seconds since the last access to a key.
  ///
  /// `OBJECT IDLETIME key`, since 2.2.3. O(1)
  public struct IDLETIME: Command {
    public typealias Response = Int?
    public static var name: String { "OBJECT IDLETIME" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "OBJECT")
      e.append(word: "IDLETIME")
      e.append(key)
    }
  }

  /// Returns how many hold a value.
  ///
  /// `OBJECT REFCOUNT key`, since 2.2.3. O(1)
  public struct REFCOUNT: Command {
    public typealias Response = Int
    public static var name: String { "OBJECT REFCOUNT" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "OBJECT")
      e.append(word: "REFCOUNT")
      e.append(key)
    }
  }
}

/// Lets a key live for ever.
///
/// `PERSIST key`, since 2.2.0. O(1)
public struct PERSIST: Command {
  public typealias Response = Bool
  public static var name: String { "PERSIST" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PERSIST")
    e.append(key)
  }
}

/// Sets when a key expires, in milliseconds from now.
///
/// `PEXPIRE key milliseconds [NX | XX | GT | LT]`, since 2.6.0. O(1)
public struct PEXPIRE: Command {
  public typealias Response = Bool
  public static var name: String { "PEXPIRE" }
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
  public init(_ key: some RESPEncodable, milliseconds: Int, condition: Condition? = nil) {
    self.key = key.respArgument
    self.milliseconds = milliseconds
    self.condition = condition
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PEXPIRE")
    e.append(key)
    e.append(.integer(milliseconds))
    if let condition { condition.encode(into: &e) }
  }
}

/// Sets when a key expires, as a Unix time in milliseconds.
///
/// `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`, since 2.6.0. O(1)
public struct PEXPIREAT: Command {
  public typealias Response = Bool
  public static var name: String { "PEXPIREAT" }
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
  public init(_ key: some RESPEncodable, unixTimeMilliseconds: Int, condition: Condition? = nil) {
    self.key = key.respArgument
    self.unixTimeMilliseconds = unixTimeMilliseconds
    self.condition = condition
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PEXPIREAT")
    e.append(key)
    e.append(.integer(unixTimeMilliseconds))
    if let condition { condition.encode(into: &e) }
  }
}

/// Returns the Unix time in milliseconds at which a key expires.
///
/// `PEXPIRETIME key`, since 7.0.0. O(1)
public struct PEXPIRETIME: Command {
  public typealias Response = Int
  public static var name: String { "PEXPIRETIME" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PEXPIRETIME")
    e.append(key)
  }
}

/// Returns the milliseconds that a key has left to live.
///
/// `PTTL key`, since 2.6.0. O(1)
public struct PTTL: Command {
  public typealias Response = Int
  public static var name: String { "PTTL" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PTTL")
    e.append(key)
  }
}

/// Returns a random key name from the database.
///
/// `RANDOMKEY`, since 1.0.0. O(1)
public struct RANDOMKEY: Command {
  public typealias Response = RESPString?
  public static var name: String { "RANDOMKEY" }
  public static var isReadOnly: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RANDOMKEY")
  }
}

/// Renames a key and overwrites the destination.
///
/// `RENAME key newkey`, since 1.0.0. O(1)
public struct RENAME: Command {
  public typealias Response = OK
  public static var name: String { "RENAME" }
  public var keys: [RESPArgument] { [key] + [newkey] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var newkey: RESPArgument
  public init(_ key: some RESPEncodable, _ newkey: some RESPEncodable) {
    self.key = key.respArgument
    self.newkey = newkey.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RENAME")
    e.append(key)
    e.append(newkey)
  }
}

/// Renames a key only when the target key doesn't exist.
///
/// `RENAMENX key newkey`, since 1.0.0. O(1)
public struct RENAMENX: Command {
  public typealias Response = Bool
  public static var name: String { "RENAMENX" }
  public var keys: [RESPArgument] { [key] + [newkey] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var newkey: RESPArgument
  public init(_ key: some RESPEncodable, _ newkey: some RESPEncodable) {
    self.key = key.respArgument
    self.newkey = newkey.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RENAMENX")
    e.append(key)
    e.append(newkey)
  }
}

/// Creates a key from the bytes that DUMP returned.
///
/// `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`, since 2.6.0. O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size.
public struct RESTORE: Command {
  public typealias Response = OK
  public static var name: String { "RESTORE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var ttl: Int
  public var serializedValue: RESPArgument
  public var replace: Bool
  public var absttl: Bool
  public var seconds: Int?
  public var frequency: Int?
  public init(_ key: some RESPEncodable, ttl: Int, _ serializedValue: some RESPEncodable, replace: Bool = false, absttl: Bool = false, seconds: Int? = nil, frequency: Int? = nil) {
    self.key = key.respArgument
    self.ttl = ttl
    self.serializedValue = serializedValue.respArgument
    self.replace = replace
    self.absttl = absttl
    self.seconds = seconds
    self.frequency = frequency
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RESTORE")
    e.append(key)
    e.append(.integer(ttl))
    e.append(serializedValue)
    if replace { e.append(word: "REPLACE") }
    if absttl { e.append(word: "ABSTTL") }
    if let seconds {
      e.append(word: "IDLETIME")
      e.append(.integer(seconds))
    }
    if let frequency {
      e.append(word: "FREQ")
      e.append(.integer(frequency))
    }
  }
}

/// Iterates over the key names in the database.
///
/// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`, since 2.8.0. O(1)
public struct SCAN: Command {
  public typealias Response = ScanPage<RESPString>
  public static var name: String { "SCAN" }
  public static var isReadOnly: Bool { true }
  public var cursor: RESPArgument
  public var pattern: String?
  public var count: Int?
  public var type: RESPArgument?
  public init(_ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil, type: RESPArgument? = nil) {
    self.cursor = cursor.respArgument
    self.pattern = pattern
    self.count = count
    self.type = type
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SCAN")
    e.append(cursor)
    if let pattern {
      e.append(word: "MATCH")
      e.append(.string(pattern))
    }
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
    if let type {
      e.append(word: "TYPE")
      e.append(type)
    }
  }
}

/// Sorts the elements of a list, a set or a sorted set, and may store the result.
///
/// `SORT key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`, since 1.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
public struct SORT: Command {
  /// Sorts the elements of a list, a set or a sorted set, and may store the result.
  ///
  /// `SORT key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`, since 1.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
  public struct Store: Command {
    public typealias Response = Int
    public static var name: String { "SORT" }
    public var keys: [RESPArgument] { [key] + [destination] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var by: String?
    public var limit: (offset: Int, count: Int)?
    public var get: [RESPArgument]
    public var order: Order?
    public var alpha: Bool
    public var destination: RESPArgument
    public init(_ key: some RESPEncodable, _ destination: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: Order? = nil, alpha: Bool = false) {
      self.key = key.respArgument
      self.by = by
      self.limit = limit
      self.get = get
      self.order = order
      self.alpha = alpha
      self.destination = destination.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SORT")
      e.append(key)
      if let by {
        e.append(word: "BY")
        e.append(.string(by))
      }
      if let limit {
        e.append(word: "LIMIT")
        e.append(.integer(limit.offset))
        e.append(.integer(limit.count))
      }
      for item in get {
        e.append(word: "GET")
        e.append(item)
      }
      if let order { order.encode(into: &e) }
      if alpha { e.append(word: "ALPHA") }
      e.append(word: "STORE")
      e.append(destination)
    }
  }
  public typealias Response = [RESPString?]
  public static var name: String { "SORT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var by: String?
  public var limit: (offset: Int, count: Int)?
  public var get: [RESPArgument]
  public var order: Order?
  public var alpha: Bool
  public init(_ key: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: Order? = nil, alpha: Bool = false) {
    self.key = key.respArgument
    self.by = by
    self.limit = limit
    self.get = get
    self.order = order
    self.alpha = alpha
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SORT")
    e.append(key)
    if let by {
      e.append(word: "BY")
      e.append(.string(by))
    }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
    for item in get {
      e.append(word: "GET")
      e.append(item)
    }
    if let order { order.encode(into: &e) }
    if alpha { e.append(word: "ALPHA") }
  }
}

/// Returns the elements of a list, a set or a sorted set in order.
///
/// `SORT_RO key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA]`, since 7.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
public struct SORT_RO: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "SORT_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var by: String?
  public var limit: (offset: Int, count: Int)?
  public var get: [RESPArgument]
  public var order: Order?
  public var alpha: Bool
  public init(_ key: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: Order? = nil, alpha: Bool = false) {
    self.key = key.respArgument
    self.by = by
    self.limit = limit
    self.get = get
    self.order = order
    self.alpha = alpha
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SORT_RO")
    e.append(key)
    if let by {
      e.append(word: "BY")
      e.append(.string(by))
    }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit.offset))
      e.append(.integer(limit.count))
    }
    for item in get {
      e.append(word: "GET")
      e.append(item)
    }
    if let order { order.encode(into: &e) }
    if alpha { e.append(word: "ALPHA") }
  }
}

/// Counts how many of the keys exist after noting an access to them.
///
/// `TOUCH key [key ...]`, since 3.2.1. O(1)
public struct TOUCH: Command {
  public typealias Response = Int
  public static var name: String { "TOUCH" }
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
    e.append(word: "TOUCH")
    e.append(key)
  }
}

/// Returns the seconds that a key has left to live.
///
/// `TTL key`, since 1.0.0. O(1)
public struct TTL: Command {
  public typealias Response = Int
  public static var name: String { "TTL" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "TTL")
    e.append(key)
  }
}

/// Determines the type of the value stored at a key.
///
/// `TYPE key`, since 1.0.0. O(1)
public struct TYPE: Command {
  public typealias Response = RESPString
  public static var name: String { "TYPE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "TYPE")
    e.append(key)
  }
}

/// Deletes keys, freeing their memory in the background.
///
/// `UNLINK key [key ...]`, since 4.0.0. O(1)
public struct UNLINK: Command {
  public typealias Response = Int
  public static var name: String { "UNLINK" }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public init(_ key: [some RESPEncodable]) {
    self.key = key.map(\.respArgument)
  }
  public init(_ key: any RESPEncodable...) {
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "UNLINK")
    e.append(key)
  }
}

/// Waits until replicas have acknowledged the writes of this connection.
///
/// `WAIT numreplicas timeout`, since 3.0.0. O(1)
public struct WAIT: Command {
  public typealias Response = Int
  public static var name: String { "WAIT" }
  public var isBlocking: Bool { true }
  public var numreplicas: Int
  public var timeout: Int
  public init(numreplicas: Int, timeout: Int) {
    self.numreplicas = numreplicas
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "WAIT")
    e.append(.integer(numreplicas))
    e.append(.integer(timeout))
  }
}

/// Waits until the writes of this connection are in the append-only files of so many servers.
///
/// `WAITAOF numlocal numreplicas timeout`, since 7.2.0. O(1)
public struct WAITAOF: Command {
  public typealias Response = [Int]
  public static var name: String { "WAITAOF" }
  public var isBlocking: Bool { true }
  public var numlocal: Int
  public var numreplicas: Int
  public var timeout: Int
  public init(numlocal: Int, numreplicas: Int, timeout: Int) {
    self.numlocal = numlocal
    self.numreplicas = numreplicas
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "WAITAOF")
    e.append(.integer(numlocal))
    e.append(.integer(numreplicas))
    e.append(.integer(timeout))
  }
}

extension CommandSending {
  /// Copies the value of a key to a new key.
  ///
  /// `COPY source destination [DB destination-db] [REPLACE]`, since 6.2.0. O(1)
  @discardableResult
  public func copy(_ source: some RESPEncodable, _ destination: some RESPEncodable, destinationDb: Int? = nil, replace: Bool = false) async throws -> Bool {
    try await send(COPY(source, destination, destinationDb: destinationDb, replace: replace))
  }

  /// Deletes keys.
  ///
  /// `DEL key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func del(_ key: [some RESPEncodable]) async throws -> Int {
    try await send(DEL(key))
  }

  /// Deletes keys.
  ///
  /// `DEL key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func del(_ key: any RESPEncodable...) async throws -> Int {
    try await send(DEL(key.map(\.respArgument)))
  }

  /// Returns the value of a key as bytes that RESTORE takes.
  ///
  /// `DUMP key`, since 2.6.0. O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size.
  @discardableResult
  public func dump(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(DUMP(key))
  }

  /// Counts how many of the keys exist.
  ///
  /// `EXISTS key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func exists(_ key: [some RESPEncodable]) async throws -> Int {
    try await send(EXISTS(key))
  }

  /// Counts how many of the keys exist.
  ///
  /// `EXISTS key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func exists(_ key: any RESPEncodable...) async throws -> Int {
    try await send(EXISTS(key.map(\.respArgument)))
  }

  /// Sets when a key expires, in seconds from now.
  ///
  /// `EXPIRE key seconds [NX | XX | GT | LT]`, since 1.0.0. O(1)
  @discardableResult
  public func expire(_ key: some RESPEncodable, seconds: Int, condition: EXPIRE.Condition? = nil) async throws -> Bool {
    try await send(EXPIRE(key, seconds: seconds, condition: condition))
  }

  /// Sets when a key expires, as a Unix time in seconds.
  ///
  /// `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`, since 1.2.0. O(1)
  @discardableResult
  public func expireat(_ key: some RESPEncodable, unixTimeSeconds: Int, condition: EXPIREAT.Condition? = nil) async throws -> Bool {
    try await send(EXPIREAT(key, unixTimeSeconds: unixTimeSeconds, condition: condition))
  }

  /// Returns the Unix time in seconds at which a key expires.
  ///
  /// `EXPIRETIME key`, since 7.0.0. O(1)
  @discardableResult
  public func expiretime(_ key: some RESPEncodable) async throws -> Int {
    try await send(EXPIRETIME(key))
  }

  /// Returns all key names that match a pattern.
  ///
  /// `KEYS pattern`, since 1.0.0. O(1)
  @discardableResult
  public func keys(_ pattern: some RESPEncodable) async throws -> [RESPString] {
    try await send(KEYS(pattern))
  }

  /// Moves keys to another server, where they are before they go here.
  ///
  /// `MIGRATE host port <key | ""> destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]]`, since 2.6.0. This command actually executes a DUMP+DEL in the source instance, and a RESTORE in the target instance. See the pages of these commands for time complexity. Also an O(N) data transfer between the two instances is performed.
  @discardableResult
  public func migrate(_ host: some RESPEncodable, _ port: Int, key: MIGRATE.Key, _ destinationDb: Int, timeout: Int, copy: Bool = false, replace: Bool = false, password: MIGRATE.Password? = nil, key2: [RESPArgument] = []) async throws -> RESPValue {
    try await send(MIGRATE(host, port, key: key, destinationDb, timeout: timeout, copy: copy, replace: replace, password: password, key2: key2))
  }

  /// Moves a key to another database.
  ///
  /// `MOVE key db`, since 1.0.0. O(1)
  @discardableResult
  public func move(_ key: some RESPEncodable, _ db: Int) async throws -> Bool {
    try await send(MOVE(key, db))
  }

  /// Returns how a value lies in memory.
  ///
  /// `OBJECT ENCODING key`, since 2.2.3. O(1)
  @discardableResult
  public func objectEncoding(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(OBJECT.ENCODING(key))
  }

  /// Returns the logarithmic access counter of a key.
  ///
  /// `OBJECT FREQ key`, since 4.0.0. O(1)
  @discardableResult
  public func objectFreq(_ key: some RESPEncodable) async throws -> Int? {
    try await send(OBJECT.FREQ(key))
  }

  /// Returns the seconds since the last access to a key.
  ///
  /// `OBJECT IDLETIME key`, since 2.2.3. O(1)
  @discardableResult
  public func objectIdletime(_ key: some RESPEncodable) async throws -> Int? {
    try await send(OBJECT.IDLETIME(key))
  }

  /// Returns how many hold a value.
  ///
  /// `OBJECT REFCOUNT key`, since 2.2.3. O(1)
  @discardableResult
  public func objectRefcount(_ key: some RESPEncodable) async throws -> Int {
    try await send(OBJECT.REFCOUNT(key))
  }

  /// Lets a key live for ever.
  ///
  /// `PERSIST key`, since 2.2.0. O(1)
  @discardableResult
  public func persist(_ key: some RESPEncodable) async throws -> Bool {
    try await send(PERSIST(key))
  }

  /// Sets when a key expires, in milliseconds from now.
  ///
  /// `PEXPIRE key milliseconds [NX | XX | GT | LT]`, since 2.6.0. O(1)
  @discardableResult
  public func pexpire(_ key: some RESPEncodable, milliseconds: Int, condition: PEXPIRE.Condition? = nil) async throws -> Bool {
    try await send(PEXPIRE(key, milliseconds: milliseconds, condition: condition))
  }

  /// Sets when a key expires, as a Unix time in milliseconds.
  ///
  /// `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`, since 2.6.0. O(1)
  @discardableResult
  public func pexpireat(_ key: some RESPEncodable, unixTimeMilliseconds: Int, condition: PEXPIREAT.Condition? = nil) async throws -> Bool {
    try await send(PEXPIREAT(key, unixTimeMilliseconds: unixTimeMilliseconds, condition: condition))
  }

  /// Returns the Unix time in milliseconds at which a key expires.
  ///
  /// `PEXPIRETIME key`, since 7.0.0. O(1)
  @discardableResult
  public func pexpiretime(_ key: some RESPEncodable) async throws -> Int {
    try await send(PEXPIRETIME(key))
  }

  /// Returns the milliseconds that a key has left to live.
  ///
  /// `PTTL key`, since 2.6.0. O(1)
  @discardableResult
  public func pttl(_ key: some RESPEncodable) async throws -> Int {
    try await send(PTTL(key))
  }

  /// Returns a random key name from the database.
  ///
  /// `RANDOMKEY`, since 1.0.0. O(1)
  @discardableResult
  public func randomkey() async throws -> RESPString? {
    try await send(RANDOMKEY())
  }

  /// Renames a key and overwrites the destination.
  ///
  /// `RENAME key newkey`, since 1.0.0. O(1)
  @discardableResult
  public func rename(_ key: some RESPEncodable, _ newkey: some RESPEncodable) async throws -> OK {
    try await send(RENAME(key, newkey))
  }

  /// Renames a key only when the target key doesn't exist.
  ///
  /// `RENAMENX key newkey`, since 1.0.0. O(1)
  @discardableResult
  public func renamenx(_ key: some RESPEncodable, _ newkey: some RESPEncodable) async throws -> Bool {
    try await send(RENAMENX(key, newkey))
  }

  /// Creates a key from the bytes that DUMP returned.
  ///
  /// `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`, since 2.6.0. O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size.
  @discardableResult
  public func restore(_ key: some RESPEncodable, ttl: Int, _ serializedValue: some RESPEncodable, replace: Bool = false, absttl: Bool = false, seconds: Int? = nil, frequency: Int? = nil) async throws -> OK {
    try await send(RESTORE(key, ttl: ttl, serializedValue, replace: replace, absttl: absttl, seconds: seconds, frequency: frequency))
  }

  /// Iterates over the key names in the database.
  ///
  /// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`, since 2.8.0. O(1)
  @discardableResult
  public func scan(_ cursor: some RESPEncodable, pattern: String? = nil, count: Int? = nil, type: RESPArgument? = nil) async throws -> ScanPage<RESPString> {
    try await send(SCAN(cursor, pattern: pattern, count: count, type: type))
  }

  /// Sorts the elements of a list, a set or a sorted set, and may store the result.
  ///
  /// `SORT key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`, since 1.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
  @discardableResult
  public func sort(_ key: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: SORT.Order? = nil, alpha: Bool = false) async throws -> [RESPString?] {
    try await send(SORT(key, by: by, limit: limit, get: get, order: order, alpha: alpha))
  }

  /// Sorts the elements of a list, a set or a sorted set, and may store the result.
  ///
  /// `SORT key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`, since 1.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
  @discardableResult
  public func sortStore(_ key: some RESPEncodable, _ destination: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: SORT.Order? = nil, alpha: Bool = false) async throws -> Int {
    try await send(SORT.Store(key, destination, by: by, limit: limit, get: get, order: order, alpha: alpha))
  }

  /// Returns the elements of a list, a set or a sorted set in order.
  ///
  /// `SORT_RO key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA]`, since 7.0.0. O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements.
  @discardableResult
  public func sortRO(_ key: some RESPEncodable, by: String? = nil, limit: (offset: Int, count: Int)? = nil, get: [RESPArgument] = [], order: SORT_RO.Order? = nil, alpha: Bool = false) async throws -> [RESPString?] {
    try await send(SORT_RO(key, by: by, limit: limit, get: get, order: order, alpha: alpha))
  }

  /// Counts how many of the keys exist after noting an access to them.
  ///
  /// `TOUCH key [key ...]`, since 3.2.1. O(1)
  @discardableResult
  public func touch(_ key: [some RESPEncodable]) async throws -> Int {
    try await send(TOUCH(key))
  }

  /// Counts how many of the keys exist after noting an access to them.
  ///
  /// `TOUCH key [key ...]`, since 3.2.1. O(1)
  @discardableResult
  public func touch(_ key: any RESPEncodable...) async throws -> Int {
    try await send(TOUCH(key.map(\.respArgument)))
  }

  /// Returns the seconds that a key has left to live.
  ///
  /// `TTL key`, since 1.0.0. O(1)
  @discardableResult
  public func ttl(_ key: some RESPEncodable) async throws -> Int {
    try await send(TTL(key))
  }

  /// Determines the type of the value stored at a key.
  ///
  /// `TYPE key`, since 1.0.0. O(1)
  @discardableResult
  public func type(_ key: some RESPEncodable) async throws -> RESPString {
    try await send(TYPE(key))
  }

  /// Deletes keys, freeing their memory in the background.
  ///
  /// `UNLINK key [key ...]`, since 4.0.0. O(1)
  @discardableResult
  public func unlink(_ key: [some RESPEncodable]) async throws -> Int {
    try await send(UNLINK(key))
  }

  /// Deletes keys, freeing their memory in the background.
  ///
  /// `UNLINK key [key ...]`, since 4.0.0. O(1)
  @discardableResult
  public func unlink(_ key: any RESPEncodable...) async throws -> Int {
    try await send(UNLINK(key.map(\.respArgument)))
  }

  /// Waits until replicas have acknowledged the writes of this connection.
  ///
  /// `WAIT numreplicas timeout`, since 3.0.0. O(1)
  @discardableResult
  public func wait(numreplicas: Int, timeout: Int) async throws -> Int {
    try await send(WAIT(numreplicas: numreplicas, timeout: timeout))
  }

  /// Waits until the writes of this connection are in the append-only files of so many servers.
  ///
  /// `WAITAOF numlocal numreplicas timeout`, since 7.2.0. O(1)
  @discardableResult
  public func waitaof(numlocal: Int, numreplicas: Int, timeout: Int) async throws -> [Int] {
    try await send(WAITAOF(numlocal: numlocal, numreplicas: numreplicas, timeout: timeout))
  }
}
