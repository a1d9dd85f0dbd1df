import Foundation
import Keyspace
import Memory
import Persistence
import Structures
import TestSupport
import Testing

@Suite struct CodecTests {
  @Test func checksumIsTheOneThatRedisUses() {
    #expect(CRC64.checksum(Bytes("123456789")) == 0xe9c6_d914_c4b8_d9ca)
    var parts = CRC64()
    for part in ["1234", "5", "6789"] { part.withBytes { parts.update($0) } }
    #expect(parts.value == 0xe9c6_d914_c4b8_d9ca)
  }

  @Test func lengthsAndStringsComeBackAsTheyWere() throws {
    let lengths: [UInt64] = [0, 1, 63, 64, 16383, 16384, 1 << 32 - 1, 1 << 32, .max]
    let integers: [Int64] = [0, -1, 127, 128, -129, 32767, -32769, 1 << 31 - 1, -1 << 31, 1 << 31, .max, .min]
    let strings = ["", "0", "-0", "007", "12345678901", "99999999999", "abc", String(repeating: "xyz", count: 9000)]
    for compresses in [true, false] {
      var writer = RDBWriter(capacity: 16)
      for length in lengths { writer.length(length) }
      for integer in integers { writer.string(integer) }
      for string in strings { writer.string(string) }
      var bytes: [UInt8] = []
      writer.pack(compressing: compresses) { bytes += $0.array }
      var reader = RDBReader(source: TestSource(bytes, step: 3))
      for length in lengths { #expect(try reader.length() == length) }
      for integer in integers { #expect(try reader.string().string == String(integer)) }
      for string in strings { #expect(try reader.string().string == string) }
      #expect(throws: RDBFailure.truncated) { try reader.byte() }
    }
  }

  /// A few keys of every type and form.
  static func fill(_ fixture: Fixture, seed: UInt64, keys: Int = 60) {
    var random = SeededRandom(seed: seed)
    func word(_ limit: Int = 30) -> String {
      String((0..<random.below(limit) + 1).map { _ in random.one(of: Array("abcdef0123456789")) })
    }
    for i in 0..<keys {
      fixture.database = random.below(3)
      let key = "key\(i)"
      func words(_ count: Int) -> [String] { (0..<count).map { _ in word() } }
      switch random.below(13) {
      case 0: fixture.run("SET", key, word(3000))
      case 1: fixture.run("SET", key, String(Int64.random(in: .min ... .max, using: &random) >> random.below(60)))
      case 2: fixture.run("SET", key, word(), "PX", String(random.below(1_000_000) + 1000))
      case 3: fixture.run(["HSET", key] + words(2 * (random.below(20) + 1)))
      case 4: fixture.run(["HSET", key] + words(2 * (random.below(300) + 129)))
      case 5: fixture.run(["SADD", key] + (0..<random.below(40) + 1).map { _ in String(random.below(100_000)) })
      case 6: fixture.run(["SADD", key] + words(random.below(300) + 1))
      case 7: fixture.run(["RPUSH", key] + words(random.below(500) + 1))
      case 8:
        fixture.run(["ZADD", key] + (0..<random.below(30) + 1).flatMap { _ in ["\(random.below(100))", word()] })
      case 9: fixture.run(["ZADD", key] + (0..<300).flatMap { _ in ["\(random.below(1000)).5", word()] })
      case 10:
        fixture.run(["HSET", key] + words(2 * (random.below(200) + 2)) + ["f", "v"])
        fixture.run("HPEXPIRE", key, "\(random.below(100_000) + 1000)", "FIELDS", "1", "f")
      case 11:
        let step = random.one(of: [1, 3, 700, 100_000])
        for j in 0..<random.below(60) + 1 {
          let number = "\(random.below(100_000) - 50_000)"
          let value = random.one(of: [word(7), word(60), number, number + ".250", number + "0.0625"])
          fixture.run("ARSET", key, "\(j * step)", value)
        }
        if random.chance(50) { fixture.run("ARSEEK", key, random.one(of: ["7", "18446744073709551615"])) }
      default:
        for j in 0..<random.below(150) + 1 {
          fixture.run("XADD", key, "\(j + 1)-\(random.below(5) + 1)", word(), word())
        }
        fixture.run("XGROUP", "CREATE", key, "group", "0")
        fixture.run("XREADGROUP", "GROUP", "group", "reader", "COUNT", "7", "STREAMS", key, ">")
        fixture.run("XACK", key, "group", "1-1", "2-1")
        fixture.run("XDEL", key, "1-1", "3-2")
      }
    }
    fixture.database = 0
  }

  static func snapshot(_ fixture: Fixture) -> [UInt8] {
    let sink = TestSink()
    var header = SnapshotWriter.Header()
    header.aux = [("redis-ver", "7.2.4")]
    header.version = SnapshotWriter.version(for: fixture.keyspace.pointee)
    let writer = SnapshotWriter(of: fixture.keyspace, header: header, to: sink)
    while !writer.advance(isOutOfTime: { false }) {}
    return sink.bytes
  }

  static func load(
    _ bytes: [UInt8], into fixture: Fixture, step: Int = .max
  ) throws(RDBFailure) -> RDBLoader.Summary {
    var loader = RDBLoader(RDBReader(source: TestSource(bytes, step: step)), into: fixture.keyspace)
    try loader.load { _, _ in }
    return loader.summary
  }

  @Test func everyTypeComesBackFromAFile() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let fixture = Fixture()
      Self.fill(fixture, seed: seed)
      let bytes = Self.snapshot(fixture)
      let copy = Fixture(seed: seed + 100)
      let summary = try Self.load(bytes, into: copy, step: 700)
      #expect(copy.contents() == fixture.contents(), "seed \(seed)")
      #expect(summary.keysLoaded == fixture.totalKeys)
      #expect(summary.aux("redis-ver") == "7.2.4")
    }
  }

  @Test func whatAStreamRemembersOfItsProducersComesBackFromAFile() throws {
    let fixture = Fixture()
    func add(_ fixture: Fixture, _ id: Int) -> String {
      fixture.run("XADD", "stream", "IDMP", "producer", "id\(id)", "*", "f", "v")
    }
    let ids = (1...3).map { add(fixture, $0) }
    #expect(add(fixture, 1) == ids[0])
    let bytes = Self.snapshot(fixture)
    let copy = Fixture(seed: 100)
    let summary = try Self.load(bytes, into: copy)
    #expect(summary.keysLoaded == 1 && summary.aux.map(\.name) == ["redis-ver"])
    #expect(copy.run("XINFO", "STREAM", "stream") == fixture.run("XINFO", "STREAM", "stream"))
    #expect(add(copy, 2) == ids[1] && copy.run("XLEN", "stream") == ":3\r\n")
    // What claims to be one of ours and is not is refused.
    for broken in [[1], [1, 0, 0, 0, 0, 0], [1, 100, 100, 0, 0, 1, 5]] as [[UInt8]] {
      var file = Array(bytes.dropLast(9))
      file += [250, 12] + Array("martlet-idmp".utf8) + [UInt8(broken.count)] + broken + [255]
      file += [UInt8](repeating: 0, count: 8)
      #expect(throws: RDBFailure.self) { try Self.load(file, into: Fixture()) }
    }
  }

  @Test func everyTypeComesBackFromAPayload() throws {
    let fixture = Fixture()
    Self.fill(fixture, seed: 9)
    let keyspace = fixture.keyspace
    for database in 0..<3 {
      keyspace.pointee.databases[database].table.forEach { entry in
        DumpPayload.withPayload(of: entry, compressing: true) { payload in
          guard let content = DumpPayload.content(of: payload) else {
            Issue.record("a payload of our own is refused")
            return
          }
          let hash = keyspace.pointee.hash(entry.key)
          guard let fresh = try? Keyspace.build(in: keyspace, key: entry.key, hash: hash, content: content) else {
            Issue.record("a value of our own is refused: \(entry.key.string)")
            return
          }
          let withoutDeadline = Fixture.describe(entry).replacing(
            "\(entry.expiresAt ?? 0)", with: "0", maxReplacements: 1)
          #expect(Fixture.describe(fresh) == withoutDeadline)
          Value.free(fresh)
        }
      }
    }
  }

  @Test func truncatedFileIsRefusedWhereverItEnds() throws {
    let fixture = Fixture()
    Self.fill(fixture, seed: 3, keys: 12)
    let bytes = Self.snapshot(fixture)
    for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 250)) {
      #expect(throws: RDBFailure.self, "cut at \(end) of \(bytes.count)") {
        try Self.load(Array(bytes[..<end]), into: Fixture())
      }
    }
  }

  @Test func flippedBitIsNoticedWhereverItIs() throws {
    let fixture = Fixture()
    Self.fill(fixture, seed: 4, keys: 12)
    let bytes = Self.snapshot(fixture)
    var random = SeededRandom(seed: 5)
    for _ in 0..<250 {
      var broken = bytes
      let at = random.below(bytes.count)
      broken[at] ^= 1 << UInt8(random.below(8))
      // Version 5 and later has a checksum; a header that claims an older one takes it away, and so do eight zeros.
      if at < 9 { continue }
      #expect(throws: RDBFailure.self, "bit in byte \(at)") { try Self.load(broken, into: Fixture()) }
    }
  }

  /// MARTLET_FUZZ_COUNT payloads, 500,000 before a release and under AddressSanitizer.
  @Test func mutatedPayloadIsTakenOrRefusedButNeverFatal() throws {
    let seed = SeededRandom.runSeed()
    var random = SeededRandom(seed: seed)
    let fixture = Fixture()
    Self.fill(fixture, seed: seed, keys: 40)
    var payloads: [[UInt8]] = []
    for database in 0..<3 {
      fixture.keyspace.pointee.databases[database].table.forEach { entry in
        DumpPayload.withPayload(of: entry, compressing: random.chance(50)) { payloads.append($0.array) }
      }
    }
    fixture.database = 0
    for round in 0..<SeededRandom.count("MARTLET_FUZZ_COUNT", default: 3000) {
      var payload = random.one(of: payloads)
      for _ in 0..<random.below(6) + 1 {
        let at = random.below(payload.count - 10)
        switch random.below(5) {
        case 0: payload[at] = UInt8(random.below(256))
        case 1: payload[at] ^= 1 << UInt8(random.below(8))
        case 2: payload[at] = random.one(of: [0, 0x7f, 0x80, 0xff, 0xfe, 0x81, 0xc3])
        case 3 where payload.count > 20: payload.remove(at: at)
        default: payload.insert(UInt8(random.below(256)), at: at)
        }
      }
      if random.chance(10) { payload[0] = UInt8(random.below(30)) }
      let key = "fuzz"
      key.withBytes { key in
        payload.withBytes { payload in
          let content = DumpPayload.content(of: payload, ignoringChecksum: true)
          guard let content else { return }
          let hash = fixture.keyspace.pointee.hash(key)
          guard let entry = try? Keyspace.build(in: fixture.keyspace, key: key, hash: hash, content: content) else {
            return
          }
          fixture.keyspace.pointee.add(0, entry, hash: hash)
        }
      }
      Self.exercise(fixture, &random, "seed \(seed), round \(round)")
      fixture.run("DEL", key)
      #expect(fixture.stagedKeys == 0)
    }
  }

  /// Whatever was taken must bear to be used.
  static func exercise(_ fixture: Fixture, _ random: inout SeededRandom, _ context: String) {
    let keyspace = fixture.keyspace
    let found = "fuzz".withBytes { keyspace.pointee.entry(0, $0, hash: keyspace.pointee.hash($0)) }
    guard let entry = found else { return }
    _ = Fixture.describe(entry)
    DumpPayload.withPayload(of: entry, compressing: true) { _ in }
    switch entry.valueType {
    case .string: fixture.run("APPEND", "fuzz", "x")
    case .list:
      fixture.run("LPUSH", "fuzz", "x")
      fixture.run("LINSERT", "fuzz", "BEFORE", "x", "y")
      fixture.run("RPOP", "fuzz", "3")
      fixture.run("LRANGE", "fuzz", "0", "-1")
    case .set:
      fixture.run("SADD", "fuzz", "x", "17")
      fixture.run("SPOP", "fuzz", "2")
      fixture.run("SMEMBERS", "fuzz")
    case .sortedSet:
      fixture.run("ZADD", "fuzz", "3", "x")
      fixture.run("ZPOPMIN", "fuzz", "2")
      fixture.run("ZRANGE", "fuzz", "0", "-1", "WITHSCORES")
    case .hash:
      fixture.run("HSET", "fuzz", "x", "y")
      fixture.run("HGETALL", "fuzz")
      fixture.run("HDEL", "fuzz", "f")
      fixture.run("HRANDFIELD", "fuzz", "3")
    case .array:
      fixture.run("ARSET", "fuzz", "3", "x", "1.50000000")
      fixture.run("ARINSERT", "fuzz", "y")
      fixture.run("ARSCAN", "fuzz", "18446744073709551614", "0")
      fixture.run("ARLASTITEMS", "fuzz", "5")
      fixture.run("ARRING", "fuzz", "4", "z")
      fixture.run("ARDELRANGE", "fuzz", "2", "18446744073709551614")
    case .stream:
      fixture.run("XADD", "fuzz", "*", "a", "b")
      fixture.run("XRANGE", "fuzz", "-", "+")
      fixture.run("XREVRANGE", "fuzz", "+", "-", "COUNT", "5")
      fixture.run("XINFO", "STREAM", "fuzz", "FULL")
      fixture.run("XREADGROUP", "GROUP", "group", "reader", "COUNT", "3", "STREAMS", "fuzz", ">")
      fixture.run("XTRIM", "fuzz", "MAXLEN", "2")
    }
  }
}
