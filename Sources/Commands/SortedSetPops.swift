import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  static let sortedSetPops: [Command] = [
    Command(
      "ZPOPMIN", arity: -2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .sortedSet, since: "5.0.0",
      summary: "Removes and returns the members with the lowest scores.", complexity: popComplexity,
      syntax: "key [count]", run: zpopmin),
    Command(
      "ZPOPMAX", arity: -2, [.write, .fast], keys: [.one("RW", "access", "delete")], group: .sortedSet, since: "5.0.0",
      summary: "Removes and returns the members with the highest scores.", complexity: popComplexity,
      syntax: "key [count]", run: zpopmax),
    Command(
      "BZPOPMIN", arity: -3, [.write, .blocking, .fast], keys: [allButLast], group: .sortedSet, since: "5.0.0",
      summary: "Removes and returns the member with the lowest score, and waits for one if there is none.",
      complexity: "O(log(N)) with N being the number of elements in the sorted set.", syntax: "key [key ...] timeout",
      run: bzpopmin),
    Command(
      "BZPOPMAX", arity: -3, [.write, .blocking, .fast], keys: [allButLast], group: .sortedSet, since: "5.0.0",
      summary: "Removes and returns the member with the highest score, and waits for one if there is none.",
      complexity: "O(log(N)) with N being the number of elements in the sorted set.", syntax: "key [key ...] timeout",
      run: bzpopmax),
    Command(
      "ZMPOP", arity: -4, [.write, .movableKeys],
      keys: [KeySpec(.index(1), .count(at: 0, first: 1, step: 1), ["RW", "access", "delete"])], group: .sortedSet,
      since: "7.0.0",
      summary: "Removes and returns members with the lowest or highest scores from the first set that has any.",
      complexity: multiplePopComplexity, syntax: "numkeys key [key ...] <MIN | MAX> [COUNT count]", run: zmpop),
    Command(
      "BZMPOP", arity: -5, [.write, .blocking, .movableKeys],
      keys: [KeySpec(.index(2), .count(at: 0, first: 1, step: 1), ["RW", "access", "delete"])], group: .sortedSet,
      since: "7.0.0", summary: "Does what ZMPOP does, and waits for members if there are none.",
      complexity: multiplePopComplexity, syntax: "timeout numkeys key [key ...] <MIN | MAX> [COUNT count]",
      run: bzmpop),
  ]

  private static let allButLast = KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), ["RW", "access", "delete"])

  private static let popComplexity: StaticString =
    "O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped."

  private static let multiplePopComplexity: StaticString =
    "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped."
}

private enum End {
  case lowest
  case highest

  var event: StaticString { self == .lowest ? "zpopmin" : "zpopmax" }
  var command: StaticString { self == .lowest ? "ZPOPMIN" : "ZPOPMAX" }
}

/// Removes up to `count` members of the sorted set at `index` and writes them, without a head before them.
private func pop(
  _ call: Call, _ index: Int, _ entry: Entry, _ end: End, count: Int, inPairs: Bool, _ reply: inout ReplyWriter
) {
  let size = SortedSetValue.count(entry)
  let ranks = end == .lowest ? 0..<count : size - count..<size
  SortedSetValue.forEach(entry, ranks, isReversed: end == .highest) { member in
    if inPairs { reply.array(2) }
    reply.fieldValue(member.name)
    reply.double(member.score)
  }
  call.keyspace.pointee.removeScored(entry, ranks: ranks)
  call.removedMembers(index, entry, event: end.event, count: count)
}

// MARK: From one key

private func zpopmin(_ call: Call, _ reply: inout ReplyWriter) { pop(call, .lowest, &reply) }
private func zpopmax(_ call: Call, _ reply: inout ReplyWriter) { pop(call, .highest, &reply) }

private func pop(_ call: Call, _ end: End, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.syntaxError() }
  var wanted: Int64 = 1
  if call.count == 3 {
    guard let given = parseInteger(call[2]), given >= 0 else {
      return reply.error("ERR value is out of range, must be positive")
    }
    wanted = given
  }
  switch call.findSortedSet(1, .write, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let count = min(SortedSetValue.count(entry), Int(wanted))
    let inPairs = reply.isRESP3 && call.count == 3
    reply.array(inPairs ? count : count * 2)
    if count > 0 { pop(call, 1, entry, end, count: count, inPairs: inPairs, &reply) }
  }
}

// MARK: From the first of several keys

private func bzpopmin(_ call: Call, _ reply: inout ReplyWriter) { popOrWait(call, .lowest, &reply) }
private func bzpopmax(_ call: Call, _ reply: inout ReplyWriter) { popOrWait(call, .highest, &reply) }

private func popOrWait(_ call: Call, _ end: End, _ reply: inout ReplyWriter) {
  guard let timeout = call.blockingTimeout(call.count - 1, &reply) else { return }
  let keys = 1..<call.count - 1
  for i in keys {
    switch call.findSortedSet(i, .write, &reply) {
    case .wrongType: return
    case .missing: continue
    case .found(let entry):
      reply.array(3)
      reply.bulk(call[i])
      pop(call, i, entry, end, count: 1, inPairs: false, &reply)
      if call.isPropagated { call.propagate([Bytes(end.command), call[i]]) }
      return
    }
  }
  if !call.mayBlock { return reply.nullArray() }
  call.block(on: keys, for: .sortedSet, timeoutMilliseconds: timeout)
}

private func zmpop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let query = PopQuery(call, keyCount: 1, &reply) else { return }
  if !popFirst(call, query, &reply) { reply.nullArray() }
}

private func bzmpop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let query = PopQuery(call, keyCount: 2, &reply), let timeout = call.blockingTimeout(1, &reply) else { return }
  if popFirst(call, query, &reply) { return }
  if !call.mayBlock { return reply.nullArray() }
  call.block(on: query.keys, for: .sortedSet, timeoutMilliseconds: timeout)
}

/// The arguments of ZMPOP and BZMPOP from the number of keys on.
private struct PopQuery {
  let keys: Range<Int>
  let end: End
  let count: Int64

  /// Nil after an error was written.
  init?(_ call: Call, keyCount index: Int, _ reply: inout ReplyWriter) {
    guard let keyCount = parseInteger(call[index]), keyCount > 0 else {
      reply.error("ERR numkeys should be greater than 0")
      return nil
    }
    guard keyCount < Int64(call.count - index - 1) else {
      reply.syntaxError()
      return nil
    }
    keys = index + 1..<index + 1 + Int(keyCount)
    var i = keys.upperBound
    if call.argument(i, is: "min") {
      end = .lowest
    } else if call.argument(i, is: "max") {
      end = .highest
    } else {
      reply.syntaxError()
      return nil
    }
    var given: Int64?
    i += 1
    while i < call.count {
      guard given == nil && i + 1 < call.count && call.argument(i, is: "count") else {
        reply.syntaxError()
        return nil
      }
      guard let value = parseInteger(call[i + 1]), value > 0 else {
        reply.error("ERR count should be greater than 0")
        return nil
      }
      given = value
      i += 2
    }
    count = given ?? 1
  }
}

/// Pops from the first key that has members. False, with nothing written, if none has.
private func popFirst(_ call: Call, _ query: PopQuery, _ reply: inout ReplyWriter) -> Bool {
  for i in query.keys {
    switch call.findSortedSet(i, .write, &reply) {
    case .wrongType: return true
    case .missing: continue
    case .found(let entry):
      let count = min(SortedSetValue.count(entry), Int(query.count))
      reply.array(2)
      reply.bulk(call[i])
      reply.array(count)
      pop(call, i, entry, query.end, count: count, inPairs: true, &reply)
      if call.isPropagated {
        StringValue.integer(Int64(count)).withBytes { call.propagate([Bytes(query.end.command), call[i], $0]) }
      }
      return true
    }
  }
  return false
}
