import CMartlet
import Memory
import Structures

/// All databases with everything that decides over their keys' lives. Owned by the executor.
///
/// Handlers reach it through a pointer: state of a class would cost exclusivity checks on every
/// access of the hot path.
public struct Keyspace: ~Copyable {
  public let databases: UnsafeMutablePointer<Database>
  public let databaseCount: Int
  /// Index of one more database, which nobody sees: a value that comes from outside is built there, and moves to its
  /// place only if it is sound as a whole.
  public var stagingDatabase: Int { databaseCount }
  /// The hash function's key, drawn anew by each process, so that nobody can make keys collide.
  public let hashKey: SipKey
  public var random: SmallRandom

  /// Unix time in milliseconds. It stands still while a command runs.
  public private(set) var now: Int64
  /// The same, but true also while a log is repeated, where `now` stands before all deadlines: what died since is to be
  /// removed when the log says so, not earlier.
  public private(set) var wallTime: Int64
  public var accessClock = AccessClock()
  public var eviction = Eviction()
  public var lazyFree: LazyFree
  public var statistics = KeyspaceStatistics()

  /// Counts changes since the start; a command that leaves it as it was changed nothing.
  public var dirty = 0
  public var interest: ChangeInterest = []
  /// Long arguments of the commands that run now, which a string may take over as they are.
  public var arrivedBlobs: [Blob] = []
  /// Classes of events that somebody may be subscribed to.
  public var notifiedClasses: EventClass = []
  /// Hears of changes while `interest` is not empty.
  public var listener: (Change) -> Void = { _ in }
  /// Where changes are noted for the change feed; nil while it is off.
  public var changeLog: UnsafeMutablePointer<ChangeLog>?
  /// The client whose command runs; 0: none. The change feed tells it.
  public var changeOrigin: UInt64 = 0
  /// Hears, while somebody is interested in propagation, which fields of a hash died.
  public var deadFieldsListener: (_ database: Int, _ key: Bytes, _ fields: [ByteString]) -> Void = { _, _, _ in }
  /// DEBUG SET-ACTIVE-EXPIRE: whether keys die by themselves, not only when looked at.
  public var expiresActively = true
  /// A snapshot is being taken: changes are announced to it.
  public internal(set) var isSnapshotting = false
  /// A snapshot was given up; see ``settle(isOutOfTime:)``.
  public internal(set) var isUnsettled = false
  var snapshot: UnsafeMutablePointer<PointInTime>?
  /// Hears that the first value froze, or the last one thawed; see `PointInTime`.
  public var frozenValuesChanged: (Bool) -> Void = { _ in }
  /// CLIENT PAUSE: nothing is removed meanwhile, though what is dead stays invisible.
  public var isPaused = false
  /// On a writable replica: who sets a deadline, but for the primary, makes the key the replica's own to remove.
  var remembersOwnDeadlines = false
  var ownDeadlines = OwnDeadlines()
  /// For the commands of a primary, which says itself when a key is gone, dead keys are alive.
  public var seesDeadKeys = false

  public var lazyExpire = false
  public var lazyEviction = false
  public var lazyServerDelete = false
  public var lazyUserDelete = false
  public var lazyUserFlush = false
  /// Strings may not grow past this (`proto-max-bulk-len`).
  public var maximumStringCount = Blob.maximumCount
  public var hashLimits = HashLimits()
  public var listLimits = QuicklistLimits()
  public var setLimits = SetLimits()
  public var sortedSetLimits = SortedSetLimits()
  public var streamLimits = StreamLimits()
  public var arrayLimits = ArrayLimits()
  /// Longer HyperLogLogs become dense (`hll-sparse-max-bytes`).
  public var hyperLogLogSparseLimit = 3000

  public init(databases count: Int, hashKey: SipKey, seed: UInt64, now: Int64) {
    precondition(count > 0)
    databaseCount = count
    databases = Allocator.allocate((count + 1) * MemoryLayout<Database>.stride).assumingMemoryBound(to: Database.self)
    for i in 0...count { (databases + i).initialize(to: Database(now: now)) }
    self.hashKey = hashKey
    self.now = now
    wallTime = now
    random = SmallRandom(seed: seed)
    lazyFree = LazyFree()
    accessClock.update(milliseconds: now)
  }

  deinit {
    for i in 0...databaseCount {
      databases[i].table.drain { Value.free($0) }
      (databases + i).deinitialize(count: 1)
    }
    Allocator.free(databases)
  }

  /// Lets the clock go on. Called by the executor between commands, never during one.
  public mutating func setTime(milliseconds: Int64) {
    now = milliseconds
    wallTime = milliseconds
    accessClock.update(milliseconds: milliseconds)
  }

  /// As `setTime`, while a log is repeated.
  public mutating func setTimeOfReplay(milliseconds: Int64) {
    now = 0
    wallTime = milliseconds
    accessClock.update(milliseconds: milliseconds)
  }

  @inline(__always)
  public func hash(_ key: Bytes) -> UInt64 { sipHash13(key, key: hashKey) }

  // MARK: Look-up

  public struct LookupOptions: OptionSet {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The key is about to be changed: no hit or miss is counted.
    public static var write: LookupOptions { LookupOptions(rawValue: 1) }
    /// The access clock stays.
    public static var noTouch: LookupOptions { LookupOptions(rawValue: 2) }
    public static var noStatistics: LookupOptions { LookupOptions(rawValue: 4) }
    /// Looks without any trace.
    public static var silent: LookupOptions { LookupOptions(rawValue: 1 | 2) }
    // Not written as an empty literal: those are arrays at first, and cost as much unless they are seen through.
    public static var none: LookupOptions { LookupOptions(rawValue: 0) }

    /// Whether a hit or miss is counted.
    @inline(__always)
    var countsAsRead: Bool { rawValue & (1 | 4) == 0 }
  }

  /// The slot of a living key. A key whose time has come is removed here, and not found.
  @inline(__always)
  public mutating func lookup(
    _ database: Int, _ key: Bytes, hash: UInt64, _ options: LookupOptions = .none
  ) -> HashTable.Slot? {
    guard let slot = databases[database].table.find(key, hash: hash) else {
      if options.countsAsRead { noteMiss(database, key) }
      return nil
    }
    let entry = Entry(address: slot.pointee)
    if entry.hasDeadline && entry.deadline.pointee.milliseconds < now && !seesDeadKeys {
      // What is about to be written on a writable replica must not come to lie beside what is dead.
      if !isPaused || (remembersOwnDeadlines && options.contains(.write)) { expire(database, entry, hash: hash) }
      if options.countsAsRead { noteMiss(database, key) }
      return nil
    }
    if !options.contains(.noTouch) { touch(entry, isWrite: options.contains(.write)) }
    if options.contains(.write) && isSnapshotting { prepareChange(database, entry, hash: hash) }
    if options.countsAsRead { statistics.hits &+= 1 }
    return slot
  }

  /// A living key's entry, without any trace: a dead key stays where it is.
  public func peek(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry? {
    guard let slot = databases[database].table.find(key, hash: hash) else { return nil }
    let entry = Entry(address: slot.pointee)
    return entry.hasDeadline && entry.deadline.pointee.milliseconds < now ? nil : entry
  }

  @inline(__always)
  private mutating func touch(_ entry: Entry, isWrite: Bool) {
    // LRM evicts what was not changed for longest: there reads leave no trace.
    if eviction.policy.countsWritesOnly && !isWrite { return }
    accessClock.touch(entry, &random)
  }

  @inline(never)
  private mutating func noteMiss(_ database: Int, _ key: Bytes) {
    statistics.misses &+= 1
    notify(database, key, .keyMiss, "keymiss")
  }

  // MARK: Add, replace, delete

  /// Adds an entry under a key that is not there, and says so to those who listen to new keys.
  @inline(__always)
  public mutating func add(_ database: Int, _ entry: Entry, hash: UInt64) {
    entry.accessClock = accessClock.initial
    databases[database].table.insert(entry, hash: hash, key: hashKey)
    if entry.isArray { databases[database].arrayCount += 1 }
    if entry.hasDeadline { schedule(database, entry) }
    if entry.flags.contains(.hasFieldDeadlines) { adoptFields(database, entry) }
    if !interest.isEmpty { notify(database, entry.key, .new, "new") }
  }

  /// Adds a detached entry under its key, which is not there: it keeps its deadlines and its access clock.
  public mutating func attach(_ database: Int, _ entry: Entry, hash: UInt64) {
    let clock = entry.accessClock
    add(database, entry, hash: hash)
    entry.accessClock = clock
  }

  /// The entry of a key, dead or alive, without any trace.
  public func entry(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry? {
    databases[database].table.find(key, hash: hash).map { Entry(address: $0.pointee) }
  }

  /// Whether values that are small integers count as shared (OBJECT REFCOUNT), as in Redis.
  public var sharesIntegers: Bool {
    eviction.maximumMemory == 0 || eviction.policy == .noEviction || eviction.policy.isRandom
      || eviction.policy == .volatileTTL
  }

  /// A new key with a collection at `pointer`.
  public mutating func addCollection(
    _ database: Int, _ key: Bytes, hash: UInt64, type: ValueType, encoding: Encoding, pointer: UnsafeMutableRawPointer
  ) -> Entry {
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.type = type.rawValue
    entry.valueEncoding = encoding
    entry.pointer = pointer
    add(database, entry, hash: hash)
    return entry
  }

  /// Takes the key of `entry` out of all that knows it. The entry then is the caller's.
  public mutating func detach(_ database: Int, _ entry: Entry, hash: UInt64) {
    if isSnapshotting { prepareChange(database, entry, hash: hash) }
    takeOut(database, entry, hash: hash)
  }

  /// As `detach`, of an entry that nobody will change: it is given to ``release(_:lazily:)``.
  mutating func detachForRelease(_ database: Int, _ entry: Entry, hash: UInt64) {
    if isSnapshotting { prepareRemoval(database, entry, hash: hash) }
    takeOut(database, entry, hash: hash)
  }

  private mutating func takeOut(_ database: Int, _ entry: Entry, hash: UInt64) {
    if entry.hasDeadline { databases[database].keyDeadlines.remove(entry.deadline) }
    if entry.flags.contains(.hasFieldDeadlines) { unscheduleFields(database, entry) }
    if entry.isArray { databases[database].arrayCount -= 1 }
    let slot = databases[database].table.slot(of: entry, hash: hash)
    databases[database].table.remove(slot: slot, hash: hash, sipKey: hashKey)
  }

  /// Removes a key with its value. Reports nothing: the caller knows which event it is.
  public mutating func delete(_ database: Int, _ entry: Entry, hash: UInt64, lazily: Bool) {
    detachForRelease(database, entry, hash: hash)
    release(entry, lazily: lazily)
  }

  /// Frees a detached entry, large values in the background if asked to.
  public mutating func release(_ entry: Entry, lazily: Bool) {
    if isSnapshotting && snapshotKeeps(entry) { return }
    if lazily && Value.freeEffort(entry) > LazyFree.effortThreshold {
      lazyFree.hand(over: .entry(entry))
    } else {
      Value.free(entry)
    }
  }

  /// The entry in `slot` was replaced by `fresh`, which has the same key (the old one is freed or reused).
  @inline(__always)
  public mutating func moved(_ database: Int, _ slot: HashTable.Slot, to fresh: Entry) {
    slot.pointee = fresh.address
    if fresh.hasDeadline { databases[database].keyDeadlines.relocate(fresh.deadline) }
    if fresh.flags.contains(.hasFieldDeadlines) { HashValue.setOwner(fresh) }
  }

  // MARK: Deadlines of keys

  /// Sets when a key dies. Returns the entry, which may have moved.
  @discardableResult
  public mutating func setDeadline(
    _ database: Int, _ slot: HashTable.Slot, milliseconds: Int64
  ) -> Entry {
    var entry = Entry(address: slot.pointee)
    if isSnapshotting { prepareChange(database, entry, hash: hash(entry.key)) }
    if entry.hasDeadline {
      databases[database].keyDeadlines.remove(entry.deadline)
    } else {
      entry = moved(entry) { $0.withDeadlineRoom(true) }
      slot.pointee = entry.address
    }
    entry.deadline.pointee.milliseconds = milliseconds
    schedule(database, entry)
    return entry
  }

  /// A key has a deadline that nobody waits for yet.
  @inline(__always)
  mutating func schedule(_ database: Int, _ entry: Entry) {
    databases[database].keyDeadlines.insert(entry.deadline)
    if remembersOwnDeadlines && !seesDeadKeys { noteOwnDeadline(database, entry) }
  }

  /// Lets a key live for ever. Returns the entry, which may have moved.
  @discardableResult
  public mutating func removeDeadline(_ database: Int, _ slot: HashTable.Slot) -> Entry {
    let entry = Entry(address: slot.pointee)
    guard entry.hasDeadline else { return entry }
    if isSnapshotting { prepareChange(database, entry, hash: hash(entry.key)) }
    databases[database].keyDeadlines.remove(entry.deadline)
    let fresh = moved(entry) { $0.withDeadlineRoom(false) }
    slot.pointee = fresh.address
    return fresh
  }

  /// Moves an entry to another allocation; a hash whose fields expire is told where its key is now.
  private func moved(_ entry: Entry, _ move: (Entry) -> Entry) -> Entry {
    let fresh = move(entry)
    if fresh.flags.contains(.hasFieldDeadlines) { HashValue.setOwner(fresh) }
    return fresh
  }

  /// A hash whose fields expire came under a key of this database.
  @inline(never)
  private mutating func adoptFields(_ database: Int, _ entry: Entry) {
    HashValue.setOwner(entry)
    scheduleFields(database, entry)
  }

  /// Before a hash leaves its key: its deadlines must not be in the wheel any more.
  public func unscheduleFields(_ database: Int, _ entry: Entry) {
    databases[database].fieldDeadlines.remove(HashValue.deadline(entry))
  }

  // MARK: Reports

  /// Reports a change of a key: every mutation ends here.
  ///
  /// - Parameter count: by how much the change counter rises; Redis counts changed elements.
  @inline(__always)
  public mutating func changed(
    _ database: Int, _ key: Bytes, _ eventClass: EventClass, _ event: StaticString, count: Int = 1
  ) {
    assert(isPrepared(database, key), "a key was changed that was not looked up for it")
    dirty &+= count
    if !interest.isEmpty { report(database, key, eventClass, event, isModification: true) }
  }

  /// Reports an event that tells of no change by itself.
  @inline(__always)
  public mutating func notify(_ database: Int, _ key: Bytes, _ eventClass: EventClass, _ event: StaticString) {
    if !interest.isEmpty { report(database, key, eventClass, event, isModification: false) }
  }

  @inline(never)
  private mutating func report(
    _ database: Int, _ key: Bytes, _ eventClass: EventClass, _ event: StaticString, isModification: Bool
  ) {
    if isModification {
      if let changeLog { note(database, key, eventClass, event, in: changeLog) }
      if isHeardByNobodyElse(eventClass) { return }
    } else if notifiedClasses.isDisjoint(with: eventClass) {
      return
    }
    listener(
      Change(database: database, key: key, eventClass: eventClass, event: event, isModification: isModification))
  }

  /// Whether a change need not be told to the listener: the change feed has it, and whoever repeats commands gets the
  /// command. What happened by itself is no command.
  @inline(__always)
  private func isHeardByNobodyElse(_ eventClass: EventClass) -> Bool {
    interest.rawValue & ~(ChangeInterest.propagationBit | ChangeInterest.feedBit) == 0
      && eventClass.rawValue & (EventClass.happensByItselfBits | notifiedClasses.rawValue) == 0
  }

  @inline(__always)
  private func note(
    _ database: Int, _ key: Bytes, _ eventClass: EventClass, _ event: StaticString,
    in log: UnsafeMutablePointer<ChangeLog>
  ) {
    let isOwn = eventClass.rawValue & EventClass.happensByItselfBits == 0
    let record = ChangeLog.Record(
      database: database, keyCount: key.count, origin: isOwn ? changeOrigin : 0, eventClass: eventClass.rawValue,
      event: event)
    log.pointee.append(record, key: key)
  }

  // MARK: Whole databases

  /// Removes all keys of a database and returns how many there were.
  public mutating func flush(_ database: Int, lazily: Bool) -> Int {
    let removed = databases[database].count
    if removed == 0 { return 0 }
    let old = UnsafeMutablePointer<Database>.allocateFromAllocator()
    old.initialize(to: Database(now: now))
    swap(&old.pointee, &databases[database])
    if isSnapshotting && snapshotKeeps(old) {
      // It goes when it is saved.
    } else if lazily {
      lazyFree.hand(over: .database(old))
    } else {
      LazyFree.freeDatabase(old)
    }
    return removed
  }

  public mutating func swapDatabases(_ a: Int, _ b: Int) {
    guard a != b else { return }
    let spare = UnsafeMutablePointer<Database>.allocateFromAllocator()
    spare.moveInitialize(from: databases + a, count: 1)
    (databases + a).moveInitialize(from: databases + b, count: 1)
    (databases + b).moveInitialize(from: spare, count: 1)
    Allocator.free(spare)
    // The walk may have to come back.
    if isSnapshotting { snapshot!.pointee.firstUnsaved = 0 }
  }

  public var totalKeys: Int {
    var total = 0
    for i in 0..<databaseCount { total += databases[i].count }
    return total
  }

  /// A living key at random; expired ones that are met are removed.
  public mutating func randomEntry(_ database: Int) -> Entry? {
    for _ in 0..<100 {
      guard let entry = databases[database].table.randomEntry(&random) else { return nil }
      if entry.hasDeadline && entry.deadline.pointee.milliseconds < now {
        expire(database, entry, hash: hash(entry.key))
        continue
      }
      return entry
    }
    return nil
  }
}

/// What INFO tells of the keyspace's life.
public struct KeyspaceStatistics {
  public var hits = 0
  public var misses = 0
  public var expiredKeys = 0
  public var expiredFields = 0
  public var expireCycleTimeReached = 0
  public var evictedKeys = 0
  public var evictionTimeExceeded = 0

  public init() {}
}

extension UnsafeMutablePointer where Pointee: ~Copyable {
  static func allocateFromAllocator() -> Self {
    Allocator.allocate(MemoryLayout<Pointee>.stride).assumingMemoryBound(to: Pointee.self)
  }
}
