import Commands
import Keyspace
import Memory
import RESP
import Structures
import TestSupport
import Testing

/// Hostile clients, in process. To be run with sanitizers, which then see every byte of the keyspace:
///
///     export MARTLET_ALLOCATOR=system LSAN_OPTIONS=suppressions=tools/leaks.supp
///     swift test --scratch-path .build-asan --sanitize=address --filter FuzzTests
///
/// MARTLET_FUZZ_FRAMES says how many frames (a million take ten minutes), MARTLET_TEST_SEED which.
@Suite(.serialized) struct FuzzTests {
  @Test func hostileClientsDoNoHarm() {
    let seed = SeededRandom.runSeed()
    print("fuzz: seed \(seed)")
    var random = SeededRandom(seed: seed &+ 1)
    let host = FuzzHost(seed: seed)
    var generator = FrameGenerator(host.executor.table, seed: seed)
    let frames = SeededRandom.count("MARTLET_FUZZ_FRAMES", default: 25_000)
    var sent = 0
    for _ in 0..<8 { _ = host.addClient() }
    while sent < frames && host.faults.isEmpty {
      let client = random.one(of: host.clients)
      // What is sent to one that waits is only kept.
      if client.isWaiting && random.chance(80) { continue }
      var bytes: [UInt8] = []
      for _ in 0..<random.below(5) + 1 {
        bytes += generator.frame()
        sent += 1
      }
      feed(bytes[...], to: client, of: host, &random)
      if random.chance(3) { client.session.pointee.protocolVersion = random.chance(50) ? 2 : 3 }
      if random.chance(10) || host.clients.allSatisfy(\.isWaiting) { pass(of: host, &random) }
    }
    #expect(host.faults.isEmpty, "seed \(seed), after \(host.executed) commands")
    for fault in host.faults { print(fault) }
    print("fuzz: \(host.executed) commands executed, \(host.propagated) propagated")
    expectNothingLeft(in: host, seed)
    // Frames that are refused at the door would test the door only.
    // Nothing takes long enough here to be drawn or killed, and libraries of functions are the server's to load.
    let beyondReach: Set = ["pfselftest", "latency|graph", "script|kill", "fcall", "fcall_ro"]
    let unreached = host.executor.table.all.filter {
      !$0.pointee.hasSubcommands && host.successes[$0.pointee.index] == nil
        && !beyondReach.contains($0.pointee.fullName)
    }
    // A few may have had no luck.
    if frames >= 100_000 { #expect(unreached.count <= 3, "\(unreached.map(\.pointee.fullName))") }
  }

  /// Sends bytes in random pieces; a client that is closed comes again as another.
  private func feed(
    _ bytes: ArraySlice<UInt8>, to client: FuzzClient, of host: FuzzHost, _ random: inout SeededRandom
  ) {
    var rest = bytes
    while !rest.isEmpty {
      let count = random.chance(60) ? rest.count : random.below(min(rest.count, random.one(of: [2, 20, 200]))) + 1
      let isOpen = host.receive(rest.prefix(count), from: client)
      rest = rest.dropFirst(count)
      if isOpen && client.inputCount < 4 << 20 { continue }
      host.end(client)
      _ = host.addClient()
      return
    }
  }

  /// Time passes, waits end, clients go.
  private func pass(of host: FuzzHost, _ random: inout SeededRandom) {
    host.advance(Int64(random.one(of: [0, 1, 7, 100, 5000])))
    for client in host.clients where !client.isWaiting && !host.serve(client) {
      host.end(client)
      _ = host.addClient()
    }
    guard random.chance(10) || host.clients.allSatisfy(\.isWaiting) else { return }
    host.end(random.one(of: host.clients))
    _ = host.addClient()
  }

  /// When clients and keys are gone, so is everything that was kept for them.
  private func expectNothingLeft(in host: FuzzHost, _ seed: UInt64) {
    for client in host.clients { host.end(client) }
    let executor = host.executor!
    // Read first: what cannot be copied cannot be shown by a failing expectation.
    let (waiting, waited, timed) = (executor.blocked.count, executor.blocked.keyCount, executor.blocked.timedCount)
    let hasToldAll = executor.propagation.pointee.isEmpty
    #expect(waiting == 0 && waited == 0 && timed == 0)
    #expect(executor.watches.isEmpty)
    #expect(executor.monitors.isEmpty)
    #expect(hasToldAll)
    for i in 0..<host.keyspace.pointee.databaseCount {
      _ = host.keyspace.pointee.flush(i, lazily: false)
      #expect(host.keyspace.pointee.databases[i].count == 0)
      #expect(host.keyspace.pointee.databases[i].keyDeadlines.count == 0, "seed \(seed)")
      #expect(host.keyspace.pointee.databases[i].fieldDeadlines.count == 0, "seed \(seed)")
    }
  }
}
