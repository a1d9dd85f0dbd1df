import Memory
import Structures
import Testing

private func limits(_ size: Int = 4096, sparse: Int = 10, dense: Int = 5) -> ArrayLimits {
  var limits = ArrayLimits()
  limits.sliceSize = size
  limits.maximumSparse = sparse
  limits.minimumDense = dense
  return limits
}

private func contents(
  _ array: borrowing SparseArray, _ start: UInt64 = 0, _ end: UInt64 = .max, limit: Int = .max
) -> [(index: UInt64, value: String)] {
  var found: [(index: UInt64, value: String)] = []
  array.forEach(from: start, to: end) { index, element in
    found.append((index, element.withBytes(\.string)))
    return found.count < limit
  }
  return found
}

@discardableResult
private func set(_ array: inout SparseArray, _ index: UInt64, _ value: String, _ limits: ArrayLimits) -> Bool {
  value.withBytes { array.set(index, $0, limits) }
}

/// Values of every kind that a cell has.
private func value(_ random: inout SplitMix) -> String {
  let number = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<64, using: &random)
  switch Int.random(in: 0..<6, using: &random) {
  case 0: return "\(number)"
  case 1: return "\(number % 100_000).\(UInt64.random(in: 0..<100_000_000, using: &random))"
  case 2: return String("abcdefgh".prefix(Int.random(in: 0...7, using: &random)))
  case 3: return String(repeating: "y", count: Int.random(in: 8..<300, using: &random))
  case 4: return String(repeating: "z", count: Int.random(in: 1000..<1100, using: &random))
  default:
    return ["-0", "007", "1e5", "-0.0", "0.00000000", "+1.5000000", "-.50000000", "1.5.500000", "inf"].randomElement(
      using: &random)!
  }
}

@Test func sparseArrayBehavesAsADictionary() {
  for seed in 0..<18 {
    var random = SplitMix(state: UInt64(seed))
    let limits = [
      limits(), limits(256, sparse: 6, dense: 3), limits(256, sparse: 0, dense: 0), limits(1024, sparse: 40, dense: 39),
      limits(65536, sparse: 3, dense: 2), limits(256, sparse: 300, dense: 100),
    ][seed % 6]
    let size = UInt64(limits.sliceSize)
    var array = SparseArray(limits)
    var model: [UInt64: String] = [:]
    func index() -> UInt64 {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<40: UInt64.random(in: 0..<2 * size, using: &random)
      case 40..<60: 5 * size - 8 + UInt64.random(in: 0..<16, using: &random)
      case 60..<75: 1 << 40 + UInt64.random(in: 0..<size, using: &random)
      case 75..<95: UInt64.random(in: 0..<300, using: &random) * size
      default: SparseArray.maximumIndex - UInt64.random(in: 0..<4, using: &random)
      }
    }
    for step in 0..<4000 {
      let isGrowing = step % 2000 < 1200
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<(isGrowing ? 75 : 30):
        let at = index()
        let text = value(&random)
        #expect(set(&array, at, text, limits) == (model[at] == nil))
        model[at] = text
      case 0..<90:
        let at = model.keys.randomElement(using: &random) ?? 0
        let removed = array.remove(at, limits)
        #expect(removed == (model.removeValue(forKey: at) != nil))
        let missing = array.remove(at, limits)
        #expect(!missing)
      default:
        let low = index()
        let high = max(low, Int.random(in: 0..<3, using: &random) == 0 ? index() : low &+ size / 4)
        let before = model.count
        model = model.filter { $0.key < low || $0.key > high }
        let removed = array.removeRange(low, high, limits)
        #expect(removed == before - model.count, "seed \(seed), step \(step)")
      }
      if step % 97 == 0 { expectSame(array, model, "seed \(seed), step \(step)", &random) }
    }
    expectSame(array, model, "seed \(seed)", &random)
    let copy = SparseArray(copying: array)
    _ = array.removeRange(0, .max, limits)
    expectSame(copy, model, "seed \(seed), copy", &random)
    expectSame(array, [:], "seed \(seed), emptied", &random)
  }
}

private func expectSame(
  _ array: borrowing SparseArray, _ model: [UInt64: String], _ context: String, _ random: inout SplitMix
) {
  let sorted = model.sorted { $0.key < $1.key }
  let isSound = array.isSound
  #expect(isSound, "\(context)")
  let (count, length) = (array.count, array.length)
  #expect(count == model.count, "\(context)")
  #expect(length == sorted.last.map { $0.key + 1 } ?? 0, "\(context)")
  let forwards = contents(array)
  #expect(forwards.map(\.index) == sorted.map(\.key) && forwards.map(\.value) == sorted.map(\.value), "\(context)")
  let backwards = contents(array, .max, 0)
  #expect(backwards.map(\.index) == sorted.reversed().map(\.key), "\(context)")
  guard let some = sorted.randomElement(using: &random) else { return }
  let element = array[some.key]?.withBytes(\.string)
  #expect(element == some.value, "\(context)")
  let end = some.key + min(5000, .max - some.key)
  let part = contents(array, some.key, end, limit: 3)
  let expected = sorted.filter { $0.key >= some.key && $0.key <= end }.prefix(3)
  #expect(part.map(\.index) == expected.map(\.key), "\(context)")
}

@Test func denseWindowsGrowToBothSidesAndStayWithinTheirSlice() {
  for order in [
    Array(2048..<4096), Array((0..<2048).reversed()), (0..<2000).map { 2048 + ($0 % 2 == 0 ? $0 / 2 : -($0 / 2) - 1) },
  ] {
    let limits = limits()
    var array = SparseArray(limits)
    for (i, at) in order.enumerated() {
      set(&array, UInt64(at), "\(at)", limits)
      if i % 50 == 0 {
        let isSound = array.isSound
        #expect(isSound, "\(i) of \(order.count)")
      }
    }
    let statistics = array.sliceStatistics
    #expect(statistics.dense == 1 && statistics.sparse == 0)
    // A power of two, and no more than twice what is needed.
    #expect(statistics.denseCapacity <= 4096 && statistics.denseCapacity.nonzeroBitCount == 1)
    let isWhole = contents(array).map(\.index) == order.sorted().map(UInt64.init)
    #expect(isWhole)
  }
}

@Test func slicesChangeTheirFormAtTheirLimits() {
  let limits = limits()
  var array = SparseArray(limits)
  for i in 0..<10 { set(&array, UInt64(i * 100), "v\(i)", limits) }
  #expect(array.sliceStatistics.sparse == 1 && array.sliceStatistics.dense == 0)
  set(&array, 1000, "v10", limits)
  #expect(array.sliceStatistics.sparse == 0 && array.sliceStatistics.dense == 1)
  var removed = array.removeRange(500, 1000, limits)
  #expect(removed == 6 && array.sliceStatistics.dense == 1)
  removed = array.remove(0, limits) ? 1 : 0
  #expect(removed == 1 && array.sliceStatistics.sparse == 1 && array.sliceStatistics.dense == 0)
  #expect(contents(array).map(\.value) == ["v1", "v2", "v3", "v4"])
}

@Test func distanceCostsNothing() {
  let limits = limits()
  var array = SparseArray(limits)
  for at in [0, 1 << 62, SparseArray.maximumIndex] as [UInt64] { set(&array, at, "x", limits) }
  #expect(array.length == .max && array.sliceCount == 3)
  #expect(contents(array, SparseArray.maximumIndex, 0).map(\.index) == [SparseArray.maximumIndex, 1 << 62, 0])
  #expect(array.allocatedBytes(samples: 0) < 512)
  let removed = array.removeRange(1, .max, limits)
  #expect(removed == 2 && array.length == 1)
}

/// Many slices, so that the directory is split, and removed from the front, the back and the middle.
@Test func manySlicesAreFoundAndRemoved() {
  let limits = limits(256)
  var array = SparseArray(limits)
  var order = Array(0..<6000)
  var random = SplitMix(state: 3)
  order.shuffle(using: &random)
  for i in order { set(&array, UInt64(i) * 256 + 7, "\(i)", limits) }
  var left = Set(order)
  for range in [0..<500, 5500..<6000, 2000..<2001, 2001..<2065, 1000..<4000, 4000..<4063] {
    let removed = array.removeRange(UInt64(range.lowerBound) * 256, UInt64(range.upperBound) * 256 - 1, limits)
    #expect(removed == left.intersection(range).count)
    left.subtract(range)
    let isSound = array.isSound
    #expect(isSound && array.sliceCount == left.count, "\(range)")
  }
  for i in left.shuffled(using: &random) {
    let removed = array.remove(UInt64(i) * 256 + 7, limits)
    #expect(removed)
  }
  #expect(array.count == 0 && array.allocatedBytes(samples: 0) == 0)
}

@Test func denseArrayOfSmallValuesTakesEightBytesEach() {
  let limits = limits()
  var array = SparseArray(limits)
  let values = ["12", "-123456789012", "short", "3.141592653589793", "-2.718281828459045", "1234.5678"]
  for i in 0..<100_000 { set(&array, UInt64(i), values[i % values.count], limits) }
  #expect(array.ownerCount == 0)
  #expect(array.allocatedBytes(samples: 0) < 840_000)
}

@Test func everyTextComesBackAsItWas() {
  let limits = limits()
  var array = SparseArray(limits)
  let texts = [
    "", "0", "-0", "-1", "2305843009213693951", "-2305843009213693952", "2305843009213693952", "9223372036854775807",
    "-9223372036854775808", "18446744073709551615", "abcdefg", "abcdefgh", "\0\0\0\0\0\0\0", "0.0000001", "-0.0000000",
    "1.000000", "10.500000", "001.25000", "3.141592653589793", "0.123456789012345", "0.1234567890123456",
    "144115188075855.87", "144115188075855.871", "14411518807585587.1", "144115188075855871.0", "1.0e-10000",
    "-.5000000",
    "5.", "12345678.", "99999999999999999.9", "9999999999999999999.9", String(repeating: "x", count: 254),
    String(repeating: "x", count: 255), String(repeating: "x", count: 1024), String(repeating: "x", count: 1025),
  ]
  for (i, text) in texts.enumerated() { set(&array, UInt64(i), text, limits) }
  #expect(contents(array).map(\.value) == texts)
}
