import CMartlet
import Memory

extension OrderedIndex {
  /// A node of items. Layout, in bytes:
  ///
  ///     0   number of items, 4
  ///     4   capacity, 4: the largest but for an only leaf
  ///     8   previous leaf, 8, or 0
  ///     16  next leaf, 8, or 0
  ///     24  items, 16 each
  struct Leaf {
    let address: UnsafeMutableRawPointer

    static let initialCapacity = 6
    /// What fits in a kilobyte.
    static let maximumCapacity = 62

    static func byteCount(capacity: Int) -> Int { 24 + capacity * MemoryLayout<Item>.stride }

    @inline(__always)
    init(address: UnsafeMutableRawPointer) { self.address = address }

    static func allocate(capacity: Int) -> Leaf {
      let leaf = Leaf(address: Allocator.allocate(byteCount(capacity: capacity)))
      leaf.count = 0
      leaf.address.storeBytes(of: UInt32(capacity), toByteOffset: 4, as: UInt32.self)
      leaf.previous = nil
      leaf.next = nil
      return leaf
    }

    /// This leaf, which has no neighbours, with room for twice as many.
    func grown() -> Leaf {
      let wanted = min(capacity * 2 + 2, Self.maximumCapacity)
      let moved = Leaf(address: Allocator.reallocate(address, to: Self.byteCount(capacity: wanted)))
      moved.address.storeBytes(of: UInt32(wanted), toByteOffset: 4, as: UInt32.self)
      return moved
    }

    var count: Int {
      @inline(__always) get { Int(address.load(as: UInt32.self)) }
      @inline(__always) nonmutating set {
        address.storeBytes(of: UInt32(truncatingIfNeeded: newValue), as: UInt32.self)
      }
    }

    var capacity: Int { Int(address.load(fromByteOffset: 4, as: UInt32.self)) }

    var previous: Leaf? {
      @inline(__always) get {
        address.load(fromByteOffset: 8, as: UnsafeMutableRawPointer?.self).map { Leaf(address: $0) }
      }
      nonmutating set { address.storeBytes(of: newValue?.address, toByteOffset: 8, as: UnsafeMutableRawPointer?.self) }
    }

    var next: Leaf? {
      @inline(__always) get {
        address.load(fromByteOffset: 16, as: UnsafeMutableRawPointer?.self).map { Leaf(address: $0) }
      }
      nonmutating set { address.storeBytes(of: newValue?.address, toByteOffset: 16, as: UnsafeMutableRawPointer?.self) }
    }

    @inline(__always)
    var items: UnsafeMutablePointer<Item> { (address + 24).assumingMemoryBound(to: Item.self) }

    /// The number of items at the leaf's begin for which `isBefore` holds.
    @inline(__always)
    func position(where isBefore: (Item) -> Bool) -> Int {
      var low = 0
      var high = count
      while low < high {
        let middle = (low &+ high) &>> 1
        if isBefore(items[middle]) { low = middle &+ 1 } else { high = middle }
      }
      return low
    }

    func insert(_ item: Item, at position: Int) {
      assert(count < capacity && position <= count)
      memmove(items + position + 1, items + position, (count &- position) &* MemoryLayout<Item>.stride)
      items[position] = item
      count &+= 1
    }

    func remove(at position: Int) {
      assert(position < count)
      memmove(items + position, items + position + 1, (count &- position &- 1) &* MemoryLayout<Item>.stride)
      count &-= 1
    }

    /// Whether an item could stand at a position in the place of the one there.
    func keepsOrder(_ item: Item, at position: Int) -> Bool {
      if position > 0 {
        if !items[position - 1].isBefore(item) { return false }
      } else if let previous, !previous.items[previous.count - 1].isBefore(item) {
        return false
      }
      if position + 1 < count { return item.isBefore(items[position + 1]) }
      return next.map { item.isBefore($0.items[0]) } ?? true
    }

    func link(after other: Leaf) {
      next = other.next
      previous = other
      next?.previous = self
      other.next = self
    }

    func unlink() {
      previous?.next = next
      next?.previous = previous
    }
  }

  /// A node and what is under it, as a branch knows it.
  struct Child {
    var first: Item
    var node: UnsafeMutableRawPointer
    /// Number of items in all leaves under it.
    var count: Int
  }

  /// A node of nodes: 8 bytes number of children, 8 unused, the children.
  struct Branch {
    let address: UnsafeMutableRawPointer

    /// What fits in two kilobytes.
    static let capacity = 63

    static var byteCount: Int { 16 + capacity * MemoryLayout<Child>.stride }

    @inline(__always)
    init(address: UnsafeMutableRawPointer) { self.address = address }

    static func allocate() -> Branch {
      let branch = Branch(address: Allocator.allocate(byteCount))
      branch.count = 0
      return branch
    }

    var count: Int {
      @inline(__always) get { address.load(as: Int.self) }
      @inline(__always) nonmutating set { address.storeBytes(of: newValue, as: Int.self) }
    }

    @inline(__always)
    var children: UnsafeMutablePointer<Child> { (address + 16).assumingMemoryBound(to: Child.self) }

    /// Where the first item of a child is noted.
    @inline(__always)
    func first(_ i: Int) -> UnsafeMutablePointer<Item> {
      UnsafeMutableRawPointer(children + i).assumingMemoryBound(to: Item.self)
    }

    /// Number of items under all children.
    var total: Int {
      var sum = 0
      for i in 0..<count { sum += children[i].count }
      return sum
    }

    /// The last child whose first item `isBefore`, or the first child.
    @inline(__always)
    func child(where isBefore: (Item) -> Bool) -> Int {
      var low = 1
      var high = count
      while low < high {
        let middle = (low &+ high) &>> 1
        if isBefore(children[middle].first) { low = middle &+ 1 } else { high = middle }
      }
      return low &- 1
    }

    func insert(_ child: Child, at i: Int) {
      assert(count < Self.capacity && i <= count)
      memmove(children + i + 1, children + i, (count - i) * MemoryLayout<Child>.stride)
      children[i] = child
      count += 1
    }

    func remove(at i: Int) {
      assert(i < count)
      memmove(children + i, children + i + 1, (count - i - 1) * MemoryLayout<Child>.stride)
      count -= 1
    }
  }
}
