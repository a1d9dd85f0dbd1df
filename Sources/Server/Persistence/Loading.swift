import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// Reading the files when the server starts. Clients can connect meanwhile; most commands are answered with LOADING.

extension ServerInstance {
  /// Fills the keyspace from the files that there are.
  func loadFromDisk() throws(Failure) {
    executor.beginTurn()
    if configuration.boolean("appendonly") {
      try loadLog()
      return try openLog()
    }
    let path = configuration.string("dbfilename")
    let begin = clock.unixMilliseconds()
    guard let size = fileSize(path), !path.isEmpty else { return }
    beginLoading(totalBytes: size)
    defer { endLoading() }
    do throws(RDBFailure) {
      try loadSnapshot(path, options: optionsOfStart())
    } catch {
      throw refuseStart(error)
    }
    persistence.savedDirty = keyspace.pointee.dirty
    adoptHistory()
    let seconds = InfoNumber.fixed(Double(clock.unixMilliseconds() - begin) / 1000, 3)
    log.notice("DB loaded from disk: \(seconds) seconds")
  }

  func fileSize(_ path: String) -> Int? {
    do throws(DiskError) { return try persistence.disk.size(path) } catch { return nil }
  }

  private func refuseStart(_ error: RDBFailure) -> Failure {
    log.warning("Fatal error loading the DB: \(error.message). Exiting.")
    if case .disk = error {} else { log.warning("Terminating server after rdb file reading failure.") }
    return Failure(message: "Fatal error loading the DB: \(error.message)")
  }

  func beginLoading(totalBytes: Int) {
    let now = clock.unixMilliseconds()
    persistence.loading = LoadingState(
      startedAt: now, totalBytes: totalBytes, lastReport: now, keyDelay: configuration.integer("key-load-delay"))
    configuration.isLoading = true
    updateRestrictions()
  }

  func endLoading() {
    persistence.loading = nil
    configuration.isLoading = false
    updateRestrictions()
  }

  /// Removes everything, without a word to anybody: what comes back is the same.
  func emptyForLoading() {
    for database in 0..<keyspace.pointee.databaseCount { _ = keyspace.pointee.flush(database, lazily: false) }
    executor.invalidateAll(nil, "flushall")
  }

  /// Reads one RDB file into the keyspace.
  ///
  /// - Parameter keepsLibraries: the file's libraries come to those there are, not in their place.
  func loadSnapshot(
    _ path: String, options: RDBLoader.Options, keepsLibraries: Bool = false
  ) throws(RDBFailure) {
    let file: any DiskFile
    do throws(DiskError) { file = try persistence.disk.open(path, .read) } catch { throw .disk(error.message) }
    let reader = RDBReader(source: file, checksums: configuration.boolean("rdbchecksum"))
    var options = options
    options.totalBytes = fileSize(path) ?? 0
    var loader = RDBLoader(reader, into: keyspace, options: options)
    do throws(RDBFailure) {
      try loader.load { offset, keys in self.loadingProgressed(offset, keys) }
    } catch {
      log.warning(
        "Error reading the RDB file \(path) at offset \(loader.reader.offset): \(error.message). "
          + "Check it with 'redis-check-rdb \(path)'.")
      throw error
    }
    if keepsLibraries { try addLibraries(loader.summary.functions, replacing: options.allowsDuplicates) }
    noteLoad(loader.summary, adoptsLibraries: !keepsLibraries)
  }

  func noteLoad(_ summary: RDBLoader.Summary, adoptsLibraries: Bool = true) {
    for notice in summary.notices { log.warning(notice) }
    for key in summary.emptyKeys { log.notice("Loading a key without elements: skipping empty key: \(key)") }
    if let version = summary.aux("redis-ver") { log.notice("Loading RDB produced by version \(version)") }
    if let time = summary.aux("ctime").flatMap({ Int64($0) }) {
      log.notice("RDB age \(max(0, keyspace.pointee.now / 1000 - time)) seconds")
    }
    if let bytes = summary.aux("used-mem").flatMap({ Int($0) }) {
      log.notice("RDB memory usage when created \(InfoNumber.fixed(Double(bytes) / Double(1 << 20), 2)) Mb")
    }
    log.notice(
      "Done loading RDB, keys loaded: \(summary.keysLoaded), keys expired: \(summary.keysExpired), "
        + "empty keys skipped: \(summary.emptyKeysSkipped).")
    persistence.lastLoad = summary
    if adoptsLibraries { adoptLibraries(summary.functions) }
  }

  /// Called after each key: lets the loop serve clients from time to time, and reports how far it is.
  func loadingProgressed(_ offset: Int, _ keys: Int) {
    guard let loading = persistence.loading else { return }
    if loading.keyDelay != 0 { delayLoading(loading.keyDelay, keys) }
    guard loading.keyDelay > 0 || keys & 255 == 0 || offset - loading.loadedBytes > 1 << 20 else { return }
    persistence.loading?.loadedBytes = offset
    let ticks = martlet_ticks()
    let interval = executor.hot.pointee.ticksPerKibinanosecond * 10_000
    guard ticks &- loading.lastEvents > interval else { return }
    persistence.loading?.lastEvents = ticks
    persistence.lastLoad.keysLoaded = keys
    serveWhileLoading()
    persistence.loading?.keyDelay = configuration.integer("key-load-delay")
    if shutdownSignal != nil || isShuttingDown {
      log.warning("Received shutdown signal during loading, exiting now.")
      end()
      exit(0)
    }
    reportProgress(offset)
  }

  /// `key-load-delay`, for tests: so many microseconds for each key, or one for so many keys if it is negative.
  private func delayLoading(_ delay: Int, _ keys: Int) {
    if delay > 0 { usleep(UInt32(clamping: delay)) } else if keys % delay == 0 { usleep(1) }
  }

  /// A line in the log for loads that take more than two seconds.
  private func reportProgress(_ offset: Int) {
    let now = clock.unixMilliseconds()
    guard let state = persistence.loading, now - state.lastReport >= 2000 else { return }
    persistence.loading?.lastReport = now
    let share = Double(offset) / Double(max(1, state.totalBytes))
    log.notice(progress("Loading", share, bytes: offset, milliseconds: now - state.startedAt))
  }
}
