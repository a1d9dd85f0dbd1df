import CMartlet
import Memory

/// The members of a sorted set in the order of score, then name, with their ranks: a B+ tree that counts.
///
/// Redis keeps a skip list, where each of some twenty steps of a search is a cache miss in a node of its own. Here 62
/// items lie side by side in one kilobyte, and a million of them are three nodes deep. Each branch notes how many
/// items are under each child, so that a search adds up the rank of what it finds on its way.
///
/// - Leaves hold items, and are chained in both directions: a range is one search and then a walk.
/// - A branch holds children, each with its first item, which tells where a search goes on. The first child's is not
///   looked at, and not kept.
/// - Items point to the members' entries, which belong to somebody else and must stay where they are.
///
/// Insertion splits full nodes, and removal mends thin ones, on their way down, so that neither has to come back up.
/// A node that fills from its end, as those of growing scores do, is left full instead of being split in half.
///
/// The cost of every operation is O(log n), of a walk O(1) for each item.
public struct OrderedIndex: ~Copyable {
  public struct Item {
    public var score: Double
    public let member: Entry

    @inline(__always)
    public init(score: Double, member: Entry) {
      self.score = score
      self.member = member
    }

    /// Whether the item stands before one of this score and name.
    @inline(__always)
    public func isBefore(_ otherScore: Double, _ name: Bytes) -> Bool {
      if score != otherScore { return score < otherScore }
      return member.key.compare(name) < 0
    }

    @inline(__always)
    func isBefore(_ other: Item) -> Bool {
      if score != other.score { return score < other.score }
      return member.address != other.member.address && member.key.compare(other.member.key) < 0
    }
  }

  private var root: UnsafeMutableRawPointer
  /// Levels of branches above the leaves.
  private var height = 0
  private var leafCount = 1
  private var branchCount = 0
  public private(set) var count = 0

  public init() { root = Leaf.allocate(capacity: Leaf.initialCapacity).address }

  /// Frees the nodes. The entries are whoever's who put them in.
  deinit { Self.free(root, level: height) }

  private static func free(_ node: UnsafeMutableRawPointer, level: Int) {
    if level > 0 {
      let branch = Branch(address: node)
      for i in 0..<branch.count { free(branch.children[i].node, level: level - 1) }
    }
    Allocator.free(node)
  }

  public var isEmpty: Bool { count == 0 }

  /// Bytes of all nodes, as the allocator rounds them.
  public var allocatedBytes: Int {
    if height == 0 { return Allocator.usableSize(root) }
    return leafCount * Allocator.goodSize(Leaf.byteCount(capacity: Leaf.maximumCapacity))
      + branchCount * Allocator.goodSize(Branch.byteCount)
  }

  // MARK: Search

  /// The number of items for which `isBefore` holds, which must be the first ones.
  @inline(__always)
  public func rank(where isBefore: (Item) -> Bool) -> Int {
    var node = root
    var rank = 0
    var level = height
    while level > 0 {
      let branch = Branch(address: node)
      let i = branch.child(where: isBefore)
      for j in 0..<i { rank &+= branch.children[j].count }
      node = branch.children[i].node
      level &-= 1
    }
    return rank &+ Leaf(address: node).position(where: isBefore)
  }

  /// A place between or at items; valid until the index changes.
  public struct Cursor {
    fileprivate var leaf: Leaf
    fileprivate var position: Int

    /// Requires that the cursor was not moved past either end.
    @inline(__always)
    public var item: Item {
      assert(position >= 0 && position < leaf.count)
      return leaf.items[position]
    }

    /// Goes on to the next item; at the last it stays behind it.
    @inline(__always)
    public mutating func advance() {
      position &+= 1
      if position == leaf.count, let next = leaf.next {
        leaf = next
        position = 0
      }
    }

    /// Goes back to the item before; from the first to before it.
    @inline(__always)
    public mutating func retreat() {
      position &-= 1
      if position < 0, let previous = leaf.previous {
        leaf = previous
        position = previous.count &- 1
      }
    }
  }

  /// The item of a rank, which must be less than ``count``.
  public func cursor(at rank: Int) -> Cursor {
    precondition(rank >= 0 && rank < count, "no such rank")
    var node = root
    var rest = rank
    var level = height
    while level > 0 {
      let branch = Branch(address: node)
      var i = 0
      while rest >= branch.children[i].count {
        rest &-= branch.children[i].count
        i &+= 1
      }
      node = branch.children[i].node
      level &-= 1
    }
    return Cursor(leaf: Leaf(address: node), position: rest)
  }

  // MARK: Insertion

  /// Adds an item that is not there.
  public mutating func insert(_ item: Item) {
    growRootIfFull()
    count &+= 1
    var node = root
    var level = height
    while level > 0 {
      let branch = Branch(address: node)
      var i = branch.child { !item.isBefore($0) }
      if Self.isFull(branch.children[i].node, level: level &- 1) {
        splitChild(i, of: branch, level: level &- 1, for: item)
        i = branch.child { !item.isBefore($0) }
      }
      branch.children[i].count &+= 1
      node = branch.children[i].node
      level &-= 1
    }
    let leaf = Leaf(address: node)
    leaf.insert(item, at: leaf.position { $0.isBefore(item) })
  }

  private static func isFull(_ node: UnsafeMutableRawPointer, level: Int) -> Bool {
    level > 0
      ? Branch(address: node).count == Branch.capacity : Leaf(address: node).count == Leaf.maximumCapacity
  }

  private mutating func growRootIfFull() {
    if height == 0 {
      let leaf = Leaf(address: root)
      guard leaf.count == leaf.capacity else { return }
      if leaf.capacity < Leaf.maximumCapacity {
        root = leaf.grown().address
        return
      }
    }
    guard Self.isFull(root, level: height) else { return }
    let branch = Branch.allocate()
    branch.count = 1
    branch.children[0].node = root
    branch.children[0].count = count
    branchCount += 1
    root = branch.address
    height += 1
  }

  /// Makes room in a full child for an item that belongs there.
  private mutating func splitChild(_ i: Int, of branch: Branch, level: Int, for item: Item) {
    let child = branch.children[i].node
    if level > 0 {
      let left = Branch(address: child)
      let isAppending = !item.isBefore(left.children[left.count - 1].first) && i == branch.count - 1
      let kept = isAppending ? left.count - 1 : left.count / 2
      let right = Branch.allocate()
      branchCount += 1
      right.count = left.count - kept
      memcpy(right.children, left.children + kept, right.count * MemoryLayout<Child>.stride)
      left.count = kept
      let moved = right.total
      branch.children[i].count -= moved
      branch.insert(Child(first: right.children[0].first, node: right.address, count: moved), at: i + 1)
      return
    }
    let left = Leaf(address: child)
    let right = Leaf.allocate(capacity: Leaf.maximumCapacity)
    leafCount += 1
    var kept = left.count / 2
    if left.next == nil && left.items[left.count - 1].isBefore(item) { kept = left.count }
    if left.previous == nil && item.isBefore(left.items[0]) { kept = 0 }
    right.count = left.count - kept
    memcpy(right.items, left.items + kept, right.count * MemoryLayout<Item>.stride)
    left.count = kept
    right.link(after: left)
    branch.children[i].count = kept
    branch.insert(
      Child(first: right.count == 0 ? item : right.items[0], node: right.address, count: right.count), at: i + 1)
  }

  // MARK: Change of score

  /// Gives an item another score.
  public mutating func update(_ old: Item, to score: Double) {
    var node = root
    var level = height
    var separator: UnsafeMutablePointer<Item>?
    while level > 0 {
      let branch = Branch(address: node)
      let i = branch.child { !old.isBefore($0) }
      if i > 0 { separator = branch.first(i) }
      node = branch.children[i].node
      level &-= 1
    }
    let leaf = Leaf(address: node)
    let position = leaf.position { $0.isBefore(old) }
    precondition(
      position < leaf.count && leaf.items[position].member.address == old.member.address,
      "the item is not in this index")
    let fresh = Item(score: score, member: old.member)
    if leaf.keepsOrder(fresh, at: position) {
      leaf.items[position] = fresh
      if position == 0 { separator?.pointee = fresh }
    } else {
      remove(old)
      insert(fresh)
    }
  }

  // MARK: Removal

  /// Takes out an item, which must be there.
  public mutating func remove(_ item: Item) {
    count &-= 1
    var node = root
    var level = height
    // Where the branches above note the first item of the subtree that the search is in.
    var separator: UnsafeMutablePointer<Item>?
    while level > 0 {
      let branch = Branch(address: node)
      var i = branch.child { !item.isBefore($0) }
      if branch.count > 1 && Self.isThin(branch.children[i].node, level: level &- 1) {
        mendChild(i, of: branch, level: level &- 1)
        if branch.count == 1 && node == root {
          root = branch.children[0].node
          height -= 1
          branchCount -= 1
          Allocator.free(node)
          node = root
          level &-= 1
          continue
        }
        i = branch.child { !item.isBefore($0) }
      }
      if i > 0 { separator = branch.first(i) }
      branch.children[i].count &-= 1
      node = branch.children[i].node
      level &-= 1
    }
    let leaf = Leaf(address: node)
    let position = leaf.position { $0.isBefore(item) }
    precondition(
      position < leaf.count && leaf.items[position].member.address == item.member.address,
      "the item is not in this index")
    leaf.remove(at: position)
    if position == 0, leaf.count > 0 { separator?.pointee = leaf.items[0] }
  }

  private static func isThin(_ node: UnsafeMutableRawPointer, level: Int) -> Bool {
    level > 0
      ? Branch(address: node).count <= Branch.capacity / 4 : Leaf(address: node).count <= Leaf.maximumCapacity / 4
  }

  /// Merges a thin child with a neighbour, or evens the two out.
  private mutating func mendChild(_ i: Int, of branch: Branch, level: Int) {
    assert(branch.count > 1)
    let l = i > 0 ? i - 1 : i
    let r = l + 1
    let isMerged: Bool
    if level > 0 {
      let left = Branch(address: branch.children[l].node)
      let right = Branch(address: branch.children[r].node)
      // What a first child does not keep, the branch above does.
      right.children[0].first = branch.children[r].first
      let total = left.count + right.count
      isMerged = total <= Branch.capacity / 4 * 3
      left.count = Self.even(left.children, left.count, right.children, right.count, isMerged ? total : total / 2)
      right.count = total - left.count
      branch.children[l].count = left.total
      branch.children[r].count = right.total
      branch.children[r].first = right.children[0].first
      if isMerged { branchCount -= 1 }
    } else {
      let left = Leaf(address: branch.children[l].node)
      let right = Leaf(address: branch.children[r].node)
      let total = left.count + right.count
      isMerged = total <= Leaf.maximumCapacity / 4 * 3
      left.count = Self.even(left.items, left.count, right.items, right.count, isMerged ? total : total / 2)
      right.count = total - left.count
      branch.children[l].count = left.count
      branch.children[r].count = right.count
      branch.children[r].first = right.items[0]
      if isMerged {
        right.unlink()
        leafCount -= 1
      }
    }
    if isMerged {
      Allocator.free(branch.children[r].node)
      branch.remove(at: r)
    }
  }

  /// Moves elements between two neighbours until the left one has `wanted`, which is returned.
  private static func even<T>(
    _ left: UnsafeMutablePointer<T>, _ leftCount: Int, _ right: UnsafeMutablePointer<T>, _ rightCount: Int,
    _ wanted: Int
  ) -> Int {
    let stride = MemoryLayout<T>.stride
    if wanted > leftCount {
      let moved = wanted - leftCount
      memcpy(left + leftCount, right, moved * stride)
      memmove(right, right + moved, (rightCount - moved) * stride)
    } else {
      let moved = leftCount - wanted
      memmove(right + moved, right, rightCount * stride)
      memcpy(right, left + wanted, moved * stride)
    }
    return wanted
  }

  // MARK: Checks

  /// Whether everything is where it belongs, for tests.
  public var isSound: Bool {
    var last: Item?
    var leaves: [UnsafeMutableRawPointer] = []
    guard Self.check(root, level: height, isRoot: true, &last, &leaves) == count else { return false }
    guard leaves.count == leafCount else { return false }
    for (i, leaf) in leaves.enumerated() {
      let previous = i == 0 ? nil : leaves[i - 1]
      let next = i + 1 == leaves.count ? nil : leaves[i + 1]
      if Leaf(address: leaf).previous?.address != previous || Leaf(address: leaf).next?.address != next { return false }
    }
    return true
  }

  /// The number of items under a node; -1 if something is wrong.
  private static func check(
    _ node: UnsafeMutableRawPointer, level: Int, isRoot: Bool, _ last: inout Item?,
    _ leaves: inout [UnsafeMutableRawPointer]
  ) -> Int {
    if level == 0 {
      let leaf = Leaf(address: node)
      if leaf.count > leaf.capacity || (leaf.count == 0 && !isRoot) { return -1 }
      leaves.append(node)
      for i in 0..<leaf.count {
        if let last, !last.isBefore(leaf.items[i]) { return -1 }
        last = leaf.items[i]
      }
      return leaf.count
    }
    let branch = Branch(address: node)
    guard branch.count >= (isRoot ? 2 : 1) && branch.count <= Branch.capacity else { return -1 }
    var total = 0
    for i in 0..<branch.count {
      let before = last
      let found = check(branch.children[i].node, level: level - 1, isRoot: false, &last, &leaves)
      if found != branch.children[i].count { return -1 }
      total += found
      let first = branch.children[i].first
      if i > 0, let before, !before.isBefore(first) { return -1 }
      if i > 0 && first.member.address != Self.firstItem(branch.children[i].node, level: level - 1).member.address {
        return -1
      }
    }
    return total
  }

  private static func firstItem(_ node: UnsafeMutableRawPointer, level: Int) -> Item {
    level == 0
      ? Leaf(address: node).items[0] : firstItem(Branch(address: node).children[0].node, level: level - 1)
  }
}
