import Foundation
import TestSupport
import Testing

@testable import MartletClient

private func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

/// A sentinel and two servers, all scripted: which of the two is the primary is a test's to change, and what the sentinel
/// believes.
private final class ScriptedSentinel: Sendable {
  let primary = Lock(0)
  let believed = Lock(0)
  let servers: [FakeServer]
  let sentinel: FakeServer

  init() async throws {
    let (primary, believed) = (primary, believed)
    var servers: [FakeServer] = []
    for number in 0..<2 {
      servers.append(
        try await FakeServer { command, _ in
          let isPrimary = primary.value == number
          switch command[0] {
          case "ROLE": return .reply("*1\r\n\(bulk(isPrimary ? "master" : "slave"))")
          case "SET":
            return .reply(isPrimary ? "+OK\r\n" : "-READONLY You can't write against a read only replica.\r\n")
          default: return .reply(bulk("from \(number)"))
          }
        })
    }
    self.servers = servers
    let ports = servers.map(\.port)
    sentinel = try await FakeServer { command, _ in
      switch command.prefix(2).joined(separator: " ").uppercased() {
      case "SENTINEL GET-MASTER-ADDR-BY-NAME":
        return .reply(
          command[2] == "orders" ? "*2\r\n\(bulk("127.0.0.1"))\(bulk("\(ports[believed.value])"))" : "*-1\r\n")
      case "SENTINEL SENTINELS": return .reply("*0\r\n")
      case let words where words.hasPrefix("SUBSCRIBE"):
        return .reply(">3\r\n\(bulk("subscribe"))\(bulk(command[1])):1\r\n")
      default: return .reply("+OK\r\n")
      }
    }
  }

  func client(_ master: String = "orders", _ configure: (inout ClientConfiguration) -> Void = { _ in }) -> Client {
    var configuration = ClientConfiguration()
    configuration.backoff.first = .milliseconds(2)
    configure(&configuration)
    // The first one is dead.
    return Client(
      .sentinel(master: master, [.host("127.0.0.1", port: 1), sentinel.address]), configuration: configuration)
  }

  func fail(over number: Int) {
    primary.change { $0 = number }
    believed.change { $0 = number }
  }
}

@Test func thePrimaryIsWhomASentinelNames() async throws {
  let world = try await ScriptedSentinel()
  let client = world.client()
  #expect(try await client.get("k") == "from 0")
  #expect(try await client.set("k", "v"))
  #expect(client.sharedConnections.map(\.id.node) == [world.servers[0].address])
  #expect(world.servers[1].commands.isEmpty)
}

@Test func aNameThatNoSentinelKnowsIsATypedError() async throws {
  let world = try await ScriptedSentinel()
  await #expect { try await world.client("other").get("k") } throws: { error in
    if case MartletError.cannotConnect(let why) = error { why.contains("other") } else { false }
  }
}

/// Its own word counts, not the sentinel's.
@Test func aReplicaIsNotTakenForThePrimary() async throws {
  let world = try await ScriptedSentinel()
  world.believed.change { $0 = 1 }
  let client = world.client { $0.connectionAttempts = 100 }
  let reading = Task { try await client.get("k") }
  while world.servers[1].commands.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
  world.believed.change { $0 = 0 }
  #expect(try await reading.value == "from 0")
  #expect(world.servers[1].commands.allSatisfy { $0 == ["ROLE"] })
}

@Test func aSwitchThatASentinelTellsIsFollowed() async throws {
  let world = try await ScriptedSentinel()
  let client = world.client()
  #expect(try await client.get("k") == "from 0")
  while !world.sentinel.commands.contains(["SUBSCRIBE", "+switch-master"]) {
    try await Task.sleep(for: .milliseconds(1))
  }
  world.fail(over: 1)
  let message = "orders 127.0.0.1 \(world.servers[0].port) 127.0.0.1 \(world.servers[1].port)"
  world.sentinel.push(">3\r\n\(bulk("message"))\(bulk("+switch-master"))\(bulk(message))")
  while client.sharedConnections.map(\.id.node) != [world.servers[1].address] {
    try await Task.sleep(for: .milliseconds(1))
  }
  #expect(try await client.get("k") == "from 1")
}

@Test func aPrimaryThatIsNoneAnyMoreIsLeft() async throws {
  let world = try await ScriptedSentinel()
  let client = world.client()
  #expect(try await client.set("k", "v"))
  world.fail(over: 1)
  // Nobody has told: the refusal does. The write was not carried out, so it is sent again.
  #expect(try await client.set("k", "w"))
  #expect(world.servers[1].commands.contains(["SET", "k", "w"]))
  let (a, b) = try await client.pipeline(GET("a"), GET("b"))
  #expect(a == "from 1" && b == "from 1")
}

@Test func aLostConnectionHasTheSentinelsAskedAgain() async throws {
  let world = try await ScriptedSentinel()
  let client = world.client { $0.connectionAttempts = 100 }
  #expect(try await client.get("k") == "from 0")
  world.fail(over: 1)
  world.servers[0].closeConnections()
  while try await client.get("k") != "from 1" { try await Task.sleep(for: .milliseconds(1)) }
}

/// Not on a machine without `redis-sentinel`.
@Test(.enabled(if: RedisSentinel.isInstalled))
func aRealSentinelsFailoverIsSurvived() async throws {
  let world = try RedisSentinel()
  var configuration = ClientConfiguration()
  configuration.backoff.longest = .milliseconds(100)
  configuration.connectionAttempts = 200
  let client = Client(
    .sentinel(master: "mymaster", [.host("127.0.0.1", port: world.port)]), configuration: configuration)
  defer { client.close() }
  try await client.set("k", "before")
  let gap = Lock<[SubscriptionGap]>([])
  try await client.subscribe(to: "news") { messages in
    world.servers[0].stop()
    // The write waits for the failover, or throws if it may have been carried out.
    while (try? await client.set("k", "after")) != true { try await Task.sleep(for: .milliseconds(20)) }
    #expect(client.sharedConnections.map(\.id.node) == [.host("127.0.0.1", port: world.servers[1].port)])
    while try await client.publish("news", "hello") == 0 { try await Task.sleep(for: .milliseconds(5)) }
    for try await event in messages {
      if case .gap(let kind) = event { gap.change { $0.append(kind) } } else { break }
    }
  }
  #expect(gap.value.contains(.topologyChanged))
  #expect(try await client.get("k") == "after")
}
