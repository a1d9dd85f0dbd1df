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

  /// The values of several keys at once; keys without a value are left out.
  ///
  /// - Throws: as ``get(_:)`` does for the first key that fails.
  public func get(_ keys: some Sequence<Key>) async throws -> [Key: Value] {
    var values: [Key: Value] = [:]
    var missing: Set<Key> = []
    for key in keys {
      if case .fresh(let value) = near.find(key) { values[key] = value } else { missing.insert(key) }
    }
    // The client sends what is asked at the same time in one write.
    try await withThrowingTaskGroup(of: (Key, Value?).self) { group in
      for key in missing { group.addTask { (key, try await self.get(key)) } }
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
  nonisolated(nonsending) func resolve(_ key: Key, _ found: NearFound<Value?>) async throws -> Value? {
    switch found {
    case .fresh(let value): return value
    case .refreshDue(let value):
      refresh(key)
      return value
    case .stale(let value):
      count { $0.stale += 1 }
      hub.emit(.stale(key: keyText(key)))
      refresh(key)
      return value
    case .none:
      if case .fail = configuration.onDisconnect, state(of: backend.origin(of: serverName(key))) == .lost {
        throw CacheError.disconnected
      }
      return try await wait(key)
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
  }

  func target(_ key: Key) -> Target {
    let name = serverName(key)
    return Target(
      key: key, hash: Near<Key, Value?>.hash(key), name: name, nameHash: NameHash.of(name),
      origin: backend.origin(of: name))
  }

  /// Waits for the flight of a key, and begins it if there is none.
  private nonisolated(nonsending) func wait(_ key: Key) async throws -> Value? {
    let target = target(key)
    _ = state(of: target.origin)
    let id = nextID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (boarding, fallback) = near.change(target.hash) { state in
          (
            state.flights.board(
              key, name: target.nameHash, origin: target.origin, waiter: continuation, id: id),
            // Without a fallback a soft timeout has nothing to give.
            configuration.loading.softTimeout == nil
              ? nil : state.store.fallback(key, hash: target.hash, now: configuration.clock.now)
          )
        }
        switch boarding {
        case .leads(let ticket):
          count { $0.misses += 1 }
          hub.emit(.miss(key: keyText(key)))
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
  func refresh(_ key: Key) {
    let target = target(key)
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
      if brought.isStale, !isRefresh { refresh(target.key) }
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
