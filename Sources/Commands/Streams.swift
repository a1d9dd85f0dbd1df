import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Streams: logs of entries under ids that rise. https://redis.io/docs/latest/commands/?group=stream
  public static let streams: [Command] =
    streamReads + streamWrites + streamDeletions + streamGroups + streamClaims + [streamInformation]

  private static let streamReads: [Command] = [
    Command(
      "XLEN", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .stream, since: "5.0.0",
      summary: "Returns the number of entries in a stream.", syntax: "key", run: xlen),
    Command(
      "XRANGE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .stream, since: "5.0.0",
      summary: "Returns the entries of a stream within a range of IDs.",
      complexity:
        "O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).",
      syntax: "key start end [COUNT count]", run: xrange),
    Command(
      "XREVRANGE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .stream, since: "5.0.0",
      summary: "Returns the entries of a stream within a range of IDs, the greatest first.",
      complexity:
        "O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).",
      syntax: "key end start [COUNT count]", run: xrevrange),
    Command(
      "XREAD", arity: -4, [.readonly, .blocking, .movableKeys], keys: [.streams(from: 1)], group: .stream,
      since: "5.0.0", summary: "Returns entries of streams after given IDs. Waits for some if asked to.",
      complexity:
        "For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).",
      syntax:
        "[COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]",
      run: xread),
    Command(
      "XREADGROUP", arity: -7, [.write, .blocking, .movableKeys], keys: [.streams(from: 4)], group: .stream,
      since: "5.0.0",
      summary: "Returns new entries of streams to a consumer of a group, or those that it has not acknowledged.",
      complexity:
        "For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).",
      syntax:
        "GROUP group consumer [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]",
      run: xreadgroup),
  ]

  private static let streamWrites: [Command] = [
    Command(
      "XADD", arity: -5, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .stream, since: "5.0.0",
      summary: "Appends an entry to a stream.",
      complexity: "O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.",
      syntax:
        "key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]",
      tips: ["nondeterministic_output"], run: xadd),
    Command(
      "XTRIM", arity: -4, [.write], keys: [.one("RW", "delete")], group: .stream, since: "5.0.0",
      summary: "Removes entries from the beginning of a stream.",
      complexity: "O(N), with N being the number of evicted entries. Whole nodes go at once.",
      syntax: "key <MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]",
      tips: ["nondeterministic_output"], run: xtrim),
    Command(
      "XSETID", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .stream, since: "5.0.0",
      summary: "Sets the last ID of a stream, and what is counted of it.",
      syntax: "key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]", run: xsetid),
    Command(
      "XCFGSET", arity: -2, [.write, .fast], keys: [.one("RW", "update")], group: .stream, since: "8.6.0",
      summary: "Sets for how long, and how many, entries of producers are remembered to recognise duplicates.",
      syntax: "key [IDMP-DURATION idmp-duration] [IDMP-MAXSIZE idmp-maxsize]", run: xcfgset),
    Command(
      "XIDMPRECORD", arity: 5, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .stream,
      since: "8.6.2", summary: "Remembers which entry a producer added under an ID of its own.",
      syntax: "key pid iid stream-id", run: xidmprecord),
  ]
}

extension KeySpec {
  /// The first half of what follows the word STREAMS.
  static func streams(from index: Int) -> KeySpec {
    KeySpec(.keyword("STREAMS", from: index), .range(last: -1, step: 1, limit: 2), ["RO", "access"])
  }
}

// MARK: Read

private func xlen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findStream(1, .none, &reply) {
  case .missing: reply.integer(0)
  case .wrongType: return
  case .found(let stream): reply.integer(stream.pointee.length)
  }
}

private func xrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.rangeStart(2, &reply), let end = call.rangeEnd(3, &reply) else { return }
  range(call, from: start, through: end, isReversed: false, &reply)
}

private func xrevrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.rangeStart(3, &reply), let end = call.rangeEnd(2, &reply) else { return }
  range(call, from: start, through: end, isReversed: true, &reply)
}

private func range(
  _ call: Call, from start: StreamID, through end: StreamID, isReversed: Bool, _ reply: inout ReplyWriter
) {
  var limit = Int.max
  for i in stride(from: 4, to: call.count, by: 2) {
    guard call.argument(i, is: "count"), i + 1 < call.count else { return reply.syntaxError() }
    guard let count = call.integer(i + 1, &reply) else { return }
    limit = Int(max(count, 0))
  }
  switch call.findStream(1, .none, &reply) {
  case .missing: reply.array(0)
  case .wrongType: return
  case .found(let stream):
    if limit == 0 { return reply.nullArray() }
    let mark = reply.mark
    var reader = StreamReader(stream, from: start, through: end, isReversed: isReversed)
    var count = 0
    while count < limit, let entry = reader.next() {
      reply.streamEntry(&reader, entry.id, fieldCount: entry.fieldCount)
      count &+= 1
    }
    reply.insertArray(count, at: mark)
  }
}

// MARK: Add

private func xadd(_ call: Call, _ reply: inout ReplyWriter) {
  // Most clients let the server choose the id, and ask for nothing else.
  if call[2].count == 1 && call[2][0] == UInt8(ascii: "*") {
    return add(call, StreamOptions(), idIndex: 2, &reply)
  }
  var options = StreamOptions()
  guard let idIndex = options.parse(call, isAdding: true, &reply) else { return }
  add(call, options, idIndex: idIndex, &reply)
}

@inline(__always)
private func add(_ call: Call, _ options: StreamOptions, idIndex: Int, _ reply: inout ReplyWriter) {
  let fieldIndex = idIndex + 1
  let words = call.count - fieldIndex
  guard words >= 2 && words % 2 == 0, let wanted = WantedID(call[idIndex]) else { return reply.wrongArity(call) }
  if case .id(let id) = wanted, id.isZero {
    return reply.error("ERR The ID specified in XADD must be greater than 0-0")
  }
  if options.producerIndex > 0, case .automatic = wanted {
  } else if options.producerIndex > 0 {
    return reply.error("ERR IDMP and IDMPAUTO can be used only with the auto-generated ID *")
  }
  var found: StreamPointer?
  switch call.findStream(1, .write, &reply) {
  case .wrongType: return
  case .missing: if !options.createsStream { return reply.null() }
  case .found(let stream): found = stream
  }
  let last = found?.pointee.lastID ?? .zero
  if last == .maximum {
    return reply.error("ERR The stream has exhausted the last possible ID, unable to add more items")
  }
  if options.producerIndex > 0, let found, let known = knownEntry(call, options, found, fieldIndex) {
    return reply.streamID(known)
  }
  let id: StreamID? =
    switch wanted {
    case .automatic: found?.pointee.nextID(now: call.now) ?? StreamID(UInt64(max(call.now, 0)), 0)
    case .id(let id): id
    case .milliseconds(let time):
      time == last.milliseconds ? (last.sequence < .max ? last.next : nil) : StreamID(time, 0)
    }
  guard let id, id > last else {
    return reply.error("ERR The ID specified in XADD is equal or smaller than the target stream top item")
  }
  let fields = call.arguments + fieldIndex
  var byteCount = 0
  for i in 0..<words { byteCount &+= fields[i].count }
  guard byteCount <= Stream.maximumEntryBytes else {
    return reply.error("ERR Elements are too large to be stored")
  }
  let stream =
    found ?? StreamValue.stream(call.keyspace.pointee.addStream(call.database, call[1], hash: call.hash(1)))
  stream.pointee.append(
    id, fields, pairs: words / 2, byteCount: byteCount, limits: call.keyspace.pointee.streamLimits)
  reply.streamID(id)
  if options.producerIndex > 0 { rememberEntry(call, options, stream, fieldIndex, id) }
  call.changed(1, .stream, "xadd")
  if let trimming = options.trimming, stream.pointee.trim(trimming) > 0 {
    call.changed(1, .stream, "xtrim", count: 0)
  }
  if call.isPropagated {
    // Else it does the same wherever it is repeated.
    if case .id = wanted, options.trimming?.isApproximate != true { return }
    propagateAddition(call, options, stream, idIndex: idIndex, id)
  }
}

/// Tells what was added with the id that it got, and how far was trimmed.
private func propagateAddition(
  _ call: Call, _ options: StreamOptions, _ stream: StreamPointer, idIndex: Int, _ id: StreamID
) {
  id.withText { idText in
    withExactTrimming(call, options, stream) { arguments in
      var arguments = arguments
      // From the end, so that indices stay right.
      arguments[arguments.count - (call.count - idIndex)] = idText
      if options.producerIndex > 0 {
        let first = options.producerIndex - 1
        let count = options.producerIDIndex > 0 ? 3 : 2
        // The producer's words stand before all that was taken out behind them, or behind: they are looked for.
        if let at = arguments.firstIndex(where: { $0.base == call[first].base }) {
          arguments.removeSubrange(at..<at + count)
        }
      }
      call.propagate(arguments)
    }
    if options.producerIndex > 0 {
      withProducerID(call, options, idIndex + 1) { producerID in
        call.propagate([Bytes("XIDMPRECORD"), call[1], call[options.producerIndex], producerID, idText])
      }
    }
  }
}

/// Runs `body` with the call's arguments, of which approximate trimming is made exact: it depends on how entries lie
/// in nodes, and that is not the same everywhere.
private func withExactTrimming(
  _ call: Call, _ options: StreamOptions, _ stream: StreamPointer, _ body: ([Bytes]) -> Void
) {
  var arguments = (0..<call.count).map { call[$0] }
  guard let trimming = options.trimming, trimming.isApproximate else { return body(arguments) }
  arguments[options.thresholdIndex - 1] = Bytes("=")
  let drop = options.limitIndex
  func finish(_ threshold: Bytes) {
    arguments[options.thresholdIndex] = threshold
    if drop > 0 { arguments.removeSubrange(drop..<drop + 2) }
    body(arguments)
  }
  switch trimming.bound {
  case .length: StringValue.integer(Int64(stream.pointee.length)).withBytes(finish)
  case .minimum: (stream.pointee.edgeID() ?? .maximum).withText(finish)
  }
}

// MARK: Trim, set

private func xtrim(_ call: Call, _ reply: inout ReplyWriter) {
  var options = StreamOptions()
  guard options.parse(call, isAdding: false, &reply) != nil, let trimming = options.trimming else { return }
  switch call.findStream(1, .write, &reply) {
  case .missing: reply.integer(0)
  case .wrongType: return
  case .found(let stream):
    let deleted = stream.pointee.trim(trimming)
    if deleted > 0 {
      call.changed(1, .stream, "xtrim", count: deleted)
      if call.isPropagated && trimming.isApproximate {
        withExactTrimming(call, options, stream) { call.propagate($0) }
      }
    }
    reply.integer(deleted)
  }
}

private func xsetid(_ call: Call, _ reply: inout ReplyWriter) {
  guard let id = call.streamID(2, &reply) else { return }
  var added: Int64 = -1
  var maximumDeleted = StreamID.zero
  for i in stride(from: 3, to: call.count, by: 2) {
    if call.argument(i, is: "entriesadded") && i + 1 < call.count {
      guard let value = call.integer(i + 1, &reply) else { return }
      if value < 0 { return reply.error("ERR entries_added must be positive") }
      added = value
    } else if call.argument(i, is: "maxdeletedid") && i + 1 < call.count {
      guard let value = call.streamID(i + 1, &reply) else { return }
      maximumDeleted = value
      if id < value {
        return reply.error("ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id")
      }
    } else {
      return reply.syntaxError()
    }
  }
  switch call.findStream(1, .write, &reply) {
  case .missing: reply.error("ERR no such key")
  case .wrongType: return
  case .found(let stream):
    if id < stream.pointee.maximumDeletedID {
      return reply.error("ERR The ID specified in XSETID is smaller than current max_deleted_entry_id")
    }
    if let top = stream.pointee.lastLivingID(), id < top {
      return reply.error("ERR The ID specified in XSETID is smaller than the target stream top item")
    }
    if stream.pointee.length > 0 && added != -1 && Int64(stream.pointee.length) > added {
      return reply.error("ERR The entries_added specified in XSETID is smaller than the target stream length")
    }
    stream.pointee.lastID = id
    if added != -1 { stream.pointee.entriesAdded = UInt64(added) }
    if !maximumDeleted.isZero { stream.pointee.maximumDeletedID = maximumDeleted }
    reply.ok()
    call.noted(1, "xsetid")
  }
}

extension Call {
  /// Reports a change of what surrounds the entries of a stream: subscribers hear of it, but WATCH does not mind.
  func noted(_ index: Int, _ event: StaticString) {
    keyspace.pointee.changedSilently()
    keyspace.pointee.notify(database, self[index], .stream, event)
  }
}
