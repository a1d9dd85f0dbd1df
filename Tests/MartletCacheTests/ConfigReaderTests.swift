#if Configuration
  import Configuration
  import MartletCache
  import MartletClient
  import Testing

  // A cache that is configured from where swift-configuration reads: with the package trait `Configuration`.

  private func configuration(_ values: [AbsoluteConfigKey: ConfigValue]) throws -> CacheConfiguration {
    var configuration = CacheConfiguration()
    let config = ConfigReader(provider: InMemoryProvider(values: values))
    try configuration.update(from: config.scoped(to: "martlet.cache"))
    return configuration
  }

  @Test func aReaderSetsWhatItHasAValueFor() throws {
    let set = try configuration([
      "martlet.cache.near.capacity": 1_000_000, "martlet.cache.near.shards": 4, "martlet.cache.tracking": "broadcast",
      "martlet.cache.prefixes": .init(.stringArray(["a:", "b:"]), isSecret: false), "martlet.cache.ttl": 100.0,
      "martlet.cache.nearTTL": 10.0, "martlet.cache.nilTTL": 0.0, "martlet.cache.untrackedTTL": 0.5,
      "martlet.cache.jitter": 0.2, "martlet.cache.refresh.eagerAfter": 0.8,
      "martlet.cache.refresh.staleWhileRevalidate": 60.0, "martlet.cache.refresh.failSafe": 3600.0,
      "martlet.cache.loading.lease": 3.0, "martlet.cache.loading.softTimeout": 0.15,
      "martlet.cache.onDisconnect": "serveStale", "martlet.cache.serveStaleMax": 20.0, "martlet.cache.heartbeat": 0.0,
    ])
    #expect(set.near.capacity == 1_000_000 && set.near.shards == 4)
    #expect(set.tracking == .broadcast(prefixes: ["a:", "b:"]))
    #expect(set.ttl == .seconds(100, jitter: 0.2) && set.nearTTL == .seconds(10, jitter: 0.2) && set.nilTTL == nil)
    #expect(set.untrackedTTL == .seconds(0.5, jitter: 0.2))
    let refresh = CacheConfiguration.Refresh(
      eagerAfter: 0.8, staleWhileRevalidate: .seconds(60), failSafe: .seconds(3600))
    #expect(set.refresh == refresh)
    #expect(set.loading == .init(lease: .distributed(.seconds(3)), softTimeout: .milliseconds(150)))
    #expect(set.onDisconnect == .serveStale(max: .seconds(20)) && set.heartbeat == nil)
    let other = try configuration([
      "martlet.cache.tracking": "optIn", "martlet.cache.noLoop": true, "martlet.cache.loading.lease": 0.0,
    ])
    #expect(other.tracking == .optIn(noLoop: true) && other.loading.lease == .local)
  }

  @Test func whatAReaderDoesNotSayStaysAsItIs() throws {
    let untouched = try configuration([:])
    let standard = CacheConfiguration()
    #expect(untouched.near.capacity == standard.near.capacity && untouched.near.shards == standard.near.shards)
    #expect(untouched.tracking == standard.tracking && untouched.ttl == standard.ttl)
    #expect(untouched.nearTTL == standard.nearTTL && untouched.nilTTL == standard.nilTTL)
    #expect(untouched.untrackedTTL == standard.untrackedTTL && untouched.refresh == standard.refresh)
    #expect(untouched.loading == standard.loading && untouched.onDisconnect == standard.onDisconnect)
    #expect(untouched.heartbeat == standard.heartbeat)
  }

  @Test func namesInTheEnvironmentAreThoseOfTheGuide() throws {
    let environment = EnvironmentVariablesProvider(environmentVariables: [
      "MARTLET_CACHE_NEAR_CAPACITY": "1000", "MARTLET_CACHE_NEAR_TTL": "2.5", "MARTLET_CACHE_PREFIXES": "a:,b:",
      "MARTLET_CACHE_TRACKING": "broadcast",
    ])
    var configuration = CacheConfiguration()
    try configuration.update(from: ConfigReader(provider: environment).scoped(to: "martlet.cache"))
    #expect(configuration.near.capacity == 1000 && configuration.nearTTL == .seconds(2.5))
    #expect(configuration.tracking == .broadcast(prefixes: ["a:", "b:"]))
  }

  @Test(
    arguments: [
      ["martlet.cache.tracking": "always"], ["martlet.cache.near.capacity": -1], ["martlet.cache.ttl": "long"],
      ["martlet.cache.jitter": 2.0], ["martlet.cache.onDisconnect": "hope"], ["martlet.cache.noLoop": "no idea"],
    ] as [[AbsoluteConfigKey: ConfigValue]])
  func aValueThatMakesNoSenseIsAnErrorAndNotADefault(_ values: [AbsoluteConfigKey: ConfigValue]) {
    #expect(throws: MartletError.self) { try configuration(values) }
  }
#endif
