#if Configuration
  import Configuration
  import MartletClient
  import MartletTesting
  import Synchronization
  import Testing

  // A client that is configured from where swift-configuration reads: with the package trait `Configuration`.

  private func reader(_ values: [AbsoluteConfigKey: ConfigValue]) -> ConfigReader {
    ConfigReader(provider: InMemoryProvider(values: values)).scoped(to: "martlet")
  }

  private func configuration(_ values: [AbsoluteConfigKey: ConfigValue]) throws -> ClientConfiguration {
    var configuration = ClientConfiguration()
    try configuration.update(from: reader(values))
    return configuration
  }

  /// What was asked for, and whether as a secret.
  private final class Asked: AccessReporter {
    let events = Mutex<[String: Bool]>([:])

    func report(_ event: AccessEvent) {
      guard case .success(let value?) = event.result else { return }
      events.withLock { $0[event.metadata.key.description] = value.isSecret }
    }
  }

  @Test func aReaderSetsWhatItHasAValueFor() throws {
    let set = try configuration([
      "martlet.username": "web", "martlet.password": "secret", "martlet.clientName": "shop", "martlet.database": 3,
      "martlet.protocolVersion": 2, "martlet.encryption": "tls", "martlet.batching": "off",
      "martlet.sharedConnections": 2, "martlet.maximumConnections": 7, "martlet.maximumInFlight": 100,
      "martlet.overload": "fail", "martlet.connectTimeout": 1.5, "martlet.commandTimeout": 2.0,
      "martlet.topologyRefresh": 0.0, "martlet.connectionAttempts": 5, "martlet.retry": "never",
      "martlet.backoff.first": 0.1, "martlet.backoff.longest": 4.0, "martlet.backoff.factor": 3.0,
      "martlet.backoff.jitter": 0.25, "martlet.sentinel.username": "s", "martlet.sentinel.password": "t",
      "martlet.sentinel.isEncrypted": true, "martlet.limits.stringBytes": 1000, "martlet.limits.elements": 1001,
      "martlet.limits.depth": 9, "martlet.limits.lineBytes": 1002, "martlet.metrics": true, "martlet.tracing": true,
    ])
    #expect(set.username == "web" && set.password == "secret" && set.clientName == "shop" && set.database == 3)
    #expect(set.protocolVersion == .resp2 && set.batching == .off && set.overload == .fail && set.retry == .never)
    if case .off = set.encryption { Issue.record("not encrypted") }
    #expect(set.sharedConnections == 2 && set.maximumConnections == 7 && set.maximumInFlight == 100)
    #expect(set.connectTimeout == .milliseconds(1500) && set.commandTimeout == .seconds(2))
    #expect(set.topologyRefresh == nil && set.connectionAttempts == 5)
    #expect(set.backoff.first == .milliseconds(100) && set.backoff.longest == .seconds(4))
    #expect(set.backoff.factor == 3 && set.backoff.jitter == 0.25)
    #expect(set.sentinel.username == "s" && set.sentinel.password == "t" && set.sentinel.isEncrypted)
    #expect(set.limits.stringBytes == 1000 && set.limits.elements == 1001)
    #expect(set.limits.depth == 9 && set.limits.lineBytes == 1002)
    #expect(set.metrics && set.tracing)
  }

  @Test func whatAReaderDoesNotSayStaysAsItIs() throws {
    var configuration = ClientConfiguration()
    configuration.commandTimeout = .seconds(7)
    configuration.username = "before"
    configuration.topologyRefresh = .seconds(3)
    try configuration.update(from: reader(["martlet.database": 1]))
    #expect(configuration.commandTimeout == .seconds(7) && configuration.username == "before")
    #expect(configuration.topologyRefresh == .seconds(3) && configuration.database == 1)
  }

  @Test(
    arguments: [
      ["martlet.database": "two"], ["martlet.database": -1], ["martlet.protocolVersion": 4], ["martlet.batching": "on"],
      ["martlet.commandTimeout": "soon"], ["martlet.commandTimeout": -1.0], ["martlet.commandTimeout": 1e300],
      ["martlet.metrics": "perhaps"], ["martlet.password": 1.5], ["martlet.backoff.jitter": 1.5],
      ["martlet.limits.depth": 0],
    ] as [[AbsoluteConfigKey: ConfigValue]])
  func aValueThatMakesNoSenseIsAnErrorAndNotADefault(_ values: [AbsoluteConfigKey: ConfigValue]) throws {
    do {
      _ = try configuration(values)
      Issue.record("\(values) was taken")
    } catch MartletError.invalidConfiguration(let text) {
      #expect(values.keys.first.map { text.contains($0.description.dropFirst("martlet.".count)) } ?? false)
    }
  }

  @Test func passwordsAreReadAsSecrets() throws {
    let asked = Asked()
    let provider = InMemoryProvider(values: [
      "url": "redis://:secret@localhost", "username": "web", "password": "secret", "sentinel.password": "secret",
    ])
    _ = try Client(config: ConfigReader(provider: provider, accessReporter: asked))
    let secrets = asked.events.withLock { $0 }
    #expect(secrets["url"] == true && secrets["password"] == true && secrets["sentinel.password"] == true)
    #expect(secrets["username"] == false)
  }

  @Test func aClientIsMadeFromTheEnvironment() async throws {
    let server = try TestServer(directives: ["requirepass": "open sesame"])
    let environment = EnvironmentVariablesProvider(environmentVariables: [
      "MARTLET_URL": "redis://:wrong@127.0.0.1:\(server.port)", "MARTLET_PASSWORD": "open sesame",
      "MARTLET_CLIENT_NAME": "from-the-environment", "MARTLET_COMMAND_TIMEOUT": "2.5",
    ])
    let config = ConfigReader(provider: environment)
    let client = try Client(config: config.scoped(to: "martlet"))
    #expect(client.configuration.clientName == "from-the-environment")
    #expect(client.configuration.commandTimeout == .milliseconds(2500))
    try await client.set("k", "v")
    #expect(try await client.get("k") == "v")
    client.close()
  }

  /// As docs/CLIENT.md has it. Never run: nobody knows what the environment says.
  private func guide() throws {
    let config = ConfigReader(provider: EnvironmentVariablesProvider())
    let client = try Client(config: config.scoped(to: "martlet"))
    _ = client
  }

  @Test func aReaderWithoutAnURLIsToldSo() {
    #expect(throws: MartletError.invalidConfiguration("url must be: the server's URL")) {
      try Client(config: reader([:]))
    }
    #expect(throws: MartletError.self) { try Client(config: reader(["martlet.url": "localhost"])) }
  }
#endif
