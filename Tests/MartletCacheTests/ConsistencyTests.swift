import Foundation
import MartletClient
import MartletTesting
import Synchronization
import TestSupport
import Testing

@testable import MartletCache

// The consistency checker: writers write versions past all caches; cached readers, whose connections are delayed, stalled
// and cut all the time, read them. No read may be older than the contract allows, no reader's value may ever go back, and
// when the writers have stopped and the network has healed, nobody may hold an old value.
//
//   MARTLET_CACHE_OPERATIONS   reads (20,000)
//   MARTLET_CACHE_CUTS         cut connections (20)
//
// The full proof is 1,000,000 and 1,000.

/// When each version of each key was written. A key has one writer, so its versions are 1, 2, 3 …
private final class Journal: Sendable {
  private let written: [Mutex<[ContinuousClock.Instant]>]

  init(keys: Int) { written = (0..<keys).map { _ in Mutex([]) } }

  func write(_ key: Int) { written[key].withLock { $0.append(.now) } }
  func latest(_ key: Int) -> Int { written[key].withLock { $0.count } }

  /// The version that was the latest at a time.
  func version(_ key: Int, at time: ContinuousClock.Instant) -> Int {
    written[key].withLock { times in
      var (low, high) = (0, times.count)
      while low < high {
        let middle = (low + high) / 2
        if times[middle] <= time { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// How long a version had been replaced at a time; zero if it was the latest.
  func age(of version: Int, _ key: Int, at time: ContinuousClock.Instant) -> Duration {
    written[key].withLock { times in
      version < times.count && times[version] < time ? time - times[version] : .zero
    }
  }
}

private struct Findings: Sendable {
  var reads = 0
  var failedReads = 0
  var oldest = Duration.zero
  var tooOld: [String] = []
  var wentBack: [String] = []

  mutating func add(_ other: Findings) {
    reads += other.reads
    failedReads += other.failedReads
    oldest = max(oldest, other.oldest)
    tooOld += other.tooOld
    wentBack += other.wentBack
  }
}

private struct Trial: CustomTestStringConvertible, Sendable {
  let program: TestServer.Program
  let tracking: CacheConfiguration.Tracking
  var feed = false

  var testDescription: String { "\(program), \(tracking)\(feed ? ", change feed" : "")" }
}

private let trials: [Trial] = [
  Trial(program: .redis, tracking: .optIn()),
  Trial(program: .redis, tracking: .broadcast()),
  Trial(program: .martlet, tracking: .optIn()),
  Trial(program: .martlet, tracking: .broadcast()),
]

private let keys = 48
/// A stalled connection is noticed by the heartbeat, after its third interval without an answer; the rest is for a busy
/// machine.
private let heartbeat = Duration.milliseconds(150)
private let bound = heartbeat * 4 + .milliseconds(1500)

@Suite(.serialized) struct ConsistencyTests {
  @Test(arguments: trials)
  fileprivate func noReadIsOlderThanTheContractAllows(_ trial: Trial) async throws {
    let operations = SeededRandom.count("MARTLET_CACHE_OPERATIONS", default: 20_000)
    let cuts = SeededRandom.count("MARTLET_CACHE_CUTS", default: 20)
    let server = try TestServer(trial.program, directives: trial.feed ? ["change-feed-size": "64mb"] : [:])
    try await server.waitUntilReady()
    defer { server.stop() }
    let journal = Journal(keys: keys)
    let writer = Client(.standalone(server.address))
    defer { writer.close() }
    let proxies = (0..<3).map { _ in FaultyProxy(to: server.port) }
    var clients: [Client] = []
    var caches: [Cache<Int, String>] = []
    for proxy in proxies {
      var settings = ClientConfiguration()
      settings.backoff.longest = .milliseconds(40)
      settings.commandTimeout = .seconds(2)
      settings.connectionAttempts = 20
      let client = Client(.standalone("127.0.0.1", try await proxy.start()), configuration: settings)
      clients.append(client)
      var configuration = CacheConfiguration()
      configuration.tracking = trial.tracking
      configuration.heartbeat = heartbeat
      // Only word of changes keeps entries right here; no time does.
      configuration.nearTTL = nil
      configuration.nilTTL = .seconds(3600)
      caches.append(Cache(client, name: "c", codec: .utf8, configuration: configuration))
    }
    defer {
      for cache in caches { cache.close() }
      for client in clients { client.close() }
      for proxy in proxies { proxy.stop() }
    }

    let findings = Mutex(Findings())
    let done = Mutex(false)
    let cutCount = Mutex(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<4 {
        group.addTask { try await Self.write(part, to: writer, journal, while: { !done.withLock { $0 } }) }
      }
      for (index, cache) in caches.enumerated() {
        for reader in 0..<2 {
          group.addTask {
            let seed = SeededRandom.runSeed() &+ UInt64(index * 10 + reader)
            await Self.read(cache, journal, seed: seed, while: { !done.withLock { $0 } }) { found in
              findings.withLock { $0.add(found) }
            }
          }
        }
      }
      group.addTask { try await Self.disturb(proxies, cutCount, while: { !done.withLock { $0 } }) }
      group.addTask {
        while findings.withLock({ $0.reads }) < operations || cutCount.withLock({ $0 }) < cuts {
          try await Task.sleep(for: .milliseconds(5))
        }
        done.withLock { $0 = true }
      }
      try await group.waitForAll()
    }

    // The network heals, and what was on its way arrives.
    for proxy in proxies { proxy.change { $0 = FaultyProxy.Weather() } }
    try await Task.sleep(for: heartbeat * 5)
    var stale: [String] = []
    for _ in 0..<2 {
      for (index, cache) in caches.enumerated() {
        for key in 0..<keys {
          let value = try await cache.get(key)
          if value != "\(journal.latest(key))" {
            stale.append("cache \(index), key \(key): \(value ?? "nil"), not \(journal.latest(key))")
          }
        }
      }
    }

    let found = findings.withLock { $0 }
    let sums = caches.map(\.statistics)
    let (kept, gaps) = (sums.reduce(0) { $0 + $1.resumesKept }, sums.reduce(0) { $0 + $1.gaps })
    let writes = (0..<keys).reduce(0) { $0 + journal.latest($1) }
    print(
      """
      \(trial.testDescription): \(found.reads) reads (\(sums.reduce(0) { $0 + $1.hits }) from memory, \
      \(found.failedReads) failed), \(writes) writes, \(cutCount.withLock { $0 }) cuts; the oldest read was \(found.oldest) \
      behind; resumed \(kept) times, flushed \(gaps) times; overtaken \(sums.reduce(0) { $0 + $1.overtaken })
      """)
    #expect(found.tooOld.isEmpty, "\(found.tooOld.prefix(3))")
    #expect(found.wentBack.isEmpty, "\(found.wentBack.prefix(3))")
    #expect(stale.isEmpty, "\(stale.prefix(3))")
    #expect(sums.allSatisfy { !$0.isDegraded })
    if trial.feed { #expect(kept * 100 >= (kept + gaps) * 95, "resumed \(kept), flushed \(gaps)") }
  }

  /// Raises the versions of a quarter of the keys.
  private static func write(
    _ part: Int, to client: Client, _ journal: Journal, while goesOn: @Sendable () -> Bool
  ) async throws {
    var random = SeededRandom(seed: UInt64(part))
    while goesOn() {
      let key = random.below(keys / 4) * 4 + part
      try await client.send(["SET", .string("c:\(key)"), .integer(journal.latest(key) + 1)])
      journal.write(key)
      try await Task.sleep(for: .milliseconds(random.below(4)))
    }
  }

  /// Reads in a row, so that what it is given must never go back.
  private static func read(
    _ cache: Cache<Int, String>, _ journal: Journal, seed: UInt64, while goesOn: @Sendable () -> Bool,
    report: (Findings) -> Void
  ) async {
    var random = SeededRandom(seed: seed)
    var found = Findings()
    var seen = [Int](repeating: 0, count: keys)
    while goesOn() {
      let key = min(random.below(keys), random.below(keys))
      let start = ContinuousClock.now
      do {
        let version = try await cache.get(key).flatMap { Int($0) } ?? 0
        found.reads += 1
        found.oldest = max(found.oldest, journal.age(of: version, key, at: start))
        let least = journal.version(key, at: start - bound)
        if version < least {
          found.tooOld.append("key \(key): \(version), though \(least) was written \(bound) before")
        }
        if version < seen[key] { found.wentBack.append("key \(key): \(version) after \(seen[key])") }
        seen[key] = max(seen[key], version)
      } catch {
        found.failedReads += 1
      }
      if found.reads % 64 == 0 {
        report(found)
        found = Findings()
        try? await Task.sleep(for: .milliseconds(1))
      }
    }
    report(found)
  }

  /// Delays, stalls and cuts.
  private static func disturb(
    _ proxies: [FaultyProxy], _ cuts: borrowing Mutex<Int>, while goesOn: @Sendable () -> Bool
  ) async throws {
    var random = SeededRandom(seed: SeededRandom.runSeed())
    while goesOn() {
      let proxy = random.one(of: proxies)
      switch random.below(10) {
      case 0..<6:
        if proxy.connectionCount > 0 { cuts.withLock { $0 += 1 } }
        proxy.cutAll()
      case 6..<8: proxy.change { $0.delay = [0, 2, 10].randomElement(using: &random)! }
      default:
        proxy.change { $0.isStalled = true }
        // Sometimes so long that the heartbeat notices.
        try await Task.sleep(for: .milliseconds(random.chance(20) ? 800 : random.below(100)))
        proxy.change { $0.isStalled = false }
      }
      try await Task.sleep(for: .milliseconds(20 + random.below(60)))
    }
  }
}
