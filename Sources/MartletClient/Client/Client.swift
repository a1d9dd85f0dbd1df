import Logging
import NIOCore
import ServiceLifecycle

/// A client of a Martlet, Redis or Valkey server.
///
///     let client = Client(.standalone("localhost"))
///     try await client.set("greeting", "hello")
///     let greeting = try await client.get("greeting")      // "hello"
///
/// It connects with its first command, and again whenever a connection is lost. Commands of all tasks share a
/// connection per node, and those that are submitted at the same time leave in one write; commands that may block have
/// connections of their own.
///
/// ``run()`` makes it a service of a `ServiceGroup`; without, ``close()`` ends it, or letting go of it.
public final class Client: PushSource, Service {
  /// Where the data is.
  public enum Target: Sendable, Hashable {
    case standalone(Address)

    public static func standalone(_ host: String, _ port: Int = 6379) -> Target { .standalone(.host(host, port: port)) }
    public static func unixSocket(_ path: String) -> Target { .standalone(.unixSocket(path: path)) }
  }

  public let configuration: ClientConfiguration
  let topology: any Topology
  let hub = PushHub()

  public init(_ target: Target, configuration: ClientConfiguration = ClientConfiguration()) {
    self.configuration = configuration
    switch target {
    case .standalone(let address): topology = StandaloneTopology(node: Node(address, configuration, hub: hub))
    }
  }

  /// A client of the server that an URL names: `redis://user:password@host:6379/0`, `rediss://…` with TLS,
  /// `unix:///run/martlet.sock?db=1`.
  ///
  /// - Throws: ``MartletError/invalidURL(_:)``.
  public convenience init(
    url: String, configuration: ClientConfiguration = ClientConfiguration()
  ) throws(MartletError) {
    var configuration = configuration
    let target = try ClientURL(url).apply(to: &configuration)
    self.init(target, configuration: configuration)
  }

  deinit { topology.close() }

  // MARK: Life

  /// Connects, and keeps the client until the task is cancelled or its service group shuts down; then commands that wait
  /// for replies get them, and the client is closed.
  public func run() async throws {
    for node in topology.primaries { for link in node.shared { link.connectNow() } }
    try? await gracefulShutdown()
    await drain()
    close()
  }

  /// Waits until nothing waits for a reply, but no longer than a command may take.
  private func drain() async {
    let clock = ContinuousClock()
    let deadline = clock.now + configuration.commandTimeout
    while topology.primaries.contains(where: { $0.shared.contains { !$0.isIdle } }), clock.now < deadline {
      do { try await clock.sleep(for: .milliseconds(5)) } catch { return }
    }
  }

  /// Closes all connections. Commands that wait, and all that come later, throw ``MartletError/closed``.
  public func close() { topology.close() }

  // MARK: Commands

  @discardableResult
  public func send<C: Command>(_ command: C) async throws -> C.Response {
    if C.needsOwnConnection { throw MartletError.needsOwnConnection(C.name) }
    let reply = try await repeating(isReadOnly: C.isReadOnly) {
      try await roundTrip(
        routing: command, isReadOnly: C.isReadOnly, isBlocking: command.isBlocking, { command.encode(into: &$0) })
    }
    return try C.Response(from: reply)
  }

  @discardableResult
  public func send(_ arguments: [RESPArgument]) async throws -> RESPValue {
    let kind = RawCommandKind(arguments)
    if kind == .stateful { throw MartletError.needsOwnConnection(arguments[0].text.uppercased()) }
    let key = arguments.count > 1 ? arguments[1] : nil
    let reply = try await repeating(isReadOnly: false) {
      let node = try node(for: key, isReadOnly: false)
      return try await roundTrip(node, key: key, isBlocking: kind == .blocking, { $0.append(arguments) })
    }
    if case .error(let error) = reply.withoutAttributes { throw MartletError.server(error) }
    return reply
  }

  /// Does something again whose connection was lost, if that cannot be the second time that it is carried out, or makes no
  /// difference: see ``RetryPolicy``.
  func repeating<T>(isReadOnly: Bool, _ body: () async throws -> T) async throws -> T {
    var attempts = 1
    while true {
      do {
        return try await body()
      } catch MartletError.connectionLost(let mayHaveRun)
        where attempts < configuration.connectionAttempts
        && (!mayHaveRun || isReadOnly && configuration.retry == .reads)
      {
        attempts += 1
        try Task.checkCancellation()
      }
    }
  }

  private func roundTrip(
    routing command: some Command, isReadOnly: Bool, isBlocking: Bool,
    _ encode: @Sendable (inout CommandEncoder) -> Void
  ) async throws -> RESPValue {
    // Finding the key costs something: not where nothing depends on it.
    let key = topology.routesByKey || configuration.sharedConnections > 1 ? command.routingKey : nil
    let node = try node(for: key, isReadOnly: isReadOnly)
    return try await roundTrip(node, key: key, isBlocking: isBlocking, encode)
  }

  private func roundTrip(
    _ node: Node, key: RESPArgument?, isBlocking: Bool, _ encode: @Sendable (inout CommandEncoder) -> Void
  ) async throws -> RESPValue {
    if isBlocking { return try await node.pool.withLink { try await $0.roundTrip(encode) } }
    if configuration.batching == .off { return try await node.unshared.withLink { try await $0.roundTrip(encode) } }
    return try await node.link(for: key).roundTrip(encode)
  }

  func node(for key: RESPArgument?, isReadOnly: Bool) throws(MartletError) -> Node {
    try topology.node(forSlot: topology.routesByKey ? key.map(KeySlot.of) : nil, isReadOnly: isReadOnly)
  }

  /// Lends a connection that nobody else uses while `body` runs. It is closed afterwards, so that nothing of what it was
  /// told about itself is left.
  public func withConnection<T>(_ body: (Connection) async throws -> T) async throws -> T {
    try await withConnection(for: nil, body)
  }

  func withConnection<T>(for key: RESPArgument?, _ body: (Connection) async throws -> T) async throws -> T {
    try await node(for: key, isReadOnly: false).pool.withLink { link in
      defer { link.close() }
      return try await body(Connection(link: link))
    }
  }

  // MARK: Pushes

  public func addPushListener(
    _ listener: some PushListener, handshake: @escaping PushHandshake = { _, _ in [] }
  ) {
    hub.add(listener, handshake: handshake)
    for node in topology.primaries {
      for link in node.shared { link.eventLoop.execute { [hub] in hub.greetMissing(link) } }
    }
  }

  public func removePushListener(_ listener: some PushListener) { hub.remove(listener) }

  public func sharedConnection(for key: some RESPEncodable) -> any PinnedConnection {
    let key = key.respArgument
    // A topology that knows no node for the key has at least one that knows which.
    let node = (try? node(for: key, isReadOnly: false)) ?? topology.primaries[0]
    return node.link(for: key)
  }

  public var sharedConnections: [any PinnedConnection] { topology.primaries.flatMap(\.shared) }
}
