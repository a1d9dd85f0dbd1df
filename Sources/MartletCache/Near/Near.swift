import Synchronization

/// The near tier: shards, each under a lock of its own, found by a key's hash.
///
/// A key's question goes to one shard. An invalidation says a name, and by that alone nobody knows the shard; so it goes to
/// each, which costs a look into a table.
@usableFromInline
final class Near<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  typealias Waiter = CheckedContinuation<Value, any Error>
  typealias Watcher = CheckedContinuation<Void, Never>
  typealias State = NearState<Key, Value, Waiter, Watcher>
  typealias Ticket = Flights<Key, Waiter, Watcher>.Ticket

  @usableFromInline
  final class Shard: Sendable {
    @usableFromInline
    let state: Mutex<NearState<Key, Value, CheckedContinuation<Value, any Error>, CheckedContinuation<Void, Never>>>

    init(capacity: Int, now: Int64) { state = Mutex(State(capacity: capacity, now: now)) }
  }

  @usableFromInline let shards: ContiguousArray<Shard>
  @usableFromInline let shardMask: Int
  @usableFromInline let clock: CacheClock

  /// - Parameters:
  ///   - capacity: bytes, over all shards.
  ///   - shards: rounded up to a power of two. An entry has room only within its shard's part of the capacity.
  init(capacity: Int, shards: Int, clock: CacheClock) {
    var count = 1
    while count < shards, count < 256 { count *= 2 }
    self.clock = clock
    shardMask = count - 1
    self.shards = ContiguousArray((0..<count).map { _ in Shard(capacity: capacity / count, now: clock.now) })
  }

  @inlinable
  static func hash(_ key: Key) -> UInt64 { UInt64(bitPattern: Int64(key.hashValue)) }

  /// A key's shard: by the hash's upper bits, for the shards' own tables use the lower ones.
  @inlinable
  func shard(_ hash: UInt64) -> Shard { shards[Int(truncatingIfNeeded: hash >> 56) & shardMask] }

  /// What is known of a key. Never waits for anything but the shard's lock, and allocates nothing.
  @inlinable
  func find(_ key: Key) -> NearFound<Value> {
    let hash = Self.hash(key)
    return shard(hash).state.withLock { $0.store.find(key, hash: hash, clock: clock) }
  }
}

// MARK: Changes

extension Near {
  /// Changes a shard's state. What it let go of is released when the lock is open again: a value's deinit may do anything.
  func change<Result: Sendable>(_ hash: UInt64, _ body: (inout State) -> Result) -> Result {
    change(shard(hash), body)
  }

  private func change<Result: Sendable>(_ shard: Shard, _ body: (inout State) -> Result) -> Result {
    let (result, discarded) = shard.state.withLock { state in
      let result = body(&state)
      return (result, state.store.takeDiscarded())
    }
    withExtendedLifetime(discarded) {}
    return result
  }

  private func changeAll(_ body: (inout State) -> [Watcher]) {
    for shard in shards {
      for watcher in change(shard, body) { watcher.resume() }
    }
  }

  /// Returns how many entries that removed.
  @discardableResult
  func invalidate(name: UInt64) -> Int {
    var removed = 0
    changeAll { state in
      let (count, watchers) = state.invalidate(name: name)
      removed += count
      return watchers
    }
    return removed
  }

  func flush(origin: Int = 0) { changeAll { $0.flush(origin: origin) } }

  func addOrigin(_ origin: Int) {
    changeAll { state in
      state.store.addOrigin(origin)
      return []
    }
  }

  func lose(origin: Int = 0, servedUntil: Int64) { changeAll { $0.lose(origin: origin, servedUntil: servedUntil) } }

  func regain(origin: Int = 0, nothingMissed: Bool) {
    changeAll { $0.regain(origin: origin, nothingMissed: nothingMissed) }
  }

  func invalidate(tag: Int) {
    changeAll { state in
      state.store.invalidate(tag: tag)
      return []
    }
  }

  /// Gives back memory; `budget` entries a shard are looked at.
  func reclaim(budget: Int) {
    let now = clock.now
    changeAll { state in
      state.store.reclaim(now: now, budget: budget)
      return []
    }
  }

  /// Sums something up over the shards.
  func sum(_ part: (borrowing State) -> Int) -> Int {
    shards.reduce(0) { sum, shard in sum + shard.state.withLock { part($0) } }
  }
}
