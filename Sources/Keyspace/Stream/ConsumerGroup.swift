import Memory
import Structures

public typealias ConsumerGroupPointer = UnsafeMutablePointer<ConsumerGroup>
public typealias ConsumerPointer = UnsafeMutablePointer<Consumer>

/// An entry that was delivered and not acknowledged.
public struct Delivery: BitwiseCopyable {
  /// Who has it; nil after XNACK.
  public internal(set) var consumer: ConsumerPointer?
  /// When it was last delivered. Of an entry that nobody has, a negative number that rises: those are claimed
  /// before all others, in the order in which they were given back.
  fileprivate var rank: Int64
  /// How often it was delivered.
  public internal(set) var count: UInt64

  init(consumer: ConsumerPointer?, time: Int64, count: UInt64) {
    self.consumer = consumer
    rank = time
    self.count = count
  }

  /// Unix milliseconds; 0 if nobody has it.
  public internal(set) var time: Int64 {
    get { consumer == nil ? 0 : rank }
    set { rank = newValue }
  }

  /// By this, the longest idle come first.
  public var claimOrder: Int64 { rank }

  /// How long nothing was heard of it, in milliseconds.
  public func idle(_ now: Int64) -> Int64 {
    let (idle, overflow) = now.subtractingReportingOverflow(time)
    return overflow ? .max : idle
  }
}

/// One who reads in a group.
public struct Consumer: ~Copyable, Named {
  public let name: Blob
  /// When it last asked for entries or claimed some, in Unix milliseconds.
  public var seenTime: Int64
  /// When it last got some; -1: never.
  public var activeTime: Int64
  /// The entries that it has. What is known of them stands in the group.
  var pending = IDIndex<Nothing>()

  struct Nothing: BitwiseCopyable {}

  init(name: Blob, seenTime: Int64, activeTime: Int64) {
    self.name = name
    self.seenTime = seenTime
    self.activeTime = activeTime
  }

  deinit { name.release() }

  public var pendingCount: Int { pending.count }
}

/// A group of consumers that share a stream: each entry is delivered to one of them, and remembered until it is
/// acknowledged.
public struct ConsumerGroup: ~Copyable, Named {
  public let name: Blob
  /// The last entry that was delivered.
  public var lastID: StreamID
  /// How many entries of all that were ever added precede the next to be delivered; nil: not known.
  public var entriesRead: Int64?
  /// All entries that were delivered and not acknowledged.
  var pending = IDIndex<Delivery>()
  var consumers = NameIndex<Consumer>()
  /// Where the next entry to be delivered is.
  var bookmark: StreamReader.Bookmark?
  /// No delivery is older, that is, none has a lower rank.
  private var oldestRank = Int64.max
  /// Entries that nobody has.
  public internal(set) var returnedCount = 0
  private var nextReturn = Int64.min

  init(name: Blob, lastID: StreamID, entriesRead: Int64?) {
    self.name = name
    self.lastID = lastID
    self.entriesRead = entriesRead
  }

  deinit {
    for i in 0..<consumers.count { Self.free(consumers[i]) }
    name.release()
  }

  private static func free(_ consumer: ConsumerPointer) {
    consumer.deinitialize(count: 1)
    Allocator.free(consumer)
  }

  public var pendingCount: Int { pending.count }
  public var consumerCount: Int { consumers.count }
  public func consumer(at i: Int) -> ConsumerPointer { consumers[i] }
  public var firstPending: StreamID? { pending.first?.pointee.id }
  public var lastPending: StreamID? { pending.last?.pointee.id }

  /// To be called when ``lastID`` was set.
  public mutating func forgetBookmark() { bookmark = nil }

  // MARK: Consumers

  public func findConsumer(_ name: Bytes) -> ConsumerPointer? { consumers.find(name) }

  /// A new consumer; there must be none of that name.
  public mutating func addConsumer(_ name: Bytes, seenTime: Int64, activeTime: Int64 = -1) -> ConsumerPointer {
    let consumer = ConsumerPointer.allocateFromAllocator()
    consumer.initialize(to: Consumer(name: Blob.copy(name), seenTime: seenTime, activeTime: activeTime))
    consumers.insert(consumer)
    return consumer
  }

  /// Removes a consumer; what it had counts as acknowledged.
  public mutating func removeConsumer(_ consumer: ConsumerPointer) {
    consumer.pointee.pending.forEach { _ = pending.remove($0.id) }
    consumers.remove(consumer)
    Self.free(consumer)
  }

  // MARK: Deliveries

  public func delivery(_ id: StreamID) -> Delivery? { pending.find(id)?.pointee }

  /// Notes that an entry is with a consumer from now on, whoever had it before.
  @inline(__always)
  mutating func deliver(_ id: StreamID, to consumer: ConsumerPointer, time: Int64, count: UInt64) {
    noteRank(time)
    let fresh = Delivery(consumer: consumer, time: time, count: count)
    if pending.last.map({ $0.pointee.id < id }) ?? true {
      pending.append(id, fresh)
    } else if let old = pending.find(id) {
      leave(id, old.pointee, for: consumer)
      old.pointee = fresh
    } else {
      _ = pending.insert(id, fresh)
    }
    // False if it had it already.
    _ = consumer.pointee.pending.insert(id, Consumer.Nothing())
  }

  /// Puts an entry that is pending into other hands, or only notes another time and count.
  public mutating func redeliver(_ id: StreamID, to consumer: ConsumerPointer, time: Int64, count: UInt64) {
    deliver(id, to: consumer, time: time, count: count)
  }

  private mutating func leave(_ id: StreamID, _ old: Delivery, for consumer: ConsumerPointer?) {
    guard let owner = old.consumer else {
      returnedCount -= 1
      return
    }
    if owner != consumer { _ = owner.pointee.pending.remove(id) }
  }

  /// Forgets that an entry is pending; says whether it was.
  @inline(__always)
  public mutating func acknowledge(_ id: StreamID) -> Bool {
    guard let delivery = pending.remove(id) else { return false }
    leave(id, delivery, for: nil)
    return true
  }

  /// Takes an entry from whoever has it, so that the next who claims gets it.
  public mutating func giveBack(_ id: StreamID, count: UInt64) {
    if let old = pending.find(id) {
      leave(id, old.pointee, for: nil)
      old.pointee = Delivery(consumer: nil, time: nextReturn, count: count)
    } else {
      _ = pending.insert(id, Delivery(consumer: nil, time: nextReturn, count: count))
    }
    returnedCount += 1
    noteRank(nextReturn)
    nextReturn += 1
  }

  /// As it was saved; false if it is there already.
  mutating func noteSaved(_ id: StreamID, _ delivery: Delivery) -> Bool {
    noteRank(delivery.rank)
    return pending.insert(id, delivery)
  }

  private mutating func noteRank(_ rank: Int64) {
    if rank < oldestRank { oldestRank = rank }
  }

  // MARK: Walks

  /// Visits pending entries in the order of ids until `visit` returns false; with a consumer, only its own. `visit`
  /// must not change what is pending.
  public func forEachPending(
    from start: StreamID = .zero, through end: StreamID = .maximum, of consumer: ConsumerPointer? = nil,
    _ visit: (StreamID, Delivery) -> Bool
  ) {
    if let consumer {
      var position = consumer.pointee.pending.position(atOrAfter: start)
      while let current = position {
        let id = consumer.pointee.pending[current].pointee.id
        guard id <= end, let delivery = pending.find(id), visit(id, delivery.pointee) else { return }
        position = consumer.pointee.pending.next(current)
      }
      return
    }
    var position = pending.position(atOrAfter: start)
    while let current = position {
      let element = pending[current].pointee
      guard element.id <= end, visit(element.id, element.value) else { return }
      position = pending.next(current)
    }
  }

  /// The pending entry at or after `id`.
  public func pending(atOrAfter id: StreamID) -> (id: StreamID, delivery: Delivery)? {
    pending.position(atOrAfter: id).map { (pending[$0].pointee.id, pending[$0].pointee.value) }
  }

  /// When the delivery that is idle for longest took place; it may be gone already. Nil: nothing is pending.
  public var oldestDelivery: Int64? {
    pending.isEmpty ? nil : max(oldestRank, 0)
  }

  /// Up to `limit` entries that were delivered at `time` or before, those first that are idle for longest.
  ///
  /// - Complexity: O(1) if nothing can be that old, else O(N) for N pending entries.
  public mutating func pending(deliveredUpTo time: Int64, limit: Int) -> [StreamID] {
    if pending.isEmpty || oldestRank > time { return [] }
    var found: [(rank: Int64, id: StreamID)] = []
    var oldest = Int64.max
    pending.forEach { element in
      oldest = min(oldest, element.value.claimOrder)
      if element.value.claimOrder <= time { found.append((element.value.claimOrder, element.id)) }
    }
    oldestRank = oldest
    found.sort { $0.rank == $1.rank ? $0.id < $1.id : $0.rank < $1.rank }
    return found.prefix(limit).map(\.id)
  }

  // MARK: Life

  static func copy(_ source: ConsumerGroupPointer) -> ConsumerGroupPointer {
    let fresh = ConsumerGroupPointer.allocateFromAllocator()
    fresh.initialize(
      to: ConsumerGroup(
        name: Blob.copy(source.pointee.name.bytes), lastID: source.pointee.lastID,
        entriesRead: source.pointee.entriesRead))
    for i in 0..<source.pointee.consumers.count {
      let consumer = source.pointee.consumers[i]
      _ = fresh.pointee.addConsumer(
        consumer.pointee.name.bytes, seenTime: consumer.pointee.seenTime, activeTime: consumer.pointee.activeTime)
    }
    source.pointee.pending.forEach { element in
      guard let owner = element.value.consumer else {
        _ = fresh.pointee.pending.insert(element.id, element.value)
        return
      }
      guard let consumer = fresh.pointee.findConsumer(owner.pointee.name.bytes) else { return }
      fresh.pointee.deliver(element.id, to: consumer, time: element.value.time, count: element.value.count)
    }
    fresh.pointee.oldestRank = source.pointee.oldestRank
    fresh.pointee.returnedCount = source.pointee.returnedCount
    fresh.pointee.nextReturn = source.pointee.nextReturn
    return fresh
  }

  var allocatedBytes: Int {
    var bytes = Allocator.usableSize(name.address) + pending.allocatedBytes + consumers.allocatedBytes
    for i in 0..<consumers.count {
      let consumer = consumers[i]
      bytes += Allocator.usableSize(consumer) + Allocator.usableSize(consumer.pointee.name.address)
      bytes += consumer.pointee.pending.allocatedBytes
    }
    return bytes
  }

  /// Allocations that freeing takes, roughly.
  var allocationCount: Int {
    var count = 3 + pending.allocationCount
    for i in 0..<consumers.count { count += 2 + consumers[i].pointee.pending.allocationCount }
    return count
  }
}
