import CMartlet
import Memory
import Structures

// A snapshot is all keys as they were at one moment, taken while commands go on changing them, without a second copy
// and without a fork.
//
// At the beginning, each database's keys fall into classes: the keys whose hashes agree in the low bits that number
// the table's buckets. A class is a bucket with its overflow, some nine keys, and whatever splits come later, its keys
// are found together. By five more bits of the hash, which the table's tags tell, a class has 32 divisions; a bit for
// each says whether it was saved. Then two go through the classes: a walk, some at each turn of the loop; and every
// change, which first has the division of its key saved, if it was not yet, about one key. Thus everything is written
// once, as it was at the beginning, and keys that came later never are, for their division was saved before they came.
// (J. Gray's fuzzy dump needs a log to be mended; this one is exact, because there is one thread.)
//
// It costs four bits for each key, and a branch for each change while no snapshot is taken.
//
// Large collections cannot be saved in one go. They are put off, and freeze: the walk saves them piece by piece, and
// who wants to change one must wait (see `mustWait`). A frozen value that is deleted, expires, or is replaced is no
// trouble: the snapshot takes it over and frees it in the end. So it is with a whole database that is flushed. Whoever
// cannot wait, such as the middle of a transaction, has the rest of it saved at once.

/// Takes what a snapshot finds. Called with the keyspace in the middle of a change: it must only read.
package protocol SnapshotVisitor: AnyObject {
  /// Saves a key of the database that had this number.
  func save(_ entry: Entry, database: Int)
  /// Saves a part of a key whose value is large. Called with the same key until it returns true; other keys may come
  /// in between.
  func savePart(_ entry: Entry, database: Int, isOutOfTime: () -> Bool) -> Bool
}

/// How far a snapshot is.
package struct PointInTime {
  /// A database as it was at the beginning.
  struct Part {
    /// Its number then. SWAPDB may have given it another.
    let number: Int
    let mask: Int
    /// For each class, a bit for each of its divisions.
    let saved: UnsafeMutablePointer<UInt32>
    /// All classes before it are saved.
    var cursor = 0
    /// Set once it was flushed: then it belongs to the snapshot.
    var orphan: UnsafeMutablePointer<Database>?

    @inline(__always)
    func isSaved(_ hash: UInt64) -> Bool {
      saved[Int(truncatingIfNeeded: hash) & mask] & HashTable.division(of: hash) != 0
    }
  }

  struct Frozen {
    /// Number of its database at the beginning.
    let number: Int
    /// It is in no table any more, and belongs to the snapshot.
    var isOwned: Bool
  }

  unowned(unsafe) let visitor: any SnapshotVisitor
  /// By the databases' present numbers; nil if all that was in there is saved.
  var parts: [Part?]
  var orphans: [Part] = []
  /// Large values that are not saved to the end, by their entries' addresses.
  var frozen: [UnsafeMutableRawPointer: Frozen] = [:]
  /// The same in the order in which they are saved.
  var queue: [UnsafeMutableRawPointer] = []

  init(visitor: any SnapshotVisitor, parts: [Part?]) {
    self.visitor = visitor
    self.parts = parts
  }

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
  package mutating func beginSnapshot(_ visitor: any SnapshotVisitor) {
    precondition(!isSnapshotting)
    var parts: [PointInTime.Part?] = []
    for i in 0..<databaseCount {
      guard databases[i].count > 0 else {
        parts.append(nil)
        continue
      }
      // Merged buckets would mix what is saved with what is not.
      databases[i].table.keepsClasses = true
      let mask = databases[i].table.classMask
      let saved = Allocator.allocateZeroed((mask + 1) * 4).assumingMemoryBound(to: UInt32.self)
      parts.append(PointInTime.Part(number: i, mask: mask, saved: saved))
    }
    snapshot = .allocate(capacity: 1)
    snapshot!.initialize(to: PointInTime(visitor: visitor, parts: parts))
    isSnapshotting = true
  }

  /// Forgets the snapshot, be it complete or not.
  package mutating func endSnapshot() {
    guard let pointer = snapshot else { return }
    let ended = pointer.move()
    pointer.deallocate()
    snapshot = nil
    isSnapshotting = false
    for i in 0..<databaseCount { databases[i].table.keepsClasses = false }
    for part in ended.parts { if let part { Allocator.free(part.saved) } }
    for part in ended.orphans {
      Allocator.free(part.saved)
      if let orphan = part.orphan { lazyFree.hand(over: .database(orphan)) }
    }
    for (address, state) in ended.frozen where state.isOwned {
      lazyFree.hand(over: .entry(Entry(address: address)))
    }
  }

  /// Whether a value is being saved that must not change meanwhile.
  package var hasFrozenValues: Bool { snapshot?.pointee.frozen.isEmpty == false }

  /// Saves more, until the time is over.
  ///
  /// - Returns: whether all is saved.
  package mutating func advanceSnapshot(isOutOfTime: () -> Bool) -> Bool {
    guard isSnapshotting else { return true }
    while true {
      if hasFrozenValues {
        guard saveFirstFrozen(isOutOfTime: isOutOfTime) else { return false }
        continue
      }
      guard let database = nextPart() else { return true }
      guard walk(database, isOutOfTime: isOutOfTime) else { return false }
    }
  }

  // MARK: Walk

  private enum PartPlace {
    case present(Int)
    case orphan(Int)
  }

  private func nextPart() -> PartPlace? {
    guard let snapshot = snapshot?.pointee else { return nil }
    if let index = snapshot.parts.firstIndex(where: { $0 != nil }) { return .present(index) }
    return snapshot.orphans.indices.first.map { .orphan($0) }
  }

  private mutating func walk(_ place: PartPlace, isOutOfTime: () -> Bool) -> Bool {
    var part: PointInTime.Part
    switch place {
    case .present(let index): part = snapshot!.pointee.parts[index]!
    case .orphan(let index): part = snapshot!.pointee.orphans[index]
    }
    let table: UnsafeMutablePointer<Database>
    switch place {
    case .present(let index): table = databases + index
    case .orphan: table = part.orphan!
    }
    var steps = 0
    while part.cursor <= part.mask {
      let index = part.cursor
      part.cursor += 1
      table.pointee.table.prefetch(before: index, mask: part.mask)
      save(class: index, divisions: .max, of: part, in: table)
      steps += 1
      let mustStop = hasFrozenValues || (steps & 15 == 0 && isOutOfTime())
      if mustStop && part.cursor <= part.mask {
        store(part, at: place)
        return hasFrozenValues
      }
    }
    forget(part, at: place)
    return true
  }

  private mutating func store(_ part: PointInTime.Part, at place: PartPlace) {
    switch place {
    case .present(let index): snapshot!.pointee.parts[index]!.cursor = part.cursor
    case .orphan(let index): snapshot!.pointee.orphans[index].cursor = part.cursor
    }
  }

  /// All of a part is saved, frozen values apart, which are in the queue.
  private mutating func forget(_ part: PointInTime.Part, at place: PartPlace) {
    switch place {
    case .present(let index):
      snapshot!.pointee.parts[index] = nil
      databases[index].table.keepsClasses = false
      Allocator.free(part.saved)
    case .orphan(let index):
      // Frozen values in it are saved before it goes.
      if hasFrozenValues { return store(part, at: place) }
      snapshot!.pointee.orphans.remove(at: index)
      Allocator.free(part.saved)
      lazyFree.hand(over: .database(part.orphan!))
    }
  }

  private mutating func save(
    class index: Int, divisions: UInt32, of part: PointInTime.Part, in database: UnsafeMutablePointer<Database>
  ) {
    let missing = divisions & ~part.saved[index]
    if missing == 0 { return }
    part.saved[index] |= divisions
    let visitor = snapshot!.pointee.visitor
    database.pointee.table.visit(class: index, mask: part.mask, divisions: missing) { entry in
      if PointInTime.isLarge(entry) {
        freeze(entry, number: part.number)
      } else {
        visitor.save(entry, database: part.number)
      }
    }
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
    let visitor = snapshot!.pointee.visitor
    guard visitor.savePart(Entry(address: first), database: state.number, isOutOfTime: isOutOfTime) else {
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
  package mutating func mustWait(_ database: Int, _ key: Bytes, hash: UInt64) -> Bool {
    guard isSnapshotting else { return false }
    // The change is about to have it saved anyway, and whether it is large turns out meanwhile.
    prepare(database, hash: hash)
    guard hasFrozenValues, let entry = entry(database, key, hash: hash) else { return false }
    return isFrozen(entry)
  }

  // MARK: Changes

  /// Asks for the memory that ``prepare(_:hash:)`` will look at first: where it is noted what is saved, and the buckets that a
  /// class has got by splits.
  @inline(never)
  package func prefetchSnapshot(_ database: Int, hash: UInt64) {
    guard let part = snapshot?.pointee.parts[database] else { return }
    let index = Int(truncatingIfNeeded: hash) & part.mask
    martlet_prefetch(UnsafeRawPointer(part.saved + index))
    databases[database].table.prefetchSplits(class: index, mask: part.mask)
  }

  /// Asks for what it will save, once that is near by; false if there is nothing.
  @inline(never)
  package func prefetchUnsaved(_ database: Int, hash: UInt64) -> Bool {
    guard let part = snapshot?.pointee.parts[database], !part.isSaved(hash) else { return false }
    databases[database].table.prefetchDivision(of: hash, mask: part.mask)
    return true
  }

  /// To be called before a key is added: what is in its division is saved first.
  @inline(never)
  mutating func prepare(_ database: Int, hash: UInt64) {
    guard database < databaseCount, let part = snapshot!.pointee.parts[database], !part.isSaved(hash) else { return }
    let index = Int(truncatingIfNeeded: hash) & part.mask
    save(class: index, divisions: HashTable.division(of: hash), of: part, in: databases + database)
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
  mutating func snapshotKeeps(_ database: Int, _ flushed: UnsafeMutablePointer<Database>) -> Bool {
    var part: PointInTime.Part
    if let known = snapshot!.pointee.parts[database] {
      part = known
    } else if hasFrozenValues {
      // All was seen, but a value may be in the middle of being saved: a part of which nothing is left to walk.
      let nothing = Allocator.allocateZeroed(4).assumingMemoryBound(to: UInt32.self)
      part = PointInTime.Part(number: database, mask: 0, saved: nothing, cursor: 1)
    } else {
      return false
    }
    part.orphan = flushed
    snapshot!.pointee.orphans.append(part)
    snapshot!.pointee.parts[database] = nil
    return true
  }

  mutating func snapshotSwaps(_ a: Int, _ b: Int) { snapshot!.pointee.parts.swapAt(a, b) }

  /// Whether a change of this key was announced; always, unless somebody forgot to.
  func isPrepared(_ database: Int, _ key: Bytes) -> Bool {
    guard isSnapshotting, database < databaseCount, let part = snapshot?.pointee.parts[database] else { return true }
    return part.isSaved(hash(key))
  }
}
