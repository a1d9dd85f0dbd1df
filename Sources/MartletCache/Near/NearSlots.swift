/// What a near store knows of its entries beside key and value, and the three LRU lists in which they stand.
///
/// It knows nothing of types, so that a hit runs no generic code here.
@usableFromInline
struct NearSlots: Sendable {
  @usableFromInline
  struct Slot: Sendable {
    @usableFromInline var hash: UInt64 = 0
    @usableFromInline var name: UInt64 = 0
    /// From when on a hit must look closer: the earliest of the times below.
    @usableFromInline var attention = Int64.max
    var freshUntil = Int64.max
    var staleUntil = Int64.max
    var keptUntil = Int64.max
    /// The sum of its tags' stamps when it was filled. Stamps only rise: the sum is the same only if each of them is.
    var tagStamp: UInt64 = 0
    @usableFromInline var epoch: UInt32 = 0
    @usableFromInline var origin: UInt32 = 0
    var bytes = 0
    var previous = none
    var next = none
    var segment = Segment.free
    @usableFromInline var isTagged = false
  }

  enum Segment: UInt8 { case free, window, probation, protected }

  /// One of the lists; the links are in the slots.
  struct List: Sendable {
    var head = none
    var tail = none
    var bytes = 0
  }

  @usableFromInline var slots: ContiguousArray<Slot> = []
  private(set) var window = List()
  private(set) var probation = List()
  private(set) var protected = List()
  private var firstFree = none

  let capacity: Int
  private(set) var windowCapacity = 0
  private var protectedCapacity = 0

  /// - Parameter capacity: bytes.
  init(capacity: Int, windowPart: Double) {
    self.capacity = capacity
    resizeWindow(windowPart)
  }

  /// Gives the window a part of the capacity. Of the rest four fifths are the protected entries'.
  mutating func resizeWindow(_ part: Double) {
    windowCapacity = max(1, Int(Double(capacity) * part))
    protectedCapacity = (capacity - windowCapacity) / 10 * 8
    // Those who would have to go first get another chance.
    while mainRoom < 0, victim != none { move(Int(victim), to: .window) }
  }

  @usableFromInline
  subscript(slot: Int) -> Slot {
    @inlinable _read { yield slots[slot] }
    @inlinable _modify { yield &slots[slot] }
  }

  /// Slots that there are, used or not.
  var count: Int { slots.count }
  var bytes: Int { window.bytes + probation.bytes + protected.bytes }
  /// Bytes that are free in the main room.
  var mainRoom: Int { capacity - windowCapacity - probation.bytes - protected.bytes }

  // MARK: Slots

  /// A slot for a new entry, which stands in no list yet: one that was freed, or the one after the last.
  mutating func take() -> Int {
    guard firstFree != none else {
      slots.append(Slot())
      return slots.count - 1
    }
    let slot = Int(firstFree)
    firstFree = slots[slot].next
    slots[slot] = Slot()
    return slot
  }

  /// Takes a slot out of its list, for another entry to have.
  mutating func free(_ slot: Int) {
    unlink(slot)
    slots[slot] = Slot()
    slots[slot].next = firstFree
    firstFree = UInt32(slot)
  }

  // MARK: Lists

  /// Notes that an entry was asked for.
  @usableFromInline
  mutating func touch(_ slot: Int) {
    switch slots[slot].segment {
    case .window: if window.head != UInt32(slot) { move(slot, to: .window) }
    case .protected: if protected.head != UInt32(slot) { move(slot, to: .protected) }
    case .probation:
      move(slot, to: .protected)
      // If the protected have no room, the one least recently asked for goes back.
      while protected.bytes > protectedCapacity, protected.tail != protected.head {
        move(Int(protected.tail), to: .probation)
      }
    case .free: assertionFailure("a free slot was asked for")
    }
  }

  /// Who would have to go first from the main room.
  var victim: UInt32 { probation.tail != none ? probation.tail : protected.tail }

  /// Who would have to go after that one.
  func victim(after slot: Int) -> UInt32 {
    let next = slots[slot].previous
    return next == none && slots[slot].segment == .probation ? protected.tail : next
  }

  /// Moves an entry to the front of a list.
  mutating func move(_ slot: Int, to segment: Segment) {
    unlink(slot)
    push(slot, segment)
  }

  mutating func push(_ slot: Int, _ segment: Segment) {
    slots[slot].segment = segment
    switch segment {
    case .window: Self.push(&slots, slot, &window)
    case .probation: Self.push(&slots, slot, &probation)
    case .protected: Self.push(&slots, slot, &protected)
    case .free: assertionFailure("free slots are in no list")
    }
  }

  private mutating func unlink(_ slot: Int) {
    switch slots[slot].segment {
    case .window: Self.unlink(&slots, slot, &window)
    case .probation: Self.unlink(&slots, slot, &probation)
    case .protected: Self.unlink(&slots, slot, &protected)
    case .free: assertionFailure("free slots are in no list")
    }
  }

  private static func push(_ slots: inout ContiguousArray<Slot>, _ slot: Int, _ list: inout List) {
    slots[slot].previous = none
    slots[slot].next = list.head
    if list.head != none { slots[Int(list.head)].previous = UInt32(slot) } else { list.tail = UInt32(slot) }
    list.head = UInt32(slot)
    list.bytes += slots[slot].bytes
  }

  private static func unlink(_ slots: inout ContiguousArray<Slot>, _ slot: Int, _ list: inout List) {
    let (previous, next) = (slots[slot].previous, slots[slot].next)
    if previous != none { slots[Int(previous)].next = next } else { list.head = next }
    if next != none { slots[Int(next)].previous = previous } else { list.tail = previous }
    list.bytes -= slots[slot].bytes
  }
}

/// No slot.
let none = UInt32.max

/// Where entries come from: a server connection, or all of one server's.
@usableFromInline
struct NearOrigin: Sendable {
  /// The epoch whose entries may be given out without a further look; 0 while the connection is lost.
  @usableFromInline var live: UInt32 = 1
  var epoch: UInt32 = 1
  /// While the connection is lost: until when its entries may be given out all the same.
  var servedUntil = Int64.min
}
