import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// The replica's side: follow a primary, repeat its commands, tell how far one is, and take over when told to.
//
// What the primary sends goes the way of every client's commands, in the name of a session of its own, and, once it was
// executed, into the log, byte by byte: replicas of this replica count the same positions.

extension ServerInstance {
  static let linkToken: UInt64 = 2
  /// How a primary begins a transaction.
  private static let multi: StaticString = "*1\r\n$5\r\nMULTI\r\n"
  /// Between two attempts to connect, in milliseconds.
  private static let retryDelay: Int64 = 1000

  var isFollowing: Bool { replication.link != nil }

  // MARK: Begin and end

  /// REPLICAOF host port.
  func follow(_ host: String, _ port: Int) {
    let now = keyspace.pointee.now
    // What was done up to here is of this server's own history.
    executor.propagation.drain()
    if replication.link == nil {
      // What is here stays until the primary has sent its own, but for the part that both have.
      replication.known = replication.isRecording ? .init(id: replication.id, position: replication.position) : nil
    }
    dropLink()
    endMigrations()
    for connection in replication.replicas.keys { close(connection) }
    endWaits()
    replication.link = PrimaryLink(host: host, port: port, now: now)
    replication.nextAttempt = now
    followingChanged()
    log.notice("Connecting to MASTER \(host):\(port)")
  }

  /// Whoever waits would wait for ever: what comes now comes from elsewhere.
  private func endWaits() {
    for connection in connections
    where !connection.pointee.isClosing
      && executor.unblock(
        connection.sessionPointer,
        error: "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)")
    {
      connection.pointee.session.flags.insert(.closeAfterReply)
    }
  }

  /// REPLICAOF NO ONE: what was followed so far goes on as a history of its own.
  ///
  /// - Parameter reason: whose idea it was, for the log.
  func stopFollowing(_ reason: String) {
    guard isFollowing else { return }
    executor.propagation.drain()
    dropLink()
    replication.link = nil
    replication.takeOver(as: Self.randomID())
    replication.withoutReplicasSince = keyspace.pointee.now
    followingChanged()
    updatePropagation()
    log.notice("MASTER MODE enabled (\(reason))")
  }

  private func followingChanged() {
    log.role = isFollowing ? "S" : "M"
    updateKeyspacePause()
    updateOwnDeadlines()
    updateRestrictions()
    updatePropagation()
    bindStreams()
  }

  /// To be called when this server begins or ends to be a replica that can be written to.
  func updateOwnDeadlines() {
    keyspace.pointee.setRemembersOwnDeadlines(isFollowing && !configuration.boolean("replica-read-only"))
  }

  /// Dead keys stay, unseen, where somebody else decides when they go.
  func updateKeyspacePause() { keyspace.pointee.isPaused = pause.isOn || isFollowing }

  private func dropLink() {
    if let connection = replication.primary { close(connection) }
    if let link = replication.link {
      if link.descriptor >= 0 { loop.poller.remove(link.descriptor) }
      link.close()
    }
  }

  // MARK: Connect

  /// From time to time: connects, and gives up what is silent.
  func checkLink(_ now: Int64) {
    guard let link = replication.link else { return }
    let patience = Int64(configuration.integer("repl-timeout")) * 1000
    switch link.phase {
    case .waiting: if now >= replication.nextAttempt { connect(link, now) }
    case .loading: break
    case .streaming:
      guard let primary = replication.primary else { return }
      if now - primary.pointee.session.lastInteraction > patience {
        log.warning("MASTER timeout: no data nor PING received...")
        close(primary)
      } else if now - replication.lastReport >= 1000 || syncedStreamPosition != replication.lastReportedSync {
        report(to: primary)
      }
    default:
      if now - link.lastHeard > patience { linkFailed("Timeout connecting to the MASTER...") }
    }
  }

  private func connect(_ link: PrimaryLink, _ now: Int64) {
    var introduction = PrimaryLink.Introduction()
    introduction.user = configuration.string("masteruser")
    introduction.password = configuration.string("masterauth")
    let announced = configuration.integer("replica-announce-port")
    introduction.port = announced > 0 ? announced : settings.port
    introduction.sourceAddress = configuration.string("bind-source-addr")
    introduction.address = configuration.string("replica-announce-ip")
    introduction.asksToTakeOver = failover?.phase == .inProgress
    if let failure = link.connect(
      now: now, replication.known, introduction, snapshotPath: "temp-\(now / 1000).\(getpid()).rdb")
    {
      return linkFailed("Unable to connect to MASTER: \(failure)")
    }
    log.notice("MASTER <-> REPLICA sync started")
    _ = loop.poller.add(link.descriptor, events: Poller.writable, token: Self.linkToken)
  }

  private func linkFailed(_ reason: String) {
    guard let link = replication.link else { return }
    log.warning(reason)
    if link.descriptor >= 0 { loop.poller.remove(link.descriptor) }
    link.close()
    replication.nextAttempt = keyspace.pointee.now + Self.retryDelay
  }

  /// The link's socket is ready.
  func linkReady() {
    guard let link = replication.link, link.descriptor >= 0 else { return }
    let wasConnecting = link.phase == .connecting
    let step = link.proceed(now: keyspace.pointee.now)
    if wasConnecting && link.phase != .connecting {
      loop.poller.modify(link.descriptor, events: Poller.readable, token: Self.linkToken)
    }
    if link.isAccepted { failoverEnded() }
    switch step {
    case .nothing: break
    case .failed(let reason): linkFailed(reason)
    case .refused(let reason):
      if failover?.phase == .inProgress { return abortFailover("Failover target rejected psync request") }
      linkFailed(reason)
    case .continues(let id):
      log.notice("Successful partial resynchronization with master.")
      if let id, id != replication.id {
        replication.renameHistory(to: id)
        // Who follows this server learns of the new name when it comes back.
        for connection in replication.replicas.keys { close(connection) }
      }
      startStream(link)
    case .snapshot(let path, let id, let position): takeOver(link, path, id, position)
    }
  }

  /// Replaces all there is by the primary's snapshot.
  private func takeOver(_ link: PrimaryLink, _ path: String, _ id: String, _ position: Int) {
    defer { unlink(path) }
    // While it is loaded, clients are answered; what else the primary sends can wait.
    loop.poller.modify(link.descriptor, events: 0, token: Self.linkToken)
    log.notice("MASTER <-> REPLICA sync: Flushing old data")
    // Whoever follows this server has what it has no longer.
    for connection in replication.replicas.keys { close(connection) }
    if persistence.running != nil { cancelSave() }
    for database in 0..<keyspace.pointee.databaseCount { executor.flush(database, lazily: true) }
    // What is loaded is the primary's.
    keyspace.pointee.setRemembersOwnDeadlines(false)
    defer { updateOwnDeadlines() }
    log.notice("MASTER <-> REPLICA sync: Loading DB in memory")
    beginLoading(totalBytes: link.snapshotSize)
    do throws(RDBFailure) {
      var options = RDBLoader.Options()
      // Which keys are dead is the primary's to say, whose clock may be another.
      options.dropsExpired = false
      try loadSnapshot(path, options: options)
    } catch {
      endLoading()
      replication.known = nil
      return linkFailed("Failed trying to load the MASTER synchronization DB from disk: \(error.message)")
    }
    endLoading()
    replication.begin(id: id, at: position)
    updatePropagation()
    replication.streamDatabase = loadedStreamDatabase
    executor.restartFeed(at: position)
    startStream(link)
    log.notice("MASTER <-> REPLICA sync: Finished with success")
    // Nothing of what was logged so far is true any more.
    if persistence.logState == .on {
      persistence.logIsOutdated = true
      if !beginRewrite() { persistence.isRewriteScheduled = true }
    }
  }

  /// From here on the primary's commands are executed as they come.
  private func startStream(_ link: PrimaryLink) {
    loop.poller.remove(link.descriptor)
    let (descriptor, received) = link.handOver()
    guard let connection = admitPrimary(descriptor, address: "\(link.host):\(link.port)") else { return }
    replication.primary = connection
    connection.pointee.session.database = replication.streamDatabase
    replication.known = nil
    replication.lastReport = 0
    received.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, bytes.count > 0 else { return }
      receivedStream(Bytes(base, count: bytes.count))
      connection.pointee.input.append(base, count: bytes.count)
      loop.resume(connection)
    }
    report(to: connection)
    updateRestrictions()
  }

  // MARK: Stream

  /// Bytes of the primary came in, which will be executed.
  func receivedStream(_ bytes: Bytes) { replication.unapplied.append(contentsOf: bytes.buffer) }

  /// At the end of a turn: what was executed goes into the log.
  func logStream() {
    guard let primary = replication.primary, !replication.unapplied.isEmpty,
      !primary.pointee.session.flags.contains(.transactionFailed)
    else { return }
    // A transaction is executed with its last word. Should that not come, all of it is to be sent again.
    let queued = primary.pointee.session.transaction.map { Self.multi.utf8CodeUnitCount + $0.encodedBytes } ?? 0
    let applied = replication.unapplied.count - loop.unexecutedBytes(of: primary) - queued
    guard applied > 0 else { return }
    replication.unapplied.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { replication.log?.pointee.append(Bytes(base, count: applied)) }
    }
    replication.unapplied.removeFirst(applied)
  }

  /// At the end of a turn, before the append-only file is written: notes what of the stream goes there.
  func markStream() {
    guard isFollowing, let appendOnly = persistence.appendOnly else { return }
    replication.syncMarks.note(logged: appendOnly.end, stream: replication.position)
  }

  /// Up to where the primary's stream is on this server's disk; nil: there is no file for it.
  private var syncedStreamPosition: Int? {
    guard isLogComplete, let appendOnly = persistence.appendOnly else { return nil }
    let reached = replication.syncMarks.position(synced: appendOnly.synced)
    // What changes nothing, such as PING, is not logged.
    return appendOnly.synced == appendOnly.end ? replication.position : reached
  }

  /// At the end of a turn in which the primary asked.
  func reportIfAsked() {
    if replication.lastReport == 0, let primary = replication.primary { report(to: primary) }
  }

  /// Tells the primary how far this replica is.
  func report(to primary: ConnectionPointer) {
    replication.lastReport = keyspace.pointee.now
    replication.lastReportedSync = syncedStreamPosition
    func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }
    var words = ["REPLCONF", "ACK", "\(replication.position)"]
    if let synced = replication.lastReportedSync { words += ["FACK", "\(synced)"] }
    words.reduce("*\(words.count)\r\n") { $0 + bulk($1) }.withBytes { loop.queue($0, for: primary) }
  }

  /// The primary asked; what it asked of is executed by the end of the turn.
  func reportAfterTurn() { replication.lastReport = 0 }

  /// The connection to the primary is gone: the next attempt goes on where this one ended.
  func forgetPrimary(_ connection: ConnectionPointer) {
    guard replication.primary == connection else { return }
    logStream()
    replication.streamDatabase = connection.pointee.session.database
    replication.primary = nil
    // The primary is to know at once, whatever the turn still has to do.
    shutdown(connection.pointee.fileDescriptor, Int32(SHUT_RDWR))
    replication.unapplied = []
    replication.known = .init(id: replication.id, position: replication.position)
    replication.nextAttempt = keyspace.pointee.now + Self.retryDelay
    replication.link?.close()
    replication.link?.downSince = keyspace.pointee.now
    log.warning("Connection with master lost.")
    log.notice("Caching the disconnected master state.")
    updateRestrictions()
  }

  /// A command had another effect here than there: the two have different data from now on.
  public func primaryFailed(_ error: Bytes, _ command: CommandReference?) {
    statistics.unexpectedErrors += 1
    let text = error[0..<min(4096, error.count)].string.filter { !$0.isNewline }
    let name = command?.pointee.fullName ?? "<unknown>"
    log.warning(
      """
      == CRITICAL == This replica is sending an error to its master: '\(text)' after processing the command '\(name)'
      """)
    guard configuration.boolean("replica-read-only"), configuration.string("propagation-error-behavior") != "ignore"
    else { return }
    log.warning("This replica panicked sending an error to its master after processing the command '\(name)'")
    exit(1)
  }

  // MARK: INFO

  /// Why a command of an ordinary client may not run on a replica; nil: it may.
  func refusalWhileFollowing(_ command: CommandReference, _ flags: CommandFlags) -> String? {
    guard isFollowing else { return nil }
    if flags.contains(.write) && configuration.boolean("replica-read-only") {
      return "READONLY You can't write against a read only replica."
    }
    if replication.primary == nil && !configuration.boolean("replica-serve-stale-data") && !flags.contains(.stale) {
      return "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
    }
    return nil
  }

  func followingFields() -> [(String, String)] {
    guard let link = replication.link else { return [("role", "master")] }
    let now = keyspace.pointee.now
    let primary = replication.primary
    let isReceiving = link.phase == .awaitingSnapshot || link.phase == .receivingSnapshot || link.phase == .loading
    var fields = [
      ("role", "slave"), ("master_host", link.host), ("master_port", "\(link.port)"),
      ("master_link_status", primary == nil ? "down" : "up"),
      (
        "master_last_io_seconds_ago", primary.map { "\((now - $0.pointee.session.lastInteraction) / 1000)" } ?? "-1"
      ),
      ("master_sync_in_progress", isReceiving ? "1" : "0"),
      ("slave_read_repl_offset", "\(replication.position + replication.unapplied.count)"),
      ("slave_repl_offset", "\(replication.position)"),
    ]
    if isReceiving {
      let left = link.snapshotSize - link.snapshotReceived
      fields += [
        ("master_sync_total_bytes", "\(link.snapshotSize)"), ("master_sync_read_bytes", "\(link.snapshotReceived)"),
        ("master_sync_left_bytes", "\(left)"),
        ("master_sync_last_io_seconds_ago", "\((now - link.lastHeard) / 1000)"),
      ]
    }
    if primary == nil { fields.append(("master_link_down_since_seconds", "\((now - link.downSince) / 1000)")) }
    return fields + [
      ("slave_priority", "\(configuration.integer("replica-priority"))"),
      ("slave_read_only", configuration.boolean("replica-read-only") ? "1" : "0"),
      ("replica_announced", configuration.boolean("replica-announced") ? "1" : "0"),
    ]
  }
}
