import CMartlet
import Commands
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// MEMORY: where it goes.
  static let memory: [Command] = [
    Command(
      "MEMORY", arity: -2, [], group: .server, since: "4.0.0",
      summary: "A container for memory diagnostics commands.", complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "DOCTOR", arity: 2, [], group: .server, since: "4.0.0", summary: "Outputs a memory problems report.",
          tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"], run: doctor),
        Command(
          "MALLOC-STATS", arity: 2, [], group: .server, since: "4.0.0", summary: "Returns the allocator statistics.",
          complexity: "Depends on how much memory is allocated, could be slow",
          tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"], run: mallocStats),
        Command(
          "PURGE", arity: 2, [], group: .server, since: "4.0.0", summary: "Asks the allocator to release memory.",
          complexity: "Depends on how much memory is allocated, could be slow",
          tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: purge),
        Command(
          "STATS", arity: 2, [], group: .server, since: "4.0.0", summary: "Returns details about memory usage.",
          tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"], run: stats),
        Command(
          "USAGE", arity: -3, [.readonly], keys: [.one("RO", at: 2)], group: .server, since: "4.0.0",
          summary: "Estimates the memory usage of a key.",
          complexity: "O(N) where N is the number of samples.", syntax: "key [SAMPLES count]", run: usage),
        .help(
          of: "MEMORY", .server, since: "4.0.0",
          [
            "DOCTOR",
            "    Return memory problems reports.",
            "MALLOC-STATS",
            "    Return internal statistics report from the memory allocator.",
            "PURGE",
            "    Attempt to purge dirty pages for reclamation by the allocator.",
            "STATS",
            "    Return information about the memory usage of the server.",
            "USAGE <key> [SAMPLES <count>]",
            "    Return memory in bytes used by <key> and its value. Nested values are",
            "    sampled up to <count> times (default: 5, 0 means sample all).",
          ]),
      ])
  ]
}

private func usage(_ call: Call, _ reply: inout ReplyWriter) {
  var samples: Int64 = 5
  var i = 3
  while i < call.count {
    guard call.argument(i, is: "samples"), i + 1 < call.count else { return reply.syntaxError() }
    guard let given = call.integer(i + 1, &reply) else { return }
    if given < 0 { return reply.syntaxError() }
    samples = given
    i += 2
  }
  let key = call[2]
  let database = call.keyspace.pointee.databases + call.database
  guard let slot = database.pointee.table.find(key, hash: call.keyspace.pointee.hash(key)) else { return reply.null() }
  // A slot of the table, its tag, and the room that is kept free for growth.
  let share = database.pointee.table.allocatedBytes / max(1, database.pointee.table.count)
  reply.integer(
    Value.memoryUsage(Entry(address: slot.pointee), samples: Int(clamping: samples)) + min(share, 64))
}

private func stats(_ call: Call, _ reply: inout ReplyWriter) {
  let memory = MemoryFigures(call.server)
  func ratio(_ a: Int, _ b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }
  let used = (0..<call.keyspace.pointee.databaseCount).filter { call.keyspace.pointee.databases[$0].count > 0 }
  let keys = call.keyspace.pointee.totalKeys
  let net = max(1, memory.used - memory.startup)

  reply.map(27 + used.count)
  reply.field("peak.allocated", memory.peak)
  reply.field("total.allocated", memory.used)
  reply.field("startup.allocated", memory.startup)
  reply.field("replication.backlog", call.server.replication.log?.pointee.memory ?? 0)
  reply.field("clients.slaves", memory.replicas)
  reply.field("clients.normal", memory.clients)
  reply.field("cluster.links", 0)
  reply.field("aof.buffer", call.server.persistence.appendOnly?.bufferedBytes ?? 0)
  reply.field("lua.caches", 0)
  reply.field("functions.caches", 0)
  for index in used {
    reply.bulk("db.\(index)")
    reply.map(3)
    reply.field("overhead.hashtable.main", call.keyspace.pointee.databases[index].table.allocatedBytes)
    // Deadlines lie in the entries, and the wheels have a fixed size.
    reply.field("overhead.hashtable.expires", 0)
    reply.field("overhead.hashtable.slot-to-keys", 0)
  }
  reply.field("overhead.total", memory.overhead)
  reply.field("keys.count", keys)
  reply.field("keys.bytes-per-key", keys == 0 ? 0 : net / keys)
  reply.field("dataset.bytes", memory.dataset)
  reply.field("dataset.percentage", ratio(memory.dataset * 100, net))
  reply.field("peak.percentage", ratio(memory.used * 100, memory.peak))
  reply.field("allocator.allocated", memory.allocated)
  reply.field("allocator.active", memory.active)
  reply.field("allocator.resident", memory.allocatorResident)
  reply.field("allocator-fragmentation.ratio", ratio(memory.active, memory.allocated))
  reply.field("allocator-fragmentation.bytes", memory.active - memory.allocated)
  reply.field("allocator-rss.ratio", ratio(memory.allocatorResident, memory.active))
  reply.field("allocator-rss.bytes", memory.allocatorResident - memory.active)
  reply.field("rss-overhead.ratio", ratio(memory.resident, memory.allocatorResident))
  reply.field("rss-overhead.bytes", memory.resident - memory.allocatorResident)
  reply.field("fragmentation", ratio(memory.resident, memory.used))
  reply.field("fragmentation.bytes", memory.resident - memory.used)
}

extension ReplyWriter {
  fileprivate mutating func field(_ name: StaticString, _ value: Int) {
    bulk(name)
    integer(value)
  }

  fileprivate mutating func field(_ name: StaticString, _ value: Double) {
    bulk(name)
    double(value)
  }
}

private func mallocStats(_ call: Call, _ reply: inout ReplyWriter) {
  guard let text = martlet_malloc_stats() else { return reply.verbatim("") }
  defer { free(text) }
  reply.verbatim(String(cString: text))
}

private func purge(_ call: Call, _ reply: inout ReplyWriter) {
  // All arenas, by jemalloc's reserved number for them.
  if martlet_mallctl_call("arena.4096.purge") == 0 { return reply.ok() }
  reply.error("ERR Error purging dirty pages")
}

private func doctor(_ call: Call, _ reply: inout ReplyWriter) {
  reply.verbatim(MemoryFigures(call.server).diagnosis(clients: call.server.connections.count))
}

extension MemoryFigures {
  /// Below this there is nothing to be learned from ratios.
  private static let smallestInstance = 5 << 20

  fileprivate func diagnosis(clients count: Int) -> String {
    if used < Self.smallestInstance {
      return "This instance is empty or uses very little memory: there is nothing to diagnose yet.\n"
    }
    var findings: [String] = []
    if peak > used / 2 * 3 {
      findings.append(
        "Peak: more than one and a half times of the present memory was in use once. The allocator keeps some of it for new data; MEMORY PURGE asks it to give it back."
      )
    }
    func exceeds(_ a: Int, _ b: Int, _ ratio: Double) -> Bool { Double(a) > Double(b) * ratio && a - b > 10 << 20 }
    if exceeds(resident, used, 1.4) {
      findings.append(
        "Resident memory is more than 1.4 times of what is in use. A past peak explains it if there was one; else the allocator (\(Allocator.name)) is fragmented."
      )
    }
    if exceeds(active, allocated, 1.1) {
      findings.append("Fragmentation inside the allocator's pages is more than 1.1.")
    }
    if exceeds(allocatorResident, active, 1.1) {
      findings.append(
        "The allocator keeps more than 1.1 times of the pages it has in use. MEMORY PURGE asks it to give them back.")
    }
    if exceeds(resident, allocatorResident, 1.1) {
      findings.append("The process takes more than 1.1 times of what the allocator does.")
    }
    if clients / max(1, count) > 200 << 10 {
      findings.append(
        "Clients take more than 200 kB each. CLIENT LIST shows which: look for large tot-mem, omem and qbuf.")
    }
    if findings.isEmpty { return "No problem with memory was found in this instance.\n" }
    return "Problems with memory were found in this instance:\n\n" + findings.map { " * \($0)\n\n" }.joined()
  }
}
