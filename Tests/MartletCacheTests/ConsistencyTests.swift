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
//   MARTLET_CACHE_OPERATIONS   reads (4,000)
//   MARTLET_CACHE_CUTS         cut connections (10)
//
// The full proof is 1,000,000 and 1,000.

/// When each version of each key was written. A key has one writer, so its versions are 1, 2, 3 …
private final class Journal: Sendable {
  private let written: Mutex<[[ContinuousClock.Instant]]>

  init(keys: Int) { written = Mutex(Array(repeating: [], count: keys)) }

  func write(_ key: Int) { written.withLock { $0[key].append(.now) } }
  func latest(_ key: Int) -> Int { written.withLock { $0[key].count } }

  /// The version that was the latest at a time.
  func version(_ key: Int, at time: ContinuousClock.Instant) -> Int {
    written.withLock { written in
      var (low, high) = (0, written[key].count)
      while low < high {
        let middle = (low + high) / 2
        if written[key][middle] <= time { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// How long a version had been replaced at a time; zero if it was the latest.
  func age(of version: Int, _ key: Int, at time: ContinuousClock.Instant) -> Duration {
    written.withLock { written in
      version < written[key].count && written[key][version] < time ? time - written[key][version] : .zero
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

/// What has happened so far, and whether it is enough.
private final class Progress: Sendable {
  private let state = Mutex((findings: Findings(), cuts: 0, isDone: false))

  var findings: Findings { state.withLock { $0.findings } }
  var cuts: Int { state.withLock { $0.cuts } }
  var isDone: Bool { state.withLock { $0.isDone } }
  func add(_ findings: Findings) { state.withLock { $0.findings.add(findings) } }
  func addCut() { state.withLock { $0.cuts += 1 } }
  func end() { state.withLock { $0.isDone = true } }
}

private struct Trial: CustomTestStringConvertible, Sendable {
  let program: TestServer.Program
  let tracking: CacheConfiguration.Tracking
  var feed = false

  var testDescription: String { "\(program), \(tracking)\(feed ? ", change feed" : "")" }
}

private let trials: [Trial] = [
  Trial(program: .redis, tracking: .optIn()),
  Trial(program: .redis, tracking: .optOut()),
  Trial(program: .redis, tracking: .broadcast()),
  Trial(program: .martlet, tracking: .optIn()),
  Trial(program: .martlet, tracking: .optOut()),
  Trial(program: .martlet, tracking: .broadcast()),
  Trial(program: .martlet, tracking: .broadcast(), feed: true),
]

private let keys = 48
/// A stalled connection is noticed by the heartbeat, after its third interval without an answer; the rest is for a busy
/// machine.
private let heartbeat = Duration.milliseconds(150)
private let bound = heartbeat * 4 + .milliseconds(1500)

@Suite(.serialized) struct ConsistencyTests {
  @Test(arguments: trials)
  fileprivate func noReadIsOlderThanTheContractAllows(_ trial: Trial) async throws {
    let operations = SeededRandom.count("MARTLET_CACHE_OPERATIONS", default: 4000)
    let cuts = SeededRandom.count("MARTLET_CACHE_CUTS", default: 10)
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

    let progress = Progress()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<4 {
        group.addTask { try await write(part, to: writer, journal, progress) }
      }
      for (index, cache) in caches.enumerated() {
        for reader in 0..<2 {
          let seed = SeededRandom.runSeed() &+ UInt64(index * 10 + reader)
          group.addTask { await read(cache, journal, progress, seed: seed) }
        }
      }
      group.addTask { try await disturb(proxies, progress) }
      group.addTask {
        while progress.findings.reads < operations || progress.cuts < cuts {
          try await Task.sleep(for: .milliseconds(5))
        }
        progress.end()
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

    let found = progress.findings
    let sums = caches.map(\.statistics)
    let (kept, gaps) = (sums.reduce(0) { $0 + $1.resumesKept }, sums.reduce(0) { $0 + $1.gaps })
    let writes = (0..<keys).reduce(0) { $0 + journal.latest($1) }
    print(
      """
      \(trial.testDescription): \(found.reads) reads (\(sums.reduce(0) { $0 + $1.hits }) from memory, \
      \(found.failedReads) failed), \(writes) writes, \(progress.cuts) cuts; the oldest read was \(found.oldest) \
      behind; resumed \(kept) times, flushed \(gaps) times; overtaken \(sums.reduce(0) { $0 + $1.overtaken })
      """)
    #expect(found.tooOld.isEmpty, "\(found.tooOld.prefix(3))")
    #expect(found.wentBack.isEmpty, "\(found.wentBack.prefix(3))")
    #expect(stale.isEmpty, "\(stale.prefix(3))")
    #expect(sums.allSatisfy { !$0.isDegraded })
    if trial.feed { #expect(kept * 100 >= (kept + gaps) * 95, "resumed \(kept), flushed \(gaps)") }
  }
}

/// Raises the versions of a quarter of the keys.
private func write(_ part: Int, to client: Client, _ journal: Journal, _ progress: Progress) async throws {
  var random = SeededRandom(seed: UInt64(part))
  while !progress.isDone {
    let key = random.below(keys / 4) * 4 + part
    try await client.send(["SET", .string("c:\(key)"), .integer(journal.latest(key) + 1)])
    journal.write(key)
    try await Task.sleep(for: .milliseconds(random.below(4)))
  }
}

/// Reads in a row, so that what it is given must never go back.
private func read(
  _ cache: Cache<Int, String>, _ journal: Journal, _ progress: Progress, seed: UInt64
) async {
  var random = SeededRandom(seed: seed)
  var found = Findings()
  var seen = [Int](repeating: 0, count: keys)
  while !progress.isDone {
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
      progress.add(found)
      found = Findings()
      try? await Task.sleep(for: .milliseconds(1))
    }
  }
  progress.add(found)
}

/// Delays, stalls and cuts.
private func disturb(_ proxies: [FaultyProxy], _ progress: Progress) async throws {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  while !progress.isDone {
    let proxy = random.one(of: proxies)
    switch random.below(10) {
    case 0..<6:
      if proxy.connectionCount > 0 { progress.addCut() }
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
