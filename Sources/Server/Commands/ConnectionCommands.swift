import Commands
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// The connection itself: who it is, what it speaks. https://redis.io/docs/latest/commands/?group=connection
  static let connection: [Command] = [
    Command(
      "AUTH", arity: -2, [.noScript, .loading, .stale, .fast, .noAuth, .allowBusy], group: .connection, since: "1.0.0",
      summary: "Authenticates the connection.", syntax: "[username] password", run: auth),
    Command(
      "HELLO", arity: -1, [.noScript, .loading, .stale, .fast, .noAuth, .allowBusy], group: .connection, since: "6.0.0",
      summary: "Handshakes with the server, choosing the protocol.",
      syntax: "[protover [AUTH username password] [SETNAME clientname]]", run: hello),
    Command(
      "PING", arity: -1, [.fast, .runsWhileSubscribed], group: .connection, since: "1.0.0",
      summary: "Returns the server's liveliness response.", syntax: "[message]",
      tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: ping),
    Command(
      "ECHO", arity: 2, [.loading, .stale, .fast], group: .connection, since: "1.0.0",
      summary: "Returns the given string.", syntax: "message", run: echo),
    Command(
      "SELECT", arity: 2, [.loading, .stale, .fast], group: .connection, since: "1.0.0",
      summary: "Changes the selected database.", syntax: "index", run: select),
    Command(
      "QUIT", arity: -1,
      [.noScript, .loading, .stale, .fast, .noAuth, .allowBusy, .runsInTransaction, .runsWhileSubscribed],
      group: .connection, since: "1.0.0",
      summary: "Closes the connection.", run: quit),
    Command(
      "RESET", arity: 1,
      [.noScript, .loading, .stale, .fast, .noAuth, .allowBusy, .runsInTransaction, .runsWhileSubscribed],
      group: .connection, since: "6.2.0",
      summary: "Resets the connection.", run: reset),
  ]
}

extension Call {
  /// The server that runs the command.
  var server: ServerInstance { unsafeDowncast(executor.host, to: ServerInstance.self) }
}

// MARK: Who it is

/// Lets the session act as a user from now on, if this is the user's password. False after the error was written.
private func authenticate(_ call: Call, _ name: Bytes, _ password: Bytes, _ reply: inout ReplyWriter) -> Bool {
  guard let user = call.executor.users.find(name), user.pointee.user.accepts(password) else {
    call.executor.noteFailedAuthentication(call, userName: name)
    reply.error("WRONGPASS invalid username-password pair or user is disabled.")
    return false
  }
  call.session.act(as: user)
  call.session.pointee.flags.remove(.unauthenticated)
  return true
}

private func auth(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.syntaxError() }
  if call.count == 2 && call.executor.users.standard.pointee.user.needsNoPassword {
    return reply.error(
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"
    )
  }
  let name = call.count == 3 ? call[1] : Bytes("default")
  if authenticate(call, name, call[call.count - 1], &reply) { reply.ok() }
}

private func hello(_ call: Call, _ reply: inout ReplyWriter) {
  var version = call.session.pointee.protocolVersion
  if call.count > 1 {
    guard let given = parseInteger(call[1]) else {
      return reply.error("ERR Protocol version is not an integer or out of range")
    }
    guard given == 2 || given == 3 else { return reply.error("NOPROTO unsupported protocol version") }
    version = UInt8(given)
  }
  var name: Bytes?
  var credentials: (user: Bytes, password: Bytes)?
  var i = 2
  while i < call.count {
    if i + 2 < call.count && call.argument(i, is: "auth") {
      credentials = (call[i + 1], call[i + 2])
      i += 3
    } else if i + 1 < call.count && call.argument(i, is: "setname") {
      name = call[i + 1]
      guard isPlainName(call[i + 1]) else {
        return reply.error("ERR Client names cannot contain spaces, newlines or special characters.")
      }
      i += 2
    } else {
      return reply.error("ERR Syntax error in HELLO option '\(call[i])'")
    }
  }
  if let credentials, !authenticate(call, credentials.user, credentials.password, &reply) { return }
  if call.session.pointee.flags.contains(.unauthenticated) {
    return reply.error(
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"
    )
  }
  if let name { call.session.pointee.details.name = ByteString(name) }
  call.session.pointee.protocolVersion = version
  reply.protocolVersion = version
  reply.map(7)
  reply.bulk("server")
  reply.bulk("redis")
  reply.bulk("version")
  reply.bulk(call.server.settings.compatibleVersion)
  reply.bulk("proto")
  reply.integer(Int(version))
  reply.bulk("id")
  reply.integer(Int(call.session.pointee.id))
  reply.bulk("mode")
  reply.bulk("standalone")
  reply.bulk("role")
  reply.bulk("master")
  reply.bulk("modules")
  reply.array(0)
}

/// Printable ASCII without blanks: what CLIENT LIST can show.
func isPlainName(_ name: Bytes) -> Bool {
  for i in 0..<name.count where name[i] < 33 || name[i] > 126 { return false }
  return true
}

// MARK: Small talk

private func ping(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 2 { return reply.wrongArity(call) }
  if call.session.pointee.flags.contains(.subscribed) && !call.session.pointee.isRESP3 {
    reply.array(2)
    reply.bulk("pong")
    if call.count == 2 { reply.bulk(call[1]) } else { reply.bulk("") }
  } else if call.count == 2 {
    reply.bulk(call[1])
  } else {
    reply.pong()
  }
}

private func echo(_ call: Call, _ reply: inout ReplyWriter) { reply.bulk(call[1]) }

private func select(_ call: Call, _ reply: inout ReplyWriter) {
  guard let index = call.int32(1, &reply) else { return }
  guard index >= 0 && index < call.keyspace.pointee.databaseCount else {
    return reply.error("ERR DB index is out of range")
  }
  call.session.pointee.database = index
  reply.ok()
}

private func quit(_ call: Call, _ reply: inout ReplyWriter) {
  reply.ok()
  call.session.pointee.flags.insert(.closeAfterReply)
}

private func reset(_ call: Call, _ reply: inout ReplyWriter) {
  let session = call.session
  call.executor.discardTransaction(session)
  call.executor.stopMonitoring(session)
  call.executor.channels.removeAll(of: session)
  call.executor.stopTracking(session)
  session.pointee.flags.subtract([.replyOff, .replySkip, .replySkipNext, .noTouch, .noEvict])
  session.pointee.database = 0
  session.pointee.protocolVersion = 2
  session.pointee.details.name = ByteString("")
  call.server.admitAsDefaultUser(session)
  reply.protocolVersion = 2
  reply.simple("RESET")
}
