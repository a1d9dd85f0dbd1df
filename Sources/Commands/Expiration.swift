import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// When keys die.
  public static let expiration: [Command] = [
    Command(
      "EXPIRE", arity: -3, [.write, .fast], keys: [.one("RW", "update")], group: .generic, since: "1.0.0",
      summary: "Sets when a key expires, in seconds from now.", syntax: "key seconds [NX | XX | GT | LT]", run: expire),
    Command(
      "PEXPIRE", arity: -3, [.write, .fast], keys: [.one("RW", "update")], group: .generic, since: "2.6.0",
      summary: "Sets when a key expires, in milliseconds from now.", syntax: "key milliseconds [NX | XX | GT | LT]",
      run: pexpire),
    Command(
      "EXPIREAT", arity: -3, [.write, .fast], keys: [.one("RW", "update")], group: .generic, since: "1.2.0",
      summary: "Sets when a key expires, as a Unix time in seconds.",
      syntax: "key unix-time-seconds [NX | XX | GT | LT]", run: expireat),
    Command(
      "PEXPIREAT", arity: -3, [.write, .fast], keys: [.one("RW", "update")], group: .generic, since: "2.6.0",
      summary: "Sets when a key expires, as a Unix time in milliseconds.",
      syntax: "key unix-time-milliseconds [NX | XX | GT | LT]", run: pexpireat),
    Command(
      "TTL", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .generic, since: "1.0.0",
      summary: "Returns the seconds that a key has left to live.", syntax: "key", tips: ["nondeterministic_output"],
      run: ttl),
    Command(
      "PTTL", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .generic, since: "2.6.0",
      summary: "Returns the milliseconds that a key has left to live.", syntax: "key",
      tips: ["nondeterministic_output"], run: pttl),
    Command(
      "EXPIRETIME", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .generic, since: "7.0.0",
      summary: "Returns the Unix time in seconds at which a key expires.", syntax: "key", run: expiretime),
    Command(
      "PEXPIRETIME", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .generic, since: "7.0.0",
      summary: "Returns the Unix time in milliseconds at which a key expires.", syntax: "key", run: pexpiretime),
    Command(
      "PERSIST", arity: 2, [.write, .fast], keys: [.one("RW", "update")], group: .generic, since: "2.2.0",
      summary: "Lets a key live for ever.", syntax: "key", run: persist),
  ]
}

// MARK: Setting

/// NX, XX, GT and LT.
struct ExpiryConditions {
  private var onlyIfNone = false
  private var onlyIfSome = false
  private var onlyIfLater = false
  private var onlyIfSooner = false

  /// Reads the options from argument `first` up to `end`. False after an error was written.
  mutating func parse(_ call: Call, from first: Int, to end: Int, _ reply: inout ReplyWriter) -> Bool {
    for i in first..<max(first, end) {
      if call.argument(i, is: "nx") {
        onlyIfNone = true
      } else if call.argument(i, is: "xx") {
        onlyIfSome = true
      } else if call.argument(i, is: "gt") {
        onlyIfLater = true
      } else if call.argument(i, is: "lt") {
        onlyIfSooner = true
      } else {
        reply.error("ERR Unsupported option \(call[i])")
        return false
      }
    }
    if onlyIfNone && (onlyIfSome || onlyIfLater || onlyIfSooner) {
      reply.error("ERR NX and XX, GT or LT options at the same time are not compatible")
      return false
    }
    if onlyIfLater && onlyIfSooner {
      reply.error("ERR GT and LT options at the same time are not compatible")
      return false
    }
    return true
  }

  /// Whether something that dies at `old` (nil: never) may be made to die at `new`.
  func allow(_ new: Int64, over old: Int64?) -> Bool {
    guard let old else { return !onlyIfSome && !onlyIfLater }
    return !onlyIfNone && !(onlyIfLater && new <= old) && !(onlyIfSooner && new >= old)
  }
}

private func expire(_ call: Call, _ reply: inout ReplyWriter) { setExpiry(call, .seconds, &reply) }
private func pexpire(_ call: Call, _ reply: inout ReplyWriter) { setExpiry(call, .milliseconds, &reply) }
private func expireat(_ call: Call, _ reply: inout ReplyWriter) { setExpiry(call, .unixSeconds, &reply) }
private func pexpireat(_ call: Call, _ reply: inout ReplyWriter) { setExpiry(call, .unixMilliseconds, &reply) }

private func setExpiry(_ call: Call, _ unit: ExpiryUnit, _ reply: inout ReplyWriter) {
  var conditions = ExpiryConditions()
  guard conditions.parse(call, from: 3, to: call.count, &reply) else { return }
  guard let value = call.integer(2, &reply) else { return }
  guard let time = call.absoluteTime(value, unit) else {
    return reply.error("ERR invalid expire time in '\(call.command.pointee.fullName)' command")
  }
  guard let slot = call.slot(1, .write) else { return reply.integer(0) }
  let entry = Entry(address: slot.pointee)
  guard conditions.allow(time, over: entry.expiresAt) else { return reply.integer(0) }
  if time <= call.now {
    call.delete(1, entry, lazily: call.keyspace.pointee.lazyExpire)
    if call.isPropagated { call.propagateDeletion(1, lazily: call.keyspace.pointee.lazyExpire) }
  } else {
    call.keyspace.pointee.setDeadline(call.database, slot, milliseconds: time)
    call.changed(1, .generic, "expire")
    if call.isPropagated { call.propagate(.word("PEXPIREAT"), .bytes(call[1]), .integer(time)) }
  }
  reply.integer(1)
}

extension Call {
  /// Tells of the removal of the key at `index` instead of the command that runs.
  func propagateDeletion(_ index: Int, lazily: Bool) {
    propagate(.word(lazily ? "UNLINK" : "DEL"), .bytes(self[index]))
  }

  /// Tells of the string that the key at `index` holds now instead of the command that runs.
  func propagateString(_ index: Int, _ value: Bytes, _ deadline: DeadlineChange) {
    switch deadline {
    case .discard: propagate(.word("SET"), .bytes(self[index]), .bytes(value))
    case .keep: propagate(.word("SET"), .bytes(self[index]), .bytes(value), .word("KEEPTTL"))
    case .set(let time): propagate(.word("SET"), .bytes(self[index]), .bytes(value), .word("PXAT"), .integer(time))
    }
  }
}

private func persist(_ call: Call, _ reply: inout ReplyWriter) {
  guard let slot = call.slot(1, .write), Entry(address: slot.pointee).hasDeadline else { return reply.integer(0) }
  call.keyspace.pointee.removeDeadline(call.database, slot)
  call.changed(1, .generic, "persist")
  reply.integer(1)
}

// MARK: Asking

private func ttl(_ call: Call, _ reply: inout ReplyWriter) { tellExpiry(call, .seconds, &reply) }
private func pttl(_ call: Call, _ reply: inout ReplyWriter) { tellExpiry(call, .milliseconds, &reply) }
private func expiretime(_ call: Call, _ reply: inout ReplyWriter) { tellExpiry(call, .unixSeconds, &reply) }
private func pexpiretime(_ call: Call, _ reply: inout ReplyWriter) { tellExpiry(call, .unixMilliseconds, &reply) }

private func tellExpiry(_ call: Call, _ unit: ExpiryUnit, _ reply: inout ReplyWriter) {
  guard let entry = call.find(1, .noTouch) else { return reply.integer(-2) }
  guard let time = entry.expiresAt else { return reply.integer(-1) }
  let shown = unit.isAbsolute ? time : max(0, time - call.now)
  switch unit {
  case .milliseconds, .unixMilliseconds: reply.integer(Int(shown))
  case .seconds, .unixSeconds: reply.integer(Int(shown / 1000 + (shown % 1000 >= 500 ? 1 : 0)))
  }
}
