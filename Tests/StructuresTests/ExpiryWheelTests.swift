import Structures
import Testing

@Test func deadlinesComeOutInTheirMillisecondHoweverFarTheyAre() {
  for seed in 0..<8 {
    var random = SplitMix(state: UInt64(seed))
    let start: Int64 = 1_700_000_000_123
    var wheel = ExpiryWheel(now: start)
    let count = 3000
    let nodes = UnsafeMutablePointer<Deadline>.allocate(capacity: count)
    nodes.initialize(repeating: Deadline(), count: count)
    defer { nodes.deallocate() }
    let spans: [Int64] = [300, 5_000, 200_000, 100_000_000]
    var removed: Set<Int> = []
    for i in 0..<count {
      nodes[i].milliseconds = start + Int64.random(in: -5..<spans[i % spans.count], using: &random)
      wheel.insert(nodes + i)
    }
    for _ in 0..<300 {
      let i = Int.random(in: 0..<count, using: &random)
      wheel.remove(nodes + i)
      removed.insert(i)
    }
    var now = start
    var out = 0
    var wrong = 0
    while wheel.count > 0, let next = wheel.nextEvent {
      // Whoever calls when told to never sees a deadline late.
      now = max(now, next)
      _ = wheel.advance(to: now) { handle in
        out += 1
        if max(handle.pointee.milliseconds, start) != now { wrong += 1 }
        if removed.contains(handle - nodes) { wrong += 1 }
      } isOutOfTime: {
        false
      }
    }
    #expect(out == count - removed.count)
    #expect(wrong == 0)
  }
}

@Test func aBudgetOnlyDelaysDeadlines() {
  var wheel = ExpiryWheel(now: 0)
  let count = 5000
  let nodes = UnsafeMutablePointer<Deadline>.allocate(capacity: count)
  nodes.initialize(repeating: Deadline(), count: count)
  defer { nodes.deallocate() }
  for i in 0..<count {
    nodes[i].milliseconds = 1000
    wheel.insert(nodes + i)
  }
  var out = 0
  var calls = 0
  while !wheel.advance(to: 1000, expire: { _ in out += 1 }, isOutOfTime: { true }) { calls += 1 }
  #expect(out == count)
  #expect(calls > 10)
}
