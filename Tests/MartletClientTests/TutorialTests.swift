import Foundation
import MartletClient
import MartletTesting
import Testing

// The tutorial and articles in MartletClient.docc, line by line.

@Test func theTutorialDoesWhatItSays() async throws {
  let server = try TestServer()
  try await server.waitUntilReady()
  let port = server.port

  var configuration = ClientConfiguration()
  configuration.clientName = "leaderboard"
  let client = Client(.standalone("127.0.0.1", port), configuration: configuration)

  try await client.zadd("scores", ["ada": 120, "grace": 95])
  try await client.zincrby("scores", 40, "grace")
  let best = try await client.zrangeWithScores("scores", 0, 2, rev: true)
  for entry in best { print(entry.member, entry.score) }
  #expect(best.members.map(\.member) == ["grace", "ada"])

  let (rank, score) = try await client.pipeline(ZREVRANK("scores", "ada"), ZSCORE("scores", "ada"))
  #expect(rank == 1 && score == 120)
  let (games, total) = try await client.transaction(INCR("games"), INCRBY("points", 40))
  #expect(games == 1 && total == 40)

  try await client.subscribe(to: "leaders") { events in
    try await client.publish("leaders", "grace")
    for try await event in events {
      switch event {
      case .message(let message): print("\(message.payload) leads")
      case .gap: print("somebody may have led meanwhile")
      }
      break
    }
  }

  try await client.xadd("mails", ["to": "ada", "text": "grace has overtaken you"])
  let mails = client.streamGroup("mails", group: "mailers", consumer: "host-1", start: .beginning)
  for try await mail in mails {
    print("to", mail["to"] ?? "nobody")
    try await mail.ack()
    mails.stop()
  }

  try await withTestServer { client in
    try await client.zadd("scores", ["ada": 1])
    #expect(try await client.zscore("scores", "ada") == 1)
  }
}

/// Never run: nobody listens at these addresses.
private func articles() async throws {
  let client = Client(.standalone("localhost"))
  try await client.set("greeting", "hello")
  let greeting = try await client.get("greeting")
  let single = Client(.standalone("db1", 6379))
  let orders = Client(.sentinel(master: "orders", ["sentinel1:26379", "sentinel2:26379"]))
  let cluster = Client(.cluster(["db1:7000", "db2:7000"]))
  let names = try await cluster.pipeline(["a", "b", "c"].map { GET($0) })
  let sizes = try await cluster.sendToAll(DBSIZE())
  _ = (single, orders, names, sizes, greeting)
}
