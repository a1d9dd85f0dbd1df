import Commands
import Keyspace
import Memory
import Structures
import Testing

private func entry(_ runner: CommandRunner, _ key: String) -> Entry? {
  key.withBytes { key in
    runner.keyspace.pointee.databases[0].table.find(key, hash: runner.keyspace.pointee.hash(key))
      .map { Entry(address: $0.pointee) }
  }
}

private func encoding(_ runner: CommandRunner, _ key: String) -> String? {
  entry(runner, key).map { Value.encodingName($0).description }
}

private func words(_ runner: CommandRunner, _ line: String) -> [String] {
  runner.words(line.split(separator: " ").map(String.init))
}

/// What a sorted set should be.
private struct Model {
  var scores: [String: Double] = [:]

  var sorted: [(name: String, score: Double)] {
    scores.map { (name: $0.key, score: $0.value) }
      .sorted {
        $0.score != $1.score ? $0.score < $1.score : Array($0.name.utf8).lexicographicallyPrecedes($1.name.utf8)
      }
  }
}

/// An integer or an eighth, which both are exact in decimals.
private func score(_ random: inout SplitMix) -> Double { Double(Int.random(in: -80...80, using: &random)) / 8 }

private func text(_ score: Double) -> String {
  score == score.rounded() ? String(Int(score)) : "\(score)"
}

// MARK: Members and forms

@Test func sortedSetBehavesAsASortedDictionaryThroughConversions() {
  for seed in 0..<12 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    var model = Model()
    let range = [20, 100, 400, 3000][seed % 4]
    for step in 0..<3000 {
      let number = Int.random(in: 0..<range, using: &random)
      var member = step % 2 == 0 ? "m\(number)" : String(number)
      if seed % 3 == 1 && step % 900 == 899 { member = String(repeating: "x", count: 70) + member }
      let value = score(&random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4:
        let isNew = runner.run("zadd", "z", text(value), member) == ":1\r\n"
        #expect(isNew == (model.scores.updateValue(value, forKey: member) == nil), "seed \(seed) step \(step)")
      case 5:
        let sum = (model.scores[member] ?? 0) + value
        #expect(runner.words("zincrby", "z", text(value), member) == [text(sum)], "seed \(seed) step \(step)")
        model.scores[member] = sum
      case 6, 7:
        let removed = runner.run("zrem", "z", member) == ":1\r\n"
        #expect(removed == (model.scores.removeValue(forKey: member) != nil), "seed \(seed) step \(step)")
      case 8:
        let first = model.sorted.first
        #expect(runner.words("zpopmin", "z") == (first.map { [$0.name, text($0.score)] } ?? []))
        if let first { model.scores[first.name] = nil }
      default:
        let last = model.sorted.last
        #expect(runner.words("zpopmax", "z") == (last.map { [$0.name, text($0.score)] } ?? []))
        if let last { model.scores[last.name] = nil }
      }
      #expect(runner.words("zscore", "z", member) == [model.scores[member].map(text) ?? "nil"])
      #expect(runner.run("zcard", "z") == ":\(model.scores.count)\r\n", "seed \(seed) step \(step)")
      if step % 200 == 0 { checkRanges(runner, model, &random, "seed \(seed) step \(step)") }
    }
    #expect(
      runner.words("zrange", "z", "0", "-1", "withscores") == model.sorted.flatMap { [$0.name, text($0.score)] },
      "seed \(seed)")
  }
}

/// Ranges of all kinds against the model.
private func checkRanges(_ runner: CommandRunner, _ model: Model, _ random: inout SplitMix, _ place: Comment) {
  let sorted = model.sorted
  let low = score(&random)
  let high = low + Double(Int.random(in: 0..<10, using: &random))
  let within = sorted.filter { $0.score >= low && $0.score < high }.map(\.name)
  #expect(runner.words("zrangebyscore", "z", text(low), "(" + text(high)) == within, place)
  #expect(runner.words("zrevrangebyscore", "z", "(" + text(high), text(low)) == within.reversed(), place)
  #expect(runner.words("zcount", "z", text(low), "(" + text(high)) == ["\(within.count)"], place)
  #expect(
    runner.words("zrange", "z", text(low), "(" + text(high), "byscore", "limit", "2", "3")
      == Array(within.dropFirst(2).prefix(3)), place)
  #expect(
    runner.words("zrange", "z", "(" + text(high), text(low), "byscore", "rev", "limit", "1", "2")
      == Array(within.reversed().dropFirst().prefix(2)), place)
  let start = Int.random(in: -20...20, using: &random)
  let stop = start + Int.random(in: 0...9, using: &random)
  func index(_ rank: Int) -> Int { rank < 0 ? rank + sorted.count : rank }
  let ranks = sorted.indices.filter { $0 >= index(start) && $0 <= index(stop) }
  #expect(runner.words("zrange", "z", "\(start)", "\(stop)") == ranks.map { sorted[$0].name }, place)
  let reversed = Array(sorted.reversed())
  #expect(runner.words("zrevrange", "z", "\(start)", "\(stop)") == ranks.map { reversed[$0].name }, place)
  guard let some = sorted.indices.randomElement(using: &random) else { return }
  #expect(runner.words("zrank", "z", sorted[some].name) == ["\(some)"], place)
  #expect(
    runner.words("zrevrank", "z", sorted[some].name, "withscore")
      == ["\(sorted.count - 1 - some)", text(sorted[some].score)], place)
}

@Test func namesAreARangeIfScoresAreTheSame() {
  for count in [20, 600] {
    let runner = CommandRunner()
    let names = (0..<count).map { "m\($0)" }
    for name in names { _ = runner.run("zadd", "z", "0", name) }
    let sorted = names.sorted()
    func within(_ isIn: (String) -> Bool) -> [String] { sorted.filter(isIn) }
    #expect(runner.words("zrangebylex", "z", "-", "+") == sorted)
    #expect(runner.words("zrangebylex", "z", "[m12", "(m15") == within { $0 >= "m12" && $0 < "m15" })
    #expect(runner.words("zrevrangebylex", "z", "(m15", "[m12") == within { $0 >= "m12" && $0 < "m15" }.reversed())
    #expect(runner.words("zlexcount", "z", "(m12", "+") == ["\(within { $0 > "m12" }.count)"])
    #expect(runner.words("zrangebylex", "z", "+", "-") == [])
    #expect(runner.words("zrangebylex", "z", "(m12", "(m12") == [])
    #expect(
      runner.words("zrange", "z", "[m1", "+", "bylex", "limit", "1", "2")
        == Array(within { $0 >= "m1" }.dropFirst().prefix(2)))
    #expect(runner.words("zremrangebylex", "z", "[m1", "(m2") == ["\(within { $0 >= "m1" && $0 < "m2" }.count)"])
    #expect(runner.words("zrange", "z", "0", "-1") == within { $0 < "m1" || $0 >= "m2" })
  }
}

@Test func sortedSetLeavesTheListpackAtItsLimits() {
  let runner = CommandRunner()
  for i in 0..<128 { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
  #expect(encoding(runner, "z") == "listpack")
  _ = runner.run("zadd", "z", "0", "more")
  #expect(encoding(runner, "z") == "skiplist")
  #expect(runner.run("zcard", "z") == ":129\r\n")

  _ = runner.run("zadd", "long", "1", String(repeating: "x", count: 64))
  #expect(encoding(runner, "long") == "listpack")
  _ = runner.run("zadd", "long", "1", String(repeating: "x", count: 65))
  #expect(encoding(runner, "long") == "skiplist")

  // Results are as small as they can be, whatever they come from.
  _ = runner.run("zrangestore", "part", "z", "0", "9")
  #expect(encoding(runner, "part") == "listpack")
  _ = runner.run("zunionstore", "all", "2", "z", "long")
  #expect(encoding(runner, "all") == "skiplist")
  runner.keyspace.pointee.sortedSetLimits.maximumEntries = 0
  _ = runner.run("zadd", "none", "1", "a")
  #expect(encoding(runner, "none") == "skiplist")
}

@Test func rangesAreRemovedInBothForms() {
  for count in [50, 1000] {
    let runner = CommandRunner()
    for i in 0..<count { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
    #expect(runner.words("zremrangebyrank", "z", "0", "9") == ["10"])
    #expect(runner.words("zremrangebyrank", "z", "-5", "-1") == ["5"])
    #expect(runner.words("zremrangebyscore", "z", "(15", "20") == ["5"])
    #expect(runner.words("zremrangebyscore", "z", "5", "1") == ["0"])
    #expect(runner.words("zrange", "z", "0", "5", "withscores").prefix(4) == ["m10", "10", "m11", "11"])
    #expect(runner.run("zcard", "z") == ":\(count - 20)\r\n")
    _ = runner.takeEvents()
    #expect(runner.words("zremrangebyrank", "z", "0", "-1") == ["\(count - 20)"])
    #expect(entry(runner, "z") == nil)
    #expect(runner.takeEvents() == ["zremrangebyrank z", "del z"])
  }
}

// MARK: Options and errors

@Test func conditionsDecideOverEachMember() {
  for filler in [0, 200] {
    let runner = CommandRunner()
    for i in 0..<filler { _ = runner.run("zadd", "z", "1000", "filler\(i)") }
    #expect(words(runner, "zadd z xx 1 a") == ["0"])
    #expect(words(runner, "zadd z nx 1 a 2 b") == ["2"])
    #expect(words(runner, "zadd z nx 5 a") == ["0"])
    #expect(words(runner, "zadd z xx ch 5 a 6 b 7 c") == ["2"])
    #expect(words(runner, "zadd z gt ch 4 a 9 b 1 c") == ["2"])
    #expect(words(runner, "zadd z lt ch 4 a 10 b 1 c") == ["1"])
    #expect(words(runner, "zmscore z a b c d") == ["4", "9", "1", "nil"])
    #expect(words(runner, "zadd z incr 2.5 a") == ["6.5"])
    #expect(words(runner, "zadd z nx incr 2 a") == ["nil"])
    #expect(words(runner, "zadd z gt incr -2 a") == ["nil"])
    #expect(words(runner, "zadd z xx gt incr 2 a") == ["8.5"])
    #expect(words(runner, "zadd z inf i") == ["1"])
    #expect(words(runner, "zincrby z -inf i") == ["-ERR resulting score is not a number (NaN)"])
    #expect(words(runner, "zscore z i") == ["inf"])
  }
  let runner = CommandRunner()
  #expect(words(runner, "zadd none xx incr 1 a") == ["nil"])
  #expect(entry(runner, "none") == nil)
}

@Test func wrongArgumentsOfSortedSetsAreErrors() {
  let runner = CommandRunner()
  _ = runner.run("zadd", "z", "1", "a")
  _ = runner.run("set", "s", "x")
  let wrong: [(String, String)] = [
    ("zadd z nx xx 1 a", "ERR XX and NX options at the same time are not compatible"),
    ("zadd z gt lt 1 a", "ERR GT, LT, and/or NX options at the same time are not compatible"),
    ("zadd z nx gt 1 a", "ERR GT, LT, and/or NX options at the same time are not compatible"),
    ("zadd z incr 1 a 2 b", "ERR INCR option supports a single increment-element pair"),
    ("zadd z 1 a 2", "ERR syntax error"),
    ("zadd z nan b", "ERR value is not a valid float"),
    ("zadd z 1 b x c", "ERR value is not a valid float"),
    ("zadd s 1 a", "WRONGTYPE Operation against a key holding the wrong kind of value"),
    ("zrange z 0 1 limit 0 1", "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"),
    ("zrange z - + bylex withscores", "ERR syntax error, WITHSCORES not supported in combination with BYLEX"),
    ("zrange z - + bylex byscore", "ERR syntax error"),
    ("zrange z a 1", "ERR value is not an integer or out of range"),
    ("zrangebyscore z a 1", "ERR min or max is not a float"),
    ("zrangebylex z a [b", "ERR min or max not valid string range item"),
    ("zrangestore d z 0 -1 withscores", "ERR syntax error"),
    ("zpopmin z -1", "ERR value is out of range, must be positive"),
    ("zmpop 0 z min", "ERR numkeys should be greater than 0"),
    ("zmpop 9223372036854775807 z min", "ERR syntax error"),
    ("zmpop 1 z mid", "ERR syntax error"),
    ("zmpop 1 z min count 0", "ERR count should be greater than 0"),
    ("zmpop 1 z min count 1 count 2", "ERR syntax error"),
    ("zunion 0 z", "ERR at least 1 input key is needed for 'zunion' command"),
    ("zunion 2 z", "ERR syntax error"),
    ("zunion 9223372036854775807 z", "ERR syntax error"),
    ("zunion 1 z weights x", "ERR weight value is not a float"),
    ("zunion 1 z aggregate avg", "ERR syntax error"),
    ("zunionstore d 1 z withscores", "ERR syntax error"),
    ("zdiff 1 z weights 1", "ERR syntax error"),
    ("zunion 1 s", "WRONGTYPE Operation against a key holding the wrong kind of value"),
    ("zintercard 1 z limit -1", "ERR LIMIT can't be negative"),
    ("zrank z a withscores", "ERR syntax error"),
    (
      "zrandmember z -9223372036854775808",
      "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
    ),
    ("zrandmember z 9223372036854775807 withscores", "ERR value is out of range"),
    ("zscan z x", "ERR invalid cursor"),
  ]
  _ = runner.takeEvents()
  for (command, error) in wrong { #expect(words(runner, command) == ["-" + error], "\(command)") }
  #expect(runner.takeEvents().isEmpty)
  #expect(words(runner, "zrange z 0 -1 withscores") == ["a", "1"])
}

@Test func hugeNumbersDoNotTrap() {
  let runner = CommandRunner()
  for i in 0..<3 { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
  let most = "9223372036854775807"
  let least = "-9223372036854775808"
  #expect(words(runner, "zrange z \(least) \(most)") == ["m0", "m1", "m2"])
  #expect(words(runner, "zrange z \(most) \(least)") == [])
  #expect(words(runner, "zrangebyscore z -inf +inf limit \(least) \(most)") == [])
  #expect(words(runner, "zrangebyscore z -inf +inf limit 1 \(most)") == ["m1", "m2"])
  #expect(words(runner, "zrangebyscore z -inf +inf limit 1 \(least)") == ["m1", "m2"])
  #expect(words(runner, "zrandmember z \(most)").count == 3)
  #expect(words(runner, "zremrangebyrank z \(most) \(most)") == ["0"])
  #expect(words(runner, "zmpop 1 z max count \(most)") == ["z", "m2", "2", "m1", "1", "m0", "0"])
}

// MARK: Combinations

@Test func scoresOfSeveralSetsBecomeOne() {
  let runner = CommandRunner()
  _ = runner.run("zadd", "a", "1", "x", "2", "y", "3", "z")
  _ = runner.run("zadd", "b", "10", "x", "20", "y")
  _ = runner.run("sadd", "plain", "x", "w")
  #expect(words(runner, "zunion 2 a b withscores") == ["z", "3", "x", "11", "y", "22"])
  #expect(words(runner, "zunion 2 a b weights 2 0.5 withscores") == ["z", "6", "x", "7", "y", "14"])
  #expect(words(runner, "zunion 2 a b aggregate max withscores") == ["z", "3", "x", "10", "y", "20"])
  #expect(words(runner, "zinter 2 a b aggregate min withscores") == ["x", "1", "y", "2"])
  #expect(words(runner, "zunion 2 a plain withscores") == ["w", "1", "x", "2", "y", "2", "z", "3"])
  #expect(words(runner, "zinter 2 plain a withscores") == ["x", "2"])
  #expect(words(runner, "zdiff 2 a b withscores") == ["z", "3"])
  #expect(words(runner, "zdiff 2 a a") == [])
  #expect(words(runner, "zintercard 2 a b") == ["2"])
  #expect(words(runner, "zintercard 2 a b limit 1") == ["1"])
  #expect(words(runner, "zunion 2 a none withscores") == ["x", "1", "y", "2", "z", "3"])
  // The count of sets, each as much as its weight says.
  #expect(words(runner, "zunion 3 a b plain aggregate count withscores") == ["w", "1", "z", "1", "y", "2", "x", "3"])
  #expect(words(runner, "zinter 2 a b weights 5 2 aggregate count withscores") == ["x", "7", "y", "7"])
  // Infinity and its opposite are 0, and so is infinity times nothing.
  _ = runner.run("zadd", "up", "inf", "x")
  _ = runner.run("zadd", "down", "-inf", "x")
  #expect(words(runner, "zunion 2 up down withscores") == ["x", "0"])
  #expect(words(runner, "zunion 1 up weights 0 withscores") == ["x", "0"])
}

@Test func resultsReplaceWhateverWasThere() {
  let runner = CommandRunner()
  _ = runner.run("zadd", "a", "1", "x", "2", "y")
  _ = runner.run("set", "d", "string")
  _ = runner.takeEvents()
  #expect(words(runner, "zunionstore d 1 a") == ["2"])
  #expect(runner.takeEvents() == ["zunionstore d"])
  #expect(words(runner, "zunionstore a 2 a d weights 1 10") == ["2"])
  #expect(words(runner, "zrange a 0 -1 withscores") == ["x", "11", "y", "22"])
  _ = runner.takeEvents()
  #expect(words(runner, "zinterstore d 2 a none") == ["0"])
  #expect(runner.takeEvents() == ["del d"])
  #expect(words(runner, "zinterstore d 2 a none") == ["0"])
  #expect(runner.takeEvents() == [])
  #expect(words(runner, "zrangestore a a 0 0 rev") == ["1"])
  #expect(words(runner, "zrange a 0 -1") == ["y"])
  #expect(words(runner, "zrangestore a none 0 -1") == ["0"])
  #expect(entry(runner, "a") == nil)
}

// MARK: Chance and scans

@Test func randomMembersAreDistinctOrDrawnAsTheCountSays() {
  for size in [10, 500] {
    let runner = CommandRunner()
    for i in 0..<size { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
    for count in [1, 3, size / 2, size - 1, size, size * 2] {
      let found = runner.words("zrandmember", "z", "\(count)")
      #expect(found.count == min(count, size) && Set(found).count == found.count)
      let pairs = runner.words("zrandmember", "z", "\(-count)", "withscores")
      #expect(pairs.count == count * 2)
      #expect(stride(from: 0, to: pairs.count, by: 2).allSatisfy { pairs[$0] == "m" + pairs[$0 + 1] })
    }
    var drawn: Set<String> = []
    for _ in 0..<size * 20 { drawn.formUnion(runner.words("zrandmember", "z")) }
    #expect(drawn.count == size)
    runner.isRESP3 = true
    #expect(runner.run("zrandmember", "z", "2", "withscores").hasPrefix("*2\r\n*2\r\n"))
  }
}

@Test func scanOfALargeSortedSetReturnsEveryMember() {
  let runner = CommandRunner()
  for i in 0..<2000 { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
  var cursor = "0"
  var seen: [String: String] = [:]
  repeat {
    let words = runner.words("zscan", "z", cursor, "COUNT", "50")
    cursor = words[0]
    for i in stride(from: 1, to: words.count, by: 2) { seen[words[i]] = words[i + 1] }
  } while cursor != "0"
  #expect(seen.count == 2000 && seen.allSatisfy { $0.key == "m" + $0.value })
  #expect(words(runner, "zscan z 0 MATCH m1999 COUNT 100000") == ["0", "m1999", "1999"])
}

// MARK: Events and copies

@Test func sortedSetCommandsReportTheirEvents() {
  let runner = CommandRunner()
  func events(_ line: String) -> [String] {
    _ = words(runner, line)
    return runner.takeEvents().map { String($0.prefix { $0 != " " }) }
  }
  #expect(events("zadd z 1 a 2 b") == ["new", "zadd"])
  #expect(runner.keyspace.pointee.dirty == 2)
  #expect(events("zadd z 1 a") == [])
  #expect(events("zadd z nx 5 a") == [])
  #expect(events("zincrby z 1 a") == ["zincr"])
  #expect(events("zadd z incr 1 a") == ["zincr"])
  #expect(events("zrem z nothing") == [])
  #expect(events("zpopmin z") == ["zpopmin"])
  #expect(events("zpopmax z 5") == ["zpopmax", "del"])
  #expect(events("zpopmin z") == [])
  #expect(events("zadd z 1 a 2 b 3 c") == ["new", "zadd"])
  let before = runner.keyspace.pointee.dirty
  #expect(events("zmpop 2 none z min count 2") == ["zpopmin"])
  #expect(runner.keyspace.pointee.dirty == before + 2)
  #expect(events("bzpopmax none z 0") == ["zpopmax", "del"])
}

@Test func othersAreToldWhatPopsAndPlacesCameTo() {
  let runner = CommandRunner()
  var told = ""
  runner.keyspace.pointee.interest.insert(.propagation)
  runner.executor.propagation.setSink(
    { commands, _ in
      told += commands.string
      return Propagation.Ends()
    }, ends: Propagation.Ends())
  func propagated(_ line: String) -> [String] {
    told = ""
    _ = words(runner, line)
    runner.executor.propagation.drain()
    return told.split(separator: "\r\n").filter { !"*$".contains($0.first!) }.map(String.init)
  }
  #expect(propagated("set first 1") == ["SELECT", "0", "set", "first", "1"])
  #expect(
    propagated("zadd z 1 a 2 b 3 c 4 d 5 e") == "zadd z 1 a 2 b 3 c 4 d 5 e".split(separator: " ").map(String.init))
  #expect(propagated("zadd z 1 a") == [])
  #expect(propagated("bzpopmin none z 0") == ["ZPOPMIN", "z"])
  #expect(propagated("zmpop 2 none z max count 2") == ["ZPOPMAX", "z", "2"])
  #expect(propagated("bzmpop 0 1 z min count 10") == ["ZPOPMIN", "z", "2"])
  #expect(propagated("zmpop 1 z min") == [])
  #expect(propagated("geoadd g ch 13.361389 38.115556 a") == ["ZADD", "g", "ch", "3479099956230698", "a"])
  #expect(propagated("geoadd g 13.361389 38.115556 a") == [])
  _ = propagated("set s x")
  #expect(propagated("geoadd s 1 2 a") == [])
  #expect(propagated("geoadd g " + (0..<20_000).map { "1 2 m\($0)" }.joined(separator: " ")).count == 40_002)
}

@Test func copiesOfSortedSetsAreIndependent() {
  for count in [3, 300] {
    let runner = CommandRunner()
    for i in 0..<count { _ = runner.run("zadd", "z", "\(i)", "m\(i)") }
    #expect(words(runner, "copy z copy") == ["1"])
    _ = runner.run("zadd", "z", "-5", "m1")
    _ = runner.run("zrem", "z", "m2")
    #expect(words(runner, "zrange copy 0 2") == ["m0", "m1", "m2"])
    #expect(words(runner, "zrange z 0 1") == ["m1", "m0"])
    #expect(Value.memoryUsage(entry(runner, "copy")!, samples: 0) > count)
    #expect(Value.freeEffort(entry(runner, "copy")!) == (count == 3 ? 1 : count))
  }
}

// MARK: Saved forms

@Test func savedSortedSetsComeBackAndCorruptOnesDoNot() {
  let runner = CommandRunner()
  _ = words(runner, "zadd z -inf low 0.5 half 3 three 3 thrice 1e300 far inf high -0 zero")
  guard let set = entry(runner, "z"), case .listpack(let bytes) = SortedSetValue.stored(set) else {
    Issue.record("not a listpack")
    return
  }
  func add(_ key: String, _ bytes: [UInt8]) -> Bool {
    key.withBytes { key in
      bytes.withBytes {
        let hash = runner.keyspace.pointee.hash(key)
        return runner.keyspace.pointee.addSortedSet(0, key, hash: hash, listpack: $0) != nil
      }
    }
  }
  #expect(add("back", bytes.array))
  #expect(words(runner, "zrange back 0 -1 withscores") == words(runner, "zrange z 0 -1 withscores"))

  func pack(_ elements: [String]) -> [UInt8] {
    var list = Listpack.create()
    defer { list.free() }
    for element in elements { element.withBytes { list.append($0) } }
    return list.bytes.array
  }
  #expect(!add("bad", pack([])))
  #expect(!add("bad", pack(["a"])))
  #expect(!add("bad", pack(["a", "1", "a", "2"])))
  #expect(!add("bad", pack(["a", "x"])))
  #expect(!add("bad", pack(["a", "nan"])))
  #expect(!add("bad", pack(["a", "2", "b", "1"])))
  #expect(!add("bad", pack(["b", "1", "a", "1"])))
  #expect(!add("bad", Array(pack(["a", "1"]).dropLast())))
  #expect(add("long", pack([String(repeating: "x", count: 100), "1"])))
  #expect(encoding(runner, "long") == "skiplist")

  let key = "loaded"
  key.withBytes { key in
    let hash = runner.keyspace.pointee.hash(key)
    let fresh = runner.keyspace.pointee.addSortedSet(0, key, hash: hash, adding: 200, firstLength: 1)
    #expect("a".withBytes { runner.keyspace.pointee.loadMember(fresh, $0, 1) })
    #expect("b".withBytes { runner.keyspace.pointee.loadMember(fresh, $0, -1) })
    #expect(!"a".withBytes { runner.keyspace.pointee.loadMember(fresh, $0, 2) })
    #expect(!"c".withBytes { runner.keyspace.pointee.loadMember(fresh, $0, .nan) })
  }
  #expect(words(runner, "zrange loaded 0 -1 withscores") == ["b", "-1", "a", "1"])
  #expect(encoding(runner, "loaded") == "skiplist")
}
