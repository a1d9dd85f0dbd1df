import CMartlet
import Memory

/// A long list: a row of nodes, each a listpack of a few kilobytes.
///
/// One listpack would move O(n) bytes at every change, one allocation per element would cost several times what
/// small elements take. Nodes of a bounded size cost neither.
///
/// Redis links its nodes. Here they stand in an array, in order, 16 bytes each: the node that holds an index is
/// found by adding up counts that lie side by side (for a million short elements that is 20 KB, where a chain is a
/// thousand cache misses), and a node takes half as much. The array has room at both ends, so that both push in
/// amortised O(1); to add or remove a node elsewhere moves the shorter side.
///
/// An element that is large for a node lies alone in one ("plain") as a ``Blob``, from which replies are sent
/// without a copy.
///
/// Nodes that are farther from both ends than the compression depth are kept compressed, if that gains something.
/// Who reads them decompresses into scratch memory; who changes them decompresses them first (``open(_:)``), and
/// the change ends with ``settle(_:_:)``. The depth may change at any time, so any node may be found compressed.
public struct Quicklist: ~Copyable {
  struct Node {
    enum Kind: UInt8 {
      case packed
      case plain
      case compressed
      case compressedPlain
    }

    var address: UnsafeMutableRawPointer
    var count: UInt32
    var kind: Kind
    /// Compression was tried in vain, and the node is as it was then.
    var resistsCompression = false

    init(_ list: Listpack, count: Int) {
      address = list.address
      self.count = UInt32(count)
      kind = .packed
    }

    /// Takes over the caller's reference.
    init(_ blob: Blob) {
      address = blob.address
      count = 1
      kind = .plain
    }

    @inline(__always)
    var list: Listpack {
      assert(kind == .packed)
      return Listpack(address: address)
    }

    var blob: Blob {
      assert(kind == .plain)
      return Blob(address: address)
    }

    var isCompressed: Bool { kind == .compressed || kind == .compressedPlain }

    func free() {
      if kind == .plain { blob.release() } else { Allocator.free(address) }
    }
  }

  /// An element, valid until the list changes.
  public enum Element {
    case integer(Int64)
    case bytes(Bytes)
    case blob(Blob)

    @inline(__always)
    init(_ value: Listpack.Value) {
      switch value {
      case .integer(let number): self = .integer(number)
      case .bytes(let bytes): self = .bytes(bytes)
      }
    }
  }

  /// The first node. Nodes lie in the middle of an array of `capacity`, after `room` unused places.
  private(set) var nodes: UnsafeMutablePointer<Node>
  private var nodeTotal: UInt32 = 0
  private var room: UInt32 = 2
  private var capacity: UInt32 = 4
  /// Number of elements.
  public internal(set) var count = 0

  private init() {
    nodes = Self.array(capacity: 4) + 2
  }

  private static func array(capacity: Int) -> UnsafeMutablePointer<Node> {
    Allocator.allocate(capacity * MemoryLayout<Node>.stride).assumingMemoryBound(to: Node.self)
  }

  // MARK: Life

  public static func allocate() -> UnsafeMutablePointer<Quicklist> {
    let list = Allocator.allocate(MemoryLayout<Quicklist>.stride).assumingMemoryBound(to: Quicklist.self)
    list.initialize(to: Quicklist())
    return list
  }

  /// A list of the elements of `first`, which it takes over.
  public static func allocate(takingOver first: Listpack) -> UnsafeMutablePointer<Quicklist> {
    let list = allocate()
    list.pointee.append(takingOver: first)
    return list
  }

  /// Frees the list with all its elements.
  public static func free(_ list: UnsafeMutablePointer<Quicklist>) {
    for i in 0..<list.pointee.nodeCount { list.pointee.nodes[i].free() }
    list.pointee.freeArray()
    Allocator.free(list)
  }

  /// Frees the list, whose only node is a listpack, all but that listpack.
  public static func dissolve(_ list: UnsafeMutablePointer<Quicklist>) -> Listpack {
    precondition(list.pointee.nodeCount == 1)
    let rest = list.pointee.open(0)
    list.pointee.freeArray()
    Allocator.free(list)
    return rest
  }

  private func freeArray() { Allocator.free(nodes - Int(room)) }

  public static func copy(_ source: UnsafeMutablePointer<Quicklist>) -> UnsafeMutablePointer<Quicklist> {
    let fresh = allocate()
    for i in 0..<source.pointee.nodeCount {
      var node = source.pointee.nodes[i]
      switch node.kind {
      case .plain: node.address = Blob.copy(node.blob.bytes).address
      case .packed: node.address = Listpack.copy(node.list.bytes).address
      case .compressed, .compressedPlain: node.address = CompressedNode(address: node.address).copy().address
      }
      fresh.pointee.insertNode(node, at: i)
    }
    return fresh
  }

  // MARK: Size

  @inline(__always)
  public var nodeCount: Int { Int(nodeTotal) }

  /// Bytes that the list takes, estimated from the first `samples` nodes (0: all).
  public func allocatedBytes(samples: Int) -> Int {
    let own = MemoryLayout<Quicklist>.stride + Int(capacity) * MemoryLayout<Node>.stride
    let looked = samples == 0 ? nodeCount : min(samples, nodeCount)
    guard looked > 0 else { return own }
    var bytes = 0
    for i in 0..<looked { bytes += Allocator.usableSize(nodes[i].address) }
    return own + (looked == nodeCount ? bytes : Int(Double(bytes) / Double(looked) * Double(nodeCount)))
  }

  /// Whether all lies in one listpack of so many bytes and elements that nobody needs more.
  public func fitsListpack(_ limits: QuicklistLimits, hasShrunk: Bool) -> Bool {
    guard nodeCount == 1 else { return false }
    switch nodes[0].kind {
    case .packed: return limits.allowListpack(bytes: nodes[0].list.byteCount, count: count, hasShrunk: hasShrunk)
    case .compressed:
      let bytes = CompressedNode(address: nodes[0].address).originalCount
      return limits.allowListpack(bytes: bytes, count: count, hasShrunk: hasShrunk)
    case .plain, .compressedPlain: return false
    }
  }

  // MARK: Nodes

  /// Adds a node before the one at `i`, with its elements.
  mutating func insertNode(_ node: Node, at i: Int) {
    openGap(at: i)
    (nodes + i).initialize(to: node)
    count += Int(node.count)
  }

  /// Takes the nodes in `range` out; what they held is the caller's business.
  mutating func removeNodes(_ range: Range<Int>) {
    let after = nodeCount - range.upperBound
    if range.lowerBound <= after {
      memmove(nodes + range.count, nodes, range.lowerBound * MemoryLayout<Node>.stride)
      nodes += range.count
      room += UInt32(range.count)
    } else {
      memmove(nodes + range.lowerBound, nodes + range.upperBound, after * MemoryLayout<Node>.stride)
    }
    nodeTotal -= UInt32(range.count)
  }

  /// Frees and takes out the nodes in `range` with their elements.
  mutating func deleteNodes(_ range: Range<Int>) {
    for i in range {
      count -= Int(nodes[i].count)
      nodes[i].free()
    }
    removeNodes(range)
  }

  /// Makes room for one more node before the one at `i`.
  private mutating func openGap(at i: Int) {
    var isLeft = i < nodeCount - i
    if isLeft ? room == 0 : room + nodeTotal == capacity {
      makeRoom()
      isLeft = i < nodeCount - i
    }
    if isLeft {
      memmove(nodes - 1, nodes, i * MemoryLayout<Node>.stride)
      nodes -= 1
      room -= 1
    } else {
      memmove(nodes + i + 1, nodes + i, (nodeCount - i) * MemoryLayout<Node>.stride)
    }
    nodeTotal += 1
  }

  /// Puts the nodes in the middle of the array, of a larger one if it is rather full. A queue, whose nodes come at
  /// one end and go at the other, only moves back from time to time.
  private mutating func makeRoom() {
    let start = nodes - Int(room)
    let wanted = nodeCount + nodeCount / 4 + 2
    if wanted > Int(capacity) {
      let fresh = max(wanted, nodeCount * 2)
      let array = Self.array(capacity: fresh)
      room = UInt32(fresh - nodeCount) / 2
      memcpy(array + Int(room), nodes, nodeCount * MemoryLayout<Node>.stride)
      nodes = array + Int(room)
      capacity = UInt32(fresh)
      Allocator.free(start)
    } else {
      room = (capacity - nodeTotal) / 2
      memmove(start + Int(room), nodes, nodeCount * MemoryLayout<Node>.stride)
      nodes = start + Int(room)
    }
  }

  /// The packed node at `i` changed to `list`, with `change` elements more.
  @inline(__always)
  mutating func store(_ list: Listpack, at i: Int, change: Int) {
    nodes[i].address = list.address
    nodes[i].count = UInt32(Int(nodes[i].count) &+ change)
    nodes[i].resistsCompression = false
    count &+= change
  }

  // MARK: Ends

  /// Adds an element. Its bytes must not lie in this list.
  @inline(__always)
  public mutating func push(_ bytes: Bytes, at end: ListEnd, _ limits: QuicklistLimits) {
    let i = end == .head ? 0 : nodeCount - 1
    guard nodeCount > 0, nodes[i].kind == .packed, canAdd(bytes.count, to: i, limits) else {
      return pushNode(bytes, at: end, limits)
    }
    var list = nodes[i].list
    if end == .head { list.prepend(bytes) } else { list.append(bytes) }
    store(list, at: i, change: 1)
  }

  @inline(never)
  private mutating func pushNode(_ bytes: Bytes, at end: ListEnd, _ limits: QuicklistLimits) {
    if nodeCount > 0 && nodes[end == .head ? 0 : nodeCount - 1].kind == .compressed {
      open(end == .head ? 0 : nodeCount - 1)
      return push(bytes, at: end, limits)
    }
    pushNode(Self.node(bytes, limits), at: end, limits)
  }

  /// Adds a large element, which then is held by both.
  public mutating func push(_ blob: Blob, at end: ListEnd, _ limits: QuicklistLimits) {
    blob.retain()
    pushNode(Node(blob), at: end, limits)
  }

  private mutating func pushNode(_ node: Node, at end: ListEnd, _ limits: QuicklistLimits) {
    insertNode(node, at: end == .head ? 0 : nodeCount)
    if limits.compressDepth > 0 { settle(end == .head ? 0..<1 : nodeCount - 1..<nodeCount, limits) }
  }

  /// A node of one element.
  static func node(_ bytes: Bytes, _ limits: QuicklistLimits) -> Node {
    if limits.isPlain(bytes.count) { return Node(Blob.copy(bytes)) }
    var list = Listpack.create(capacity: Allocator.goodSize(Listpack.headerSize + 1 + bytes.count + 2))
    list.append(bytes)
    return Node(list, count: 1)
  }

  /// Whether the packed node at `i` has room for an element of so many bytes.
  ///
  /// What an element takes besides its bytes is overestimated: a node may stay a few bytes smaller than it could, but
  /// does not spill into the allocator's next size.
  @inline(__always)
  func canAdd(_ added: Int, to i: Int, _ limits: QuicklistLimits) -> Bool {
    let bytes = nodes[i].list.byteCount &+ added &+ 8
    return !limits.areExceeded(bytes: bytes, count: Int(nodes[i].count) &+ 1) && !limits.isPlain(added)
  }

  /// The first or last element. Requires that there is one.
  @inline(__always)
  public mutating func element(at end: ListEnd) -> Element {
    precondition(count > 0)
    let i = end == .head ? 0 : nodeCount - 1
    if nodes[i].kind != .packed { return largeElement(at: end, i) }
    let list = nodes[i].list
    return Element(list.value(end == .head ? Listpack.headerSize : list.last!))
  }

  private mutating func largeElement(at end: ListEnd, _ i: Int) -> Element {
    if nodes[i].kind == .compressedPlain { decompress(i) }
    if nodes[i].kind == .plain { return .blob(nodes[i].blob) }
    let list = open(i)
    return Element(list.value(end == .head ? Listpack.headerSize : list.last!))
  }

  /// Removes the first or last element. Requires that there is one.
  @inline(__always)
  public mutating func removeElement(at end: ListEnd, _ limits: QuicklistLimits) {
    precondition(count > 0)
    let i = end == .head ? 0 : nodeCount - 1
    if nodes[i].count == 1 {
      deleteNodes(i..<i + 1)
      if limits.compressDepth > 0 { settle(0..<0, limits) }
      return
    }
    var list = nodes[i].kind == .packed ? nodes[i].list : open(i)
    list.delete(end == .head ? Listpack.headerSize : list.last!)
    store(list, at: i, change: -1)
  }
}
