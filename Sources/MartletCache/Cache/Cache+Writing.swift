extension Cache {
  /// Writes a value. When it returns, no read of this process is given an older one, and the server has told the others.
  ///
  /// - Parameters:
  ///   - tags: names by which it can be invalidated together with others, see ``invalidate(tag:)``; beside those that the
  ///     cache gives it by its key.
  /// - Throws: what the store, the codec or the client throw; then no value is kept here, and none on the server as far as
  ///   it can be reached.
  public func set(_ key: Key, _ value: Value, tags: [String] = []) async throws {
    let target = target(key)
    let payload = try codec.encode(value)
    try await ownWrite(target) {
      let tags = try await currentTags(tags + (tagsOf?(key) ?? []))
      try await keepWithStore(target, value)
      let (bytes, milliseconds) = serverForm(payload, tags, isAhead: true)
      try await backend.write(
        target.name, bytes, milliseconds: milliseconds, endingLease: Self.leaseName(target.name),
        note: note(target, payload))
    }
  }

  /// Removes a value, here and everywhere: it is never given out again. With ``Writing/through(_:)`` and
  /// ``Writing/behind(_:)`` it is removed from the store as well.
  public func remove(_ key: Key) async throws {
    let target = target(key)
    try await ownWrite(target) {
      try await keepWithStore(target, nil)
      let note = note(target, nil)
      // The store still has it: that there is none must be known until it has not.
      let absent = note == nil ? nil : serverForm(nil, [], isAhead: true)
      try await backend.write(
        target.name, absent?.bytes, milliseconds: absent?.milliseconds, endingLease: Self.leaseName(target.name),
        note: note)
    }
  }

  /// Ends a value's time, here and everywhere: the next read has it loaded anew. It may be given out meanwhile, and if
  /// loading fails, as far as ``CacheConfiguration/refresh`` allows. Without that it is removed.
  public func expire(_ key: Key) async throws {
    let target = target(key)
    try await ownWrite(target) {
      let lease = Self.leaseName(target.name)
      guard policy.outlivesItsTime else { return try await backend.remove([target.name, lease]) }
      try await attempt {
        try await backend.prepare(target.name)
        let found = try await backend.read(target.name, isKept: false)
        guard let bytes = found.bytes, var envelope = Envelope(bytes), envelope.payload != nil else { return true }
        let now = configuration.clock.wallClock
        // Its time may have been over before; that is not to begin again.
        envelope.freshUntil = envelope.freshUntil == 0 ? now : min(envelope.freshUntil, now)
        return try await backend.replace(
          target.name, current: bytes, with: envelope.encoded, milliseconds: found.milliseconds, endingLease: lease,
          note: nil)
      }
    }
  }

  /// Invalidates all values with a tag, here and everywhere, with one write.
  public func invalidate(tag: String) async throws {
    let number = tagVersions.number(tag)
    let name = tagVersions.name(tag)
    func forget() {
      _ = tagVersions.invalidate(name: NameHash.of(name))
      near.invalidate(tag: number)
    }
    forget()
    defer { forget() }
    _ = try await backend.increment(name)
    count { $0.tagInvalidations += 1 }
    hub.emit(.invalidated(.tag(tag), entries: 0))
  }

  /// Changes a value so that nobody's change is lost: reads it from the server, changes it, and writes it if nobody else
  /// has meanwhile; else again.
  ///
  ///     try await users.update(42) { $0?.name = "Ada" }
  ///
  /// With ``Writing/through(_:)`` the store is given the value that was written; if it fails, the value is removed.
  ///
  /// - Parameters:
  ///   - attempts: how often.
  ///   - change: changes the value, or makes it nil to remove it. Called once for every attempt.
  /// - Returns: the value that was written.
  /// - Throws: ``CacheError/contended`` if somebody else was faster every time.
  @discardableResult
  public func update(
    _ key: Key, attempts: Int = 16, tags: [String] = [], _ change: @Sendable (inout Value?) throws -> Void
  ) async throws -> Value? {
    let target = target(key)
    var written: Value?
    try await ownWrite(target) {
      let tags = try await currentTags(tags + (tagsOf?(key) ?? []))
      try await attempt(attempts) {
        try await backend.prepare(target.name)
        let found = try await backend.read(target.name, isKept: false)
        var value = try await decoded(found, target)
        let wasThere = found.bytes != nil
        try change(&value)
        written = value
        guard value != nil || wasThere else { return true }
        let payload = try value.map { try codec.encode($0) }
        let note = note(target, payload)
        let (bytes, milliseconds) = serverForm(payload, tags, isAhead: true)
        return try await backend.replace(
          target.name, current: found.bytes, with: value == nil && note == nil ? nil : bytes,
          milliseconds: milliseconds, endingLease: Self.leaseName(target.name), note: note)
      }
      do {
        try await keepWithStore(target, written)
      } catch {
        try? await backend.remove([target.name, Self.leaseName(target.name)])
        throw error
      }
    }
    return written
  }

  /// The value in what was read, for a change: also one whose time is over has to be known.
  private func decoded(_ found: BackendValue, _ target: Target) async throws -> Value? {
    guard let bytes = found.bytes else { return nil }
    guard let envelope = Envelope(bytes) else { throw CacheError.undecodable(target.name) }
    for tag in try await currentTags(envelope.tags.map(\.name)) where !envelope.tags.contains(tag) { return nil }
    return try envelope.payload.map { try codec.decode($0) }
  }

  // MARK: Parts

  /// What every write has around it: what is here goes before the server is told, so that nobody reads it after; and again
  /// when the server has answered, whatever it answered, for somebody may have fetched the old value meanwhile.
  private func ownWrite(_ target: Target, _ body: () async throws -> Void) async throws {
    let removed = near.invalidate(name: target.nameHash)
    defer {
      near.invalidate(name: target.nameHash)
      count { $0.invalidations += removed }
      hub.emit(.invalidated(.ownWrite, entries: removed))
    }
    try await body()
  }

  /// Write-behind: what is to be noted for the store.
  private func note(_ target: Target, _ payload: [UInt8]?) -> WriteNote? {
    behind.map { WriteNote(stream: $0.stream, key: keyText(target.key), payload: payload) }
  }

  /// Write-through: the store first. If it fails nobody knows what it holds, so no value is kept.
  private func keepWithStore(_ target: Target, _ value: Value?) async throws {
    guard case .through(let store) = writing else { return }
    do {
      try await store(target.key, value)
    } catch {
      try? await backend.remove([target.name, Self.leaseName(target.name)])
      throw error
    }
  }

  /// Tries until it succeeds, each time after a little longer, by chance.
  private func attempt(_ attempts: Int = 16, _ body: () async throws -> Bool) async throws {
    for attempt in 0..<max(1, attempts) {
      if try await body() { return }
      try Task.checkCancellation()
      let pause = configuration.random() * Double(min(1 << min(attempt, 6), 50))
      try await configuration.clock.sleep(milliseconds: Int64(pause))
    }
    throw CacheError.contended
  }
}
