import Foundation
import Glibc
import TestSupport
import Testing

/// The kernel tells once that something has come. Nothing that a socket still holds may be forgotten after that.
@Suite(.serialized) struct ReadingTests {
  /// What a socket is read with at most at a time.
  private static let readSize = 64 << 10

  /// Lets the server find all at once that is done meanwhile.
  private func whileAsleep(_ server: ServerProcess, _ body: () throws -> Void) rethrows {
    kill(server.processIdentifier, SIGSTOP)
    defer { kill(server.processIdentifier, SIGCONT) }
    try body()
    usleep(20_000)
  }

  /// A client whose socket takes all that is sent while nobody reads.
  private func connectWithRoom(_ server: ServerProcess) throws -> RESPClient {
    let client = try server.connect()
    var room: Int32 = 1 << 20
    setsockopt(client.descriptor, SOL_SOCKET, SO_SNDBUF, &room, 4)
    return client
  }

  private func connectedClients(_ observer: RESPClient) throws -> Int {
    let lines = try observer.call("INFO", "clients").text.split(separator: "\r\n")
    return try #require(
      lines.lazy.compactMap { $0.hasPrefix("connected_clients:") ? Int($0.dropFirst(18)) : nil }.first)
  }

  /// Inline commands, as one run of so many bytes.
  private func pings(_ bytes: Int) -> [UInt8] {
    let line = Array("PING\r\n".utf8)
    return (0..<bytes / line.count).flatMap { _ in line } + [UInt8](repeating: 10, count: bytes % line.count)
  }

  @Test(arguments: [1, 2, 3], [-6, -1, 0, 1, 6])
  func inputAroundTheSizeOfAReadIsAnsweredToTheLastCommand(reads: Int, more: Int) throws {
    let server = try ServerProcess(.martlet)
    let client = try connectWithRoom(server)
    let input = pings(reads * Self.readSize + more)
    try whileAsleep(server) { try client.send(raw: input) }
    for _ in 0..<input.count / 6 { #expect(try client.receive().text == "+PONG\r\n") }
    #expect(try client.call("ECHO", "more").word == "more")
  }

  @Test(arguments: [1, 1000, readSize, 3 * readSize])
  func whatWasSentBeforeTheEndIsAnsweredAndTheConnectionClosed(bytes: Int) throws {
    let server = try ServerProcess(.martlet)
    let client = try connectWithRoom(server)
    let input = pings(bytes)
    try whileAsleep(server) {
      try client.send(raw: input)
      shutdown(client.descriptor, Int32(SHUT_WR))
    }
    for _ in 0..<input.count / 6 { #expect(try client.receive().text == "+PONG\r\n") }
    #expect(client.isClosed())
  }

  @Test func whoLeavesWithTheLastCommandIsForgotten() throws {
    let server = try ServerProcess(.martlet)
    let observer = try server.connect()
    var clients = try (0..<50).map { _ in try server.connect() }
    for client in clients { try client.call("PING") }
    #expect(try connectedClients(observer) == 51)
    try whileAsleep(server) {
      for (i, client) in clients.enumerated() {
        try client.send("INCR", "count")
        if i % 2 == 0 { try client.send("BLPOP", "nothing", "0") }
        if i % 4 == 0 { try client.send(raw: pings(Self.readSize)) }
      }
      clients = []
    }
    #expect(eventually { (try? connectedClients(observer)) == 1 })
    #expect(try observer.call("GET", "count").word == "50")
  }

  @Test func whatComesWhileAScriptRunsIsReadAfterIt() throws {
    let server = try ServerProcess(.martlet, options: ["--busy-reply-threshold", "1"])
    let clients = try (0..<20).map { _ in try server.connect() }
    for client in clients { try client.call("PING") }
    // Those of one turn, which all wait for the script of the first.
    try whileAsleep(server) {
      for client in clients {
        try client.send("EVAL", "local n = 0 while n < 3e6 do n = n + 1 end return n", "0")
      }
    }
    usleep(20_000)
    for client in clients { try client.send("ECHO", "after") }
    for client in clients {
      let first = try client.receive()
      #expect(first.integer == 3_000_000 || first.text.hasPrefix("-BUSY"), "\(first.shown)")
      let second = try client.receive()
      #expect(second.word == "after" || second.text.hasPrefix("-BUSY"), "\(second.shown)")
    }
  }

  @Test func whatComesWhileRepliesAreNotTakenIsRead() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    try client.call("SET", "large", String(repeating: "x", count: 20_000_000))
    try client.send("GET", "large")
    try client.send("ECHO", "one")
    usleep(100_000)
    try client.send("ECHO", "two")
    #expect(try client.receive().bytes.count == 20_000_013)
    #expect(try client.receive().word == "one")
    #expect(try client.receive().word == "two")
    #expect(try client.call("ECHO", "three").word == "three")
  }
}
