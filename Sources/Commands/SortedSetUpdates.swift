import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  static let sortedSetUpdates: [Command] = [
    Command(
      "ZADD", arity: -4, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .sortedSet, since: "1.2.0",
      summary: "Adds members to a sorted set, or changes their scores.",
      complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
      syntax: "key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]", run: zadd),
    Command(
      "ZINCRBY", arity: 4, [.write, .denyOOM, .fast], keys: [.one("RW", "access", "update")], group: .sortedSet,
      since: "1.2.0", summary: "Adds a number to the score of a member of a sorted set.",
      complexity: "O(log(N)) where N is the number of elements in the sorted set.", syntax: "key increment member",
      run: zincrby),
    Command(
      "ZREM", arity: -3, [.write, .fast], keys: [.one("RW", "delete")], group: .sortedSet, since: "1.2.0",
      summary: "Removes members from a sorted set, and the set with its last member.",
      complexity:
        "O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.",
      syntax: "key member [member ...]", run: zrem),
    Command(
      "ZREMRANGEBYRANK", arity: 4, [.write], keys: [.one("RW", "delete")], group: .sortedSet, since: "2.0.0",
      summary: "Removes the members of a range of ranks from a sorted set.", complexity: removalComplexity,
      syntax: "key start stop", run: zremrangebyrank),
    Command(
      "ZREMRANGEBYSCORE", arity: 4, [.write], keys: [.one("RW", "delete")], group: .sortedSet, since: "1.2.0",
      summary: "Removes the members whose scores lie in a range from a sorted set.", complexity: removalComplexity,
      syntax: "key min max", run: zremrangebyscore),
    Command(
      "ZREMRANGEBYLEX", arity: 4, [.write], keys: [.one("RW", "delete")], group: .sortedSet, since: "2.8.9",
      summary: "Removes the members whose names lie in a range from a sorted set.", complexity: removalComplexity,
      syntax: "key min max", run: zremrangebylex),
  ]

  private static let removalComplexity: StaticString =
    "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed."
}

// MARK: Add

/// The options of ZADD and GEOADD.
struct ScoreArguments {
  var options: ScoreOptions = .none
  /// CH: the reply counts changed scores too.
  var countsChanges = false

  /// Takes one word; false if it is no option.
  mutating func take(_ word: Bytes, allowing allowed: ScoreOptions) -> Bool {
    func insert(_ option: ScoreOptions) -> Bool {
      guard allowed.contains(option) else { return false }
      options.insert(option)
      return true
    }
    // Nearly always it is a score.
    if word.count > 4 || word.count < 2 { return false }
    if word.equalsIgnoringCase("nx") { return insert(.onlyNew) }
    if word.equalsIgnoringCase("xx") { return insert(.onlyExisting) }
    if word.equalsIgnoringCase("gt") { return insert(.onlyGreater) }
    if word.equalsIgnoringCase("lt") { return insert(.onlyLess) }
    if word.equalsIgnoringCase("incr") { return insert(.increments) }
    guard word.equalsIgnoringCase("ch") else { return false }
    countsChanges = true
    return true
  }
}

private func zadd(_ call: Call, _ reply: inout ReplyWriter) { add(call, increments: false, &reply) }
private func zincrby(_ call: Call, _ reply: inout ReplyWriter) { add(call, increments: true, &reply) }

private func add(_ call: Call, increments: Bool, _ reply: inout ReplyWriter) {
  var arguments = ScoreArguments(options: increments ? .increments : .none)
  var first = 2
  while first < call.count, arguments.take(call[first], allowing: .all) { first += 1 }
  let options = arguments.options
  let pairs = (call.count - first) / 2
  guard pairs > 0 && (call.count - first) % 2 == 0 else { return reply.syntaxError() }
  if options.contains(.onlyNew) {
    if options.contains(.onlyExisting) {
      return reply.error("ERR XX and NX options at the same time are not compatible")
    }
    if options.contains(.onlyGreater) || options.contains(.onlyLess) { return reply.incompatibleComparison() }
  }
  if options.contains(.onlyGreater) && options.contains(.onlyLess) { return reply.incompatibleComparison() }
  if options.contains(.increments) && pairs > 1 {
    return reply.error("ERR INCR option supports a single increment-element pair")
  }
  // All are read before anything changes.
  withUnsafeTemporaryAllocation(of: Double.self, capacity: pairs) { scores in
    for i in 0..<pairs {
      guard let score = call.double(first + i * 2, &reply) else { return }
      scores[i] = score
    }
    call.setScores(UnsafeBufferPointer(scores), members: first + 1, step: 2, arguments, &reply)
  }
}

extension ScoreOptions {
  fileprivate static var all: ScoreOptions { ScoreOptions(rawValue: 31) }
}

extension ReplyWriter {
  fileprivate mutating func incompatibleComparison() {
    error("ERR GT, LT, and/or NX options at the same time are not compatible")
  }
}

extension Call {
  /// Sets the scores of the members at every `step`-th argument from `members` on, and replies as ZADD does.
  @inline(__always)
  func setScores(
    _ scores: UnsafeBufferPointer<Double>, members: Int, step: Int, _ arguments: ScoreArguments,
    _ reply: inout ReplyWriter
  ) {
    let increments = arguments.options.contains(.increments)
    let entry: Entry
    switch findSortedSet(1, .write, &reply) {
    case .wrongType: return
    case .found(let found):
      entry = found
      if scores.count > 1 { keyspace.pointee.prepareSortedSet(entry, adding: scores.count) }
    case .missing:
      if arguments.options.contains(.onlyExisting) {
        if increments { reply.null() } else { reply.integer(0) }
        return
      }
      entry = keyspace.pointee.addSortedSet(
        database, self[1], hash: hash(1), adding: scores.count, firstLength: self[members].count)
    }
    var added = 0
    var updated = 0
    var result: Double?
    for i in 0..<scores.count {
      var score = scores[i]
      switch keyspace.pointee.setScore(entry, self[members &+ i &* step], &score, arguments.options) {
      case .added:
        added &+= 1
        result = score
      case .updated:
        updated &+= 1
        result = score
      case .same: result = score
      case .skipped: break
      // Only an increment comes to this, and there is but one.
      case .notANumber: return reply.error("ERR resulting score is not a number (NaN)")
      }
    }
    if !increments {
      reply.integer(arguments.countsChanges ? added + updated : added)
    } else if let result {
      reply.double(result)
    } else {
      reply.null()
    }
    if added + updated > 0 { changed(1, .sortedSet, increments ? "zincr" : "zadd", count: added + updated) }
  }
}

// MARK: Remove

private func zrem(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.findSortedSet(1, .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    var removed = 0
    for i in 2..<call.count where call.keyspace.pointee.removeScored(entry, call[i]) { removed += 1 }
    call.removedMembers(1, entry, event: "zrem", count: removed)
    reply.integer(removed)
  }
}

private func zremrangebyrank(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.integer(2, &reply), let stop = call.integer(3, &reply) else { return }
  removeRange(call, event: "zremrangebyrank", &reply) {
    RankRange(from: start, through: stop, count: SortedSetValue.count($0)).ranks
  }
}

private func zremrangebyscore(_ call: Call, _ reply: inout ReplyWriter) {
  guard let range = call.scoreRange(2, 3, &reply) else { return }
  removeRange(call, event: "zremrangebyscore", &reply) { SortedSetValue.ranks($0, of: range) }
}

private func zremrangebylex(_ call: Call, _ reply: inout ReplyWriter) {
  guard let range = call.lexRange(2, 3, &reply) else { return }
  removeRange(call, event: "zremrangebylex", &reply) { SortedSetValue.ranks($0, of: range, isReversed: false) }
}

private func removeRange(
  _ call: Call, event: StaticString, _ reply: inout ReplyWriter, _ ranks: (Entry) -> Range<Int>
) {
  switch call.findSortedSet(1, .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    let removed = ranks(entry)
    call.keyspace.pointee.removeScored(entry, ranks: removed)
    call.removedMembers(1, entry, event: event, count: removed.count)
    reply.integer(removed.count)
  }
}
