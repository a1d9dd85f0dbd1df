import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// Reading the append-only file when the server starts, and opening it for what comes.

extension ServerInstance {
  // MARK: Load

  /// Fills the keyspace from the log, if there is one.
  func loadLog() throws(Failure) {
    persistence.manifest = try readManifest()
    try upgradeOldLog()
    try recoverFromJournal()
    if persistence.manifest.isEmpty { return }
    var total = 0
    for file in persistence.manifest.files {
      guard let size = fileSize(logPath(file.name)) else {
        let reason = DiskError(code: ENOENT).message
        log.warning("Unable to obtain the AOF file \(file.name) length. stat: \(reason)")
        throw fatal()
      }
      total += size
    }
    beginLoading(totalBytes: total)
    defer { endLoading() }
    try loadLogFiles()
    adoptLoggedHistory()
    persistence.savedDirty = keyspace.pointee.dirty
  }

  private func loadLogFiles() throws(Failure) {
    let files = persistence.manifest.files
    for (i, file) in files.enumerated() {
      let begin = clock.unixMilliseconds()
      try load(file, isLast: i == files.count - 1)
      let seconds = InfoNumber.fixed(Double(clock.unixMilliseconds() - begin) / 1000, 3)
      log.notice("DB loaded from \(file.kind == .base ? "base" : "incr") file \(file.name): \(seconds) seconds")
    }
  }

  /// DEBUG LOADAOF: what the files say takes the place of what is there. False if they cannot be read.
  func reloadLog() -> Bool {
    if !completeLog() { return false }
    emptyForLoading()
    // What is read is not news: nothing is told, and nothing counts as changed.
    let interest = keyspace.pointee.interest
    let dirty = keyspace.pointee.dirty
    keyspace.pointee.interest = []
    defer {
      keyspace.pointee.interest = interest
      keyspace.pointee.dirty = dirty
    }
    do throws(Failure) { try loadLogFiles() } catch { return false }
    return true
  }

  private func fatal() -> Failure { Failure(message: "Fatal error loading the append only file, check server logs.") }

  private func readManifest() throws(Failure) -> AOFManifest {
    guard fileSize(manifestPath) != nil else { return AOFManifest() }
    let text: String
    do throws(DiskError) {
      text = String(decoding: try persistence.disk.open(manifestPath, .read).readAll(), as: UTF8.self)
    } catch {
      log.warning("Fatal error: can't open the AOF manifest file \(manifestPath) for reading: \(error.message)")
      throw fatal()
    }
    do throws(AOFManifest.Failure) {
      return try AOFManifest(text: text)
    } catch {
      log.warning("\n*** FATAL AOF MANIFEST FILE ERROR ***\n")
      if !error.text.isEmpty || error.line > 0 && error.reason == "Invalid AOF manifest file format" {
        log.warning("Reading the manifest file, at line \(error.line)\n")
        log.warning(">>> '\(error.text)'\n")
      }
      log.warning("\(error.reason)\n")
      throw fatal()
    }
  }

  /// Gives the log what a power cut took from it; see ``SyncJournal``.
  private func recoverFromJournal() throws(Failure) {
    guard fileSize(journalPath) != nil else { return }
    do throws(DiskError) {
      let increments = persistence.manifest.increments
      let given = try SyncJournal.recover(journalPath, on: persistence.disk) { sequence in
        increments.first { $0.sequence == sequence }.map { logPath($0.name) }
      }
      if given > 0 { log.notice("The AOF lacked \(given) bytes that were synced: they were taken from \(journalPath)") }
      try persistence.disk.remove(journalPath)
    } catch {
      log.warning("Fatal error: can't recover the AOF from its journal \(journalPath): \(error.message)")
      throw fatal()
    }
  }

  /// Before Redis 7.0 the log was one file beside the snapshot. It becomes the base of the new one.
  private func upgradeOldLog() throws(Failure) {
    guard fileSize(logPrefix) != nil else { return }
    let isInterrupted =
      persistence.manifest.increments.isEmpty && persistence.manifest.base?.name == logPrefix
      && fileSize(logPath(logPrefix)) == nil
    guard persistence.manifest.isEmpty || isInterrupted else { return }
    do throws(DiskError) {
      try persistence.disk.makeDirectory(logDirectory)
      if persistence.manifest.isEmpty { persistence.manifest.adopt(logPrefix) }
      try saveManifest(persistence.manifest)
      try persistence.disk.rename(logPrefix, to: logPath(logPrefix))
    } catch {
      log.warning("Error trying to move the old AOF file \(logPrefix) into dir \(logDirectory): \(error.message)")
      throw fatal()
    }
    log.notice("Successfully migrated an old-style AOF file (\(logPrefix)) into the AOF directory (\(logDirectory)).")
  }

  private func load(_ file: AOFManifest.File, isLast: Bool) throws(Failure) {
    let path = logPath(file.name)
    var validOffset = 0
    do throws(RDBFailure) {
      try replay(path, file, validOffset: &validOffset)
    } catch {
      switch error {
      case .truncated: try acceptTruncated(path, at: validOffset, isLast: isLast)
      case .disk(let reason):
        log.warning("Unrecoverable error reading the append only file \(path): \(reason)")
        throw fatal()
      case .unsupported(let message) where message.hasPrefix("Unknown command"): throw fatal()
      default:
        log.warning(
          "Bad file format reading the append only file \(file.name), after offset \(validOffset) (\(error.message)): "
            + "make a backup of your AOF file, then use ./redis-check-aof --fix <filename>")
        throw fatal()
      }
    }
  }

  /// Runs all commands of a file. `validOffset` is where the last of them ends.
  private func replay(_ path: String, _ file: AOFManifest.File, validOffset: inout Int) throws(RDBFailure) {
    let source: any DiskFile
    do throws(DiskError) { source = try persistence.disk.open(path, .read) } catch { throw .disk(error.message) }
    var reader = RDBReader(source: source)
    if try reader.peek() == Bytes(RDB.magic)[0] {
      log.notice(
        file.name.hasSuffix(".rdb")
          ? "Reading RDB base file on AOF loading..." : "Reading RDB preamble from AOF file...")
      reader = try loadPreamble(reader, file.name)
      validOffset = reader.offset
    }
    let replay = Replay(executor)
    var commands = AOFReader(reader)
    var outcome = Replay.Outcome.done
    setTimeOfReplay()
    defer { executor.beginTurn() }
    var count = 0
    while try commands.next({ arguments in
      outcome = replay.run(arguments)
      if outcome == .unknownCommand {
        log.warning("Unknown command '\(arguments[0].string)' reading the append only file \(file.name)")
      }
    }) {
      if let annotation = commands.annotation {
        commands.annotation = nil
        noteLoggedPosition(annotation)
      }
      if outcome == .unknownCommand { throw .unsupported("Unknown command in the append only file \(file.name)") }
      // A transaction counts as a whole.
      if !replay.isInTransaction { validOffset = commands.offset }
      count += 1
      loadingProgressed(commands.offset, count)
      setTimeOfReplay()
    }
    if replay.isInTransaction {
      log.warning("Revert incomplete MULTI/EXEC transaction from AOF file")
      throw .truncated
    }
  }

  private func setTimeOfReplay() {
    if keyspace.pointee.now != 0 { keyspace.pointee.setTimeOfReplay(milliseconds: keyspace.pointee.now) }
  }

  private func loadPreamble(_ reader: consuming RDBReader, _ name: String) throws(RDBFailure) -> RDBReader {
    var options = RDBLoader.Options()
    options.dropsExpired = false
    options.totalBytes = fileSize(logPath(name)) ?? 0
    var loader = RDBLoader(reader, into: keyspace, options: options)
    do throws(RDBFailure) {
      try loader.load { offset, keys in self.loadingProgressed(offset, keys) }
    } catch {
      log.warning("Error reading the RDB base file \(name), AOF loading aborted: \(error.message)")
      // A snapshot is never cut off behind its last key: that is an error, whatever `aof-load-truncated` says.
      throw error == .truncated ? .corrupt(error.message) : error
    }
    noteLoad(loader.summary)
    if let (id, position) = history(loader.summary.aux("repl-id"), loader.summary.aux("repl-offset")) {
      noteLoggedPosition(id, position)
    }
    return loader.rest()
  }

  /// The file ends in the middle of a command: the power failed, or the process was killed.
  private func acceptTruncated(_ path: String, at offset: Int, isLast: Bool) throws(Failure) {
    guard configuration.boolean("aof-load-truncated") else {
      log.warning(
        "Unexpected end of file reading the append only file \(path). You can: 1) Make a backup of your AOF file, then "
          + "use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' "
          + "configuration option to yes and restart the server.")
      throw fatal()
    }
    guard isLast else {
      log.warning("Fatal error: the truncated file is not the last file")
      throw fatal()
    }
    log.warning("!!! Warning: short read while loading the AOF file \(path)!!!")
    log.warning("!!! Truncating the AOF \(path) at offset \(offset) !!!")
    do throws(DiskError) {
      try persistence.disk.open(path, .append).truncate(to: offset)
    } catch {
      log.warning("Error truncating the AOF file \(path): \(error.message)")
      throw fatal()
    }
    log.warning("AOF \(path) loaded anyway because aof-load-truncated is enabled")
  }

  // MARK: Open

  /// Gets the log ready for the commands that will come.
  func openLog() throws(Failure) {
    do throws(DiskError) {
      try persistence.disk.makeDirectory(logDirectory)
      if persistence.manifest.isEmpty { try createBase() }
      try openLastIncrement()
    } catch {
      log.warning("Can't open or create append-only dir \(logDirectory): \(error.message)")
      throw fatal()
    }
    persistence.logState = .on
    persistence.rewrittenSize = persistence.appendOnly?.size ?? 0
    if let base = persistence.manifest.base, let size = fileSize(logPath(base.name)) {
      persistence.rewrittenSize = size
    }
    removeHistory()
  }

  private func createBase() throws(DiskError) {
    let name = persistence.manifest.nextBaseName(
      prefix: logPrefix, isRDB: configuration.boolean("aof-use-rdb-preamble"))
    log.notice("Creating AOF base file \(name) on server start")
    let rewrite = Rewrite(name: name, path: logPath(name), sizeBefore: 0, temporaryIncrement: nil)
    switch writeNow(.rewrite(rewrite)).outcome {
    case .written: break
    case .failed(let error): throw error
    case .cancelled: throw DiskError(code: EINTR)
    }
    persistence.manifest.replaceBase(name, keepingIncrements: 0)
    try saveManifest(persistence.manifest)
  }

  private func openLastIncrement() throws(DiskError) {
    let name: String
    if let last = persistence.manifest.increments.last {
      name = last.name
      log.notice("Opening AOF incr file \(name) on server start")
    } else {
      name = persistence.manifest.addIncrement(prefix: logPrefix)
      log.notice("Creating AOF incr file \(name) on server start")
    }
    let file = try persistence.disk.open(logPath(name), .append)
    try saveManifest(persistence.manifest)
    let size = persistence.manifest.files.reduce(0) { $0 + (fileSize(logPath($1.name)) ?? 0) }
    attachLog(
      AppendOnlyFile(
        file, fileSize: fileSize(logPath(name)) ?? 0, size: size, sequence: persistence.manifest.lastSequence,
        journal: makeJournal(), start: persistence.lastLoggedByte, wake: persistence.wake,
        thread: persistence.logThread))
  }
}
