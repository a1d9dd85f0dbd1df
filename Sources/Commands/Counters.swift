import CMartlet
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Strings that are numbers.
  static let counters: [Command] = [
    Command(
      "INCR", arity: 2, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "1.0.0",
      summary: "Increments the integer value of a key by one.", syntax: "key", run: incr),
    Command(
      "DECR", arity: 2, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "1.0.0",
      summary: "Decrements the integer value of a key by one.", syntax: "key", run: decr),
    Command(
      "INCRBY", arity: 3, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "1.0.0",
      summary: "Increments the integer value of a key by a number.", syntax: "key increment", run: incrby),
    Command(
      "DECRBY", arity: 3, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "1.0.0",
      summary: "Decrements the integer value of a key by a number.", syntax: "key decrement", run: decrby),
    Command(
      "INCRBYFLOAT", arity: 3, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "2.6.0",
      summary: "Increments the floating point value of a key by a number.", syntax: "key increment", run: incrbyfloat),
    Command(
      "INCREX", arity: -2, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .string,
      since: "8.8.0",
      summary: "Increments a number within bounds and sets when it expires.",
      syntax:
        "key [BYFLOAT float | BYINT integer] [SATURATE] [LBOUND lowerbound] [UBOUND upperbound] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]",
      run: increx),
  ]
}

private func incr(_ call: Call, _ reply: inout ReplyWriter) { increment(call, by: 1, &reply) }
private func decr(_ call: Call, _ reply: inout ReplyWriter) { increment(call, by: -1, &reply) }

private func incrby(_ call: Call, _ reply: inout ReplyWriter) {
  guard let amount = call.integer(2, &reply) else { return }
  increment(call, by: amount, &reply)
}

private func decrby(_ call: Call, _ reply: inout ReplyWriter) {
  guard let amount = call.integer(2, &reply) else { return }
  if amount == Int64.min { return reply.error("ERR decrement would overflow") }
  increment(call, by: -amount, &reply)
}

@inline(__always)
private func increment(_ call: Call, by amount: Int64, _ reply: inout ReplyWriter) {
  let slot = call.slot(1, .write)
  var old: Int64 = 0
  if let slot {
    let entry = Entry(address: slot.pointee)
    if !entry.isString { return reply.wrongType() }
    guard let value = StringValue(entry).integerValue else { return reply.notAnInteger() }
    old = value
  }
  let (sum, overflow) = old.addingReportingOverflow(amount)
  if overflow { return reply.error("ERR increment or decrement would overflow") }
  call.keyspace.pointee.setInteger(call.database, call[1], hash: call.hash(1), at: slot, to: sum, deadline: .keep)
  call.changed(1, .string, "incrby")
  reply.integer(Int(sum))
}

private func incrbyfloat(_ call: Call, _ reply: inout ReplyWriter) {
  let slot = call.slot(1, .write)
  if let slot, !Entry(address: slot.pointee).isString { return reply.wrongType() }
  var text = FloatText()
  let outcome = withCurrent(slot) { text.add($0, call[2]) }
  switch outcome {
  case .notANumber: return reply.error("ERR value is not a valid float")
  case .notFinite: return reply.error("ERR increment would produce NaN or Infinity")
  case .done: break
  }
  text.withBytes { bytes in
    call.setString(1, at: slot, to: bytes, deadline: .keep, mayBeInteger: false)
    call.changed(1, .string, "incrbyfloat")
    if call.isPropagated { call.propagateString(1, bytes, .keep) }
    reply.bulk(bytes)
  }
}

/// The number under a key as text; a missing key counts as zero.
private func withCurrent<R>(_ slot: HashTable.Slot?, _ body: (Bytes) -> R) -> R {
  guard let slot else { return body(Bytes("0")) }
  return StringValue(Entry(address: slot.pointee)).withBytes(body)
}

// MARK: INCREX

private struct IncrexOptions {
  var amount: Int?
  var isFloat = false
  var lowerBound: Int?
  var upperBound: Int?
  var saturates = false
  var onlyIfPersistent = false
  var string = StringOptions()

  mutating func parse(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    var i = 2
    while i < call.count {
      let hasValue = i + 1 < call.count
      if hasValue && amount == nil && call.argument(i, is: "byint") {
        amount = i + 1
        i += 2
      } else if hasValue && amount == nil && call.argument(i, is: "byfloat") {
        amount = i + 1
        isFloat = true
        i += 2
      } else if hasValue && lowerBound == nil && call.argument(i, is: "lbound") {
        lowerBound = i + 1
        i += 2
      } else if hasValue && upperBound == nil && call.argument(i, is: "ubound") {
        upperBound = i + 1
        i += 2
      } else if call.argument(i, is: "saturate") {
        saturates = true
        i += 1
      } else if call.argument(i, is: "enx") {
        onlyIfPersistent = true
        i += 1
      } else if let used = string.parseOne(call, i, [.existence, .persist]) {
        i += used
      } else {
        reply.syntaxError()
        return false
      }
    }
    return true
  }
}

/// INCREX: a counter with bounds and a time to live; answers the new value and what was really added.
/// https://redis.io/docs/latest/commands/increx/
private func increx(_ call: Call, _ reply: inout ReplyWriter) {
  var options = IncrexOptions()
  guard options.parse(call, &reply) else { return }
  guard let expiry = options.string.expiry(call, &reply) else { return }
  let slot = call.slot(1, .write)
  let entry = slot.map { Entry(address: $0.pointee) }
  if let entry, !entry.isString { return reply.wrongType() }
  guard case .yes = options.string.condition.holds(for: entry) else { return reply.nullArray() }
  let stored =
    options.isFloat
    ? incrementFloat(call, slot, options, &reply) : incrementInteger(call, slot, options, &reply)
  guard stored, let slot = call.slot(1, .silent) else { return }
  let hasDeadline = Entry(address: slot.pointee).hasDeadline
  if case .set(let time) = expiry, !(options.onlyIfPersistent && hasDeadline) {
    call.keyspace.pointee.setDeadline(call.database, slot, milliseconds: time)
    call.keyspace.pointee.notify(call.database, call[1], .generic, "expire")
  } else if options.string.persists && hasDeadline {
    call.keyspace.pointee.removeDeadline(call.database, slot)
    call.keyspace.pointee.notify(call.database, call[1], .generic, "persist")
  }
  if call.isPropagated, let entry = call.find(1, .silent) {
    StringValue(entry).withBytes { call.propagateString(1, $0, entry.expiresAt.map { .set($0) } ?? .discard) }
  }
}

private func incrementInteger(
  _ call: Call, _ slot: HashTable.Slot?, _ options: IncrexOptions, _ reply: inout ReplyWriter
) -> Bool {
  var amount: Int64 = 1
  var bounds = (Int64.min, Int64.max)
  if let at = options.amount {
    guard let given = call.integer(at, &reply) else { return false }
    amount = given
  }
  if let at = options.lowerBound {
    guard let given = call.integer(at, &reply) else { return false }
    bounds.0 = given
  }
  if let at = options.upperBound {
    guard let given = call.integer(at, &reply) else { return false }
    bounds.1 = given
  }
  if bounds.0 > bounds.1 {
    reply.error("ERR LBOUND must be less than or equal to UBOUND")
    return false
  }
  var old: Int64 = 0
  if let slot {
    guard let value = StringValue(Entry(address: slot.pointee)).integerValue else {
      reply.notAnInteger()
      return false
    }
    old = value
  }
  let (sum, overflow) = old.addingReportingOverflow(amount)
  var result = overflow ? (amount > 0 ? Int64.max : Int64.min) : sum
  if overflow || result < bounds.0 || result > bounds.1 {
    result = min(max(result, bounds.0), bounds.1)
    let (applied, isTooFar) = result.subtractingReportingOverflow(old)
    if !options.saturates || isTooFar {
      reply.array(2)
      reply.integer(Int(old))
      reply.integer(0)
      return false
    }
    amount = applied
  }
  call.keyspace.pointee.setInteger(call.database, call[1], hash: call.hash(1), at: slot, to: result, deadline: .keep)
  call.changed(1, .string, "incrby")
  reply.array(2)
  reply.integer(Int(result))
  reply.integer(Int(amount))
  return true
}

private func incrementFloat(
  _ call: Call, _ slot: HashTable.Slot?, _ options: IncrexOptions, _ reply: inout ReplyWriter
) -> Bool {
  func number(_ index: Int?) -> Double?? {
    guard let index else { return .some(nil) }
    guard let value = parseDouble(call[index]), value.isFinite else { return nil }
    return .some(value)
  }
  guard let lower = number(options.lowerBound), let upper = number(options.upperBound),
    let at = options.amount, parseDouble(call[at]) != nil
  else {
    reply.error("ERR value is not a valid float")
    return false
  }
  if let lower, let upper, lower > upper {
    reply.error("ERR LBOUND must be less than or equal to UBOUND")
    return false
  }
  var sum = FloatText()
  var applied = FloatText()
  var outcome = withCurrent(slot) { sum.add($0, call[at]) }
  if case .notANumber = outcome {
    reply.error("ERR value is not a valid float")
    return false
  }
  let value = sum.withBytes { parseDouble($0) } ?? 0
  var bound: Int?
  if let lower, value < lower { bound = options.lowerBound }
  if let upper, value > upper { bound = options.upperBound }
  if case .notFinite = outcome, bound == nil {
    reply.error("ERR increment would produce NaN or Infinity")
    return false
  }
  if let bound {
    guard options.saturates else {
      reply.array(2)
      withCurrent(slot) { reply.double(text: $0) }
      reply.double(text: Bytes("0"))
      return false
    }
    outcome = sum.add(Bytes("0"), call[bound])
    _ = withCurrent(slot) { applied.subtract(call[bound], $0) }
  } else {
    _ = applied.add(Bytes("0"), call[at])
  }
  sum.withBytes { call.setString(1, at: slot, to: $0, deadline: .keep, mayBeInteger: false) }
  call.changed(1, .string, "incrbyfloat")
  reply.array(2)
  sum.withBytes { reply.double(text: $0) }
  applied.withBytes { reply.double(text: $0) }
  return true
}

extension ReplyWriter {
  /// A double whose digits are known: its own type in RESP3, a bulk string in RESP2.
  mutating func double(text: Bytes) {
    guard isRESP3 else { return bulk(text) }
    raw(",")
    raw(text)
    raw("\r\n")
  }
}
