import CMartlet
import Memory

/// The recent changes of all keys, in their order, each with its position.
///
/// Records lie one behind the other in blocks; when all blocks together are too large, the oldest goes. A record is
/// **open** until the position of its change is known, which is when the command that made it was told to those who repeat it:
/// ``seal(at:)`` gives all open records the same one. Positions rise from seal to seal.
///
/// Readers keep an address, which counts bytes since the log began and stays good when blocks go.
public struct ChangeLog: ~Copyable {
  /// One change, without its key.
  public struct Record {
    public var position = 0
    /// Who made it; 0: the server.
    public let origin: UInt64
    private let eventStart: UnsafePointer<UInt8>
    fileprivate let keyCount: UInt32
    /// The raw value of its class.
    public let eventClass: UInt32
    /// -1: all databases.
    public let database: Int32
    private let eventCount: UInt8
    /// All keys of the database are gone or others.
    public let isFlush: Bool

    /// - Parameter event: lives as long as the process.
    public init(
      database: Int, keyCount: Int, origin: UInt64, eventClass: UInt32, event: StaticString, isFlush: Bool = false
    ) {
      self.database = Int32(truncatingIfNeeded: database)
      self.keyCount = UInt32(truncatingIfNeeded: keyCount)
      self.origin = origin
      self.eventClass = eventClass
      self.isFlush = isFlush
      eventStart = event.utf8Start
      eventCount = UInt8(truncatingIfNeeded: event.utf8CodeUnitCount)
    }

    public var event: Bytes { Bytes(eventStart, count: Int(eventCount)) }

    /// What the record takes with its key.
    @inline(__always)
    fileprivate var size: Int { (MemoryLayout<Record>.stride &+ Int(keyCount) &+ 7) & ~7 }
  }

  private struct Block {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    /// The address of its first byte.
    let start: Int
    /// Records that the log was given before it.
    let recordsBefore: Int
    /// Of the last block these two are kept outside, where they are quicker to change.
    var used = 0
    /// The position of its last record that is sealed.
    var lastPosition = 0
  }

  private var blocks: [Block] = []
  /// Where the next record goes, and what room is left there.
  private var next: UnsafeMutableRawPointer?
  private var room = 0
  /// The address behind the last record.
  private var end = 0
  /// The address of the last block, and the position of the last record in it that is sealed.
  private var lastStart = 0
  private var lastPosition = 0
  /// Bytes that may be kept.
  public private(set) var limit: Int
  /// Bytes that are.
  public private(set) var bytes = 0
  /// Records that the log was ever given.
  private var total = 0
  /// Everything after this position is here.
  public private(set) var floor: Int
  /// The address behind the last sealed record.
  public private(set) var sealedEnd = 0
  /// The position of the last seal.
  public private(set) var position: Int
  /// Open records had to go: nobody can tell what they said.
  private var lostOpenRecords = false

  /// A log of what comes after `position`, which keeps about `limit` bytes.
  public init(limit: Int, position: Int) {
    self.limit = limit
    self.position = position
    floor = position
  }

  deinit {
    for block in blocks { Allocator.free(block.base) }
  }

  /// Records that are here.
  public var count: Int { total - (blocks.first?.recordsBefore ?? total) }
  /// The address of the first record.
  public var start: Int { blocks.first?.start ?? sealedEnd }
  @inline(__always)
  public var hasOpenRecords: Bool { end > sealedEnd || lostOpenRecords }

  public mutating func setLimit(_ limit: Int) {
    self.limit = limit
    dropOldest()
  }

  // MARK: Writing

  /// Adds an open record.
  @inline(__always)
  public mutating func append(_ record: Record, key: Bytes) {
    assert(record.keyCount == key.count)
    let size = record.size
    if room < size { addBlock(for: size) }
    guard let target = next else { return }
    target.storeBytes(of: record, as: Record.self)
    memcpy(target + MemoryLayout<Record>.stride, key.base, key.count)
    next = target + size
    room &-= size
    end &+= size
    total &+= 1
  }

  @inline(never)
  private mutating func addBlock(for size: Int) {
    closeLastBlock()
    let capacity = Allocator.goodSize(max(size, min(64 << 10, max(limit / 16, 1 << 10))))
    let base = Allocator.allocate(capacity)
    blocks.append(Block(base: base, capacity: capacity, start: end, recordsBefore: total))
    next = base
    room = capacity
    lastStart = end
    lastPosition = 0
    bytes += capacity
    dropOldest()
  }

  private mutating func closeLastBlock() {
    guard let last = blocks.indices.last else { return }
    blocks[last].used = end - lastStart
    blocks[last].lastPosition = lastPosition
  }

  private mutating func dropOldest() {
    while bytes > limit && blocks.count > 1 {
      let oldest = blocks.removeFirst()
      if oldest.start + oldest.used > sealedEnd {
        lostOpenRecords = true
        // What is sealed of it is gone as well.
        sealedEnd = oldest.start + oldest.used
      }
      floor = max(floor, oldest.lastPosition)
      bytes -= oldest.capacity
      Allocator.free(oldest.base)
    }
  }

  /// Gives all open records their position.
  @inline(__always)
  public mutating func seal(at position: Int) {
    assert(position > self.position, "a position was used twice")
    if sealedEnd < lastStart || lostOpenRecords { sealOlderBlocks(at: position) }
    var left = end &- sealedEnd
    if left > 0, var record = next.map({ $0 - left }) {
      while left > 0 {
        record.storeBytes(of: position, as: Int.self)
        let size = Self.record(record).size
        record += size
        left &-= size
      }
      lastPosition = position
    }
    sealedEnd = end
    self.position = position
  }

  /// Seals what lies before the last block.
  @inline(never)
  private mutating func sealOlderBlocks(at position: Int) {
    var index = blocks.count - 1
    while index > 0 && blocks[index].start > sealedEnd { index -= 1 }
    while index >= 0 && index < blocks.count - 1 {
      let block = blocks[index]
      var at = max(0, sealedEnd - block.start)
      while at < block.used {
        (block.base + at).storeBytes(of: position, as: Int.self)
        at += Self.record(block.base + at).size
      }
      blocks[index].lastPosition = position
      index += 1
    }
    sealedEnd = max(sealedEnd, lastStart)
    if lostOpenRecords {
      lostOpenRecords = false
      floor = position
    }
  }

  @inline(__always)
  private static func record(_ address: UnsafeMutableRawPointer) -> Record { address.load(as: Record.self) }

  private func lastPosition(ofBlock index: Int) -> Int {
    index == blocks.count - 1 ? lastPosition : blocks[index].lastPosition
  }

  private func used(ofBlock index: Int) -> Int {
    index == blocks.count - 1 ? end - lastStart : blocks[index].used
  }

  // MARK: Reading

  /// The address of the first sealed record after a position; nil if not everything after it is here.
  public func address(after position: Int) -> Int? {
    guard position >= floor && position <= self.position else { return nil }
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if lastPosition(ofBlock: middle) <= position { low = middle + 1 } else { high = middle }
    }
    guard low < blocks.count else { return sealedEnd }
    let block = blocks[low]
    var at = 0
    while at < used(ofBlock: low), block.start + at < sealedEnd {
      let record = Self.record(block.base + at)
      if record.position > position { break }
      at += record.size
    }
    return min(block.start + at, sealedEnd)
  }

  /// Visits the sealed records from an address on, which must not be less than ``start``. The keys are views, good until
  /// the log changes.
  public func forEach(from address: Int, _ visit: (Record, _ key: Bytes) -> Void) {
    precondition(address >= min(start, sealedEnd), "the records are not here any more")
    var index = blocks.count - 1
    while index > 0 && blocks[index].start > address { index -= 1 }
    while index >= 0 && index < blocks.count {
      let block = blocks[index]
      var at = max(0, address - block.start)
      let used = used(ofBlock: index)
      while at < used && block.start + at < sealedEnd {
        let record = Self.record(block.base + at)
        visit(record, Bytes(block.base + at + MemoryLayout<Record>.stride, count: Int(record.keyCount)))
        at += record.size
      }
      index += 1
    }
  }
}
