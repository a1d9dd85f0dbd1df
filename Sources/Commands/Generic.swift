import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Commands on keys of any type. https://redis.io/docs/latest/commands/?group=generic
  public static let generic: [Command] = [
    Command(
      "DEL", arity: -2, [.write], keys: [.all("RM", "delete")], group: .generic, since: "1.0.0",
      summary: "Deletes keys.", syntax: "key [key ...]",
      tips: ["request_policy:multi_shard", "response_policy:agg_sum"], run: del),
    Command(
      "UNLINK", arity: -2, [.write, .fast], keys: [.all("RM", "delete")], group: .generic, since: "4.0.0",
      summary: "Deletes keys, freeing their memory in the background.", syntax: "key [key ...]",
      tips: ["request_policy:multi_shard", "response_policy:agg_sum"], run: unlink),
    Command(
      "EXISTS", arity: -2, [.readonly, .fast], keys: [.all("RO")], group: .generic, since: "1.0.0",
      summary: "Counts how many of the keys exist.", syntax: "key [key ...]",
      tips: ["request_policy:multi_shard", "response_policy:agg_sum"], run: exists),
    Command(
      "TYPE", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .generic, since: "1.0.0",
      summary: "Determines the type of the value stored at a key.", syntax: "key", run: type),
    Command(
      "TOUCH", arity: -2, [.readonly, .fast], keys: [.all("RO")], group: .generic, since: "3.2.1",
      summary: "Counts how many of the keys exist after noting an access to them.", syntax: "key [key ...]",
      tips: ["request_policy:multi_shard", "response_policy:agg_sum"], run: touch),
    Command(
      "RENAME", arity: 3, [.write], keys: [.one("RW", "access", "delete"), .one("OW", "update", at: 2)],
      group: .generic, since: "1.0.0",
      summary: "Renames a key and overwrites the destination.", syntax: "key newkey", run: rename),
    Command(
      "RENAMENX", arity: 3, [.write, .fast], keys: [.one("RW", "access", "delete"), .one("OW", "insert", at: 2)],
      group: .generic, since: "1.0.0",
      summary: "Renames a key only when the target key doesn't exist.", syntax: "key newkey", run: renamenx),
    Command(
      "COPY", arity: -3, [.write, .denyOOM], keys: [.one("RO", "access"), .one("OW", "update", at: 2)], group: .generic,
      since: "6.2.0",
      summary: "Copies the value of a key to a new key.", syntax: "source destination [DB destination-db] [REPLACE]",
      run: copy),
    Command(
      "MOVE", arity: 3, [.write, .fast], keys: [.one("RW", "access", "update")], group: .generic, since: "1.0.0",
      summary: "Moves a key to another database.", syntax: "key db", run: move),
    Command(
      "KEYS", arity: 2, [.readonly], group: .generic, categories: ["dangerous"], since: "1.0.0",
      summary: "Returns all key names that match a pattern.", syntax: "pattern",
      tips: ["request_policy:all_shards", "nondeterministic_output_order"], run: keys),
    Command(
      "SCAN", arity: -2, [.readonly], group: .generic, since: "2.8.0",
      summary: "Iterates over the key names in the database.",
      syntax: "cursor [MATCH pattern] [COUNT count] [TYPE type]",
      tips: ["nondeterministic_output", "request_policy:special", "response_policy:special"], run: scan),
    Command(
      "RANDOMKEY", arity: 1, [.readonly], group: .generic, since: "1.0.0",
      summary: "Returns a random key name from the database.",
      tips: ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"], run: randomkey),
  ]
}

// MARK: Deleting and counting

private func del(_ call: Call, _ reply: inout ReplyWriter) {
  delete(call, lazily: call.keyspace.pointee.lazyUserDelete, &reply)
}

private func unlink(_ call: Call, _ reply: inout ReplyWriter) { delete(call, lazily: true, &reply) }

private func delete(_ call: Call, lazily: Bool, _ reply: inout ReplyWriter) {
  var deleted = 0
  for i in 1..<call.count {
    guard let entry = call.find(i, .silent) else { continue }
    call.delete(i, entry, lazily: lazily)
    deleted += 1
  }
  reply.integer(deleted)
}

private func exists(_ call: Call, _ reply: inout ReplyWriter) {
  var found = 0
  for i in 1..<call.count where call.find(i, .noTouch) != nil { found += 1 }
  reply.integer(found)
}

private func touch(_ call: Call, _ reply: inout ReplyWriter) {
  var found = 0
  for i in 1..<call.count {
    // TOUCH is what it says even for a client with CLIENT NO-TOUCH.
    let slot = call.keyspace.pointee.lookup(call.database, call[i], hash: call.hash(i))
    if slot != nil { found += 1 }
  }
  reply.integer(found)
}

private func type(_ call: Call, _ reply: inout ReplyWriter) {
  reply.simple(call.find(1, .noTouch)?.valueType.name ?? "none")
}

// MARK: Moving and copying

private func rename(_ call: Call, _ reply: inout ReplyWriter) { rename(call, replaces: true, &reply) }
private func renamenx(_ call: Call, _ reply: inout ReplyWriter) { rename(call, replaces: false, &reply) }

private func rename(_ call: Call, replaces: Bool, _ reply: inout ReplyWriter) {
  guard let entry = call.find(1, .write) else { return reply.error("ERR no such key") }
  func succeed() { if replaces { reply.ok() } else { reply.integer(1) } }
  if call[1].equals(call[2]) {
    if replaces { reply.ok() } else { reply.integer(0) }
    return
  }
  let database = call.database
  if let target = call.find(2, .write) {
    if !replaces { return reply.integer(0) }
    call.keyspace.pointee.delete(
      database, target, hash: call.hash(2), lazily: call.keyspace.pointee.lazyServerDelete)
  }
  call.keyspace.pointee.detach(database, entry, hash: call.hash(1))
  let fresh = entry.withKey(call[2])
  call.keyspace.pointee.attach(database, fresh, hash: call.hash(2))
  call.changed(1, .generic, "rename_from")
  call.changed(2, .generic, "rename_to", count: 0)
  succeed()
}

/// A database's index from an argument; nil after the error was written.
private func databaseIndex(_ call: Call, _ index: Int, _ reply: inout ReplyWriter) -> Int? {
  guard let value = call.int32(index, &reply) else { return nil }
  if value >= 0 && value < call.keyspace.pointee.databaseCount { return value }
  reply.error("ERR DB index is out of range")
  return nil
}

private func copy(_ call: Call, _ reply: inout ReplyWriter) {
  var target = call.database
  var replaces = false
  var i = 3
  while i < call.count {
    if call.argument(i, is: "replace") {
      replaces = true
    } else if call.argument(i, is: "db") && i + 1 < call.count {
      guard let index = databaseIndex(call, i + 1, &reply) else { return }
      target = index
      i += 1
    } else {
      return reply.syntaxError()
    }
    i += 1
  }
  if target == call.database && call[1].equals(call[2]) {
    return reply.error("ERR source and destination objects are the same")
  }
  guard let entry = call.find(1) else { return reply.integer(0) }
  let hash = call.hash(2)
  if let slot = call.keyspace.pointee.lookup(target, call[2], hash: hash, .write) {
    if !replaces { return reply.integer(0) }
    call.keyspace.pointee.delete(
      target, Entry(address: slot.pointee), hash: hash, lazily: call.keyspace.pointee.lazyServerDelete)
  }
  let fresh = Value.copy(entry, key: call[2])
  call.keyspace.pointee.attach(target, fresh, hash: hash)
  if let time = entry.expiresAt, let slot = call.keyspace.pointee.lookup(target, call[2], hash: hash, .silent) {
    call.keyspace.pointee.setDeadline(target, slot, milliseconds: time)
  }
  call.keyspace.pointee.changed(target, call[2], .generic, "copy_to")
  reply.integer(1)
}

private func move(_ call: Call, _ reply: inout ReplyWriter) {
  guard let target = databaseIndex(call, 2, &reply) else { return }
  if target == call.database { return reply.error("ERR source and destination objects are the same") }
  guard let entry = call.find(1, .write) else { return reply.integer(0) }
  let hash = call.hash(1)
  if call.keyspace.pointee.lookup(target, call[1], hash: hash, .write) != nil { return reply.integer(0) }
  call.keyspace.pointee.detach(call.database, entry, hash: hash)
  call.keyspace.pointee.attach(target, entry, hash: hash)
  call.changed(1, .generic, "move_from")
  call.keyspace.pointee.changed(target, call[1], .generic, "move_to", count: 0)
  reply.integer(1)
}

// MARK: Listing

private func keys(_ call: Call, _ reply: inout ReplyWriter) {
  let pattern = call[1]
  let matchesAll = pattern.equals(Bytes("*"))
  let now = call.now
  let mark = reply.mark
  var count = 0
  call.keyspace.pointee.databases[call.database].table.forEach { entry in
    if let time = entry.expiresAt, time < now { return }
    guard matchesAll || globMatches(pattern: pattern, entry.key) else { return }
    reply.bulk(entry.key)
    count += 1
  }
  reply.insertArray(count, at: mark)
}

private func randomkey(_ call: Call, _ reply: inout ReplyWriter) {
  if let entry = call.keyspace.pointee.randomEntry(call.database) { reply.bulk(entry.key) } else { reply.null() }
}

private func scan(_ call: Call, _ reply: inout ReplyWriter) {
  guard let cursor = call.scanCursor(1, &reply) else { return }
  var options = ScanOptions()
  guard options.parse(call, from: 2, allowing: [.type], &reply) else { return }
  let database = call.database
  let now = call.now
  var found: [Entry] = []
  var expired: [Entry] = []
  var next = cursor
  var steps = 0
  repeat {
    next = call.keyspace.pointee.databases[database].table.scan(next) { entry in
      steps += 1
      if let time = entry.expiresAt, time < now { return expired.append(entry) }
      if options.accepts(entry.key) && options.accepts(type: entry) { found.append(entry) }
    }
    steps += 1
  } while next != 0 && steps < options.count
  reply.array(2)
  reply.bulk(unsigned: next)
  reply.array(found.count)
  for entry in found { reply.bulk(entry.key) }
  for entry in expired { call.keyspace.pointee.expire(database, entry, hash: call.keyspace.pointee.hash(entry.key)) }
}
