/// What a cache has done since it was made.
public struct CacheStatistics: Sendable, Equatable {
  // Reads, by how they were answered
  public var hits = 0
  public var misses = 0
  /// With a value whose time was over.
  public var stale = 0
  /// By a fetch that another read had begun.
  public var coalesced = 0

  public var loads = 0
  public var loadFailures = 0
  /// Values that were fetched and given out, but not kept, because they changed meanwhile or may have.
  public var overtaken = 0

  public var leasesWon = 0
  public var leasesWaitedFor = 0
  public var leasesExpired = 0

  // Writes behind, if this process is the one that takes them to their store
  public var writesStored = 0
  public var storeFailures = 0
  public var deadLetters = 0
  /// Those that have not reached it, and for how long the oldest of them has waited.
  public var writesWaiting = 0
  public var writeLagMilliseconds = 0

  // What made near entries go
  public var pushes = 0
  public var invalidations = 0
  public var tagInvalidations = 0
  /// All at once.
  public var flushes = 0
  public var evictionsForRoom = 0
  /// New entries that were asked for less often than those who would have had to go.
  public var rejections = 0
  public var expirations = 0

  public var disconnects = 0
  /// Connections made anew after which the near entries were still right.
  public var resumesKept = 0
  /// Those after which they had to go.
  public var gaps = 0
  public var isDegraded = false

  // What there is now
  public var entries = 0
  public var bytes = 0

  public init() {}
}
