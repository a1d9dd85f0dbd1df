import Logging
import MartletClient
import Synchronization

/// Values of a server, kept in this process too, and right all the same.
///
///     let users = Cache<Int, User>(client, name: "user") { id in try await database.user(id) }
///     let ada = try await users.get(42)
///
/// A read is answered from the process's own memory if it can be, in some hundred nanoseconds and without waiting; else by
/// the server; else by the loader, which runs once however many ask, in however many processes. The server says which
/// values change, and a value is never given out that is older than what the server has said. When the connection over which
/// it says so is lost, near entries are not used, or as ``CacheConfiguration/onDisconnect`` has it, until it is certain what
/// was missed.
///
/// A cache works as soon as it is made. ``run()`` makes it a service of a `ServiceGroup`, which ends it in order.
public final class Cache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  public typealias Loader = @Sendable (Key) async throws -> Value?
  /// Keeps a value where values really live, such as a database; nil to remove it.
  public typealias Store = @Sendable (Key, Value?) async throws -> Void

  /// Where a write goes.
  public enum Writing: Sendable {
    /// To the server only. Who writes elsewhere says so with ``Cache/remove(_:)`` or ``Cache/expire(_:)``.
    case aside
    /// First to the store, then to the server. If either fails, no value is kept.
    case through(Store)
    /// To the server, and later to the store: see ``WriteBehind``.
    case behind(WriteBehind)
  }

  @usableFromInline let near: Near<Key, Value?>
  let name: String
  let keyText: @Sendable (Key) -> String
  let codec: CacheCodec<Value>
  let configuration: CacheConfiguration
  let policy: LifetimePolicy
  let writing: Writing
  let loader: Loader?
  let tagsOf: (@Sendable (Key) -> [String])?
  let backend: any CacheBackend
  let tagVersions: TagVersions
  let logger: Logger
  let hub = EventHub()
  let counts = Mutex(CacheStatistics())
  let origins = Mutex<[OriginState]>([])
  let lastID = Atomic<UInt64>(0)
  let behind: WriteBehindNames?
  private let applier = Mutex<WriteApplier<Key, Value>?>(nil)
  private let upkeep = Mutex<Task<Void, Never>?>(nil)

  /// What is known of a connection that says what changes.
  enum OriginState { case new, tracked, untracked, lost }

  init(
    backend: any CacheBackend, name: String, key: @escaping @Sendable (Key) -> String, codec: CacheCodec<Value>,
    configuration: CacheConfiguration, writing: Writing = .aside, tags: (@Sendable (Key) -> [String])? = nil,
    logger: Logger = Logger(label: "martlet.cache"), loader: Loader?
  ) {
    self.backend = backend
    self.name = name
    keyText = key
    self.codec = codec
    self.configuration = configuration
    self.writing = writing
    tagsOf = tags
    self.logger = logger
    self.loader = loader
    policy = LifetimePolicy(configuration, hasLoader: loader != nil)
    tagVersions = TagVersions(prefix: "\(name):tag:")
    near = Near(capacity: configuration.near.capacity, shards: configuration.near.shards, clock: configuration.clock)
    behind =
      if case .behind(let settings) = writing {
        WriteBehindNames(cache: name, stream: settings.stream, deadLetters: settings.deadLetters)
      } else { nil }
    // Nothing is kept before somebody says what changes.
    near.lose(servedUntil: .min)
    backend.start(self)
    startUpkeep()
    startApplier()
  }

  private func startApplier() {
    guard case .behind(let settings) = writing, let behind, let client = (backend as? ClientBackend)?.client else {
      return
    }
    let made = WriteApplier<Key, Value>(
      client, settings, behind, clock: configuration.clock, logger: logger, decode: codec.decode
    ) { [weak self] in self?.note($0) }
    applier.withLock { $0 = made }
    made.start()
  }

  private func note(_ report: WriteApplier<Key, Value>.Report) {
    switch report {
    case .stored: count { $0.writesStored += 1 }
    case .failed(let key, let error):
      count { $0.storeFailures += 1 }
      hub.emit(.storeFailed(key: key, error))
    case .dead(let key, let error):
      count { $0.deadLetters += 1 }
      hub.emit(.deadLetter(key: key, error))
    case .waiting(let waiting, let milliseconds):
      count {
        $0.writesWaiting = waiting
        $0.writeLagMilliseconds = Int(clamping: milliseconds)
      }
    }
  }

  /// Waits until all writes that were noted for the store before, in whatever process, have reached it or become dead
  /// letters. Returns at once without ``Writing/behind(_:)``.
  ///
  /// - Throws: ``CacheError/notDrained`` if that takes longer than `timeout`.
  public func drain(timeout: Duration = .seconds(30)) async throws {
    guard let applier = applier.withLock({ $0 }) else { return }
    if try await !applier.drain(timeout: timeout) { throw CacheError.notDrained }
  }

  /// Gives memory back and reports, once a second, for as long as the cache lives.
  private func startUpkeep() {
    let clock = configuration.clock
    #if Metrics
      let metrics = CacheMetrics(cache: name)
    #endif
    upkeep.withLock {
      $0 = Task { [weak self] in
        while !Task.isCancelled, (try? await clock.sleep(milliseconds: 1000)) != nil {
          guard let self else { return }
          near.reclaim(budget: 1000)
          #if Metrics
            metrics.report(statistics)
          #endif
        }
      }
    }
  }

  deinit { close() }

  /// Ends the cache: nothing is kept any more, and reads go to the server.
  public func close() {
    upkeep.withLock { $0 }?.cancel()
    applier.withLock { $0.take() }?.stop()
    backend.stop()
    hub.finish()
  }

  // MARK: What happens

  /// What happens in the cache, from now on. Hits are not among it: they are counted, see ``statistics``.
  ///
  /// - Parameter count: how many events wait for a listener that is slow; of more, the oldest are lost.
  public func events(buffering count: Int = 1000) -> AsyncStream<CacheEvent> { hub.stream(buffering: count) }

  /// What the cache has done so far.
  public var statistics: CacheStatistics {
    var statistics = counts.withLock { $0 }
    statistics.hits = near.sum { $0.store.hits }
    statistics.entries = near.sum { $0.store.count }
    statistics.bytes = near.sum { $0.store.bytes }
    statistics.evictionsForRoom = near.sum { $0.store.removals(.capacity) }
    statistics.rejections = near.sum { $0.store.removals(.rejected) + $0.store.removals(.tooLarge) }
    statistics.expirations = near.sum { $0.store.removals(.expired) }
    return statistics
  }

  func count(_ change: (inout CacheStatistics) -> Void) { counts.withLock { change(&$0) } }

  // MARK: Names

  /// The key on the server.
  func serverName(_ key: Key) -> String { "\(name):\(keyText(key))" }

  /// The key of a lease on a value; in the same slot of a cluster.
  static func leaseName(_ name: String) -> String { SlotSibling.name(of: name, "lease") }

  func nextID() -> UInt64 { lastID.add(1, ordering: .relaxed).newValue }
}

// MARK: Word of changes

extension Cache: CacheBackendListener {
  func opened(origin: Int, nothingMissed: Bool, untracked: String?) {
    let before = setState(origin, untracked == nil ? .tracked : .untracked)
    let kept = nothingMissed && untracked == nil && before != .untracked
    if !kept { forgetTags() }
    near.regain(origin: origin, nothingMissed: kept)
    count {
      $0.isDegraded = untracked != nil
      guard before == .lost else { return }
      if kept { $0.resumesKept += 1 } else { $0.gaps += 1 }
      if !kept { $0.flushes += 1 }
    }
    if before == .lost {
      hub.emit(.connected(kept: kept))
      if !kept { hub.emit(.gap) }
    }
    if let untracked, before != .untracked, configuration.tracking != .off {
      logger.warning("The server cannot say which keys change; near entries live for their time only: \(untracked)")
      hub.emit(.degraded(untracked))
    }
  }

  func closed(origin: Int) {
    let until: Int64
    if case .serveStale(let max) = configuration.onDisconnect {
      until = configuration.clock.now.clampedAdd(max.milliseconds)
    } else {
      until = .min
    }
    guard setState(origin, .lost) != .lost else { return }
    near.lose(origin: origin, servedUntil: until)
    forgetTags()
    count { $0.disconnects += 1 }
    hub.emit(.disconnected)
  }

  func changed(name: UInt64, origin: Int) {
    let removed = near.invalidate(name: name)
    count {
      $0.pushes += 1
      $0.invalidations += removed
    }
    if let tag = tagVersions.invalidate(name: name) {
      near.invalidate(tag: tag)
      count { $0.tagInvalidations += 1 }
    }
    hub.emit(.invalidated(.push, entries: removed))
  }

  func flushed(origin: Int) {
    forgetTags()
    near.flush(origin: origin)
    count { $0.flushes += 1 }
    hub.emit(.flushed)
  }

  /// The versions of tags are no longer certain. Entries that carry them may have come from other origins, where nothing was
  /// lost: they must not outlive what was said about their tags here.
  private func forgetTags() {
    tagVersions.invalidateAll()
    guard origins.withLock({ $0.count }) > 1 else { return }
    for tag in 0..<tagVersions.count { near.invalidate(tag: tag) }
  }

  /// Notes what is known of an origin, and makes it known to the shards; returns what was known before.
  @discardableResult
  func setState(_ origin: Int, _ new: OriginState) -> OriginState {
    let (before, isNew) = origins.withLock { states in
      let isNew = states.count <= origin
      while states.count <= origin { states.append(.new) }
      let before = states[origin]
      states[origin] = new
      return (before, isNew)
    }
    if isNew { near.addOrigin(origin) }
    return before
  }

  func state(of origin: Int) -> OriginState {
    if origin == unknownOrigin { return .new }
    return origins.withLock { $0.indices.contains(origin) ? $0[origin] : nil } ?? setState(origin, .new)
  }
}
