import Commands
import Memory
import TestSupport
import Testing

/// Every command with many edges, chosen at random; with `MARTLET_FUZZ_EDGES=100`, with every one.
@Suite(.serialized) struct EdgeArgumentTests {
  private static let fixture: [[String]] = [
    ["SET", "string:0", "hello"], ["SET", "string:1", String(repeating: "x", count: 2000)], ["SET", "number:0", "10"],
    ["HSET", "hash:0", "m1", "1", "m2", "v"], ["HEXPIRE", "hash:0", "1000", "FIELDS", "1", "m1"],
    ["RPUSH", "list:0", "m1", "m2", "3"], ["SADD", "set:0", "1", "2", "3"], ["SADD", "set:1", "m1", "m2"],
    ["ZADD", "zset:0", "1", "m1", "2", "m2"], ["XADD", "stream:0", "1-1", "m1", "v"],
    ["XADD", "stream:0", "2-1", "m1", "v"],
    ["XGROUP", "CREATE", "stream:0", "m1", "0"], ["XREADGROUP", "GROUP", "m1", "m2", "STREAMS", "stream:0", ">"],
    ["SETBIT", "bitmap:0", "77", "1"], ["PFADD", "hll:0", "m1", "m2"],
    ["GEOADD", "geo:0", "13.361389", "38.115556", "m1", "15.087269", "37.502669", "m2"],
  ]
  private static let keys = [
    "string:0", "string:1", "number:0", "hash:0", "list:0", "set:0", "set:1", "zset:0", "stream:0", "bitmap:0", "hll:0",
    "geo:0", "nosuch",
  ]

  @Test func noCommandMindsEdges() {
    let seed = SeededRandom.runSeed()
    print("edges: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let host = FuzzHost(seed: seed)
    let share = SeededRandom.count("MARTLET_FUZZ_EDGES", default: 10)
    for command in host.executor.table.all
    where !command.pointee.hasSubcommands && command.pointee.fullName != "pfselftest" {
      let name = command.pointee.fullName.split(separator: "|").map { Array($0.utf8) }
      let group = command.pointee.declaration.group.rawValue
      let syntax = CommandSyntax(command.pointee.declaration.syntax.description)
      restore(host)
      for edge in HostileWords.edges + [HostileWords.long, HostileWords.veryLong] where random.chance(share) {
        let fewest = abs(command.pointee.arity)
        for count in fewest...fewest + 2 {
          let edges = Array(repeating: edge, count: max(0, count - name.count))
          run(name + edges, on: host)
          guard !edges.isEmpty else { continue }
          run(name + [Array(random.one(of: Self.keys).utf8)] + edges.dropFirst(), on: host)
        }
        // In each place of an otherwise sensible command.
        let sensible = name + syntax.make(&random) { HostileWords.word($0, group: group, &$1) }
        for place in name.count..<max(name.count, sensible.count) {
          var words = sensible
          words[place] = edge
          run(words, on: host)
        }
        if random.chance(20) { restore(host) }
      }
    }
    #expect(host.faults.isEmpty, "seed \(seed)")
    for fault in host.faults { print(fault) }
    print("edges: \(host.executed) commands executed")
  }

  private func restore(_ host: FuzzHost) {
    for client in host.clients { host.end(client) }
    for i in 0..<host.keyspace.pointee.databaseCount { _ = host.keyspace.pointee.flush(i, lazily: false) }
    for command in Self.fixture { run(command.map { Array($0.utf8) }, on: host) }
  }

  /// Runs a command with each argument in a block of its own size.
  private func run(_ words: [[UInt8]], on host: FuzzHost) {
    var client = host.clients.first ?? host.addClient()
    // Whoever waits, is in a transaction or listens would hear too little of what follows.
    if client.isWaiting || client.isClosing || client.session.pointee.transaction != nil
      || client.session.pointee.subscriptions != nil || !client.session.pointee.flags.isEmpty
    {
      host.end(client)
      client = host.addClient()
      if words.count % 2 == 0 { client.session.pointee.protocolVersion = 3 }
    }
    let blocks = words.map { word -> UnsafeMutableBufferPointer<UInt8> in
      let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: word.count)
      _ = block.initialize(from: word)
      return block
    }
    let views = blocks.map { block in
      block.baseAddress.map { Bytes(UnsafeRawPointer($0), count: block.count) } ?? .empty
    }
    views.withUnsafeBufferPointer { host.run($0.baseAddress!, $0.count, client) }
    blocks.forEach { $0.deallocate() }
  }
}
