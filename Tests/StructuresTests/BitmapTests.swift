import Commands
import Keyspace
import Memory
import Structures
import Testing

private func bytes(_ count: Int, _ random: inout SplitMix) -> [UInt8] {
  // Runs of zeros and ones beside noise: searches must pass whole words, and stop within one.
  var made: [UInt8] = []
  while made.count < count {
    let length = Int.random(in: 1...70, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: made += [UInt8](repeating: 0, count: length)
    case 1: made += [UInt8](repeating: 255, count: length)
    default: for _ in 0..<length { made.append(UInt8.random(in: 0...255, using: &random)) }
    }
  }
  return Array(made.prefix(count))
}

private func bit(_ bytes: [UInt8], _ index: Int) -> Bool { bytes[index >> 3] & (0x80 >> UInt8(index & 7)) != 0 }

@Test func bitsAreCountedAndFoundInEveryRange() {
  for seed in 0..<400 as Range<UInt64> {
    var random = SplitMix(state: seed)
    let count = [1, 2, 9, 40, 300, 1100][Int(seed % 6)]
    let data = bytes(count, &random)
    for _ in 0..<20 {
      let a = Int.random(in: 0...count * 8, using: &random)
      let b = Int.random(in: 0...count * 8, using: &random)
      let range = min(a, b)..<max(a, b)
      data.withBytes { view in
        #expect(view.countOfSetBits(in: range) == range.count { bit(data, $0) }, "seed \(seed) \(range)")
        for value in [true, false] {
          #expect(
            view.firstBit(value, in: range) == range.first { bit(data, $0) == value }, "seed \(seed) \(range) \(value)")
        }
      }
    }
  }
}

@Test func longRunsOfBitsAreCounted() {
  for count in [256, 257, 511, 512, 4096 + 13] {
    for fill in [0, 1, 0x55, 0xff] as [UInt8] {
      let data = [UInt8](repeating: fill, count: count)
      let counted = data.withBytes { $0.countOfSetBits(in: 0..<count * 8) }
      #expect(counted == fill.nonzeroBitCount * count)
    }
  }
}

@Test func bitOperationsDoWhatTheyDoBitByBit() {
  let operations: [(BitOperation, (UInt8, [UInt8]) -> UInt8)] = [
    (.and, { $1.reduce($0, &) }), (.or, { $1.reduce($0, |) }), (.xor, { $1.reduce($0, ^) }),
    (.not, { first, _ in ~first }),
    (.diff, { $0 & ~$1.reduce(0, |) }), (.diff1, { ~$0 & $1.reduce(0, |) }), (.andor, { $0 & $1.reduce(0, |) }),
    (
      .one,
      { first, others in
        (0..<8).reduce(0) { sum, place in
          ([first] + others).count { $0 >> UInt8(place) & 1 == 1 } == 1 ? sum | 1 << UInt8(place) : sum
        }
      }
    ),
  ]
  for seed in 0..<200 as Range<UInt64> {
    var random = SplitMix(state: seed)
    let (operation, model) = operations[Int(seed) % operations.count]
    let sourceCount = seed % 8 == 3 ? 1 : Int.random(in: 2...5, using: &random)
    let longest = [1, 63, 64, 65, 1000, 4096, 9000][Int.random(in: 0..<7, using: &random)]
    let sources = (0..<sourceCount).map { _ in bytes(Int.random(in: 0...longest, using: &random), &random) }
    let count = sources.map(\.count).max() ?? 0
    var result = [UInt8](repeating: 0xaa, count: count + 1)
    let copies = sources.map { source -> UnsafeMutableBufferPointer<UInt8> in
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.count)
      _ = copy.initialize(from: source)
      return copy
    }
    let views = copies.map { Bytes(UnsafeRawBufferPointer($0)) }
    result.withUnsafeMutableBufferPointer { result in
      views.withUnsafeBufferPointer { operation.combine($0, into: result.baseAddress!, count: count) }
    }
    copies.forEach { $0.deallocate() }
    let expected = (0..<count).map { at -> UInt8 in
      let column = sources.map { at < $0.count ? $0[at] : 0 }
      return model(column[0], Array(column.dropFirst()))
    }
    #expect(Array(result.prefix(count)) == expected, "seed \(seed) \(operation)")
    #expect(result[count] == 0xaa, "written past the end: seed \(seed)")
  }
}

@Test func bitFieldsKeepWhatIsWrittenAndNothingElse() throws {
  var random = SplitMix(state: 7)
  var data = bytes(40, &random)
  for _ in 0..<4000 {
    let isSigned = Bool.random(using: &random)
    let width = Int.random(in: 1...(isSigned ? 64 : 63), using: &random)
    let field = try #require("\(isSigned ? "i" : "u")\(width)".withBytes { Bitfield(type: $0) })
    let offset = Int.random(in: 0...data.count * 8 - width, using: &random)
    let value = Int64.random(in: .min ... .max, using: &random)
    let before = data
    let count = data.count
    data.withUnsafeMutableBufferPointer { field.write(value, to: $0.baseAddress!, count: count, at: UInt64(offset)) }
    for i in 0..<count * 8 {
      let inside = i >= offset && i < offset + width
      let wanted = inside ? (value >> Int64(offset + width - 1 - i)) & 1 == 1 : bit(before, i)
      #expect(bit(data, i) == wanted)
    }
    let read = data.withBytes { field.read($0, at: UInt64(offset)) }
    // The value's low bits, as the type reads them.
    let unused = UInt64(64 - width)
    let shifted = UInt64(bitPattern: value) << unused
    #expect(read == (isSigned ? Int64(bitPattern: shifted) >> Int64(unused) : Int64(bitPattern: shifted >> unused)))
  }
}

@Test func bitFieldsReadZerosPastTheEnd() throws {
  let field = try #require("i64".withBytes { Bitfield(type: $0) })
  [0xff, 0xff].withBytes { (bytes: Bytes) in
    #expect(field.read(bytes, at: 8) == Int64(bitPattern: 0xff00_0000_0000_0000))
    #expect(field.read(bytes, at: 16) == 0)
    #expect(field.read(bytes, at: UInt64.max) == 0)
  }
}

@Test func bitFieldsOverflowAsTold() throws {
  var random = SplitMix(state: 3)
  for _ in 0..<20_000 {
    let isSigned = Bool.random(using: &random)
    let width = Int.random(in: 1...(isSigned ? 64 : 63), using: &random)
    let field = try #require("\(isSigned ? "i" : "u")\(width)".withBytes { Bitfield(type: $0) })
    let low: Int128 = isSigned ? -(1 << (width - 1)) : 0
    let high: Int128 = isSigned ? 1 << (width - 1) - 1 : 1 << width - 1
    let old = Int64(clamping: Int128.random(in: low...high, using: &random))
    let choices: [Int64] = [
      .min, .max, -1, 0, 1, Int64(clamping: high), Int64(clamping: low), .random(in: .min ... .max, using: &random),
    ]
    let increment = choices[Int.random(in: 0..<choices.count, using: &random)]
    let sum = Int128(old) + Int128(increment)
    let fits = sum >= low && sum <= high
    #expect(field.sum(old, increment, .fail) == (fits ? Int64(sum) : nil))
    #expect(field.sum(old, increment, .saturate) == Int64(min(max(sum, low), high)))
    var wrapped = sum & (1 << width - 1)
    if wrapped > high { wrapped -= 1 << width }
    #expect(field.sum(old, increment, .wrap) == Int64(wrapped))
  }
}

@Test func typesOfBitFieldsAreChecked() {
  for type in ["", "i", "u", "i0", "u0", "u64", "i65", "i-1", "x8", "8", "I8", "i08", "i8 ", "i99999999999999999999"] {
    #expect(type.withBytes { Bitfield(type: $0) } == nil, "\(type)")
  }
}

// MARK: Commands

@Test func settingBitsFollowsAStringThroughItsForms() {
  let runner = CommandRunner()
  var model: [UInt8] = Array("12345".utf8)
  _ = runner.run("set", "k", "12345")
  var random = SplitMix(state: 11)
  for step in 0..<3000 {
    let offset = Int.random(in: 0..<(step < 1500 ? 8000 : 100_000), using: &random)
    let value = Int.random(in: 0...1, using: &random)
    if offset >> 3 >= model.count { model += [UInt8](repeating: 0, count: offset >> 3 + 1 - model.count) }
    let old = bit(model, offset) ? 1 : 0
    #expect(runner.run("setbit", "k", String(offset), String(value)) == ":\(old)\r\n")
    let mask: UInt8 = 0x80 >> UInt8(offset & 7)
    model[offset >> 3] = value == 1 ? model[offset >> 3] | mask : model[offset >> 3] & ~mask
    #expect(runner.run("getbit", "k", String(offset)) == ":\(value)\r\n")
  }
  #expect(runner.run("strlen", "k") == ":\(model.count)\r\n")
  #expect(runner.run("bitcount", "k") == ":\(model.reduce(0) { $0 + $1.nonzeroBitCount })\r\n")
  #expect(runner.words("object", "encoding", "k") == ["raw"])
}

@Test func onlyBitsThatChangeAreReported() {
  let runner = CommandRunner()
  _ = runner.run("setbit", "k", "9", "1")
  #expect(runner.takeEvents() == ["new k", "setbit k"])
  _ = runner.run("setbit", "k", "9", "1")
  _ = runner.run("setbit", "k", "3", "0")
  _ = runner.run("bitfield", "k", "set", "u8", "8", "64", "get", "u8", "0")
  #expect(runner.takeEvents() == [])
  _ = runner.run("bitfield", "k", "incrby", "u8", "0", "1", "incrby", "u8", "8", "0", "incrby", "u8", "0", "1")
  #expect(runner.takeEvents() == ["setbit k"])
  _ = runner.run("setbit", "k", "80", "0")
  #expect(runner.takeEvents() == ["setbit k"])
}

@Test func aValueOnItsWayToAClientIsNotChangedUnderway() {
  let runner = CommandRunner()
  _ = runner.run("setrange", "k", "99999", "x")
  let slot = runner.keyspace.pointee.databases[0].table.find(
    Bytes("k"), hash: runner.keyspace.pointee.hash(Bytes("k")))!
  let blob = Blob(address: Entry(address: slot.pointee).pointer)
  blob.retain()
  defer { blob.release() }
  _ = runner.run("setbit", "k", "0", "1")
  #expect(blob.start[0] == 0)
  #expect(runner.run("getbit", "k", "0") == ":1\r\n")
}

@Test func offsetsBeyondTheLimitAreRefused() {
  let runner = CommandRunner()
  let refusal = "-ERR bit offset is not an integer or out of range\r\n"
  for offset in ["4294967296", "-1", "9223372036854775807", "-9223372036854775808", "#1", "1.0", ""] {
    #expect(runner.run("setbit", "k", offset, "1") == refusal)
    #expect(runner.run("getbit", "k", offset) == refusal)
  }
  for offset in ["#-1", "#9223372036854775807", "#67108864", "#-9223372036854775808", "#", "##1"] {
    #expect(runner.run("bitfield", "k", "set", "i64", offset, "1") == refusal, "\(offset)")
  }
  #expect(runner.run("exists", "k") == ":0\r\n")
  #expect(runner.takeEvents() == [])
}

@Test func aBitFarAwayTakesNoMemoryUntilItIsThere() {
  let runner = CommandRunner()
  #expect(runner.run("setbit", "k", "4294967295", "1") == ":0\r\n")
  #expect(runner.run("strlen", "k") == ":536870912\r\n")
  #expect(runner.run("bitpos", "k", "1", "-1") == ":4294967295\r\n")
}

@Test func bitOperationsStoreRawStrings() {
  let runner = CommandRunner()
  _ = runner.run("set", "a", "1")
  _ = runner.run("set", "b", "3")
  #expect(runner.run("bitop", "or", "to", "a", "b", "nosuch") == ":1\r\n")
  #expect(runner.words("get", "to") == ["3"])
  #expect(runner.words("object", "encoding", "to") == ["raw"])
  _ = runner.takeEvents()
  #expect(runner.run("bitop", "and", "to", "nosuch") == ":0\r\n")
  #expect(runner.takeEvents() == ["del to"])
  #expect(runner.run("bitop", "diff", "to", "a") == "-ERR BITOP DIFF must be called with at least two source keys.\r\n")
  #expect(runner.run("bitop", "not", "to", "a", "b") == "-ERR BITOP NOT must be called with a single source key.\r\n")
  _ = runner.run("hset", "h", "f", "v")
  #expect(runner.run("bitop", "or", "to", "a", "h").hasPrefix("-WRONGTYPE"))
  #expect(runner.run("bitop", "xor", "a", "a", "b", "a") == ":1\r\n")
  #expect(runner.words("get", "a") == ["3"])
}

@Test func aFailedOverflowWritesNothing() {
  let runner = CommandRunner()
  #expect(
    runner.run("bitfield", "k", "overflow", "fail", "incrby", "u2", "0", "4", "incrby", "u2", "0", "3")
      == "*2\r\n$-1\r\n:3\r\n")
  #expect(
    runner.run("bitfield", "k", "set", "u2", "0", "1", "overflow", "nosuch")
      == "-ERR Invalid OVERFLOW type specified\r\n")
  #expect(runner.run("bitfield_ro", "k", "get", "u2", "0") == "*1\r\n:3\r\n")
  #expect(
    runner.run("bitfield_ro", "k", "set", "u2", "0", "1") == "-ERR BITFIELD_RO only supports the GET subcommand\r\n")
}
