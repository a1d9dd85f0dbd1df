import MartletClient
import Synchronization

/// Writes that depend on what a key holds, over a lane for each node.
final class CompareAndSetLanes: Sendable {
  private struct State {
    var lanes: [Address: CompareAndSetLane] = [:]
    var isClosed = false
  }

  private let client: Client
  private let state = Mutex(State())

  init(_ client: Client) { self.client = client }

  /// Carries out commands as one if a key holds what is expected, nil for nothing; else returns false.
  func run(watching key: String, if expected: [UInt8]?, then commands: [[RESPArgument]]) async throws -> Bool {
    for attempt in 1... {
      // Who has the key is found out by asking for it.
      if attempt > 1 || client.sharedConnection(for: key) == nil {
        _ = try await client.send(["EXISTS", .string(key)])
      }
      do {
        return try await lane(key).run(watching: key, if: expected, then: commands)
      } catch MartletError.server(let error) where attempt < 8 && ClientBackend.redirections.contains(error.code) {
        // Nothing was carried out.
        try await Task.sleep(for: .milliseconds(5 << attempt))
      }
    }
    throw CacheError.contended
  }

  private func lane(_ key: String) throws -> CompareAndSetLane {
    guard let node = client.sharedConnection(for: key)?.id.node else {
      throw MartletError.connectionLost(mayHaveRun: false)
    }
    return try state.withLock { state in
      if state.isClosed { throw CacheError.closed }
      if let lane = state.lanes[node] { return lane }
      let lane = CompareAndSetLane(client)
      state.lanes[node] = lane
      return lane
    }
  }

  func close() {
    let lanes = state.withLock { state in
      defer { state = State(isClosed: true) }
      return state.lanes.values
    }
    for lane in lanes { lane.close() }
  }
}

/// Writes that depend on what a key of one node holds: WATCH, look, and MULTI to EXEC.
///
/// WATCH belongs to a connection, so it cannot go over one that others use too. One connection is kept for all such writes,
/// which take turns; they are rare beside reads.
final class CompareAndSetLane: Sendable {
  private struct Job: Sendable {
    let key: String
    let expected: [UInt8]?
    let commands: [[RESPArgument]]
    let done: CheckedContinuation<Bool, any Error>
  }

  private struct State {
    var jobs: [Job] = []
    var isRunning = false
    var isClosed = false
  }

  private let client: Client
  private let state = Mutex(State())

  init(_ client: Client) { self.client = client }

  /// Carries out commands as one if a key holds what is expected, nil for nothing; else returns false.
  func run(watching key: String, if expected: [UInt8]?, then commands: [[RESPArgument]]) async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(key: key, expected: expected, commands: commands, done: continuation)
      let (mustRun, isClosed) = state.withLock { state in
        if state.isClosed { return (false, true) }
        state.jobs.append(job)
        defer { state.isRunning = true }
        return (!state.isRunning, false)
      }
      if isClosed { continuation.resume(throwing: CacheError.closed) }
      if mustRun { Task { await work() } }
    }
  }

  func close() {
    let jobs = state.withLock { state in
      defer { state.jobs = [] }
      state.isClosed = true
      return state.jobs
    }
    for job in jobs { job.done.resume(throwing: CacheError.closed) }
  }

  private func next() -> Job? {
    state.withLock { state in
      if state.jobs.isEmpty {
        state.isRunning = false
        return nil
      }
      return state.jobs.removeFirst()
    }
  }

  /// Does what there is to do, with a connection for as long as that lasts.
  private func work() async {
    while let first = next() {
      var job: Job? = first
      do {
        try await client.withConnection(for: first.key) { connection in
          while let current = job {
            let done = try await self.attempt(current, connection)
            job = nil
            current.done.resume(returning: done)
            job = await self.nextSoon()
          }
        }
        return
      } catch {
        job?.done.resume(throwing: error)
      }
    }
  }

  /// Connections cost more than a moment's patience.
  private func nextSoon() async -> Job? {
    for _ in 0..<50 {
      if let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) { return job }
      try? await Task.sleep(nanoseconds: 20_000_000)
    }
    return next()
  }

  private func attempt(_ job: Job, _ connection: Connection) async throws -> Bool {
    let key = RESPArgument.string(job.key)
    let seen = try await connection.send([["WATCH", key], ["GET", key]])
    for case .error(let error) in seen { throw MartletError.server(error) }
    guard seen.count == 2, try seen[1].decode(as: RESPString?.self)?.bytes == job.expected else {
      _ = try await connection.send(["UNWATCH"])
      return false
    }
    let replies = try await connection.send([["MULTI"]] + job.commands + [["EXEC"]])
    for case .error(let error) in replies { throw MartletError.server(error) }
    guard let executed = replies.last, !executed.isNull else { return false }
    for case .error(let error) in executed.elements ?? [] { throw MartletError.server(error) }
    return true
  }
}
