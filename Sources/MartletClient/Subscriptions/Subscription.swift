import NIOCore
import Synchronization

/// A message that was published.
public struct PubSubMessage: Sendable, Hashable {
  public let channel: RESPString
  /// The pattern that the channel matched, of a subscription by patterns.
  public let pattern: RESPString?
  public let payload: RESPString
}

/// Why messages are missing.
public enum SubscriptionGap: Sendable, Hashable {
  /// The connection was lost; nobody knows what was published until it was made again.
  case connectionLost
  /// The messages come from other servers than before; what was published meanwhile may be missing.
  case topologyChanged
  /// So many messages found no room since they came faster than they were read.
  case overflow(Int)
}

/// What a subscription hears.
public enum SubscriptionEvent: Sendable, Hashable {
  case message(PubSubMessage)
  /// Something is missing here: read what you need afresh.
  case gap(SubscriptionGap)
}

/// What to do with messages that come faster than they are read.
public enum SubscriptionBuffering: Sendable, Hashable {
  case dropOldest(Int)
  case dropNewest(Int)
  case unbounded
}

/// The messages of a subscription, for one reader.
///
/// It outlives connections: when one is lost, the channels are subscribed to again on the next, and a
/// ``SubscriptionEvent/gap(_:)`` says that something may be missing. It ends by throwing, when the client is closed or the
/// server refuses the subscription, or with the task that reads it.
public final class Subscription: AsyncSequence, Sendable {
  public typealias Element = SubscriptionEvent

  private struct State {
    var events = CircularBuffer<SubscriptionEvent>()
    /// Dropped at the end of the buffer, or at its beginning.
    var dropped = 0
    var failure: (any Error)?
    var reader: CheckedContinuation<SubscriptionEvent?, any Error>?
  }

  private let buffering: SubscriptionBuffering
  private let state = Mutex(State())

  init(buffering: SubscriptionBuffering) { self.buffering = buffering }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let subscription: Subscription
    public mutating func next() async throws -> SubscriptionEvent? { try await subscription.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: self) }

  // MARK: Writing

  func receive(_ event: SubscriptionEvent) {
    let reader = state.withLock { state -> CheckedContinuation<SubscriptionEvent?, any Error>? in
      if state.failure != nil { return nil }
      if let reader = state.reader {
        state.reader = nil
        return reader
      }
      add(event, to: &state)
      return nil
    }
    reader?.resume(returning: event)
  }

  private func add(_ event: SubscriptionEvent, to state: inout State) {
    switch buffering {
    case .unbounded: break
    case .dropOldest(let limit):
      if state.events.count >= Swift.max(1, limit) {
        state.events.removeFirst()
        state.dropped += 1
      }
    case .dropNewest(let limit):
      if state.events.count >= Swift.max(1, limit) {
        state.dropped += 1
        return
      }
      // There is room again: what was dropped before belongs here.
      if state.dropped > 0 {
        state.events.append(.gap(.overflow(state.dropped)))
        state.dropped = 0
      }
    }
    state.events.append(event)
  }

  func finish(throwing error: any Error) {
    let reader = state.withLock { state in
      if state.failure == nil { state.failure = error }
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume(throwing: error)
  }

  // MARK: Reading

  private enum Next {
    case event(SubscriptionEvent?)
    case failure(any Error)
    case wait
  }

  private func next() async throws -> SubscriptionEvent? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let next = state.withLock { state -> Next in
          if Task.isCancelled { return .event(nil) }
          if let event = take(&state) { return .event(event) }
          if let failure = state.failure { return .failure(failure) }
          if state.reader != nil { return .failure(SubscriptionHasOneReader()) }
          state.reader = continuation
          return .wait
        }
        switch next {
        case .event(let event): continuation.resume(returning: event)
        case .failure(let error): continuation.resume(throwing: error)
        case .wait: break
        }
      }
    } onCancel: {
      let reader = state.withLock { state in
        defer { state.reader = nil }
        return state.reader
      }
      reader?.resume(returning: nil)
    }
  }

  private func take(_ state: inout State) -> SubscriptionEvent? {
    let isGapFirst = if case .dropOldest = buffering { true } else { state.events.isEmpty }
    if state.dropped > 0 && isGapFirst {
      defer { state.dropped = 0 }
      return .gap(.overflow(state.dropped))
    }
    return state.events.popFirst()
  }
}

/// Two tasks read the same subscription: each would get a part of it.
public struct SubscriptionHasOneReader: Error {}
