import Memory
import Structures

public typealias SessionPointer = UnsafeMutablePointer<Session>

/// What the server knows of a client apart from its socket: the other half is the connection, of
/// the layer above. Commands run in the name of a session.
public struct Session {
  public let id: UInt64
  public var database = 0
  public var protocolVersion: UInt8 = 2
  public var flags: SessionFlags = []
  /// Everything that the hot path does not touch.
  public let details: SessionDetails
  /// Set while the session is in MULTI.
  public var transaction: Transaction?
  /// Keys that WATCH noted.
  public var watched: [WatchedKey] = []
  public var subscriptions: Subscriptions?
  /// Set while the session waits for keys.
  public var blocking: Blocking?
  /// The layer above keeps its half here.
  public var connection: UnsafeMutableRawPointer?

  /// In whose name commands run; nil: the server's own, which may do everything.
  public internal(set) var user: UserPointer?
  public var lastCommand: CommandReference?
  /// Unix milliseconds.
  public var lastInteraction: Int64
  /// Stands for the session in the tracking table, while it is in tracking mode.
  var trackingNumber: UInt32 = 0
  public var commandCount = 0
  public var inputBytes = 0
  public var outputBytes = 0
  /// The position of the replication stream behind the last change that the session made.
  public var lastWritePosition = 0
  /// The same in the append-only file.
  public var lastLoggedByte = 0

  public init(id: UInt64, now: Int64, details: SessionDetails) {
    self.id = id
    self.details = details
    lastInteraction = now
  }

  public var isRESP3: Bool { protocolVersion == 3 }
  /// As CLIENT LIST shows it.
  public var userName: String { user.map { $0.pointee.name.string } ?? "(superuser)" }
  public var subscriptionCount: Int { subscriptions?.count ?? 0 }
}

public struct SessionFlags: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static var inTransaction: SessionFlags { SessionFlags(rawValue: 1 << 0) }
  /// A command was refused while queuing: EXEC will abort.
  public static var transactionFailed: SessionFlags { SessionFlags(rawValue: 1 << 1) }
  /// A watched key was changed: EXEC will answer null.
  public static var watchedKeyChanged: SessionFlags { SessionFlags(rawValue: 1 << 2) }
  /// Has subscriptions; in RESP2 only few commands are allowed then.
  public static var subscribed: SessionFlags { SessionFlags(rawValue: 1 << 3) }
  public static var unauthenticated: SessionFlags { SessionFlags(rawValue: 1 << 4) }
  public static var monitor: SessionFlags { SessionFlags(rawValue: 1 << 5) }
  public static var replyOff: SessionFlags { SessionFlags(rawValue: 1 << 6) }
  /// The next command's reply is left out.
  public static var replySkipNext: SessionFlags { SessionFlags(rawValue: 1 << 7) }
  /// This command's reply is left out.
  public static var replySkip: SessionFlags { SessionFlags(rawValue: 1 << 8) }
  /// Runs the commands of a transaction.
  public static var inExec: SessionFlags { SessionFlags(rawValue: inExecBit) }
  /// To be closed once its replies are sent.
  public static var closeAfterReply: SessionFlags { SessionFlags(rawValue: 1 << 10) }
  /// To be closed now; nothing more is read or sent.
  public static var closing: SessionFlags { SessionFlags(rawValue: 1 << 11) }
  public static var noTouch: SessionFlags { SessionFlags(rawValue: 1 << 12) }
  public static var noEvict: SessionFlags { SessionFlags(rawValue: 1 << 13) }
  /// Waits for CLIENT UNPAUSE with input that was not executed.
  public static var paused: SessionFlags { SessionFlags(rawValue: 1 << 14) }
  public static var unixSocket: SessionFlags { SessionFlags(rawValue: 1 << 15) }
  public static var readOnlyReplica: SessionFlags { SessionFlags(rawValue: 1 << 16) }

  /// Waits for keys.
  public static var blocked: SessionFlags { SessionFlags(rawValue: 1 << 17) }

  /// Its user may not do everything.
  public static var restricted: SessionFlags { SessionFlags(rawValue: 1 << 28) }

  /// Follows this server: what it is sent is the stream of changes.
  public static var replica: SessionFlags { SessionFlags(rawValue: 1 << 26) }

  /// The primary that this server follows: what it says is done.
  public static var primary: SessionFlags { SessionFlags(rawValue: primaryBit) }
  /// CLIENT TRACKING, and its mode.
  public static var tracking: SessionFlags { SessionFlags(rawValue: trackingBit) }
  // For the hot path; see ``ChangeInterest``.
  static var inExecBit: UInt32 { 1 << 9 }
  static var trackingBit: UInt32 { 1 << 18 }
  static var primaryBit: UInt32 { 1 << 27 }
  public static var trackingBroadcast: SessionFlags { SessionFlags(rawValue: 1 << 19) }
  public static var trackingOptIn: SessionFlags { SessionFlags(rawValue: 1 << 20) }
  public static var trackingOptOut: SessionFlags { SessionFlags(rawValue: 1 << 21) }
  public static var trackingNoLoop: SessionFlags { SessionFlags(rawValue: 1 << 22) }
  /// CLIENT CACHING: the next command is an exception.
  public static var trackingCaching: SessionFlags { SessionFlags(rawValue: 1 << 23) }
  /// The client that is to get the invalidations is gone.
  public static var trackingBrokenRedirect: SessionFlags { SessionFlags(rawValue: 1 << 24) }
  /// Gets the invalidations of another client.
  public static var redirectTarget: SessionFlags { SessionFlags(rawValue: 1 << 25) }

  /// With none of these set, a command goes straight to its handler.
  @inline(__always)
  static var needAttention: SessionFlags {
    // Spelled as bits: this is looked at for every command.
    SessionFlags(
      rawValue: inTransaction.rawValue | subscribed.rawValue | unauthenticated.rawValue | monitor.rawValue
        | replyOff.rawValue | replySkipNext.rawValue | replySkip.rawValue | inExec.rawValue
        | closeAfterReply.rawValue | closing.rawValue | trackingCaching.rawValue
        | restricted.rawValue)
  }
}

/// The parts of a session that only administrative commands look at.
public final class SessionDetails {
  public let createdAt: Int64
  /// `ip:port`, `path:0` for Unix sockets.
  public var peerAddress: String
  public var localAddress: String
  public var fileDescriptor: Int32
  public var name = ByteString("")
  public var libraryName = ByteString("")
  public var libraryVersion = ByteString("")
  /// Whatever CLIENT CAPA announced.
  public var capabilities: Set<String> = []

  public init(createdAt: Int64, peerAddress: String, localAddress: String, fileDescriptor: Int32) {
    self.createdAt = createdAt
    self.peerAddress = peerAddress
    self.localAddress = localAddress
    self.fileDescriptor = fileDescriptor
  }
}

/// Commands queued by MULTI. Arguments are copied: the input buffer does not live that long.
public final class Transaction {
  public struct Queued {
    public let command: CommandReference
    public let first: Int
    public let count: Int
  }

  public private(set) var commands: [Queued] = []
  public private(set) var arguments: [Blob] = []
  public private(set) var bytes = 0
  /// What the queued commands do, taken together.
  public private(set) var flags: CommandFlags = []
  /// What some of them lack.
  public private(set) var inverseFlags: CommandFlags = []

  public init() {}

  deinit {
    for argument in arguments { argument.release() }
  }

  /// - Parameter effective: what the command is judged by.
  public func queue(_ command: CommandReference, _ call: Call, _ effective: CommandFlags) {
    commands.append(Queued(command: command, first: arguments.count, count: call.count))
    for i in 0..<call.count {
      arguments.append(Blob.copy(call[i]))
      bytes += call[i].count + Blob.headerSize
    }
    flags.formUnion(effective)
    inverseFlags.formUnion(CommandFlags(rawValue: ~effective.rawValue))
  }

  /// Bytes of the queued commands as RESP.
  public var encodedBytes: Int {
    commands.reduce(0) { $0 + 3 + digitCount(Int64($1.count)) }
      + arguments.reduce(0) { $0 + 5 + digitCount(Int64($1.count)) + $1.count }
  }

  /// Bytes that the queue takes.
  public var memory: Int { bytes + commands.count * MemoryLayout<Queued>.stride + arguments.count * 8 }
}
