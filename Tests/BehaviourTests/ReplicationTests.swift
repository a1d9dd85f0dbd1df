import Foundation
import TestSupport
import Testing

/// Primaries and replicas of both kinds, in every combination: what one has, the other has.
@Suite(.serialized) struct ReplicationTests {
  private func start(_ kind: ServerProcess.Kind, _ options: [String] = []) throws -> ServerProcess {
    try ServerProcess(kind, options: ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"] + options)
  }

  private func field(_ name: String, _ client: RESPClient) throws -> String {
    let lines = try client.call("INFO", "replication").text.split(separator: "\r\n")
    return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) } ?? ""
  }

  private func position(_ client: RESPClient) throws -> Int { Int(try field("master_repl_offset", client)) ?? -1 }

  private func isConnected(_ client: RESPClient) -> Bool {
    (try? field("master_link_status", client)) == "up"
  }

  /// Whether both have the same data at the same position.
  private func agree(_ clients: [RESPClient]) -> Bool {
    eventually(seconds: 15) {
      guard let positions = try? clients.map(position), Set(positions).count == 1,
        let digests = try? clients.map({ try $0.call("DEBUG", "DIGEST").word })
      else { return false }
      return Set(digests).count == 1
    }
  }

  /// Changes of every kind, as one random walk.
  private func load(_ client: RESPClient, seed: UInt64, commands: Int = 250) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<commands {
      let key = "k\(random.below(40))"
      let value = String(repeating: "v", count: random.one(of: [1, 10, 100, 70_000])) + "\(random.below(100))"
      let words: [String] =
        switch random.below(14) {
        case 0: ["SET", key, value]
        case 1: ["SET", key, value, "PX", "\(1 + random.below(50))"]
        case 2: ["DEL", key]
        case 3: ["LPUSH", "l" + key, value, "b"]
        case 4: ["SADD", "s" + key, "\(random.below(50))", value]
        case 5: ["SPOP", "s" + key]
        case 6: ["ZADD", "z" + key, "\(random.below(9))", value]
        case 7: ["HSET", "h" + key, "f\(random.below(9))", value]
        case 8: ["XADD", "x" + key, "*", "f", value]
        case 9: ["EXPIRE", "l" + key, "\(random.below(2))"]
        case 10: ["INCR", "n" + key]
        case 11: ["SELECT", "\(random.below(3))"]
        case 12: ["MULTI"]
        default: ["RENAME", "n" + key, "n"]
        }
      try client.call(words.map { Array($0.utf8) })
      if words == ["MULTI"] {
        try client.call("SET", key, "in a transaction")
        try client.call("INCRBYFLOAT", "f" + key, "0.1")
        try client.call("EXEC")
      }
    }
  }

  @Test(arguments: [
    (ServerProcess.Kind.martlet, ServerProcess.Kind.redis), (.redis, .martlet), (.martlet, .martlet),
  ])
  func aReplicaHasWhatItsPrimaryHas(_ first: ServerProcess.Kind, _ second: ServerProcess.Kind) throws {
    let primaryServer = try start(first)
    let replicaServer = try start(second)
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try load(primary, seed: SeededRandom.runSeed())
    #expect(try replica.call("REPLICAOF", "127.0.0.1", "\(primaryServer.port)").text == "+OK\r\n")
    // Some of it comes with the snapshot, some after.
    try load(primary, seed: SeededRandom.runSeed() &+ 1)
    #expect(eventually(seconds: 15) { isConnected(replica) })
    try load(primary, seed: SeededRandom.runSeed() &+ 2)
    #expect(agree([primary, replica]))
    #expect(try primary.call("WAIT", "1", "5000").integer == 1)
    #expect(try replica.call("SET", "a", "b").text.hasPrefix("-READONLY"))

    // A link that breaks is mended without a new snapshot.
    try primary.call("CLIENT", "KILL", "TYPE", "replica")
    try load(primary, seed: SeededRandom.runSeed() &+ 3, commands: 50)
    #expect(agree([primary, replica]))
    let lines = try primary.call("INFO", "stats").text.split(separator: "\r\n")
    #expect(lines.contains("sync_full:1"))
    #expect(lines.contains("sync_partial_ok:1"))
  }

  @Test func aChainCountsTheSamePositionsAndAPromotedReplicaGoesOn() throws {
    let servers = [try start(.redis), try start(.martlet), try start(.martlet)]
    let clients = try servers.map { try $0.connect() }
    try load(clients[0], seed: 5, commands: 100)
    for i in 1...2 {
      try clients[i].call("REPLICAOF", "127.0.0.1", "\(servers[i - 1].port)")
      #expect(eventually(seconds: 15) { isConnected(clients[i]) })
    }
    try load(clients[0], seed: 6, commands: 100)
    #expect(agree(clients))

    try clients[1].call("REPLICAOF", "NO", "ONE")
    #expect(try clients[1].call("SET", "promoted", "yes").text == "+OK\r\n")
    #expect(try clients[1].call("ROLE").words.first == "master")
    // The old primary has nothing that the new one has not: it goes on where it is.
    try clients[0].call("REPLICAOF", "127.0.0.1", "\(servers[1].port)")
    #expect(agree(clients))
    #expect(try clients[1].call("INFO", "stats").text.contains("sync_partial_ok:1\r\n"))
    #expect(try clients[2].call("GET", "promoted").word == "yes")
  }

  @Test func onAReplicaADeadKeyIsUnseenUntilThePrimaryRemovesIt() throws {
    let primaryServer = try start(.martlet)
    let replicaServer = try start(.martlet)
    let primary = try primaryServer.connect()
    let replica = try replicaServer.connect()
    try replica.call("REPLICAOF", "127.0.0.1", "\(primaryServer.port)")
    #expect(eventually(seconds: 15) { isConnected(replica) })
    try primary.call("DEBUG", "SET-ACTIVE-EXPIRE", "0")
    try primary.call("SET", "a", "1", "PX", "20")
    #expect(try primary.call("WAIT", "1", "5000").integer == 1)
    #expect(eventually { (try? replica.call("GET", "a").word) == "nil" })
    #expect(try replica.call("DBSIZE").integer == 1)
    #expect(try primary.call("GET", "a").word == "nil")
    #expect(eventually { (try? replica.call("DBSIZE").integer) == 0 })
  }

  @Test func waitCountsThoseWhoAcknowledged() throws {
    let server = try start(.martlet)
    let client = try server.connect()
    try client.call("SET", "a", "b")
    #expect(try client.call("WAIT", "0", "0").integer == 0)
    #expect(try client.call("WAIT", "1", "50").integer == 0)
    let replicaServer = try start(.redis, ["--replicaof", "127.0.0.1", "\(server.port)"])
    let replica = try replicaServer.connect()
    #expect(eventually(seconds: 15) { isConnected(replica) })
    try client.call("SET", "a", "c")
    #expect(try client.call("WAIT", "1", "5000").integer == 1)
    #expect(try client.call("WAIT", "2", "50").integer == 1)
    #expect(try client.call("MULTI").word == "OK")
    try client.call("WAIT", "2", "0")
    #expect(try client.call("EXEC").words == ["1"])
  }

  @Test func withoutEnoughReplicasNothingIsWritten() throws {
    let server = try start(.martlet, ["--min-replicas-to-write", "1"])
    let client = try server.connect()
    #expect(try client.call("SET", "a", "b").text == "-NOREPLICAS Not enough good replicas to write.\r\n")
    #expect(try client.call("GET", "a").word == "nil")
    let replicaServer = try start(.martlet, ["--replicaof", "127.0.0.1", "\(server.port)"])
    #expect(eventually(seconds: 15) { (try? client.call("SET", "a", "b").text) == "+OK\r\n" })
    #expect(try replicaServer.connect().call("PING").word == "PONG")
    try client.call("CONFIG", "SET", "min-replicas-to-write", "2")
    #expect(try client.call("SET", "a", "b").isError)
    try client.call("CONFIG", "SET", "min-replicas-to-write", "0")
    #expect(!(try client.call("SET", "a", "b").isError))
  }

  @Test func aReplicaThatDoesNotReadIsGivenUp() throws {
    let server = try start(
      .martlet, ["--client-output-buffer-limit", "replica", "2mb", "0", "0", "--repl-backlog-size", "1mb"])
    let stream = try server.connect()
    try stream.send("SYNC")
    let client = try server.connect()
    #expect(eventually { (try? field("connected_slaves", client)) == "1" })
    let value = String(repeating: "x", count: 100_000)
    #expect(
      eventually(seconds: 15) {
        _ = try? client.call("SET", "a", value)
        return (try? field("connected_slaves", client)) == "0"
      })
    #expect(eventually { server.logText.contains("overcoming of output buffer limits") })
  }
}
