import Commands
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// CLIENT: the connections seen from one of them.
  static let client: [Command] = [
    Command(
      "CLIENT", arity: -2, [], group: .connection, since: "2.4.0",
      summary: "A container for client connection commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "CAPA", arity: -3, [.noScript, .loading, .stale], group: .connection, since: "8.0.0",
          summary: "Says what the connection is capable of.", syntax: "capability [capability ...]", run: clientCapa),
        .clientCaching,
        Command(
          "GETNAME", arity: 2, [.noScript, .loading, .stale], group: .connection, since: "2.6.9",
          summary: "Returns the name of the connection.", run: clientGetname),
        .clientGetredir,
        Command(
          "ID", arity: 2, [.noScript, .loading, .stale], group: .connection, since: "5.0.0",
          summary: "Returns the unique client ID of the connection.", run: clientID),
        Command(
          "INFO", arity: 2, [.noScript, .loading, .stale], group: .connection, since: "6.2.0",
          summary: "Returns information about the connection.", tips: ["nondeterministic_output"], run: clientInfo),
        Command(
          "KILL", arity: -3, [.admin, .noScript, .loading, .stale], group: .connection, since: "2.4.0",
          summary: "Terminates open connections.",
          syntax:
            "<ip:port | <ID client-id | TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> | USER username | ADDR ip:port | LADDR ip:port | SKIPME <YES | NO> | MAXAGE maxage> ...>",
          run: clientKill),
        Command(
          "LIST", arity: -2, [.admin, .noScript, .loading, .stale], group: .connection, since: "2.4.0",
          summary: "Lists open connections.",
          syntax: "[TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]",
          tips: ["nondeterministic_output"], run: clientList),
        Command(
          "NO-EVICT", arity: 3, [.admin, .noScript, .loading, .stale], group: .connection, since: "7.0.0",
          summary: "Keeps the connection from being evicted.", syntax: "<ON | OFF>", run: clientNoEvict),
        Command(
          "NO-TOUCH", arity: 3, [.noScript, .loading, .stale], group: .connection, since: "7.2.0",
          summary: "Controls whether commands of the client count as uses of keys.", syntax: "<ON | OFF>",
          run: clientNoTouch),
        Command(
          "PAUSE", arity: -3, [.admin, .noScript, .loading, .stale], group: .connection, since: "3.0.0",
          summary: "Suspends commands processing.", syntax: "timeout [WRITE | ALL]", run: clientPause),
        Command(
          "REPLY", arity: 3, [.noScript, .loading, .stale], group: .connection, since: "3.2.0",
          summary: "Instructs the server whether to reply to commands.", syntax: "<ON | OFF | SKIP>", run: clientReply),
        Command(
          "SETINFO", arity: 4, [.noScript, .loading, .stale], group: .connection, since: "7.2.0",
          summary: "Sets information specific to the client or connection.",
          syntax: "<LIB-NAME libname | LIB-VER libver>",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: clientSetinfo),
        Command(
          "SETNAME", arity: 3, [.noScript, .loading, .stale], group: .connection, since: "2.6.9",
          summary: "Sets the connection name.", syntax: "connection-name",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: clientSetname),
        .clientTracking,
        .clientTrackinginfo,
        Command(
          "UNBLOCK", arity: -3, [.admin, .noScript, .loading, .stale], group: .connection, since: "5.0.0",
          summary: "Unblocks a client blocked by a blocking command from a different connection.",
          syntax: "client-id [TIMEOUT | ERROR]", run: clientUnblock),
        Command(
          "UNPAUSE", arity: 2, [.admin, .noScript, .loading, .stale], group: .connection, since: "6.2.0",
          summary: "Resumes processing commands from paused clients.", run: clientUnpause),
        .help(
          of: "CLIENT", .connection, since: "5.0.0",
          [
            "CAPA <option> [options...]",
            "    Say what the client is capable of.",
            "CACHING (YES|NO)",
            "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
            "GETREDIR",
            "    Return the client ID we are redirecting to when tracking is enabled.",
            "GETNAME",
            "    Return the name of the current connection.",
            "ID",
            "    Return the ID of the current connection.",
            "INFO",
            "    Return information about the current client connection.",
            "KILL <ip:port>",
            "    Kill connection made from <ip:port>.",
            "KILL <option> <value> [<option> <value> [...]]",
            "    Kill connections. Options are:",
            "    * ADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made from the specified address",
            "    * LADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made to specified local address",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Kill connections by type.",
            "    * USER <username>",
            "      Kill connections authenticated by <username>.",
            "    * SKIPME (YES|NO)",
            "      Skip killing current connection (default: yes).",
            "    * ID <client-id>",
            "      Kill connections by client id.",
            "    * MAXAGE <maxage>",
            "      Kill connections older than the specified age.",
            "LIST [options ...]",
            "    Return information about client connections. Options:",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Return clients of specified type.",
            "UNPAUSE",
            "    Stop the current client pause, resuming traffic.",
            "PAUSE <timeout> [WRITE|ALL]",
            "    Suspend all, or just write, clients for <timeout> milliseconds.",
            "REPLY (ON|OFF|SKIP)",
            "    Control the replies sent to the current connection.",
            "SETNAME <name>",
            "    Assign the name <name> to the current connection.",
            "SETINFO <option> <value>",
            "    Set client meta attr. Options are:",
            "    * LIB-NAME: the client lib name.",
            "    * LIB-VER: the client lib version.",
            "UNBLOCK <clientid> [TIMEOUT|ERROR]",
            "    Unblock the specified blocked client.",
            "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
            "         [OPTIN] [OPTOUT] [NOLOOP]",
            "    Control server assisted client side caching.",
            "TRACKINGINFO",
            "    Report tracking status for the current connection.",
            "NO-EVICT (ON|OFF)",
            "    Protect current client connection from eviction.",
            "NO-TOUCH (ON|OFF)",
            "    Will not touch LRU/LFU stats when this mode is on.",
          ]),
      ])
  ]
}

// MARK: Names

private func clientGetname(_ call: Call, _ reply: inout ReplyWriter) {
  let name = call.session.pointee.details.name
  if name.bytes.isEmpty { reply.null() } else { name.withBytes { reply.bulk($0) } }
}

private func clientSetname(_ call: Call, _ reply: inout ReplyWriter) {
  guard isPlainName(call[2]) else {
    return reply.error("ERR Client names cannot contain spaces, newlines or special characters.")
  }
  call.session.pointee.details.name = ByteString(call[2])
  reply.ok()
}

private func clientSetinfo(_ call: Call, _ reply: inout ReplyWriter) {
  let isName = call.argument(2, is: "lib-name")
  guard isName || call.argument(2, is: "lib-ver") else {
    return reply.error("ERR Unrecognized option '\(call[2])'")
  }
  guard isPlainName(call[3]) else {
    return reply.error(
      "ERR \(isName ? "lib-name" : "lib-ver") cannot contain spaces, newlines or special characters.")
  }
  if isName {
    call.session.pointee.details.libraryName = ByteString(call[3])
  } else {
    call.session.pointee.details.libraryVersion = ByteString(call[3])
  }
  reply.ok()
}

private func clientCapa(_ call: Call, _ reply: inout ReplyWriter) {
  for i in 2..<call.count { call.session.pointee.details.capabilities.insert(call[i].string.lowercased()) }
  reply.ok()
}

private func clientID(_ call: Call, _ reply: inout ReplyWriter) { reply.integer(Int(call.session.pointee.id)) }

// MARK: Modes

private func clientNoEvict(_ call: Call, _ reply: inout ReplyWriter) { toggle(call, .noEvict, &reply) }
private func clientNoTouch(_ call: Call, _ reply: inout ReplyWriter) { toggle(call, .noTouch, &reply) }

private func toggle(_ call: Call, _ flag: SessionFlags, _ reply: inout ReplyWriter) {
  if call.argument(2, is: "on") {
    call.session.pointee.flags.insert(flag)
  } else if call.argument(2, is: "off") {
    call.session.pointee.flags.remove(flag)
  } else {
    return reply.syntaxError()
  }
  reply.ok()
}

private func clientReply(_ call: Call, _ reply: inout ReplyWriter) {
  let session = call.session
  if call.argument(2, is: "on") {
    session.pointee.flags.subtract([.replyOff, .replySkip, .replySkipNext])
    reply.ok()
  } else if call.argument(2, is: "off") {
    session.pointee.flags.insert(.replyOff)
  } else if call.argument(2, is: "skip") {
    if !session.pointee.flags.contains(.replyOff) { session.pointee.flags.insert(.replySkipNext) }
  } else {
    reply.syntaxError()
  }
}

private func clientPause(_ call: Call, _ reply: inout ReplyWriter) {
  var pausesAll = true
  if call.count == 4 {
    if call.argument(3, is: "write") {
      pausesAll = false
    } else if !call.argument(3, is: "all") {
      return reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL")
    }
  } else if call.count > 4 {
    return reply.unknownSubcommand(call)
  }
  guard let timeout = parseInteger(call[2]) else {
    return reply.error("ERR timeout is not an integer or out of range")
  }
  if timeout < 0 { return reply.error("ERR timeout is negative") }
  let (end, overflow) = timeout.addingReportingOverflow(call.now)
  if overflow { return reply.error("ERR timeout is out of range") }
  call.server.pauseClients(until: end, all: pausesAll)
  reply.ok()
}

private func clientUnpause(_ call: Call, _ reply: inout ReplyWriter) {
  call.server.unpauseClients()
  reply.ok()
}

private func clientUnblock(_ call: Call, _ reply: inout ReplyWriter) {
  var withError = false
  if call.count == 4 {
    if call.argument(3, is: "error") {
      withError = true
    } else if !call.argument(3, is: "timeout") {
      return reply.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
    }
  } else if call.count > 4 {
    return reply.error(
      "ERR unknown subcommand or wrong number of arguments for '\(call[1], limit: 128)'. Try CLIENT HELP.")
  }
  guard let id = call.integer(2, &reply) else { return }
  guard let target = call.server.connection(id: UInt64(bitPattern: id)),
    call.executor.unblock(
      target.sessionPointer, error: withError ? "UNBLOCKED client unblocked via CLIENT UNBLOCK" : nil)
  else { return reply.integer(0) }
  reply.integer(1)
}

// MARK: Lists

private func clientInfo(_ call: Call, _ reply: inout ReplyWriter) {
  guard let connection = call.session.connectionPointer else { return reply.null() }
  reply.verbatim(call.server.clientLine(connection, running: call) + "\n")
}

/// The classes of clients that CLIENT LIST, CLIENT KILL and output limits know.
enum ClientClass {
  case normal, replica, pubsub, primary

  init?(_ name: Bytes) {
    if name.equalsIgnoringCase("normal") {
      self = .normal
    } else if name.equalsIgnoringCase("slave") || name.equalsIgnoringCase("replica") {
      self = .replica
    } else if name.equalsIgnoringCase("pubsub") {
      self = .pubsub
    } else if name.equalsIgnoringCase("master") || name.equalsIgnoringCase("primary") {
      self = .primary
    } else {
      return nil
    }
  }
}

private func clientList(_ call: Call, _ reply: inout ReplyWriter) {
  let server = call.server
  var shown = server.connections.filter { !$0.pointee.isClosing }.sorted {
    $0.pointee.session.id < $1.pointee.session.id
  }
  if call.count == 4 && call.argument(2, is: "type") {
    guard let wanted = ClientClass(call[3]) else {
      return reply.error("ERR Unknown client type '\(call[3])'")
    }
    shown = shown.filter { server.clientClass($0) == wanted }
  } else if call.count > 3 && call.argument(2, is: "id") {
    var ids: Set<UInt64> = []
    for i in 3..<call.count {
      guard let id = parseInteger(call[i]) else { return reply.error("ERR Invalid client ID") }
      ids.insert(UInt64(bitPattern: id))
    }
    shown = shown.filter { ids.contains($0.pointee.session.id) }
  } else if call.count != 2 {
    return reply.syntaxError()
  }
  reply.verbatim(shown.map { server.clientLine($0, running: call) + "\n" }.joined())
}

// MARK: KILL

private struct KillFilter {
  var id: UInt64?
  var type: ClientClass?
  var address: String?
  var localAddress: String?
  var user: UserPointer?
  var maximumAge: Int64?
  var skipsSelf = true

  func matches(_ connection: ConnectionPointer, _ call: Call) -> Bool {
    let details = connection.pointee.session.details
    if skipsSelf && connection.sessionPointer == call.session { return false }
    if let id, connection.pointee.session.id != id { return false }
    if let type, call.server.clientClass(connection) != type { return false }
    if let address, details.peerAddress != address { return false }
    if let localAddress, details.localAddress != localAddress { return false }
    if let user, connection.pointee.session.user != user { return false }
    if let maximumAge, (call.now - details.createdAt) / 1000 < maximumAge { return false }
    return true
  }
}

private func clientKill(_ call: Call, _ reply: inout ReplyWriter) {
  var filter = KillFilter()
  if call.count == 3 {
    filter.address = call[2].string
    filter.skipsSelf = false
  } else {
    for i in stride(from: 2, to: call.count, by: 2) {
      guard i + 1 < call.count else { return reply.syntaxError() }
      let value = call[i + 1]
      if call.argument(i, is: "id") {
        guard let id = parseInteger(value), id > 0 else {
          return reply.error("ERR client-id should be greater than 0")
        }
        filter.id = UInt64(id)
      } else if call.argument(i, is: "type") {
        guard let type = ClientClass(value) else {
          return reply.error("ERR Unknown client type '\(value)'")
        }
        filter.type = type
      } else if call.argument(i, is: "addr") {
        filter.address = value.string
      } else if call.argument(i, is: "laddr") {
        filter.localAddress = value.string
      } else if call.argument(i, is: "user") {
        guard let user = call.executor.users.find(value) else {
          return reply.error("ERR No such user '\(value)'")
        }
        filter.user = user
      } else if call.argument(i, is: "maxage") {
        guard let age = parseInteger(value), age > 0 else {
          return reply.error("ERR maxage is not an integer or out of range")
        }
        filter.maximumAge = age
      } else if call.argument(i, is: "skipme") {
        if value.equalsIgnoringCase("yes") {
          filter.skipsSelf = true
        } else if value.equalsIgnoringCase("no") {
          filter.skipsSelf = false
        } else {
          return reply.syntaxError()
        }
      } else {
        return reply.syntaxError()
      }
    }
  }
  var killed = 0
  for connection in call.server.connections where !connection.pointee.isClosing && filter.matches(connection, call) {
    killed += 1
    if connection.sessionPointer == call.session {
      call.session.pointee.flags.insert(.closeAfterReply)
    } else {
      call.server.close(connection)
    }
  }
  if call.count == 3 {
    if killed == 0 { reply.error("ERR No such client") } else { reply.ok() }
  } else {
    reply.integer(killed)
  }
}
