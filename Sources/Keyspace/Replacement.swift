import Memory
import Structures

extension Keyspace {
  /// Puts a detached entry under its key, whatever was there before. Reports nothing but a key that is new.
  public mutating func put(_ database: Int, _ fresh: Entry, hash: UInt64) {
    guard let slot = lookup(database, fresh.key, hash: hash, [.noTouch, .noStatistics]) else {
      return add(database, fresh, hash: hash)
    }
    let old = Entry(address: slot.pointee)
    if isSnapshotting { prepareRemoval(database, old, hash: hash) }
    if old.hasDeadline { databases[database].keyDeadlines.remove(old.deadline) }
    if old.flags.contains(.hasFieldDeadlines) { unscheduleFields(database, old) }
    if old.isArray { databases[database].arrayCount -= 1 }
    if fresh.isArray { databases[database].arrayCount += 1 }
    fresh.accessClock = old.accessClock
    slot.pointee = fresh.address
    release(old, lazily: lazyServerDelete)
  }
}
