import CMartlet
import Memory
import Structures

// Keys die on time in two ways: whoever looks at a key whose time has come removes it, and the
// wheels hand out every key that nobody looks at, in the millisecond after its last.

extension Keyspace {
  /// Removes a key whose time has come, with its event.
  @inline(never)
  public mutating func expire(_ database: Int, _ entry: Entry, hash: UInt64) {
    detachForRelease(database, entry, hash: hash)
    reportExpired(database, entry)
  }

  private mutating func reportExpired(_ database: Int, _ entry: Entry) {
    statistics.expiredKeys += 1
    // Not counted as a change: whoever looked changed nothing.
    changed(database, entry.key, .expired, "expired", count: 0)
    release(entry, lazily: lazyExpire)
  }

  /// How long keys with a deadline have left to live, on average of a sample, in milliseconds.
  public mutating func averageTimeToLive(_ database: Int) -> Int64 {
    var sum: Int64 = 0
    var counted: Int64 = 0
    for _ in 0..<min(16, databases[database].keyDeadlines.count) {
      guard let handle = databases[database].keyDeadlines.randomHandle(&random) else { break }
      let left = handle.pointee.milliseconds - now
      // A time far away would tell nothing, and its sum might not fit.
      guard left >= 0 && left < 1 << 56 else { continue }
      sum += left
      counted += 1
    }
    return counted == 0 ? 0 : sum / counted
  }

  /// When `runExpiry` should be called next; nil if no key has a deadline.
  public var nextExpiry: Int64? {
    guard expiresActively else { return nil }
    if isPaused { return ownDeadlines.soonest.map { $0 + 1 } }
    var next: Int64?
    for i in 0..<databaseCount {
      // A deadline is the last millisecond that a key lives in.
      if let event = databases[i].nextEvent { next = min(next ?? Int64.max, event + 1) }
    }
    return next
  }

  /// Removes the keys and fields whose time has come.
  ///
  /// - Parameter isOutOfTime: ends a call that takes too long; the rest is done at the next.
  /// - Returns: whether all that was due is done.
  public mutating func runExpiry(isOutOfTime: () -> Bool) -> Bool {
    guard expiresActively else { return true }
    if isPaused { return expireOwn(isOutOfTime) }
    var done = true
    for i in 0..<databaseCount {
      if databases[i].keyDeadlines.count > 0 { done = expireKeys(i, isOutOfTime) && done }
      if databases[i].fieldDeadlines.count > 0 { done = expireFields(i, isOutOfTime) && done }
      if !done && isOutOfTime() { break }
    }
    if !done { statistics.expireCycleTimeReached += 1 }
    return done
  }

  private mutating func expireKeys(_ database: Int, _ isOutOfTime: () -> Bool) -> Bool {
    // The wheel hands out a few at a time, so that it is never changed while it advances.
    withUnsafeTemporaryAllocation(of: Entry.self, capacity: 32) { batch in
      while true {
        var taken = 0
        let done = databases[database].keyDeadlines.advance(to: now - 1) { deadline in
          (batch.baseAddress! + taken).initialize(to: Entry.holding(deadline))
          taken += 1
        } isOutOfTime: {
          taken >= 1
        }
        for i in 0..<taken { martlet_prefetch(batch[i].address) }
        for i in 0..<taken {
          let entry = batch[i]
          detachForRelease(database, entry, hash: hash(entry.key))
          reportExpired(database, entry)
        }
        if done { return true }
        if isOutOfTime() { return false }
      }
    }
  }
}
