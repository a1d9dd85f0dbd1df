import Memory
import RESP

// Who may do what is asked before a command runs, when it is queued and again at EXEC, for each command of a script, and
// when a command that waited is run again. Sessions of users who may do everything do not get here.

extension Executor {
  /// Why the session's user may not run a command; nil: it may.
  @inline(__always)
  func denial(
    _ session: SessionPointer, _ command: CommandReference, _ arguments: UnsafePointer<Bytes>, count: Int
  ) -> Denial? {
    guard session.pointee.flags.contains(.restricted), let user = session.pointee.user else { return nil }
    return user.pointee.permissions.denial(command, UnsafeBufferPointer(start: arguments, count: count))
  }

  @inline(__always)
  func denial(_ call: Call) -> Denial? { denial(call.session, call.command, call.arguments, count: call.count) }

  /// Remembers that something was denied.
  ///
  /// - Parameter client: who asked for it, if it is not the session itself, as it is for the commands of a script.
  func note(
    _ denial: Denial, _ context: AccessLog.Context, _ session: SessionPointer, client: SessionPointer? = nil,
    _ command: CommandReference, _ arguments: UnsafePointer<Bytes>
  ) {
    let reason: AccessLog.Reason
    let object: ByteString
    switch denial {
    case .command: (reason, object) = (.command, ByteString(command.pointee.fullName))
    case .key(let index): (reason, object) = (.key, ByteString(arguments[index]))
    case .channel(let index): (reason, object) = (.channel, ByteString(arguments[index]))
    }
    users.log.note(
      AccessLog.Entry(
        reason, context, object: object, userName: session.pointee.user?.pointee.name ?? ByteString(""),
        client: host.describe(client ?? session), now: keyspace.pointee.now))
  }

  /// Somebody gave a wrong password, or a name that nobody has.
  public func noteFailedAuthentication(_ call: Call, userName: Bytes) {
    let isQueued = call.session.pointee.flags.contains(.inTransaction)
    users.log.note(
      AccessLog.Entry(
        .authentication, isQueued ? .transaction : .topLevel, object: ByteString(call[0]),
        userName: ByteString(userName), client: host.describe(call.session), now: keyspace.pointee.now))
  }

  /// A user's permissions changed: sessions that act in its name are to know at once.
  public func userChanged(_ user: UserPointer) {
    host.forEachSession { session in
      if session.pointee.user == user { session.updateRestriction() }
    }
  }
}

extension Denial {
  /// What the client is told, without a code.
  ///
  /// - Parameter argument: the key or channel, if it is to be told.
  public func message(_ user: UserPointer?, _ command: CommandReference, argument: ((Int) -> Bytes)? = nil)
    -> ErrorText
  {
    let name: ErrorText = user.map { user in user.pointee.name.withBytes { "\($0)" } } ?? ""
    switch self {
    case .command: return "User \(name) has no permissions to run the '\(command.pointee.fullName)' command"
    case .key(let index):
      guard let argument else { return "No permissions to access a key" }
      return "User \(name) has no permissions to access the '\(argument(index))' key"
    case .channel(let index):
      guard let argument else { return "No permissions to access a channel" }
      return "User \(name) has no permissions to access the '\(argument(index))' channel"
    }
  }

  /// What EXEC says of a command that was allowed when it was queued.
  var lateReason: StaticString {
    switch self {
    case .command: "no permission to execute the command or subcommand"
    case .key: "no permission to touch the specified keys"
    case .channel: "no permission to access one of the channels used as arguments"
    }
  }
}

extension Call {
  /// Whether the session's user may run this command and read any key besides.
  var mayReadAllKeys: Bool {
    guard session.pointee.flags.contains(.restricted), let user = session.pointee.user else { return true }
    return user.pointee.permissions.allowsReadingAll(command, UnsafeBufferPointer(start: arguments, count: count))
  }
}
