import Testing

@testable import MartletClient

// What topologies are told, and how words are read. No server.

@Test func keysBelongToTheirSlots() throws {
  #expect(KeySlot.of("foo") == 12182)
  #expect(KeySlot.of("") == 0)
  #expect(KeySlot.of("123456789") == 12739)
  #expect(KeySlot.of("{user1000}.following") == KeySlot.of("user1000"))
  #expect(KeySlot.of("foo{}{bar}") != KeySlot.of("bar"))
  #expect(KeySlot.of("foo{{bar}}zap") == KeySlot.of("{bar"))
  #expect(KeySlot.of("foo{bar}{zap}") == KeySlot.of("bar"))
  #expect(try KeySlot.common([]) == nil)
  #expect(try KeySlot.common(["{a}1", "{a}2"]) == KeySlot.of("a"))
  #expect(throws: MartletError.crossSlot) { try KeySlot.common(["a", "b"]) }
}

@Test(arguments: [
  (["GET", "k"], ["k"]), (["get", "k"], ["k"]), (["PING"], []), (["PING", "text"], []), (["INFO", "server"], []),
  (["MSET", "a", "1", "b", "2"], ["a", "b"]), (["BLPOP", "a", "b", "0"], ["a", "b"]),
  (["EVAL", "return 1", "2", "a", "b", "c"], ["a", "b"]), (["EVAL", "return 1", "0", "c"], []),
  (["EVAL", "return 1", "9", "c"], []), (["OBJECT", "ENCODING", "k"], ["k"]), (["CONFIG", "GET", "x"], []),
  (["XREAD", "COUNT", "2", "STREAMS", "a", "b", "0", "0"], ["a", "b"]), (["XINFO", "STREAM", "s"], ["s"]),
  (["ZUNIONSTORE", "d", "2", "a", "b"], ["d", "a", "b"]), (["SPUBLISH", "c", "m"], ["c"]),
  (["SOME.NEW.COMMAND", "k", "v"], ["k"]), (["MSETEX", "2", "a", "1", "b", "2"], ["a", "b"]),
])
func keysAreFoundAmongWords(_ words: [String], _ keys: [String]) {
  #expect(KeyPositions.keys(of: words.map { .string($0) }).map(\.text) == keys)
}

/// Whatever the words, finding keys ends and stays within them.
@Test func keysAreFoundAmongAnyWords() {
  let words = ["2", "-1", "9223372036854775807", "STREAMS", "STORE", "k", ""]
  for name in Array(KeyPositions.declared.keys) {
    for first in words {
      for second in words {
        for rest in [[], ["a"], ["STREAMS", "a"]] {
          let all = name.split(separator: " ").map(String.init) + [first, second] + rest
          #expect(KeyPositions.keys(of: all.map { .string($0) }).count <= all.count)
        }
      }
    }
  }
}

@Test func redirectionsAreRead() {
  let asked = Address.host("db1", port: 7000)
  func read(_ text: String) -> SlotRedirection? { SlotRedirection(ServerError(text), from: asked) }
  #expect(read("MOVED 3999 127.0.0.1:6381")?.slot == 3999)
  #expect(read("MOVED 3999 127.0.0.1:6381")?.address == "127.0.0.1:6381")
  #expect(read("ASK 1 ::1:6381")?.address == .host("::1", port: 6381))
  #expect(read("MOVED 3999 :6381")?.address == .host("db1", port: 6381))
  for text in ["MOVED", "MOVED 3999", "MOVED x y:1", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED 1 a:0", "MOVED 1 a"] {
    #expect(read(text) == nil)
  }
}

@Test func slotsOfAClusterAreRead() throws {
  func node(_ host: RESPValue, _ port: Int) -> RESPValue { .array([host, .integer(port), .bulkString("id")]) }
  func read(_ value: RESPValue) throws -> ClusterMap { try ClusterMap(value, from: "db1:7000") }
  let map = try read(
    .array([
      .array([.integer(0), .integer(99), node(.bulkString("db2"), 7001), node(.bulkString("db3"), 7002)]),
      .array([.integer(100), .integer(100), node(.null, 7003)]),
      .array([.integer(101), .integer(16383), node(.bulkString("?"), 7004)]),
    ]))
  #expect(map.slotCount == 16384)
  #expect(map.primaries == ["db2:7001", "db1:7003", "db1:7004"])
  #expect(try read(.array([])).slotCount == 0)
  let wrong: [RESPValue] = [
    .null, .integer(1), .array([.null]), .array([.array([.integer(0), .integer(16384), node(.bulkString("a"), 1)])]),
    .array([.array([.integer(5), .integer(4), node(.bulkString("a"), 1)])]),
    .array([.array([.integer(0), .integer(1), node(.bulkString("a"), 70000)])]),
    .array([.array([.integer(0), .integer(1), .array([])])]),
  ]
  for value in wrong { #expect(throws: MartletError.self) { try read(value) } }
}

@Test func addressesAreRead() {
  #expect(Address("db1:7000") == .host("db1", port: 7000))
  #expect(Address("db1") == .host("db1", port: 6379))
  #expect(Address("[::1]:7000") == .host("::1", port: 7000))
  #expect(Address("[::1]", defaultPort: 1) == .host("::1", port: 1))
  #expect(Address(":7000") == .host("localhost", port: 7000))
  for text in ["db1:", "db1:0", "db1:70000", "db1:x", "[::1]7000"] { #expect(Address(text) == nil) }
}

@Test func topologiesHaveURLs() throws {
  func target(_ url: String) throws -> (Client.Target, ClientConfiguration) {
    var configuration = ClientConfiguration()
    return (try ClientURL(url).apply(to: &configuration), configuration)
  }
  let (sentinel, configuration) = try target("redis-sentinel://u:p@s1,s2:5/3?master=orders")
  #expect(sentinel == .sentinel(master: "orders", ["s1:26379", "s2:5"]))
  #expect(configuration.username == "u" && configuration.password == "p" && configuration.database == 3)
  let (cluster, encrypted) = try target("rediss-cluster://db1:7000,db2")
  #expect(cluster == .cluster(["db1:7000", "db2:6379"]))
  if case .off = encrypted.encryption { Issue.record("not encrypted") }
  for url in ["redis-sentinel://s1", "redis-cluster://", "redis-ring://a", "redis-cluster://a:0"] {
    #expect(throws: MartletError.self) { try target(url) }
  }
}
