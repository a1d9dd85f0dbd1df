#if Configuration
  import Configuration

  extension ClientConfiguration {
    /// Sets what a reader has a value for, under the names of the properties; the rest stays as it is.
    ///
    /// | key | value |
    /// |---|---|
    /// | `username`, `password`, `clientName` | texts; the password is read as a secret |
    /// | `database`, `protocolVersion` | numbers; the version is 2 or 3 |
    /// | `encryption` | `off`, or `tls` with the system's certificates |
    /// | `batching` | `automatic`, `off` |
    /// | `sharedConnections`, `maximumConnections`, `maximumInFlight` | numbers |
    /// | `overload` | `wait`, `fail` |
    /// | `connectTimeout`, `commandTimeout` | seconds |
    /// | `topologyRefresh` | seconds, 0 for never |
    /// | `connectionAttempts`, `retry` | a number; `reads`, `never` |
    /// | `backoff.first`, `backoff.longest`, `backoff.factor`, `backoff.jitter` | seconds; a factor; from 0 to 1 |
    /// | `sentinel.username`, `sentinel.password`, `sentinel.isEncrypted` | texts; a boolean |
    /// | `limits.stringBytes`, `limits.elements`, `limits.depth`, `limits.lineBytes` | numbers |
    /// | `metrics`, `tracing` | booleans |
    ///
    /// Needs the package trait `Configuration`.
    ///
    /// - Throws: ``MartletError/invalidConfiguration(_:)`` for a value that is none of these.
    public mutating func update(from config: ConfigReader) throws(MartletError) {
      let values = ConfigValues(config)
      username = try values.string("username") ?? username
      password = try values.string("password", isSecret: true) ?? password
      clientName = try values.string("clientName") ?? clientName
      database = try values.integer("database", in: 0...Int(Int32.max)) ?? database
      if let version = try values.integer("protocolVersion", in: 2...3) {
        protocolVersion = version == 2 ? .resp2 : .resp3
      }
      encryption = try values.choice("encryption", ["off": .off, "tls": .tls()]) ?? encryption

      batching = try values.choice("batching", ["automatic": .automatic, "off": .off]) ?? batching
      sharedConnections = try values.integer("sharedConnections", in: 1...1024) ?? sharedConnections
      maximumConnections = try values.integer("maximumConnections", in: 1...65_535) ?? maximumConnections
      maximumInFlight = try values.integer("maximumInFlight", in: 1...Int(Int32.max)) ?? maximumInFlight
      overload = try values.choice("overload", ["wait": .wait, "fail": .fail]) ?? overload

      connectTimeout = try values.seconds("connectTimeout") ?? connectTimeout
      commandTimeout = try values.seconds("commandTimeout") ?? commandTimeout
      topologyRefresh = try values.seconds("topologyRefresh", or: topologyRefresh)
      connectionAttempts = try values.integer("connectionAttempts", in: 1...Int(Int32.max)) ?? connectionAttempts
      retry = try values.choice("retry", ["reads": .reads, "never": .never]) ?? retry
      backoff.first = try values.seconds("backoff.first") ?? backoff.first
      backoff.longest = try values.seconds("backoff.longest") ?? backoff.longest
      backoff.factor = try values.number("backoff.factor", in: 1...1000) ?? backoff.factor
      backoff.jitter = try values.number("backoff.jitter", in: 0...1) ?? backoff.jitter

      sentinel.username = try values.string("sentinel.username") ?? sentinel.username
      sentinel.password = try values.string("sentinel.password", isSecret: true) ?? sentinel.password
      sentinel.isEncrypted = try values.boolean("sentinel.isEncrypted") ?? sentinel.isEncrypted

      limits.stringBytes = try values.integer("limits.stringBytes", in: 1...Int(Int32.max)) ?? limits.stringBytes
      limits.elements = try values.integer("limits.elements", in: 1...Int(Int32.max)) ?? limits.elements
      limits.depth = try values.integer("limits.depth", in: 1...1024) ?? limits.depth
      limits.lineBytes = try values.integer("limits.lineBytes", in: 1...Int(Int32.max)) ?? limits.lineBytes
      metrics = try values.boolean("metrics") ?? metrics
      tracing = try values.boolean("tracing") ?? tracing
    }
  }

  extension Client {
    /// A client as a reader describes it: `url` says which server, as in ``init(url:configuration:)``, and the keys of
    /// ``ClientConfiguration/update(from:)`` all else. What both say, the keys decide, so that a password need not be part of
    /// the URL.
    ///
    ///     let config = ConfigReader(provider: EnvironmentVariablesProvider())
    ///     let client = try Client(config: config.scoped(to: "martlet"))     // MARTLET_URL, MARTLET_PASSWORD, …
    ///
    /// Needs the package trait `Configuration`.
    ///
    /// - Parameter configuration: what holds where the reader has nothing to say.
    /// - Throws: ``MartletError/invalidConfiguration(_:)``, ``MartletError/invalidURL(_:)``.
    public convenience init(
      config: ConfigReader, configuration: ClientConfiguration = ClientConfiguration()
    ) throws(MartletError) {
      var configuration = configuration
      let values = ConfigValues(config)
      // There may be a password in it.
      guard let url = try values.string("url", isSecret: true) else { throw values.invalid("url", "the server's URL") }
      let target = try ClientURL(url).apply(to: &configuration)
      try configuration.update(from: config)
      self.init(target, configuration: configuration)
    }
  }
#endif
