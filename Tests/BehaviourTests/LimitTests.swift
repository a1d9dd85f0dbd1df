import Foundation
import TestSupport
import Testing

/// Hostile and broken clients cost bounded memory and harm nobody else.
@Suite(.serialized) struct LimitTests {
  /// What the server answers before it closes the connection.
  private func answer(to bytes: String, options: [String] = []) throws -> String {
    let server = try ServerProcess(.martlet, options: options)
    let client = try server.connect()
    try client.send(raw: bytes)
    let answer = String(decoding: client.drain(quietMilliseconds: 200), as: UTF8.self)
    let others = try server.connect().call("PING").text
    #expect(others == "+PONG\r\n" || others.hasPrefix("-NOAUTH"))
    return answer
  }

  @Test(arguments: [
    ("*1\r\n$-5\r\n", "-ERR Protocol error: invalid bulk length"),
    ("*1\r\n$999999999999\r\n", "-ERR Protocol error: invalid bulk length"),
    ("*2147483648\r\n", "-ERR Protocol error: invalid multibulk length"),
    ("*x\r\n", "-ERR Protocol error: invalid multibulk length"),
    ("*1\r\n:5\r\n", "-ERR Protocol error: expected '$', got ':'"),
    ("SET \"a b\r\n", "-ERR Protocol error: unbalanced quotes in request"),
  ])
  func whatIsNoProtocolIsRefusedAndTheConnectionClosed(_ input: String, _ expected: String) throws {
    let answer = try answer(to: input)
    #expect(answer.hasPrefix(expected))
    #expect(answer.hasSuffix("<closed>"))
  }

  @Test func aLineWithoutEndIsCutOff() throws {
    let answer = try answer(to: String(repeating: "x", count: 70_000))
    #expect(answer.hasPrefix("-ERR Protocol error: too big inline request"))
  }

  @Test func nobodyUnknownMaySendMuch() throws {
    #expect(
      try answer(to: "*11\r\n", options: ["--requirepass", "secret"])
        .hasPrefix("-ERR Protocol error: unauthenticated multibulk length"))
    #expect(
      try answer(to: "*1\r\n$20000\r\n", options: ["--requirepass", "secret"])
        .hasPrefix("-ERR Protocol error: unauthenticated bulk length"))
  }

  @Test(arguments: ["POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET x\r\nHost: localhost\r\nSET a b\r\n"])
  func aBrowserIsTurnedAway(_ request: String) throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    try client.send(raw: request)
    #expect(client.isClosed())
    #expect(eventually { server.logText.contains("SECURITY ATTACK") })
    #expect(try server.connect().call("EXISTS", "a").integer == 0)
  }

  @Test func aQueryBeyondItsLimitEndsTheConnection() throws {
    let server = try ServerProcess(.martlet, options: ["--client-query-buffer-limit", "1mb"])
    let client = try server.connect()
    try? client.send(raw: "*2\r\n$3\r\nSET\r\n$100000000\r\n")
    let chunk = [UInt8](repeating: 120, count: 1 << 16)
    for _ in 0..<64 { try? client.send(raw: chunk) }
    #expect(client.isClosed())
    let info = try server.connect().call("INFO", "stats").text
    #expect(info.contains("client_query_buffer_limit_disconnections:1"))
  }

  @Test func whoDoesNotReadIsDisconnectedAtItsOutputLimit() throws {
    let server = try ServerProcess(
      .martlet,
      options: ["--client-output-buffer-limit", "normal 2mb 0 0", "--client-output-buffer-limit", "pubsub 1mb 0 0"])
    let other = try server.connect()
    try other.call([Array("SET".utf8), Array("big".utf8), [UInt8](repeating: 120, count: 100_000)])
    let lazy = try server.connect()
    var sent = 0
    while sent < 2000, (try? lazy.send("GET", "big")) != nil { sent += 1 }
    #expect(
      eventually {
        (try? other.call("INFO", "stats").text.contains("client_output_buffer_limit_disconnections:1")) ?? false
      })

    let subscriber = try server.connect()
    try subscriber.call("SUBSCRIBE", "c")
    let message = [UInt8](repeating: 120, count: 50_000)
    for _ in 0..<400 { try other.call([Array("PUBLISH".utf8), Array("c".utf8), message]) }
    #expect(try other.call("PUBSUB", "NUMSUB", "c").words == ["c", "0"])
    #expect(try other.call("PING").text == "+PONG\r\n")
  }

  @Test func clientsBeyondTheMaximumAreRefused() throws {
    let server = try ServerProcess(.martlet, options: ["--maxclients", "3"])
    let first = try server.connect()
    // The connection that found the server ready may not be gone yet.
    #expect(try eventually { try first.call("INFO", "clients").text.contains("connected_clients:1\r\n") })
    let clients = try [first, server.connect(), server.connect()]
    for client in clients { #expect(try client.call("PING").text == "+PONG\r\n") }
    let refused = try server.connect()
    #expect(try refused.receive().text == "-ERR max number of clients reached\r\n")
    #expect(refused.isClosed())
  }

  @Test func aByteAtATimeIsACommandInTheEnd() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    for byte in RESPClient.encode([Array("SET".utf8), Array("key".utf8), Array("value".utf8)]) {
      try client.send(raw: [byte])
    }
    #expect(try client.receive().text == "+OK\r\n")
    for byte in Array("get key\r\n".utf8) { try client.send(raw: [byte]) }
    #expect(try client.receive().text == "$5\r\nvalue\r\n")
  }

  @Test func idleClientsAreDisconnectedAfterTheirTime() throws {
    let server = try ServerProcess(.martlet, options: ["--timeout", "1"])
    let idle = try server.connect()
    let subscriber = try server.connect()
    try subscriber.call("SUBSCRIBE", "c")
    #expect(idle.isClosed(within: 4))
    try server.connect().call("PUBLISH", "c", "still here")
    #expect(try subscriber.receive().words.last == "still here")
  }

  @Test func aValueOfManyMegabytesComesBackWhole() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    let value = (0..<40 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try client.call([Array("SET".utf8), Array("big".utf8), value]).text == "+OK\r\n")
    #expect(try client.call("STRLEN", "big").integer == value.count)
    let tail = try client.call("GETRANGE", "big", "41943000", "-1")
    #expect(tail.bytes.dropFirst(5).dropLast(2) == value[41_943_000...])
    #expect(
      try client.call([Array("SETRANGE".utf8), Array("big".utf8), Array("536870912".utf8), Array("x".utf8)]).isError)
  }
}
