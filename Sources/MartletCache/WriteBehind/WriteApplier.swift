import Logging
import MartletClient
import Synchronization

/// Takes writes from their stream to the store, one process at a time.
///
/// Who does it has a lease, and works only while that is certainly its own. The entries belong to one consumer of a group,
/// which is the same in every process: the next one goes on where the last one stopped, in the same order. How often an entry
/// was handed out, the server counts, so that a write that brings the process down is given up as well in the end.
final class WriteApplier<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  typealias Settings = Cache<Key, Value>.WriteBehind

  /// What came to pass, for statistics and events.
  enum Report: Sendable {
    case stored(key: String)
    case failed(key: String, error: String)
    case dead(key: String, error: String)
    /// Entries in the stream, and for how long the oldest has waited.
    case waiting(Int, milliseconds: Int64)
  }

  private struct LeaseLost: Error {}

  private let client: Client
  private let settings: Settings
  private let names: WriteBehindNames
  private let decode: @Sendable ([UInt8]) throws -> Value
  private let clock: CacheClock
  private let logger: Logger
  private let report: @Sendable (Report) -> Void
  private let token = "\(UInt64.random(in: 0 ... .max))"
  private let lanes: CompareAndSetLanes
  private let task = Mutex<Task<Void, Never>?>(nil)
  /// Until when nobody else can have the lease.
  private let leasedUntil = Mutex<ContinuousClock.Instant?>(nil)

  init(
    _ client: Client, _ settings: Settings, _ names: WriteBehindNames, clock: CacheClock, logger: Logger,
    decode: @escaping @Sendable ([UInt8]) throws -> Value, report: @escaping @Sendable (Report) -> Void
  ) {
    self.client = client
    self.settings = settings
    self.names = names
    self.clock = clock
    self.logger = logger
    self.decode = decode
    self.report = report
    lanes = CompareAndSetLanes(client)
  }

  func start() { task.withLock { $0 = $0 ?? Task { await self.work() } } }

  /// Stops after the writes that are with the store now, and lets another process go on.
  func stop() { task.withLock { $0 }?.cancel() }

  /// Waits until the stream is empty. False if it is not in time.
  func drain(timeout: Duration) async throws -> Bool {
    let deadline = ContinuousClock.now + timeout
    while try await client.xlen(names.stream) > 0 {
      if ContinuousClock.now > deadline { return false }
      try await Task.sleep(for: .milliseconds(10))
    }
    return true
  }

  private func work() async {
    var failures = 0
    while !Task.isCancelled {
      do {
        if try await takeLease() {
          try await applyWhileLeased()
        } else {
          try await Task.sleep(for: settings.lease / 3)
        }
        failures = 0
      } catch is CancellationError {
        break
      } catch is LeaseLost {
        logger.warning("Another process may be taking writes of \(names.stream) to their store now")
      } catch {
        failures += 1
        logger.warning("Writes of \(names.stream) do not reach their store now: \(error)")
        try? await Task.sleep(for: settings.backoff.delay(afterFailures: failures))
      }
    }
    // Not in this task, which was cancelled: nothing would be sent any more.
    let (lanes, names, token) = (lanes, names, token)
    Task {
      _ = try? await lanes.run(watching: names.lease, if: Array(token.utf8), then: [["DEL", .string(names.lease)]])
      lanes.close()
    }
  }

  // MARK: The lease

  private func takeLease() async throws -> Bool {
    let start = ContinuousClock.now
    let reply = try await client.send(
      ["SET", .string(names.lease), .string(token), "NX", "PX", .integer(leaseMilliseconds)])
    if reply.isNull { return false }
    leasedUntil.withLock { $0 = start + settings.lease }
    return true
  }

  private var leaseMilliseconds: Int { Int(max(1, settings.lease.milliseconds)) }

  /// Renews the lease for as long as that works.
  private func keepLease() async throws {
    while true {
      try await Task.sleep(for: settings.lease / 4)
      let start = ContinuousClock.now
      do {
        let isMine = try await lanes.run(
          watching: names.lease, if: Array(token.utf8),
          then: [["PEXPIRE", .string(names.lease), .integer(leaseMilliseconds)]])
        if !isMine { throw LeaseLost() }
        leasedUntil.withLock { $0 = start + settings.lease }
      } catch  where !(error is LeaseLost || error is CancellationError) {
        // The server may be away for less than the lease.
        if !isLeased { throw LeaseLost() }
      }
    }
  }

  /// A little less than certain is not enough: the store may take a while to begin.
  private var isLeased: Bool {
    leasedUntil.withLock { $0.map { ContinuousClock.now + settings.lease / 10 < $0 } ?? false }
  }

  // MARK: Applying

  private func applyWhileLeased() async throws {
    defer { leasedUntil.withLock { $0 = nil } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.keepLease() }
      group.addTask { try await self.apply() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func apply() async throws {
    do {
      try await client.xgroupCreate(names.stream, WriteBehindNames.group, id: .id("0"), mkstream: true)
    } catch MartletError.server(let error) where error.code == "BUSYGROUP" {}
    var queue = WriteQueue()
    // First what was handed out before, to whomever.
    var left: RESPString? = "0"
    while true {
      try Task.checkCancellation()
      if queue.count < settings.batch {
        let entries = try await read(after: left, for: queue)
        let attempts = left == nil ? [:] : try await attempts(of: entries)
        for entry in entries { try await take(entry, attempts[entry.id] ?? 0, &queue) }
        if left != nil { left = entries.last?.id }
      } else if let pause = queue.millisecondsUntilDue(now: clock.now), pause > 0 {
        try await clock.sleep(milliseconds: pause)
      }
      try await store(queue.due(now: clock.now), &queue)
      let waiting = try await client.xlen(names.stream)
      report(.waiting(waiting, milliseconds: queue.oldest.map(age) ?? 0))
    }
  }

  private func read(after left: RESPString?, for queue: WriteQueue) async throws -> [StreamEntry] {
    // While nothing waits, until something comes; else until something is due.
    let wait = left == nil ? Int(min(queue.millisecondsUntilDue(now: clock.now) ?? 1000, 1000)) : 0
    let reply = try await client.xreadgroup(
      WriteBehindNames.group, WriteBehindNames.consumer, [names.stream], id: [left ?? ">"], count: settings.batch,
      block: wait > 0 ? wait : nil)
    return reply?.values.first ?? []
  }

  /// How often entries had been handed out before now.
  private func attempts(of entries: [StreamEntry]) async throws -> [RESPString: Int] {
    guard let first = entries.first, let last = entries.last else { return [:] }
    let pending = try await client.xpending(
      names.stream, WriteBehindNames.group, first.id, last.id, count: entries.count)
    return Dictionary(pending.map { ($0.id, $0.deliveryCount - 1) }) { first, _ in first }
  }

  private func take(_ entry: StreamEntry, _ attempts: Int, _ queue: inout WriteQueue) async throws {
    // Deleted while it was pending.
    if entry.fields.isEmpty { return try await finish([entry.id]) }
    let payload = entry["value"]?.bytes
    guard let key = entry["key"]?.string, settings.readKey(key) != nil else {
      return try await bury(
        WriteQueue.Write(key: entry["key"]?.string ?? "", payload: payload, ids: [entry.id]), "the key is unreadable")
    }
    queue.add(entry.id, key: key, payload: payload, attempts: attempts)
  }

  /// Gives writes to the store, several at a time; never two of the same key.
  private func store(_ writes: [WriteQueue.Write], _ queue: inout WriteQueue) async throws {
    for start in stride(from: 0, to: writes.count, by: max(1, settings.concurrency)) {
      let part = writes[start..<min(writes.count, start + max(1, settings.concurrency))]
      // Those that brought a process down as often as allowed are not tried again.
      let results = await withTaskGroup(of: (WriteQueue.Write, (any Error)?).self) { group in
        for write in part { group.addTask { (write, await self.store(write)) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      var done: [RESPString] = []
      for (write, error) in results {
        guard let error else {
          done += write.ids
          queue.remove(write.key)
          report(.stored(key: write.key))
          continue
        }
        if error is CancellationError || error is LeaseLost { throw error }
        report(.failed(key: write.key, error: "\(error)"))
        let mayGoOn = queue.noteFailure(of: write.key, maxAttempts: settings.maxAttempts) {
          clock.now + settings.backoff.delay(afterFailures: $0).milliseconds
        }
        if !mayGoOn {
          try await bury(write, "\(error)")
          queue.remove(write.key)
        }
      }
      try await finish(done)
    }
  }

  private struct GivenUp: Error, CustomStringConvertible {
    let description = "it was taken up as often as allowed, and nobody lived to say what came of it"
  }

  private func store(_ write: WriteQueue.Write) async -> (any Error)? {
    guard isLeased else { return LeaseLost() }
    guard let key = settings.readKey(write.key) else { return nil }
    if write.attempts >= settings.maxAttempts { return GivenUp() }
    do {
      try await settings.store(key, try write.payload.map(decode))
      return nil
    } catch {
      return Task.isCancelled ? CancellationError() : error
    }
  }

  /// Makes a write a dead letter.
  private func bury(_ write: WriteQueue.Write, _ error: String) async throws {
    var letter: [RESPArgument] = ["XADD", .string(names.deadLetters), "*", "key", .string(write.key)]
    if let payload = write.payload { letter += ["value", RESPArgument(payload)] }
    try await client.send(letter + ["error", .string(error), "attempts", .integer(write.attempts + 1)])
    report(.dead(key: write.key, error: error))
    try await finish(write.ids)
  }

  private func finish(_ ids: [RESPString]) async throws {
    if ids.isEmpty { return }
    _ = try await client.transaction(
      XACK(names.stream, WriteBehindNames.group, ids), XDEL(names.stream, ids))
  }

  /// Milliseconds since an entry was added, by its id.
  private func age(_ id: RESPString) -> Int64 {
    guard let time = id.string.split(separator: "-").first.flatMap({ Int64($0) }) else { return 0 }
    return max(0, clock.wallClock - time)
  }
}
