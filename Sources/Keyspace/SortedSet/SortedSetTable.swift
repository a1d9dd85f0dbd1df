import Memory
import Structures

/// A large sorted set: an entry for each member, whose payload is the score, found by name in a table and by score,
/// name or rank in an index.
struct SortedSetTable: ~Copyable {
  var index = OrderedIndex()
  var table = HashTable()
  let hashKey: SipKey

  static func allocate(hashKey: SipKey) -> UnsafeMutablePointer<SortedSetTable> {
    let table = UnsafeMutablePointer<SortedSetTable>.allocateFromAllocator()
    table.initialize(to: SortedSetTable(hashKey: hashKey))
    return table
  }

  static func free(_ table: UnsafeMutablePointer<SortedSetTable>) {
    table.pointee.table.drain { $0.free() }
    table.deinitialize(count: 1)
    Allocator.free(table)
  }

  static func copy(_ source: UnsafeMutablePointer<SortedSetTable>) -> UnsafeMutablePointer<SortedSetTable> {
    let fresh = allocate(hashKey: source.pointee.hashKey)
    source.pointee.forEachWhile(0..<source.pointee.index.count, isReversed: false) { item in
      fresh.pointee.add(item.member.key, item.score)
      return true
    }
    return fresh
  }

  func memoryUsage(samples: Int) -> Int {
    var seen = 0
    var bytes = 0
    table.forEachWhile { member in
      seen += 1
      bytes += member.allocatedBytes
      return samples == 0 || seen < samples
    }
    let own = table.allocatedBytes + index.allocatedBytes
    if seen == 0 || seen == table.count { return own + bytes }
    return own + Int(Double(bytes) / Double(seen) * Double(table.count))
  }

  @inline(__always)
  func find(_ member: Bytes) -> Entry? {
    table.find(member, hash: sipHash13(member, key: hashKey)).map { Entry(address: $0.pointee) }
  }

  /// Visits the items of these ranks, which must be there, the last first if `isReversed`, until `visit` returns false.
  @inline(__always)
  func forEachWhile(_ ranks: Range<Int>, isReversed: Bool, _ visit: (OrderedIndex.Item) -> Bool) {
    guard !ranks.isEmpty else { return }
    var left = ranks.count
    if isReversed {
      var cursor = index.cursor(at: ranks.upperBound &- 1)
      while visit(cursor.item), left > 1 {
        left &-= 1
        cursor.retreat()
      }
    } else {
      var cursor = index.cursor(at: ranks.lowerBound)
      while visit(cursor.item), left > 1 {
        left &-= 1
        cursor.advance()
      }
    }
  }

  // MARK: Change

  /// Adds a member that is not there.
  mutating func add(_ member: Bytes, _ score: Double) {
    add(member, score, hash: sipHash13(member, key: hashKey))
  }

  mutating func add(_ member: Bytes, _ score: Double, hash: UInt64) {
    let fresh = Entry.allocate(key: member, payloadCount: 8, hasDeadline: false)
    fresh.score = score
    table.insert(fresh, hash: hash, key: hashKey)
    index.insert(OrderedIndex.Item(score: score, member: fresh))
  }

  /// Gives a member another score.
  mutating func setScore(_ member: Entry, _ score: Double) {
    index.update(OrderedIndex.Item(score: member.score, member: member), to: score)
    member.score = score
  }

  mutating func remove(_ member: Entry) {
    index.remove(OrderedIndex.Item(score: member.score, member: member))
    let hash = sipHash13(member.key, key: hashKey)
    table.remove(slot: table.slot(of: member, hash: hash), hash: hash, sipKey: hashKey)
    member.free()
  }
}

extension Entry {
  /// The score of a member of a large sorted set.
  var score: Double {
    @inline(__always) get { payloadStart.loadUnaligned(as: Double.self) }
    @inline(__always) nonmutating set { integer = Int64(bitPattern: newValue.bitPattern) }
  }
}
