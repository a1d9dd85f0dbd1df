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
    /// The primary that sentinels watch under this name. Some of their addresses are enough: they know each other.
    case sentinel(master: String, [Address])
    /// A cluster. Some of its nodes' addresses are enough.
    case cluster([Address])

    public static func standalone(_ host: String, _ port: Int = 6379) -> Target { .standalone(.host(host, port: port)) }
    public static func unixSocket(_ path: String) -> Target { .standalone(.unixSocket(path: path)) }
  }

  public let configuration: ClientConfiguration
  let topology: any Topology
  let hub = PushHub()
  let homes: SubscriptionHomes

  public init(_ target: Target, configuration: ClientConfiguration = ClientConfiguration()) {
    self.configuration = configuration
    let homes = SubscriptionHomes()
    let changed: @Sendable () -> Void = { [weak homes] in homes?.topologyChanged() }
    switch target {
    case .standalone(let address): topology = StandaloneTopology(Node(address, configuration, hub: hub))
    case .sentinel(let master, let sentinels):
      topology = SentinelTopology(master, sentinels, configuration, hub: hub, changed: changed)
    case .cluster(let seeds): topology = ClusterTopology(seeds, configuration, hub: hub, changed: changed)
    }
    self.homes = homes
    homes.start(topology)
  }

  /// A client of the server that an URL names: `redis://user:password@host:6379/0`, `rediss://…` with TLS,
  /// `unix:///run/martlet.sock?db=1`, `redis-sentinel://host:26379,host/0?master=name`, `redis-cluster://host:7000,host`.
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
    // Who cannot be found now will be looked for by the first command.
    try? await topology.discover()
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
    return try await send(command, try route(command))
  }

  @inline(__always)
  func send<C: Command>(_ command: C, _ route: Route) async throws -> C.Response {
    #if Tracing
      if configuration.tracing {
        return try await traced(C.name) { span in
          try C.Response(from: try await reply(to: route, asking: span.asked) { command.encode(into: &$0) })
        }
      }
    #endif
    return try C.Response(from: try await reply(to: route) { command.encode(into: &$0) })
  }

  @discardableResult
  public func send(_ arguments: [RESPArgument]) async throws -> RESPValue {
    let kind = RawCommandKind(arguments)
    if kind == .stateful { throw MartletError.needsOwnConnection(arguments[0].text.uppercased()) }
    return try await send(arguments, try route(arguments, isBlocking: kind == .blocking))
  }

  func send(_ arguments: [RESPArgument], _ route: Route) async throws -> RESPValue {
    func checked(_ reply: RESPValue) throws -> RESPValue {
      if case .error(let error) = reply.withoutAttributes { throw MartletError.server(error) }
      return reply
    }
    #if Tracing
      if configuration.tracing {
        return try await traced(arguments.first?.text.uppercased() ?? "") { span in
          try checked(try await reply(to: route, asking: span.asked) { $0.append(arguments) })
        }
      }
    #endif
    return try checked(try await reply(to: route) { $0.append(arguments) })
  }

  /// Sends a command to every node that takes writes, each on its own: for commands that are about a node's keys, such as
  /// `DBSIZE`, `SCAN` and `FLUSHALL`, of a cluster.
  ///
  /// - Throws: the first node's error. Others may have carried it out.
  @discardableResult
  public func sendToAll<C: Command>(_ command: C) async throws -> [Address: C.Response] {
    if C.needsOwnConnection { throw MartletError.needsOwnConnection(C.name) }
    if topology.primaries.isEmpty { try await topology.discover() }
    #if Tracing
      if configuration.tracing { return try await traced(C.name) { _ in try await repliesOfAll(to: command) } }
    #endif
    return try await repliesOfAll(to: command)
  }

  private func repliesOfAll<C: Command>(to command: C) async throws -> [Address: C.Response] {
    try await withThrowingTaskGroup(of: (Address, RESPValue).self) { group in
      for node in topology.primaries {
        group.addTask { (node.address, try await node.link(for: nil).roundTrip { command.encode(into: &$0) }) }
      }
      var replies: [Address: C.Response] = [:]
      for try await (address, reply) in group { replies[address] = try C.Response(from: reply) }
      return replies
    }
  }

  /// Lends a connection that nobody else uses while `body` runs. It is closed afterwards, so that nothing of what it was
  /// told about itself is left.
  public func withConnection<T>(_ body: (Connection) async throws -> T) async throws -> T {
    try await withConnection(toNodeFor: nil, body)
  }

  /// As ``withConnection(_:)``, to the node that a key belongs to.
  public func withConnection<T>(
    for key: some RESPEncodable, _ body: (Connection) async throws -> T
  ) async throws -> T {
    try await withConnection(toNodeFor: key.respArgument, body)
  }

  func withConnection<T>(toNodeFor key: RESPArgument?, _ body: (Connection) async throws -> T) async throws -> T {
    let node = try await node(forSlot: topology.routesByKey ? key.map(KeySlot.of) : nil)
    return try await node.pool.withLink { link in
      defer { link.close() }
      return try await body(Connection(link: link, client: self))
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

  public func sharedConnection(for key: some RESPEncodable) -> (any PinnedConnection)? {
    let key = key.respArgument
    return topology.node(forSlot: topology.routesByKey ? KeySlot.of(key) : nil)?.link(for: key)
  }

  public var sharedConnections: [any PinnedConnection] { topology.primaries.flatMap(\.shared) }
}
