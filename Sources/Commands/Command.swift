import Memory
import RESP

/// Runs a command: reads its arguments from the call, changes the keyspace, writes one reply.
public typealias Handler = @Sendable (Call, inout ReplyWriter) -> Void

/// A command as it is declared, once, in its family's file. `COMMAND INFO` and `DOCS`, arity checks,
/// key extraction, ACL categories and the rules of MULTI, scripts and pub/sub mode derive from it.
public struct Command: Sendable {
  /// As users write it in documentation, in upper case; of a subcommand only its own word.
  public let name: StaticString
  /// Number of arguments with the name; negative: at least so many.
  public let arity: Int
  public let flags: CommandFlags
  public let keys: [KeySpec]
  public let group: CommandGroup
  /// ACL categories beyond those that follow from flags and group.
  public let categories: [StaticString]
  public let since: StaticString
  public let summary: StaticString
  public let complexity: StaticString
  /// The arguments in the notation of Redis's documentation, e.g. `key value [NX | XX] [EX seconds]`.
  public let syntax: StaticString
  public let tips: [StaticString]
  public let subcommands: [Command]
  /// Set if `keys` do not tell all of where the keys are and what is done with them.
  public let keyFinder: KeyFinder?
  public let channels: ChannelUse
  public let run: Handler

  public init(
    _ name: StaticString, arity: Int, _ flags: CommandFlags, keys: [KeySpec] = [], group: CommandGroup,
    categories: [StaticString] = [], since: StaticString, summary: StaticString, complexity: StaticString = "O(1)",
    syntax: StaticString = "", tips: [StaticString] = [], subcommands: [Command] = [],
    keyFinder: KeyFinder? = nil, channels: ChannelUse = .none, run: @escaping Handler = Command.needsSubcommand
  ) {
    self.name = name
    self.arity = arity
    self.flags = flags
    self.keys = keys
    self.group = group
    self.categories = categories
    self.since = since
    self.summary = summary
    self.complexity = complexity
    self.syntax = syntax
    self.tips = tips
    self.subcommands = subcommands
    self.keyFinder = keyFinder
    self.channels = channels
    self.run = run
  }

  /// What a command that only has subcommands runs; dispatch never gets that far.
  public static func needsSubcommand(_ call: Call, _ reply: inout ReplyWriter) {
    reply.error("ERR unknown subcommand")
  }
}

/// Redis's command flags, as COMMAND INFO names them.
public struct CommandFlags: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static var write: CommandFlags { CommandFlags(rawValue: 1 << 0) }
  public static var readonly: CommandFlags { CommandFlags(rawValue: 1 << 1) }
  /// Refused while memory is over the limit.
  public static var denyOOM: CommandFlags { CommandFlags(rawValue: 1 << 2) }
  public static var admin: CommandFlags { CommandFlags(rawValue: 1 << 3) }
  public static var pubsub: CommandFlags { CommandFlags(rawValue: 1 << 4) }
  public static var noScript: CommandFlags { CommandFlags(rawValue: 1 << 5) }
  public static var blocking: CommandFlags { CommandFlags(rawValue: 1 << 6) }
  public static var loading: CommandFlags { CommandFlags(rawValue: 1 << 7) }
  public static var stale: CommandFlags { CommandFlags(rawValue: 1 << 8) }
  public static var skipMonitor: CommandFlags { CommandFlags(rawValue: 1 << 9) }
  public static var skipSlowlog: CommandFlags { CommandFlags(rawValue: 1 << 10) }
  public static var asking: CommandFlags { CommandFlags(rawValue: 1 << 11) }
  public static var fast: CommandFlags { CommandFlags(rawValue: 1 << 12) }
  /// Allowed before AUTH.
  public static var noAuth: CommandFlags { CommandFlags(rawValue: 1 << 13) }
  public static var mayReplicate: CommandFlags { CommandFlags(rawValue: 1 << 14) }
  public static var noMandatoryKeys: CommandFlags { CommandFlags(rawValue: 1 << 15) }
  /// Needs `enable-debug-command` or `enable-module-command`.
  public static var protected: CommandFlags { CommandFlags(rawValue: 1 << 16) }
  public static var noAsyncLoading: CommandFlags { CommandFlags(rawValue: 1 << 17) }
  public static var noMulti: CommandFlags { CommandFlags(rawValue: 1 << 18) }
  public static var allowBusy: CommandFlags { CommandFlags(rawValue: 1 << 19) }
  public static var movableKeys: CommandFlags { CommandFlags(rawValue: 1 << 20) }
  /// Runs at once inside MULTI, instead of being queued.
  public static var runsInTransaction: CommandFlags { CommandFlags(rawValue: 1 << 24) }
  /// Allowed in RESP2 while subscribed.
  public static var runsWhileSubscribed: CommandFlags { CommandFlags(rawValue: 1 << 25) }
  /// The documentation's group is not what the command is to access control lists.
  public static var outsideGroupCategory: CommandFlags { CommandFlags(rawValue: 1 << 26) }

  /// Runs a script, which says itself what it does; see ``Executor/scriptFlags(_:_:_:)``.
  public static var runsScript: CommandFlags { CommandFlags(rawValue: 1 << 27) }

  /// In the order in which COMMAND INFO lists them. Some are nobody's business.
  public static let names: [(CommandFlags, StaticString)] = [
    (.write, "write"), (.readonly, "readonly"), (.denyOOM, "denyoom"), (.admin, "admin"), (.pubsub, "pubsub"),
    (.noScript, "noscript"), (.blocking, "blocking"), (.loading, "loading"), (.stale, "stale"),
    (.skipMonitor, "skip_monitor"), (.skipSlowlog, "skip_slowlog"), (.asking, "asking"), (.fast, "fast"),
    (.noAuth, "no_auth"), (.noMandatoryKeys, "no_mandatory_keys"), (.noAsyncLoading, "no_async_loading"),
    (.noMulti, "no_multi"),
    (.movableKeys, "movablekeys"), (.allowBusy, "allow_busy"),
  ]
}

/// The documentation's groups.
public enum CommandGroup: String, Sendable {
  case generic, string, list, set
  case sortedSet = "sorted-set"
  case hash, pubsub, transactions, connection, server, scripting, hyperloglog, cluster, sentinel, geo, stream, bitmap,
    array

  /// The ACL category that the group's commands belong to, if there is one.
  public var category: StaticString? {
    switch self {
    case .generic: "keyspace"
    case .string: "string"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "sortedset"
    case .hash: "hash"
    case .transactions: "transaction"
    case .connection: "connection"
    case .scripting: "scripting"
    case .hyperloglog: "hyperloglog"
    case .geo: "geo"
    case .stream: "stream"
    case .bitmap: "bitmap"
    case .array: "array"
    case .server, .pubsub, .cluster, .sentinel: nil
    }
  }
}

/// Where a command's keys stand among its arguments. https://redis.io/docs/latest/develop/reference/key-specs/
public struct KeySpec: Sendable {
  public enum Begin: Sendable {
    case index(Int)
    case keyword(StaticString, from: Int)
    case unknown
  }

  public enum Find: Sendable {
    /// `last` is relative to the first key; negative counts from the end. `limit` as Redis defines it.
    case range(last: Int, step: Int, limit: Int)
    case count(at: Int, first: Int, step: Int)
    case unknown
  }

  public let begin: Begin
  public let find: Find
  /// `RO`, `RW`, `OW`, `RM`, and what is done with the data: `access`, `update`, `insert`, `delete` …
  public let flags: [StaticString]

  public init(_ begin: Begin, _ find: Find, _ flags: [StaticString]) {
    self.begin = begin
    self.find = find
    self.flags = flags
  }

  /// One key, the first argument unless `at` says otherwise.
  public static func one(_ flags: StaticString..., at index: Int = 1) -> KeySpec {
    KeySpec(.index(index), .range(last: 0, step: 1, limit: 0), flags)
  }

  /// All arguments from the first on, or every `step`-th.
  public static func all(_ flags: StaticString..., step: Int = 1) -> KeySpec {
    KeySpec(.index(1), .range(last: -1, step: step, limit: 0), flags)
  }
}
