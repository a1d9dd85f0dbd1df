import Foundation
import TestSupport
import Testing

/// A server that is killed while it works, again and again, in one directory. MARTLET_CRASH_ROUNDS says how often.
@Suite(.serialized) struct CrashTests {
  private static let keys = 20

  /// What was sent for each key, and what was answered.
  private struct Model {
    var sent = [Int](repeating: 0, count: keys)
    var acknowledged = [Int](repeating: 0, count: keys)
  }

  private let rounds = SeededRandom.count("MARTLET_CRASH_ROUNDS", default: 25)

  /// Writes rising numbers until the server is killed in the middle of it.
  private func writeAndKill(_ server: ServerProcess, _ model: inout Model, _ random: inout SeededRandom) throws {
    let client = try server.connect()
    let batches = random.below(40) + 5
    for batch in 0..<batches {
      if random.chance(6) { try client.call(random.chance(50) ? "BGREWRITEAOF" : "BGSAVE") }
      var pending: [(key: Int, value: Int)] = []
      for _ in 0..<random.below(50) + 1 {
        let key = random.below(Self.keys)
        model.sent[key] += 1
        try client.send("SET", "key\(key)", "\(model.sent[key])")
        pending.append((key, model.sent[key]))
      }
      let isLast = batch == batches - 1
      for (key, value) in isLast ? Array(pending.prefix(random.below(pending.count + 1))) : pending {
        guard try client.receive().text == "+OK\r\n" else {
          throw TestFailure("a write was refused: \(server.logText)")
        }
        model.acknowledged[key] = value
      }
      if isLast { usleep(UInt32(random.below(3000))) }
    }
    server.stop()
  }

  private func check(_ server: ServerProcess, _ model: inout Model, mayLose: Bool, _ context: String) throws {
    let client = try server.connect()
    for key in 0..<Self.keys {
      let value = try client.call("GET", "key\(key)").integer ?? 0
      #expect(value <= model.sent[key], "\(context): key\(key) holds what was never sent")
      if !mayLose { #expect(value >= model.acknowledged[key], "\(context): key\(key) lost what was acknowledged") }
      model.sent[key] = value
      model.acknowledged[key] = value
    }
  }

  private func run(_ policy: String, mayLose: Bool) throws {
    let seed = SeededRandom.runSeed()
    var random = SeededRandom(seed: seed)
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "martlet-crash-\(getpid())-\(policy)-\(seed)")
    defer { try? FileManager.default.removeItem(at: directory) }
    var model = Model()
    // With the last reference, a server's directory goes.
    var killed: [ServerProcess] = []
    for round in 0..<rounds {
      let server = try ServerProcess(
        .martlet, options: ["--appendonly", "yes", "--appendfsync", policy, "--save", ""], directory: directory)
      try check(server, &model, mayLose: mayLose, "seed \(seed), round \(round)")
      try writeAndKill(server, &model, &random)
      killed.append(server)
    }
    // In the end, redis-server takes over what is there.
    let redis = try ServerProcess(.redis, options: ["--appendonly", "yes", "--save", ""], directory: directory)
    try check(redis, &model, mayLose: mayLose, "seed \(seed), redis-server")
    #expect(killed.count == rounds)
  }

  @Test func nothingAcknowledgedIsLostWithAlways() throws { try run("always", mayLose: false) }

  @Test func nothingAppearsThatWasNeverSentWithEverysec() throws { try run("everysec", mayLose: true) }

  /// After a kill, the log is shortened to what had been synced last: so a power cut would leave it.
  @Test func powerCutTakesNothingWithAlways() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-crash-power-\(getpid())")
    defer { try? FileManager.default.removeItem(at: directory) }
    let options = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    let log = directory.appendingPathComponent("appendonlydir/appendonly.aof.1.incr.aof")
    func size() throws -> UInt64 { UInt64(try Data(contentsOf: log).count) }
    let server = try ServerProcess(.martlet, options: options, directory: directory)
    let client = try server.connect()
    try client.call("SET", "first", "1")
    let synced = try size()
    for i in 0..<50 { try client.call("SET", "key\(i)", "\(i)") }
    let written = try size()
    server.stop()
    #expect(written > synced)
    let handle = try FileHandle(forWritingTo: log)
    try handle.truncate(atOffset: synced)
    try handle.close()
    let again = try ServerProcess(.martlet, options: options, directory: directory)
    let reader = try again.connect()
    for i in 0..<50 { #expect(try reader.call("GET", "key\(i)").word == "\(i)") }
    #expect(try size() == written)
    #expect(again.logText.contains("The AOF lacked \(written - synced) bytes that were synced"))
    #expect(!server.isRunning)
  }

  @Test func snapshotSurvivesAKillInTheMiddleOfTheNext() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-crash-save-\(getpid())")
    defer { try? FileManager.default.removeItem(at: directory) }
    let server = try ServerProcess(.martlet, options: ["--save", ""], directory: directory)
    let client = try server.connect()
    for i in 0..<1000 { try client.call("SET", "key\(i)", "1") }
    #expect(try client.call("SAVE").text == "+OK\r\n")
    for i in 0..<1000 { try client.call("SET", "key\(i)", "2") }
    try client.call("CONFIG", "SET", "rdb-key-save-delay", "1000")
    #expect(try client.call("BGSAVE").text == "+Background saving started\r\n")
    usleep(100_000)
    server.stop()
    let again = try ServerProcess(.martlet, options: ["--save", ""], directory: directory)
    let reader = try again.connect()
    #expect(try reader.call("DBSIZE").integer == 1000)
    for i in stride(from: 0, to: 1000, by: 97) { #expect(try reader.call("GET", "key\(i)").word == "1") }
    #expect(!server.isRunning)
  }
}
