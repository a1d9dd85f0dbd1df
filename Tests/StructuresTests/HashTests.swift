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

/// All fields with their values, out of order.
private func contents(_ runner: CommandRunner, _ key: String) -> [String: String] {
  let words = runner.words("hgetall", key)
  var found: [String: String] = [:]
  for i in stride(from: 0, to: words.count, by: 2) { found[words[i]] = words[i + 1] }
  return found
}

@Test func hashBehavesAsADictionaryThroughConversions() {
  for seed in 0..<12 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    var model: [String: String] = [:]
    var deadlines: [String: Int64] = [:]
    let fieldCount = [20, 150, 1000][seed % 3]
    for step in 0..<4000 {
      let field =
        Int.random(in: 0..<2, using: &random) == 0
        ? String(Int.random(in: 0..<fieldCount, using: &random)) : "f\(Int.random(in: 0..<fieldCount, using: &random))"
      let size = step % 500 == 0 ? 3000 : step % 50 == 0 && seed % 2 == 0 ? 100 : 10
      let value = String(repeating: "v", count: Int.random(in: 0..<size, using: &random)) + String(step)
      switch Int.random(in: 0..<12, using: &random) {
      case 0...4:
        let isNew = runner.run("hset", "h", field, value) == ":1\r\n"
        #expect(isNew == (model[field] == nil), "seed \(seed) step \(step)")
        model[field] = value
        deadlines[field] = nil
      case 5, 6:
        let removed = runner.run("hdel", "h", field) == ":1\r\n"
        #expect(removed == (model.removeValue(forKey: field) != nil), "seed \(seed) step \(step)")
        deadlines[field] = nil
      case 7 where seed % 4 != 3, 8 where seed % 4 != 3:
        let milliseconds = Int.random(in: 1..<3000, using: &random)
        let set = runner.words("hpexpire", "h", String(milliseconds), "FIELDS", "1", field)
        #expect(set == [model[field] == nil ? "-2" : "1"], "seed \(seed) step \(step)")
        if model[field] != nil { deadlines[field] = runner.now + Int64(milliseconds) }
      case 9:
        let expected = model[field] == nil ? "-2" : deadlines[field] == nil ? "-1" : "1"
        #expect(runner.words("hpersist", "h", "FIELDS", "1", field) == [expected], "seed \(seed) step \(step)")
        deadlines[field] = nil
      default:
        runner.advance(Int64.random(in: 0..<40, using: &random))
        if step % 3 == 0 { runner.expire() }
        for (field, time) in deadlines where time < runner.now {
          deadlines[field] = nil
          model[field] = nil
        }
      }
      #expect(runner.words("hget", "h", field) == [model[field] ?? "nil"], "seed \(seed) step \(step)")
      let left = deadlines[field].map { String($0 - runner.now) } ?? (model[field] == nil ? "-2" : "-1")
      #expect(runner.words("hpttl", "h", "FIELDS", "1", field) == [left], "seed \(seed) step \(step)")
      #expect(runner.run("hlen", "h") == ":\(model.count)\r\n", "seed \(seed) step \(step)")
    }
    #expect(contents(runner, "h") == model, "seed \(seed)")
    #expect(Set(runner.words("hkeys", "h")) == Set(model.keys))
    runner.advance(10_000)
    runner.expire()
    for field in deadlines.keys { model[field] = nil }
    #expect(contents(runner, "h") == model, "seed \(seed)")
    #expect(runner.keyspace.pointee.databases[0].fieldDeadlines.count == 0)
    #expect((entry(runner, "h") == nil) == model.isEmpty)
  }
}

@Test func hashLeavesTheListpackAtItsLimits() {
  let runner = CommandRunner()
  for i in 0..<128 { _ = runner.run("hset", "h", "f\(i)", "v") }
  #expect(encoding(runner, "h") == "listpack")
  _ = runner.run("hset", "h", "f128", "v")
  #expect(encoding(runner, "h") == "hashtable")
  #expect(runner.run("hlen", "h") == ":129\r\n")

  _ = runner.run("hset", "long", "f", String(repeating: "x", count: 64))
  #expect(encoding(runner, "long") == "listpack")
  _ = runner.run("hset", "long", "f", String(repeating: "x", count: 65))
  #expect(encoding(runner, "long") == "hashtable")
  #expect(runner.words("hget", "long", "f") == [String(repeating: "x", count: 65)])

  _ = runner.run("hset", "timed", "a", "1", "b", "2")
  _ = runner.run("hexpire", "timed", "10", "FIELDS", "1", "b")
  #expect(encoding(runner, "timed") == "listpackex")
  for i in 0..<128 { _ = runner.run("hset", "timed", "f\(i)", "v") }
  #expect(encoding(runner, "timed") == "hashtable")
  #expect(runner.words("httl", "timed", "FIELDS", "2", "a", "b") == ["-1", "10"])
}

@Test func fieldsDieInTheirMillisecondAndTheKeyWithItsLastField() {
  for count in [3, 300] {
    let runner = CommandRunner()
    for i in 0..<count {
      _ = runner.run("hset", "h", "f\(i)", "v")
      _ = runner.run("hpexpire", "h", String(100 + i), "FIELDS", "1", "f\(i)")
    }
    _ = runner.takeEvents()
    let first = runner.keyspace.pointee.nextExpiry
    #expect(first != nil && first! <= runner.now + 101)
    runner.advance(100)
    runner.expire()
    #expect(runner.run("hlen", "h") == ":\(count)\r\n")
    #expect(runner.takeEvents().isEmpty)
    runner.advance(1)
    runner.expire()
    #expect(runner.takeEvents() == ["hexpired h"])
    #expect(runner.run("hlen", "h") == ":\(count - 1)\r\n")
    runner.advance(Int64(count))
    runner.expire()
    #expect(runner.takeEvents().suffix(2) == ["hexpired h", "del h"])
    #expect(entry(runner, "h") == nil)
    #expect(runner.keyspace.pointee.statistics.expiredFields == count)
    #expect(runner.keyspace.pointee.nextExpiry == nil)
  }
}

@Test func deadFieldsAreInvisibleBeforeTheyAreRemoved() {
  let runner = CommandRunner()
  for i in 0..<1000 { _ = runner.run("hset", "h", "f\(i)", "v") }
  for i in 0..<990 { _ = runner.run("hpexpire", "h", "5", "FIELDS", "1", "f\(i)") }
  runner.advance(6)
  // Looking removes some, never all: the rest is only not shown.
  #expect(runner.run("hlen", "h") == ":10\r\n")
  #expect(runner.words("hget", "h", "f500") == ["nil"])
  #expect(runner.words("hkeys", "h").count == 10)
  #expect(contents(runner, "h").count == 10)
  #expect(runner.run("hdel", "h", "f501") == ":0\r\n")
  #expect(runner.run("hset", "h", "f502", "w") == ":1\r\n")
  #expect(runner.words("hpttl", "h", "FIELDS", "1", "f502") == ["-1"])
  #expect(Set(runner.words("hrandfield", "h", "100")).count == 11)
  #expect(runner.keyspace.pointee.statistics.expiredFields < 990)
  runner.expire()
  #expect(
    runner.keyspace.pointee.statistics.expiredFields == 989 || runner.keyspace.pointee.statistics.expiredFields == 990)
  #expect(runner.run("hlen", "h") == ":11\r\n")
}

@Test func manyFieldsOfOneHashExpireInSmallPieces() {
  let runner = CommandRunner()
  for i in 0..<5000 { _ = runner.run("hsetex", "h", "px", "50", "FIELDS", "1", "f\(i)", "v") }
  runner.advance(51)
  var turns = 0
  while !runner.expire(isOutOfTime: { true }) { turns += 1 }
  // A piece is a few dozen fields, and the next turn goes on where it ended.
  #expect(turns > 20)
  runner.advance(1)
  while !runner.expire(isOutOfTime: { true }) { turns += 1 }
  #expect(entry(runner, "h") == nil)
  #expect(runner.keyspace.pointee.statistics.expiredFields == 5000)
}

@Test func aCopyHasItsOwnFieldsAndDeadlines() {
  for count in [2, 400] {
    let runner = CommandRunner()
    for i in 0..<count { _ = runner.run("hset", "h", "f\(i)", "v\(i)") }
    _ = runner.run("hpexpire", "h", "100", "FIELDS", "1", "f0")
    "copy".withBytes { key in
      let fresh = Value.copy(entry(runner, "h")!, key: key)
      runner.keyspace.pointee.add(0, fresh, hash: runner.keyspace.pointee.hash(key))
    }
    #expect(contents(runner, "copy") == contents(runner, "h"))
    _ = runner.run("hset", "h", "f1", "other")
    #expect(runner.words("hget", "copy", "f1") == ["v1"])
    _ = runner.takeEvents()
    runner.advance(101)
    runner.expire()
    #expect(Set(runner.takeEvents()) == ["hexpired h", "hexpired copy"])
    #expect(runner.run("hlen", "copy") == ":\(count - 1)\r\n")
    #expect(HashValue.memoryUsage(entry(runner, "copy")!, samples: 5) > 0)
  }
}

@Test func aKeyDeadlineMovesTheEntryAndFieldsStillFindIt() {
  let runner = CommandRunner()
  _ = runner.run("hset", "h", "a", "1", "b", "2")
  _ = runner.run("hpexpire", "h", "100", "FIELDS", "1", "a")
  "h".withBytes { key in
    let slot = runner.keyspace.pointee.databases[0].table.find(key, hash: runner.keyspace.pointee.hash(key))!
    runner.keyspace.pointee.setDeadline(0, slot, milliseconds: runner.now + 1000)
  }
  runner.advance(101)
  runner.expire()
  #expect(contents(runner, "h") == ["b": "2"])
  runner.advance(1000)
  runner.expire()
  #expect(entry(runner, "h") == nil)
}

@Test func scanOfALargeHashReturnsEveryField() {
  let runner = CommandRunner()
  for i in 0..<2000 { _ = runner.run("hset", "h", "f\(i)", "v\(i)") }
  var cursor = "0"
  var seen: [String: String] = [:]
  repeat {
    let words = runner.words("hscan", "h", cursor, "COUNT", "50")
    cursor = words[0]
    for i in stride(from: 1, to: words.count, by: 2) { seen[words[i]] = words[i + 1] }
  } while cursor != "0"
  #expect(seen == contents(runner, "h"))
  #expect(runner.words("hscan", "h", "0", "MATCH", "f1999", "COUNT", "100000") == ["0", "f1999", "v1999"])
  #expect(runner.words("hscan", "h", "0", "MATCH", "f1999", "COUNT", "100000", "NOVALUES") == ["0", "f1999"])
  #expect(runner.words("hscan", "h", "x") == ["-ERR invalid cursor"])
}

@Test func randomFieldsAreDistinctOrDrawnAsTheCountSays() {
  for size in [10, 500] {
    let runner = CommandRunner()
    for i in 0..<size { _ = runner.run("hset", "h", "f\(i)", "v\(i)") }
    for count in [1, 3, size / 2, size - 1, size, size * 2] {
      let found = runner.words("hrandfield", "h", String(count))
      #expect(found.count == min(count, size) && Set(found).count == found.count)
      let pairs = runner.words("hrandfield", "h", String(-count), "withvalues")
      #expect(pairs.count == count * 2)
      #expect(stride(from: 0, to: pairs.count, by: 2).allSatisfy { pairs[$0 + 1] == "v" + pairs[$0].dropFirst() })
    }
    runner.isRESP3 = true
    #expect(runner.run("hrandfield", "h", "2", "withvalues").hasPrefix("*2\r\n*2\r\n"))
  }
}

@Test func commandsReportTheirEvents() {
  let runner = CommandRunner()
  func events(_ words: String...) -> [String] {
    _ = runner.run(words.map { Array($0.utf8) })
    return runner.takeEvents().map { String($0.prefix { $0 != " " }) }
  }
  #expect(events("hset", "h", "a", "1", "b", "2") == ["new", "hset"])
  #expect(runner.keyspace.pointee.dirty == 2)
  #expect(events("hincrby", "h", "a", "5") == ["hincrby"])
  #expect(events("hincrbyfloat", "h", "a", "0.5") == ["hincrbyfloat"])
  #expect(events("hexpire", "h", "100", "FIELDS", "1", "a") == ["hexpire"])
  #expect(events("hpersist", "h", "FIELDS", "1", "a") == ["hpersist"])
  #expect(events("hpersist", "h", "FIELDS", "1", "a") == [])
  #expect(events("hexpire", "h", "0", "FIELDS", "1", "a") == ["hdel"])
  #expect(events("hdel", "h", "a") == [])
  #expect(events("hdel", "h", "b") == ["hdel", "del"])
  #expect(events("hsetex", "h", "EX", "10", "FIELDS", "1", "a", "1") == ["new", "hset", "hexpire"])
  #expect(events("hgetex", "h", "PERSIST", "FIELDS", "1", "a") == ["hpersist"])
  #expect(events("hgetdel", "h", "FIELDS", "1", "a") == ["hdel", "del"])
}

@Test func savedHashesComeBackAndCorruptOnesDoNot() {
  let runner = CommandRunner()
  for i in 0..<20 { _ = runner.run("hset", "h", "f\(i)", "\(i)") }
  _ = runner.run("hexpire", "h", "100", "FIELDS", "2", "f7", "f3")
  _ = runner.run("hexpire", "h", "50", "FIELDS", "1", "f9")
  guard case .timedListpack(let bytes, let soonest) = HashValue.stored(entry(runner, "h")!) else {
    Issue.record("not a listpack")
    return
  }
  #expect(soonest == runner.now + 50_000)
  func add(_ key: String, _ bytes: [UInt8], isTimed: Bool) -> Bool {
    key.withBytes { key in
      bytes.withBytes {
        let hash = runner.keyspace.pointee.hash(key)
        return runner.keyspace.pointee.addHash(0, key, hash: hash, listpack: $0, isTimed: isTimed) != nil
      }
    }
  }
  #expect(add("back", bytes.array, isTimed: true))
  #expect(contents(runner, "back") == contents(runner, "h"))
  #expect(runner.words("httl", "back", "FIELDS", "3", "f9", "f3", "f1") == ["50", "100", "-1"])
  // 60 elements: as pairs, deadlines would be fields, and some of them twice.
  #expect(!add("bad", bytes.array, isTimed: false))

  func pack(_ elements: [String]) -> [UInt8] {
    var list = Listpack.create()
    defer { list.free() }
    for element in elements { element.withBytes { list.append($0) } }
    return list.bytes.array
  }
  #expect(!add("bad", pack([]), isTimed: false))
  #expect(!add("bad", pack(["a"]), isTimed: false))
  #expect(!add("bad", pack(["a", "1", "a", "2"]), isTimed: false))
  #expect(!add("bad", pack(["a", "1", "x"]), isTimed: true))
  #expect(!add("bad", pack(["a", "1", "20", "b", "1", "10"]), isTimed: true))
  #expect(!add("bad", pack(["a", "1", "0", "b", "1", "10"]), isTimed: true))
  #expect(add("long", pack(["a", String(repeating: "x", count: 100)]), isTimed: false))
  #expect(encoding(runner, "long") == "hashtable")

  var found: [String: Int64] = [:]
  HashValue.forEachWithDeadline(entry(runner, "back")!, now: runner.now) { field, time in
    found[field.name.withBytes { $0.string }] = time
  }
  #expect(found.count == 20 && found["f9"] == soonest && found["f1"] == 0)
}

@Test func fieldExpiryCommandsAnswerAsDocumented() {
  let runner = CommandRunner()
  #expect(runner.words("hexpire", "none", "10", "FIELDS", "2", "a", "b") == ["-2", "-2"])
  #expect(runner.words("httl", "none", "FIELDS", "1", "a") == ["-2"])
  #expect(runner.words("hgetdel", "none", "FIELDS", "1", "a") == ["nil"])
  _ = runner.run("hset", "h", "a", "1", "b", "2", "c", "3")
  #expect(runner.words("hexpire", "h", "10", "XX", "FIELDS", "1", "a") == ["0"])
  #expect(runner.words("hexpire", "h", "10", "GT", "FIELDS", "1", "a") == ["0"])
  #expect(runner.words("hexpire", "h", "10", "LT", "FIELDS", "2", "a", "x") == ["1", "-2"])
  #expect(runner.words("hexpire", "h", "10", "NX", "FIELDS", "1", "a") == ["0"])
  #expect(runner.words("hexpire", "h", "20", "gt", "fields", "1", "a") == ["1"])
  #expect(runner.words("httl", "h", "FIELDS", "2", "a", "b") == ["20", "-1"])
  #expect(runner.words("hexpiretime", "h", "FIELDS", "1", "a") == [String(runner.now / 1000 + 20)])
  #expect(runner.words("hpexpireat", "h", "1", "FIELDS", "1", "a") == ["2"])
  #expect(runner.words("hexists", "h", "a") == ["0"])
  #expect(runner.words("hsetex", "h", "FNX", "FIELDS", "1", "b", "9") == ["0"])
  #expect(runner.words("hsetex", "h", "FXX", "EX", "5", "FIELDS", "2", "b", "9", "c", "8") == ["1"])
  #expect(runner.words("hsetex", "h", "KEEPTTL", "FIELDS", "1", "b", "7") == ["1"])
  #expect(runner.words("httl", "h", "FIELDS", "2", "b", "c") == ["5", "5"])
  #expect(runner.words("hincrby", "h", "b", "1") == ["8"])
  #expect(runner.words("httl", "h", "FIELDS", "1", "b") == ["5"])
  #expect(runner.words("hset", "h", "b", "1") == ["0"])
  #expect(runner.words("httl", "h", "FIELDS", "1", "b") == ["-1"])
  #expect(runner.words("hgetex", "h", "PXAT", "1", "FIELDS", "3", "b", "c", "x") == ["1", "8", "nil"])
  #expect(entry(runner, "h") == nil)
  #expect(runner.words("hsetex", "h", "PXAT", "1", "FIELDS", "1", "b", "9") == ["1"])
  #expect(entry(runner, "h") == nil)
}

@Test func wrongArgumentsOfFieldExpiryAreErrors() {
  let runner = CommandRunner()
  let wrong: [(String, String)] = [
    ("hexpire h x FIELDS 1 a", "ERR value is not an integer or out of range"),
    ("hexpire h -1 FIELDS 1 a", "ERR invalid expire time, must be >= 0"),
    ("hexpire h 9223372036854775807 FIELDS 1 a", "ERR invalid expire time in 'hexpire' command"),
    ("hexpire h 1 FIELD 1 a", "ERR Mandatory argument FIELDS is missing or not at the right position"),
    ("hexpire h 1 FIELDS 0 a", "ERR Parameter `numFields` should be greater than 0"),
    ("hexpire h 1 FIELDS 2 a", "ERR The `numfields` parameter must match the number of arguments"),
    ("hexpire h 1 FIELDS 1 a b", "ERR The `numfields` parameter must match the number of arguments"),
    ("httl h FIELDS 0 a", "ERR Number of fields must be a positive integer"),
    ("httl h FIELDS 9223372036854775807 a", "ERR The `numfields` parameter must match the number of arguments"),
    ("hgetex h EX 1 PX 1 FIELDS 1 a", "ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified"),
    ("hsetex h EX 1 KEEPTTL FIELDS 1 a b", "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"),
    ("hsetex h FNX FXX FIELDS 1 a b", "ERR Only one of FXX or FNX arguments can be specified"),
    ("hsetex h FIELDS 2147483647 a b c", "ERR wrong number of arguments"),
    ("hsetex h FIELDS 1 a b FIELDS 1 a b", "ERR multiple FIELDS arguments"),
    ("hgetex h EX 1 PERSIST PERSIST", "ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified"),
    ("hgetex h FIELDS 1 a EX", "ERR missing expire time"),
    ("hgetex h KEEPTTL FIELDS 1 a", "ERR unknown argument: KEEPTTL"),
  ]
  for (command, error) in wrong {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    #expect(runner.run(words) == "-\(error)\r\n", "\(command)")
  }
}

@Test func fieldDeadlinesFollowTheirHashToOtherKeysAndDatabases() {
  for count in [3, 300] {
    let runner = CommandRunner()
    for i in 0..<count { _ = runner.run("hset", "h", "f\(i)", "v") }
    _ = runner.run("hpexpire", "h", "100", "FIELDS", "1", "f0")
    #expect(runner.run("copy", "h", "copy") == ":1\r\n")
    #expect(runner.run("rename", "h", "renamed") == "+OK\r\n")
    #expect(runner.run("copy", "copy", "moved") == ":1\r\n")
    #expect(runner.run("move", "moved", "1") == ":1\r\n")
    #expect(runner.run("copy", "copy", "gone") == ":1\r\n")
    #expect(runner.run("set", "gone", "string") == "+OK\r\n")
    #expect(runner.run("copy", "copy", "deleted") == ":1\r\n")
    #expect(runner.run("del", "deleted") == ":1\r\n")
    _ = runner.takeEvents()
    runner.advance(101)
    runner.expire()
    #expect(runner.takeEvents().sorted() == ["hexpired copy", "hexpired moved", "hexpired renamed"])
    #expect(runner.run("hlen", "renamed") == ":\(count - 1)\r\n")
    #expect(runner.words("get", "gone") == ["string"])
  }
}

@Test func fieldsOfALargeHashThatMovedExpireUnderItsKey() {
  for move in [["pexpire", "h", "100000"], ["rename", "h", "other"], ["persist", "h"]] {
    let runner = CommandRunner()
    _ = runner.run("hset", "h", "f", "v", "long", String(repeating: "x", count: 100))
    if move[0] == "persist" { _ = runner.run("pexpire", "h", "100000") }
    _ = runner.run(move.map { Array($0.utf8) })
    let key = move[0] == "rename" ? "other" : "h"
    #expect(runner.words("hpexpire", key, "50", "FIELDS", "1", "f") == ["1"])
    _ = runner.takeEvents()
    runner.advance(100)
    runner.expire()
    #expect(runner.takeEvents() == ["hexpired \(key)"])
    #expect(runner.run("hlen", key) == ":1\r\n")
  }
}
