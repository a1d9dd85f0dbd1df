import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The time that a cache goes by, in milliseconds. The system's, or one that a test moves.
public struct CacheClock: Sendable {
  @usableFromInline let manual: ManualClock?

  /// The system's clock.
  public static let system = CacheClock(manual: nil)

  /// A clock that stands still until it is moved.
  public static func manual(_ clock: ManualClock) -> CacheClock { CacheClock(manual: clock) }

  @usableFromInline init(manual: ManualClock?) { self.manual = manual }

  /// Milliseconds that only rise, from some beginning. A few milliseconds coarse, and so cheap that every read can ask.
  @inlinable
  public var now: Int64 { if let manual { manual.now } else { Self.coarseMilliseconds() } }

  /// Milliseconds since 1970: for deadlines that other machines read.
  public var wallClock: Int64 {
    if let manual { return manual.now }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Waits; throws `CancellationError` if the task is cancelled first.
  public func sleep(milliseconds: Int64) async throws {
    guard milliseconds > 0 else { return }
    if let manual {
      try await manual.sleep(until: manual.now + milliseconds)
    } else {
      try await Task.sleep(nanoseconds: UInt64(min(milliseconds, 1 << 40)) * 1_000_000)
    }
  }

  @usableFromInline
  static func coarseMilliseconds() -> Int64 {
    var time = timespec()
    #if canImport(Darwin)
      clock_gettime(CLOCK_MONOTONIC_RAW_APPROX, &time)
    #else
      clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// A clock that a test moves by hand. Whoever sleeps wakes when the time has been moved far enough.
public final class ManualClock: Sendable {
  private struct Sleeper {
    var id: Int
    var deadline: Int64
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Int64
    var lastID = 0
    var sleepers: [Sleeper] = []
    /// Sleeps that were cancelled before they began.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  public init(now: Int64 = 1_000_000) { state = Mutex(State(now: now)) }

  public var now: Int64 { state.withLock { $0.now } }

  /// How many tasks sleep by this clock: a test waits for them before it moves the time.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  public func advance(milliseconds: Int64) {
    let due = state.withLock { state in
      state.now += milliseconds
      let due = state.sleepers.filter { $0.deadline <= state.now }
      state.sleepers.removeAll { $0.deadline <= state.now }
      return due
    }
    for sleeper in due.sorted(by: { $0.deadline < $1.deadline }) { sleeper.continuation.resume() }
  }

  func sleep(until deadline: Int64) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let ended: Result<Void, any Error>? = state.withLock { state in
          if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
          return nil
        }
        if let ended { continuation.resume(with: ended) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
    state.withLock { _ = $0.cancelled.remove(id) }
  }
}
