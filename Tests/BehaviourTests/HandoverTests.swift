import Foundation
import TestSupport
import Testing

/// WAITAOF, FAILOVER and SHUTDOWN: what is promised of replicas and disks is so when it is said.
@Suite(.serialized) struct HandoverTests {
  private func start(_ kind: ServerProcess.Kind, _ options: [String] = []) throws -> ServerProcess {
    try ServerProcess(kind, options: ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"] + options)
  }

  private func field(_ name: String, _ client: RESPClient, _ section: String = "replication") -> String {
    let lines = (try? client.call("INFO", section))?.text.split(separator: "\r\n") ?? []
    return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) } ?? ""
  }

  private func follow(_ replica: RESPClient, _ primary: ServerProcess) throws {
    #expect(try replica.call("REPLICAOF", "127.0.0.1", "\(primary.port)").word == "OK")
    #expect(eventually(seconds: 15) { field("master_link_status", replica) == "up" })
  }

  @Test func waitaofCountsWhatIsOnTheDisk() throws {
    let server = try start(.martlet, ["--appendonly", "yes", "--appendfsync", "no"])
    let client = try server.connect()
    try client.call("SET", "a", "1")
    #expect(try client.call("WAITAOF", "1", "0", "20").words == ["0", "0"])
    try client.call("CONFIG", "SET", "appendfsync", "always")
    try client.call("SET", "a", "2")
    #expect(try client.call("WAITAOF", "1", "0", "0").words == ["1", "0"])
    try client.call("MULTI")
    try client.call("SET", "a", "3")
    try client.call("WAITAOF", "1", "1", "0")
    #expect(try client.call("EXEC").words.suffix(1) == ["0"])

    let replicaServer = try start(.martlet, ["--appendonly", "yes", "--appendfsync", "no"])
    let replica = try replicaServer.connect()
    try follow(replica, server)
    #expect(eventually { field("aof_rewrite_in_progress", replica, "persistence") == "0" })
    try client.call("SET", "a", "4")
    #expect(try client.call("WAIT", "1", "5000").integer == 1)
    #expect(try client.call("WAITAOF", "1", "1", "20").words == ["1", "0"])
    try replica.call("CONFIG", "SET", "appendfsync", "always")
    try client.call("SET", "a", "5")
    #expect(try client.call("WAITAOF", "1", "1", "5000").words == ["1", "1"])
    #expect(try replica.call("WAITAOF", "1", "0", "0").isError)

    // Whoever waits for a log that is switched off is told.
    try client.call("CONFIG", "SET", "appendfsync", "no")
    try client.call("SET", "a", "6")
    try client.send("WAITAOF", "1", "0", "0")
    let other = try server.connect()
    #expect(eventually { field("blocked_clients", other, "clients") == "1" })
    try other.call("CONFIG", "SET", "appendonly", "no")
    #expect(
      try client.receive().word
        == "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")
  }

  @Test(arguments: [
    (ServerProcess.Kind.martlet, ServerProcess.Kind.redis), (.redis, .martlet), (.martlet, .martlet),
  ])
  func aReplicaTakesOverWithAllThatThereIs(_ first: ServerProcess.Kind, _ second: ServerProcess.Kind) throws {
    let servers = [try start(first), try start(second)]
    let clients = try servers.map { try $0.connect() }
    #expect(try clients[0].call("FAILOVER").word == "-ERR FAILOVER requires connected replicas.")
    try follow(clients[1], servers[0])
    #expect(try clients[0].call("FAILOVER", "ABORT").word == "-ERR No failover in progress.")
    #expect(try clients[0].call("FAILOVER", "TO", "127.0.0.1", "1").isError)
    #expect(try clients[0].call("FAILOVER", "TO", "127.0.0.1", "\(servers[1].port)", "FORCE").isError)
    let writer = try servers[0].connect()
    for i in 0..<100 { try writer.call("SET", "k\(i)", "v") }
    #expect(try clients[0].call("FAILOVER", "TO", "127.0.0.1", "\(servers[1].port)").word == "OK")
    #expect(eventually(seconds: 15) { field("role", clients[1]) == "master" && field("role", clients[0]) == "slave" })
    #expect(eventually(seconds: 15) { field("master_link_status", clients[0]) == "up" })
    #expect(field("master_failover_state", clients[0]) == "no-failover")
    #expect(try writer.call("SET", "k", "v").text.hasPrefix("-READONLY"))
    #expect(try clients[1].call("SET", "k", "new").word == "OK")
    #expect(eventually(seconds: 15) { (try? clients[0].call("GET", "k").word) == "new" })
    #expect(try clients[0].call("DEBUG", "DIGEST").word == clients[1].call("DEBUG", "DIGEST").word)
    #expect(field("sync_partial_ok", clients[1], "stats") == "1")
    #expect(field("sync_full", clients[1], "stats") == "0")
  }

  @Test func aHandoverThatCannotBeIsGivenUp() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet)
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try follow(replica, primaryServer)
    kill(replicaServer.processIdentifier, SIGSTOP)
    try primary.call("SET", "a", "1")
    let writer = try primaryServer.connect()
    #expect(try primary.call("FAILOVER", "TIMEOUT", "1500").word == "OK")
    try writer.send("SET", "a", "2")
    #expect(writer.drain(quietMilliseconds: 20).isEmpty)
    #expect(try primary.call("GET", "a").word == "1")
    #expect(try primary.call("REPLICAOF", "127.0.0.1", "1").word == "-ERR REPLICAOF not allowed while failing over.")
    #expect(try writer.receive().word == "OK")
    #expect(field("master_failover_state", primary) == "no-failover")
    #expect(try primary.call("FAILOVER", "TIMEOUT", "60000").word == "OK")
    #expect(field("master_failover_state", primary) == "waiting-for-sync")
    #expect(try primary.call("FAILOVER", "ABORT").word == "OK")
    kill(replicaServer.processIdentifier, SIGCONT)
    #expect(try primary.call("SET", "a", "3").word == "OK")
    #expect(eventually { (try? replica.call("GET", "a").word) == "3" })
    #expect(field("role", primary) == "master")
  }

  @Test func theServerEndsWhenItsReplicasHaveEverything() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet)
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try follow(replica, primaryServer)
    kill(replicaServer.processIdentifier, SIGSTOP)
    try primary.call("SET", "a", "1")
    let other = try primaryServer.connect()
    try other.send("SHUTDOWN", "NOSAVE")
    #expect(eventually { !field("shutdown_in_milliseconds", primary, "server").isEmpty })
    #expect(try primary.call("SHUTDOWN", "ABORT").word == "OK")
    #expect(try other.receive().word == "-ERR Errors trying to SHUTDOWN. Check logs.")
    try other.send("SHUTDOWN", "NOSAVE")
    #expect(eventually { !field("shutdown_in_milliseconds", primary, "server").isEmpty })
    kill(replicaServer.processIdentifier, SIGCONT)
    #expect(primaryServer.waitForEnd(seconds: 10) == 0)
    #expect(try replica.call("GET", "a").word == "1")
  }

  /// Commands that came with others in one turn, and a link that breaks in the middle of it.
  @Test func aLinkThatBreaksInTheMiddleOfATurnLosesNothing() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet)
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    let killer = try replicaServer.connect()
    try follow(replica, primaryServer)
    for round in 0..<3 {
      // What comes while the replica sleeps is read in one turn, after the link was closed or before.
      let order = [replica, killer]
      try order[round % 2].send("DEBUG", "SLEEP", "0.05")
      try order[1 - round % 2].send("CLIENT", "KILL", "TYPE", "master")
      for i in 0..<50 {
        if i % 10 == 0 { try primary.call("MULTI") }
        try primary.call("INCR", "n")
        try primary.call("APPEND", "t", "x")
        if i % 10 == 9 { try primary.call("EXEC") }
      }
      _ = try order[round % 2].receive()
      _ = try order[1 - round % 2].receive()
      #expect(eventually(seconds: 15) { field("master_link_status", replica) == "up" })
    }
    #expect(
      eventually(seconds: 15) {
        (try? replica.call("MGET", "n", "t").words) == (try? primary.call("MGET", "n", "t").words)
      })
    #expect(try replica.call("GET", "n").integer == 150)
    #expect(field("sync_full", primary, "stats") == "1")
  }

  @Test func whatThePrimarySaysWaitsForASlowScript() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet, ["--busy-reply-threshold", "10"])
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try follow(replica, primaryServer)
    try replica.send("EVAL", "while true do end", "0")
    // Whose command came in the same turn as the script waits for it.
    #expect(
      try eventually {
        let client = try replicaServer.connect()
        client.setTimeout(seconds: 1)
        return (try? client.call("PING").text.hasPrefix("-BUSY")) == true
      })
    let other = try replicaServer.connect()
    for _ in 0..<20 { try primary.call("INCR", "n") }
    // Turns within the script see that the primary sent something.
    for _ in 0..<20 { #expect(try other.call("PING").isError) }
    #expect(try other.call("SCRIPT", "KILL").word == "OK")
    #expect(try replica.receive().isError)
    #expect(eventually { (try? other.call("GET", "n").integer) == 20 })
    #expect(field("sync_full", primary, "stats") == "1")
  }

  @Test func aWritableReplicaRemovesItsOwnDeadKeys() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet, ["--replica-read-only", "no"])
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try follow(replica, primaryServer)
    try primary.call("DEBUG", "SET-ACTIVE-EXPIRE", "0")
    try primary.call("SET", "theirs", "1", "PX", "10")
    #expect(eventually { (try? replica.call("DBSIZE").integer) == 1 })
    for (key, time) in [("a", "30"), ("b", "5"), ("c", "100000")] { try replica.call("SET", key, "1", "PX", time) }
    try replica.call("PEXPIRE", "c", "20")
    try replica.call("PERSIST", "c")
    #expect(eventually { (try? replica.call("DBSIZE").integer) == 2 })
    #expect(try replica.call("EXISTS", "a", "b", "c").integer == 1)
    // What the primary's key was is not what a write here goes on with.
    #expect(try replica.call("INCR", "theirs").integer == 1)
    #expect(try replica.call("TTL", "theirs").integer == -1)
    #expect(try replica.call("DBSIZE").integer == 2)
  }

  @Test func aPrimaryThatIsStartedAgainLetsItsReplicasGoOn() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let options = ["--dir", directory.path, "--save", "3600 1"]
    let first = try start(.martlet, options)
    let primary = try first.connect()
    let replicaServer = try start(.martlet)
    let replica = try replicaServer.connect()
    try follow(replica, first)
    try primary.call("SELECT", "3")
    for i in 0..<10 { try primary.call("SET", "k\(i)", "v") }
    try primary.call("SET", "mortal", "v", "PX", "1")
    let id = field("master_replid", primary)
    try primary.send("SHUTDOWN")
    #expect(first.waitForEnd(seconds: 10) == 0)

    let second = try start(.martlet, options)
    let again = try second.connect()
    #expect(field("master_replid2", again) == id)
    try follow(replica, second)
    #expect(field("sync_partial_ok", again, "stats") == "1")
    #expect(field("sync_full", again, "stats") == "0")
    try again.call("SET", "k", "after")
    #expect(eventually { (try? replica.call("GET", "k").word) == "after" })
    try replica.call("SELECT", "3")
    #expect(try replica.call("DBSIZE").integer == 10)
  }
}
