import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Hashes: fields with values under one key. https://redis.io/docs/latest/commands/?group=hash
  public static let hashes: [Command] = hashReads + hashWrites + hashFieldExpiry

  private static let hashReads: [Command] = [
    Command(
      "HGET", arity: 3, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "2.0.0",
      summary: "Returns the value of a field in a hash.", syntax: "key field", run: hget),
    Command(
      "HMGET", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "2.0.0",
      summary: "Returns the values of all given fields of a hash.",
      complexity: "O(N) where N is the number of fields being requested.", syntax: "key field [field ...]", run: hmget),
    Command(
      "HGETALL", arity: 2, [.readonly], keys: [.one("RO", "access")], group: .hash, since: "2.0.0",
      summary: "Returns all fields and values of a hash.", complexity: "O(N) where N is the size of the hash.",
      syntax: "key", tips: ["nondeterministic_output_order"], run: hgetall),
    Command(
      "HKEYS", arity: 2, [.readonly], keys: [.one("RO", "access")], group: .hash, since: "2.0.0",
      summary: "Returns all fields of a hash.", complexity: "O(N) where N is the size of the hash.",
      syntax: "key", tips: ["nondeterministic_output_order"], run: hkeys),
    Command(
      "HVALS", arity: 2, [.readonly], keys: [.one("RO", "access")], group: .hash, since: "2.0.0",
      summary: "Returns all values of a hash.", complexity: "O(N) where N is the size of the hash.",
      syntax: "key", tips: ["nondeterministic_output_order"], run: hvals),
    Command(
      "HEXISTS", arity: 3, [.readonly, .fast], keys: [.one("RO")], group: .hash, since: "2.0.0",
      summary: "Tells whether a field exists in a hash.", syntax: "key field", run: hexists),
    Command(
      "HLEN", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .hash, since: "2.0.0",
      summary: "Returns the number of fields in a hash.", syntax: "key", run: hlen),
    Command(
      "HSTRLEN", arity: 3, [.readonly, .fast], keys: [.one("RO")], group: .hash, since: "3.2.0",
      summary: "Returns the length of a field's value.", syntax: "key field", run: hstrlen),
    Command(
      "HRANDFIELD", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .hash, since: "6.2.0",
      summary: "Returns one or more fields of a hash at random.",
      complexity: "O(N) where N is the number of fields returned", syntax: "key [count [WITHVALUES]]",
      tips: ["nondeterministic_output"], run: hrandfield),
    Command(
      "HSCAN", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .hash, since: "2.8.0",
      summary: "Walks over the fields and values of a hash, some at each call.",
      complexity: "O(1) for every call. O(N) for a complete iteration.",
      syntax: "key cursor [MATCH pattern] [COUNT count] [NOVALUES]", tips: ["nondeterministic_output"], run: hscan),
  ]

  private static let hashWrites: [Command] = [
    Command(
      "HSET", arity: -4, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .hash, since: "2.0.0",
      summary: "Sets the values of one or more fields of a hash.",
      complexity: "O(1) for each field/value pair added, so O(N) to add N field/value pairs.",
      syntax: "key field value [field value ...]", run: hset),
    Command(
      "HMSET", arity: -4, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .hash, since: "2.0.0",
      summary: "Sets the values of several fields of a hash. HSET does the same.",
      complexity: "O(N) where N is the number of fields being set.", syntax: "key field value [field value ...]",
      run: hmset),
    Command(
      "HSETNX", arity: 4, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .hash, since: "2.0.0",
      summary: "Sets the value of a field of a hash only if there is no such field.", syntax: "key field value",
      run: hsetnx),
    Command(
      "HDEL", arity: -3, [.write, .fast], keys: [.one("RW", "delete")], group: .hash, since: "2.0.0",
      summary: "Removes fields from a hash, and the hash with its last field.",
      complexity: "O(N) where N is the number of fields to be removed.", syntax: "key field [field ...]", run: hdel),
    Command(
      "HINCRBY", arity: 4, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .hash,
      since: "2.0.0", summary: "Adds a number to the integer that a field of a hash holds.",
      syntax: "key field increment", run: hincrby),
    Command(
      "HINCRBYFLOAT", arity: 4, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .hash,
      since: "2.6.0", summary: "Adds a number to the floating-point value that a field of a hash holds.",
      syntax: "key field increment", run: hincrbyfloat),
  ]
}

extension Call {
  /// Looks up the hash at `index`, without fields whose time has come.
  @inline(__always)
  func findHash(_ index: Int, _ options: Keyspace.LookupOptions, _ reply: inout ReplyWriter) -> Lookup {
    let found = find(index, as: .hash, options: options, &reply)
    if case .found(let entry) = found, HashValue.hasFieldDeadlines(entry) {
      guard keyspace.pointee.expireFields(database, of: entry, hash: hash(index)) else { return .missing }
    }
    return found
  }

  /// As `findHash` for a command that will set a field: a missing hash is added. Nil after the error was written.
  @inline(__always)
  func findOrAddHash(_ index: Int, _ reply: inout ReplyWriter) -> Entry? {
    switch findHash(index, .write, &reply) {
    case .found(let entry): entry
    case .wrongType: nil
    case .missing: keyspace.pointee.addHash(database, self[index], hash: hash(index))
    }
  }

  /// Reports removed fields of the hash at `index`, and removes the key if none is left.
  func removedFields(_ index: Int, _ entry: Entry, count: Int) {
    guard count > 0 else { return }
    let isEmpty = HashValue.count(entry) == 0
    if isEmpty { keyspace.pointee.delete(database, entry, hash: hash(index), lazily: false) }
    changed(index, .hash, "hdel", count: count)
    if isEmpty { changed(index, .generic, "del", count: 0) }
  }
}

extension ReplyWriter {
  /// A field or its value as a bulk string; null for one that is not there.
  @inline(__always)
  mutating func fieldValue(_ value: StringValue?) {
    switch value {
    case .bytes(let bytes): bulk(bytes)
    case .integer(let number): bulk(integer: number)
    case .blob(let blob): bulk(blob)
    case nil: null()
    }
  }
}

// MARK: Read

private func hget(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .missing: reply.null()
  case .wrongType: return
  case .found(let entry): reply.fieldValue(HashValue.find(entry, call[2], now: call.now))
  }
}

private func hmget(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(call.count - 2)
    for _ in 2..<call.count { reply.null() }
  case .found(let entry):
    reply.array(call.count - 2)
    for i in 2..<call.count { reply.fieldValue(HashValue.find(entry, call[i], now: call.now)) }
  }
}

private func hgetall(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.map(0)
  case .found(let entry):
    reply.map(HashValue.count(entry, now: call.now))
    HashValue.forEach(entry, now: call.now) { field in
      reply.fieldValue(field.name)
      reply.fieldValue(field.value)
    }
  }
}

private func hkeys(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    reply.array(HashValue.count(entry, now: call.now))
    HashValue.forEach(entry, now: call.now) { reply.fieldValue($0.name) }
  }
}

private func hvals(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    reply.array(HashValue.count(entry, now: call.now))
    HashValue.forEach(entry, now: call.now) { reply.fieldValue($0.value) }
  }
}

private func hexists(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(HashValue.find(entry, call[2], now: call.now) == nil ? 0 : 1)
  }
}

private func hlen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(HashValue.count(entry, now: call.now))
  }
}

private func hstrlen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(HashValue.find(entry, call[2], now: call.now)?.count ?? 0)
  }
}

private func hscan(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.scanCursor(2, &reply) else { return }
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(2)
    reply.bulk(unsigned: 0)
    reply.array(0)
  case .found(let entry):
    var options = ScanOptions()
    guard options.parse(call, from: 3, allowing: .noValues, &reply) else { return }
    var cursor = start
    var steps = options.maximumSteps
    var seen = 0
    var places: [HashValue.Place] = []
    repeat {
      cursor = HashValue.scan(entry, cursor, now: call.now) { place in
        seen += 1
        let isWanted = options.pattern == nil || HashValue.field(entry, at: place).name.withBytes(options.accepts)
        if isWanted { places.append(place) }
      }
      steps -= 1
    } while cursor != 0 && steps > 0 && seen < options.count
    reply.array(2)
    reply.bulk(unsigned: cursor)
    reply.array(options.omitsValues ? places.count : places.count * 2)
    for place in places {
      let field = HashValue.field(entry, at: place)
      reply.fieldValue(field.name)
      if !options.omitsValues { reply.fieldValue(field.value) }
    }
  }
}

// MARK: Write

private func hset(_ call: Call, _ reply: inout ReplyWriter) {
  if let created = setPairs(call, &reply) { reply.integer(created) }
}

private func hmset(_ call: Call, _ reply: inout ReplyWriter) {
  if setPairs(call, &reply) != nil { reply.ok() }
}

/// Sets the fields from argument 2 on and returns how many are new; nil after the error was written.
@inline(__always)
private func setPairs(_ call: Call, _ reply: inout ReplyWriter) -> Int? {
  guard call.count % 2 == 0 else {
    reply.wrongArity(call)
    return nil
  }
  guard let entry = call.findOrAddHash(1, &reply) else { return nil }
  let pairs = (call.count - 2) / 2
  if pairs > 1 { call.keyspace.pointee.prepareHash(call.database, entry, adding: pairs) }
  var created = 0
  for i in stride(from: 2, to: call.count, by: 2) {
    if call.keyspace.pointee.setField(call.database, entry, call[i], call[i + 1]) { created += 1 }
  }
  call.changed(1, .hash, "hset", count: pairs)
  return created
}

private func hsetnx(_ call: Call, _ reply: inout ReplyWriter) {
  let found = call.findHash(1, .write, &reply)
  if case .wrongType = found { return }
  if case .found(let entry) = found, HashValue.find(entry, call[2], now: call.now) != nil { return reply.integer(0) }
  guard let entry = found.entry ?? call.findOrAddHash(1, &reply) else { return }
  _ = call.keyspace.pointee.setField(call.database, entry, call[2], call[3])
  reply.integer(1)
  call.changed(1, .hash, "hset")
}

private func hdel(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findHash(1, .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    var removed = 0
    for i in 2..<call.count {
      if call.keyspace.pointee.removeField(call.database, entry, call[i]) { removed += 1 }
    }
    call.removedFields(1, entry, count: removed)
    reply.integer(removed)
  }
}

private func hincrby(_ call: Call, _ reply: inout ReplyWriter) {
  guard let increment = call.integer(3, &reply) else { return }
  let found = call.findHash(1, .write, &reply)
  if case .wrongType = found { return }
  var old: Int64 = 0
  if case .found(let entry) = found, let value = HashValue.find(entry, call[2], now: call.now) {
    guard let number = value.integerValue else { return reply.error("ERR hash value is not an integer") }
    old = number
  }
  let (sum, overflow) = old.addingReportingOverflow(increment)
  if overflow { return reply.error("ERR increment or decrement would overflow") }
  guard let entry = found.entry ?? call.findOrAddHash(1, &reply) else { return }
  StringValue.integer(sum).withBytes {
    _ = call.keyspace.pointee.setField(call.database, entry, call[2], $0, keepsDeadline: true)
  }
  reply.integer(Int(sum))
  call.changed(1, .hash, "hincrby")
}

private func hincrbyfloat(_ call: Call, _ reply: inout ReplyWriter) {
  var sum = FloatText()
  switch sum.add(Bytes("0"), call[3]) {
  case .notANumber: return reply.error("ERR value is not a valid float")
  case .notFinite: return reply.error("ERR value is NaN or Infinity")
  case .done: break
  }
  let found = call.findHash(1, .write, &reply)
  if case .wrongType = found { return }
  if let old = found.entry.flatMap({ HashValue.find($0, call[2], now: call.now) }) {
    switch old.withBytes({ sum.add($0, call[3]) }) {
    case .notANumber: return reply.error("ERR hash value is not a float")
    case .notFinite: return reply.error("ERR increment would produce NaN or Infinity")
    case .done: break
    }
  }
  guard let entry = found.entry ?? call.findOrAddHash(1, &reply) else { return }
  sum.withBytes { digits in
    _ = call.keyspace.pointee.setField(call.database, entry, call[2], digits, keepsDeadline: true)
    if call.isPropagated { propagateSum(call, entry, digits) }
    reply.bulk(digits)
  }
  call.changed(1, .hash, "hincrbyfloat")
}

/// HSET takes a field's deadline away, which must then be told, too.
private func propagateSum(_ call: Call, _ entry: Entry, _ digits: Bytes) {
  call.propagate(.word("HSET"), .bytes(call[1]), .bytes(call[2]), .bytes(digits))
  guard case .at(let time) = HashValue.deadline(entry, of: call[2], now: call.now) else { return }
  call.propagate(
    .word("HPEXPIREAT"), .bytes(call[1]), .integer(time), .word("FIELDS"), .integer(1), .bytes(call[2]))
}

extension Call.Lookup {
  fileprivate var entry: Entry? {
    if case .found(let entry) = self { return entry }
    return nil
  }
}
