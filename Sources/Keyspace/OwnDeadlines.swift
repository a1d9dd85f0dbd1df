import Memory
import Structures

// On a replica the primary says when keys die. Of keys that were written on the replica itself, if it can be written to, it
// knows nothing: the replica remembers these, and removes them when their time comes.

/// Keys of a writable replica that it has to look after itself, the soonest first.
///
/// Only what a key's deadline was when it was set is known here: who takes a key out looks at what it is now.
struct OwnDeadlines {
  struct Key: Hashable {
    let database: Int
    let name: ByteString
  }

  /// A binary heap: no time is before that of its parent, at half its index.
  private var heap: [(time: Int64, key: Key)] = []
  /// The soonest time at which the heap has each key.
  private var times: [Key: Int64] = [:]

  var count: Int { times.count }
  var soonest: Int64? { heap.first?.time }

  /// A key is to be looked at when its time comes. O(log n).
  mutating func note(_ key: Key, _ time: Int64) {
    if let known = times[key], known <= time { return }
    times[key] = time
    heap.append((time, key))
    var at = heap.count - 1
    while at > 0, heap[(at - 1) / 2].time > heap[at].time {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  /// Takes out a key whose time has come. O(log n).
  mutating func take(dueAt now: Int64) -> Key? {
    while let (time, key) = heap.first, time <= now {
      removeFirst()
      // A key that got a sooner deadline later is there twice.
      if times[key] == time {
        times[key] = nil
        return key
      }
    }
    return nil
  }

  private mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      if least == at { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}

extension Keyspace {
  /// Keys that the replica looks after itself.
  public var ownDeadlineCount: Int { ownDeadlines.count }

  /// Whether keys that get a deadline are the replica's own, unless its primary's stream gives it to them.
  public mutating func setRemembersOwnDeadlines(_ remembers: Bool) {
    remembersOwnDeadlines = remembers
    if !remembers { ownDeadlines = OwnDeadlines() }
  }

  @inline(never)
  mutating func noteOwnDeadline(_ database: Int, _ entry: Entry) {
    ownDeadlines.note(.init(database: database, name: ByteString(entry.key)), entry.deadline.pointee.milliseconds)
  }

  /// Removes own keys whose time has come. Returns whether all that was due is done.
  mutating func expireOwn(_ isOutOfTime: () -> Bool) -> Bool {
    while let key = ownDeadlines.take(dueAt: now - 1) {
      key.name.withBytes { expireOwn(key.database, $0) }
      if isOutOfTime() { return false }
    }
    return true
  }

  private mutating func expireOwn(_ database: Int, _ name: Bytes) {
    let hash = hash(name)
    guard let slot = databases[database].table.find(name, hash: hash) else { return }
    let entry = Entry(address: slot.pointee)
    guard entry.hasDeadline else { return }
    if entry.deadline.pointee.milliseconds < now {
      expire(database, entry, hash: hash)
    } else {
      noteOwnDeadline(database, entry)
    }
  }
}
