import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import MartletClient

private func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

/// Answers `ECHO x` with x.
private let echo: FakeServer.Script = { command, _ in .reply(bulk(command.last ?? "")) }

@Test func garbageIsATypedError() async throws {
  let server = try await FakeServer { _, _ in .reply("HTTP/1.1 400 Bad Request\r\n") }
  await #expect(throws: MartletError.protocolViolation(.unknownType(0x48))) { try await server.client.send(["PING"]) }
}

@Test func anAnnouncementOfTwoGigabytesIsATypedError() async throws {
  let server = try await FakeServer { _, _ in .reply("$2147483648\r\nab") }
  await #expect(throws: MartletError.protocolViolation(.tooLong(announced: 2_147_483_648))) {
    try await server.client.send(["GET", "k"])
  }
}

/// Where a server may stop in the middle of what it says.
@Test(arguments: [
  "$", "$10\r\nabc", "$3\r\nabc", "$3\r\nabc\r", "+OK", ":1\r", "*2\r\n:1\r\n", "%1\r\n+a\r\n", "~2\r\n*1\r\n",
  ">2\r\n+message\r\n", "|1\r\n+a\r\n:1\r\n", "=7\r\ntxt:", "!9\r\nERR", "*134217728\r\n", "%67108864\r\n",
  "$536870912\r\nab",
])
func closingInMidReplyIsATypedError(_ beginning: String) async throws {
  let server = try await FakeServer { _, _ in .replyAndClose(beginning) }
  await #expect(throws: MartletError.connectionLost(mayHaveRun: true)) { try await server.client.send(["GET", "k"]) }
}

/// What is refused ends the connection, for all who wait on it, and not the client.
@Test(
  arguments: [
    ("*2147483648\r\n", .tooLong(announced: 2_147_483_648)), ("%9223372036854775807\r\n", .tooLong(announced: .max)),
    ("~4294967296\r\n", .tooLong(announced: 4_294_967_296)), (">2147483648\r\n", .tooLong(announced: 2_147_483_648)),
    ("|2147483648\r\n", .tooLong(announced: 2_147_483_648)), ("*-7\r\n", .malformedNumber),
    ("$-2\r\n", .malformedNumber),
    ("%-1000\r\n", .malformedNumber), ("*1\r\n$-9\r\n", .malformedNumber),
    (":99999999999999999999\r\n", .malformedNumber),
    ("*1\r\n>1\r\n+a\r\n", .misplacedPush), ("$3\r\nabcd\r\n", .missingLineEnd), ("*?\r\n", .streamed),
    (String(repeating: "*1\r\n", count: 300), .tooDeep), (String(repeating: "|0\r\n", count: 300), .tooDeep),
  ] as [(String, RESPError)])
func whatIsNoReplyEndsTheConnectionAndNotTheClient(_ garbage: String, _ error: RESPError) async throws {
  let server = try await FakeServer { command, connection in
    command == ["BAD"] ? .reply(garbage) : connection == 0 ? .nothing : .reply("+OK\r\n")
  }
  let client = server.client
  let waiting = Task { try await client.send(["WAITS"]) }
  while server.commands.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
  let bad = Task { try await client.send(["BAD"]) }
  // The reply that is none belongs to whoever has waited longest; nothing of this connection can be trusted for the other.
  for task in [waiting, bad] {
    do {
      _ = try await task.value
      Issue.record("\(garbage.prefix(20)) was taken for a reply")
    } catch let failure as MartletError {
      #expect([.protocolViolation(error), .connectionLost(mayHaveRun: true)].contains(failure))
    }
  }
  #expect(try await client.send(["PING"]).string == "OK")
  #expect(server.connectionCount == 2)
  client.close()
}

@Test func garbageInTheHandshakeIsATypedError() async throws {
  let server = try await FakeServer(answersHandshake: false) { _, _ in .reply("?\r\n") }
  await #expect(throws: MartletError.protocolViolation(.unknownType(63))) { try await server.client.send(["PING"]) }
}

@Test func aServerThatDoesNotGreetIsGivenUp() async throws {
  let server = try await FakeServer(answersHandshake: false) { command, connection in
    connection == 0 ? .nothing : .reply("+OK\r\n")
  }
  let client = server.client {
    $0.connectTimeout = .milliseconds(400)
    $0.connectionAttempts = 100
  }
  #expect(try await client.send(["PING"]).string == "OK")
  #expect(server.connectionCount >= 2)
}

@Test func listenersAreGreetedHoweverBusyTheConnectionIs() async throws {
  let server = try await FakeServer { command, _ in .delayed("+\(command[0])\r\n", .milliseconds(30)) }
  let client = server.client {
    $0.maximumInFlight = 1
    $0.overload = .fail
  }
  _ = try await client.send(["PING"])
  let busy = Task { try await client.send(["BUSY"]) }
  while server.commands.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
  let listener = Listener()
  client.addPushListener(listener) { _, _ in [["TRACK"]] }
  _ = try await busy.value
  while listener.heard.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
  #expect(listener.heard.withLock { $0 } == ["opened 1 [\"TRACK\"]"])
}

@Test func aWrongPasswordIsToldAtOnce() async throws {
  let server = try await FakeServer(answersHandshake: false) { _, _ in .reply("-WRONGPASS no\r\n") }
  await #expect(throws: MartletError.server(ServerError("WRONGPASS no"))) { try await server.client.send(["PING"]) }
}

@Test func nobodyListeningIsToldAfterSomeAttempts() async throws {
  var configuration = ClientConfiguration()
  configuration.backoff.first = .milliseconds(1)
  let client = Client(.standalone("127.0.0.1", 1), configuration: configuration)
  await #expect { try await client.send(["PING"]) } throws: { error in
    if case MartletError.cannotConnect = error { true } else { false }
  }
}

@Test func serversWithoutHELLOAreSpokenToInRESP2() async throws {
  let server = try await FakeServer(answersHandshake: false) { command, _ in
    switch command[0] {
    case "HELLO", "CLIENT": .reply("-ERR unknown command '\(command[0])'\r\n")
    case "AUTH": .reply("+OK\r\n")
    case "SELECT": .reply("+OK\r\n")
    default: .reply(bulk("value"))
    }
  }
  let client = server.client {
    $0.password = "secret"
    $0.database = 3
  }
  #expect(try await client.send(["GET", "k"]).string == "value")
  #expect(server.commands.contains(["AUTH", "secret"]))
  #expect(server.commands.contains(["SELECT", "3"]))
  #expect(server.commands.last == ["GET", "k"])
}

@Test func aDelayedReplyOfATimedOutCommandIsDropped() async throws {
  // The late reply comes with the next: it must not be taken for that.
  let server = try await FakeServer { command, _ in
    command[1] == "slow" ? .nothing : .reply(bulk("slow") + bulk(command[1]))
  }
  let client = server.client { $0.commandTimeout = .milliseconds(400) }
  await #expect(throws: MartletError.timedOut) { try await client.send(["ECHO", "slow"]) }
  #expect(try await client.send(["ECHO", "next"]).string == "next")
}

@Test func aSilentConnectionIsReplaced() async throws {
  let server = try await FakeServer { command, connection in connection == 0 ? .nothing : .reply(bulk(command[1])) }
  let client = server.client { $0.commandTimeout = .milliseconds(80) }
  await #expect(throws: MartletError.timedOut) { try await client.send(["ECHO", "a"]) }
  var answer = ""
  for _ in 0..<20 where answer != "b" {
    answer = (try? await client.send(["ECHO", "b"]).string) ?? ""
  }
  #expect(answer == "b")
  #expect(server.connectionCount > 1)
}

@Test func whatWasNotSentIsSentOverTheNextConnection() async throws {
  let server = try await FakeServer { command, connection in
    connection == 0 ? .close : .reply(bulk(command[1]))
  }
  let client = server.client
  await #expect(throws: MartletError.connectionLost(mayHaveRun: true)) { try await client.send(["ECHO", "lost"]) }
  #expect(try await client.send(["ECHO", "next"]).string == "next")
  #expect(server.connectionCount == 2)
}

private struct Read: Command {
  static let name = "GET"
  static let isReadOnly = true
  typealias Response = RESPString
  let key: String
  func encode(into encoder: inout CommandEncoder) {
    encoder.append(word: "GET")
    encoder.append(key.respArgument)
  }
}

@Test func readsAreRepeatedWhenTheirReplyIsLost() async throws {
  let server = try await FakeServer { command, connection in connection < 2 ? .close : .reply(bulk(command[1])) }
  #expect(try await server.client.send(Read(key: "k")) == "k")
  let strict = try await FakeServer { _, _ in .close }
  await #expect(throws: MartletError.connectionLost(mayHaveRun: true)) {
    try await strict.client { $0.retry = .never }.send(Read(key: "k"))
  }
}

@Test func tooManyCommandsWaitOrFail() async throws {
  let server = try await FakeServer { command, _ in .delayed(bulk(command[1]), .milliseconds(20)) }
  let patient = server.client { $0.maximumInFlight = 2 }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for i in 0..<10 {
      group.addTask {
        let reply = try await patient.send(["ECHO", "\(i)"]).string
        #expect(reply == "\(i)")
      }
    }
    try await group.waitForAll()
  }
  let strict = server.client {
    $0.maximumInFlight = 2
    $0.overload = .fail
  }
  let failures = await withTaskGroup(of: Int.self) { group in
    for i in 0..<10 {
      group.addTask {
        do { _ = try await strict.send(["ECHO", "\(i)"]) } catch MartletError.tooManyInFlight { return 1 } catch {}
        return 0
      }
    }
    return await group.reduce(0, +)
  }
  #expect(failures > 0 && failures <= 8)
}

/// No reply may ever reach a caller who did not ask for it, whoever gives up, and whenever.
@Test(arguments: [ClientConfiguration.Batching.automatic, .off])
func noReplyGoesToTheWrongCaller(_ batching: ClientConfiguration.Batching) async throws {
  let server = try await FakeServer(script: echo)
  let client = server.client {
    $0.batching = batching
    $0.maximumInFlight = 64
    $0.maximumConnections = 4
  }
  let seed = SeededRandom.runSeed()
  let count = SeededRandom.count("MARTLET_CLIENT_CANCELLATIONS", default: 3000)
  let answered = await withTaskGroup(of: Int.self) { group in
    for worker in 0..<16 {
      group.addTask {
        var random = SeededRandom(seed: seed &+ UInt64(worker))
        var answered = 0
        for i in 0..<count / 16 {
          let word = "\(worker)-\(i)"
          let task = Task { try await client.send(["ECHO", .string(word)]).string }
          if random.chance(50) {
            for _ in 0..<random.below(4) { await Task.yield() }
            task.cancel()
          }
          switch await task.result {
          case .success(let reply):
            answered += 1
            #expect(reply == word, "seed \(seed)")
          case .failure(let error): #expect(error is CancellationError, "seed \(seed): \(error)")
          }
        }
        return answered
      }
    }
    return await group.reduce(0, +)
  }
  #expect(answered > count / 3)
  #expect(try await client.send(["ECHO", "after"]).string == "after")
}

@Test func whatWasCancelledBeforeItWasSentIsNeverSent() async throws {
  let server = try await FakeServer(answersHandshake: false) { command, _ in
    switch command[0] {
    // The handshake takes its time: all commands wait.
    case "HELLO": .delayed("%0\r\n", .milliseconds(50))
    default: .delayed("+OK\r\n", .milliseconds(50))
    }
  }
  let client = server.client
  let cancelled = Task { try await client.send(["SET", "cancelled", "1"]) }
  let kept = Task { try await client.send(["SET", "kept", "1"]) }
  try await Task.sleep(for: .milliseconds(20))
  cancelled.cancel()
  await #expect(throws: CancellationError.self) { try await cancelled.value }
  _ = try await kept.value
  #expect(server.commands.filter { $0[0] == "SET" } == [["SET", "kept", "1"]])
}

@Test func closingFailsWhatWaits() async throws {
  let server = try await FakeServer { _, _ in .nothing }
  let client = server.client
  let waiting = Task { try await client.send(["PING"]) }
  while server.commands.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
  client.close()
  await #expect(throws: MartletError.closed) { try await waiting.value }
  await #expect(throws: MartletError.closed) { try await client.send(["PING"]) }
}

// MARK: Pushes

private final class Listener: PushListener {
  let heard = Mutex<[String]>([])
  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {
    heard.withLock { $0.append("opened \(generation) \(replies.map { $0.string ?? "-" })") }
  }
  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {
    heard.withLock { $0.append("push \(generation) \(push.elements.first?.string ?? "")") }
  }
  func closed(_ connection: ConnectionID, generation: UInt64) { heard.withLock { $0.append("closed \(generation)") } }
  func note(_ text: String) { heard.withLock { $0.append(text) } }
}

@Test func listenersHearPushesInOrderWithRepliesAndSpeakFirst() async throws {
  let server = try await FakeServer { command, connection in
    switch command[0] {
    case "CLIENT": .reply("+OK\r\n")
    case "TWO": .reply(">2\r\n+invalidate\r\n+before\r\n+reply\r\n>2\r\n+invalidate\r\n+after\r\n")
    case "END": connection == 0 ? .close : .reply("+done\r\n")
    default: .reply("+\(command[0])\r\n")
    }
  }
  let client = server.client
  let listener = Listener()
  client.addPushListener(listener) { _, generation in [["CLIENT", "TRACKING", "ON"], ["N\(generation)"]] }
  let pinned = client.sharedConnection(for: "k")!
  #expect(pinned.generation == nil)
  #expect(try await client.send(["FIRST"]).string == "FIRST")
  #expect(pinned.generation == 1)
  #expect(server.commands == [["CLIENT", "TRACKING", "ON"], ["N1"], ["FIRST"]])
  await withCheckedContinuation { continuation in
    pinned.send([["TWO"]], generation: 1) { result in
      listener.note((try? result.get().first?.string) ?? "failed")
      continuation.resume()
    }
  }
  _ = try? await client.send(["END"])
  _ = try await client.send(["PING"])
  pinned.send([["NEVER"]], generation: 1) { result in
    listener.note("\(result)")
  }
  let heard = listener.heard.withLock { $0 }
  #expect(
    heard == [
      "opened 1 [\"OK\", \"N1\"]", "push 1 before", "reply", "push 1 after", "closed 1", "opened 2 [\"OK\", \"N2\"]",
      "failure(MartletClient.MartletError.connectionLost(mayHaveRun: false))",
    ])
}

@Test func aListenerThatComesLateIsGreetedOnOpenConnections() async throws {
  let server = try await FakeServer { command, _ in .reply("+\(command[0])\r\n") }
  let client = server.client
  _ = try await client.send(["PING"])
  let listener = Listener()
  client.addPushListener(listener) { _, _ in [["TRACK"]] }
  while listener.heard.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
  #expect(listener.heard.withLock { $0 } == ["opened 1 [\"TRACK\"]"])
}

// MARK: Small parts

@Test func backoffGrowsToItsLimitAndIsNeverTheSame() {
  var backoff = Backoff()
  backoff.random = { 0 }
  #expect((1...5).map { backoff.delay(afterFailures: $0) } == [20, 40, 80, 160, 320].map { .milliseconds($0) })
  #expect(backoff.delay(afterFailures: 1_000_000) == .seconds(2))
  backoff.random = { 0.5 }
  #expect(backoff.delay(afterFailures: 1) == .milliseconds(15))
}

@Test func urlsAreReadAsTheirUsersWriteThem() throws {
  var configuration = ClientConfiguration()
  #expect(
    try ClientURL("redis://me:p%40ss@db.example:7000/4").apply(to: &configuration) == .standalone("db.example", 7000))
  #expect(configuration.username == "me" && configuration.password == "p@ss" && configuration.database == 4)
  #expect(try ClientURL("redis://").apply(to: &configuration) == .standalone("localhost", 6379))
  #expect(try ClientURL("redis://[::1]:7001").apply(to: &configuration) == .standalone("::1", 7001))
  #expect(try ClientURL("unix:///run/m.sock?db=2").apply(to: &configuration) == .unixSocket("/run/m.sock"))
  #expect(configuration.database == 2)
  for text in [
    "localhost", "http://a", "redis://a:b", "redis://a/x", "redis://a:70000", "redis://%zz@a", "unix://",
    "redis://[::1",
  ] {
    #expect(throws: MartletError.self, "\(text)") { try ClientURL(text).apply(to: &configuration) }
  }
}

@Test func slotsAreThoseOfTheClusterSpecification() {
  #expect(KeySlot.of("123456789") == 0x31c3)
  #expect(KeySlot.of("{user1000}.following") == KeySlot.of("{user1000}.followers"))
  #expect(KeySlot.of("foo{}{bar}") == KeySlot.of(.buffer(ByteBuffer(string: "foo{}{bar}"))))
  #expect(KeySlot.of("foo{{bar}}zap") == KeySlot.of("{bar"))
  #expect(KeySlot.of("foo") == 12182)
}
