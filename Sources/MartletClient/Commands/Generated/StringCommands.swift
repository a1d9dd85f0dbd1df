// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Appends a string to the value of a key.
///
/// `APPEND key value`, since 2.0.0. O(1)
public struct APPEND: Command {
  public typealias Response = Int
  public static var name: String { "APPEND" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "APPEND")
    e.append(key)
    e.append(value)
  }
}

/// Decrements the integer value of a key by one.
///
/// `DECR key`, since 1.0.0. O(1)
public struct DECR: Command {
  public typealias Response = Int
  public static var name: String { "DECR" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DECR")
    e.append(key)
  }
}

/// Decrements the integer value of a key by a number.
///
/// `DECRBY key decrement`, since 1.0.0. O(1)
public struct DECRBY: Command {
  public typealias Response = Int
  public static var name: String { "DECRBY" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var decrement: Int
  public init(_ key: some RESPEncodable, _ decrement: Int) {
    self.key = key.respArgument
    self.decrement = decrement
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DECRBY")
    e.append(key)
    e.append(.integer(decrement))
  }
}

/// Deletes a key if its value or the digest of its value fits.
///
/// `DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]`, since 8.4.0. O(1)
public struct DELEX: Command {
  public typealias Response = Bool
  public static var name: String { "DELEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case ifeq(RESPArgument)
    case ifne(RESPArgument)
    case ifdeq(RESPArgument)
    case ifdne(RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .ifeq(let value):
        e.append(word: "IFEQ")
        e.append(value)
      case .ifne(let value):
        e.append(word: "IFNE")
        e.append(value)
      case .ifdeq(let value):
        e.append(word: "IFDEQ")
        e.append(value)
      case .ifdne(let value):
        e.append(word: "IFDNE")
        e.append(value)
      }
    }
  }
  public var key: RESPArgument
  public var condition: Condition?
  public init(_ key: some RESPEncodable, condition: Condition? = nil) {
    self.key = key.respArgument
    self.condition = condition
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DELEX")
    e.append(key)
    if let condition { condition.encode(into: &e) }
  }
}

/// Deletes a key if its value equals the one given.
///
/// `DELIFEQ key value`, since 9.0.0. O(1)
public struct DELIFEQ: Command {
  public typealias Response = Bool
  public static var name: String { "DELIFEQ" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DELIFEQ")
    e.append(key)
    e.append(value)
  }
}

/// Returns the hash digest of a string value.
///
/// `DIGEST key`, since 8.4.0. O(1)
public struct DIGEST: Command {
  public typealias Response = RESPString?
  public static var name: String { "DIGEST" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DIGEST")
    e.append(key)
  }
}

/// Returns the string value of a key.
///
/// `GET key`, since 1.0.0. O(1)
public struct GET: Command {
  public typealias Response = RESPString?
  public static var name: String { "GET" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GET")
    e.append(key)
  }
}

/// Returns the string value of a key after deleting the key.
///
/// `GETDEL key`, since 6.2.0. O(1)
public struct GETDEL: Command {
  public typealias Response = RESPString?
  public static var name: String { "GETDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GETDEL")
    e.append(key)
  }
}

/// Returns the string value of a key after setting its time to live.
///
/// `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`, since 6.2.0. O(1)
public struct GETEX: Command {
  public typealias Response = RESPString?
  public static var name: String { "GETEX" }
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
  public init(_ key: some RESPEncodable, expiration: Expiration? = nil) {
    self.key = key.respArgument
    self.expiration = expiration
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GETEX")
    e.append(key)
    if let expiration { expiration.encode(into: &e) }
  }
}

/// Returns a part of the string stored at a key.
///
/// `GETRANGE key start end`, since 2.4.0. O(1)
public struct GETRANGE: Command {
  public typealias Response = RESPString
  public static var name: String { "GETRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var end: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ end: Int) {
    self.key = key.respArgument
    self.start = start
    self.end = end
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GETRANGE")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(end))
  }
}

/// Returns the previous string value of a key after setting it to a new value.
///
/// `GETSET key value`, since 1.0.0. O(1)
public struct GETSET: Command {
  public typealias Response = RESPString?
  public static var name: String { "GETSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GETSET")
    e.append(key)
    e.append(value)
  }
}

/// Increments the integer value of a key by one.
///
/// `INCR key`, since 1.0.0. O(1)
public struct INCR: Command {
  public typealias Response = Int
  public static var name: String { "INCR" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "INCR")
    e.append(key)
  }
}

/// Increments the integer value of a key by a number.
///
/// `INCRBY key increment`, since 1.0.0. O(1)
public struct INCRBY: Command {
  public typealias Response = Int
  public static var name: String { "INCRBY" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var increment: Int
  public init(_ key: some RESPEncodable, _ increment: Int) {
    self.key = key.respArgument
    self.increment = increment
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "INCRBY")
    e.append(key)
    e.append(.integer(increment))
  }
}

/// Increments the floating point value of a key by a number.
///
/// `INCRBYFLOAT key increment`, since 2.6.0. O(1)
public struct INCRBYFLOAT: Command {
  public typealias Response = Double
  public static var name: String { "INCRBYFLOAT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var increment: Double
  public init(_ key: some RESPEncodable, _ increment: Double) {
    self.key = key.respArgument
    self.increment = increment
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "INCRBYFLOAT")
    e.append(key)
    e.append(.double(increment))
  }
}

/// Increments a number within bounds and sets when it expires.
///
/// `INCREX key [BYFLOAT float | BYINT integer] [SATURATE] [LBOUND lowerbound] [UBOUND upperbound] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]`, since 8.8.0. O(1)
public struct INCREX: Command {
  public typealias Response = RESPValue
  public static var name: String { "INCREX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum By: Sendable {
    case byfloat(RESPArgument)
    case byint(Int)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .byfloat(let value):
        e.append(word: "BYFLOAT")
        e.append(value)
      case .byint(let value):
        e.append(word: "BYINT")
        e.append(.integer(value))
      }
    }
  }
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
  public var by: By?
  public var saturate: Bool
  public var lowerbound: RESPArgument?
  public var upperbound: RESPArgument?
  public var expiration: Expiration?
  public var enx: Bool
  public init(_ key: some RESPEncodable, by: By? = nil, saturate: Bool = false, lowerbound: RESPArgument? = nil, upperbound: RESPArgument? = nil, expiration: Expiration? = nil, enx: Bool = false) {
    self.key = key.respArgument
    self.by = by
    self.saturate = saturate
    self.lowerbound = lowerbound
    self.upperbound = upperbound
    self.expiration = expiration
    self.enx = enx
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "INCREX")
    e.append(key)
    if let by { by.encode(into: &e) }
    if saturate { e.append(word: "SATURATE") }
    if let lowerbound {
      e.append(word: "LBOUND")
      e.append(lowerbound)
    }
    if let upperbound {
      e.append(word: "UBOUND")
      e.append(upperbound)
    }
    if let expiration { expiration.encode(into: &e) }
    if enx { e.append(word: "ENX") }
  }
}

/// Finds the longest common substring of two values.
///
/// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
public struct LCS: Command {
  /// Finds the longest common substring of two values.
  ///
  /// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
  public struct Length: Command {
    public typealias Response = Int
    public static var name: String { "LCS" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key1] + [key2] }
    public var routingKey: RESPArgument? { key1 }
    public var key1: RESPArgument
    public var key2: RESPArgument
    public init(_ key1: some RESPEncodable, _ key2: some RESPEncodable) {
      self.key1 = key1.respArgument
      self.key2 = key2.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LCS")
      e.append(key1)
      e.append(key2)
      e.append(word: "LEN")
    }
  }
  /// Finds the longest common substring of two values.
  ///
  /// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
  public struct Matches: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "LCS" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key1] + [key2] }
    public var routingKey: RESPArgument? { key1 }
    public var key1: RESPArgument
    public var key2: RESPArgument
    public var minMatchLen: Int?
    public var withmatchlen: Bool
    public init(_ key1: some RESPEncodable, _ key2: some RESPEncodable, minMatchLen: Int? = nil, withmatchlen: Bool = false) {
      self.key1 = key1.respArgument
      self.key2 = key2.respArgument
      self.minMatchLen = minMatchLen
      self.withmatchlen = withmatchlen
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LCS")
      e.append(key1)
      e.append(key2)
      e.append(word: "IDX")
      if let minMatchLen {
        e.append(word: "MINMATCHLEN")
        e.append(.integer(minMatchLen))
      }
      if withmatchlen { e.append(word: "WITHMATCHLEN") }
    }
  }
  public typealias Response = RESPString
  public static var name: String { "LCS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key1] + [key2] }
  public var routingKey: RESPArgument? { key1 }
  public var key1: RESPArgument
  public var key2: RESPArgument
  public init(_ key1: some RESPEncodable, _ key2: some RESPEncodable) {
    self.key1 = key1.respArgument
    self.key2 = key2.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LCS")
    e.append(key1)
    e.append(key2)
  }
}

/// Returns the string values of several keys.
///
/// `MGET key [key ...]`, since 1.0.0. O(1)
public struct MGET: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "MGET" }
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
    e.append(word: "MGET")
    e.append(key)
  }
}

/// Sets the string values of several keys.
///
/// `MSET key value [key value ...]`, since 1.0.1. O(1)
public struct MSET: Command {
  public typealias Response = OK
  public static var name: String { "MSET" }
  public var keys: [RESPArgument] { data.names }
  public var data: RESPPairs
  public init(_ data: RESPPairs) {
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MSET")
    e.append(data)
  }
}

/// Sets the string values of several keys and the time at which they all expire.
///
/// `MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 8.4.0. O(1)
public struct MSETEX: Command {
  public typealias Response = Bool
  public static var name: String { "MSETEX" }
  public var keys: [RESPArgument] { data.names }
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
  public var data: RESPPairs
  public var condition: Condition?
  public var expiration: Expiration?
  public init(_ data: RESPPairs, condition: Condition? = nil, expiration: Expiration? = nil) {
    self.data = data
    self.condition = condition
    self.expiration = expiration
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MSETEX")
    e.append(.integer(data.count))
    e.append(data)
    if let condition { condition.encode(into: &e) }
    if let expiration { expiration.encode(into: &e) }
  }
}

/// Sets the string values of several keys, if none of them exists.
///
/// `MSETNX key value [key value ...]`, since 1.0.1. O(1)
public struct MSETNX: Command {
  public typealias Response = Bool
  public static var name: String { "MSETNX" }
  public var keys: [RESPArgument] { data.names }
  public var data: RESPPairs
  public init(_ data: RESPPairs) {
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MSETNX")
    e.append(data)
  }
}

/// Sets the string value and the time to live of a key, in milliseconds.
///
/// `PSETEX key milliseconds value`, since 2.6.0. O(1)
public struct PSETEX: Command {
  public typealias Response = OK
  public static var name: String { "PSETEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var milliseconds: Int
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, milliseconds: Int, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.milliseconds = milliseconds
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PSETEX")
    e.append(key)
    e.append(.integer(milliseconds))
    e.append(value)
  }
}

/// Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.
///
/// `SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 1.0.0. O(1)
public struct SET: Command {
  /// Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.
  ///
  /// `SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 1.0.0. O(1)
  public struct Get: Command {
    public typealias Response = RESPString?
    public static var name: String { "SET" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var value: RESPArgument
    public var condition: Condition?
    public var expiration: Expiration?
    public init(_ key: some RESPEncodable, _ value: some RESPEncodable, condition: Condition? = nil, expiration: Expiration? = nil) {
      self.key = key.respArgument
      self.value = value.respArgument
      self.condition = condition
      self.expiration = expiration
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SET")
      e.append(key)
      e.append(value)
      if let condition { condition.encode(into: &e) }
      e.append(word: "GET")
      if let expiration { expiration.encode(into: &e) }
    }
  }
  public typealias Response = Bool
  public static var name: String { "SET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    case ifeq(RESPArgument)
    case ifne(RESPArgument)
    case ifdeq(RESPArgument)
    case ifdne(RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      case .ifeq(let value):
        e.append(word: "IFEQ")
        e.append(value)
      case .ifne(let value):
        e.append(word: "IFNE")
        e.append(value)
      case .ifdeq(let value):
        e.append(word: "IFDEQ")
        e.append(value)
      case .ifdne(let value):
        e.append(word: "IFDNE")
        e.append(value)
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
  public var value: RESPArgument
  public var condition: Condition?
  public var expiration: Expiration?
  public init(_ key: some RESPEncodable, _ value: some RESPEncodable, condition: Condition? = nil, expiration: Expiration? = nil) {
    self.key = key.respArgument
    self.value = value.respArgument
    self.condition = condition
    self.expiration = expiration
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SET")
    e.append(key)
    e.append(value)
    if let condition { condition.encode(into: &e) }
    if let expiration { expiration.encode(into: &e) }
  }
}

/// Sets the string value and the time to live of a key, in seconds.
///
/// `SETEX key seconds value`, since 2.0.0. O(1)
public struct SETEX: Command {
  public typealias Response = OK
  public static var name: String { "SETEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var seconds: Int
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, seconds: Int, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.seconds = seconds
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SETEX")
    e.append(key)
    e.append(.integer(seconds))
    e.append(value)
  }
}

/// Sets the string value of a key only when the key doesn't exist.
///
/// `SETNX key value`, since 1.0.0. O(1)
public struct SETNX: Command {
  public typealias Response = Bool
  public static var name: String { "SETNX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SETNX")
    e.append(key)
    e.append(value)
  }
}

/// Overwrites a part of a string, from an offset on.
///
/// `SETRANGE key offset value`, since 2.2.0. O(1)
public struct SETRANGE: Command {
  public typealias Response = Int
  public static var name: String { "SETRANGE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var offset: Int
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ offset: Int, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.offset = offset
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SETRANGE")
    e.append(key)
    e.append(.integer(offset))
    e.append(value)
  }
}

/// Returns the length of a string value.
///
/// `STRLEN key`, since 2.2.0. O(1)
public struct STRLEN: Command {
  public typealias Response = Int
  public static var name: String { "STRLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "STRLEN")
    e.append(key)
  }
}

/// Returns a part of the string stored at a key.
///
/// `SUBSTR key start end`, since 1.0.0. O(1)
public struct SUBSTR: Command {
  public typealias Response = RESPString
  public static var name: String { "SUBSTR" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var end: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ end: Int) {
    self.key = key.respArgument
    self.start = start
    self.end = end
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SUBSTR")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(end))
  }
}

extension CommandSending {
  /// Appends a string to the value of a key.
  ///
  /// `APPEND key value`, since 2.0.0. O(1)
  @discardableResult
  public func append(_ key: some RESPEncodable, _ value: some RESPEncodable) async throws -> Int {
    try await send(APPEND(key, value))
  }

  /// Decrements the integer value of a key by one.
  ///
  /// `DECR key`, since 1.0.0. O(1)
  @discardableResult
  public func decr(_ key: some RESPEncodable) async throws -> Int {
    try await send(DECR(key))
  }

  /// Decrements the integer value of a key by a number.
  ///
  /// `DECRBY key decrement`, since 1.0.0. O(1)
  @discardableResult
  public func decrby(_ key: some RESPEncodable, _ decrement: Int) async throws -> Int {
    try await send(DECRBY(key, decrement))
  }

  /// Deletes a key if its value or the digest of its value fits.
  ///
  /// `DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]`, since 8.4.0. O(1)
  @discardableResult
  public func delex(_ key: some RESPEncodable, condition: DELEX.Condition? = nil) async throws -> Bool {
    try await send(DELEX(key, condition: condition))
  }

  /// Deletes a key if its value equals the one given.
  ///
  /// `DELIFEQ key value`, since 9.0.0. O(1)
  @discardableResult
  public func delifeq(_ key: some RESPEncodable, _ value: some RESPEncodable) async throws -> Bool {
    try await send(DELIFEQ(key, value))
  }

  /// Returns the hash digest of a string value.
  ///
  /// `DIGEST key`, since 8.4.0. O(1)
  @discardableResult
  public func digest(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(DIGEST(key))
  }

  /// Returns the string value of a key.
  ///
  /// `GET key`, since 1.0.0. O(1)
  @discardableResult
  public func get(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(GET(key))
  }

  /// Returns the string value of a key after deleting the key.
  ///
  /// `GETDEL key`, since 6.2.0. O(1)
  @discardableResult
  public func getdel(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(GETDEL(key))
  }

  /// Returns the string value of a key after setting its time to live.
  ///
  /// `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`, since 6.2.0. O(1)
  @discardableResult
  public func getex(_ key: some RESPEncodable, expiration: GETEX.Expiration? = nil) async throws -> RESPString? {
    try await send(GETEX(key, expiration: expiration))
  }

  /// Returns a part of the string stored at a key.
  ///
  /// `GETRANGE key start end`, since 2.4.0. O(1)
  @discardableResult
  public func getrange(_ key: some RESPEncodable, _ start: Int, _ end: Int) async throws -> RESPString {
    try await send(GETRANGE(key, start, end))
  }

  /// Returns the previous string value of a key after setting it to a new value.
  ///
  /// `GETSET key value`, since 1.0.0. O(1)
  @discardableResult
  public func getset(_ key: some RESPEncodable, _ value: some RESPEncodable) async throws -> RESPString? {
    try await send(GETSET(key, value))
  }

  /// Increments the integer value of a key by one.
  ///
  /// `INCR key`, since 1.0.0. O(1)
  @discardableResult
  public func incr(_ key: some RESPEncodable) async throws -> Int {
    try await send(INCR(key))
  }

  /// Increments the integer value of a key by a number.
  ///
  /// `INCRBY key increment`, since 1.0.0. O(1)
  @discardableResult
  public func incrby(_ key: some RESPEncodable, _ increment: Int) async throws -> Int {
    try await send(INCRBY(key, increment))
  }

  /// Increments the floating point value of a key by a number.
  ///
  /// `INCRBYFLOAT key increment`, since 2.6.0. O(1)
  @discardableResult
  public func incrbyfloat(_ key: some RESPEncodable, _ increment: Double) async throws -> Double {
    try await send(INCRBYFLOAT(key, increment))
  }

  /// Increments a number within bounds and sets when it expires.
  ///
  /// `INCREX key [BYFLOAT float | BYINT integer] [SATURATE] [LBOUND lowerbound] [UBOUND upperbound] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]`, since 8.8.0. O(1)
  @discardableResult
  public func increx(_ key: some RESPEncodable, by: INCREX.By? = nil, saturate: Bool = false, lowerbound: RESPArgument? = nil, upperbound: RESPArgument? = nil, expiration: INCREX.Expiration? = nil, enx: Bool = false) async throws -> RESPValue {
    try await send(INCREX(key, by: by, saturate: saturate, lowerbound: lowerbound, upperbound: upperbound, expiration: expiration, enx: enx))
  }

  /// Finds the longest common substring of two values.
  ///
  /// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
  @discardableResult
  public func lcs(_ key1: some RESPEncodable, _ key2: some RESPEncodable) async throws -> RESPString {
    try await send(LCS(key1, key2))
  }

  /// Finds the longest common substring of two values.
  ///
  /// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
  @discardableResult
  public func lcsLength(_ key1: some RESPEncodable, _ key2: some RESPEncodable) async throws -> Int {
    try await send(LCS.Length(key1, key2))
  }

  /// Finds the longest common substring of two values.
  ///
  /// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`, since 7.0.0. O(1)
  @discardableResult
  public func lcsMatches(_ key1: some RESPEncodable, _ key2: some RESPEncodable, minMatchLen: Int? = nil, withmatchlen: Bool = false) async throws -> [RESPString: RESPValue] {
    try await send(LCS.Matches(key1, key2, minMatchLen: minMatchLen, withmatchlen: withmatchlen))
  }

  /// Returns the string values of several keys.
  ///
  /// `MGET key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func mget(_ key: [some RESPEncodable]) async throws -> [RESPString?] {
    try await send(MGET(key))
  }

  /// Returns the string values of several keys.
  ///
  /// `MGET key [key ...]`, since 1.0.0. O(1)
  @discardableResult
  public func mget(_ key: any RESPEncodable...) async throws -> [RESPString?] {
    try await send(MGET(key.map(\.respArgument)))
  }

  /// Sets the string values of several keys.
  ///
  /// `MSET key value [key value ...]`, since 1.0.1. O(1)
  @discardableResult
  public func mset(_ data: RESPPairs) async throws -> OK {
    try await send(MSET(data))
  }

  /// Sets the string values of several keys and the time at which they all expire.
  ///
  /// `MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 8.4.0. O(1)
  @discardableResult
  public func msetex(_ data: RESPPairs, condition: MSETEX.Condition? = nil, expiration: MSETEX.Expiration? = nil) async throws -> Bool {
    try await send(MSETEX(data, condition: condition, expiration: expiration))
  }

  /// Sets the string values of several keys, if none of them exists.
  ///
  /// `MSETNX key value [key value ...]`, since 1.0.1. O(1)
  @discardableResult
  public func msetnx(_ data: RESPPairs) async throws -> Bool {
    try await send(MSETNX(data))
  }

  /// Sets the string value and the time to live of a key, in milliseconds.
  ///
  /// `PSETEX key milliseconds value`, since 2.6.0. O(1)
  @discardableResult
  public func psetex(_ key: some RESPEncodable, milliseconds: Int, _ value: some RESPEncodable) async throws -> OK {
    try await send(PSETEX(key, milliseconds: milliseconds, value))
  }

  /// Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.
  ///
  /// `SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 1.0.0. O(1)
  @discardableResult
  public func set(_ key: some RESPEncodable, _ value: some RESPEncodable, condition: SET.Condition? = nil, expiration: SET.Expiration? = nil) async throws -> Bool {
    try await send(SET(key, value, condition: condition, expiration: expiration))
  }

  /// Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.
  ///
  /// `SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`, since 1.0.0. O(1)
  @discardableResult
  public func setGet(_ key: some RESPEncodable, _ value: some RESPEncodable, condition: SET.Condition? = nil, expiration: SET.Expiration? = nil) async throws -> RESPString? {
    try await send(SET.Get(key, value, condition: condition, expiration: expiration))
  }

  /// Sets the string value and the time to live of a key, in seconds.
  ///
  /// `SETEX key seconds value`, since 2.0.0. O(1)
  @discardableResult
  public func setex(_ key: some RESPEncodable, seconds: Int, _ value: some RESPEncodable) async throws -> OK {
    try await send(SETEX(key, seconds: seconds, value))
  }

  /// Sets the string value of a key only when the key doesn't exist.
  ///
  /// `SETNX key value`, since 1.0.0. O(1)
  @discardableResult
  public func setnx(_ key: some RESPEncodable, _ value: some RESPEncodable) async throws -> Bool {
    try await send(SETNX(key, value))
  }

  /// Overwrites a part of a string, from an offset on.
  ///
  /// `SETRANGE key offset value`, since 2.2.0. O(1)
  @discardableResult
  public func setrange(_ key: some RESPEncodable, _ offset: Int, _ value: some RESPEncodable) async throws -> Int {
    try await send(SETRANGE(key, offset, value))
  }

  /// Returns the length of a string value.
  ///
  /// `STRLEN key`, since 2.2.0. O(1)
  @discardableResult
  public func strlen(_ key: some RESPEncodable) async throws -> Int {
    try await send(STRLEN(key))
  }

  /// Returns a part of the string stored at a key.
  ///
  /// `SUBSTR key start end`, since 1.0.0. O(1)
  @discardableResult
  public func substr(_ key: some RESPEncodable, _ start: Int, _ end: Int) async throws -> RESPString {
    try await send(SUBSTR(key, start, end))
  }
}
