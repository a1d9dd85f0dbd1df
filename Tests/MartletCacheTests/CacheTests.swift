@testable import MartletClient
import Synchronization
import TestSupport
import Testing

@testable import MartletCache

// The cache on a scripted server and a clock that stands still: what is given out, when, and what never is.

// MARK: Reads

@Test func secondReadIsAnsweredFromMemoryUntilTheServerSaysOtherwise() async throws {
  let f = Fixture()
  f.server.set("c:k", "one")
  #expect(try await f.cache.get("k") == "one")
  #expect(try await f.cache.get("k") == "one")
  #expect(f.reads() == 1)
  #expect(f.cache.cached("k") == .some("one"))
  f.server.set("c:k", "two")
  #expect(f.cache.cached("k") == nil)
  #expect(try await f.cache.get("k") == "two")
  #expect(f.cache.statistics.hits == 2)
  #expect(f.cache.statistics.misses == 2)
}

@Test func thousandReadsOfAColdKeyCauseOneLoad() async throws {
  let gate = Gate()
  let f = Fixture(loads: { _ in
    await gate.pass()
    return "v"
  })
  let values = try await withThrowingTaskGroup(of: String?.self) { group in
    for _ in 0..<1000 { group.addTask { try await f.cache.get("k") } }
    try await until("all wait") { f.cache.statistics.coalesced == 999 }
    gate.open()
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(values.count == 1000 && values.allSatisfy { $0 == "v" })
  #expect(f.loads.count == 1)
  #expect(f.reads() == 1)
}

@Test func whatIsOvertakenByAnInvalidationIsGivenToThoseWhoWaitedAndNotKept() async throws {
  let f = Fixture()
  f.server.set("c:k", "old")
  f.backend.holdReads()
  async let waiting = f.cache.get("k")
  try await until("the read is answered") { f.backend.heldReadCount == 1 }
  f.server.set("c:k", "new")
  // Who asks now must not be given the old value.
  async let later = f.cache.get("k")
  try await until("the second read is answered") { f.backend.heldReadCount == 2 }
  f.backend.releaseReads()
  #expect(try await waiting == "old")
  #expect(try await later == "new")
  #expect(f.cache.cached("k") == .some("new"))
  #expect(f.cache.statistics.overtaken == 1)
}

@Test func oneWhoGivesUpDoesNotTakeTheOthersWithIt() async throws {
  let f = Fixture()
  f.server.set("c:k", "v")
  f.backend.holdReads()
  let first = Task { try await f.cache.get("k") }
  try await until("the read is answered") { f.backend.heldReadCount == 1 }
  let second = Task { try await f.cache.get("k") }
  try await until("the second waits") { f.cache.statistics.coalesced == 1 }
  first.cancel()
  await #expect(throws: CancellationError.self) { try await first.value }
  f.backend.releaseReads()
  #expect(try await second.value == "v")
}

@Test func cancelledReadsNeverHangNorDisturbOthers() async throws {
  let f = Fixture()
  for round in 0..<50 {
    f.server.set("c:k", "v\(round)")
    f.backend.holdReads()
    let tasks = (0..<20).map { _ in Task { try await f.cache.get("k") } }
    for task in tasks[..<10] { task.cancel() }
    f.backend.releaseReads()
    for task in tasks[..<10] { _ = try? await task.value }
    for task in tasks[10...] { #expect(try await task.value == "v\(round)") }
  }
}

@Test func aFailureReachesAllWhoWaitAndIsNotKept() async throws {
  let gate = Gate()
  let fails = Mutex(true)
  let f = Fixture(loads: { _ in
    await gate.pass()
    if fails.withLock({ $0 }) { throw Refused() }
    return "v"
  })
  let tasks = (0..<5).map { _ in Task { try await f.cache.get("k") } }
  try await until("all wait") { f.cache.statistics.coalesced == 4 && gate.count == 1 }
  gate.open()
  for task in tasks { await #expect(throws: Refused.self) { try await task.value } }
  fails.withLock { $0 = false }
  #expect(try await f.cache.get("k") == "v")
  #expect(f.loads.count == 2)
}

@Test func absenceIsRememberedForItsTime() async throws {
  let f = Fixture()
  #expect(try await f.cache.get("k") == nil)
  #expect(try await f.cache.get("k") == nil)
  #expect(f.reads() == 1)
  #expect(f.cache.cached("k") == .some(nil))
  f.seconds(16)
  #expect(f.cache.cached("k") == nil)
  #expect(try await f.cache.get("k") == nil)
  // It comes to be: the server says so, as it was asked for the key.
  f.server.set("c:k", "v")
  #expect(try await f.cache.get("k") == "v")
}

@Test func loadersAbsenceIsKnownToOtherProcessesToo() async throws {
  let a = Fixture(loads: { _ in nil })
  let b = Fixture(on: a.server, loads: { _ in nil })
  #expect(try await a.cache.get("k") == nil)
  #expect(try await b.cache.get("k") == nil)
  #expect(a.loads.count + b.loads.count == 1)
}

@Test func severalKeysAtOnce() async throws {
  let f = Fixture()
  for key in ["a", "b", "c"] { f.server.set("c:\(key)", key.uppercased()) }
  _ = try await f.cache.get("a")
  #expect(try await f.cache.get(["a", "b", "c", "d"]) == ["a": "A", "b": "B", "c": "C"])
}

@Test func nearEntryEndsWithTheServersTimeEvenIfNothingIsPushed() async throws {
  let f = Fixture()
  f.server.set("c:k", "v", milliseconds: 5000)
  #expect(try await f.cache.get("k") == "v")
  f.backend.holdPushes()
  f.seconds(6)
  #expect(f.cache.cached("k") == nil)
  #expect(try await f.cache.get("k") == nil)
}

/// Also where it could be taken for what makes a key's text, or its tags.
@Test func aClosureBehindTheParenthesesIsTheLoader() async throws {
  let client = Client(.standalone("localhost"))
  let texts = Cache<Int, String>(client, name: "c") { "value \($0)" }
  let lists = Cache<Int, [String]>(client, name: "c") { ["value \($0)"] }
  let coded = Cache<Int, String>(client, name: "c", codec: .utf8) { "value \($0)" }
  #expect(try await texts.loader?(1) == "value 1")
  #expect(try await lists.loader?(1) == ["value 1"])
  #expect(try await coded.loader?(1) == "value 1")
  let named = Cache<Int, String>(client, name: "c", key: { "key \($0)" }, tags: { ["tag \($0)"] })
  #expect(named.loader == nil && named.keyText(1) == "key 1" && named.tagsOf?(1) == ["tag 1"])
  #expect(Cache<Int, String>(client, name: "c").loader == nil)
  client.close()
}

// MARK: Writes

@Test func readAfterOwnWriteIsNeverOlder() async throws {
  let f = Fixture()
  f.server.set("c:k", "old")
  #expect(try await f.cache.get("k") == "old")
  // The push about the own write comes late, or not at all.
  f.backend.holdPushes()
  try await f.cache.set("k", "mine")
  #expect(try await f.cache.get("k") == "mine")
}

@Test func aReadThatIsUnderWayDuringAnOwnWriteDoesNotStoreTheOldValue() async throws {
  let f = Fixture()
  f.server.set("c:k", "old")
  f.backend.holdPushes()
  f.backend.holdReads()
  let early = Task { try await f.cache.get("k") }
  try await until("the read is answered") { f.backend.heldReadCount == 1 }
  try await f.cache.set("k", "mine")
  f.backend.releaseReads()
  #expect(try await early.value == "old")
  #expect(try await f.cache.get("k") == "mine")
}

@Test func aLoadThatARemovalOvertakesFillsNothing() async throws {
  let gate = Gate()
  let a = Fixture(loads: { _ in
    await gate.pass()
    return "from before the removal"
  })
  let b = Fixture(on: a.server)
  let load = Task { try await a.cache.get("k") }
  try await until("the loader runs") { gate.count == 1 }
  // The database was changed, and its owner says so.
  try await b.cache.remove("k")
  gate.open()
  #expect(try await load.value == "from before the removal")
  #expect(a.server.text("c:k") == nil)
  #expect(a.cache.cached("k") == nil)
}

@Test func writeThroughKeepsNothingWhenTheStoreFails() async throws {
  let stored = Mutex<[String: String]>([:])
  let fails = Mutex(false)
  let f = Fixture(
    writing: .through { key, value in
      if fails.withLock({ $0 }) { throw Refused() }
      stored.withLock { $0[key] = value }
    })
  try await f.cache.set("k", "one")
  #expect(stored.withLock { $0["k"] } == "one")
  #expect(try await f.cache.get("k") == "one")
  fails.withLock { $0 = true }
  await #expect(throws: Refused.self) { try await f.cache.set("k", "two") }
  #expect(f.server.text("c:k") == nil)
  #expect(f.cache.cached("k") == nil)
  fails.withLock { $0 = false }
  try await f.cache.remove("k")
  #expect(stored.withLock { $0["k"] } == nil)
}

@Test func noUpdateIsLostBetweenProcesses() async throws {
  let a = Fixture()
  let b = Fixture(on: a.server)
  let pump = Task {
    while !Task.isCancelled {
      a.server.clock.advance(milliseconds: 10)
      try await Task.sleep(for: .milliseconds(1))
    }
  }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for cache in [a.cache, b.cache] {
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<10 {
            try await cache.update("n", attempts: 1000) { $0 = String((Int($0 ?? "0") ?? 0) + 1) }
          }
        }
      }
    }
    try await group.waitForAll()
  }
  pump.cancel()
  #expect(a.server.text("c:n") == "80")
  #expect(try await a.cache.get("n") == "80")
  #expect(try await b.cache.get("n") == "80")
}

@Test func updateGivesUpWhenOthersAreAlwaysFaster() async throws {
  let f = Fixture()
  f.server.set("c:k", "0")
  let pump = Task {
    while !Task.isCancelled {
      f.server.clock.advance(milliseconds: 100)
      try await Task.sleep(for: .milliseconds(1))
    }
  }
  let server = f.server
  await #expect(throws: CacheError.contended) {
    try await f.cache.update("k", attempts: 3) { value in
      server.set("c:k", value! + "x")
      value = "mine"
    }
  }
  pump.cancel()
}

@Test func expireMayServeTheOldValueAndRemoveNever() async throws {
  let gate = Gate()
  let version = Mutex(0)
  let f = Fixture(
    loads: { _ in
      let number = version.withLock { version in
        version += 1
        return version
      }
      if number > 1 { await gate.pass() }
      return "v\(number)"
    },
    configured: {
      $0.refresh = .init(staleWhileRevalidate: .seconds(60))
    })
  #expect(try await f.cache.get("k") == "v1")
  try await f.cache.expire("k")
  #expect(try await f.cache.get("k") == "v1", "served while the next is loaded")
  try await until("it is loaded anew") { gate.count == 1 }
  gate.open()
  try await until("the new one is there") { f.server.text("c:k")?.hasSuffix("v2") ?? false }
  #expect(try await f.cache.get("k") == "v2")
  try await f.cache.remove("k")
  #expect(try await f.cache.get("k") == "v3")
}

// MARK: Time

@Test func staleIsServedWhileOneRefreshRuns() async throws {
  let gate = Gate()
  let f = Fixture(
    loads: { _ in
      await gate.pass()
      return "new"
    },
    configured: {
      $0.refresh = .init(staleWhileRevalidate: .seconds(30))
      $0.nearTTL = nil
      $0.ttl = TimeToLive(.seconds(10), jitter: 0)
    })
  f.server.set("c:k", Envelope(payload: Array("old".utf8), freshUntil: f.server.clock.now + 5000).encoded)
  #expect(try await f.cache.get("k") == "old")
  f.seconds(6)
  for _ in 0..<5 { #expect(try await f.cache.get("k") == "old") }
  try await until("it is refreshed") { f.loads.count == 1 }
  gate.open()
  try await until("the new value is read") {
    if case .some(.some("new")) = f.cache.cached("k") { return true }
    Task { try await f.cache.get("k") }
    return false
  }
  #expect(f.loads.count == 1)
}

@Test func refreshBeforeTheEndLoadsOnceThoughTheServersValueIsFresh() async throws {
  let f = Fixture(
    loads: { _ in "new" },
    configured: {
      $0.refresh = .init(eagerAfter: 0.5)
      $0.nearTTL = nil
      $0.ttl = TimeToLive(.seconds(100), jitter: 0)
    })
  f.server.set("c:k", "old", milliseconds: 100_000)
  #expect(try await f.cache.get("k") == "old")
  f.seconds(49)
  #expect(try await f.cache.get("k") == "old")
  #expect(f.loads.count == 0)
  f.seconds(2)
  #expect(try await f.cache.get("k") == "old", "the read does not wait for it")
  try await until("it is loaded") { f.server.text("c:k") == "new" }
  #expect(try await f.cache.get("k") == "new")
  #expect(f.loads.count == 1)
}

@Test func failSafeServesTheLastRightValueWhenNoneCanBeLoaded() async throws {
  let fails = Mutex(false)
  let f = Fixture(
    loads: { _ in
      if fails.withLock({ $0 }) { throw Refused() }
      return "v"
    },
    configured: {
      $0.ttl = TimeToLive(.seconds(10), jitter: 0)
      $0.refresh = .init(failSafe: .seconds(100))
    })
  #expect(try await f.cache.get("k") == "v")
  #expect(try await f.cache.get("k") == "v")
  fails.withLock { $0 = true }
  f.seconds(11)
  #expect(try await f.cache.get("k") == "v")
  #expect(f.cache.statistics.loadFailures == 1)
  f.seconds(100)
  await #expect(throws: Refused.self) { try await f.cache.get("k") }
}

@Test func removedValueIsNotServedByFailSafe() async throws {
  let fails = Mutex(false)
  let f = Fixture(
    loads: { _ in
      if fails.withLock({ $0 }) { throw Refused() }
      return "v"
    }, configured: { $0.refresh = .init(failSafe: .seconds(3600)) })
  #expect(try await f.cache.get("k") == "v")
  #expect(try await f.cache.get("k") == "v")
  fails.withLock { $0 = true }
  try await f.cache.remove("k")
  await #expect(throws: Refused.self) { try await f.cache.get("k") }
}

@Test func slowLoadIsNotWaitedForIfAnOldValueMayBeServed() async throws {
  let gate = Gate()
  let isSlow = Mutex(false)
  let f = Fixture(
    loads: { _ in
      if isSlow.withLock({ $0 }) { await gate.pass() }
      return "v"
    },
    configured: {
      $0.ttl = TimeToLive(.seconds(10), jitter: 0)
      $0.refresh = .init(failSafe: .seconds(100))
      $0.loading = .init(lease: .local, softTimeout: .milliseconds(150))
    })
  _ = try await f.cache.get("k")
  #expect(try await f.cache.get("k") == "v")
  isSlow.withLock { $0 = true }
  f.seconds(11)
  let read = Task { try await f.cache.get("k") }
  try await until("the loader runs") { gate.count == 1 }
  try await until("its time is measured") { f.server.clock.sleeperCount > 1 }
  f.server.clock.advance(milliseconds: 200)
  #expect(try await read.value == "v")
  gate.open()
}

// MARK: The connection

@Test func nothingIsServedFromMemoryWhileTheConnectionIsLost() async throws {
  let f = Fixture(loads: { _ in "loaded" })
  f.server.set("c:k", "v")
  #expect(try await f.cache.get("k") == "v")
  f.backend.lose()
  #expect(f.cache.cached("k") == nil)
  #expect(try await f.cache.get("k") == "loaded", "the loader needs no server")
  f.server.set("c:k", "changed meanwhile")
  f.backend.reopen()
  #expect(try await f.cache.get("k") == "changed meanwhile")
  #expect(f.cache.statistics.gaps == 1)
}

@Test func lostConnectionIsBridgedForAsLongAsAllowed() async throws {
  let f = Fixture(configured: { $0.onDisconnect = .serveStale(max: .seconds(30)) })
  f.server.set("c:k", "v")
  #expect(try await f.cache.get("k") == "v")
  f.backend.lose()
  f.seconds(29)
  #expect(try await f.cache.get("k") == "v")
  f.seconds(2)
  await #expect(throws: MartletError.self) { try await f.cache.get("k") }
}

@Test func readsFailWhileTheConnectionIsLostIfThatIsWanted() async throws {
  let f = Fixture(loads: { _ in "loaded" }, configured: { $0.onDisconnect = .fail })
  f.server.set("c:k", "v")
  #expect(try await f.cache.get("k") == "v")
  f.backend.lose()
  await #expect(throws: CacheError.disconnected) { try await f.cache.get("k") }
  f.backend.reopen()
  #expect(try await f.cache.get("k") == "v")
}

@Test func resumedConnectionKeepsTheEntriesButForThoseThatChanged() async throws {
  let f = Fixture()
  for key in ["a", "b"] {
    f.server.set("c:\(key)", "1")
    #expect(try await f.cache.get(key) == "1")
  }
  f.backend.lose()
  f.server.set("c:b", "2")
  // What was missed is told, and only then that this was all.
  f.backend.push("c:b")
  (f.cache as any CacheBackendListener).changed(name: NameHash.of("c:b"), origin: 0)
  f.backend.reopen(nothingMissed: true)
  #expect(f.cache.cached("a") == .some("1"))
  #expect(f.cache.cached("b") == nil)
  #expect(f.cache.statistics.resumesKept == 1)
  #expect(f.cache.statistics.gaps == 0)
}

@Test func flushOfTheServerRemovesEverything() async throws {
  let f = Fixture()
  for key in ["a", "b"] {
    f.server.set("c:\(key)", "1")
    _ = try await f.cache.get(key)
  }
  f.backend.flush()
  #expect(f.cache.cached("a") == nil && f.cache.cached("b") == nil)
}

@Test func withoutTrackingEntriesLiveForTheirTimeOnly() async throws {
  let f = Fixture(tracks: false)
  f.server.set("c:k", "one")
  #expect(try await f.cache.get("k") == "one")
  f.server.set("c:k", "two")
  #expect(try await f.cache.get("k") == "one")
  #expect(f.cache.statistics.isDegraded)
  f.server.clock.advance(milliseconds: 1001)
  #expect(try await f.cache.get("k") == "two")
  try await f.cache.set("k", "three")
  #expect(try await f.cache.get("k") == "three")
}

// MARK: Tags

@Test func oneWriteInvalidatesAllEntriesOfATagEverywhere() async throws {
  let a = Fixture()
  let b = Fixture(on: a.server)
  for key in ["x", "y", "z"] { try await a.cache.set(key, "1", tags: key == "z" ? [] : ["org:7"]) }
  for key in ["x", "y", "z"] { #expect(try await b.cache.get(key) == "1") }
  #expect(b.cache.cached("x") == .some("1"))
  try await a.cache.invalidate(tag: "org:7")
  #expect(b.cache.cached("x") == nil && b.cache.cached("y") == nil)
  #expect(b.cache.cached("z") == .some("1"))
  #expect(try await b.cache.get("x") == nil)
  #expect(try await a.cache.get("y") == nil)
}

@Test func aTagInvalidatedDuringALoadInvalidatesWhatIsLoaded() async throws {
  let gate = Gate()
  let count = Mutex(0)
  let f = Fixture(
    tags: { _ in ["t"] },
    loads: { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == 1 { await gate.pass() }
      return "v\(number)"
    })
  let read = Task { try await f.cache.get("k") }
  try await until("the loader runs") { gate.count == 1 }
  try await f.cache.invalidate(tag: "t")
  gate.open()
  #expect(try await read.value == "v1")
  #expect(try await f.cache.get("k") == "v2")
  #expect(try await f.cache.get("k") == "v2")
}

// MARK: Watching

@Test func eventsTellWhatHappens() async throws {
  let f = Fixture()
  let events = f.cache.events()
  f.server.set("c:k", "v")
  _ = try await f.cache.get("k")
  f.server.set("c:k", "w")
  f.backend.lose()
  f.backend.reopen()
  f.backend.flush()
  f.cache.close()
  var seen: [CacheEvent] = []
  for await event in events { seen.append(event) }
  #expect(
    seen == [
      .miss(key: "k"), .invalidated(.push, entries: 1), .disconnected, .connected(kept: false), .gap, .flushed,
    ])
}
