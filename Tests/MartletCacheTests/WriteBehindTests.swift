import MartletClient
import MartletTesting
import Synchronization
import TestSupport
import Testing

@testable import MartletCache

// Writes that reach their store later.

/// A database that can be slow, broken, or both, and remembers what it was told.
private final class Store: Sendable {
  private struct State {
    var values: [Int: String] = [:]
    var calls: [(key: Int, value: String?)] = []
    var broken: Set<Int> = []
    var isHeld = false
  }

  private let state = Mutex(State())
  struct Broken: Error {}

  var values: [Int: String] { state.withLock { $0.values } }
  func calls(_ key: Int) -> [String?] { state.withLock { $0.calls.filter { $0.key == key }.map(\.value) } }
  func change(broken: Set<Int>) { state.withLock { $0.broken = broken } }
  func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

  func save(_ key: Int, _ value: String?) async throws {
    while state.withLock({ $0.isHeld }) { try await Task.sleep(for: .milliseconds(1)) }
    try state.withLock { state in
      state.calls.append((key, value))
      if state.broken.contains(key) { throw Broken() }
      state.values[key] = value
    }
  }
}

private func withCaches(
  _ program: TestServer.Program = .redis, _ count: Int = 1, store: Store,
  _ configure: @Sendable (inout Cache<Int, String>.WriteBehind) -> Void = { _ in },
  _ body: (Client, [Cache<Int, String>]) async throws -> Void
) async throws {
  try await withTestServer(program) { client in
    var settings = Cache<Int, String>.WriteBehind { try await store.save($0, $1) }
    settings.backoff.first = .milliseconds(2)
    settings.backoff.longest = .milliseconds(20)
    settings.lease = .milliseconds(600)
    configure(&settings)
    let caches = (0..<count).map { _ in
      Cache<Int, String>(client, name: "c", codec: .utf8, writing: .behind(settings)) { store.values[$0] }
    }
    defer { for cache in caches { cache.close() } }
    try await body(client, caches)
  }
}

@Suite(.serialized) struct WriteBehindTests {
  @Test(arguments: [TestServer.Program.redis, .martlet])
  func everyKeysLastWriteReachesTheStore(_ program: TestServer.Program) async throws {
    let store = Store()
    try await withCaches(program, store: store) { client, caches in
      let cache = caches[0]
      for round in 1...20 {
        for key in 0..<5 { try await cache.set(key, "\(round)") }
      }
      try await cache.update(7) { $0 = "updated" }
      try await cache.set(8, "soon gone")
      try await cache.remove(8)
      #expect(try await cache.get(3) == "20")
      try await cache.drain()
      #expect(store.values == [0: "20", 1: "20", 2: "20", 3: "20", 4: "20", 7: "updated"])
      for key in 0..<5 {
        // In their order, however many were skipped.
        let written = store.calls(key).compactMap { $0.flatMap { Int($0) } }
        #expect(written == written.sorted() && written.last == 20)
      }
      #expect(try await client.xlen("{c}:writes") == 0)
      #expect(try await client.xlen("{c}:writes:dead") == 0)
      #expect(cache.statistics.writesStored > 0)
    }
  }

  @Test func whatTheStoreDoesNotKnowYetIsNotAskedOfIt() async throws {
    let store = Store()
    try await withCaches(store: store) { _, caches in
      try await caches[0].set(1, "first")
      try await caches[0].drain()
      store.hold(true)
      try await caches[0].remove(1)
      #expect(try await caches[0].get(1) == nil)
      try await caches[0].set(2, "second")
      #expect(try await caches[0].get(2) == "second")
      #expect(store.values == [1: "first"])
      store.hold(false)
      try await caches[0].drain()
      #expect(store.values == [2: "second"])
    }
  }

  @Test func whatCannotBeStoredBecomesADeadLetterAndHoldsNobodyUp() async throws {
    let store = Store()
    store.change(broken: [1])
    try await withCaches(store: store, { $0.maxAttempts = 3 }) { client, caches in
      try await caches[0].set(1, "refused")
      try await caches[0].set(2, "stored")
      try await client.xadd("{c}:writes", ["key": "no number", "value": "x"])
      try await caches[0].drain()
      #expect(store.values == [2: "stored"])
      #expect(store.calls(1).count == 3)
      let letters = try await client.xrange("{c}:writes:dead", "-", "+")
      let refused = letters.first { $0["key"] == "1" }
      #expect(letters.count == 2 && letters.contains { $0["key"] == "no number" })
      #expect(refused?["value"] == "refused" && refused?["attempts"] == "3" && refused?["error"] == "Broken()")
      #expect(caches[0].statistics.deadLetters == 2 && caches[0].statistics.storeFailures == 3)
      // A later write of the key is a new one.
      store.change(broken: [])
      try await caches[0].set(1, "mended")
      try await caches[0].drain()
      #expect(store.values[1] == "mended")
    }
  }

  @Test func anotherProcessGoesOnWhereOneStopped() async throws {
    let store = Store()
    try await withCaches(.redis, 2, store: store) { client, caches in
      try await caches[0].set(0, "first")
      try await caches[1].drain()
      // One that had taken writes and died.
      store.hold(true)
      for key in 1...3 { try await caches[0].set(key, "left") }
      try await until("one has taken them") { caches.contains { $0.statistics.writesWaiting >= 0 } }
      let working = caches[0].statistics.writesStored > 0 ? 0 : 1
      caches[working].close()
      store.hold(false)
      try await caches[1 - working].drain()
      #expect(store.values == [0: "first", 1: "left", 2: "left", 3: "left"])
      #expect(try await client.xpending("{c}:writes", "store").elements?.first == .integer(0))
    }
  }

  @Test func whatNobodyLivedToStoreIsGivenUpInTheEnd() async throws {
    let store = Store()
    try await withTestServer(.redis) { client in
      try await client.xgroupCreate("{c}:writes", "store", id: .id("0"), mkstream: true)
      try await client.xadd("{c}:writes", ["key": "1", "value": "deadly"])
      try await client.xadd("{c}:writes", ["key": "2", "value": "harmless"], id: .autoID)
      // As processes do that take writes and crash over them.
      _ = try await client.xreadgroup("store", "applier", ["{c}:writes"], id: [">"], count: 1)
      for _ in 0..<4 { _ = try await client.xreadgroup("store", "applier", ["{c}:writes"], id: ["0"]) }
      var settings = Cache<Int, String>.WriteBehind { try await store.save($0, $1) }
      settings.maxAttempts = 4
      let cache = Cache<Int, String>(client, name: "c", codec: .utf8, writing: .behind(settings))
      defer { cache.close() }
      try await cache.drain()
      #expect(store.values == [2: "harmless"])
      #expect(try await client.xrange("{c}:writes:dead", "-", "+").map { $0["key"] } == ["1"])
    }
  }
}

@Test func aQueueKeepsTheLatestOfEachKeyInTheOrderOfKeys() {
  var queue = WriteQueue()
  queue.add("1-1", key: "a", payload: [1])
  queue.add("2-1", key: "b", payload: [2])
  queue.add("3-1", key: "a", payload: nil)
  #expect(queue.due(now: 0).map(\.key) == ["a", "b"])
  #expect(queue.due(now: 0)[0].payload == nil && queue.due(now: 0)[0].ids == ["1-1", "3-1"])
  #expect(queue.oldest == "1-1" && queue.millisecondsUntilDue(now: 0) == 0)
  // Who fails waits; who is replaced meanwhile does not, and has all attempts again.
  #expect(queue.noteFailure(of: "a", maxAttempts: 2) { Int64($0) * 100 })
  #expect(queue.due(now: 99).map(\.key) == ["b"] && queue.due(now: 100).map(\.key) == ["a", "b"])
  #expect(!queue.noteFailure(of: "a", maxAttempts: 2) { Int64($0) * 100 })
  queue.add("4-1", key: "a", payload: [4])
  #expect(queue.due(now: 0).first?.attempts == 0)
  queue.remove("a")
  queue.remove("b")
  #expect(queue.count == 0 && queue.millisecondsUntilDue(now: 0) == nil && queue.oldest == nil)
}
