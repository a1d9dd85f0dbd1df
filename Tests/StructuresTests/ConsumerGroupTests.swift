import Commands
import Memory
import Structures
import Testing

@testable import Keyspace

private func run(_ runner: CommandRunner, _ words: [String]) -> String { runner.run(words.map { Array($0.utf8) }) }

private func group(_ runner: CommandRunner) -> ConsumerGroupPointer {
  let key = Bytes("s")
  let slot = runner.keyspace.pointee.databases[0].table.find(key, hash: runner.keyspace.pointee.hash(key))!
  return StreamValue.stream(Entry(address: slot.pointee)).pointee.findGroup(Bytes("g"))!
}

/// A stream of entries 1-0 ... n-0 with a group that has seen nothing.
private func makeRunner(entries: Int) -> CommandRunner {
  let runner = CommandRunner()
  for i in 1...entries { _ = runner.run("xadd", "s", "\(i)", "f", "\(i)") }
  _ = runner.run("xgroup", "create", "s", "g", "0")
  return runner
}

private func readIDs(_ reply: String) -> [String] {
  reply.split(separator: "\r\n").map(String.init).filter { $0.hasSuffix("-0") }
}

// MARK: Pending

@Test func whatAConsumerHasPendingIsWhatTheGroupSaysItHas() {
  for seed in 0..<8 {
    var random = SplitMix(state: UInt64(seed))
    let runner = makeRunner(entries: 400)
    var owners: [Int: String] = [:]
    var unseen = 1
    let names = ["a", "b", "c"]
    for step in 0..<1500 {
      let name = names.randomElement(using: &random)!
      let id = Int.random(in: 1...400, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3:
        let count = Int.random(in: 1...5, using: &random)
        let reply = runner.run("xreadgroup", "group", "g", name, "count", "\(count)", "streams", "s", ">")
        let expected = Array(unseen..<min(unseen + count, 401))
        #expect(readIDs(reply) == expected.map { "\($0)-0" }, "seed \(seed)")
        for id in expected { owners[id] = name }
        unseen += expected.count
      case 3..<6:
        let removed = owners.removeValue(forKey: id) != nil
        #expect(runner.run("xack", "s", "g", "\(id)") == (removed ? ":1\r\n" : ":0\r\n"), "seed \(seed)")
      case 6..<8:
        let reply = runner.run("xclaim", "s", "g", name, "0", "\(id)", "justid", "force")
        #expect(readIDs(reply) == ["\(id)-0"], "seed \(seed)")
        owners[id] = name
      case 8:
        guard owners[id] != nil else { continue }
        #expect(runner.run("xnack", "s", "g", "silent", "ids", "1", "\(id)") == ":1\r\n", "seed \(seed)")
        owners[id] = ""
      default:
        guard step % 50 == 0 else { continue }
        let gone = owners.filter { $0.value == name }.count
        #expect(runner.run("xgroup", "delconsumer", "s", "g", name) == ":\(gone)\r\n", "seed \(seed)")
        owners = owners.filter { $0.value != name }
      }
      guard step % 100 == 0 else { continue }
      for name in names {
        guard let consumer = name.withBytes({ group(runner).pointee.findConsumer($0) }) else { continue }
        var ids: [Int] = []
        group(runner).pointee.forEachPending(of: consumer) { id, delivery in
          #expect(delivery.consumer == consumer)
          ids.append(Int(id.milliseconds))
          return true
        }
        #expect(ids == owners.filter { $0.value == name }.keys.sorted(), "seed \(seed)")
        let count = consumer.pointee.pendingCount
        #expect(count == ids.count, "seed \(seed)")
      }
      let pointer = group(runner)
      let counters = (pointer.pointee.pendingCount, pointer.pointee.returnedCount)
      #expect(counters == (owners.count, owners.values.filter(\.isEmpty).count), "seed \(seed)")
    }
  }
}

@Test func groupGoesOnWhereItWasWhateverHappensToTheStream() {
  for seed in 0..<6 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    runner.keyspace.pointee.streamLimits.nodeEntries = [5, 100, 300][seed % 3]
    _ = runner.run("xgroup", "create", "s", "g", "0", "mkstream")
    var alive: [Int] = []
    var next = 1
    var seen = 0
    for _ in 0..<3000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        _ = runner.run("xadd", "s", "\(next)", ["f", "g"].randomElement(using: &random)!, "\(next)")
        alive.append(next)
        next += 1
      case 5:
        guard let victim = alive.randomElement(using: &random) else { continue }
        _ = runner.run("xdel", "s", "\(victim)")
        alive.removeAll { $0 == victim }
      case 6 where Int.random(in: 0..<20, using: &random) == 0:
        let length = alive.count / 2
        _ = runner.run("xtrim", "s", "maxlen", "\(length)")
        alive.removeFirst(alive.count - length)
      default:
        let expected = alive.filter { $0 > seen }.prefix(4)
        let reply = runner.run("xreadgroup", "group", "g", "a", "count", "4", "noack", "streams", "s", ">")
        #expect(readIDs(reply) == expected.map { "\($0)-0" }, "seed \(seed)")
        seen = expected.last ?? seen
      }
    }
  }
}

@Test func longestIdleAreClaimedFirst() {
  let runner = makeRunner(entries: 6)
  for id in 1...4 {
    _ = runner.run("xreadgroup", "group", "g", "a", "count", "1", "streams", "s", ">")
    _ = runner.run("xclaim", "s", "g", "a", "0", "\(id)", "time", "\(runner.now - Int64(id) * 1000)", "justid")
  }
  // 4 waits for longest; 1 for a second only.
  let claim = ["xreadgroup", "group", "g", "b", "count", "3", "claim", "1500", "streams", "s", ">"]
  let reply = run(runner, claim)
  #expect(readIDs(reply) == ["4-0", "3-0", "2-0"])
  #expect(reply.contains("*4\r\n$3\r\n4-0\r\n*2\r\n$1\r\nf\r\n$1\r\n4\r\n:4000\r\n:1\r\n"))
  // Nothing is idle for so long any more: only what is new.
  let second = run(runner, claim)
  #expect(readIDs(second) == ["5-0", "6-0"])
  #expect(second.contains("*4\r\n$3\r\n5-0\r\n*2\r\n$1\r\nf\r\n$1\r\n5\r\n:0\r\n:0\r\n"))
  #expect(run(runner, claim) == "*-1\r\n")
  runner.advance(2000)
  #expect(readIDs(run(runner, claim)) == ["1-0", "2-0", "3-0"])
}

@Test func returnedEntriesAreClaimedBeforeAllOthers() {
  let runner = makeRunner(entries: 5)
  _ = runner.run("xreadgroup", "group", "g", "a", "streams", "s", ">")
  #expect(runner.run("xnack", "s", "g", "fail", "ids", "3", "4", "2", "9") == ":2\r\n")
  #expect(runner.run("xnack", "s", "g", "fatal", "ids", "1", "5") == ":1\r\n")
  #expect(
    runner.words("xpending", "s", "g", "-", "+", "10") == [
      "1-0", "a", "0", "1", "2-0", "", "-1", "1", "3-0", "a", "0", "1", "4-0", "", "-1", "1", "5-0", "", "-1",
      "9223372036854775807",
    ])
  let reply = runner.run("xreadgroup", "group", "g", "b", "claim", "100000", "streams", "s", ">")
  #expect(readIDs(reply) == ["4-0", "2-0", "5-0"])
  #expect(runner.words("xpending", "s", "g") == ["5", "1-0", "5-0", "a", "2", "b", "3"])
  #expect(runner.run("xnack", "s", "g", "silent", "ids", "1", "4", "retrycount", "7") == ":1\r\n")
  #expect(runner.words("xpending", "s", "g", "4", "4", "1") == ["4-0", "", "-1", "7"])
  #expect(runner.run("xack", "s", "g", "1", "2", "3", "4", "5") == ":5\r\n")
  #expect(runner.run("xnack", "s", "g", "fail", "ids", "2", "1", "77", "force") == ":1\r\n")
  #expect(runner.words("xpending", "s", "g", "-", "+", "9") == ["1-0", "", "-1", "0"])
}

@Test func claimsOfDeletedEntriesForgetThem() {
  let runner = makeRunner(entries: 4)
  _ = runner.run("xreadgroup", "group", "g", "a", "streams", "s", ">")
  _ = runner.run("xdel", "s", "2", "4")
  runner.advance(1000)
  #expect(readIDs(runner.run("xreadgroup", "group", "g", "b", "claim", "5", "streams", "s", ">")) == ["1-0", "3-0"])
  #expect(runner.words("xpending", "s", "g") == ["2", "1-0", "3-0", "b", "2"])
}

// MARK: References

@Test func entriesThatAGroupStillNeedsStay() {
  let runner = makeRunner(entries: 6)
  _ = runner.run("xgroup", "create", "s", "h", "0")
  _ = runner.run("xreadgroup", "group", "g", "a", "count", "4", "streams", "s", ">")
  _ = runner.run("xreadgroup", "group", "h", "a", "count", "3", "streams", "s", ">")
  _ = runner.run("xack", "s", "g", "1", "2")
  _ = runner.run("xack", "s", "h", "1")
  // 1 is done with; 2 is pending in one group; 4 was not read by the other; 5 by none.
  #expect(runner.words("xdelex", "s", "acked", "ids", "5", "1", "2", "4", "5", "9") == ["1", "2", "2", "2", "-1"])
  #expect(runner.words("xackdel", "s", "h", "acked", "ids", "2", "2", "3") == ["1", "2"])
  #expect(runner.words("xackdel", "s", "g", "ids", "2", "3", "77") == ["1", "-1"])
  #expect(runner.words("xdelex", "s", "delref", "ids", "1", "4") == ["1"])
  #expect(runner.words("xpending", "s", "g") == ["0", "nil", "nil"])
  #expect(runner.words("xdelex", "none", "ids", "2", "1", "2") == ["-1", "-1"])
}

@Test func trimmingHeedsReferences() {
  let runner = makeRunner(entries: 10)
  _ = runner.run("xreadgroup", "group", "g", "a", "count", "5", "streams", "s", ">")
  _ = runner.run("xack", "s", "g", "1", "3")
  #expect(runner.run("xtrim", "s", "maxlen", "2", "acked") == ":2\r\n")
  #expect(readIDs(runner.run("xrange", "s", "-", "+")).count == 8)
  #expect(runner.run("xtrim", "s", "maxlen", "7", "delref") == ":1\r\n")
  #expect(runner.words("xpending", "s", "g") == ["2", "4-0", "5-0", "a", "2"])
  #expect(runner.run("xtrim", "s", "minid", "5") == ":1\r\n")
  #expect(runner.words("xpending", "s", "g") == ["2", "4-0", "5-0", "a", "2"])
  #expect(runner.run("xadd", "s", "acked", "maxlen", "1", "11", "f", "v") == "$4\r\n11-0\r\n")
  #expect(runner.run("xlen", "s") == ":7\r\n")
  _ = runner.run("xgroup", "destroy", "s", "g")
  #expect(runner.run("xtrim", "s", "maxlen", "1", "acked") == ":6\r\n")
}

// MARK: Limits of a read

@Test func readsEndAtTheirLimits() {
  let runner = CommandRunner()
  for key in ["x", "y", "z"] {
    for i in 1...20 { _ = runner.run("xadd", key, "\(i)", "f", String(repeating: "v", count: 100)) }
  }
  func count(_ options: String...) -> Int {
    readIDs(run(runner, ["xread"] + options + ["streams", "x", "y", "z", "0", "0", "0"])).count
  }
  #expect(count("count", "5") == 15)
  #expect(count("count", "5", "maxcount", "8") == 8)
  #expect(count("maxcount", "7") == 7)
  #expect(count("maxsize", "1") == 1)
  let reply = runner.run("xread", "maxsize", "1000", "streams", "x", "y", "z", "0", "0", "0")
  #expect(reply.utf8.count <= 1000 + 16 && readIDs(reply).count == 7)
  #expect(runner.run("xread", "count", "9", "maxcount", "8", "streams", "x", "0").hasPrefix("-ERR"))
  #expect(runner.run("xread", "maxsize", "0", "streams", "x", "0").hasPrefix("-ERR"))
  _ = runner.run("xgroup", "create", "x", "g", "0")
  // What did not fit was not delivered.
  let first = runner.run("xreadgroup", "group", "g", "a", "maxsize", "400", "streams", "x", ">")
  #expect(readIDs(first) == ["1-0", "2-0"] && readIDs(first).count == Int(runner.words("xpending", "x", "g")[0]))
  #expect(readIDs(runner.run("xread", "streams", "x", "y", "+", "+")) == ["20-0", "20-0"])
}

// MARK: Producers

@Test func entriesThatAreSentTwiceAreAddedOnce() {
  let runner = CommandRunner()
  let first = runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v")
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "other") == first)
  #expect(runner.run("xadd", "s", "idmp", "q", "1", "*", "f", "v") != first)
  let automatic = runner.run("xadd", "s", "idmpauto", "p", "*", "ab", "c")
  #expect(runner.run("xadd", "s", "idmpauto", "p", "*", "ab", "c") == automatic)
  #expect(runner.run("xadd", "s", "idmpauto", "p", "*", "a", "bc") != automatic)
  #expect(runner.run("xlen", "s") == ":4\r\n")
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "5-5", "f", "v").hasPrefix("-ERR"))
  runner.advance(99_999)
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v") == first)
  runner.advance(1)
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v") != first)
}

@Test func producersAreForgottenWhenTheyHaveSentMuchOrFallSilent() {
  let runner = CommandRunner()
  _ = runner.run("xadd", "s", "*", "f", "v")
  #expect(runner.run("xcfgset", "s", "idmp-maxsize", "3", "idmp-duration", "10") == "+OK\r\n")
  let first = runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v")
  for i in 2...3 { _ = runner.run("xadd", "s", "idmp", "p", "\(i)", "*", "f", "v") }
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v") == first)
  _ = runner.run("xadd", "s", "idmp", "p", "4", "*", "f", "v")
  #expect(runner.run("xadd", "s", "idmp", "p", "1", "*", "f", "v") != first)
  func tracked() -> [String] {
    let words = runner.words("xinfo", "stream", "s")
    return ["pids-tracked", "iids-tracked", "iids-added", "iids-duplicates"].map {
      words[words.firstIndex(of: $0)! + 1]
    }
  }
  #expect(tracked() == ["1", "3", "5", "1"])
  runner.advance(20_000)
  for i in 0..<3 { _ = runner.run("xadd", "s", "idmp", "q", "\(i)", "*", "f", "v") }
  #expect(tracked() == ["1", "3", "8", "1"])
  #expect(runner.run("xcfgset", "s", "idmp-maxsize", "3") == "+OK\r\n")
  #expect(tracked()[1] == "3")
  #expect(runner.run("xcfgset", "s", "idmp-maxsize", "4") == "+OK\r\n")
  #expect(tracked()[0...1] == ["0", "0"])
  for wrong in ["0", "10001", "x"] { #expect(runner.run("xcfgset", "s", "idmp-maxsize", wrong).hasPrefix("-ERR")) }
}
