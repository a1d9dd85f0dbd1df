import MartletClient
import TestSupport
import Testing

@testable import MartletCache

/// A cache on a cluster: every node says what becomes of its own keys, and of those that were its own nobody is believed.
@Test func aCacheIsRightOnAClusterWhateverMoves() async throws {
  let cluster = try RedisCluster()
  var settings = ClientConfiguration()
  settings.backoff.longest = .milliseconds(50)
  let seed = Address.host("127.0.0.1", port: cluster.nodes[0].port)
  let (client, other) = (
    Client(.cluster([seed]), configuration: settings), Client(.cluster([seed]), configuration: settings)
  )
  let cache = Cache<Int, String>(client, name: "c", codec: .utf8)
  defer {
    cache.close()
    client.close()
    other.close()
  }
  func keep(_ keys: [Int]) async throws {
    try await until("all are kept") {
      keys.allSatisfy { cache.cached($0) != nil }
    } asking: {
      for key in keys { _ = try await cache.get(key) }
    }
  }

  // Keys of all nodes.
  let keys = Array(0..<30)
  for key in keys { try await other.set("c:\(key)", "one") }
  try await keep(keys)
  for key in keys { try await other.set("c:\(key)", "two") }
  try await until("all changes are known") { keys.allSatisfy { cache.cached($0) == nil } }
  #expect(try await cache.get(keys).values.allSatisfy { $0 == "two" })
  try await cache.set(1, "own", tags: ["t"])
  try await cache.update(2) { $0 = ($0 ?? "") + "!" }
  #expect(try await cache.get(1) == "own")
  #expect(try await cache.get(2) == "two!")
  try await cache.invalidate(tag: "t")
  #expect(try await cache.get(1) == nil)

  // Of a key that is not there its old node will not say that it was written at the new one.
  let slot = try cluster.call(0, "CLUSTER", "KEYSLOT", "c:absent").integer ?? 0
  let absent = Cache<String, String>(client, name: "c", codec: .utf8)
  defer { absent.close() }
  try await until("its absence is kept") {
    absent.cached("absent") != nil
  } asking: {
    _ = try await absent.get("absent")
  }
  let owner = try cluster.owner(ofSlot: slot)
  try cluster.move(slot: slot, from: owner, to: (owner + 1) % 3)
  try await other.set("c:absent", "there")
  // Whoever asks for a key of the slot learns of it, and the cache with it.
  _ = try await client.send(["TYPE", "c:absent"])
  try await until("the loss of the slot is known") { absent.cached("absent") == nil }
  #expect(try await absent.get("absent") == "there")
  try await until("it is kept again") {
    absent.cached("absent") != nil
  } asking: {
    _ = try await absent.get("absent")
  }
  try await other.set("c:absent", "changed")
  try await until("the new node's word is heard") { absent.cached("absent") == nil }
  #expect(try await absent.get("absent") == "changed")
}

/// Waits for a condition, doing something before each look.
private func until(
  _ what: String, _ condition: () throws -> Bool, asking ask: () async throws -> Void
) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  repeat {
    try await ask()
    if try condition() { return }
    try await Task.sleep(for: .milliseconds(2))
  } while ContinuousClock.now < deadline
  throw TestFailure("it did not come to be that \(what)")
}
