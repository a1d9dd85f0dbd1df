import Memory
import RESP
import Structures

extension CommandTable {
  /// FCALL and FCALL_RO.
  public static let functionCalls: [Command] = [
    Command(
      "FCALL", arity: -3,
      [.noScript, .skipMonitor, .mayReplicate, .noMandatoryKeys, .stale, .movableKeys, .runsScript],
      keys: [scriptKeys("RW", "access", "update")], group: .scripting, since: "7.0.0", summary: "Calls a function.",
      complexity: "Depends on the function that is executed.",
      syntax: "function numkeys [key [key ...]] [arg [arg ...]]"
    ) { call($0, &$1, isReadOnly: false) },
    Command(
      "FCALL_RO", arity: -3, [.noScript, .skipMonitor, .noMandatoryKeys, .stale, .readonly, .movableKeys, .runsScript],
      keys: [scriptKeys("RO", "access")], group: .scripting, since: "7.0.0",
      summary: "Calls a function that only reads.",
      complexity: "Depends on the function that is executed.",
      syntax: "function numkeys [key [key ...]] [arg [arg ...]]"
    ) { call($0, &$1, isReadOnly: true) },
  ]
}

private func call(_ call: Call, _ reply: inout ReplyWriter, isReadOnly: Bool) {
  call.executor.showScriptToMonitors(call)
  let engine = call.executor.scripting
  guard engine.libraries.function(call[1]) != nil else { return reply.error("ERR Function not found") }
  guard parseInteger(call[2]) != nil else { return reply.error("ERR Bad number of keys provided") }
  guard let keyCount = call.scriptKeyCount(&reply),
    let job = engine.libraries.job(call[1], firstKey: 3, keyCount: keyCount)
  else { return }
  engine.execute(job, call, isReadOnly: isReadOnly, &reply)
}
