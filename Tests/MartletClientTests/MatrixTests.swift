import Foundation
import MartletTesting
import NIOCore
import TestSupport
import Testing

@testable import MartletClient

/// A server and how it is spoken to: every test of the matrix runs against all of them.
struct Peer: Sendable, CustomTestStringConvertible {
  let program: TestServer.Program
  let protocolVersion: ProtocolVersion
  var batching = ClientConfiguration.Batching.automatic

  static let all = [
    Peer(program: .martlet, protocolVersion: .resp3), Peer(program: .martlet, protocolVersion: .resp2),
    Peer(program: .redis, protocolVersion: .resp3), Peer(program: .redis, protocolVersion: .resp2),
  ]
  static let both = [
    Peer(program: .martlet, protocolVersion: .resp3), Peer(program: .redis, protocolVersion: .resp3),
  ]

  var testDescription: String { "\(program) \(protocolVersion) \(batching)" }

  var configuration: ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.protocolVersion = protocolVersion
    configuration.batching = batching
    return configuration
  }

  func withClient(_ directives: [String: String] = [:], _ body: (Client) async throws -> Void) async throws {
    try await withTestServer(program, directives: directives, configuration: configuration, body)
  }
}

@Test(arguments: Peer.all)
func stringsComeBackAsTheyWere(_ peer: Peer) async throws {
  try await peer.withClient { client in
    #expect(try await client.get("k") == nil)
    #expect(try await client.set("k", "v"))
    #expect(try await client.get("k") == "v")
    #expect(try await client.set("k", "w", condition: .nx) == false)
    #expect(try await client.setGet("k", "x", expiration: .px(60_000)) == "v")
    #expect(try await client.pttl("k") > 50_000)
    #expect(try await client.incrby("n", 5) == 5)
    #expect(try await client.incrbyfloat("n", 0.5) == 5.5)
    #expect(try await client.mset(["a": 1, "b": "two"]) == OK())
    #expect(try await client.mget("a", "b", "none") == ["1", "two", nil])
    #expect(try await client.mget(["b"]) == ["two"])
    #expect(try await client.send(GET("a"), as: Int.self) == 1)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try await client.set("bytes", bytes)
    #expect(try await client.get("bytes")?.bytes == bytes)
    #expect(try await client.strlen("bytes") == 100_000)
    #expect(try await client.getrange("k", 0, 0) == "x")
    #expect(try await client.bitcount("k", start: .init(0, 0)) == 4)
    #expect(
      try await client.bitfield("f", operations: [.write(operation: .set(encoding: "u8", offset: 0, value: 7))]) == [0])
    #expect(try await client.lcsLength("a", "b") == 0)
  }
}

@Test(arguments: Peer.all)
func collectionsComeBackAsTheyWere(_ peer: Peer) async throws {
  try await peer.withClient { client in
    #expect(try await client.hset("h", ["name": "Ada", "born": 1815]) == 2)
    #expect(try await client.hgetall("h") == ["name": "Ada", "born": "1815"])
    #expect(try await client.hmget("h", "born", "died") == ["1815", nil])
    #expect(try await client.hrandfieldWithValues("h", count: 5).count == 2)
    #expect(try await client.rpush("l", "a", "b", "c") == 3)
    #expect(try await client.lrange("l", 0, -1) == ["a", "b", "c"])
    #expect(try await client.lpop("l") == "a")
    #expect(try await client.lpop("l", count: 2) == ["b", "c"])
    #expect(try await client.lpop("l", count: 2) == nil)
    #expect(try await client.sadd("s", "x", "y") == 2)
    #expect(try await client.smembers("s") == ["x", "y"])
    #expect(try await client.smismember("s", "x", "z") == [true, false])
    #expect(try await client.zadd("z", ["a": 1, "b": 2.5, "c": 3]) == 3)
    #expect(try await client.zaddIncr("z", ["a": 1]) == 2)
    #expect(try await client.zscore("z", "b") == 2.5)
    #expect(try await client.zrange("z", 0, -1) == ["a", "b", "c"])
    let scored = try await client.zrangeWithScores("z", "-inf", "(3", sortby: .byscore, limit: (offset: 0, count: 9))
    #expect(scored.members == [ScoredMember("a", score: 2), ScoredMember("b", score: 2.5)])
    #expect(try await client.zrank("z", "c") == 2)
    #expect(try await client.zcount("z", 2, "+inf") == 3)
    #expect(try await client.zpopmin("z").members == [ScoredMember("a", score: 2)])
    #expect(try await client.zmpop(["none", "z"], end: .max)?.value.members == [ScoredMember("c", score: 3)])
    #expect(try await client.lmpop(["none"], side: .left) == nil)
    #expect(try await client.geoadd("g", [(longitude: 13.361389, latitude: 38.115556, member: "Palermo")]) == 1)
    let near = try await client.geosearch(
      "g", from: .fromlonlat(longitude: 13, latitude: 38), by: .byradius(radius: 100, unit: .km), order: .asc)
    #expect(near == ["Palermo"])
    #expect(try await client.geopos("g", member: ["Palermo", "Rome"]).map { $0 == nil } == [false, true])
    #expect(try await client.pfadd("p", element: ["a", "b"]))
    #expect(try await client.pfcount("p") == 2)
    var cursor: RESPString = "0"
    var keys: Set<RESPString> = []
    repeat {
      let page = try await client.scan(cursor, pattern: "*", count: 100)
      keys.formUnion(page.elements)
      cursor = page.cursor
    } while cursor != "0"
    #expect(keys == ["h", "s", "z", "g", "p"])
  }
}

@Test(arguments: Peer.all)
func streamsComeBackAsTheyWere(_ peer: Peer) async throws {
  try await peer.withClient { client in
    #expect(try await client.xadd("x", ["a": 1, "b": 2], id: .id("1-1")) == "1-1")
    #expect(
      try await client.xadd("x", ["a": 3], trim: .init(strategy: .maxlen, threshold: 10, exactness: .approximately))
        != nil)
    #expect(try await client.xadd("none", ["a": 3], nomkstream: true) == nil)
    let entries = try await client.xrange("x", "-", "+")
    #expect(entries.count == 2 && entries[0]["b"] == "2")
    #expect(try await client.xread(["x"], id: ["0"])?["x"]?.first?.id == "1-1")
    #expect(try await client.xread(["none"], id: ["0"]) == nil)
    try await client.xgroupCreate("x", "g", id: .id("0"))
    #expect(try await client.xreadgroup("g", "me", ["x"], id: [">"], count: 1)?["x"]?.map(\.id) == ["1-1"])
    #expect(try await client.xpending("x", "g", "-", "+", count: 9).map(\.consumer) == ["me"])
    #expect(try await client.xautoclaim("x", "g", "you", minIdleMilliseconds: 0, "0").entries.map(\.id) == ["1-1"])
    #expect(try await client.xack("x", "g", "1-1") == 1)
    #expect(try await client.xinfoGroups("x").first?["name"]?.string == "g")
  }
}

@Test(arguments: Peer.all)
func errorsAreTypedAndLeaveTheConnectionInStep(_ peer: Peer) async throws {
  try await peer.withClient { client in
    try await client.set("k", "text")
    await #expect { try await client.incr("k") } throws: { error in
      if case MartletError.server(let error) = error { error.code == "ERR" } else { false }
    }
    await #expect { try await client.lpush("k", "a") } throws: { error in
      if case MartletError.server(let error) = error { error.code == "WRONGTYPE" } else { false }
    }
    await #expect(throws: MartletError.needsOwnConnection("SELECT")) { try await client.send(["select", 1]) }
    await #expect(throws: MartletError.needsOwnConnection("WATCH")) { try await client.watch("k") }
    await #expect(throws: MartletError.self) { try await client.send([]) }
    #expect(try await client.get("k") == "text")
  }
}

@Test(arguments: Peer.all)
func pipelinesAndTransactionsHaveTypedResults(_ peer: Peer) async throws {
  try await peer.withClient { client in
    let (name, visits, missing) = try await client.pipeline(
      SETEX("name", seconds: 100, "Ada"), INCR("visits"), GET("x"))
    #expect(name == OK() && visits == 1 && missing == nil)
    let (good, bad, after) = try await client.pipelineResults(GET("name"), INCR("name"), INCR("visits"))
    #expect(try good.get() == "Ada")
    #expect(throws: MartletError.self) { try bad.get() }
    #expect(try after.get() == 2)
    #expect(try await client.pipeline((0..<1000).map { INCRBY("sum", $0) }).last == 499_500)
    let (a, b) = try await client.transaction(INCR("a"), SET("b", "1"))
    #expect(a == 1 && b)
    await #expect(throws: MartletError.self) { try await client.transaction(INCR("a"), Nonsense()) }
    #expect(try await client.get("a") == "1")
    // The first attempt is spoilt by another client.
    var attempts = 0
    let total = try await client.transaction(watching: "a") { connection in
      attempts += 1
      let value = try await connection.send(GET("a"), as: Int.self)
      if attempts == 1 { try await client.set("a", 10) }
      return SET("a", value * 2)
    }
    #expect(total && attempts == 2)
    #expect(try await client.get("a") == "20")
    await #expect(throws: MartletError.transactionAborted) {
      try await client.transaction(watching: "a", attempts: 2) { connection in
        try await client.incr("a")
        return (INCR("a"), INCR("b"))
      }
    }
  }
}

private struct Nonsense: Command {
  typealias Response = RESPValue
  static let name = "NONSENSE"
  func encode(into encoder: inout CommandEncoder) { encoder.append(word: "NONSENSE") }
}

@Test(arguments: Peer.all)
func blockingCommandsDoNotHoldUpOthers(_ peer: Peer) async throws {
  try await peer.withClient { client in
    let popped = Task { try await client.blpop("queue", timeout: 10) }
    let read = Task { try await client.xread(["stream"], id: ["$"], block: 10_000) }
    let raw = Task { try await client.send(["BLPOP", "raw", 10]) }
    for i in 0..<100 { #expect(try await client.incr("n") == i + 1) }
    // Both must be waiting before anything comes.
    while try await client.clientList().string.components(separatedBy: "flags=b").count < 4 {
      try await Task.sleep(for: .milliseconds(5))
    }
    try await client.rpush("queue", "job")
    try await client.rpush("raw", "job")
    try await client.xadd("stream", ["a": "b"])
    #expect(try await popped.value?.value == "job")
    #expect(try await raw.value.elements?.last?.string == "job")
    #expect(try await read.value?["stream"]?.first?["a"] == "b")
    let cancelled = Task { try await client.blpop("queue", timeout: 60) }
    try await Task.sleep(for: .milliseconds(20))
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    // The connection of the cancelled command is closed, so that it takes no element.
    while try await client.clientList().string.contains("flags=b") { try await Task.sleep(for: .milliseconds(5)) }
    try await client.rpush("queue", "kept")
    #expect(try await client.llen("queue") == 1)
  }
}

@Test(arguments: Peer.all)
func passwordsDatabasesAndNamesAreSetUp(_ peer: Peer) async throws {
  let server = try TestServer(peer.program, directives: ["requirepass": "secret"])
  try await server.waitUntilReady()
  var configuration = peer.configuration
  configuration.clientName = "tester"
  let client = try Client(url: "redis://:secret@127.0.0.1:\(server.port)/5", configuration: configuration)
  try await client.set("k", "v")
  let info = try await client.clientInfo().string
  #expect(
    info.contains("db=5") && info.contains("name=tester")
      && info.contains("resp=\(peer.protocolVersion == .resp3 ? 3 : 2)"))
  await #expect {
    try await Client(.standalone(server.address), configuration: peer.configuration).get("k")
  } throws: { error in
    if case MartletError.server(let error) = error { error.code == "NOAUTH" } else { false }
  }
  let socket = try Client(url: "unix://:secret@\(server.socketPath)?db=5", configuration: configuration)
  #expect(try await socket.get("k") == "v")
}

@Test(arguments: Peer.both)
func theClientOutlivesItsServer(_ peer: Peer) async throws {
  let first = try TestServer(peer.program)
  try await first.waitUntilReady()
  var configuration = peer.configuration
  configuration.connectionAttempts = 1000
  configuration.backoff.longest = .milliseconds(20)
  let client = Client(.standalone(first.address), configuration: configuration)
  try await client.set("k", "v")
  first.stop()
  // Reads wait for the server that comes after.
  let read = Task { try await client.get("k") }
  let second = try TestServer(peer.program, directives: ["port": "\(first.port)"])
  #expect(try await read.value == nil)
  withExtendedLifetime(second) {}
}

@Test func batchingCanBeSwitchedOff() async throws {
  for program in [TestServer.Program.martlet, .redis] {
    let peer = Peer(program: program, protocolVersion: .resp3, batching: .off)
    try await peer.withClient { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for i in 0..<200 { group.addTask { try await client.incrby("n", i) } }
        try await group.waitForAll()
      }
      #expect(try await client.get("n") == "19900")
      #expect(try await client.clientList().string.split(separator: "\n").count > 1)
    }
  }
}

@Test(arguments: Peer.both)
func invalidationsReachListeners(_ peer: Peer) async throws {
  try await peer.withClient { client in
    let listener = Invalidations()
    client.addPushListener(listener) { _, _ in [["CLIENT", "TRACKING", "ON"]] }
    _ = try await client.get("k")
    let other = Client(.standalone((client.sharedConnections[0]).id.node), configuration: peer.configuration)
    try await other.set("k", "1")
    while listener.keys.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    #expect(listener.keys == ["k"])
    try await other.flushall()
    while listener.keys.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(listener.keys == ["k", "*"])
  }
}

private final class Invalidations: PushListener {
  private let heard = Lock<[String]>([])
  var keys: [String] { heard.value }
  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {}
  func closed(_ connection: ConnectionID, generation: UInt64) {}
  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {
    guard push.kind == "invalidate", let first = push.elements.first else { return }
    heard.change { $0 += first.isNull ? ["*"] : (first.elements ?? []).compactMap(\.string) }
  }
}

/// The generated sources are what the declarations say.
@Test func generatedCommandsAreUpToDate() throws {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let program = ServerProcess.martlet.deletingLastPathComponent().appendingPathComponent("generate-commands")
  let (code, output) = try runProgram(
    program.path, ["--check", root.appendingPathComponent("Sources/MartletClient/Commands/Generated").path])
  #expect(code == 0, "\(output)")
}
