import Keyspace
import Memory
import RESP

// A log is repeated command by command, without the checks that a client's commands go through: they were made when
// the commands ran for the first time.

/// One who repeats a log.
public final class Replay {
  public enum Outcome {
    case done
    /// Between MULTI and EXEC: it takes effect with EXEC.
    case queued
    case unknownCommand
  }

  /// No client has it.
  fileprivate static let sessionID: UInt64 = 0

  private let executor: Executor
  private let session: SessionPointer
  private var reply = ReplyWriter(capacity: 4096)
  /// Commands since MULTI; nil outside of a transaction.
  private var queue: [[Blob]]?

  public init(_ executor: Executor) {
    self.executor = executor
    let now = executor.keyspace.pointee.wallTime
    session = .allocate(capacity: 1)
    let details = SessionDetails(createdAt: now, peerAddress: "", localAddress: "", fileDescriptor: -1)
    session.initialize(to: Session(id: Self.sessionID, now: now, details: details))
    // Nobody waits for anything here.
    session.pointee.flags.insert(.inExec)
  }

  deinit {
    for arguments in queue ?? [] { arguments.forEach { $0.release() } }
    session.deinitialize(count: 1)
    session.deallocate()
  }

  public var isInTransaction: Bool { queue != nil }

  public func run(_ arguments: UnsafeBufferPointer<Bytes>) -> Outcome {
    guard let base = arguments.baseAddress, var command = executor.table.find(base[0]) else { return .unknownCommand }
    switch command.pointee.fullName {
    case "multi":
      queue = queue ?? []
      return .queued
    case "exec":
      runQueue()
      return .done
    default: break
    }
    if command.pointee.hasSubcommands && arguments.count > 1 {
      guard let subcommand = command.pointee.subcommand(base[1]) else { return .unknownCommand }
      command = subcommand
    }
    guard command.pointee.accepts(count: arguments.count) else { return .done }
    if queue != nil {
      queue?.append(arguments.map { Blob.copy($0) })
      return .queued
    }
    run(base, arguments.count, command)
    return .done
  }

  private func run(_ arguments: UnsafePointer<Bytes>, _ count: Int, _ command: CommandReference) {
    command.pointee.run(executor.makeCall(session, arguments, count: count, command: command), &reply)
    reply.reset(keepingCapacity: 64 << 10)
  }

  private func runQueue() {
    guard let commands = queue else { return }
    queue = nil
    for blobs in commands {
      let views = blobs.map(\.bytes)
      views.withUnsafeBufferPointer { _ = run($0) }
      blobs.forEach { $0.release() }
    }
  }
}

extension Call {
  /// Whether this was done before and is only repeated: what it says is to be done to the letter.
  var isReplayed: Bool { session.pointee.id == Replay.sessionID }

  /// Whether it is not for this server to refuse it.
  var isObeyed: Bool { isReplayed || session.pointee.flags.contains(.primary) }
}
