import CMartlet
import Memory
import Structures

/// What a stream remembers of entries that their producers gave ids of their own, so that an entry that is sent twice
/// is added once. https://redis.io/docs/latest/develop/data-types/streams/idempotency/
///
/// Each producer's ids are in a table and in a chain in the order in which they came, the oldest first: those are
/// forgotten after some time, or when there are too many.
public struct IdempotentProducers: ~Copyable {
  /// How long an id is remembered.
  public private(set) var durationSeconds = 100
  /// How many ids of one producer are remembered.
  public private(set) var maximumCount = 100
  /// Ids that were ever remembered.
  public private(set) var added = 0
  /// Entries that were not added a second time.
  public private(set) var duplicates = 0
  private var producers = NameIndex<Producer>()
  private let hashKey: SipKey

  public static let durations = 1...86_400
  public static let counts = 1...10_000

  private init(hashKey: SipKey) { self.hashKey = hashKey }

  deinit {
    for i in 0..<producers.count { Self.free(producers[i]) }
  }

  public static func allocate(hashKey: SipKey) -> UnsafeMutablePointer<IdempotentProducers> {
    let producers = UnsafeMutablePointer<IdempotentProducers>.allocateFromAllocator()
    producers.initialize(to: IdempotentProducers(hashKey: hashKey))
    return producers
  }

  static func free(_ producers: UnsafeMutablePointer<IdempotentProducers>) {
    producers.deinitialize(count: 1)
    Allocator.free(producers)
  }

  private static func free(_ producer: UnsafeMutablePointer<Producer>) {
    producer.deinitialize(count: 1)
    Allocator.free(producer)
  }

  static func copy(
    _ source: UnsafeMutablePointer<IdempotentProducers>
  ) -> UnsafeMutablePointer<IdempotentProducers> {
    let fresh = allocate(hashKey: source.pointee.hashKey)
    fresh.pointee.configure(duration: source.pointee.durationSeconds, count: source.pointee.maximumCount)
    source.pointee.forEach { fresh.pointee.remember($0, $1, $2, now: $3) }
    fresh.pointee.added = source.pointee.added
    fresh.pointee.duplicates = source.pointee.duplicates
    return fresh
  }

  public var producerCount: Int { producers.count }

  public var idCount: Int {
    var count = 0
    for i in 0..<producers.count { count += producers[i].pointee.table.count }
    return count
  }

  var allocatedBytes: Int {
    var bytes = producers.allocatedBytes
    for i in 0..<producers.count { bytes += Allocator.usableSize(producers[i]) + producers[i].pointee.allocatedBytes }
    return bytes
  }

  /// Sets how much is remembered. What is remembered already is forgotten if that changes anything.
  public mutating func configure(duration: Int, count: Int) {
    precondition(Self.durations.contains(duration) && Self.counts.contains(count))
    guard duration != durationSeconds || count != maximumCount else { return }
    durationSeconds = duration
    maximumCount = count
    while producers.count > 0 { remove(producers[producers.count - 1]) }
  }

  private mutating func remove(_ producer: UnsafeMutablePointer<Producer>) {
    producers.remove(producer)
    Self.free(producer)
  }

  /// Visits all that is remembered: producer, its id, the entry, when it came. Oldest first for each producer.
  public func forEach(_ visit: (Bytes, Bytes, StreamID, Int64) -> Void) {
    for i in 0..<producers.count {
      var next = producers[i].pointee.oldest
      while let record = next {
        visit(producers[i].pointee.name.bytes, record.key, record.record.id, record.record.time)
        next = record.record.newer.map { Entry(address: $0) }
      }
    }
  }

  /// The entry that a producer has added under an id of its own.
  public func find(_ producer: Bytes, _ id: Bytes, now: Int64) -> StreamID? {
    guard let producer = producers.find(producer),
      let slot = producer.pointee.table.find(id, hash: sipHash13(id, key: hashKey))
    else { return nil }
    let record = Entry(address: slot.pointee).record
    return isOver(record, now) ? nil : record.id
  }

  private func isOver(_ record: Record, _ now: Int64) -> Bool {
    now - record.time >= Int64(durationSeconds) * 1000
  }

  public mutating func noteDuplicate() { duplicates += 1 }

  /// After what was remembered came back from a file.
  public mutating func restoreCounters(added: Int, duplicates: Int) {
    self.added = added
    self.duplicates = duplicates
  }

  /// Remembers that a producer has added an entry under an id of its own.
  public mutating func remember(_ producer: Bytes, _ id: Bytes, _ entry: StreamID, now: Int64) {
    let pointer = producers.find(producer) ?? addProducer(producer)
    while let oldest = pointer.pointee.oldest,
      isOver(oldest.record, now) || pointer.pointee.table.count >= maximumCount
    {
      pointer.pointee.removeOldest(hashKey)
    }
    // There is none of this id left, unless somebody loads the same twice.
    guard pointer.pointee.table.find(id, hash: sipHash13(id, key: hashKey)) == nil else { return }
    pointer.pointee.add(id, Record(id: entry, time: now, newer: nil), hashKey)
    added += 1
    forgetOne(besides: pointer, now: now)
  }

  private mutating func addProducer(_ name: Bytes) -> UnsafeMutablePointer<Producer> {
    let producer = UnsafeMutablePointer<Producer>.allocateFromAllocator()
    producer.initialize(to: Producer(name: Blob.copy(name)))
    producers.insert(producer)
    return producer
  }

  /// Where the search for producers that fell silent goes on.
  private var sweep = 0

  /// Forgets what another producer sent long ago: one of them each time, so that nobody waits for it.
  private mutating func forgetOne(besides current: UnsafeMutablePointer<Producer>, now: Int64) {
    sweep = sweep + 1 < producers.count ? sweep + 1 : 0
    let producer = producers[sweep]
    guard producer != current else { return }
    while let oldest = producer.pointee.oldest, isOver(oldest.record, now) { producer.pointee.removeOldest(hashKey) }
    if producer.pointee.table.isEmpty { remove(producer) }
  }

  /// What is known of an id.
  fileprivate struct Record: BitwiseCopyable {
    let id: StreamID
    let time: Int64
    var newer: UnsafeMutableRawPointer?
  }

  private struct Producer: ~Copyable, Named {
    let name: Blob
    var table = HashTable()
    private(set) var oldest: Structures.Entry?
    private var newest: Structures.Entry?

    init(name: Blob) { self.name = name }

    deinit {
      var next = oldest
      while let record = next {
        next = record.record.newer.map { Entry(address: $0) }
        record.free()
      }
      name.release()
    }

    var allocatedBytes: Int {
      var bytes = Allocator.usableSize(name.address) + table.allocatedBytes
      table.forEach { bytes += $0.allocatedBytes }
      return bytes
    }

    mutating func add(_ id: Bytes, _ record: Record, _ hashKey: SipKey) {
      let fresh = Entry.allocate(key: id, payloadCount: MemoryLayout<Record>.size, hasDeadline: false)
      fresh.record = record
      if let newest {
        newest.record.newer = fresh.address
      } else {
        oldest = fresh
      }
      newest = fresh
      table.insert(fresh, hash: sipHash13(id, key: hashKey), key: hashKey)
    }

    mutating func removeOldest(_ hashKey: SipKey) {
      guard let entry = oldest else { return }
      let next = entry.record.newer.map { Entry(address: $0) }
      oldest = next
      if next == nil { newest = nil }
      let hash = sipHash13(entry.key, key: hashKey)
      table.remove(slot: table.slot(of: entry, hash: hash), hash: hash, sipKey: hashKey)
      entry.free()
    }
  }
}

extension Entry {
  /// An entry of a producer's table.
  fileprivate var record: IdempotentProducers.Record {
    get { payloadStart.loadUnaligned(as: IdempotentProducers.Record.self) }
    nonmutating set { payloadStart.storeBytes(of: newValue, as: IdempotentProducers.Record.self) }
  }
}
