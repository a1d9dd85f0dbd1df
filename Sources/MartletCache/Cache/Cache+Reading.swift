import MartletClient

extension Cache {
  /// The value of a key: from the process's memory, else from the server, else from the loader; nil if there is none.
  ///
  /// A value that is here is returned without suspension and without allocation. If the task is cancelled while it waits, it
  /// throws `CancellationError`; the fetch goes on for others who wait, and for the cache.
  ///
  /// - Throws: what the loader, the codec or the client throw, ``CacheError/disconnected``.
  @inlinable
  public nonisolated(nonsending) func get(_ key: Key) async throws -> Value? {
    let found = near.find(key)
    if case .fresh(let value) = found { return value }
    return try await resolve(key, found)
  }

  /// As ``get(_:)``, with a time of its own for what has to be fetched:
  ///
  ///     let rate = try await rates.get("EUR", near: .seconds(5))
  ///     let report = try await reports.get(2026, near: nil)
  ///
  /// - Parameter near: how long what this read brings is kept in the process's memory, instead of
  ///   ``CacheConfiguration/nearTTL``; with nil it is given out and not kept, and where the mode of tracking allows it the
  ///   server does not remember the read either. The time varies by its jitter, and ends no later than the value's own on the
  ///   server; ``CacheConfiguration/nilTTL`` and ``CacheConfiguration/untrackedTTL`` hold all the same. What is in memory
  ///   already keeps the time that it has, and a fetch that is under way keeps what it brings as whoever began it said.
  @inlinable
  public nonisolated(nonsending) func get(_ key: Key, near limit: TimeToLive?) async throws -> Value? {
    let found = near.find(key)
    if case .fresh(let value) = found { return value }
    return try await resolve(key, found, keeping: limit.map { Keeping.limited($0) } ?? .never)
  }

  /// The values of several keys at once; keys without a value are left out.
  ///
  /// - Throws: as ``get(_:)`` does for the first key that fails.
  public func get(_ keys: some Sequence<Key>) async throws -> [Key: Value] {
    try await get(keys, keeping: .configured)
  }

  /// The values of several keys at once, kept in memory for a time of their own: see ``get(_:near:)``.
  public func get(_ keys: some Sequence<Key>, near limit: TimeToLive?) async throws -> [Key: Value] {
    try await get(keys, keeping: limit.map { Keeping.limited($0) } ?? .never)
  }

  private func get(_ keys: some Sequence<Key>, keeping: Keeping) async throws -> [Key: Value] {
    var values: [Key: Value] = [:]
    var missing: [Key: NearFound<Value?>] = [:]
    for key in keys where values[key] == nil && missing[key] == nil {
      let found = near.find(key)
      if case .fresh(let value) = found { values[key] = value } else { missing[key] = found }
    }
    // The client sends what is asked at the same time in one write.
    try await withThrowingTaskGroup(of: (Key, Value?).self) { group in
      for (key, found) in missing { group.addTask { (key, try await self.resolve(key, found, keeping: keeping)) } }
      for try await (key, value) in group { values[key] = value }
    }
    return values
  }

  /// The value of a key if it is in the process's memory and fresh. The outer nil says that it is not; the inner, that it is
  /// known that there is none.
  @inlinable
  public func cached(_ key: Key) -> Value?? {
    if case .fresh(let value) = near.find(key) { value } else { nil }
  }

  /// Answers a read that memory alone did not.
  @usableFromInline
  nonisolated(nonsending) func resolve(
    _ key: Key, _ found: NearFound<Value?>, keeping: Keeping = .configured
  ) async throws -> Value? {
    switch found {
    case .fresh(let value): return value
    case .refreshDue(let value):
      refresh(key, keeping: keeping)
      return value
    case .stale(let value):
      count { $0.stale += 1 }
      hub.emit(.stale(key: keyText(key)))
      refresh(key, keeping: keeping)
      return value
    case .none:
      if case .fail = configuration.onDisconnect, state(of: backend.origin(of: serverName(key))) == .lost {
        throw CacheError.disconnected
      }
      if keeping == .never, let value = await readPast(key) { return value }
      return try await wait(target(key, keeping: keeping))
    }
  }

  // MARK: Flights

  /// All that a flight needs to know of its key.
  struct Target: Sendable {
    let key: Key
    let hash: UInt64
    let name: String
    let nameHash: UInt64
    let origin: Int
    let keeping: Keeping
  }

  func target(_ key: Key, keeping: Keeping = .configured) -> Target {
    let name = serverName(key)
    return Target(
      key: key, hash: Near<Key, Value?>.hash(key), name: name, nameHash: NameHash.of(name),
      origin: backend.origin(of: name), keeping: keeping)
  }

  /// Waits for the flight of a key, and begins it if there is none.
  private nonisolated(nonsending) func wait(_ target: Target) async throws -> Value? {
    _ = state(of: target.origin)
    let id = nextID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (boarding, fallback) = near.change(target.hash) { state in
          (
            state.flights.board(
              target.key, name: target.nameHash, origin: target.origin, waiter: continuation, id: id),
            // Without a fallback a soft timeout has nothing to give.
            configuration.loading.softTimeout == nil
              ? nil : state.store.fallback(target.key, hash: target.hash, now: configuration.clock.now)
          )
        }
        switch boarding {
        case .leads(let ticket):
          count { $0.misses += 1 }
          hub.emit(.miss(key: keyText(target.key)))
          Task { await self.fly(target, ticket, isRefresh: false) }
          if let fallback, let limit = configuration.loading.softTimeout {
            land(target, ticket, early: fallback, after: limit)
          }
        case .waits: count { $0.coalesced += 1 }
        }
        // Cancelled before it was aboard: the handler below found nobody.
        if Task.isCancelled { leave(target, id: id) }
      }
    } onCancel: {
      leave(target, id: id)
    }
  }

  private func leave(_ target: Target, id: UInt64) {
    near.change(target.hash) { $0.flights.leave(id: id) }?.resume(throwing: CancellationError())
  }

  /// Answers those who wait with an old value if a new one takes too long; the flight goes on.
  private func land(_ target: Target, _ ticket: Near<Key, Value?>.Ticket, early fallback: Value?, after limit: Duration)
  {
    Task {
      try? await configuration.clock.sleep(milliseconds: limit.milliseconds)
      let waiters = near.change(target.hash) { $0.flights.takeWaiters(ticket) }
      count { $0.stale += waiters.count }
      for waiter in waiters { waiter.resume(returning: fallback) }
    }
  }

  /// Fetches a value anew in the background, unless that is under way.
  func refresh(_ key: Key, keeping: Keeping = .configured) {
    let target = target(key, keeping: keeping)
    let ticket = near.change(target.hash) {
      $0.flights.refresh(key, name: target.nameHash, origin: target.origin)
    }
    if let ticket { Task { await fly(target, ticket, isRefresh: true) } }
  }

  /// Fetches a value and gives it to all who wait for it.
  private func fly(_ target: Target, _ ticket: Near<Key, Value?>.Ticket, isRefresh: Bool) async {
    do {
      let brought = try await bring(target, ticket, isRefresh: isRefresh)
      let lifetime = brought.lifetime
      let wasStorable = lifetime == nil || near.change(target.hash) { $0.flights.isListed(ticket) }
      let arrival = lifetime.map {
        Near<Key, Value?>.State.Arrival(value: brought.value, bytes: brought.bytes, lifetime: $0, tags: brought.tags)
      }
      if !wasStorable { count { $0.overtaken += 1 } }
      let waiters = near.change(target.hash) {
        $0.land(
          ticket, target.key, hash: target.hash, name: target.nameHash, arrival, now: configuration.clock.now)
      }
      for waiter in waiters { waiter.resume(returning: brought.value) }
      if brought.isStale, !isRefresh { refresh(target.key, keeping: target.keeping) }
    } catch {
      fail(target, ticket, error)
    }
  }

  /// Nothing could be fetched: those who wait are given what was right before, if that may be, else the error.
  private func fail(_ target: Target, _ ticket: Near<Key, Value?>.Ticket, _ error: any Error) {
    let (waiters, fallback) = near.change(target.hash) { state in
      (
        state.land(ticket, target.key, hash: target.hash, name: target.nameHash, nil, now: configuration.clock.now),
        state.store.fallback(
          target.key, hash: target.hash, now: configuration.clock.now, pause: Self.failSafePause)
      )
    }
    guard let fallback else {
      for waiter in waiters { waiter.resume(throwing: error) }
      return
    }
    count { $0.stale += waiters.count }
    hub.emit(.stale(key: keyText(target.key)))
    for waiter in waiters { waiter.resume(returning: fallback) }
  }
}
