import CMartlet
import Commands
import Glibc
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// The server as a whole.
  static let administration: [Command] = [
    Command(
      "TIME", arity: 1, [.loading, .stale, .fast], group: .server, since: "2.6.0",
      summary: "Returns the server's time.", tips: ["nondeterministic_output"], run: time),
    Command(
      "MONITOR", arity: 1, [.admin, .noScript, .loading, .stale], group: .server, since: "1.0.0",
      summary: "Shows all commands that the server runs, as they come.", run: monitor),
    Command(
      "WAIT", arity: 3, [.outsideGroupCategory], group: .generic, categories: ["connection"],
      since: "3.0.0",
      summary: "Waits until replicas have acknowledged the writes of this connection.", syntax: "numreplicas timeout",
      tips: ["request_policy:all_shards", "response_policy:agg_min"], run: wait),
    Command(
      "WAITAOF", arity: 4, [.noScript, .outsideGroupCategory], group: .generic, categories: ["connection"],
      since: "7.2.0",
      summary: "Waits until the writes of this connection are in the append-only files of so many servers.",
      syntax: "numlocal numreplicas timeout", tips: ["request_policy:all_shards", "response_policy:agg_min"],
      run: waitaof),
    Command(
      "ROLE", arity: 1, [.noScript, .loading, .stale, .fast], group: .server, categories: ["admin", "dangerous"],
      since: "2.8.12",
      summary: "Returns the replication role.", run: role),
    Command(
      "LOLWUT", arity: -1, [.readonly, .fast], group: .server, since: "5.0.0",
      summary: "Displays computer art and the version.", syntax: "[VERSION version]", run: lolwut),
    Command(
      "MODULE", arity: -2, [], group: .server, since: "4.0.0", summary: "A container for module commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "LIST", arity: 2, [.admin, .noScript], group: .server, since: "4.0.0",
          summary: "Returns all loaded modules: there are none.",
          complexity: "O(N) where N is the number of loaded modules.", tips: ["nondeterministic_output_order"]
        ) { _, reply in reply.array(0) },
        .help(of: "MODULE", .server, since: "5.0.0", ["LIST", "    Return a list of loaded modules."]),
      ]),
  ]
}

private func time(_ call: Call, _ reply: inout ReplyWriter) {
  let micros = call.executor.clock.unixMicroseconds()
  reply.array(2)
  reply.bulk(integer: micros / 1_000_000)
  reply.bulk(integer: micros % 1_000_000)
}

private func monitor(_ call: Call, _ reply: inout ReplyWriter) {
  if call.session.pointee.flags.contains(.inExec) {
    return reply.error("ERR MONITOR isn't allowed for DENY BLOCKING client")
  }
  call.executor.startMonitoring(call.session)
  reply.ok()
}

private func wait(_ call: Call, _ reply: inout ReplyWriter) {
  guard let replicas = call.integer(1, &reply), let timeout = call.waitTimeout(2, &reply) else { return }
  // There are no replicas yet.
  guard replicas > 0 && call.mayBlock else { return reply.integer(0) }
  call.block(on: [], for: .string, timeoutMilliseconds: timeout) { $0.integer(0) }
}

private func waitaof(_ call: Call, _ reply: inout ReplyWriter) {
  guard let local = call.integer(1, &reply) else { return }
  guard local == 0 || local == 1 else {
    return reply.error("ERR value is out of range, value must between 0 and 1")
  }
  guard let replicas = parseInteger(call[2]), replicas >= 0 else {
    return reply.error("ERR value is out of range, must be positive")
  }
  guard let timeout = call.waitTimeout(3, &reply) else { return }
  func answer(_ reply: inout ReplyWriter) {
    reply.array(2)
    reply.integer(0)
    reply.integer(0)
  }
  if local > 0 {
    return reply.error("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")
  }
  guard replicas > 0 && call.mayBlock else { return answer(&reply) }
  call.block(on: [], for: .string, timeoutMilliseconds: timeout, onTimeout: answer)
}

extension Call {
  /// A timeout in milliseconds, 0 for ever; nil after the error was written.
  fileprivate func waitTimeout(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    guard let timeout = parseInteger(self[index]) else {
      reply.error("ERR timeout is not an integer or out of range")
      return nil
    }
    if timeout < 0 {
      reply.error("ERR timeout is negative")
      return nil
    }
    if timeout > Int64.max - now {
      reply.error("ERR timeout is out of range")
      return nil
    }
    return timeout
  }
}

private func role(_ call: Call, _ reply: inout ReplyWriter) {
  reply.array(3)
  reply.bulk("master")
  reply.integer(0)
  reply.array(0)
}

/// A martlet, the bird without feet, which is never drawn at rest.
private func lolwut(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 2 && call.argument(1, is: "version"), call.integer(2, &reply) == nil { return }
  let bird = """
                  __
             .--""  `-.
      \\._  /   o      \\___
       `-.`|            __.-'
          `-.  \\\\\\   .-'
       ~~~    `-.___.-'    ~~~
          never lands

    Redis ver. \(call.server.settings.compatibleVersion) (Martlet \(Version.martlet))

    """
  reply.verbatim(bird)
}

extension ServerInstance {
  /// Whether a client is on this machine.
  func isLocal(_ session: SessionPointer) -> Bool {
    let address = session.pointee.details.peerAddress
    return session.pointee.flags.contains(.unixSocket) || address.hasPrefix("127.") || address.hasPrefix("[::1]")
  }
}
