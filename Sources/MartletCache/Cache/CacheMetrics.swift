#if Metrics
  import Metrics
  import Synchronization

  /// Hands a cache's counts to swift-metrics, once a second: a read costs nothing for it.
  final class CacheMetrics: Sendable {
    private let counters: [(counter: Counter, value: @Sendable (CacheStatistics) -> Int)]
    private let gauges: [(gauge: Gauge, value: @Sendable (CacheStatistics) -> Int)]
    private let last = Mutex(CacheStatistics())

    init(cache: String) {
      func counted(
        _ label: String, _ dimensions: (String, String)..., value: @escaping @Sendable (CacheStatistics) -> Int
      ) -> (Counter, @Sendable (CacheStatistics) -> Int) {
        (Counter(label: label, dimensions: [("cache", cache)] + dimensions), value)
      }
      func measured(
        _ label: String, value: @escaping @Sendable (CacheStatistics) -> Int
      ) -> (Gauge, @Sendable (CacheStatistics) -> Int) {
        (Gauge(label: label, dimensions: [("cache", cache)]), value)
      }
      counters = [
        counted("cache_requests", ("result", "hit")) { $0.hits },
        counted("cache_requests", ("result", "miss")) { $0.misses },
        counted("cache_requests", ("result", "stale")) { $0.stale },
        counted("cache_requests", ("result", "coalesced")) { $0.coalesced },
        counted("cache_loads", ("result", "any")) { $0.loads },
        counted("cache_loads", ("result", "failed")) { $0.loadFailures },
        counted("cache_evictions", ("reason", "room")) { $0.evictionsForRoom },
        counted("cache_evictions", ("reason", "rejected")) { $0.rejections },
        counted("cache_evictions", ("reason", "expired")) { $0.expirations },
        counted("cache_invalidations", ("source", "key")) { $0.invalidations },
        counted("cache_invalidations", ("source", "tag")) { $0.tagInvalidations },
        counted("cache_writes_behind", ("result", "stored")) { $0.writesStored },
        counted("cache_writes_behind", ("result", "failed")) { $0.storeFailures },
        counted("cache_writes_behind", ("result", "dead")) { $0.deadLetters },
        counted("cache_overtaken") { $0.overtaken },
        counted("cache_gaps") { $0.gaps },
        counted("cache_resumes") { $0.resumesKept },
        counted("cache_generation_flushes") { $0.flushes },
        counted("cache_leases", ("result", "won")) { $0.leasesWon },
        counted("cache_leases", ("result", "waited")) { $0.leasesWaitedFor },
        counted("cache_leases", ("result", "expired")) { $0.leasesExpired },
      ]
      gauges = [
        measured("cache_entries") { $0.entries },
        measured("cache_bytes") { $0.bytes },
        measured("cache_writes_behind_waiting") { $0.writesWaiting },
        measured("cache_writes_behind_lag_milliseconds") { $0.writeLagMilliseconds },
        measured("cache_degraded") { $0.isDegraded ? 1 : 0 },
      ]
    }

    func report(_ now: CacheStatistics) {
      let before = last.withLock { last in
        defer { last = now }
        return last
      }
      for (counter, value) in counters where value(now) > value(before) {
        counter.increment(by: value(now) - value(before))
      }
      for (gauge, value) in gauges { gauge.record(value(now)) }
    }
  }
#endif
