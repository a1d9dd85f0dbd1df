import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Taking elements from the ends of lists, waiting for them if need be.
  static let listPops: [Command] = [
    Command(
      "LPOP", arity: -2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .list, since: "1.0.0",
      summary: "Removes the first elements of a list and returns them. The list goes with its last element.",
      complexity: "O(N) where N is the number of elements returned", syntax: "key [count]", run: lpop),
    Command(
      "RPOP", arity: -2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .list, since: "1.0.0",
      summary: "Removes the last elements of a list and returns them. The list goes with its last element.",
      complexity: "O(N) where N is the number of elements returned", syntax: "key [count]", run: rpop),
    Command(
      "LMPOP", arity: -4, [.write, .movableKeys],
      keys: [KeySpec(.index(1), .count(at: 0, first: 1, step: 1), ["RW", "access", "delete"])], group: .list,
      since: "7.0.0", summary: "Removes elements from the first list that has some, and returns them.",
      complexity: "O(N+M) where N is the number of provided keys and M is the number of elements returned.",
      syntax: "numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", run: lmpop),
    Command(
      "BLPOP", arity: -3, [.write, .blocking],
      keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), ["RW", "access", "delete"])], group: .list,
      since: "2.0.0",
      summary: "Removes the first element of the first list that has one and returns it; waits until there is one.",
      complexity: "O(N) where N is the number of provided keys.", syntax: "key [key ...] timeout", run: blpop),
    Command(
      "BRPOP", arity: -3, [.write, .blocking],
      keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), ["RW", "access", "delete"])], group: .list,
      since: "2.0.0",
      summary: "Removes the last element of the first list that has one and returns it; waits until there is one.",
      complexity: "O(N) where N is the number of provided keys.", syntax: "key [key ...] timeout", run: brpop),
    Command(
      "BLMPOP", arity: -5, [.write, .blocking, .movableKeys],
      keys: [KeySpec(.index(2), .count(at: 0, first: 1, step: 1), ["RW", "access", "delete"])], group: .list,
      since: "7.0.0",
      summary: "Removes elements from the first list that has some, and returns them; waits until there are some.",
      complexity: "O(N+M) where N is the number of provided keys and M is the number of elements returned.",
      syntax: "timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", run: blmpop),
  ]
}

extension ListEnd {
  var popEvent: StaticString { self == .head ? "lpop" : "rpop" }
  var pushEvent: StaticString { self == .head ? "lpush" : "rpush" }

  /// The command that takes elements from this end.
  var popCommand: Bytes { Bytes(self == .head ? "LPOP" : "RPOP") }
}

extension Call {
  /// LEFT or RIGHT at `index`; nil after the error was written.
  func listEnd(_ index: Int, _ reply: inout ReplyWriter) -> ListEnd? {
    if argument(index, is: "left") { return .head }
    if argument(index, is: "right") { return .tail }
    reply.syntaxError()
    return nil
  }

  /// Removes the first or last element of the list at `index` and writes it.
  @inline(__always)
  fileprivate func popElement(_ index: Int, _ entry: Entry, at end: ListEnd, _ reply: inout ReplyWriter) {
    reply.fieldValue(ListValue.element(entry, at: end))
    keyspace.pointee.removeElement(entry, at: end)
    removedElements(index, entry, event: end.popEvent, count: 1)
  }

  /// Removes up to `wanted` elements of the list at `index`, and writes them as an array, the outermost first.
  ///
  /// - Returns: how many there were.
  @discardableResult
  fileprivate func popElements(
    _ index: Int, _ entry: Entry, at end: ListEnd, count wanted: Int, _ reply: inout ReplyWriter
  ) -> Int {
    let total = ListValue.count(entry)
    let popped = min(wanted, total)
    reply.array(popped)
    if end == .head {
      ListValue.forEachRun(entry, from: 0, count: popped) { run in
        reply.elements(run)
        return true
      }
    } else {
      ListValue.forEachRunBackwards(entry, from: total - 1, count: popped) { run in
        reply.elementsBackwards(run)
        return true
      }
    }
    if popped == total {
      removedAllElements(index, entry, event: end.popEvent, count: popped)
    } else {
      keyspace.pointee.removeElements(entry, from: end == .head ? 0 : total - popped, count: popped)
      removedElements(index, entry, event: end.popEvent, count: popped)
    }
    return popped
  }
}

// MARK: One list

private func lpop(_ call: Call, _ reply: inout ReplyWriter) { pop(call, at: .head, &reply) }
private func rpop(_ call: Call, _ reply: inout ReplyWriter) { pop(call, at: .tail, &reply) }

@inline(__always)
private func pop(_ call: Call, at end: ListEnd, _ reply: inout ReplyWriter) {
  if call.count > 2 { return popCounted(call, at: end, &reply) }
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.null()
  case .found(let entry): call.popElement(1, entry, at: end, &reply)
  }
}

private func popCounted(_ call: Call, at end: ListEnd, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.wrongArity(call) }
  let message: StaticString = "ERR value is out of range, must be positive"
  guard let wanted = call.integer(2, atLeast: 0, message, &reply) else { return }
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.nullArray()
  case .found(let entry):
    if wanted == 0 { return reply.array(0) }
    call.popElements(1, entry, at: end, count: wanted, &reply)
  }
}

// MARK: Several lists

private func blpop(_ call: Call, _ reply: inout ReplyWriter) { blockingPop(call, at: .head, &reply) }
private func brpop(_ call: Call, _ reply: inout ReplyWriter) { blockingPop(call, at: .tail, &reply) }

private func blockingPop(_ call: Call, at end: ListEnd, _ reply: inout ReplyWriter) {
  guard let timeout = call.blockingTimeout(call.count - 1, &reply) else { return }
  let keys = 1..<call.count - 1
  for i in keys {
    switch call.find(i, as: .list, options: .write, &reply) {
    case .missing: continue
    case .wrongType: return
    case .found(let entry):
      reply.array(2)
      reply.bulk(call[i])
      call.popElement(i, entry, at: end, &reply)
      if call.isPropagated { call.propagate([end.popCommand, call[i]]) }
      return
    }
  }
  guard call.mayBlock else { return reply.nullArray() }
  call.block(on: keys, for: .list, timeoutMilliseconds: timeout)
}

/// What LMPOP and BLMPOP are asked for.
private struct MultiPop {
  let keys: Range<Int>
  let end: ListEnd
  let count: Int

  /// Reads the arguments from `numkeys` at `first` on; nil after an error was written.
  init?(_ call: Call, from first: Int, _ reply: inout ReplyWriter) {
    let message: StaticString = "ERR numkeys should be greater than 0"
    guard let keyCount = call.integer(first, atLeast: 1, message, &reply) else { return nil }
    guard keyCount < call.count - first - 1 else {
      reply.syntaxError()
      return nil
    }
    keys = first + 1..<first + 1 + keyCount
    guard let end = call.listEnd(keys.upperBound, &reply) else { return nil }
    self.end = end
    var count: Int?
    var i = keys.upperBound + 1
    while i < call.count {
      guard count == nil && i + 1 < call.count && call.argument(i, is: "count") else {
        reply.syntaxError()
        return nil
      }
      let message: StaticString = "ERR count should be greater than 0"
      guard let given = call.integer(i + 1, atLeast: 1, message, &reply) else { return nil }
      count = given
      i += 2
    }
    self.count = count ?? 1
  }

  /// Pops from the first list that there is. False if there is none; true also after an error was written.
  func run(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    for i in keys {
      switch call.find(i, as: .list, options: .write, &reply) {
      case .missing: continue
      case .wrongType: return true
      case .found(let entry):
        reply.array(2)
        reply.bulk(call[i])
        let popped = call.popElements(i, entry, at: end, count: count, &reply)
        if call.isPropagated {
          StringValue.integer(Int64(popped)).withBytes { call.propagate([end.popCommand, call[i], $0]) }
        }
        return true
      }
    }
    return false
  }
}

private func lmpop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let pop = MultiPop(call, from: 1, &reply) else { return }
  if !pop.run(call, &reply) { reply.nullArray() }
}

private func blmpop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let pop = MultiPop(call, from: 2, &reply), let timeout = call.blockingTimeout(1, &reply) else { return }
  if pop.run(call, &reply) { return }
  guard call.mayBlock else { return reply.nullArray() }
  call.block(on: pop.keys, for: .list, timeoutMilliseconds: timeout)
}
