import Keyspace
import Memory
import RESP
import Structures

// Consumer groups: who reads a stream together, and what is pending there.

extension CommandTable {
  static let streamGroups: [Command] = [
    Command(
      "XGROUP", arity: -2, [], group: .stream, since: "5.0.0", summary: "Manages the consumer groups of streams.",
      complexity: "Depends on subcommand.", subcommands: groupSubcommands),
    Command(
      "XPENDING", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .stream, since: "5.0.0",
      summary: "Returns what is pending in a consumer group: an overview, or the entries in a range of IDs.",
      complexity:
        "O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.",
      syntax: "key group [[IDLE min-idle-time] start end count [consumer]]", tips: ["nondeterministic_output"],
      run: xpending),
  ]

  private static let groupSubcommands: [Command] = [
    Command(
      "CREATE", arity: -5, [.write, .denyOOM], keys: [.one("RW", "insert", at: 2)], group: .stream, since: "5.0.0",
      summary: "Creates a consumer group.", syntax: "key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]",
      run: createGroup),
    Command(
      "SETID", arity: -5, [.write], keys: [.one("RW", "update", at: 2)], group: .stream, since: "5.0.0",
      summary: "Sets how far a consumer group has read.", syntax: "key group <id | $> [ENTRIESREAD entries-read]",
      run: setGroupID),
    Command(
      "DESTROY", arity: 4, [.write], keys: [.one("RW", "delete", at: 2)], group: .stream, since: "5.0.0",
      summary: "Removes a consumer group with all that is pending in it.",
      complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
      syntax: "key group", run: destroyGroup),
    Command(
      "CREATECONSUMER", arity: 5, [.write, .denyOOM], keys: [.one("RW", "insert", at: 2)], group: .stream,
      since: "6.2.0", summary: "Creates a consumer in a consumer group.", syntax: "key group consumer",
      run: createConsumer),
    Command(
      "DELCONSUMER", arity: 5, [.write], keys: [.one("RW", "delete", at: 2)], group: .stream, since: "5.0.0",
      summary: "Removes a consumer with all that it has pending.", syntax: "key group consumer", run: deleteConsumer),
    .help(
      of: "XGROUP", .stream, since: "5.0.0",
      [
        "CREATE <key> <groupname> <id|$> [option]",
        "    Create a new consumer group. Options are:",
        "    * MKSTREAM",
        "      Create the empty stream if it does not exist.",
        "    * ENTRIESREAD entries_read",
        "      Set the group's entries_read counter (internal use).",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "    Create a new consumer in the specified group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "    Remove the specified consumer.",
        "DESTROY <key> <groupname>",
        "    Remove the specified group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
        "    Set the current group ID and entries_read counter.",
      ]),
  ]
}

extension ReplyWriter {
  /// Of a container's subcommand with arguments that it does not know.
  mutating func unknownSubcommand(_ call: Call, of container: StaticString) {
    error("ERR unknown subcommand or wrong number of arguments for '\(call[1], limit: 128)'. Try \(container) HELP.")
  }
}

// MARK: Groups

/// The options of XGROUP CREATE and SETID.
private struct GroupOptions {
  private(set) var createsStream = false
  private(set) var entriesRead: Int64?

  /// Nil after the error was written.
  init?(_ call: Call, mayCreateStream: Bool, _ reply: inout ReplyWriter) {
    var i = 5
    while i < call.count {
      if mayCreateStream && call.argument(i, is: "mkstream") {
        createsStream = true
        i += 1
      } else if call.argument(i, is: "entriesread") && i + 1 < call.count {
        guard let value = call.integer(i + 1, &reply) else { return nil }
        if value < -1 {
          reply.error("ERR value for ENTRIESREAD must be positive or -1")
          return nil
        }
        entriesRead = value == -1 ? nil : value
        i += 2
      } else {
        reply.unknownSubcommand(call, of: "XGROUP")
        return nil
      }
    }
  }
}

extension ReplyWriter {
  fileprivate mutating func missingStream() {
    error(
      "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically."
    )
  }

  mutating func missingGroup(_ group: Bytes, key: Bytes) {
    error("NOGROUP No such consumer group '\(group)' for key name '\(key)'")
  }
}

extension Call {
  /// The stream at argument 2 with the group at argument 3, which must exist; nil after the error was written.
  fileprivate func existingGroup(_ reply: inout ReplyWriter) -> (StreamPointer, ConsumerGroupPointer)? {
    switch findStream(2, .write, &reply) {
    case .wrongType: return nil
    case .missing:
      reply.missingStream()
      return nil
    case .found(let stream):
      if let group = stream.pointee.findGroup(self[3]) { return (stream, group) }
      reply.missingGroup(self[3], key: self[2])
      return nil
    }
  }

  fileprivate var isLastID: Bool { self[4].count == 1 && self[4][0] == UInt8(ascii: "$") }
}

private func createGroup(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = GroupOptions(call, mayCreateStream: true, &reply) else { return }
  var found: StreamPointer?
  switch call.findStream(2, .write, &reply) {
  case .wrongType: return
  case .missing: if !options.createsStream { return reply.missingStream() }
  case .found(let stream): found = stream
  }
  guard call.count <= 8 else { return reply.unknownSubcommand(call, of: "XGROUP") }
  let id: StreamID
  if call.isLastID {
    id = found?.pointee.lastID ?? .zero
  } else {
    guard let given = call.streamID(4, &reply) else { return }
    id = given
  }
  if found?.pointee.findGroup(call[3]) != nil {
    return reply.error("BUSYGROUP Consumer Group name already exists")
  }
  let stream =
    found ?? StreamValue.stream(call.keyspace.pointee.addStream(call.database, call[2], hash: call.hash(2)))
  stream.pointee.addGroup(call[3], lastID: id, entriesRead: options.entriesRead)
  reply.ok()
  if found == nil {
    call.changed(2, .stream, "xgroup-create")
  } else {
    call.noted(2, "xgroup-create")
  }
}

private func setGroupID(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = GroupOptions(call, mayCreateStream: false, &reply) else { return }
  guard let (stream, group) = call.existingGroup(&reply) else { return }
  guard call.count == 5 || call.count == 7 else { return reply.unknownSubcommand(call, of: "XGROUP") }
  if call.isLastID {
    group.pointee.lastID = stream.pointee.lastID
  } else {
    guard let id = call.streamBound(call[4], missingSequence: 0, &reply) else { return }
    group.pointee.lastID = id
  }
  group.pointee.entriesRead = options.entriesRead
  group.pointee.forgetBookmark()
  reply.ok()
  call.noted(2, "xgroup-setid")
}

private func destroyGroup(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findStream(2, .write, &reply) {
  case .wrongType: return
  case .missing: reply.missingStream()
  case .found(let stream):
    guard let group = stream.pointee.findGroup(call[3]) else { return reply.integer(0) }
    stream.pointee.removeGroup(group)
    reply.integer(1)
    // Whoever waits in it is to hear that it is gone.
    call.changed(2, .stream, "xgroup-destroy")
  }
}

private func createConsumer(_ call: Call, _ reply: inout ReplyWriter) {
  guard let (_, group) = call.existingGroup(&reply) else { return }
  if group.pointee.findConsumer(call[4]) != nil { return reply.integer(0) }
  _ = group.pointee.addConsumer(call[4], seenTime: call.now)
  reply.integer(1)
  call.reportNewConsumer(2)
}

private func deleteConsumer(_ call: Call, _ reply: inout ReplyWriter) {
  guard let (_, group) = call.existingGroup(&reply) else { return }
  guard let consumer = group.pointee.findConsumer(call[4]) else { return reply.integer(0) }
  reply.integer(consumer.pointee.pendingCount)
  group.pointee.removeConsumer(consumer)
  call.noted(2, "xgroup-delconsumer")
}

// MARK: Pending

private func xpending(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count == 3 || (call.count >= 6 && call.count <= 9) else { return reply.syntaxError() }
  guard call.count > 3 else {
    guard let (_, group) = call.findGroup(1, toServe: false, &reply) else { return }
    return pendingOverview(group, &reply)
  }
  guard let query = PendingQuery(call, &reply), let (_, group) = call.findGroup(1, toServe: false, &reply) else {
    return
  }
  var consumer: ConsumerPointer?
  if query.consumerIndex > 0 {
    guard let found = group.pointee.findConsumer(call[query.consumerIndex]) else { return reply.array(0) }
    consumer = found
  }
  pendingEntries(call, query, group, of: consumer, &reply)
}

private func pendingOverview(_ group: ConsumerGroupPointer, _ reply: inout ReplyWriter) {
  reply.array(4)
  reply.integer(group.pointee.pendingCount)
  guard let first = group.pointee.firstPending, let last = group.pointee.lastPending else {
    reply.null()
    reply.null()
    return reply.nullArray()
  }
  reply.streamID(first)
  reply.streamID(last)
  let mark = reply.mark
  var count = 0
  for i in 0..<group.pointee.consumerCount {
    let consumer = group.pointee.consumer(at: i)
    if consumer.pointee.pendingCount == 0 { continue }
    reply.array(2)
    reply.bulk(consumer.pointee.name.bytes)
    reply.bulk(integer: Int64(consumer.pointee.pendingCount))
    count += 1
  }
  reply.insertArray(count, at: mark)
}

/// The longer form of XPENDING's arguments.
private struct PendingQuery {
  let start: StreamID
  let end: StreamID
  let count: Int
  let minimumIdle: Int64
  let consumerIndex: Int

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    var first = 3
    var idle: Int64 = 0
    if call.argument(3, is: "idle") {
      guard let value = call.integer(4, &reply) else { return nil }
      guard call.count >= 8 else {
        reply.syntaxError()
        return nil
      }
      idle = value
      first = 5
    }
    guard let count = call.integer(first + 2, &reply), let start = call.rangeStart(first, &reply),
      let end = call.rangeEnd(first + 1, &reply)
    else { return nil }
    self.start = start
    self.end = end
    self.count = Int(max(count, 0))
    minimumIdle = idle
    consumerIndex = first + 3 < call.count ? first + 3 : 0
  }
}

private func pendingEntries(
  _ call: Call, _ query: PendingQuery, _ group: ConsumerGroupPointer, of consumer: ConsumerPointer?,
  _ reply: inout ReplyWriter
) {
  let mark = reply.mark
  var count = 0
  if query.count > 0 {
    group.pointee.forEachPending(from: query.start, through: query.end, of: consumer) { id, delivery in
      let idle = delivery.idle(call.now)
      if query.minimumIdle != 0 && idle < query.minimumIdle { return true }
      reply.array(4)
      reply.streamID(id)
      reply.bulk(delivery.consumer?.pointee.name.bytes ?? .empty)
      reply.integer(delivery.consumer == nil ? -1 : Int(max(idle, 0)))
      reply.integer(Int(truncatingIfNeeded: delivery.count))
      count += 1
      return count < query.count
    }
  }
  reply.insertArray(count, at: mark)
}
