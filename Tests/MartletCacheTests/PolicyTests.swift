import TestSupport
import Testing

@testable import MartletCache

// Arithmetic and formats.

@Test func jitterStaysWithinItsBoundsAndSpreads() {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  let ttl = TimeToLive.seconds(100, jitter: 0.1)
  let times = (0..<1000).map { _ in ttl.milliseconds(random: Double.random(in: 0..<1, using: &random)) }
  #expect(times.allSatisfy { (90_000...110_000).contains($0) })
  #expect(times.min()! < 91_000 && times.max()! > 109_000)
  #expect(TimeToLive.seconds(-5).milliseconds(random: 0.5) == 1)
  #expect(TimeToLive(.seconds(Int64.max)).milliseconds(random: 1) > 0)
}

private func policy(_ configure: (inout CacheConfiguration) -> Void) -> LifetimePolicy {
  var configuration = CacheConfiguration()
  configuration.ttl = TimeToLive(.seconds(100), jitter: 0)
  configuration.nearTTL = TimeToLive(.seconds(60), jitter: 0)
  configuration.nilTTL = TimeToLive(.seconds(15), jitter: 0)
  configuration.untrackedTTL = TimeToLive(.seconds(1), jitter: 0)
  configure(&configuration)
  return LifetimePolicy(configuration, hasLoader: true)
}

@Test func nearTimeIsTheShortestThatIsKnown() {
  let policy = policy { _ in }
  func fresh(
    _ remaining: Int64?, isNil: Bool = false, isTracked: Bool = true, keeping: Keeping = .configured
  ) -> Int64? {
    policy.near(
      remaining: remaining, isNil: isNil, isTracked: isTracked, keeping: keeping, now: 1000, random: 0.5)?.freshUntil
  }
  #expect(fresh(nil) == 61_000)
  #expect(fresh(5000) == 6000)
  #expect(fresh(nil, isNil: true) == 16_000)
  #expect(fresh(nil, isTracked: false) == 2000)
  #expect(fresh(-5) == 995)
  let long = Keeping.limited(.seconds(90, jitter: 0))
  #expect(fresh(nil, keeping: long) == 91_000)
  #expect(fresh(5000, keeping: long) == 6000)
  #expect(fresh(nil, isNil: true, keeping: long) == 16_000)
  #expect(fresh(nil, isTracked: false, keeping: long) == 2000)
  #expect(fresh(nil, keeping: .limited(.seconds(3, jitter: 0))) == 4000)
  #expect(fresh(nil, keeping: .never) == nil)
}

@Test func windowsAfterTheEndFollowEachOther() {
  let policy = policy {
    $0.nearTTL = nil
    $0.refresh = .init(eagerAfter: 0.9, staleWhileRevalidate: .seconds(20), failSafe: .seconds(50))
  }
  let lifetime = policy.near(remaining: 100_000, isNil: false, isTracked: true, now: 0, random: 0.5)
  #expect(
    lifetime == Lifetime(eagerAt: 90_000, freshUntil: 100_000, staleUntil: 120_000, keptUntil: 150_000))
  #expect(policy.serverTimes(isNil: false, random: 0.5)! == (100_000, 150_000))
  #expect(policy.isRefreshDue(remaining: 10_001) == false)
  #expect(policy.isRefreshDue(remaining: 9_000))
  #expect(policy.isRefreshDue(remaining: nil) == false)
}

@Test func timesThatNobodyCanAddUpDoNotTrap() {
  let policy = policy {
    $0.ttl = TimeToLive(.seconds(Int64.max), jitter: 1)
    $0.nearTTL = nil
    $0.refresh = .init(staleWhileRevalidate: .seconds(Int64.max), failSafe: .seconds(Int64.min))
  }
  for remaining in [Int64.max, Int64.min, 0, nil] {
    _ = policy.near(remaining: remaining, isNil: false, isTracked: true, now: .max - 5, random: 1)
    _ = policy.isRefreshDue(remaining: remaining)
  }
  _ = policy.serverTimes(isNil: false, random: 1)
}

@Test func plainValuesLieOnTheServerAsTheyAre() {
  #expect(Envelope(payload: Array("{}".utf8)).encoded == Array("{}".utf8))
  // Unless they look like an envelope.
  let mark: [UInt8] = [0, 0x4d, 0x43, 0x31, 9]
  #expect(Envelope(Envelope(payload: mark).encoded) == Envelope(payload: mark))
}

@Test func envelopesComeBackAsTheyWere() {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  for _ in 0..<500 {
    let payload = random.chance(20) ? nil : (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
    let tags = (0..<random.below(4)).map {
      Envelope.Tag(name: "tag \($0) ü", version: Int64(bitPattern: random.next()))
    }
    let envelope = Envelope(payload: payload, freshUntil: Int64(random.below(1 << 60)), tags: tags)
    #expect(Envelope(envelope.encoded) == envelope)
  }
}

@Test func brokenEnvelopesAreRefused() {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  let whole = Envelope(payload: [1], freshUntil: 7, tags: [.init(name: "abc", version: 3)]).encoded
  for length in 4..<whole.count - 1 { #expect(Envelope(Array(whole[..<length])) == nil) }
  for _ in 0..<2000 {
    var bytes = whole
    for _ in 0..<1 + random.below(4) { bytes[4 + random.below(bytes.count - 4)] = UInt8(random.below(256)) }
    _ = Envelope(bytes)
  }
}

@Test func tagVersionIsNotNotedIfTheTagChangedWhileItWasRead() {
  let versions = TagVersions(prefix: "c:tag:")
  let number = versions.number("t")
  let before = versions.changes(number)
  #expect(versions.invalidate(name: NameHash.of("c:tag:t")) == number)
  versions.note(number, version: 1, changes: before)
  #expect(versions.known(number) == nil)
  versions.note(number, version: 2, changes: versions.changes(number))
  #expect(versions.known(number) == 2)
  versions.invalidateAll()
  #expect(versions.known(number) == nil)
  #expect(versions.invalidate(name: NameHash.of("c:tag:other")) == nil)
}

@Test func aBroadcastAlwaysCoversTheCachesOwnKeys() {
  #expect(ClientBackend.covering("c:", []) == ["c:"])
  #expect(ClientBackend.covering("c:", ["c"]) == ["c"])
  #expect(ClientBackend.covering("c:", ["d:"]) == ["d:", "c:"])
  #expect(ClientBackend.covering("c:", ["c:x", "d:"]) == ["d:", "c:"])
}
