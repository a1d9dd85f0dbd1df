import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  static let sortedSetCombinations: [Command] = [
    Command(
      "ZUNION", arity: -3, [.readonly, .movableKeys], keys: [inputs(at: 1)], group: .sortedSet, since: "6.2.0",
      summary: "Returns the members that are in any of several sorted sets.", complexity: unionComplexity,
      syntax:
        "numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]",
      run: zunion),
    Command(
      "ZUNIONSTORE", arity: -4, [.write, .denyOOM, .movableKeys], keys: [.one("OW", "update"), inputs(at: 2)],
      group: .sortedSet, since: "2.0.0",
      summary: "Stores the members that are in any of several sorted sets under a key.", complexity: unionComplexity,
      syntax:
        "destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]",
      run: zunionstore),
    Command(
      "ZINTER", arity: -3, [.readonly, .movableKeys], keys: [inputs(at: 1)], group: .sortedSet, since: "6.2.0",
      summary: "Returns the members that are in all of several sorted sets.", complexity: intersectionComplexity,
      syntax:
        "numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]",
      run: zinter),
    Command(
      "ZINTERSTORE", arity: -4, [.write, .denyOOM, .movableKeys], keys: [.one("OW", "update"), inputs(at: 2)],
      group: .sortedSet, since: "2.0.0",
      summary: "Stores the members that are in all of several sorted sets under a key.",
      complexity: intersectionComplexity,
      syntax:
        "destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]",
      run: zinterstore),
    Command(
      "ZINTERCARD", arity: -3, [.readonly, .movableKeys], keys: [inputs(at: 1)], group: .sortedSet, since: "7.0.0",
      summary: "Counts the members that are in all of several sorted sets.",
      complexity:
        "O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.",
      syntax: "numkeys key [key ...] [LIMIT limit]", run: zintercard),
    Command(
      "ZDIFF", arity: -3, [.readonly, .movableKeys], keys: [inputs(at: 1)], group: .sortedSet, since: "6.2.0",
      summary: "Returns the members of a sorted set that are in none of several others.",
      complexity: differenceComplexity, syntax: "numkeys key [key ...] [WITHSCORES]", run: zdiff),
    Command(
      "ZDIFFSTORE", arity: -4, [.write, .denyOOM, .movableKeys], keys: [.one("OW", "update"), inputs(at: 2)],
      group: .sortedSet, since: "6.2.0",
      summary: "Stores the members of a sorted set that are in none of several others under a key.",
      complexity: differenceComplexity, syntax: "destination numkeys key [key ...]", run: zdiffstore),
  ]

  private static func inputs(at index: Int) -> KeySpec {
    KeySpec(.index(index), .count(at: 0, first: 1, step: 1), ["RO", "access"])
  }

  private static let unionComplexity: StaticString =
    "O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set."
  private static let intersectionComplexity: StaticString =
    "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set."
  private static let differenceComplexity: StaticString =
    "O(N*K)+O(M*log(M)) worst case with N being the size of the first sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set."
}

private func zunion(_ call: Call, _ reply: inout ReplyWriter) { answer(call, .union, &reply) }
private func zinter(_ call: Call, _ reply: inout ReplyWriter) { answer(call, .intersection, &reply) }
private func zdiff(_ call: Call, _ reply: inout ReplyWriter) { answer(call, .difference, &reply) }
private func zunionstore(_ call: Call, _ reply: inout ReplyWriter) { store(call, .union, &reply) }
private func zinterstore(_ call: Call, _ reply: inout ReplyWriter) { store(call, .intersection, &reply) }
private func zdiffstore(_ call: Call, _ reply: inout ReplyWriter) { store(call, .difference, &reply) }

private enum Operation {
  case union
  case intersection
  case difference

  var event: StaticString {
    switch self {
    case .union: "zunionstore"
    case .intersection: "zinterstore"
    case .difference: "zdiffstore"
    }
  }
}

private func answer(_ call: Call, _ operation: Operation, _ reply: inout ReplyWriter) {
  guard let combination = Combination(call, keyCount: 1, .answer(operation), &reply) else { return }
  let result = combination.result(operation, call)
  let withScores = combination.withScores
  reply.members(result.count, withScores: withScores)
  result.forEach { reply.member($0, withScores: withScores) }
}

private func store(_ call: Call, _ operation: Operation, _ reply: inout ReplyWriter) {
  guard let combination = Combination(call, keyCount: 2, .store(operation), &reply) else { return }
  let fresh = combination.result(operation, call).finish(key: call[1], in: call.keyspace)
  call.storeSortedSet(fresh, 1, event: operation.event, &reply)
}

private func zintercard(_ call: Call, _ reply: inout ReplyWriter) {
  guard let combination = Combination(call, keyCount: 1, .count, &reply) else { return }
  var found = 0
  let limit = combination.limit
  combination.intersect { _, _ in
    found += 1
    return limit == 0 || found < limit
  }
  reply.integer(found)
}

/// A sorted set that is combined with others. A plain set serves as well: all of its scores are 1.
private struct Input {
  let entry: Entry?
  var weight = 1.0

  static func accepts(_ entry: Entry) -> Bool { entry.valueType == .sortedSet || entry.valueType == .set }

  private var isPlain: Bool { entry?.valueType == .set }

  var count: Int {
    guard let entry else { return 0 }
    return isPlain ? SetValue.count(entry) : SortedSetValue.count(entry)
  }

  func score(_ member: Bytes) -> Double? {
    guard let entry else { return nil }
    if isPlain { return SetValue.contains(entry, member) ? 1 : nil }
    return SortedSetValue.score(entry, member)
  }

  /// Visits members until `visit` returns false, the highest score first as Redis does, which shows in how sums are
  /// rounded.
  func forEachWhile(_ visit: (Bytes, Double) -> Bool) {
    guard let entry else { return }
    if isPlain {
      SetValue.forEachWhile(entry) { member in member.withBytes { visit($0, 1) } }
    } else {
      SortedSetValue.forEachWhile(entry, 0..<count, isReversed: true) { member in
        member.name.withBytes { visit($0, member.score) }
      }
    }
  }
}

/// How the scores of one member in several sets become one.
private enum Aggregate {
  case sum
  case least
  case greatest
  /// The scores do not matter: the weights of the sets that have the member are added up.
  case count

  init?(_ word: Bytes) {
    if word.equalsIgnoringCase("sum") {
      self = .sum
    } else if word.equalsIgnoringCase("min") {
      self = .least
    } else if word.equalsIgnoringCase("max") {
      self = .greatest
    } else if word.equalsIgnoringCase("count") {
      self = .count
    } else {
      return nil
    }
  }

  @inline(__always)
  func weighted(_ score: Double, _ weight: Double) -> Double { self == .count ? weight : score * weight }

  /// Infinity plus its opposite is 0.
  @inline(__always)
  func combine(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .sum, .count: (a + b).isNaN ? 0 : a + b
    case .least: b < a ? b : a
    case .greatest: b > a ? b : a
    }
  }
}

/// The arguments of ZUNION and its kin from the number of keys on.
private struct Combination {
  enum Purpose {
    case answer(Operation)
    case store(Operation)
    case count

    var takesWeights: Bool {
      switch self {
      case .answer(let operation), .store(let operation): operation != .difference
      case .count: false
      }
    }
  }

  private(set) var inputs: [Input] = []
  private(set) var aggregate = Aggregate.sum
  private(set) var withScores = false
  /// 0: none.
  private(set) var limit: Int64 = 0

  /// Nil after an error was written.
  init?(_ call: Call, keyCount index: Int, _ purpose: Purpose, _ reply: inout ReplyWriter) {
    guard let keyCount = call.integer(index, &reply) else { return nil }
    if keyCount < 1 {
      reply.error("ERR at least 1 input key is needed for '\(call.command.pointee.fullName)' command")
      return nil
    }
    guard keyCount <= Int64(call.count - index - 1) else {
      reply.syntaxError()
      return nil
    }
    let end = index + 1 + Int(keyCount)
    inputs.reserveCapacity(Int(keyCount))
    for i in index + 1..<end {
      let entry = call.find(i)
      if let entry, !Input.accepts(entry) {
        reply.wrongType()
        return nil
      }
      inputs.append(Input(entry: entry))
    }
    guard parseOptions(call, from: end, purpose, &reply) else { return nil }
  }

  /// False after an error was written.
  private mutating func parseOptions(
    _ call: Call, from first: Int, _ purpose: Purpose, _ reply: inout ReplyWriter
  ) -> Bool {
    var i = first
    while i < call.count {
      let remaining = call.count - i
      if purpose.takesWeights && remaining > inputs.count && call.argument(i, is: "weights") {
        for j in inputs.indices {
          guard let weight = call.double(i + 1 + j, orError: "ERR weight value is not a float", &reply) else {
            return false
          }
          inputs[j].weight = weight
        }
        i += 1 + inputs.count
      } else if purpose.takesWeights && remaining >= 2 && call.argument(i, is: "aggregate"),
        let given = Aggregate(call[i + 1])
      {
        aggregate = given
        i += 2
      } else if case .answer = purpose, call.argument(i, is: "withscores") {
        withScores = true
        i += 1
      } else if case .count = purpose, remaining >= 2, call.argument(i, is: "limit") {
        guard let given = parseInteger(call[i + 1]), given >= 0 else {
          reply.error("ERR LIMIT can't be negative")
          return false
        }
        limit = given
        i += 2
      } else {
        reply.syntaxError()
        return false
      }
    }
    return true
  }

  func result(_ operation: Operation, _ call: Call) -> SortedSetBuilder {
    var builder = SortedSetBuilder(hashKey: call.keyspace.pointee.hashKey)
    switch operation {
    case .union: unite(&builder)
    case .intersection:
      intersect { member, score in
        builder.add(member, score) { _, fresh in fresh }
        return true
      }
    case .difference: subtract(&builder)
    }
    return builder
  }

  /// The smallest first: there is less to look up in an intersection, and sums are rounded as in Redis.
  private var ordered: [Input] { inputs.sorted { $0.count < $1.count } }

  private func unite(_ builder: inout SortedSetBuilder) {
    for input in ordered {
      input.forEachWhile { member, score in
        let weighted = aggregate.weighted(score, input.weight)
        builder.add(member, weighted.isNaN ? 0 : weighted, combine: aggregate.combine)
        return true
      }
    }
  }

  /// Visits the members that all inputs have, until `visit` returns false.
  func intersect(_ visit: (Bytes, Double) -> Bool) {
    let ordered = ordered
    ordered[0].forEachWhile { member, score in
      let weighted = aggregate.weighted(score, ordered[0].weight)
      var total = weighted.isNaN ? 0 : weighted
      for other in ordered[1...] {
        guard let score = other.score(member) else { return true }
        total = aggregate.combine(total, aggregate.weighted(score, other.weight))
      }
      return visit(member, total)
    }
  }

  private func subtract(_ builder: inout SortedSetBuilder) {
    let others = inputs[1...]
    // Taken from itself, nothing is left.
    if others.contains(where: { $0.entry != nil && $0.entry?.address == inputs[0].entry?.address }) { return }
    inputs[0].forEachWhile { member, score in
      if !others.contains(where: { $0.score(member) != nil }) { builder.add(member, score) { _, fresh in fresh } }
      return true
    }
  }
}
