import CMartlet
import Foundation
import Keyspace
import Memory
import Persistence
import Structures
import TestSupport
import Testing

@Suite struct SnapshotTests {
  /// One random command that changes something, or tries to.
  private func change(_ fixture: Fixture, _ random: inout SeededRandom) {
    fixture.database = random.below(3)
    let key = "key\(random.below(80))"
    let other = "key\(random.below(80))"
    switch random.below(24) {
    case 0: fixture.run("SET", key, "changed")
    case 1: fixture.run("DEL", key)
    case 2: fixture.run("APPEND", key, "more")
    case 3: fixture.run("HSET", key, "field", "value")
    case 4: fixture.run("HDEL", key, "f")
    case 5: fixture.run("SADD", key, "member", "17")
    case 6: fixture.run("SPOP", key)
    case 7: fixture.run("RPUSH", key, "element")
    case 8: fixture.run("LPOP", key, "3")
    case 9: fixture.run("ZADD", key, "5", "member")
    case 10: fixture.run("ZPOPMAX", key)
    case 11: fixture.run("XADD", key, "*", "a", "b")
    case 12: fixture.run("XTRIM", key, "MAXLEN", "3")
    case 13: fixture.run("EXPIRE", key, "100")
    case 14: fixture.run("PERSIST", key)
    case 15: fixture.run("RENAME", key, other)
    case 16: fixture.run("COPY", key, other, "REPLACE")
    case 17: fixture.run("MOVE", key, "\(random.below(3))")
    case 18: fixture.run("INCR", key)
    case 19: fixture.run("GETEX", key, "EX", "100")
    case 20: fixture.run("SET", "new\(random.below(300))", "x")
    case 21: fixture.run("XREADGROUP", "GROUP", "group", "reader", "COUNT", "2", "STREAMS", key, ">")
    case 22 where random.chance(5): fixture.run("SWAPDB", "0", "\(random.below(3))")
    case 23 where random.chance(5): fixture.run(random.chance(30) ? "FLUSHALL" : "FLUSHDB")
    default: fixture.run("UNLINK", key)
    }
  }

  /// As `advance`, with time for so many steps.
  private func advance(_ writer: SnapshotWriter, steps: Int) -> Bool {
    var left = steps
    return writer.advance {
      left -= 1
      return left < 0
    }
  }

  @Test func fileShowsTheMomentAtWhichItWasBegun() throws {
    for round in 0..<SeededRandom.count("MARTLET_SNAPSHOT_ROUNDS", default: 8) {
      let seed = SeededRandom.runSeed() &+ UInt64(round)
      var random = SeededRandom(seed: seed)
      let fixture = Fixture(seed: seed)
      CodecTests.fill(fixture, seed: seed, keys: 80)
      // Large enough to be saved in parts.
      fixture.database = 0
      fixture.run(["HSET", "large"] + (0..<6000).map { "f\($0)" })
      fixture.run(["SADD", "largeset"] + (0..<3000).map { "m\($0)" })
      let wanted = fixture.contents()
      let sink = TestSink()
      var header = SnapshotWriter.Header()
      header.version = 12
      let writer = SnapshotWriter(of: fixture.keyspace, header: header, to: sink)
      var calls = 0
      while true {
        for _ in 0..<random.below(4) { change(fixture, &random) }
        if random.chance(3) { fixture.run("HSET", "large", "f1", "changed") }
        if random.chance(3) { fixture.run(random.chance(50) ? "DEL" : "EXPIRE", "largeset", "1000") }
        calls += 1
        if advance(writer, steps: random.below(6)) { break }
        try #require(calls < 100_000)
      }
      let copy = Fixture(seed: seed &+ 1)
      _ = try CodecTests.load(sink.bytes, into: copy)
      #expect(copy.contents() == wanted, "seed \(seed)")
      #expect(!fixture.isSnapshotting)
    }
  }

  @Test func snapshotSeesAllAfterOneThatWasGivenUp() throws {
    for round in 0..<SeededRandom.count("MARTLET_SNAPSHOT_ROUNDS", default: 4) {
      let seed = SeededRandom.runSeed() &+ UInt64(round)
      var random = SeededRandom(seed: seed)
      let fixture = Fixture(seed: seed)
      CodecTests.fill(fixture, seed: seed, keys: 80)
      for _ in 0..<3 {
        fixture.database = random.below(3)
        for i in 0..<1000 { fixture.run("SET", "more\(i)", "x") }
        let givenUp = SnapshotWriter(of: fixture.keyspace, header: SnapshotWriter.Header(), to: TestSink())
        for _ in 0..<random.below(8) {
          for _ in 0..<random.below(20) { change(fixture, &random) }
          if advance(givenUp, steps: random.below(12)) { break }
        }
        givenUp.cancel()
        // What it leaves is gone through while commands go on, or at once by the next.
        for _ in 0..<random.below(4) {
          for _ in 0..<random.below(20) { change(fixture, &random) }
          fixture.database = random.below(3)
          for i in 0..<random.below(300) { fixture.run("DEL", "more\(i)") }
          fixture.keyspace.pointee.settle { true }
        }
        let wanted = fixture.contents()
        let sink = TestSink()
        var header = SnapshotWriter.Header()
        header.version = 12
        let writer = SnapshotWriter(of: fixture.keyspace, header: header, to: sink)
        for _ in 0..<20 { change(fixture, &random) }
        while !writer.advance(isOutOfTime: { true }) { change(fixture, &random) }
        let copy = Fixture(seed: seed &+ 1)
        _ = try CodecTests.load(sink.bytes, into: copy)
        #expect(copy.contents() == wanted, "seed \(seed)")
      }
    }
  }

  @Test func largeValueIsNotWrittenInOneGo() throws {
    let fixture = Fixture()
    fixture.run(["HSET", "large"] + (0..<40_000).map { "f\($0)" })
    let sink = TestSink()
    let writer = SnapshotWriter(of: fixture.keyspace, header: SnapshotWriter.Header(), to: sink)
    var calls = 0
    while !writer.advance(isOutOfTime: { true }) {
      calls += 1
      let hash = "large".withBytes { fixture.keyspace.pointee.hash($0) }
      let mustWait = "large".withBytes { fixture.keyspace.pointee.mustWait(0, $0, hash: hash) }
      #expect(mustWait, "a value must not change while it is written")
    }
    #expect(calls > 100)
    let hash = "large".withBytes { fixture.keyspace.pointee.hash($0) }
    #expect("large".withBytes { !fixture.keyspace.pointee.mustWait(0, $0, hash: hash) })
  }

  @Test func cancelledSnapshotLeavesNothingBehind() throws {
    let fixture = Fixture()
    CodecTests.fill(fixture, seed: 11)
    let wanted = fixture.contents()
    let writer = SnapshotWriter(of: fixture.keyspace, header: SnapshotWriter.Header(), to: TestSink())
    _ = writer.advance { true }
    fixture.database = 1
    fixture.run("SET", "other", "x")
    fixture.run("DEL", "other")
    writer.cancel()
    #expect(!fixture.isSnapshotting)
    #expect(fixture.contents() == wanted)
  }

  // MARK: Files

  private func write(_ disk: FaultyDisk, _ fixture: Fixture) -> SnapshotFile.Outcome? {
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let wake = eventfd(0, Int32(EFD_CLOEXEC))
    defer { close(wake) }
    let file = SnapshotFile(
      path: "dump.rdb", temporaryPath: "temp.rdb", directory: ".", disk: disk, thread: thread, options: .init(),
      wake: wake)
    let writer = SnapshotWriter(of: fixture.keyspace, header: SnapshotWriter.Header(), to: file)
    while !writer.advance(isOutOfTime: { false }) { thread.wait() }
    thread.wait()
    file.close()
    return file.outcome
  }

  @Test func failingDiskLeavesTheOldFile() throws {
    let fixture = Fixture()
    for i in 0..<500 { fixture.run("SET", "key\(i)", String(repeating: "\(i)", count: 40)) }
    let disk = FaultyDisk()
    disk.state.withLock { $0.files["dump.rdb"] = [1, 2, 3] }
    let faults: [(inout FaultyDisk.State) -> Void] = [
      { $0.room = 0 }, { $0.room = 5000 }, { $0.syncError = 5 }, { $0.openError = 13 }, { $0.renameError = 5 },
    ]
    for fault in faults {
      disk.state.withLock { fault(&$0) }
      guard case .failed = write(disk, fixture) else {
        Issue.record("a failure was not noticed")
        continue
      }
      disk.state.withLock { state in
        #expect(state.files["dump.rdb"] == [1, 2, 3])
        #expect(state.files["temp.rdb"] == nil)
        state.room = nil
        state.syncError = 0
        state.openError = 0
        state.renameError = 0
      }
    }
    disk.state.withLock { $0.writeStep = 7 }
    guard case .written = write(disk, fixture) else { throw TestFailure("short writes are no failure") }
    let bytes = disk.state.withLock { $0.files["dump.rdb"] ?? [] }
    let copy = Fixture()
    _ = try CodecTests.load(bytes, into: copy)
    #expect(copy.contents() == fixture.contents())
  }
}
