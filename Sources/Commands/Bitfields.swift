import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Integers of any width within a string.
  static let bitfields: [Command] = [
    Command(
      "BITFIELD", arity: -2, [.write, .denyOOM], keys: [.one("RW", "access", "update", "variable_flags")],
      group: .bitmap, since: "3.2.0", summary: "Reads and changes integers of any width at any offsets of a string.",
      complexity: "O(1) for each subcommand specified",
      syntax:
        "key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> ...]]",
      keyFinder: bitfieldKey, run: bitfield),
    Command(
      "BITFIELD_RO", arity: -2, [.readonly, .fast], keys: [.one("RO", "access")], group: .bitmap, since: "6.0.0",
      summary: "Reads integers of any width at any offsets of a string.",
      complexity: "O(1) for each subcommand specified",
      syntax: "key [GET encoding offset [GET encoding offset ...]]", run: bitfieldReadOnly),
  ]
}

/// BITFIELD that only reads is known as such.
private let bitfieldKey = KeyFinder { arguments in
  var i = 2
  while i < arguments.count {
    let left = arguments.count - i - 1
    if arguments[i].equalsIgnoringCase("get"), left >= 2 {
      i += 3
    } else if arguments[i].equalsIgnoringCase("overflow"), left >= 1 {
      i += 2
    } else {
      return [FoundKey(1, ["RW", "access", "update"])]
    }
  }
  return [FoundKey(1, ["RO", "access"])]
}

private struct Operation {
  enum Kind { case get, set, increment }

  let kind: Kind
  let field: Bitfield
  let offset: UInt64
  /// The value to set or to add.
  let operand: Int64
  let overflow: Bitfield.Overflow

  /// The index of the byte that holds the field's last bit.
  var lastByte: Int { Int((offset + UInt64(field.width) - 1) >> 3) }
}

/// Reads a call's operations one after the other. They are read twice, first to check them all and then to run
/// them, so that no list of them is needed.
private struct OperationReader {
  enum Step {
    case operation(Operation)
    case end
    /// The error was written.
    case invalid
  }

  private let call: Call
  private var index = 2
  private var overflow = Bitfield.Overflow.wrap

  init(_ call: Call) { self.call = call }

  mutating func next(_ reply: inout ReplyWriter) -> Step {
    while index < call.count {
      let following = call.count - index - 1
      if call.argument(index, is: "get"), following >= 2 {
        return operation(.get, &reply)
      } else if call.argument(index, is: "set"), following >= 3 {
        return operation(.set, &reply)
      } else if call.argument(index, is: "incrby"), following >= 3 {
        return operation(.increment, &reply)
      } else if call.argument(index, is: "overflow"), following >= 1 {
        guard readOverflow(index + 1, &reply) else { return .invalid }
        index += 2
      } else {
        reply.syntaxError()
        return .invalid
      }
    }
    return .end
  }

  private mutating func readOverflow(_ index: Int, _ reply: inout ReplyWriter) -> Bool {
    if call.argument(index, is: "wrap") {
      overflow = .wrap
    } else if call.argument(index, is: "sat") {
      overflow = .saturate
    } else if call.argument(index, is: "fail") {
      overflow = .fail
    } else {
      reply.error("ERR Invalid OVERFLOW type specified")
      return false
    }
    return true
  }

  private mutating func operation(_ kind: Operation.Kind, _ reply: inout ReplyWriter) -> Step {
    guard let field = Bitfield(type: call[index + 1]) else {
      reply.error(
        "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.")
      return .invalid
    }
    guard let offset = call.bitOffset(index + 2, width: field.width, &reply) else { return .invalid }
    var operand: Int64 = 0
    if kind != .get {
      guard let given = call.integer(index + 3, &reply) else { return .invalid }
      operand = given
    }
    index += kind == .get ? 3 : 4
    return .operation(Operation(kind: kind, field: field, offset: offset, operand: operand, overflow: overflow))
  }
}

/// What the operations of a valid call come to.
private struct Summary {
  var count = 0
  /// How long the string must be for all writes; 0 if there is none.
  var writtenBytes = 0

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    var reader = OperationReader(call)
    while true {
      switch reader.next(&reply) {
      case .invalid: return nil
      case .end: return
      case .operation(let operation):
        count += 1
        if operation.kind != .get { writtenBytes = max(writtenBytes, operation.lastByte + 1) }
      }
    }
  }
}

private func bitfield(_ call: Call, _ reply: inout ReplyWriter) {
  guard let summary = Summary(call, &reply) else { return }
  if summary.writtenBytes == 0 { return read(call, summary, &reply) }
  var slot = call.slot(1, .write)
  if let slot, !Entry(address: slot.pointee).isString { return reply.wrongType() }
  let oldCount = slot.map { StringValue(Entry(address: $0.pointee)).count } ?? 0
  if slot == nil {
    call.keyspace.pointee.setRawString(
      call.database, call[1], hash: call.hash(1), at: nil, count: summary.writtenBytes, isZeroed: true
    ) { _ in }
    slot = call.slot(1, .silent)
  }
  guard let slot else { return }
  let isLonger = summary.writtenBytes > oldCount
  var changes = 0
  reply.array(summary.count)
  call.keyspace.pointee.editString(call.database, slot, atLeast: summary.writtenBytes) { bytes, count in
    changes = run(call, on: bytes, count: count, isLonger: isLonger, &reply)
  }
  if changes > 0 {
    call.changed(1, .string, "setbit", count: changes)
  } else if isLonger {
    // All writes overflowed, yet the string was made long enough for them. Redis tells nobody.
    call.changed(1, .silent, "setbit")
  }
}

/// Runs all operations and returns how many of them changed something.
private func run(
  _ call: Call, on bytes: UnsafeMutablePointer<UInt8>, count: Int, isLonger: Bool, _ reply: inout ReplyWriter
) -> Int {
  var reader = OperationReader(call)
  var changes = 0
  while case .operation(let operation) = reader.next(&reply) {
    let (field, offset) = (operation.field, operation.offset)
    let old = field.read(Bytes(UnsafeRawPointer(bytes), count: count), at: offset)
    var new: Int64?
    switch operation.kind {
    case .get:
      reply.integer(Int(old))
      continue
    case .set: new = field.fitted(operation.operand, operation.overflow)
    case .increment: new = field.sum(old, operation.operand, operation.overflow)
    }
    guard let new else {
      reply.null()
      continue
    }
    field.write(new, to: bytes, count: count, at: offset)
    if isLonger || old != new { changes += 1 }
    reply.integer(Int(operation.kind == .set ? old : new))
  }
  return changes
}

private func bitfieldReadOnly(_ call: Call, _ reply: inout ReplyWriter) {
  guard let summary = Summary(call, &reply) else { return }
  if summary.writtenBytes > 0 { return reply.error("ERR BITFIELD_RO only supports the GET subcommand") }
  read(call, summary, &reply)
}

/// Answers a call that has nothing but GETs.
private func read(_ call: Call, _ summary: Summary, _ reply: inout ReplyWriter) {
  let found = call.find(1, as: .string, &reply)
  if case .wrongType = found { return }
  reply.array(summary.count)
  if case .found(let entry) = found {
    StringValue(entry).withBytes { answer($0) }
  } else {
    answer(.empty)
  }

  func answer(_ bytes: Bytes) {
    var reader = OperationReader(call)
    while case .operation(let operation) = reader.next(&reply) {
      reply.integer(Int(operation.field.read(bytes, at: operation.offset)))
    }
  }
}
