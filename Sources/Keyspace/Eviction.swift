import CMartlet
import Memory
import Structures

/// `maxmemory-policy`: which keys go when memory is full.
public enum EvictionPolicy: String, CaseIterable, Sendable {
  case noEviction = "noeviction"
  case volatileLRU = "volatile-lru"
  case allKeysLRU = "allkeys-lru"
  case volatileLFU = "volatile-lfu"
  case allKeysLFU = "allkeys-lfu"
  case volatileRandom = "volatile-random"
  case allKeysRandom = "allkeys-random"
  case volatileTTL = "volatile-ttl"
  case volatileLRM = "volatile-lrm"
  case allKeysLRM = "allkeys-lrm"

  public var isVolatileOnly: Bool {
    switch self {
    case .volatileLRU, .volatileLFU, .volatileRandom, .volatileTTL, .volatileLRM: true
    default: false
    }
  }

  public var usesFrequency: Bool { self == .volatileLFU || self == .allKeysLFU }
  /// LRM: only changes count as a use.
  public var countsWritesOnly: Bool { self == .volatileLRM || self == .allKeysLRM }
  public var isRandom: Bool { self == .volatileRandom || self == .allKeysRandom }
}

/// Chooses what to evict. As in Redis a handful of random keys is looked at each time, and the best
/// candidates are kept in a pool for the next times, which comes close to the true order.
public struct Eviction: ~Copyable {
  public var policy = EvictionPolicy.noEviction
  /// 0: no limit.
  public var maximumMemory = 0
  public var samples = 5

  private struct Candidate {
    /// The higher, the better a victim.
    var score: UInt64
    var database: Int
    var key: ByteString
  }

  private static let poolSize = 16
  /// In ascending order of score.
  private var pool: [Candidate] = []

  public init() {}

  public mutating func forgetCandidates() { pool.removeAll() }

  fileprivate mutating func consider(_ entry: Entry, database: Int, score: UInt64) {
    if pool.count == Self.poolSize {
      if score <= pool[0].score { return }
    }
    for candidate in pool where candidate.database == database && candidate.score == score {
      if candidate.key.withBytes({ $0.equals(entry.key) }) { return }
    }
    if pool.count == Self.poolSize { pool.removeFirst() }
    let at = pool.firstIndex { $0.score > score } ?? pool.count
    pool.insert(Candidate(score: score, database: database, key: ByteString(entry.key)), at: at)
  }

  fileprivate mutating func takeBest() -> (database: Int, key: ByteString)? {
    guard let best = pool.popLast() else { return nil }
    return (best.database, best.key)
  }
}

extension Keyspace {
  /// Evicts keys until `usedBytes` is within the limit.
  ///
  /// - Parameter isOutOfTime: ends a call that takes too long while it has only begun to help; a limit
  ///   that was lowered far is then reached over several commands.
  /// - Returns: whether memory is within the limit, or evicting goes on well.
  public mutating func evict(usedBytes: () -> Int, isOutOfTime: () -> Bool) -> Bool {
    let limit = eviction.maximumMemory
    // On a replica, the primary evicts.
    if isPaused { return true }
    var evicted = 0
    while usedBytes() > limit {
      if eviction.policy == .noEviction { return false }
      guard let (database, entry) = victim() else {
        return waitForLazyFree(limit: limit, usedBytes: usedBytes)
      }
      let hash = hash(entry.key)
      detachForRelease(database, entry, hash: hash)
      statistics.evictedKeys += 1
      changed(database, entry.key, .evicted, "evicted", count: 0)
      release(entry, lazily: lazyEviction)
      evicted += 1
      if evicted & 15 == 0 && isOutOfTime() {
        statistics.evictionTimeExceeded += 1
        return true
      }
    }
    return true
  }

  /// Nothing is left to evict, but the other thread may still have something to free.
  private func waitForLazyFree(limit: Int, usedBytes: () -> Int) -> Bool {
    while lazyFree.pendingObjects > 0 {
      if usedBytes() <= limit { return true }
      usleep(1000)
    }
    return usedBytes() <= limit
  }

  private mutating func victim() -> (Int, Entry)? {
    let policy = eviction.policy
    if policy.isRandom { return randomVictim(isVolatileOnly: policy.isVolatileOnly) }
    if policy == .volatileTTL { return soonestVictim() }
    for _ in 0..<16 {
      for database in 0..<databaseCount { sample(database) }
      while let (database, key) = eviction.takeBest() {
        let found = key.withBytes { databases[database].table.find($0, hash: hash($0)) }
        guard let slot = found else { continue }
        let entry = Entry(address: slot.pointee)
        if policy.isVolatileOnly && !entry.hasDeadline { continue }
        return (database, entry)
      }
      if !hasVictims(isVolatileOnly: policy.isVolatileOnly) { return nil }
    }
    return randomVictim(isVolatileOnly: policy.isVolatileOnly)
  }

  private func hasVictims(isVolatileOnly: Bool) -> Bool {
    for i in 0..<databaseCount {
      if (isVolatileOnly ? databases[i].keyDeadlines.count : databases[i].count) > 0 { return true }
    }
    return false
  }

  private mutating func sample(_ database: Int) {
    let volatileOnly = eviction.policy.isVolatileOnly
    let available = volatileOnly ? databases[database].keyDeadlines.count : databases[database].count
    guard available > 0 else { return }
    for _ in 0..<min(eviction.samples, available) {
      guard let entry = randomEntry(in: database, isVolatileOnly: volatileOnly) else { return }
      let score: UInt64 =
        eviction.policy.usesFrequency
        ? UInt64(255 - min(255, accessClock.frequency(entry)))
        : UInt64(max(0, accessClock.idleMilliseconds(entry)))
      eviction.consider(entry, database: database, score: score)
    }
  }

  private mutating func randomEntry(in database: Int, isVolatileOnly: Bool) -> Entry? {
    if isVolatileOnly {
      return databases[database].keyDeadlines.randomHandle(&random).map { Entry.holding($0) }
    }
    return databases[database].table.randomEntry(&random)
  }

  private mutating func randomVictim(isVolatileOnly: Bool) -> (Int, Entry)? {
    let first = Int.random(in: 0..<databaseCount, using: &random)
    for i in 0..<databaseCount {
      let database = (first + i) % databaseCount
      if let entry = randomEntry(in: database, isVolatileOnly: isVolatileOnly) { return (database, entry) }
    }
    return nil
  }

  /// The wheel knows which key dies next: no sampling needed.
  private mutating func soonestVictim() -> (Int, Entry)? {
    var best: (Int, Entry)?
    for i in 0..<databaseCount {
      guard let handle = databases[i].keyDeadlines.soonestHandle() else { continue }
      let entry = Entry.holding(handle)
      if best == nil || handle.pointee.milliseconds < best!.1.deadline.pointee.milliseconds { best = (i, entry) }
    }
    return best
  }
}
