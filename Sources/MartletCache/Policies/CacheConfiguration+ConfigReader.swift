#if Configuration
  import Configuration
  import MartletClient

  extension CacheConfiguration {
    /// Sets what a reader has a value for, under the names of the properties; the rest stays as it is.
    ///
    /// | key | value |
    /// |---|---|
    /// | `near.capacity`, `near.shards` | bytes; a number |
    /// | `tracking` | `optIn`, `optOut`, `readKeys`, `broadcast`, `off` |
    /// | `noLoop` | a boolean, for `optIn`, `optOut` and `readKeys` |
    /// | `prefixes` | a list of texts, for `broadcast` |
    /// | `ttl`, `nearTTL`, `nilTTL` | seconds, 0 for nil |
    /// | `untrackedTTL` | seconds |
    /// | `jitter` | from 0 to 1, for all of these times |
    /// | `refresh.eagerAfter` | from 0 to 1 |
    /// | `refresh.staleWhileRevalidate`, `refresh.failSafe` | seconds, 0 for nil |
    /// | `loading.lease` | seconds, 0 for one load in each process |
    /// | `loading.softTimeout` | seconds, 0 for nil |
    /// | `onDisconnect` | `bypass`, `serveStale`, `fail` |
    /// | `serveStaleMax` | seconds, for `serveStale`; 30 if it is not there |
    /// | `heartbeat` | seconds, 0 for never |
    ///
    /// With `config.scoped(to: "martlet.cache")` the environment has them as `MARTLET_CACHE_NEAR_CAPACITY` and so on. Needs
    /// the package trait `Configuration`.
    ///
    /// - Throws: `MartletError.invalidConfiguration` for a value that is none of these.
    public mutating func update(from config: ConfigReader) throws(MartletError) {
      let values = ConfigValues(config)
      if let capacity = try values.integer("near.capacity", in: 0...Int.max) { near = NearTier(capacity: capacity) }
      near.shards = try values.integer("near.shards", in: 1...1024) ?? near.shards
      try updateTracking(values)

      let jitter = try values.number("jitter", in: 0...1)
      func time(_ key: String, or present: TimeToLive?) throws(MartletError) -> TimeToLive? {
        guard let duration = try values.seconds(key, or: present?.duration) else { return nil }
        return TimeToLive(duration, jitter: jitter ?? present?.jitter ?? 0.1)
      }
      ttl = try time("ttl", or: ttl)
      nearTTL = try time("nearTTL", or: nearTTL)
      nilTTL = try time("nilTTL", or: nilTTL)
      untrackedTTL = try time("untrackedTTL", or: untrackedTTL) ?? TimeToLive(.zero)

      refresh.eagerAfter = try values.number("refresh.eagerAfter", in: 0...1) ?? refresh.eagerAfter
      refresh.staleWhileRevalidate = try values.seconds(
        "refresh.staleWhileRevalidate", or: refresh.staleWhileRevalidate)
      refresh.failSafe = try values.seconds("refresh.failSafe", or: refresh.failSafe)
      if let lease = try values.seconds("loading.lease") {
        loading.lease = lease == .zero ? .local : .distributed(lease)
      }
      loading.softTimeout = try values.seconds("loading.softTimeout", or: loading.softTimeout)
      let longest = try values.seconds("serveStaleMax") ?? .seconds(30)
      onDisconnect =
        try values.choice("onDisconnect", ["bypass": .bypass, "serveStale": .serveStale(max: longest), "fail": .fail])
        ?? onDisconnect
      heartbeat = try values.seconds("heartbeat", or: heartbeat)
    }

    private mutating func updateTracking(_ values: ConfigValues) throws(MartletError) {
      let noLoop = try values.boolean("noLoop") ?? false
      let prefixes = try values.strings("prefixes") ?? []
      let modes: KeyValuePairs<String, Tracking> = [
        "optIn": .optIn(noLoop: noLoop), "optOut": .optOut(noLoop: noLoop), "readKeys": .readKeys(noLoop: noLoop),
        "broadcast": .broadcast(prefixes: prefixes), "off": .off,
      ]
      tracking = try values.choice("tracking", modes) ?? tracking
    }
  }
#endif
