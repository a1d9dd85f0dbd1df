import Commands
import Memory
import Persistence
import RESP

// The subcommands of DEBUG that have to do with files.

extension DebugSubcommand {
  static let persistence: [DebugSubcommand] = [
    DebugSubcommand(
      "RELOAD", 2...Int.max, syntax: " [option ...]",
      help: "Save the RDB on disk and reload it back to memory. Valid <option> values:",
      "* MERGE: conflicting keys will be loaded from RDB.",
      "* NOFLUSH: the existing database will not be removed before load, but",
      "  conflicting keys will generate an exception and kill the server.",
      "* NOSAVE: the database will be loaded from an existing RDB file.",
      "Examples:",
      "* DEBUG RELOAD: verify that the server is able to persist, flush and reload",
      "  the database.",
      "* DEBUG RELOAD NOSAVE: replace the current database with the contents of an",
      "  existing RDB file.",
      "* DEBUG RELOAD NOSAVE NOFLUSH MERGE: add the contents of an existing RDB",
      "  file to the database.", run: reload),
    DebugSubcommand(
      "LOADAOF", 2...2, help: "Flush the AOF buffers on disk and reload the AOF in memory.", run: loadAOF),
    DebugSubcommand(
      "AOF-FLUSH-SLEEP", 3...3, syntax: " <microsec>",
      help: "Server will sleep before flushing the AOF, this is used for testing.", run: sleepBeforeFlush),
    DebugSubcommand(
      "SET-SKIP-CHECKSUM-VALIDATION", 3...3, syntax: " <0|1>",
      help: "Enables or disables checksum checks for RDB files and RESTORE's payload.", run: skipChecksums),
  ]
}

private func reload(_ call: Call, _ reply: inout ReplyWriter) {
  var saves = true
  var flushes = true
  var options = RDBLoader.Options()
  for i in 2..<max(2, call.count) {
    if call.argument(i, is: "merge") {
      options.allowsDuplicates = true
    } else if call.argument(i, is: "noflush") {
      flushes = false
    } else if call.argument(i, is: "nosave") {
      saves = false
    } else {
      return reply.error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.")
    }
  }
  let server = call.server
  if saves {
    server.completeSnapshot()
    guard server.saveNow() else { return reply.error("ERR") }
  }
  if flushes { server.emptyForLoading() }
  do throws(RDBFailure) {
    try server.loadSnapshot(
      server.configuration.string("dbfilename"), options: options, keepsLibraries: !flushes)
  } catch {
    return reply.error("ERR Error trying to load the RDB dump, check server logs")
  }
  server.log.warning("DB reloaded by DEBUG RELOAD")
  reply.ok()
}

private func loadAOF(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.server.reloadLog() else {
    return reply.error("ERR Error trying to load the AOF files, check server logs")
  }
  call.server.log.warning("Append Only File loaded by DEBUG LOADAOF")
  reply.ok()
}

private func sleepBeforeFlush(_ call: Call, _ reply: inout ReplyWriter) {
  guard let microseconds = call.integer(2, &reply) else { return }
  call.server.persistence.flushDelayMicroseconds = UInt32(clamping: microseconds)
  reply.ok()
}

private func skipChecksums(_ call: Call, _ reply: inout ReplyWriter) {
  call.server.persistence.ignoresPayloadChecksums = call.argument(2, is: "1")
  reply.ok()
}
