import Synchronization

/// What happens in a cache, for those who want to watch: see ``Cache/events``.
public enum CacheEvent: Sendable, Equatable {
  public enum Source: Sendable, Hashable {
    /// The server said that a key was written.
    case push
    /// This process wrote it.
    case ownWrite
    case tag(String)
  }

  /// A key was not here, and is fetched.
  case miss(key: String)
  /// A value whose time is over was given out.
  case stale(key: String)
  /// The loader made a value.
  case loaded(key: String)
  case loadFailed(key: String, String)
  /// A write that was noted did not reach its store, and is tried again.
  case storeFailed(key: String, String)
  /// A write was given up.
  case deadLetter(key: String, String)
  /// Near entries were removed because they changed.
  case invalidated(Source, entries: Int)
  /// All near entries were removed: the server said so, or too much was missed.
  case flushed
  /// Word of changes has been lost, and what was missed will not be told.
  case gap
  /// The connection that says what changes was lost.
  case disconnected
  /// Word of changes comes again; `kept` says whether the near entries are right still.
  case connected(kept: Bool)
  /// The server cannot say what changes: entries only have their time.
  case degraded(String)
}

/// Hands events to whoever listens; free of cost when nobody does.
final class EventHub: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<CacheEvent>.Continuation] = [:]
    var lastID = 0
  }

  private let state = Mutex(State())
  private let listenerCount = Atomic<Int>(0)

  func emit(_ event: @autoclosure () -> CacheEvent) {
    guard listenerCount.load(ordering: .relaxed) > 0 else { return }
    let event = event()
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
  }

  /// The events from now on. Who does not keep up loses the oldest.
  func stream(buffering count: Int) -> AsyncStream<CacheEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: CacheEvent.self, bufferingPolicy: .bufferingNewest(max(1, count)))
    let id = state.withLock { state in
      state.lastID += 1
      state.listeners[state.lastID] = continuation
      return state.lastID
    }
    listenerCount.add(1, ordering: .relaxed)
    continuation.onTermination = { [weak self] _ in self?.remove(id) }
    return stream
  }

  private func remove(_ id: Int) {
    if state.withLock({ $0.listeners.removeValue(forKey: id) }) != nil { listenerCount.subtract(1, ordering: .relaxed) }
  }

  func finish() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.finish() }
  }
}
