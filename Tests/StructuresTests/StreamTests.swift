import Commands
import Memory
import Structures
import Testing

@testable import Keyspace

private func run(_ runner: CommandRunner, _ words: [String]) -> String { runner.run(words.map { Array($0.utf8) }) }

private func stream(_ runner: CommandRunner, _ key: String = "s") -> StreamPointer {
  key.withBytes { key in
    let slot = runner.keyspace.pointee.databases[0].table.find(key, hash: runner.keyspace.pointee.hash(key))
    return StreamValue.stream(Entry(address: slot!.pointee))
  }
}

private func text(_ value: Listpack.Value) -> String {
  switch value {
  case .integer(let number): "\(number)"
  case .bytes(let bytes): bytes.string
  }
}

private struct ModelEntry: Equatable {
  let id: StreamID
  let words: [String]
}

private func entries(
  _ stream: StreamPointer, from start: StreamID = .zero, through end: StreamID = .maximum, isReversed: Bool = false
) -> [ModelEntry] {
  var reader = StreamReader(stream, from: start, through: end, isReversed: isReversed)
  var found: [ModelEntry] = []
  while let entry = reader.next() {
    var words: [String] = []
    reader.forEachField { words += [text($0), text($1)] }
    found.append(ModelEntry(id: entry.id, words: words))
  }
  return found
}

// MARK: Entries

@Test func streamBehavesAsAListOfEntries() {
  for seed in 0..<12 {
    var random = SplitMix(state: UInt64(seed))
    let runner = CommandRunner(seed: UInt64(seed))
    runner.keyspace.pointee.streamLimits.nodeEntries = [0, 1, 3, 100, 200][seed % 5]
    runner.keyspace.pointee.streamLimits.nodeBytes = [0, 200, 4096][seed % 3]
    var model: [ModelEntry] = []
    var top = StreamID.zero
    for step in 0..<3000 {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<70:
        top = StreamID(top.milliseconds + UInt64.random(in: 0...2, using: &random), top.sequence + 1)
        var words: [String] = []
        for i in 0..<Int.random(in: 1...4, using: &random) {
          let value = [
            "\(Int.random(in: -5...200, using: &random))", String(repeating: "x", count: step % 300), "",
            "\(Int64.min)",
          ]
          words += ["field\(i % 3)", value.randomElement(using: &random)!]
        }
        #expect(run(runner, ["xadd", "s", top.withText { $0.string }] + words).hasPrefix("$"), "seed \(seed)")
        model.append(ModelEntry(id: top, words: words))
      case 70..<90:
        guard let victim = model.randomElement(using: &random) else { continue }
        #expect(runner.run("xdel", "s", victim.id.withText { $0.string }) == ":1\r\n", "seed \(seed)")
        #expect(runner.run("xdel", "s", victim.id.withText { $0.string }) == ":0\r\n", "seed \(seed)")
        model.removeAll { $0.id == victim.id }
      case 90..<92:
        let length = Int.random(in: 0...max(model.count, 1), using: &random)
        let removed = max(model.count - length, 0)
        #expect(runner.run("xtrim", "s", "maxlen", "\(length)") == ":\(removed)\r\n", "seed \(seed)")
        model.removeFirst(removed)
      case 92..<94:
        guard let bound = model.randomElement(using: &random)?.id else { continue }
        let removed = model.count { $0.id < bound }
        #expect(
          runner.run("xtrim", "s", "minid", bound.withText { $0.string }) == ":\(removed)\r\n", "seed \(seed)")
        model.removeFirst(removed)
      default:
        guard step > 0, let a = model.randomElement(using: &random)?.id, let b = model.randomElement(using: &random)?.id
        else { continue }
        let part = model.filter { $0.id >= min(a, b) && $0.id <= max(a, b) }
        #expect(entries(stream(runner), from: min(a, b), through: max(a, b)) == part, "seed \(seed)")
        let reversed = entries(stream(runner), from: min(a, b), through: max(a, b), isReversed: true)
        #expect(reversed == part.reversed(), "seed \(seed)")
      }
      guard step > 0, step % 100 == 0, !top.isZero else { continue }
      let pointer = stream(runner)
      let counters = (pointer.pointee.length, pointer.pointee.firstID, pointer.pointee.lastLivingID())
      #expect(counters == (model.count, model.first?.id ?? .zero, model.last?.id), "seed \(seed)")
    }
    #expect(entries(stream(runner)) == model, "seed \(seed)")
    #expect(entries(stream(runner), isReversed: true) == model.reversed(), "seed \(seed)")
  }
}

@Test func nodesAreLaidOutAsRedisLaysThemOut() {
  let runner = CommandRunner()
  _ = runner.run("xadd", "s", "5-1", "f", "v")
  _ = runner.run("xadd", "s", "7-0", "f", "200")
  _ = runner.run("xadd", "s", "7-1", "g", "w")
  _ = runner.run("xdel", "s", "7-0")
  var nodes: [(StreamID, [UInt8])] = []
  forEachNode(stream(runner)) { nodes.append(($0, $1.array)) }
  #expect(nodes.count == 1 && nodes[0].0 == StreamID(5, 1))
  let expected: [UInt8] = [
    // total bytes, elements
    0x39, 0, 0, 0, 0x16, 0,
    // two live, one deleted, one field: "f", 0
    2, 1, 1, 1, 1, 1, 0x81, 0x66, 2, 0, 1,
    // same fields: 0, 0, "v", 4 elements
    2, 1, 0, 1, 0, 1, 0x81, 0x76, 2, 4, 1,
    // same fields, deleted: 2, -1, 200, 4 elements
    3, 1, 2, 1, 0xdf, 0xff, 2, 0xc0, 0xc8, 2, 4, 1,
    // 2, 0, one field: "g", "w", 6 elements
    0, 1, 2, 1, 0, 1, 1, 1, 0x81, 0x67, 2, 0x81, 0x77, 2, 6, 1,
    0xff,
  ]
  #expect(nodes[0].1 == expected)
}

@Test func approximateTrimmingRemovesWholeNodes() {
  let runner = CommandRunner()
  runner.keyspace.pointee.streamLimits.nodeEntries = 10
  for i in 1...95 { _ = runner.run("xadd", "s", "\(i)", "f", "v") }
  #expect(runner.run("xtrim", "s", "maxlen", "~", "50") == ":40\r\n")
  #expect(runner.run("xtrim", "s", "maxlen", "~", "0", "limit", "25") == ":20\r\n")
  #expect(runner.run("xtrim", "s", "minid", "~", "80") == ":10\r\n")
  #expect(runner.run("xlen", "s") == ":25\r\n")
}

@Test func copiedStreamLivesOnItsOwn() {
  let runner = CommandRunner()
  for i in 1...300 { _ = runner.run("xadd", "s", "\(i)", "f", "v\(i)") }
  _ = runner.run("xgroup", "create", "s", "g", "0")
  _ = runner.run("xreadgroup", "group", "g", "a", "count", "20", "streams", "s", ">")
  _ = runner.run("xnack", "s", "g", "fail", "ids", "1", "3")
  #expect(runner.run("copy", "s", "t") == ":1\r\n")
  let before = runner.run("xinfo", "stream", "s", "full", "count", "0")
  #expect(runner.run("xinfo", "stream", "t", "full", "count", "0") == before)
  _ = runner.run("xack", "t", "g", "1", "2", "3", "4")
  _ = runner.run("xtrim", "t", "maxlen", "0")
  _ = runner.run("xgroup", "destroy", "t", "g")
  #expect(runner.run("xinfo", "stream", "s", "full", "count", "0") == before)
}

@Test func changesOfStreamsAreReportedAsInRedis() {
  let runner = CommandRunner()
  _ = runner.run("xadd", "s", "maxlen", "1", "1", "f", "v")
  #expect(runner.takeEvents() == ["new s", "xadd s"])
  _ = runner.run("xadd", "s", "maxlen", "1", "2", "f", "v")
  #expect(runner.takeEvents() == ["xadd s", "xtrim s"])
  _ = runner.run("xgroup", "create", "s", "g", "0")
  _ = runner.run("xreadgroup", "group", "g", "a", "streams", "s", ">")
  #expect(runner.takeEvents() == ["xgroup-create s", "xgroup-createconsumer s"])
  let dirty = runner.keyspace.pointee.dirty
  _ = runner.run("xack", "s", "g", "2", "3")
  #expect(runner.takeEvents() == [] && runner.keyspace.pointee.dirty == dirty + 1)
  _ = runner.run("xack", "s", "g", "2", "3")
  _ = runner.run("xdel", "s", "9")
  _ = runner.run("xtrim", "s", "maxlen", "5")
  #expect(runner.takeEvents() == [] && runner.keyspace.pointee.dirty == dirty + 1)
  _ = runner.run("xdel", "s", "2")
  _ = runner.run("xsetid", "s", "9")
  _ = runner.run("xgroup", "setid", "s", "g", "$")
  _ = runner.run("xgroup", "delconsumer", "s", "g", "a")
  _ = runner.run("xgroup", "destroy", "s", "g")
  #expect(
    runner.takeEvents() == ["xdel s", "xsetid s", "xgroup-setid s", "xgroup-delconsumer s", "xgroup-destroy s"])
}

// MARK: Bytes from outside

private func forEachNode(_ stream: StreamPointer, _ visit: (StreamID, Bytes) -> Void) {
  _ = stream.pointee.forEachNode(from: .zero, limit: .max, visit)
}

private func node(_ runner: CommandRunner) -> (StreamID, [UInt8]) {
  var found: (StreamID, [UInt8]) = (.zero, [])
  forEachNode(stream(runner)) { found = ($0, $1.array) }
  return found
}

@Test func streamsComeBackFromTheirParts() {
  let runner = CommandRunner()
  runner.keyspace.pointee.streamLimits.nodeEntries = 7
  for i in 1...100 { _ = runner.run("xadd", "s", "\(i)", "f\(i / 10)", "v\(i)", "g", "\(i)") }
  _ = runner.run("xdel", "s", "5", "6", "50")
  let source = stream(runner)
  var builder = StreamBuilder()
  var allAdded = true
  forEachNode(source) { allAdded = builder.addNode($0, listpack: $1) && allAdded }
  let isCounted = builder.setCounters(
    length: 97, lastID: source.pointee.lastID, maximumDeletedID: StreamID(50, 0), entriesAdded: 100)
  #expect(allAdded && isCounted)
  let group = builder.addGroup(Bytes("g"), lastID: StreamID(9, 0), entriesRead: 9)!
  let again = builder.addGroup(Bytes("g"), lastID: .zero, entriesRead: -1)
  #expect(again == nil)
  let added = [8, 8, 9].map { group.pointee.addUnassigned(StreamID($0, 0), time: 77, count: 3) }
  #expect(added == [true, false, true])
  let consumer = "c".withBytes { group.pointee.addConsumer($0, seenTime: 1, activeTime: 2) }
  let assigned = [8, 8, 7].map { group.pointee.assign(StreamID($0, 0), to: consumer) }
  #expect(assigned == [true, false, false])
  group.pointee.finishAssigning()
  _ = runner.keyspace.pointee.addStream(0, Bytes("t"), hash: runner.keyspace.pointee.hash(Bytes("t")), builder)
  #expect(runner.run("xrange", "t", "-", "+") == runner.run("xrange", "s", "-", "+"))
  #expect(
    runner.run("xinfo", "stream", "t").replacing("groups\r\n:1", with: "groups\r\n:0")
      == runner.run("xinfo", "stream", "s"))
  #expect(runner.words("xpending", "t", "g") == ["2", "8-0", "9-0", "c", "1"])
  #expect(runner.words("xpending", "t", "g", "-", "+", "9", "c").suffix(1) == ["3"])
  let returned = group.pointee.returnedCount
  #expect(returned == 1)
}

@Test func whatWasGivenBackIsSavedWithAnOwner() {
  for hasNameless in [false, true] {
    let runner = CommandRunner()
    for i in 1...6 { _ = runner.run("xadd", "s", "\(i)", "f", "v") }
    _ = runner.run("xgroup", "create", "s", "g", "0")
    if hasNameless { _ = runner.run("xreadgroup", "group", "g", "", "count", "1", "streams", "s", ">") }
    _ = runner.run("xreadgroup", "group", "g", "a", "streams", "s", ">")
    _ = runner.run("xnack", "s", "g", "fail", "ids", "2", "5", "3")
    let source = stream(runner).pointee.group(at: 0)
    var saved: [String: [UInt64]] = [:]
    for i in 0..<source.pointee.storedConsumerCount {
      let consumer = source.pointee.storedConsumer(at: i)
      var ids: [UInt64] = []
      source.pointee.forEachStoredPending(of: consumer, from: .zero) {
        ids.append($0.milliseconds)
        return true
      }
      #expect(consumer.pendingCount == ids.count)
      saved[consumer.name.string] = ids
    }
    #expect(saved == (hasNameless ? ["": [1, 3, 5], "a": [2, 4, 6]] : ["": [3, 5], "a": [1, 2, 4, 6]]))
    // And comes back as it was.
    var builder = StreamBuilder()
    let copy = builder.addGroup(Bytes("g"), lastID: .zero, entriesRead: -1)!
    source.pointee.forEachPending { id, delivery in copy.pointee.addUnassigned(id, time: delivery.time, count: 1) }
    for i in 0..<source.pointee.storedConsumerCount {
      let consumer = source.pointee.storedConsumer(at: i)
      let fresh = copy.pointee.addConsumer(consumer.name, seenTime: consumer.seenTime)
      source.pointee.forEachStoredPending(of: consumer, from: .zero) { copy.pointee.assign($0, to: fresh) }
    }
    copy.pointee.finishAssigning()
    let counts = (copy.pointee.returnedCount, copy.pointee.consumerCount, copy.pointee.pendingCount)
    #expect(counts == (2, hasNameless ? 2 : 1, 6))
  }
}

private func add(_ builder: inout StreamBuilder, _ id: StreamID, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { builder.addNode(id, listpack: Bytes($0)) }
}

@Test func corruptNodesAreRefused() {
  let runner = CommandRunner()
  for i in 1...8 { _ = runner.run("xadd", "s", "\(i * 300)-1", "f", "value\(i)", "g", "\(i * 1000)") }
  _ = runner.run("xadd", "s", "9999", "other", "field")
  _ = runner.run("xdel", "s", "600-1")
  let (id, good) = node(runner)
  var last = StreamID.zero
  #expect(good.withBytes { StreamNode.isValid($0, id: id, lastID: &last) } && last == StreamID(9999, 0))
  #expect(!good.withBytes { StreamNode.isValid($0, id: .maximum, lastID: &last) }, "ids must not wrap")
  // Any one byte changed: refused, or at least walked without leaving the bytes.
  for at in 0..<good.count {
    for change in [1, 2, 0x7f, 0x80, 0xff] as [UInt8] {
      var bytes = good
      bytes[at] ^= change
      var builder = StreamBuilder()
      guard add(&builder, id, bytes) else { continue }
      #expect(at > 6, "counts and lengths are checked")
      let key = "k\(at)-\(change)"
      _ = builder.setCounters(length: 8, lastID: .maximum)
      let copy = key.withBytes { Blob.copy($0) }
      _ = runner.keyspace.pointee.addStream(0, copy.bytes, hash: runner.keyspace.pointee.hash(copy.bytes), builder)
      copy.release()
      let forward = entries(stream(runner, key))
      #expect(forward == entries(stream(runner, key), isReversed: true).reversed())
      #expect(forward.count == 8)
      for entry in forward { _ = runner.run("xdel", key, entry.id.withText { $0.string }) }
      #expect(runner.run("xlen", key) == ":0\r\n")
    }
  }
}

@Test func partsThatDoNotGoTogetherAreRefused() {
  let runner = CommandRunner()
  _ = runner.run("xadd", "s", "5", "f", "v")
  let (id, bytes) = node(runner)
  var builder = StreamBuilder()
  let isAdded = add(&builder, id, bytes)
  let isAddedAgain = add(&builder, id, bytes)
  #expect(isAdded && !isAddedAgain, "a node must be behind the one before")
  let hasTooFew = builder.setCounters(length: 2, lastID: StreamID(5, 0))
  let hasLater = builder.setCounters(length: 1, lastID: StreamID(4, 0))
  let isSound = builder.setCounters(length: 1, lastID: StreamID(5, 0))
  #expect(!hasTooFew && !hasLater && isSound)
}
