/// The entries that this process keeps itself, within a number of bytes.
///
/// *Which stay.* W-TinyLFU (Einziger, Friedman, Manes 2017): a new entry enters an LRU window, at first an hundredth of the
/// room, then as large as suits the load (`WindowClimber`). What falls out of it becomes a candidate for the main room, and gets in only if it was asked for more often lately
/// than those who would have to go, all of them together, since entries differ in size (Einziger, Eytan, Friedman, Manes
/// 2021). The main room is a segmented LRU: on probation until asked for again, then protected. One pass over a million
/// keys therefore costs nobody their place, and a sudden favourite still gets in by the window.
///
/// *When they go.* By time: each entry has its own deadline, checked at every read; a timing wheel gives the memory back.
/// By invalidation: the server names keys as it writes them. They are found by a hash of the name, so no name is kept here;
/// if two names collide, one entry too many goes, never one too few. All at once: every entry belongs to an epoch of the
/// origin it was read from. When the connection to that is lost for good its epoch ends, in one step, and the memory comes
/// back bit by bit.
///
/// Not safe for concurrent use by itself: `NearShard` holds it under a lock. Nothing here waits or allocates for a hit.
@usableFromInline
struct NearStore<Key: Hashable & Sendable, Value: Sendable> {
  /// Why an entry went, or never came in.
  enum Removal: Int, CaseIterable { case capacity, rejected, tooLarge, expired, invalidated, flushed, tag, replaced }

  /// What each entry costs beside what it was said to weigh.
  static var overhead: Int {
    MemoryLayout<NearSlots.Slot>.stride + MemoryLayout<Key>.stride + MemoryLayout<Value>.stride + 64
  }

  @usableFromInline var slots: NearSlots
  @usableFromInline var keys: ContiguousArray<Key?> = []
  @usableFromInline var values: ContiguousArray<Value?> = []
  var tags: [Int: [Int]] = [:]
  @usableFromInline var byKey = SlotIndex()
  var byName = SlotIndex()
  @usableFromInline var sketch = FrequencySketch(keys: 512)
  @usableFromInline var origins: ContiguousArray<NearOrigin> = [NearOrigin()]
  var tagStamps: ContiguousArray<UInt64> = []
  var wheel: TimingWheel

  /// Slots that a flush left to be looked through, and where.
  private var sweepRemaining = 0
  private var sweepPosition = 0

  @usableFromInline var hits = 0
  @usableFromInline var questions = 0
  private var climber = WindowClimber()
  private(set) var removals = ContiguousArray(repeating: 0, count: Removal.allCases.count)

  /// What was removed, until the caller has left the lock: a value's deinit is somebody else's code.
  private var discarded: ContiguousArray<Value> = []

  init(capacity: Int, now: Int64) {
    slots = NearSlots(capacity: capacity, windowPart: climber.part)
    wheel = TimingWheel(now: now)
  }

  var count: Int { byKey.count }
  func removals(_ reason: Removal) -> Int { removals[reason.rawValue] }
  var bytes: Int { slots.bytes }

  /// Values that left since the last call, to be released outside the lock.
  mutating func takeDiscarded() -> ContiguousArray<Value> {
    if discarded.isEmpty { return [] }
    let taken = discarded
    discarded = []
    return taken
  }
}

/// Until when an entry may be used, and for what; each no earlier than the one before.
@usableFromInline
struct Lifetime: Sendable, Equatable {
  /// From here on a hit also asks for a new value, in the background.
  var eagerAt = Int64.max
  var freshUntil = Int64.max
  /// Until here it may be given out while a new one is fetched.
  var staleUntil = Int64.max
  /// Until here it may be given out when no new one can be had.
  var keptUntil = Int64.max
}

/// What a near store knows of a key.
@usableFromInline
enum NearFound<Value> {
  case fresh(Value)
  /// Fresh, and it is time to ask for a newer one. Said once.
  case refreshDue(Value)
  /// May be given out while a new one is fetched.
  case stale(Value)
  case none
}

extension NearFound: Sendable where Value: Sendable {}

// MARK: Reading

extension NearStore {
  /// What is known of a key. Asking is what makes it popular.
  @inlinable
  mutating func find(_ key: Key, hash: UInt64, clock: CacheClock) -> NearFound<Value> {
    questions += 1
    sketch.record(hash)
    guard let slot = slot(of: key, hash: hash) else { return .none }
    let entry = slots[slot]
    // The clock is read only for what ends some time.
    if entry.epoch != origins[Int(entry.origin)].live || entry.isTagged
      || entry.attention != .max && entry.attention <= clock.now
    {
      return lookCloser(slot, now: clock.now)
    }
    hits += 1
    slots.touch(slot)
    return .fresh(values[slot]!)
  }

  @inlinable
  func slot(of key: Key, hash: UInt64) -> Int? {
    var place = byKey.start(hash)
    while let slot = byKey.next(hash, &place) {
      if slots[slot].hash == hash, keys[slot]! == key { return slot }
    }
    return nil
  }

  /// A value that is no longer fresh but was never invalidated: for when no other can be had.
  mutating func fallback(_ key: Key, hash: UInt64, now: Int64) -> Value? {
    guard let slot = slot(of: key, hash: hash), isCurrent(slot, now: now), slots[slot].keptUntil > now else {
      return nil
    }
    return values[slot]
  }

  /// The same, when an attempt to get another has just failed: for `pause` milliseconds it is given out as stale, so that
  /// not every read waits for the next attempt.
  mutating func fallback(_ key: Key, hash: UInt64, now: Int64, pause: Int64) -> Value? {
    guard let value = fallback(key, hash: hash, now: now), let slot = slot(of: key, hash: hash) else { return nil }
    let until = min(slots[slot].keptUntil, now.clampedAdd(pause))
    slots[slot].staleUntil = max(slots[slot].staleUntil, until)
    return value
  }

  @usableFromInline
  mutating func lookCloser(_ slot: Int, now: Int64) -> NearFound<Value> {
    guard isCurrent(slot, now: now) else {
      // While the connection is lost it may yet turn out that nothing was missed.
      if isDead(slot) { remove(slot, .flushed) } else if isOutdatedByTag(slot) { remove(slot, .tag) }
      return .none
    }
    let entry = slots[slot]
    if entry.freshUntil > now {
      hits += 1
      slots.touch(slot)
      if entry.attention > now { return .fresh(values[slot]!) }
      slots[slot].attention = entry.freshUntil
      return .refreshDue(values[slot]!)
    }
    if entry.staleUntil > now {
      slots.touch(slot)
      return .stale(values[slot]!)
    }
    if entry.keptUntil <= now { remove(slot, .expired) }
    return .none
  }

  /// Whether a slot's origin and tags stand as they did when it was filled.
  private func isCurrent(_ slot: Int, now: Int64) -> Bool {
    let origin = origins[Int(slots[slot].origin)]
    guard slots[slot].epoch == origin.epoch, !isOutdatedByTag(slot) else { return false }
    return origin.live == origin.epoch || now < origin.servedUntil
  }

  private func isDead(_ slot: Int) -> Bool { slots[slot].epoch != origins[Int(slots[slot].origin)].epoch }

  private func isOutdatedByTag(_ slot: Int) -> Bool {
    guard slots[slot].isTagged, let tags = tags[slot] else { return false }
    return stamp(of: tags) != slots[slot].tagStamp
  }

  /// Neither of use now nor later.
  private func isWorthless(_ slot: Int, now: Int64) -> Bool {
    isDead(slot) || slots[slot].keptUntil <= now || isOutdatedByTag(slot)
  }
}

// MARK: Filling

extension NearStore {
  /// Keeps a value, if the admission policy finds it worth its room; in place of what the key had.
  ///
  /// - Parameters:
  ///   - name: the hash of the name by which the server will say that it changed.
  ///   - tags: numbers of its tags, with the sum of their stamps from before their versions were compared.
  mutating func insert(
    _ key: Key, hash: UInt64, name: UInt64, _ value: Value, bytes: Int, lifetime: Lifetime, origin: Int = 0,
    tags: (numbers: [Int], stamp: UInt64)? = nil, now: Int64
  ) {
    if let old = slot(of: key, hash: hash) { remove(old, .replaced) }
    reclaim(now: now, budget: 8)
    let weight = bytes + Self.overhead
    guard weight <= slots.capacity else {
      removals[Removal.tooLarge.rawValue] += 1
      return
    }
    guard lifetime.keptUntil > now, origins[origin].live != 0 else { return }

    let slot = takeSlot()
    slots[slot].hash = hash
    slots[slot].name = name
    slots[slot].attention = min(lifetime.eagerAt, lifetime.freshUntil)
    slots[slot].freshUntil = lifetime.freshUntil
    slots[slot].staleUntil = lifetime.staleUntil
    slots[slot].keptUntil = lifetime.keptUntil
    slots[slot].epoch = origins[origin].epoch
    slots[slot].origin = UInt32(origin)
    slots[slot].bytes = weight
    if let tags, !tags.numbers.isEmpty {
      slots[slot].isTagged = true
      slots[slot].tagStamp = tags.stamp
      self.tags[slot] = tags.numbers
    }
    keys[slot] = key
    values[slot] = value
    byKey.insert(slot, hash: hash)
    byName.insert(slot, hash: name)
    if lifetime.keptUntil != .max { wheel.schedule(slot, deadline: lifetime.keptUntil) }
    slots.push(slot, .window)
    balance(now: now)
  }

  private mutating func takeSlot() -> Int {
    let slot = slots.take()
    if slot == keys.count {
      keys.append(nil)
      values.append(nil)
      if slots.count > sketch.capacity { sketch.grow(keys: slots.count) }
    }
    return slot
  }

  /// Moves what the window has too much to the main room, or out.
  private mutating func balance(now: Int64) {
    if climber.climb(hits: hits, questions: questions, entries: count) { slots.resizeWindow(climber.part) }
    while slots.window.bytes > slots.windowCapacity, slots.window.tail != none {
      let candidate = Int(slots.window.tail)
      if isWorthless(candidate, now: now) {
        remove(candidate, slots[candidate].keptUntil <= now ? .expired : .flushed)
      } else if makeRoom(for: candidate, now: now) {
        slots.move(candidate, to: .probation)
      } else {
        remove(candidate, .rejected)
      }
    }
  }

  /// Removes from the main room those who have to go for a candidate, if it was asked for more often than all of them.
  private mutating func makeRoom(for candidate: Int, now: Int64) -> Bool {
    let excess = slots[candidate].bytes - slots.mainRoom
    guard excess > 0 else { return true }

    let popularity = sketch.estimate(slots[candidate].hash)
    var theirs = 0
    var freed = 0
    var victimCount = 0
    var victim = slots.victim
    while freed < excess {
      guard victim != none else { return false }
      let slot = Int(victim)
      if !isWorthless(slot, now: now) {
        theirs += sketch.estimate(slots[slot].hash)
        if theirs >= popularity { return false }
      }
      freed += slots[slot].bytes
      victimCount += 1
      victim = slots.victim(after: slot)
    }
    for _ in 0..<victimCount {
      remove(Int(slots.victim), .capacity)
    }
    return true
  }
}

// MARK: Invalidating

extension NearStore {
  /// Removes what came by this name; returns how many entries that were.
  @discardableResult
  mutating func invalidate(name: UInt64) -> Int {
    var count = 0
    var place = byName.start(name)
    while let slot = byName.next(name, &place) {
      guard slots[slot].name == name else { continue }
      remove(slot, .invalidated)
      count += 1
      // The run may have shifted.
      place = byName.start(name)
    }
    return count
  }

  /// Ends the epoch of an origin: nothing that was read from it is given out again. O(1).
  mutating func flush(origin: Int) {
    origins[origin].epoch &+= 1
    if origins[origin].epoch == 0 { origins[origin].epoch = 1 }
    if origins[origin].live != 0 { origins[origin].live = origins[origin].epoch }
    origins[origin].servedUntil = .min
    sweepRemaining = slots.count
  }

  /// The connection is lost: nobody says any more what changes. What was read is given out until `servedUntil` at most, and
  /// nothing is added.
  mutating func suspend(origin: Int, servedUntil: Int64) {
    origins[origin].live = 0
    origins[origin].servedUntil = servedUntil
  }

  /// The connection is back, and what changed meanwhile has been said (or the origin was flushed).
  mutating func resume(origin: Int) { origins[origin].live = origins[origin].epoch }

  func isSuspended(origin: Int) -> Bool { origins[origin].live == 0 }

  /// Makes a place that entries come from known. Nothing is kept from it before it is resumed.
  mutating func addOrigin(_ origin: Int) {
    while origins.count <= origin { origins.append(NearOrigin(live: 0)) }
  }

  /// The sum of the tags' stamps: take it before their versions are compared, and hand it to `insert`.
  func stamp(of tags: [Int]) -> UInt64 {
    tags.reduce(0) { $0 &+ ($1 < tagStamps.count ? tagStamps[$1] : 0) }
  }

  /// A tag's version changed: what carries it is not given out again. O(1).
  mutating func invalidate(tag: Int) {
    while tagStamps.count <= tag { tagStamps.append(0) }
    tagStamps[tag] &+= 1
  }

  /// Gives back the memory of what has expired or was flushed, looking at no more than `budget` entries of each.
  mutating func reclaim(now: Int64, budget: Int) {
    var left = budget
    while let slot = wheel.next(now: now, budget: &left) { remove(slot, .expired) }
    left = min(budget, sweepRemaining)
    sweepRemaining -= left
    while left > 0 {
      if sweepPosition >= slots.count { sweepPosition = 0 }
      if slots[sweepPosition].segment != .free, isDead(sweepPosition) { remove(sweepPosition, .flushed) }
      sweepPosition += 1
      left -= 1
    }
  }

  /// Whether `reclaim` would find something to do.
  var hasSweepLeft: Bool { sweepRemaining > 0 }

  /// Removes a key's own entry, for nobody will ask for it by name.
  @discardableResult
  mutating func remove(_ key: Key, hash: UInt64) -> Bool {
    guard let slot = slot(of: key, hash: hash) else { return false }
    remove(slot, .invalidated)
    return true
  }

  private mutating func remove(_ slot: Int, _ reason: Removal) {
    removals[reason.rawValue] += 1
    byKey.remove(slot, hash: slots[slot].hash)
    byName.remove(slot, hash: slots[slot].name)
    wheel.cancel(slot)
    if slots[slot].isTagged { tags[slot] = nil }
    keys[slot] = nil
    if let value = values[slot].take() { discarded.append(value) }
    slots.free(slot)
  }
}
