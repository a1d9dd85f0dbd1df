import MartletClient

/// Writes that were taken from the stream and not yet stored: of each key the latest, with the entries that it stands for.
///
/// A plain value without a clock: whoever has it says what time it is.
struct WriteQueue {
  struct Write: Sendable, Equatable {
    var key: String
    var payload: [UInt8]?
    /// Of the entries that are done with when it is stored: its own and those that it replaces.
    var ids: [RESPString]
    var attempts = 0
    var dueAt: Int64 = .min
  }

  private var writes: [String: Write] = [:]
  /// Keys in the order in which they came to wait.
  private var order: [String] = []

  var count: Int { writes.count }

  /// - Parameter attempts: how often the entry was taken up before, by whoever did not live to say what came of it.
  mutating func add(_ id: RESPString, key: String, payload: [UInt8]?, attempts: Int = 0) {
    guard var waiting = writes[key] else {
      writes[key] = Write(key: key, payload: payload, ids: [id], attempts: attempts)
      order.append(key)
      return
    }
    // A newer value may succeed where the older did not: it has its own attempts, and need not wait.
    waiting.payload = payload
    waiting.ids.append(id)
    waiting.attempts = attempts
    waiting.dueAt = .min
    writes[key] = waiting
  }

  /// Those whose time has come, in their order. They stay here until they are said to be done with.
  func due(now: Int64) -> [Write] { order.compactMap { writes[$0] }.filter { $0.dueAt <= now } }

  /// How long until one is due; nil if none waits.
  func millisecondsUntilDue(now: Int64) -> Int64? {
    writes.values.map(\.dueAt).min().map { $0 <= now ? 0 : $0 - now }
  }

  /// Takes a write out: it is stored, or given up.
  mutating func remove(_ key: String) {
    writes[key] = nil
    order.removeAll { $0 == key }
  }

  /// Notes a failure; false if that was the last attempt.
  mutating func noteFailure(of key: String, maxAttempts: Int, retryAt: (_ attempts: Int) -> Int64) -> Bool {
    guard var write = writes[key] else { return true }
    write.attempts += 1
    write.dueAt = retryAt(write.attempts)
    writes[key] = write
    return write.attempts < maxAttempts
  }

  /// The entry that has waited longest.
  var oldest: RESPString? { order.first.flatMap { writes[$0]?.ids.first } }
}
