import Memory
import Structures
import Testing

/// Members, which an index does not own.
private final class Members {
  private var entries: [Entry] = []

  deinit { for entry in entries { entry.free() } }

  func make(_ name: String) -> Entry {
    let entry = name.withBytes { Entry.allocate(key: $0, payloadCount: 8, hasDeadline: false) }
    entries.append(entry)
    return entry
  }
}

private func isOrdered(_ a: OrderedIndex.Item, _ b: OrderedIndex.Item) -> Bool { a.isBefore(b.score, b.member.key) }

private func contents(_ index: borrowing OrderedIndex) -> [String] {
  var found: [String] = []
  guard !index.isEmpty else { return [] }
  var cursor = index.cursor(at: 0)
  for i in 0..<index.count {
    found.append("\(cursor.item.score) \(cursor.item.member.key.string)")
    if i + 1 < index.count { cursor.advance() }
  }
  return found
}

/// Out of the macro, which would copy the index.
private func expectSound(_ index: borrowing OrderedIndex, _ place: Comment = "") {
  let isSound = index.isSound
  #expect(isSound, place)
}

@Test func indexBehavesAsASortedArray() {
  for seed in 0..<12 {
    var random = SplitMix(state: UInt64(seed))
    let members = Members()
    var index = OrderedIndex()
    var model: [OrderedIndex.Item] = []
    let size = [5, 60, 200, 3000][seed % 4]
    // Few scores, so that names decide; or many.
    let scores = seed % 3 == 0 ? 3 : 100_000
    for step in 0..<20_000 {
      let grows = model.count < size / 2 || (model.count < size && Int.random(in: 0..<2, using: &random) == 0)
      if grows {
        let score = Double(Int.random(in: 0..<scores, using: &random))
        let item = OrderedIndex.Item(score: score, member: members.make("m\(step)"))
        index.insert(item)
        model.insert(item, at: model.firstIndex { isOrdered(item, $0) } ?? model.count)
      } else if step % 3 == 0 {
        let i = Int.random(in: 0..<model.count, using: &random)
        let old = model.remove(at: i)
        let change = Double(Int.random(in: -3...3, using: &random))
        let fresh = OrderedIndex.Item(score: old.score + change, member: old.member)
        index.update(old, to: fresh.score)
        model.insert(fresh, at: model.firstIndex { isOrdered(fresh, $0) } ?? model.count)
      } else {
        index.remove(model.remove(at: Int.random(in: 0..<model.count, using: &random)))
      }
      if step % 997 == 0 { expectSound(index, "seed \(seed) step \(step)") }
      guard !model.isEmpty else { continue }
      let i = Int.random(in: 0..<model.count, using: &random)
      let found = index.cursor(at: i).item.member.address
      #expect(found == model[i].member.address, "seed \(seed) step \(step)")
      let rank = index.rank { isOrdered($0, model[i]) }
      #expect(rank == i, "seed \(seed) step \(step)")
    }
    expectSound(index, "seed \(seed)")
    #expect(contents(index) == model.map { "\($0.score) \($0.member.key.string)" }, "seed \(seed)")
  }
}

@Test func indexGrowsAndShrinksFromEitherEnd() {
  for isAscending in [true, false] {
    for removesFirst in [true, false] {
      let members = Members()
      var index = OrderedIndex()
      let count = 30_000
      for i in 0..<count {
        let score = Double(isAscending ? i : -i)
        index.insert(OrderedIndex.Item(score: score, member: members.make("m")))
      }
      expectSound(index)
      // Filled from an end, nodes are left full.
      let fullBytes = index.allocatedBytes
      #expect(fullBytes < count * 18)
      while index.count > 0 {
        index.remove(index.cursor(at: removesFirst ? 0 : index.count - 1).item)
        if index.count % 1009 == 0 { expectSound(index, "\(isAscending) \(removesFirst) \(index.count)") }
      }
      expectSound(index)
      let emptyBytes = index.allocatedBytes
      #expect(emptyBytes <= 1024)
    }
  }
}

@Test func cursorsWalkBothWaysOverLeaves() {
  let members = Members()
  var index = OrderedIndex()
  for i in 0..<500 { index.insert(OrderedIndex.Item(score: Double(i), member: members.make("m"))) }
  var cursor = index.cursor(at: 250)
  for i in 250..<499 {
    #expect(cursor.item.score == Double(i))
    cursor.advance()
  }
  for i in (1..<500).reversed() {
    #expect(cursor.item.score == Double(i))
    cursor.retreat()
  }
  #expect(cursor.item.score == 0)
}
