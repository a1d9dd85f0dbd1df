import Synchronization
import TestSupport
import Testing

@testable import MartletCache

// Reads that say themselves for how long what they bring is kept in memory.

private func keptFor(_ f: Fixture, _ key: String = "k") -> Int {
  for second in 0..<1000 {
    if f.cache.cached(key) == nil { return second }
    f.seconds(1)
  }
  return 1000
}

@Test func aReadMayHaveATimeOfItsOwn() async throws {
  let f = Fixture()
  for (near, seconds) in [(TimeToLive.seconds(5, jitter: 0), 5), (.seconds(200, jitter: 0), 200)] {
    f.server.set("c:k", "v")
    #expect(try await f.cache.get("k", near: near) == "v")
    #expect(keptFor(f) == seconds)
  }
  f.server.set("c:k", "w")
  #expect(try await f.cache.get("k") == "w")
  #expect(keptFor(f) == 60, "others have what is configured")
}

@Test func itsTimeEndsWithTheValuesOwn() async throws {
  let f = Fixture()
  f.server.set("c:k", "v", milliseconds: 7000)
  #expect(try await f.cache.get("k", near: .seconds(500, jitter: 0)) == "v")
  #expect(keptFor(f) == 7)
  // Absence, and what nobody says the changes of, have limits of their own.
  let absent = Fixture()
  #expect(try await absent.cache.get("k", near: .seconds(500, jitter: 0)) == nil)
  #expect(keptFor(absent) == 15)
  let untracked = Fixture(tracks: false)
  untracked.server.set("c:k", "v")
  #expect(try await untracked.cache.get("k", near: .seconds(500, jitter: 0)) == "v")
  #expect(keptFor(untracked) == 1)
}

@Test func itsTimeVariesByItsJitter() async throws {
  for (chance, seconds) in [(0.0, 8), (0.999999, 12)] {
    let f = Fixture(configured: { $0.random = { chance } })
    f.server.set("c:k", "v")
    #expect(try await f.cache.get("k", near: .seconds(10, jitter: 0.2)) == "v")
    #expect(keptFor(f) == seconds)
  }
}

@Test func whatIsNotToBeKeptIsReadAnewAndNotRememberedByTheServer() async throws {
  let f = Fixture()
  f.server.set("c:k", "one")
  #expect(try await f.cache.get("k", near: nil) == "one")
  #expect(f.cache.cached("k") == nil)
  f.server.set("c:k", "two")
  #expect(f.cache.statistics.pushes == 0, "the server remembers no such read")
  #expect(try await f.cache.get("k", near: nil) == "two")
  #expect(f.reads() == 2)
  // What others keep is given to all.
  #expect(try await f.cache.get("k") == "two")
  #expect(try await f.cache.get("k", near: nil) == "two")
  #expect(f.reads() == 3)
  #expect(try await f.cache.get(["k", "l"], near: nil) == ["k": "two"])
}

/// Nobody would tell those who join it that what it brings has changed.
@Test func aReadThatKeepsNothingIsJoinedByNobody() async throws {
  let f = Fixture()
  f.server.set("c:k", "old")
  f.backend.holdReads()
  let passing = Task { try await f.cache.get("k", near: nil) }
  try await until("it is answered") { f.backend.heldReadCount == 1 }
  f.server.set("c:k", "new")
  let later = Task { try await f.cache.get("k") }
  try await until("the other is answered") { f.backend.heldReadCount == 2 }
  f.backend.releaseReads()
  #expect(try await passing.value == "old")
  #expect(try await later.value == "new")
  #expect(f.cache.cached("k") == .some("new"))
}

@Test func whatIsNotToBeKeptIsLoadedOnceNonetheless() async throws {
  let gate = Gate()
  let f = Fixture(loads: { _ in
    await gate.pass()
    return "loaded"
  })
  let reads = (0..<20).map { _ in Task { try await f.cache.get("k", near: nil) } }
  try await until("all wait") { f.cache.statistics.coalesced == 19 && gate.count == 1 }
  gate.open()
  for read in reads { #expect(try await read.value == "loaded") }
  #expect(f.loads.count == 1)
  #expect(try await f.cache.get("k", near: nil) == "loaded")
  #expect(f.loads.count == 1 && f.cache.cached("k") == nil)
}

@Test func aRefreshKeepsTheTimeOfTheReadThatAskedForIt() async throws {
  let f = Fixture(
    loads: { _ in "new" },
    configured: {
      $0.refresh = .init(eagerAfter: 0.5)
      $0.ttl = TimeToLive(.seconds(100), jitter: 0)
    })
  f.server.set("c:k", "old", milliseconds: 51_000)
  let near = TimeToLive.seconds(5, jitter: 0)
  #expect(try await f.cache.get("k", near: near) == "old")
  f.seconds(2)
  #expect(try await f.cache.get("k", near: near) == "old")
  try await until("it is loaded anew") { f.server.text("c:k") == "new" }
  #expect(try await f.cache.get("k", near: near) == "new")
  #expect(keptFor(f) == 5)
}
