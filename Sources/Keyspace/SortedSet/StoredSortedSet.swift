import Memory
import Structures

// Small sorted sets are saved as the bytes they consist of, and come back as such.

extension SortedSetValue {
  /// How a sorted set is best saved.
  public enum Stored {
    /// Members and scores in turn, in their order.
    case listpack(Bytes)
    /// To be walked member by member; backwards is what Redis does, and what adding one by one likes best.
    case skiplist
  }

  /// A view that is valid until the set changes.
  public static func stored(_ entry: Entry) -> Stored {
    switch form(entry) {
    case .listpack(let small): .listpack(small.list.bytes)
    case .table: .skiplist
    }
  }

  /// Whether bytes from outside are a sorted set: a sound listpack of whole pairs, in order, with scores that are
  /// numbers and no member twice.
  public static func isValid(listpack bytes: Bytes) -> Bool {
    guard Listpack.isValid(bytes) else { return false }
    // Only read, never changed or freed.
    let list = Listpack(address: UnsafeMutableRawPointer(mutating: UnsafeRawPointer(bytes.base)))
    let count = list.count
    guard count > 0 && count % 2 == 0 else { return false }
    var names: Set<ByteString> = []
    var last: (score: Double, name: ByteString)?
    var at = list.first
    while let member = at {
      let name = StringValue(list.value(member)).withBytes { ByteString($0) }
      let scoreAt = list.skip(member)
      guard names.insert(name).inserted, let score = validScore(list.value(scoreAt)) else { return false }
      if let last, !isInOrder(last, (score, name)) { return false }
      last = (score, name)
      at = list.next(scoreAt)
    }
    return true
  }

  private static func validScore(_ value: Listpack.Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .bytes(let text): parseDouble(text)
    }
  }

  private static func isInOrder(_ a: (score: Double, name: ByteString), _ b: (score: Double, name: ByteString)) -> Bool
  {
    if a.score != b.score { return a.score < b.score }
    return a.name.withBytes { name in b.name.withBytes { name.compare($0) < 0 } }
  }
}

extension Keyspace {
  /// Adds a sorted set that was saved as a listpack, under a key that is not there. Nil if the bytes are no such set.
  public mutating func addSortedSet(_ database: Int, _ key: Bytes, hash: UInt64, listpack bytes: Bytes) -> Entry? {
    guard SortedSetValue.isValid(listpack: bytes) else { return nil }
    let list = Listpack.copy(bytes)
    let entry = addCollection(
      database, key, hash: hash, type: .sortedSet, encoding: .listpack, pointer: list.address)
    if exceedsLimits(SortedListpack(list)) { convertToSkiplist(entry) }
    return entry
  }

  /// Adds one saved member to a set that is being loaded. False, without a change, if it is there already or its score
  /// is no number.
  public func loadMember(_ entry: Entry, _ member: Bytes, _ score: Double) -> Bool {
    var score = score
    guard !score.isNaN, case .added = setScore(entry, member, &score, .onlyNew) else { return false }
    return true
  }

  private func exceedsLimits(_ small: SortedListpack) -> Bool {
    if small.count > sortedSetLimits.maximumEntries { return true }
    var isLong = false
    small.forEachWhile(0..<small.count, isReversed: false) {
      isLong = $0.name.count > sortedSetLimits.maximumValueCount
      return !isLong
    }
    return isLong
  }
}
