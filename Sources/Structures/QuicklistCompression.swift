import CMartlet
import Memory

/// A compressed node's allocation.
///
/// Layout: 4 bytes compressed count, 4 bytes original count, the LZF stream.
struct CompressedNode {
  let address: UnsafeMutableRawPointer

  static let headerSize = 8
  /// Below this compression is not worth a try.
  static let minimumCount = 48
  /// Nor is it for less of a gain than this.
  static let minimumGain = 8
  /// Larger ones stay as they are: nobody shall wait for a single element to be compressed.
  static let maximumCount = 1 << 20

  init(address: UnsafeMutableRawPointer) { self.address = address }

  /// The bytes compressed, or nil if that is not worth it.
  init?(compressing bytes: Bytes) {
    guard bytes.count >= Self.minimumCount && bytes.count <= Self.maximumCount else { return nil }
    // What does not fit here gains too little.
    let room = bytes.count - Self.minimumGain - 1
    let fresh = Allocator.allocate(Self.headerSize + room)
    let count = martlet_lzf_compress(bytes.base, UInt32(bytes.count), fresh + Self.headerSize, UInt32(room))
    guard count > 0 else {
      Allocator.free(fresh)
      return nil
    }
    address = Allocator.reallocate(fresh, to: Self.headerSize + Int(count))
    address.storeBytes(of: count, as: UInt32.self)
    address.storeBytes(of: UInt32(bytes.count), toByteOffset: 4, as: UInt32.self)
  }

  var compressedCount: Int { Int(address.load(as: UInt32.self)) }
  var originalCount: Int { Int(address.load(fromByteOffset: 4, as: UInt32.self)) }
  var stream: Bytes { Bytes(address + Self.headerSize, count: compressedCount) }

  /// Writes the original bytes to `target`, which has room for ``originalCount``.
  func decompress(to target: UnsafeMutableRawPointer) {
    let count = martlet_lzf_decompress(stream.base, UInt32(compressedCount), target, UInt32(originalCount))
    precondition(count == originalCount, "a compressed node lost its contents")
  }

  func copy() -> CompressedNode {
    let fresh = Allocator.allocate(Self.headerSize + compressedCount)
    memcpy(fresh, address, Self.headerSize + compressedCount)
    return CompressedNode(address: fresh)
  }
}

extension Quicklist {
  /// The packed node at `i`, decompressed if it was not. Whoever opens a node settles it in the end.
  @discardableResult
  mutating func open(_ i: Int) -> Listpack {
    if nodes[i].isCompressed { decompress(i) }
    return nodes[i].list
  }

  mutating func decompress(_ i: Int) {
    let compressed = CompressedNode(address: nodes[i].address)
    let isPlain = nodes[i].kind == .compressedPlain
    if isPlain {
      let blob = Blob.allocate(count: compressed.originalCount)
      compressed.decompress(to: blob.start)
      nodes[i].address = blob.address
    } else {
      nodes[i].address = Allocator.allocate(compressed.originalCount)
      compressed.decompress(to: nodes[i].address)
    }
    nodes[i].kind = isPlain ? .plain : .packed
    Allocator.free(compressed.address)
  }

  private mutating func compress(_ i: Int) {
    if nodes[i].isCompressed || nodes[i].resistsCompression { return }
    let isPlain = nodes[i].kind == .plain
    guard let compressed = CompressedNode(compressing: isPlain ? nodes[i].blob.bytes : nodes[i].list.bytes) else {
      nodes[i].resistsCompression = true
      return
    }
    nodes[i].free()
    nodes[i].address = compressed.address
    nodes[i].kind = isPlain ? .compressedPlain : .compressed
  }

  /// Puts things right after a change of the nodes in `touched`: those near an end are decompressed, the
  /// others compressed, and so are nodes that the change moved over the border, of which there are up to two at
  /// each end.
  mutating func settle(_ touched: Range<Int>, _ limits: QuicklistLimits) {
    let depth = min(limits.compressDepth, nodeCount)
    guard depth > 0 else { return }
    for i in 0..<depth {
      if nodes[i].isCompressed { decompress(i) }
      if nodes[nodeCount - 1 - i].isCompressed { decompress(nodeCount - 1 - i) }
    }
    let inner = depth..<max(depth, nodeCount - depth)
    for i in touched.clamped(to: inner) { compress(i) }
    for i in inner.prefix(2) { compress(i) }
    for i in inner.suffix(2) { compress(i) }
  }

  public var hasCompressedNodes: Bool { (0..<nodeCount).contains { nodes[$0].isCompressed } }

  /// Runs `body` with what the node at `i` holds, which is not to be changed and valid for the call.
  func withContents<R>(_ i: Int, _ body: (Contents) -> R) -> R {
    switch nodes[i].kind {
    case .packed: return body(.packed(nodes[i].list))
    case .plain: return body(.plain(nodes[i].blob))
    case .compressed:
      let compressed = CompressedNode(address: nodes[i].address)
      let scratch = Allocator.allocate(compressed.originalCount)
      defer { Allocator.free(scratch) }
      compressed.decompress(to: scratch)
      return body(.packed(Listpack(address: scratch)))
    case .compressedPlain:
      let compressed = CompressedNode(address: nodes[i].address)
      let blob = Blob.allocate(count: compressed.originalCount)
      // A reply may hold it for longer.
      defer { blob.release() }
      compressed.decompress(to: blob.start)
      return body(.plain(blob))
    }
  }

  enum Contents {
    case packed(Listpack)
    case plain(Blob)
  }
}

extension Quicklist {
  /// A node as it is saved: what lies in memory, be it compressed or not.
  public enum StoredNode {
    case packed(Bytes)
    case plain(Bytes)
    case compressed(Bytes, originalCount: Int, isPlain: Bool)
  }

  public func storedNode(_ i: Int) -> StoredNode {
    precondition(i >= 0 && i < nodeCount)
    switch nodes[i].kind {
    case .packed: return .packed(nodes[i].list.bytes)
    case .plain: return .plain(nodes[i].blob.bytes)
    case .compressed, .compressedPlain:
      let node = CompressedNode(address: nodes[i].address)
      return .compressed(node.stream, originalCount: node.originalCount, isPlain: nodes[i].kind == .compressedPlain)
    }
  }
}
