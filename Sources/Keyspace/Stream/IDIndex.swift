import CMartlet
import Memory
import Structures

/// Values by stream id, in the order of ids: the nodes of a stream, the deliveries of a group, the ids that wait for a
/// consumer.
///
/// Ids come nearly always at the end and go nearly always at the front, so a general tree would do much for little. This
/// is an array in pieces: leaves of sorted elements, none larger than 2 kB, under a directory of them with the first id
/// of each. A look-up searches the directory, then one leaf; an addition at the end writes one element; a removal at
/// the front moves one offset. Elsewhere at most half a leaf is moved. The directory has one entry for some hundred
/// elements, so that moving it is cheap for any number that fits in memory.
///
/// An element takes its own size and little more: no pointers, no keys in pieces.
///
/// Positions are valid until the next change.
struct IDIndex<Value: BitwiseCopyable>: ~Copyable {
  struct Element: BitwiseCopyable {
    let id: StreamID
    var value: Value
  }

  struct Position: Equatable {
    fileprivate(set) var leaf: Int
    fileprivate(set) var index: Int
  }

  /// What begins a leaf, before its elements.
  private struct Header {
    var start: Int32
    var count: Int32
    var capacity: Int32
  }

  private struct Leaf: BitwiseCopyable {
    var first: StreamID
    let address: UnsafeMutableRawPointer

    @inline(__always)
    var header: UnsafeMutablePointer<Header> { address.assumingMemoryBound(to: Header.self) }

    @inline(__always)
    var count: Int { Int(header.pointee.count) }

    /// The first element.
    @inline(__always)
    var elements: UnsafeMutablePointer<Element> {
      (address + headerSize).assumingMemoryBound(to: Element.self) + Int(header.pointee.start)
    }
  }

  private static var headerSize: Int { 16 }
  private static var stride: Int { MemoryLayout<Element>.stride }
  private static var maximumCapacity: Int { (2048 - headerSize) / stride }
  private static var initialCapacity: Int { 4 }

  private var directory: UnsafeMutablePointer<Leaf>?
  /// Where in the directory the leaves begin; leaves go from the front, too.
  private var offset = 0
  private var leafCount = 0
  private var directoryCapacity = 0
  private(set) var count = 0

  init() {}

  deinit {
    for i in 0..<leafCount { Allocator.free(leaf(i).address) }
    if let directory { Allocator.free(directory) }
  }

  var isEmpty: Bool { count == 0 }

  /// Bytes taken from the allocator.
  var allocatedBytes: Int {
    var bytes = directory.map { Allocator.usableSize($0) } ?? 0
    // All but the outer leaves have the same size.
    if leafCount > 0 { bytes += Allocator.usableSize(leaf(leafCount - 1).address) }
    if leafCount > 1 { bytes += Allocator.usableSize(leaf(0).address) * (leafCount - 1) }
    return bytes
  }

  /// Allocations that freeing takes.
  var allocationCount: Int { leafCount + 1 }

  @inline(__always)
  private func leaf(_ i: Int) -> Leaf { directory![offset &+ i] }

  // MARK: Look-up

  /// The index in `leaf` of the first element that is not before `id`.
  @inline(__always)
  private static func lowerBound(_ leaf: Leaf, _ id: StreamID) -> Int {
    let elements = leaf.elements
    var low = 0
    var high = leaf.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if elements[middle].id < id { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// The last leaf whose first id is not after `id`; the first leaf if there is none. Requires a leaf.
  @inline(__always)
  private func leafIndex(for id: StreamID) -> Int {
    var low = 0
    var high = leafCount &- 1
    while low < high {
      let middle = (low &+ high &+ 1) &>> 1
      if leaf(middle).first <= id { low = middle } else { high = middle &- 1 }
    }
    return low
  }

  /// Where `id` is.
  @inline(__always)
  func position(of id: StreamID) -> Position? {
    guard count > 0 else { return nil }
    let at = leafIndex(for: id)
    let leaf = leaf(at)
    let index = Self.lowerBound(leaf, id)
    guard index < leaf.count && leaf.elements[index].id == id else { return nil }
    return Position(leaf: at, index: index)
  }

  /// Where the first element is that is not before `id`.
  func position(atOrAfter id: StreamID) -> Position? {
    guard count > 0 else { return nil }
    let at = leafIndex(for: id)
    let index = Self.lowerBound(leaf(at), id)
    if index < leaf(at).count { return Position(leaf: at, index: index) }
    return at + 1 < leafCount ? Position(leaf: at + 1, index: 0) : nil
  }

  /// Where the last element is that is not after `id`.
  func position(atOrBefore id: StreamID) -> Position? {
    guard count > 0 else { return nil }
    let at = leafIndex(for: id)
    let leaf = leaf(at)
    let index = Self.lowerBound(leaf, id)
    if index < leaf.count && leaf.elements[index].id == id { return Position(leaf: at, index: index) }
    // Only before everything is there nothing to the left within the leaf.
    return index > 0 ? Position(leaf: at, index: index - 1) : nil
  }

  var firstPosition: Position? { count > 0 ? Position(leaf: 0, index: 0) : nil }

  var lastPosition: Position? { count > 0 ? Position(leaf: leafCount - 1, index: leaf(leafCount - 1).count - 1) : nil }

  @inline(__always)
  func next(_ position: Position) -> Position? {
    if position.index &+ 1 < leaf(position.leaf).count {
      return Position(leaf: position.leaf, index: position.index &+ 1)
    }
    return position.leaf + 1 < leafCount ? Position(leaf: position.leaf + 1, index: 0) : nil
  }

  func previous(_ position: Position) -> Position? {
    if position.index > 0 { return Position(leaf: position.leaf, index: position.index - 1) }
    return position.leaf > 0 ? Position(leaf: position.leaf - 1, index: leaf(position.leaf - 1).count - 1) : nil
  }

  /// The element at a position, valid until a change of the index; its value may be changed.
  @inline(__always)
  subscript(position: Position) -> UnsafeMutablePointer<Element> {
    let leaf = leaf(position.leaf)
    assert(position.index >= 0 && position.index < leaf.count)
    return leaf.elements + position.index
  }

  /// The value of `id`; may be changed.
  @inline(__always)
  func find(_ id: StreamID) -> UnsafeMutablePointer<Value>? {
    position(of: id).map { Self.value(self[$0]) }
  }

  @inline(__always)
  private static func value(_ element: UnsafeMutablePointer<Element>) -> UnsafeMutablePointer<Value> {
    (UnsafeMutableRawPointer(element) + MemoryLayout<Element>.offset(of: \.value)!).assumingMemoryBound(to: Value.self)
  }

  var first: UnsafeMutablePointer<Element>? { firstPosition.map { self[$0] } }

  var last: UnsafeMutablePointer<Element>? {
    @inline(__always) get {
      guard count > 0 else { return nil }
      let leaf = leaf(leafCount &- 1)
      return leaf.elements + (leaf.count &- 1)
    }
  }

  func forEach(_ visit: (Element) -> Void) {
    for i in 0..<leafCount {
      let leaf = leaf(i)
      for j in 0..<leaf.count { visit(leaf.elements[j]) }
    }
  }

  // MARK: Add

  /// Adds an element behind all others. Its id must be after theirs.
  @inline(__always)
  mutating func append(_ id: StreamID, _ value: Value) {
    assert(last.map { $0.pointee.id < id } ?? true)
    if count > 0 {
      let leaf = leaf(leafCount &- 1)
      let header = leaf.header
      let end = header.pointee.start &+ header.pointee.count
      if end < header.pointee.capacity {
        (leaf.elements + leaf.count).initialize(to: Element(id: id, value: value))
        header.pointee.count &+= 1
        count &+= 1
        return
      }
    }
    appendSlowly(id, value)
  }

  @inline(never)
  private mutating func appendSlowly(_ id: StreamID, _ value: Value) {
    if leafCount == 0 {
      insertLeaf(at: 0, first: id, capacity: Self.initialCapacity)
    } else if count == 0 {
      directory![offset].first = id
    } else if !makeRoom(inLeaf: leafCount - 1) {
      insertLeaf(at: leafCount, first: id, capacity: Self.maximumCapacity)
    }
    let leaf = leaf(leafCount - 1)
    (leaf.elements + leaf.count).initialize(to: Element(id: id, value: value))
    leaf.header.pointee.count += 1
    count += 1
  }

  /// Adds an element unless its id is there already; says whether it did.
  mutating func insert(_ id: StreamID, _ value: Value) -> Bool {
    guard let last, id <= last.pointee.id else {
      append(id, value)
      return true
    }
    var at = leafIndex(for: id)
    var index = Self.lowerBound(leaf(at), id)
    if index < leaf(at).count && leaf(at).elements[index].id == id { return false }
    if !hasRoom(inLeaf: at) && !makeRoom(inLeaf: at) {
      split(at)
      if index > leaf(at).count {
        index -= leaf(at).count
        at += 1
      }
    }
    let leaf = leaf(at)
    let place = leaf.elements + index
    memmove(place + 1, place, (leaf.count - index) * Self.stride)
    place.initialize(to: Element(id: id, value: value))
    leaf.header.pointee.count += 1
    if index == 0 { directory![offset + at].first = id }
    count += 1
    return true
  }

  private func hasRoom(inLeaf i: Int) -> Bool {
    let header = leaf(i).header.pointee
    return header.start + header.count < header.capacity
  }

  /// Makes room at the end of a leaf by using what is free at its front, or by growing. False if it is full.
  private mutating func makeRoom(inLeaf i: Int) -> Bool {
    let leaf = leaf(i)
    let header = leaf.header
    if header.pointee.start > header.pointee.capacity / 4 {
      memmove(leaf.address + Self.headerSize, leaf.elements, leaf.count * Self.stride)
      header.pointee.start = 0
      return true
    }
    guard header.pointee.capacity < Self.maximumCapacity else { return false }
    let wanted = min(Int(header.pointee.capacity) * 2, Self.maximumCapacity)
    let address = Allocator.reallocate(leaf.address, to: Self.headerSize + wanted * Self.stride)
    directory![offset + i] = Leaf(first: leaf.first, address: address)
    self.leaf(i).header.pointee.capacity = Int32(wanted)
    return true
  }

  /// Moves the second half of a leaf to a new one behind it.
  private mutating func split(_ i: Int) {
    let kept = leaf(i).count / 2
    let moved = leaf(i).count - kept
    insertLeaf(at: i + 1, first: leaf(i).elements[kept].id, capacity: Self.maximumCapacity)
    memcpy(leaf(i + 1).elements, leaf(i).elements + kept, moved * Self.stride)
    leaf(i + 1).header.pointee.count = Int32(moved)
    leaf(i).header.pointee.count = Int32(kept)
    if !hasRoom(inLeaf: i) { _ = makeRoom(inLeaf: i) }
  }

  private mutating func insertLeaf(at i: Int, first: StreamID, capacity: Int) {
    let address = Allocator.allocate(Self.headerSize + capacity * Self.stride)
    address.initializeMemory(as: Header.self, to: Header(start: 0, count: 0, capacity: Int32(capacity)))
    makeDirectoryRoom()
    let place = directory! + offset + i
    memmove(place + 1, place, (leafCount - i) * MemoryLayout<Leaf>.stride)
    place.initialize(to: Leaf(first: first, address: address))
    leafCount += 1
  }

  private mutating func makeDirectoryRoom() {
    guard offset + leafCount == directoryCapacity else { return }
    let stride = MemoryLayout<Leaf>.stride
    if let directory, offset > directoryCapacity / 4 {
      memmove(directory, directory + offset, leafCount * stride)
      offset = 0
      return
    }
    directoryCapacity = max(directoryCapacity * 2, 2)
    directory = Allocator.reallocate(directory, to: directoryCapacity * stride).assumingMemoryBound(to: Leaf.self)
  }

  // MARK: Remove

  /// Takes out the element of `id`.
  @inline(__always)
  mutating func remove(_ id: StreamID) -> Value? {
    guard let position = position(of: id) else { return nil }
    let value = self[position].pointee.value
    remove(at: position)
    return value
  }

  /// Takes out the element at a position. What was next is not before the position of its predecessor.
  mutating func remove(at position: Position) {
    let leaf = leaf(position.leaf)
    let index = position.index
    let header = leaf.header
    count -= 1
    if leaf.count == 1 { return leafBecameEmpty(position.leaf) }
    if index < leaf.count / 2 {
      memmove(leaf.elements + 1, leaf.elements, index * Self.stride)
      header.pointee.start += 1
    } else {
      memmove(leaf.elements + index, leaf.elements + index + 1, (leaf.count - index - 1) * Self.stride)
    }
    header.pointee.count -= 1
    if index == 0 { directory![offset + position.leaf].first = leaf.elements.pointee.id }
    // The outer leaves grow and shrink with the ends. Within, a leaf that got thin joins its neighbour.
    let isInner = position.leaf > 0 && position.leaf < leafCount - 1
    if isInner && leaf.count < Self.maximumCapacity / 4 { merge(position.leaf) }
  }

  /// A small leaf stays when all is gone: an index that is emptied and filled in turn does not allocate.
  private mutating func leafBecameEmpty(_ i: Int) {
    let header = leaf(i).header
    guard leafCount == 1 && header.pointee.capacity <= 2 * Self.initialCapacity else { return removeLeaf(i) }
    header.pointee.start = 0
    header.pointee.count = 0
  }

  private mutating func removeLeaf(_ i: Int) {
    Allocator.free(leaf(i).address)
    leafCount -= 1
    if i == 0 {
      offset += 1
    } else {
      let place = directory! + offset + i
      memmove(place, place + 1, (leafCount - i) * MemoryLayout<Leaf>.stride)
    }
    if leafCount == 0 {
      Allocator.free(directory!)
      directory = nil
      offset = 0
      directoryCapacity = 0
    }
  }

  /// Moves the elements of an inner leaf to the end of the one before it, if that leaves some room there.
  private mutating func merge(_ i: Int) {
    let source = leaf(i)
    let target = leaf(i - 1)
    guard source.count + target.count <= Self.maximumCapacity * 3 / 4 else { return }
    assert(target.header.pointee.capacity == Self.maximumCapacity, "only a single leaf is smaller")
    if target.header.pointee.start > 0 {
      memmove(target.address + Self.headerSize, target.elements, target.count * Self.stride)
      target.header.pointee.start = 0
    }
    memcpy(target.elements + target.count, source.elements, source.count * Self.stride)
    target.header.pointee.count += Int32(source.count)
    removeLeaf(i)
  }
}
