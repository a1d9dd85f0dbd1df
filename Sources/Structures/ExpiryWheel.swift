import CMartlet
import Memory

/// When something dies, and where in its ``ExpiryWheel`` or ``DeadlineHeap`` that is noted. Lies inside the
/// thing itself.
public struct Deadline {
  /// Unix time in milliseconds.
  public var milliseconds: Int64 = 0
  var slot: UInt32 = Deadline.unscheduled
  var index: UInt32 = 0

  static let unscheduled = UInt32.max

  public init() {}

  public var isScheduled: Bool { slot != Deadline.unscheduled }
}

/// Deadlines in the order of time: a hierarchical timing wheel (G. Varghese, T. Lauck, "Hashed and
/// hierarchical timing wheels", SOSP 1987) with one slot a millisecond on its finest ring.
///
/// Each ring has 512 slots, a slot of ring n covering 256^n milliseconds. A deadline goes onto the
/// finest ring that reaches it; insertion and removal are O(1). The usual wheel empties a coarse slot onto the
/// finer ring at one moment, which stalls when the slot holds a million keys. Here a ring reaches
/// twice as far as one slot of the next, so a coarse slot may be emptied at any time while the one before
/// it passes: the work is spread evenly over that time.
///
/// The wheel keeps addresses of deadlines; who moves a deadline says so with ``relocate(_:)``.
public struct ExpiryWheel: ~Copyable {
  public typealias Handle = UnsafeMutablePointer<Deadline>

  private struct SlotArray {
    var base: UnsafeMutablePointer<Handle>?
    var count: UInt32 = 0
    var capacity: UInt32 = 0
  }

  private static let ringBits = 8
  private static let slotsPerRing = 512
  private static let rings = 5
  private static let wordsPerRing = slotsPerRing / 64

  /// The rings take 40 kB, so a wheel that never held anything has none: while `count` is 0 nothing
  /// reads them.
  private var hasRings = false
  private var slots: UnsafeMutablePointer<SlotArray>
  /// One bit for each slot that is not empty.
  private var occupied: UnsafeMutablePointer<UInt64>
  private var ringCounts: UnsafeMutablePointer<Int>
  /// The first millisecond that is not finished yet.
  private var position: Int64
  public private(set) var count = 0

  public init(now: Int64) {
    // Placeholders that are never followed.
    slots = UnsafeMutablePointer(bitPattern: MemoryLayout<SlotArray>.alignment)!
    occupied = UnsafeMutablePointer(bitPattern: 8)!
    ringCounts = UnsafeMutablePointer(bitPattern: 8)!
    position = now
  }

  private mutating func makeRings() {
    let total = Self.rings * Self.slotsPerRing
    slots = Allocator.allocate(total * MemoryLayout<SlotArray>.stride).assumingMemoryBound(to: SlotArray.self)
    slots.initialize(repeating: SlotArray(), count: total)
    occupied = Allocator.allocate(total / 8).assumingMemoryBound(to: UInt64.self)
    occupied.initialize(repeating: 0, count: total / 64)
    ringCounts = Allocator.allocate(Self.rings * 8).assumingMemoryBound(to: Int.self)
    ringCounts.initialize(repeating: 0, count: Self.rings)
    hasRings = true
  }

  deinit {
    guard hasRings else { return }
    for i in 0..<Self.rings * Self.slotsPerRing {
      if let base = slots[i].base { Allocator.free(base) }
    }
    Allocator.free(slots)
    Allocator.free(occupied)
    Allocator.free(ringCounts)
  }

  // MARK: Schedule

  /// Notes the deadline at `handle`, whose `milliseconds` are set. A time that is past is due at once.
  public mutating func insert(_ handle: Handle) {
    if !hasRings { makeRings() }
    place(handle)
    count += 1
  }

  /// Takes a scheduled deadline out.
  public mutating func remove(_ handle: Handle) {
    guard handle.pointee.isScheduled else { return }
    unlink(handle)
    count -= 1
  }

  /// The deadline that was noted elsewhere now lies at `handle`.
  public func relocate(_ handle: Handle) {
    guard handle.pointee.isScheduled else { return }
    slots[Int(handle.pointee.slot)].base![Int(handle.pointee.index)] = handle
  }

  private mutating func place(_ handle: Handle) {
    let time = max(handle.pointee.milliseconds, position)
    var ring = 0
    while ring < Self.rings - 1 {
      let shift = ring * Self.ringBits
      if (time >> shift) - (position >> shift) < Self.slotsPerRing { break }
      ring += 1
    }
    let shift = ring * Self.ringBits
    // Beyond the coarsest ring, some 70 years away: parked in its farthest slot and looked at again then.
    let unit = min(time >> shift, (position >> shift) + Int64(Self.slotsPerRing) - 1)
    let slot = ring * Self.slotsPerRing + Int(unit & Int64(Self.slotsPerRing - 1))
    append(handle, to: slot)
    ringCounts[ring] += 1
  }

  private func append(_ handle: Handle, to slot: Int) {
    let array = slots + slot
    if array.pointee.count == array.pointee.capacity {
      let capacity = max(4, array.pointee.capacity * 2)
      array.pointee.base = Allocator.reallocate(array.pointee.base, to: Int(capacity) * 8)
        .assumingMemoryBound(to: Handle.self)
      array.pointee.capacity = capacity
    }
    array.pointee.base![Int(array.pointee.count)] = handle
    handle.pointee.slot = UInt32(slot)
    handle.pointee.index = array.pointee.count
    if array.pointee.count == 0 { occupied[slot / 64] |= 1 << UInt64(slot % 64) }
    array.pointee.count += 1
  }

  private func unlink(_ handle: Handle) {
    let slot = Int(handle.pointee.slot)
    let array = slots + slot
    let index = Int(handle.pointee.index)
    precondition(index < array.pointee.count && array.pointee.base![index] == handle, "a deadline moved unannounced")
    let last = Int(array.pointee.count) - 1
    if index != last {
      let moved = array.pointee.base![last]
      array.pointee.base![index] = moved
      moved.pointee.index = UInt32(index)
    }
    array.pointee.count -= 1
    handle.pointee.slot = Deadline.unscheduled
    ringCounts[slot / Self.slotsPerRing] -= 1
    if array.pointee.count == 0 {
      occupied[slot / 64] &= ~(1 << UInt64(slot % 64))
      Allocator.free(array.pointee.base!)
      array.pointee = SlotArray()
    } else if array.pointee.capacity > 16 && array.pointee.count < array.pointee.capacity / 4 {
      array.pointee.capacity /= 2
      array.pointee.base = Allocator.reallocate(array.pointee.base, to: Int(array.pointee.capacity) * 8)
        .assumingMemoryBound(to: Handle.self)
    }
  }

  // MARK: Time

  /// Lets the time pass up to and including `now`, handing each deadline that is due to `expire`,
  /// which must not change the wheel but may free what holds the deadline.
  ///
  /// - Parameter isOutOfTime: asked now and then; when it says so, the rest waits for the next call.
  /// - Returns: whether everything due was handed out.
  public mutating func advance(to now: Int64, expire: (Handle) -> Void, isOutOfTime: () -> Bool) -> Bool {
    var worked = 0
    while position <= now {
      if count == 0 {
        position = now + 1
        return true
      }
      // Coarse slots whose time begins must be empty before the finest ring goes on.
      for ring in 1..<Self.rings where ringCounts[ring] > 0 {
        let shift = ring * Self.ringBits
        let slot = ring * Self.slotsPerRing + Int((position >> shift) & Int64(Self.slotsPerRing - 1))
        while slots[slot].count > 0 {
          moveDown(slot)
          worked += 1
          if worked & 127 == 0 && isOutOfTime() { return false }
        }
      }
      let unitEnd = (position >> Int64(Self.ringBits) + 1) << Int64(Self.ringBits)
      guard let due = nextOccupied(from: position, to: min(now + 1, unitEnd)) else {
        position = min(now + 1, unitEnd)
        continue
      }
      position = due
      let slot = Int(due & Int64(Self.slotsPerRing - 1))
      while slots[slot].count > 0 {
        let handle = slots[slot].base![Int(slots[slot].count) - 1]
        unlink(handle)
        count -= 1
        expire(handle)
        worked += 1
        if worked & 31 == 0 && isOutOfTime() { return false }
      }
      position += 1
    }
    return count == 0 || spread(now: now, isOutOfTime: isOutOfTime)
  }

  /// The part of coarse slots that is to move now, so that each is empty when its time begins.
  private mutating func spread(now: Int64, isOutOfTime: () -> Bool) -> Bool {
    for ring in 1..<Self.rings where ringCounts[ring] > 0 {
      let shift = ring * Self.ringBits
      let next = (position >> shift) + 1
      let slot = ring * Self.slotsPerRing + Int(next & Int64(Self.slotsPerRing - 1))
      var left = Int64(slots[slot].count)
      guard left > 0 else { continue }
      // As large a share of the slot as of the time left has passed at the next call, some
      // milliseconds from now.
      let timeLeft = max(1, (next << shift) - position)
      var quota = max(16, left * 8 / timeLeft)
      while left > 0 && quota > 0 {
        moveDown(slot)
        left -= 1
        quota -= 1
        if left & 127 == 0 && isOutOfTime() { return true }
      }
    }
    return true
  }

  private mutating func moveDown(_ slot: Int) {
    let handle = slots[slot].base![Int(slots[slot].count) - 1]
    unlink(handle)
    place(handle)
  }

  /// The first millisecond in `start..<end` (at most one turn of the finest ring) with a deadline.
  private func nextOccupied(from start: Int64, to end: Int64) -> Int64? {
    guard ringCounts[0] > 0 else { return nil }
    var time = start
    while time < end {
      let index = Int(time & Int64(Self.slotsPerRing - 1))
      let word = occupied[index / 64] >> UInt64(index % 64)
      if word != 0 {
        let found = time + Int64(word.trailingZeroBitCount)
        return found < end ? found : nil
      }
      time += Int64(64 - index % 64)
    }
    return nil
  }

  /// When `advance` should be called next; nil if nothing is scheduled.
  public var nextEvent: Int64? {
    guard count > 0 else { return nil }
    let horizon = position + Int64(Self.slotsPerRing) - 1
    let first = nextOccupied(from: position, to: horizon) ?? horizon
    guard ringCounts[0] < count else { return first }
    for ring in 1..<Self.rings where ringCounts[ring] > 0 {
      let next = (position >> (ring * Self.ringBits)) + 1
      // A coarse slot is under way: small steps keep its emptying even.
      if slots[ring * Self.slotsPerRing + Int(next & Int64(Self.slotsPerRing - 1))].count > 0 {
        return min(first, position + 8)
      }
    }
    let unitEnd = (position >> Int64(Self.ringBits) + 1) << Int64(Self.ringBits)
    return min(first, unitEnd)
  }

  /// One of the scheduled deadlines, each with the same probability.
  public func randomHandle(_ random: inout some RandomNumberGenerator) -> Handle? {
    guard count > 0 else { return nil }
    var left = Int.random(in: 0..<count, using: &random)
    for ring in 0..<Self.rings {
      if left >= ringCounts[ring] {
        left -= ringCounts[ring]
        continue
      }
      for word in 0..<Self.wordsPerRing {
        var bits = occupied[ring * Self.wordsPerRing + word]
        while bits != 0 {
          let array = slots + ring * Self.slotsPerRing + word * 64 + bits.trailingZeroBitCount
          if left < array.pointee.count { return array.pointee.base![left] }
          left -= Int(array.pointee.count)
          bits &= bits - 1
        }
      }
    }
    return nil
  }

  /// A deadline that is next to come, or among the next few when that is still coarse.
  public func soonestHandle() -> Handle? {
    guard count > 0 else { return nil }
    for ring in 0..<Self.rings where ringCounts[ring] > 0 {
      let start = Int((position >> (ring * Self.ringBits)) & Int64(Self.slotsPerRing - 1))
      for step in 0..<Self.slotsPerRing {
        let array = slots + (ring * Self.slotsPerRing + (start + step) % Self.slotsPerRing)
        guard array.pointee.count > 0 else { continue }
        var best = array.pointee.base![0]
        for i in 1..<max(1, min(64, Int(array.pointee.count))) {
          let other = array.pointee.base![i]
          if other.pointee.milliseconds < best.pointee.milliseconds { best = other }
        }
        return best
      }
    }
    return nil
  }
}
