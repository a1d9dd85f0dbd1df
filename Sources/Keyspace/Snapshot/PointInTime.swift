import CMartlet
import Memory
import Structures

// A snapshot is all keys as they were at one moment, taken while commands go on changing them, without a second copy
// and without a fork.
//
// Each entry has a bit in its bucket of the table that says whether it was saved; at the beginning none is (see
// `HashTable.unmarkAll`). Then two go through the entries: a walk, bucket by bucket, some at each turn of the loop; and
// every change, which first has its key saved, if it was not yet. Thus everything is written once, as it was at the
// beginning, and keys that came later never are, for new entries count as saved.
// (J. Gray's fuzzy dump needs a log to be mended; this one is exact, because there is one thread.)
//
// It costs no memory, and a branch for each change while no snapshot is taken.
//
// Large collections cannot be saved in one go. They are put off, and freeze: the walk saves them piece by piece, and
// who wants to change one must wait (see `mustWait`). A frozen value that is deleted, expires, or is replaced is no
// trouble: the snapshot takes it over and frees it in the end. So it is with a whole database that is flushed. Whoever
// cannot wait, such as the middle of a transaction, has the rest of it saved at once.

/// Takes what a snapshot finds. Called with the keyspace in the middle of a change: it must only read.
public struct SnapshotVisitor {
  /// Saves a key of the database that had this number. Neither a method nor a closure: those would count references for each
  /// key that is changed.
  public typealias Save =
    @convention(c) (
      _ context: UnsafeMutableRawPointer, _ entry: UnsafeMutableRawPointer, _ database: Int
    ) -> Void
  /// Saves a part of a key whose value is large. Called with the same key until it returns true; other keys may come
  /// in between.
  public typealias SavePart = (_ entry: Entry, _ database: Int, _ isOutOfTime: () -> Bool) -> Bool

  let context: UnsafeMutableRawPointer
  let save: Save
  let savePart: SavePart

  public init(context: UnsafeMutableRawPointer, save: @escaping Save, savePart: @escaping SavePart) {
    self.context = context
    self.save = save
    self.savePart = savePart
  }
}

/// How far a snapshot is. What is saved of a database is noted there: `Database.unsaved`.
public struct PointInTime {
  struct Frozen {
    /// Number of its database at the beginning.
    let number: Int
    /// It is in no table any more, and belongs to the snapshot.
    var isOwned: Bool
  }

  let visitor: SnapshotVisitor
  /// Databases that were flushed before all in them was saved. They belong to the snapshot.
  var orphans: [UnsafeMutablePointer<Database>] = []
  /// Large values that are not saved to the end, by their entries' addresses.
  var frozen: [UnsafeMutableRawPointer: Frozen] = [:]
  /// The same in the order in which they are saved.
  var queue: [UnsafeMutableRawPointer] = []
  /// Databases with lower numbers are saved.
  var firstUnsaved = 0

  init(visitor: SnapshotVisitor) { self.visitor = visitor }

  /// Collections from so many elements (or nodes) on are large.
  static func isLarge(_ entry: Entry) -> Bool {
    switch entry.valueType {
    case .string: false
    case .list, .stream: Value.freeEffort(entry) > 64
    case .hash, .set, .sortedSet: Value.freeEffort(entry) > 1024
    case .array: ArrayValue.array(entry).pointee.count > 1024
    }
  }
}

extension Keyspace {
  // MARK: Begin and end

  /// Makes this moment the one that a snapshot will show.
  public mutating func beginSnapshot(_ visitor: SnapshotVisitor) {
    precondition(!isSnapshotting)
    _ = settle { false }
    for i in 0..<databaseCount where databases[i].count > 0 {
      databases[i].unsaved = Database.Unsaved(number: i)
      databases[i].table.unmarkAll()
      databases[i].table.keepsUnmarkedInOrder = true
    }
    snapshot = .allocate(capacity: 1)
    snapshot!.initialize(to: PointInTime(visitor: visitor))
    isSnapshotting = true
  }

  /// Forgets the snapshot, be it complete or not.
  public mutating func endSnapshot() {
    guard let pointer = snapshot else { return }
    let ended = pointer.move()
    pointer.deallocate()
    snapshot = nil
    isSnapshotting = false
    isUnsettled = (0..<databaseCount).contains { databases[$0].unsaved != nil }
    for orphan in ended.orphans { lazyFree.hand(over: .database(orphan)) }
    for (address, state) in ended.frozen where state.isOwned {
      lazyFree.hand(over: .entry(Entry(address: address)))
    }
  }

  /// Goes through what a snapshot that was given up has not seen, so that every entry counts as saved, which the next one
  /// begins with.
  ///
  /// - Returns: whether there is nothing left.
  @discardableResult
  public mutating func settle(isOutOfTime: () -> Bool) -> Bool {
    guard isUnsettled else { return true }
    for i in 0..<databaseCount {
      while let unsaved = databases[i].unsaved {
        guard unsaved.cursor < databases[i].table.bucketCount else {
          noteSaved(databases + i)
          break
        }
        databases[i].table.visitUnmarked(inBucket: unsaved.cursor) { _ in }
        databases[i].unsaved!.cursor += 1
        if unsaved.cursor & 63 == 63 && isOutOfTime() { return false }
      }
    }
    isUnsettled = false
    return true
  }

  private func noteSaved(_ database: UnsafeMutablePointer<Database>) {
    database.pointee.unsaved = nil
    database.pointee.table.keepsUnmarkedInOrder = false
  }

  /// Whether a value is being saved that must not change meanwhile.
  public var hasFrozenValues: Bool { snapshot?.pointee.frozen.isEmpty == false }

  /// Saves more, until the time is over.
  ///
  /// - Returns: whether all is saved.
  public mutating func advanceSnapshot(isOutOfTime: () -> Bool) -> Bool {
    guard isSnapshotting else { return true }
    while true {
      if hasFrozenValues {
        guard saveFirstFrozen(isOutOfTime: isOutOfTime) else { return false }
        continue
      }
      guard let database = nextUnsaved() else { return true }
      guard walk(database, isOutOfTime: isOutOfTime) else { return false }
    }
  }

  // MARK: Walk

  private func nextUnsaved() -> UnsafeMutablePointer<Database>? {
    while snapshot!.pointee.firstUnsaved < databaseCount {
      let database = databases + snapshot!.pointee.firstUnsaved
      if database.pointee.unsaved != nil { return database }
      snapshot!.pointee.firstUnsaved += 1
    }
    return snapshot!.pointee.orphans.first
  }

  /// False if the time was over. Stops, with true, at a value that freezes.
  private mutating func walk(_ database: UnsafeMutablePointer<Database>, isOutOfTime: () -> Bool) -> Bool {
    let number = database.pointee.unsaved!.number
    var cursor = database.pointee.unsaved!.cursor
    var steps = 0
    while cursor < database.pointee.table.bucketCount {
      database.pointee.table.prefetchUnmarked(after: cursor)
      database.pointee.table.visitUnmarked(inBucket: cursor) { save($0, number: number) }
      cursor += 1
      steps += 1
      if hasFrozenValues || (steps & 15 == 0 && isOutOfTime()) {
        database.pointee.unsaved!.cursor = cursor
        return hasFrozenValues
      }
    }
    database.pointee.unsaved!.cursor = cursor
    if let i = snapshot!.pointee.orphans.firstIndex(of: database) {
      snapshot!.pointee.orphans.remove(at: i)
      lazyFree.hand(over: .database(database))
    } else {
      noteSaved(database)
    }
    return true
  }

  @inline(__always)
  private mutating func save(_ entry: Entry, number: Int) {
    if PointInTime.isLarge(entry) { return freeze(entry, number: number) }
    snapshot!.pointee.visitor.save(snapshot!.pointee.visitor.context, entry.address, number)
  }

  // MARK: Large values

  private mutating func freeze(_ entry: Entry, number: Int) {
    snapshot!.pointee.frozen[entry.address] = PointInTime.Frozen(number: number, isOwned: false)
    snapshot!.pointee.queue.append(entry.address)
    frozenValuesChanged(true)
  }

  /// Saves the first frozen value. False if the time is over before it is saved.
  private mutating func saveFirstFrozen(isOutOfTime: () -> Bool) -> Bool {
    let first = snapshot!.pointee.queue[0]
    let state = snapshot!.pointee.frozen[first]!
    guard snapshot!.pointee.visitor.savePart(Entry(address: first), state.number, isOutOfTime) else {
      return false
    }
    snapshot!.pointee.queue.removeFirst()
    snapshot!.pointee.frozen[first] = nil
    // It may have been given away meanwhile.
    if state.isOwned { release(Entry(address: first), lazily: true) }
    if !hasFrozenValues { frozenValuesChanged(false) }
    return true
  }

  /// Saves a frozen value to its end, however long that takes.
  private mutating func thaw(_ address: UnsafeMutableRawPointer) {
    // Those before it come first: the record of the one that is half written must not be torn.
    while snapshot!.pointee.frozen[address] != nil { _ = saveFirstFrozen { false } }
  }

  @inline(__always)
  func isFrozen(_ entry: Entry) -> Bool { isSnapshotting && snapshot?.pointee.frozen[entry.address] != nil }

  /// Whether a command that changes this key should come again later: its value is large, and not saved yet. It is then
  /// being saved.
  public mutating func mustWait(_ database: Int, _ key: Bytes, hash: UInt64) -> Bool {
    guard isSnapshotting else { return false }
    // The change is about to have it saved anyway, and whether it is large turns out meanwhile.
    prepare(database, hash: hash)
    guard hasFrozenValues, let entry = entry(database, key, hash: hash) else { return false }
    return isFrozen(entry)
  }

  // MARK: Changes

  /// To be called before a key is changed or removed: if it is there, it is saved first.
  @inline(never)
  mutating func prepare(_ database: Int, hash: UInt64) {
    let database = databases + database
    database.pointee.table.visitUnmarked(of: hash) { save($0, number: database.pointee.unsaved!.number) }
  }

  /// To be called before a key is changed.
  @inline(never)
  mutating func prepareChange(_ database: Int, _ entry: Entry, hash: UInt64) {
    prepare(database, hash: hash)
    if hasFrozenValues { thaw(entry.address) }
  }

  /// To be called before an entry is taken out for good, to be given to `release`.
  @inline(never)
  mutating func prepareRemoval(_ database: Int, _ entry: Entry, hash: UInt64) {
    prepare(database, hash: hash)
    if hasFrozenValues, snapshot!.pointee.frozen[entry.address] != nil {
      snapshot!.pointee.frozen[entry.address]!.isOwned = true
    }
  }

  /// Whether the snapshot keeps an entry that was taken out, and frees it when it is saved.
  @inline(__always)
  func snapshotKeeps(_ entry: Entry) -> Bool {
    hasFrozenValues && snapshot!.pointee.frozen[entry.address]?.isOwned == true
  }

  /// A database was flushed. True if the snapshot keeps what was in it.
  mutating func snapshotKeeps(_ flushed: UnsafeMutablePointer<Database>) -> Bool {
    if flushed.pointee.unsaved == nil {
      // All was seen, but a value may be in the middle of being saved.
      guard hasFrozenValues else { return false }
      flushed.pointee.unsaved = Database.Unsaved(number: 0, cursor: .max)
    }
    snapshot!.pointee.orphans.append(flushed)
    return true
  }

  /// Whether a change of this key was announced; always, unless somebody forgot to.
  func isPrepared(_ database: Int, _ key: Bytes) -> Bool {
    !isSnapshotting || databases[database].table.isMarked(key, hash: hash(key))
  }
}
