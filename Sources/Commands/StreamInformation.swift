import Keyspace
import Memory
import RESP
import Structures

// XINFO: what is known of a stream, its groups and their consumers.

extension CommandTable {
  static let streamInformation = Command(
    "XINFO", arity: -2, [], group: .stream, since: "5.0.0",
    summary: "Tells of streams, their consumer groups and consumers.", complexity: "Depends on subcommand.",
    subcommands: [
      Command(
        "CONSUMERS", arity: 4, [.readonly], keys: [.one("RO", "access", at: 2)], group: .stream, since: "5.0.0",
        summary: "Returns the consumers of a consumer group.", syntax: "key group", tips: ["nondeterministic_output"],
        run: consumers),
      Command(
        "GROUPS", arity: 3, [.readonly], keys: [.one("RO", "access", at: 2)], group: .stream, since: "5.0.0",
        summary: "Returns the consumer groups of a stream.", syntax: "key", run: groups),
      Command(
        "STREAM", arity: -3, [.readonly], keys: [.one("RO", "access", at: 2)], group: .stream, since: "5.0.0",
        summary: "Returns what is known of a stream.", syntax: "key [FULL [COUNT count]]", run: stream),
      .help(
        of: "XINFO", .stream, since: "5.0.0",
        [
          "CONSUMERS <key> <groupname>",
          "    Show consumers of <groupname>.",
          "GROUPS <key>",
          "    Show the stream consumer groups.",
          "STREAM <key> [FULL [COUNT <count>]",
          "    Show information about the stream.",
        ]),
    ])
}

extension Call {
  /// The stream at argument 2; nil after the error was written.
  fileprivate func existingStream(_ reply: inout ReplyWriter) -> StreamPointer? {
    switch findStream(2, .none, &reply) {
    case .found(let stream): return stream
    case .wrongType: return nil
    case .missing:
      reply.error("ERR no such key")
      return nil
    }
  }
}

extension ReplyWriter {
  fileprivate mutating func pair(_ name: StaticString, _ value: Int64) {
    bulk(name)
    integer(Int(value))
  }

  fileprivate mutating func pair(_ name: StaticString, _ value: Int) { pair(name, Int64(value)) }

  /// Null for what is not known.
  fileprivate mutating func pair(_ name: StaticString, _ value: Int64?) {
    bulk(name)
    if let value { integer(Int(value)) } else { null() }
  }

  fileprivate mutating func pair(_ name: StaticString, _ value: Bytes) {
    bulk(name)
    bulk(value)
  }

  fileprivate mutating func pair(_ name: StaticString, _ value: StreamID) {
    bulk(name)
    streamID(value)
  }
}

private func consumers(_ call: Call, _ reply: inout ReplyWriter) {
  guard let stream = call.existingStream(&reply) else { return }
  guard let group = stream.pointee.findGroup(call[3]) else { return reply.missingGroup(call[3], key: call[2]) }
  reply.array(group.pointee.consumerCount)
  for i in 0..<group.pointee.consumerCount {
    let consumer = group.pointee.consumer(at: i)
    let active = consumer.pointee.activeTime
    reply.map(4)
    reply.pair("name", consumer.pointee.name.bytes)
    reply.pair("pending", consumer.pointee.pendingCount)
    reply.pair("idle", max(call.now &- consumer.pointee.seenTime, 0))
    reply.pair("inactive", active == -1 ? -1 : call.now &- active)
  }
}

private func groups(_ call: Call, _ reply: inout ReplyWriter) {
  guard let stream = call.existingStream(&reply) else { return }
  reply.array(stream.pointee.groupCount)
  for i in 0..<stream.pointee.groupCount {
    let group = stream.pointee.group(at: i)
    reply.map(6)
    reply.pair("name", group.pointee.name.bytes)
    reply.pair("consumers", group.pointee.consumerCount)
    reply.pair("pending", group.pointee.pendingCount)
    reply.pair("last-delivered-id", group.pointee.lastID)
    reply.pair("entries-read", group.pointee.entriesRead)
    reply.pair("lag", stream.pointee.lag(group))
  }
}

// MARK: XINFO STREAM

private func stream(_ call: Call, _ reply: inout ReplyWriter) {
  guard let stream = call.existingStream(&reply) else { return }
  guard call.count > 3 else { return overview(stream, &reply) }
  guard call.count == 4 || call.count == 6, call.argument(3, is: "full"),
    call.count == 4 || call.argument(4, is: "count")
  else { return reply.unknownSubcommand(call, of: "XINFO") }
  var count: Int64 = 10
  if call.count == 6 {
    guard let value = call.integer(5, &reply) else { return }
    if value >= 0 { count = value }
  }
  everything(stream, limit: count == 0 ? .max : Int(count), &reply)
}

/// What both forms begin with, after the head of a map of `more` pairs beyond it.
private func counters(_ stream: StreamPointer, more: Int, _ reply: inout ReplyWriter) {
  let producers = stream.pointee.producers
  reply.map(7 + more + (producers == nil ? 0 : 6))
  reply.pair("length", stream.pointee.length)
  reply.pair("radix-tree-keys", stream.pointee.nodeCount)
  reply.pair("radix-tree-nodes", stream.pointee.radixNodeCount)
  reply.pair("last-generated-id", stream.pointee.lastID)
  reply.pair("max-deleted-entry-id", stream.pointee.maximumDeletedID)
  reply.pair("entries-added", Int64(bitPattern: stream.pointee.entriesAdded))
  reply.pair("recorded-first-entry-id", stream.pointee.firstID)
  if let producers {
    reply.pair("idmp-duration", producers.pointee.durationSeconds)
    reply.pair("idmp-maxsize", producers.pointee.maximumCount)
    reply.pair("pids-tracked", producers.pointee.producerCount)
    reply.pair("iids-tracked", producers.pointee.idCount)
    reply.pair("iids-added", producers.pointee.added)
    reply.pair("iids-duplicates", producers.pointee.duplicates)
  }
}

private func overview(_ stream: StreamPointer, _ reply: inout ReplyWriter) {
  counters(stream, more: 3, &reply)
  reply.pair("groups", stream.pointee.groupCount)
  for (name, isReversed) in [("first-entry" as StaticString, false), ("last-entry", true)] {
    reply.bulk(name)
    var reader = StreamReader(stream, isReversed: isReversed)
    if let entry = reader.next() {
      reply.streamEntry(&reader, entry.id, fieldCount: entry.fieldCount)
    } else {
      reply.null()
    }
  }
}

private func everything(_ stream: StreamPointer, limit: Int, _ reply: inout ReplyWriter) {
  counters(stream, more: 2, &reply)
  reply.bulk("entries")
  let mark = reply.mark
  var count = 0
  var reader = StreamReader(stream)
  while count < limit, let entry = reader.next() {
    reply.streamEntry(&reader, entry.id, fieldCount: entry.fieldCount)
    count += 1
  }
  reply.insertArray(count, at: mark)
  reply.bulk("groups")
  reply.array(stream.pointee.groupCount)
  for i in 0..<stream.pointee.groupCount { everything(stream, stream.pointee.group(at: i), limit: limit, &reply) }
}

private func everything(
  _ stream: StreamPointer, _ group: ConsumerGroupPointer, limit: Int, _ reply: inout ReplyWriter
) {
  let returned = group.pointee.returnedCount
  reply.map(returned > 0 ? 8 : 7)
  reply.pair("name", group.pointee.name.bytes)
  reply.pair("last-delivered-id", group.pointee.lastID)
  reply.pair("entries-read", group.pointee.entriesRead)
  reply.pair("lag", stream.pointee.lag(group))
  reply.pair("pel-count", group.pointee.pendingCount)
  reply.bulk("pending")
  pending(group, of: nil, limit: limit, &reply)
  reply.bulk("consumers")
  reply.array(group.pointee.consumerCount)
  for i in 0..<group.pointee.consumerCount {
    let consumer = group.pointee.consumer(at: i)
    reply.map(5)
    reply.pair("name", consumer.pointee.name.bytes)
    reply.pair("seen-time", consumer.pointee.seenTime)
    reply.pair("active-time", consumer.pointee.activeTime)
    reply.pair("pel-count", consumer.pointee.pendingCount)
    reply.bulk("pending")
    pending(group, of: consumer, limit: limit, &reply)
  }
  if returned > 0 { reply.pair("nacked-count", returned) }
}

/// The pending entries of a group, or of one consumer, whose name is then left out.
private func pending(
  _ group: ConsumerGroupPointer, of consumer: ConsumerPointer?, limit: Int, _ reply: inout ReplyWriter
) {
  let mark = reply.mark
  var count = 0
  group.pointee.forEachPending(of: consumer) { id, delivery in
    guard count < limit else { return false }
    reply.array(consumer == nil ? 4 : 3)
    reply.streamID(id)
    if consumer == nil { reply.bulk(delivery.consumer?.pointee.name.bytes ?? .empty) }
    reply.integer(Int(delivery.time))
    reply.integer(Int(truncatingIfNeeded: delivery.count))
    count += 1
    return true
  }
  reply.insertArray(count, at: mark)
}
