import NIOCore

/// The commands of a connection between a call and its reply: encoded but not sent, sent but not answered, and those
/// that found no room. A plain value; ``Link`` keeps it under its lock.
///
/// All commands that are submitted before the event loop comes to drain the queue leave in one write.
struct CommandQueue {
  /// A command that waits for room.
  private struct Late {
    let id: UInt64
    let bytes: ByteBuffer
    let lengths: [Int]
    let since: UInt32
    var answer: Waiter.Answer
  }

  private var encoder = CommandEncoder()
  private var waiters = CircularBuffer<Waiter>(initialCapacity: 64)
  /// So many of the last waiters have their commands still in the encoder.
  private var unsentCount = 0
  /// Some of them are not wanted any more.
  private var hasUnwanted = false
  private var late = CircularBuffer<Late>()
  private let capacity: Int
  private(set) var tick: UInt32 = 0

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { waiters.isEmpty && late.isEmpty }
  var hasUnsent: Bool { unsentCount > 0 }
  var sentCount: Int { waiters.count - unsentCount }
  /// Whether a command may be added now. A batch that is longer than the whole queue has it to itself.
  func hasRoom(for count: Int) -> Bool { late.isEmpty && (waiters.isEmpty || waiters.count + count <= capacity) }

  // MARK: Submitting

  /// Encodes a command and lets `answer` wait for its reply. False if the command has no words.
  @inline(__always)
  mutating func add(id: UInt64, _ answer: Waiter.Answer, _ encode: @Sendable (inout CommandEncoder) -> Void) -> Bool {
    let start = encoder.byteCount
    encoder.begin()
    encode(&encoder)
    guard encoder.end() else { return false }
    waiters.append(Waiter(id: id, answer: answer, byteCount: encoder.byteCount - start, since: tick))
    unsentCount += 1
    return true
  }

  /// Adds commands that were encoded before, all of which `answer` waits for.
  mutating func add(id: UInt64, _ bytes: ByteBuffer, lengths: [Int], answer: Waiter.Answer) {
    add(id: id, bytes, lengths: lengths, answer: answer, since: tick)
  }

  private mutating func add(id: UInt64, _ bytes: ByteBuffer, lengths: [Int], answer: Waiter.Answer, since: UInt32) {
    encoder.append(encoded: bytes)
    for length in lengths { waiters.append(Waiter(id: id, answer: answer, byteCount: length, since: since)) }
    unsentCount += lengths.count
  }

  /// Lets commands wait until there is room.
  mutating func addLate(id: UInt64, _ bytes: ByteBuffer, lengths: [Int], answer: Waiter.Answer) {
    late.append(Late(id: id, bytes: bytes, lengths: lengths, since: tick, answer: answer))
  }

  private mutating func admitLate() {
    while let next = late.first, waiters.isEmpty || waiters.count + next.lengths.count <= capacity {
      late.removeFirst()
      add(id: next.id, next.bytes, lengths: next.lengths, answer: next.answer, since: next.since)
    }
  }

  // MARK: Sending and answering

  /// All that is to be sent; counts as sent from now on. What nobody waits for any more is not among it.
  mutating func takeUnsent() -> ByteBuffer {
    if hasUnwanted { dropUnwanted() }
    unsentCount = 0
    return encoder.take()
  }

  private mutating func dropUnwanted() {
    hasUnwanted = false
    let unsent = waiters.suffix(unsentCount)
    encoder.keep(unsent.map { ($0.byteCount, $0.isWanted) })
    let wanted = unsent.filter(\.isWanted)
    waiters.removeLast(unsentCount)
    waiters.append(contentsOf: wanted)
    unsentCount = wanted.count
  }

  /// Takes out who waits for the next reply; nil if no command is without a reply.
  mutating func removeFirst() -> Waiter.Answer? {
    guard sentCount > 0 else { return nil }
    let answer = waiters.removeFirst().answer
    if !late.isEmpty { admitLate() }
    return answer
  }

  // MARK: Giving up

  /// Takes out who waits for the reply of a command; its reply will be dropped.
  mutating func cancel(id: UInt64) -> Waiter.Answer? {
    if let i = late.firstIndex(where: { $0.id == id }) { return late.remove(at: i).answer }
    return giveUp { $0.id == id }.first
  }

  /// Counts a tick, and takes out who has waited for more than `limit` of them.
  mutating func advance(limit: UInt32) -> [Waiter.Answer] {
    tick &+= 1
    let now = tick
    var expired: [Waiter.Answer] = []
    while let first = late.first, now &- first.since > limit { expired.append(late.removeFirst().answer) }
    // They stand in the order in which they came: the first that has time left ends the search.
    guard let first = waiters.first, now &- first.since > limit else { return expired }
    return giveUp { now &- $0.since > limit } + expired
  }

  private mutating func giveUp(where isMeant: (Waiter) -> Bool) -> [Waiter.Answer] {
    var answers: [Waiter.Answer] = []
    var position = 0
    let sent = sentCount
    for i in waiters.indices {
      if waiters[i].isWanted && isMeant(waiters[i]) {
        answers.append(waiters[i].answer)
        waiters[i].answer = .nobody
        if position >= sent { hasUnwanted = true }
      }
      position += 1
    }
    if hasUnwanted {
      dropUnwanted()
      admitLate()
    }
    return answers
  }

  /// Takes out who waits for replies that will not come any more. The others' commands can still be sent.
  mutating func removeSent() -> [Waiter.Answer] {
    let answers = waiters.prefix(sentCount).map(\.answer)
    waiters.removeFirst(answers.count)
    admitLate()
    return answers
  }

  /// Takes out everybody whose command was not sent.
  mutating func removeUnsent() -> [Waiter.Answer] {
    let answers = waiters.suffix(unsentCount).map(\.answer) + late.map(\.answer)
    waiters.removeLast(unsentCount)
    unsentCount = 0
    hasUnwanted = false
    _ = encoder.take()
    late.removeAll()
    return answers
  }
}
