import Commands
import Directives
import Memory
import RESP
import Structures

extension CommandTable {
  /// The commands between a primary and its replicas.
  static let replication: [Command] = [
    Command(
      "SYNC", arity: 1, [.admin, .noScript, .noMulti, .noAsyncLoading], group: .server, since: "1.0.0",
      summary: "Makes this connection one of a replica that knows nothing yet.", run: sync),
    Command(
      "PSYNC", arity: -3, [.admin, .noScript, .noMulti, .noAsyncLoading], group: .server, since: "2.8.0",
      summary: "Makes this connection one of a replica, which goes on where it was if that is possible.",
      syntax: "replicationid offset", run: psync),
    Command(
      "REPLICAOF", arity: 3, [.admin, .noScript, .stale, .noAsyncLoading], group: .server, since: "5.0.0",
      summary: "Makes this server a replica of another, or, with NO ONE, a primary again.",
      syntax: "<host port | NO ONE>", run: replicaof),
    Command(
      "SLAVEOF", arity: 3, [.admin, .noScript, .stale, .noAsyncLoading], group: .server, since: "1.0.0",
      summary: "As REPLICAOF, by its old name.", syntax: "<host port | NO ONE>", run: replicaof),
    Command(
      "REPLCONF", arity: -1, [.admin, .noScript, .loading, .stale, .allowBusy], group: .server, since: "3.0.0",
      summary: "Tells a primary of its replica.", run: replconf),
    Command(
      "WAIT", arity: 3, [.outsideGroupCategory], group: .generic, categories: ["connection"],
      since: "3.0.0",
      summary: "Waits until replicas have acknowledged the writes of this connection.", syntax: "numreplicas timeout",
      tips: ["request_policy:all_shards", "response_policy:agg_min"], run: wait),
    Command(
      "WAITAOF", arity: 4, [.noScript, .outsideGroupCategory], group: .generic, categories: ["connection"],
      since: "7.2.0",
      summary: "Waits until the writes of this connection are in the append-only files of so many servers.",
      syntax: "numlocal numreplicas timeout", tips: ["request_policy:all_shards", "response_policy:agg_min"],
      run: waitaof),
    Command(
      "ROLE", arity: 1, [.noScript, .loading, .stale, .fast], group: .server, categories: ["admin", "dangerous"],
      since: "2.8.12",
      summary: "Returns the replication role.", run: role),
  ]
}

// MARK: Roles

private func replicaof(_ call: Call, _ reply: inout ReplyWriter) {
  let server = call.server
  if server.failover != nil { return reply.error("ERR REPLICAOF not allowed while failing over.") }
  if call.argument(1, is: "no") && call.argument(2, is: "one") {
    if server.isFollowing {
      server.stopFollowing("user request")
      server.recordPrimary("")
    }
    return reply.ok()
  }
  guard let port = parseInteger(call[2]), (0...65535).contains(port) else {
    return reply.error("ERR Invalid master port")
  }
  if call.session.pointee.flags.contains(.replica) {
    return reply.error("ERR Command is not valid when client is a replica.")
  }
  let host = call[1].string
  if let link = server.replication.link, link.host == host, link.port == Int(port) {
    return reply.simple("OK Already connected to specified master")
  }
  server.follow(host, Int(port))
  server.recordPrimary("\(host) \(port)")
  reply.ok()
}

extension ServerInstance {
  /// For CONFIG GET and REWRITE.
  func recordPrimary(_ primary: String) {
    do throws(ConfigurationError) { try configuration.record("replicaof", primary) } catch {
      log.warning("replicaof cannot be recorded: \(error.message)")
    }
  }
}

// MARK: Synchronization

private func sync(_ call: Call, _ reply: inout ReplyWriter) {
  guard let connection = becomingReplica(call, &reply) else { return }
  call.server.synchronize(connection, continuing: nil, isOld: true)
}

private func psync(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 && call.argument(3, is: "failover") && !takeOver(call, &reply) { return }
  guard let wanted = call.integer(2, &reply), let connection = becomingReplica(call, &reply) else { return }
  // The next byte, counted from one.
  let continuing = wanted > 0 ? (call[1].string, Int(wanted) - 1) : nil
  call.server.synchronize(connection, continuing: continuing, isOld: false)
}

/// The primary wants this server to be the primary. False after the error was written.
private func takeOver(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
  let server = call.server
  server.log.notice("Failover request received for replid \(call[1].string).")
  guard server.isFollowing else {
    reply.error("ERR PSYNC FAILOVER can't be sent to a master.")
    return false
  }
  guard call[1].string == server.replication.id else {
    reply.error("ERR PSYNC FAILOVER replid must match my replid.")
    return false
  }
  server.stopFollowing("failover request from '\(call.session.pointee.details.peerAddress)'")
  server.recordPrimary("")
  return true
}

private func becomingReplica(_ call: Call, _ reply: inout ReplyWriter) -> ConnectionPointer? {
  guard let connection = call.session.connectionPointer, !call.session.pointee.flags.contains(.replica) else {
    return nil
  }
  // Replies and the stream could not be told apart.
  guard connection.pointee.output.isEmpty else {
    reply.error("ERR SYNC and PSYNC are invalid with pending output")
    return nil
  }
  return connection
}

private func replconf(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count % 2 == 1, let connection = call.session.connectionPointer else { return reply.syntaxError() }
  let server = call.server
  var announced = server.replication.replicas[connection]?.announced ?? server.announcedReplicas[connection] ?? .init()
  for i in stride(from: 1, to: call.count, by: 2) {
    if call.argument(i, is: "listening-port") {
      guard let port = call.integer(i + 1, &reply) else { return }
      guard (0...65535).contains(port) else { return reply.error("ERR value is not an integer or out of range") }
      announced.port = Int(port)
    } else if call.argument(i, is: "ip-address") {
      guard call[i + 1].count <= 255 else {
        return reply.error(
          "ERR REPLCONF ip-address provided by replica instance is too long: \(call[i + 1].count) bytes")
      }
      announced.address =
        call[i + 1].isEmpty ? nil : call[i + 1].string.filter { $0.isASCII && !$0.isNewline && $0 != "," }
    } else if call.argument(i, is: "capa") {
      if call.argument(i + 1, is: "psync2") { announced.knowsSecondIDs = true }
    } else if call.argument(i, is: "ack") {
      // Not a question: there is no reply.
      guard let position = parseInteger(call[i + 1]), position >= 0 else { return }
      let saysSynced = i + 3 < call.count && call.argument(i + 2, is: "fack")
      let synced = saysSynced ? parseInteger(call[i + 3]) : nil
      return server.acknowledge(connection, Int(position), synced: synced.map { Int($0) })
    } else if call.argument(i, is: "getack") {
      if call.session.pointee.flags.contains(.primary) { server.reportAfterTurn() }
      return
    } else if call.argument(i, is: "rdb-only") {
      guard let flag = call.integer(i + 1, &reply) else { return }
      announced.wantsOnlySnapshot = flag == 1
    } else {
      return reply.error("ERR Unrecognized REPLCONF option: \(call[i])")
    }
  }
  if let replica = server.replication.replicas[connection] {
    replica.announced = announced
  } else {
    server.announcedReplicas[connection] = announced
  }
  reply.ok()
}

// MARK: Waiting

private func wait(_ call: Call, _ reply: inout ReplyWriter) {
  if call.server.isFollowing {
    return reply.error(
      """
      ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured \
      to be writable (which is not the default) writes to replicas are just local and are not propagated.
      """)
  }
  guard let wanted = call.integer(1, &reply), let timeout = call.waitTimeout(2, &reply) else { return }
  let server = call.server
  let position = call.session.pointee.lastWritePosition
  let there = server.replicas(thatHave: position)
  guard there < wanted && call.mayBlock else { return reply.integer(there) }
  call.waitForReplicas(timeout) { [unowned server] in $0.integer(server.replicas(thatHave: position)) }
}

private func waitaof(_ call: Call, _ reply: inout ReplyWriter) {
  guard let local = call.integer(1, &reply) else { return }
  guard local == 0 || local == 1 else {
    return reply.error("ERR value is out of range, value must between 0 and 1")
  }
  guard let replicas = parseInteger(call[2]), replicas >= 0 else {
    return reply.error("ERR value is out of range, must be positive")
  }
  guard let timeout = call.waitTimeout(3, &reply) else { return }
  let server = call.server
  if server.isFollowing {
    return reply.error(
      """
      ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are \
      not propagated.
      """)
  }
  if local > 0 && server.persistence.logState == .off {
    return reply.error("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")
  }
  let (position, byte) = (call.session.pointee.lastWritePosition, call.session.pointee.lastLoggedByte)
  let there = server.synced(position: position, byte: byte)
  if there.local >= local && there.replicas >= replicas || !call.mayBlock {
    return answer(there, &reply)
  }
  call.waitForReplicas(timeout) { [unowned server] in answer(server.synced(position: position, byte: byte), &$0) }
}

private func answer(_ synced: (local: Int, replicas: Int), _ reply: inout ReplyWriter) {
  reply.array(2)
  reply.integer(synced.local)
  reply.integer(synced.replicas)
}

extension ServerInstance {
  /// How many servers have on their disks what this one and the others had got by then: this one, 0 or 1, and replicas.
  fileprivate func synced(position: Int, byte: Int) -> (local: Int, replicas: Int) {
    let isHere = isLogComplete && (persistence.appendOnly?.synced ?? -1) >= byte
    return (isHere ? 1 : 0, replicas(thatSynced: position))
  }
}

extension Call {
  /// Lets the session wait until replicas acknowledge something, or the disk is done.
  fileprivate func waitForReplicas(_ timeout: Int64, onTimeout: @escaping (inout ReplyWriter) -> Void) {
    let isFirst = session.pointee.blocking == nil
    block(on: [], for: .string, timeoutMilliseconds: timeout, onTimeout: onTimeout)
    guard isFirst else { return }
    server.replication.waiting.append(session)
    server.replication.wantsAcknowledgements = true
  }

  /// A timeout in milliseconds, 0 for ever; nil after the error was written.
  fileprivate func waitTimeout(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    guard let timeout = parseInteger(self[index]) else {
      reply.error("ERR timeout is not an integer or out of range")
      return nil
    }
    if timeout < 0 {
      reply.error("ERR timeout is negative")
      return nil
    }
    if timeout > Int64.max - now {
      reply.error("ERR timeout is out of range")
      return nil
    }
    return timeout
  }
}

private func role(_ call: Call, _ reply: inout ReplyWriter) {
  let replication = call.server.replication
  if let link = replication.link {
    reply.array(5)
    reply.bulk("slave")
    link.host.withBytes { reply.bulk($0) }
    reply.integer(link.port)
    reply.bulk(link.stateName)
    return reply.integer(replication.primary == nil ? -1 : replication.position)
  }
  let replicas = replication.replicas.filter { $0.value.isOnline }
    .sorted { $0.key.pointee.session.id < $1.key.pointee.session.id }
  reply.array(3)
  reply.bulk("master")
  reply.integer(replication.position)
  reply.array(replicas.count)
  for (connection, replica) in replicas {
    reply.array(3)
    reply.bulk(replica.announced.address ?? ServerInstance.host(of: connection))
    reply.bulk(integer: Int64(replica.announced.port))
    reply.bulk(integer: Int64(replica.acknowledged))
  }
}
