/// Which slots are due, without a sort and without a look at those that are not.
///
/// A hierarchical timing wheel (Varghese, Lauck 1987): four wheels of 64 buckets, each turning 64 times slower than the one
/// before. A deadline goes into the bucket of the slowest wheel in which it differs from now; when that bucket comes up, it
/// moves to a faster wheel or is due. Scheduling and cancelling are O(1), and an entry moves at most three times.
///
/// The wheel only says when memory can be had back. Whether an entry may still be given out is decided by its own deadline,
/// to the millisecond; so a tick can be coarse, and the work can be spread: `advance` detaches the buckets that came up in
/// one step each, and takes from them no more than it is allowed to.
struct TimingWheel: Sendable {
  /// 128 ms a tick: the wheels span 8 s, 9 min, 9 h and 25 days. What is further off is looked at again every 25 days.
  static let tickBits: Int64 = 7
  private static let bucketBits: Int64 = 6
  private static let wheels = 4
  private static let buckets = 1 << bucketBits

  /// A ring: of a bucket's head and its slots. An unscheduled slot's node is a ring of itself.
  private struct Node {
    var previous: UInt32
    var next: UInt32
    var deadline: Int64
  }

  /// First the buckets' heads, wheel by wheel, then the head of what came up, then the slots.
  private var nodes: ContiguousArray<Node>
  private var tick: Int64

  private static let cameUp = UInt32(wheels * buckets)
  private static let firstSlot = cameUp + 1

  init(now: Int64) {
    tick = now >> Self.tickBits
    nodes = ContiguousArray((0..<Self.firstSlot).map { Node(previous: $0, next: $0, deadline: 0) })
  }

  /// Sets the time at which a slot is due, in place of an earlier setting.
  mutating func schedule(_ slot: Int, deadline: Int64) {
    let node = Self.firstSlot + UInt32(slot)
    while nodes.count <= Int(node) {
      let index = UInt32(nodes.count)
      nodes.append(Node(previous: index, next: index, deadline: 0))
    }
    unlink(node)
    nodes[Int(node)].deadline = deadline
    link(node, before: bucket(deadline))
  }

  mutating func cancel(_ slot: Int) {
    let node = Self.firstSlot + UInt32(slot)
    if Int(node) < nodes.count { unlink(node) }
  }

  /// Turns the wheels to `now` and takes one slot that is due; nil if none is, or if `budget` is used up. Each slot that is
  /// looked at costs one of it.
  mutating func next(now: Int64, budget: inout Int) -> Int? {
    turn(to: now >> Self.tickBits)
    while budget > 0 {
      let node = nodes[Int(Self.cameUp)].next
      if node == Self.cameUp { return nil }
      budget -= 1
      unlink(node)
      let deadline = nodes[Int(node)].deadline
      if deadline <= now { return Int(node - Self.firstSlot) }
      link(node, before: bucket(deadline))
    }
    return nil
  }

  private mutating func turn(to now: Int64) {
    guard now > tick else { return }
    for wheel in 0..<Self.wheels {
      let shift = Int64(wheel) * Self.bucketBits
      let first = tick >> shift
      let last = now >> shift
      if first == last { break }
      // After a whole turn every bucket has come up once; it need not come up twice.
      for position in first...min(last, first + Int64(Self.buckets) - 1) {
        detach(UInt32(wheel * Self.buckets) + UInt32(truncatingIfNeeded: position & Int64(Self.buckets - 1)))
      }
    }
    tick = now
  }

  /// The bucket in which a deadline waits. What is due within this very tick waits for the next one.
  private func bucket(_ deadline: Int64) -> UInt32 {
    let due = max(deadline >> Self.tickBits, tick)
    for wheel in 0..<Self.wheels {
      let shift = Int64(wheel) * Self.bucketBits
      if wheel == Self.wheels - 1 || (due >> shift) - (tick >> shift) < Int64(Self.buckets) {
        // Beyond the slowest wheel: the bucket that comes up last.
        let position = min(due >> shift, (tick >> shift) + Int64(Self.buckets) - 1)
        return UInt32(wheel * Self.buckets) + UInt32(truncatingIfNeeded: position & Int64(Self.buckets - 1))
      }
    }
    return Self.cameUp
  }

  private mutating func link(_ node: UInt32, before head: UInt32) {
    let last = nodes[Int(head)].previous
    nodes[Int(node)].previous = last
    nodes[Int(node)].next = head
    nodes[Int(last)].next = node
    nodes[Int(head)].previous = node
  }

  private mutating func unlink(_ node: UInt32) {
    let (previous, next) = (nodes[Int(node)].previous, nodes[Int(node)].next)
    nodes[Int(previous)].next = next
    nodes[Int(next)].previous = previous
    nodes[Int(node)].previous = node
    nodes[Int(node)].next = node
  }

  /// Moves a whole bucket to what came up, in one step.
  private mutating func detach(_ head: UInt32) {
    let first = nodes[Int(head)].next
    guard first != head else { return }
    let last = nodes[Int(head)].previous
    let end = nodes[Int(Self.cameUp)].previous
    nodes[Int(end)].next = first
    nodes[Int(first)].previous = end
    nodes[Int(last)].next = Self.cameUp
    nodes[Int(Self.cameUp)].previous = last
    nodes[Int(head)].next = head
    nodes[Int(head)].previous = head
  }
}
