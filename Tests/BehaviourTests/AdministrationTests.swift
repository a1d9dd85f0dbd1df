import Foundation
import TestSupport
import Testing

/// What operators do to a running server.
@Suite struct AdministrationTests {
  @Test func emptyLinesBetweenCommandsAreHarmless() throws {
    let server = try ServerProcess(.martlet, options: ["--requirepass", "secret"])
    let client = try server.connect()
    try client.send(raw: "AUTH secret\r\n\r\n\r\n*1\r\n$4\r\nPI")
    #expect(try client.receive().text == "+OK\r\n")
    usleep(20000)
    try client.send(raw: "NG\r\n\r\n\r\n\r\n*1\r\n")
    #expect(try client.receive().text == "+PONG\r\n")
    try client.send(raw: "$4\r\nPING\r\n")
    #expect(try client.receive().text == "+PONG\r\n")
    #expect(server.isRunning)
  }

  /// As C's long double, as Redis does: what a `Double` cannot hold is no error by itself.
  @Test func timeoutsMayBeVeryLargeAndVerySmall() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    for (timeout, error) in [
      ("1e400", "is out of range"), ("inf", "is out of range"), ("9223372036854776", "is out of range"),
      ("9223372036854775", "is out of range"), ("-1e400", "is negative"), ("-inf", "is negative"),
      ("-0.5", "is negative"), ("nan", "is not a float or out of range"), (" 1", "is not a float or out of range"),
    ] {
      #expect(try client.call("BLPOP", "k", timeout).text == "-ERR timeout \(error)\r\n", "\(timeout)")
    }
    #expect(try client.call("BLPOP", "k", "1e-400").text == "*-1\r\n")
  }

  @Test func aRenamedCommandIsKnownByItsNewNameOnly() throws {
    let server = try ServerProcess(
      .martlet, options: ["--rename-command", "FLUSHALL", "wipe-it-all-without-asking", "--rename-command", "KEYS", ""])
    let client = try server.connect()
    #expect(try client.call("FLUSHALL").text.hasPrefix("-ERR unknown command 'FLUSHALL'"))
    #expect(try client.call("KEYS", "*").text.hasPrefix("-ERR unknown command 'KEYS'"))
    #expect(try client.call("WIPE-IT-ALL-without-asking").text == "+OK\r\n")
  }

  @Test func subscriptionsAreConfirmedWhileRepliesAreOff() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    try client.send("CLIENT", "REPLY", "OFF")
    try client.send("PING")
    #expect(try client.call("SUBSCRIBE", "news").words == ["subscribe", "news", "1"])
    #expect(try server.connect().call("PUBLISH", "news", "hello").integer == 1)
    #expect(try client.receive().words == ["message", "news", "hello"])
  }

  @Test func monitorsSeeExecAfterWhatItRan() throws {
    let server = try ServerProcess(.martlet)
    let monitor = try server.connect()
    try monitor.call("MONITOR")
    let client = try server.connect()
    for words in [["MULTI"], ["SET", "a", "b"], ["EXEC"]] { try client.call(words.map { Array($0.utf8) }) }
    let seen = try (0..<3).map { _ in try monitor.receive().text }
    #expect(seen[0].contains("\"MULTI\"") && seen[1].contains("\"SET\" \"a\" \"b\"") && seen[2].contains("\"EXEC\""))
  }

  @Test func theLargestClientGoesWhenAllTakeTooMuch() throws {
    let server = try ServerProcess(.martlet, options: ["--maxmemory-clients", "1mb"])
    let client = try server.connect()
    let greedy = try server.connect()
    // It may be gone before it has sent all.
    try? greedy.send(raw: "*2\r\n$3\r\nGET\r\n$3000000\r\n" + String(repeating: "x", count: 2_000_000))
    #expect(
      try eventually {
        try client.call("INFO", "stats").text.contains("evicted_clients:1")
      }, "the client that sends so much is gone")
    // A command that is received whole counts before it runs.
    let other = try server.connect()
    #expect(throws: (any Error).self) { try other.call("SET", "k", String(repeating: "x", count: 3_000_000)) }
    #expect(try client.call("EXISTS", "k").integer == 0)
  }

  @Test func repliesBeyondTheLimitEndTheConnection() throws {
    let server = try ServerProcess(
      .martlet, options: ["--client-output-buffer-limit", "normal 100000 0 0"])
    let client = try server.connect()
    try client.call("HSET", "h", "f", "v")
    #expect(throws: (any Error).self) { try client.call("HRANDFIELD", "h", "-999999999") }
    #expect(try server.connect().call("PING").text == "+PONG\r\n")
  }

  @Test func loweringMaxmemoryEvictsAtOnce() throws {
    let server = try ServerProcess(.martlet, options: ["--maxmemory-policy", "allkeys-random"])
    let client = try server.connect()
    let value = String(repeating: "x", count: 10000)
    for i in 0..<200 { try client.call("SET", "k\(i)", value) }
    let used = try #require(
      try client.call("INFO", "memory").text.split(separator: "\r\n").first { $0.hasPrefix("used_memory:") }
        .flatMap { Int($0.dropFirst(12)) })
    try client.call("CONFIG", "SET", "maxmemory", "\(used - 1_000_000)")
    #expect(try eventually { (try client.call("DBSIZE").integer ?? 200) < 120 }, "a megabyte of keys is gone")
  }

  @Test func slowCommandsAreRemembered() throws {
    let server = try ServerProcess(
      .martlet, options: ["--enable-debug-command", "yes", "--latency-monitor-threshold", "20"])
    let client = try server.connect()
    try client.call("DEBUG", "SLEEP", "0.03")
    #expect(try client.call("SLOWLOG", "GET", "1").words.contains("SLEEP"))
    #expect(try client.call("LATENCY", "LATEST").words.first == "command")
    #expect(try client.call("LATENCY", "GRAPH", "command").text.contains("command - high"))
    // One that waits is no slow one until it is done.
    try client.call("CONFIG", "SET", "slowlog-log-slower-than", "0")
    try client.call("SLOWLOG", "RESET")
    let waiting = try server.connect()
    try waiting.send("BLPOP", "list", "0")
    #expect(try eventually { try client.call("INFO", "clients").text.contains("blocked_clients:1") }, "it waits")
    #expect(try !client.call("SLOWLOG", "GET", "-1").words.contains("BLPOP"))
    try client.call("RPUSH", "list", "a")
    #expect(try waiting.receive().words == ["list", "a"])
    #expect(try client.call("SLOWLOG", "GET", "-1").words.contains("BLPOP"))
  }

  @Test func debugNeedsPermission() throws {
    let server = try ServerProcess(.martlet)
    let client = try server.connect()
    #expect(try client.call("DEBUG", "SLEEP", "0").text.hasPrefix("-ERR DEBUG command not allowed."))
    let local = try ServerProcess(.martlet, options: ["--enable-debug-command", "local"])
    let other = try local.connect()
    #expect(try other.call("DEBUG", "SLEEP", "0").text == "+OK\r\n")
    for crash in ["OOM", "RESTART", "CRASH-AND-RECOVER"] { #expect(try other.call("DEBUG", crash).isError) }
    #expect(local.isRunning)
  }

  @Test func crashLeavesAReportInTheLog() throws {
    for isEnabled in [true, false] {
      let server = try ServerProcess(
        .martlet, options: ["--enable-debug-command", "yes", "--crash-log-enabled", isEnabled ? "yes" : "no"])
      let client = try server.connect()
      try client.send("DEBUG", "SEGFAULT")
      #expect(server.waitForEnd(seconds: 10) != nil)
      #expect(server.logText.contains("crashed by signal: 11") == isEnabled)
      #expect(server.logText.contains("STACK TRACE") == isEnabled)
    }
  }

  @Test func thatADeadWatchedKeyIsRemovedIsNoChange() throws {
    let server = try ServerProcess(.martlet, options: ["--enable-debug-command", "yes"])
    let client = try server.connect()
    try client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0")
    func watchDeadKey() throws {
      try client.call("FLUSHALL")
      try client.call("SET", "x", "1", "PX", "1")
      usleep(5000)
      try client.call("WATCH", "x")
    }
    for removal in [["DEL", "x"], ["FLUSHDB"], ["SWAPDB", "0", "1"]] {
      try watchDeadKey()
      try client.call(removal.map { Array($0.utf8) })
      try client.call("MULTI")
      try client.call("PING")
      #expect(try client.call("EXEC").text == "*1\r\n+PONG\r\n", "\(removal)")
    }
    try watchDeadKey()
    try client.call("SET", "x", "2")
    try client.call("MULTI")
    #expect(try client.call("EXEC").text == "*-1\r\n")
  }

  /// What COMMAND DOCS says of commands that others have replaced, and of those that are not for clients.
  @Test func replacedCommandsAreDocumentedAsInRedis() throws {
    func notes(_ program: ServerProcess.Kind) throws -> [String: [String]] {
      let server = try ServerProcess(program)
      var found: [String: [String]] = [:]
      func collect(_ commands: Element?) {
        guard case .aggregate(_, let entries) = commands else { return }
        for i in stride(from: 0, to: entries.count - 1, by: 2) {
          guard case .aggregate(_, let fields) = entries[i + 1] else { continue }
          for j in stride(from: 0, to: fields.count - 1, by: 2) {
            switch fields[j].words.first {
            case "doc_flags", "deprecated_since", "replaced_by":
              found[entries[i].words[0], default: []] += fields[j].words + fields[j + 1].words
            case "subcommands": collect(fields[j + 1])
            default: break
            }
          }
        }
      }
      collect(Element.of(try server.connect().call("COMMAND", "DOCS")))
      return found
    }
    let (ours, theirs) = (try notes(.martlet), try notes(.redis))
    #expect(theirs.count > 20)
    // Redis 7.2 has added one.
    #expect(ours.filter { $0.key != "quit" } == theirs)
  }
}
