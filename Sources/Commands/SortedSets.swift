import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Sorted sets: members with scores, in the order of these. https://redis.io/docs/latest/commands/?group=sorted-set
  public static let sortedSets: [Command] =
    sortedSetReads + sortedSetUpdates + sortedSetRanges + sortedSetPops + sortedSetCombinations

  private static let sortedSetReads: [Command] = [
    Command(
      "ZCARD", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .sortedSet, since: "1.2.0",
      summary: "Returns the number of members in a sorted set.", syntax: "key", run: zcard),
    Command(
      "ZSCORE", arity: 3, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "1.2.0",
      summary: "Returns the score of a member of a sorted set.", syntax: "key member", run: zscore),
    Command(
      "ZMSCORE", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "6.2.0",
      summary: "Returns the scores of the given members of a sorted set.",
      complexity: "O(N) where N is the number of members being requested.", syntax: "key member [member ...]",
      run: zmscore),
    Command(
      "ZRANK", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "2.0.0",
      summary: "Returns the rank of a member of a sorted set, lowest score first.", complexity: "O(log(N))",
      syntax: "key member [WITHSCORE]", run: zrank),
    Command(
      "ZREVRANK", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "2.0.0",
      summary: "Returns the rank of a member of a sorted set, highest score first.", complexity: "O(log(N))",
      syntax: "key member [WITHSCORE]", run: zrevrank),
    Command(
      "ZCOUNT", arity: 4, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "2.0.0",
      summary: "Counts the members of a sorted set whose scores lie in a range.",
      complexity: "O(log(N)) with N being the number of elements in the sorted set.", syntax: "key min max",
      run: zcount),
    Command(
      "ZLEXCOUNT", arity: 4, [.readonly, .fast], keys: [.one("RO", "access")], group: .sortedSet, since: "2.8.9",
      summary: "Counts the members of a sorted set whose names lie in a range.",
      complexity: "O(log(N)) with N being the number of elements in the sorted set.", syntax: "key min max",
      run: zlexcount),
    Command(
      "ZRANDMEMBER", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "6.2.0",
      summary: "Returns one or more members of a sorted set at random.",
      complexity: "O(N) where N is the number of elements returned", syntax: "key [count [WITHSCORES]]",
      tips: ["nondeterministic_output"], run: zrandmember),
    Command(
      "ZSCAN", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "2.8.0",
      summary: "Walks over the members and scores of a sorted set, some at each call.",
      complexity: "O(1) for every call. O(N) for a complete iteration.",
      syntax: "key cursor [MATCH pattern] [COUNT count]", tips: ["nondeterministic_output"], run: zscan),
  ]
}

extension Call {
  @inline(__always)
  func findSortedSet(_ index: Int, _ options: Keyspace.LookupOptions, _ reply: inout ReplyWriter) -> Lookup {
    find(index, as: .sortedSet, options: options, &reply)
  }

  /// Reports removed members of the sorted set at `index`, and removes the key if none is left.
  func removedMembers(_ index: Int, _ entry: Entry, event: StaticString, count: Int) {
    guard count > 0 else { return }
    let isEmpty = SortedSetValue.count(entry) == 0
    if isEmpty { keyspace.pointee.delete(database, entry, hash: hash(index), lazily: false) }
    changed(index, .sortedSet, event, count: count)
    if isEmpty { changed(index, .generic, "del", count: 0) }
  }

  /// The double at `index`; nil after the error was written.
  @inline(__always)
  func double(
    _ index: Int, orError message: StaticString = "ERR value is not a valid float", _ reply: inout ReplyWriter
  ) -> Double? {
    if let value = parseDouble(self[index]) { return value }
    reply.error(message)
    return nil
  }

  /// The range of scores between the arguments at two indices; nil after the error was written.
  func scoreRange(_ minimum: Int, _ maximum: Int, _ reply: inout ReplyWriter) -> ScoreRange? {
    if let low = parseScoreBound(self[minimum]), let high = parseScoreBound(self[maximum]) {
      return ScoreRange(from: low.score, excluded: low.isExcluded, to: high.score, excluded: high.isExcluded)
    }
    reply.error("ERR min or max is not a float")
    return nil
  }

  /// The range of names between the arguments at two indices; nil after the error was written.
  func lexRange(_ minimum: Int, _ maximum: Int, _ reply: inout ReplyWriter) -> LexRange? {
    if let low = parseLexBound(self[minimum]), let high = parseLexBound(self[maximum]) {
      return LexRange(from: low, to: high)
    }
    reply.error("ERR min or max not valid string range item")
    return nil
  }
}

/// A score, or one that is excluded after an opening parenthesis. Redis reads these more leniently than other numbers:
/// blanks may come first, nothing at all is 0, and what is too large is infinite.
private func parseScoreBound(_ text: Bytes) -> (score: Double, isExcluded: Bool)? {
  let isExcluded = text.count > 0 && text[0] == UInt8(ascii: "(")
  let number = isExcluded ? text[1..<text.count] : text
  if let plain = parsePlainDouble(number) { return (plain, isExcluded) }
  return parseLenientDouble(number).map { ($0, isExcluded) }
}

private func parseLexBound(_ text: Bytes) -> LexRange.Bound? {
  guard let first = text.isEmpty ? nil : text[0] else { return nil }
  switch first {
  case UInt8(ascii: "-") where text.count == 1: return .lowest
  case UInt8(ascii: "+") where text.count == 1: return .highest
  case UInt8(ascii: "("): return .name(text[1..<text.count], isExcluded: true)
  case UInt8(ascii: "["): return .name(text[1..<text.count], isExcluded: false)
  default: return nil
  }
}

extension ReplyWriter {
  /// The head of a list of members: with scores it is flat in RESP2, and of arrays of two in RESP3.
  @inline(__always)
  mutating func members(_ count: Int, withScores: Bool) { array(withScores && !isRESP3 ? count * 2 : count) }

  @inline(__always)
  mutating func member(_ member: SortedSetValue.Member, withScores: Bool) {
    if withScores && isRESP3 { array(2) }
    fieldValue(member.name)
    if withScores { double(member.score) }
  }
}

// MARK: Look-up

private func zcard(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(SortedSetValue.count(entry))
  }
}

private func zscore(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.null()
  case .found(let entry): reply.score(SortedSetValue.score(entry, call[2]))
  }
}

private func zmscore(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(call.count - 2)
    for _ in 2..<call.count { reply.null() }
  case .found(let entry):
    reply.array(call.count - 2)
    for i in 2..<call.count { reply.score(SortedSetValue.score(entry, call[i])) }
  }
}

extension ReplyWriter {
  @inline(__always)
  fileprivate mutating func score(_ score: Double?) {
    if let score { double(score) } else { null() }
  }
}

private func zrank(_ call: Call, _ reply: inout ReplyWriter) { rank(call, isReversed: false, &reply) }
private func zrevrank(_ call: Call, _ reply: inout ReplyWriter) { rank(call, isReversed: true, &reply) }

private func rank(_ call: Call, isReversed: Bool, _ reply: inout ReplyWriter) {
  if call.count > 4 { return reply.wrongArity(call) }
  let withScore = call.count == 4
  if withScore && !call.argument(3, is: "withscore") { return reply.syntaxError() }
  let found = call.findSortedSet(1, .none, &reply)
  if case .wrongType = found { return }
  guard case .found(let entry) = found, let place = SortedSetValue.rank(entry, call[2]) else {
    if withScore { reply.nullArray() } else { reply.null() }
    return
  }
  if withScore { reply.array(2) }
  reply.integer(isReversed ? SortedSetValue.count(entry) - 1 - place.rank : place.rank)
  if withScore { reply.double(place.score) }
}

private func zcount(_ call: Call, _ reply: inout ReplyWriter) {
  guard let range = call.scoreRange(2, 3, &reply) else { return }
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(SortedSetValue.ranks(entry, of: range).count)
  }
}

private func zlexcount(_ call: Call, _ reply: inout ReplyWriter) {
  guard let range = call.lexRange(2, 3, &reply) else { return }
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(SortedSetValue.ranks(entry, of: range, isReversed: false).count)
  }
}

// MARK: Scan

private func zscan(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.scanCursor(2, &reply) else { return }
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing:
    reply.array(2)
    reply.bulk(unsigned: 0)
    reply.array(0)
  case .found(let entry):
    var options = ScanOptions()
    guard options.parse(call, from: 3, allowing: [], &reply) else { return }
    var cursor = start
    var steps = options.maximumSteps
    var seen = 0
    var found: [SortedSetValue.Member] = []
    repeat {
      cursor = SortedSetValue.scan(entry, cursor) { member in
        seen += 1
        if options.pattern == nil || member.name.withBytes(options.accepts) { found.append(member) }
      }
      steps -= 1
    } while cursor != 0 && steps > 0 && seen < options.count
    reply.array(2)
    reply.bulk(unsigned: cursor)
    reply.array(found.count * 2)
    for member in found {
      reply.fieldValue(member.name)
      if let stored = member.storedScore { reply.fieldValue(stored) } else { reply.bulkDouble(member.score) }
    }
  }
}
