import Foundation
import TestSupport
import Testing

/// One directory, in turn used by Martlet and by redis-server 7.0: each finds what the other left.
@Suite(.serialized) struct InteropTests {
  private func fill(_ client: RESPClient, _ prefix: String) throws {
    var random = SeededRandom(seed: 17)
    func word() -> String { String(random.next() >> 40, radix: 36) }
    for i in 0..<40 {
      let key = "\(prefix)\(i)"
      try client.call("SET", "s\(key)", word())
      try client.call("SET", "m\(key)", word(), "EX", "100000")
      try client.call("RPUSH", "l\(key)", word(), word(), String(repeating: word(), count: 300))
      try client.call("SADD", "i\(key)", "\(i)", "70000")
      try client.call("HSET", "h\(key)", word(), word(), "n", "\(i)")
      try client.call("ZADD", "z\(key)", "\(Double(i) / 3)", word(), "-inf", word())
      for j in 0..<10 {
        try client.call("HSET", "H\(prefix)", "\(i):\(j)", word())
        try client.call("SADD", "S\(prefix)", word())
        try client.call("ZADD", "Z\(prefix)", "\(j)", word())
        try client.call("XADD", "x\(prefix)", "\(i + 1)-\(j + 1)", word(), word())
      }
    }
    try client.call("XGROUP", "CREATE", "x\(prefix)", "group", "0")
    try client.call("XREADGROUP", "GROUP", "group", "reader", "COUNT", "5", "STREAMS", "x\(prefix)", ">")
    try client.call("XDEL", "x\(prefix)", "1-1", "2-2")
    try client.call("SELECT", "3")
    try client.call("SET", "elsewhere:\(prefix)", "\u{0}\r\n")
    try client.call("SELECT", "0")
  }

  private func wait(_ client: RESPClient, until field: String) throws {
    let deadline = Date().addingTimeInterval(20)
    while try !client.call("INFO", "persistence").text.contains(field) {
      if Date() > deadline { throw TestFailure("\(field) did not come") }
      usleep(10_000)
    }
  }

  private func start(_ kind: ServerProcess.Kind, _ options: [String], _ directory: URL) throws -> ServerProcess {
    let server = try ServerProcess(kind, options: options + ["--enable-debug-command", "yes"], directory: directory)
    try wait(try server.connect(), until: "loading:0")
    return server
  }

  /// Each in turn checks what it finds, adds to it, and writes it anew.
  private func handOver(_ options: [String], _ save: (RESPClient) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-interop-\(getpid())")
    defer { try? FileManager.default.removeItem(at: directory) }
    var digest: String?
    for (round, kind) in [ServerProcess.Kind.martlet, .redis, .martlet, .redis].enumerated() {
      let server = try start(kind, options, directory)
      let client = try server.connect()
      let found = try client.call("DEBUG", "DIGEST").text
      if let digest { #expect(found == digest, "round \(round), \(kind)") }
      try fill(client, "\(round):")
      try save(client)
      // What comes after it is in no snapshot.
      try client.call("SET", "last", "\(round)")
      try client.call("INCRBYFLOAT", "float", "1.5")
      digest = try client.call("DEBUG", "DIGEST").text
      if options.contains("--appendonly") { server.stop() } else { server.terminate() }
    }
  }

  @Test(arguments: ["yes", "no"]) func logGoesBothWays(preamble: String) throws {
    let options = [
      "--appendonly", "yes", "--aof-use-rdb-preamble", preamble, "--appendfsync", "always", "--save", "",
    ]
    try handOver(options) { (client: RESPClient) throws -> Void in
      #expect(try client.call("BGREWRITEAOF").text.hasPrefix("+Background"))
      try wait(client, until: "aof_rewrite_in_progress:0")
      try wait(client, until: "aof_rewrite_scheduled:0")
    }
  }

  @Test func snapshotGoesBothWays() throws {
    try handOver(["--save", "3600 1"]) { (client: RESPClient) throws -> Void in
      #expect(try client.call("SAVE").text == "+OK\r\n")
    }
  }
}
