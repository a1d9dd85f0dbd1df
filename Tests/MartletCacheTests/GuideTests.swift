import MartletCache
import MartletClient
import MartletTesting
import Testing

// The snippets of docs/CACHE.md; a test of the client compares the two.

private struct User: Codable, Sendable, Equatable {
  var name: String
}

private struct Database: Sendable {
  func user(_ id: Int) async throws -> User? { User(name: "user \(id)") }
  func save(_ id: Int, _ user: User?) async throws {}
}

/// Never run: nobody listens there.
private func connect(_ database: Database) async throws {
  let client = Client(.standalone("localhost"))
  let users = Cache<Int, User>(client, name: "user") { id in try await database.user(id) }

  let ada = try await users.get(42)
  _ = ada
}

@Test func guideHoldsWhatItPromises() async throws {
  try await withTestServer(.redis) { client in
    let database = Database()
    let users = Cache<Int, User>(client, name: "user") { id in try await database.user(id) }
    #expect(try await users.get(42) == User(name: "user 42"))
    #expect(try await client.send(["GET", "user:42"]).string == #"{"name":"user 42"}"#)

    let ada = User(name: "Countess")
    try await users.set(42, ada)
    try await users.update(42) { $0?.name = "Ada" }
    #expect(try await users.get(42) == User(name: "Ada"))
    try await users.remove(42)
    try await users.expire(42)
    #expect(try await users.get(42) == User(name: "user 42"))
    try await users.set(42, ada, tags: ["org:7"])
    try await users.invalidate(tag: "org:7")
    #expect(try await users.get(42) == User(name: "user 42"))
    users.close()
  }
}

@Test func readsOfTheGuideHaveTimesOfTheirOwn() async throws {
  try await withTestServer(.redis) { client in
    let rates = Cache<String, Double>(client, name: "rate") { _ in 1.25 }
    let reports = Cache<Int, String>(client, name: "report") { year in "of \(year)" }
    let euro = try await rates.get("EUR", near: .seconds(5))
    let report = try await reports.get(2026, near: nil)
    #expect(euro == 1.25)
    #expect(report == "of 2026")
    rates.close()
    reports.close()
  }
}

@Test func everySettingOfTheGuideWorksTogether() async throws {
  try await withTestServer(.redis) { client in
    let database = Database()
    var configuration = CacheConfiguration()
    configuration.near = .init(capacity: 64 << 20)
    configuration.tracking = .optIn()
    configuration.ttl = .minutes(10, jitter: 0.1)
    configuration.nearTTL = .minutes(1)
    configuration.nilTTL = .seconds(15)
    configuration.refresh = .init(eagerAfter: 0.9, staleWhileRevalidate: .seconds(60), failSafe: .seconds(3600))
    configuration.loading = .init(lease: .distributed(.seconds(5)), softTimeout: .milliseconds(150))
    configuration.onDisconnect = .serveStale(max: .seconds(30))
    let users = Cache<Int, User>(
      client, name: "user", configuration: configuration,
      writing: .through { id, user in try await database.save(id, user) }, tags: { id in ["org:\(id / 100)"] }
    ) { id in try await database.user(id) }
    #expect(try await users.get(742) == User(name: "user 742"))
    #expect(try await users.get([742, 743]).count == 2)
    try await users.set(742, User(name: "Ada"))
    #expect(try await users.get(742) == User(name: "Ada"))
    try await users.invalidate(tag: "org:7")
    #expect(try await users.get(742) == User(name: "user 742"))
    users.close()
  }
}
