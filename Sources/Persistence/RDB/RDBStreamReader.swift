import Keyspace
import Memory
import Structures

extension RDBReader {
  mutating func streamValue(_ type: RDB.ValueType, _ target: RDBTarget) throws(RDBFailure) -> Entry? {
    var builder = StreamBuilder()
    for _ in 0..<(try count()) {
      guard let id = StreamID(try string()) else {
        throw .corrupt("Stream node key entry is not the size of a stream ID")
      }
      guard builder.addNode(id, listpack: try string()) else {
        throw .corrupt("Stream listpack integrity check failed.")
      }
    }
    try readCounters(type, &builder)
    for _ in 0..<(try count()) { try readGroup(type, &builder) }
    return target.keyspace.pointee.addStream(target.database, target.key, hash: target.hash, builder)
  }

  private mutating func lengthsID() throws(RDBFailure) -> StreamID {
    let milliseconds = try length()
    return StreamID(milliseconds, try length())
  }

  private mutating func rawID() throws(RDBFailure) -> StreamID {
    guard let id = StreamID(try bytes(StreamID.byteCount)) else { throw .corrupt("Stream ID") }
    return id
  }

  private mutating func readCounters(_ type: RDB.ValueType, _ builder: inout StreamBuilder) throws(RDBFailure) {
    let length = try length()
    let lastID = try lengthsID()
    var isSound: Bool
    if type == .stream1 {
      isSound = builder.setCounters(length: length, lastID: lastID)
    } else {
      // The first id is found anew.
      _ = try lengthsID()
      let maximumDeletedID = try lengthsID()
      isSound = builder.setCounters(
        length: length, lastID: lastID, maximumDeletedID: maximumDeletedID, entriesAdded: try self.length())
    }
    if !isSound { throw .corrupt("Stream length inconsistent with its nodes") }
  }

  private mutating func readGroup(_ type: RDB.ValueType, _ builder: inout StreamBuilder) throws(RDBFailure) {
    let name = try heldString()
    let lastID = try lengthsID()
    let entriesRead = type == .stream1 ? -1 : Int64(bitPattern: try length())
    guard let group = builder.addGroup(name, lastID: lastID, entriesRead: entriesRead) else {
      throw .corrupt("Duplicated consumer group name '\(name.string)'")
    }
    if type == .stream1 { builder.estimateEntriesRead(group) }
    for _ in 0..<(try count()) {
      let id = try rawID()
      let time = try milliseconds()
      guard group.pointee.addUnassigned(id, time: time, count: try length()) else {
        throw .corrupt("Duplicated global PEL entry loading stream consumer group")
      }
    }
    for _ in 0..<(try count()) { try readConsumer(type, group) }
    group.pointee.finishAssigning()
  }

  private mutating func readConsumer(_ type: RDB.ValueType, _ group: ConsumerGroupPointer) throws(RDBFailure) {
    let name = try heldString()
    let seenTime = try milliseconds()
    let activeTime = type == .stream3 ? try milliseconds() : seenTime
    guard group.pointee.findConsumer(name) == nil else {
      throw .corrupt("Duplicate stream consumer detected: '\(name.string)'")
    }
    let consumer = group.pointee.addConsumer(name, seenTime: seenTime, activeTime: activeTime)
    for _ in 0..<(try count()) {
      guard group.pointee.assign(try rawID(), to: consumer) else {
        throw .corrupt("Consumer entry not found in group global PEL, or assigned twice")
      }
    }
  }
}
