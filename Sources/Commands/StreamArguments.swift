import Keyspace
import Memory
import RESP
import Structures

// What stream commands have in common: ids among the arguments and in replies, ranges, options of trimming.

extension Call {
  /// The id at `index`; nil after the error was written.
  @inline(__always)
  func streamID(_ index: Int, missingSequence: UInt64 = 0, _ reply: inout ReplyWriter) -> StreamID? {
    if let id = StreamID(text: self[index], missingSequence: missingSequence) { return id }
    reply.invalidStreamID()
    return nil
  }

  /// As `streamID`, where `-` and `+` stand for the least and the greatest id.
  func streamBound(_ text: Bytes, missingSequence: UInt64, _ reply: inout ReplyWriter) -> StreamID? {
    if text.count == 1 && text[0] == UInt8(ascii: "-") { return .zero }
    if text.count == 1 && text[0] == UInt8(ascii: "+") { return .maximum }
    if let id = StreamID(text: text, missingSequence: missingSequence) { return id }
    reply.invalidStreamID()
    return nil
  }

  /// Where a range begins: an id, with `(` before it the one after it.
  func rangeStart(_ index: Int, _ reply: inout ReplyWriter) -> StreamID? {
    guard let exclusive = exclusiveBound(index) else { return streamBound(self[index], missingSequence: 0, &reply) }
    guard let id = StreamID(text: exclusive) else {
      reply.invalidStreamID()
      return nil
    }
    if let next = id.next { return next }
    reply.error("ERR invalid start ID for the interval")
    return nil
  }

  /// Where a range ends.
  func rangeEnd(_ index: Int, _ reply: inout ReplyWriter) -> StreamID? {
    guard let exclusive = exclusiveBound(index) else { return streamBound(self[index], missingSequence: .max, &reply) }
    guard let id = StreamID(text: exclusive, missingSequence: .max) else {
      reply.invalidStreamID()
      return nil
    }
    if let previous = id.previous { return previous }
    reply.error("ERR invalid end ID for the interval")
    return nil
  }

  private func exclusiveBound(_ index: Int) -> Bytes? {
    let text = self[index]
    return text.count > 1 && text[0] == UInt8(ascii: "(") ? text[1..<text.count] : nil
  }

  /// The ids from argument `index` on, `count` of them; nil after the error was written.
  func streamIDs(_ index: Int, count: Int, _ reply: inout ReplyWriter) -> [StreamID]? {
    var ids: [StreamID] = []
    ids.reserveCapacity(count)
    for i in index..<index + count {
      guard let id = streamID(i, &reply) else { return nil }
      ids.append(id)
    }
    return ids
  }

  /// Looks up the stream at `index`.
  @inline(__always)
  func findStream(
    _ index: Int, _ options: Keyspace.LookupOptions, _ reply: inout ReplyWriter
  ) -> StreamLookup {
    switch find(index, as: .stream, options: options, &reply) {
    case .missing: .missing
    case .wrongType: .wrongType
    case .found(let entry): .found(StreamValue.stream(entry))
    }
  }

  /// As `findStream` for a command that counts as a read, as in Redis, though it changes what a group has pending.
  @inline(__always)
  func findStreamToServe(_ index: Int, _ reply: inout ReplyWriter) -> StreamLookup {
    let found = findStream(index, .write, &reply)
    switch found {
    case .found, .wrongType: keyspace.pointee.statistics.hits &+= 1
    // Looked for once more, so that the miss is noted.
    case .missing: _ = find(index, .noTouch)
    }
    return found
  }

  /// Looks up the group at `index` + 1 of the stream at `index`; nil after an error was written.
  ///
  /// - Parameter toServe: see `findStreamToServe`.
  func findGroup(
    _ index: Int, toServe: Bool, _ reply: inout ReplyWriter
  ) -> (stream: StreamPointer, group: ConsumerGroupPointer)? {
    switch toServe ? findStreamToServe(index, &reply) : findStream(index, .none, &reply) {
    case .wrongType: return nil
    case .found(let stream):
      if let group = stream.pointee.findGroup(self[index + 1]) { return (stream, group) }
      fallthrough
    case .missing:
      reply.error("NOGROUP No such key '\(self[index])' or consumer group '\(self[index + 1])'")
      return nil
    }
  }

  enum StreamLookup {
    case missing
    /// The key holds another type; the error was written.
    case wrongType
    case found(StreamPointer)
  }

  /// The consumer called by argument `index`, which is added if there is none, as of one that asks for something.
  func findOrAddConsumer(_ index: Int, key: Int, _ group: ConsumerGroupPointer) -> (ConsumerPointer, isNew: Bool) {
    if let consumer = group.pointee.findConsumer(self[index]) {
      consumer.pointee.seenTime = now
      return (consumer, false)
    }
    let consumer = group.pointee.addConsumer(self[index], seenTime: now)
    reportNewConsumer(key)
    return (consumer, true)
  }

  /// Adding a consumer is told to subscribers, but WATCH does not mind it.
  func reportNewConsumer(_ key: Int) {
    keyspace.pointee.changedSilently()
    keyspace.pointee.notify(database, self[key], .stream, "xgroup-createconsumer")
  }
}

extension ReplyWriter {
  mutating func invalidStreamID() { error("ERR Invalid stream ID specified as stream command argument") }

  @inline(__always)
  mutating func streamID(_ id: StreamID) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { text in
      let count = id.format(to: text.baseAddress!)
      bulk(Bytes(UnsafeRawPointer(text.baseAddress!), count: count))
    }
  }

  @inline(__always)
  mutating func listpackValue(_ value: Listpack.Value) {
    switch value {
    case .bytes(let bytes): bulk(bytes)
    case .integer(let number): bulk(integer: number)
    }
  }

  /// The fields and values at which `reader` stands, as one flat array.
  @inline(__always)
  mutating func streamFields(_ reader: inout StreamReader, fieldCount: Int) {
    array(fieldCount &* 2)
    reader.forEachField { field, value in
      listpackValue(field)
      listpackValue(value)
    }
  }

  /// An entry: its id, its fields and values.
  @inline(__always)
  mutating func streamEntry(_ reader: inout StreamReader, _ id: StreamID, fieldCount: Int) {
    array(2)
    streamID(id)
    streamFields(&reader, fieldCount: fieldCount)
  }

  /// The entry of that id, if it is there; says whether it is.
  mutating func streamEntry(_ stream: StreamPointer, _ id: StreamID) -> Bool {
    var reader = StreamReader(stream, from: id, through: id)
    guard let entry = reader.next() else { return false }
    streamEntry(&reader, entry.id, fieldCount: entry.fieldCount)
    return true
  }
}

/// The id that an entry is to have.
enum WantedID {
  /// `*`
  case automatic
  /// `<milliseconds>-*`
  case milliseconds(UInt64)
  case id(StreamID)

  @inline(__always)
  init?(_ text: Bytes) {
    if text.count == 1 && text[0] == UInt8(ascii: "*") {
      self = .automatic
      return
    }
    switch StreamID.parse(text, missingSequence: 0) {
    case .id(let id): self = .id(id)
    case .milliseconds(let time): self = .milliseconds(time)
    case nil: return nil
    }
  }
}

/// The options of XADD and XTRIM.
struct StreamOptions {
  var trimming: StreamTrimming?
  var references = ReferencePolicy.keep
  private var limit: Int64 = 0
  private var isLimitGiven = false
  private var isApproximate = false
  /// Where the options' threshold stands, to be replaced in what is told to those who repeat the command.
  private(set) var thresholdIndex = 0
  private(set) var limitIndex = 0
  var createsStream = true
  /// Where a producer's name stands, followed by its id of the entry, unless that is to be made of the contents.
  private(set) var producerIndex = 0
  private(set) var producerIDIndex = 0

  /// Reads options from argument 2 on.
  ///
  /// - Parameter isAdding: of XADD, where an id ends them.
  /// - Returns: the index of what is no option any more; nil after the error was written.
  mutating func parse(_ call: Call, isAdding: Bool, _ reply: inout ReplyWriter) -> Int? {
    var i = 2
    while i < call.count {
      guard let next = parseOption(call, i, isAdding: isAdding, &reply) else { return nil }
      if next == i { break }
      i = next
    }
    if isAdding && i < call.count && WantedID(call[i]) == nil {
      reply.invalidStreamID()
      return nil
    }
    guard check(call, isAdding: isAdding, &reply) else { return nil }
    return i
  }

  /// Reads one option; returns where the next one is, `i` itself if there is none, nil after an error.
  private mutating func parseOption(
    _ call: Call, _ i: Int, isAdding: Bool, _ reply: inout ReplyWriter
  ) -> Int? {
    let more = call.count - 1 - i
    if isAdding && call[i].count == 1 && call[i][0] == UInt8(ascii: "*") { return i }
    if more > 0 && call.argument(i, is: "maxlen") { return parseBound(call, i, isLength: true, &reply) }
    if more > 0 && call.argument(i, is: "minid") { return parseBound(call, i, isLength: false, &reply) }
    if more > 0 && call.argument(i, is: "limit") {
      guard let value = call.integer(i + 1, &reply) else { return nil }
      if value < 0 {
        reply.error("ERR The LIMIT argument must be >= 0.")
        return nil
      }
      limit = value
      isLimitGiven = true
      limitIndex = i
      return i + 2
    }
    if let policy = ReferencePolicy(call[i]) {
      references = policy
      return i + 1
    }
    if isAdding {
      if call.argument(i, is: "nomkstream") {
        createsStream = false
        return i + 1
      }
      if call.argument(i, is: "idmp") && more > 1 { return parseProducer(call, i, hasID: true, &reply) }
      if call.argument(i, is: "idmpauto") && more > 0 { return parseProducer(call, i, hasID: false, &reply) }
      return i
    }
    reply.syntaxError()
    return nil
  }

  private mutating func parseProducer(_ call: Call, _ i: Int, hasID: Bool, _ reply: inout ReplyWriter) -> Int? {
    if producerIndex > 0 {
      reply.error("ERR syntax error, IDMP and IDMPAUTO can be given only once")
      return nil
    }
    if call[i + 1].isEmpty || (hasID && call[i + 2].isEmpty) {
      reply.error("ERR syntax error, IDMP and IDMPAUTO need a producer ID and an idempotent ID that are not empty")
      return nil
    }
    producerIndex = i + 1
    producerIDIndex = hasID ? i + 2 : 0
    return hasID ? i + 3 : i + 2
  }

  private mutating func parseBound(
    _ call: Call, _ i: Int, isLength: Bool, _ reply: inout ReplyWriter
  ) -> Int? {
    if trimming != nil {
      reply.error("ERR syntax error, MAXLEN and MINID options at the same time are not compatible")
      return nil
    }
    var at = i + 1
    if call.count - 1 - i >= 2 && call[at].count == 1 {
      isApproximate = call[at][0] == UInt8(ascii: "~")
      if isApproximate || call[at][0] == UInt8(ascii: "=") { at += 1 }
    }
    if isLength {
      guard let length = call.integer(at, &reply) else { return nil }
      if length < 0 {
        reply.error("ERR The MAXLEN argument must be >= 0.")
        return nil
      }
      trimming = StreamTrimming(.length(Int(length)))
    } else {
      guard let id = call.streamID(at, &reply) else { return nil }
      trimming = StreamTrimming(.minimum(id))
    }
    thresholdIndex = at
    return at + 1
  }

  /// What can only be told once all options are known.
  private mutating func check(_ call: Call, isAdding: Bool, _ reply: inout ReplyWriter) -> Bool {
    if limit > 0 && trimming == nil {
      reply.error("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy")
      return false
    }
    if !isAdding && trimming == nil {
      reply.error("ERR syntax error, XTRIM must be called with a trimming strategy")
      return false
    }
    // Redis makes trimming exact in what it writes to logs, but leaves the limit there.
    if isLimitGiven && !isApproximate && !call.isReplayed {
      reply.error("ERR syntax error, LIMIT cannot be used without the special ~ option")
      return false
    }
    trimming?.isApproximate = isApproximate
    trimming?.references = references
    if isApproximate && !call.isReplayed {
      trimming?.limit = isLimitGiven ? Int(limit) : Self.defaultLimit(call.keyspace.pointee.streamLimits)
    }
    return true
  }

  /// A hundred nodes, so that nobody waits for long.
  private static func defaultLimit(_ limits: StreamLimits) -> Int {
    let (limit, overflow) = limits.nodeEntries.multipliedReportingOverflow(by: 100)
    if overflow { return 1_000_000 }
    return limit <= 0 ? 10_000 : min(limit, 1_000_000)
  }
}

extension ReferencePolicy {
  /// What a client calls it.
  init?(_ word: Bytes) {
    if word.equalsIgnoringCase("keepref") {
      self = .keep
    } else if word.equalsIgnoringCase("delref") {
      self = .delete
    } else if word.equalsIgnoringCase("acked") {
      self = .acknowledged
    } else {
      return nil
    }
  }
}

/// `IDS numids id ...` with options around it, as newer commands take their ids.
struct CountedIDs {
  let ids: [StreamID]
  /// The index after the last id.
  let end: Int

  /// Reads the block whose word IDS is at `index`; nil after the error was written.
  init?(_ call: Call, at index: Int, _ reply: inout ReplyWriter) {
    guard index + 1 < call.count, let count = parseInteger(call[index + 1]), count > 0 else {
      reply.error("ERR Number of IDs must be a positive integer")
      return nil
    }
    guard count <= Int64(call.count - index - 2) else {
      reply.error("ERR The `numids` parameter must match the number of arguments")
      return nil
    }
    guard let ids = call.streamIDs(index + 2, count: Int(count), &reply) else { return nil }
    self.ids = ids
    end = index + 2 + Int(count)
  }
}
