import Memory

/// Deadlines of which only the soonest is asked for: a four-way heap (D. B. Johnson, "Priority queues with
/// update and finding minimum spanning trees", 1975). Takes 16 bytes for each, where an ``ExpiryWheel`` takes
/// 40 kB for the first; insertion and removal cost O(log n).
///
/// It keeps addresses of deadlines; each deadline knows its place, so that any can be removed. Times are
/// kept beside the addresses: comparisons do not touch the deadlines themselves.
public struct DeadlineHeap: ~Copyable {
  public typealias Handle = UnsafeMutablePointer<Deadline>

  private struct Node {
    var milliseconds: Int64
    var handle: Handle
  }

  private var nodes: UnsafeMutablePointer<Node>?
  private var capacity = 0
  public private(set) var count = 0

  public init() {}

  deinit {
    if let nodes { Allocator.free(nodes) }
  }

  public var allocatedBytes: Int { nodes.map { Allocator.usableSize($0) } ?? 0 }

  public var soonest: Handle? { count > 0 ? nodes![0].handle : nil }

  /// Notes the deadline at `handle`, whose `milliseconds` are set.
  public mutating func insert(_ handle: Handle) {
    precondition(count < UInt32.max)
    if count == capacity { resize(to: max(4, capacity * 2)) }
    count += 1
    rise(Node(milliseconds: handle.pointee.milliseconds, handle: handle), from: count - 1)
  }

  /// Takes a deadline out; one that is not in is left alone.
  public mutating func remove(_ handle: Handle) {
    guard handle.pointee.isScheduled else { return }
    let index = Int(handle.pointee.index)
    precondition(index < count && nodes![index].handle == handle, "a deadline moved unannounced")
    handle.pointee.slot = Deadline.unscheduled
    count -= 1
    if index < count {
      let last = nodes![count]
      if index > 0 && last.milliseconds < nodes![(index - 1) / 4].milliseconds {
        rise(last, from: index)
      } else {
        sink(last, from: index)
      }
    }
    if capacity > 16 && count < capacity / 4 { resize(to: capacity / 2) }
  }

  /// The deadline that was noted elsewhere now lies at `handle`.
  public func relocate(_ handle: Handle) {
    guard handle.pointee.isScheduled else { return }
    nodes![Int(handle.pointee.index)].handle = handle
  }

  /// How many deadlines lie before `time`. Costs in proportion to the answer.
  public func count(before time: Int64) -> Int {
    func below(_ index: Int) -> Int {
      guard index < count, nodes![index].milliseconds < time else { return 0 }
      var found = 1
      for child in index * 4 + 1...index * 4 + 4 { found += below(child) }
      return found
    }
    return below(0)
  }

  private mutating func resize(to newCapacity: Int) {
    nodes = Allocator.reallocate(nodes, to: newCapacity * MemoryLayout<Node>.stride)
      .assumingMemoryBound(to: Node.self)
    capacity = newCapacity
  }

  private func put(_ node: Node, at index: Int) {
    (nodes! + index).initialize(to: node)
    node.handle.pointee.slot = 0
    node.handle.pointee.index = UInt32(truncatingIfNeeded: index)
  }

  private func rise(_ node: Node, from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 4
      if nodes![parent].milliseconds <= node.milliseconds { break }
      put(nodes![parent], at: index)
      index = parent
    }
    put(node, at: index)
  }

  private func sink(_ node: Node, from start: Int) {
    var index = start
    while true {
      let first = index * 4 + 1
      if first >= count { break }
      var least = first
      for child in first..<min(first + 4, count) where nodes![child].milliseconds < nodes![least].milliseconds {
        least = child
      }
      if nodes![least].milliseconds >= node.milliseconds { break }
      put(nodes![least], at: index)
      index = least
    }
    put(node, at: index)
  }
}
