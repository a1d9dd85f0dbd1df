import ServiceLifecycle
import Synchronization

/// An entry of a stream that was given to this consumer. Until it is acknowledged, it stays with the group as pending:
/// should the process end before, it is given to somebody again.
public struct StreamJob: Sendable {
  public let entry: StreamEntry
  /// Whether it was given out before: to this consumer, or to one that did not acknowledge it in time.
  public let isRedelivered: Bool
  private let group: StreamGroup

  init(_ entry: StreamEntry, isRedelivered: Bool, group: StreamGroup) {
    self.entry = entry
    self.isRedelivered = isRedelivered
    self.group = group
  }

  public var id: RESPString { entry.id }
  public var fields: [KeyedValue<RESPString, RESPString>] { entry.fields }
  public subscript(name: RESPString) -> RESPString? { entry[name] }

  /// Says that the entry is done with, so that nobody is given it again.
  public func ack() async throws { try await group.acknowledge(entry.id) }
}

/// The entries of a stream that fall to one consumer of a group, each to be acknowledged:
///
///     for try await job in client.streamGroup("jobs", group: "mailers", consumer: "host-1") {
///       try await send(job["to"])
///       try await job.ack()
///     }
///
/// First come entries that this consumer was given before and did not acknowledge, then those that others left idle for
/// too long, then new ones. An entry is given at least once, and not twice by the same sequence. A lost connection is made
/// again, a lost group created anew.
///
/// It ends when the task is cancelled, when its service group shuts down gracefully, or after ``stop()``: what was not
/// acknowledged then stays pending.
public final class StreamGroup: AsyncSequence, Sendable {
  public typealias Element = StreamJob

  /// Where a group begins that is created with the sequence.
  public enum Start: Sendable, Hashable {
    /// With entries that are added from now on.
    case new
    case beginning
    case after(id: String)

    fileprivate var id: String {
      switch self {
      case .new: "$"
      case .beginning: "0"
      case .after(let id): id
      }
    }
  }

  private struct State {
    var isStopped = false
    /// Given out and not acknowledged.
    var outstanding: Set<RESPString> = []
  }

  fileprivate let client: Client
  fileprivate let key: RESPArgument
  fileprivate let group: String
  fileprivate let consumer: String
  fileprivate let start: Start
  fileprivate let claimIdleAfter: Duration?
  fileprivate let batchSize: Int
  private let state = Mutex(State())

  init(
    _ client: Client, _ key: RESPArgument, group: String, consumer: String, start: Start, claimIdleAfter: Duration?,
    batchSize: Int
  ) {
    self.client = client
    self.key = key
    self.group = group
    self.consumer = consumer
    self.start = start
    self.claimIdleAfter = claimIdleAfter
    self.batchSize = batchSize
  }

  /// Ends the sequence after the entry that is being worked on.
  public func stop() { state.withLock { $0.isStopped = true } }

  fileprivate var isStopped: Bool {
    state.withLock { $0.isStopped } || Task.isCancelled || Task.isShuttingDownGracefully
  }

  fileprivate func acknowledge(_ id: RESPString) async throws {
    try await client.xack(key, group, id)
    state.withLock { _ = $0.outstanding.remove(id) }
  }

  /// The entries that were not given out yet.
  fileprivate func new(_ entries: [StreamEntry]) -> [StreamEntry] {
    state.withLock { state in entries.filter { state.outstanding.insert($0.id).inserted } }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(group: self) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    private enum Phase {
      case creating
      /// Reading what this consumer was given before, from here on.
      case own(after: RESPString)
      case reading
    }

    /// Long enough to cost nothing, short enough for a prompt end.
    private static let blockMilliseconds = 1000

    private let stream: StreamGroup
    private var phase = Phase.creating
    private var ready: ArraySlice<StreamEntry> = []
    private var isRedelivered = false
    private var nextClaim = ContinuousClock.now
    private var claimCursor: RESPString = "0-0"
    private var failures = 0

    init(group: StreamGroup) { stream = group }

    public mutating func next() async throws -> StreamJob? {
      while !stream.isStopped {
        if let entry = ready.popFirst() {
          return StreamJob(entry, isRedelivered: isRedelivered, group: stream)
        }
        do {
          try await fetch()
          failures = 0
        } catch is CancellationError {
          return nil
        } catch MartletError.connectionLost {
          try await recover(from: .own(after: "0"))
        } catch MartletError.cannotConnect {
          try await recover(from: .own(after: "0"))
        } catch MartletError.server(let error) where error.code == "NOGROUP" {
          try await recover(from: .creating)
        }
      }
      return nil
    }

    /// What was given to this consumer in a reply that was lost is pending: it is asked for again.
    private mutating func recover(from phase: Phase) async throws {
      self.phase = phase
      failures += 1
      try? await Task.sleep(for: stream.client.configuration.backoff.delay(afterFailures: failures))
    }

    private mutating func fetch() async throws {
      switch phase {
      case .creating:
        try await create()
        phase = .own(after: "0")
      case .own(let id):
        let entries = try await read(after: id.string, blockMilliseconds: nil)
        // Entries always have fields: these were deleted while they were pending.
        let deleted = entries.filter(\.fields.isEmpty)
        if !deleted.isEmpty { try await stream.client.xack(stream.key, stream.group, deleted.map(\.id)) }
        take(entries.filter { !$0.fields.isEmpty }, isRedelivered: true)
        phase = entries.last.map { .own(after: $0.id) } ?? .reading
      case .reading:
        if try await claimIdle() { return }
        take(try await read(after: ">", blockMilliseconds: Self.blockMilliseconds), isRedelivered: false)
      }
    }

    private mutating func take(_ entries: [StreamEntry], isRedelivered: Bool) {
      self.isRedelivered = isRedelivered
      ready = stream.new(entries)[...]
    }

    private func create() async throws {
      do {
        try await stream.client.xgroupCreate(
          stream.key, stream.group, id: .id(.string(stream.start.id)), mkstream: true)
      } catch MartletError.server(let error) where error.code == "BUSYGROUP" {}
    }

    private func read(after id: String, blockMilliseconds: Int?) async throws -> [StreamEntry] {
      let reply = try await stream.client.xreadgroup(
        stream.group, stream.consumer, [stream.key], id: [id], count: stream.batchSize, block: blockMilliseconds)
      return reply?.values.first ?? []
    }

    /// Takes over what others left, one page at a time, then pauses for a while.
    private mutating func claimIdle() async throws -> Bool {
      guard let idle = stream.claimIdleAfter, ContinuousClock.now >= nextClaim else { return false }
      let milliseconds = Int(idle.components.seconds) * 1000 + Int(idle.components.attoseconds / 1_000_000_000_000_000)
      let claimed = try await stream.client.xautoclaim(
        stream.key, stream.group, stream.consumer, minIdleMilliseconds: milliseconds, claimCursor,
        count: stream.batchSize)
      claimCursor = claimed.next
      if claimCursor == "0-0" { nextClaim = ContinuousClock.now + idle / 2 }
      take(claimed.entries, isRedelivered: true)
      return !ready.isEmpty
    }
  }
}

extension Client {
  /// The entries of a stream that fall to one consumer of a group. See ``StreamGroup``.
  ///
  /// - Parameters:
  ///   - consumer: a name that stays the same when the process starts again, so that it gets what it left pending.
  ///   - start: where the group begins if there is none yet.
  ///   - claimIdleAfter: entries that another consumer has had for so long are taken over; nil to leave them.
  ///   - batchSize: entries that are read at once.
  public func streamGroup(
    _ key: some RESPEncodable, group: String, consumer: String, start: StreamGroup.Start = .new,
    claimIdleAfter: Duration? = nil, batchSize: Int = 32
  ) -> StreamGroup {
    StreamGroup(
      self, key.respArgument, group: group, consumer: consumer, start: start, claimIdleAfter: claimIdleAfter,
      batchSize: max(1, batchSize))
  }
}
