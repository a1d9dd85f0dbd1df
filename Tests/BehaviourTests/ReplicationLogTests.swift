import Memory
import TestSupport
import Testing

@testable import Server

@Suite struct ReplicationLogTests {
  @Test func theLogGivesBackWhatItWasGivenUntilItIsDropped() {
    var random = SeededRandom(seed: SeededRandom.runSeed())
    var log = ReplicationLog(at: 1_000)
    var model: [UInt8] = []
    var dropped = 0
    for _ in 0..<80 {
      let bytes = (0..<random.one(of: [0, 1, 14, 5_000, 70_000, 200_000])).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      bytes.withBytes { log.append($0) }
      model += bytes
      #expect(log.end == 1_000 + dropped + model.count)
      if random.chance(30) {
        let count = random.below(model.count + 1)
        log.drop(before: log.start + count)
        model.removeFirst(count)
        dropped += count
      }
      #expect(log.start == 1_000 + dropped)
      // No more memory than what is kept, and a block at either end.
      #expect(log.memory <= model.count + 2 * 65_536 + 65_536)
    }
    var read: [UInt8] = []
    while log.start + read.count < log.end {
      let bytes = log.bytes(at: log.start + read.count)
      #expect(bytes.count > 0)
      read += bytes.array
    }
    #expect(read == model)
    #expect(log.bytes(at: log.end).isEmpty)
  }

  @Test func aHistoryGoesOnUnderASecondNameOnlyUpToWhereItEnded() {
    let state = ReplicationState(id: "first")
    #expect(!state.canContinue("first", at: 0))
    state.startRecording(id: "second")
    state.append("*1\r\n$4\r\nPING\r\n")
    let end = state.position
    #expect(state.canContinue("second", at: 0) && state.canContinue("second", at: end))
    #expect(!state.canContinue("second", at: end + 1) && !state.canContinue("first", at: 0))
    state.takeOver(as: "third")
    state.append("*1\r\n$4\r\nPING\r\n")
    #expect(state.canContinue("second", at: end) && state.canContinue("third", at: state.position))
    #expect(!state.canContinue("second", at: end + 1))
    state.trim(backlog: 5)
    #expect(!state.canContinue("third", at: end) && state.canContinue("third", at: state.position - 5))
  }
}
