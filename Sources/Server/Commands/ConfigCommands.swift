import Commands
import Directives
import Memory
import RESP

extension CommandTable {
  /// CONFIG: the directives while the server runs.
  static let config: [Command] = [
    Command(
      "CONFIG", arity: -2, [], group: .server, since: "2.0.0",
      summary: "A container for server configuration commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "GET", arity: -3, [.admin, .noScript, .loading, .stale], group: .server, since: "2.0.0",
          summary: "Returns the values of configuration directives.", syntax: "parameter [parameter ...]",
          run: configGet),
        Command(
          "SET", arity: -4, [.admin, .noScript, .loading, .stale], group: .server, since: "2.0.0",
          summary: "Sets configuration directives while the server runs.",
          syntax: "parameter value [parameter value ...]",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: configSet),
        Command(
          "REWRITE", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.0",
          summary: "Writes the present configuration to its file.",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: configRewrite),
        Command(
          "RESETSTAT", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "2.0.0",
          summary: "Resets the server's statistics.",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: configResetstat),
        .help(
          of: "CONFIG", .server, since: "5.0.0",
          [
            "GET <pattern>",
            "    Return parameters matching the glob-like <pattern> and their values.",
            "SET <directive> <value>",
            "    Set the configuration <directive> to <value>.",
            "RESETSTAT",
            "    Reset statistics reported by the INFO command.",
            "REWRITE",
            "    Rewrite the configuration file.",
          ]),
      ])
  ]
}

private func configGet(_ call: Call, _ reply: inout ReplyWriter) {
  let found = call.server.configuration.get(matching: (2..<call.count).map { call[$0].string })
  reply.map(found.count)
  for (name, value) in found {
    reply.bulk(name)
    reply.bulk(value)
  }
}

private func configSet(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count % 2 != 0 { return reply.syntaxError() }
  let pairs = stride(from: 2, to: call.count, by: 2).map { (name: call[$0].string, value: call[$0 + 1].string) }
  do {
    try call.server.configuration.set(pairs, isLocal: call.server.isLocal(call.session))
    reply.ok()
  } catch {
    reply.error(ErrorText(error.message))
  }
}

private func configRewrite(_ call: Call, _ reply: inout ReplyWriter) {
  do {
    try call.server.configuration.rewrite()
    call.server.log.warning("CONFIG REWRITE executed with success.")
    reply.ok()
  } catch {
    call.server.log.warning("CONFIG REWRITE failed: \(error.message)")
    reply.error(ErrorText(error.message))
  }
}

private func configResetstat(_ call: Call, _ reply: inout ReplyWriter) {
  call.server.resetStatistics()
  reply.ok()
}
