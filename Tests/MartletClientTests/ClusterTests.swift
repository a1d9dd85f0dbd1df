import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MartletClient

private func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

/// Two scripted nodes. What CLUSTER SLOTS says is a test's to change; so is what else they answer.
private final class ScriptedCluster: Sendable {
  typealias Script = @Sendable (_ command: [String], _ node: Int) -> FakeServer.Action

  private let servers = Lock<[FakeServer]>([])
  /// The first slot that is the second node's.
  let border: Lock<Int>

  init(border: Int = 16384, script: @escaping Script) async throws {
    let boxed = Lock(border)
    self.border = boxed
    let servers = servers
    for node in 0..<2 {
      let server = try await FakeServer { command, _ in
        guard command == ["CLUSTER", "SLOTS"] else { return script(command, node) }
        return .reply(Self.slots(boxed.value, servers.value.map(\.port)))
      }
      servers.change { $0.append(server) }
    }
  }

  subscript(node: Int) -> FakeServer { servers.value[node] }
  func moved(_ key: String, to node: Int) -> FakeServer.Action { redirection("MOVED", key, node) }
  func ask(_ key: String, at node: Int) -> FakeServer.Action { redirection("ASK", key, node) }

  private func redirection(_ word: String, _ key: String, _ node: Int) -> FakeServer.Action {
    .reply("-\(word) \(KeySlot.of(.string(key))) 127.0.0.1:\(self[node].port)\r\n")
  }

  private static func slots(_ border: Int, _ ports: [Int]) -> String {
    let ranges = [(0, border - 1, ports[0]), (border, 16383, ports[1])].filter { $0.0 <= $0.1 }
    return "*\(ranges.count)\r\n"
      + ranges.map { "*3\r\n:\($0.0)\r\n:\($0.1)\r\n*3\r\n\(bulk("127.0.0.1")):\($0.2)\r\n\(bulk("id"))" }.joined()
  }

  func client(_ configure: (inout ClientConfiguration) -> Void = { _ in }) -> Client {
    var configuration = ClientConfiguration()
    configuration.backoff.first = .milliseconds(2)
    configuration.topologyRefresh = nil
    configure(&configuration)
    return Client(.cluster([self[0].address]), configuration: configuration)
  }

  /// What a node has heard, beside questions for the map.
  func heard(_ node: Int) -> [String] {
    self[node].commands.filter { $0 != ["CLUSTER", "SLOTS"] }.map { $0.joined(separator: " ") }
  }
}

/// The script of a test that refers to its cluster.
private func withScriptedCluster(
  border: Int = 16384,
  script: @escaping @Sendable (ScriptedCluster?, _ command: [String], _ node: Int) -> FakeServer.Action,
  _ body: (ScriptedCluster) async throws -> Void
) async throws {
  let box = Lock<ScriptedCluster?>(nil)
  let cluster = try await ScriptedCluster(border: border) { script(box.value, $0, $1) }
  box.change { $0 = cluster }
  try await body(cluster)
  box.change { $0 = nil }
}

@Test func aMovedSlotIsLearntByOneRedirection() async throws {
  try await withScriptedCluster(script: { cluster, command, node in
    node == 0 ? cluster!.moved("k", to: 1) : .reply("+\(command[1])\r\n")
  }) { cluster in
    let client = cluster.client()
    for _ in 0..<3 { #expect(try await client.get("k") == "k") }
    #expect(cluster.heard(0) == ["GET k"])
    #expect(cluster.heard(1) == ["GET k", "GET k", "GET k"])
    // And the whole map is asked for anew in the background.
    while cluster[0].commands.count + cluster[1].commands.count < 6 { try await Task.sleep(for: .milliseconds(2)) }
  }
}

@Test func aSlotOnItsWayIsAskedForElsewhereOnce() async throws {
  let isAsked = Lock(false)
  try await withScriptedCluster(script: { cluster, command, node in
    if node == 0 { return cluster!.ask("k", at: 1) }
    let wasAsked = isAsked.value
    isAsked.change { $0 = command == ["ASKING"] }
    return .reply(command == ["ASKING"] || wasAsked ? "+\(command.last!)\r\n" : "-MOVED 1 x:1\r\n")
  }) { cluster in
    let client = cluster.client()
    for _ in 0..<2 { #expect(try await client.get("k") == "k") }
    #expect(cluster.heard(0) == ["GET k", "GET k"])
    #expect(cluster.heard(1) == ["ASKING", "GET k", "ASKING", "GET k"])
    let values = try await client.pipeline(GET("k"), STRLEN("{k}b"), as: String.self)
    #expect(values == ["k", "{k}b"])
  }
}

extension Client {
  fileprivate func pipeline<A: Command, B: Command>(_ a: A, _ b: B, as type: String.Type) async throws -> [String] {
    var batch = Batch(routesByKey: topology.routesByKey)
    try batch.add(a)
    try batch.add(b)
    return try await send(batch).map { try $0.decode(as: String.self) }
  }
}

@Test func serversThatAreAboutToAgreeAreGivenTime() async throws {
  let answers = Lock(["-TRYAGAIN later\r\n", "-CLUSTERDOWN down\r\n", "+done\r\n"])
  try await withScriptedCluster(script: { _, _, _ in
    let next = answers.value[0]
    answers.change { $0.removeFirst() }
    return .reply(next)
  }) { cluster in
    let reply = try await cluster.client().send(["GET", "k"])
    #expect(reply.string == "done")
    #expect(answers.value.isEmpty)
  }
}

@Test func goingRoundAndRoundEnds() async throws {
  try await withScriptedCluster(script: { cluster, _, node in cluster!.moved("k", to: 1 - node) }) { cluster in
    await #expect { try await cluster.client().get("k") } throws: { error in
      if case MartletError.server(let error) = error { error.code == "MOVED" } else { false }
    }
    let count = cluster.heard(0).count + cluster.heard(1).count
    #expect(count > 10 && count < 100)
  }
}

@Test func keysOfSeveralSlotsAreRefusedBeforeAnythingIsSent() async throws {
  try await withScriptedCluster(script: { _, _, _ in .reply("+OK\r\n") }) { cluster in
    let client = cluster.client()
    await #expect(throws: MartletError.crossSlot) { try await client.mget("a", "b") }
    await #expect(throws: MartletError.crossSlot) { try await client.send(["DEL", "a", "b"]) }
    await #expect(throws: MartletError.crossSlot) { try await client.transaction(GET("a"), GET("b")) }
    await #expect(throws: MartletError.crossSlot) {
      try await client.transaction(watching: "a", "b") { _ in GET("a") }
    }
    #expect(cluster.heard(0).isEmpty)
  }
}

@Test func aPipelineIsSplitByNodeAndPutTogetherAgain() async throws {
  try await withScriptedCluster(
    border: 8192,
    script: { cluster, command, node in
      // The second half of the second node's keys has moved to the first.
      let slot = KeySlot.of(.string(command[1]))
      if node == 1 && slot >= 12288 { return cluster!.moved(command[1], to: 0) }
      return .reply("+\(command[1])\r\n")
    }
  ) { cluster in
    let client = cluster.client()
    let keys = (0..<100).map { "key \($0)" }
    let names: [RESPString?] = keys.map { RESPString($0) }
    let values = try await client.pipeline(keys.map { GET($0) })
    #expect(values == names)
    #expect(cluster.heard(0).count + cluster.heard(1).count > 100)
    let first = cluster.heard(0).count
    let again = try await client.pipeline(keys.map { GET($0) })
    #expect(again == names)
    // Each node gets its own in their order.
    let order = cluster.heard(0).dropFirst(first).map { Int($0.dropFirst(8))! }
    #expect(order == order.sorted() && cluster.heard(0).count > first)
  }
}

@Test func aTransactionFollowsItsSlotAsAWhole() async throws {
  try await withScriptedCluster(script: { cluster, command, node in
    switch command[0] {
    case "MULTI": return .reply("+OK\r\n")
    case "EXEC": return .reply(node == 0 ? "-EXECABORT no\r\n" : "*2\r\n:1\r\n:2\r\n")
    default: return node == 0 ? cluster!.moved("k", to: 1) : .reply("+QUEUED\r\n")
    }
  }) { cluster in
    let (a, b) = try await cluster.client().transaction(INCR("k"), INCR("k"))
    #expect(a == 1 && b == 2)
    #expect(cluster.heard(1) == ["MULTI", "INCR k", "INCR k", "EXEC"])
  }
}

@Test func whatANodeThatDiedOwnedIsFoundElsewhere() async throws {
  try await withScriptedCluster(script: { _, command, node in
    node == 0 ? .close : .reply("+\(command[1])\r\n")
  }) { cluster in
    let client = cluster.client { $0.connectionAttempts = 100 }
    let reading = Task { try await client.get("k") }
    while cluster.heard(0).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    cluster.border.change { $0 = 0 }
    #expect(try await reading.value == "k")
  }
}

@Test func nobodyWhoKnowsTheClusterIsATypedError() async throws {
  var configuration = ClientConfiguration()
  configuration.backoff.first = .milliseconds(1)
  let nobody = Client(.cluster([.host("127.0.0.1", port: 1)]), configuration: configuration)
  await #expect { try await nobody.get("k") } throws: { error in
    if case MartletError.cannotConnect = error { true } else { false }
  }
  let server = try await FakeServer { _, _ in .reply("-ERR This instance has cluster support disabled\r\n") }
  let client = Client(.cluster([server.address]), configuration: configuration)
  await #expect { try await client.get("k") } throws: { error in
    if case MartletError.server = error { true } else { false }
  }
  let waiting = Task { try await nobody.get("k") }
  waiting.cancel()
  await #expect(throws: (any Error).self) { try await waiting.value }
}

// MARK: A real one

/// One after the other on the same cluster, which takes longer to begin than they do.
@Test func aRealClusterIsServedWhateverMoves() async throws {
  let cluster = try RedisCluster()
  var configuration = ClientConfiguration()
  configuration.backoff.longest = .milliseconds(50)
  configuration.connectionAttempts = 10
  let client = Client(.cluster([.host("127.0.0.1", port: cluster.nodes[0].port)]), configuration: configuration)
  defer { client.close() }
  try await everyKindOfCommandFindsItsNode(cluster, client)
  try await subscriptionsHearTheWholeCluster(cluster, client)
  try await slotsMoveUnderLoad(cluster, client)
}

private func everyKindOfCommandFindsItsNode(_ cluster: RedisCluster, _ client: Client) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for i in 0..<200 { group.addTask { try await client.set("k\(i)", i) } }
    try await group.waitForAll()
  }
  let values = try await client.pipeline((0..<200).map { GET("k\($0)") })
  #expect(values.map { $0?.string } == (0..<200).map { "\($0)" })
  let sizes = try await client.sendToAll(DBSIZE())
  #expect(sizes.count == 3 && sizes.values.reduce(0, +) == 200 && sizes.values.allSatisfy { $0 > 0 })

  let (a, b) = try await client.transaction(INCRBY("{t}a", 2), INCRBY("{t}b", 3))
  #expect(a == 2 && b == 3)
  let sum = try await client.transaction(watching: "{t}a", "{t}b") { connection in
    let values = try await connection.send(MGET(["{t}a", "{t}b"]), as: [Int].self)
    return SET("{t}sum", values.reduce(0, +), condition: .nx)
  }
  #expect(sum)
  #expect(try await client.get("{t}sum") == "5")
  #expect(try await client.eval("return redis.call('GET', KEYS[1])", key: ["{t}sum"]).string == "5")
  #expect(try await client.send(["OBJECT", "ENCODING", "{t}sum"]).string == "int")

  let popped = Task { try await client.blpop("queue", timeout: 10)?.value }
  try await Task.sleep(for: .milliseconds(50))
  try await client.rpush("queue", "job")
  #expect(try await popped.value == "job")
  try await client.withConnection(for: "mine") { connection in
    try await connection.send(["WATCH", "mine"])
    #expect(try await connection.send(SET("mine", "1")))
  }
  var unbatched = client.configuration
  unbatched.batching = .off
  let other = Client(.cluster([.host("127.0.0.1", port: cluster.nodes[2].port)]), configuration: unbatched)
  #expect(try await other.get("k7") == "7")
  let few = try await other.pipeline((0..<20).map { GET("k\($0)") })
  #expect(few.count == 20)
}

private func subscriptionsHearTheWholeCluster(_ cluster: RedisCluster, _ client: Client) async throws {
  let events = try await client.keyspaceEvents(matching: "e*") { events in
    for i in 0..<30 { try await client.set("e\(i)", i) }
    var keys: Set<String> = []
    for try await case .event(let event) in events {
      keys.insert(event.key.string)
      if keys.count == 30 { break }
    }
    return keys
  }
  #expect(events.count == 30)
  try await client.subscribe(to: "news") { messages in
    for node in 0..<3 { _ = try cluster.call(node, "PUBLISH", "news", "from \(node)") }
    var heard: Set<String> = []
    for try await case .message(let message) in messages {
      heard.insert(message.payload.string)
      if heard.count == 3 { break }
    }
  }
  // A shard channel's slot moves: the subscription goes with it, and says so.
  try await client.subscribe(toShardChannels: "shard") { messages in
    var iterator = messages.makeAsyncIterator()
    try await client.spublish("shard", "before")
    #expect(
      try await iterator.next() == .message(PubSubMessage(channel: "shard", pattern: nil, payload: "before")))
    let slot = KeySlot.of("shard")
    let owner = try cluster.owner(ofSlot: slot)
    try cluster.move(slot: slot, from: owner, to: (owner + 1) % 3)
    try await client.set("{shard}", "learns of it")
    #expect(try await iterator.next() == .gap(.topologyChanged))
    while try await client.spublish("shard", "after") == 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(
      try await iterator.next() == .message(PubSubMessage(channel: "shard", pattern: nil, payload: "after")))
  }
}

/// A slot goes back and forth under load: no command fails, none is lost.
private func slotsMoveUnderLoad(_ cluster: RedisCluster, _ client: Client) async throws {
  let slot = KeySlot.of("moving")
  let isDone = Lock(false)
  let counts = Lock([Int](repeating: 0, count: 4))
  try await withThrowingTaskGroup(of: Void.self) { group in
    for worker in 0..<4 {
      group.addTask {
        while !isDone.value {
          try await client.incr("{moving}\(worker)")
          _ = try await client.pipeline(GET("{moving}\(worker)"), INCR("{moving}p\(worker)"))
          _ = try await client.transaction(INCR("{moving}t\(worker)"), INCR("{moving}u\(worker)"))
          counts.change { $0[worker] += 1 }
        }
      }
    }
    var owner = try cluster.owner(ofSlot: slot)
    for _ in 0..<6 {
      let next = (owner + 1) % 3
      try cluster.beginMove(ofSlot: slot, from: owner, to: next)
      try cluster.moveKeys(ofSlot: slot, from: owner, to: next, count: 3)
      try await Task.sleep(for: .milliseconds(20))
      try cluster.moveKeys(ofSlot: slot, from: owner, to: next)
      try cluster.endMove(ofSlot: slot, to: next)
      try await Task.sleep(for: .milliseconds(20))
      owner = next
    }
    isDone.change { $0 = true }
    try await group.waitForAll()
  }
  for worker in 0..<4 {
    #expect(counts.value[worker] > 0)
    let expected = RESPString("\(counts.value[worker])")
    #expect(try await client.get("{moving}\(worker)") == expected)
    #expect(try await client.get("{moving}p\(worker)") == expected)
  }
}
