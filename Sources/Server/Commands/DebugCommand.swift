import Commands
import Glibc
import Memory
import RESP

extension CommandTable {
  /// DEBUG: for tests and for those who look for a mistake in the server. Needs `enable-debug-command`.
  static let debug: [Command] = [
    Command(
      "DEBUG", arity: -2, [.admin, .noScript, .loading, .stale, .protected], group: .server, since: "1.0.0",
      summary: "A container for debugging commands.", complexity: "Depends on subcommand.", run: runDebug)
  ]
}

/// A subcommand of DEBUG. They are no commands of their own: ACL and COMMAND know DEBUG only.
struct DebugSubcommand: Sendable {
  let name: StaticString
  /// How many arguments there may be, DEBUG and the name included.
  let counts: ClosedRange<Int>
  /// What stands after the name in DEBUG HELP, and the lines under it.
  let syntax: String
  let help: [String]
  let run: Handler

  init(
    _ name: StaticString, _ counts: ClosedRange<Int>, syntax: String = "", help: String..., run: @escaping Handler
  ) {
    self.name = name
    self.counts = counts
    self.syntax = syntax
    self.help = help
    self.run = run
  }

  static let all: [DebugSubcommand] = [
    DebugSubcommand(
      "ASSERT", 2...2, help: "Crash by assertion failed.", run: fail),
    DebugSubcommand(
      "CHANGE-REPL-ID", 2...2, help: "Change the replication IDs of the instance.",
      "Dangerous: should be used only for testing the replication subsystem.", run: changeReplicationID),
    DebugSubcommand(
      "CLIENT-EVICTION", 2...2, help: "Show how many clients there are of which size (maxmemory-clients).",
      run: showClientSizes),
    DebugSubcommand(
      "CONFIG-REWRITE-FORCE-ALL", 2...2, help: "Like CONFIG REWRITE but writes all configuration options, including",
      "keywords not listed in original configuration file or default values.", run: rewriteAllConfiguration),
    DebugSubcommand(
      "CRASH-AND-RECOVER", 2...3, syntax: " [<milliseconds>]", help: "Hard crash and restart: refused.",
      run: refuseToCrash),
    DebugSubcommand(
      "DICT-RESIZING", 3...3, syntax: " <0|1>", help: "Whether the tables of the databases may shrink.",
      run: setTableResizing),
    DebugSubcommand(
      "DIGEST", 2...2, help: "Output a hex signature representing the current DB content.", run: digest),
    DebugSubcommand(
      "DIGEST-VALUE", 2...Int.max, syntax: " <key> [<key> ...]",
      help: "Output a hex signature of the values of all the specified keys.", run: digestValues),
    DebugSubcommand(
      "ERROR", 3...3, syntax: " <string>",
      help: "Return a Redis protocol error with <string> as message. Useful for clients",
      "unit tests to simulate Redis errors.", run: writeError),
    DebugSubcommand(
      "HTSTATS", 3...4, syntax: " <dbid> [full]", help: "Return hash table statistics of the specified database.",
      run: showTable),
    DebugSubcommand(
      "HTSTATS-KEY", 3...4, syntax: " <key> [full]",
      help: "Like HTSTATS but for the hash table stored at <key>'s value.", run: showTableOfKey),
    DebugSubcommand(
      "LISTPACK", 3...3, syntax: " <key>", help: "Show low level info about the listpack encoding of <key>.",
      run: showListpack),
    DebugSubcommand("LOG", 3...3, syntax: " <message>", help: "Write <message> to the server log.", run: writeLog),
    DebugSubcommand(
      "MALLCTL", 3...4, syntax: " <key> [<val>]", help: "Get or set a malloc tuning integer.", run: tuneAllocator),
    DebugSubcommand(
      "OBJECT", 3...3, syntax: " <key>", help: "Show low level info about `key` and associated value.",
      run: showObject),
    DebugSubcommand(
      "OOM", 2...2, help: "Crash the server simulating an out-of-memory error: refused.", run: refuseToCrash),
    DebugSubcommand("PANIC", 2...2, help: "Crash the server simulating a panic.", run: fail),
    DebugSubcommand(
      "PAUSE-CRON", 3...3, syntax: " <0|1>", help: "Stop periodic cron job processing.", run: pauseCron),
    DebugSubcommand(
      "POPULATE", 3...5, syntax: " <count> [<prefix>] [<size>]",
      help: "Create <count> string keys named key:<num>. If <prefix> is specified then",
      "it is used instead of the 'key' prefix. These are not propagated to", "replicas.", run: populate),
    DebugSubcommand(
      "PROTOCOL", 3...3, syntax: " <type>",
      help: "Reply with a test value of the specified type. <type> can be: string,",
      "integer, double, bignum, null, array, set, map, attrib, push, verbatim,", "true, false.", run: showProtocol),
    DebugSubcommand(
      "QUICKLIST-PACKED-THRESHOLD", 3...3, syntax: " <size>",
      help: "Sets the size from which on elements of lists lie in a node of their own.",
      "Setting to 0 restores to default.", run: setPackedThreshold),
    DebugSubcommand(
      "REPLYBUFFER", 4...4, syntax: " PEAK-RESET-TIME <NEVER|RESET|time>",
      help: "Sets how many milliseconds the largest output of clients is remembered for CLIENT LIST.",
      "NEVER: for ever. RESET: the default.", run: setPeakResetTime),
    DebugSubcommand(
      "REPLICATE", 3...Int.max, syntax: " <string> [<string> ...]",
      help: "Replicates the provided command to replicas, allowing data divergence.", run: replicate),
    DebugSubcommand(
      "RESTART", 2...3, syntax: " [<milliseconds>]", help: "Restart: refused.", run: refuseToCrash),
    DebugSubcommand(
      "SDSLEN", 3...3, syntax: " <key>", help: "Show low level string info representing `key` and value.",
      run: showStringSizes),
    DebugSubcommand("SEGFAULT", 2...2, help: "Crash the server with sigsegv.", run: violateMemory),
    DebugSubcommand(
      "SET-ACTIVE-EXPIRE", 3...3, syntax: " <0|1>",
      help: "Setting it to 0 disables expiring keys in background when they are not",
      "accessed. Setting it to 1 reenables back the default.", run: setActiveExpire),
    DebugSubcommand(
      "SET-DISABLE-DENY-SCRIPTS", 3...3, syntax: " <0|1>", help: "Whether scripts may run commands that they must not.",
      run: setNoScriptIgnored),
    DebugSubcommand(
      "SLEEP", 3...3, syntax: " <seconds>", help: "Stop the server for <seconds>. Decimals allowed.", run: sleep),
    DebugSubcommand(
      "STRINGMATCH-LEN", 4...4, syntax: " <pattern> <string>",
      help: "Answer 1 if <string> matches the glob-style <pattern>, else 0.", run: matchString),
    DebugSubcommand(
      "STRUCTSIZE", 2...2, help: "Return the size of the core structures.", run: showStructureSizes),
  ]

  static let byName: [String: DebugSubcommand] = Dictionary(
    uniqueKeysWithValues: (all + persistence).map { ($0.name.description.lowercased(), $0) })
}

private func runDebug(_ call: Call, _ reply: inout ReplyWriter) {
  let name = call[1].string.lowercased()
  if name == "help" && call.count == 2 { return help(&reply) }
  guard let subcommand = DebugSubcommand.byName[name], subcommand.counts.contains(call.count) else {
    return reply.unknownSubcommand(call)
  }
  subcommand.run(call, &reply)
}

private func help(_ reply: inout ReplyWriter) {
  var lines = ["DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"]
  for subcommand in DebugSubcommand.all + DebugSubcommand.persistence {
    lines.append("\(subcommand.name)\(subcommand.syntax)")
    lines += subcommand.help.map { "    " + $0 }
  }
  lines += ["HELP", "    Prints this help."]
  reply.array(lines.count)
  for line in lines { reply.simple(line) }
}

/// What would also come of an assertion that fails: tests look at the report.
private func fail(_ call: Call, _ reply: inout ReplyWriter) {
  call.server.log.warning("DEBUG \(call[1].string.uppercased()) called")
  abort()
}

private func violateMemory(_ call: Call, _ reply: inout ReplyWriter) { raise(SIGSEGV) }

/// A server that holds data does not do that because somebody asks it to.
private func refuseToCrash(_ call: Call, _ reply: inout ReplyWriter) {
  reply.error("ERR DEBUG \(call[1].string.uppercased()) is refused: it would end the server")
}
