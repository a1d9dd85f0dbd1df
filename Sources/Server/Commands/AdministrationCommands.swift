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
