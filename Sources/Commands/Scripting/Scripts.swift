import CLua
import CMartlet
import Memory
import RESP
import Structures

extension CommandTable {
  /// EVAL and its kin.
  public static let scripting: [Command] = [
    Command(
      "EVAL", arity: -3, [.noScript, .skipMonitor, .mayReplicate, .noMandatoryKeys, .stale, .movableKeys, .runsScript],
      keys: [scriptKeys("RW", "access", "update")], group: .scripting, since: "2.6.0",
      summary: "Runs a Lua script.", complexity: "Depends on the script that is executed.",
      syntax: "script numkeys [key [key ...]] [arg [arg ...]]"
    ) { eval($0, &$1, isReadOnly: false) },
    Command(
      "EVALSHA", arity: -3,
      [.noScript, .skipMonitor, .mayReplicate, .noMandatoryKeys, .stale, .movableKeys, .runsScript],
      keys: [scriptKeys("RW", "access", "update")], group: .scripting, since: "2.6.0",
      summary: "Runs a Lua script that the server knows, by its SHA-1.",
      complexity: "Depends on the script that is executed.",
      syntax: "sha1 numkeys [key [key ...]] [arg [arg ...]]"
    ) { evalDigest($0, &$1, isReadOnly: false) },
    Command(
      "EVAL_RO", arity: -3, [.noScript, .skipMonitor, .noMandatoryKeys, .stale, .readonly, .movableKeys, .runsScript],
      keys: [scriptKeys("RO", "access")], group: .scripting, since: "7.0.0",
      summary: "Runs a Lua script that only reads.", complexity: "Depends on the script that is executed.",
      syntax: "script numkeys [key [key ...]] [arg [arg ...]]"
    ) { eval($0, &$1, isReadOnly: true) },
    Command(
      "EVALSHA_RO", arity: -3,
      [.noScript, .skipMonitor, .noMandatoryKeys, .stale, .readonly, .movableKeys, .runsScript],
      keys: [scriptKeys("RO", "access")], group: .scripting, since: "7.0.0",
      summary: "Runs a Lua script that only reads, by its SHA-1.",
      complexity: "Depends on the script that is executed.",
      syntax: "sha1 numkeys [key [key ...]] [arg [arg ...]]"
    ) { evalDigest($0, &$1, isReadOnly: true) },
    Command(
      "SCRIPT", arity: -2, [], group: .scripting, since: "2.6.0",
      summary: "A container for Lua scripts management commands.", complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "DEBUG", arity: 3, [.noScript], group: .scripting, since: "3.2.0",
          summary: "Sets the debug mode of the next scripts.", syntax: "<YES | SYNC | NO>", run: debug),
        Command(
          "EXISTS", arity: -3, [.noScript], group: .scripting, since: "2.6.0",
          summary: "Tells which scripts the server knows.",
          complexity:
            "O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).",
          syntax: "sha1 [sha1 ...]", tips: ["request_policy:all_shards", "response_policy:agg_logical_and"], run: exists
        ),
        Command(
          "FLUSH", arity: -2, [.noScript], group: .scripting, since: "2.6.0",
          summary: "Forgets all scripts.",
          complexity: "O(N) with N being the number of scripts in cache", syntax: "[ASYNC | SYNC]",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: flush),
        .help(
          of: "SCRIPT", .scripting, since: "5.0.0",
          [
            "DEBUG (YES|SYNC|NO)",
            "    Set the debug mode for subsequent scripts executed.",
            "EXISTS <sha1> [<sha1> ...]",
            "    Return information about the existence of the scripts in the script cache.",
            "FLUSH [ASYNC|SYNC]",
            "    Flush the Lua scripts cache. Very dangerous on replicas.",
            "    When called without the optional mode argument, the behavior is determined by the",
            "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
            "    * ASYNC: Asynchronously flush the scripts cache.",
            "    * SYNC: Synchronously flush the scripts cache.",
            "KILL",
            "    Kill the currently executing Lua script.",
            "LOAD <script>",
            "    Load a script into the scripts cache without executing it.",
          ]),
        Command(
          "KILL", arity: 2, [.noScript, .allowBusy], group: .scripting, since: "2.6.0",
          summary: "Ends the script that runs.", tips: ["request_policy:all_shards", "response_policy:one_succeeded"]
        ) { call, reply in
          call.executor.scripting.kill(isEval: true, &reply)
        },
        Command(
          "LOAD", arity: 3, [.noScript, .stale], group: .scripting, since: "2.6.0",
          summary: "Keeps a script for EVALSHA.",
          complexity: "O(N) with N being the length in bytes of the script body.", syntax: "script",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: load),
      ]),
  ]

  static func scriptKeys(_ flags: StaticString...) -> KeySpec {
    KeySpec(.index(2), .count(at: 0, first: 1, step: 1), flags)
  }
}

extension Call {
  /// How many of the arguments after `numkeys`, which is the third, are keys; nil after the error was written.
  func scriptKeyCount(_ reply: inout ReplyWriter) -> Int? {
    guard let number = integer(2, &reply) else { return nil }
    if number > count - 3 {
      reply.error("ERR Number of keys can't be greater than number of args")
      return nil
    }
    if number < 0 {
      reply.error("ERR Number of keys can't be negative")
      return nil
    }
    return Int(number)
  }
}

private func eval(_ call: Call, _ reply: inout ReplyWriter, isReadOnly: Bool) {
  call.executor.showScriptToMonitors(call)
  guard let keyCount = call.scriptKeyCount(&reply) else { return }
  let engine = call.executor.scripting
  let cache = engine.scripts
  let hash = call.keyspace.pointee.hash(call[1])
  if let script = cache.find(code: call[1], hash: hash) {
    return run(script, call, keyCount, isReadOnly, &reply)
  }
  do throws(ScriptCache.Failure) {
    run(try cache.load(call[1], hash: hash, isKept: false), call, keyCount, isReadOnly, &reply)
  } catch {
    if case .message(let message) = error { reply.error(message) }
  }
}

private func evalDigest(_ call: Call, _ reply: inout ReplyWriter, isReadOnly: Bool) {
  call.executor.showScriptToMonitors(call)
  guard call[1].count == 40 else { return reply.noScript() }
  guard let keyCount = call.scriptKeyCount(&reply) else { return }
  guard let digest = ScriptDigest(hexadecimal: call[1]), let script = call.executor.scripting.scripts.find(digest)
  else {
    return reply.noScript()
  }
  run(script, call, keyCount, isReadOnly, &reply)
}

extension ReplyWriter {
  fileprivate mutating func noScript() { error("NOSCRIPT No matching script. Please use EVAL.") }
}

private func run(
  _ script: Script, _ call: Call, _ keyCount: Int, _ isReadOnly: Bool, _ reply: inout ReplyWriter
) {
  let engine = call.executor.scripting
  do throws(ScriptCache.Failure) {
    let job = ScriptEngine.Job(
      interpreter: try engine.scripts.interpreter(), function: script.function, flags: script.flags, name: script.name,
      isEval: true, firstKey: 3, keyCount: keyCount)
    engine.execute(job, call, isReadOnly: isReadOnly, &reply)
  } catch {
    if case .message(let message) = error { reply.error(message) }
  }
}

private func exists(_ call: Call, _ reply: inout ReplyWriter) {
  reply.array(call.count - 2)
  for i in 2..<call.count {
    let isKnown = ScriptDigest(hexadecimal: call[i]).map { call.executor.scripting.scripts.find($0) != nil } ?? false
    reply.integer(isKnown ? 1 : 0)
  }
}

private func flush(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count == 2 || (call.count == 3 && (call.argument(2, is: "sync") || call.argument(2, is: "async"))) else {
    return reply.error("ERR SCRIPT FLUSH only support SYNC|ASYNC option")
  }
  call.executor.scripting.scripts.flush()
  reply.ok()
}

private func load(_ call: Call, _ reply: inout ReplyWriter) {
  do throws(ScriptCache.Failure) {
    let hash = call.keyspace.pointee.hash(call[2])
    let script = try call.executor.scripting.scripts.load(call[2], hash: hash, isKept: true)
    script.name.withBytes { reply.bulk($0) }
  } catch {
    if case .message(let message) = error { reply.error(message) }
  }
}

/// There is no debugger; leaving it is always possible.
private func debug(_ call: Call, _ reply: inout ReplyWriter) {
  if call.argument(2, is: "no") { return reply.ok() }
  if call.argument(2, is: "yes") || call.argument(2, is: "sync") {
    return reply.error("ERR SCRIPT DEBUG is not supported")
  }
  reply.error("ERR Use SCRIPT DEBUG YES/SYNC/NO")
}

extension Executor {
  /// What a command that runs a script is to be judged by: what the script says of itself.
  func scriptFlags(
    _ command: CommandReference, _ arguments: UnsafePointer<Bytes>, _ count: Int
  ) -> CommandFlags {
    let flags = command.pointee.flags
    guard count > 1 else { return flags }
    let declared: ScriptFlags?
    switch command.pointee.fullName {
    case "eval", "eval_ro":
      declared =
        arguments[1].hasPrefix(Bytes("#!"))
        ? (try? Shebang(arguments[1]))?.flags
        : nil
    case "evalsha", "evalsha_ro":
      declared = ScriptDigest(hexadecimal: arguments[1]).flatMap { scripting.scripts.find($0)?.flags }
    default: declared = scripting.libraries.function(arguments[1])?.flags
    }
    return declared?.effective(flags) ?? flags
  }
}
