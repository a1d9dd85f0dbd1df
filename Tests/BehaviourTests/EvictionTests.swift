import TestSupport
import Testing

/// Random load far past `maxmemory`.
@Suite(.serialized) struct EvictionTests {
  @Test(arguments: [
    "allkeys-lru", "allkeys-lfu", "allkeys-random", "allkeys-lrm", "volatile-lru", "volatile-lfu", "volatile-random",
    "volatile-ttl", "volatile-lrm",
  ])
  func memoryStaysWithinItsLimitAndWhatIsLeftIsRight(_ policy: String) throws {
    let server = try ServerProcess(.martlet, options: ["--maxmemory-policy", policy])
    let client = try server.connect()
    let base = try usedMemory(client)
    let limit = base + (8 << 20)
    try client.call("CONFIG", "SET", "maxmemory", "\(limit)")
    var random = SeededRandom(seed: 42)
    var sizes: [Int: Int] = [:]
    for round in 0..<60 {
      let batch = (0..<200).map { _ in (key: random.below(20_000), size: 10 + random.below(3000)) }
      for (key, size) in batch {
        var words = ["SET", "key:\(key)", Self.value(key, size)]
        if policy.hasPrefix("volatile") { words += ["EX", "\(1000 + random.below(1000))"] }
        try client.send(words.map { Array($0.utf8) })
      }
      for (key, size) in batch where try client.receive().text == "+OK\r\n" { sizes[key] = size }
      if round % 10 == 9 { #expect(try usedMemory(client) <= limit + (64 << 10), "after \(round) rounds of \(policy)") }
    }
    let info = try client.call("INFO", "stats").text
    let evicted = info.split(separator: "\r\n").first { $0.hasPrefix("evicted_keys:") }.flatMap {
      Int($0.dropFirst(13))
    }
    #expect((evicted ?? 0) > 1000)
    var survivors = 0
    for (key, size) in sizes {
      let value = try client.call("GET", "key:\(key)")
      if value.text == "$-1\r\n" { continue }
      survivors += 1
      #expect(value.word == Self.value(key, size))
    }
    #expect(survivors > 500)
    #expect(try client.call("DBSIZE").integer == survivors)
  }

  @Test func withoutEvictionWritesAreRefusedAndReadsGoOn() throws {
    let server = try ServerProcess(.martlet, options: ["--maxmemory-policy", "noeviction"])
    let client = try server.connect()
    try client.call("SET", "before", "value")
    try client.call("CONFIG", "SET", "maxmemory", "\(try usedMemory(client))")
    try client.call("SETRANGE", "filler", "2000000", "x")
    let refused = try client.call("SET", "after", "value")
    #expect(refused.text == "-OOM command not allowed when used memory > 'maxmemory'.\r\n")
    #expect(try client.call("GET", "before").word == "value")
    #expect(try client.call("DEL", "before").integer == 1)
  }

  private static func value(_ key: Int, _ size: Int) -> String {
    String(repeating: "\(key):", count: size / ("\(key):".count) + 1)
  }

  private func usedMemory(_ client: RESPClient) throws -> Int {
    let info = try client.call("INFO", "memory").text
    let line = info.split(separator: "\r\n").first { $0.hasPrefix("used_memory:") }
    return Int(line?.dropFirst(12) ?? "") ?? 0
  }
}
