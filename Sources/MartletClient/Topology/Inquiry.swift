import NIOCore
import Synchronization

/// Finds something out for all who want to know, once at a time.
final class Inquiry: Sendable {
  private typealias Waiter = CheckedContinuation<Void, any Error>

  private struct State {
    var isRunning = false
    var isScheduled = false
    var waiters: [UInt64: Waiter] = [:]
  }

  private let state = Mutex(State())

  /// Runs `body`, or waits for the one that runs already.
  func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let id = Link.makeID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (waiter: Waiter) in
        let mustRun = state.withLock { state in
          state.waiters[id] = waiter
          defer { state.isRunning = true }
          return !state.isRunning
        }
        if mustRun { Task { await self.perform(body) } }
        // Cancelled before it waited: the handler below found nobody.
        if Task.isCancelled { giveUp(id) }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  private func giveUp(_ id: UInt64) {
    state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
  }

  private func perform(_ body: @Sendable () async throws -> Void) async {
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    let waiters = state.withLock { state in
      defer { state.waiters = [:] }
      state.isRunning = false
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume(with: result) }
  }

  /// Has `body` run after a while, for nobody in particular; several such wishes are one.
  func schedule(after delay: Duration, _ body: @escaping @Sendable () async throws -> Void) {
    let isFirst = state.withLock { state in
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    guard isFirst else { return }
    Task {
      try? await Task.sleep(for: delay)
      state.withLock { $0.isScheduled = false }
      try? await run(body)
    }
  }
}

extension ClientConfiguration {
  /// Asks a server over a connection made for that, which none of the client's commands wait for.
  ///
  /// - Throws: if it cannot be reached, or the first error among its replies.
  func ask(_ address: Address, _ commands: [[RESPArgument]]) async throws -> [RESPValue] {
    let link = Link(
      ConnectionID(node: address, index: -1), configuration: self,
      role: Link.Role(reconnects: false, commandTimeout: connectTimeout))
    defer { link.close() }
    let encoded = EncodedCommands(commands)
    let replies = try await link.roundTrip(encoded.bytes, lengths: encoded.lengths)
    for case .error(let error) in replies.map(\.withoutAttributes) { throw MartletError.server(error) }
    return replies
  }
}
