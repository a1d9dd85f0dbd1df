import Commands
import Testing

private func run(_ runner: CommandRunner, _ words: [String]) -> String { runner.run(words.map { Array($0.utf8) }) }

private func sorted(_ runner: CommandRunner, _ line: String) -> [String] {
  runner.words(["sort"] + line.split(separator: " ").map(String.init))
}

@Test func sortOrdersByNumberThenByText() {
  let runner = CommandRunner()
  _ = run(runner, ["rpush", "l", "10", "9", "1e1", "-3", "0x2", " 7", "", "10"])
  #expect(sorted(runner, "l") == ["-3", "", "0x2", " 7", "9", "10", "10", "1e1"])
  #expect(sorted(runner, "l desc") == ["1e1", "10", "10", "9", " 7", "0x2", "", "-3"])
  #expect(sorted(runner, "l alpha") == ["", " 7", "-3", "0x2", "10", "10", "1e1", "9"])
  for bad in ["x", "7 ", "1e400", "1e-400", "nan", "1,5"] {
    _ = run(runner, ["rpush", "bad", "1", bad])
    #expect(sorted(runner, "bad") == ["-ERR One or more scores can't be converted into double"], "\(bad)")
    #expect(sorted(runner, "bad store l")[0].hasPrefix("-ERR"))
    _ = run(runner, ["del", "bad"])
  }
  #expect(runner.run("llen", "l") == ":8\r\n")
}

@Test func aLimitCutsTheSameOrderHoweverItIsFound() {
  let runner = CommandRunner()
  var random = SplitMix(state: 5)
  let numbers = (0..<500).map { _ in String(Int.random(in: 0..<100, using: &random)) }
  _ = run(runner, ["rpush", "l"] + numbers)
  for i in 0..<100 { _ = run(runner, ["set", "w\(i)", String(i % 7)]) }
  for options in ["", "desc", "alpha", "by w*", "by w* alpha desc", "by none*", "by none", "by none desc"] {
    let all = sorted(runner, "l \(options)")
    #expect(all.count == 500)
    for (offset, count) in [(0, 1), (0, 10), (3, 50), (100, 24), (120, 6), (490, 100), (0, 0), (0, 500)] {
      let part = sorted(runner, "l \(options) limit \(offset) \(count)")
      #expect(part == Array(all[offset..<min(500, offset + count)]), "\(options) \(offset) \(count)")
    }
    #expect(sorted(runner, "l \(options) limit -5 3") == Array(all[..<3]))
    #expect(sorted(runner, "l \(options) limit 7 -9223372036854775808") == Array(all[7...]))
    #expect(sorted(runner, "l \(options) limit 9223372036854775807 9223372036854775807").isEmpty)
    #expect(sorted(runner, "l \(options) limit 2 9223372036854775807") == Array(all[2...]))
  }
}

@Test func patternsFindStringsFieldsAndTheElement() {
  let runner = CommandRunner()
  _ = run(runner, ["sadd", "s", "1", "2", "3"])
  _ = run(runner, ["mset", "w_1", "30", "w_2", "20", "w_3", "10", "w_1->", "arrow", "w_2-x", "dash"])
  _ = run(runner, ["hset", "h_1", "name", "one", "rank", "2"])
  _ = run(runner, ["hset", "h_2", "name", "two", "rank", "1"])
  #expect(sorted(runner, "s by w_*") == ["3", "2", "1"])
  #expect(sorted(runner, "s by h_*->rank") == ["3", "2", "1"])
  #expect(sorted(runner, "s by h_*->name alpha") == ["3", "1", "2"])
  #expect(sorted(runner, "s get # get h_*->name") == ["1", "one", "2", "two", "3", "nil"])
  #expect(
    sorted(runner, "s get w_*-> get w_*-x get w") == ["arrow", "nil", "nil", "nil", "dash", "nil", "nil", "nil", "nil"])
  // Values of another type are as if they were not there.
  #expect(sorted(runner, "s get h_* get w_*->name limit 0 1") == ["nil", "nil"])
  _ = run(runner, ["hpexpire", "h_1", "10", "FIELDS", "1", "name"])
  runner.advance(11)
  #expect(sorted(runner, "s get h_*->name") == ["nil", "two", "nil"])
}

@Test func sortStoresAListOrRemovesIt() {
  let runner = CommandRunner()
  func events(_ line: String) -> [String] {
    let before = runner.keyspace.pointee.dirty
    _ = runner.takeEvents()
    let reply = sorted(runner, line)
    return reply + runner.takeEvents() + [String(runner.keyspace.pointee.dirty - before)]
  }
  _ = run(runner, ["sadd", "s", "3", "1", "2"])
  #expect(events("s store to") == ["3", "new to", "sortstore to", "3"])
  #expect(runner.words("lrange", "to", "0", "-1") == ["1", "2", "3"])
  #expect(events("s get none* get # store to") == ["6", "sortstore to", "6"])
  #expect(runner.words("lrange", "to", "0", "-1") == ["", "1", "", "2", "", "3"])
  // A set that keeps its order would be stored in one that is nobody's.
  #expect(events("s by nosort desc store s") == ["3", "sortstore s", "3"])
  #expect(runner.words("lrange", "s", "0", "-1") == ["3", "2", "1"])
  #expect(events("s limit 5 1 store to") == ["0", "del to", "1"])
  #expect(events("none store to") == ["0", "0"])
  #expect(run(runner, ["sort_ro", "s", "store", "to"]) == "-ERR syntax error\r\n")
  _ = run(runner, ["set", "string", "x"])
  #expect(sorted(runner, "string")[0].hasPrefix("-WRONGTYPE"))
}

@Test func sortedSetsAndListsKeepTheirOrderIfAskedTo() {
  let runner = CommandRunner()
  _ = run(runner, ["zadd", "z"] + (0..<300).flatMap { [String($0), "m\(299 - $0)"] })
  let byScore = (0..<300).map { "m\(299 - $0)" }
  #expect(sorted(runner, "z by nosort") == byScore)
  #expect(sorted(runner, "z by nosort desc limit 10 5") == Array(byScore.reversed()[10..<15]))
  #expect(sorted(runner, "z alpha limit 0 2") == ["m0", "m1"])
  _ = run(runner, ["rpush", "l"] + byScore)
  #expect(sorted(runner, "l by nosort limit 290 20") == Array(byScore[290...]))
  #expect(sorted(runner, "l by nosort desc limit 290 20") == Array(byScore.reversed()[290...]))
}
