import CMartlet
import Keyspace
import Memory
import Structures

/// Writes values as the commands that make them: a base of the append-only file without RDB
/// (`aof-use-rdb-preamble no`).
struct CommandWriter: ~Copyable {
  /// Elements that one command adds at most, so that repeating it does not take long at a time.
  private static let elementsPerCommand = 64

  /// Arguments of the command that is put together.
  private var arguments = RDBWriter(capacity: 4096)
  private var count = 0

  // MARK: Commands

  private mutating func word(_ word: StaticString) { argument(Bytes(word)) }

  private mutating func argument(_ bytes: Bytes) {
    count += 1
    arguments.byte(UInt8(ascii: "$"))
    number(Int64(bytes.count))
    arguments.raw(bytes)
    line()
  }

  private mutating func argument(_ value: StringValue) { value.withBytes { argument($0) } }

  private mutating func argument(_ value: Listpack.Value) { argument(StringValue(value)) }

  private mutating func argument(_ value: Int64) { argument(StringValue.integer(value)) }

  private mutating func argument(unsigned value: UInt64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
      let count = formatUnsigned(value, to: digits.baseAddress!)
      argument(Bytes(UnsafeRawPointer(digits.baseAddress!), count: count))
    }
  }

  private mutating func argument(_ id: StreamID) { id.withText { argument($0) } }

  private mutating func argument(_ score: Double) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      let count = martlet_format_double17(text.baseAddress!, 64, score)
      argument(Bytes(UnsafeRawPointer(text.baseAddress!), count: Int(count)))
    }
  }

  private mutating func number(_ value: Int64) {
    StringValue.integer(value).withBytes { arguments.raw($0) }
    line()
  }

  private mutating func line() { arguments.raw(Bytes("\r\n")) }

  private mutating func send(to writer: inout RDBWriter) {
    writer.byte(UInt8(ascii: "*"))
    StringValue.integer(Int64(count)).withBytes { writer.raw($0) }
    writer.raw(Bytes("\r\n"))
    writer.raw(arguments.plainBytes)
    arguments.reset()
    count = 0
  }

  mutating func select(_ database: Int, to writer: inout RDBWriter) {
    word("SELECT")
    argument(Int64(database))
    send(to: &writer)
  }

  // MARK: Values

  mutating func write(_ entry: Entry, to writer: inout RDBWriter) {
    switch entry.valueType {
    case .string:
      word("SET")
      argument(entry.key)
      argument(StringValue(entry))
      send(to: &writer)
    case .list:
      ListValue.forEach(entry) { element in
        add("RPUSH", entry, &writer) { $0.argument(element) }
      }
    case .set:
      SetValue.forEach(entry) { element in
        add("SADD", entry, &writer) { $0.argument(element) }
      }
    case .sortedSet:
      SortedSetValue.forEach(entry) { member in
        add("ZADD", entry, &writer) { writer in
          writer.argument(member.score)
          writer.argument(member.name)
        }
      }
    case .hash: writeHash(entry, to: &writer)
    case .stream: writeStream(entry, to: &writer)
    case .array: writeArray(entry, to: &writer)
    }
    if count > 0 { send(to: &writer) }
    guard let time = entry.expiresAt else { return }
    word("PEXPIREAT")
    argument(entry.key)
    argument(time)
    send(to: &writer)
  }

  /// Adds an element to the command under way, or begins one.
  private mutating func add(
    _ command: StaticString, _ entry: Entry, _ writer: inout RDBWriter, _ element: (inout CommandWriter) -> Void
  ) {
    if count >= 2 + Self.elementsPerCommand { send(to: &writer) }
    if count == 0 {
      word(command)
      argument(entry.key)
    }
    element(&self)
  }

  private mutating func writeHash(_ entry: Entry, to writer: inout RDBWriter) {
    HashValue.forEachWithDeadline(entry, now: .min) { field, _ in
      add("HSET", entry, &writer) { writer in
        writer.argument(field.name)
        writer.argument(field.value)
      }
    }
    if count > 0 { send(to: &writer) }
    HashValue.forEachWithDeadline(entry, now: .min) { field, deadline in
      guard deadline != 0 else { return }
      word("HPEXPIREAT")
      argument(entry.key)
      argument(deadline)
      word("FIELDS")
      word("1")
      argument(field.name)
      send(to: &writer)
    }
  }

  private mutating func writeArray(_ entry: Entry, to writer: inout RDBWriter) {
    let array = ArrayValue.array(entry)
    array.pointee.forEach(from: 0, to: SparseArray.maximumIndex) { index, element in
      add("ARMSET", entry, &writer) { writer in
        writer.argument(unsigned: index)
        element.withBytes { writer.argument($0) }
      }
      return true
    }
    if count > 0 { send(to: &writer) }
    guard let last = array.pointee.lastInserted else { return }
    word("ARSEEK")
    argument(entry.key)
    argument(unsigned: last + 1)
    send(to: &writer)
  }

  // MARK: Streams

  private mutating func writeStream(_ entry: Entry, to writer: inout RDBWriter) {
    let stream = StreamValue.stream(entry)
    var reader = StreamReader(stream)
    while let next = reader.next() {
      word("XADD")
      argument(entry.key)
      argument(next.id)
      reader.forEachField { name, value in
        argument(name)
        argument(value)
      }
      send(to: &writer)
    }
    if stream.pointee.length == 0 {
      // The stream is made by an entry that is trimmed at once.
      for text in ["XADD", "MAXLEN", "0"] as [StaticString] {
        word(text)
        if text.description == "XADD" { argument(entry.key) }
      }
      argument(stream.pointee.lastID.isZero ? StreamID(0, 1) : stream.pointee.lastID)
      word("x")
      word("y")
      send(to: &writer)
    }
    word("XSETID")
    argument(entry.key)
    argument(stream.pointee.lastID)
    word("ENTRIESADDED")
    argument(Int64(bitPattern: stream.pointee.entriesAdded))
    word("MAXDELETEDID")
    argument(stream.pointee.maximumDeletedID)
    send(to: &writer)
    for i in 0..<stream.pointee.groupCount { writeGroup(entry, stream.pointee.group(at: i), to: &writer) }
    if let producers = stream.pointee.producers { writeProducers(entry, stream, producers, to: &writer) }
  }

  private mutating func writeProducers(
    _ entry: Entry, _ stream: StreamPointer, _ producers: UnsafeMutablePointer<IdempotentProducers>,
    to writer: inout RDBWriter
  ) {
    word("XCFGSET")
    argument(entry.key)
    word("IDMP-DURATION")
    argument(Int64(producers.pointee.durationSeconds))
    word("IDMP-MAXSIZE")
    argument(Int64(producers.pointee.maximumCount))
    send(to: &writer)
    producers.pointee.forEach { producer, producerID, id, _ in
      // Of an entry that is gone nothing can be told so.
      guard stream.pointee.contains(id) else { return }
      word("XIDMPRECORD")
      argument(entry.key)
      argument(producer)
      argument(producerID)
      argument(id)
      send(to: &writer)
    }
  }

  private mutating func writeGroup(_ entry: Entry, _ group: ConsumerGroupPointer, to writer: inout RDBWriter) {
    word("XGROUP")
    word("CREATE")
    argument(entry.key)
    argument(group.pointee.name.bytes)
    argument(group.pointee.lastID)
    word("ENTRIESREAD")
    argument(group.pointee.entriesRead ?? -1)
    send(to: &writer)
    for i in 0..<group.pointee.consumerCount {
      let consumer = group.pointee.consumer(at: i)
      word("XGROUP")
      word("CREATECONSUMER")
      argument(entry.key)
      argument(group.pointee.name.bytes)
      argument(consumer.pointee.name.bytes)
      send(to: &writer)
      group.pointee.forEachPending(of: consumer) { id, delivery in
        writeClaim(entry, group, consumer, id, delivery, to: &writer)
        return true
      }
    }
  }

  private mutating func writeClaim(
    _ entry: Entry, _ group: ConsumerGroupPointer, _ consumer: ConsumerPointer, _ id: StreamID, _ delivery: Delivery,
    to writer: inout RDBWriter
  ) {
    word("XCLAIM")
    argument(entry.key)
    argument(group.pointee.name.bytes)
    argument(consumer.pointee.name.bytes)
    word("0")
    argument(id)
    word("TIME")
    argument(delivery.time)
    word("RETRYCOUNT")
    argument(Int64(bitPattern: delivery.count))
    word("JUSTID")
    word("FORCE")
    send(to: &writer)
  }
}
