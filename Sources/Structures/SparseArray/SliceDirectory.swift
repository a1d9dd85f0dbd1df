import CMartlet
import Memory

extension SparseArray {
  /// The slices of an array in the order of their ids: leaves of at most 64 under a list of the leaves.
  ///
  /// A million slices are some twenty thousand leaves, whose list is half a megabyte: it is moved only when a leaf is split
  /// or goes. Everything else moves two kilobytes at most. A dense array of a million elements has four leaves.
  ///
  /// Positions are valid until the next change.
  struct Directory: ~Copyable {
    struct Position {
      fileprivate(set) var leaf: Int
      fileprivate(set) var index: Int
    }

    private struct Leaf: BitwiseCopyable {
      /// The id of its first slice.
      var first: UInt64
      var slices: UnsafeMutablePointer<Slice>
      var count: Int32
      var capacity: Int32

      @inline(__always)
      func lowerBound(_ id: UInt64) -> Int {
        var low = 0
        var high = Int(count)
        while low < high {
          let middle = (low &+ high) &>> 1
          if slices[middle].id < id { low = middle &+ 1 } else { high = middle }
        }
        return low
      }
    }

    private static let leafCapacity = 64

    private var leaves: UnsafeMutablePointer<Leaf>?
    private var leafCount = 0
    private var leafRoom = 0
    private(set) var count = 0

    /// Frees the directory, and the slices with their elements.
    deinit {
      for i in 0..<leafCount {
        let leaf = leaves![i]
        for j in 0..<Int(leaf.count) { leaf.slices[j].free() }
        Allocator.free(leaf.slices)
      }
      if let leaves { Allocator.free(leaves) }
    }

    /// Slices that there is room for.
    var capacity: Int {
      var room = 0
      for i in 0..<leafCount { room += Int(leaves![i].capacity) }
      return room
    }

    /// Bytes of the directory itself.
    var allocatedBytes: Int {
      var bytes = leaves.map { Allocator.usableSize($0) } ?? 0
      for i in 0..<leafCount { bytes += Allocator.goodSize(Int(leaves![i].capacity) * MemoryLayout<Slice>.stride) }
      return bytes
    }

    // MARK: Look-up

    /// The last leaf that begins at or before `id`, or the first one. Requires a leaf.
    @inline(__always)
    private func leafIndex(_ id: UInt64) -> Int {
      let leaves = leaves!
      var low = 0
      var high = leafCount &- 1
      while low < high {
        let middle = (low &+ high &+ 1) &>> 1
        if leaves[middle].first <= id { low = middle } else { high = middle &- 1 }
      }
      return low
    }

    @inline(__always)
    func position(of id: UInt64) -> Position? {
      guard count > 0 else { return nil }
      let at = leafIndex(id)
      let leaf = leaves![at]
      let index = leaf.lowerBound(id)
      return index < Int(leaf.count) && leaf.slices[index].id == id ? Position(leaf: at, index: index) : nil
    }

    func position(atOrAfter id: UInt64) -> Position? {
      guard count > 0 else { return nil }
      let at = leafIndex(id)
      let index = leaves![at].lowerBound(id)
      if index < Int(leaves![at].count) { return Position(leaf: at, index: index) }
      return at + 1 < leafCount ? Position(leaf: at + 1, index: 0) : nil
    }

    func position(atOrBefore id: UInt64) -> Position? {
      guard count > 0 else { return nil }
      let at = leafIndex(id)
      let index = leaves![at].lowerBound(id)
      if index < Int(leaves![at].count) && leaves![at].slices[index].id == id {
        return Position(leaf: at, index: index)
      }
      return index > 0 ? Position(leaf: at, index: index - 1) : nil
    }

    var firstPosition: Position? { count > 0 ? Position(leaf: 0, index: 0) : nil }

    @inline(__always)
    func next(_ position: Position) -> Position? {
      if position.index &+ 1 < Int(leaves![position.leaf].count) {
        return Position(leaf: position.leaf, index: position.index &+ 1)
      }
      return position.leaf + 1 < leafCount ? Position(leaf: position.leaf + 1, index: 0) : nil
    }

    func previous(_ position: Position) -> Position? {
      if position.index > 0 { return Position(leaf: position.leaf, index: position.index - 1) }
      return position.leaf > 0
        ? Position(leaf: position.leaf - 1, index: Int(leaves![position.leaf - 1].count) - 1) : nil
    }

    /// The slice at a position; may be changed there, and is valid until the directory changes.
    @inline(__always)
    subscript(position: Position) -> UnsafeMutablePointer<Slice> {
      assert(position.leaf < leafCount && position.index < Int(leaves![position.leaf].count))
      return leaves![position.leaf].slices + position.index
    }

    var last: UnsafeMutablePointer<Slice>? {
      guard count > 0 else { return nil }
      let leaf = leaves![leafCount - 1]
      return leaf.slices + (Int(leaf.count) - 1)
    }

    // MARK: Change

    /// Adds a slice whose id is not there.
    mutating func insert(_ slice: Slice) {
      if leafCount == 0 { insertLeaf(at: 0, first: slice.id, capacity: 1) }
      var at = leafIndex(slice.id)
      var index = leaves![at].lowerBound(slice.id)
      if leaves![at].count == leaves![at].capacity {
        if Int(leaves![at].capacity) < Self.leafCapacity {
          growLeaf(at)
        } else if at == leafCount - 1 && index == Self.leafCapacity {
          insertLeaf(at: leafCount, first: slice.id, capacity: Self.leafCapacity)
          (at, index) = (at + 1, 0)
        } else {
          splitLeaf(at)
          let kept = Int(leaves![at].count)
          if index > kept { (at, index) = (at + 1, index - kept) }
        }
      }
      let leaf = leaves! + at
      let place = leaf.pointee.slices + index
      memmove(place + 1, place, (Int(leaf.pointee.count) - index) * MemoryLayout<Slice>.stride)
      place.initialize(to: slice)
      leaf.pointee.count += 1
      if index == 0 { leaf.pointee.first = slice.id }
      count += 1
    }

    private mutating func insertLeaf(at i: Int, first: UInt64, capacity: Int) {
      if leafCount == leafRoom {
        leafRoom = max(1, leafRoom * 2)
        leaves = Allocator.reallocate(leaves, to: leafRoom * MemoryLayout<Leaf>.stride)
          .assumingMemoryBound(to: Leaf.self)
      }
      let slices = Allocator.allocate(capacity * MemoryLayout<Slice>.stride).assumingMemoryBound(to: Slice.self)
      let place = leaves! + i
      memmove(place + 1, place, (leafCount - i) * MemoryLayout<Leaf>.stride)
      place.initialize(to: Leaf(first: first, slices: slices, count: 0, capacity: Int32(capacity)))
      leafCount += 1
    }

    private mutating func growLeaf(_ i: Int) {
      let capacity = Int(leaves![i].capacity) * 2
      leaves![i].slices = Allocator.reallocate(leaves![i].slices, to: capacity * MemoryLayout<Slice>.stride)
        .assumingMemoryBound(to: Slice.self)
      leaves![i].capacity = Int32(capacity)
    }

    private mutating func splitLeaf(_ i: Int) {
      let kept = Int(leaves![i].count) / 2
      let moved = Int(leaves![i].count) - kept
      insertLeaf(at: i + 1, first: leaves![i].slices[kept].id, capacity: Self.leafCapacity)
      memcpy(leaves![i + 1].slices, leaves![i].slices + kept, moved * MemoryLayout<Slice>.stride)
      leaves![i + 1].count = Int32(moved)
      leaves![i].count = Int32(kept)
    }

    /// Takes out `wanted` slices from a position on, which somebody else has freed.
    mutating func remove(_ wanted: Int, at position: Position) {
      count -= wanted
      var left = wanted
      var leaf = position.leaf
      if position.index > 0 {
        left -= removeSlices(left, ofLeaf: leaf, at: position.index)
        leaf += 1
      }
      var emptied = 0
      while left > 0, left >= Int(leaves![leaf + emptied].count) {
        left -= Int(leaves![leaf + emptied].count)
        Allocator.free(leaves![leaf + emptied].slices)
        emptied += 1
      }
      if emptied > 0 {
        leafCount -= emptied
        memmove(leaves! + leaf, leaves! + leaf + emptied, (leafCount - leaf) * MemoryLayout<Leaf>.stride)
      }
      if left > 0 { left -= removeSlices(left, ofLeaf: leaf, at: 0) }
      assert(left == 0)
      mergeThin(position.leaf)
      if leafCount == 0, let list = leaves {
        Allocator.free(list)
        leaves = nil
        leafRoom = 0
      }
    }

    /// Takes out at most `wanted` slices of a leaf, in which at least one is left, and says how many.
    private mutating func removeSlices(_ wanted: Int, ofLeaf i: Int, at index: Int) -> Int {
      let leaf = leaves! + i
      let removed = min(wanted, Int(leaf.pointee.count) - index)
      let place = leaf.pointee.slices + index
      memmove(place, place + removed, (Int(leaf.pointee.count) - index - removed) * MemoryLayout<Slice>.stride)
      leaf.pointee.count -= Int32(removed)
      leaf.pointee.first = leaf.pointee.slices[0].id
      return removed
    }

    /// Moves what little a leaf has to the one before it, if that leaves some room there.
    private mutating func mergeThin(_ i: Int) {
      guard i > 0 && i < leafCount, Int(leaves![i].count) < Self.leafCapacity / 4 else { return }
      let total = Int(leaves![i - 1].count + leaves![i].count)
      guard total <= Self.leafCapacity * 3 / 4, leaves![i - 1].capacity == Self.leafCapacity else { return }
      memcpy(
        leaves![i - 1].slices + Int(leaves![i - 1].count), leaves![i].slices,
        Int(leaves![i].count) * MemoryLayout<Slice>.stride)
      leaves![i - 1].count = Int32(total)
      Allocator.free(leaves![i].slices)
      leafCount -= 1
      memmove(leaves! + i, leaves! + i + 1, (leafCount - i) * MemoryLayout<Leaf>.stride)
    }

    /// Whether everything is where it belongs, for tests.
    func isSound(size: Int) -> Bool {
      var previous: UInt64?
      var seen = 0
      for i in 0..<leafCount {
        let leaf = leaves![i]
        guard leaf.count > 0 && leaf.count <= leaf.capacity && leaf.first == leaf.slices[0].id else { return false }
        for j in 0..<Int(leaf.count) {
          let slice = leaf.slices[j]
          if let previous, slice.id <= previous { return false }
          guard slice.isSound(size: size) else { return false }
          previous = slice.id
          seen += 1
        }
      }
      return seen == count
    }
  }
}
