import Commands
import Memory
import RESP

extension CommandTable {
  /// Files: when they are written, and the end of the server.
  static let persistence: [Command] = [
    Command(
      "SAVE", arity: 1, [.admin, .noScript, .noAsyncLoading, .noMulti], group: .server, since: "1.0.0",
      summary: "Saves all databases to disk while everybody waits.",
      complexity: "O(N) where N is the total number of keys in all databases", run: save),
    Command(
      "BGSAVE", arity: -1, [.admin, .noScript, .noAsyncLoading], group: .server, since: "1.0.0",
      summary: "Saves all databases to disk in the background.", syntax: "[SCHEDULE]", run: bgsave),
    Command(
      "BGREWRITEAOF", arity: 1, [.admin, .noScript, .noAsyncLoading], group: .server, since: "1.0.0",
      summary: "Rewrites the append-only file in the background, so that it becomes as small as possible.",
      run: bgrewriteaof),
    Command(
      "LASTSAVE", arity: 1, [.loading, .stale, .fast], group: .server, categories: ["admin", "dangerous"],
      since: "1.0.0", summary: "Returns the Unix time of the last successful save to disk.",
      tips: ["nondeterministic_output"], run: lastsave),
    Command(
      "SHUTDOWN", arity: -1, [.admin, .noScript, .loading, .stale, .noMulti, .allowBusy], group: .server,
      since: "1.0.0",
      summary: "Saves all databases to disk and ends the server.",
      complexity:
        "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)",
      syntax: "[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]", run: shutdown),
  ]
}

private func save(_ call: Call, _ reply: inout ReplyWriter) {
  if call.server.isSaving { return reply.error("ERR Background save already in progress") }
  if call.server.saveNow() { reply.ok() } else { reply.error("ERR") }
}

private func bgsave(_ call: Call, _ reply: inout ReplyWriter) {
  var schedules = call.session.pointee.flags.contains(.inExec)
  if call.count > 1 {
    guard call.count == 2 && call.argument(1, is: "schedule") else { return reply.syntaxError() }
    schedules = true
  }
  let server = call.server
  if server.isSaving { return reply.error("ERR Background save already in progress") }
  if server.persistence.running == nil && !call.session.pointee.flags.contains(.inExec) {
    server.beginSave()
    return reply.simple("Background saving started")
  }
  if schedules || call.session.pointee.flags.contains(.inExec) {
    server.persistence.isSaveScheduled = true
    return reply.simple("Background saving scheduled")
  }
  reply.error(
    """
    ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a \
    BGSAVE whenever possible.
    """)
}

private func bgrewriteaof(_ call: Call, _ reply: inout ReplyWriter) {
  let server = call.server
  if server.isRewriting {
    return reply.error("ERR Background append only file rewriting already in progress")
  }
  if server.persistence.running != nil || call.session.pointee.flags.contains(.inExec) {
    server.persistence.isRewriteScheduled = true
    return reply.simple("Background append only file rewriting scheduled")
  }
  if server.beginRewrite() { return reply.simple("Background append only file rewriting started") }
  reply.error("ERR Can't execute an AOF background rewriting. Please check the server logs for more information.")
}

private func lastsave(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(Int(call.server.persistence.lastSave))
}

private func shutdown(_ call: Call, _ reply: inout ReplyWriter) {
  var options = ShutdownOptions()
  var aborts = false
  for i in 1..<max(1, call.count) {
    if call.argument(i, is: "nosave") {
      options.insert(.noSave)
    } else if call.argument(i, is: "save") {
      options.insert(.save)
    } else if call.argument(i, is: "now") {
      options.insert(.now)
    } else if call.argument(i, is: "force") {
      options.insert(.force)
    } else if call.argument(i, is: "abort") {
      aborts = true
    } else {
      return reply.syntaxError()
    }
  }
  if aborts && !options.isEmpty || options.isSuperset(of: [.save, .noSave]) { return reply.syntaxError() }
  if !aborts && !options.contains(.now) && !call.mayBlock {
    return reply.error("ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client")
  }
  if call.executor.scripting.isOverdue && !options.contains(.noSave) {
    return reply.error(call.executor.scripting.busyMessage)
  }
  if aborts {
    guard call.server.shutdownSignal != nil || call.server.pendingShutdown != nil else {
      return reply.error("ERR No shutdown in progress.")
    }
    call.server.forgetShutdownSignal()
    call.server.cancelShutdown()
    call.server.log.notice("Shutdown manually aborted.")
    return reply.ok()
  }
  switch call.server.shutDown(options) {
  case .failed: reply.error("ERR Errors trying to SHUTDOWN. Check logs.")
  case .waits:
    call.block(on: [], for: .string, timeoutMilliseconds: 0, canBeUnblocked: false)
    call.server.pendingShutdown?.sessions.append(call.session)
  case .ends:
    // Redis answers nothing: the connection just ends.
    call.session.pointee.flags.insert(.closing)
  }
}
