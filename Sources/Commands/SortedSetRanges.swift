import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  static let sortedSetRanges: [Command] = [
    Command(
      "ZRANGE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "1.2.0",
      summary: "Returns the members of a range of ranks, scores or names.", complexity: rangeComplexity,
      syntax: "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]", run: zrange),
    Command(
      "ZREVRANGE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "1.2.0",
      summary: "Returns the members of a range of ranks, highest score first.", complexity: rangeComplexity,
      syntax: "key start stop [WITHSCORES]", run: zrevrange),
    Command(
      "ZRANGEBYSCORE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "1.0.5",
      summary: "Returns the members whose scores lie in a range.", complexity: rangeComplexity,
      syntax: "key min max [WITHSCORES] [LIMIT offset count]", run: zrangebyscore),
    Command(
      "ZREVRANGEBYSCORE", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "2.2.0",
      summary: "Returns the members whose scores lie in a range, highest score first.", complexity: rangeComplexity,
      syntax: "key max min [WITHSCORES] [LIMIT offset count]", run: zrevrangebyscore),
    Command(
      "ZRANGEBYLEX", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "2.8.9",
      summary: "Returns the members whose names lie in a range.", complexity: rangeComplexity,
      syntax: "key min max [LIMIT offset count]", run: zrangebylex),
    Command(
      "ZREVRANGEBYLEX", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .sortedSet, since: "2.8.9",
      summary: "Returns the members whose names lie in a range, last name first.", complexity: rangeComplexity,
      syntax: "key max min [LIMIT offset count]", run: zrevrangebylex),
    Command(
      "ZRANGESTORE", arity: -5, [.write, .denyOOM], keys: [.one("OW", "update"), .one("RO", "access", at: 2)],
      group: .sortedSet, since: "6.2.0", summary: "Stores the members of a range under another key.",
      complexity:
        "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored.",
      syntax: "dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]", run: zrangestore),
  ]

  private static let rangeComplexity: StaticString =
    "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned."
}

/// Ranks as a client gives them: both ends belong to it, and negative ones count from the end.
struct RankRange {
  let ranks: Range<Int>

  init(from start: Int64, through stop: Int64, count: Int) {
    var start = start < 0 ? start + Int64(count) : start
    let stop = stop < 0 ? stop + Int64(count) : min(stop, Int64(count) - 1)
    if start < 0 { start = 0 }
    ranks = start > stop || start >= Int64(count) ? 0..<0 : Int(start)..<Int(stop) + 1
  }
}

/// ZRANGE and all of its kin, as their arguments say.
private struct RangeQuery {
  enum Kind {
    case rank
    case score
    case lex
  }

  enum Bounds {
    case rank(Int64, Int64)
    case score(ScoreRange)
    case lex(LexRange)
  }

  private(set) var isReversed: Bool
  private(set) var withScores = false
  private(set) var bounds = Bounds.rank(0, 0)
  private var offset: Int64 = 0
  /// Negative: all.
  private var limit: Int64 = -1

  /// - Parameters:
  ///   - key: index of the key's argument; the bounds follow it.
  ///   - kind: nil if the options tell.
  ///   - isStoring: whether the reply has no members, and so no scores.
  /// - Returns: nil after an error was written.
  init?(
    _ call: Call, key: Int, kind given: Kind?, isReversed givenReversed: Bool? = nil, isStoring: Bool = false,
    _ reply: inout ReplyWriter
  ) {
    var kind = given
    isReversed = givenReversed ?? false
    var i = key + 3
    while i < call.count {
      if !isStoring && call.argument(i, is: "withscores") {
        withScores = true
      } else if call.argument(i, is: "limit") && i + 2 < call.count {
        guard let offset = call.integer(i + 1, &reply), let limit = call.integer(i + 2, &reply) else { return nil }
        self.offset = offset
        self.limit = limit
        i += 2
      } else if givenReversed == nil && !isReversed && call.argument(i, is: "rev") {
        isReversed = true
      } else if kind == nil && call.argument(i, is: "bylex") {
        kind = .lex
      } else if kind == nil && call.argument(i, is: "byscore") {
        kind = .score
      } else {
        reply.syntaxError()
        return nil
      }
      i += 1
    }
    let byRank = kind == nil || kind == .rank
    if limit != -1 && byRank {
      reply.error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")
      return nil
    }
    if withScores && kind == .lex {
      reply.error("ERR syntax error, WITHSCORES not supported in combination with BYLEX")
      return nil
    }
    guard let bounds = Self.bounds(call, key: key, kind: kind ?? .rank, isReversed: isReversed, &reply) else {
      return nil
    }
    self.bounds = bounds
  }

  private static func bounds(
    _ call: Call, key: Int, kind: Kind, isReversed: Bool, _ reply: inout ReplyWriter
  ) -> Bounds? {
    if kind == .rank {
      guard let start = call.integer(key + 1, &reply), let stop = call.integer(key + 2, &reply) else { return nil }
      return .rank(start, stop)
    }
    // The higher bound comes first in a reversed range.
    let minimum = isReversed ? key + 2 : key + 1
    let maximum = isReversed ? key + 1 : key + 2
    return kind == .score
      ? call.scoreRange(minimum, maximum, &reply).map { .score($0) }
      : call.lexRange(minimum, maximum, &reply).map { .lex($0) }
  }

  /// The ranks of the members that are asked for.
  func ranks(_ entry: Entry) -> Range<Int> {
    switch bounds {
    case .rank(let start, let stop):
      let count = SortedSetValue.count(entry)
      let ranks = RankRange(from: start, through: stop, count: count).ranks
      return isReversed ? count - ranks.upperBound..<count - ranks.lowerBound : ranks
    case .score(let range): return limited(SortedSetValue.ranks(entry, of: range))
    case .lex(let range): return limited(SortedSetValue.ranks(entry, of: range, isReversed: isReversed))
    }
  }

  private func limited(_ ranks: Range<Int>) -> Range<Int> {
    guard offset >= 0 && offset < ranks.count else { return 0..<0 }
    let left = ranks.count - Int(offset)
    let taken = limit < 0 || limit > left ? left : Int(limit)
    if isReversed {
      let end = ranks.upperBound - Int(offset)
      return end - taken..<end
    }
    let start = ranks.lowerBound + Int(offset)
    return start..<start + taken
  }
}

private func answer(_ query: RangeQuery, _ call: Call, _ reply: inout ReplyWriter) {
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let ranks = query.ranks(entry)
    let withScores = query.withScores
    reply.members(ranks.count, withScores: withScores)
    SortedSetValue.forEach(entry, ranks, isReversed: query.isReversed) { reply.member($0, withScores: withScores) }
  }
}

private func zrange(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: nil, &reply) { answer(query, call, &reply) }
}

private func zrevrange(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: .rank, isReversed: true, &reply) { answer(query, call, &reply) }
}

private func zrangebyscore(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: .score, isReversed: false, &reply) { answer(query, call, &reply) }
}

private func zrevrangebyscore(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: .score, isReversed: true, &reply) { answer(query, call, &reply) }
}

private func zrangebylex(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: .lex, isReversed: false, &reply) { answer(query, call, &reply) }
}

private func zrevrangebylex(_ call: Call, _ reply: inout ReplyWriter) {
  if let query = RangeQuery(call, key: 1, kind: .lex, isReversed: true, &reply) { answer(query, call, &reply) }
}

private func zrangestore(_ call: Call, _ reply: inout ReplyWriter) {
  guard let query = RangeQuery(call, key: 2, kind: nil, isStoring: true, &reply) else { return }
  let found = call.findSortedSet(2, .none, &reply)
  if case .wrongType = found { return }
  guard case .found(let entry) = found else { return call.storeSortedSet(nil, 1, event: "zrangestore", &reply) }
  let ranks = query.ranks(entry)
  let fresh = call.keyspace.pointee.makeSortedSet(key: call[1], adding: ranks.count)
  // In the order asked for: what comes before a member that is too long for a listpack was in one, and -0 lost its sign.
  SortedSetValue.forEach(entry, ranks, isReversed: query.isReversed) { member in
    member.name.withBytes { call.keyspace.pointee.append(fresh, $0, member.score) }
  }
  call.storeSortedSet(fresh, 1, event: "zrangestore", &reply)
}

extension Call {
  /// Puts a set that was made for the key at `index` there, whatever was there before, and replies with its size. An
  /// empty one, or nil, is no key.
  ///
  /// - Parameter dirty: by how much the change counter rises.
  func storeSortedSet(_ fresh: Entry?, _ index: Int, event: StaticString, dirty: Int = 1, _ reply: inout ReplyWriter) {
    let count = fresh.map { SortedSetValue.count($0) } ?? 0
    reply.integer(count)
    if let fresh, count > 0 {
      keyspace.pointee.put(database, fresh, hash: hash(index))
      changed(index, .sortedSet, event, count: dirty)
      return
    }
    if let fresh { keyspace.pointee.release(fresh, lazily: false) }
    if let old = find(index, .silent) { delete(index, old) }
  }
}
