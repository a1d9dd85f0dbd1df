import Foundation
import TestSupport
import Testing

/// Clients that resume, and streams that events are appended to. docs/CHANGE-FEED.md
@Suite(.serialized) struct ChangeFeedTests {
  private static let options = ["--change-feed-size", "1mb"]

  /// A RESP3 connection that follows the feed, and what it was told.
  private final class Follower {
    let client: RESPClient
    var id = "?"
    var offset = -1

    init(_ server: ServerProcess) throws {
      client = try server.connect()
      try client.call("HELLO", "3")
    }

    /// Goes on from a position; returns `CONTINUE` or `FLUSH`.
    func resume(_ arguments: String..., id: String = "?", offset: Int = -1) throws -> String {
      let words = ["CLIENT", "TRACKING", "ON", "BCAST"] + arguments + ["RESUME", id, "\(offset)"]
      let reply = try client.call(words.map { Array($0.utf8) }).words
      guard reply.count == 3 else { return reply.joined() }
      (self.id, self.offset) = (reply[1], Int(reply[2]) ?? -1)
      return reply[0]
    }

    /// The keys that it was told of up to now; `*` stands for all.
    func told() throws -> [String] {
      try client.send("ECHO", "end")
      var keys: [String] = []
      while true {
        let reply = try client.receive()
        guard reply.bytes.first == UInt8(ascii: ">") else { return keys }
        let words = reply.words
        #expect(words.first == "invalidate" && words.count >= 3)
        let position = Int(words[words.count - 1]) ?? -1
        #expect(position >= offset, "positions went back")
        (id, offset) = (words[words.count - 2], position)
        keys += words[1..<words.count - 2].map { $0 == "nil" ? "*" : $0 }
      }
    }
  }

  @Test func aCutConnectionMissesNothing() throws {
    let server = try ServerProcess(.martlet, options: Self.options)
    let writer = try server.connect()
    var random = SeededRandom(seed: SeededRandom.runSeed())
    var follower = try Follower(server)
    #expect(try follower.resume("PREFIX", "user:") == "FLUSH")
    for round in 0..<40 {
      var changed: [String] = []
      for _ in 0..<random.below(20) {
        let key = "\(random.chance(70) ? "user:" : "order:")\(random.below(10))"
        if random.chance(20) {
          try writer.call("MULTI")
          try writer.call("SET", key, "1")
          try writer.call("SET", key + "x", "1")
          try writer.call("EXEC")
          changed += [key, key + "x"]
        } else {
          try writer.call("SET", key, "\(round)")
          changed.append(key)
        }
      }
      if random.chance(60) {
        let (id, offset) = (follower.id, follower.offset)
        follower = try Follower(server)
        #expect(try follower.resume("PREFIX", "user:", id: id, offset: offset) == "CONTINUE")
      }
      #expect(Set(try follower.told()) == Set(changed.filter { $0.hasPrefix("user:") }), "round \(round)")
    }
  }

  @Test func aPositionThatIsGoneIsRefused() throws {
    let server = try ServerProcess(.martlet, options: ["--change-feed-size", "16kb"])
    let writer = try server.connect()
    let follower = try Follower(server)
    #expect(try follower.resume() == "FLUSH")
    let (id, offset) = (follower.id, follower.offset)
    for i in 0..<2000 { try writer.call("SET", "key:\(i)", "v") }
    let late = try Follower(server)
    #expect(try late.resume(id: id, offset: offset) == "FLUSH")
    #expect(late.offset > offset)
    #expect(try late.told() == [])
    #expect(try Follower(server).resume(id: late.id, offset: late.offset) == "CONTINUE")
    #expect(try Follower(server).resume(id: late.id, offset: late.offset + 1) == "FLUSH")
    #expect(try Follower(server).resume(id: String(repeating: "0", count: 40), offset: late.offset) == "FLUSH")
    #expect(try Follower(server).resume(id: late.id, offset: .min) == "FLUSH")
  }

  @Test func flushExpiryAndOwnChangesAreTold() throws {
    let server = try ServerProcess(.martlet, options: Self.options)
    let writer = try server.connect()
    let follower = try Follower(server)
    #expect(try follower.resume("NOLOOP") == "FLUSH")
    try follower.client.call("SET", "own", "1")
    try writer.call("SET", "k", "1", "PX", "20")
    usleep(100_000)
    #expect(try follower.told() == ["k", "k"])
    try writer.call("FLUSHALL")
    #expect(try follower.told() == ["*"])
    #expect(try writer.call("CONFIG", "SET", "change-feed-size", "0").word == "OK")
    // It goes on without positions, from an empty cache on.
    #expect(try follower.told() == ["*"])
    #expect(try follower.resume(id: follower.id, offset: 0).hasPrefix("-ERR RESUME requires a change feed"))
  }

  @Test func positionsSurviveARestart() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-feed-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    var server: ServerProcess? = try ServerProcess(.martlet, options: Self.options, directory: directory)
    let follower = try Follower(server!)
    #expect(try follower.resume() == "FLUSH")
    let before = (follower.id, follower.offset)
    try server!.connect().call("SET", "k", "v")
    #expect(try follower.told() == ["k"])
    try server!.connect().call("SAVE")
    server!.stop()
    server = nil
    server = try ServerProcess(.martlet, options: Self.options, directory: directory)
    // Who had seen all goes on; who had not cannot be told.
    #expect(try Follower(server!).resume(id: follower.id, offset: follower.offset) == "CONTINUE")
    #expect(try Follower(server!).resume(id: before.0, offset: before.1) == "FLUSH")
  }

  /// The append-only file brings the events back, whatever ended the server.
  @Test(arguments: ["always", "everysec"]) func aKilledServerKnowsWhatAClientMissed(policy: String) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-feed-\(policy)-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let options = Self.options + ["--appendonly", "yes", "--appendfsync", policy]
    var server = try ServerProcess(.martlet, options: options, directory: directory)
    var follower = try Follower(server)
    #expect(try follower.resume() == "FLUSH")
    let start = (follower.id, follower.offset)
    try server.connect().call("SET", "seen", "1")
    #expect(try follower.told() == ["seen"])
    for round in 0..<3 {
      let (id, offset) = (follower.id, follower.offset)
      let writer = try server.connect()
      for i in 0..<5 { try writer.call("SET", "missed:\(round):\(i)", "v") }
      try writer.call("MULTI")
      try writer.call("DEL", "missed:\(round):0")
      try writer.call("INCR", "counter")
      try writer.call("EXEC")
      if round == 1 { try writer.call("DEBUG", "LOADAOF") }
      // With everysec, commands are written within a millisecond.
      usleep(50_000)
      server.stop()
      server = try ServerProcess(.martlet, options: options, directory: directory)
      follower = try Follower(server)
      #expect(try follower.resume(id: id, offset: offset) == "CONTINUE", "round \(round)")
      let told = Set(try follower.told())
      #expect(told.isSuperset(of: (0..<5).map { "missed:\(round):\($0)" } + ["counter"]) && !told.contains("seen"))
      #expect(try Follower(server).resume(id: follower.id, offset: follower.offset + 1) == "FLUSH")
    }
    #expect(try Follower(server).resume(id: start.0, offset: start.1) == "FLUSH", "that was three lives ago")
  }

  /// Positions are those of the stream that replicas repeat: they mean the same there, before and after a failover.
  @Test func aReplicaKnowsWhatAClientOfItsPrimaryMissed() throws {
    let primary = try ServerProcess(.martlet, options: Self.options)
    let replica = try ServerProcess(
      .martlet, options: Self.options + ["--replicaof", "127.0.0.1 \(primary.port)"])
    let observer = try replica.connect()
    let deadline = Date().addingTimeInterval(20)
    func waits(for text: String) throws {
      while try !observer.call("INFO", "replication").text.contains(text) && Date() < deadline { usleep(20_000) }
    }
    try waits(for: "master_link_status:up")
    let writer = try primary.connect()
    let follower = try Follower(primary)
    #expect(try follower.resume() == "FLUSH")
    try writer.call("SET", "seen", "1")
    #expect(try follower.told() == ["seen"])
    let (id, offset) = (follower.id, follower.offset)
    for words in [
      ["SET", "a", "1"], ["MULTI"], ["SET", "b", "1"], ["DEL", "seen"], ["EXEC"], ["SELECT", "3"], ["INCR", "c"],
    ] {
      try writer.call(words.map { Array($0.utf8) })
    }
    #expect(try follower.told() == ["a", "b", "seen", "c"])
    try waits(for: "slave_repl_offset:\(follower.offset)")
    let beside = try Follower(replica)
    #expect(try beside.resume(id: id, offset: offset) == "CONTINUE")
    #expect(try beside.told() == ["a", "b", "seen", "c"])
    #expect(beside.offset == follower.offset)
    primary.stop()
    try observer.call("REPLICAOF", "NO", "ONE")
    try observer.call("SET", "after", "1")
    for start in [(id, offset), (beside.id, beside.offset)] {
      let late = try Follower(replica)
      #expect(try late.resume(id: start.0, offset: start.1) == "CONTINUE")
      #expect(try late.told() == (start.1 == offset ? ["a", "b", "seen", "c", "after"] : ["after"]))
    }
  }

  @Test func eventsAreEntriesOfStreams() throws {
    let server = try ServerProcess(
      .martlet, options: Self.options + ["--change-feed-stream", "changes $gx user:* 0 100"])
    let client = try server.connect()
    try client.call("SET", "user:1", "v")
    try client.call("SET", "order:1", "v")
    try client.call("HSET", "user:h", "f", "v")
    try client.call("DEL", "user:1")
    try client.call("SET", "user:2", "v", "PX", "20")
    usleep(100_000)
    let words = try client.call("XRANGE", "changes", "-", "+").words
    let events = stride(from: 0, to: words.count, by: 9).map { "\(words[$0 + 2]) \(words[$0 + 4])" }
    #expect(events == ["set user:1", "del user:1", "set user:2", "expired user:2"])
    let ids = stride(from: 0, to: words.count, by: 9).compactMap { Int(words[$0].split(separator: "-")[0]) }
    #expect(ids == ids.sorted() && ids.count == 4)
    // A reader that waits is woken, and what readers do to the stream is no event.
    let reader = try server.connect()
    try client.call("XGROUP", "CREATE", "changes", "g", "$")
    try reader.send("XREADGROUP", "GROUP", "g", "me", "BLOCK", "0", "STREAMS", "changes", ">")
    usleep(50_000)
    try client.call("SET", "user:3", "v")
    #expect(try reader.receive().words.contains("user:3"))
    #expect(try client.call("XLEN", "changes").integer == 5)
    #expect(try client.call("CONFIG", "SET", "change-feed-stream", "changes K * 0 1").isError)
    #expect(try client.call("CONFIG", "SET", "change-feed-stream", "").word == "OK")
    try client.call("SET", "user:4", "v")
    #expect(try client.call("XLEN", "changes").integer == 5)
  }
}
