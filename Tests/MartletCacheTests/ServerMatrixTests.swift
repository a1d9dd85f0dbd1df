import Foundation
import MartletClient
import MartletTesting
import Synchronization
import TestSupport
import Testing

@testable import MartletCache

// The cache on real servers, Martlet and Redis alike: what one process writes, by whatever way, the others' caches know.

private let programs: [TestServer.Program] = [.redis, .martlet]
private let modes: [CacheConfiguration.Tracking] = [
  .optIn(), .optIn(noLoop: true), .optOut(), .optOut(noLoop: true), .readKeys(), .broadcast(),
  .broadcast(prefixes: ["c:"]),
]

/// A server with two processes' worth of clients and caches, and a client that knows of no cache.
private struct World {
  let server: TestServer
  let other: Client
  let clients: [Client]
  let caches: [Cache<String, String>]

  init(
    _ program: TestServer.Program, directives: [String: String] = [:], speaking version: ProtocolVersion = .resp3,
    loader: Cache<String, String>.Loader? = nil, configured configure: (inout CacheConfiguration) -> Void = { _ in }
  ) async throws {
    server = try TestServer(program, directives: directives)
    try await server.waitUntilReady()
    var settings = ClientConfiguration()
    settings.backoff.longest = .milliseconds(50)
    settings.protocolVersion = version
    let address = server.address
    other = Client(.standalone(address), configuration: settings)
    clients = (0..<2).map { _ in Client(.standalone(address), configuration: settings) }
    var configuration = CacheConfiguration()
    configure(&configuration)
    caches = clients.map { Cache($0, name: "c", codec: .utf8, configuration: configuration, loader: loader) }
  }

  var a: Cache<String, String> { caches[0] }
  var b: Cache<String, String> { caches[1] }

  func set(_ key: String, _ value: String) async throws {
    try await other.send(["SET", .string("c:\(key)"), .string(value)])
  }

  /// Reads until a cache keeps the value.
  func keep(_ key: String, in cache: Cache<String, String>) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    repeat {
      _ = try await cache.get(key)
      if cache.cached(key) != nil { return }
      try await Task.sleep(for: .milliseconds(2))
    } while ContinuousClock.now < deadline
    throw TestFailure("\(key) is not kept")
  }

  func end() {
    for cache in caches { cache.close() }
    for client in clients + [other] { client.close() }
    server.stop()
  }
}

private func inWorld(
  _ program: TestServer.Program, directives: [String: String] = [:], speaking version: ProtocolVersion = .resp3,
  loader: Cache<String, String>.Loader? = nil, configured configure: (inout CacheConfiguration) -> Void = { _ in },
  _ body: (World) async throws -> Void
) async throws {
  let world = try await World(
    program, directives: directives, speaking: version, loader: loader, configured: configure)
  defer { world.end() }
  try await body(world)
}

@Suite(.serialized) struct ServerMatrixTests {
  @Test(arguments: programs, modes)
  func whatOthersWriteIsKnownInEveryMode(_ program: TestServer.Program, _ mode: CacheConfiguration.Tracking)
    async throws
  {
    try await inWorld(program, configured: { $0.tracking = mode }) { world in
      try await world.set("k", "one")
      try await world.keep("k", in: world.a)
      try await world.keep("k", in: world.b)
      #expect(!world.a.statistics.isDegraded)
      // By a client without a cache, by another cache, and by one's own.
      try await world.set("k", "two")
      for cache in world.caches { try await until("the change is known") { cache.cached("k") == nil } }
      #expect(try await world.a.get("k") == "two")
      try await world.keep("k", in: world.b)
      try await world.a.set("k", "three")
      #expect(try await world.a.get("k") == "three")
      try await until("the change is known") { world.b.cached("k") != .some("two") }
      #expect(try await world.b.get("k") == "three")
      try await world.keep("k", in: world.b)
      try await world.b.remove("k")
      #expect(try await world.b.get("k") == nil)
      try await until("the removal is known") { world.a.cached("k") != .some("three") }
      #expect(try await world.a.get("k") == nil)
    }
  }

  /// Who speaks only RESP2 hears of changes over a second connection.
  @Test(arguments: programs, modes)
  func whatOthersWriteIsKnownWithoutPushes(_ program: TestServer.Program, _ mode: CacheConfiguration.Tracking)
    async throws
  {
    try await inWorld(program, speaking: .resp2, configured: { $0.tracking = mode }) { world in
      try await world.set("k", "one")
      try await world.keep("k", in: world.a)
      #expect(!world.a.statistics.isDegraded)
      try await world.set("k", "two")
      try await until("the change is known") { world.a.cached("k") == nil }
      #expect(try await world.a.get("k") == "two")
      try await world.b.set("k", "three")
      try await until("the change is known") { world.a.cached("k") != .some("two") }
      try await world.keep("k", in: world.a)
      try await world.other.send(["FLUSHALL"])
      try await until("all are gone") { world.a.cached("k") == nil }

      // Without the second connection nothing is believed; with a new one, it is again.
      try await world.set("k", "four")
      try await world.keep("k", in: world.a)
      let losses = world.a.statistics.disconnects
      try await world.other.send(["CLIENT", "KILL", "TYPE", "pubsub"])
      try await until("the loss is known") { world.a.statistics.disconnects > losses }
      try await world.set("k", "five")
      #expect(try await world.a.get("k") == "five")
      try await world.keep("k", in: world.a)
      try await world.set("k", "six")
      try await until("changes are told again") { world.a.cached("k") == nil }
      #expect(try await world.a.get("k") == "six")
    }
  }

  /// What the server remembers is what its memory is spent on: the cache's keys, what else the client reads, and nothing
  /// that is said not to matter.
  @Test(arguments: programs, [ProtocolVersion.resp3, .resp2])
  func whatIsSaidNotToMatterIsNotRemembered(_ program: TestServer.Program, _ version: ProtocolVersion) async throws {
    try await inWorld(program, speaking: version, configured: { $0.tracking = .optOut() }) { world in
      func remembered() async throws -> Int {
        let info = try await world.other.send(["INFO", "stats"]).string ?? ""
        let line = info.split(separator: "\r\n").first { $0.hasPrefix("tracking_total_keys:") }
        return try #require(line.flatMap { Int($0.drop { $0 != ":" }.dropFirst()) })
      }
      let client = world.clients[0]
      for key in ["k", "l", "m", "n", "o"] { try await world.set(key, key) }
      try await world.keep("k", in: world.a)
      #expect(try await remembered() == 1)
      #expect(try await client.get("c:l") == "l")
      #expect(try await remembered() == 2, "others' reads are remembered unless they say otherwise")
      #expect(try await client.untracked.get("c:m") == "m")
      #expect(try await client.untracked.send(["GET", "c:m"]).string == "m")
      #expect(try await world.a.get("n", near: nil) == "n")
      try await world.a.update("o") { $0 = $0.map { $0 + "!" } }
      #expect(try await remembered() == 2)
      #expect(try await world.a.get("o") == "o!")
      #expect(try await remembered() == 3)
      await #expect(throws: MartletError.self) { try await client.untracked.incr("c:k") }
    }
  }

  /// With a server that keeps no such book it makes no difference.
  @Test(arguments: programs, [.optIn(), .readKeys(), .broadcast(), .off] as [CacheConfiguration.Tracking])
  func readsPastTheBookWorkInEveryMode(_ program: TestServer.Program, _ mode: CacheConfiguration.Tracking) async throws
  {
    try await inWorld(program, configured: { $0.tracking = mode }) { world in
      try await world.set("k", "v")
      #expect(try await world.clients[0].untracked.get("c:k") == "v")
      #expect(try await world.a.get("k", near: nil) == "v")
      #expect(world.a.cached("k") == nil)
      try await world.keep("k", in: world.a)
    }
  }

  @Test(arguments: programs)
  func whatTheServerDoesItselfIsKnown(_ program: TestServer.Program) async throws {
    try await inWorld(program, configured: { $0.nearTTL = nil }) { world in
      try await world.other.send(["SET", "c:k", "v", "PX", "300"])
      try await world.keep("k", in: world.a)
      try await until("it has expired") { world.a.cached("k") == nil }
      // The cache may have let it go by its own clock, before the server's last millisecond of it was over.
      try await Task.sleep(for: .milliseconds(30))
      #expect(try await world.a.get("k") == nil)

      try await world.set("k", "v")
      try await until("it is there") { world.a.cached("k") == nil }
      try await world.keep("k", in: world.a)
      try await world.other.send(["FLUSHALL"])
      try await until("all are gone") { world.a.cached("k") == nil }
      #expect(try await world.a.get("k") == nil)
      #expect(world.a.statistics.flushes > 0)
    }
  }

  @Test(arguments: programs)
  func oneLoadForAllProcesses(_ program: TestServer.Program) async throws {
    let loads = Counter()
    let loader: Cache<String, String>.Loader = { key in
      loads.add()
      try await Task.sleep(for: .milliseconds(100))
      return "loaded \(key)"
    }
    try await inWorld(program, loader: loader) { world in
      let values = try await withThrowingTaskGroup(of: String?.self) { group in
        for cache in world.caches { for _ in 0..<200 { group.addTask { try await cache.get("k") } } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(values.count == 400 && values.allSatisfy { $0 == "loaded k" })
      #expect(loads.count == 1)
      try await world.keep("k", in: world.a)
      #expect(loads.count == 1)
    }
  }

  /// What a cache asks of a lease is answered in one step.
  @Test(arguments: programs)
  func aLeaseSaysWhetherTheValueCameFirst(_ program: TestServer.Program) async throws {
    try await inWorld(program) { world in
      let backend = try #require(world.a.backend as? ClientBackend)
      let lease = Cache<String, String>.leaseName("c:k")
      func take() async throws -> String {
        let outcome = try await backend.takeLease(lease, on: "c:k", token: "mine", milliseconds: 60_000)
        return "\(outcome)"
      }
      #expect(try await take() == "\(LeaseOutcome.taken(isValueThere: false))")
      #expect(try await take() == "\(LeaseOutcome.held)")
      #expect(try await backend.fill("c:k", [1], milliseconds: nil, lease: lease, token: "another's") == false)
      #expect(try await backend.fill("c:k", [1], milliseconds: nil, lease: lease, token: "mine"))
      #expect(try await take() == "\(LeaseOutcome.taken(isValueThere: true))")
    }
  }

  @Test(arguments: programs)
  func aRemovalDuringALoadIsNotUndone(_ program: TestServer.Program) async throws {
    let gate = Gate()
    try await inWorld(
      program,
      loader: { _ in
        await gate.pass()
        return "from before"
      }
    ) { world in
      let load = Task { try await world.a.get("k") }
      try await until("the loader runs") { gate.count == 1 }
      try await world.b.remove("k")
      gate.open()
      #expect(try await load.value == "from before")
      #expect(try await world.other.send(["EXISTS", "c:k"]) == .integer(0))
    }
  }

  @Test(arguments: programs)
  func noUpdateIsLost(_ program: TestServer.Program) async throws {
    try await inWorld(program) { world in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for cache in world.caches {
          for _ in 0..<4 {
            group.addTask {
              for _ in 0..<10 {
                try await cache.update("n", attempts: 1000) { $0 = String((Int($0 ?? "0") ?? 0) + 1) }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await world.a.get("n") == "80")
      #expect(try await world.b.get("n") == "80")
    }
  }

  @Test(arguments: programs)
  func tagsReachAllProcesses(_ program: TestServer.Program) async throws {
    try await inWorld(program) { world in
      try await world.a.set("x", "1", tags: ["t"])
      try await world.a.set("y", "1", tags: ["t", "u"])
      try await world.a.set("z", "1", tags: ["u"])
      for key in ["x", "y", "z"] { try await world.keep(key, in: world.b) }
      try await world.a.invalidate(tag: "t")
      try await until("the tag's change is known") { world.b.cached("x") == nil && world.b.cached("y") == nil }
      #expect(try await world.b.get("x") == nil)
      #expect(try await world.a.get("y") == nil)
      #expect(try await world.b.get("z") == "1")
    }
  }

  @Test(arguments: programs)
  func aCutConnectionCostsTheEntriesNotTheTruth(_ program: TestServer.Program) async throws {
    try await inWorld(program) { world in
      try await world.set("k", "one")
      try await world.keep("k", in: world.a)
      try await world.other.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
      try await until("the loss is known") { world.a.statistics.disconnects > 0 }
      try await world.set("k", "two")
      try await until("it is connected again") { world.a.statistics.gaps > 0 }
      #expect(try await world.a.get("k") == "two")
      try await world.keep("k", in: world.a)
      try await world.set("k", "three")
      try await until("changes are told again") { world.a.cached("k") == nil }
      #expect(try await world.a.get("k") == "three")
    }
  }

  @Test(arguments: programs)
  func aServerThatIsGoneIsBridgedOrNotAsWanted(_ program: TestServer.Program) async throws {
    try await inWorld(program, configured: { $0.onDisconnect = .serveStale(max: .milliseconds(400)) }) { world in
      try await world.set("k", "v")
      try await world.keep("k", in: world.a)
      world.server.stop()
      try await until("the loss is known") { world.a.statistics.disconnects > 0 }
      #expect(try await world.a.get("k") == "v")
      try await until("its time is over") { world.a.cached("k") == nil }
      await #expect(throws: MartletError.self) { try await world.a.get("k") }
    }
  }
}
