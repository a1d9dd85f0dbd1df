import Foundation
import TestSupport
import Testing

/// Programs that people use against Redis, unchanged.
@Suite(.serialized) struct ClientProgramTests {
  private func cli(_ server: ServerProcess, _ arguments: String..., input: String? = nil) throws -> String {
    let result = try runProgram("/usr/bin/redis-cli", ["-p", "\(server.port)"] + arguments, input: input)
    #expect(result.code == 0, "redis-cli \(arguments.joined(separator: " ")): \(result.output)")
    return result.output
  }

  @Test func redisCliRunsInItsModes() throws {
    let server = try ServerProcess(.martlet)
    #expect(try cli(server, "SET", "greeting", "hello") == "OK\n")
    #expect(try cli(server, "-3", "GET", "greeting") == "hello\n")
    #expect(try cli(server, "-3", "HSET", "h", "f", "v") == "1\n")
    #expect(try cli(server, "RPUSH", "list", "a", "b") == "2\n")
    #expect(try cli(server, "SADD", "set", "a") == "1\n")
    #expect(try cli(server, "ZADD", "zset", "1.5", "a") == "1\n")
    #expect(try cli(server, "XADD", "stream", "1-1", "f", "v") == "1-1\n")
    let scanned = try cli(server, "--scan").split(separator: "\n").sorted()
    #expect(scanned == ["greeting", "h", "list", "set", "stream", "zset"])
    #expect(try cli(server, "--bigkeys").contains("Biggest"))
    #expect(try cli(server, "--memkeys").contains("Biggest"))
    #expect(try cli(server, "INFO", "server").contains("server_name:martlet"))
    #expect(try cli(server, "--pipe", input: "SET a 1\r\nSET b 2\r\nINCR a\r\n").contains("errors: 0, replies: 3"))
    #expect(try cli(server, "GET", "a") == "2\n")
    #expect(try cli(server, "COMMAND", "DOCS", "get").contains("summary"))
    #expect(try cli(server, "MODULE", "LIST") == "\n")
    try server.connect().call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")
    #expect(try cli(server, "--hotkeys").contains("Sampled"))
  }

  @Test func redisBenchmarkRunsItsTests() throws {
    let server = try ServerProcess(.martlet)
    let result = try runProgram(
      "/usr/bin/redis-benchmark",
      ["-p", "\(server.port)", "-n", "2000", "-c", "20", "-P", "4", "-q", "-r", "1000"])
    #expect(result.code == 0)
    #expect(!result.output.contains("ERR") && !result.output.contains("Error"), "\(result.output)")
    #expect(result.output.contains("LRANGE_600"))
  }

  /// redis-py from PyPI: commands, pipelines, transactions, Pub/Sub, RESP2 and RESP3.
  @Test(arguments: [2, 3]) func redisPyDrivesTheServer(_ version: Int) throws {
    guard let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"] else { return }
    let server = try ServerProcess(.martlet)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("redis_py.py")
    let result = try runProgram(python, [script.path, "\(server.port)", "\(version)"])
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("all good"), "\(result.output)")
  }
}
