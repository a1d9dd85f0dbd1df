import CMartlet
import Commands
import Configuration
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
    let writer = SnapshotWriter(of: keyspace, header: header, to: file)
    executor.hot.pointee.attention.insert(.snapshot)
    return RunningSnapshot(
      purpose: purpose, writer: writer, file: file, startedAt: clock.unixMilliseconds(), dirty: keyspace.pointee.dirty,
      lastTicks: martlet_ticks())
  }

  /// What the file tells of itself: the names are Redis's.
  private func header(isBase: Bool) -> SnapshotWriter.Header {
    var header = SnapshotWriter.Header()
    if SnapshotWriter.needsFieldDeadlines(keyspace.pointee) { header.version = RDB.versionWithFieldDeadlines }
    header.aux = [
      ("redis-ver", settings.compatibleVersion), ("redis-bits", "64"), ("ctime", "\(keyspace.pointee.now / 1000)"),
      ("used-mem", "\(Allocator.usedBytes)"), ("aof-base", isBase ? "1" : "0"),
    ]
    if replication.isRecording {
      header.aux += [
        ("repl-stream-db", "0"), ("repl-id", replication.id), ("repl-offset", "\(replication.position)"),
      ]
    }
    header.functions = libraryCodes
    return header
  }

  // MARK: Go on

  /// Whether the snapshot could use the processor now.
  var snapshotWantsToRun: Bool {
    guard let running = persistence.running, !running.isHandedOver else { return false }
    return !running.writer.isHeldUp
  }

  /// Saves some more, after the commands of a turn. While there are commands, it takes a sixth of the time that they take,
  /// and never more than a millisecond.
  func advanceSnapshot() {
    guard let running = persistence.running, !running.isHandedOver else { return }
    if executor.hot.pointee.hasPutOff { resumePutOff() }
    let begin = martlet_ticks()
    let microsecond = max(1, executor.hot.pointee.ticksPerKibinanosecond)
    let commands = loop.statistics.pointee.turnCommands
    var budget = 1000 * microsecond
    if commands != running.lastCommands {
      budget = min(budget, max(50 * microsecond, (begin &- running.lastTicks) / 6))
    }
    let mayWrite = keysAllowedByDelay(running)
    if running.writer.keysWritten >= mayWrite { return }
    let isDone = running.writer.advance {
      martlet_ticks() &- begin > budget || running.writer.keysWritten >= mayWrite
    }
    persistence.running?.lastTicks = martlet_ticks()
    persistence.running?.lastCommands = commands
    if executor.hot.pointee.hasPutOff { resumePutOff() }
    if isDone { snapshotHandedOver() }
  }

  /// `rdb-key-save-delay`, for tests: how many keys may be written by now.
  private func keysAllowedByDelay(_ running: RunningSnapshot) -> Int {
    let delay = Int64(configuration.integer("rdb-key-save-delay"))
    guard delay > 0 else { return .max }
    return Int((clock.unixMilliseconds() - running.startedAt) * 1000 / delay)
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
    persistence.running = nil
    if case .synchronization(let path) = running.purpose { return finishSynchronization(path, outcome) }
    let seconds = (clock.unixMilliseconds() - running.startedAt) / 1000
    if case .rewrite(let rewrite) = running.purpose { return finishRewrite(rewrite, outcome, seconds: seconds) }
    persistence.lastSaveSeconds = seconds
    if noteSave(running, outcome) {
      log.notice("Background saving terminated with success")
    } else {
      log.warning("Background saving error")
    }
  }

  /// Takes down what became of a save; false if it failed.
  private func noteSave(_ running: RunningSnapshot, _ outcome: SnapshotFile.Outcome) -> Bool {
    switch outcome {
    case .written:
      log.notice("DB saved on disk")
      persistence.savedDirty = running.dirty
      persistence.lastSave = clock.unixMilliseconds() / 1000
      persistence.lastSaveFailed = false
    case .failed(let error):
      log.warning("Write error saving DB on disk: \(error.message)")
      persistence.lastSaveFailed = true
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
  package func flushedAll() {
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
    return noteSave(running, outcome)
  }

  /// Writes a snapshot at once. Requires that none is running.
  func writeNow(_ purpose: SnapshotPurpose) -> (running: RunningSnapshot, outcome: SnapshotFile.Outcome) {
    let running = beginSnapshot(purpose)
    while !running.writer.advance(isOutOfTime: { false }) { persistence.snapshotThread.wait() }
    executor.hot.pointee.attention.remove(.snapshot)
    persistence.snapshotThread.wait()
    running.file.close()
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
