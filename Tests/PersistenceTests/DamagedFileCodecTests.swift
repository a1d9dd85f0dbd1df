import Commands
import Keyspace
import Memory
import Persistence
import TestSupport
import Testing

/// Files that were cut off or changed at every place where that is possible: they are refused, or what they give is
/// what they gave before. Small files, all in memory, so that it is quick under AddressSanitizer too.
@Suite struct DamagedFileCodecTests {
  private func filled() -> Fixture {
    let fixture = Fixture()
    for words in [
      ["SET", "text", "value"], ["SET", "number", "12345"], ["SET", "long", String(repeating: "ab", count: 40)],
      ["SET", "mortal", "x", "PXAT", "1800000000000"], ["RPUSH", "list", "a", "2", "c"],
      ["SADD", "numbers", "1", "70000"],
      ["SADD", "words", "one", "two"], ["HSET", "hash", "f", "v", "g", "17"], ["ZADD", "zset", "1.5", "a", "2", "b"],
      ["ARSET", "array", "5", "1", "word", "1.50000000", String(repeating: "z", count: 30)],
      ["ARSEEK", "array", "4096"],
      ["XADD", "stream", "1-1", "f", "v"], ["XADD", "stream", "2-1", "f", "w"],
      ["XGROUP", "CREATE", "stream", "g", "0"],
      ["XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "stream", ">"],
    ] { fixture.run(words) }
    fixture.database = 2
    fixture.run(["HSET", "table"] + (0..<260).map { "\($0)" })
    fixture.run("DEL", "table")
    fixture.run("SET", "other", "database")
    fixture.database = 0
    return fixture
  }

  /// Of each byte, so many bits are flipped, one after the other: MARTLET_FLIPPED_BITS, up to 8.
  private let flips = min(8, SeededRandom.count("MARTLET_FLIPPED_BITS", default: 1))

  private func bits(of at: Int) -> [Int] { (0..<flips).map { (at * 3 + $0) & 7 } }

  /// What files are loaded into.
  private let target = Fixture(seed: 7)

  /// What a file gives; nil: it is refused. Whatever it gives is looked at to the end.
  private func load(_ bytes: [UInt8]) -> [String: String]? {
    let fixture = target
    fixture.empty()
    do throws(RDBFailure) { _ = try CodecTests.load(bytes, into: fixture, step: 64) } catch { return nil }
    return fixture.contents()
  }

  @Test func snapshotCutAnywhereIsRefused() {
    let bytes = CodecTests.snapshot(filled())
    #expect(load(bytes) == filled().contents())
    for end in 0..<bytes.count { #expect(load(Array(bytes[..<end])) == nil, "cut at \(end) of \(bytes.count)") }
  }

  @Test func snapshotWithAnyBitFlippedIsRefused() {
    let bytes = CodecTests.snapshot(filled())
    for at in bytes.indices {
      for bit in bits(of: at) {
        var broken = bytes
        broken[at] ^= 1 << UInt8(bit)
        #expect(load(broken) == nil, "bit \(bit) of byte \(at)")
      }
    }
  }

  /// Without a checksum there is no telling that a value is another; but nothing may break.
  @Test func snapshotWithoutChecksumIsTakenOrRefused() {
    var bytes = CodecTests.snapshot(filled())
    bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [UInt8](repeating: 0, count: 8))
    #expect(load(bytes) == filled().contents())
    var taken = 0
    for at in 9..<bytes.count - 8 {
      for bit in bits(of: at) {
        var broken = bytes
        broken[at] ^= 1 << UInt8(bit)
        if load(broken) != nil { taken += 1 }
      }
    }
    #expect(taken > 0)
  }

  // MARK: Logs

  private static let commands: [[String]] = [
    ["SELECT", "0"], ["SET", "a", "1"], ["RPUSH", "list", "x", "y"], ["MULTI"], ["INCR", "a"], ["INCR", "a"], ["EXEC"],
    ["SELECT", "1"], ["HSET", "hash", "f", "v"], ["DEL", "nothing"], ["SADD", "set", "m"],
  ]

  private static func encoded(_ words: [String]) -> [UInt8] { RESPClient.encode(words.map { Array($0.utf8) }) }

  private enum End: Equatable {
    case whole
    case cutOff
    case refused
  }

  /// What a log gives that may begin with a snapshot, as the server reads it.
  private func replay(_ bytes: [UInt8]) -> (contents: [String: String], end: End) {
    let fixture = target
    fixture.empty()
    do throws(RDBFailure) {
      var reader = RDBReader(source: TestSource(bytes, step: 64))
      if try reader.peek() == UInt8(ascii: "R") {
        var loader = RDBLoader(reader, into: fixture.keyspace)
        do throws(RDBFailure) { try loader.load { _, _ in } } catch { return (fixture.contents(), .refused) }
        reader = loader.rest()
      }
      let replay = Replay(fixture.executor)
      var log = AOFReader(reader)
      fixture.keyspace.pointee.setTimeOfReplay(milliseconds: 1_700_000_000_000)
      defer { fixture.executor.beginTurn() }
      var isKnown = true
      while try log.next({ isKnown = replay.run($0) != .unknownCommand }) {
        if !isKnown { return (fixture.contents(), .refused) }
      }
      return (fixture.contents(), replay.isInTransaction ? .cutOff : .whole)
    } catch {
      return (fixture.contents(), error == .truncated ? .cutOff : .refused)
    }
  }

  /// What is there after the first so many commands; a transaction counts with its end.
  private func state(after count: Int) -> [String: String] {
    let fixture = Fixture()
    var whole = count
    if Self.commands[..<count].lastIndex(of: ["MULTI"]) ?? -1 > Self.commands[..<count].lastIndex(of: ["EXEC"]) ?? -1 {
      whole = Self.commands[..<count].lastIndex(of: ["MULTI"]) ?? count
    }
    for words in Self.commands[..<whole] { fixture.run(words) }
    return fixture.contents()
  }

  @Test func logCutAnywhereGivesWhatWasWholeBefore() {
    let bytes = Self.commands.flatMap(Self.encoded)
    let states = (0...Self.commands.count).map(state)
    var ends = [0]
    for words in Self.commands { ends.append((ends.last ?? 0) + Self.encoded(words).count) }
    for cut in 0...bytes.count {
      let (contents, end) = replay(Array(bytes[..<cut]))
      let count = ends.lastIndex { $0 <= cut } ?? 0
      #expect(contents == states[count], "cut at \(cut)")
      #expect(end != .refused, "cut at \(cut): a torn tail is no corruption")
    }
  }

  @Test func logBehindASnapshotCutAnywhereIsRefusedInTheSnapshotOnly() {
    let fixture = Fixture()
    fixture.run("SET", "base", "x")
    let base = CodecTests.snapshot(fixture)
    let bytes = base + Self.encoded(["SELECT", "0"]) + Self.encoded(["SET", "tail", "y"])
    for cut in 1..<bytes.count {
      let (contents, end) = replay(Array(bytes[..<cut]))
      if cut < base.count {
        #expect(end == .refused, "cut at \(cut)")
      } else {
        #expect(end != .refused && contents == fixture.contents(), "cut at \(cut)")
      }
    }
  }

  @Test func logWithAnyBitFlippedIsTakenOrRefused() {
    let bytes = Self.commands.flatMap(Self.encoded)
    var refused = 0
    for at in bytes.indices {
      for bit in bits(of: at) {
        var broken = bytes
        broken[at] ^= 1 << UInt8(bit)
        if replay(broken).end != .whole { refused += 1 }
      }
    }
    // What frames the arguments is checked, the arguments are not.
    #expect(refused > bytes.count * flips / 8)
  }

  @Test func manifestWithAnyBitFlippedIsTakenOrRefused() {
    var manifest = AOFManifest()
    manifest.replaceBase(manifest.nextBaseName(prefix: "appendonly.aof", isRDB: true), keepingIncrements: 0)
    _ = manifest.addIncrement(prefix: "appendonly.aof")
    let bytes = Array(manifest.text.utf8)
    for at in bytes.indices {
      for bit in bits(of: at) {
        var broken = bytes
        broken[at] ^= 1 << UInt8(bit)
        guard let read = try? AOFManifest(text: String(decoding: broken, as: UTF8.self)) else { continue }
        #expect(read.files.allSatisfy { !$0.name.contains("/") }, "bit \(bit) of byte \(at)")
      }
      #expect((try? AOFManifest(text: String(decoding: bytes[..<at], as: UTF8.self))) != manifest, "cut at \(at)")
    }
  }
}
