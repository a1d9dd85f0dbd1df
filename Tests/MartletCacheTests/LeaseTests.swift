@testable import MartletClient
import TestSupport
import Testing

@testable import MartletCache

// One load for all processes, in every order in which they come.

@Test func oneProcessLoadsAndTheOthersWakeWithItsValue() async throws {
  let gate = Gate()
  let a = Fixture(loads: { _ in
    await gate.pass()
    return "loaded"
  })
  let b = Fixture(on: a.server, loads: { _ in "must not be loaded" })
  let first = Task { try await a.cache.get("k") }
  try await until("the loader runs") { gate.count == 1 }
  let second = Task { try await b.cache.get("k") }
  try await until("the other waits") { b.cache.statistics.leasesWaitedFor == 1 }
  gate.open()
  // The clock stands still: only the push can wake it.
  #expect(try await second.value == "loaded")
  #expect(try await first.value == "loaded")
  #expect(b.loads.count == 0)
}

@Test func aLeaseThatBringsNothingIsTakenOver() async throws {
  let f = Fixture(loads: { _ in "loaded" })
  f.server.set(Cache<String, String>.leaseName("c:k"), "somebody who died", milliseconds: 5000)
  let read = Task { try await f.cache.get("k") }
  let pump = Task {
    while !Task.isCancelled {
      f.server.clock.advance(milliseconds: 100)
      try await Task.sleep(for: .milliseconds(1))
    }
  }
  #expect(try await read.value == "loaded")
  pump.cancel()
}

@Test func leaseLiesInTheSlotOfItsKey() {
  #expect(Cache<Int, Int>.leaseName("user:1") == "{user:1}:lease")
  #expect(Cache<Int, Int>.leaseName("user:{7}:x") == "user:{7}:x:lease")
  for name in ["user:1", "user:{7}:x"] {
    #expect(KeySlot.of(.string(Cache<Int, Int>.leaseName(name))) == KeySlot.of(.string(name)))
  }
}

/// Whoever looked just before a value came, and got the lease just after, must not load it again.
@Test func whatCameBetweenALookAndTheLeaseIsNotLoadedAgain() async throws {
  let a = Fixture(loads: { _ in "from a" })
  let b = Fixture(on: a.server, loads: { _ in "from b" })
  let lease = Cache<String, String>.leaseName("c:k")
  // b has looked and found nothing, but does not know it yet.
  b.backend.holdReads()
  let late = Task { try await b.cache.get("k") }
  try await until("b has looked") { b.backend.heldReadCount == 1 }
  // Meanwhile a does all there is to do.
  #expect(try await a.cache.get("k") == "from a")
  #expect(a.server.text("c:k") == "from a" && !a.server.has(lease))
  b.backend.releaseReads()
  #expect(try await late.value == "from a")
  #expect(b.loads.count == 0 && a.loads.count == 1)
  #expect(b.cache.statistics.leasesWon == 1, "it had the lease, and had no use for it")
  #expect(!a.server.has(lease), "nobody has to wait for it")
  #expect(a.server.text("c:k") == "from a")
}

/// The same, of a value whose time is over by then: it has to be loaded.
@Test func whatCameBetweenALookAndTheLeaseAndIsOldAlreadyIsLoaded() async throws {
  let a = Fixture()
  let b = Fixture(on: a.server, loads: { _ in "from b" })
  b.backend.holdReads()
  let late = Task { try await b.cache.get("k") }
  try await until("b has looked") { b.backend.heldReadCount == 1 }
  a.server.set("c:k", Envelope(payload: Array("old".utf8), freshUntil: a.server.clock.now - 1).encoded)
  b.backend.releaseReads()
  #expect(try await late.value == "from b")
  #expect(b.loads.count == 1)
}

/// The same, of a value that is removed again before it is read.
@Test func whatCameAndWentBetweenALookAndTheLeaseIsLoaded() async throws {
  let a = Fixture(loads: { _ in "from a" })
  let b = Fixture(on: a.server, loads: { _ in "from b" })
  b.backend.holdReads()
  let late = Task { try await b.cache.get("k") }
  try await until("b has looked") { b.backend.heldReadCount == 1 }
  #expect(try await a.cache.get("k") == "from a")
  try await a.cache.remove("k")
  b.backend.releaseReads()
  #expect(try await late.value == "from b")
  #expect(a.server.text("c:k") == "from b")
}

/// A lease that somebody has is waited for by the clock if no push comes; then its value is found by another look.
@Test func aValueThatNoPushAnnouncesIsFoundWhenTheWaitIsOver() async throws {
  let b = Fixture(loads: { _ in "from b" })
  let lease = Cache<String, String>.leaseName("c:k")
  b.server.set(lease, "somebody", milliseconds: 5000)
  let waiting = Task { try await b.cache.get("k") }
  try await until("b waits") { b.cache.statistics.leasesWaitedFor == 1 && b.server.clock.sleeperCount > 1 }
  b.backend.holdPushes()
  b.server.set("c:k", "from somebody")
  b.server.set(lease, nil)
  // A quarter of the lease's time.
  b.server.clock.advance(milliseconds: 1249)
  #expect(b.reads() == 1)
  b.server.clock.advance(milliseconds: 1)
  #expect(try await waiting.value == "from somebody")
  #expect(b.loads.count == 0)
}
