import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Whole databases.
  public static let databases: [Command] = [
    Command(
      "DBSIZE", arity: 1, [.readonly, .fast], group: .server, categories: ["keyspace"], since: "1.0.0",
      summary: "Returns the number of keys in the database.",
      tips: ["request_policy:all_shards", "response_policy:agg_sum"], run: dbsize),
    Command(
      "FLUSHDB", arity: -1, [.write], group: .server, categories: ["keyspace", "dangerous"], since: "1.0.0",
      summary: "Removes all keys from the current database.", syntax: "[ASYNC | SYNC]",
      tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: flushdb),
    Command(
      "FLUSHALL", arity: -1, [.write], group: .server, categories: ["keyspace", "dangerous"], since: "1.0.0",
      summary: "Removes all keys from all databases.", syntax: "[ASYNC | SYNC]",
      tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: flushall),
    Command(
      "SWAPDB", arity: 3, [.write, .fast], group: .server, categories: ["keyspace", "dangerous"], since: "4.0.0",
      summary: "Swaps two databases.", syntax: "index1 index2", run: swapdb),
  ]
}

private func dbsize(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(call.keyspace.pointee.databases[call.database].count)
}

/// ASYNC or SYNC; nil after the error was written.
private func flushesLazily(_ call: Call, _ reply: inout ReplyWriter) -> Bool? {
  if call.count == 1 { return call.keyspace.pointee.lazyUserFlush }
  if call.count == 2 {
    if call.argument(1, is: "async") { return true }
    if call.argument(1, is: "sync") { return false }
  }
  reply.syntaxError()
  return nil
}

private func flushdb(_ call: Call, _ reply: inout ReplyWriter) {
  guard let lazily = flushesLazily(call, &reply) else { return }
  call.executor.flush(call.database, lazily: lazily)
  call.executor.invalidateAll(call.database, "flushdb")
  propagateFlush(call)
  reply.ok()
}

private func flushall(_ call: Call, _ reply: inout ReplyWriter) {
  guard let lazily = flushesLazily(call, &reply) else { return }
  for database in 0..<call.keyspace.pointee.databaseCount { call.executor.flush(database, lazily: lazily) }
  call.executor.invalidateAll(nil, "flushall")
  call.executor.host.flushedAll()
  propagateFlush(call)
  reply.ok()
}

/// Those who repeat it may have keys that are gone here already.
private func propagateFlush(_ call: Call) {
  if call.isPropagated { call.propagate((0..<call.count).map { call[$0] }) }
}

extension Executor {
  public func flush(_ database: Int, lazily: Bool) {
    touchWatchedKeys(flushing: database)
    keyspace.pointee.dirty += keyspace.pointee.flush(database, lazily: lazily)
    noteChanged(databases: [database])
  }
}

private func swapdb(_ call: Call, _ reply: inout ReplyWriter) {
  func index(_ argument: Int, _ which: String) -> Int? {
    guard let value = parseInteger(call[argument]), value >= Int64(Int32.min), value <= Int64(Int32.max) else {
      reply.error("ERR invalid \(which) DB index")
      return nil
    }
    return Int(value)
  }
  guard let a = index(1, "first"), let b = index(2, "second") else { return }
  let range = 0..<call.keyspace.pointee.databaseCount
  guard range.contains(a) && range.contains(b) else { return reply.error("ERR DB index is out of range") }
  if a != b {
    call.executor.touchWatchedKeys(swapping: a, b)
    call.keyspace.pointee.swapDatabases(a, b)
    call.executor.noteChanged(databases: [a, b])
    call.executor.invalidateAll(nil, "swapdb")
  }
  call.keyspace.pointee.dirty += 1
  reply.ok()
}
