/// The store and the flights of one shard: what may be given out, what is being fetched, and what makes either old.
///
/// One rule holds them together: whatever removes a value from the store also takes the flights of that key off the list.
/// A plain value that tests drive through every order of events.
@usableFromInline
struct NearState<Key: Hashable & Sendable, Value: Sendable, Waiter, Watcher> {
  typealias Ticket = Flights<Key, Waiter, Watcher>.Ticket

  @usableFromInline var store: NearStore<Key, Value>
  var flights = Flights<Key, Waiter, Watcher>()

  init(capacity: Int, now: Int64) { store = NearStore(capacity: capacity, now: now) }

  /// A value that came from the server, or was made for it.
  struct Arrival {
    var value: Value
    var bytes: Int
    var lifetime: Lifetime
    var tags: (numbers: [Int], stamp: UInt64)?
  }

  /// Ends a flight and keeps what it brought, if that is still right. Returns who waits.
  mutating func land(
    _ ticket: Ticket, _ key: Key, hash: UInt64, name: UInt64, _ arrival: Arrival?, now: Int64
  ) -> [Waiter] {
    let landing = flights.land(ticket)
    if landing.isStorable, let arrival {
      store.insert(
        key, hash: hash, name: name, arrival.value, bytes: arrival.bytes, lifetime: arrival.lifetime,
        origin: landing.origin, tags: arrival.tags, now: now)
    }
    return landing.waiters
  }

  /// The server, or this process itself, says that what has this name has changed or is about to.
  mutating func invalidate(name: UInt64) -> (removed: Int, watchers: [Watcher]) {
    (store.invalidate(name: name), flights.taint(name: name))
  }

  /// Anything may have changed.
  mutating func flush(origin: Int) -> [Watcher] {
    store.flush(origin: origin)
    return flights.taint(origin: origin)
  }

  /// The connection that says what changes is lost.
  mutating func lose(origin: Int, servedUntil: Int64) -> [Watcher] {
    if !store.isSuspended(origin: origin) { store.suspend(origin: origin, servedUntil: servedUntil) }
    return flights.taint(origin: origin)
  }

  /// The connection is back. `nothingMissed` says that every change since it was lost has been said.
  mutating func regain(origin: Int, nothingMissed: Bool) -> [Watcher] {
    if !nothingMissed { store.flush(origin: origin) }
    store.resume(origin: origin)
    // A flight that began while it was lost may have been answered by whoever, untracked.
    return flights.taint(origin: origin)
  }
}
