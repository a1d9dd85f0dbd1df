import Memory
import Structures

// Fields die on time as keys do: the database's wheel knows the soonest deadline of each hash, and
// the hash knows the order of its own.

extension Keyspace {
  /// How many fields one step removes before the time is looked at again.
  private static let fieldsPerStep = 64

  /// Notes the soonest deadline of a hash anew, after a change of its fields' deadlines.
  mutating func scheduleFields(_ database: Int, _ entry: Entry) {
    guard HashValue.hasFieldDeadlines(entry) else { return }
    let deadline = HashValue.deadline(entry)
    let soonest = HashValue.soonestDeadline(entry)
    if deadline.pointee.isScheduled {
      if deadline.pointee.milliseconds == soonest { return }
      databases[database].fieldDeadlines.remove(deadline)
    }
    guard let soonest else { return }
    deadline.pointee.milliseconds = soonest
    databases[database].fieldDeadlines.insert(deadline)
  }

  /// Before a hash is looked at: removes dead fields, but not so many that the caller would have to wait. The rest
  /// stays invisible until its turn.
  ///
  /// - Returns: whether the hash is still there; it goes with its last field.
  public mutating func expireFields(_ database: Int, of entry: Entry, hash: UInt64) -> Bool {
    guard HashValue.hasFieldDeadlines(entry) && !isPaused else { return true }
    let deadline = HashValue.deadline(entry)
    guard deadline.pointee.isScheduled && deadline.pointee.milliseconds < now else { return true }
    if isFrozen(entry) { return true }
    return removeDeadFields(database, entry, hash: hash, limit: Self.fieldsPerStep)
  }

  /// Removes up to `limit` dead fields, reports them, and deletes the key with its last field.
  ///
  /// - Returns: whether the key is still there.
  private mutating func removeDeadFields(_ database: Int, _ entry: Entry, hash: UInt64, limit: Int) -> Bool {
    if isSnapshotting { prepareChange(database, entry, hash: hash) }
    let isPropagated = interest.contains(.propagation)
    var names: [ByteString] = []
    func note(_ field: Bytes) { if isPropagated { names.append(ByteString(field)) } }
    let removed: Int
    switch HashValue.form(entry) {
    case .listpack: removed = 0
    case .timed(let timed): removed = timed.pointee.removeDead(now: now, limit: limit) { note($0) }
    case .table(let table): removed = table.pointee.removeDead(now: now, limit: limit) { note($0) }
    }
    scheduleFields(database, entry)
    guard removed > 0 else { return true }
    statistics.expiredFields += removed
    if isPropagated { deadFieldsListener(database, entry.key, names) }
    // Not counted as changes: those who looked changed nothing.
    changed(database, entry.key, .hash, "hexpired", count: 0)
    guard HashValue.count(entry) == 0 else { return true }
    detach(database, entry, hash: hash)
    changed(database, entry.key, .generic, "del", count: 0)
    release(entry, lazily: lazyExpire)
    return false
  }

  /// Removes the fields whose time has come.
  ///
  /// - Returns: whether all that was due is done.
  mutating func expireFields(_ database: Int, _ isOutOfTime: () -> Bool) -> Bool {
    // A large hash is being saved, perhaps one of these: fields are only invisible meanwhile.
    if hasFrozenValues { return true }
    if databases[database].hasOverdueFields && !expireOverdueFields(database, isOutOfTime) { return false }
    // The wheel hands out a few hashes at a time, so that it is never changed while it advances.
    return withUnsafeTemporaryAllocation(of: Entry.self, capacity: 32) { batch in
      while true {
        var taken = 0
        let done = databases[database].fieldDeadlines.advance(to: now - 1) { deadline in
          let owner = UnsafeMutableRawPointer(deadline).assumingMemoryBound(to: FieldDeadlines.self).pointee.owner
          (batch.baseAddress! + taken).initialize(to: Entry(address: owner))
          taken += 1
        } isOutOfTime: {
          taken >= 1
        }
        var allRemoved = true
        for i in 0..<taken {
          allRemoved = expireAllFields(database, batch[i], isOutOfTime) && allRemoved
        }
        if !allRemoved {
          databases[database].hasOverdueFields = true
          return false
        }
        if done { return true }
        if isOutOfTime() { return false }
      }
    }
  }

  /// Goes on with the hashes that an earlier call left unfinished.
  private mutating func expireOverdueFields(_ database: Int, _ isOutOfTime: () -> Bool) -> Bool {
    while let deadline = databases[database].fieldDeadlines.soonestHandle(), deadline.pointee.milliseconds < now {
      let owner = UnsafeMutableRawPointer(deadline).assumingMemoryBound(to: FieldDeadlines.self).pointee.owner
      if !expireAllFields(database, Entry(address: owner), isOutOfTime) { return false }
      if isOutOfTime() { return false }
    }
    databases[database].hasOverdueFields = false
    return true
  }

  /// Removes the dead fields of a hash whose turn it is; what there is no time for is scheduled
  /// again.
  private mutating func expireAllFields(_ database: Int, _ entry: Entry, _ isOutOfTime: () -> Bool) -> Bool {
    let hash = hash(entry.key)
    while removeDeadFields(database, entry, hash: hash, limit: Self.fieldsPerStep) {
      guard let soonest = HashValue.soonestDeadline(entry), soonest < now else { return true }
      if isOutOfTime() { return false }
    }
    return true
  }
}
