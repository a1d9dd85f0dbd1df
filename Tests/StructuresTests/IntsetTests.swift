import Memory
import Structures
import Testing

/// Values around every width of an element.
private func value(_ random: inout SplitMix, upTo bits: Int) -> Int64 {
  let shift = Int64.random(in: 0..<Int64(bits), using: &random)
  let magnitude = Int64.random(in: 0...Int64.max, using: &random) >> (63 - shift)
  return Bool.random(using: &random) ? magnitude : ~magnitude
}

private func contents(_ set: Intset) -> [Int64] { (0..<set.count).map { set[$0] } }

@Test func intsetBehavesAsASortedSet() {
  for seed in 0..<30 {
    var random = SplitMix(state: UInt64(seed))
    var set = Intset.create()
    defer { set.free() }
    var model: Set<Int64> = []
    for step in 0..<1500 {
      // Widths come in one after the other, so that each is widened to while the set is full of the one before.
      let number = value(&random, upTo: step < 500 ? 8 : step < 1000 ? 24 : 64)
      if Int.random(in: 0..<3, using: &random) == 0 {
        let removed = set.remove(number)
        #expect(removed == (model.remove(number) != nil), "seed \(seed) step \(step)")
      } else {
        let isNew = set.insert(number)
        #expect(isNew == model.insert(number).inserted, "seed \(seed) step \(step)")
      }
      #expect(set.contains(number) == model.contains(number), "seed \(seed) step \(step)")
      #expect(set.count == model.count, "seed \(seed) step \(step)")
    }
    #expect(contents(set) == model.sorted(), "seed \(seed)")
    #expect(Intset.isValid(set.bytes), "seed \(seed)")
    let copy = Intset.copy(set.bytes)
    defer { copy.free() }
    #expect(contents(copy) == contents(set), "seed \(seed)")
    set.removeAll { $0 % 3 == 0 }
    #expect(contents(set) == model.sorted().filter { $0 % 3 != 0 }, "seed \(seed)")
    while !set.isEmpty { set.remove(at: set.count / 2) }
    _ = set.insert(7)
    #expect(contents(set) == [7], "seed \(seed)")
  }
}

@Test func intsetTakesEveryLimitOfItsWidths() {
  let limits: [Int64] = [
    0, Int64(Int16.max), Int64(Int16.min), Int64(Int16.max) + 1, Int64(Int16.min) - 1, Int64(Int32.max),
    Int64(Int32.min), Int64(Int32.max) + 1, Int64(Int32.min) - 1, .max, .min,
  ]
  var set = Intset.create()
  defer { set.free() }
  for (i, limit) in limits.enumerated() {
    #expect(!set.contains(limit))
    let isNew = [set.insert(limit), set.insert(limit)]
    #expect(isNew == [true, false])
    #expect(contents(set) == limits[...i].sorted())
  }
}

@Test func intsetHasTheBytesOfRedis() {
  var set = Intset.create()
  defer { set.free() }
  for number in [5, -2, 300] as [Int64] { _ = set.insert(number) }
  #expect(set.bytes.array == [2, 0, 0, 0, 3, 0, 0, 0, 0xfe, 0xff, 5, 0, 0x2c, 1])
  _ = set.insert(65536)
  #expect(
    set.bytes.array
      == [4, 0, 0, 0, 4, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 5, 0, 0, 0, 0x2c, 1, 0, 0, 0, 0, 1, 0])
  _ = set.remove(65536)
  // The width stays.
  #expect(set.byteCount == 8 + 3 * 4)
}

@Test func corruptIntsetsAreRefused() {
  func isValid(_ bytes: [UInt8], deep: Bool = true) -> Bool { bytes.withBytes { Intset.isValid($0, deep: deep) } }
  let sound: [UInt8] = [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0]
  #expect(isValid(sound))
  for end in 0..<sound.count { #expect(!isValid(Array(sound[..<end])), "cut at \(end)") }
  #expect(!isValid(sound + [0]))
  #expect(!isValid([3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0]))
  #expect(!isValid([4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0]))
  #expect(!isValid([2, 0, 0, 0, 255, 255, 255, 255, 1, 0, 2, 0]))
  #expect(!isValid([0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0]))
  #expect(!isValid([2, 0, 0, 0, 0, 0, 0, 0]))
  // Twice the same, and falling: only a deep look sees them.
  #expect(!isValid([2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0]))
  #expect(!isValid([2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0]))
  #expect(isValid([2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0], deep: false))
}
