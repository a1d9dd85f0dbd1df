import NIOCore

/// Where a command goes, and what may be done with it.
struct Route {
  /// Decides which of a node's connections it takes.
  var key: RESPArgument?
  /// Nil for commands without keys, and where nothing depends on it.
  var slot: Int?
  var isReadOnly: Bool
  var isBlocking: Bool
  /// Said not to be remembered for client-side caching.
  var isUntracked = false
}

/// What a client goes through until a command is answered: redirections, and connections that are lost on the way.
struct Attempts {
  private let client: Client
  private let isReadOnly: Bool
  private var losses = 0
  private var redirections = 0
  private var deadline: ContinuousClock.Instant?

  init(_ client: Client, isReadOnly: Bool) {
    self.client = client
    self.isReadOnly = isReadOnly
  }

  private var configuration: ClientConfiguration { client.configuration }

  /// Whether a command whose connection was lost is sent again: if that cannot be the second time that it is carried out,
  /// or makes no difference. See ``RetryPolicy``.
  mutating func allowsRepetition(afterLossThatMayHaveRun mayHaveRun: Bool) -> Bool {
    losses += 1
    return losses < configuration.connectionAttempts && (!mayHaveRun || isReadOnly && configuration.retry == .reads)
  }

  /// Whether one more redirection is followed. Servers that send commands round and round are left after a while.
  mutating func allowsRedirection() -> Bool {
    redirections += 1
    let now = ContinuousClock.now
    if deadline == nil { deadline = now + configuration.commandTimeout }
    return redirections <= 64 && now < deadline ?? now
  }

  /// How long to wait before the next attempt, since the servers are about to agree on something.
  var pause: Duration { configuration.backoff.delay(afterFailures: redirections) }
}

extension Client {
  // MARK: Routes

  func route<C: Command>(_ command: C) throws(MartletError) -> Route {
    var route = Route(isReadOnly: C.isReadOnly, isBlocking: command.isBlocking)
    // Finding the keys costs something: not where nothing depends on them.
    if topology.routesByKey {
      route.key = command.routingKey
      route.slot = try KeySlot.common(command.keys) ?? route.key.map(KeySlot.of)
    } else if configuration.sharedConnections > 1 {
      route.key = command.routingKey
    }
    return route
  }

  func route(_ arguments: [RESPArgument], isBlocking: Bool) throws(MartletError) -> Route {
    var route = Route(isReadOnly: false, isBlocking: isBlocking)
    guard topology.routesByKey || configuration.sharedConnections > 1 else { return route }
    let keys = KeyPositions.keys(of: arguments)
    route.key = keys.first
    if topology.routesByKey { route.slot = try KeySlot.common(keys) }
    return route
  }

  /// Who answers for a slot; finds out first if nobody is known.
  func node(forSlot slot: Int?) async throws -> Node {
    if let node = topology.node(forSlot: slot) { return node }
    try await topology.discover()
    guard let node = topology.node(forSlot: slot) else {
      throw MartletError.cannotConnect("no node answers for slot \(slot.map { "\($0)" } ?? "")")
    }
    return node
  }

  // MARK: Round trips

  /// Sends a command until somebody answers who is in charge of it.
  ///
  /// - Parameter asking: is told of each who is asked.
  func reply(
    to route: Route, asking: ((Address) -> Void)? = nil, _ encode: @Sendable (inout CommandEncoder) -> Void
  ) async throws -> RESPValue {
    var attempts = Attempts(self, isReadOnly: route.isReadOnly)
    var redirection = Redirection.none
    while true {
      let (node, isAsking) =
        if case .none = redirection, let node = topology.node(forSlot: route.slot) {
          (node, false)
        } else {
          try await follow(redirection, slot: route.slot, attempts)
        }
      redirection = .none
      asking?(node.address)
      do {
        // Nearly all commands go the first way: it is short on purpose.
        let reply =
          if sharesConnection(route) && !isAsking {
            try await node.link(for: route.key).roundTrip(encode)
          } else {
            try await roundTrip(node, route, isAsking: isAsking, encode)
          }
        guard case .error(let error) = reply else { return reply }
        redirection = topology.redirection(for: error, from: node)
        if case .none = redirection { return reply }
        if !attempts.allowsRedirection() { return reply }
      } catch let error as MartletError {
        try await recover(from: error, of: node, slot: route.slot, &attempts)
      }
    }
  }

  /// Who is to be asked next, and whether with ASKING.
  func follow(
    _ redirection: Redirection, slot: Int?, _ attempts: Attempts
  ) async throws -> (node: Node, isAsking: Bool) {
    switch redirection {
    case .none: break
    case .node(let node): return (node, false)
    case .asking(let node): return (node, true)
    case .pause: try await Task.sleep(for: attempts.pause)
    case .discover:
      try await Task.sleep(for: attempts.pause)
      try await topology.discover()
    }
    return (try await node(forSlot: slot), false)
  }

  /// Returns if the command is to be sent again, else throws.
  func recover(
    from error: MartletError, of node: Node, slot: Int?, _ attempts: inout Attempts
  ) async throws {
    switch error {
    case .connectionLost(let mayHaveRun):
      topology.suspect(node)
      guard attempts.allowsRepetition(afterLossThatMayHaveRun: mayHaveRun) else { throw error }
      try Task.checkCancellation()
    case .cannotConnect:
      // The command waited and was not sent. If somebody else is in charge by now, that one gets it.
      try await topology.discover()
      guard let other = topology.node(forSlot: slot), other !== node,
        attempts.allowsRepetition(afterLossThatMayHaveRun: false)
      else { throw error }
    default: throw error
    }
  }

  private func sharesConnection(_ route: Route) -> Bool {
    !route.isBlocking && !route.isUntracked && configuration.batching == .automatic
  }

  private func roundTrip(
    _ node: Node, _ route: Route, isAsking: Bool, _ encode: @Sendable (inout CommandEncoder) -> Void
  ) async throws -> RESPValue {
    if isAsking {
      var encoded = EncodedCommands([["ASKING"]])
      encoded.append(encode)
      return try await roundTrip(node, encoded.bytes, encoded.lengths, key: route.key, isBlocking: route.isBlocking)[1]
    }
    if route.isBlocking { return try await node.pool.withLink { try await $0.roundTrip(encode) } }
    if route.isUntracked {
      // What is answered to the first command says only whether it made a difference.
      var encoded = EncodedCommands([["CLIENT", "CACHING", "NO"]])
      encoded.append(encode)
      return try await roundTrip(node, encoded.bytes, encoded.lengths, key: route.key, isBlocking: false)[1]
    }
    return try await node.unshared.withLink { try await $0.roundTrip(encode) }
  }

  /// Sends commands with nothing in between to one node.
  func roundTrip(
    _ node: Node, _ bytes: ByteBuffer, _ lengths: [Int], key: RESPArgument?, isBlocking: Bool
  ) async throws -> [RESPValue] {
    if isBlocking { return try await node.pool.withLink { try await $0.roundTrip(bytes, lengths: lengths) } }
    if configuration.batching == .off {
      return try await node.unshared.withLink { try await $0.roundTrip(bytes, lengths: lengths) }
    }
    return try await node.link(for: key).roundTrip(bytes, lengths: lengths)
  }

  /// Whether keys can be part of one transaction: always where there is but one server.
  package func share(aSlot keys: any RESPEncodable...) -> Bool {
    !topology.routesByKey || (try? KeySlot.common(keys.map(\.respArgument))) != nil
  }
}
