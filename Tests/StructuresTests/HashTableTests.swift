import Memory
import Testing

@testable import Structures

private let key = SipKey(k0: 1, k1: 2)

private func withKey<R>(_ number: Int, _ body: (Bytes, UInt64) -> R) -> R {
  "key:\(number)".withBytes { body($0, sipHash13($0, key: key)) }
}

private func insert(_ number: Int, into table: inout HashTable) {
  withKey(number) { bytes, hash in
    let entry = Entry.allocate(key: bytes, payloadCount: 8, hasDeadline: false)
    entry.integer = Int64(number)
    table.insert(entry, hash: hash, key: key)
  }
}

private func remove(_ number: Int, from table: inout HashTable) -> Int64? {
  withKey(number) { bytes, hash in
    guard let entry = table.remove(bytes, hash: hash, sipKey: key) else { return nil }
    defer { entry.free() }
    return entry.integer
  }
}

private func value(_ number: Int, in table: borrowing HashTable) -> Int64? {
  withKey(number) { bytes, hash in table.find(bytes, hash: hash).map { Entry(address: $0.pointee).integer } }
}

private func isMarked(_ number: Int, in table: borrowing HashTable) -> Bool {
  withKey(number) { bytes, hash in table.isMarked(bytes, hash: hash) }
}

@Test func tableBehavesAsADictionaryThroughGrowthAndShrinking() {
  let seed = UInt64.random(in: 0 ... .max)
  var random = SplitMix(state: seed)
  var table = HashTable()
  var model: Set<Int> = []
  for phase in 0..<6 {
    // Phases in turn favour insertion and removal, so that segments come and go.
    let insertChance = phase % 2 == 0 ? 9 : 2
    for _ in 0..<40_000 {
      let number = Int.random(in: 0..<30_000, using: &random)
      if Int.random(in: 0..<10, using: &random) < insertChance {
        if model.insert(number).inserted { insert(number, into: &table) }
      } else {
        let removed = remove(number, from: &table)
        #expect((removed != nil) == (model.remove(number) != nil), "seed \(seed)")
      }
      if table.count != model.count { break }
    }
    #expect(table.count == model.count, "seed \(seed)")
    for number in 0..<30_000 where (value(number, in: table) == Int64(number)) != model.contains(number) {
      Issue.record("key \(number) differs, seed \(seed)")
    }
  }
  table.drain { $0.free() }
}

@Test func reservedTableIsATableLikeAnyOther() {
  for expected in [0, 1, 9, 10, 5000, 20_000] {
    var table = HashTable()
    table.reserve(expected)
    let buckets = table.bucketCount
    for number in 0..<expected { insert(number, into: &table) }
    #expect(table.bucketCount == buckets, "buckets were split though they had been reserved")
    for number in min(expected, 10_000)..<10_000 { insert(number, into: &table) }
    let size = max(expected, 10_000)
    // What holds entries is not touched.
    table.reserve(100_000)
    #expect(table.count == size)
    for number in 0..<size where value(number, in: table) != Int64(number) { Issue.record("key \(number) is gone") }
    for number in 0..<size where remove(number, from: &table) != Int64(number) { Issue.record("key \(number) stays") }
    #expect(table.count == 0)
  }
}

@Test func whatIsNotMarkedIsVisitedOnceWhateverComesAndGoes() {
  for round in 0..<20 {
    var random = SplitMix(state: UInt64(round))
    var table = HashTable()
    var present: Set<Int> = []
    for number in 0..<Int.random(in: 0..<6000, using: &random) {
      insert(number, into: &table)
      present.insert(number)
    }
    // Several times, because a mark looks different each time.
    for _ in 0..<3 {
      let wanted = present
      var seen: Set<Int> = []
      func see(_ entry: Entry) { #expect(seen.insert(Int(entry.integer)).inserted, "round \(round)") }
      table.unmarkAll()
      table.keepsUnmarkedInOrder = true
      var cursor = 0
      while cursor < table.bucketCount {
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
          let number = Int.random(in: 0..<9000, using: &random)
          if present.insert(number).inserted {
            insert(number, into: &table)
          } else {
            withKey(number) { key, hash in
              table.visitUnmarked(of: hash, see)
            }
            if !isMarked(number, in: table) { Issue.record("key \(number) was not marked, round \(round)") }
            #expect(seen.contains(number) == wanted.contains(number))
            if Bool.random(using: &random) {
              #expect(remove(number, from: &table) == Int64(number))
              present.remove(number)
            }
          }
        }
        table.prefetchUnmarked(after: cursor)
        table.visitUnmarked(inBucket: cursor, see)
        cursor += 1
      }
      table.keepsUnmarkedInOrder = false
      // Not compared as a whole: thousands of keys would be shown.
      let missed = wanted.symmetricDifference(seen).count
      #expect(missed == 0, "round \(round)")
      for number in present where !isMarked(number, in: table) { Issue.record("key \(number), round \(round)") }
      // Buckets are merged, and what was marked stays so.
      for number in Array(present.prefix(present.count * 3 / 4)) {
        _ = remove(number, from: &table)
        present.remove(number)
      }
      for number in present where !isMarked(number, in: table) { Issue.record("key \(number), round \(round)") }
    }
    table.drain { $0.free() }
  }
}

@Test func scanReturnsWhatIsThereFromStartToEndWhileTheTableChanges() {
  for round in 0..<20 {
    var random = SplitMix(state: UInt64(round))
    var table = HashTable()
    let stable = Array(0..<500)
    for number in stable { insert(number, into: &table) }
    var extras: [Int] = []
    var seen: Set<Int64> = []
    var cursor: UInt64 = 0
    var next = 10_000
    repeat {
      cursor = table.scan(cursor) { seen.insert($0.integer) }
      if round % 2 == 0 || extras.isEmpty {
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
          insert(next, into: &table)
          extras.append(next)
          next += 1
        }
      } else {
        for _ in 0..<min(extras.count, 30) { _ = remove(extras.removeLast(), from: &table) }
      }
    } while cursor != 0 && next < 200_000
    #expect(stable.allSatisfy { seen.contains(Int64($0)) }, "round \(round)")
    table.drain { $0.free() }
  }
}

@Test func randomEntryIsFair() {
  var table = HashTable()
  // 2^n + 2^(n-1) buckets: half of a level is split, so chains differ most in length.
  let count = 3000
  for number in 0..<count { insert(number, into: &table) }
  var random = SplitMix(state: 7)
  var hits = [Int](repeating: 0, count: count)
  for _ in 0..<count * 200 { hits[Int(table.randomEntry(&random)!.integer)] += 1 }
  // 200 expected each, standard deviation 14: six of them on either side.
  #expect(hits.allSatisfy { $0 > 115 && $0 < 285 })
  table.drain { $0.free() }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
