import Commands
import Keyspace
import Memory

// FAILOVER: the primary hands its role over to a replica. Those who write wait. Once the replica has all that there is, the
// primary becomes its replica, and asks it, with the same word with which it asks for the stream, to be the primary.

/// A hand-over that was asked for.
struct Failover {
  enum Phase {
    /// The replica has not got all yet.
    case waiting
    /// This server follows it, and asks it to take over.
    case inProgress
  }

  var phase = Phase.waiting
  /// Nil: whoever is first to have all.
  var target: (host: String, port: Int)?
  /// When it is given up, or forced, in Unix milliseconds; nil: never.
  var deadline: Int64?
  var isForced: Bool

  /// As INFO names it.
  var stateName: String { phase == .waiting ? "waiting-for-sync" : "failover-in-progress" }

  fileprivate var targetName: String { target.map { "\($0.host):\($0.port)" } ?? "any replica" }
}

extension ServerInstance {
  /// The replica with this address.
  func replica(host: String, port: Int) -> Replica? {
    replication.replicas.first {
      address(of: $0.key, $0.value).lowercased() == host.lowercased() && $0.value.announced.port == port
    }?.value
  }

  private func address(of connection: ConnectionPointer, _ replica: Replica) -> String {
    replica.announced.address ?? Self.host(of: connection)
  }

  func beginFailover(_ failover: Failover) {
    log.notice("FAILOVER requested to \(failover.targetName).")
    self.failover = failover
    // Who has all is to say so at once, and not only when it is time to.
    executor.propagatePending()
    replication.append("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n")
    pause.isForFailover = true
    updatePause()
  }

  /// Between turns: hands over when a replica has all, or time is up.
  func advanceFailover() {
    guard let failover, failover.phase == .waiting else { return }
    if let deadline = failover.deadline, deadline <= keyspace.pointee.now {
      guard failover.isForced, let target = failover.target else {
        return abortFailover("Replica never caught up before timeout")
      }
      log.notice("FAILOVER to \(failover.targetName) time out exceeded, failing over.")
      return handOver(to: target)
    }
    // Keys that are on their way to another server may still go.
    guard migrations.running.isEmpty, let target = findSuccessor(failover) else { return }
    log.notice("Failover target \(target.host):\(target.port) is synced, failing over.")
    handOver(to: target)
  }

  private func findSuccessor(_ failover: Failover) -> (host: String, port: Int)? {
    func hasAll(_ replica: Replica) -> Bool { replica.isOnline && replica.acknowledged == replication.position }
    if let target = failover.target {
      return replica(host: target.host, port: target.port).map(hasAll) == true ? target : nil
    }
    return replication.replicas.first { hasAll($0.value) }.map { (address(of: $0, $1), $1.announced.port) }
  }

  private func handOver(to target: (host: String, port: Int)) {
    failover?.phase = .inProgress
    failover?.target = target
    failover?.deadline = nil
    follow(target.host, target.port)
    recordPrimary("\(target.host) \(target.port)")
  }

  /// The other server is the primary now.
  func failoverEnded() {
    guard failover != nil else { return }
    failover = nil
    pause.isForFailover = false
    updatePause()
  }

  func abortFailover(_ reason: String) {
    guard let failover else { return }
    log.notice("FAILOVER to \(failover.targetName) aborted: \(reason)")
    if failover.phase == .inProgress {
      stopFollowing("failover was aborted")
      recordPrimary("")
    }
    failoverEnded()
  }
}
