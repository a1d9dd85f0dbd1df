/// Everything about a cache that has a sensible default.
public struct CacheConfiguration: Sendable {
  /// The entries that the process keeps itself.
  public struct NearTier: Sendable {
    /// Bytes of values, as encoded, and of what it costs to keep them.
    public var capacity: Int
    /// Parts with a lock each, rounded up to a power of two. An entry can be no larger than its part.
    public var shards: Int

    public init(capacity: Int = 64 << 20, shards: Int? = nil) {
      self.capacity = max(0, capacity)
      self.shards = shards ?? (capacity >= 8 << 20 ? 8 : 1)
    }
  }

  /// How the server says which entries have changed. https://redis.io/docs/latest/develop/reference/client-side-caching/
  public enum Tracking: Sendable, Hashable {
    /// The server remembers what the cache reads, and nothing else that goes over the client's connections.
    ///
    /// With `noLoop` it does not say what this client changes itself. The cache knows what it changes; but what is
    /// written with the client past the cache, or by another cache on the same client, would go unnoticed: only for
    /// clients on which nobody else writes the cache's keys.
    case optIn(noLoop: Bool = false)
    /// The server remembers all reads of the client.
    case readKeys(noLoop: Bool = false)
    /// The server remembers all reads of the client but those that say otherwise: `client.untracked.get("k")`, and the
    /// cache's own whose values it does not keep.
    case optOut(noLoop: Bool = false)
    /// The server remembers nothing and names every key with one of these prefixes that is written by anybody. Without
    /// prefixes: the cache's own.
    case broadcast(prefixes: [String] = [])
    /// Nothing is said; entries are given out until their time is over.
    case off
  }

  /// What a read does while the connection that says what changes is lost.
  public enum DisconnectPolicy: Sendable, Hashable {
    /// It asks the server, or the loader, as if there were no near entries.
    case bypass
    /// It is given what was read before, up to this time after the loss; then as `bypass`.
    case serveStale(max: Duration)
    /// It throws ``CacheError/disconnected``.
    case fail
  }

  public struct Refresh: Sendable, Hashable {
    /// The part of an entry's time after which a read has it loaded anew in the background: 0.9 for the last tenth.
    public var eagerAfter: Double?
    /// How long after its time an entry is still given out while a new one is loaded.
    public var staleWhileRevalidate: Duration?
    /// How long after its time an entry is still given out when no new one can be had.
    public var failSafe: Duration?

    public init(eagerAfter: Double? = nil, staleWhileRevalidate: Duration? = nil, failSafe: Duration? = nil) {
      self.eagerAfter = eagerAfter
      self.staleWhileRevalidate = staleWhileRevalidate
      self.failSafe = failSafe
    }
  }

  public struct Loading: Sendable, Hashable {
    /// How many load a missing value at once.
    public enum Lease: Sendable, Hashable {
      /// One in each process.
      case local
      /// One in all processes, for so long; then another may. The others wait for its value.
      case distributed(Duration)
    }

    public var lease: Lease
    /// After so long a read is given an entry whose time is over, if there is one, and the load goes on without it.
    public var softTimeout: Duration?

    public init(lease: Lease = .distributed(.seconds(5)), softTimeout: Duration? = nil) {
      self.lease = lease
      self.softTimeout = softTimeout
    }
  }

  public var near = NearTier()
  public var tracking = Tracking.optIn()
  /// How long values are right on the server. Nil for ever.
  public var ttl: TimeToLive? = .minutes(10)
  /// How long a near entry is given out without a question, however little is heard of changes: a safety net.
  public var nearTTL: TimeToLive? = .minutes(1)
  /// The same where no server says what changes.
  public var untrackedTTL = TimeToLive.seconds(1)
  /// How long it is known that there is no value. Nil not at all.
  public var nilTTL: TimeToLive? = .seconds(15)
  public var refresh = Refresh()
  public var loading = Loading()
  public var onDisconnect = DisconnectPolicy.bypass
  /// How often a connection that says what changes is asked whether it still lives. After two intervals of silence it is
  /// given up. Nil never.
  public var heartbeat: Duration? = .seconds(5)
  public var clock = CacheClock.system
  /// Numbers from 0 up to 1, for jitter.
  public var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

  public init() {}
}

/// A time for which something holds, a little different each time, so that what was loaded together is not loaded anew
/// together.
public struct TimeToLive: Sendable, Hashable {
  public var duration: Duration
  /// The part by which it may be longer or shorter: 0.1 for nine to eleven tenths.
  public var jitter: Double

  public init(_ duration: Duration, jitter: Double = 0.1) {
    self.duration = duration
    self.jitter = min(max(jitter, 0), 1)
  }

  public static func seconds(_ seconds: Double, jitter: Double = 0.1) -> TimeToLive {
    TimeToLive(.seconds(seconds), jitter: jitter)
  }
  public static func minutes(_ minutes: Double, jitter: Double = 0.1) -> TimeToLive {
    TimeToLive(.seconds(minutes * 60), jitter: jitter)
  }
  public static func hours(_ hours: Double, jitter: Double = 0.1) -> TimeToLive {
    TimeToLive(.seconds(hours * 3600), jitter: jitter)
  }

  /// Milliseconds, at least one.
  func milliseconds(random: Double) -> Int64 {
    let exact = Double(duration.milliseconds) * (1 + jitter * (2 * random - 1))
    return max(1, Int64(min(exact, 1e15)))
  }
}

extension Duration {
  /// Whole milliseconds; as many as can be said.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow
      ? (seconds < 0 ? .min : .max) : product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
  }
}

/// What can go wrong in a cache, beside what its client, codec, loader and store throw.
public enum CacheError: Error, Sendable, Hashable {
  /// The connection to the server is lost, and ``CacheConfiguration/DisconnectPolicy/fail`` was chosen.
  case disconnected
  /// A compare-and-set was tried as often as allowed, and each time somebody else was faster.
  case contended
  /// Writes behind did not reach their store in time.
  case notDrained
  /// The value on the server is none that the cache's codec wrote.
  case undecodable(String)
  /// The cache was shut down.
  case closed
}
