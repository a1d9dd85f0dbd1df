import Memory
import Structures
import Testing

@testable import Keyspace

private func sorted(_ model: [StreamID: Int]) -> [StreamID] { model.keys.sorted() }

private func expectSame(_ index: borrowing IDIndex<Int>, _ model: [StreamID: Int], _ seed: Int) {
  var ids: [StreamID] = []
  var allValuesMatch = true
  index.forEach { element in
    ids.append(element.id)
    allValuesMatch = allValuesMatch && model[element.id] == element.value
  }
  #expect(ids == sorted(model), "seed \(seed)")
  #expect(allValuesMatch, "seed \(seed)")
  let count = index.count
  #expect(count == model.count, "seed \(seed)")
}

@Test func idIndexBehavesAsASortedDictionary() {
  for seed in 0..<12 {
    var random = SplitMix(state: UInt64(seed))
    var index = IDIndex<Int>()
    var model: [StreamID: Int] = [:]
    var top: UInt64 = 1
    // Some runs grow at the end and shrink at the front, others anywhere.
    let isQueue = seed % 3 == 0
    for step in 0..<6000 {
      let growing = step % 3000 < 1800
      if Int.random(in: 0..<100, using: &random) < (growing ? 70 : 30) {
        let id: StreamID
        if isQueue || Int.random(in: 0..<2, using: &random) == 0 {
          top += UInt64.random(in: 1...3, using: &random)
          id = StreamID(top / 4, top % 4)
        } else {
          id = StreamID(UInt64.random(in: 0...top, using: &random), UInt64.random(in: 0..<3, using: &random))
        }
        let isNew = index.insert(id, step)
        #expect(isNew == (model[id] == nil), "seed \(seed)")
        if model[id] == nil { model[id] = step }
      } else if let id = isQueue ? model.keys.min() : model.keys.randomElement(using: &random) {
        let value = index.remove(id)
        #expect(value == model.removeValue(forKey: id), "seed \(seed)")
      }
      if step % 500 == 0 { expectSame(index, model, seed) }
    }
    for id in sorted(model).shuffled(using: &random) {
      let value = index.remove(id)
      #expect(value == model.removeValue(forKey: id), "seed \(seed)")
    }
    let isEmpty = index.isEmpty && index.first == nil && index.last == nil
    #expect(isEmpty)
  }
}

@Test func idIndexFindsNeighbours() {
  var random = SplitMix(state: 5)
  var index = IDIndex<Int>()
  var ids: Set<StreamID> = []
  for i in 0..<3000 {
    let id = StreamID(UInt64.random(in: 0..<2000, using: &random), UInt64.random(in: 0..<4, using: &random))
    if ids.insert(id).inserted { _ = index.insert(id, i) }
  }
  let order = ids.sorted()
  for _ in 0..<3000 {
    let id = StreamID(UInt64.random(in: 0..<2100, using: &random), UInt64.random(in: 0..<5, using: &random))
    let after = index.position(atOrAfter: id).map { index[$0].pointee.id }
    let before = index.position(atOrBefore: id).map { index[$0].pointee.id }
    #expect(after == order.first { $0 >= id })
    #expect(before == order.last { $0 <= id })
    let isFound = index.position(of: id) != nil
    #expect(isFound == ids.contains(id))
  }
  var walked: [StreamID] = []
  var position = index.lastPosition
  while let current = position {
    walked.append(index[current].pointee.id)
    position = index.previous(current)
  }
  #expect(walked == order.reversed())
}

@Test func idIndexGivesBackItsMemory() {
  var index = IDIndex<Int>()
  for i in 0..<100_000 { index.append(StreamID(UInt64(i), 0), i) }
  let full = index.allocatedBytes
  #expect(full < 100_000 * 27)
  // Every tenth stays: what is left must not hold on to what was there.
  for i in 0..<100_000 where i % 10 != 0 { _ = index.remove(StreamID(UInt64(i), 0)) }
  let thinned = (index.count, index.allocatedBytes)
  #expect(thinned.0 == 10_000 && thinned.1 < full / 2)
  for i in stride(from: 0, to: 100_000, by: 10) { _ = index.remove(StreamID(UInt64(i), 0)) }
  let empty = index.allocatedBytes
  #expect(empty < 1024)
}

// MARK: Ids

@Test func idsAreReadAsRedisReadsThem() {
  func read(_ text: String) -> StreamID? { text.withBytes { StreamID(text: $0) } }
  #expect(read("5-3") == StreamID(5, 3))
  #expect(read("5") == StreamID(5, 0))
  #expect(read("007-01") == StreamID(7, 1))
  #expect(read(" 5") == StreamID(5, 0))
  #expect(read("+5-+6") == StreamID(5, 6))
  #expect(read("18446744073709551615-18446744073709551615") == .maximum)
  #expect(read("5-\0x") == nil)
  #expect(read("5\0-x") == StreamID(5, 0))
  for wrong in [
    "", "-", "+", "5-", "-5", "5-x", "5--1", "18446744073709551616", "5-*", "*", "5 ", "5-3-1", "0x5", " ", "+-",
    String(repeating: "0", count: 128),
  ] { #expect(read(wrong) == nil, "\(wrong)") }
}

@Test func idsHaveNeighboursExceptAtTheEnds() {
  #expect(StreamID.maximum.next == nil)
  #expect(StreamID.zero.previous == nil)
  #expect(StreamID(1, .max).next == StreamID(2, 0))
  #expect(StreamID(2, 0).previous == StreamID(1, .max))
  #expect(StreamID(7, 9).withText { $0.string } == "7-9")
  #expect(
    StreamID.maximum.withText { $0.string } == "18446744073709551615-18446744073709551615")
}
