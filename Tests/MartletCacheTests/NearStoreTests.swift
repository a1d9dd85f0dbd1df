import Foundation
import TestSupport
import Testing

@testable import MartletCache

private typealias Store = NearStore<Int, Int>

private func hash(_ key: Int) -> UInt64 {
  // Not Swift's own hash: that differs from run to run.
  var random = SeededRandom(seed: UInt64(key))
  return random.next()
}

extension NearStore where Key == Int, Value == Int {
  fileprivate mutating func put(
    _ key: Int, _ value: Int = 0, bytes: Int = 100, lifetime: Lifetime = Lifetime(), at now: Int64 = 0
  ) {
    insert(key, hash: hash(key), name: UInt64(key), value, bytes: bytes, lifetime: lifetime, now: now)
    _ = takeDiscarded()
  }

  fileprivate mutating func fresh(_ key: Int, _ clock: CacheClock = .system) -> Int? {
    if case .fresh(let value) = find(key, hash: hash(key), clock: clock) { return value }
    return nil
  }
}

@Test func storeStaysWithinItsBytesAndAgreesWithAModel() {
  for seed in 0..<6 {
    var random = SeededRandom(seed: SeededRandom.runSeed() &+ UInt64(seed))
    let manual = ManualClock(now: 0)
    let clock = CacheClock.manual(manual)
    let capacity = [4_000, 60_000, 1_000_000][seed % 3]
    var store = Store(capacity: capacity, now: 0)
    // What a key may be answered with: its last value, if nothing made that old.
    var model: [Int: (value: Int, until: Int64)] = [:]
    for step in 0..<20_000 {
      let key = random.below(300)
      switch random.below(20) {
      case 0..<8:
        let until = random.chance(50) ? Int64.max : manual.now + Int64(random.below(5000))
        let lifetime = Lifetime(eagerAt: until, freshUntil: until, staleUntil: until, keptUntil: until)
        store.put(key, step, bytes: random.below(800), lifetime: lifetime, at: manual.now)
        model[key] = (step, until)
      case 8: _ = store.remove(key, hash: hash(key)); model[key] = nil
      case 9: _ = store.invalidate(name: UInt64(key)); model[key] = nil
      case 10: manual.advance(milliseconds: Int64(random.below(300)))
      case 11 where random.chance(5): store.flush(origin: 0); model = [:]
      case 12: store.reclaim(now: manual.now, budget: 16)
      default:
        if let value = store.fresh(key, clock) {
          let expected = model[key]
          #expect(expected?.value == value && expected!.until > manual.now, "seed \(seed), step \(step)")
        }
      }
      #expect(store.bytes <= capacity, "seed \(seed), step \(step)")
    }
    _ = store.takeDiscarded()
  }
}

@Test func everyEntryThatLeavesIsCountedUnderItsReason() {
  var store = Store(capacity: 20_000, now: 0)
  var inserted = 0
  for key in 0..<500 {
    _ = store.fresh(key)
    store.put(key)
    inserted += 1
  }
  store.put(1, bytes: 30_000)
  _ = store.invalidate(name: 499)
  let left = Store.Removal.allCases.reduce(0) { $0 + store.removals($1) } - store.removals(.tooLarge)
  #expect(left + store.count == inserted)
  #expect(store.removals(.tooLarge) == 1)
  #expect(store.removals(.rejected) + store.removals(.capacity) > 300)
}

@Test func flushHidesEverythingAtOnceAndGivesTheMemoryBackBitByBit() {
  var store = Store(capacity: 10_000_000, now: 0)
  for key in 0..<1000 { store.put(key) }
  store.flush(origin: 0)
  #expect((0..<1000).allSatisfy { store.fresh($0) == nil || $0 < 0 })
  for key in 0..<1000 { store.put(key, 1) }
  store.flush(origin: 0)
  var rounds = 0
  while store.hasSweepLeft {
    let before = store.count
    store.reclaim(now: 0, budget: 50)
    #expect(before - store.count <= 50)
    rounds += 1
  }
  #expect(store.count == 0 && store.bytes == 0)
  #expect(rounds >= 20)
  #expect(store.removals(.flushed) == 2000)
}

@Test func oneOriginsLossLeavesTheOthersEntries() {
  var store = Store(capacity: 100_000, now: 0)
  let other = 1
  store.addOrigin(other)
  store.insert(2, hash: hash(2), name: 2, 0, bytes: 10, lifetime: Lifetime(), origin: other, now: 0)
  #expect(store.fresh(2) == nil, "kept before the origin could say what changes")
  store.resume(origin: other)
  store.put(1)
  store.insert(2, hash: hash(2), name: 2, 0, bytes: 10, lifetime: Lifetime(), origin: other, now: 0)
  store.flush(origin: 0)
  #expect(store.fresh(1) == nil)
  #expect(store.fresh(2) == 0)
}

@Test func suspendedOriginIsServedUntilItsLimitAndTakesNothingNew() {
  let manual = ManualClock(now: 1000)
  let clock = CacheClock.manual(manual)
  var store = Store(capacity: 100_000, now: 1000)
  store.put(1, 7, at: 1000)
  store.suspend(origin: 0, servedUntil: 3000)
  #expect(store.fresh(1, clock) == 7)
  store.put(2, 8, at: 1000)
  #expect(store.fresh(2, clock) == nil)
  manual.advance(milliseconds: 2000)
  #expect(store.fresh(1, clock) == nil)
  // Nothing was missed: the entry is as good as it was.
  store.resume(origin: 0)
  #expect(store.fresh(1, clock) == 7)
}

@Test func entryPassesFromFreshOverRefreshDueAndStaleToKept() {
  let manual = ManualClock(now: 0)
  let clock = CacheClock.manual(manual)
  var store = Store(capacity: 100_000, now: 0)
  store.put(1, 5, lifetime: Lifetime(eagerAt: 10, freshUntil: 20, staleUntil: 30, keptUntil: 40))
  func state() -> String {
    switch store.find(1, hash: hash(1), clock: clock) {
    case .fresh: "fresh"
    case .refreshDue: "due"
    case .stale: "stale"
    case .none: store.fallback(1, hash: hash(1), now: manual.now) == 5 ? "kept" : "gone"
    }
  }
  var seen: [String] = []
  for time in stride(from: 0, through: 45, by: 5) {
    seen.append("\(time):\(state())")
    manual.advance(milliseconds: 5)
  }
  #expect(
    seen == [
      "0:fresh", "5:fresh", "10:due", "15:fresh", "20:stale", "25:stale", "30:kept", "35:kept", "40:gone", "45:gone",
    ])
}

@Test func anEntryGoesWithAnyOfItsTags() {
  var store = Store(capacity: 100_000, now: 0)
  for (key, tags) in [(1, [0]), (2, [0, 3]), (3, [5]), (4, [])] {
    store.insert(
      key, hash: hash(key), name: UInt64(key), key, bytes: 10, lifetime: Lifetime(),
      tags: (tags, store.stamp(of: tags)),
      now: 0)
  }
  // Its version was compared before the tag changed: filled too late to be right.
  let early = store.stamp(of: [3])
  store.invalidate(tag: 3)
  store.insert(6, hash: hash(6), name: 6, 6, bytes: 10, lifetime: Lifetime(), tags: ([3], early), now: 0)
  #expect([1, 2, 3, 4, 6].map { store.fresh($0) } == [1, nil, 3, 4, nil])
  #expect(store.removals(.tag) == 2)
}

@Test func collidingNamesCostAnEntryTooManyNeverOneTooFew() {
  var store = Store(capacity: 100_000, now: 0)
  for key in 1...3 {
    store.insert(key, hash: hash(key), name: 77, key, bytes: 10, lifetime: Lifetime(), now: 0)
  }
  #expect(store.invalidate(name: 77) == 3)
  #expect((1...3).allSatisfy { store.fresh($0) == nil })
}

// MARK: Admission

/// Keys whose popularity falls with their rank, as those of real caches do.
private struct Zipf {
  private var cumulative: [Double] = []

  init(count: Int, exponent: Double) {
    var sum = 0.0
    for rank in 1...count {
      sum += 1 / pow(Double(rank), exponent)
      cumulative.append(sum)
    }
  }

  func draw(_ random: inout SeededRandom) -> Int {
    let point = Double.random(in: 0..<cumulative.last!, using: &random)
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] < point { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The rival: least recently used goes, everybody gets in.
private struct LRU {
  let capacity: Int
  var stamps: [Int: Int] = [:]
  var order: [(key: Int, stamp: Int)] = []
  var first = 0
  var hits = 0

  mutating func ask(_ key: Int, _ step: Int) {
    if stamps[key] != nil { hits += 1 }
    stamps[key] = step
    order.append((key, step))
    while stamps.count > capacity {
      if stamps[order[first].key] == order[first].stamp { stamps[order[first].key] = nil }
      first += 1
    }
  }
}

private func hitRatios(capacity: Int, steps: Int, _ trace: (Int) -> Int) -> (tinyLFU: Double, lru: Double) {
  let weight = 100 + Store.overhead
  var store = Store(capacity: capacity * weight, now: 0)
  var lru = LRU(capacity: capacity)
  for step in 0..<steps {
    let key = trace(step)
    if store.fresh(key) == nil { store.put(key) }
    lru.ask(key, step)
  }
  return (Double(store.hits) / Double(steps), Double(lru.hits) / Double(steps))
}

@Test func admissionBeatsLeastRecentlyUsedOnAZipfTrace() {
  let zipf = Zipf(count: 20_000, exponent: 0.9)
  for (capacity, gain) in [(200, 1.25), (1000, 1.12), (4000, 1.03)] {
    var random = SeededRandom(seed: 4711)
    let ratios = hitRatios(capacity: capacity, steps: 60_000) { _ in zipf.draw(&random) }
    print("zipf 0.9 of 20000 keys, room for \(capacity): TinyLFU \(ratios.tinyLFU), LRU \(ratios.lru)")
    #expect(ratios.tinyLFU > ratios.lru * gain)
  }
}

@Test func aScanDoesNotPushOutWhatIsAskedForAgainAndAgain() {
  let zipf = Zipf(count: 2000, exponent: 1)
  var random = SeededRandom(seed: 4711)
  // Every second question is of a scan over keys that never come again.
  let ratios = hitRatios(capacity: 500, steps: 40_000) { $0 % 2 == 0 ? 1_000_000 + $0 : zipf.draw(&random) }
  print("scan: TinyLFU \(ratios.tinyLFU), LRU \(ratios.lru)")
  #expect(ratios.tinyLFU > ratios.lru * 1.15)
}

@Test func popularityChangesAreFollowed() {
  let zipf = Zipf(count: 2000, exponent: 1)
  var random = SeededRandom(seed: 4711)
  // Three times others are the favourites.
  let ratios = hitRatios(capacity: 300, steps: 60_000) { zipf.draw(&random) + $0 / 20_000 * 5000 }
  print("changing favourites: TinyLFU \(ratios.tinyLFU), LRU \(ratios.lru)")
  #expect(ratios.tinyLFU > ratios.lru)
}

@Test func theWindowGrowsForALoadThatAsksForWhatIsNew() {
  var random = SeededRandom(seed: 4711)
  // Each key is asked for some times while it is among the last hundred, and never again.
  let ratios = hitRatios(capacity: 300, steps: 60_000) { 1000 + $0 / 3 - random.below(100) }
  print("what is new: TinyLFU \(ratios.tinyLFU), LRU \(ratios.lru)")
  #expect(ratios.tinyLFU > ratios.lru * 0.75)
}

@Test func aLargeEntryMustBeAskedForMoreThanAllThoseItWouldPushOut() {
  let unit = 100 + Store.overhead
  var store = Store(capacity: 100 * unit, now: 0)
  for key in 0..<95 {
    for _ in 0..<3 { _ = store.fresh(key) }
    store.put(key)
  }
  // As popular as each of the fifty who would have to go for it.
  for _ in 0..<3 { _ = store.fresh(1000) }
  store.put(1000, bytes: 50 * unit)
  #expect(store.fresh(1000) == nil)
  #expect(store.count > 90)
}
