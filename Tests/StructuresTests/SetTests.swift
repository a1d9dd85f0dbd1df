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

private func members(_ runner: CommandRunner, _ key: String) -> Set<String> {
  let words = runner.words("smembers", key)
  let found = Set(words)
  #expect(found.count == words.count, "members of \(key) came twice")
  return found
}

private func add(_ runner: CommandRunner, _ key: String, _ members: some Sequence<String>) {
  _ = runner.run((["sadd", key] + members).map { Array($0.utf8) })
}

private func run(_ runner: CommandRunner, _ words: [String]) -> String { runner.run(words.map { Array($0.utf8) }) }

// MARK: Members and forms

@Test func setBehavesAsASetThroughConversions() {
  for seed in 0..<16 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    var model: Set<String> = []
    let range = [20, 150, 1000, 5000][seed % 4]
    for step in 0..<5000 {
      let number = Int.random(in: 0..<range, using: &random) &* [1, 1000, 10_000_000_000][seed % 3]
      // Half of the runs are of integers only, which are intsets at first.
      var member = seed % 2 == 0 || step % 2 == 0 ? String(number) : "m\(number)"
      if seed % 2 == 1 && step % 700 == 699 { member = String(repeating: "x", count: 70) + member }
      switch Int.random(in: 0..<5, using: &random) {
      case 0...2:
        let isNew = runner.run("sadd", "s", member) == ":1\r\n"
        #expect(isNew == model.insert(member).inserted, "seed \(seed) step \(step)")
      case 3:
        let removed = runner.run("srem", "s", member) == ":1\r\n"
        #expect(removed == (model.remove(member) != nil), "seed \(seed) step \(step)")
      default:
        let popped = runner.words("spop", "s")[0]
        let isRight = popped == "nil" ? model.isEmpty : model.remove(popped) != nil
        #expect(isRight, "seed \(seed) step \(step)")
      }
      #expect(runner.run("sismember", "s", member) == (model.contains(member) ? ":1\r\n" : ":0\r\n"))
      #expect(runner.run("scard", "s") == ":\(model.count)\r\n", "seed \(seed) step \(step)")
      if step % 500 == 0 { #expect(members(runner, "s") == model, "seed \(seed) step \(step)") }
    }
    #expect(members(runner, "s") == model, "seed \(seed)")
    while !model.isEmpty {
      let popped = runner.words("spop", "s", "37")
      #expect(model.isSuperset(of: popped), "seed \(seed)")
      model.subtract(popped)
      #expect(members(runner, "s") == model, "seed \(seed)")
    }
    #expect(entry(runner, "s") == nil)
  }
}

@Test func setTakesTheFormOfItsMembers() {
  let runner = CommandRunner()
  add(runner, "s", (0..<512).map(String.init))
  #expect(encoding(runner, "s") == "intset")
  add(runner, "s", ["512"])
  #expect(encoding(runner, "s") == "hashtable")

  add(runner, "words", (0..<127).map { "w\($0)" })
  add(runner, "words", ["128"])
  #expect(encoding(runner, "words") == "listpack")
  add(runner, "words", ["129"])
  #expect(encoding(runner, "words") == "hashtable")

  add(runner, "long", [String(repeating: "x", count: 64)])
  #expect(encoding(runner, "long") == "listpack")
  add(runner, "long", [String(repeating: "x", count: 65)])
  #expect(encoding(runner, "long") == "hashtable")

  add(runner, "mixed", (0..<127).map(String.init))
  add(runner, "mixed", ["x"])
  #expect(encoding(runner, "mixed") == "listpack")
  #expect(members(runner, "mixed") == Set((0..<127).map(String.init) + ["x"]))
  add(runner, "many", (0..<128).map(String.init))
  add(runner, "many", ["x"])
  #expect(encoding(runner, "many") == "hashtable")
  #expect(members(runner, "many") == Set((0..<128).map(String.init) + ["x"]))

  // Texts that look like integers but would not come back as they were.
  add(runner, "odd", ["1", "01", "+1", "-0", "9223372036854775808", ""])
  #expect(members(runner, "odd") == ["1", "01", "+1", "-0", "9223372036854775808", ""])
}

@Test func aCopyOfASetIsIndependent() {
  for contents in [["1", "2"], ["a", "b"], (0..<300).map { "m\($0)" }] {
    let runner = CommandRunner()
    add(runner, "s", contents)
    #expect(runner.run("copy", "s", "copy") == ":1\r\n")
    #expect(encoding(runner, "copy") == encoding(runner, "s"))
    add(runner, "s", ["3"])
    #expect(members(runner, "copy") == Set(contents))
    let all = Value.memoryUsage(entry(runner, "copy")!, samples: 0)
    #expect(all > contents.reduce(0) { $0 + $1.count })
    let estimate = Value.memoryUsage(entry(runner, "copy")!, samples: 5)
    #expect(abs(estimate - all) <= all / 4)
  }
}

@Test func scanOfALargeSetReturnsEveryMemberThatStays() {
  let runner = CommandRunner()
  add(runner, "s", (0..<3000).map { "stays\($0)" })
  var cursor = "0"
  var seen: Set<String> = []
  var step = 0
  repeat {
    let words = runner.words("sscan", "s", cursor, "COUNT", "20")
    cursor = words[0]
    seen.formUnion(words[1...])
    // Grows first, then shrinks again, under the walk.
    if step < 60 { add(runner, "s", (0..<50).map { "goes\(step * 50 + $0)" }) }
    if step == 70 { _ = run(runner, ["srem", "s"] + (0..<3000).map { "goes\($0)" }) }
    step += 1
  } while cursor != "0"
  #expect(seen.isSuperset(of: (0..<3000).map { "stays\($0)" }))
  #expect(runner.words("sscan", "s", "0", "MATCH", "stays2999", "COUNT", "100000") == ["0", "stays2999"])
  add(runner, "small", (0..<100).map { "m\($0)" })
  #expect(runner.words("sscan", "small", "0", "COUNT", "1").count == 101)
}

// MARK: Several sets

@Test func resultsAreThoseOfSetAlgebra() {
  for seed in 0..<40 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    var models: [Set<String>] = []
    // Many small sets beside few large ones, so that results are found by look-ups and by gathering alike.
    let keyCount = [2, 3, 12, 30][seed % 4]
    for i in 0..<keyCount {
      let size = Int.random(in: 0..<[5, 100, 600][Int.random(in: 0..<3, using: &random)], using: &random)
      let isNumeric = Bool.random(using: &random)
      let model = Set(
        (0..<size).map { _ in (isNumeric ? "" : "m") + String(Int.random(in: 0..<700, using: &random)) })
      if !model.isEmpty { add(runner, "k\(i)", model) }
      models.append(model)
    }
    for round in 0..<8 {
      let chosen = (0..<Int.random(in: 1...keyCount, using: &random)).map { _ in
        Int.random(in: 0..<keyCount, using: &random)
      }
      let keys = chosen.map { "k\($0)" }
      let sets = chosen.map { models[$0] }
      let expected = [
        "inter": sets.dropFirst().reduce(sets[0]) { $0.intersection($1) },
        "union": sets.reduce([]) { $0.union($1) },
        "diff": sets.dropFirst().reduce(sets[0]) { $0.subtracting($1) },
      ]
      for (name, result) in expected {
        let note: Comment = "seed \(seed) round \(round) \(name) \(keys)"
        runner.isRESP3 = round % 2 == 1
        let reply = run(runner, ["s" + name] + keys)
        #expect(reply.hasPrefix("\(round % 2 == 1 ? "~" : "*")\(result.count)\r\n"), note)
        #expect(run(runner, ["s\(name)store", "dest"] + keys) == ":\(result.count)\r\n", note)
        #expect(members(runner, "dest") == result, note)
        let allIntegers = result.allSatisfy { Int($0) != nil }
        let form = result.isEmpty ? nil : allIntegers && result.count <= 512 ? "intset" : nil
        if let form { #expect(encoding(runner, "dest") == form, note) }
        let card = ["s\(name)card", String(keys.count)] + keys
        #expect(run(runner, card) == ":\(result.count)\r\n", note)
        #expect(run(runner, card + ["LIMIT", "0"]) == ":\(result.count)\r\n", note)
        #expect(run(runner, card + ["LIMIT", "3"]) == ":\(min(3, result.count))\r\n", note)
      }
    }
  }
}

@Test func aDestinationMayBeASourceAndAnyOtherType() {
  let runner = CommandRunner()
  add(runner, "a", ["1", "2", "3"])
  add(runner, "b", ["2", "3", "4"])
  _ = runner.run("expire", "a", "100")
  #expect(runner.run("sdiffstore", "a", "a", "b") == ":1\r\n")
  #expect(members(runner, "a") == ["1"])
  #expect(entry(runner, "a")?.hasDeadline == false)
  #expect(runner.keyspace.pointee.nextExpiry == nil)
  for (command, value) in [("set", ["string"]), ("hset", ["f", "v"])] {
    _ = run(runner, [command, "dest"] + value)
    if command == "hset" { _ = runner.run("hexpire", "dest", "10", "FIELDS", "1", "f") }
    #expect(runner.run("sunionstore", "dest", "a", "b") == ":4\r\n")
    #expect(members(runner, "dest") == ["1", "2", "3", "4"])
    _ = runner.run("del", "dest")
  }
  #expect(runner.keyspace.pointee.nextExpiry == nil)
  _ = runner.run("set", "string", "x")
  #expect(runner.run("sunionstore", "b", "a", "string").hasPrefix("-WRONGTYPE"))
  #expect(members(runner, "b") == ["2", "3", "4"])
  #expect(runner.run("sinterstore", "b", "a", "none") == ":0\r\n")
  #expect(entry(runner, "b") == nil)
}

// MARK: Chance

/// Whether each of `cells` things that were chosen `total` times in all came up about equally often. The bound is far
/// out: it is missed once in a billion runs, and by any real bias.
private func isFair(_ counts: [Int], total: Int) -> Bool {
  let expected = Double(total) / Double(counts.count)
  let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  let freedom = Double(counts.count - 1)
  return chiSquare < freedom + 6.5 * (2 * freedom).squareRoot() + 25
}

@Test(arguments: [("", 60), ("m", 60), ("m", 300)])
func everyMemberIsAsLikelyAsAnyOther(prefix: String, size: Int) {
  let runner = CommandRunner(seed: 99)
  let all = (0..<size).map { "\(prefix)\($0)" }
  add(runner, "s", all)
  func counts(_ draws: Int, _ draw: () -> [String]) -> [Int] {
    var counts = [Int](repeating: 0, count: size)
    for _ in 0..<draws {
      for member in draw() { counts[Int(member.dropFirst(prefix.count))!] += 1 }
    }
    return counts
  }
  let draws = 16 * size
  #expect(isFair(counts(draws) { runner.words("srandmember", "s") }, total: draws))
  #expect(isFair(counts(1) { runner.words("srandmember", "s", String(-draws)) }, total: draws))
  for wanted in [3, size / 2, size - 2] {
    let found = counts(200) {
      let sample = runner.words("srandmember", "s", String(wanted))
      #expect(Set(sample).count == wanted)
      return sample
    }
    #expect(isFair(found, total: 200 * wanted), "\(wanted) of \(size)")
    let popped = counts(100) {
      runner.words("sunionstore", "copy", "s").isEmpty ? [] : runner.words("spop", "copy", String(wanted))
    }
    #expect(isFair(popped, total: 100 * wanted), "\(wanted) of \(size) popped")
    #expect(runner.run("scard", "copy") == ":\(size - wanted)\r\n")
  }
  let single = counts(8 * size) {
    _ = runner.run("sunionstore", "copy", "s")
    return runner.words("spop", "copy")
  }
  #expect(isFair(single, total: 8 * size))
}

@Test func whatRemainsOfALargePopIsCompactAgain() {
  let runner = CommandRunner()
  add(runner, "s", (0..<1000).map { "m\($0)" })
  #expect(runner.words("spop", "s", "990").count == 990)
  #expect(encoding(runner, "s") == "listpack")
  add(runner, "n", (0..<1000).map(String.init))
  #expect(runner.words("spop", "n", "500").count == 500)
  #expect(encoding(runner, "n") == "hashtable")
}

@Test func countsFromOutsideAreChecked() {
  let runner = CommandRunner()
  add(runner, "s", ["a", "b"])
  #expect(runner.run("spop", "s", "-1") == "-ERR value is out of range, must be positive\r\n")
  #expect(runner.run("spop", "s", "x") == "-ERR value is out of range, must be positive\r\n")
  #expect(runner.run("spop", "s", "1", "2") == "-ERR syntax error\r\n")
  #expect(runner.run("srandmember", "s", "x") == "-ERR value is not an integer or out of range\r\n")
  #expect(runner.run("srandmember", "s", "-9223372036854775808").hasPrefix("-ERR value is out of range"))
  #expect(runner.words("srandmember", "s", "9223372036854775807").count == 2)
  runner.keyspace.pointee.maximumStringCount = 10_000
  #expect(runner.run("srandmember", "s", "-9223372036854775807") == "-ERR value is out of range\r\n")
  #expect(runner.run("sintercard", "0", "s") == "-ERR numkeys should be greater than 0\r\n")
  #expect(runner.run("sintercard", "9223372036854775807", "s").hasPrefix("-ERR Number of keys can't be greater"))
  #expect(runner.run("sintercard", "1", "s", "LIMIT", "-1") == "-ERR LIMIT can't be negative\r\n")
  #expect(runner.run("sintercard", "1", "s", "APPROX") == "-ERR syntax error\r\n")
  #expect(runner.run("sunioncard", "1", "s", "APPROX", "LIMIT", "1") == ":1\r\n")
  #expect(runner.words("spop", "s", "9223372036854775807").count == 2)
}

// MARK: What others hear

@Test func setCommandsReportTheirEvents() {
  let runner = CommandRunner()
  func changes(_ words: String...) -> [String] {
    let before = runner.keyspace.pointee.dirty
    _ = run(runner, words)
    return runner.takeEvents() + [String(runner.keyspace.pointee.dirty - before)]
  }
  #expect(changes("sadd", "s", "1", "2", "a") == ["new s", "sadd s", "3"])
  #expect(changes("sadd", "s", "1") == ["0"])
  #expect(changes("srem", "s", "x") == ["0"])
  #expect(changes("srem", "s", "a") == ["srem s", "1"])
  #expect(changes("smove", "s", "t", "1") == ["srem s", "new t", "sadd t", "2"])
  #expect(changes("smove", "s", "t", "x") == ["0"])
  #expect(changes("smove", "s", "s", "2") == ["0"])
  #expect(changes("smove", "s", "t", "2") == ["srem s", "del s", "sadd t", "2"])
  #expect(changes("sinterstore", "u", "t") == ["new u", "sinterstore u", "1"])
  #expect(changes("sunionstore", "u", "t") == ["sunionstore u", "1"])
  #expect(changes("sdiffstore", "u", "t", "t") == ["del u", "1"])
  #expect(changes("sdiffstore", "u", "t", "t") == ["0"])
  #expect(changes("spop", "t", "0") == ["0"])
  #expect(changes("spop", "t") == ["spop t", "1"])
  #expect(changes("spop", "t") == ["spop t", "del t", "1"])
  _ = changes("sadd", "s", "1", "2", "3", "4")
  #expect(changes("spop", "s", "2") == ["spop s", "2"])
  #expect(changes("spop", "s", "5") == ["spop s", "del s", "2"])
}

@Test func whatChanceRemovedIsToldByName() {
  let runner = CommandRunner()
  var told = ""
  runner.keyspace.pointee.interest.insert(.propagation)
  runner.executor.propagation.setSink(
    { commands, _ in
      told += commands.string
      return Propagation.Ends()
    }, ends: Propagation.Ends())
  func propagated(_ words: String...) -> (reply: [String], told: String) {
    told = ""
    let reply = runner.words(words)
    runner.executor.propagation.drain()
    return (reply, told)
  }
  add(runner, "s", (0..<3000).map { "m\($0)" })
  runner.executor.propagation.drain()
  let one = propagated("spop", "s")
  #expect(one.told == "*3\r\n$4\r\nSREM\r\n$1\r\ns\r\n$\(one.reply[0].utf8.count)\r\n\(one.reply[0])\r\n")
  let many = propagated("spop", "s", "2100")
  #expect(many.told.split(separator: "SREM").count == 4)
  #expect(many.reply.allSatisfy { many.told.contains("\r\n\($0)\r\n") })
  #expect(propagated("spop", "s", "5000").told == "*2\r\n$3\r\nDEL\r\n$1\r\ns\r\n")
  #expect(propagated("spop", "s").told == "")
}

// MARK: Storage

@Test func savedSetsComeBackAndCorruptOnesDoNot() {
  let runner = CommandRunner()
  func restore(_ key: String, _ stored: SetValue.Stored) -> Bool {
    key.withBytes { key in
      let hash = runner.keyspace.pointee.hash(key)
      return switch stored {
      case .intset(let bytes): runner.keyspace.pointee.addSet(0, key, hash: hash, intset: bytes) != nil
      case .listpack(let bytes): runner.keyspace.pointee.addSet(0, key, hash: hash, listpack: bytes) != nil
      case .table: false
      }
    }
  }
  for (i, contents) in [["1", "300000"], ["1", "a"]].enumerated() {
    add(runner, "s\(i)", contents)
    #expect(restore("back\(i)", SetValue.stored(entry(runner, "s\(i)")!)))
    #expect(members(runner, "back\(i)") == Set(contents))
    #expect(encoding(runner, "back\(i)") == encoding(runner, "s\(i)"))
  }
  runner.keyspace.pointee.setLimits.maximumIntsetEntries = 1
  runner.keyspace.pointee.setLimits.maximumListpackEntries = 1
  for i in 0..<2 {
    #expect(restore("large\(i)", SetValue.stored(entry(runner, "s\(i)")!)))
    #expect(members(runner, "large\(i)") == members(runner, "s\(i)"))
    #expect(encoding(runner, "large\(i)") == "hashtable")
  }

  func pack(_ elements: [String]) -> [UInt8] {
    var list = Listpack.create()
    defer { list.free() }
    for element in elements { element.withBytes { list.append($0) } }
    return list.bytes.array
  }
  for bytes in [pack([]), pack(["a", "b", "a"]), pack(["1", "2", "1"]), Array(pack(["a"]).dropLast()), []] {
    #expect(!bytes.withBytes { restore("bad", .listpack($0)) })
  }
  #expect(![2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0].withBytes { restore("bad", .intset($0)) })
  #expect(entry(runner, "bad") == nil)

  "walked".withBytes { key in
    let set = runner.keyspace.pointee.addSet(0, key, hash: runner.keyspace.pointee.hash(key), adding: 2)
    #expect("x".withBytes { runner.keyspace.pointee.addMember(set, $0) })
    #expect(!"x".withBytes { runner.keyspace.pointee.addMember(set, $0) })
  }
  #expect(members(runner, "walked") == ["x"])
}
