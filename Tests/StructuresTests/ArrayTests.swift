import Commands
import Memory
import Structures
import Testing

@testable import Keyspace

private let largest = "18446744073709551614"
private let beyond = "18446744073709551615"

extension CommandRunner {
  fileprivate func error(_ words: String...) -> String {
    let reply = run(words.map { Array($0.utf8) })
    return reply.hasPrefix("-") ? String(reply.dropFirst().dropLast()) : "no error: \(reply)"
  }

  /// As integers, with nulls as nil.
  fileprivate func arrayInfo(_ key: String) -> [String: String] {
    let words = words("ARINFO", key, "FULL")
    return Dictionary(uniqueKeysWithValues: stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) })
  }
}

// MARK: Elements

@Test func elementsAreSetReadAndCounted() {
  let runner = CommandRunner()
  #expect(runner.run("ARSET", "a", "0", "x", "y", "z") == ":3\r\n")
  #expect(runner.run("ARSET", "a", "2", "Z", "w") == ":1\r\n")
  #expect(runner.run("ARMSET", "a", "0", "X", "100", "far", "0", "again") == ":1\r\n")
  #expect(runner.words("ARMGET", "a", "0", "2", "50", "100", largest) == ["again", "Z", "nil", "far", "nil"])
  #expect(runner.run("ARGET", "a", "3") == "$1\r\nw\r\n" && runner.run("ARGET", "a", "4") == "$-1\r\n")
  #expect(runner.run("ARLEN", "a") == ":101\r\n" && runner.run("ARCOUNT", "a") == ":5\r\n")
  #expect(runner.run("TYPE", "a") == "+array\r\n")
  #expect(runner.words("OBJECT", "ENCODING", "a") == ["sliced-array"])
  #expect(runner.words("SCAN", "0", "TYPE", "array") == ["0", "a"])
  for command in ["ARLEN", "ARCOUNT", "ARNEXT"] { #expect(runner.run(command, "none") == ":0\r\n") }
  #expect(runner.words("ARMGET", "none", "1", "2") == ["nil", "nil"] && runner.run("ARGET", "none", "0") == "$-1\r\n")
}

@Test func indexesReachToTheLastButOne() {
  let runner = CommandRunner()
  #expect(runner.run("ARSET", "a", largest, "x") == ":1\r\n")
  #expect(runner.run("ARLEN", "a") == ":\(beyond)\r\n")
  #expect(runner.run("ARSCAN", "a", "0", largest) == "*1\r\n*2\r\n:\(largest)\r\n$1\r\nx\r\n")
  #expect(runner.words("ARGETRANGE", "a", largest, "18446744073709551613") == ["x", "nil"])
  #expect(runner.error("ARSET", "a", largest, "x", "y") == "ERR array index overflow")
  for index in [beyond, "18446744073709551616", "-1", "", "x", "1.5", "0x1"] {
    let message = "ERR invalid array index"
    #expect(runner.error("ARGET", "a", index) == message && runner.error("ARGET", "none", index) == message)
    #expect(
      runner.error("ARSET", "b", index, "v") == message && runner.error("ARMSET", "b", "1", "v", index, "v") == message)
    #expect(runner.error("ARDEL", "b", "1", index) == message && runner.error("ARDELRANGE", "b", "1", index) == message)
    #expect(
      runner.error("ARMGET", "a", "0", index) == message && runner.error("ARGETRANGE", "a", index, "0") == message)
    #expect(
      runner.error("ARSCAN", "a", "0", index) == message && runner.error("AROP", "a", index, "0", "SUM") == message)
    #expect(runner.error("ARGREP", "a", index, "+", "EXACT", "x") == message)
  }
  #expect(runner.run("EXISTS", "b") == ":0\r\n")
}

@Test func elementsAreRemovedAndTheKeyWithTheLast() {
  let runner = CommandRunner()
  runner.run("ARSET", "a", "0", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
  _ = runner.takeEvents()
  #expect(runner.run("ARDEL", "a", "1", "1", "50") == ":1\r\n")
  #expect(runner.run("ARDEL", "a", "1") == ":0\r\n" && runner.run("ARDELRANGE", "a", "100", "200") == ":0\r\n")
  #expect(runner.run("ARDELRANGE", "a", "5", "3", "4", "7") == ":5\r\n")
  #expect(runner.words("ARGETRANGE", "a", "0", "9") == ["0", "nil", "2", "nil", "nil", "nil", "nil", "nil", "8", "9"])
  #expect(runner.run("ARDELRANGE", "a", largest, "0") == ":4\r\n")
  #expect(runner.takeEvents() == ["ardel a", "ardelrange a", "ardelrange a", "del a"])
  #expect(runner.run("EXISTS", "a") == ":0\r\n")
  runner.run("ARSET", "a", "7", "x")
  _ = runner.takeEvents()
  #expect(runner.run("ARDEL", "a", "7") == ":1\r\n" && runner.takeEvents() == ["ardel a", "del a"])
  #expect(runner.run("ARDEL", "a", "7") == ":0\r\n" && runner.run("ARDELRANGE", "a", "7", "9") == ":0\r\n")
  #expect(runner.error("ARDELRANGE", "a", "1", "2", "3") == "ERR wrong number of arguments for 'ardelrange' command")
  #expect(runner.error("ARMSET", "a", "1", "2", "3") == "ERR wrong number of arguments for 'armset' command")
}

@Test func changesAreCountedAndReportedOnce() {
  let runner = CommandRunner()
  func dirty(_ words: String...) -> Int {
    let before = runner.keyspace.pointee.dirty
    _ = runner.run(words.map { Array($0.utf8) })
    return runner.keyspace.pointee.dirty - before
  }
  #expect(dirty("ARSET", "a", "0", "x", "y") == 2 && dirty("ARMSET", "a", "5", "x", "6", "y") == 2)
  #expect(dirty("ARINSERT", "a", "x", "y", "z") == 3 && dirty("ARRING", "a", "9", "x") == 1)
  #expect(dirty("ARSEEK", "a", "4") == 1 && dirty("ARSEEK", "none", "4") == 0)
  #expect(dirty("ARDEL", "a", "0", "8") == 1 && dirty("ARDELRANGE", "a", "1", "1", "2", "9") == 4)
  #expect(
    runner.takeEvents() == [
      "new a", "arset a", "armset a", "arinsert a", "arring a", "arseek a", "ardel a", "ardelrange a", "del a",
    ])
}

@Test func rangesComeInBothDirectionsWithAndWithoutGaps() {
  let runner = CommandRunner()
  runner.run("ARMSET", "a", "0", "a", "1", "b", "3", "d", "9000", "far")
  #expect(runner.words("ARGETRANGE", "a", "0", "4") == ["a", "b", "nil", "d", "nil"])
  #expect(runner.words("ARGETRANGE", "a", "3", "0") == ["d", "nil", "b", "a"])
  #expect(runner.words("ARGETRANGE", "none", "2", "1") == ["nil", "nil"])
  #expect(runner.run("ARGETRANGE", "a", "1", "1") == "*1\r\n$1\r\nb\r\n")
  #expect(runner.words("ARSCAN", "a", "1", "10000") == ["1", "b", "3", "d", "9000", "far"])
  #expect(runner.words("ARSCAN", "a", "10000", "1", "LIMIT", "2") == ["9000", "far", "3", "d"])
  #expect(runner.run("ARSCAN", "none", "0", "9") == "*0\r\n" && runner.run("ARSCAN", "a", "4", "8999") == "*0\r\n")
  let tooLong = "ERR range exceeds maximum of 1000000 items"
  #expect(runner.error("ARGETRANGE", "a", "0", "1000000") == tooLong)
  #expect(runner.error("ARGETRANGE", "none", largest, "0") == tooLong)
  #expect(runner.run("ARGETRANGE", "a", "999999", "0").hasPrefix("*1000000\r\n"))
  #expect(runner.error("ARSCAN", "a", "0", "1", "LIMIT", "0") == "ERR LIMIT must be positive")
  #expect(runner.error("ARSCAN", "a", "0", "1", "LIMIT", "x") == "ERR value is not an integer or out of range")
  #expect(runner.error("ARSCAN", "a", "0", "1", "COUNT", "1") == "ERR syntax error")
  #expect(runner.error("ARSCAN", "a", "0", "1", "LIMIT") == "ERR wrong number of arguments for 'arscan' command")
  runner.isRESP3 = true
  #expect(runner.run("ARGETRANGE", "a", "1", "2") == "*2\r\n$1\r\nb\r\n_\r\n")
  #expect(runner.run("ARSCAN", "a", "0", "0") == "*1\r\n*2\r\n:0\r\n$1\r\na\r\n")
}

@Test func wrongTypesAreRefusedByEveryCommand() {
  let runner = CommandRunner()
  runner.run("SET", "s", "x")
  for command in [
    ["ARGET", "s", "0"], ["ARGET", "s", "x"], ["ARMGET", "s", "0"], ["ARGETRANGE", "s", "0", "1"],
    ["ARSCAN", "s", "0", "1"], ["ARLEN", "s"], ["ARCOUNT", "s"], ["ARINFO", "s"], ["ARSET", "s", "0", "x"],
    ["ARMSET", "s", "0", "x"], ["ARDEL", "s", "0"], ["ARDELRANGE", "s", "0", "1"], ["ARINSERT", "s", "x"],
    ["ARRING", "s", "3", "x"], ["ARNEXT", "s"], ["ARSEEK", "s", "0"], ["ARLASTITEMS", "s", "1"],
    ["ARGREP", "s", "-", "+", "MATCH", "x"], ["AROP", "s", "0", "1", "SUM"],
  ] {
    let reply = runner.run(command.map { Array($0.utf8) })
    #expect(reply == "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", "\(command)")
  }
  runner.run("ARSET", "a", "0", "x")
  #expect(runner.run("GET", "a").hasPrefix("-WRONGTYPE") && runner.run("SET", "a", "y") == "+OK\r\n")
}

// MARK: Insertion

@Test func insertionGoesOnWhereItWas() {
  let runner = CommandRunner()
  #expect(runner.run("ARINSERT", "a", "x") == ":0\r\n" && runner.run("ARINSERT", "a", "y", "z") == ":2\r\n")
  #expect(runner.run("ARNEXT", "a") == ":3\r\n")
  #expect(runner.run("ARSEEK", "a", "10") == ":1\r\n" && runner.run("ARINSERT", "a", "far") == ":10\r\n")
  #expect(runner.run("ARSEEK", "a", "0") == ":1\r\n" && runner.run("ARNEXT", "a") == ":0\r\n")
  #expect(runner.run("ARINSERT", "a", "X") == ":0\r\n" && runner.run("ARGET", "a", "0") == "$1\r\nX\r\n")
  #expect(runner.run("ARSEEK", "a", largest) == ":1\r\n" && runner.run("ARNEXT", "a") == ":\(largest)\r\n")
  #expect(runner.error("ARINSERT", "a", "x", "y") == "ERR insert index overflow")
  #expect(runner.run("ARINSERT", "a", "end") == ":\(largest)\r\n")
  #expect(runner.run("ARNEXT", "a") == "$-1\r\n" && runner.arrayInfo("a")["next-insert-index"] == "0")
  #expect(runner.error("ARINSERT", "a", "x") == "ERR insert index overflow")
  #expect(runner.run("ARSEEK", "a", beyond) == ":1\r\n" && runner.run("ARNEXT", "a") == "$-1\r\n")
  #expect(runner.error("ARSEEK", "a", "18446744073709551616") == "ERR invalid array index")
  #expect(runner.run("ARSEEK", "none", "5") == ":0\r\n" && runner.run("EXISTS", "none") == ":0\r\n")
}

@Test func ringsBeginAgainAndKeepTheLatestWhenTheyAreResized() {
  let runner = CommandRunner()
  func ring(_ key: String, _ size: Int, _ values: Range<Int>) {
    for i in values { runner.run("ARRING", key, "\(size)", "v\(i)") }
  }
  func all(_ key: String) -> [String] { runner.words("ARGETRANGE", key, "0", "8").filter { $0 != "nil" } }
  ring("a", 5, 0..<8)
  #expect(all("a") == ["v5", "v6", "v7", "v3", "v4"] && runner.run("ARNEXT", "a") == ":3\r\n")
  #expect(runner.words("ARLASTITEMS", "a", "3") == ["v5", "v6", "v7"])
  #expect(runner.words("ARLASTITEMS", "a", "9") == ["v3", "v4", "v5", "v6", "v7"])
  #expect(runner.words("ARLASTITEMS", "a", "4", "REV") == ["v7", "v6", "v5", "v4"])
  // Larger after it was wrapped: the oldest comes first, and the new one behind the latest.
  #expect(runner.run("ARRING", "a", "8", "v8") == ":5\r\n")
  #expect(all("a") == ["v3", "v4", "v5", "v6", "v7", "v8"])
  // Smaller: the latest are kept.
  ring("b", 10, 0..<15)
  #expect(runner.run("ARRING", "b", "5", "new") == ":0\r\n")
  #expect(runner.words("ARGETRANGE", "b", "0", "5") == ["new", "v11", "v12", "v13", "v14", "nil"])
  // A gap ends what is kept.
  ring("c", 5, 0..<5)
  runner.run("ARDEL", "c", "3")
  #expect(runner.run("ARRING", "c", "3", "new") == ":1\r\n" && all("c") == ["v4", "new"])
  ring("d", 5, 0..<8)
  runner.run("ARDEL", "d", "1")
  #expect(runner.run("ARRING", "d", "8", "new") == ":1\r\n" && all("d") == ["v7", "new"])
  // ARSEEK 0 says where to go on, and that nothing moves.
  ring("e", 3, 0..<5)
  runner.run("ARSEEK", "e", "0")
  #expect(runner.run("ARRING", "e", "8", "new") == ":0\r\n" && all("e") == ["new", "v4", "v2"])
  // What lies outside of the ring ends it, too.
  ring("f", 3, 0..<5)
  runner.run("ARSET", "f", "100", "outside")
  runner.run("ARRING", "f", "3", "new")
  #expect(runner.words("ARGETRANGE", "f", "0", "2") == ["new", "v3", "v4"] && runner.run("ARLEN", "f") == ":3\r\n")
  #expect(runner.run("ARRING", "g", "1", "x", "y", "z") == ":0\r\n" && all("g") == ["z"])
  #expect(runner.run("ARRING", "h", "9223372036854775807", "x", "y") == ":1\r\n")
  for (size, message) in [("x", "invalid size"), ("0", "size must be positive"), ("-5", "size must be positive")] {
    #expect(
      runner.error("ARRING", "a", size, "x") == "ERR \(message)"
        && runner.error("ARRING", "none", size, "x") == "ERR \(message)")
  }
}

@Test func lastItemsAreThoseBeforeThePlaceOfInsertion() {
  let runner = CommandRunner()
  runner.run("ARINSERT", "a", "a", "b", "c", "d", "e")
  #expect(runner.words("ARLASTITEMS", "a", "2") == ["d", "e"])
  runner.run("ARDEL", "a", "1")
  #expect(runner.words("ARLASTITEMS", "a", "10") == ["a", "nil", "c", "d", "e"])
  #expect(runner.words("ARLASTITEMS", "a", "10", "REV") == ["e", "d", "c", "nil", "a"])
  runner.run("ARDEL", "a", "4")
  #expect(runner.words("ARLASTITEMS", "a", "10") == ["a", "nil", "c", "d"])
  runner.run("ARSEEK", "a", "0")
  #expect(runner.words("ARLASTITEMS", "a", "2") == ["c", "d"])
  runner.run("ARSEEK", "a", "1")
  #expect(runner.words("ARLASTITEMS", "a", "3") == ["c", "d", "a"])
  for count in ["0", "-1"] { #expect(runner.run("ARLASTITEMS", "a", count, "x") == "*0\r\n") }
  #expect(runner.run("ARLASTITEMS", "none", "3") == "*0\r\n")
  #expect(runner.error("ARLASTITEMS", "a", "x") == "ERR invalid COUNT")
  #expect(runner.error("ARLASTITEMS", "a", "1", "x") == "ERR syntax error")
  #expect(
    runner.error("ARLASTITEMS", "a", "1", "REV", "x") == "ERR wrong number of arguments for 'arlastitems' command")
  runner.run("ARMSET", "b", "0", "a", "2000000", "b")
  #expect(runner.error("ARLASTITEMS", "b", "1000001") == "ERR count exceeds maximum of 1000000 items")
  #expect(runner.words("ARLASTITEMS", "b", "2") == ["nil", "b"])
}

// MARK: Search

@Test func searchCombinesPredicates() {
  let runner = CommandRunner()
  runner.run(
    "ARMSET", "a", "0", "RedisArray", "1", "redis-match", "2", "array-only", "3", "plain", "9000", "12.50000000")
  func grep(_ words: String...) -> [String] { runner.words(["ARGREP", "a"] + words) }
  #expect(grep("-", "+", "MATCH", "array") == ["2"] && grep("-", "+", "MATCH", "array", "NOCASE") == ["0", "2"])
  #expect(grep("-", "+", "EXACT", "plain") == ["3"] && grep("-", "+", "EXACT", "PLAIN") == [])
  #expect(
    grep("-", "+", "nocase", "exact", "PLAIN") == ["3"] && grep("-", "+", "MATCH", "") == ["0", "1", "2", "3", "9000"])
  #expect(grep("-", "+", "MATCH", "redis", "GLOB", "*array*", "AND", "NOCASE") == ["0"])
  #expect(grep("-", "+", "MATCH", "redis", "GLOB", "*array*", "NOCASE") == ["0", "1", "2"])
  #expect(
    grep("-", "+", "OR", "MATCH", "redis", "LIMIT", "3", "GLOB", "*array*", "AND", "LIMIT", "1", "NOCASE") == ["0"])
  #expect(grep("+", "-", "RE", "[0-9]{2}\\.|^p") == ["9000", "3"])
  #expect(grep("+", "-", "MATCH", ".5", "WITHVALUES") == ["9000", "12.50000000"])
  #expect(grep("3", "0", "MATCH", "a", "LIMIT", "2") == ["3", "2"] && grep("4", "8999", "MATCH", "") == [])
  #expect(
    runner.run("ARGREP", "a", "3", "3", "RE", "^P", "NOCASE", "WITHVALUES") == "*1\r\n*2\r\n:3\r\n$5\r\nplain\r\n")
  #expect(runner.run("ARGREP", "none", "-", "+", "MATCH", "x") == "*0\r\n")
}

@Test func searchRefusesWhatItCannotDo() {
  let runner = CommandRunner()
  runner.run("ARSET", "a", "0", "foo")
  func error(_ words: String...) -> String {
    let reply = runner.run((["ARGREP", "a", "-", "+"] + words).map { Array($0.utf8) })
    return reply.hasPrefix("-ERR ") ? String(reply.dropFirst(5).dropLast()) : "no error: \(reply)"
  }
  #expect(error("LIMIT", "1") == "syntax error" && error("MATCH", "x", "FOO") == "syntax error")
  #expect(error("MATCH", "x", "RE") == "syntax error" && error("MATCH", "x", "LIMIT") == "syntax error")
  #expect(error("MATCH", "x", "LIMIT", "0") == "LIMIT must be positive")
  #expect(error("MATCH", "x", "LIMIT", "x") == "value is not an integer or out of range")
  #expect(error("RE", "") == "regular expression is empty")
  #expect(error("RE", "(") == "invalid regular expression: Missing ')'")
  #expect(error("RE", "(a)\\1") == "regular expression backreferences are not supported")
  #expect(error("RE", String(repeating: "a", count: 2049)) == "regular expression is too long, maximum is 2048 bytes")
  let predicates = (0..<250).flatMap { _ in ["MATCH", "foo"] }
  #expect(runner.words(["ARGREP", "a", "-", "+"] + predicates) == ["0"])
  let reply = runner.run((["ARGREP", "a", "-", "+", "MATCH", "foo"] + predicates).map { Array($0.utf8) })
  #expect(reply == "-ERR too many predicates, maximum is 250\r\n")
}

@Test func operationsCombineTheValuesOfARange() {
  let runner = CommandRunner()
  func op(_ words: String...) -> String { runner.words(["AROP", "a"] + words).first ?? "" }
  runner.run("ARMSET", "a", "0", "10", "1", "20.5", "2", "word", "5", "-3", "9000", "1e2")
  #expect(op("0", "9000", "SUM") == "127.5" && op("9000", "0", "min") == "-3" && op("0", "9000", "MAX") == "100")
  #expect(op("0", "2", "USED") == "3" && op("0", "9", "MATCH", "word") == "1" && op("0", "9", "MATCH", "20.50") == "0")
  #expect(op("2", "4", "SUM") == "nil" && op("2", "4", "AND") == "nil" && op("2", "4", "USED") == "1")
  runner.run("DEL", "a")
  runner.run("ARSET", "a", "0", "7.9", "3.2", "1.8")
  #expect(op("0", "2", "AND") == "1" && op("0", "2", "OR") == "7" && op("0", "2", "XOR") == "5")
  #expect(
    runner.run("AROP", "a", "0", "2", "OR") == ":7\r\n"
      && runner.run("AROP", "a", "0", "0", "SUM").hasPrefix("$3\r\n7.9"))
  runner.run("DEL", "a")
  runner.run("ARSET", "a", "0", "9223372036854775807", "1", "9.3e18", "-9.3e18", "nan", "1.50000000000")
  #expect(op("0", "1", "SUM") == "9.2233720368547758e+18" && op("0", "5", "XOR") == "9223372036854775807")
  #expect(op("4", "4", "SUM") == "nil" && op("5", "5", "MIN") == "1.5")
  runner.run("DEL", "a")
  runner.run("ARSET", "a", "0", "inf", "-inf", "0.1", "0.2", "0.10000000", "1e300")
  #expect(op("0", "0", "SUM") == "inf" && op("1", "1", "SUM") == "-inf" && op("0", "1", "SUM") == "nan")
  #expect(op("2", "3", "SUM") == "0.3" || op("2", "3", "SUM") == "0.30000000000000001")
  #expect(op("4", "4", "MAX") == "0.1" || op("4", "4", "MAX") == "0.10000000000000001")
  #expect(op("0", "1", "OR") == "nil" && op("5", "5", "AND") == "nil")
  for operation in ["SUM", "MIN", "AND"] { #expect(runner.run("AROP", "none", "0", "1", operation) == "$-1\r\n") }
  #expect(runner.run("AROP", "none", "0", "1", "USED") == ":0\r\n")
  #expect(runner.run("AROP", "none", "0", "1", "MATCH", "x") == ":0\r\n")
  #expect(runner.error("AROP", "a", "0", "1", "AVG") == "ERR unknown operation")
  #expect(runner.error("AROP", "a", "0", "1", "MATCH") == "ERR MATCH requires a value argument")
  #expect(runner.error("AROP", "a", "0", "1", "SUM", "x") == "ERR wrong number of arguments for 'arop' command")
}

// MARK: The value as a whole

@Test func informationTellsOfSlices() {
  let runner = CommandRunner()
  for i in 0..<100 { runner.run("ARSET", "a", "\(i)", "v\(i)") }
  runner.run("ARSET", "a", "100000", "far")
  let info = runner.arrayInfo("a")
  #expect(info["count"] == "101" && info["len"] == "100001" && info["slices"] == "2" && info["slice-size"] == "4096")
  #expect(info["dense-slices"] == "1" && info["sparse-slices"] == "1" && info["avg-dense-size"] == "128")
  #expect(info["avg-dense-fill"] == "0.78125" && info["super-dir-entries"] == "0")
  #expect(runner.words("ARINFO", "a").count == 14)
  #expect(runner.error("ARINFO", "none") == "ERR no such key")
  #expect(runner.error("ARINFO", "none", "x") == "ERR syntax error")
  runner.isRESP3 = true
  #expect(runner.run("ARINFO", "a", "FULL").hasPrefix("%12\r\n$5\r\ncount\r\n:101\r\n"))
}

@Test func arraysKeepTheirSliceSize() {
  let runner = CommandRunner()
  runner.run("ARSET", "a", "5000", "x")
  runner.keyspace.pointee.arrayLimits.sliceSize = 256
  runner.run("ARSET", "b", "5000", "x")
  runner.run("ARSET", "a", "300", "y")
  #expect(runner.arrayInfo("a")["slice-size"] == "4096" && runner.arrayInfo("b")["slice-size"] == "256")
  #expect(runner.words("ARSCAN", "a", "0", "9999") == ["300", "y", "5000", "x"])
}

@Test func copiesShareNothing() {
  let runner = CommandRunner()
  let long = String(repeating: "x", count: 5000)
  runner.run("ARSET", "a", "0", "1", "word", "longer than a cell", "1.25000000", long)
  runner.run("ARSEEK", "a", "77")
  runner.run("COPY", "a", "b")
  runner.run("ARDELRANGE", "a", "1", "9")
  runner.run("RENAME", "b", "c")
  #expect(runner.words("ARGETRANGE", "c", "0", "4") == ["1", "word", "longer than a cell", "1.25000000", long])
  #expect(runner.run("ARNEXT", "c") == ":77\r\n" && runner.run("ARCOUNT", "a") == ":1\r\n")
  runner.run("DEL", "a")
  runner.run("SET", "c", "no array any more")
  #expect(runner.keyspace.pointee.arrayCount == 0)
}

/// Files of the oldest version that can say what there is depend on it.
@Test func arraysAreCounted() {
  let runner = CommandRunner()
  func count() -> Int { runner.keyspace.pointee.arrayCount }
  runner.run("ARSET", "a", "0", "x")
  runner.run("ARSET", "b", "0", "x")
  runner.run("COPY", "a", "c")
  runner.run("COPY", "a", "b", "REPLACE")
  #expect(count() == 3)
  runner.run("RENAME", "a", "c")
  #expect(count() == 2)
  runner.run("SET", "s", "x")
  runner.run("RENAME", "s", "c")
  runner.run("ARSET", "d", "0", "x")
  runner.run("SET", "d", "x")
  #expect(count() == 1)
  runner.run("MOVE", "b", "1")
  runner.run("SWAPDB", "0", "1")
  #expect(count() == 1)
  runner.run("PEXPIRE", "b", "1")
  runner.advance(10)
  runner.expire()
  runner.run("FLUSHALL")
  #expect(count() == 0)
}
