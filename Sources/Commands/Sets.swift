import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Sets: strings without order, each once. https://redis.io/docs/latest/commands/?group=set
  public static let sets: [Command] = setMembers + randomMembers + setOperations

  private static let setMembers: [Command] = [
    Command(
      "SADD", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .set, since: "1.0.0",
      summary: "Adds members to a set, which is created if there is none.",
      complexity: "O(1) for each element added, so O(N) to add N elements.", syntax: "key member [member ...]",
      run: sadd),
    Command(
      "SREM", arity: -3, [.write, .fast], keys: [.one("RW", "delete")], group: .set, since: "1.0.0",
      summary: "Removes members from a set, and the set with its last member.",
      complexity: "O(N) where N is the number of members to be removed.", syntax: "key member [member ...]", run: srem),
    Command(
      "SMOVE", arity: 4, [.write, .fast], keys: [.one("RW", "access", "delete"), .one("RW", "insert", at: 2)],
      group: .set, since: "1.0.0", summary: "Moves a member from one set to another.",
      syntax: "source destination member", run: smove),
    Command(
      "SCARD", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .set, since: "1.0.0",
      summary: "Returns the number of members of a set.", syntax: "key", run: scard),
    Command(
      "SISMEMBER", arity: 3, [.readonly, .fast], keys: [.one("RO")], group: .set, since: "1.0.0",
      summary: "Tells whether a string is a member of a set.", syntax: "key member", run: sismember),
    Command(
      "SMISMEMBER", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .set, since: "6.2.0",
      summary: "Tells for each of several strings whether it is a member of a set.",
      complexity: "O(N) where N is the number of elements being checked for membership",
      syntax: "key member [member ...]", run: smismember),
    Command(
      "SMEMBERS", arity: 2, [.readonly], keys: [.one("RO", "access")], group: .set, since: "1.0.0",
      summary: "Returns all members of a set.", complexity: "O(N) where N is the set cardinality.", syntax: "key",
      tips: ["nondeterministic_output_order"], run: smembers),
    Command(
      "SSCAN", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .set, since: "2.8.0",
      summary: "Walks over the members of a set, some at each call.",
      complexity: "O(1) for every call. O(N) for a complete iteration.",
      syntax: "key cursor [MATCH pattern] [COUNT count]", tips: ["nondeterministic_output"], run: sscan),
  ]
}

extension Call {
  /// Reports removed members of the set at `index`, and removes the key if none is left.
  @inline(__always)
  func removedMembers(_ index: Int, _ entry: Entry, count: Int, event: StaticString) {
    let isEmpty = SetValue.count(entry) == 0
    if isEmpty { keyspace.pointee.delete(database, entry, hash: hash(index), lazily: false) }
    changed(index, .set, event, count: count)
    if isEmpty { changed(index, .generic, "del", count: 0) }
  }
}

// MARK: Write

private func sadd(_ call: Call, _ reply: inout ReplyWriter) {
  let adding = call.count - 2
  let set: Entry
  switch call.find(1, as: .set, options: .write, &reply) {
  case .wrongType: return
  case .found(let entry):
    set = entry
    if adding > 1 { call.keyspace.pointee.prepareSet(set, adding: adding) }
  case .missing:
    set = call.keyspace.pointee.addSet(call.database, call[1], hash: call.hash(1), for: call[2], adding: adding)
  }
  var added = 0
  for i in 2..<call.count where call.keyspace.pointee.addMember(set, call[i]) { added += 1 }
  if added > 0 { call.changed(1, .set, "sadd", count: added) }
  reply.integer(added)
}

private func srem(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .set, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let set):
    var removed = 0
    for i in 2..<call.count where call.keyspace.pointee.removeMember(set, call[i]) { removed += 1 }
    if removed > 0 { call.removedMembers(1, set, count: removed, event: "srem") }
    reply.integer(removed)
  }
}

private func smove(_ call: Call, _ reply: inout ReplyWriter) {
  let source = call.find(1, .write)
  let destination = call.find(2, .write)
  guard let source else { return reply.integer(0) }
  guard source.type == ValueType.set.rawValue && (destination ?? source).type == ValueType.set.rawValue else {
    return reply.wrongType()
  }
  let member = call[3]
  if source.address == destination?.address { return reply.integer(SetValue.contains(source, member) ? 1 : 0) }
  guard call.keyspace.pointee.removeMember(source, member) else { return reply.integer(0) }
  call.removedMembers(1, source, count: 1, event: "srem")
  let target =
    destination
    ?? call.keyspace.pointee.addSet(call.database, call[2], hash: call.hash(2), for: member, adding: 1)
  if call.keyspace.pointee.addMember(target, member) { call.changed(2, .set, "sadd") }
  reply.integer(1)
}

// MARK: Read

private func scard(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let set): reply.integer(SetValue.count(set))
  }
}

private func sismember(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let set): reply.integer(SetValue.contains(set, call[2]) ? 1 : 0)
  }
}

private func smismember(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(call.count - 2)
    for _ in 2..<call.count { reply.integer(0) }
  case .found(let set):
    reply.array(call.count - 2)
    for i in 2..<call.count { reply.integer(SetValue.contains(set, call[i]) ? 1 : 0) }
  }
}

private func smembers(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing: reply.set(0)
  case .found(let set):
    reply.set(SetValue.count(set))
    SetValue.forEach(set) { reply.fieldValue($0) }
  }
}

private func sscan(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.scanCursor(2, &reply) else { return }
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(2)
    reply.bulk(unsigned: 0)
    reply.array(0)
  case .found(let set):
    var options = ScanOptions()
    guard options.parse(call, from: 3, allowing: [], &reply) else { return }
    var cursor = start
    var steps = options.maximumSteps
    var seen = 0
    var members: [StringValue] = []
    repeat {
      cursor = SetValue.scan(set, cursor) { member in
        seen += 1
        if options.pattern == nil || member.withBytes(options.accepts) { members.append(member) }
      }
      steps -= 1
    } while cursor != 0 && steps > 0 && seen < options.count
    reply.array(2)
    reply.bulk(unsigned: cursor)
    reply.array(members.count)
    for member in members { reply.fieldValue(member) }
  }
}
