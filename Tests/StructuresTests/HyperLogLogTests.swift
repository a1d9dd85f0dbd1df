import Commands
import Keyspace
import Memory
import Structures
import Testing

private let registerCount = HyperLogLog.registerCount

private func value(_ runner: CommandRunner, _ key: String) -> [UInt8] {
  key.withBytes { key in
    let slot = runner.keyspace.pointee.databases[0].table.find(key, hash: runner.keyspace.pointee.hash(key))
    return StringValue(Entry(address: slot!.pointee)).withBytes { $0.array }
  }
}

private func add(_ runner: CommandRunner, _ key: String, _ elements: [String]) -> String {
  runner.run((["pfadd", key] + elements).map { Array($0.utf8) })
}

private func registers(_ value: [UInt8]) -> [UInt8]? {
  var all = [UInt8](repeating: 0, count: registerCount)
  let isWhole = value.withBytes { bytes in
    all.withUnsafeMutableBufferPointer { HyperLogLog(bytes)?.merge(into: $0.baseAddress!) }
  }
  return isWhole == true ? all : nil
}

/// A sparse value of the given bytes.
private func sparse(_ runs: [UInt8]) -> [UInt8] {
  Array("HYLL".utf8) + [1, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0x80] + runs
}

@Test func sparseAndDenseRegistersTakeTheSameElements() {
  for seed in 0..<12 as Range<UInt64> {
    var random = SplitMix(state: seed)
    let runner = CommandRunner(seed: seed)
    let limit = [3000, 0, 40, 600, 1 << 40][Int(seed) % 5]
    runner.keyspace.pointee.hyperLogLogSparseLimit = limit
    var model = [UInt8](repeating: 0, count: registerCount)
    var isDense = false
    for step in 0..<300 {
      let elements = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        String(Int.random(in: 0..<(seed % 2 == 0 ? 500 : 1_000_000), using: &random))
      }
      var isRaised = step == 0
      for element in elements {
        let place = element.withBytes { HyperLogLogElement($0) }
        if place.rank > model[place.register] {
          model[place.register] = place.rank
          isRaised = true
        }
      }
      #expect(add(runner, "h", elements) == ":\(isRaised ? 1 : 0)\r\n", "seed \(seed) step \(step)")
      let bytes = value(runner, "h")
      #expect(bytes[4] == 0 || bytes.count <= max(limit, HyperLogLog.emptyCount), "seed \(seed): too long to be sparse")
      if isDense { #expect(bytes[4] == 0, "dense registers never become sparse") }
      isDense = bytes[4] == 0
    }
    #expect(registers(value(runner, "h")) == model, "seed \(seed)")
    let sparseEstimate = runner.run("pfcount", "h")
    _ = runner.run("pfdebug", "todense", "h")
    #expect(registers(value(runner, "h")) == model, "seed \(seed)")
    #expect(runner.run("pfcount", "h", "nosuch") == sparseEstimate)
  }
}

@Test func estimatesStayWithinTheError() {
  let runner = CommandRunner()
  var sum = 0
  for i in 0..<20_000 {
    _ = add(runner, "h", ["element:\(i)"])
    sum += 1
    guard [1, 10, 100, 1000, 5000, 20_000].contains(sum) else { continue }
    let estimate = Int(runner.words("pfcount", "h")[0])!
    #expect(abs(estimate - sum) <= max(1, sum * 4 / 100), "\(estimate) of \(sum)")
  }
}

/// Taken from Redis 7.0.15.
@Test func bytesAreThoseOfRedis() {
  let runner = CommandRunner()
  #expect(add(runner, "h", ["a", "b", "c", "foo", "bar", "", "1234567890123456789"]) == ":1\r\n")
  #expect(runner.run("pfcount", "h") == ":7\r\n")
  #expect(
    value(runner, "h").map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
      == "48594c4c0100000007000000000000004b31804bfe84458090443e804621804a8e844bfb80425a")
  for i in 0..<2000 { _ = add(runner, "big", ["element:\(i)"]) }
  #expect(runner.run("pfcount", "big") == ":2004\r\n")
  #expect(runner.run("pfdebug", "encoding", "big") == "+dense\r\n")
}

@Test func estimatesAreKeptUntilRegistersChange() {
  let runner = CommandRunner()
  _ = add(runner, "h", ["a", "b"])
  _ = runner.takeEvents()
  let dirty = runner.keyspace.pointee.dirty
  #expect(runner.run("pfcount", "h") == ":2\r\n")
  #expect(runner.keyspace.pointee.dirty == dirty + 1, "the kept estimate changes the value")
  #expect(runner.run("pfcount", "h") == ":2\r\n")
  #expect(runner.keyspace.pointee.dirty == dirty + 1)
  #expect(add(runner, "h", ["a", "b"]) == ":0\r\n")
  #expect(runner.takeEvents() == [])
  #expect(add(runner, "h", ["c"]) == ":1\r\n")
  #expect(runner.takeEvents() == ["pfadd h"])
  #expect(runner.run("pfcount", "h") == ":3\r\n")
}

@Test func mergingTakesTheHighestOfEachRegister() {
  for seed in 0..<20 as Range<UInt64> {
    var random = SplitMix(state: seed)
    let runner = CommandRunner(seed: seed)
    var model = [UInt8](repeating: 0, count: registerCount)
    var sources: [String] = []
    for i in 0..<Int.random(in: 1...4, using: &random) {
      let elements = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        String(Int.random(in: 0..<2000, using: &random))
      }
      _ = add(runner, "h\(i)", elements)
      if Int.random(in: 0..<4, using: &random) == 0 { _ = runner.run("pfdebug", "todense", "h\(i)") }
      for (j, rank) in registers(value(runner, "h\(i)"))!.enumerated() { model[j] = max(model[j], rank) }
      sources.append("h\(i)")
    }
    let anyDense = sources.contains { value(runner, $0)[4] == 0 }
    let to = Bool.random(using: &random) ? "to" : sources[0]
    #expect(runner.run((["pfmerge", to] + sources + ["nosuch"]).map { Array($0.utf8) }) == "+OK\r\n")
    #expect(registers(value(runner, to)) == model, "seed \(seed)")
    if anyDense { #expect(value(runner, to)[4] == 0, "seed \(seed)") }
    #expect(
      runner.run("pfcount", to) == runner.run((["pfcount"] + sources).map { Array($0.utf8) }) || sources.count == 1)
  }
}

@Test func deadlinesOutliveAConversion() {
  let runner = CommandRunner()
  _ = add(runner, "h", ["a"])
  _ = runner.run("pexpire", "h", "5000")
  _ = runner.run("pfdebug", "todense", "h")
  _ = runner.run("pfmerge", "h", "h")
  #expect(runner.run("pttl", "h") == ":5000\r\n")
  runner.advance(5001)
  runner.expire()
  #expect(runner.run("exists", "h") == ":0\r\n")
}

@Test func whatIsNoHyperLogLogIsRefused() {
  let runner = CommandRunner()
  let invalid: [[UInt8]] = [
    [], Array("12".utf8), Array("HYLL".utf8), Array("HYLX".utf8) + [UInt8](repeating: 0, count: 40),
    Array("HYLL".utf8) + [2] + [UInt8](repeating: 0, count: 40),
    Array("HYLL".utf8) + [0] + [UInt8](repeating: 0, count: HyperLogLog.denseCount - 6),
    Array("HYLL".utf8) + [0] + [UInt8](repeating: 0, count: HyperLogLog.denseCount - 4),
  ]
  let refusal = "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n"
  for bytes in invalid {
    _ = runner.run([Array("set".utf8), Array("h".utf8), bytes])
    for command in [["pfadd", "h", "a"], ["pfcount", "h"], ["pfmerge", "x", "h"], ["pfdebug", "todense", "h"]] {
      #expect(runner.run(command.map { Array($0.utf8) }) == refusal, "\(command) \(bytes)")
    }
    #expect(value(runner, "h") == bytes)
  }
  _ = runner.run("hset", "hash", "f", "v")
  #expect(runner.run("pfadd", "hash", "a").hasPrefix("-WRONGTYPE Operation"))
}

@Test func registersThatDoNotAddUpAreReported() {
  let runner = CommandRunner()
  let corrupt: [[UInt8]] = [
    sparse([]), sparse([0x7f]), sparse([0x7f, 0xfe]), sparse([0x7f, 0xff, 0x00]), sparse([0x7f, 0xff, 0x80]),
    sparse([UInt8](repeating: 0x7f, count: 4000)), sparse([UInt8](repeating: 0xff, count: 4097)), sparse([0x40]),
  ]
  let refusal = "-INVALIDOBJ Corrupted HLL object detected\r\n"
  for bytes in corrupt {
    _ = runner.run([Array("set".utf8), Array("h".utf8), bytes])
    for command in [["pfcount", "h"], ["pfcount", "h", "x"], ["pfmerge", "x", "h"], ["pfdebug", "todense", "h"]] {
      #expect(runner.run(command.map { Array($0.utf8) }) == refusal, "\(command) \(bytes.count)")
    }
    #expect(value(runner, "h") == bytes)
    #expect(runner.run("exists", "x") == ":0\r\n")
  }
}

@Test func damagedValuesNeverDoHarm() {
  for seed in 0..<300 as Range<UInt64> {
    var random = SplitMix(state: seed)
    let runner = CommandRunner(seed: seed)
    _ = add(runner, "h", (0..<Int.random(in: 0...300, using: &random)).map { String($0 &* 7919 &+ Int(seed)) })
    if seed % 5 == 0 { _ = runner.run("pfdebug", "todense", "h") }
    var bytes = value(runner, "h")
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 15..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 2: bytes.removeLast(min(bytes.count - 16, Int.random(in: 0...5, using: &random)))
      default: bytes[at] = UInt8.random(in: 0...255, using: &random)
      }
      if bytes.count < 17 { break }
    }
    for _ in 0..<3 {
      _ = runner.run([Array("set".utf8), Array("h".utf8), bytes])
      _ = add(runner, "h", (0..<40).map { String($0 &* 104_729 &+ Int(seed)) })
      for command in [
        ["pfcount", "h"], ["pfcount", "h", "h"], ["pfmerge", "to", "h"], ["pfdebug", "decode", "h"],
        ["pfdebug", "getreg", "h"],
      ] {
        #expect(!runner.run(command.map { Array($0.utf8) }).isEmpty)
      }
    }
  }
}

@Test func aSelfTestPasses() {
  var random = SplitMix(state: 5)
  #expect(HyperLogLog.selfTest(sparseLimit: 3000, elements: 20_000, &random) == nil)
}
