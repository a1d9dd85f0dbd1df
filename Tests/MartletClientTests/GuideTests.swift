import Foundation
import Logging
import MartletClient
import MartletTesting
import ServiceLifecycle
import Testing

// What docs/CLIENT.md and the README show, compiled and run: `documentsShowWhatCompiles` compares them.

private struct User: RESPDecodable, RESPEncodable, Equatable {
  let name: String

  init(name: String) { self.name = name }

  init(from value: RESPValue) throws(MartletError) { name = try String(from: value) }
  var respArgument: RESPArgument { .string(name) }
}

@Test func theGuideDoesWhatItSays() async throws {
  let server = try TestServer()
  try await server.waitUntilReady()

  func start(_ logger: Logger) async throws {
    let client = Client(.standalone("localhost", 6379))
    let group = ServiceGroup(services: [client], logger: logger)
    try await group.run()
  }
  _ = start

  func other() async throws {
    let client = try Client(url: "rediss://user:password@db.example.com:6380/0")
    _ = client
  }
  _ = other

  var configuration = ClientConfiguration()
  configuration.clientName = "web"
  configuration.commandTimeout = .seconds(2)
  let client = Client(.standalone("127.0.0.1", server.port), configuration: configuration)

  try await client.set("greeting", "hello", expiration: .ex(60))
  let greeting = try await client.get("greeting")
  print(greeting?.string ?? "nothing")

  try await client.hset("user:1", ["name": "Ada", "born": 1815])
  let ada = try await client.hgetall("user:1")
  print(ada["name"] == "Ada")

  try await client.zadd("ranking", ["ada": 10, "bob": 7.5])
  for entry in try await client.zrangeWithScores("ranking", 0, -1) { print(entry.member, entry.score) }
  #expect(ada["born"] == "1815")

  try await client.set("user:2", User(name: "Grace"))
  let user = try await client.send(GET("user:2"), as: User?.self)
  #expect(user == User(name: "Grace"))

  let reply = try await client.send(["OBJECT", "ENCODING", "greeting"])
  print(reply.string ?? "")

  do {
    try await client.incr("greeting")
  } catch MartletError.server(let error) where error.code == "ERR" {
    print(error.message)
  }

  let (name, visits) = try await client.pipeline(HGET("user:1", "name"), INCR("visits"))
  let (a, b) = try await client.transaction(DECRBY("stock", 1), INCR("sold"))
  #expect(name == "Ada" && visits == 1 && a == -1 && b == 1)

  let doubled = try await client.transaction(watching: "stock") { connection in
    let stock = try await connection.send(GET("stock"), as: Int.self)
    return SET("stock", stock * 2)
  }
  #expect(doubled)

  let job = Task { try await client.blpop("queue", timeout: 30)?.value }
  try await client.rpush("queue", "job")
  #expect(try await job.value == "job")

  try await client.withConnection { connection in
    try await connection.select(1)
    try await connection.set("elsewhere", 1)
  }

  func readAllAgain() async {}
  func listen() async throws {
    try await client.subscribe(to: "news", buffering: .dropOldest(1_000)) { messages in
      for try await event in messages {
        switch event {
        case .message(let message): print(message.channel, message.payload)
        case .gap(let gap): print("missing: \(gap)"); await readAllAgain()
        }
      }
    }
  }
  func watch() async throws {
    try await client.keyspaceEvents(matching: "user:*") { events in
      for try await case .event(let event) in events { print(event.key, event.event) }
    }
  }
  let listening = [Task { try await listen() }, Task { try await watch() }]

  func send(_ address: RESPString?) async throws {}
  func work() async throws {
    let jobs = client.streamGroup("jobs", group: "mailers", consumer: "host-1", claimIdleAfter: .seconds(30))
    for try await job in jobs {
      try await send(job["to"])
      try await job.ack()
    }
  }
  let working = Task { try await work() }
  try await client.xadd("jobs", ["to": "ada@example.com"])
  working.cancel()
  for task in listening { task.cancel() }

  try await withTestServer { client in
    let visits = try await client.incr("visits")
    #expect(visits == 1)
  }
}

/// Never run: nobody listens there.
private func readme() async throws {
  let client = Client(.standalone("localhost"))
  try await client.set("greeting", "hello")
  let (greeting, visits) = try await client.pipeline(GET("greeting"), INCR("visits"))
  _ = (greeting, visits)
}
