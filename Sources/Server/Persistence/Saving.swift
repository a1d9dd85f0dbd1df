import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// Snapshots into the file that `dbfilename` names: in the background, some at each turn of the loop, or all at once.

extension ServerInstance {
  /// After a failure the rules of `save` are not looked at for so long, in seconds.
  private static let retryDelay: Int64 = 5
  static let wakeToken: UInt64 = 1

  private func temporaryFile(_ purpose: SnapshotPurpose) -> String {
    purpose.isRewrite ? "temp-rewriteaof-bg-\(getpid()).aof" : "temp-\(getpid()).rdb"
  }

  /// Changes since the moment that the last file shows.
  var unsavedChanges: Int { keyspace.pointee.dirty - persistence.savedDirty }

  /// Whether a save in the background is under way.
  var isSaving: Bool { persistence.running.map { !$0.purpose.isRewrite } ?? false }

  /// Whether a new base of the append-only file is being written.
  var isRewriting: Bool { persistence.running?.purpose.isRewrite ?? false }

  // MARK: Begin

  /// Begins a save in the background. Requires that no snapshot is running.
  func beginSave() {
    persistence.saves += 1
    persistence.lastTry = keyspace.pointee.wallTime / 1000
    persistence.running = beginSnapshot(.save)
    log.notice("Background saving started by pid \(getpid())")
  }

  /// Makes this moment the one that a new file will show.
  func beginSnapshot(_ purpose: SnapshotPurpose) -> RunningSnapshot {
    persistence.snapshots += 1
    var options = SnapshotFile.Options()
    options.compresses = configuration.boolean("rdbcompression")
    options.checksums = configuration.boolean("rdbchecksum")
    options.hasFooter = !purpose.isCommands
    options.syncsInSteps = configuration.boolean("rdb-save-incremental-fsync")
    let file = SnapshotFile(
      path: purpose.path ?? configuration.string("dbfilename"), temporaryPath: temporaryFile(purpose),
      directory: purpose.isRewrite ? logDirectory : ".", disk: persistence.disk, thread: persistence.snapshotThread,
      options: options, wake: persistence.wake)
    let header = purpose.isCommands ? nil : header(isBase: purpose.isRewrite)
    let timestamp = configuration.boolean("aof-timestamp-enabled") ? keyspace.pointee.wallTime / 1000 : nil
    let writer = SnapshotWriter(
      of: keyspace, header: header, timestamp: timestamp, functions: libraryCodes, to: file)
    temporarySnapshot(temporaryFile(purpose))
    executor.hot.pointee.attention.insert(.snapshot)
    let now = clock.unixMilliseconds()
    return RunningSnapshot(
      purpose: purpose, writer: writer, file: file, startedAt: now, dirty: keyspace.pointee.dirty,
      pace: SnapshotPace(now: martlet_ticks(), ticksPerMicrosecond: executor.hot.pointee.ticksPerKibinanosecond),
      lastReport: now)
  }

  /// What the file tells of itself: the names are Redis's.
  private func header(isBase: Bool) -> SnapshotWriter.Header {
    // The position is to be that of the data.
    logStream()
    var header = SnapshotWriter.Header()
    header.version = SnapshotWriter.version(for: keyspace.pointee)
    header.aux = [
      ("redis-ver", settings.compatibleVersion), ("redis-bits", "64"), ("ctime", "\(keyspace.pointee.now / 1000)"),
      ("used-mem", "\(Allocator.usedBytes)"), ("aof-base", isBase ? "1" : "0"),
    ]
    if replication.isRecording || replication.isCounting {
      header.aux += [
        ("repl-stream-db", "\(replication.primary?.pointee.session.database ?? replication.streamDatabase)"),
        ("repl-id", replication.id), ("repl-offset", "\(replication.position)"),
      ]
    }
    header.functions = libraryCodes
    return header
  }

  // MARK: Go on

  /// How long the loop may wait for the next event because of the snapshot, in milliseconds; nil: as long as it likes.
  var snapshotPatience: Int64? {
    guard let running = persistence.running, !running.isHandedOver, !running.writer.isHeldUp else { return nil }
    return running.pace.isQuiet && configuration.integer("rdb-key-save-delay") == 0 ? 0 : 1
  }

  /// Saves some more, after the commands of a turn.
  func advanceSnapshot() {
    guard let running = persistence.running, !running.isHandedOver else { return }
    if executor.hot.pointee.hasPutOff { resumePutOff() }
    let begin = martlet_ticks()
    let slice = persistence.running?.pace.slice(
      now: begin, commands: loop.statistics.pointee.turnCommands, keys: running.writer.keysWritten)
    guard let slice, slice > 0 else { return }
    let mayWrite = keysAllowedByDelay(running)
    if running.writer.keysWritten >= mayWrite { return }
    let isDone = running.writer.advance {
      martlet_ticks() &- begin > slice || running.writer.keysWritten >= mayWrite
    }
    persistence.running?.pace.ended(now: martlet_ticks(), keys: running.writer.keysWritten)
    if executor.hot.pointee.hasPutOff { resumePutOff() }
    if isDone { snapshotHandedOver() }
  }

  /// Some of what a snapshot leaves to be done that was given up.
  func settleSnapshot() {
    let end = clock.unixMicroseconds() + 1000
    keyspace.pointee.settle { [clock] in clock.unixMicroseconds() > end }
  }

  /// `rdb-key-save-delay`, for tests: how many keys may be written by now.
  private func keysAllowedByDelay(_ running: RunningSnapshot) -> Int {
    let delay = Int64(configuration.integer("rdb-key-save-delay"))
    guard delay > 0, running.writer.totalKeys > 0 else { return .max }
    return Int((clock.unixMilliseconds() - running.startedAt) * 1000 / delay)
  }

  /// From time to time: a line in the log for saves that take more than two seconds.
  func reportSaveProgress() {
    guard var running = persistence.running else { return }
    reportProgress(&running)
    persistence.running?.lastReport = running.lastReport
  }

  private func reportProgress(_ running: inout RunningSnapshot) {
    let now = clock.unixMilliseconds()
    guard now - running.lastReport >= 2000 else { return }
    running.lastReport = now
    let share = Double(running.writer.keysWritten) / Double(max(1, running.writer.totalKeys))
    log.notice(progress("Saving", share, bytes: running.file.writtenBytes, milliseconds: now - running.startedAt))
  }

  func progress(_ what: String, _ share: Double, bytes: Int, milliseconds: Int64) -> String {
    let rate = Double(bytes) / Double(1 << 20) / max(0.001, Double(milliseconds) / 1000)
    return "\(what): \(InfoNumber.fixed(share * 100, 1))% done, \(InfoNumber.fixed(rate, 1)) MB/s"
  }

  private func snapshotHandedOver() {
    persistence.running?.isHandedOver = true
    executor.hot.pointee.attention.remove(.snapshot)
  }

  /// Lets the clients go on that wanted to change a value while it was saved.
  private func resumePutOff() {
    guard !keyspace.pointee.hasFrozenValues else { return }
    executor.hot.pointee.hasPutOff = false
    resumePaused()
  }

  /// A thread has something to tell.
  func persistenceWoke() {
    var count: UInt64 = 0
    _ = read(persistence.wake, &count, 8)
    logWoke()
    guard let running = persistence.running, running.isHandedOver else {
      persistence.running?.file.collect()
      return
    }
    guard let outcome = running.file.outcome else { return running.file.collect() }
    finishSnapshot(running, outcome)
  }

  // MARK: End

  private func finishSnapshot(_ running: RunningSnapshot, _ outcome: SnapshotFile.Outcome) {
    running.file.close()
    temporarySnapshot(nil)
    persistence.running = nil
    if case .synchronization(let path) = running.purpose { return finishSynchronization(path, outcome) }
    let seconds = (clock.unixMilliseconds() - running.startedAt) / 1000
    if case .rewrite(let rewrite) = running.purpose { return finishRewrite(rewrite, outcome, seconds: seconds) }
    persistence.lastSaveSeconds = seconds
    if noteSave(running, outcome, isInBackground: true) {
      log.notice("Background saving terminated with success")
    } else {
      log.warning("Background saving error")
    }
  }

  /// Takes down what became of a save; false if it failed.
  private func noteSave(
    _ running: RunningSnapshot, _ outcome: SnapshotFile.Outcome, isInBackground: Bool
  ) -> Bool {
    switch outcome {
    case .written:
      log.notice("DB saved on disk")
      persistence.savedDirty = running.dirty
      persistence.lastSave = clock.unixMilliseconds() / 1000
      persistence.lastSaveFailed = false
    case .failed(let error):
      log.warning("Write error saving DB on disk: \(error.message)")
      // Whoever asked for a save and waited knows.
      if isInBackground { persistence.lastSaveFailed = true }
    case .cancelled: break
    }
    updateRestrictions()
    if case .written = outcome { return true }
    return false
  }

  /// Ends a save in the background that is not wanted any more, and returns when its file is gone.
  func cancelSave() {
    guard let running = persistence.running else { return }
    if !running.isHandedOver {
      running.writer.cancel()
      snapshotHandedOver()
      if executor.hot.pointee.hasPutOff { resumePutOff() }
    } else {
      running.file.cancel()
    }
    persistence.snapshotThread.wait()
    running.file.close()
    temporarySnapshot(nil)
    persistence.running = nil
    if case .rewrite(let rewrite) = running.purpose { rewriteFailed(rewrite, isCancelled: true) }
  }

  /// Brings a snapshot that is running to its end.
  func completeSnapshot() {
    while let running = persistence.running {
      if !running.isHandedOver {
        if running.writer.advance(isOutOfTime: { false }) { snapshotHandedOver() }
      }
      persistence.snapshotThread.wait()
      persistenceWoke()
    }
  }

  /// What FLUSHALL removed shall not come back: neither from a save that is under way, nor from the last file.
  public func flushedAll() {
    if persistence.loading != nil { return }
    // Replicas get what was there, and then that it was removed.
    if isSaving && persistence.running?.purpose.isSynchronization == false { cancelSave() }
    if !configuration.savePoints.isEmpty { _ = saveNow() }
  }

  /// Saves at once; everybody waits. Requires that no snapshot is running.
  func saveNow() -> Bool {
    completeSnapshot()
    persistence.saves += 1
    let (running, outcome) = writeNow(.save)
    return noteSave(running, outcome, isInBackground: false)
  }

  /// Writes a snapshot at once. Requires that none is running.
  func writeNow(_ purpose: SnapshotPurpose) -> (running: RunningSnapshot, outcome: SnapshotFile.Outcome) {
    var running = beginSnapshot(purpose)
    while true {
      let mayWrite = keysAllowedByDelay(running)
      if running.writer.keysWritten < mayWrite,
        running.writer.advance(isOutOfTime: { running.writer.keysWritten >= mayWrite })
      {
        break
      }
      persistence.snapshotThread.wait()
      reportProgress(&running)
      if mayWrite < .max { usleep(1000) }
    }
    executor.hot.pointee.attention.remove(.snapshot)
    persistence.snapshotThread.wait()
    running.file.close()
    temporarySnapshot(nil)
    return (running, running.file.outcome ?? .cancelled)
  }

  // MARK: Rules

  /// Begins a save if it is time.
  func checkSaveRules() {
    guard persistence.running == nil && persistence.loading == nil else { return }
    if persistence.isRewriteScheduled {
      persistence.isRewriteScheduled = false
      _ = beginRewrite()
      return
    }
    let now = clock.unixMilliseconds() / 1000
    let mayTry = !persistence.lastSaveFailed || now - persistence.lastTry > Self.retryDelay
    if persistence.isSaveScheduled && mayTry {
      persistence.isSaveScheduled = false
      return beginSave()
    }
    for rule in configuration.savePoints
    where unsavedChanges >= rule.changes && now - persistence.lastSave > rule.seconds && mayTry {
      log.notice("\(rule.changes) changes in \(rule.seconds) seconds. Saving...")
      return beginSave()
    }
    checkRewriteRule()
  }
}
