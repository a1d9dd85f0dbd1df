import CMartlet
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Strings. https://redis.io/docs/latest/commands/?group=string
  public static let strings: [Command] =
    basicStrings + counters + comparedStrings

  private static let basicStrings: [Command] = [
    Command(
      "GET", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .string, since: "1.0.0",
      summary: "Returns the string value of a key.", syntax: "key", run: get),
    Command(
      "SET", arity: -3, [.write, .denyOOM], keys: [.one("RW", "access", "update", "variable_flags")], group: .string,
      since: "1.0.0",
      summary: "Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.",
      syntax:
        "key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
      keyFinder: setKey, run: set),
    Command(
      "SETNX", arity: 3, [.write, .denyOOM, .fast], keys: [.one("OW", "insert")], group: .string, since: "1.0.0",
      summary: "Sets the string value of a key only when the key doesn't exist.", syntax: "key value", run: setnx),
    Command(
      "SETEX", arity: 4, [.write, .denyOOM], keys: [.one("OW", "update")], group: .string, since: "2.0.0",
      summary: "Sets the string value and the time to live of a key, in seconds.", syntax: "key seconds value",
      run: setex),
    Command(
      "PSETEX", arity: 4, [.write, .denyOOM], keys: [.one("OW", "update")], group: .string, since: "2.6.0",
      summary: "Sets the string value and the time to live of a key, in milliseconds.",
      syntax: "key milliseconds value", run: psetex),
    Command(
      "GETSET", arity: 3, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "1.0.0",
      summary: "Returns the previous string value of a key after setting it to a new value.", syntax: "key value",
      run: getset),
    Command(
      "GETEX", arity: -2, [.write, .fast], keys: [.one("RW", "access", "update")], group: .string, since: "6.2.0",
      summary: "Returns the string value of a key after setting its time to live.",
      syntax: "key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]",
      run: getex),
    Command(
      "GETDEL", arity: 2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .string, since: "6.2.0",
      summary: "Returns the string value of a key after deleting the key.", syntax: "key", run: getdel),
    Command(
      "GETRANGE", arity: 4, [.readonly], keys: [.one("RO", "access")], group: .string, since: "2.4.0",
      summary: "Returns a part of the string stored at a key.", syntax: "key start end", run: getrange),
    Command(
      "SUBSTR", arity: 4, [.readonly], keys: [.one("RO", "access")], group: .string, since: "1.0.0",
      summary: "Returns a part of the string stored at a key.", syntax: "key start end", run: getrange),
    Command(
      "SETRANGE", arity: 4, [.write, .denyOOM], keys: [.one("RW", "update")], group: .string, since: "2.2.0",
      summary: "Overwrites a part of a string, from an offset on.", syntax: "key offset value", run: setrange),
    Command(
      "APPEND", arity: 3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .string, since: "2.0.0",
      summary: "Appends a string to the value of a key.", syntax: "key value", run: append),
    Command(
      "STRLEN", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .string, since: "2.2.0",
      summary: "Returns the length of a string value.", syntax: "key", run: strlen),
    Command(
      "MGET", arity: -2, [.readonly, .fast], keys: [.all("RO", "access")], group: .string, since: "1.0.0",
      summary: "Returns the string values of several keys.", syntax: "key [key ...]",
      tips: ["request_policy:multi_shard"], run: mget),
    Command(
      "MSET", arity: -3, [.write, .denyOOM], keys: [.all("OW", "update", step: 2)], group: .string, since: "1.0.1",
      summary: "Sets the string values of several keys.", syntax: "key value [key value ...]",
      tips: ["request_policy:multi_shard", "response_policy:all_succeeded"], run: mset),
    Command(
      "MSETNX", arity: -3, [.write, .denyOOM], keys: [.all("OW", "insert", step: 2)], group: .string, since: "1.0.1",
      summary: "Sets the string values of several keys, if none of them exists.", syntax: "key value [key value ...]",
      run: msetnx),
    Command(
      "MSETEX", arity: -4, [.write, .denyOOM, .movableKeys],
      keys: [KeySpec(.index(1), .count(at: 0, first: 1, step: 2), ["OW", "update"])], group: .string, since: "8.4.0",
      summary: "Sets the string values of several keys and the time at which they all expire.",
      syntax:
        "numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
      tips: ["request_policy:multi_shard", "response_policy:all_succeeded"], run: msetex),
  ]
}

extension Call {
  /// Puts a string under the key at `index`, found at `slot`.
  @inline(__always)
  func setString(
    _ index: Int, at slot: HashTable.Slot?, to value: Bytes, deadline: DeadlineChange = .discard,
    mayBeInteger: Bool = true
  ) {
    keyspace.pointee.setString(
      database, self[index], hash: hash(index), at: slot, to: value, deadline: deadline, mayBeInteger: mayBeInteger)
  }

  /// Whether strings may be `count` bytes long; if not, the error was written.
  func allowsString(count: Int, _ reply: inout ReplyWriter) -> Bool {
    if count <= keyspace.pointee.maximumStringCount { return true }
    reply.error("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    return false
  }
}

extension ReplyWriter {
  /// A string value; requires an entry that holds one.
  @inline(__always)
  mutating func string(_ entry: Entry) {
    switch StringValue(entry) {
    case .bytes(let bytes): bulk(bytes)
    case .integer(let value): bulk(integer: value)
    case .blob(let blob): bulk(blob)
    }
  }
}

/// SET reads its key only with GET.
private let setKey = KeyFinder { arguments in
  let reads = arguments.count > 3 && arguments[3...].contains { $0.equalsIgnoringCase("get") }
  return [FoundKey(1, reads ? ["RW", "access", "update"] : ["OW", "update"])]
}

// MARK: Reading

private func get(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .string, &reply) {
  case .missing: reply.null()
  case .found(let entry): reply.string(entry)
  case .wrongType: break
  }
}

private func mget(_ call: Call, _ reply: inout ReplyWriter) {
  reply.array(call.count - 1)
  for i in 1..<call.count {
    if let entry = call.find(i), entry.isString { reply.string(entry) } else { reply.null() }
  }
}

private func strlen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .string, &reply) {
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(StringValue(entry).count)
  case .wrongType: break
  }
}

private func getrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let first = call.integer(2, &reply), let last = call.integer(3, &reply) else { return }
  switch call.find(1, as: .string, &reply) {
  case .wrongType: return
  case .missing: reply.bulk("")
  case .found(let entry):
    StringValue(entry).withBytes { bytes in
      let count = Int64(bytes.count)
      if first < 0 && last < 0 && first > last { return reply.bulk("") }
      let start = max(0, first < 0 ? count + first : first)
      let end = min(max(0, last < 0 ? count + last : last), count - 1)
      if start > end || count == 0 { return reply.bulk("") }
      reply.bulk(bytes[Int(start)..<Int(end) + 1])
    }
  }
}

// MARK: Writing

private func set(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return setWithOptions(call, &reply) }
  call.setString(1, at: call.slot(1, .write), to: call[2])
  call.changed(1, .string, "set")
  reply.ok()
}

@inline(never)
private func setWithOptions(_ call: Call, _ reply: inout ReplyWriter) {
  var options = StringOptions()
  guard options.parse(call, from: 3, allowing: [.condition, .get, .keepTTL], &reply) else { return }
  guard let expiry = options.expiry(call, &reply) else { return }
  let slot = call.slot(1, .write)
  let entry = slot.map { Entry(address: $0.pointee) }
  if options.returnsOld {
    guard let entry else {
      reply.null()
      return store()
    }
    if !entry.isString { return reply.wrongType() }
    reply.string(entry)
  }
  store()

  func store() {
    switch options.condition.holds(for: entry) {
    case .wrongType: return reply.wrongType()
    case .no:
      if !options.returnsOld { reply.null() }
      return
    case .yes: break
    }
    call.setString(1, at: slot, to: call[2], deadline: expiry)
    call.changed(1, .string, "set")
    if case .set = expiry { call.keyspace.pointee.notify(call.database, call[1], .generic, "expire") }
    // What says itself exactly what it does is told as it is.
    let isExact = options.time?.unit == .unixMilliseconds && call.count == 5
    if call.isPropagated && !isExact { call.propagateString(1, call[2], expiry) }
    if !options.returnsOld { reply.ok() }
  }
}

private func setnx(_ call: Call, _ reply: inout ReplyWriter) {
  if call.slot(1, .write) != nil { return reply.integer(0) }
  call.setString(1, at: nil, to: call[2])
  call.changed(1, .string, "set")
  reply.integer(1)
}

private func setex(_ call: Call, _ reply: inout ReplyWriter) { setWithTime(call, .seconds, &reply) }
private func psetex(_ call: Call, _ reply: inout ReplyWriter) { setWithTime(call, .milliseconds, &reply) }

private func setWithTime(_ call: Call, _ unit: ExpiryUnit, _ reply: inout ReplyWriter) {
  guard let time = call.expiryTime(2, unit, &reply) else { return }
  call.setString(1, at: call.slot(1, .write), to: call[3], deadline: .set(time))
  call.changed(1, .string, "set")
  call.keyspace.pointee.notify(call.database, call[1], .generic, "expire")
  if call.isPropagated { call.propagateString(1, call[3], .set(time)) }
  reply.ok()
}

private func getset(_ call: Call, _ reply: inout ReplyWriter) {
  let slot = call.slot(1)
  if let slot {
    let entry = Entry(address: slot.pointee)
    if !entry.isString { return reply.wrongType() }
    reply.string(entry)
  } else {
    reply.null()
  }
  call.setString(1, at: slot, to: call[2])
  call.changed(1, .string, "set")
  if call.isPropagated { call.propagateString(1, call[2], .discard) }
}

private func getdel(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .string, &reply) {
  case .missing: reply.null()
  case .found(let entry):
    reply.string(entry)
    call.delete(1, entry)
    if call.isPropagated { call.propagateDeletion(1, lazily: false) }
  case .wrongType: break
  }
}

private func getex(_ call: Call, _ reply: inout ReplyWriter) {
  var options = StringOptions()
  guard options.parse(call, from: 2, allowing: [.persist], &reply) else { return }
  guard let slot = call.slot(1) else { return reply.null() }
  let entry = Entry(address: slot.pointee)
  if !entry.isString { return reply.wrongType() }
  guard let expiry = options.expiry(call, &reply) else { return }
  reply.string(entry)
  if case .set(let time) = expiry {
    if options.isAbsolute && time <= call.now {
      call.delete(1, entry, lazily: call.keyspace.pointee.lazyExpire)
      if call.isPropagated { call.propagateDeletion(1, lazily: call.keyspace.pointee.lazyExpire) }
    } else {
      call.keyspace.pointee.setDeadline(call.database, slot, milliseconds: time)
      call.changed(1, .generic, "expire")
      if call.isPropagated { call.propagate(.word("PEXPIREAT"), .bytes(call[1]), .integer(time)) }
    }
  } else if options.persists && entry.hasDeadline {
    call.keyspace.pointee.removeDeadline(call.database, slot)
    call.changed(1, .generic, "persist")
    if call.isPropagated { call.propagate(.word("PERSIST"), .bytes(call[1])) }
  }
}

private func append(_ call: Call, _ reply: inout ReplyWriter) {
  guard let slot = call.slot(1, .write) else {
    call.setString(1, at: nil, to: call[2])
    call.changed(1, .string, "append")
    return reply.integer(call[2].count)
  }
  let entry = Entry(address: slot.pointee)
  if !entry.isString { return reply.wrongType() }
  let old = StringValue(entry).count
  let added = call[2]
  guard call.allowsString(count: old + added.count, &reply) else { return }
  call.keyspace.pointee.changeString(call.database, slot, count: old + added.count) {
    memcpy($0 + old, added.base, added.count)
  }
  call.changed(1, .string, "append")
  reply.integer(old + added.count)
}

private func setrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let given = call.integer(2, &reply) else { return }
  if given < 0 { return reply.error("ERR offset is out of range") }
  let offset = Int(given)
  let value = call[3]
  var slot = call.slot(1, .write)
  var old = 0
  if let slot {
    let entry = Entry(address: slot.pointee)
    if !entry.isString { return reply.wrongType() }
    old = StringValue(entry).count
  }
  if value.isEmpty { return reply.integer(old) }
  let (end, overflow) = offset.addingReportingOverflow(value.count)
  guard call.allowsString(count: overflow ? Int.max : end, &reply) else { return }
  if slot == nil {
    call.setString(1, at: nil, to: .empty)
    slot = call.slot(1, .silent)
  }
  guard let slot else { return }
  let count = max(old, end)
  call.keyspace.pointee.changeString(call.database, slot, count: count) {
    memcpy($0 + offset, value.base, value.count)
  }
  call.changed(1, .string, "setrange")
  reply.integer(count)
}

private func mset(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count % 2 == 0 { return reply.wrongArity(call) }
  for i in stride(from: 1, to: call.count, by: 2) {
    call.setString(i, at: call.slot(i, .write), to: call[i + 1])
    call.changed(i, .string, "set")
  }
  reply.ok()
}

private func msetnx(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count % 2 == 0 { return reply.wrongArity(call) }
  for i in stride(from: 1, to: call.count, by: 2) where call.slot(i, .write) != nil { return reply.integer(0) }
  for i in stride(from: 1, to: call.count, by: 2) {
    call.setString(i, at: call.slot(i, .write), to: call[i + 1])
    call.changed(i, .string, "set")
  }
  reply.integer(1)
}

/// MSETEX numkeys key value … [NX | XX] [EX … | KEEPTTL]
private func msetex(_ call: Call, _ reply: inout ReplyWriter) {
  guard let pairs = call.integer(1, &reply) else { return }
  if pairs <= 0 { return reply.error("ERR invalid numkeys value") }
  if pairs > (call.count - 2) / 2 { return reply.wrongArity(call) }
  let end = 2 + Int(pairs) * 2
  var options = StringOptions()
  guard options.parse(call, from: end, allowing: [.existence, .keepTTL], &reply) else { return }
  guard let expiry = options.expiry(call, &reply) else { return }
  for i in stride(from: 2, to: end, by: 2) {
    let entry = call.find(i, .write)
    guard case .yes = options.condition.holds(for: entry) else { return reply.integer(0) }
  }
  for i in stride(from: 2, to: end, by: 2) {
    call.setString(i, at: call.slot(i, .write), to: call[i + 1], deadline: expiry)
    call.changed(i, .string, "set")
    if case .set = expiry { call.keyspace.pointee.notify(call.database, call[i], .generic, "expire") }
    if call.isPropagated { call.propagateString(i, call[i + 1], expiry) }
  }
  reply.integer(1)
}
