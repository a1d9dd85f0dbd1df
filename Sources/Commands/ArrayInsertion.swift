import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Arrays that are written to one element after the other, and as rings.
  static let arrayInsertion: [Command] = [
    Command(
      "ARINSERT", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .array, since: "8.8.0",
      summary: "Sets values behind the one that was inserted at last.",
      complexity: "O(N) where N is the number of values", syntax: "key value [value ...]", run: arinsert),
    Command(
      "ARRING", arity: -4, [.write, .denyOOM], keys: [.one("RW", "update")], group: .array, since: "8.8.0",
      summary: "Sets values behind the one that was inserted at last, in a ring that begins again after so many.",
      complexity:
        "O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values",
      syntax: "key size value [value ...]", run: arring),
    Command(
      "ARNEXT", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the index at which the next value would be inserted.", syntax: "key", run: arnext),
    Command(
      "ARSEEK", arity: 3, [.write, .fast], keys: [.one("RW", "update")], group: .array, since: "8.8.0",
      summary: "Says at which index the next value is to be inserted.", syntax: "key index", run: arseek),
    Command(
      "ARLASTITEMS", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the values that were inserted at last.", complexity: "O(N) where N is the count",
      syntax: "key count [REV]", run: arlastitems),
  ]
}

private func arinsert(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.findOrAddArray(1, &reply) else { return }
  let array = ArrayValue.array(entry)
  // In an array that was just made there is room for any number of arguments, so that none is left empty.
  let last = array.pointee.lastInserted
  let room = last.map { SparseArray.maximumIndex - $0 } ?? .max
  let added = UInt64(call.count - 2)
  guard added <= room else { return reply.error("ERR insert index overflow") }
  let first = last.map { $0 + 1 } ?? 0
  _ = call.setElements(entry, at: first, from: 2)
  array.pointee.lastInserted = first + (added - 1)
  reply.integer(unsigned: first + (added - 1))
  call.changed(1, .array, "arinsert", count: call.count - 2)
}

private func arring(_ call: Call, _ reply: inout ReplyWriter) {
  guard let given = parseInteger(call[2]) else { return reply.error("ERR invalid size") }
  guard given > 0 else { return reply.error("ERR size must be positive") }
  let size = UInt64(given)
  guard let entry = call.findOrAddArray(1, &reply) else { return }
  ArrayValue.resizeRing(entry, to: size, call.keyspace.pointee.arrayLimits)
  let array = ArrayValue.array(entry)
  var index: UInt64 = 0
  for i in 3..<call.count {
    index = array.pointee.lastInserted.map { ($0 + 1) % size } ?? 0
    array.pointee.set(index, call[i], call.keyspace.pointee.arrayLimits)
    array.pointee.lastInserted = index
  }
  reply.integer(unsigned: index)
  call.changed(1, .array, "arring", count: call.count - 3)
}

private func arnext(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    guard let last = ArrayValue.array(entry).pointee.lastInserted else { return reply.integer(0) }
    if last == SparseArray.maximumIndex { return reply.null() }
    reply.integer(unsigned: last + 1)
  }
}

private func arseek(_ call: Call, _ reply: inout ReplyWriter) {
  guard let index = call.arrayIndex(2, upTo: .max, &reply) else { return }
  switch call.find(1, as: .array, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    ArrayValue.array(entry).pointee.lastInserted = index == 0 ? nil : index - 1
    reply.integer(1)
    call.changed(1, .array, "arseek")
  }
}

private func arlastitems(_ call: Call, _ reply: inout ReplyWriter) {
  guard let given = parseInteger(call[2]) else { return reply.error("ERR invalid COUNT") }
  if given <= 0 { return reply.array(0) }
  let isReversed = call.count == 4 && call.argument(3, is: "rev")
  if call.count == 4 && !isReversed { return reply.syntaxError() }
  if call.count > 4 { return reply.wrongArity(call) }
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let array = ArrayValue.array(entry)
    let length = array.pointee.length
    let count = min(UInt64(given), length)
    guard count <= maximumArrayReply || count <= array.pointee.count else {
      return reply.error("ERR count exceeds maximum of 1000000 items")
    }
    // The latest is where was inserted at last, or the end of the array if that is nowhere.
    let last = array.pointee.lastInserted.flatMap { $0 < length ? $0 : nil } ?? length - 1
    // What does not lie before it lies at the end: the array is a ring.
    let wrapped = count > last + 1 ? count - (last + 1) : 0
    let first = last + 1 - (count - wrapped)
    reply.array(Int(count))
    if isReversed {
      reply.elements(array, from: last, to: first)
      if wrapped > 0 { reply.elements(array, from: length - 1, to: length - wrapped) }
    } else {
      if wrapped > 0 { reply.elements(array, from: length - wrapped, to: length - 1) }
      reply.elements(array, from: first, to: last)
    }
  }
}
