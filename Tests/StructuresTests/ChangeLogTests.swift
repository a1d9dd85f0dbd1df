import Keyspace
import Memory
import Structures
import Testing

@Suite struct ChangeLogTests {
  private struct Change: Equatable {
    let key: String
    let position: Int
    let origin: UInt64
  }

  private static func record(_ key: String, origin: UInt64 = 0) -> ChangeLog.Record {
    ChangeLog.Record(database: 0, keyCount: key.utf8.count, origin: origin, eventClass: 4, event: "set")
  }

  private static func changes(_ log: borrowing ChangeLog, from address: Int) -> [Change] {
    var found: [Change] = []
    log.forEach(from: address) { record, key in
      #expect(record.event.string == "set" && record.eventClass == 4)
      found.append(Change(key: key.string, position: record.position, origin: record.origin))
    }
    return found
  }

  /// From every position that is not refused, exactly what came after it is found.
  @Test(arguments: 1...6) func readersFindExactlyWhatCameAfterTheirPosition(_ seed: UInt64) {
    var random = SmallRandom(seed: seed)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    var log = ChangeLog(limit: 40_000, position: 100)
    var all: [Change] = []
    var position = 100
    for round in 0..<2500 {
      var open: [(String, UInt64)] = []
      for _ in 0..<below(5) {
        let key = String(repeating: "k", count: below(200) == 0 ? 9000 : below(40)) + "\(round)"
        let origin = UInt64(below(9))
        key.withBytes { log.append(Self.record(key, origin: origin), key: $0) }
        open.append((key, origin))
      }
      #expect(log.hasOpenRecords == !open.isEmpty)
      // What is open is not seen yet.
      #expect(log.address(after: position) == log.sealedEnd)
      guard !open.isEmpty else { continue }
      position += 1 + below(90)
      log.seal(at: position)
      all += open.map { Change(key: $0.0, position: position, origin: $0.1) }
      let asked = position - below(3000)
      if let address = log.address(after: asked) {
        #expect(asked >= log.floor)
        #expect(Self.changes(log, from: address) == all.filter { $0.position > asked }, "seed \(seed)")
      } else {
        #expect(asked < log.floor || asked > position)
      }
    }
    #expect(log.floor > 100 && log.bytes <= 40_000 + 70_000)
    #expect(log.address(after: position + 1) == nil && log.address(after: log.floor - 1) == nil)
    #expect(Self.changes(log, from: log.start).count == log.count)
  }

  @Test func changesThatHadToGoBeforeTheirPositionWasKnownAreNotPassedOver() {
    var log = ChangeLog(limit: 20_000, position: 0)
    "a".withBytes { log.append(Self.record("a"), key: $0) }
    log.seal(at: 10)
    // One transaction that is larger than the log.
    for i in 0..<5000 { "key:\(i)".withBytes { log.append(Self.record("key:\(i)"), key: $0) } }
    log.seal(at: 20)
    #expect(log.floor == 20 && log.address(after: 10) == nil)
    #expect(log.address(after: 20) == log.sealedEnd)
    "b".withBytes { log.append(Self.record("b"), key: $0) }
    log.seal(at: 30)
    let address = log.address(after: 20)
    #expect(address.map { Self.changes(log, from: $0).map(\.key) } == ["b"])
  }
}
