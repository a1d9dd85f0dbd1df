import Keyspace
import Memory
import Structures

/// A value that is written part by part, each of some hundred elements at most. It must not change meanwhile.
///
/// Small collections that are saved as the bytes they consist of do not come here.
struct ValueParts {
  private enum Place {
    case begin
    case hash(cursor: UInt64, soonest: Int64?)
    case set(cursor: UInt64)
    /// Members of lower ranks are still to be written: they go from the last to the first.
    case sortedSet(ranks: Int)
    case list(node: Int)
    case stream(StreamParts)
    /// Elements before this index are written.
    case array(from: UInt64)
  }

  private static let chainsPerPart = 8
  private static let membersPerPart = 128
  private static let nodesPerPart = 4
  private static let elementsPerPart = 256

  let entry: Entry
  private var place = Place.begin

  init(_ entry: Entry) { self.entry = entry }

  /// True after the last part.
  mutating func writePart(to writer: inout RDBWriter) -> Bool {
    switch place {
    case .begin:
      begin(&writer)
      return false
    case .hash(let cursor, let soonest): return writeFields(cursor, soonest, &writer)
    case .set(let cursor): return writeMembers(cursor, &writer)
    case .sortedSet(let ranks): return writeMembers(below: ranks, &writer)
    case .list(let node): return writeNodes(from: node, &writer)
    case .stream(var parts):
      let isDone = parts.writePart(to: &writer)
      place = .stream(parts)
      return isDone
    case .array(let first): return writeElements(from: first, &writer)
    }
  }

  private mutating func begin(_ writer: inout RDBWriter) {
    switch entry.valueType {
    case .string: preconditionFailure("strings have no parts")
    case .hash:
      let soonest = HashValue.soonestDeadline(entry)
      if let soonest { writer.integer(soonest) }
      writer.length(HashValue.count(entry))
      place = .hash(cursor: 0, soonest: soonest)
    case .set:
      writer.length(SetValue.count(entry))
      place = .set(cursor: 0)
    case .sortedSet:
      writer.length(SortedSetValue.count(entry))
      place = .sortedSet(ranks: SortedSetValue.count(entry))
    case .list:
      writer.length(ListValue.storedNodeCount(entry))
      place = .list(node: 0)
    case .stream:
      place = .stream(StreamParts(entry))
    case .array:
      let array = ArrayValue.array(entry)
      writer.length(array.pointee.count)
      writer.length(array.pointee.lastInserted == nil ? 0 : 1)
      if let last = array.pointee.lastInserted { writer.length(last) }
      place = .array(from: 0)
    }
  }

  /// Deadlines are written as distances from the soonest, plus one; 0 is none. Fields that died, but were not removed
  /// yet, are written too: whoever loads them drops them.
  private mutating func writeFields(_ start: UInt64, _ soonest: Int64?, _ writer: inout RDBWriter) -> Bool {
    func write(_ field: HashValue.Field, _ deadline: Int64) {
      if let soonest { writer.length(deadline == 0 ? 0 : UInt64(deadline - soonest) + 1) }
      writer.string(field.name)
      writer.string(field.value)
    }
    guard entry.valueEncoding == .table else {
      HashValue.forEachWithDeadline(entry, now: .min, write)
      return true
    }
    var cursor = start
    for _ in 0..<Self.chainsPerPart {
      cursor = HashValue.scanStored(entry, cursor, write)
      if cursor == 0 { return true }
    }
    place = .hash(cursor: cursor, soonest: soonest)
    return false
  }

  private mutating func writeMembers(_ start: UInt64, _ writer: inout RDBWriter) -> Bool {
    guard entry.valueEncoding == .table else {
      SetValue.forEach(entry) { writer.string($0) }
      return true
    }
    var cursor = start
    for _ in 0..<Self.chainsPerPart {
      cursor = SetValue.scan(entry, cursor) { writer.string($0) }
      if cursor == 0 { return true }
    }
    place = .set(cursor: cursor)
    return false
  }

  private mutating func writeMembers(below ranks: Int, _ writer: inout RDBWriter) -> Bool {
    let first = max(0, ranks - Self.membersPerPart)
    SortedSetValue.forEach(entry, first..<ranks, isReversed: true) { member in
      writer.string(member.name)
      writer.double(member.score)
    }
    place = .sortedSet(ranks: first)
    return first == 0
  }

  private mutating func writeNodes(from first: Int, _ writer: inout RDBWriter) -> Bool {
    let end = min(first + Self.nodesPerPart, ListValue.storedNodeCount(entry))
    for i in first..<end {
      switch ListValue.storedNode(entry, at: i) {
      case .listpack(let bytes):
        writer.length(RDB.ListContainer.listpack)
        writer.string(bytes)
      case .plain(let bytes):
        writer.length(RDB.ListContainer.plain)
        writer.string(bytes)
      case .compressed(let bytes, let count, let isPlain):
        writer.length(isPlain ? RDB.ListContainer.plain : RDB.ListContainer.listpack)
        writer.compressedString(bytes, originalCount: count)
      }
    }
    place = .list(node: end)
    return end == ListValue.storedNodeCount(entry)
  }

  private mutating func writeElements(from first: UInt64, _ writer: inout RDBWriter) -> Bool {
    let next = ArrayValue.forEachStored(entry, from: first, limit: Self.elementsPerPart) { index, element in
      writer.length(index)
      writer.element(element)
    }
    if let next { place = .array(from: next) }
    return next == nil
  }
}

/// A stream: its nodes, what is counted of it, its groups. Each group has its pending entries with time and count of
/// delivery, and its consumers with the ids of theirs.
private struct StreamParts {
  private enum Place {
    case begin
    case nodes(from: StreamID)
    case counters
    case group(Int)
    case pending(group: Int, from: StreamID)
    case consumers(group: Int)
    case consumer(group: Int, Int)
    case consumerPending(group: Int, Int, from: StreamID)
  }

  private static let nodesPerPart = 16
  private static let idsPerPart = 512

  private let stream: StreamPointer
  private var place = Place.begin

  init(_ entry: Entry) { stream = StreamValue.stream(entry) }

  mutating func writePart(to writer: inout RDBWriter) -> Bool {
    switch place {
    case .begin:
      writer.length(stream.pointee.nodeCount)
      place = .nodes(from: .zero)
    case .nodes(let first):
      let next = stream.pointee.forEachNode(from: first, limit: Self.nodesPerPart) { id, listpack in
        writer.string(id)
        writer.string(listpack)
      }
      place = next.map { .nodes(from: $0) } ?? .counters
    case .counters:
      writeCounters(&writer)
      place = .group(0)
    case .group(let index):
      if index == stream.pointee.groupCount { return true }
      writeHead(of: stream.pointee.group(at: index), &writer)
      place = .pending(group: index, from: .zero)
    case .pending(let index, let first): writePending(index, from: first, &writer)
    case .consumers(let index):
      writer.length(stream.pointee.group(at: index).pointee.storedConsumerCount)
      place = .consumer(group: index, 0)
    case .consumer(let index, let consumer): writeConsumer(index, consumer, &writer)
    case .consumerPending(let index, let consumer, let first): writePending(index, consumer, from: first, &writer)
    }
    return false
  }

  private func writeCounters(_ writer: inout RDBWriter) {
    writer.length(stream.pointee.length)
    writer.lengths(stream.pointee.lastID)
    writer.lengths(stream.pointee.firstID)
    writer.lengths(stream.pointee.maximumDeletedID)
    writer.length(stream.pointee.entriesAdded)
    writer.length(stream.pointee.groupCount)
  }

  private func writeHead(of group: ConsumerGroupPointer, _ writer: inout RDBWriter) {
    writer.string(group.pointee.name)
    writer.lengths(group.pointee.lastID)
    writer.length(UInt64(bitPattern: group.pointee.entriesRead ?? -1))
    writer.length(group.pointee.pendingCount)
  }

  private mutating func writePending(_ index: Int, from first: StreamID, _ writer: inout RDBWriter) {
    var next: StreamID?
    var seen = 0
    stream.pointee.group(at: index).pointee.forEachPending(from: first) { id, delivery in
      if seen == Self.idsPerPart {
        next = id
        return false
      }
      seen += 1
      writer.rawID(id)
      writer.integer(delivery.time)
      writer.length(delivery.count)
      return true
    }
    place = next.map { .pending(group: index, from: $0) } ?? .consumers(group: index)
  }

  private mutating func writeConsumer(_ index: Int, _ number: Int, _ writer: inout RDBWriter) {
    let group = stream.pointee.group(at: index)
    guard number < group.pointee.storedConsumerCount else { return place = .group(index + 1) }
    let consumer = group.pointee.storedConsumer(at: number)
    writer.string(consumer.name)
    writer.integer(consumer.seenTime)
    writer.length(consumer.pendingCount)
    place = .consumerPending(group: index, number, from: .zero)
  }

  private mutating func writePending(_ index: Int, _ number: Int, from first: StreamID, _ writer: inout RDBWriter) {
    let group = stream.pointee.group(at: index)
    var next: StreamID?
    var seen = 0
    group.pointee.forEachStoredPending(of: group.pointee.storedConsumer(at: number), from: first) { id in
      if seen == Self.idsPerPart {
        next = id
        return false
      }
      seen += 1
      writer.rawID(id)
      return true
    }
    place = next.map { .consumerPending(group: index, number, from: $0) } ?? .consumer(group: index, number + 1)
  }
}

extension RDBWriter {
  /// An element of an array, with its kind.
  fileprivate mutating func element(_ element: SparseArray.Element) {
    switch element {
    case .integer(let value):
      length(RDB.ArrayElement.integer)
      integer(value)
    case .blob(let blob):
      length(RDB.ArrayElement.string)
      string(blob)
    case .bytes(let bytes): self.element(bytes)
    case .decimal: element.withBytes { self.element($0) }
    }
  }

  private mutating func element(_ bytes: Bytes) {
    let isShort = bytes.count <= RDB.ArrayElement.maximumShortCount
    length(isShort ? RDB.ArrayElement.shortString : RDB.ArrayElement.string)
    string(bytes)
  }

  /// An id as a string of 16 bytes.
  fileprivate mutating func string(_ id: StreamID) {
    length(StreamID.byteCount)
    rawID(id)
  }

  fileprivate mutating func rawID(_ id: StreamID) {
    withUnsafeTemporaryAllocation(byteCount: StreamID.byteCount, alignment: 8) { bytes in
      id.write(to: bytes.baseAddress!)
      raw(Bytes(bytes.baseAddress!, count: StreamID.byteCount))
    }
  }

  fileprivate mutating func lengths(_ id: StreamID) {
    length(id.milliseconds)
    length(id.sequence)
  }
}
