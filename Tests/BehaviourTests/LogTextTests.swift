import Foundation
import TestSupport
import Testing

/// What stands in the append-only file is RESP as every reader takes it, however clients wrote their commands.
@Suite struct LogTextTests {
  private func log(of server: ServerProcess) throws -> [UInt8] {
    Array(try Data(contentsOf: server.directory.appendingPathComponent("appendonlydir/appendonly.aof.1.incr.aof")))
  }

  private func encoded(_ commands: [String]) -> [UInt8] {
    commands.flatMap { RESPClient.encode($0.split(separator: " ").map { Array($0.utf8) }) }
  }

  @Test func commandsAreLoggedInPlainRESPHoweverTheyCame() throws {
    let server = try ServerProcess(.martlet, options: ["--appendonly", "yes", "--appendfsync", "always"])
    let client = try server.connect()
    let long = String(repeating: "v", count: 1234)
    let longer = String(repeating: "w", count: 40_000)
    let many = "RPUSH l " + (0..<120).map { "m\($0)" }.joined(separator: " ")
    // Line ends that Redis takes, too: it looks at the CR only, or at neither byte.
    try client.send(raw: "*3\rX$3\r\nSET\r\n$1\rY\u{61}\r\n$1\r\nx\r\n")
    try client.send(raw: "*3\r\n$3\r\nSET\r\n$1\r\nb??$12\r\nabcdefghijkl!!")
    try client.send(raw: "SET c 'in line'\r\n")
    // In one piece, and in two.
    try client.send(raw: encoded(["SET d \(long)", many, "set E \(longer)"]))
    let split = encoded(["SET f split"])
    for piece in [split[..<7], split[7..<20], split[20...]] {
      try client.send(raw: Array(piece))
      usleep(20_000)
    }
    try client.send(raw: encoded(["MULTI", "INCR g", "SET h i", "EXEC"]))
    try client.send("EVAL", "redis.call('set', KEYS[1], ARGV[1]); return 1", "1", "j", "k")
    try client.send(raw: encoded(["SET last 1"]))
    for _ in 0..<12 { #expect(try client.receive().bytes.first != UInt8(ascii: "-")) }
    let expected =
      encoded(["SELECT 0", "SET a x", "SET b abcdefghijkl"])
      + RESPClient.encode([Array("SET".utf8), Array("c".utf8), Array("in line".utf8)])
      + encoded(["SET d \(long)", many, "set E \(longer)", "SET f split", "MULTI", "INCR g", "SET h i", "EXEC"])
      + encoded(["set j k", "SET last 1"])
    #expect(String(decoding: try log(of: server), as: UTF8.self) == String(decoding: expected, as: UTF8.self))
  }
}
