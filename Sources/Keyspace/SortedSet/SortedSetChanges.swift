import Memory
import Structures

// Changes of sorted sets. They report nothing, since the commands know the events; but they turn small sets into large
// ones when it is time. A set that is left empty must be deleted by the caller.

/// What ZADD and its kin make of a member.
public struct ScoreOptions: OptionSet {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Only adds.
  public static var onlyNew: ScoreOptions { ScoreOptions(rawValue: 1) }
  /// Only changes.
  public static var onlyExisting: ScoreOptions { ScoreOptions(rawValue: 2) }
  /// Changes a score only to a greater one.
  public static var onlyGreater: ScoreOptions { ScoreOptions(rawValue: 4) }
  /// Changes a score only to a lesser one.
  public static var onlyLess: ScoreOptions { ScoreOptions(rawValue: 8) }
  /// Adds to the score that is there.
  public static var increments: ScoreOptions { ScoreOptions(rawValue: 16) }
  public static var none: ScoreOptions { ScoreOptions(rawValue: 0) }

  // The standard one is a chain of calls here.
  @inline(__always)
  public func contains(_ option: ScoreOptions) -> Bool { rawValue & option.rawValue == option.rawValue }
}

public enum ScoreOutcome {
  case added
  case updated
  /// The member has that score already.
  case same
  /// The options did not let it happen.
  case skipped
  /// Infinity plus its opposite.
  case notANumber
}

extension Keyspace {
  /// A new, empty sorted set under a key that is not there, which `count` members will be added to; the first of them
  /// is so many bytes long.
  public mutating func addSortedSet(
    _ database: Int, _ key: Bytes, hash: UInt64, adding count: Int, firstLength: Int
  ) -> Entry {
    let isSmall =
      count <= sortedSetLimits.maximumEntries && firstLength <= sortedSetLimits.maximumValueCount
    return addCollection(
      database, key, hash: hash, type: .sortedSet, encoding: isSmall ? .listpack : .skiplist,
      pointer: isSmall
        ? Listpack.create(capacity: Allocator.goodSize(32)).address
        : UnsafeMutableRawPointer(SortedSetTable.allocate(hashKey: hashKey)))
  }

  /// A new, empty sorted set that belongs to no database yet, which `count` members will be appended to.
  public func makeSortedSet(key: Bytes, adding count: Int) -> Entry {
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    let isSmall = count <= sortedSetLimits.maximumEntries
    entry.type = ValueType.sortedSet.rawValue
    entry.valueEncoding = isSmall ? .listpack : .skiplist
    entry.pointer =
      isSmall ? Listpack.create().address : UnsafeMutableRawPointer(SortedSetTable.allocate(hashKey: hashKey))
    return entry
  }

  /// Adds a member that is certainly not there. Cheapest in the order of scores.
  public func append(_ entry: Entry, _ member: Bytes, _ score: Double) {
    if entry.encoding == Encoding.listpack.rawValue {
      var small = SortedListpack(entry)
      if fits(member, in: small) {
        small.insert(member, score)
        entry.pointer = small.list.address
        return
      }
      convertToSkiplist(entry)
    }
    SortedSetValue.table(entry).pointee.add(member, score)
  }

  private func fits(_ member: Bytes, in small: SortedListpack) -> Bool {
    small.count < sortedSetLimits.maximumEntries && member.count <= sortedSetLimits.maximumValueCount
      && small.list.canAdd(member.count + 64)
  }

  /// Turns a small set into a large one at once if `added` members are certainly too many for it.
  public func prepareSortedSet(_ entry: Entry, adding added: Int) {
    if entry.encoding == Encoding.listpack.rawValue && added > sortedSetLimits.maximumEntries {
      convertToSkiplist(entry)
    }
  }

  /// Sets the score of a member, which is added if it is not there.
  ///
  /// - Parameter score: not NaN. If it is an increment, it becomes the resulting score.
  @inline(__always)
  public func setScore(
    _ entry: Entry, _ member: Bytes, _ score: inout Double, _ options: ScoreOptions = .none
  ) -> ScoreOutcome {
    assert(!score.isNaN)
    if entry.encoding == Encoding.listpack.rawValue {
      if let outcome = setScoreInListpack(entry, member, &score, options) { return outcome }
      convertToSkiplist(entry)
    }
    let table = SortedSetValue.table(entry)
    let hash = sipHash13(member, key: hashKey)
    guard let slot = table.pointee.table.find(member, hash: hash) else {
      if options.contains(.onlyExisting) { return .skipped }
      table.pointee.add(member, score, hash: hash)
      return .added
    }
    let found = Entry(address: slot.pointee)
    let outcome = Self.decide(from: found.score, &score, options)
    if case .updated = outcome { table.pointee.setScore(found, score) }
    return outcome
  }

  /// As ``setScore(_:_:_:_:)``; nil if the set must become a large one for it.
  private func setScoreInListpack(
    _ entry: Entry, _ member: Bytes, _ score: inout Double, _ options: ScoreOptions
  ) -> ScoreOutcome? {
    var small = SortedListpack(entry)
    guard let found = small.find(member) else {
      if options.contains(.onlyExisting) { return .skipped }
      guard fits(member, in: small) else { return nil }
      small.insert(member, score)
      entry.pointer = small.list.address
      return .added
    }
    let outcome = Self.decide(from: small.score(found), &score, options)
    if case .updated = outcome {
      small.remove(found)
      small.insert(member, score)
      entry.pointer = small.list.address
    }
    return outcome
  }

  /// What becomes of a member that is there.
  @inline(__always)
  private static func decide(from old: Double, _ score: inout Double, _ options: ScoreOptions) -> ScoreOutcome {
    if options.rawValue == 0 { return score == old ? .same : .updated }
    if options.contains(.onlyNew) { return .skipped }
    if options.contains(.increments) {
      score += old
      if score.isNaN { return .notANumber }
    }
    if options.contains(.onlyLess) && score >= old { return .skipped }
    if options.contains(.onlyGreater) && score <= old { return .skipped }
    return score == old ? .same : .updated
  }

  /// Removes a member; says whether it was there.
  public func removeScored(_ entry: Entry, _ member: Bytes) -> Bool {
    switch SortedSetValue.form(entry) {
    case .listpack(var small):
      guard let found = small.find(member) else { return false }
      small.remove(found)
      entry.pointer = small.list.address
    case .table(let table):
      guard let found = table.pointee.find(member) else { return false }
      table.pointee.remove(found)
    }
    return true
  }

  /// Removes the members of these ranks, which must be there.
  public func removeScored(_ entry: Entry, ranks: Range<Int>) {
    guard !ranks.isEmpty else { return }
    switch SortedSetValue.form(entry) {
    case .listpack(var small):
      small.remove(ranks)
      entry.pointer = small.list.address
    case .table(let table):
      for _ in ranks { table.pointee.remove(table.pointee.index.cursor(at: ranks.lowerBound).item.member) }
    }
  }

  /// Makes a small set a large one, whatever the limits say.
  func convertToSkiplist(_ entry: Entry) {
    let table = SortedSetTable.allocate(hashKey: hashKey)
    SortedSetValue.forEach(entry) { member in
      member.name.withBytes { table.pointee.add($0, member.score) }
    }
    Listpack(address: entry.pointer).free()
    entry.pointer = UnsafeMutableRawPointer(table)
    entry.valueEncoding = .skiplist
  }
}
