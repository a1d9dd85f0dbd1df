import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// The append-only file while the server runs: where commands go, and what happens when the disk fails.

extension ServerInstance {
  var logDirectory: String { configuration.string("appenddirname") }
  var logPrefix: String { configuration.string("appendfilename") }
  private var manifestName: String { logPrefix + ".manifest" }
  func logPath(_ name: String) -> String { logDirectory + "/" + name }
  var manifestPath: String { logPath(manifestName) }
  private var journalName: String { logPrefix + ".journal" }
  var journalPath: String { logPath(journalName) }

  // MARK: Every turn

  /// Tells those who repeat commands what was done, and says when replies may leave.
  public func repliesLeave(waiting: Int) -> AppendOnlyFile.Departure {
    executor.propagatePending()
    feedReplicas()
    markStream()
    defer { reportIfAsked() }
    guard let appendOnly = persistence.appendOnly else { return .now }
    if appendOnly.hasNewCommands, let feed = executor.feed {
      appendOnly.annotate(history: replication.id, position: feed.pointee.log.pointee.position)
    }
    if persistence.flushDelayMicroseconds > 0 && appendOnly.bufferedBytes > 0 {
      usleep(persistence.flushDelayMicroseconds)
    }
    // The turn may have taken long: what counts is when replies leave.
    let departure = appendOnly.flush(
      AppendOnlyFile.Turn(now: clock.unixMilliseconds(), nanoseconds: steadyNanoseconds, waiting: waiting))
    if appendOnly.failure != nil || persistence.logFailureIsKnown { noteLogFailure(appendOnly) }
    return departure
  }

  private var steadyNanoseconds: UInt64 { executor.nanoseconds(martlet_ticks()) }

  /// The disk's thread is done with what replies waited for, perhaps.
  func logWoke() {
    guard let appendOnly = persistence.appendOnly,
      appendOnly.takeGroup(nanoseconds: steadyNanoseconds, waiting: loop.waitingForDisk)
    else { return }
    if appendOnly.failure != nil { noteLogFailure(appendOnly) }
    loop.release()
  }

  private func noteLogFailure(_ appendOnly: AppendOnlyFile) {
    if let failure = appendOnly.failure {
      if !persistence.logFailureIsKnown {
        log.warning("Error writing to the AOF file: \(failure.message)")
        persistence.logFailureIsKnown = true
      }
      if appendOnly.policy == .always {
        // Replies are waiting that say what is not true.
        log.warning("Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...")
        exit(1)
      }
    } else {
      log.notice("AOF write error looks solved. The server can write again.")
      persistence.logFailureIsKnown = false
      if appendOnly.takeFailedSync() {
        log.warning("An fsync had failed, after which the AOF may miss what was written before: it is rewritten.")
        persistence.isRewriteScheduled = true
      }
    }
    updateRestrictions()
  }

  /// From time to time: what could not be written is tried again.
  func retryLog(_ now: Int64) {
    guard let appendOnly = persistence.appendOnly, appendOnly.failure != nil, now - persistence.lastRetry >= 1000 else {
      return
    }
    persistence.lastRetry = now
    appendOnly.retry()
  }

  /// Hands the settings to the log.
  func applyLogSettings() {
    guard let appendOnly = persistence.appendOnly else { return }
    appendOnly.policy = SyncPolicy(rawValue: configuration.string("appendfsync")) ?? .everySecond
    appendOnly.writesTimestamps = configuration.boolean("aof-timestamp-enabled")
    appendOnly.isSyncSuspended = configuration.boolean("no-appendfsync-on-rewrite") && persistence.running != nil
  }

  // MARK: Begin and end

  func makeJournal() -> sending SyncJournal {
    SyncJournal(persistence.disk, directory: logDirectory, name: journalName, salt: .random(in: 0...UInt64.max))
  }

  /// From now on, commands that change something go to this log.
  func attachLog(_ appendOnly: AppendOnlyFile) {
    persistence.appendOnly = appendOnly
    applyLogSettings()
    updatePropagation()
  }

  /// Whether the log, once it is on the disk, is all that there is.
  var isLogComplete: Bool { persistence.logState == .on && !persistence.logIsOutdated }

  private func detachLog() {
    persistence.lastLoggedByte = persistence.appendOnly?.end ?? persistence.lastLoggedByte
    persistence.appendOnly = nil
    loop.releaseAll()
    updatePropagation()
    persistence.logFailureIsKnown = false
    updateRestrictions()
  }

  /// After `appendonly` was set.
  func appendOnlyChanged() throws(ConfigurationError) {
    let isWanted = configuration.boolean("appendonly")
    if isWanted == (persistence.logState != .off) || persistence.loading != nil { return }
    if isWanted { try startLog() } else { stopLog() }
  }

  private func startLog() throws(ConfigurationError) {
    persistence.logState = .waitsForRewrite
    // A transaction ends first.
    if persistence.running != nil || executor.hot.pointee.current?.pointee.flags.contains(.inExec) == true {
      persistence.isRewriteScheduled = true
      return log.notice(
        "AOF was enabled but there is already another background operation. "
          + "An AOF background was scheduled to start when possible.")
    }
    if !beginRewrite() {
      persistence.logState = .off
      throw ConfigurationError("Unable to turn on AOF. Check server logs.")
    }
  }

  private func stopLog() {
    if isRewriting {
      log.notice("Killing running AOF rewrite child: \(getpid())")
      cancelSave()
    }
    persistence.isRewriteScheduled = false
    persistence.logState = .off
    if !completeLog() {
      log.warning("Fail to fsync the AOF file")
    }
    detachLog()
  }

  /// Brings all commands up to here to the disk. False if that failed.
  func completeLog() -> Bool {
    executor.propagation.drain()
    return persistence.appendOnly?.complete(now: keyspace.pointee.wallTime) ?? true
  }

  // MARK: Manifest

  /// Makes the manifest permanent, in one step.
  func saveManifest(_ manifest: AOFManifest) throws(DiskError) {
    let temporary = logPath("temp-" + manifestName)
    let file = try persistence.disk.open(temporary, .create)
    try file.writeAll(Array(manifest.text.utf8))
    try file.sync()
    try persistence.disk.rename(temporary, to: manifestPath)
    try persistence.disk.syncDirectory(logDirectory)
  }

  // MARK: Rewrite

  /// Begins to write a new base in the background. False if that is impossible; the log tells why.
  func beginRewrite() -> Bool {
    do throws(DiskError) {
      try persistence.disk.makeDirectory(logDirectory)
      let temporary = try openIncrement()
      let name = persistence.manifest.nextBaseName(
        prefix: logPrefix, isRDB: configuration.boolean("aof-use-rdb-preamble"))
      let rewrite = Rewrite(
        name: name, path: logPath(name), sizeBefore: persistence.appendOnly?.size ?? 0, temporaryIncrement: temporary)
      persistence.rewrites += 1
      persistence.running = beginSnapshot(.rewrite(rewrite))
      log.notice("Background append only file rewriting started by pid \(getpid())")
      applyLogSettings()
      return true
    } catch {
      log.warning("Can't rewrite append only file in background: \(error.message)")
      persistence.lastRewriteFailed = true
      persistence.rewriteFailures += 1
      return false
    }
  }

  /// Lets further commands go to a new file, which with the coming base will be all. Returns its name if it is temporary.
  private func openIncrement() throws(DiskError) -> String? {
    switch persistence.logState {
    case .off: return nil
    case .on:
      var manifest = persistence.manifest
      let name = manifest.addIncrement(prefix: logPrefix)
      let file = try persistence.disk.open(logPath(name), .append)
      try saveManifest(manifest)
      persistence.manifest = manifest
      log.notice("Creating AOF incr file \(name) on background rewrite")
      executor.propagation.forgetSelection()
      persistence.appendOnly?.switchTo(
        file, sequence: manifest.lastSequence, now: keyspace.pointee.wallTime)
      return nil
    case .waitsForRewrite:
      let name = "temp-\(logPrefix).incr"
      let file = try persistence.disk.open(logPath(name), .create)
      attachLog(
        AppendOnlyFile(
          file, fileSize: 0, size: 0, journal: makeJournal(), start: persistence.lastLoggedByte, wake: persistence.wake,
          thread: persistence.logThread))
      return name
    }
  }

  func finishRewrite(_ rewrite: Rewrite, _ outcome: SnapshotFile.Outcome, seconds: Int64) {
    persistence.lastRewriteSeconds = seconds
    guard case .written(let bytes) = outcome else {
      if case .failed(let error) = outcome {
        log.warning("Write error writing append only file on disk: \(error.message)")
      }
      return rewriteFailed(rewrite, isCancelled: false)
    }
    log.notice("Background AOF rewrite terminated with success")
    do throws(DiskError) {
      try installBase(rewrite)
    } catch {
      log.warning("Error installing the new AOF base file \(rewrite.name): \(error.message)")
      try? persistence.disk.remove(rewrite.path)
      return rewriteFailed(rewrite, isCancelled: false)
    }
    if let appendOnly = persistence.appendOnly {
      appendOnly.noteRewritten(size: bytes + appendOnly.size - rewrite.sizeBefore)
      persistence.rewrittenSize = appendOnly.size
    }
    if persistence.logState == .waitsForRewrite { persistence.logState = .on }
    persistence.logIsOutdated = false
    persistence.lastRewriteFailed = false
    persistence.rewriteFailures = 0
    log.notice("Background AOF rewrite finished successfully")
    applyLogSettings()
    removeHistory()
  }

  private func installBase(_ rewrite: Rewrite) throws(DiskError) {
    var manifest = persistence.manifest
    switch persistence.logState {
    case .off: manifest.replaceBase(rewrite.name, keepingIncrements: 0)
    case .on: manifest.replaceBase(rewrite.name, keepingIncrements: 1)
    case .waitsForRewrite:
      manifest.replaceBase(rewrite.name, keepingIncrements: 0)
      let name = manifest.addIncrement(prefix: logPrefix)
      if let temporary = rewrite.temporaryIncrement {
        try persistence.disk.rename(logPath(temporary), to: logPath(name))
      }
    }
    try saveManifest(manifest)
    persistence.manifest = manifest
    if persistence.logState == .waitsForRewrite {
      persistence.appendOnly?.nameFile(sequence: manifest.lastSequence)
    }
  }

  func rewriteFailed(_ rewrite: Rewrite, isCancelled: Bool) {
    if persistence.logState == .waitsForRewrite {
      // It is tried again: without a base, the log is worth nothing.
      detachLog()
      if let temporary = rewrite.temporaryIncrement { try? persistence.disk.remove(logPath(temporary)) }
      if !isCancelled { persistence.isRewriteScheduled = true }
    }
    applyLogSettings()
    if isCancelled { return log.warning("Background AOF rewrite terminated by signal 10") }
    persistence.lastRewriteFailed = true
    persistence.rewriteFailures += 1
    log.warning("Background AOF rewrite terminated with error")
  }

  /// Removes the files that a rewrite made superfluous.
  func removeHistory() {
    guard !persistence.manifest.history.isEmpty, !configuration.boolean("aof-disable-auto-gc") else { return }
    for file in persistence.manifest.history {
      log.notice("Removing the history file \(file.name) in the background")
      let path = logPath(file.name)
      persistence.snapshotThread.perform { [disk = persistence.disk] in try? disk.remove(path) }
    }
    persistence.manifest.forgetHistory()
    do throws(DiskError) { try saveManifest(persistence.manifest) } catch {
      log.warning("Can't update the AOF manifest: \(error.message)")
    }
  }

  /// Begins a rewrite if the log has grown enough since the last.
  func checkRewriteRule() {
    guard persistence.logState == .on, persistence.running == nil, let appendOnly = persistence.appendOnly,
      !persistence.lastRewriteFailed || keyspace.pointee.wallTime / 1000 - persistence.lastTry > 60
    else { return }
    let percentage = configuration.integer("auto-aof-rewrite-percentage")
    guard percentage > 0, appendOnly.size > configuration.integer("auto-aof-rewrite-min-size") else { return }
    let growth = appendOnly.size / max(1, persistence.rewrittenSize / 100) - 100
    guard growth >= percentage else { return }
    log.notice("Starting automatic rewriting of AOF on \(growth)% growth")
    persistence.lastTry = keyspace.pointee.wallTime / 1000
    _ = beginRewrite()
  }
}
