// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Authenticates the connection.
///
/// `AUTH [username] password`, since 1.0.0. O(1)
public struct AUTH: Command {
  public typealias Response = OK
  public static var name: String { "AUTH" }
  public static var needsOwnConnection: Bool { true }
  public var username: RESPArgument?
  public var password: RESPArgument
  public init(_ password: some RESPEncodable, username: RESPArgument? = nil) {
    self.username = username
    self.password = password.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "AUTH")
    if let username { e.append(username) }
    e.append(password)
  }
}

/// Subcommands of CLIENT.
public enum CLIENT {
  /// Says what the connection is capable of.
  ///
  /// `CLIENT CAPA capability [capability ...]`, since 8.0.0. O(1)
  public struct CAPA: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT CAPA" }
    public static var needsOwnConnection: Bool { true }
    public var capability: [RESPArgument]
    public init(_ capability: [some RESPEncodable]) {
      self.capability = capability.map(\.respArgument)
    }
    public init(_ capability: any RESPEncodable...) {
      self.capability = capability.map(\.respArgument)
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "CAPA")
      e.append(capability)
    }
  }

  /// Makes the next command an exception to the mode of tracking.
  ///
  /// `CLIENT CACHING <YES | NO>`, since 6.0.0. O(1)
  public struct CACHING: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT CACHING" }
    public static var needsOwnConnection: Bool { true }
    public enum Yes: Sendable {
      case yes
      case no
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .yes: e.append(word: "YES")
        case .no: e.append(word: "NO")
        }
      }
    }
    public var yes: Yes
    public init(yes: Yes) {
      self.yes = yes
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "CACHING")
      yes.encode(into: &e)
    }
  }

  /// Returns the name of the connection.
  ///
  /// `CLIENT GETNAME`, since 2.6.9. O(1)
  public struct GETNAME: Command {
    public typealias Response = RESPString?
    public static var name: String { "CLIENT GETNAME" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "GETNAME")
    }
  }

  /// Returns the client ID to which tracking notifications are redirected.
  ///
  /// `CLIENT GETREDIR`, since 6.0.0. O(1)
  public struct GETREDIR: Command {
    public typealias Response = Int
    public static var name: String { "CLIENT GETREDIR" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "GETREDIR")
    }
  }

  /// Returns the unique client ID of the connection.
  ///
  /// `CLIENT ID`, since 5.0.0. O(1)
  public struct ID: Command {
    public typealias Response = Int
    public static var name: String { "CLIENT ID" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "ID")
    }
  }

  /// Returns information about the connection.
  ///
  /// `CLIENT INFO`, since 6.2.0. O(1)
  public struct INFO: Command {
    public typealias Response = RESPString
    public static var name: String { "CLIENT INFO" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "INFO")
    }
  }

  /// Lists open connections.
  ///
  /// `CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]`, since 2.4.0. O(1)
  public struct LIST: Command {
    public typealias Response = RESPString
    public static var name: String { "CLIENT LIST" }
    public enum Kind: Sendable {
      case normal
      case master
      case replica
      case pubsub
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .normal: e.append(word: "NORMAL")
        case .master: e.append(word: "MASTER")
        case .replica: e.append(word: "REPLICA")
        case .pubsub: e.append(word: "PUBSUB")
        }
      }
    }
    public var kind: Kind?
    public var clientId: [Int]
    public init(kind: Kind? = nil, clientId: [Int] = []) {
      self.kind = kind
      self.clientId = clientId
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "LIST")
      if let kind {
        e.append(word: "TYPE")
        kind.encode(into: &e)
      }
      if !clientId.isEmpty {
        e.append(word: "ID")
        for item in clientId {
          e.append(.integer(item))
        }
      }
    }
  }

  /// Keeps the connection from being evicted.
  ///
  /// `CLIENT NO-EVICT <ON | OFF>`, since 7.0.0. O(1)
  public struct NOEVICT: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT NO-EVICT" }
    public static var needsOwnConnection: Bool { true }
    public enum Status: Sendable {
      case on
      case off
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .on: e.append(word: "ON")
        case .off: e.append(word: "OFF")
        }
      }
    }
    public var status: Status
    public init(status: Status) {
      self.status = status
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "NO-EVICT")
      status.encode(into: &e)
    }
  }

  /// Controls whether commands of the client count as uses of keys.
  ///
  /// `CLIENT NO-TOUCH <ON | OFF>`, since 7.2.0. O(1)
  public struct NOTOUCH: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT NO-TOUCH" }
    public static var needsOwnConnection: Bool { true }
    public enum Status: Sendable {
      case on
      case off
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .on: e.append(word: "ON")
        case .off: e.append(word: "OFF")
        }
      }
    }
    public var status: Status
    public init(status: Status) {
      self.status = status
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "NO-TOUCH")
      status.encode(into: &e)
    }
  }

  /// Suspends commands processing.
  ///
  /// `CLIENT PAUSE timeout [WRITE | ALL]`, since 3.0.0. O(1)
  public struct PAUSE: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT PAUSE" }
    public enum Mode: Sendable {
      case write
      case all
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .write: e.append(word: "WRITE")
        case .all: e.append(word: "ALL")
        }
      }
    }
    public var timeout: Int
    public var mode: Mode?
    public init(timeout: Int, mode: Mode? = nil) {
      self.timeout = timeout
      self.mode = mode
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "PAUSE")
      e.append(.integer(timeout))
      if let mode { mode.encode(into: &e) }
    }
  }

  /// Sets information specific to the client or connection.
  ///
  /// `CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>`, since 7.2.0. O(1)
  public struct SETINFO: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT SETINFO" }
    public enum Attribute: Sendable {
      case libName(RESPArgument)
      case libVer(RESPArgument)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .libName(let value):
          e.append(word: "LIB-NAME")
          e.append(value)
        case .libVer(let value):
          e.append(word: "LIB-VER")
          e.append(value)
        }
      }
    }
    public var attribute: Attribute
    public init(attribute: Attribute) {
      self.attribute = attribute
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "SETINFO")
      attribute.encode(into: &e)
    }
  }

  /// Sets the connection name.
  ///
  /// `CLIENT SETNAME connection-name`, since 2.6.9. O(1)
  public struct SETNAME: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT SETNAME" }
    public static var needsOwnConnection: Bool { true }
    public var connectionName: RESPArgument
    public init(_ connectionName: some RESPEncodable) {
      self.connectionName = connectionName.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "SETNAME")
      e.append(connectionName)
    }
  }

  /// Turns server-assisted client-side caching on or off.
  ///
  /// `CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP] [RESUME replication-id offset]`, since 6.0.0. O(1). Some options may introduce additional complexity.
  public struct TRACKING: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT TRACKING" }
    public static var needsOwnConnection: Bool { true }
    public enum Status: Sendable {
      case on
      case off
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .on: e.append(word: "ON")
        case .off: e.append(word: "OFF")
        }
      }
    }
    public var status: Status
    public var clientId: Int?
    public var prefix: [RESPArgument]
    public var bcast: Bool
    public var optin: Bool
    public var optout: Bool
    public var noloop: Bool
    public var resume: (replicationId: RESPArgument, offset: Int)?
    public init(status: Status, clientId: Int? = nil, prefix: [RESPArgument] = [], bcast: Bool = false, optin: Bool = false, optout: Bool = false, noloop: Bool = false, resume: (replicationId: RESPArgument, offset: Int)? = nil) {
      self.status = status
      self.clientId = clientId
      self.prefix = prefix
      self.bcast = bcast
      self.optin = optin
      self.optout = optout
      self.noloop = noloop
      self.resume = resume
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "TRACKING")
      status.encode(into: &e)
      if let clientId {
        e.append(word: "REDIRECT")
        e.append(.integer(clientId))
      }
      for item in prefix {
        e.append(word: "PREFIX")
        e.append(item)
      }
      if bcast { e.append(word: "BCAST") }
      if optin { e.append(word: "OPTIN") }
      if optout { e.append(word: "OPTOUT") }
      if noloop { e.append(word: "NOLOOP") }
      if let resume {
        e.append(word: "RESUME")
        e.append(resume.replicationId)
        e.append(.integer(resume.offset))
      }
    }
  }

  /// Returns how the connection uses server-assisted client-side caching.
  ///
  /// `CLIENT TRACKINGINFO`, since 6.2.0. O(1)
  public struct TRACKINGINFO: Command {
    public typealias Response = [RESPString: RESPValue]
    public static var name: String { "CLIENT TRACKINGINFO" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "TRACKINGINFO")
    }
  }

  /// Unblocks a client blocked by a blocking command from a different connection.
  ///
  /// `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`, since 5.0.0. O(1)
  public struct UNBLOCK: Command {
    public typealias Response = Bool
    public static var name: String { "CLIENT UNBLOCK" }
    public enum Reason: Sendable {
      case timeout
      case error
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .timeout: e.append(word: "TIMEOUT")
        case .error: e.append(word: "ERROR")
        }
      }
    }
    public var clientId: Int
    public var reason: Reason?
    public init(_ clientId: Int, reason: Reason? = nil) {
      self.clientId = clientId
      self.reason = reason
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "UNBLOCK")
      e.append(.integer(clientId))
      if let reason { reason.encode(into: &e) }
    }
  }

  /// Resumes processing commands from paused clients.
  ///
  /// `CLIENT UNPAUSE`, since 6.2.0. O(1)
  public struct UNPAUSE: Command {
    public typealias Response = OK
    public static var name: String { "CLIENT UNPAUSE" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLIENT")
      e.append(word: "UNPAUSE")
    }
  }
}

/// Returns the given string.
///
/// `ECHO message`, since 1.0.0. O(1)
public struct ECHO: Command {
  public typealias Response = RESPString
  public static var name: String { "ECHO" }
  public var message: RESPArgument
  public init(_ message: some RESPEncodable) {
    self.message = message.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ECHO")
    e.append(message)
  }
}

/// Returns the server's liveliness response.
///
/// `PING [message]`, since 1.0.0. O(1)
public struct PING: Command {
  public typealias Response = RESPString
  public static var name: String { "PING" }
  public var message: RESPArgument?
  public init(message: RESPArgument? = nil) {
    self.message = message
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PING")
    if let message { e.append(message) }
  }
}

/// Changes the selected database.
///
/// `SELECT index`, since 1.0.0. O(1)
public struct SELECT: Command {
  public typealias Response = OK
  public static var name: String { "SELECT" }
  public static var needsOwnConnection: Bool { true }
  public var index: Int
  public init(_ index: Int) {
    self.index = index
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SELECT")
    e.append(.integer(index))
  }
}

extension CommandSending {
  /// Authenticates the connection.
  ///
  /// `AUTH [username] password`, since 1.0.0. O(1)
  @discardableResult
  public func auth(_ password: some RESPEncodable, username: RESPArgument? = nil) async throws -> OK {
    try await send(AUTH(password, username: username))
  }

  /// Says what the connection is capable of.
  ///
  /// `CLIENT CAPA capability [capability ...]`, since 8.0.0. O(1)
  @discardableResult
  public func clientCapa(_ capability: [some RESPEncodable]) async throws -> OK {
    try await send(CLIENT.CAPA(capability))
  }

  /// Says what the connection is capable of.
  ///
  /// `CLIENT CAPA capability [capability ...]`, since 8.0.0. O(1)
  @discardableResult
  public func clientCapa(_ capability: any RESPEncodable...) async throws -> OK {
    try await send(CLIENT.CAPA(capability.map(\.respArgument)))
  }

  /// Makes the next command an exception to the mode of tracking.
  ///
  /// `CLIENT CACHING <YES | NO>`, since 6.0.0. O(1)
  @discardableResult
  public func clientCaching(yes: CLIENT.CACHING.Yes) async throws -> OK {
    try await send(CLIENT.CACHING(yes: yes))
  }

  /// Returns the name of the connection.
  ///
  /// `CLIENT GETNAME`, since 2.6.9. O(1)
  @discardableResult
  public func clientGetname() async throws -> RESPString? {
    try await send(CLIENT.GETNAME())
  }

  /// Returns the client ID to which tracking notifications are redirected.
  ///
  /// `CLIENT GETREDIR`, since 6.0.0. O(1)
  @discardableResult
  public func clientGetredir() async throws -> Int {
    try await send(CLIENT.GETREDIR())
  }

  /// Returns the unique client ID of the connection.
  ///
  /// `CLIENT ID`, since 5.0.0. O(1)
  @discardableResult
  public func clientId() async throws -> Int {
    try await send(CLIENT.ID())
  }

  /// Returns information about the connection.
  ///
  /// `CLIENT INFO`, since 6.2.0. O(1)
  @discardableResult
  public func clientInfo() async throws -> RESPString {
    try await send(CLIENT.INFO())
  }

  /// Lists open connections.
  ///
  /// `CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]`, since 2.4.0. O(1)
  @discardableResult
  public func clientList(kind: CLIENT.LIST.Kind? = nil, clientId: [Int] = []) async throws -> RESPString {
    try await send(CLIENT.LIST(kind: kind, clientId: clientId))
  }

  /// Keeps the connection from being evicted.
  ///
  /// `CLIENT NO-EVICT <ON | OFF>`, since 7.0.0. O(1)
  @discardableResult
  public func clientNoEvict(status: CLIENT.NOEVICT.Status) async throws -> OK {
    try await send(CLIENT.NOEVICT(status: status))
  }

  /// Controls whether commands of the client count as uses of keys.
  ///
  /// `CLIENT NO-TOUCH <ON | OFF>`, since 7.2.0. O(1)
  @discardableResult
  public func clientNoTouch(status: CLIENT.NOTOUCH.Status) async throws -> OK {
    try await send(CLIENT.NOTOUCH(status: status))
  }

  /// Suspends commands processing.
  ///
  /// `CLIENT PAUSE timeout [WRITE | ALL]`, since 3.0.0. O(1)
  @discardableResult
  public func clientPause(timeout: Int, mode: CLIENT.PAUSE.Mode? = nil) async throws -> OK {
    try await send(CLIENT.PAUSE(timeout: timeout, mode: mode))
  }

  /// Sets information specific to the client or connection.
  ///
  /// `CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>`, since 7.2.0. O(1)
  @discardableResult
  public func clientSetinfo(attribute: CLIENT.SETINFO.Attribute) async throws -> OK {
    try await send(CLIENT.SETINFO(attribute: attribute))
  }

  /// Sets the connection name.
  ///
  /// `CLIENT SETNAME connection-name`, since 2.6.9. O(1)
  @discardableResult
  public func clientSetname(_ connectionName: some RESPEncodable) async throws -> OK {
    try await send(CLIENT.SETNAME(connectionName))
  }

  /// Turns server-assisted client-side caching on or off.
  ///
  /// `CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP] [RESUME replication-id offset]`, since 6.0.0. O(1). Some options may introduce additional complexity.
  @discardableResult
  public func clientTracking(status: CLIENT.TRACKING.Status, clientId: Int? = nil, prefix: [RESPArgument] = [], bcast: Bool = false, optin: Bool = false, optout: Bool = false, noloop: Bool = false, resume: (replicationId: RESPArgument, offset: Int)? = nil) async throws -> OK {
    try await send(CLIENT.TRACKING(status: status, clientId: clientId, prefix: prefix, bcast: bcast, optin: optin, optout: optout, noloop: noloop, resume: resume))
  }

  /// Returns how the connection uses server-assisted client-side caching.
  ///
  /// `CLIENT TRACKINGINFO`, since 6.2.0. O(1)
  @discardableResult
  public func clientTrackinginfo() async throws -> [RESPString: RESPValue] {
    try await send(CLIENT.TRACKINGINFO())
  }

  /// Unblocks a client blocked by a blocking command from a different connection.
  ///
  /// `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`, since 5.0.0. O(1)
  @discardableResult
  public func clientUnblock(_ clientId: Int, reason: CLIENT.UNBLOCK.Reason? = nil) async throws -> Bool {
    try await send(CLIENT.UNBLOCK(clientId, reason: reason))
  }

  /// Resumes processing commands from paused clients.
  ///
  /// `CLIENT UNPAUSE`, since 6.2.0. O(1)
  @discardableResult
  public func clientUnpause() async throws -> OK {
    try await send(CLIENT.UNPAUSE())
  }

  /// Returns the given string.
  ///
  /// `ECHO message`, since 1.0.0. O(1)
  @discardableResult
  public func echo(_ message: some RESPEncodable) async throws -> RESPString {
    try await send(ECHO(message))
  }

  /// Returns the server's liveliness response.
  ///
  /// `PING [message]`, since 1.0.0. O(1)
  @discardableResult
  public func ping(message: RESPArgument? = nil) async throws -> RESPString {
    try await send(PING(message: message))
  }

  /// Changes the selected database.
  ///
  /// `SELECT index`, since 1.0.0. O(1)
  @discardableResult
  public func select(_ index: Int) async throws -> OK {
    try await send(SELECT(index))
  }
}
