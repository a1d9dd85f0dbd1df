import TestSupport
import Testing

@testable import MartletCache

// What the near store is made of, each against a simple model.

@Test func slotIndexFindsWhatASetOfPairsHolds() {
  for seed in 0..<6 {
    var random = SeededRandom(seed: SeededRandom.runSeed() &+ UInt64(seed))
    var index = SlotIndex()
    var model: [Int: UInt64] = [:]
    // Few different hashes in some rounds: long runs, equal hashes.
    let hashes: UInt64 = [8, 64, 1 << 40][seed % 3]
    for _ in 0..<6000 {
      let slot = random.below(400)
      if let hash = model.removeValue(forKey: slot) {
        index.remove(slot, hash: hash)
      } else {
        let hash = random.next() % hashes
        index.insert(slot, hash: hash)
        model[slot] = hash
      }
      let asked = random.next() % hashes
      var place = index.start(asked)
      var found: Set<Int> = []
      while let slot = index.next(asked, &place) { #expect(found.insert(slot).inserted, "seed \(seed)") }
      let half = UInt32(truncatingIfNeeded: asked)
      let expected = model.filter { UInt32(truncatingIfNeeded: $0.value) == half }.keys
      #expect(found == Set(expected), "seed \(seed)")
      #expect(index.count == model.count)
    }
  }
}

@Test func sketchNeverEstimatesTooLowBeforeItAgesAndKeepsWhatItKnowsAsItGrows() {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  var sketch = FrequencySketch(keys: 4096)
  var asked: [UInt64: Int] = [:]
  let keys = (0..<200).map { _ in random.next() }
  for _ in 0..<70 {
    let key = random.one(of: keys)
    sketch.record(key)
    asked[key, default: 0] += 1
  }
  for (key, count) in asked { #expect(sketch.estimate(key) >= min(15, count)) }
  let before = keys.map { sketch.estimate($0) }
  sketch.grow(keys: 40_000)
  #expect(keys.map { sketch.estimate($0) } == before)
}

@Test func sketchForgetsWhatIsNoLongerAsked() {
  var random = SeededRandom(seed: SeededRandom.runSeed())
  var sketch = FrequencySketch(keys: 64)
  let once = random.next()
  for _ in 0..<15 { sketch.record(once) }
  #expect(sketch.estimate(once) >= 12)
  for _ in 0..<64 * 10 * 6 { sketch.record(random.next()) }
  // What is left is the noise of the others.
  #expect(sketch.estimate(once) < 12)
}

@Test func wheelGivesEachSlotOnceNotBeforeItIsDueAndNotLongAfter() {
  for seed in 0..<8 {
    var random = SeededRandom(seed: SeededRandom.runSeed() &+ UInt64(seed))
    var now: Int64 = Int64(random.below(1 << 40))
    var wheel = TimingWheel(now: now)
    var model: [Int: Int64] = [:]
    for _ in 0..<3000 {
      let slot = random.below(200)
      switch random.below(10) {
      case 0..<5:
        let reach: [Int] = [100, 10_000, 1_000_000, 100_000_000, 10_000_000_000]
        let deadline = now + Int64(random.below(random.one(of: reach))) - 50
        wheel.schedule(slot, deadline: deadline)
        model[slot] = deadline
      case 5..<6:
        wheel.cancel(slot)
        model[slot] = nil
      default:
        now += Int64(random.below(random.one(of: [10, 200, 20_000, 3_000_000, 2_000_000_000])))
        var budget = Int.max
        while let due = wheel.next(now: now, budget: &budget) {
          guard let deadline = model.removeValue(forKey: due) else {
            Issue.record("slot \(due) was not scheduled; seed \(seed)")
            return
          }
          #expect(deadline <= now, "seed \(seed)")
        }
        // Nothing stays longer than a tick beyond its time.
        for (slot, deadline) in model {
          #expect(deadline > now - (2 << TimingWheel.tickBits), "slot \(slot) is overdue; seed \(seed)")
        }
      }
    }
  }
}

@Test func wheelLooksAtNoMoreThanItsBudget() {
  var wheel = TimingWheel(now: 0)
  for slot in 0..<1000 { wheel.schedule(slot, deadline: 5000) }
  var seen = 0
  var rounds = 0
  while seen < 1000 {
    var budget = 7
    while wheel.next(now: 10_000, budget: &budget) != nil { seen += 1 }
    rounds += 1
    guard rounds < 1000 else { break }
  }
  #expect(seen == 1000)
  #expect(rounds >= 1000 / 7)
}
