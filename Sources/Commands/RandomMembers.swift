import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Members of a set at random, with or without taking them out.
  static let randomMembers: [Command] = [
    Command(
      "SPOP", arity: -2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .set, since: "1.0.0",
      summary: "Returns one or more members of a set at random after removing them.",
      complexity: "Without the count argument O(1), otherwise O(N) where N is the value of the passed count.",
      syntax: "key [count]", tips: ["nondeterministic_output"], run: spop),
    Command(
      "SRANDMEMBER", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .set, since: "1.0.0",
      summary: "Returns one or more members of a set at random.",
      complexity: "Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.",
      syntax: "key [count]", tips: ["nondeterministic_output"], run: srandmember),
  ]
}

// MARK: SPOP

private func spop(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count == 2 else { return spopCount(call, &reply) }
  switch call.find(1, as: .set, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.null()
  case .found(let set):
    call.keyspace.pointee.popMember(set) { member in
      reply.fieldValue(member)
      if call.isPropagated { member.withBytes { call.propagate([Bytes("SREM"), call[1], $0]) } }
    }
    call.removedMembers(1, set, count: 1, event: "spop")
  }
}

private func spopCount(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count == 3 else { return reply.syntaxError() }
  guard let count = parseInteger(call[2]), count >= 0 else {
    return reply.error("ERR value is out of range, must be positive")
  }
  switch call.find(1, as: .set, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.set(0)
  case .found(let set):
    let size = SetValue.count(set)
    if count == 0 {
      reply.set(0)
    } else if count >= size {
      popAll(call, set, size, &reply)
    } else {
      popSome(call, set, Int(count), &reply)
    }
  }
}

private func popAll(_ call: Call, _ set: Entry, _ size: Int, _ reply: inout ReplyWriter) {
  reply.set(size)
  SetValue.forEach(set) { reply.fieldValue($0) }
  call.changed(1, .set, "spop", count: size)
  let lazily = call.keyspace.pointee.lazyServerDelete
  if call.isPropagated { call.propagate([lazily ? Bytes("UNLINK") : Bytes("DEL"), call[1]]) }
  call.keyspace.pointee.delete(call.database, set, hash: call.hash(1), lazily: lazily)
  call.changed(1, .generic, "del", count: 0)
}

private func popSome(_ call: Call, _ set: Entry, _ count: Int, _ reply: inout ReplyWriter) {
  reply.set(count)
  var removals = Removals(call)
  call.keyspace.pointee.popMembers(set, count: count) { member in
    reply.fieldValue(member)
    removals.add(member)
  }
  removals.flush()
  call.changed(1, .set, "spop", count: count)
}

/// Tells of removed members in SREM commands of bounded length.
private struct Removals {
  private static let membersPerCommand = 1024
  private let call: Call
  private let isPropagated: Bool
  private var members: [ByteString] = []

  init(_ call: Call) {
    self.call = call
    isPropagated = call.isPropagated
  }

  mutating func add(_ member: StringValue) {
    guard isPropagated else { return }
    members.append(member.withBytes { ByteString($0) })
    if members.count == Self.membersPerCommand { flush() }
  }

  mutating func flush() {
    guard !members.isEmpty else { return }
    let flat = members.flatMap(\.bytes)
    flat.withBytes { flat in
      var arguments = [Bytes("SREM"), call[1]]
      var at = 0
      for member in members {
        arguments.append(flat[at..<at + member.bytes.count])
        at += member.bytes.count
      }
      call.propagate(arguments)
    }
    members.removeAll(keepingCapacity: true)
  }
}

// MARK: SRANDMEMBER

private func srandmember(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count > 2 else {
    switch call.find(1, as: .set, &reply) {
    case .wrongType: return
    case .missing: reply.null()
    case .found(let set): reply.fieldValue(SetValue.random(set, &call.keyspace.pointee.random))
    }
    return
  }
  guard call.count == 3 else { return reply.syntaxError() }
  guard let count = call.integer(2, &reply) else { return }
  guard count >= -Int64.max else {
    return reply.error("ERR value is out of range, value must between \(-Int64.max) and \(Int64.max)")
  }
  switch call.find(1, as: .set, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let set):
    if count < 0 {
      writeDraws(call, set, count: Int(-count), &reply)
    } else {
      let wanted = min(Int(count), SetValue.count(set))
      reply.array(wanted)
      SetValue.sample(set, count: wanted, &call.keyspace.pointee.random) { reply.fieldValue($0) }
    }
  }
}

/// Members at random, the same ones again and again.
private func writeDraws(_ call: Call, _ set: Entry, count: Int, _ reply: inout ReplyWriter) {
  let mark = reply.mark
  reply.array(count)
  // An element of a listpack is found by walking, so all are noted once; elsewhere a draw is O(1).
  var noted: [StringValue] = []
  if set.valueEncoding == .listpack { SetValue.forEach(set) { noted.append($0) } }
  for _ in 0..<count {
    let member =
      noted.isEmpty
      ? SetValue.random(set, &call.keyspace.pointee.random)
      : noted.randomElement(using: &call.keyspace.pointee.random)
    reply.fieldValue(member)
    if reply.isInVain { return }
    // A count in the billions would fill the memory before the first byte is sent.
    if reply.mark - mark > call.keyspace.pointee.maximumStringCount {
      reply.truncate(to: mark)
      return reply.error("ERR value is out of range")
    }
  }
}
