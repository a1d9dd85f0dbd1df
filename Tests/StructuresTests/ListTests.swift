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

private func contents(_ runner: CommandRunner, _ key: String) -> [String] { runner.words("lrange", key, "0", "-1") }

private func push(_ runner: CommandRunner, _ key: String, _ elements: some Sequence<String>) {
  _ = runner.run((["rpush", key] + elements).map { Array($0.utf8) })
}

private func limit(_ runner: CommandRunner, _ listpackSize: Int, depth: Int = 0) {
  runner.keyspace.pointee.listLimits.configure(listpackSize: listpackSize, compressDepth: depth)
}

private let large = String(repeating: "x", count: 10_000)

// MARK: Encodings

@Test func listLeavesTheListpackWhenItIsTooLargeAndReturnsAtHalf() {
  let runner = CommandRunner()
  limit(runner, 4)
  push(runner, "l", ["a", "b", "c", "d"])
  #expect(encoding(runner, "l") == "listpack")
  _ = runner.run("lpush", "l", "e")
  #expect(encoding(runner, "l") == "quicklist")
  _ = runner.run("rpop", "l")
  _ = runner.run("lpop", "l")
  #expect(encoding(runner, "l") == "quicklist")
  _ = runner.run("lpop", "l")
  // Two nodes until then: the elements before and after the limit was met.
  #expect(contents(runner, "l") == ["b", "c"])
  #expect(encoding(runner, "l") == "listpack")

  limit(runner, -1)
  push(runner, "bytes", ["a", String(repeating: "x", count: 4000)])
  #expect(encoding(runner, "bytes") == "listpack")
  push(runner, "bytes", [String(repeating: "y", count: 100)])
  #expect(encoding(runner, "bytes") == "quicklist")
  _ = runner.run("lrem", "bytes", "0", String(repeating: "x", count: 4000))
  // Nodes are not joined for it, however small they are.
  #expect(encoding(runner, "bytes") == "quicklist")
  _ = runner.run("lpop", "bytes")
  #expect(encoding(runner, "bytes") == "listpack")
  #expect(contents(runner, "bytes") == [String(repeating: "y", count: 100)])
}

@Test func everyWayToGrowAndShrinkConverts() {
  func quicklist() -> CommandRunner {
    let runner = CommandRunner()
    push(runner, "l", ["a", "b", "c", large])
    #expect(encoding(runner, "l") == "quicklist")
    return runner
  }
  for command in [
    ["rpush", "l", large], ["lpush", "l", large], ["linsert", "l", "after", "b", large], ["lset", "l", "0", large],
    ["lmove", "src", "l", "right", "right"], ["lmovem", "src", "l", "left", "left", "count", "2", "bulk"],
  ] {
    let runner = CommandRunner()
    push(runner, "l", ["a", "b", "c"])
    push(runner, "src", ["s", large])
    #expect(encoding(runner, "l") == "listpack")
    _ = runner.run(command.map { Array($0.utf8) })
    #expect(encoding(runner, "l") == "quicklist", "\(command[0])")
  }
  for command in [
    ["rpop", "l"], ["rpop", "l", "1"], ["lrem", "l", "1", large], ["ltrim", "l", "0", "2"],
    ["lmove", "l", "dst", "right", "left"], ["lmpop", "1", "l", "right"], ["rpoplpush", "l", "dst"],
    ["lmovem", "l", "dst", "right", "left", "exactly", "2", "obo"], ["brpop", "l", "0"],
  ] {
    let runner = quicklist()
    _ = runner.run(command.map { Array($0.utf8) })
    #expect(encoding(runner, "l") == "listpack", "\(command[0])")
  }
  let runner = quicklist()
  _ = runner.run("ltrim", "l", "-1", "-1")
  #expect(encoding(runner, "l") == "quicklist")
  _ = runner.run("lset", "l", "0", "short")
  #expect(encoding(runner, "l") == "listpack")
}

@Test func rotationOfAListAtItsLimitKeepsItsForm() {
  let runner = CommandRunner()
  limit(runner, 4)
  push(runner, "full", ["1", "2", "3", "4"])
  for _ in 0..<8 { _ = runner.run("lmove", "full", "full", "left", "right") }
  #expect(encoding(runner, "full") == "listpack")
  #expect(contents(runner, "full") == ["1", "2", "3", "4"])

  push(runner, "long", ["1", "2", "3", "4", "5"])
  _ = runner.run("rpop", "long", "2")
  #expect(encoding(runner, "long") == "quicklist")
  _ = runner.run("rpoplpush", "long", "long")
  #expect(encoding(runner, "long") == "quicklist")
  #expect(contents(runner, "long") == ["3", "1", "2"])
}

// MARK: Commands

@Test func emptiedListsGoWithTheirKeyAndSaySo() {
  for command in [
    ["lpop", "l"], ["rpop", "l", "5"], ["lrem", "l", "0", "a"], ["ltrim", "l", "5", "9"], ["lmpop", "1", "l", "left"],
    ["lmove", "l", "other", "left", "left"], ["blpop", "l", "0"],
  ] {
    let runner = CommandRunner()
    _ = runner.run("rpush", "l", "a")
    _ = runner.takeEvents()
    _ = runner.run(command.map { Array($0.utf8) })
    #expect(entry(runner, "l") == nil, "\(command[0])")
    #expect(runner.takeEvents().last == "del l", "\(command[0])")
  }
}

@Test func listCommandsReportTheirEventsAndHowMuchTheyChanged() {
  let runner = CommandRunner()
  func change(_ words: String...) -> ([String], Int) {
    let before = runner.keyspace.pointee.dirty
    _ = runner.run(words.map { Array($0.utf8) })
    return (runner.takeEvents(), runner.keyspace.pointee.dirty - before)
  }
  #expect(change("rpush", "l", "a", "b", "c", "a", "d") == (["new l", "rpush l"], 5))
  #expect(change("lpushx", "l", "x", "y") == (["lpush l"], 2))
  #expect(change("lpushx", "none", "x") == ([], 0))
  #expect(change("linsert", "l", "before", "a", "z") == (["linsert l"], 1))
  #expect(change("linsert", "l", "before", "none", "z") == ([], 0))
  #expect(change("lset", "l", "0", "q") == (["lset l"], 1))
  #expect(change("lset", "l", "99", "q") == ([], 0))
  #expect(change("lrem", "l", "0", "a") == (["lrem l"], 2))
  #expect(change("lrem", "l", "0", "a") == ([], 0))
  #expect(change("ltrim", "l", "0", "2") == (["ltrim l"], 3))
  #expect(change("lpop", "l", "2") == (["lpop l"], 2))
  #expect(change("lmove", "l", "m", "left", "right") == (["new m", "rpush m", "lpop l", "del l"], 1))
  #expect(change("rpoplpush", "m", "m") == (["lpush m", "rpop m"], 1))
  #expect(change("rpoplpush", "none", "m") == ([], 0))
  #expect(change("blmpop", "0", "2", "none", "m", "right") == (["rpop m", "del m"], 1))
}

@Test func severalElementsMoveInTheOrderAskedFor() {
  // What remains, what the destination then holds, and the reply.
  func move(_ from: String, _ to: String, _ order: String) -> [[String]] {
    let runner = CommandRunner()
    push(runner, "src", ["1", "2", "3", "4"])
    push(runner, "dst", ["x"])
    let moved = runner.words("lmovem", "src", "dst", from, to, "COUNT", "2", order)
    return [contents(runner, "src"), contents(runner, "dst"), moved]
  }
  #expect(move("LEFT", "LEFT", "OBO") == [["3", "4"], ["2", "1", "x"], ["2", "1"]])
  #expect(move("LEFT", "LEFT", "BULK") == [["3", "4"], ["1", "2", "x"], ["1", "2"]])
  #expect(move("LEFT", "RIGHT", "OBO") == [["3", "4"], ["x", "1", "2"], ["1", "2"]])
  #expect(move("LEFT", "RIGHT", "BULK") == [["3", "4"], ["x", "1", "2"], ["1", "2"]])
  #expect(move("RIGHT", "LEFT", "OBO") == [["1", "2"], ["3", "4", "x"], ["3", "4"]])
  #expect(move("RIGHT", "LEFT", "BULK") == [["1", "2"], ["3", "4", "x"], ["3", "4"]])
  #expect(move("RIGHT", "RIGHT", "OBO") == [["1", "2"], ["x", "4", "3"], ["4", "3"]])
  #expect(move("RIGHT", "RIGHT", "BULK") == [["1", "2"], ["x", "3", "4"], ["3", "4"]])

  let runner = CommandRunner()
  push(runner, "l", ["a", "b", "c"])
  #expect(runner.words("lmovem", "l", "l", "LEFT", "LEFT", "EXACTLY", "2", "OBO") == ["b", "a"])
  #expect(contents(runner, "l") == ["b", "a", "c"])
  #expect(runner.words("lmovem", "l", "l", "LEFT", "LEFT", "COUNT", "9", "BULK") == ["b", "a", "c"])
  #expect(contents(runner, "l") == ["b", "a", "c"])
  #expect(runner.run("lmovem", "l", "m", "LEFT", "LEFT", "EXACTLY", "4", "OBO") == "*-1\r\n")
  #expect(runner.run("lmovem", "none", "m", "LEFT", "LEFT", "COUNT", "4", "OBO") == "*-1\r\n")
  #expect(runner.run("lmovem", "l", "m", "LEFT", "LEFT") == "*1\r\n$1\r\nb\r\n")
  for wrong in [["COUNT", "2"], ["COUNT", "2", "x"], ["x", "2", "OBO"], ["OBO", "COUNT", "2"], ["COUNT"]] {
    #expect(
      runner.run((["lmovem", "l", "m", "LEFT", "LEFT"] + wrong).map { Array($0.utf8) }) == "-ERR syntax error\r\n")
  }
  #expect(
    runner.run("lmovem", "l", "m", "LEFT", "LEFT", "COUNT", "0", "OBO") == "-ERR count should be greater than 0\r\n")
  #expect(contents(runner, "l") == ["a", "c"])
}

@Test func numbersFromClientsAreTakenAsTheyAreOrRefused() {
  let runner = CommandRunner()
  push(runner, "l", ["a", "b", "c"])
  let (low, high) = (String(Int64.min), String(Int64.max))
  #expect(runner.words("lrange", "l", low, high) == ["a", "b", "c"])
  #expect(runner.run("lrange", "l", high, low) == "*0\r\n")
  #expect(runner.run("lindex", "l", low) == "$-1\r\n")
  #expect(runner.run("lindex", "l", high) == "$-1\r\n")
  #expect(runner.run("lset", "l", low, "x") == "-ERR index out of range\r\n")
  #expect(runner.run("lrem", "l", low, "b") == ":1\r\n")
  #expect(runner.words("lpos", "l", "c", "RANK", "-1", "MAXLEN", high) == ["1"])
  #expect(runner.run("lpos", "l", "c", "RANK", low).hasPrefix("-ERR value is out of range"))
  #expect(runner.run("lpos", "l", "c", "COUNT", high, "RANK", high) == "*0\r\n")
  #expect(runner.run("lmpop", high, "l", "left") == "-ERR syntax error\r\n")
  #expect(runner.run("lmpop", low, "l", "left") == "-ERR numkeys should be greater than 0\r\n")
  #expect(runner.words("ltrim", "l", low, high) == ["OK"])
  #expect(runner.words("rpop", "l", high) == ["c", "a"])
  #expect(entry(runner, "l") == nil)
}

@Test func aMoveOntoAnotherTypeChangesNothing() {
  let runner = CommandRunner()
  push(runner, "l", ["a", "b"])
  _ = runner.run("set", "s", "v")
  _ = runner.takeEvents()
  for command in [
    ["lmove", "l", "s", "left", "left"], ["lmovem", "l", "s", "left", "left"], ["brpoplpush", "l", "s", "0"],
  ] {
    #expect(runner.run(command.map { Array($0.utf8) }).hasPrefix("-WRONGTYPE"), "\(command[0])")
  }
  #expect(contents(runner, "l") == ["a", "b"])
  #expect(runner.takeEvents().isEmpty)
}

@Test func copiesOfListsAreTheirOwn() {
  for depth in [0, 1] {
    let runner = CommandRunner()
    limit(runner, 20, depth: depth)
    push(runner, "l", (0..<300).map { "element \($0 % 7)" } + [large])
    for (source, copy) in [("l", "copy"), ("short", "short2")] {
      push(runner, "short", ["a", "b"])
      _ = runner.run("copy", source, copy)
      let before = contents(runner, copy)
      #expect(before == contents(runner, source))
      _ = runner.run("lset", source, "0", "changed")
      _ = runner.run("lrem", source, "0", "element 3")
      #expect(contents(runner, copy) == before)
    }
  }
}

// MARK: Saved lists

@Test func savedListsComeBackAsTheyWere() {
  for (size, depth, elements) in [
    (-2, 0, (0..<5).map { "\($0)" }), (10, 0, (0..<95).map { "\($0)" }),
    (10, 1, (0..<200).map { "element \($0 % 3) and some more to compress" } + [large, large]),
  ] {
    let runner = CommandRunner()
    limit(runner, size, depth: depth)
    push(runner, "l", elements)
    var builder = ListBuilder(runner.keyspace.pointee.listLimits)
    let source = entry(runner, "l")!
    for i in 0..<ListValue.storedNodeCount(source) {
      var isSound = true
      switch ListValue.storedNode(source, at: i) {
      case .listpack(let bytes): isSound = builder.append(listpack: bytes)
      case .plain(let bytes): builder.append(plain: bytes)
      case .compressed(let stream, let count, let isPlain):
        expand(stream, count).withBytes { bytes in
          if isPlain { builder.append(plain: bytes) } else { isSound = builder.append(listpack: bytes) }
        }
      }
      #expect(isSound)
    }
    let key = Bytes("back")
    _ = runner.keyspace.pointee.addList(0, key, hash: runner.keyspace.pointee.hash(key), builder)
    #expect(contents(runner, "back") == elements)
    #expect(encoding(runner, "back") == encoding(runner, "l"))
  }
}

/// LZF by the book: three bits say how long a match is, or five how many literals follow.
private func expand(_ stream: Bytes, _ count: Int) -> [UInt8] {
  var out: [UInt8] = []
  var i = 0
  while i < stream.count {
    let head = Int(stream[i])
    i += 1
    if head < 32 {
      out += stream[i..<i + head + 1].array
      i += head + 1
      continue
    }
    var length = head >> 5
    if length == 7 {
      length += Int(stream[i])
      i += 1
    }
    var from = out.count - ((head & 31) << 8 | Int(stream[i])) - 1
    i += 1
    for _ in 0..<length + 2 {
      out.append(out[from])
      from += 1
    }
  }
  #expect(out.count == count)
  return out
}

@Test func corruptNodesOfListsAreRefused() {
  let runner = CommandRunner()
  func pack(_ elements: [String]) -> [UInt8] {
    var list = Listpack.create()
    defer { list.free() }
    for element in elements { element.withBytes { list.append($0) } }
    return list.bytes.array
  }
  let key = Bytes("l")
  var random = SplitMix(state: 3)
  let sound = pack(["a", "17", "-70000", String(repeating: "x", count: 100), "b"])
  for _ in 0..<3000 {
    var bytes = sound
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
    var builder = ListBuilder(runner.keyspace.pointee.listLimits)
    // Whatever is taken can be walked and changed.
    guard bytes.withBytes({ builder.append(listpack: $0) }) else { continue }
    _ = runner.keyspace.pointee.addList(0, key, hash: runner.keyspace.pointee.hash(key), builder)
    _ = contents(runner, "l")
    _ = runner.run("linsert", "l", "before", "b", "new")
    _ = runner.run("del", "l")
  }
  var empty = ListBuilder(runner.keyspace.pointee.listLimits)
  let isSound = pack([]).withBytes { empty.append(listpack: $0) }
  #expect(isSound)
  let added = runner.keyspace.pointee.addList(0, key, hash: runner.keyspace.pointee.hash(key), empty)
  #expect(added == nil)
}

@Test func compressedListsAreSortedAsOthersAre() {
  let runner = CommandRunner()
  limit(runner, 20, depth: 1)
  let elements = (0..<400).map { "element number \($0 * 7919 % 400)" } + [large, large]
  push(runner, "l", elements)
  #expect(runner.words("sort", "l", "alpha") == elements.sorted())
  #expect(runner.words("sort", "l", "by", "nosort", "limit", "100", "50") == Array(elements[100..<150]))
  #expect(runner.words("sort", "l", "alpha", "store", "l") == ["402"])
  #expect(contents(runner, "l") == elements.sorted())
}
