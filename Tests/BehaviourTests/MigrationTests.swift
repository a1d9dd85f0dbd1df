import Foundation
import TestSupport
import Testing

/// MIGRATE: a key is here or there, whatever happens on the way.
@Suite(.serialized) struct MigrationTests {
  private let sourceServer: ServerProcess
  private let source: RESPClient

  init() throws {
    sourceServer = try ServerProcess(.martlet, options: ["--appendonly", "yes", "--enable-debug-command", "yes"])
    source = try sourceServer.connect()
  }

  @discardableResult
  private func migrate(
    _ client: RESPClient, to target: ServerProcess, _ key: String, _ rest: String..., timeout: Int = 5000
  ) throws -> Reply {
    let words = ["MIGRATE", "127.0.0.1", "\(target.port)", key, "0", "\(timeout)"] + rest
    return try client.call(words.map { Array($0.utf8) })
  }

  /// One value of each type in its small and its large form.
  private func fill(_ client: RESPClient) throws -> [String] {
    let many = (0..<300).map { "\($0)x" }
    let pairs = many.flatMap { ["1", $0] }
    let commands: [[String]] = [
      ["SET", "s", "text"], ["SET", "i", "12345"], ["SET", "b", String(repeating: "long ", count: 20_000)],
      ["RPUSH", "l", "a", "b"], ["RPUSH", "L"] + many, ["SADD", "n", "1", "2"], ["SADD", "S"] + many,
      ["HSET", "h", "f", "v"], ["HSET", "H"] + pairs.map { $0 }, ["ZADD", "z", "1.5", "m"], ["ZADD", "Z"] + pairs,
      ["XADD", "x", "1-1", "f", "v"], ["XGROUP", "CREATE", "x", "g", "0"], ["PFADD", "p"] + many,
      ["SET", "t", "mortal", "PX", "100000"],
    ]
    for command in commands { #expect(try !client.call(command.map { Array($0.utf8) }).isError) }
    return ["s", "i", "b", "l", "L", "n", "S", "h", "H", "z", "Z", "x", "p", "t"]
  }

  @Test func everyTypeMovesToRedisAndBackUnchanged() throws {
    let targetServer = try ServerProcess(.redis, options: ["--enable-debug-command", "yes"])
    let target = try targetServer.connect()
    let keys = try fill(source)
    let digest = try source.call("DEBUG", "DIGEST").word
    #expect(
      try source.call(
        (["MIGRATE", "127.0.0.1", "\(targetServer.port)", "", "0", "5000", "KEYS", "none"] + keys).map {
          Array($0.utf8)
        }
      ).word == "OK")
    #expect(try source.call("DBSIZE").integer == 0)
    #expect(try target.call("DBSIZE").integer == keys.count)
    #expect((90_000...100_000).contains(try target.call("PTTL", "t").integer ?? 0))
    #expect(try target.call("DEBUG", "DIGEST").word == digest)
    for key in keys { #expect(try migrate(target, to: sourceServer, key).word == "OK") }
    #expect(try target.call("DBSIZE").integer == 0)
    #expect(try source.call("DEBUG", "DIGEST").word == digest)
    #expect((90_000...100_000).contains(try source.call("PTTL", "t").integer ?? 0))

    // What moved away is gone after a restart, too.
    #expect(try migrate(source, to: targetServer, "s").word == "OK")
    #expect(try source.call("DEBUG", "LOADAOF").word == "OK")
    #expect(try source.call("EXISTS", "s", "i").integer == 1)
  }

  @Test func keysThatTheTargetRefusesStay() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    try source.call("MSET", "a", "1", "b", "2", "c", "3")
    try target.call("SET", "b", "other")
    let reply = try source.call("MIGRATE", "127.0.0.1", "\(targetServer.port)", "", "0", "5000", "KEYS", "a", "b", "c")
    #expect(reply.word == "-ERR Target instance replied with error: BUSYKEY Target key name already exists.")
    #expect(try source.call("MGET", "a", "b", "c").words == ["nil", "2", "nil"])
    #expect(try target.call("MGET", "a", "b", "c").words == ["1", "other", "3"])
    #expect(try migrate(source, to: targetServer, "b", "COPY", "REPLACE").word == "OK")
    #expect(try source.call("GET", "b").word == "2")
    #expect(try target.call("GET", "b").word == "2")
    #expect(try migrate(source, to: targetServer, "a").word == "NOKEY")
    // A password that is wrong, or not wanted: what came after it may be anywhere.
    #expect(try migrate(source, to: targetServer, "b", "REPLACE", "AUTH", "x").word.hasPrefix("-ERR Target instance"))
    #expect(try source.call("GET", "b").word == "2")
  }

  @Test func othersGoOnWhileAKeyIsOnItsWay() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    let other = try sourceServer.connect()
    let writer = try sourceServer.connect()
    try source.call("MSET", "k", "old", "free", "1")
    try target.call("CLIENT", "PAUSE", "20000", "WRITE")
    try source.send("MIGRATE", "127.0.0.1", "\(targetServer.port)", "k", "0", "20000")
    #expect(try eventually { try other.call("INFO", "clients").text.contains("blocked_clients:1\r\n") })
    #expect(try other.call("GET", "k").word == "old")
    #expect(try other.call("INCR", "free").integer == 2)
    // Neither a write of the key nor a script, which may write anything, comes in between.
    try writer.send("APPEND", "k", "new")
    let script = try sourceServer.connect()
    try script.send("EVAL", "return redis.call('APPEND', KEYS[1], 'x')", "1", "k")
    #expect(writer.drain(quietMilliseconds: 50).isEmpty)
    #expect(script.drain(quietMilliseconds: 0).isEmpty)
    #expect(try other.call("GET", "k").word == "old")
    try target.call("CLIENT", "UNPAUSE")
    #expect(try source.receive().word == "OK")
    #expect(try target.call("GET", "k").word == "old")
    #expect(try writer.receive().integer == 3)
    #expect(try script.receive().integer == 4)
    #expect(try other.call("GET", "k").word == "newx")
  }

  @Test func aKeyThatWasChangedEvenSoStays() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    let other = try sourceServer.connect()
    let mover = try sourceServer.connect()
    try source.call("RPUSH", "k", "1")
    try mover.send("BLMOVE", "list", "k", "LEFT", "RIGHT", "0")
    #expect(try eventually { try other.call("INFO", "clients").text.contains("blocked_clients:1\r\n") })
    try target.call("CLIENT", "PAUSE", "20000", "WRITE")
    try source.send("MIGRATE", "127.0.0.1", "\(targetServer.port)", "k", "0", "20000")
    #expect(try eventually { try other.call("INFO", "clients").text.contains("blocked_clients:2\r\n") })
    // Whoever waited already is served.
    try other.call("RPUSH", "list", "2")
    #expect(try mover.receive().word == "2")
    try target.call("CLIENT", "UNPAUSE")
    #expect(try source.receive().word == "-ERR Keys were changed while they were migrated, and are still here")
    #expect(try other.call("LRANGE", "k", "0", "-1").words == ["1", "2"])
  }

  @Test func whoeverAskedMayGoAway() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    let other = try sourceServer.connect()
    try source.call("SET", "k", "v")
    try target.call("CLIENT", "PAUSE", "20000", "WRITE")
    let id = try source.call("CLIENT", "ID").word
    try source.send("MIGRATE", "127.0.0.1", "\(targetServer.port)", "k", "0", "20000")
    #expect(try eventually { try other.call("INFO", "clients").text.contains("blocked_clients:1\r\n") })
    #expect(try other.call("CLIENT", "UNBLOCK", id).integer == 0)
    #expect(try other.call("CLIENT", "KILL", "ID", id).integer == 1)
    #expect(try other.call("EXISTS", "k").integer == 1)
    try target.call("CLIENT", "UNPAUSE")
    #expect(try eventually { try other.call("EXISTS", "k").integer == 0 })
    #expect(try target.call("GET", "k").word == "v")
    #expect(try other.call("DEBUG", "LOADAOF").word == "OK")
    #expect(try other.call("EXISTS", "k").integer == 0)
  }

  @Test func aSilentTargetCostsNoMoreThanTheTimeout() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    try source.call("SET", "k", "v")
    try target.call("CLIENT", "PAUSE", "20000", "WRITE")
    #expect(
      try migrate(source, to: targetServer, "k", timeout: 50).word
        == "-IOERR error or timeout reading to target instance")
    // In a transaction nobody else can go on, and it ends in the same way.
    try source.call("MULTI")
    try migrate(source, to: targetServer, "k", timeout: 50)
    #expect(try source.call("EXEC").words == ["-IOERR error or timeout reading to target instance"])
    #expect(try source.call("GET", "k").word == "v")
    #expect(try source.call("SET", "k", "w").word == "OK")
    targetServer.stop()
    #expect(try migrate(source, to: targetServer, "k").word == "-IOERR error or timeout writing to target instance")
    #expect(try source.call("GET", "k").word == "w")
  }

  @Test func aConnectionIsKeptAndReplacedWhenItIsDead() throws {
    let targetServer = try ServerProcess(.martlet)
    let target = try targetServer.connect()
    func sockets() throws -> Bool { try source.call("INFO", "stats").text.contains("migrate_cached_sockets:1\r\n") }
    try source.call("MSET", "a", "1", "b", "2", "c", "3")
    #expect(try migrate(source, to: targetServer, "a").word == "OK")
    #expect(try sockets())
    #expect(try migrate(source, to: targetServer, "b").word == "OK")
    let lines = try target.call("INFO", "stats").text.split(separator: "\r\n")
    // The test's own connections are the one that tried whether the server is there, and this one.
    #expect(lines.contains("total_connections_received:3"))
    #expect(try (target.call("CLIENT", "KILL", "SKIPME", "yes", "TYPE", "normal").integer ?? 0) >= 1)
    #expect(try migrate(source, to: targetServer, "c").word == "OK")
    #expect(try target.call("MGET", "a", "b", "c").words == ["1", "2", "3"])
  }

  @Test func aKeyMovesBetweenDatabasesOfOneServer() throws {
    try source.call("SET", "k", "v")
    #expect(try source.call("MIGRATE", "127.0.0.1", "\(sourceServer.port)", "k", "3", "5000").word == "OK")
    #expect(try source.call("EXISTS", "k").integer == 0)
    try source.call("SELECT", "3")
    #expect(try source.call("GET", "k").word == "v")
  }
}
