import Commands
import Directives
import Glibc
import Keyspace
import Memory

// What goes to replicas, and what comes back: snapshot and stream, pings, acknowledgements.

extension ServerInstance {
  /// So much may be queued for a replica's socket; the rest stays in the log that all share.
  private static let queueLimit = 256 << 10

  // MARK: Recording

  /// From now on what changes is recorded for replicas.
  func startRecording() {
    replication.startRecording(id: Self.randomID())
    replication.withoutReplicasSince = keyspace.pointee.now
    updatePropagation()
  }

  func stopRecording() {
    replication.stopRecording()
    updatePropagation()
  }

  /// Tells the executor who wants the commands that change something.
  func updatePropagation() {
    executor.propagation.drain()
    executor.feed?.pointee.counter = replication.isRecording ? nil : replication.counter
    let appendOnly = persistence.appendOnly
    guard appendOnly != nil || replication.isRecording else {
      executor.propagation.setSink(nil, ends: Propagation.Ends())
      keyspace.pointee.interest.remove(.propagation)
      return
    }
    executor.propagation.setSink(
      { [unowned(unsafe) self] commands, isForReplicasOnly in
        if !isForReplicasOnly { appendOnly?.append(commands, now: self.keyspace.pointee.wallTime) }
        // A replica passes on what its primary sent, not what it made of it.
        if self.replication.link == nil { self.replication.record(commands) }
        return self.streamEnds
      }, ends: streamEnds)
    keyspace.pointee.interest.insert(.propagation)
  }

  private var streamEnds: Propagation.Ends {
    Propagation.Ends(
      recorded: replication.isRecording && replication.link == nil ? replication.recorded : nil,
      logged: persistence.appendOnly?.end)
  }

  // MARK: Feeding

  /// At the end of a turn: hands what happened to the replicas.
  func feedReplicas() {
    guard replication.isRecording else { return }
    logStream()
    if replication.wantsAcknowledgements && !isFollowing && failover == nil {
      replication.wantsAcknowledgements = false
      replication.append("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n")
    }
    for (connection, replica) in replication.replicas where !connection.pointee.isClosing {
      feed(connection, replica)
      checkOutputLimit(connection, pending: waitingBytes(replica))
    }
    replication.trim(backlog: settings.backlogSize)
  }

  private func waitingBytes(_ replica: Replica) -> Int { max(0, replication.position - replica.position) }

  /// Whether a replica could take more at once.
  var replicasWantMore: Bool {
    replication.replicas.contains { connection, replica in
      guard connection.pointee.output.isEmpty && !connection.pointee.isClosing else { return false }
      if case .receiving = replica.phase { return true }
      return replica.isOnline && waitingBytes(replica) > 0
    }
  }

  private func feed(_ connection: ConnectionPointer, _ replica: Replica) {
    if case .receiving(let transfer) = replica.phase { send(transfer, to: connection, replica) }
    guard replica.isOnline, !replica.announced.wantsOnlySnapshot, let log = replication.log else { return }
    while connection.pointee.output.count < Self.queueLimit {
      let bytes = log.pointee.bytes(at: replica.position)
      if bytes.isEmpty { break }
      loop.queue(bytes, for: connection)
      replica.position += bytes.count
    }
  }

  private func send(_ transfer: SnapshotTransfer, to connection: ConnectionPointer, _ replica: Replica) {
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
      while connection.pointee.output.count < Self.queueLimit && !transfer.isDone {
        guard let count = transfer.next(buffer) else {
          log.warning("Read error sending DB to replica: \(String(cString: strerror(errno)))")
          return close(connection)
        }
        loop.queue(Bytes(UnsafeRawBufferPointer(buffer))[0..<count], for: connection)
      }
    }
    if transfer.isDone {
      replica.phase = .online
      replica.acknowledgedAt = keyspace.pointee.now
      log.notice("Synchronization with replica \(name(of: connection)) succeeded")
      noteGoodReplicas()
      // Whoever wanted nothing but the snapshot has it.
      if replica.announced.wantsOnlySnapshot { connection.pointee.session.flags.insert(.closeAfterReply) }
    }
  }

  // MARK: From time to time

  func checkReplicas(_ now: Int64) {
    checkLink(now)
    guard replication.isRecording else { return }
    if replication.replicas.isEmpty { return forgetBacklog(now) }
    let period = Int64(configuration.integer("repl-ping-replica-period")) * 1000
    // Who is to catch up, since it takes over or since this server ends, is not to be told more.
    if !isFollowing && failover == nil && pendingShutdown == nil && now - replication.lastPing >= period {
      replication.lastPing = now
      replication.append("*1\r\n$4\r\nPING\r\n")
    }
    let limit = Int64(configuration.integer("repl-timeout")) * 1000
    for (connection, replica) in replication.replicas where !connection.pointee.isClosing {
      switch replica.phase {
      case .waiting, .saving:
        // A sign of life: the snapshot may take longer than the replica's patience.
        if now - replica.acknowledgedAt >= 1000 {
          replica.acknowledgedAt = now
          loop.queue(Bytes("\n"), for: connection)
        }
      case .receiving: break
      case .online:
        if !replica.isOld && now - replica.acknowledgedAt > limit {
          log.warning("Disconnecting timedout replica (streaming sync): \(name(of: connection))")
          close(connection)
        }
      }
    }
    noteGoodReplicas()
  }

  /// When nobody has followed for long, nothing is recorded any more.
  private func forgetBacklog(_ now: Int64) {
    let patience = Int64(configuration.integer("repl-backlog-ttl")) * 1000
    guard patience > 0, !isFollowing, let since = replication.withoutReplicasSince, now - since > patience else {
      return
    }
    stopRecording()
    log.notice("Replication backlog freed after \(patience / 1000) seconds without connected replicas.")
  }

  // MARK: Acknowledgements

  /// - Parameter synced: up to where the replica has it on its disk; nil: it does not say.
  func acknowledge(_ connection: ConnectionPointer, _ position: Int, synced: Int?) {
    guard let replica = replication.replicas[connection] else { return }
    replica.acknowledged = max(replica.acknowledged, position)
    replica.synced = max(replica.synced, synced ?? 0)
    replica.acknowledgedAt = keyspace.pointee.now
    noteGoodReplicas()
    wakeWaiting()
  }

  /// Lets those who are in WAIT and WAITAOF look again.
  private func wakeWaiting() {
    guard !replication.waiting.isEmpty else { return }
    replication.waiting.removeAll { $0.pointee.blocking == nil }
    for session in replication.waiting { executor.runAgain(session) }
  }

  /// Between turns: wakes those who wait for this server's own disk.
  func noticeSync() {
    let synced = isLogComplete ? persistence.appendOnly?.synced : nil
    guard synced != replication.lastSynced else { return }
    replication.lastSynced = synced
    wakeWaiting()
  }

  /// Replicas that have everything up to `position`.
  func replicas(thatHave position: Int) -> Int {
    replication.replicas.values.count { $0.isOnline && $0.acknowledged >= position }
  }

  /// Replicas that have everything up to `position` on their disks.
  func replicas(thatSynced position: Int) -> Int {
    replication.replicas.values.count { $0.isOnline && $0.synced >= position }
  }

  /// `min-replicas-to-write`: whether there are enough that are not too far behind.
  var hasEnoughReplicas: Bool {
    let wanted = configuration.integer("min-replicas-to-write")
    return wanted == 0 || configuration.integer("min-replicas-max-lag") == 0 || replication.goodReplicas >= wanted
  }

  func noteGoodReplicas() {
    let lag = Int64(configuration.integer("min-replicas-max-lag")) * 1000
    replication.goodReplicas = replication.replicas.values.count {
      $0.isOnline && keyspace.pointee.now - $0.acknowledgedAt <= lag
    }
    updateRestrictions()
  }

  // MARK: INFO

  func replicationFields() -> [(String, String)] {
    let now = keyspace.pointee.now
    let replicas = replication.replicas.sorted { $0.key.pointee.session.id < $1.key.pointee.session.id }
    var fields = followingFields() + [("connected_slaves", "\(replicas.count)")]
    if configuration.integer("min-replicas-to-write") > 0 && configuration.integer("min-replicas-max-lag") > 0 {
      fields.append(("min_slaves_good_slaves", "\(replication.goodReplicas)"))
    }
    for (index, (connection, replica)) in replicas.enumerated() {
      let address = replica.announced.address ?? Self.host(of: connection)
      let lag = replica.isOnline ? (now - replica.acknowledgedAt) / 1000 : 0
      fields.append(
        (
          "slave\(index)",
          "ip=\(address),port=\(replica.announced.port),state=\(replica.phaseName),"
            + "offset=\(replica.acknowledged),lag=\(lag)"
        ))
    }
    let start = replication.log?.pointee.start
    return fields + [
      ("replicas_waiting_psync", "0"),
      ("master_failover_state", failover?.stateName ?? "no-failover"), ("master_replid", replication.id),
      ("master_replid2", replication.secondID ?? String(repeating: "0", count: 40)),
      ("master_repl_offset", "\(replication.position)"),
      ("second_repl_offset", "\(replication.secondID == nil ? -1 : replication.secondPosition + 1)"),
      ("repl_backlog_active", replication.isRecording ? "1" : "0"),
      ("repl_backlog_size", "\(settings.backlogSize)"),
      ("repl_backlog_first_byte_offset", "\(start.map { $0 + 1 } ?? 0)"),
      ("repl_backlog_histlen", "\(start.map { replication.position - $0 } ?? 0)"),
    ]
  }

  /// A client's address without its port.
  static func host(of connection: ConnectionPointer) -> String {
    let address = connection.pointee.session.details.peerAddress
    guard let colon = address.lastIndex(of: ":") else { return address }
    return address[..<colon].filter { $0 != "[" && $0 != "]" }
  }
}
