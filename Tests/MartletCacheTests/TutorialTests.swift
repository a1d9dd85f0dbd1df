import MartletCache
import MartletClient
import MartletTesting
import Testing

// The tutorial in MartletCache.docc, line by line; a test of the client compares the two.

struct Price: Codable, Sendable, Equatable {
  var cents: Int
}

private actor Shop {
  private var prices = ["tea": Price(cents: 300), "coffee": Price(cents: 400)]
  func price(of id: String) throws -> Price? { prices[id] }
  func save(_ id: String, _ price: Price?) throws { prices[id] = price }
}

@Test func theTutorialDoesWhatItSays() async throws {
  try await withTestServer(.redis) { client in
    let shop = Shop()
    let prices = Cache<String, Price>(client, name: "price") { id in try await shop.price(of: id) }
    let price = try await prices.get("tea")
    #expect(price == Price(cents: 300))
    let tea = try await prices.get("tea")
    let several = try await prices.get(["tea", "coffee"])
    #expect(tea == price && several.count == 2)

    try await prices.set("tea", Price(cents: 350))
    try await prices.update("tea") { $0?.cents += 10 }
    try await prices.remove("coffee")
    #expect(try await prices.get("tea") == Price(cents: 360))

    try await prices.set("tea", Price(cents: 340), tags: ["hot drinks"])
    try await prices.invalidate(tag: "hot drinks")
    #expect(try await prices.get("tea") == Price(cents: 300))

    let stored = Cache<String, Price>(
      client, name: "price", writing: .through { id, price in try await shop.save(id, price) }
    ) { id in try await shop.price(of: id) }
    try await stored.set("coffee", Price(cents: 410))
    #expect(try await shop.price(of: "coffee") == Price(cents: 410))

    let later = Cache<String, Price>(
      client, name: "offer", writing: .behind(.init { id, price in try await shop.save(id, price) })
    ) { id in try await shop.price(of: id) }
    try await later.set("tea", Price(cents: 330))
    try await later.drain()
    #expect(try await shop.price(of: "tea") == Price(cents: 330))

    var configuration = CacheConfiguration()
    configuration.onDisconnect = .serveStale(max: .seconds(30))
    configuration.refresh = .init(staleWhileRevalidate: .seconds(60), failSafe: .seconds(3600))
    let patient = Cache<String, Price>(client, name: "price", configuration: configuration)
    #expect(try await patient.get("tea") == Price(cents: 300))
    for cache in [prices, stored, later, patient] { cache.close() }
  }
}
