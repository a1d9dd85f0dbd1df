// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Subcommands of ACL.
public enum ACL {
  /// Lists the categories, or the commands of one.
  ///
  /// `ACL CAT [category]`, since 6.0.0. O(1) since the categories and commands are a fixed set.
  public struct CAT: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL CAT" }
    public var category: RESPArgument?
    public init(category: RESPArgument? = nil) {
      self.category = category
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "CAT")
      if let category { e.append(category) }
    }
  }

  /// Deletes users and closes their connections.
  ///
  /// `ACL DELUSER username [username ...]`, since 6.0.0. O(1) amortized time considering the typical user.
  public struct DELUSER: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL DELUSER" }
    public var username: [RESPArgument]
    public init(username: [some RESPEncodable]) {
      self.username = username.map(\.respArgument)
    }
    public init(username: any RESPEncodable...) {
      self.username = username.map(\.respArgument)
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "DELUSER")
      e.append(username)
    }
  }

  /// Says whether a user may run a command, without running it.
  ///
  /// `ACL DRYRUN username command [arg [arg ...]]`, since 7.0.0. O(1).
  public struct DRYRUN: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL DRYRUN" }
    public var username: RESPArgument
    public var command: RESPArgument
    public var arg: [RESPArgument]
    public init(username: some RESPEncodable, _ command: some RESPEncodable, arg: [RESPArgument] = []) {
      self.username = username.respArgument
      self.command = command.respArgument
      self.arg = arg
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "DRYRUN")
      e.append(username)
      e.append(command)
      e.append(arg)
    }
  }

  /// Makes up a password that nobody can guess.
  ///
  /// `ACL GENPASS [bits]`, since 6.0.0. O(1)
  public struct GENPASS: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL GENPASS" }
    public var bits: Int?
    public init(bits: Int? = nil) {
      self.bits = bits
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "GENPASS")
      if let bits { e.append(.integer(bits)) }
    }
  }

  /// Returns the rules of a user.
  ///
  /// `ACL GETUSER username`, since 6.0.0. O(N). Where N is the number of password, command and pattern rules that the user has.
  public struct GETUSER: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL GETUSER" }
    public var username: RESPArgument
    public init(username: some RESPEncodable) {
      self.username = username.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "GETUSER")
      e.append(username)
    }
  }

  /// Returns all users as lines of a file.
  ///
  /// `ACL LIST`, since 6.0.0. O(N). Where N is the number of configured users.
  public struct LIST: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL LIST" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "LIST")
    }
  }

  /// Replaces all users by those of the ACL file.
  ///
  /// `ACL LOAD`, since 6.0.0. O(N). Where N is the number of configured users.
  public struct LOAD: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL LOAD" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "LOAD")
    }
  }

  /// Returns what was denied of late, or forgets it.
  ///
  /// `ACL LOG [count | RESET]`, since 6.0.0. O(N) with N being the number of entries shown.
  public struct LOG: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL LOG" }
    public enum Count: Sendable {
      case count(Int)
      case reset
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .count(let value):
          e.append(.integer(value))
        case .reset: e.append(word: "RESET")
        }
      }
    }
    public var count: Count?
    public init(count: Count? = nil) {
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "LOG")
      if let count { count.encode(into: &e) }
    }
  }

  /// Writes all users to the ACL file.
  ///
  /// `ACL SAVE`, since 6.0.0. O(N). Where N is the number of configured users.
  public struct SAVE: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL SAVE" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "SAVE")
    }
  }

  /// Creates a user, or changes its rules.
  ///
  /// `ACL SETUSER username [rule [rule ...]]`, since 6.0.0. O(N). Where N is the number of rules provided.
  public struct SETUSER: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL SETUSER" }
    public var username: RESPArgument
    public var rule: [RESPArgument]
    public init(username: some RESPEncodable, rule: [RESPArgument] = []) {
      self.username = username.respArgument
      self.rule = rule
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "SETUSER")
      e.append(username)
      e.append(rule)
    }
  }

  /// Lists the names of all users.
  ///
  /// `ACL USERS`, since 6.0.0. O(N). Where N is the number of configured users.
  public struct USERS: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL USERS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "USERS")
    }
  }

  /// Returns the name of the connection's user.
  ///
  /// `ACL WHOAMI`, since 6.0.0. O(1)
  public struct WHOAMI: Command {
    public typealias Response = RESPValue
    public static var name: String { "ACL WHOAMI" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ACL")
      e.append(word: "WHOAMI")
    }
  }
}

/// Rewrites the append-only file in the background, so that it becomes as small as possible.
///
/// `BGREWRITEAOF`, since 1.0.0. O(1)
public struct BGREWRITEAOF: Command {
  public typealias Response = OK
  public static var name: String { "BGREWRITEAOF" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BGREWRITEAOF")
  }
}

/// Saves all databases to disk in the background.
///
/// `BGSAVE [SCHEDULE]`, since 1.0.0. O(1)
public struct BGSAVE: Command {
  public typealias Response = OK
  public static var name: String { "BGSAVE" }
  public var schedule: Bool
  public init(schedule: Bool = false) {
    self.schedule = schedule
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BGSAVE")
    if schedule { e.append(word: "SCHEDULE") }
  }
}

/// Subcommands of COMMAND.
public enum COMMAND {
  /// Returns the number of commands.
  ///
  /// `COMMAND COUNT`, since 2.8.13. O(1)
  public struct COUNT: Command {
    public typealias Response = Int
    public static var name: String { "COMMAND COUNT" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "COUNT")
    }
  }

  /// Returns documentation of commands.
  ///
  /// `COMMAND DOCS [command-name [command-name ...]]`, since 7.0.0. O(N) where N is the number of commands to look up
  public struct DOCS: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "COMMAND DOCS" }
    public var commandName: [RESPArgument]
    public init(commandName: [RESPArgument] = []) {
      self.commandName = commandName
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "DOCS")
      e.append(commandName)
    }
  }

  /// Extracts the key names from a command.
  ///
  /// `COMMAND GETKEYS command [arg [arg ...]]`, since 2.8.13. O(N) where N is the number of arguments to the command
  public struct GETKEYS: Command {
    public typealias Response = [RESPString]
    public static var name: String { "COMMAND GETKEYS" }
    public var command: RESPArgument
    public var arg: [RESPArgument]
    public init(_ command: some RESPEncodable, arg: [RESPArgument] = []) {
      self.command = command.respArgument
      self.arg = arg
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "GETKEYS")
      e.append(command)
      e.append(arg)
    }
  }

  /// Extracts the key names from a command, with what is done to each key.
  ///
  /// `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`, since 7.0.0. O(N) where N is the number of arguments to the command
  public struct GETKEYSANDFLAGS: Command {
    public typealias Response = RESPValue
    public static var name: String { "COMMAND GETKEYSANDFLAGS" }
    public var command: RESPArgument
    public var arg: [RESPArgument]
    public init(_ command: some RESPEncodable, arg: [RESPArgument] = []) {
      self.command = command.respArgument
      self.arg = arg
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "GETKEYSANDFLAGS")
      e.append(command)
      e.append(arg)
    }
  }

  /// Returns information about one, several or all commands.
  ///
  /// `COMMAND INFO [command-name [command-name ...]]`, since 2.8.13. O(N) where N is the number of commands to look up
  public struct INFO: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "COMMAND INFO" }
    public var commandName: [RESPArgument]
    public init(commandName: [RESPArgument] = []) {
      self.commandName = commandName
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "INFO")
      e.append(commandName)
    }
  }

  /// Returns the names of commands.
  ///
  /// `COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]`, since 7.0.0. O(N) where N is the total number of commands
  public struct LIST: Command {
    public typealias Response = [RESPString]
    public static var name: String { "COMMAND LIST" }
    public enum Filterby: Sendable {
      case module(RESPArgument)
      case aclcat(RESPArgument)
      case pattern(RESPArgument)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .module(let value):
          e.append(word: "MODULE")
          e.append(value)
        case .aclcat(let value):
          e.append(word: "ACLCAT")
          e.append(value)
        case .pattern(let value):
          e.append(word: "PATTERN")
          e.append(value)
        }
      }
    }
    public var filterby: Filterby?
    public init(filterby: Filterby? = nil) {
      self.filterby = filterby
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "COMMAND")
      e.append(word: "LIST")
      if let filterby {
        e.append(word: "FILTERBY")
        filterby.encode(into: &e)
      }
    }
  }
}

/// Subcommands of CONFIG.
public enum CONFIG {
  /// Returns the values of configuration directives.
  ///
  /// `CONFIG GET parameter [parameter ...]`, since 2.0.0. O(1)
  public struct GET: Command {
    public typealias Response = [RESPString: RESPString]
    public static var name: String { "CONFIG GET" }
    public var parameter: [RESPArgument]
    public init(_ parameter: [some RESPEncodable]) {
      self.parameter = parameter.map(\.respArgument)
    }
    public init(_ parameter: any RESPEncodable...) {
      self.parameter = parameter.map(\.respArgument)
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CONFIG")
      e.append(word: "GET")
      e.append(parameter)
    }
  }

  /// Sets configuration directives while the server runs.
  ///
  /// `CONFIG SET parameter value [parameter value ...]`, since 2.0.0. O(1)
  public struct SET: Command {
    public typealias Response = OK
    public static var name: String { "CONFIG SET" }
    public var data: RESPPairs
    public init(_ data: RESPPairs) {
      self.data = data
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CONFIG")
      e.append(word: "SET")
      e.append(data)
    }
  }

  /// Writes the present configuration to its file.
  ///
  /// `CONFIG REWRITE`, since 2.8.0. O(1)
  public struct REWRITE: Command {
    public typealias Response = OK
    public static var name: String { "CONFIG REWRITE" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CONFIG")
      e.append(word: "REWRITE")
    }
  }

  /// Resets the server's statistics.
  ///
  /// `CONFIG RESETSTAT`, since 2.0.0. O(1)
  public struct RESETSTAT: Command {
    public typealias Response = OK
    public static var name: String { "CONFIG RESETSTAT" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CONFIG")
      e.append(word: "RESETSTAT")
    }
  }
}

/// Returns the number of keys in the database.
///
/// `DBSIZE`, since 1.0.0. O(1)
public struct DBSIZE: Command {
  public typealias Response = Int
  public static var name: String { "DBSIZE" }
  public static var isReadOnly: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DBSIZE")
  }
}

/// Hands the role of the primary over to one of its replicas.
///
/// `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]`, since 6.2.0. O(1)
public struct FAILOVER: Command {
  public typealias Response = RESPValue
  public static var name: String { "FAILOVER" }
  public struct To: Sendable {
    public var host: RESPArgument
    public var port: Int
    public var force: Bool
    public init(_ host: some RESPEncodable, _ port: Int, force: Bool = false) {
      self.host = host.respArgument
      self.port = port
      self.force = force
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "TO")
      e.append(host)
      e.append(.integer(port))
      if force { e.append(word: "FORCE") }
    }
  }
  public var to: To?
  public var abort: Bool
  public var milliseconds: Int?
  public init(to: To? = nil, abort: Bool = false, milliseconds: Int? = nil) {
    self.to = to
    self.abort = abort
    self.milliseconds = milliseconds
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "FAILOVER")
    if let to { to.encode(into: &e) }
    if abort { e.append(word: "ABORT") }
    if let milliseconds {
      e.append(word: "TIMEOUT")
      e.append(.integer(milliseconds))
    }
  }
}

/// Removes all keys from all databases.
///
/// `FLUSHALL [ASYNC | SYNC]`, since 1.0.0. O(1)
public struct FLUSHALL: Command {
  public typealias Response = OK
  public static var name: String { "FLUSHALL" }
  public enum FlushType: Sendable {
    case async
    case sync
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .async: e.append(word: "ASYNC")
      case .sync: e.append(word: "SYNC")
      }
    }
  }
  public var flushType: FlushType?
  public init(flushType: FlushType? = nil) {
    self.flushType = flushType
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "FLUSHALL")
    if let flushType { flushType.encode(into: &e) }
  }
}

/// Removes all keys from the current database.
///
/// `FLUSHDB [ASYNC | SYNC]`, since 1.0.0. O(1)
public struct FLUSHDB: Command {
  public typealias Response = OK
  public static var name: String { "FLUSHDB" }
  public enum FlushType: Sendable {
    case async
    case sync
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .async: e.append(word: "ASYNC")
      case .sync: e.append(word: "SYNC")
      }
    }
  }
  public var flushType: FlushType?
  public init(flushType: FlushType? = nil) {
    self.flushType = flushType
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "FLUSHDB")
    if let flushType { flushType.encode(into: &e) }
  }
}

/// Returns information and statistics about the server.
///
/// `INFO [section [section ...]]`, since 1.0.0. O(1)
public struct INFO: Command {
  public typealias Response = RESPString
  public static var name: String { "INFO" }
  public var section: [RESPArgument]
  public init(section: [RESPArgument] = []) {
    self.section = section
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "INFO")
    e.append(section)
  }
}

/// Returns the Unix time of the last successful save to disk.
///
/// `LASTSAVE`, since 1.0.0. O(1)
public struct LASTSAVE: Command {
  public typealias Response = Int
  public static var name: String { "LASTSAVE" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LASTSAVE")
  }
}

/// Subcommands of LATENCY.
public enum LATENCY {
  /// Returns a human-readable latency analysis report.
  ///
  /// `LATENCY DOCTOR`, since 2.8.13. O(1)
  public struct DOCTOR: Command {
    public typealias Response = RESPString
    public static var name: String { "LATENCY DOCTOR" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "DOCTOR")
    }
  }

  /// Returns a latency graph for an event.
  ///
  /// `LATENCY GRAPH event`, since 2.8.13. O(1)
  public struct GRAPH: Command {
    public typealias Response = RESPString
    public static var name: String { "LATENCY GRAPH" }
    public var event: RESPArgument
    public init(_ event: some RESPEncodable) {
      self.event = event.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "GRAPH")
      e.append(event)
    }
  }

  /// Returns the cumulative distribution of latencies of a subset or all commands.
  ///
  /// `LATENCY HISTOGRAM [command [command ...]]`, since 7.0.0. O(N) where N is the number of commands with latency information being retrieved.
  public struct HISTOGRAM: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "LATENCY HISTOGRAM" }
    public var command: [RESPArgument]
    public init(command: [RESPArgument] = []) {
      self.command = command
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "HISTOGRAM")
      e.append(command)
    }
  }

  /// Returns timestamp-latency samples for an event.
  ///
  /// `LATENCY HISTORY event`, since 2.8.13. O(1)
  public struct HISTORY: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "LATENCY HISTORY" }
    public var event: RESPArgument
    public init(_ event: some RESPEncodable) {
      self.event = event.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "HISTORY")
      e.append(event)
    }
  }

  /// Returns the latest latency samples for all events.
  ///
  /// `LATENCY LATEST`, since 2.8.13. O(1)
  public struct LATEST: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "LATENCY LATEST" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "LATEST")
    }
  }

  /// Resets the latency data for one or more events.
  ///
  /// `LATENCY RESET [event [event ...]]`, since 2.8.13. O(1)
  public struct RESET: Command {
    public typealias Response = Int
    public static var name: String { "LATENCY RESET" }
    public var event: [RESPArgument]
    public init(event: [RESPArgument] = []) {
      self.event = event
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LATENCY")
      e.append(word: "RESET")
      e.append(event)
    }
  }
}

/// Displays computer art and the version.
///
/// `LOLWUT [VERSION version]`, since 5.0.0. O(1)
public struct LOLWUT: Command {
  public typealias Response = RESPString
  public static var name: String { "LOLWUT" }
  public static var isReadOnly: Bool { true }
  public var version: Int?
  public init(version: Int? = nil) {
    self.version = version
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LOLWUT")
    if let version {
      e.append(word: "VERSION")
      e.append(.integer(version))
    }
  }
}

/// Subcommands of MEMORY.
public enum MEMORY {
  /// Outputs a memory problems report.
  ///
  /// `MEMORY DOCTOR`, since 4.0.0. O(1)
  public struct DOCTOR: Command {
    public typealias Response = RESPString
    public static var name: String { "MEMORY DOCTOR" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MEMORY")
      e.append(word: "DOCTOR")
    }
  }

  /// Returns the allocator statistics.
  ///
  /// `MEMORY MALLOC-STATS`, since 4.0.0. Depends on how much memory is allocated, could be slow
  public struct MALLOCSTATS: Command {
    public typealias Response = RESPString
    public static var name: String { "MEMORY MALLOC-STATS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MEMORY")
      e.append(word: "MALLOC-STATS")
    }
  }

  /// Asks the allocator to release memory.
  ///
  /// `MEMORY PURGE`, since 4.0.0. Depends on how much memory is allocated, could be slow
  public struct PURGE: Command {
    public typealias Response = OK
    public static var name: String { "MEMORY PURGE" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MEMORY")
      e.append(word: "PURGE")
    }
  }

  /// Returns details about memory usage.
  ///
  /// `MEMORY STATS`, since 4.0.0. O(1)
  public struct STATS: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "MEMORY STATS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MEMORY")
      e.append(word: "STATS")
    }
  }

  /// Estimates the memory usage of a key.
  ///
  /// `MEMORY USAGE key [SAMPLES count]`, since 4.0.0. O(N) where N is the number of samples.
  public struct USAGE: Command {
    public typealias Response = Int?
    public static var name: String { "MEMORY USAGE" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int?
    public init(_ key: some RESPEncodable, count: Int? = nil) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MEMORY")
      e.append(word: "USAGE")
      e.append(key)
      if let count {
        e.append(word: "SAMPLES")
        e.append(.integer(count))
      }
    }
  }
}

/// Subcommands of MODULE.
public enum MODULE {
  /// Returns all loaded modules: there are none.
  ///
  /// `MODULE LIST`, since 4.0.0. O(N) where N is the number of loaded modules.
  public struct LIST: Command {
    public typealias Response = [[RESPString: RESPValue]]
    public static var name: String { "MODULE LIST" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "MODULE")
      e.append(word: "LIST")
    }
  }
}

/// Makes this server a replica of another, or, with NO ONE, a primary again.
///
/// `REPLICAOF <host port | NO ONE>`, since 5.0.0. O(1)
public struct REPLICAOF: Command {
  public typealias Response = OK
  public static var name: String { "REPLICAOF" }
  public enum Primary: Sendable {
    case primary(host: RESPArgument, port: Int)
    case nobody
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .primary(let host, let port):
        e.append(host)
        e.append(.integer(port))
      case .nobody:
        e.append(word: "NO")
        e.append(word: "ONE")
      }
    }
  }
  public var primary: Primary
  public init(primary: Primary) {
    self.primary = primary
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "REPLICAOF")
    primary.encode(into: &e)
  }
}

/// Returns the replication role.
///
/// `ROLE`, since 2.8.12. O(1)
public struct ROLE: Command {
  public typealias Response = [RESPValue]
  public static var name: String { "ROLE" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ROLE")
  }
}

/// Saves all databases to disk while everybody waits.
///
/// `SAVE`, since 1.0.0. O(N) where N is the total number of keys in all databases
public struct SAVE: Command {
  public typealias Response = OK
  public static var name: String { "SAVE" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SAVE")
  }
}

/// Saves all databases to disk and ends the server.
///
/// `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`, since 1.0.0. O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)
public struct SHUTDOWN: Command {
  public typealias Response = OK
  public static var name: String { "SHUTDOWN" }
  public enum Saving: Sendable {
    case nosave
    case save
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nosave: e.append(word: "NOSAVE")
      case .save: e.append(word: "SAVE")
      }
    }
  }
  public var saving: Saving?
  public var now: Bool
  public var force: Bool
  public var abort: Bool
  public init(saving: Saving? = nil, now: Bool = false, force: Bool = false, abort: Bool = false) {
    self.saving = saving
    self.now = now
    self.force = force
    self.abort = abort
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SHUTDOWN")
    if let saving { saving.encode(into: &e) }
    if now { e.append(word: "NOW") }
    if force { e.append(word: "FORCE") }
    if abort { e.append(word: "ABORT") }
  }
}

/// As REPLICAOF, by its old name.
///
/// `SLAVEOF <host port | NO ONE>`, since 1.0.0. O(1)
public struct SLAVEOF: Command {
  public typealias Response = OK
  public static var name: String { "SLAVEOF" }
  public enum Primary: Sendable {
    case primary(host: RESPArgument, port: Int)
    case nobody
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .primary(let host, let port):
        e.append(host)
        e.append(.integer(port))
      case .nobody:
        e.append(word: "NO")
        e.append(word: "ONE")
      }
    }
  }
  public var primary: Primary
  public init(primary: Primary) {
    self.primary = primary
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SLAVEOF")
    primary.encode(into: &e)
  }
}

/// Subcommands of SLOWLOG.
public enum SLOWLOG {
  /// Returns the slow log's entries.
  ///
  /// `SLOWLOG GET [count]`, since 2.2.12. O(N) where N is the number of entries returned
  public struct GET: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "SLOWLOG GET" }
    public var count: Int?
    public init(count: Int? = nil) {
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SLOWLOG")
      e.append(word: "GET")
      if let count { e.append(.integer(count)) }
    }
  }

  /// Returns the number of entries in the slow log.
  ///
  /// `SLOWLOG LEN`, since 2.2.12. O(1)
  public struct LEN: Command {
    public typealias Response = Int
    public static var name: String { "SLOWLOG LEN" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SLOWLOG")
      e.append(word: "LEN")
    }
  }

  /// Clears all entries from the slow log.
  ///
  /// `SLOWLOG RESET`, since 2.2.12. O(N) where N is the number of entries in the slowlog
  public struct RESET: Command {
    public typealias Response = OK
    public static var name: String { "SLOWLOG RESET" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SLOWLOG")
      e.append(word: "RESET")
    }
  }
}

/// Swaps two databases.
///
/// `SWAPDB index1 index2`, since 4.0.0. O(1)
public struct SWAPDB: Command {
  public typealias Response = OK
  public static var name: String { "SWAPDB" }
  public var index1: Int
  public var index2: Int
  public init(_ index1: Int, _ index2: Int) {
    self.index1 = index1
    self.index2 = index2
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SWAPDB")
    e.append(.integer(index1))
    e.append(.integer(index2))
  }
}

/// Returns the server's time.
///
/// `TIME`, since 2.6.0. O(1)
public struct TIME: Command {
  public typealias Response = [Int]
  public static var name: String { "TIME" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "TIME")
  }
}

extension CommandSending {
  /// Lists the categories, or the commands of one.
  ///
  /// `ACL CAT [category]`, since 6.0.0. O(1) since the categories and commands are a fixed set.
  @discardableResult
  public func aclCat(category: RESPArgument? = nil) async throws -> RESPValue {
    try await send(ACL.CAT(category: category))
  }

  /// Deletes users and closes their connections.
  ///
  /// `ACL DELUSER username [username ...]`, since 6.0.0. O(1) amortized time considering the typical user.
  @discardableResult
  public func aclDeluser(username: [some RESPEncodable]) async throws -> RESPValue {
    try await send(ACL.DELUSER(username: username))
  }

  /// Deletes users and closes their connections.
  ///
  /// `ACL DELUSER username [username ...]`, since 6.0.0. O(1) amortized time considering the typical user.
  @discardableResult
  public func aclDeluser(username: any RESPEncodable...) async throws -> RESPValue {
    try await send(ACL.DELUSER(username: username.map(\.respArgument)))
  }

  /// Says whether a user may run a command, without running it.
  ///
  /// `ACL DRYRUN username command [arg [arg ...]]`, since 7.0.0. O(1).
  @discardableResult
  public func aclDryrun(username: some RESPEncodable, _ command: some RESPEncodable, arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(ACL.DRYRUN(username: username, command, arg: arg))
  }

  /// Makes up a password that nobody can guess.
  ///
  /// `ACL GENPASS [bits]`, since 6.0.0. O(1)
  @discardableResult
  public func aclGenpass(bits: Int? = nil) async throws -> RESPValue {
    try await send(ACL.GENPASS(bits: bits))
  }

  /// Returns the rules of a user.
  ///
  /// `ACL GETUSER username`, since 6.0.0. O(N). Where N is the number of password, command and pattern rules that the user has.
  @discardableResult
  public func aclGetuser(username: some RESPEncodable) async throws -> RESPValue {
    try await send(ACL.GETUSER(username: username))
  }

  /// Returns all users as lines of a file.
  ///
  /// `ACL LIST`, since 6.0.0. O(N). Where N is the number of configured users.
  @discardableResult
  public func aclList() async throws -> RESPValue {
    try await send(ACL.LIST())
  }

  /// Replaces all users by those of the ACL file.
  ///
  /// `ACL LOAD`, since 6.0.0. O(N). Where N is the number of configured users.
  @discardableResult
  public func aclLoad() async throws -> RESPValue {
    try await send(ACL.LOAD())
  }

  /// Returns what was denied of late, or forgets it.
  ///
  /// `ACL LOG [count | RESET]`, since 6.0.0. O(N) with N being the number of entries shown.
  @discardableResult
  public func aclLog(count: ACL.LOG.Count? = nil) async throws -> RESPValue {
    try await send(ACL.LOG(count: count))
  }

  /// Writes all users to the ACL file.
  ///
  /// `ACL SAVE`, since 6.0.0. O(N). Where N is the number of configured users.
  @discardableResult
  public func aclSave() async throws -> RESPValue {
    try await send(ACL.SAVE())
  }

  /// Creates a user, or changes its rules.
  ///
  /// `ACL SETUSER username [rule [rule ...]]`, since 6.0.0. O(N). Where N is the number of rules provided.
  @discardableResult
  public func aclSetuser(username: some RESPEncodable, rule: [RESPArgument] = []) async throws -> RESPValue {
    try await send(ACL.SETUSER(username: username, rule: rule))
  }

  /// Lists the names of all users.
  ///
  /// `ACL USERS`, since 6.0.0. O(N). Where N is the number of configured users.
  @discardableResult
  public func aclUsers() async throws -> RESPValue {
    try await send(ACL.USERS())
  }

  /// Returns the name of the connection's user.
  ///
  /// `ACL WHOAMI`, since 6.0.0. O(1)
  @discardableResult
  public func aclWhoami() async throws -> RESPValue {
    try await send(ACL.WHOAMI())
  }

  /// Rewrites the append-only file in the background, so that it becomes as small as possible.
  ///
  /// `BGREWRITEAOF`, since 1.0.0. O(1)
  @discardableResult
  public func bgrewriteaof() async throws -> OK {
    try await send(BGREWRITEAOF())
  }

  /// Saves all databases to disk in the background.
  ///
  /// `BGSAVE [SCHEDULE]`, since 1.0.0. O(1)
  @discardableResult
  public func bgsave(schedule: Bool = false) async throws -> OK {
    try await send(BGSAVE(schedule: schedule))
  }

  /// Returns the number of commands.
  ///
  /// `COMMAND COUNT`, since 2.8.13. O(1)
  @discardableResult
  public func commandCount() async throws -> Int {
    try await send(COMMAND.COUNT())
  }

  /// Returns documentation of commands.
  ///
  /// `COMMAND DOCS [command-name [command-name ...]]`, since 7.0.0. O(N) where N is the number of commands to look up
  @discardableResult
  public func commandDocs(commandName: [RESPArgument] = []) async throws -> [RESPString: RESPValue] {
    try await send(COMMAND.DOCS(commandName: commandName))
  }

  /// Extracts the key names from a command.
  ///
  /// `COMMAND GETKEYS command [arg [arg ...]]`, since 2.8.13. O(N) where N is the number of arguments to the command
  @discardableResult
  public func commandGetkeys(_ command: some RESPEncodable, arg: [RESPArgument] = []) async throws -> [RESPString] {
    try await send(COMMAND.GETKEYS(command, arg: arg))
  }

  /// Extracts the key names from a command, with what is done to each key.
  ///
  /// `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`, since 7.0.0. O(N) where N is the number of arguments to the command
  @discardableResult
  public func commandGetkeysandflags(_ command: some RESPEncodable, arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(COMMAND.GETKEYSANDFLAGS(command, arg: arg))
  }

  /// Returns information about one, several or all commands.
  ///
  /// `COMMAND INFO [command-name [command-name ...]]`, since 2.8.13. O(N) where N is the number of commands to look up
  @discardableResult
  public func commandInfo(commandName: [RESPArgument] = []) async throws -> [RESPValue] {
    try await send(COMMAND.INFO(commandName: commandName))
  }

  /// Returns the names of commands.
  ///
  /// `COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]`, since 7.0.0. O(N) where N is the total number of commands
  @discardableResult
  public func commandList(filterby: COMMAND.LIST.Filterby? = nil) async throws -> [RESPString] {
    try await send(COMMAND.LIST(filterby: filterby))
  }

  /// Returns the values of configuration directives.
  ///
  /// `CONFIG GET parameter [parameter ...]`, since 2.0.0. O(1)
  @discardableResult
  public func configGet(_ parameter: [some RESPEncodable]) async throws -> [RESPString: RESPString] {
    try await send(CONFIG.GET(parameter))
  }

  /// Returns the values of configuration directives.
  ///
  /// `CONFIG GET parameter [parameter ...]`, since 2.0.0. O(1)
  @discardableResult
  public func configGet(_ parameter: any RESPEncodable...) async throws -> [RESPString: RESPString] {
    try await send(CONFIG.GET(parameter.map(\.respArgument)))
  }

  /// Sets configuration directives while the server runs.
  ///
  /// `CONFIG SET parameter value [parameter value ...]`, since 2.0.0. O(1)
  @discardableResult
  public func configSet(_ data: RESPPairs) async throws -> OK {
    try await send(CONFIG.SET(data))
  }

  /// Writes the present configuration to its file.
  ///
  /// `CONFIG REWRITE`, since 2.8.0. O(1)
  @discardableResult
  public func configRewrite() async throws -> OK {
    try await send(CONFIG.REWRITE())
  }

  /// Resets the server's statistics.
  ///
  /// `CONFIG RESETSTAT`, since 2.0.0. O(1)
  @discardableResult
  public func configResetstat() async throws -> OK {
    try await send(CONFIG.RESETSTAT())
  }

  /// Returns the number of keys in the database.
  ///
  /// `DBSIZE`, since 1.0.0. O(1)
  @discardableResult
  public func dbsize() async throws -> Int {
    try await send(DBSIZE())
  }

  /// Hands the role of the primary over to one of its replicas.
  ///
  /// `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]`, since 6.2.0. O(1)
  @discardableResult
  public func failover(to: FAILOVER.To? = nil, abort: Bool = false, milliseconds: Int? = nil) async throws -> RESPValue {
    try await send(FAILOVER(to: to, abort: abort, milliseconds: milliseconds))
  }

  /// Removes all keys from all databases.
  ///
  /// `FLUSHALL [ASYNC | SYNC]`, since 1.0.0. O(1)
  @discardableResult
  public func flushall(flushType: FLUSHALL.FlushType? = nil) async throws -> OK {
    try await send(FLUSHALL(flushType: flushType))
  }

  /// Removes all keys from the current database.
  ///
  /// `FLUSHDB [ASYNC | SYNC]`, since 1.0.0. O(1)
  @discardableResult
  public func flushdb(flushType: FLUSHDB.FlushType? = nil) async throws -> OK {
    try await send(FLUSHDB(flushType: flushType))
  }

  /// Returns information and statistics about the server.
  ///
  /// `INFO [section [section ...]]`, since 1.0.0. O(1)
  @discardableResult
  public func info(section: [RESPArgument] = []) async throws -> RESPString {
    try await send(INFO(section: section))
  }

  /// Returns the Unix time of the last successful save to disk.
  ///
  /// `LASTSAVE`, since 1.0.0. O(1)
  @discardableResult
  public func lastsave() async throws -> Int {
    try await send(LASTSAVE())
  }

  /// Returns a human-readable latency analysis report.
  ///
  /// `LATENCY DOCTOR`, since 2.8.13. O(1)
  @discardableResult
  public func latencyDoctor() async throws -> RESPString {
    try await send(LATENCY.DOCTOR())
  }

  /// Returns a latency graph for an event.
  ///
  /// `LATENCY GRAPH event`, since 2.8.13. O(1)
  @discardableResult
  public func latencyGraph(_ event: some RESPEncodable) async throws -> RESPString {
    try await send(LATENCY.GRAPH(event))
  }

  /// Returns the cumulative distribution of latencies of a subset or all commands.
  ///
  /// `LATENCY HISTOGRAM [command [command ...]]`, since 7.0.0. O(N) where N is the number of commands with latency information being retrieved.
  @discardableResult
  public func latencyHistogram(command: [RESPArgument] = []) async throws -> [RESPString: RESPValue] {
    try await send(LATENCY.HISTOGRAM(command: command))
  }

  /// Returns timestamp-latency samples for an event.
  ///
  /// `LATENCY HISTORY event`, since 2.8.13. O(1)
  @discardableResult
  public func latencyHistory(_ event: some RESPEncodable) async throws -> [RESPValue] {
    try await send(LATENCY.HISTORY(event))
  }

  /// Returns the latest latency samples for all events.
  ///
  /// `LATENCY LATEST`, since 2.8.13. O(1)
  @discardableResult
  public func latencyLatest() async throws -> [RESPValue] {
    try await send(LATENCY.LATEST())
  }

  /// Resets the latency data for one or more events.
  ///
  /// `LATENCY RESET [event [event ...]]`, since 2.8.13. O(1)
  @discardableResult
  public func latencyReset(event: [RESPArgument] = []) async throws -> Int {
    try await send(LATENCY.RESET(event: event))
  }

  /// Displays computer art and the version.
  ///
  /// `LOLWUT [VERSION version]`, since 5.0.0. O(1)
  @discardableResult
  public func lolwut(version: Int? = nil) async throws -> RESPString {
    try await send(LOLWUT(version: version))
  }

  /// Outputs a memory problems report.
  ///
  /// `MEMORY DOCTOR`, since 4.0.0. O(1)
  @discardableResult
  public func memoryDoctor() async throws -> RESPString {
    try await send(MEMORY.DOCTOR())
  }

  /// Returns the allocator statistics.
  ///
  /// `MEMORY MALLOC-STATS`, since 4.0.0. Depends on how much memory is allocated, could be slow
  @discardableResult
  public func memoryMallocStats() async throws -> RESPString {
    try await send(MEMORY.MALLOCSTATS())
  }

  /// Asks the allocator to release memory.
  ///
  /// `MEMORY PURGE`, since 4.0.0. Depends on how much memory is allocated, could be slow
  @discardableResult
  public func memoryPurge() async throws -> OK {
    try await send(MEMORY.PURGE())
  }

  /// Returns details about memory usage.
  ///
  /// `MEMORY STATS`, since 4.0.0. O(1)
  @discardableResult
  public func memoryStats() async throws -> [RESPString: RESPValue] {
    try await send(MEMORY.STATS())
  }

  /// Estimates the memory usage of a key.
  ///
  /// `MEMORY USAGE key [SAMPLES count]`, since 4.0.0. O(N) where N is the number of samples.
  @discardableResult
  public func memoryUsage(_ key: some RESPEncodable, count: Int? = nil) async throws -> Int? {
    try await send(MEMORY.USAGE(key, count: count))
  }

  /// Returns all loaded modules: there are none.
  ///
  /// `MODULE LIST`, since 4.0.0. O(N) where N is the number of loaded modules.
  @discardableResult
  public func moduleList() async throws -> [[RESPString: RESPValue]] {
    try await send(MODULE.LIST())
  }

  /// Makes this server a replica of another, or, with NO ONE, a primary again.
  ///
  /// `REPLICAOF <host port | NO ONE>`, since 5.0.0. O(1)
  @discardableResult
  public func replicaof(primary: REPLICAOF.Primary) async throws -> OK {
    try await send(REPLICAOF(primary: primary))
  }

  /// Returns the replication role.
  ///
  /// `ROLE`, since 2.8.12. O(1)
  @discardableResult
  public func role() async throws -> [RESPValue] {
    try await send(ROLE())
  }

  /// Saves all databases to disk while everybody waits.
  ///
  /// `SAVE`, since 1.0.0. O(N) where N is the total number of keys in all databases
  @discardableResult
  public func save() async throws -> OK {
    try await send(SAVE())
  }

  /// Saves all databases to disk and ends the server.
  ///
  /// `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`, since 1.0.0. O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)
  @discardableResult
  public func shutdown(saving: SHUTDOWN.Saving? = nil, now: Bool = false, force: Bool = false, abort: Bool = false) async throws -> OK {
    try await send(SHUTDOWN(saving: saving, now: now, force: force, abort: abort))
  }

  /// As REPLICAOF, by its old name.
  ///
  /// `SLAVEOF <host port | NO ONE>`, since 1.0.0. O(1)
  @discardableResult
  public func slaveof(primary: SLAVEOF.Primary) async throws -> OK {
    try await send(SLAVEOF(primary: primary))
  }

  /// Returns the slow log's entries.
  ///
  /// `SLOWLOG GET [count]`, since 2.2.12. O(N) where N is the number of entries returned
  @discardableResult
  public func slowlogGet(count: Int? = nil) async throws -> [RESPValue] {
    try await send(SLOWLOG.GET(count: count))
  }

  /// Returns the number of entries in the slow log.
  ///
  /// `SLOWLOG LEN`, since 2.2.12. O(1)
  @discardableResult
  public func slowlogLen() async throws -> Int {
    try await send(SLOWLOG.LEN())
  }

  /// Clears all entries from the slow log.
  ///
  /// `SLOWLOG RESET`, since 2.2.12. O(N) where N is the number of entries in the slowlog
  @discardableResult
  public func slowlogReset() async throws -> OK {
    try await send(SLOWLOG.RESET())
  }

  /// Swaps two databases.
  ///
  /// `SWAPDB index1 index2`, since 4.0.0. O(1)
  @discardableResult
  public func swapdb(_ index1: Int, _ index2: Int) async throws -> OK {
    try await send(SWAPDB(index1, index2))
  }

  /// Returns the server's time.
  ///
  /// `TIME`, since 2.6.0. O(1)
  @discardableResult
  public func time() async throws -> [Int] {
    try await send(TIME())
  }
}
