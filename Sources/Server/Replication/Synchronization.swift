import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence

// How a client becomes a replica. It gets the part of the stream that it lacks if that is still there. Otherwise it gets
// a snapshot, in a file first, and then the stream from the snapshot's moment on. Replicas that come while a snapshot is
// being taken share it.

extension ServerInstance {
  private var synchronizationFile: String { "temp-sync-\(getpid()).rdb" }

  /// SYNC and PSYNC.
  ///
  /// - Parameter continuing: the history that the client knows, and the next byte of it that it wants.
  func synchronize(_ connection: ConnectionPointer, continuing: (id: String, position: Int)?, isOld: Bool) {
    if let refusal = refusalOfSynchronization { return refusal.withBytes { loop.deliver($0, to: connection) } }
    let announced = announcedReplicas.removeValue(forKey: connection) ?? AnnouncedReplica()
    let replica = Replica(announced, isOld: isOld, now: keyspace.pointee.now)
    if let continuing, replication.canContinue(continuing.id, at: continuing.position) {
      return continueReplica(connection, replica, at: continuing.position)
    }
    if continuing != nil { replication.refusedPartialSyncs += 1 }
    replication.fullSyncs += 1
    if !replication.isRecording { startRecording() }
    attach(connection, replica)
    log.notice("Replica \(name(of: connection)) asks for synchronization")
  }

  /// Why nobody can follow this server now, as a reply.
  private var refusalOfSynchronization: String? {
    if failover != nil { return "-NOMASTERLINK Can't SYNC while failing over\r\n" }
    if isFollowing && replication.primary == nil {
      return "-NOMASTERLINK Can't SYNC while not connected with my master\r\n"
    }
    return nil
  }

  private func continueReplica(_ connection: ConnectionPointer, _ replica: Replica, at position: Int) {
    attach(connection, replica)
    replica.phase = .online
    replica.position = position
    replication.partialSyncs += 1
    let answer = "+CONTINUE" + (replica.announced.knowsSecondIDs ? " \(replication.id)" : "") + "\r\n"
    answer.withBytes { loop.deliver($0, to: connection) }
    let missing = replication.position - position
    log.notice(
      "Partial resynchronization request from \(name(of: connection)) accepted. "
        + "Sending \(missing) bytes of backlog starting from offset \(position + 1).")
    noteGoodReplicas()
  }

  private func attach(_ connection: ConnectionPointer, _ replica: Replica) {
    replication.replicas[connection] = replica
    replication.withoutReplicasSince = nil
    if replication.replicas.count == 1 { replication.lastPing = keyspace.pointee.now }
    // What it gets is the stream: replies do not belong there.
    connection.pointee.session.flags.insert([.replica, .replyOff])
  }

  /// The name that the log has for a replica.
  func name(of connection: ConnectionPointer) -> String {
    let address = connection.pointee.session.details.peerAddress
    guard let replica = replication.replicas[connection] else { return address }
    let host = replica.announced.address ?? String(address.prefix { $0 != ":" })
    return replica.announced.port == 0 ? address : "\(host):\(replica.announced.port)"
  }

  /// A connection was closed.
  func forgetReplica(_ connection: ConnectionPointer) {
    forgetPrimary(connection)
    announcedReplicas[connection] = nil
    replication.waiting.removeAll { $0 == connection.sessionPointer }
    guard let replica = replication.replicas[connection] else { return }
    log.notice("Connection with replica \(name(of: connection)) lost.")
    replication.replicas[connection] = nil
    if case .saving = replica.phase { abandonSynchronization() }
    if replication.replicas.isEmpty { replication.withoutReplicasSince = keyspace.pointee.now }
    noteGoodReplicas()
  }

  /// Nobody waits any more for the snapshot that is being taken.
  private func abandonSynchronization() {
    guard persistence.running?.purpose.isSynchronization == true, !replication.replicas.values.contains(where: isSaving)
    else { return }
    abandonsSynchronization = true
  }

  private func isSaving(_ replica: Replica) -> Bool { if case .saving = replica.phase { true } else { false } }

  // MARK: Snapshot

  /// Called between turns: begins a snapshot if replicas wait for one, or lets them share the one that is being taken.
  func advanceSynchronization() {
    if abandonsSynchronization {
      abandonsSynchronization = false
      if persistence.running?.purpose.isSynchronization == true, !replication.replicas.values.contains(where: isSaving)
      {
        cancelSave()
        replication.snapshotPosition = nil
      }
    }
    let waiting = replication.replicas.filter { if case .waiting = $0.value.phase { true } else { false } }
    guard !waiting.isEmpty else { return }
    if persistence.running == nil {
      executor.propagatePending()
      logStream()
      replication.forgetSelection()
      replication.snapshotPosition = replication.position
      persistence.running = beginSnapshot(.synchronization(path: synchronizationFile))
      log.notice("Starting BGSAVE for SYNC with target: disk")
    }
    guard let position = replication.snapshotPosition, persistence.running?.purpose.isSynchronization == true else {
      return
    }
    for (connection, replica) in waiting {
      replica.phase = .saving
      replica.position = position
      if !replica.isOld {
        "+FULLRESYNC \(replication.id) \(position)\r\n".withBytes { loop.deliver($0, to: connection) }
      }
    }
  }

  func finishSynchronization(_ path: String, _ outcome: SnapshotFile.Outcome) {
    defer { replication.snapshotPosition = nil }
    let saved = replication.replicas.filter { isSaving($0.value) }
    guard case .written = outcome, let file = SnapshotTransfer.SharedFile(takingAway: path) else {
      unlink(path)
      log.warning("SYNC failed. BGSAVE failed.")
      for connection in saved.keys { close(connection) }
      return
    }
    log.notice("Background saving terminated with success")
    for (connection, replica) in saved {
      replica.phase = .receiving(SnapshotTransfer(file))
      "$\(file.size)\r\n".withBytes { loop.deliver($0, to: connection) }
    }
  }
}
