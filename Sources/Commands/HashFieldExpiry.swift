import Keyspace
import Memory
import RESP
import Structures

// Fields of hashes that live for a time.

extension CommandTable {
  static let hashFieldExpiry: [Command] =
    setDeadlines + showDeadlines + [
      Command(
        "HPERSIST", arity: -5, [.write, .fast], keys: [.one("RW", "update")], group: .hash, since: "7.4.0",
        summary: "Lets fields of a hash live for ever.", complexity: "O(N) where N is the number of specified fields",
        syntax: "key FIELDS numfields field [field ...]", run: hpersist),
      Command(
        "HGETEX", arity: -5, [.write, .fast], keys: [.one("RW", "access", "update")], group: .hash, since: "8.0.0",
        summary: "Returns the values of fields of a hash and sets when they die.",
        complexity: "O(N) where N is the number of specified fields",
        syntax: """
          key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] \
          FIELDS numfields field [field ...]
          """,
        run: hgetex),
      Command(
        "HSETEX", arity: -6, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .hash, since: "8.0.0",
        summary: "Sets the values of fields of a hash and when they die.",
        complexity: "O(N) where N is the number of fields being set.",
        syntax: """
          key [FNX | FXX] \
          [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] \
          FIELDS numfields field value [field value ...]
          """,
        run: hsetex),
      Command(
        "HGETDEL", arity: -5, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .hash, since: "8.0.0",
        summary: "Returns the values of fields of a hash and removes them.",
        complexity: "O(N) where N is the number of specified fields", syntax: "key FIELDS numfields field [field ...]",
        run: hgetdel),
    ]

  private static let setDeadlines: [Command] = [
    Command(
      "HEXPIRE", arity: -6, [.write, .fast], keys: [.one("RW", "update")], group: .hash, since: "7.4.0",
      summary: "Sets in how many seconds fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]"
    ) { call, reply in hexpire(call, TimeForm(.seconds, isAbsolute: false), &reply) },
    Command(
      "HPEXPIRE", arity: -6, [.write, .fast], keys: [.one("RW", "update")], group: .hash, since: "7.4.0",
      summary: "Sets in how many milliseconds fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]"
    ) { call, reply in hexpire(call, TimeForm(.milliseconds, isAbsolute: false), &reply) },
    Command(
      "HEXPIREAT", arity: -6, [.write, .fast], keys: [.one("RW", "update")], group: .hash, since: "7.4.0",
      summary: "Sets the Unix time in seconds at which fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]"
    ) { call, reply in hexpire(call, TimeForm(.seconds, isAbsolute: true), &reply) },
    Command(
      "HPEXPIREAT", arity: -6, [.write, .fast], keys: [.one("RW", "update")], group: .hash, since: "7.4.0",
      summary: "Sets the Unix time in milliseconds at which fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]"
    ) { call, reply in hexpire(call, TimeForm(.milliseconds, isAbsolute: true), &reply) },
  ]

  private static let showDeadlines: [Command] = [
    Command(
      "HTTL", arity: -5, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "7.4.0",
      summary: "Returns in how many seconds fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key FIELDS numfields field [field ...]", tips: ["nondeterministic_output"]
    ) { call, reply in httl(call, TimeForm(.seconds, isAbsolute: false), &reply) },
    Command(
      "HPTTL", arity: -5, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "7.4.0",
      summary: "Returns in how many milliseconds fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key FIELDS numfields field [field ...]", tips: ["nondeterministic_output"]
    ) { call, reply in httl(call, TimeForm(.milliseconds, isAbsolute: false), &reply) },
    Command(
      "HEXPIRETIME", arity: -5, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "7.4.0",
      summary: "Returns the Unix time in seconds at which fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key FIELDS numfields field [field ...]"
    ) { call, reply in httl(call, TimeForm(.seconds, isAbsolute: true), &reply) },
    Command(
      "HPEXPIRETIME", arity: -5, [.readonly, .fast], keys: [.one("RO", "access")], group: .hash, since: "7.4.0",
      summary: "Returns the Unix time in milliseconds at which fields of a hash die.",
      complexity: "O(N) where N is the number of specified fields",
      syntax: "key FIELDS numfields field [field ...]"
    ) { call, reply in httl(call, TimeForm(.milliseconds, isAbsolute: true), &reply) },
  ]
}

// MARK: Arguments

/// How a command gives or shows a time.
private struct TimeForm {
  enum Unit: Int64 {
    case seconds = 1000
    case milliseconds = 1
  }

  let unit: Unit
  let isAbsolute: Bool

  /// Redis keeps field deadlines in 46 bits.
  static let maximum: Int64 = 1 << 46 - 1

  init(_ unit: Unit, isAbsolute: Bool) {
    self.unit = unit
    self.isAbsolute = isAbsolute
  }

  /// The Unix time in milliseconds that argument `index` means; nil after the error was written.
  func parse(_ call: Call, _ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    guard let given = call.integer(index, &reply) else { return nil }
    guard given >= 0 else {
      reply.error("ERR invalid expire time, must be >= 0")
      return nil
    }
    let base = isAbsolute ? 0 : call.keyspace.pointee.wallTime
    let (milliseconds, overflow) = given.multipliedReportingOverflow(by: unit.rawValue)
    guard !overflow && milliseconds <= Self.maximum - base else {
      reply.error("ERR invalid expire time in '\(call.command.pointee.fullName)' command")
      return nil
    }
    return base + milliseconds
  }

  func show(_ time: Int64, now: Int64) -> Int {
    let milliseconds = isAbsolute ? time : time - now
    return Int(unit == .seconds ? (milliseconds + 999) / 1000 : milliseconds)
  }
}

/// `FIELDS numfields field ...` at the end of a command: the arguments that are fields. Nil after the error was
/// written.
private func parseFields(
  _ call: Call, at index: Int, countError: StaticString = "ERR Number of fields must be a positive integer",
  _ reply: inout ReplyWriter
) -> Range<Int>? {
  guard index + 1 < call.count, call.argument(index, is: "fields") else {
    reply.error("ERR Mandatory argument FIELDS is missing or not at the right position")
    return nil
  }
  guard let count = parseInteger(call[index + 1]), count >= 1 else {
    reply.error(countError)
    return nil
  }
  guard count == Int64(call.count - index - 2) else {
    reply.error("ERR The `numfields` parameter must match the number of arguments")
    return nil
  }
  return index + 2..<call.count
}

/// A row of the same integer for a hash that is not there.
private func writeNoFields(_ fields: Range<Int>, _ reply: inout ReplyWriter) {
  reply.array(fields.count)
  for _ in fields { reply.integer(-2) }
}

// MARK: HEXPIRE and its variants

private enum DeadlineCondition {
  case always, ifNone, ifAny, ifLater, ifSooner

  init?(_ call: Call, _ index: Int) {
    if call.argument(index, is: "nx") {
      self = .ifNone
    } else if call.argument(index, is: "xx") {
      self = .ifAny
    } else if call.argument(index, is: "gt") {
      self = .ifLater
    } else if call.argument(index, is: "lt") {
      self = .ifSooner
    } else {
      return nil
    }
  }

  /// A field without deadline lives for ever, which is later than any time.
  func allows(_ time: Int64, over old: Int64?) -> Bool {
    switch self {
    case .always: true
    case .ifNone: old == nil
    case .ifAny: old != nil
    case .ifLater: old.map { time > $0 } ?? false
    case .ifSooner: old.map { time < $0 } ?? true
    }
  }
}

private func hexpire(_ call: Call, _ form: TimeForm, _ reply: inout ReplyWriter) {
  guard let time = form.parse(call, 2, &reply) else { return }
  let condition = DeadlineCondition(call, 3)
  let at = condition == nil ? 3 : 4
  let countError: StaticString = "ERR Parameter `numFields` should be greater than 0"
  guard let fields = parseFields(call, at: at, countError: countError, &reply) else { return }
  switch call.findHash(1, .write, &reply) {
  case .wrongType: return
  case .missing: writeNoFields(fields, &reply)
  case .found(let entry):
    var changes = DeadlineChanges()
    reply.array(fields.count)
    for i in fields {
      reply.integer(changes.set(call, entry, call[i], time, condition ?? .always))
    }
    changes.report(call, entry)
  }
}

/// What a command that sets deadlines did, for its events.
private struct DeadlineChanges {
  private var updated = 0
  private var removed = 0
  /// What is told to those who repeat it.
  private var time: Int64 = 0
  private var updatedFields: [Bytes] = []
  private var removedFields: [Bytes] = []

  /// Sets a field's deadline, or removes the field if that is past. Returns what HEXPIRE answers: -2 no such
  /// field, 0 condition not met, 1 set, 2 removed.
  mutating func set(_ call: Call, _ entry: Entry, _ field: Bytes, _ time: Int64, _ condition: DeadlineCondition) -> Int
  {
    var old: Int64?
    switch HashValue.deadline(entry, of: field, now: call.now) {
    case .noField: return -2
    case .none: break
    case .at(let present): old = present
    }
    guard condition.allows(time, over: old) else { return 0 }
    if time <= call.now {
      if call.keyspace.pointee.removeField(call.database, entry, field) { removed += 1 }
      if call.isPropagated { removedFields.append(field) }
      return 2
    }
    call.keyspace.pointee.setFieldDeadline(call.database, entry, field, time)
    updated += 1
    if call.isPropagated {
      self.time = time
      updatedFields.append(field)
    }
    return 1
  }

  /// Must be the last that is done with the entry: a hash without fields goes.
  func report(_ call: Call, _ entry: Entry) {
    if updated > 0 { call.changed(1, .hash, "hexpire", count: updated) }
    if !updatedFields.isEmpty {
      call.propagate(
        [.word("HPEXPIREAT"), .bytes(call[1]), .integer(time), .word("FIELDS"), .integer(Int64(updatedFields.count))]
          + updatedFields.map { .bytes($0) })
    }
    if !removedFields.isEmpty {
      call.propagate([.word("HDEL"), .bytes(call[1])] + removedFields.map { .bytes($0) })
    }
    call.removedFields(1, entry, count: removed)
  }
}

private func hpersist(_ call: Call, _ reply: inout ReplyWriter) {
  guard let fields = parseFields(call, at: 2, &reply) else { return }
  switch call.findHash(1, .write, &reply) {
  case .wrongType: return
  case .missing: writeNoFields(fields, &reply)
  case .found(let entry):
    var persisted = 0
    reply.array(fields.count)
    for i in fields {
      switch HashValue.deadline(entry, of: call[i], now: call.now) {
      case .noField: reply.integer(-2)
      case .none: reply.integer(-1)
      case .at:
        call.keyspace.pointee.setFieldDeadline(call.database, entry, call[i], 0)
        persisted += 1
        reply.integer(1)
      }
    }
    if persisted > 0 { call.changed(1, .hash, "hpersist", count: persisted) }
  }
}

private func httl(_ call: Call, _ form: TimeForm, _ reply: inout ReplyWriter) {
  guard let fields = parseFields(call, at: 2, &reply) else { return }
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: writeNoFields(fields, &reply)
  case .found(let entry):
    reply.array(fields.count)
    for i in fields {
      switch HashValue.deadline(entry, of: call[i], now: call.now) {
      case .noField: reply.integer(-2)
      case .none: reply.integer(-1)
      case .at(let time): reply.integer(form.show(time, now: call.now))
      }
    }
  }
}

// MARK: HGETDEL, HGETEX, HSETEX

private func hgetdel(_ call: Call, _ reply: inout ReplyWriter) {
  guard let fields = parseFields(call, at: 2, &reply) else { return }
  switch call.findHash(1, .write, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(fields.count)
    for _ in fields { reply.null() }
  case .found(let entry):
    var removed = 0
    reply.array(fields.count)
    for i in fields {
      reply.fieldValue(HashValue.find(entry, call[i], now: call.now))
      if call.keyspace.pointee.removeField(call.database, entry, call[i]) { removed += 1 }
    }
    if removed > 0 && call.isPropagated {
      call.propagate([.word("HDEL"), .bytes(call[1])] + fields.map { .bytes(call[$0]) })
    }
    call.removedFields(1, entry, count: removed)
  }
}

/// What HGETEX and HSETEX are told beside the fields. Options and `FIELDS` come in any order.
private struct FieldOptions {
  enum Deadline {
    case unchanged
    case remove
    case keep
    case at(Int64)
  }

  enum Existence { case any, none, all }

  var deadline = Deadline.unchanged
  var existence = Existence.any
  /// The arguments that are fields, or fields and values.
  var fields = 0..<0

  /// - Parameter width: 1 if fields are given alone, 2 with values.
  static func parse(_ call: Call, width: Int, _ reply: inout ReplyWriter) -> FieldOptions? {
    var options = FieldOptions()
    var i = 2
    while i < call.count {
      if call.argument(i, is: "fields") {
        guard options.takeFields(call, &i, width: width, &reply) else { return nil }
      } else if width == 2 && (call.argument(i, is: "fnx") || call.argument(i, is: "fxx")) {
        if options.existence != .any {
          reply.error("ERR Only one of FXX or FNX arguments can be specified")
          return nil
        }
        options.existence = call.argument(i, is: "fnx") ? .none : .all
        i += 1
      } else {
        guard options.takeDeadline(call, &i, width: width, &reply) else { return nil }
      }
    }
    if options.fields.isEmpty {
      reply.error("ERR missing FIELDS argument")
      return nil
    }
    return options
  }

  private mutating func takeFields(_ call: Call, _ i: inout Int, width: Int, _ reply: inout ReplyWriter) -> Bool {
    if !fields.isEmpty {
      reply.error("ERR multiple FIELDS arguments")
      return false
    }
    guard i + 1 < call.count, let count = parseInteger(call[i + 1]), count >= 1, count <= Int64(Int32.max) else {
      reply.error("ERR invalid number of fields")
      return false
    }
    let first = i + 2
    guard Int(count) * width <= call.count - first else {
      reply.error("ERR wrong number of arguments")
      return false
    }
    i = first + Int(count) * width
    fields = first..<i
    return true
  }

  private mutating func takeDeadline(_ call: Call, _ i: inout Int, width: Int, _ reply: inout ReplyWriter) -> Bool {
    let form: TimeForm?
    if call.argument(i, is: "ex") {
      form = TimeForm(.seconds, isAbsolute: false)
    } else if call.argument(i, is: "px") {
      form = TimeForm(.milliseconds, isAbsolute: false)
    } else if call.argument(i, is: "exat") {
      form = TimeForm(.seconds, isAbsolute: true)
    } else if call.argument(i, is: "pxat") {
      form = TimeForm(.milliseconds, isAbsolute: true)
    } else if call.argument(i, is: "persist") && width == 1 || call.argument(i, is: "keepttl") && width == 2 {
      form = nil
    } else {
      reply.error("ERR unknown argument: \(call[i])")
      return false
    }
    guard case .unchanged = deadline else {
      reply.error(
        width == 1
          ? "ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified"
          : "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified")
      return false
    }
    guard let form else {
      deadline = width == 1 ? .remove : .keep
      i += 1
      return true
    }
    guard i + 1 < call.count else {
      reply.error("ERR missing expire time")
      return false
    }
    guard let time = form.parse(call, i + 1, &reply) else { return false }
    deadline = .at(time)
    i += 2
    return true
  }
}

private func hgetex(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = FieldOptions.parse(call, width: 1, &reply) else { return }
  switch call.findHash(1, .write, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(options.fields.count)
    for _ in options.fields { reply.null() }
  case .found(let entry):
    reply.array(options.fields.count)
    var changes = DeadlineChanges()
    var persisted = 0
    for i in options.fields {
      reply.fieldValue(HashValue.find(entry, call[i], now: call.now))
      switch options.deadline {
      case .unchanged, .keep: break
      case .at(let time): _ = changes.set(call, entry, call[i], time, .always)
      case .remove:
        guard case .at = HashValue.deadline(entry, of: call[i], now: call.now) else { continue }
        call.keyspace.pointee.setFieldDeadline(call.database, entry, call[i], 0)
        persisted += 1
      }
    }
    if persisted > 0 {
      call.changed(1, .hash, "hpersist", count: persisted)
      if call.isPropagated {
        let fields = options.fields
        call.propagate(
          [.word("HPERSIST"), .bytes(call[1]), .word("FIELDS"), .integer(Int64(fields.count))]
            + fields.map { .bytes(call[$0]) })
      }
    }
    changes.report(call, entry)
  }
}

private func hsetex(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = FieldOptions.parse(call, width: 2, &reply) else { return }
  let found = call.findHash(1, .write, &reply)
  if case .wrongType = found { return }
  guard meets(options, found, call) else { return reply.integer(0) }
  guard let entry = call.findOrAddHash(1, &reply) else { return }
  let pairs = options.fields.count / 2
  if pairs > 1 { call.keyspace.pointee.prepareHash(call.database, entry, adding: pairs) }
  var keepsDeadline = false
  if case .keep = options.deadline { keepsDeadline = true }
  for i in stride(from: options.fields.lowerBound, to: options.fields.upperBound, by: 2) {
    _ = call.keyspace.pointee.setField(call.database, entry, call[i], call[i + 1], keepsDeadline: keepsDeadline)
  }
  call.changed(1, .hash, "hset", count: pairs)
  if call.isPropagated && !keepsDeadline {
    call.propagate([.word("HSET"), .bytes(call[1])] + options.fields.map { .bytes(call[$0]) })
  }
  reply.integer(1)
  guard case .at(let time) = options.deadline else { return }
  var changes = DeadlineChanges()
  for i in stride(from: options.fields.lowerBound, to: options.fields.upperBound, by: 2) {
    _ = changes.set(call, entry, call[i], time, .always)
  }
  changes.report(call, entry)
}

/// Whether FNX or FXX lets HSETEX go on.
private func meets(_ options: FieldOptions, _ found: Call.Lookup, _ call: Call) -> Bool {
  if options.existence == .any { return true }
  guard case .found(let entry) = found else { return options.existence == .none }
  let wanted = options.existence == .all
  return stride(from: options.fields.lowerBound, to: options.fields.upperBound, by: 2).allSatisfy {
    (HashValue.find(entry, call[$0], now: call.now) != nil) == wanted
  }
}
