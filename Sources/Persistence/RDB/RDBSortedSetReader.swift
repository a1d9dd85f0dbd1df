import Keyspace
import Memory
import Structures

extension RDBReader {
  mutating func sortedSetValue(_ type: RDB.ValueType, _ target: RDBTarget) throws(RDBFailure) -> Entry? {
    switch type {
    case .sortedSetListpack: return try listpackSortedSet(target)
    case .sortedSetZiplist: return try ziplistSortedSet(target)
    default: return try plainSortedSet(target, asText: type == .sortedSetText)
    }
  }

  private mutating func listpackSortedSet(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let bytes = try string()
    if bytes.count == Listpack.headerSize + 1, Listpack.isValid(bytes) { return nil }
    let added = target.keyspace.pointee.addSortedSet(target.database, target.key, hash: target.hash, listpack: bytes)
    guard let added else { throw .corrupt("Zset listpack integrity check failed.") }
    return added
  }

  private mutating func plainSortedSet(_ target: RDBTarget, asText: Bool) throws(RDBFailure) -> Entry? {
    let count = try count()
    if count == 0 { return nil }
    let entry = target.addSortedSet(expecting: count)
    for _ in 0..<count {
      let member = try heldString()
      let score = asText ? try textDouble() : try double()
      try target.add(member, score, to: entry)
    }
    return entry
  }

  private mutating func ziplistSortedSet(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    var list = try Ziplist(try heldString(), "Zset ziplist")
    var entry: Entry?
    while let member = try list.next() {
      guard let scoreValue = try list.next() else { throw .corrupt("Zset ziplist integrity check failed.") }
      let score = StringValue(scoreValue).withBytes { parseDouble($0) }
      guard let score else { throw .corrupt("A score is not a number") }
      let set = entry ?? target.addSortedSet(expecting: 0)
      entry = set
      let isNew = StringValue(member).withBytes { target.keyspace.pointee.loadMember(set, $0, score) }
      guard isNew else { throw .corrupt("Zset with dup elements") }
    }
    return entry
  }
}

extension RDBTarget {
  fileprivate func addSortedSet(expecting count: Int) -> Entry {
    keyspace.pointee.addSortedSet(database, key, hash: hash, adding: count, firstLength: 0)
  }

  fileprivate func add(_ member: Bytes, _ score: Double, to entry: Entry) throws(RDBFailure) {
    guard keyspace.pointee.loadMember(entry, member, score) else {
      throw .corrupt(score.isNaN ? "Zset with NAN score detected" : "Zset with dup elements")
    }
  }
}
