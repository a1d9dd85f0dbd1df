import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Intersection, union and difference of sets: returned, stored or counted.
  static let setOperations: [Command] = [
    Command(
      "SINTER", arity: -2, [.readonly], keys: [.all("RO", "access")], group: .set, since: "1.0.0",
      summary: "Returns the members that all given sets have in common.", complexity: intersectionComplexity,
      syntax: "key [key ...]", tips: ["nondeterministic_output_order"],
      run: { answer(.intersection, $0, &$1) }),
    Command(
      "SINTERSTORE", arity: -3, [.write, .denyOOM], keys: [.one("RW", "update")] + storeKeys.dropFirst(), group: .set,
      since: "1.0.0",
      summary: "Stores the members that all given sets have in common in a key.", complexity: intersectionComplexity,
      syntax: "destination key [key ...]", run: { store(.intersection, "sinterstore", $0, &$1) }),
    Command(
      "SINTERCARD", arity: -3, [.readonly, .movableKeys], keys: countKeys, group: .set, since: "7.0.0",
      summary: "Returns how many members all given sets have in common.", complexity: intersectionComplexity,
      syntax: "numkeys key [key ...] [LIMIT limit]", run: { count(.intersection, $0, &$1) }),
    Command(
      "SUNION", arity: -2, [.readonly], keys: [.all("RO", "access")], group: .set, since: "1.0.0",
      summary: "Returns the members that any of the given sets has.", complexity: complexity,
      syntax: "key [key ...]", tips: ["nondeterministic_output_order"], run: { answer(.union, $0, &$1) }),
    Command(
      "SUNIONSTORE", arity: -3, [.write, .denyOOM], keys: storeKeys, group: .set, since: "1.0.0",
      summary: "Stores the members that any of the given sets has in a key.", complexity: complexity,
      syntax: "destination key [key ...]", run: { store(.union, "sunionstore", $0, &$1) }),
    Command(
      "SUNIONCARD", arity: -3, [.readonly, .movableKeys], keys: countKeys, group: .set, since: "8.10.0",
      summary: "Returns how many members the given sets have together, each counted once.", complexity: complexity,
      syntax: "numkeys key [key ...] [APPROX] [LIMIT limit]", run: { count(.union, $0, &$1) }),
    Command(
      "SDIFF", arity: -2, [.readonly], keys: [.all("RO", "access")], group: .set, since: "1.0.0",
      summary: "Returns the members of the first set that none of the others has.", complexity: complexity,
      syntax: "key [key ...]", tips: ["nondeterministic_output_order"], run: { answer(.difference, $0, &$1) }),
    Command(
      "SDIFFSTORE", arity: -3, [.write, .denyOOM], keys: storeKeys, group: .set, since: "1.0.0",
      summary: "Stores the members of the first set that none of the others has in a key.", complexity: complexity,
      syntax: "destination key [key ...]", run: { store(.difference, "sdiffstore", $0, &$1) }),
    Command(
      "SDIFFCARD", arity: -3, [.readonly, .movableKeys], keys: countKeys, group: .set, since: "8.10.0",
      summary: "Returns how many members of the first set none of the others has.", complexity: complexity,
      syntax: "numkeys key [key ...] [LIMIT limit]", run: { count(.difference, $0, &$1) }),
  ]

  private static let intersectionComplexity: StaticString =
    "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets."
  private static let complexity: StaticString = "O(N) where N is the total number of elements in all given sets."

  private static let countKeys = [KeySpec(.index(1), .count(at: 0, first: 1, step: 1), ["RO", "access"])]
  private static let storeKeys: [KeySpec] = [
    .one("OW", "update"), KeySpec(.index(2), .range(last: -1, step: 1, limit: 0), ["RO", "access"]),
  ]
}

private enum SetOperation {
  case intersection
  case union
  case difference
}

// MARK: Forms of a result

private func answer(_ operation: SetOperation, _ call: Call, _ reply: inout ReplyWriter) {
  let mark = reply.mark
  var found = 0
  let isDone = forEach(operation, call, keys: 1..<call.count, &reply) { member, reply in
    reply.fieldValue(member)
    found += 1
    return true
  }
  if isDone { reply.insertSet(found, at: mark) }
}

private func store(
  _ operation: SetOperation, _ event: StaticString, _ call: Call, _ reply: inout ReplyWriter
) {
  // Built on its own, since the destination may be one of the sources.
  let result = call.keyspace.pointee.makeSet(key: call[1])
  let isDone = forEach(operation, call, keys: 2..<call.count, &reply) { member, _ in
    call.keyspace.pointee.addNewMember(result, member)
    return true
  }
  let count = SetValue.count(result)
  guard isDone && count > 0 else {
    Value.free(result)
    guard isDone else { return }
    if let old = call.find(1, .silent) { call.delete(1, old) }
    return reply.integer(0)
  }
  call.keyspace.pointee.put(call.database, result, hash: call.hash(1))
  call.changed(1, .set, event)
  reply.integer(count)
}

private func count(_ operation: SetOperation, _ call: Call, _ reply: inout ReplyWriter) {
  guard let keyCount = parseInteger(call[1]), keyCount > 0 else {
    return reply.error("ERR numkeys should be greater than 0")
  }
  guard keyCount <= call.count - 2 else {
    return reply.error("ERR Number of keys can't be greater than number of args")
  }
  let end = 2 + Int(keyCount)
  guard let limit = countLimit(call, from: end, allowsApproximation: operation == .union, &reply) else { return }
  var found = 0
  let isDone = forEach(operation, call, keys: 2..<end, &reply) { _, _ in
    found += 1
    return found != limit
  }
  if isDone { reply.integer(found) }
}

/// The options after the keys: at how many members to stop counting, 0 for never. Nil after the error was written.
///
/// APPROX allows an estimate. It is taken and not made use of, since the exact number needs no memory to speak of.
private func countLimit(
  _ call: Call, from first: Int, allowsApproximation: Bool, _ reply: inout ReplyWriter
) -> Int? {
  var limit = 0
  var i = first
  while i < call.count {
    if i + 1 < call.count && call.argument(i, is: "limit") {
      guard let given = parseInteger(call[i + 1]), given >= 0 else {
        reply.error("ERR LIMIT can't be negative")
        return nil
      }
      limit = Int(given)
      i += 2
    } else if allowsApproximation && call.argument(i, is: "approx") {
      i += 1
    } else {
      reply.syntaxError()
      return nil
    }
  }
  return limit
}

// MARK: Sources

/// Visits the members of a result until `visit` returns false. Returns false after the error was written.
private func forEach(
  _ operation: SetOperation, _ call: Call, keys: Range<Int>, _ reply: inout ReplyWriter,
  _ visit: (StringValue, inout ReplyWriter) -> Bool
) -> Bool {
  withUnsafeTemporaryAllocation(of: Entry.self, capacity: keys.count) { buffer in
    var found = 0
    var isFirstMissing = false
    for i in keys {
      switch call.find(i, as: .set, &reply) {
      case .wrongType: return false
      case .missing: if i == keys.lowerBound { isFirstMissing = true }
      case .found(let set):
        buffer.initializeElement(at: found, to: set)
        found += 1
      }
    }
    let sets = SetAlgebra.Sets(rebasing: buffer[..<found])
    let hashKey = call.keyspace.pointee.hashKey
    switch operation {
    case .intersection:
      if found == keys.count { SetAlgebra.intersection(of: sets) { visit($0, &reply) } }
    case .union:
      SetAlgebra.union(of: sets, hashKey: hashKey) { visit($0, &reply) }
    case .difference:
      if isFirstMissing { return true }
      SetAlgebra.difference(of: sets[0], without: SetAlgebra.Sets(rebasing: sets[1...]), hashKey: hashKey) {
        visit($0, &reply)
      }
    }
    return true
  }
}
