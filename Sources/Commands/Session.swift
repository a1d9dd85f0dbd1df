import Memory
import Structures

package typealias SessionPointer = UnsafeMutablePointer<Session>

/// What the server knows of a client apart from its socket: the other half is the connection, of
/// the layer above. Commands run in the name of a session.
package struct Session {
  package let id: UInt64
  package var database = 0
  package var protocolVersion: UInt8 = 2
  package var flags: SessionFlags = []
  /// Everything that the hot path does not touch.
  package let details: SessionDetails
  /// Set while the session is in MULTI.
  package var transaction: Transaction?
  /// Keys that WATCH noted.
  package var watched: [WatchedKey] = []
  package var subscriptions: Subscriptions?
  /// Set while the session waits for keys.
  package var blocking: Blocking?
  /// The layer above keeps its half here.
  package var connection: UnsafeMutableRawPointer?

  /// In whose name commands run; nil: the server's own, which may do everything.
  package internal(set) var user: UserPointer?
  package var lastCommand: CommandReference?
  /// Unix milliseconds.
  package var lastInteraction: Int64
  /// Stands for the session in the tracking table, while it is in tracking mode.
  var trackingNumber: UInt32 = 0
  package var commandCount = 0
  package var inputBytes = 0
  package var outputBytes = 0
  /// The position of the replication stream behind the last change that the session made.
  package var lastWritePosition = 0
  /// The same in the append-only file.
  package var lastLoggedByte = 0

  package init(id: UInt64, now: Int64, details: SessionDetails) {
    self.id = id
    self.details = details
    lastInteraction = now
  }

  package var isRESP3: Bool { protocolVersion == 3 }
  /// As CLIENT LIST shows it.
  package var userName: String { user.map { $0.pointee.name.string } ?? "(superuser)" }
  package var subscriptionCount: Int { subscriptions?.count ?? 0 }
}

package struct SessionFlags: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static var inTransaction: SessionFlags { SessionFlags(rawValue: 1 << 0) }
  /// A command was refused while queuing: EXEC will abort.
  package static var transactionFailed: SessionFlags { SessionFlags(rawValue: 1 << 1) }
  /// A watched key was changed: EXEC will answer null.
  package static var watchedKeyChanged: SessionFlags { SessionFlags(rawValue: 1 << 2) }
  /// Has subscriptions; in RESP2 only few commands are allowed then.
  package static var subscribed: SessionFlags { SessionFlags(rawValue: 1 << 3) }
  package static var unauthenticated: SessionFlags { SessionFlags(rawValue: 1 << 4) }
  package static var monitor: SessionFlags { SessionFlags(rawValue: 1 << 5) }
  package static var replyOff: SessionFlags { SessionFlags(rawValue: 1 << 6) }
  /// The next command's reply is left out.
  package static var replySkipNext: SessionFlags { SessionFlags(rawValue: 1 << 7) }
  /// This command's reply is left out.
  package static var replySkip: SessionFlags { SessionFlags(rawValue: 1 << 8) }
  /// Runs the commands of a transaction.
  package static var inExec: SessionFlags { SessionFlags(rawValue: inExecBit) }
  /// To be closed once its replies are sent.
  package static var closeAfterReply: SessionFlags { SessionFlags(rawValue: 1 << 10) }
  /// To be closed now; nothing more is read or sent.
  package static var closing: SessionFlags { SessionFlags(rawValue: 1 << 11) }
  package static var noTouch: SessionFlags { SessionFlags(rawValue: 1 << 12) }
  package static var noEvict: SessionFlags { SessionFlags(rawValue: 1 << 13) }
  /// Waits for CLIENT UNPAUSE with input that was not executed.
  package static var paused: SessionFlags { SessionFlags(rawValue: 1 << 14) }
  package static var unixSocket: SessionFlags { SessionFlags(rawValue: 1 << 15) }
  package static var readOnlyReplica: SessionFlags { SessionFlags(rawValue: 1 << 16) }

  /// Waits for keys.
  package static var blocked: SessionFlags { SessionFlags(rawValue: 1 << 17) }

  /// Its user may not do everything.
  package static var restricted: SessionFlags { SessionFlags(rawValue: 1 << 28) }

  /// Follows this server: what it is sent is the stream of changes.
  package static var replica: SessionFlags { SessionFlags(rawValue: 1 << 26) }

  /// The primary that this server follows: what it says is done.
  package static var primary: SessionFlags { SessionFlags(rawValue: primaryBit) }
  /// CLIENT TRACKING, and its mode.
  package static var tracking: SessionFlags { SessionFlags(rawValue: trackingBit) }
  // For the hot path; see ``ChangeInterest``.
  static var inExecBit: UInt32 { 1 << 9 }
  static var trackingBit: UInt32 { 1 << 18 }
  static var primaryBit: UInt32 { 1 << 27 }
  package static var trackingBroadcast: SessionFlags { SessionFlags(rawValue: 1 << 19) }
  package static var trackingOptIn: SessionFlags { SessionFlags(rawValue: 1 << 20) }
  package static var trackingOptOut: SessionFlags { SessionFlags(rawValue: 1 << 21) }
  package static var trackingNoLoop: SessionFlags { SessionFlags(rawValue: 1 << 22) }
  /// CLIENT CACHING: the next command is an exception.
  package static var trackingCaching: SessionFlags { SessionFlags(rawValue: 1 << 23) }
  /// The client that is to get the invalidations is gone.
  package static var trackingBrokenRedirect: SessionFlags { SessionFlags(rawValue: 1 << 24) }
  /// Gets the invalidations of another client.
  package static var redirectTarget: SessionFlags { SessionFlags(rawValue: 1 << 25) }

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
package final class SessionDetails {
  package let createdAt: Int64
  /// `ip:port`, `path:0` for Unix sockets.
  package var peerAddress: String
  package var localAddress: String
  package var fileDescriptor: Int32
  package var name = ByteString("")
  package var libraryName = ByteString("")
  package var libraryVersion = ByteString("")
  /// Whatever CLIENT CAPA announced.
  package var capabilities: Set<String> = []

  package init(createdAt: Int64, peerAddress: String, localAddress: String, fileDescriptor: Int32) {
    self.createdAt = createdAt
    self.peerAddress = peerAddress
    self.localAddress = localAddress
    self.fileDescriptor = fileDescriptor
  }
}

/// Commands queued by MULTI. Arguments are copied: the input buffer does not live that long.
package final class Transaction {
  package struct Queued {
    package let command: CommandReference
    package let first: Int
    package let count: Int
  }

  package private(set) var commands: [Queued] = []
  package private(set) var arguments: [Blob] = []
  package private(set) var bytes = 0
  /// What the queued commands do, taken together.
  package private(set) var flags: CommandFlags = []
  /// What some of them lack.
  package private(set) var inverseFlags: CommandFlags = []

  package init() {}

  deinit {
    for argument in arguments { argument.release() }
  }

  /// - Parameter effective: what the command is judged by.
  package func queue(_ command: CommandReference, _ call: Call, _ effective: CommandFlags) {
    commands.append(Queued(command: command, first: arguments.count, count: call.count))
    for i in 0..<call.count {
      arguments.append(Blob.copy(call[i]))
      bytes += call[i].count + Blob.headerSize
    }
    flags.formUnion(effective)
    inverseFlags.formUnion(CommandFlags(rawValue: ~effective.rawValue))
  }

  /// Bytes of the queued commands as RESP.
  package var encodedBytes: Int {
    commands.reduce(0) { $0 + 3 + digitCount(Int64($1.count)) }
      + arguments.reduce(0) { $0 + 5 + digitCount(Int64($1.count)) + $1.count }
  }

  /// Bytes that the queue takes.
  package var memory: Int { bytes + commands.count * MemoryLayout<Queued>.stride + arguments.count * 8 }
}
