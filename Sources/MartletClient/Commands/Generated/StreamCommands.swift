// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Acknowledges entries that are pending in a consumer group.
///
/// `XACK key group id [id ...]`, since 5.0.0. O(1) for each message ID processed.
public struct XACK: Command {
  public typealias Response = Int
  public static var name: String { "XACK" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var group: RESPArgument
  public var id: [RESPArgument]
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: [some RESPEncodable]) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.id = id.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: any RESPEncodable...) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XACK")
    e.append(key)
    e.append(group)
    e.append(id)
  }
}

/// Acknowledges entries in a consumer group and removes them from the stream.
///
/// `XACKDEL key group [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each entry ID processed.
public struct XACKDEL: Command {
  public typealias Response = [Int]
  public static var name: String { "XACKDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum References: Sendable {
    case keepref
    case delref
    case acked
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .keepref: e.append(word: "KEEPREF")
      case .delref: e.append(word: "DELREF")
      case .acked: e.append(word: "ACKED")
      }
    }
  }
  public var key: RESPArgument
  public var group: RESPArgument
  public var references: References?
  public var id: [RESPArgument]
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: [some RESPEncodable], references: References? = nil) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.references = references
    self.id = id.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: any RESPEncodable..., references: References? = nil) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.references = references
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XACKDEL")
    e.append(key)
    e.append(group)
    if let references { references.encode(into: &e) }
    e.append(word: "IDS")
    e.append(.integer(id.count))
    e.append(id)
  }
}

/// Appends an entry to a stream.
///
/// `XADD key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]`, since 5.0.0. O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.
public struct XADD: Command {
  public typealias Response = RESPString?
  public static var name: String { "XADD" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum References: Sendable {
    case keepref
    case delref
    case acked
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .keepref: e.append(word: "KEEPREF")
      case .delref: e.append(word: "DELREF")
      case .acked: e.append(word: "ACKED")
      }
    }
  }
  public enum Producer: Sendable {
    case idmpauto(RESPArgument)
    case idmp(producer: RESPArgument, iid: RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .idmpauto(let value):
        e.append(word: "IDMPAUTO")
        e.append(value)
      case .idmp(let producer, let iid):
        e.append(word: "IDMP")
        e.append(producer)
        e.append(iid)
      }
    }
  }
  public struct Trim: Sendable {
    public enum Strategy: Sendable {
      case maxlen
      case minid
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .maxlen: e.append(word: "MAXLEN")
        case .minid: e.append(word: "MINID")
        }
      }
    }
    public enum Exactness: Sendable {
      case exactness
      case approximately
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .exactness: e.append(word: "=")
        case .approximately: e.append(word: "~")
        }
      }
    }
    public var strategy: Strategy
    public var exactness: Exactness?
    public var threshold: RESPArgument
    public var count: Int?
    public init(strategy: Strategy, threshold: some RESPEncodable, exactness: Exactness? = nil, count: Int? = nil) {
      self.strategy = strategy
      self.exactness = exactness
      self.threshold = threshold.respArgument
      self.count = count
    }
    func encode(into e: inout CommandEncoder) {
      strategy.encode(into: &e)
      if let exactness { exactness.encode(into: &e) }
      e.append(threshold)
      if let count {
        e.append(word: "LIMIT")
        e.append(.integer(count))
      }
    }
  }
  public enum Id: Sendable {
    case autoID
    case id(RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .autoID: e.append(word: "*")
      case .id(let value):
        e.append(value)
      }
    }
  }
  public var key: RESPArgument
  public var nomkstream: Bool
  public var references: References?
  public var producer: Producer?
  public var trim: Trim?
  public var id: Id
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs, nomkstream: Bool = false, references: References? = nil, producer: Producer? = nil, trim: Trim? = nil, id: Id = .autoID) {
    self.key = key.respArgument
    self.nomkstream = nomkstream
    self.references = references
    self.producer = producer
    self.trim = trim
    self.id = id
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XADD")
    e.append(key)
    if nomkstream { e.append(word: "NOMKSTREAM") }
    if let references { references.encode(into: &e) }
    if let producer { producer.encode(into: &e) }
    if let trim { trim.encode(into: &e) }
    id.encode(into: &e)
    e.append(data)
  }
}

/// Makes a consumer the owner of entries that are pending for long, whichever they are.
///
/// `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`, since 6.2.0. O(1) if COUNT is small.
public struct XAUTOCLAIM: Command {
  /// Makes a consumer the owner of entries that are pending for long, whichever they are.
  ///
  /// `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`, since 6.2.0. O(1) if COUNT is small.
  public struct JustID: Command {
    public typealias Response = RESPValue
    public static var name: String { "XAUTOCLAIM" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public var consumer: RESPArgument
    public var minIdleMilliseconds: Int
    public var start: RESPArgument
    public var count: Int?
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ start: some RESPEncodable, count: Int? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.consumer = consumer.respArgument
      self.minIdleMilliseconds = minIdleMilliseconds
      self.start = start.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XAUTOCLAIM")
      e.append(key)
      e.append(group)
      e.append(consumer)
      e.append(.integer(minIdleMilliseconds))
      e.append(start)
      if let count {
        e.append(word: "COUNT")
        e.append(.integer(count))
      }
      e.append(word: "JUSTID")
    }
  }
  public typealias Response = ClaimedEntries
  public static var name: String { "XAUTOCLAIM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var group: RESPArgument
  public var consumer: RESPArgument
  public var minIdleMilliseconds: Int
  public var start: RESPArgument
  public var count: Int?
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ start: some RESPEncodable, count: Int? = nil) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.consumer = consumer.respArgument
    self.minIdleMilliseconds = minIdleMilliseconds
    self.start = start.respArgument
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XAUTOCLAIM")
    e.append(key)
    e.append(group)
    e.append(consumer)
    e.append(.integer(minIdleMilliseconds))
    e.append(start)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Sets for how long, and how many, entries of producers are remembered to recognise duplicates.
///
/// `XCFGSET key [IDMP-DURATION idmp-duration] [IDMP-MAXSIZE idmp-maxsize]`, since 8.6.0. O(1)
public struct XCFGSET: Command {
  public typealias Response = OK
  public static var name: String { "XCFGSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var idmpDuration: Int?
  public var idmpMaxsize: Int?
  public init(_ key: some RESPEncodable, idmpDuration: Int? = nil, idmpMaxsize: Int? = nil) {
    self.key = key.respArgument
    self.idmpDuration = idmpDuration
    self.idmpMaxsize = idmpMaxsize
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XCFGSET")
    e.append(key)
    if let idmpDuration {
      e.append(word: "IDMP-DURATION")
      e.append(.integer(idmpDuration))
    }
    if let idmpMaxsize {
      e.append(word: "IDMP-MAXSIZE")
      e.append(.integer(idmpMaxsize))
    }
  }
}

/// Makes a consumer the owner of pending entries.
///
/// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
public struct XCLAIM: Command {
  /// Makes a consumer the owner of pending entries.
  ///
  /// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
  public struct JustID: Command {
    public typealias Response = [RESPString]
    public static var name: String { "XCLAIM" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public var consumer: RESPArgument
    public var minIdleMilliseconds: Int
    public var id: [RESPArgument]
    public var idle: Int?
    public var unixTimeMilliseconds: Int?
    public var count: Int?
    public var force: Bool
    public var lastid: RESPArgument?
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: [some RESPEncodable], idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.consumer = consumer.respArgument
      self.minIdleMilliseconds = minIdleMilliseconds
      self.id = id.map(\.respArgument)
      self.idle = idle
      self.unixTimeMilliseconds = unixTimeMilliseconds
      self.count = count
      self.force = force
      self.lastid = lastid
    }
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: any RESPEncodable..., idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.consumer = consumer.respArgument
      self.minIdleMilliseconds = minIdleMilliseconds
      self.id = id.map(\.respArgument)
      self.idle = idle
      self.unixTimeMilliseconds = unixTimeMilliseconds
      self.count = count
      self.force = force
      self.lastid = lastid
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XCLAIM")
      e.append(key)
      e.append(group)
      e.append(consumer)
      e.append(.integer(minIdleMilliseconds))
      e.append(id)
      if let idle {
        e.append(word: "IDLE")
        e.append(.integer(idle))
      }
      if let unixTimeMilliseconds {
        e.append(word: "TIME")
        e.append(.integer(unixTimeMilliseconds))
      }
      if let count {
        e.append(word: "RETRYCOUNT")
        e.append(.integer(count))
      }
      if force { e.append(word: "FORCE") }
      e.append(word: "JUSTID")
      if let lastid {
        e.append(word: "LASTID")
        e.append(lastid)
      }
    }
  }
  public typealias Response = [StreamEntry]
  public static var name: String { "XCLAIM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var group: RESPArgument
  public var consumer: RESPArgument
  public var minIdleMilliseconds: Int
  public var id: [RESPArgument]
  public var idle: Int?
  public var unixTimeMilliseconds: Int?
  public var count: Int?
  public var force: Bool
  public var lastid: RESPArgument?
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: [some RESPEncodable], idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.consumer = consumer.respArgument
    self.minIdleMilliseconds = minIdleMilliseconds
    self.id = id.map(\.respArgument)
    self.idle = idle
    self.unixTimeMilliseconds = unixTimeMilliseconds
    self.count = count
    self.force = force
    self.lastid = lastid
  }
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: any RESPEncodable..., idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.consumer = consumer.respArgument
    self.minIdleMilliseconds = minIdleMilliseconds
    self.id = id.map(\.respArgument)
    self.idle = idle
    self.unixTimeMilliseconds = unixTimeMilliseconds
    self.count = count
    self.force = force
    self.lastid = lastid
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XCLAIM")
    e.append(key)
    e.append(group)
    e.append(consumer)
    e.append(.integer(minIdleMilliseconds))
    e.append(id)
    if let idle {
      e.append(word: "IDLE")
      e.append(.integer(idle))
    }
    if let unixTimeMilliseconds {
      e.append(word: "TIME")
      e.append(.integer(unixTimeMilliseconds))
    }
    if let count {
      e.append(word: "RETRYCOUNT")
      e.append(.integer(count))
    }
    if force { e.append(word: "FORCE") }
    if let lastid {
      e.append(word: "LASTID")
      e.append(lastid)
    }
  }
}

/// Removes entries from a stream.
///
/// `XDEL key id [id ...]`, since 5.0.0. O(1) for each single item to delete in the stream, regardless of the stream size.
public struct XDEL: Command {
  public typealias Response = Int
  public static var name: String { "XDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var id: [RESPArgument]
  public init(_ key: some RESPEncodable, _ id: [some RESPEncodable]) {
    self.key = key.respArgument
    self.id = id.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ id: any RESPEncodable...) {
    self.key = key.respArgument
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XDEL")
    e.append(key)
    e.append(id)
  }
}

/// Removes entries from a stream, and says what becomes of them where they are pending.
///
/// `XDELEX key [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each single item to delete in the stream, regardless of the stream size.
public struct XDELEX: Command {
  public typealias Response = [Int]
  public static var name: String { "XDELEX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum References: Sendable {
    case keepref
    case delref
    case acked
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .keepref: e.append(word: "KEEPREF")
      case .delref: e.append(word: "DELREF")
      case .acked: e.append(word: "ACKED")
      }
    }
  }
  public var key: RESPArgument
  public var references: References?
  public var id: [RESPArgument]
  public init(_ key: some RESPEncodable, _ id: [some RESPEncodable], references: References? = nil) {
    self.key = key.respArgument
    self.references = references
    self.id = id.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ id: any RESPEncodable..., references: References? = nil) {
    self.key = key.respArgument
    self.references = references
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XDELEX")
    e.append(key)
    if let references { references.encode(into: &e) }
    e.append(word: "IDS")
    e.append(.integer(id.count))
    e.append(id)
  }
}

/// Subcommands of XGROUP.
public enum XGROUP {
  /// Creates a consumer group.
  ///
  /// `XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]`, since 5.0.0. O(1)
  public struct CREATE: Command {
    public typealias Response = OK
    public static var name: String { "XGROUP CREATE" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public enum Id: Sendable {
      case id(RESPArgument)
      case newId
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .id(let value):
          e.append(value)
        case .newId: e.append(word: "$")
        }
      }
    }
    public var key: RESPArgument
    public var group: RESPArgument
    public var id: Id
    public var mkstream: Bool
    public var entriesRead: Int?
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, id: Id, mkstream: Bool = false, entriesRead: Int? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.id = id
      self.mkstream = mkstream
      self.entriesRead = entriesRead
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XGROUP")
      e.append(word: "CREATE")
      e.append(key)
      e.append(group)
      id.encode(into: &e)
      if mkstream { e.append(word: "MKSTREAM") }
      if let entriesRead {
        e.append(word: "ENTRIESREAD")
        e.append(.integer(entriesRead))
      }
    }
  }

  /// Sets how far a consumer group has read.
  ///
  /// `XGROUP SETID key group <id | $> [ENTRIESREAD entries-read]`, since 5.0.0. O(1)
  public struct SETID: Command {
    public typealias Response = OK
    public static var name: String { "XGROUP SETID" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public enum Id: Sendable {
      case id(RESPArgument)
      case newId
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .id(let value):
          e.append(value)
        case .newId: e.append(word: "$")
        }
      }
    }
    public var key: RESPArgument
    public var group: RESPArgument
    public var id: Id
    public var entriesRead: Int?
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, id: Id, entriesRead: Int? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.id = id
      self.entriesRead = entriesRead
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XGROUP")
      e.append(word: "SETID")
      e.append(key)
      e.append(group)
      id.encode(into: &e)
      if let entriesRead {
        e.append(word: "ENTRIESREAD")
        e.append(.integer(entriesRead))
      }
    }
  }

  /// Removes a consumer group with all that is pending in it.
  ///
  /// `XGROUP DESTROY key group`, since 5.0.0. O(N) where N is the number of entries in the group's pending entries list (PEL).
  public struct DESTROY: Command {
    public typealias Response = Bool
    public static var name: String { "XGROUP DESTROY" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable) {
      self.key = key.respArgument
      self.group = group.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XGROUP")
      e.append(word: "DESTROY")
      e.append(key)
      e.append(group)
    }
  }

  /// Creates a consumer in a consumer group.
  ///
  /// `XGROUP CREATECONSUMER key group consumer`, since 6.2.0. O(1)
  public struct CREATECONSUMER: Command {
    public typealias Response = Bool
    public static var name: String { "XGROUP CREATECONSUMER" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public var consumer: RESPArgument
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.consumer = consumer.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XGROUP")
      e.append(word: "CREATECONSUMER")
      e.append(key)
      e.append(group)
      e.append(consumer)
    }
  }

  /// Removes a consumer with all that it has pending.
  ///
  /// `XGROUP DELCONSUMER key group consumer`, since 5.0.0. O(1)
  public struct DELCONSUMER: Command {
    public typealias Response = Int
    public static var name: String { "XGROUP DELCONSUMER" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public var consumer: RESPArgument
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.consumer = consumer.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XGROUP")
      e.append(word: "DELCONSUMER")
      e.append(key)
      e.append(group)
      e.append(consumer)
    }
  }
}

/// Subcommands of XINFO.
public enum XINFO {
  /// Returns the consumers of a consumer group.
  ///
  /// `XINFO CONSUMERS key group`, since 5.0.0. O(1)
  public struct CONSUMERS: Command {
    public typealias Response = [[RESPString: RESPValue]]
    public static var name: String { "XINFO CONSUMERS" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable) {
      self.key = key.respArgument
      self.group = group.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XINFO")
      e.append(word: "CONSUMERS")
      e.append(key)
      e.append(group)
    }
  }

  /// Returns the consumer groups of a stream.
  ///
  /// `XINFO GROUPS key`, since 5.0.0. O(1)
  public struct GROUPS: Command {
    public typealias Response = [[RESPString: RESPValue]]
    public static var name: String { "XINFO GROUPS" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XINFO")
      e.append(word: "GROUPS")
      e.append(key)
    }
  }

  /// Returns what is known of a stream.
  ///
  /// `XINFO STREAM key [FULL [COUNT count]]`, since 5.0.0. O(1)
  public struct STREAM: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "XINFO STREAM" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public struct Full: Sendable {
      public var count: Int?
      public init(count: Int? = nil) {
        self.count = count
      }
      func encode(into e: inout CommandEncoder) {
        e.append(word: "FULL")
        if let count {
          e.append(word: "COUNT")
          e.append(.integer(count))
        }
      }
    }
    public var key: RESPArgument
    public var full: Full?
    public init(_ key: some RESPEncodable, full: Full? = nil) {
      self.key = key.respArgument
      self.full = full
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XINFO")
      e.append(word: "STREAM")
      e.append(key)
      if let full { full.encode(into: &e) }
    }
  }
}

/// Returns the number of entries in a stream.
///
/// `XLEN key`, since 5.0.0. O(1)
public struct XLEN: Command {
  public typealias Response = Int
  public static var name: String { "XLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XLEN")
    e.append(key)
  }
}

/// Gives pending entries back to their group, for whoever claims next.
///
/// `XNACK key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]`, since 8.8.0. O(1) for each message ID processed.
public struct XNACK: Command {
  public typealias Response = RESPValue
  public static var name: String { "XNACK" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Mode: Sendable {
    case silent
    case fail
    case fatal
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .silent: e.append(word: "SILENT")
      case .fail: e.append(word: "FAIL")
      case .fatal: e.append(word: "FATAL")
      }
    }
  }
  public var key: RESPArgument
  public var group: RESPArgument
  public var mode: Mode
  public var id: [RESPArgument]
  public var count: Int?
  public var force: Bool
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, mode: Mode, _ id: [some RESPEncodable], count: Int? = nil, force: Bool = false) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.mode = mode
    self.id = id.map(\.respArgument)
    self.count = count
    self.force = force
  }
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable, mode: Mode, _ id: any RESPEncodable..., count: Int? = nil, force: Bool = false) {
    self.key = key.respArgument
    self.group = group.respArgument
    self.mode = mode
    self.id = id.map(\.respArgument)
    self.count = count
    self.force = force
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XNACK")
    e.append(key)
    e.append(group)
    mode.encode(into: &e)
    e.append(word: "IDS")
    e.append(.integer(id.count))
    e.append(id)
    if let count {
      e.append(word: "RETRYCOUNT")
      e.append(.integer(count))
    }
    if force { e.append(word: "FORCE") }
  }
}

/// Returns what is pending in a consumer group: an overview, or the entries in a range of IDs.
///
/// `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`, since 5.0.0. O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.
public struct XPENDING: Command {
  /// Returns what is pending in a consumer group: an overview, or the entries in a range of IDs.
  ///
  /// `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`, since 5.0.0. O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.
  public struct Range: Command {
    public typealias Response = [PendingEntry]
    public static var name: String { "XPENDING" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var group: RESPArgument
    public var minIdleMilliseconds: Int?
    public var start: RESPArgument
    public var end: RESPArgument
    public var count: Int
    public var consumer: RESPArgument?
    public init(_ key: some RESPEncodable, _ group: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, count: Int, minIdleMilliseconds: Int? = nil, consumer: RESPArgument? = nil) {
      self.key = key.respArgument
      self.group = group.respArgument
      self.minIdleMilliseconds = minIdleMilliseconds
      self.start = start.respArgument
      self.end = end.respArgument
      self.count = count
      self.consumer = consumer
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "XPENDING")
      e.append(key)
      e.append(group)
      if let minIdleMilliseconds {
        e.append(word: "IDLE")
        e.append(.integer(minIdleMilliseconds))
      }
      e.append(start)
      e.append(end)
      e.append(.integer(count))
      if let consumer { e.append(consumer) }
    }
  }
  public typealias Response = RESPValue
  public static var name: String { "XPENDING" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var group: RESPArgument
  public init(_ key: some RESPEncodable, _ group: some RESPEncodable) {
    self.key = key.respArgument
    self.group = group.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XPENDING")
    e.append(key)
    e.append(group)
  }
}

/// Returns the entries of a stream within a range of IDs.
///
/// `XRANGE key start end [COUNT count]`, since 5.0.0. O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
public struct XRANGE: Command {
  public typealias Response = [StreamEntry]
  public static var name: String { "XRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: RESPArgument
  public var end: RESPArgument
  public var count: Int?
  public init(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, count: Int? = nil) {
    self.key = key.respArgument
    self.start = start.respArgument
    self.end = end.respArgument
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XRANGE")
    e.append(key)
    e.append(start)
    e.append(end)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Returns entries of streams after given IDs. Waits for some if asked to.
///
/// `XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`, since 5.0.0. For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
public struct XREAD: Command {
  public typealias Response = [RESPString: [StreamEntry]]?
  public static var name: String { "XREAD" }
  public static var isReadOnly: Bool { true }
  public var isBlocking: Bool { block != nil }
  public var keys: [RESPArgument] { key }
  public var count: Int?
  public var maxcount: Int?
  public var maxsize: Int?
  public var block: Int?
  public var key: [RESPArgument]
  public var id: [RESPArgument]
  public init(_ key: [some RESPEncodable], id: [some RESPEncodable], count: Int? = nil, maxcount: Int? = nil, maxsize: Int? = nil, block: Int? = nil) {
    self.count = count
    self.maxcount = maxcount
    self.maxsize = maxsize
    self.block = block
    self.key = key.map(\.respArgument)
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XREAD")
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
    if let maxcount {
      e.append(word: "MAXCOUNT")
      e.append(.integer(maxcount))
    }
    if let maxsize {
      e.append(word: "MAXSIZE")
      e.append(.integer(maxsize))
    }
    if let block {
      e.append(word: "BLOCK")
      e.append(.integer(block))
    }
    e.append(word: "STREAMS")
    e.append(key)
    e.append(id)
  }
}

/// Returns new entries of streams to a consumer of a group, or those that it has not acknowledged.
///
/// `XREADGROUP GROUP group consumer [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]`, since 5.0.0. For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
public struct XREADGROUP: Command {
  public typealias Response = [RESPString: [StreamEntry]]?
  public static var name: String { "XREADGROUP" }
  public var isBlocking: Bool { block != nil }
  public var keys: [RESPArgument] { key }
  public var group: RESPArgument
  public var consumer: RESPArgument
  public var count: Int?
  public var maxcount: Int?
  public var maxsize: Int?
  public var block: Int?
  public var claimMinIdleMilliseconds: Int?
  public var noack: Bool
  public var key: [RESPArgument]
  public var id: [RESPArgument]
  public init(_ group: some RESPEncodable, _ consumer: some RESPEncodable, _ key: [some RESPEncodable], id: [some RESPEncodable], count: Int? = nil, maxcount: Int? = nil, maxsize: Int? = nil, block: Int? = nil, claimMinIdleMilliseconds: Int? = nil, noack: Bool = false) {
    self.group = group.respArgument
    self.consumer = consumer.respArgument
    self.count = count
    self.maxcount = maxcount
    self.maxsize = maxsize
    self.block = block
    self.claimMinIdleMilliseconds = claimMinIdleMilliseconds
    self.noack = noack
    self.key = key.map(\.respArgument)
    self.id = id.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XREADGROUP")
    e.append(word: "GROUP")
    e.append(group)
    e.append(consumer)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
    if let maxcount {
      e.append(word: "MAXCOUNT")
      e.append(.integer(maxcount))
    }
    if let maxsize {
      e.append(word: "MAXSIZE")
      e.append(.integer(maxsize))
    }
    if let block {
      e.append(word: "BLOCK")
      e.append(.integer(block))
    }
    if let claimMinIdleMilliseconds {
      e.append(word: "CLAIM")
      e.append(.integer(claimMinIdleMilliseconds))
    }
    if noack { e.append(word: "NOACK") }
    e.append(word: "STREAMS")
    e.append(key)
    e.append(id)
  }
}

/// Returns the entries of a stream within a range of IDs, the greatest first.
///
/// `XREVRANGE key end start [COUNT count]`, since 5.0.0. O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
public struct XREVRANGE: Command {
  public typealias Response = [StreamEntry]
  public static var name: String { "XREVRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var end: RESPArgument
  public var start: RESPArgument
  public var count: Int?
  public init(_ key: some RESPEncodable, _ end: some RESPEncodable, _ start: some RESPEncodable, count: Int? = nil) {
    self.key = key.respArgument
    self.end = end.respArgument
    self.start = start.respArgument
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XREVRANGE")
    e.append(key)
    e.append(end)
    e.append(start)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Sets the last ID of a stream, and what is counted of it.
///
/// `XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]`, since 5.0.0. O(1)
public struct XSETID: Command {
  public typealias Response = OK
  public static var name: String { "XSETID" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var lastId: RESPArgument
  public var entriesAdded: Int?
  public var maxDeletedId: RESPArgument?
  public init(_ key: some RESPEncodable, _ lastId: some RESPEncodable, entriesAdded: Int? = nil, maxDeletedId: RESPArgument? = nil) {
    self.key = key.respArgument
    self.lastId = lastId.respArgument
    self.entriesAdded = entriesAdded
    self.maxDeletedId = maxDeletedId
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XSETID")
    e.append(key)
    e.append(lastId)
    if let entriesAdded {
      e.append(word: "ENTRIESADDED")
      e.append(.integer(entriesAdded))
    }
    if let maxDeletedId {
      e.append(word: "MAXDELETEDID")
      e.append(maxDeletedId)
    }
  }
}

/// Removes entries from the beginning of a stream.
///
/// `XTRIM key <MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]`, since 5.0.0. O(N), with N being the number of evicted entries. Whole nodes go at once.
public struct XTRIM: Command {
  public typealias Response = Int
  public static var name: String { "XTRIM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Strategy: Sendable {
    case maxlen
    case minid
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .maxlen: e.append(word: "MAXLEN")
      case .minid: e.append(word: "MINID")
      }
    }
  }
  public enum Exactness: Sendable {
    case exactness
    case approximately
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .exactness: e.append(word: "=")
      case .approximately: e.append(word: "~")
      }
    }
  }
  public enum References: Sendable {
    case keepref
    case delref
    case acked
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .keepref: e.append(word: "KEEPREF")
      case .delref: e.append(word: "DELREF")
      case .acked: e.append(word: "ACKED")
      }
    }
  }
  public var key: RESPArgument
  public var strategy: Strategy
  public var exactness: Exactness?
  public var threshold: RESPArgument
  public var count: Int?
  public var references: References?
  public init(_ key: some RESPEncodable, strategy: Strategy, threshold: some RESPEncodable, exactness: Exactness? = nil, count: Int? = nil, references: References? = nil) {
    self.key = key.respArgument
    self.strategy = strategy
    self.exactness = exactness
    self.threshold = threshold.respArgument
    self.count = count
    self.references = references
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "XTRIM")
    e.append(key)
    strategy.encode(into: &e)
    if let exactness { exactness.encode(into: &e) }
    e.append(threshold)
    if let count {
      e.append(word: "LIMIT")
      e.append(.integer(count))
    }
    if let references { references.encode(into: &e) }
  }
}

extension CommandSending {
  /// Acknowledges entries that are pending in a consumer group.
  ///
  /// `XACK key group id [id ...]`, since 5.0.0. O(1) for each message ID processed.
  @discardableResult
  public func xack(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: [some RESPEncodable]) async throws -> Int {
    try await send(XACK(key, group, id))
  }

  /// Acknowledges entries that are pending in a consumer group.
  ///
  /// `XACK key group id [id ...]`, since 5.0.0. O(1) for each message ID processed.
  @discardableResult
  public func xack(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: any RESPEncodable...) async throws -> Int {
    try await send(XACK(key, group, id.map(\.respArgument)))
  }

  /// Acknowledges entries in a consumer group and removes them from the stream.
  ///
  /// `XACKDEL key group [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each entry ID processed.
  @discardableResult
  public func xackdel(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: [some RESPEncodable], references: XACKDEL.References? = nil) async throws -> [Int] {
    try await send(XACKDEL(key, group, id, references: references))
  }

  /// Acknowledges entries in a consumer group and removes them from the stream.
  ///
  /// `XACKDEL key group [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each entry ID processed.
  @discardableResult
  public func xackdel(_ key: some RESPEncodable, _ group: some RESPEncodable, _ id: any RESPEncodable..., references: XACKDEL.References? = nil) async throws -> [Int] {
    try await send(XACKDEL(key, group, id.map(\.respArgument), references: references))
  }

  /// Appends an entry to a stream.
  ///
  /// `XADD key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]`, since 5.0.0. O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.
  @discardableResult
  public func xadd(_ key: some RESPEncodable, _ data: RESPPairs, nomkstream: Bool = false, references: XADD.References? = nil, producer: XADD.Producer? = nil, trim: XADD.Trim? = nil, id: XADD.Id = .autoID) async throws -> RESPString? {
    try await send(XADD(key, data, nomkstream: nomkstream, references: references, producer: producer, trim: trim, id: id))
  }

  /// Makes a consumer the owner of entries that are pending for long, whichever they are.
  ///
  /// `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`, since 6.2.0. O(1) if COUNT is small.
  @discardableResult
  public func xautoclaim(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ start: some RESPEncodable, count: Int? = nil) async throws -> ClaimedEntries {
    try await send(XAUTOCLAIM(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, start, count: count))
  }

  /// Makes a consumer the owner of entries that are pending for long, whichever they are.
  ///
  /// `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`, since 6.2.0. O(1) if COUNT is small.
  @discardableResult
  public func xautoclaimJustID(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ start: some RESPEncodable, count: Int? = nil) async throws -> RESPValue {
    try await send(XAUTOCLAIM.JustID(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, start, count: count))
  }

  /// Sets for how long, and how many, entries of producers are remembered to recognise duplicates.
  ///
  /// `XCFGSET key [IDMP-DURATION idmp-duration] [IDMP-MAXSIZE idmp-maxsize]`, since 8.6.0. O(1)
  @discardableResult
  public func xcfgset(_ key: some RESPEncodable, idmpDuration: Int? = nil, idmpMaxsize: Int? = nil) async throws -> OK {
    try await send(XCFGSET(key, idmpDuration: idmpDuration, idmpMaxsize: idmpMaxsize))
  }

  /// Makes a consumer the owner of pending entries.
  ///
  /// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
  @discardableResult
  public func xclaim(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: [some RESPEncodable], idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) async throws -> [StreamEntry] {
    try await send(XCLAIM(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, id, idle: idle, unixTimeMilliseconds: unixTimeMilliseconds, count: count, force: force, lastid: lastid))
  }

  /// Makes a consumer the owner of pending entries.
  ///
  /// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
  @discardableResult
  public func xclaim(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: any RESPEncodable..., idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) async throws -> [StreamEntry] {
    try await send(XCLAIM(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, id.map(\.respArgument), idle: idle, unixTimeMilliseconds: unixTimeMilliseconds, count: count, force: force, lastid: lastid))
  }

  /// Makes a consumer the owner of pending entries.
  ///
  /// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
  @discardableResult
  public func xclaimJustID(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: [some RESPEncodable], idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) async throws -> [RESPString] {
    try await send(XCLAIM.JustID(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, id, idle: idle, unixTimeMilliseconds: unixTimeMilliseconds, count: count, force: force, lastid: lastid))
  }

  /// Makes a consumer the owner of pending entries.
  ///
  /// `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`, since 5.0.0. O(log N) with N being the number of messages in the PEL of the consumer group.
  @discardableResult
  public func xclaimJustID(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable, minIdleMilliseconds: Int, _ id: any RESPEncodable..., idle: Int? = nil, unixTimeMilliseconds: Int? = nil, count: Int? = nil, force: Bool = false, lastid: RESPArgument? = nil) async throws -> [RESPString] {
    try await send(XCLAIM.JustID(key, group, consumer, minIdleMilliseconds: minIdleMilliseconds, id.map(\.respArgument), idle: idle, unixTimeMilliseconds: unixTimeMilliseconds, count: count, force: force, lastid: lastid))
  }

  /// Removes entries from a stream.
  ///
  /// `XDEL key id [id ...]`, since 5.0.0. O(1) for each single item to delete in the stream, regardless of the stream size.
  @discardableResult
  public func xdel(_ key: some RESPEncodable, _ id: [some RESPEncodable]) async throws -> Int {
    try await send(XDEL(key, id))
  }

  /// Removes entries from a stream.
  ///
  /// `XDEL key id [id ...]`, since 5.0.0. O(1) for each single item to delete in the stream, regardless of the stream size.
  @discardableResult
  public func xdel(_ key: some RESPEncodable, _ id: any RESPEncodable...) async throws -> Int {
    try await send(XDEL(key, id.map(\.respArgument)))
  }

  /// Removes entries from a stream, and says what becomes of them where they are pending.
  ///
  /// `XDELEX key [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each single item to delete in the stream, regardless of the stream size.
  @discardableResult
  public func xdelex(_ key: some RESPEncodable, _ id: [some RESPEncodable], references: XDELEX.References? = nil) async throws -> [Int] {
    try await send(XDELEX(key, id, references: references))
  }

  /// Removes entries from a stream, and says what becomes of them where they are pending.
  ///
  /// `XDELEX key [KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, since 8.2.0. O(1) for each single item to delete in the stream, regardless of the stream size.
  @discardableResult
  public func xdelex(_ key: some RESPEncodable, _ id: any RESPEncodable..., references: XDELEX.References? = nil) async throws -> [Int] {
    try await send(XDELEX(key, id.map(\.respArgument), references: references))
  }

  /// Creates a consumer group.
  ///
  /// `XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]`, since 5.0.0. O(1)
  @discardableResult
  public func xgroupCreate(_ key: some RESPEncodable, _ group: some RESPEncodable, id: XGROUP.CREATE.Id, mkstream: Bool = false, entriesRead: Int? = nil) async throws -> OK {
    try await send(XGROUP.CREATE(key, group, id: id, mkstream: mkstream, entriesRead: entriesRead))
  }

  /// Sets how far a consumer group has read.
  ///
  /// `XGROUP SETID key group <id | $> [ENTRIESREAD entries-read]`, since 5.0.0. O(1)
  @discardableResult
  public func xgroupSetid(_ key: some RESPEncodable, _ group: some RESPEncodable, id: XGROUP.SETID.Id, entriesRead: Int? = nil) async throws -> OK {
    try await send(XGROUP.SETID(key, group, id: id, entriesRead: entriesRead))
  }

  /// Removes a consumer group with all that is pending in it.
  ///
  /// `XGROUP DESTROY key group`, since 5.0.0. O(N) where N is the number of entries in the group's pending entries list (PEL).
  @discardableResult
  public func xgroupDestroy(_ key: some RESPEncodable, _ group: some RESPEncodable) async throws -> Bool {
    try await send(XGROUP.DESTROY(key, group))
  }

  /// Creates a consumer in a consumer group.
  ///
  /// `XGROUP CREATECONSUMER key group consumer`, since 6.2.0. O(1)
  @discardableResult
  public func xgroupCreateconsumer(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable) async throws -> Bool {
    try await send(XGROUP.CREATECONSUMER(key, group, consumer))
  }

  /// Removes a consumer with all that it has pending.
  ///
  /// `XGROUP DELCONSUMER key group consumer`, since 5.0.0. O(1)
  @discardableResult
  public func xgroupDelconsumer(_ key: some RESPEncodable, _ group: some RESPEncodable, _ consumer: some RESPEncodable) async throws -> Int {
    try await send(XGROUP.DELCONSUMER(key, group, consumer))
  }

  /// Returns the consumers of a consumer group.
  ///
  /// `XINFO CONSUMERS key group`, since 5.0.0. O(1)
  @discardableResult
  public func xinfoConsumers(_ key: some RESPEncodable, _ group: some RESPEncodable) async throws -> [[RESPString: RESPValue]] {
    try await send(XINFO.CONSUMERS(key, group))
  }

  /// Returns the consumer groups of a stream.
  ///
  /// `XINFO GROUPS key`, since 5.0.0. O(1)
  @discardableResult
  public func xinfoGroups(_ key: some RESPEncodable) async throws -> [[RESPString: RESPValue]] {
    try await send(XINFO.GROUPS(key))
  }

  /// Returns what is known of a stream.
  ///
  /// `XINFO STREAM key [FULL [COUNT count]]`, since 5.0.0. O(1)
  @discardableResult
  public func xinfoStream(_ key: some RESPEncodable, full: XINFO.STREAM.Full? = nil) async throws -> [RESPString: RESPValue] {
    try await send(XINFO.STREAM(key, full: full))
  }

  /// Returns the number of entries in a stream.
  ///
  /// `XLEN key`, since 5.0.0. O(1)
  @discardableResult
  public func xlen(_ key: some RESPEncodable) async throws -> Int {
    try await send(XLEN(key))
  }

  /// Gives pending entries back to their group, for whoever claims next.
  ///
  /// `XNACK key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]`, since 8.8.0. O(1) for each message ID processed.
  @discardableResult
  public func xnack(_ key: some RESPEncodable, _ group: some RESPEncodable, mode: XNACK.Mode, _ id: [some RESPEncodable], count: Int? = nil, force: Bool = false) async throws -> RESPValue {
    try await send(XNACK(key, group, mode: mode, id, count: count, force: force))
  }

  /// Gives pending entries back to their group, for whoever claims next.
  ///
  /// `XNACK key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]`, since 8.8.0. O(1) for each message ID processed.
  @discardableResult
  public func xnack(_ key: some RESPEncodable, _ group: some RESPEncodable, mode: XNACK.Mode, _ id: any RESPEncodable..., count: Int? = nil, force: Bool = false) async throws -> RESPValue {
    try await send(XNACK(key, group, mode: mode, id.map(\.respArgument), count: count, force: force))
  }

  /// Returns what is pending in a consumer group: an overview, or the entries in a range of IDs.
  ///
  /// `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`, since 5.0.0. O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.
  @discardableResult
  public func xpending(_ key: some RESPEncodable, _ group: some RESPEncodable) async throws -> RESPValue {
    try await send(XPENDING(key, group))
  }

  /// Returns what is pending in a consumer group: an overview, or the entries in a range of IDs.
  ///
  /// `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`, since 5.0.0. O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.
  @discardableResult
  public func xpending(_ key: some RESPEncodable, _ group: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, count: Int, minIdleMilliseconds: Int? = nil, consumer: RESPArgument? = nil) async throws -> [PendingEntry] {
    try await send(XPENDING.Range(key, group, start, end, count: count, minIdleMilliseconds: minIdleMilliseconds, consumer: consumer))
  }

  /// Returns the entries of a stream within a range of IDs.
  ///
  /// `XRANGE key start end [COUNT count]`, since 5.0.0. O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
  @discardableResult
  public func xrange(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, count: Int? = nil) async throws -> [StreamEntry] {
    try await send(XRANGE(key, start, end, count: count))
  }

  /// Returns entries of streams after given IDs. Waits for some if asked to.
  ///
  /// `XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`, since 5.0.0. For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
  @discardableResult
  public func xread(_ key: [some RESPEncodable], id: [some RESPEncodable], count: Int? = nil, maxcount: Int? = nil, maxsize: Int? = nil, block: Int? = nil) async throws -> [RESPString: [StreamEntry]]? {
    try await send(XREAD(key, id: id, count: count, maxcount: maxcount, maxsize: maxsize, block: block))
  }

  /// Returns new entries of streams to a consumer of a group, or those that it has not acknowledged.
  ///
  /// `XREADGROUP GROUP group consumer [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]`, since 5.0.0. For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
  @discardableResult
  public func xreadgroup(_ group: some RESPEncodable, _ consumer: some RESPEncodable, _ key: [some RESPEncodable], id: [some RESPEncodable], count: Int? = nil, maxcount: Int? = nil, maxsize: Int? = nil, block: Int? = nil, claimMinIdleMilliseconds: Int? = nil, noack: Bool = false) async throws -> [RESPString: [StreamEntry]]? {
    try await send(XREADGROUP(group, consumer, key, id: id, count: count, maxcount: maxcount, maxsize: maxsize, block: block, claimMinIdleMilliseconds: claimMinIdleMilliseconds, noack: noack))
  }

  /// Returns the entries of a stream within a range of IDs, the greatest first.
  ///
  /// `XREVRANGE key end start [COUNT count]`, since 5.0.0. O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).
  @discardableResult
  public func xrevrange(_ key: some RESPEncodable, _ end: some RESPEncodable, _ start: some RESPEncodable, count: Int? = nil) async throws -> [StreamEntry] {
    try await send(XREVRANGE(key, end, start, count: count))
  }

  /// Sets the last ID of a stream, and what is counted of it.
  ///
  /// `XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]`, since 5.0.0. O(1)
  @discardableResult
  public func xsetid(_ key: some RESPEncodable, _ lastId: some RESPEncodable, entriesAdded: Int? = nil, maxDeletedId: RESPArgument? = nil) async throws -> OK {
    try await send(XSETID(key, lastId, entriesAdded: entriesAdded, maxDeletedId: maxDeletedId))
  }

  /// Removes entries from the beginning of a stream.
  ///
  /// `XTRIM key <MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]`, since 5.0.0. O(N), with N being the number of evicted entries. Whole nodes go at once.
  @discardableResult
  public func xtrim(_ key: some RESPEncodable, strategy: XTRIM.Strategy, threshold: some RESPEncodable, exactness: XTRIM.Exactness? = nil, count: Int? = nil, references: XTRIM.References? = nil) async throws -> Int {
    try await send(XTRIM(key, strategy: strategy, threshold: threshold, exactness: exactness, count: count, references: references))
  }
}
