import Memory
import Structures

/// A sorted set in the making: members come in any order, and their scores may change until all are known. Only then
/// are they brought into order, once.
public struct SortedSetBuilder: ~Copyable {
  private var table: UnsafeMutablePointer<SortedSetTable>?

  public init(hashKey: SipKey) { table = SortedSetTable.allocate(hashKey: hashKey) }

  deinit { if let table { SortedSetTable.free(table) } }

  public var count: Int { table?.pointee.table.count ?? 0 }

  /// Adds a member, or gives it the score that `combine` makes of the one it has.
  @inline(__always)
  public mutating func add(_ member: Bytes, _ score: Double, combine: (Double, Double) -> Double) {
    guard let table else { return }
    let hash = sipHash13(member, key: table.pointee.hashKey)
    if let slot = table.pointee.table.find(member, hash: hash) {
      let found = Entry(address: slot.pointee)
      found.score = combine(found.score, score)
    } else {
      let fresh = Entry.allocate(key: member, payloadCount: 8, hasDeadline: false)
      fresh.score = score
      table.pointee.table.insert(fresh, hash: hash, key: table.pointee.hashKey)
    }
  }

  /// All members with their scores, in order.
  private var items: [OrderedIndex.Item] {
    guard let table else { return [] }
    var items: [OrderedIndex.Item] = []
    items.reserveCapacity(table.pointee.table.count)
    table.pointee.table.forEach { items.append(OrderedIndex.Item(score: $0.score, member: $0)) }
    items.sort { $0.isBefore($1.score, $1.member.key) }
    return items
  }

  /// Visits all members in their order.
  public func forEach(_ visit: (SortedSetValue.Member) -> Void) {
    for item in items { visit(SortedSetValue.Member(item)) }
  }

  /// The finished set, which belongs to no database yet.
  public consuming func finish(key: Bytes, in keyspace: UnsafeMutablePointer<Keyspace>) -> Entry {
    let items = items
    let longest = items.reduce(0) { max($0, $1.member.keyCount) }
    let limits = keyspace.pointee.sortedSetLimits
    if items.count <= limits.maximumEntries && longest <= limits.maximumValueCount {
      let entry = keyspace.pointee.makeSortedSet(key: key, adding: items.count)
      for item in items { keyspace.pointee.append(entry, item.member.key, item.score) }
      return entry
    }
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.type = ValueType.sortedSet.rawValue
    entry.valueEncoding = .skiplist
    guard let table else { preconditionFailure("finished twice") }
    for item in items { table.pointee.index.insert(item) }
    entry.pointer = UnsafeMutableRawPointer(table)
    self.table = nil
    return entry
  }
}
