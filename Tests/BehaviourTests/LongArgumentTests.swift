import Foundation
import TestSupport
import Testing

/// Long arguments, which are received apart from the rest and may become values as they are.
@Suite struct LongArgumentTests {
  private static let lengths = [10, 32_767, 32_768, 33_000, 70_000, 200_000, 1_000_000]

  /// Commands with arguments of every length in every place, as one run of bytes.
  private func script(_ random: inout SeededRandom) -> [UInt8] {
    func value() -> [UInt8] {
      [UInt8](repeating: UInt8(97 + random.below(26)), count: random.one(of: Self.lengths))
    }
    func key() -> [UInt8] { Array("k\(random.below(4))".utf8) }
    func words(_ text: String) -> [[UInt8]] { text.split(separator: " ").map { Array($0.utf8) } }
    var bytes = RESPClient.encode(words("FLUSHALL"))
    for _ in 0..<30 {
      let commands: [[[UInt8]]] =
        switch random.below(8) {
        case 0: [words("SET") + [key(), value()]]
        case 1: [words("APPEND") + [key(), value()]]
        case 2: [words("MSET") + [key(), value(), key(), value()]]
        case 3: [words("GET") + [key()]]
        case 4: [words("SET") + [value(), value()]]
        case 5: [[value(), key()]]
        case 6: [words("MULTI"), words("SET") + [key(), value()], words("GET") + [key()], words("EXEC")]
        default: [words("BLPOP nothing 0.01"), words("SETRANGE") + [key(), Array("5".utf8), Array("abc".utf8)]]
        }
      for command in commands { bytes += RESPClient.encode(command) }
    }
    return bytes + RESPClient.encode(words("ECHO done"))
  }

  /// Sends the bytes in pieces of random length while reading; returns all that comes back.
  private func answers(of client: RESPClient, to bytes: [UInt8], _ random: SeededRandom) throws -> [UInt8] {
    // One thread sends, the other receives.
    nonisolated(unsafe) let sending = client
    let sender = Thread {
      var random = random
      var sent = 0
      while sent < bytes.count {
        let end = min(bytes.count, sent + random.one(of: [1, 100, 5_000, 65_536, 100_000, 1_000_000]))
        try? sending.send(raw: Array(bytes[sent..<end]))
        sent = end
        if random.chance(30) { usleep(500) }
      }
    }
    sender.start()
    var all: [UInt8] = []
    repeat { all += try client.receive().bytes } while !all.suffix(10).elementsEqual(Array("$4\r\ndone\r\n".utf8))
    return all
  }

  @Test func longArgumentsInPiecesAreAnsweredAsRedisAnswersThem() throws {
    let servers = [try ServerProcess(.martlet), try ServerProcess(.redis)]
    for round in 0..<6 {
      let seed = SeededRandom.runSeed() &+ UInt64(round)
      var random = SeededRandom(seed: seed)
      let bytes = script(&random)
      let answers = try servers.map { try self.answers(of: try $0.connect(), to: bytes, random) }
      #expect(answers[0] == answers[1], "seed \(seed)")
    }
  }

  @Test func aLongArgumentThatNeverEndsIsGivenBackWithItsConnection() throws {
    let server = try ServerProcess(.martlet)
    let observer = try server.connect()
    func used() throws -> Int {
      let lines = try observer.call("INFO", "memory").text.split(separator: "\r\n")
      let line = try #require(lines.first { $0.hasPrefix("used_memory:") })
      return try #require(Int(line.split(separator: ":")[1]))
    }
    let before = try used()
    for _ in 0..<3 {
      let client = try server.connect()
      try client.send(raw: "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$50000000\r\n")
      try client.send(raw: [UInt8](repeating: 120, count: 3_000_000))
      #expect(eventually { (try? observer.call("CLIENT", "LIST").text.contains("qbuf=30000")) == true })
    }
    #expect(eventually { ((try? used()) ?? .max) < before + 1_000_000 })
    #expect(try observer.call("EXISTS", "a").integer == 0)
  }
}
