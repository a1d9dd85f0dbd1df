import CMartlet
import Memory
import Structures

public typealias StreamPointer = UnsafeMutablePointer<Stream>

/// How large the nodes of streams become.
public struct StreamLimits {
  /// `stream-node-max-bytes`; 0: no limit.
  public var nodeBytes = 4096
  /// `stream-node-max-entries`; 0: no limit.
  public var nodeEntries = 100

  public init() {}
}

/// A log of entries, each a list of fields and values under an id that is greater than all before; and the groups that
/// read it.
///
/// Entries lie in nodes of a few kilobytes (``StreamNode``), which an index finds by the id of the first entry that they
/// ever had.
public struct Stream: ~Copyable {
  /// The address of the listpack of each node.
  var nodes = IDIndex<UnsafeMutableRawPointer>()
  /// Living entries.
  public var length = 0
  /// The first living entry; zero if there is none.
  public var firstID = StreamID.zero
  /// The greatest id that was ever given, or what XSETID made of it.
  public var lastID = StreamID.zero
  /// The greatest id of an entry that was removed by name; zero: none was.
  public var maximumDeletedID = StreamID.zero
  /// Entries that were ever added.
  public var entriesAdded: UInt64 = 0
  var groups = NameIndex<ConsumerGroup>()
  /// Set once somebody adds entries with ids of their own.
  public var producers: UnsafeMutablePointer<IdempotentProducers>?
  /// Changes when entries move within their node.
  var layout: UInt32 = 0

  init() {}

  deinit {
    nodes.forEach { Allocator.free($0.value) }
    for i in 0..<groups.count { Self.free(groups[i]) }
    if let producers { IdempotentProducers.free(producers) }
  }

  private static func free(_ group: ConsumerGroupPointer) {
    group.deinitialize(count: 1)
    Allocator.free(group)
  }

  static func allocate() -> StreamPointer {
    let stream = StreamPointer.allocateFromAllocator()
    stream.initialize(to: Stream())
    return stream
  }

  public var nodeCount: Int { nodes.count }

  // MARK: Add

  /// The bytes of one entry that a stream takes at most; then there is no fear for the node's 32 bits.
  public static let maximumEntryBytes = Listpack.maximumByteCount

  /// The id of an entry that is added now; nil after the last id of all.
  @inline(__always)
  public func nextID(now: Int64) -> StreamID? {
    let milliseconds = UInt64(truncatingIfNeeded: max(now, 0))
    return milliseconds > lastID.milliseconds ? StreamID(milliseconds, 0) : lastID.next
  }

  /// Appends an entry.
  ///
  /// - Parameters:
  ///   - id: must be after ``lastID``.
  ///   - fields: `pairs` fields and values in turn.
  ///   - byteCount: how many bytes all of them have, at most ``maximumEntryBytes``.
  @inline(__always)
  public mutating func append(
    _ id: StreamID, _ fields: UnsafePointer<Bytes>, pairs: Int, byteCount: Int, limits: StreamLimits
  ) {
    precondition(id > lastID && pairs > 0 && byteCount <= Self.maximumEntryBytes)
    var nodeBytes = limits.nodeBytes
    if nodeBytes <= 0 || nodeBytes > Listpack.maximumByteCount { nodeBytes = Listpack.maximumByteCount }
    if let last = nodes.last {
      var node = StreamNode(id: last.pointee.id, address: last.pointee.value)
      if node.list.byteCount &+ byteCount < nodeBytes
        && (limits.nodeEntries <= 0 || node.liveCount &+ node.deletedCount < limits.nodeEntries)
      {
        let moves = node.append(id, fields, pairs: pairs, byteCount: byteCount, capacity: min(nodeBytes, 4096))
        last.pointee.value = node.list.address
        if moves { layout &+= 1 }
        added(id)
        return
      }
      node.list.shrink()
      last.pointee.value = node.list.address
    }
    nodes.append(id, StreamNode.create(id, fields, pairs: pairs, byteCount: byteCount).list.address)
    added(id)
  }

  @inline(__always)
  private mutating func added(_ id: StreamID) {
    length &+= 1
    entriesAdded &+= 1
    lastID = id
    if length == 1 { firstID = id }
  }

  // MARK: Remove

  /// Removes an entry; says whether there was one.
  public mutating func delete(_ id: StreamID) -> Bool {
    guard let position = nodes.position(atOrBefore: id) else { return false }
    var node = StreamNode(id: nodes[position].pointee.id, address: nodes[position].pointee.value)
    guard let entry = find(id, in: node), !entry.isDeleted else { return false }
    if node.liveCount == 1 {
      removeNode(at: position)
    } else {
      node.flagDeleted(entry.position)
      node.countDeleted(1)
      nodes[position].pointee.value = node.list.address
    }
    layout &+= 1
    length -= 1
    if id > maximumDeletedID { maximumDeletedID = id }
    if id == firstID { findFirst() }
    return true
  }

  private func find(_ id: StreamID, in node: StreamNode) -> StreamNode.Entry? {
    let master = node.master
    var at = node.firstEntry(master)
    while !node.list.isEnd(at) {
      let entry = node.entry(at: at, master)
      if entry.id >= id { return entry.id == id ? entry : nil }
      at = node.end(of: entry)
    }
    return nil
  }

  /// Whether there is a living entry of that id.
  public func contains(_ id: StreamID) -> Bool {
    guard let position = nodes.position(atOrBefore: id) else { return false }
    let node = StreamNode(id: nodes[position].pointee.id, address: nodes[position].pointee.value)
    return find(id, in: node).map { !$0.isDeleted } ?? false
  }

  mutating func removeNode(at position: IDIndex<UnsafeMutableRawPointer>.Position) {
    Allocator.free(nodes[position].pointee.value)
    nodes.remove(at: position)
  }

  /// Looks for the first living entry anew.
  mutating func findFirst() {
    firstID = .zero
    guard length > 0 else { return }
    firstID = withPointer { StreamReader.firstID($0) } ?? .zero
  }

  /// The first entry, be it living or not.
  public mutating func edgeID() -> StreamID? {
    guard let first = nodes.first else { return nil }
    let node = StreamNode(id: first.pointee.id, address: first.pointee.value)
    let master = node.master
    let at = node.firstEntry(master)
    return node.list.isEnd(at) ? nil : node.entry(at: at, master).id
  }

  /// The last living entry.
  public mutating func lastLivingID() -> StreamID? {
    withPointer { stream in
      var reader = StreamReader(stream, isReversed: true)
      return reader.next()?.id
    }
  }

  private mutating func withPointer<R>(_ body: (StreamPointer) -> R) -> R { withUnsafeMutablePointer(to: &self, body) }

  // MARK: Groups

  public var groupCount: Int { groups.count }
  public func group(at i: Int) -> ConsumerGroupPointer { groups[i] }
  public func findGroup(_ name: Bytes) -> ConsumerGroupPointer? { groups.find(name) }

  /// A new group; there must be none of that name.
  @discardableResult
  public mutating func addGroup(_ name: Bytes, lastID: StreamID, entriesRead: Int64?) -> ConsumerGroupPointer {
    let group = ConsumerGroupPointer.allocateFromAllocator()
    group.initialize(to: ConsumerGroup(name: Blob.copy(name), lastID: lastID, entriesRead: entriesRead))
    groups.insert(group)
    return group
  }

  public mutating func removeGroup(_ group: ConsumerGroupPointer) {
    groups.remove(group)
    Self.free(group)
  }

  // MARK: Counters

  /// Whether an entry at `id` or after it was removed by name, so that counting on from there would be wrong.
  func hasGaps(from id: StreamID) -> Bool {
    length > 0 && !maximumDeletedID.isZero && firstID <= maximumDeletedID && id <= maximumDeletedID
  }

  /// How many entries of all that were ever added precede the one after `id`; nil if that cannot be told.
  func entriesRead(upTo id: StreamID) -> Int64? {
    let added = Int64(bitPattern: entriesAdded)
    if added == 0 { return 0 }
    if length == 0 && id <= lastID { return added }
    if id == lastID { return added }
    if id > lastID { return nil }
    guard maximumDeletedID.isZero || maximumDeletedID < firstID else { return nil }
    if id < firstID { return added &- Int64(length) }
    return id == firstID ? added &- Int64(length) &+ 1 : nil
  }

  /// How many entries a group has before it; nil if that cannot be told.
  public func lag(_ group: ConsumerGroupPointer) -> Int64? {
    let added = Int64(bitPattern: entriesAdded)
    if added == 0 { return 0 }
    if let read = group.pointee.entriesRead, !hasGaps(from: group.pointee.lastID) { return added &- read }
    return entriesRead(upTo: group.pointee.lastID).map { added &- $0 }
  }
}

extension StreamReader {
  static func firstID(_ stream: StreamPointer) -> StreamID? {
    var reader = StreamReader(stream)
    return reader.next()?.id
  }
}
