import Commands
import Memory
import RESP
import Structures

extension CommandTable {
  static let handover: [Command] = [
    Command(
      "FAILOVER", arity: -1, [.admin, .noScript, .stale], group: .server, since: "6.2.0",
      summary: "Hands the role of the primary over to one of its replicas.",
      syntax: "[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]", run: failover)
  ]
}

private func failover(_ call: Call, _ reply: inout ReplyWriter) {
  let server = call.server
  if call.count == 2 && call.argument(1, is: "abort") {
    guard server.failover != nil else { return reply.error("ERR No failover in progress.") }
    server.abortFailover("Failover manually aborted")
    return reply.ok()
  }
  guard let failover = parse(call, &reply) else { return }
  if server.failover != nil { return reply.error("ERR FAILOVER already in progress.") }
  if server.isFollowing { return reply.error("ERR FAILOVER is not valid when server is a replica.") }
  if server.replication.replicas.isEmpty { return reply.error("ERR FAILOVER requires connected replicas.") }
  if failover.isForced && (failover.deadline == nil || failover.target == nil) {
    return reply.error("ERR FAILOVER with force option requires both a timeout and target HOST and IP.")
  }
  if let target = failover.target {
    guard let replica = server.replica(host: target.host, port: target.port) else {
      return reply.error("ERR FAILOVER target HOST and PORT is not a replica.")
    }
    guard replica.isOnline else { return reply.error("ERR FAILOVER target replica is not online.") }
  }
  server.beginFailover(failover)
  reply.ok()
}

/// Nil after the error was written.
private func parse(_ call: Call, _ reply: inout ReplyWriter) -> Failover? {
  var failover = Failover(isForced: false)
  var i = 1
  while i < call.count {
    if call.argument(i, is: "timeout") && i + 1 < call.count && failover.deadline == nil {
      guard let timeout = call.integer(i + 1, &reply) else { return nil }
      guard timeout > 0 else {
        reply.error("ERR FAILOVER timeout must be greater than 0")
        return nil
      }
      failover.deadline = call.now + min(timeout, 1 << 40)
      i += 1
    } else if call.argument(i, is: "to") && i + 2 < call.count && failover.target == nil {
      guard let port = call.integer(i + 2, &reply) else { return nil }
      failover.target = (call[i + 1].string, Int(port))
      i += 2
    } else if call.argument(i, is: "force") && !failover.isForced {
      failover.isForced = true
    } else {
      reply.syntaxError()
      return nil
    }
    i += 1
  }
  return failover
}
