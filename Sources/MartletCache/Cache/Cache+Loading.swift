import MartletClient

extension Cache {
  /// What a flight brought.
  struct Brought {
    var value: Value?
    var bytes = 0
    /// Nil if it is to be given out and not kept.
    var lifetime: Lifetime?
    var tags: (numbers: [Int], stamp: UInt64)?
    /// Its time is over, and it is given out while a new one is fetched.
    var isStale = false
  }

  /// What lies on the server.
  private struct Stored {
    var value: Value?
    var bytes: Int
    /// How long it is right; nil for as long as it lies there, negative if it no longer is.
    var remaining: Int64?
    var tags: (numbers: [Int], stamp: UInt64)?
  }

  /// Gets a value from the server, or has it loaded.
  func bring(_ target: Target, _ ticket: Near<Key, Value?>.Ticket, isRefresh: Bool) async throws -> Brought {
    guard let loader else {
      let stored = try await read(target, ticket)
      return stored.map { kept($0, target) } ?? absent(target)
    }

    let token = "\(UInt64.random(in: 0 ... .max))-\(nextID())"
    var waited: Int64 = 0
    while true {
      let stored: Stored?
      do {
        stored = try await read(target, ticket)
      } catch  where isUnreachable(error) {
        // The loader does not need the server; but nobody would say when its value changes.
        if case .fail = configuration.onDisconnect { throw CacheError.disconnected }
        return Brought(value: try await load(target, loader))
      }
      if let stored {
        let isRight = stored.remaining.map { $0 > 0 } ?? true
        if isRight, !(isRefresh && policy.isRefreshDue(remaining: stored.remaining)) { return kept(stored, target) }
        if !isRefresh, let remaining = stored.remaining, -remaining < policy.staleMilliseconds {
          count { $0.stale += 1 }
          return keptStale(stored, target)
        }
      }

      let lease = try await takeLease(target, token: token, waited: &waited)
      guard case .taken(let isValueThere) = lease else {
        // Others load it. What is still right need not wait for them.
        if let stored, stored.remaining.map({ $0 > 0 }) ?? true { return kept(stored, target) }
        waited += await waitForOthers(target, ticket)
        continue
      }
      do {
        // Whoever had the lease before may have brought it since it was looked for.
        if stored == nil, isValueThere, let brought = try await read(target, ticket),
          brought.remaining.map({ $0 > 0 }) ?? true
        {
          try? await backend.remove([Self.leaseName(target.name)])
          return kept(brought, target)
        }
        return try await loadAndFill(target, ticket, loader, token: token)
      } catch {
        // Others need not wait for the lease to run out.
        if leaseMilliseconds != nil { try? await backend.remove([Self.leaseName(target.name)]) }
        guard let stored, let remaining = stored.remaining, -remaining < policy.failSafeMilliseconds else {
          throw error
        }
        count { $0.stale += 1 }
        return keptStale(stored, target, atLeast: Self.failSafePause)
      }
    }
  }

  /// When loading failed, reads are given the old value for so long without waiting for the next attempt.
  static var failSafePause: Int64 { 1000 }

  /// Gets the right to load, unless somebody else has it.
  private func takeLease(_ target: Target, token: String, waited: inout Int64) async throws -> LeaseOutcome {
    guard let lease = leaseMilliseconds else { return .taken(isValueThere: false) }
    if waited >= lease.clampedAdd(lease) {
      // Whoever has it will not bring anything.
      count { $0.leasesExpired += 1 }
      return .taken(isValueThere: false)
    }
    let outcome = try await backend.takeLease(
      Self.leaseName(target.name), on: target.name, token: token, milliseconds: lease)
    count { if case .taken = outcome { $0.leasesWon += 1 } else { $0.leasesWaitedFor += 1 } }
    return outcome
  }

  private var leaseMilliseconds: Int64? {
    if case .distributed(let duration) = configuration.loading.lease { max(1, duration.milliseconds) } else { nil }
  }

  /// Waits for the value that another process loads; returns for how long.
  ///
  /// It comes with a push. But nobody says that a loader failed, hence the limit; and where there are no pushes there is
  /// nothing but to look again and again.
  private func waitForOthers(_ target: Target, _ ticket: Near<Key, Value?>.Ticket) async -> Int64 {
    let lease = leaseMilliseconds ?? 1
    let limit = currentState(target) == .tracked ? max(20, lease / 4) : max(5, min(50, lease / 4))
    let start = configuration.clock.now
    await waitForChange(target, ticket, milliseconds: limit)
    return max(1, configuration.clock.now - start)
  }

  /// Returns when the key changes, or after a time.
  private func waitForChange(_ target: Target, _ ticket: Near<Key, Value?>.Ticket, milliseconds: Int64) async {
    let id = nextID()
    var timer: Task<Void, Never>?
    await withCheckedContinuation { continuation in
      guard near.change(target.hash, { $0.flights.watch(ticket, watcher: continuation, id: id) }) else {
        continuation.resume()
        return
      }
      timer = Task {
        try? await configuration.clock.sleep(milliseconds: milliseconds)
        near.change(target.hash) { $0.flights.unwatch(ticket, id: id) }?.resume()
      }
    }
    timer?.cancel()
  }

  private func load(_ target: Target, _ loader: Loader) async throws -> Value? {
    count { $0.loads += 1 }
    do {
      let value = try await loader(target.key)
      hub.emit(.loaded(key: keyText(target.key)))
      return value
    } catch {
      count { $0.loadFailures += 1 }
      hub.emit(.loadFailed(key: keyText(target.key), "\(error)"))
      throw error
    }
  }

  /// Loads a value and puts it on the server, if it was not invalidated meanwhile.
  ///
  /// It is not kept here: the server will say to all that it changed, to this process too, and forgets then who has read
  /// it. The next read gets it from the server and keeps it.
  private func loadAndFill(
    _ target: Target, _ ticket: Near<Key, Value?>.Ticket, _ loader: Loader, token: String
  ) async throws -> Brought {
    // The tags' versions are those of before: what invalidates a tag while it is loaded invalidates it too.
    let tags = try await currentTags(tagsOf?(target.key) ?? [])
    let value = try await load(target, loader)
    let payload = try value.map { try codec.encode($0) }
    let (bytes, milliseconds) = serverForm(payload, tags)
    if payload != nil || policy.nilTTL != nil {
      let leaseName = Self.leaseName(target.name)
      do {
        if leaseMilliseconds != nil {
          _ = try await backend.fill(target.name, bytes, milliseconds: milliseconds, lease: leaseName, token: token)
        } else {
          try await backend.write(
            target.name, bytes, milliseconds: milliseconds, endingLease: leaseName, note: nil)
        }
      } catch  where isUnreachable(error) {
        // The value is right nonetheless.
        logger.debug("A loaded value could not be put on the server: \(error)")
      }
    }
    guard currentState(target) == .untracked else { return Brought(value: value) }
    let lifetime = policy.near(
      remaining: milliseconds, isNil: value == nil, isTracked: false, keeping: target.keeping,
      now: configuration.clock.now, random: configuration.random())
    return Brought(value: value, bytes: payload?.count ?? 0, lifetime: lifetime)
  }

  // MARK: The server's value

  /// Reads what lies on the server; nil if nothing does, or if one of its tags has been invalidated.
  private func read(_ target: Target, _ ticket: Near<Key, Value?>.Ticket) async throws -> Stored? {
    try await backend.prepare(target.name)
    // What happened before this read no longer matters to it.
    let origin = backend.origin(of: target.name)
    near.change(target.hash) { $0.flights.restart(ticket, origin: origin) }
    let found = try await backend.read(target.name, isKept: true)
    if found.origin != origin {
      for watcher in near.change(target.hash, { $0.flights.spoil(ticket) }) { watcher.resume() }
    }
    return try await stored(found, target)
  }

  /// What was read, as it stands now; nil if nothing was, or if one of its tags has been invalidated.
  private func stored(_ found: BackendValue, _ target: Target) async throws -> Stored? {
    guard let bytes = found.bytes else { return nil }
    guard let envelope = Envelope(bytes) else { throw CacheError.undecodable(target.name) }

    var tags: (numbers: [Int], stamp: UInt64)?
    if !envelope.tags.isEmpty {
      let numbers = envelope.tags.map { tagVersions.number($0.name) }
      tags = (numbers, near.change(target.hash) { $0.store.stamp(of: numbers) })
      for (tag, number) in zip(envelope.tags, numbers) {
        if try await currentVersion(tag.name, number) != tag.version { return nil }
      }
    }
    var remaining = found.milliseconds
    if envelope.freshUntil != 0 {
      remaining = min(remaining ?? .max, envelope.freshUntil.clampedAdd(-configuration.clock.wallClock))
    }
    let value = try envelope.payload.map { try codec.decode($0) }
    return Stored(value: value, bytes: bytes.count, remaining: remaining, tags: tags)
  }

  /// What lies on the server, if it is right, for a read that keeps nothing. No flight: nobody would be told that what it
  /// brings has changed, so that nobody else may join it. Whatever stands in the way, a flight will find out.
  func readPast(_ key: Key) async -> Value?? {
    let target = target(key, keeping: .never)
    do {
      try await backend.prepare(target.name)
      let found = try await backend.read(target.name, isKept: false)
      guard let stored = try await stored(found, target), stored.remaining.map({ $0 > 0 }) ?? true else { return nil }
      count { $0.misses += 1 }
      hub.emit(.miss(key: keyText(key)))
      return .some(stored.value)
    } catch {
      return nil
    }
  }

  private func currentVersion(_ tag: String, _ number: Int) async throws -> Int64 {
    if let version = tagVersions.known(number) { return version }
    let name = tagVersions.name(tag)
    try await backend.prepare(name)
    let changes = tagVersions.changes(number)
    let found = try await backend.read(name, isKept: true)
    let version = found.bytes.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
    if state(of: backend.origin(of: name)) == .tracked {
      tagVersions.note(number, version: version, changes: changes)
    }
    return version
  }

  func currentTags(_ names: [String]) async throws -> [Envelope.Tag] {
    var tags: [Envelope.Tag] = []
    for name in Set(names).sorted() {
      tags.append(Envelope.Tag(name: name, version: try await currentVersion(name, tagVersions.number(name))))
    }
    return tags
  }

  /// A value as it is to lie on the server, and for how long.
  ///
  /// - Parameter isAhead: whether the store does not know it yet, and must not be asked until it does.
  func serverForm(
    _ payload: [UInt8]?, _ tags: [Envelope.Tag], isAhead: Bool = false
  ) -> (bytes: [UInt8], milliseconds: Int64?) {
    var times = policy.serverTimes(isNil: payload == nil, random: configuration.random())
    if isAhead, case .behind(let settings) = writing, let known = times {
      let least = settings.holdsFor.milliseconds
      times = (max(known.fresh, least), max(known.kept, least))
    }
    var envelope = Envelope(payload: payload, tags: tags)
    if let times, times.kept != times.fresh {
      envelope.freshUntil = configuration.clock.wallClock.clampedAdd(times.fresh)
    }
    return (envelope.encoded, times?.kept)
  }

  private func kept(_ stored: Stored, _ target: Target) -> Brought {
    let lifetime = policy.near(
      remaining: stored.remaining, isNil: stored.value == nil, isTracked: currentState(target) == .tracked,
      keeping: target.keeping, now: configuration.clock.now, random: configuration.random())
    return Brought(value: stored.value, bytes: stored.bytes, lifetime: lifetime, tags: stored.tags)
  }

  /// A value whose time is over, and what is left of the time after that.
  private func keptStale(_ stored: Stored, _ target: Target, atLeast pause: Int64 = 0) -> Brought {
    if target.keeping == .never { return Brought(value: stored.value, isStale: pause == 0) }
    let now = configuration.clock.now
    let age = -(stored.remaining ?? 0)
    let keptUntil = now.clampedAdd(max(0, max(policy.staleMilliseconds, policy.failSafeMilliseconds) - age))
    let staleUntil = now.clampedAdd(max(pause, policy.staleMilliseconds - age))
    let lifetime = Lifetime(
      eagerAt: now, freshUntil: now, staleUntil: min(staleUntil, keptUntil), keptUntil: keptUntil)
    return Brought(value: stored.value, bytes: stored.bytes, lifetime: lifetime, tags: stored.tags, isStale: pause == 0)
  }

  /// There is nothing on the server, and nobody to load it.
  private func absent(_ target: Target) -> Brought {
    guard policy.nilTTL != nil else { return Brought() }
    let lifetime = policy.near(
      remaining: nil, isNil: true, isTracked: currentState(target) == .tracked, keeping: target.keeping,
      now: configuration.clock.now, random: configuration.random())
    return Brought(lifetime: lifetime)
  }

  /// What is known of the connection that the key's reads go over now; it may be another than when the read began.
  private func currentState(_ target: Target) -> OriginState { state(of: backend.origin(of: target.name)) }

  /// Whether an error says that the server could not be asked, rather than what it answered.
  func isUnreachable(_ error: any Error) -> Bool {
    guard let error = error as? MartletError else { return false }
    return switch error {
    case .cannotConnect, .connectionLost, .timedOut, .tooManyInFlight, .protocolViolation, .closed: true
    default: false
    }
  }
}
