import Commands
import Keyspace
import Memory

// What clients make the server keep, and what is done when it is too much: the memory of all is limited by
// `maxmemory-clients`, and the largest go first.
//
// Exact figures of all clients are only taken from time to time. In between the sum is kept up by those of which it is
// known that they grew; when it passes the limit, all are looked at again before anybody has to go.

extension ServerInstance {
  /// Bytes that the arguments of a command take which is not complete, waits, or is the one that `call` runs.
  func argumentMemory(_ connection: ConnectionPointer, running call: Call? = nil) -> Int {
    (connection.pointee.input.partial?.pointee.arguments.capacityInBytes ?? 0) + connection.pointee.postponed.count
      + (call?.argumentBytes ?? 0)
  }

  /// Everything that a client makes the server keep.
  func totalMemory(_ connection: ConnectionPointer) -> Int {
    let session = connection.sessionPointer
    return MemoryLayout<Connection>.stride + connection.pointee.bufferedBytes + argumentMemory(connection)
      + (session.pointee.transaction?.memory ?? 0) + (session.pointee.subscriptions?.memory ?? 0)
      + session.pointee.watched.reduce(0) { $0 + $1.key.bytes.count + 64 }
      + (executor.tracking.pointee.tracker(of: session)?.memory ?? 0)
      + session.pointee.details.name.bytes.count + 256
  }

  /// What replicas take that do not keep up: their queues, and what is logged for them beyond the backlog.
  var replicaMemory: Int {
    guard let log = replication.log, !replication.replicas.isEmpty else { return 0 }
    let queued = replication.replicas.keys.reduce(0) { $0 + $1.pointee.output.memory }
    return queued + max(0, log.pointee.end - log.pointee.start - settings.backlogSize)
  }

  /// What `maxmemory` does not count, or eviction would cause more of it: to tell of a key that was evicted takes memory.
  var uncountedMemory: Int { replicaMemory + (persistence.appendOnly?.bufferedBytes ?? 0) }

  private var clientMemoryLimit: Int {
    settings.clientMemoryLimit(maximumMemory: keyspace.pointee.eviction.maximumMemory)
  }

  /// Notes what a client takes now.
  private func account(_ connection: ConnectionPointer) {
    let total = connection.pointee.isClosing ? 0 : totalMemory(connection)
    clientMemory += total - connection.pointee.accountedMemory
    connection.pointee.accountedMemory = total
  }

  /// A client takes more than before, or is gone.
  func noteClientMemory(_ connection: ConnectionPointer) {
    if settings.limitsClientMemory { account(connection) }
  }

  public func measure(_ session: SessionPointer, argumentBytes received: Int) {
    guard let connection = session.connectionPointer else { return }
    account(connection)
    // Short commands lie where all connections are read to.
    let argumentBytes = received > 1024 ? received : 0
    if clientMemory + argumentBytes > clientMemoryLimit { evictClients(running: connection, argumentBytes) }
  }

  /// Once a turn: sees to it that the limit is kept.
  func limitClientMemory() {
    guard settings.limitsClientMemory else { return }
    let limit = clientMemoryLimit
    if limit > 0 && clientMemory > limit { evictClients() }
  }

  /// Closes the largest clients while all together take more than they may.
  ///
  /// - Parameters:
  ///   - current: whose command is about to run, with arguments of so many bytes.
  func evictClients(running current: ConnectionPointer? = nil, _ argumentBytes: Int = 0) {
    let limit = clientMemoryLimit
    guard limit > 0 else { return }
    for connection in connections { account(connection) }
    var total = clientMemory + argumentBytes
    guard total > limit else { return }
    func size(_ connection: ConnectionPointer) -> Int {
      connection.pointee.accountedMemory + (connection == current ? argumentBytes : 0)
    }
    var candidates = connections.filter {
      !$0.pointee.isClosing && !$0.pointee.session.flags.contains(.noEvict)
    }.sorted { size($0) < size($1) }
    while total > limit, let largest = candidates.popLast() {
      log.notice("Evicting client: \(clientLine(largest))")
      statistics.evictedClients += 1
      total -= size(largest)
      close(largest)
    }
  }
}

extension Call {
  /// Bytes of all arguments.
  var argumentBytes: Int { (0..<count).reduce(0) { $0 + self[$1].count } }

  /// Bytes that the command takes as RESP.
  var encodedBytes: Int {
    func head(_ number: Int) -> Int { 3 + String(number).utf8.count }
    return head(count) + (0..<count).reduce(0) { $0 + head(self[$1].count) + self[$1].count + 2 }
  }
}
