import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ExpiryTests {
  private func milliseconds() -> Int { Int(Date().timeIntervalSince1970 * 1000) }

  @Test func keysDieOnTimeThoughNobodyAsksForThem() throws {
    let server = try ServerProcess(.martlet, options: ["--notify-keyspace-events", "Ex"])
    let listener = try server.connect()
    try listener.call("SUBSCRIBE", "__keyevent@0__:expired")
    let client = try server.connect()
    let start = milliseconds() + 500
    var deadlines: [String: Int] = [:]
    for i in 0..<2000 {
      deadlines["k\(i)"] = start + i % 400
      try client.send("SET", "k\(i)", "v", "PXAT", "\(start + i % 400)")
    }
    for _ in 0..<2000 { _ = try client.receive() }
    var lateness: [Int] = []
    for _ in 0..<2000 {
      let key = try listener.receive().words.last ?? ""
      lateness.append(milliseconds() - (deadlines[key] ?? 0))
    }
    #expect(lateness.allSatisfy { $0 >= 0 })
    // Generous: the machine of a test run is busy. Redis would take seconds.
    lateness.sort()
    #expect(lateness[lateness.count * 9 / 10] < 200)
    #expect(try client.call("DBSIZE").integer == 0)
  }

  @Test func fieldsOfHashesDieOnTimeToo() throws {
    let server = try ServerProcess(.martlet, options: ["--notify-keyspace-events", "Eh"])
    let client = try server.connect()
    try client.call("HSET", "h", "a", "1", "b", "2")
    #expect(try client.call("HPEXPIRE", "h", "60", "FIELDS", "1", "a").words == ["1"])
    #expect(eventually(seconds: 2) { (try? client.call("HLEN", "h").integer) == 1 })
    #expect(try client.call("HGET", "h", "b").word == "2")
  }

  @Test func anExpiredKeyIsNeverReadAgain() throws {
    let server = try ServerProcess(.martlet, options: ["--enable-debug-command", "yes"])
    let client = try server.connect()
    try client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0")
    try client.call("SET", "k", "v", "PX", "20")
    usleep(60_000)
    #expect(try client.call("DBSIZE").integer == 1)
    #expect(try client.call("GET", "k").text == "$-1\r\n")
    #expect(try client.call("DBSIZE").integer == 0)
  }
}
