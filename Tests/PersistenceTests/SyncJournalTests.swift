import Memory
import Persistence
import TestSupport
import Testing

/// What a power cut leaves of a log with `appendfsync always`, and what the journal makes of it.
@Suite struct SyncJournalTests {
  private static let journal = "log/aof.journal"
  private static let increment = 7

  /// A log that is written one group after the other, each of which is acknowledged.
  private struct Log {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    let file: AppendOnlyFile
    var acknowledged: [UInt8] = []

    init(existing: [UInt8] = []) throws {
      disk.state.withLock { state in
        state.files["log/aof"] = existing
        state.durable["log/aof"] = existing
      }
      let journal = SyncJournal(disk, directory: "log", name: "aof.journal", salt: 0xfeed_0000_1234_5678)
      file = AppendOnlyFile(
        try disk.open("log/aof", .append), fileSize: existing.count, size: existing.count, sequence: increment,
        journal: journal, thread: thread)
      file.policy = .always
      acknowledged = existing
    }

    mutating func write(_ bytes: [UInt8]) {
      bytes.withBytes { file.append($0, now: 0) }
      #expect(file.flush(AppendOnlyFile.Turn(now: 0, nanoseconds: 0, waiting: 1)) == .now)
      acknowledged += bytes
    }

    /// What a machine finds after a power cut: of the log at least what was synced, and `kept` bytes at least.
    func afterPowerCut(kept: Int = 0) -> FaultyDisk {
      let found = FaultyDisk()
      disk.state.withLock { state in
        var files = state.durable
        if kept > files["log/aof"]?.count ?? 0 { files["log/aof"] = Array(state.files["log/aof"]?.prefix(kept) ?? []) }
        found.state.withLock { $0.files = files }
      }
      return found
    }
  }

  @discardableResult
  private func recover(_ disk: FaultyDisk, increment: Int = Self.increment) throws -> [UInt8] {
    if disk.state.withLock({ $0.files[Self.journal] }) != nil {
      _ = try SyncJournal.recover(Self.journal, on: disk) { $0 == increment ? "log/aof" : nil }
    }
    return disk.state.withLock { $0.files["log/aof"] ?? [] }
  }

  private func bytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8(random.below(255) + 1) }
  }

  @Test func powerCutTakesNothingThatWasAcknowledged() throws {
    let seed = SeededRandom.runSeed()
    var random = SeededRandom(seed: seed)
    var log = try Log(existing: bytes(1000, &random))
    defer { log.thread.end() }
    for i in 0..<150 {
      // Now and then a group is too large for the journal, or fills it.
      log.write(bytes(random.chance(5) ? random.below(150_000) : random.below(6000) + 1, &random))
      let kept = random.below(log.acknowledged.count + 1)
      let found = log.afterPowerCut(kept: random.chance(50) ? kept : 0)
      #expect(try recover(found) == log.acknowledged, "seed \(seed), group \(i)")
      // Whoever is cut off while he recovers does it again.
      let synced = log.disk.state.withLock { $0.durable["log/aof"]?.count ?? 0 }
      let reached = synced + random.below(log.acknowledged.count - synced + 1)
      found.state.withLock { $0.files["log/aof"]?.removeLast(log.acknowledged.count - reached) }
      #expect(try recover(found) == log.acknowledged, "seed \(seed), group \(i), again")
    }
    let (syncs, overwrites) = log.disk.state.withLock { ($0.syncs, $0.overwrites) }
    #expect(syncs < 40 && overwrites > 110, "\(syncs) syncs, \(overwrites) groups in the journal")
  }

  /// Some file systems make a file longer before its bytes are there.
  @Test func roomWithoutItsBytesIsFilled() throws {
    var random = SeededRandom(seed: 3)
    var log = try Log()
    defer { log.thread.end() }
    for _ in 0..<20 { log.write(bytes(3000, &random)) }
    for start in [3000, 3001, 5999, 6000, 40_000, 59_999] {
      let found = log.afterPowerCut(kept: .max)
      found.state.withLock { state in
        for i in start..<min(start + 4096, 60_000) { state.files["log/aof"]?[i] = 0 }
      }
      #expect(try recover(found) == log.acknowledged)
    }
  }

  @Test func recordThatIsNotWholeEndsTheJournal() throws {
    var random = SeededRandom(seed: 4)
    var log = try Log()
    defer { log.thread.end() }
    log.write(bytes(100, &random))
    log.write(bytes(9000, &random))
    let before = log.acknowledged.count
    let old = log.disk.state.withLock { $0.files[Self.journal] ?? [] }
    log.write(bytes(9000, &random))
    let new = log.disk.state.withLock { $0.files[Self.journal] ?? [] }
    // The power fails when only some sectors of the last record are there.
    let sectors = stride(from: 0, to: new.count, by: 512).filter { old[$0..<$0 + 512] != new[$0..<$0 + 512] }
    #expect(sectors.count > 17)
    for missing in sectors {
      let found = log.afterPowerCut()
      found.state.withLock { state in
        state.files[Self.journal]?.replaceSubrange(missing..<missing + 512, with: old[missing..<missing + 512])
      }
      #expect(try recover(found) == Array(log.acknowledged.prefix(before)))
    }
    #expect(try recover(log.afterPowerCut()) == log.acknowledged)
  }

  @Test func flippedBitIsNoticed() throws {
    var random = SeededRandom(seed: 5)
    var log = try Log()
    defer { log.thread.end() }
    log.write(bytes(100, &random))
    log.write(bytes(300, &random))
    for bit in 0..<(48 + 300) * 8 {
      let found = log.afterPowerCut()
      found.state.withLock { $0.files[Self.journal]?[bit / 8] ^= 1 << UInt8(bit % 8) }
      #expect(try recover(found) == Array(log.acknowledged.prefix(100)), "bit \(bit)")
    }
  }

  @Test func logThatSomebodyElseWentOnWithStaysAsItIs() throws {
    var random = SeededRandom(seed: 6)
    var log = try Log()
    defer { log.thread.end() }
    for _ in 0..<10 { log.write(bytes(500, &random)) }
    for changed in [
      Array(log.acknowledged.prefix(700)) + bytes(100, &random), log.acknowledged + bytes(100, &random),
      Array(log.acknowledged.prefix(499)), [],
    ] {
      let found = log.afterPowerCut()
      found.state.withLock { $0.files["log/aof"] = changed }
      #expect(try recover(found) == changed)
    }
    // Nor is it given to another increment.
    let found = log.afterPowerCut()
    let cut = found.state.withLock { $0.files["log/aof"] }
    #expect(try recover(found, increment: 8) == cut)
  }

  @Test func journalThatCannotBeWrittenIsDoneWithout() throws {
    var random = SeededRandom(seed: 7)
    var log = try Log()
    defer { log.thread.end() }
    for i in 0..<20 {
      if i == 10 { log.disk.state.withLock { $0.overwriteError = 5 } }
      log.write(bytes(100, &random))
      #expect(try recover(log.afterPowerCut()) == log.acknowledged)
    }
    #expect(log.file.failure == nil)
    #expect(log.disk.state.withLock { $0.overwrites } == 9)
  }

  /// A directory that a server has left by itself holds what Redis knows.
  @Test func journalGoesWhenTheLogIsComplete() throws {
    var random = SeededRandom(seed: 8)
    var log = try Log()
    defer { log.thread.end() }
    for _ in 0..<5 { log.write(bytes(100, &random)) }
    func files() -> Set<String> { log.disk.state.withLock { Set($0.files.keys) } }
    #expect(files().contains(Self.journal))
    log.file.policy = .everySecond
    log.thread.wait()
    #expect(files() == ["log/aof"])
    #expect(try recover(log.afterPowerCut()) == log.acknowledged)
    log.file.policy = .always
    for _ in 0..<5 { log.write(bytes(100, &random)) }
    #expect(log.file.complete(now: 0))
    #expect(files() == ["log/aof"])
    #expect(try recover(log.afterPowerCut()) == log.acknowledged)
  }

  @Test func nextIncrementHasRecordsOfItsOwn() throws {
    var random = SeededRandom(seed: 9)
    var log = try Log()
    defer { log.thread.end() }
    for _ in 0..<5 { log.write(bytes(100, &random)) }
    let first = log.acknowledged
    log.file.switchTo(try log.disk.open("log/aof2", .append), sequence: 8, now: 0)
    log.thread.wait()
    for _ in 0..<5 { log.write(bytes(100, &random)) }
    let found = log.afterPowerCut()
    _ = try SyncJournal.recover(Self.journal, on: found) { [7: "log/aof", 8: "log/aof2"][$0] }
    found.state.withLock { state in
      #expect(state.files["log/aof"] == first)
      #expect(state.files["log/aof2"] == Array(log.acknowledged.dropFirst(first.count)))
    }
  }
}
