import Memory
import Structures

// Streams are saved node by node, as the bytes that they consist of, and come back as such; groups element by element.

extension Stream {
  /// Visits up to `limit` nodes in their order, from the one whose id is `first` or the next after it: the id of each,
  /// and its listpack. Returns where to go on, nil at the end.
  public func forEachNode(from first: StreamID, limit: Int, _ visit: (StreamID, Bytes) -> Void) -> StreamID? {
    var position = nodes.position(atOrAfter: first)
    var seen = 0
    while let current = position {
      if seen == limit { return nodes[current].pointee.id }
      visit(nodes[current].pointee.id, Listpack(address: nodes[current].pointee.value).bytes)
      seen += 1
      position = nodes.next(current)
    }
    return nil
  }
}

extension StreamNode {
  /// Whether bytes from outside are a node: a sound listpack of whole entries that are counted right, with ids that
  /// rise from the node's own.
  ///
  /// - Parameter lastID: is set to that of the last entry, be it living or not.
  static func isValid(_ bytes: Bytes, id: StreamID, lastID: inout StreamID) -> Bool {
    guard Listpack.isValid(bytes) else { return false }
    // Only read, never changed or freed.
    var check = Check(list: Listpack(address: UnsafeMutableRawPointer(mutating: bytes.raw)))
    guard let live = check.count(), let deleted = check.count(), let fields = check.count(), check.skip(fields),
      check.integer() == 0
    else { return false }
    var seen: (live: Int64, deleted: Int64) = (0, 0)
    var last: StreamID?
    while !check.isAtEnd {
      guard let flags = check.integer(), let milliseconds = check.integer(), let sequence = check.integer(),
        let elements = check.contents(flags: flags, masterFields: fields), check.integer() == elements + 3
      else { return false }
      let entry = id.adding(milliseconds, sequence)
      if entry < id || last.map({ entry <= $0 }) ?? false { return false }
      last = entry
      if flags & Self.isDeleted == 0 { seen.live += 1 } else { seen.deleted += 1 }
    }
    lastID = last ?? id
    return seen == (live, deleted)
  }

  /// A walk over elements that are sound as such, but may be anything.
  private struct Check {
    let list: Listpack
    var at = Listpack.headerSize

    var isAtEnd: Bool { list.isEnd(at) }

    mutating func integer() -> Int64? {
      guard !isAtEnd, case .integer(let value) = list.value(at) else { return nil }
      at = list.skip(at)
      return value
    }

    mutating func count() -> Int64? {
      guard let value = integer(), value >= 0 else { return nil }
      return value
    }

    /// There may be fewer elements than a number from outside says.
    mutating func skip(_ elements: Int64) -> Bool {
      var left = elements
      while left > 0 {
        if isAtEnd { return false }
        at = list.skip(at)
        left -= 1
      }
      return true
    }

    /// Skips fields and values, and returns how many elements they and their number are.
    mutating func contents(flags: Int64, masterFields: Int64) -> Int64? {
      if flags & StreamNode.sharesFields != 0 { return skip(masterFields) ? masterFields : nil }
      // Twice a number beyond the listpack's size is beyond it, too.
      guard let fields = count(), fields < 1 << 32, skip(fields * 2) else { return nil }
      return fields * 2 + 1
    }
  }
}

/// A stream that is put together from what was saved. What cannot be is refused, piece by piece; whoever meets a refusal
/// lets the builder go.
public struct StreamBuilder: ~Copyable {
  private let stream = Stream.allocate()
  private var lastID: StreamID?
  private var isTaken = false

  public init() {}

  deinit {
    guard !isTaken else { return }
    stream.deinitialize(count: 1)
    Allocator.free(stream)
  }

  /// Adds a node behind the others; false if it is none, or belongs elsewhere.
  public mutating func addNode(_ id: StreamID, listpack: Bytes) -> Bool {
    if let lastID, id <= lastID { return false }
    var last = StreamID.zero
    guard StreamNode.isValid(listpack, id: id, lastID: &last) else { return false }
    lastID = last
    let list = Listpack.copy(listpack)
    stream.pointee.nodes.append(id, list.address)
    stream.pointee.length += Int(truncatingIfNeeded: StreamNode(id: id, address: list.address).liveCount)
    return true
  }

  /// Sets what is counted of the stream, once all nodes are there; false if that does not go together.
  ///
  /// - Parameters:
  ///   - maximumDeletedID: zero where it was not saved.
  ///   - entriesAdded: nil where it was not saved: as many as there are.
  public mutating func setCounters(
    length: UInt64, lastID: StreamID, maximumDeletedID: StreamID = .zero, entriesAdded: UInt64? = nil
  ) -> Bool {
    guard length == UInt64(stream.pointee.length), self.lastID.map({ $0 <= lastID }) ?? true else { return false }
    stream.pointee.lastID = lastID
    stream.pointee.maximumDeletedID = maximumDeletedID
    stream.pointee.entriesAdded = entriesAdded ?? length
    stream.pointee.findFirst()
    return true
  }

  /// Adds a group; nil if there is one of that name.
  ///
  /// - Parameter entriesRead: negative if it is not known.
  public mutating func addGroup(_ name: Bytes, lastID: StreamID, entriesRead: Int64) -> ConsumerGroupPointer? {
    guard stream.pointee.findGroup(name) == nil else { return nil }
    return stream.pointee.addGroup(name, lastID: lastID, entriesRead: entriesRead < 0 ? nil : entriesRead)
  }

  /// How far a group had read where that was not saved.
  public mutating func estimateEntriesRead(_ group: ConsumerGroupPointer) {
    group.pointee.entriesRead = stream.pointee.entriesRead(upTo: group.pointee.lastID)
  }

  /// The stream; it is the caller's from now on.
  fileprivate consuming func take() -> StreamPointer {
    isTaken = true
    return stream
  }
}

extension ConsumerGroup {
  /// Adds a pending entry that nobody has until it is assigned; false if it is there already.
  public mutating func addUnassigned(_ id: StreamID, time: Int64, count: UInt64) -> Bool {
    noteSaved(id, Delivery(consumer: nil, time: max(time, 0), count: count))
  }

  /// Gives an unassigned entry to a consumer; false if there is none such.
  public mutating func assign(_ id: StreamID, to consumer: ConsumerPointer) -> Bool {
    guard let delivery = pending.find(id), delivery.pointee.consumer == nil else { return false }
    delivery.pointee.consumer = consumer
    return consumer.pointee.pending.insert(id, Consumer.Nothing())
  }

  /// What was not assigned was given back by somebody, and so was what the nameless consumer got at no time.
  public mutating func finishAssigning() {
    let nameless = findConsumer(.empty)
    var ids: [(id: StreamID, count: UInt64)] = []
    pending.forEach { element in
      let owner = element.value.consumer
      if owner == nil || (owner == nameless && element.value.time == 0) {
        ids.append((element.id, element.value.count))
      }
      if owner == nil { returnedCount += 1 }
    }
    for (id, count) in ids { giveBack(id, count: count) }
    if let nameless, nameless.pointee.pendingCount == 0 && nameless.pointee.seenTime == 0 { removeConsumer(nameless) }
  }

  // Files know no entries that nobody has: whoever loads one in Redis wants an owner for each. They are saved as those of
  // a consumer without a name, delivered at no time, which anybody may claim.

  /// A consumer as it is saved.
  public struct StoredConsumer {
    /// Nil if there is none of this name beside what was given back.
    fileprivate let pointer: ConsumerPointer?
    fileprivate let hasReturned: Bool
    public let pendingCount: Int

    public var name: Bytes { pointer?.pointee.name.bytes ?? .empty }
    public var seenTime: Int64 { pointer?.pointee.seenTime ?? 0 }
    public var activeTime: Int64 { pointer?.pointee.activeTime ?? -1 }
  }

  /// Whether what was given back needs an owner that is not there.
  private var needsNameless: Bool { returnedCount > 0 && findConsumer(.empty) == nil }

  public var storedConsumerCount: Int { consumers.count + (needsNameless ? 1 : 0) }

  /// The consumer at an index below `storedConsumerCount`.
  public func storedConsumer(at i: Int) -> StoredConsumer {
    guard i < consumers.count else {
      return StoredConsumer(pointer: nil, hasReturned: true, pendingCount: returnedCount)
    }
    let hasReturned = consumers[i].pointee.name.count == 0 && returnedCount > 0
    let count = consumers[i].pointee.pendingCount + (hasReturned ? returnedCount : 0)
    return StoredConsumer(pointer: consumers[i], hasReturned: hasReturned, pendingCount: count)
  }

  /// Visits the ids that a consumer has pending as it is saved, from `first` on, until `visit` returns false.
  public func forEachStoredPending(
    of consumer: StoredConsumer, from first: StreamID, _ visit: (StreamID) -> Bool
  ) {
    guard consumer.hasReturned else { return forEachPending(from: first, of: consumer.pointer) { id, _ in visit(id) } }
    forEachPending(from: first) { id, delivery in
      delivery.consumer != nil && delivery.consumer != consumer.pointer || visit(id)
    }
  }
}

extension Keyspace {
  /// Adds a stream that was put together, under a key that is not there.
  public mutating func addStream(
    _ database: Int, _ key: Bytes, hash: UInt64, _ builder: consuming StreamBuilder
  ) -> Entry {
    addCollection(
      database, key, hash: hash, type: .stream, encoding: .stream, pointer: UnsafeMutableRawPointer(builder.take()))
  }
}
