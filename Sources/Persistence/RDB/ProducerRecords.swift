import Keyspace
import Memory
import Structures

// What a stream remembers of its producers (XADD IDMP). The format has no place for it that Redis 7 would read, but
// fields that tell of a file may stand anywhere, and who does not know one passes over it. So it follows the stream's
// record as such a field:
//
//     250, "martlet-idmp", a string that holds:
//     lengths: version 1, seconds, ids of one producer at most, ids ever added, duplicates, number of records
//     records: the producer and its id as strings; the entry's id as two lengths; milliseconds when it came

enum ProducerRecords {
  static let field = "martlet-idmp"
  fileprivate static let version: UInt64 = 1
}

extension RDBWriter {
  /// Writes what belongs to a key but not to its record.
  public mutating func afterRecord(_ entry: Entry) {
    guard entry.valueType == .stream, let producers = StreamValue.stream(entry).pointee.producers else { return }
    var records = RDBWriter(capacity: 256)
    records.length(ProducerRecords.version)
    records.length(producers.pointee.durationSeconds)
    records.length(producers.pointee.maximumCount)
    records.length(producers.pointee.added)
    records.length(producers.pointee.duplicates)
    records.length(producers.pointee.idCount)
    producers.pointee.forEach { producer, id, entry, time in
      records.plainString(producer)
      records.plainString(id)
      records.length(entry.milliseconds)
      records.length(entry.sequence)
      records.length(UInt64(bitPattern: time))
    }
    opcode(.aux)
    string(ProducerRecords.field)
    string(records.plainBytes)
  }

  private mutating func plainString(_ bytes: Bytes) {
    length(bytes.count)
    raw(bytes)
  }
}

extension RDBReader {
  /// Gives a stream what was remembered of its producers.
  mutating func producers(of stream: StreamPointer, hashKey: SipKey) throws(RDBFailure) {
    // A later version of Martlet may remember more.
    guard try length() == ProducerRecords.version else { return }
    let corrupt = RDBFailure.corrupt("Records of a stream's producers")
    guard let seconds = Int(exactly: try length()), let most = Int(exactly: try length()),
      IdempotentProducers.durations.contains(seconds), IdempotentProducers.counts.contains(most),
      let added = Int(exactly: try length()), let duplicates = Int(exactly: try length())
    else { throw corrupt }
    let producers = stream.pointee.producers ?? IdempotentProducers.allocate(hashKey: hashKey)
    stream.pointee.producers = producers
    producers.pointee.configure(duration: seconds, count: most)
    for _ in 0..<(try count()) {
      let producer = try heldString()
      let id = try key()
      let milliseconds = try length()
      let entry = StreamID(milliseconds, try length())
      guard let time = Int64(exactly: try length()) else { throw corrupt }
      producers.pointee.remember(producer, id, entry, now: time)
    }
    producers.pointee.restoreCounters(added: added, duplicates: duplicates)
  }
}
