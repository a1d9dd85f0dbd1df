import Commands
import Foundation
import Keyspace
import Memory
import Persistence
import Synchronization
import TestSupport
import Testing

@Suite struct AppendOnlyTests {
  private func file(_ disk: FaultyDisk, _ thread: DiskThread) throws -> AppendOnlyFile {
    AppendOnlyFile(try disk.open("aof", .append), fileSize: 0, size: 0, thread: thread)
  }

  private func turn(now: Int64, nanoseconds: UInt64 = 0, waiting: Int) -> AppendOnlyFile.Turn {
    AppendOnlyFile.Turn(now: now, nanoseconds: nanoseconds, waiting: waiting)
  }

  private func command(_ words: [String]) -> [UInt8] { RESPClient.encode(words.map { Array($0.utf8) }) }

  /// Lets a log take down what a fixture does.
  private func attach(_ fixture: Fixture, _ log: AppendOnlyFile) {
    fixture.executor.propagation.setSink(
      { commands, _ in
        log.append(commands, now: 1_700_000_000_000)
        return Propagation.Ends()
      }, ends: Propagation.Ends())
    fixture.keyspace.pointee.interest.insert(.propagation)
  }

  private func replay(_ bytes: [UInt8], into fixture: Fixture) -> (offset: Int, failure: RDBFailure?) {
    let replay = Replay(fixture.executor)
    var reader = AOFReader(RDBReader(source: TestSource(bytes, step: 100)))
    fixture.keyspace.pointee.setTimeOfReplay(milliseconds: 1_700_000_000_000)
    defer { fixture.executor.beginTurn() }
    do throws(RDBFailure) {
      while try reader.next({ _ = replay.run($0) }) {}
      return (reader.offset, nil)
    } catch {
      return (reader.offset, error)
    }
  }

  @Test func repeatedCommandsComeToTheSame() throws {
    for seed in 1...8 as ClosedRange<UInt64> {
      let disk = FaultyDisk()
      let thread = DiskThread(name: "test")
      defer { thread.end() }
      let log = try file(disk, thread)
      let fixture = Fixture(seed: seed)
      attach(fixture, log)
      CodecTests.fill(fixture, seed: seed, keys: 100)
      for words in [
        ["SET", "a", "1", "EX", "100"], ["SETEX", "b", "50", "x"], ["GETEX", "b", "PERSIST"],
        ["INCRBYFLOAT", "c", "1.1"],
        ["HINCRBYFLOAT", "d", "f", "2.5"], ["GETDEL", "a"], ["SADD", "e", "1", "2", "3", "4", "5"], ["SPOP", "e", "2"],
        ["HSET", "g", "f", "v", "h", "w"], ["HPEXPIRE", "g", "0", "FIELDS", "1", "f"],
        ["HGETEX", "g", "EX", "100", "FIELDS", "1", "h"], ["EXPIRE", "c", "77"], ["GETSET", "c", "9"],
        ["MULTI"], ["SET", "m", "1"], ["INCR", "m"], ["EXEC"],
      ] { fixture.run(words) }
      fixture.executor.propagation.drain()
      #expect(log.complete(now: 0))
      let bytes = disk.state.withLock { $0.files["aof"] ?? [] }
      let copy = Fixture(seed: seed + 50)
      let (offset, failure) = replay(bytes, into: copy)
      #expect(failure == nil && offset == bytes.count)
      var wanted = fixture.contents()
      var found = copy.contents()
      // How far a group has read is only estimated by whoever repeats claims.
      for (key, value) in wanted where value.hasPrefix("stream") {
        wanted[key] = nil
        #expect(found.removeValue(forKey: key) != nil)
      }
      #expect(found == wanted, "seed \(seed)")
    }
  }

  @Test func transactionIsToldBetweenBracketsOnlyIfItHasSeveralCommands() throws {
    let fixture = Fixture()
    var told: [String] = []
    fixture.executor.propagation.setSink(
      { commands, _ in
        told += commands.string.split(separator: "\r\n*").compactMap {
          $0.split(separator: "\r\n").last.map(String.init)
        }
        return Propagation.Ends()
      }, ends: Propagation.Ends())
    fixture.keyspace.pointee.interest.insert(.propagation)
    for words in [
      ["MULTI"], ["SET", "a", "1"], ["EXEC"], ["MULTI"], ["SET", "b", "2"], ["GET", "b"], ["SET", "c", "3"], ["EXEC"],
    ] { fixture.run(words) }
    fixture.executor.propagation.drain()
    #expect(told == ["0", "1", "MULTI", "2", "3", "EXEC"])
  }

  @Test func logCutAnywhereGivesWholeCommandsAndSaysWhereTheyEnd() throws {
    let commands = [
      ["SET", "key1", "value1"], ["SET", "key2", "value2"], ["RPUSH", "list", "a", "b"], ["DEL", "key1"],
    ]
    let bytes = commands.flatMap { command($0) }
    var ends = [0]
    for words in commands { ends.append(ends.last! + command(words).count) }
    for cut in 0...bytes.count {
      let (offset, failure) = replay(Array(bytes[..<cut]), into: Fixture())
      #expect(offset == ends.last { $0 <= cut })
      #expect(failure == (ends.contains(cut) ? nil : .truncated), "cut at \(cut)")
    }
  }

  @Test func brokenLogIsRefused() {
    for text in [
      "x", "*0\r\n", "*-1\r\n", "*1\r\n+PING\r\n", "*1\r\n$-1\r\n", "*1\r\n$4\r\nPINGxx", "*99999999999999999999\r\n",
    ] {
      let (offset, failure) = replay(Array(text.utf8), into: Fixture())
      #expect(offset == 0)
      guard case .corrupt = failure else {
        Issue.record("\(text) is taken: \(String(describing: failure))")
        continue
      }
    }
  }

  @Test func everythingIsOnTheDiskBeforeAReplyLeaves() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    log.policy = .always
    var expected: [UInt8] = []
    for i in 0..<100 {
      let words = command(["SET", "key", "\(i)"])
      expected += words
      words.withBytes { log.append($0, now: 0) }
      let syncs = disk.state.withLock { $0.syncs }
      _ = log.flush(turn(now: Int64(i), waiting: 1))
      disk.state.withLock { state in
        #expect(state.files["aof"] == expected)
        #expect(state.syncs == syncs + 1)
      }
    }
  }

  /// What several clients wait for is synced while the next commands run, and those share the sync after it.
  @Test func commandsThatComeDuringASyncShareTheNext() throws {
    let disk = FaultyDisk()
    let isSlow = Mutex(())
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    log.policy = .always
    var sent: [UInt8] = []
    func set(_ value: Int) {
      let words = command(["SET", "key", "\(value)"])
      sent += words
      words.withBytes { log.append($0, now: 0) }
    }
    disk.state.withLock { $0.whileSyncing = { isSlow.withLock { _ in } } }
    func durable() -> [UInt8] { disk.state.withLock { $0.durable["aof"] ?? [] } }
    var first: [UInt8] = []
    isSlow.withLock { _ in
      set(1)
      first = sent
      #expect(log.flush(turn(now: 0, waiting: 2)) == .afterSync)
      // Whoever only reads may have seen it.
      #expect(log.flush(turn(now: 0, waiting: 1)) == .afterSync)
      set(2)
      #expect(log.flush(turn(now: 0, waiting: 2)) == .afterNextSync)
      set(3)
      #expect(log.flush(turn(now: 0, waiting: 1)) == .afterNextSync)
      #expect(!log.takeGroup(nanoseconds: 0, waiting: 4))
      #expect(durable().isEmpty)
    }
    thread.wait()
    #expect(log.takeGroup(nanoseconds: 0, waiting: 4))
    #expect(durable() == first)
    #expect(log.flush(turn(now: 0, waiting: 2)) == .afterSync)
    thread.wait()
    #expect(log.takeGroup(nanoseconds: 0, waiting: 2))
    #expect(durable() == sent)
    #expect(disk.state.withLock { $0.syncs } == 2)
    #expect(log.flush(turn(now: 0, waiting: 2)) == .now)
  }

  /// A sync waits a little for clients that had their replies with the last one, so that all of them share it.
  @Test func syncGathersThoseWhoComeBack() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    log.policy = .always
    func set() { command(["SET", "key", "value"]).withBytes { log.append($0, now: 0) } }
    func syncs() -> Int {
      thread.wait()
      return disk.state.withLock { $0.syncs }
    }
    // A sync of 800 microseconds, at the end of which four clients wait.
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 0, waiting: 2)) == .afterSync)
    #expect(!log.isGathering && syncs() == 1)
    #expect(log.takeGroup(nanoseconds: 800_000, waiting: 4))

    // All four come back: the sync begins with the last of them.
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 810_000, waiting: 3)) == .afterSync)
    #expect(log.isGathering && syncs() == 1)
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 820_000, waiting: 4)) == .afterSync)
    #expect(!log.isGathering && syncs() == 2)
    #expect(log.takeGroup(nanoseconds: 1_620_000, waiting: 4))

    // One does not: the sync waits for a quarter of its time, not longer.
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 1_700_000, waiting: 3)) == .afterSync)
    #expect(log.flush(turn(now: 0, nanoseconds: 1_899_000, waiting: 3)) == .afterSync)
    #expect(log.isGathering && syncs() == 2)
    #expect(log.flush(turn(now: 0, nanoseconds: 1_900_000, waiting: 3)) == .afterSync)
    #expect(!log.isGathering && syncs() == 3)
    #expect(log.takeGroup(nanoseconds: 2_700_000, waiting: 3))

    // Who is left alone waits once for the others, and then never again.
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 3_000_000, waiting: 1)) == .afterSync)
    #expect(log.flush(turn(now: 0, nanoseconds: 3_200_000, waiting: 1)) == .now)
    set()
    #expect(log.flush(turn(now: 0, nanoseconds: 4_000_000, waiting: 1)) == .now)
    #expect(syncs() == 5)
  }

  /// Whoever waits for a sync goes on waiting when the policy is changed.
  @Test func changedPolicyLetsNobodyGoBeforeTheSync() throws {
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(FaultyDisk(), thread)
    log.policy = .always
    command(["SET", "key", "value"]).withBytes { log.append($0, now: 0) }
    #expect(log.flush(turn(now: 0, waiting: 2)) == .afterSync)
    log.policy = .everySecond
    #expect(log.flush(turn(now: 0, waiting: 2)) == .afterNextSync)
    thread.wait()
    #expect(log.takeGroup(nanoseconds: 0, waiting: 2))
    #expect(log.flush(turn(now: 0, waiting: 2)) == .now)
  }

  @Test func fullDiskIsReportedAndWhatWasNotWrittenComesLater() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    let first = command(["SET", "a", "1"])
    first.withBytes { log.append($0, now: 0) }
    _ = log.flush(turn(now: 0, waiting: 1))
    thread.wait()
    #expect(log.failure == nil)
    disk.state.withLock { $0.room = 5 }
    let second = command(["SET", "b", "2"])
    second.withBytes { log.append($0, now: 0) }
    _ = log.flush(turn(now: 1, waiting: 1))
    thread.wait()
    #expect(log.failure == DiskError(code: ENOSPC))
    disk.state.withLock { $0.room = nil }
    log.retry()
    thread.wait()
    #expect(log.failure == nil)
    let expected = first + second
    #expect(disk.state.withLock { $0.files["aof"] } == expected)
  }

  @Test func failedSyncIsReported() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    disk.state.withLock { $0.syncError = EIO }
    command(["SET", "a", "1"]).withBytes { log.append($0, now: 0) }
    #expect(!log.complete(now: 0))
    #expect(log.failure == DiskError(code: EIO))
  }

  /// Time that a test moves on, and that passes while a disk works.
  private final class VirtualTime: Sendable {
    let now = Atomic<Int64>(1_000_000)
    let isFlushing = Atomic(false)
    let random: Mutex<SeededRandom>

    init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }

    /// A sync that takes its time. Whoever waits for it lets the time pass.
    func sync(slowest: Int) {
      let end = now.load(ordering: .relaxed) + Int64(random.withLock { $0.below(slowest) })
      var patience = 0
      while now.load(ordering: .relaxed) < end {
        usleep(20)
        patience = isFlushing.load(ordering: .relaxed) ? patience + 1 : 0
        if patience > 20 { now.store(end, ordering: .relaxed) }
      }
    }
  }

  /// A slow disk, a power cut at every moment: what is gone was acknowledged in the last two seconds.
  @Test func everysecLosesTwoSecondsHoweverSlowTheDiskIs() throws {
    for slowest in [300, 1500, 9000] {
      let seed = SeededRandom.runSeed()
      let time = VirtualTime(seed: seed)
      var random = SeededRandom(seed: seed)
      let disk = FaultyDisk()
      disk.state.withLock { $0.whileSyncing = { time.sync(slowest: slowest) } }
      let thread = DiskThread(name: "test")
      defer { thread.end() }
      let log = try file(disk, thread)
      log.policy = .everySecond
      /// When the log got so long.
      var lengths: [(bytes: Int, at: Int64)] = []
      var bytes = 0
      for i in 0..<400 {
        let now = time.now.load(ordering: .relaxed)
        if random.chance(80) {
          let words = command(["SET", "key", "\(i)"])
          bytes += words.count
          words.withBytes { log.append($0, now: now) }
          lengths.append((bytes, now))
        }
        time.isFlushing.store(true, ordering: .relaxed)
        _ = log.flush(turn(now: now, waiting: 1))
        time.isFlushing.store(false, ordering: .relaxed)
        // Here replies leave.
        let durable = disk.state.withLock { $0.durable["aof"]?.count ?? 0 }
        let oldestLost = lengths.first { $0.bytes > durable }?.at ?? now
        #expect(now - oldestLost < 2000, "seed \(seed), turn \(i): \(now - oldestLost) ms could be lost")
        time.now.add(Int64(random.below(100)), ordering: .relaxed)
      }
      disk.state.withLock { $0.whileSyncing = nil }
      // A sync may still be under way: its time passes as well.
      time.isFlushing.store(true, ordering: .relaxed)
      // Some of these take longer than anything may wait.
      #expect(log.delayedSyncs > 0 || slowest < 9000)
      #expect(log.complete(now: 0))
      #expect(disk.state.withLock { $0.durable["aof"]?.count } == bytes)
    }
  }

  @Test func diskSyncsThoughTheExecutorIsBusy() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    log.policy = .everySecond
    command(["SET", "a", "1"]).withBytes { log.append($0, now: 0) }
    // A sync is asked for a second after the last, which was now.
    _ = log.flush(turn(now: 500, waiting: 1))
    let deadline = Date().addingTimeInterval(10)
    while disk.state.withLock({ $0.durable["aof"] ?? [] }).isEmpty && Date() < deadline { usleep(10_000) }
    #expect(disk.state.withLock { $0.durable["aof"] == $0.files["aof"] })
  }

  @Test func whatCannotBeWrittenDoesNotGetIntoTheNextFile() throws {
    let disk = FaultyDisk()
    let thread = DiskThread(name: "test")
    defer { thread.end() }
    let log = try file(disk, thread)
    disk.state.withLock { $0.room = 0 }
    let first = command(["SET", "a", "1"])
    first.withBytes { log.append($0, now: 0) }
    log.switchTo(try disk.open("aof2", .append), sequence: 2, now: 0)
    let second = command(["SET", "b", "2"])
    second.withBytes { log.append($0, now: 0) }
    _ = log.flush(turn(now: 0, waiting: 1))
    thread.wait()
    #expect(log.failure == DiskError(code: ENOSPC))
    disk.state.withLock { $0.room = nil }
    log.retry()
    thread.wait()
    #expect(log.failure == nil)
    #expect(disk.state.withLock { $0.files["aof"] } == first)
    #expect(disk.state.withLock { $0.files["aof2"] } == second)
  }

  // MARK: Manifest

  @Test func manifestComesBackAsItWas() throws {
    var manifest = AOFManifest()
    for prefix in ["appendonly.aof", " odd \"name\"\n\\"] {
      _ = manifest.addIncrement(prefix: prefix)
      manifest.replaceBase(manifest.nextBaseName(prefix: prefix, isRDB: true), keepingIncrements: 1)
      _ = manifest.addIncrement(prefix: prefix)
    }
    #expect(try AOFManifest(text: manifest.text) == manifest)
    var simple = AOFManifest()
    simple.replaceBase(simple.nextBaseName(prefix: "appendonly.aof", isRDB: true), keepingIncrements: 0)
    _ = simple.addIncrement(prefix: "appendonly.aof")
    #expect(
      simple.text
        == "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n")
  }

  @Test func brokenManifestIsRefusedWithItsReason() {
    for (text, reason) in [
      ("", "Found an empty AOF manifest"), ("file a seq 1 type b", "The AOF manifest file contains too long line"),
      ("file a seq 1\n", "Invalid AOF manifest file format"), ("file a seq 1 type x\n", "Unknown AOF file type"),
      ("file a/b seq 1 type b\n", "File can't be a path, just a filename"),
      ("file a seq 1 type b\nfile b seq 2 type b\n", "Found duplicate base file information"),
      ("file a seq 2 type i\nfile b seq 1 type i\n", "Found a non-monotonic sequence number"),
      ("\n", "Invalid AOF manifest file format"),
    ] {
      do throws(AOFManifest.Failure) {
        _ = try AOFManifest(text: text)
        Issue.record("\(text) is taken")
      } catch {
        #expect(error.reason == reason)
      }
    }
  }
}
