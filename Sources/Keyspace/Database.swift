import Memory
import Structures

/// One numbered database: its keys, and the times at which keys or fields of hashes die.
public struct Database: ~Copyable {
  public var table = HashTable()
  /// Deadlines of keys; each lies in the key's entry.
  public var keyDeadlines: ExpiryWheel
  /// For hashes with fields that expire, the soonest of them; each lies in the hash's value.
  public var fieldDeadlines: ExpiryWheel
  /// A hash has more dead fields than there was time to remove. The wheel, which is past their time
  /// already, would hand it out in the next millisecond.
  var hasOverdueFields = false
  /// Keys that hold arrays.
  var arrayCount = 0
  /// What a snapshot still has to see of the table; nil: nothing.
  var unsaved: Unsaved?

  struct Unsaved {
    /// The database's number when the snapshot began. SWAPDB may have given it another.
    let number: Int
    /// The buckets before it are saved.
    var cursor = 0
  }

  public init(now: Int64) {
    keyDeadlines = ExpiryWheel(now: now)
    fieldDeadlines = ExpiryWheel(now: now)
  }

  public var count: Int { table.count }

  /// The next time at which something here must be looked after, in Unix milliseconds.
  public var nextEvent: Int64? {
    switch (keyDeadlines.nextEvent, fieldDeadlines.nextEvent) {
    case (let a?, let b?): min(a, b)
    case (let a, let b): a ?? b
    }
  }
}
