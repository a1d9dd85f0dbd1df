import Keyspace
import Memory
import RESP
import Structures

// Entries that are removed by name, and those that are acknowledged.

extension CommandTable {
  static let streamDeletions: [Command] = [
    Command(
      "XDEL", arity: -3, [.write, .fast], keys: [.one("RW", "delete")], group: .stream, since: "5.0.0",
      summary: "Removes entries from a stream.",
      complexity: "O(1) for each single item to delete in the stream, regardless of the stream size.",
      syntax: "key id [id ...]", run: xdel),
    Command(
      "XDELEX", arity: -5, [.write, .fast], keys: [.one("RW", "delete")], group: .stream, since: "8.2.0",
      summary: "Removes entries from a stream, and says what becomes of them where they are pending.",
      complexity: "O(1) for each single item to delete in the stream, regardless of the stream size.",
      syntax: "key [KEEPREF | DELREF | ACKED] IDS numids id [id ...]", run: xdelex),
    Command(
      "XACK", arity: -4, [.write, .fast], keys: [.one("RW", "update")], group: .stream, since: "5.0.0",
      summary: "Acknowledges entries that are pending in a consumer group.",
      complexity: "O(1) for each message ID processed.", syntax: "key group id [id ...]", run: xack),
    Command(
      "XACKDEL", arity: -6, [.write, .fast], keys: [.one("RW", "update", "delete")], group: .stream, since: "8.2.0",
      summary: "Acknowledges entries in a consumer group and removes them from the stream.",
      complexity: "O(1) for each entry ID processed.",
      syntax: "key group [KEEPREF | DELREF | ACKED] IDS numids id [id ...]", run: xackdel),
  ]
}

private func xdel(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findStream(1, .write, &reply) {
  case .missing: reply.integer(0)
  case .wrongType: return
  case .found(let stream):
    guard let ids = call.streamIDs(2, count: call.count - 2, &reply) else { return }
    var deleted = 0
    for id in ids where stream.pointee.delete(id) { deleted += 1 }
    if deleted > 0 { call.changed(1, .stream, "xdel", count: deleted) }
    reply.integer(deleted)
  }
}

/// The policy and the ids from argument `index` on; nil after the error was written.
private func parseDeletion(
  _ call: Call, from index: Int, _ reply: inout ReplyWriter
) -> (ReferencePolicy, [StreamID])? {
  var policy: ReferencePolicy?
  var ids: [StreamID]?
  var i = index
  while i < call.count {
    if policy == nil, let word = ReferencePolicy(call[i]) {
      policy = word
      i += 1
    } else if ids == nil && call.argument(i, is: "ids") {
      guard let block = CountedIDs(call, at: i, &reply) else { return nil }
      ids = block.ids
      i = block.end
    } else {
      reply.syntaxError()
      return nil
    }
  }
  guard let ids else {
    reply.syntaxError()
    return nil
  }
  return (policy ?? .keep, ids)
}

/// What became of an entry, as the newer commands answer it.
private enum Deletion: Int {
  case notFound = -1
  case deleted = 1
  /// Some group still needs it.
  case isReferenced = 2
}

private func xdelex(_ call: Call, _ reply: inout ReplyWriter) {
  guard let (policy, ids) = parseDeletion(call, from: 2, &reply) else { return }
  switch call.findStream(1, .write, &reply) {
  case .wrongType: return
  case .missing: allNotFound(ids.count, &reply)
  case .found(let stream):
    var deleted = 0
    reply.array(ids.count)
    for id in ids {
      let result = delete(stream, id, policy)
      if result == .deleted { deleted += 1 }
      reply.integer(result.rawValue)
    }
    if deleted > 0 {
      call.changed(1, .stream, "xdel", count: deleted)
    } else if policy == .delete {
      // It may have taken away what had been pending.
      call.keyspace.pointee.changedSilently()
    }
  }
}

private func delete(_ stream: StreamPointer, _ id: StreamID, _ policy: ReferencePolicy) -> Deletion {
  if policy == .delete { stream.pointee.forgetDeliveries(of: id) }
  if policy == .acknowledged && stream.pointee.contains(id) {
    if stream.pointee.groupCount == 0 || !stream.pointee.isAcknowledged(id) { return .isReferenced }
  }
  return stream.pointee.delete(id) ? .deleted : .notFound
}

private func allNotFound(_ count: Int, _ reply: inout ReplyWriter) {
  reply.array(count)
  for _ in 0..<count { reply.integer(Deletion.notFound.rawValue) }
}

// MARK: Acknowledge

private func xack(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findStream(1, .none, &reply) {
  case .missing: reply.integer(0)
  case .wrongType: return
  case .found(let stream):
    guard let group = stream.pointee.findGroup(call[2]) else { return reply.integer(0) }
    // All or nothing: no id is looked at before all are known to be ids.
    withUnsafeTemporaryAllocation(of: StreamID.self, capacity: call.count - 3) { ids in
      for i in 3..<call.count {
        guard let id = call.streamID(i, &reply) else { return }
        ids[i - 3] = id
      }
      var acknowledged = 0
      for id in ids where group.pointee.acknowledge(id) { acknowledged &+= 1 }
      if acknowledged > 0 { call.keyspace.pointee.changedSilently(count: acknowledged) }
      reply.integer(acknowledged)
    }
  }
}

private func xackdel(_ call: Call, _ reply: inout ReplyWriter) {
  guard let (policy, ids) = parseDeletion(call, from: 3, &reply) else { return }
  switch call.findStream(1, .write, &reply) {
  case .wrongType: return
  case .missing: allNotFound(ids.count, &reply)
  case .found(let stream):
    guard let group = stream.pointee.findGroup(call[2]) else { return allNotFound(ids.count, &reply) }
    var deleted = 0
    var acknowledged = 0
    reply.array(ids.count)
    for id in ids {
      guard group.pointee.acknowledge(id) else {
        // Others may have it pending though it is gone.
        if policy == .delete && !stream.pointee.contains(id) { stream.pointee.forgetDeliveries(of: id) }
        reply.integer(Deletion.notFound.rawValue)
        continue
      }
      acknowledged += 1
      let result = delete(stream, id, policy)
      if result == .deleted { deleted += 1 }
      // What was acknowledged is gone, be it only now or since long.
      reply.integer((result == .notFound ? .deleted : result).rawValue)
    }
    if deleted > 0 { call.changed(1, .stream, "xdel", count: deleted) }
    call.keyspace.pointee.changedSilently(count: max(acknowledged - deleted, policy == .delete ? 1 : 0))
  }
}
