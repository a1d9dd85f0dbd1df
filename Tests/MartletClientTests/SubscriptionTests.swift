import Foundation
import MartletTesting
import Testing

@testable import MartletClient

@Test(arguments: Peer.all)
func messagesArriveInTheirOrder(_ peer: Peer) async throws {
  try await peer.withClient { client in
    let heard = try await client.subscribe(to: "news", "sport") { messages in
      for i in 0..<100 { #expect(try await client.publish(i % 2 == 0 ? "news" : "sport", i) == 1) }
      var heard: [RESPString] = []
      for try await case .message(let message) in messages {
        heard.append(message.payload)
        if heard.count == 100 { break }
      }
      return heard
    }
    #expect(heard.map(\.string) == (0..<100).map { "\($0)" })
    // Who has left is not counted any more.
    var receivers = 1
    while receivers > 0 { receivers = try await client.publish("news", "x") }
  }
}

@Test(arguments: Peer.all)
func patternsAndShardChannelsAreHeard(_ peer: Peer) async throws {
  try await peer.withClient { client in
    try await client.subscribe(toPatterns: "user:*") { messages in
      try await client.publish("user:7", "hello")
      var iterator = messages.makeAsyncIterator()
      #expect(
        try await iterator.next()
          == .message(PubSubMessage(channel: "user:7", pattern: "user:*", payload: "hello")))
    }
    try await client.subscribe(toShardChannels: "shard") { messages in
      try await client.spublish("shard", "hello")
      var iterator = messages.makeAsyncIterator()
      #expect(
        try await iterator.next() == .message(PubSubMessage(channel: "shard", pattern: nil, payload: "hello")))
    }
  }
}

@Test(arguments: Peer.all)
func keyspaceEventsAreTyped(_ peer: Peer) async throws {
  try await peer.withClient(["notify-keyspace-events": "KA"]) { client in
    let events = try await client.keyspaceEvents(matching: "user:*", database: 0) { events in
      try await client.set("user:__:1", "a")
      try await client.set("other", "a")
      try await client.del("user:__:1")
      var heard: [KeyspaceNotification] = []
      for try await event in events {
        heard.append(event)
        if heard.count == 2 { break }
      }
      return heard
    }
    let seen = events.compactMap { event in
      if case .event(let event) = event { "\(event.database) \(event.key) \(event.event)" } else { nil }
    }
    #expect(seen == ["0 user:__:1 set", "0 user:__:1 del"])
  }
}

@Test(arguments: Peer.all)
func subscriptionsSurviveReconnectsAndSayWhatIsMissing(_ peer: Peer) async throws {
  try await peer.withClient { client in
    try await client.subscribe(to: "news") { messages in
      var iterator = messages.makeAsyncIterator()
      try await client.publish("news", "before")
      #expect(try await iterator.next() == .message(PubSubMessage(channel: "news", pattern: nil, payload: "before")))
      #expect(try await client.send(["CLIENT", "KILL", "TYPE", "pubsub"]) == .integer(1))
      #expect(try await iterator.next() == .gap(.connectionLost))
      while try await client.publish("news", "after") == 0 { try await Task.sleep(for: .milliseconds(2)) }
      #expect(try await iterator.next() == .message(PubSubMessage(channel: "news", pattern: nil, payload: "after")))
    }
  }
}

@Test func manyComeAndGoOnOneChannel() async throws {
  try await withTestServer { client in
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<20 {
        group.addTask {
          for _ in 0..<20 {
            try await client.subscribe(to: "c\(worker % 3)") { messages in
              try await client.publish("c\(worker % 3)", "w\(worker)")
              for try await case .message(let message) in messages where message.payload == "w\(worker)" { break }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    // All go over one connection.
    #expect(try await client.clientList(kind: .pubsub).string.split(separator: "\n").count <= 1)
  }
}

@Test func slowReadersLoseWhatTheyAskedToLose() async throws {
  func events(_ buffering: SubscriptionBuffering) async throws -> [String] {
    let subscription = Subscription(buffering: buffering)
    for i in 0..<5 {
      subscription.receive(.message(PubSubMessage(channel: "c", pattern: nil, payload: RESPString("\(i)"))))
    }
    subscription.finish(throwing: MartletError.closed)
    var heard: [String] = []
    do {
      for try await event in subscription {
        switch event {
        case .message(let message): heard.append(message.payload.string)
        case .gap(let gap): heard.append("\(gap)")
        }
      }
    } catch MartletError.closed {}
    return heard
  }
  #expect(try await events(.dropOldest(2)) == ["overflow(3)", "3", "4"])
  #expect(try await events(.dropNewest(2)) == ["0", "1", "overflow(3)"])
  #expect(try await events(.unbounded) == ["0", "1", "2", "3", "4"])
}

@Test func closingTheClientEndsSubscriptions() async throws {
  try await withTestServer { client in
    await #expect(throws: MartletError.closed) {
      try await client.subscribe(to: "c") { messages in
        client.close()
        for try await _ in messages {}
      }
    }
  }
}

@Test(arguments: Peer.both)
func refusedSubscriptionsThrow(_ peer: Peer) async throws {
  try await peer.withClient { client in
    try await client.send(["ACL", "SETUSER", "u", "on", "nopass", "allcommands", "resetchannels"])
    var configuration = peer.configuration
    configuration.username = "u"
    configuration.password = "x"
    let limited = Client(.standalone(client.sharedConnections[0].id.node), configuration: configuration)
    await #expect { try await limited.subscribe(to: "c") { _ in } } throws: { error in
      if case MartletError.server(let error) = error { error.code == "NOPERM" } else { false }
    }
  }
}

// MARK: Streams

@Test(arguments: Peer.all)
func streamGroupsGiveEveryEntryAtLeastOnce(_ peer: Peer) async throws {
  try await peer.withClient { client in
    for i in 0..<50 { try await client.xadd("jobs", ["n": i]) }
    let done = Lock<[String: Int]>([:])
    try await withThrowingTaskGroup(of: Void.self) { group in
      let consumers = ["a", "b"].map {
        client.streamGroup("jobs", group: "workers", consumer: $0, start: .beginning, batchSize: 4)
      }
      for jobs in consumers {
        group.addTask {
          for try await job in jobs {
            done.change { $0[job["n"]?.string ?? "", default: 0] += 1 }
            try await job.ack()
          }
        }
      }
      while done.value.count < 50 { try await Task.sleep(for: .milliseconds(5)) }
      for jobs in consumers { jobs.stop() }
      try await group.waitForAll()
    }
    #expect(done.value.values.allSatisfy { $0 == 1 })
    let pending = try await client.xpending("jobs", "workers")
    #expect(pending.elements?.first == .integer(0))
  }
}

@Test(arguments: Peer.both)
func whatWasLeftIsGivenAgain(_ peer: Peer) async throws {
  try await peer.withClient { client in
    func first(_ consumer: String, claimIdleAfter: Duration? = nil) async throws -> StreamJob? {
      let jobs = client.streamGroup(
        "jobs", group: "g", consumer: consumer, start: .beginning, claimIdleAfter: claimIdleAfter)
      var iterator = jobs.makeAsyncIterator()
      return try await iterator.next()
    }
    try await client.xadd("jobs", ["n": 1], id: .id("1-1"))
    let left = try await first("a")
    #expect(left?.id == "1-1" && left?.isRedelivered == false)
    let again = try await first("a")
    #expect(again?.id == "1-1" && again?.isRedelivered == true)
    let claimed = try await first("b", claimIdleAfter: .milliseconds(1))
    #expect(claimed?.id == "1-1" && claimed?.isRedelivered == true)
    try await claimed?.ack()
    #expect(try await client.xpending("jobs", "g").elements?.first == .integer(0))
  }
}

@Test func aStreamGroupOutlivesItsConnectionAndItsGroup() async throws {
  try await withTestServer { client in
    let jobs = client.streamGroup("jobs", group: "g", consumer: "a", start: .beginning)
    var iterator = jobs.makeAsyncIterator()
    try await client.xadd("jobs", ["n": 1], id: .id("1-1"))
    #expect(try await iterator.next()?.id == "1-1")
    let next = Task { [iterator] in
      var iterator = iterator
      return try await iterator.next()?.id
    }
    while !(try await client.clientList().string.contains("flags=b")) { try await Task.sleep(for: .milliseconds(5)) }
    try await client.del("jobs")
    while try await client.exists("jobs") == 0 { try await Task.sleep(for: .milliseconds(5)) }
    while !(try await client.clientList().string.contains("flags=b")) { try await Task.sleep(for: .milliseconds(5)) }
    for line in try await client.clientList().string.split(separator: "\n") where line.contains("flags=b") {
      let id = line.split(separator: " ")[0].dropFirst(3)
      try await client.send(["CLIENT", "KILL", "ID", .string(String(id))])
    }
    try await client.xadd("jobs", ["n": 2], id: .id("2-1"))
    #expect(try await next.value == "2-1")
  }
}
