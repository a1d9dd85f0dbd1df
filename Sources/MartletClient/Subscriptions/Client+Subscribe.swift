extension Client {
  /// Subscribes to channels for as long as `body` runs:
  ///
  ///     try await client.subscribe(to: "news") { messages in
  ///       for try await event in messages {
  ///         switch event {
  ///         case .message(let message): print(message.payload)
  ///         case .gap: await readAllAgain()
  ///         }
  ///       }
  ///     }
  ///
  /// - Throws: what `body` throws, and ``MartletError/server(_:)`` if the server refuses the subscription.
  public func subscribe<T>(
    to channels: String..., buffering: SubscriptionBuffering = .dropOldest(10_000),
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    try await subscribe(.channel, channels, buffering, body)
  }

  /// As ``subscribe(to:buffering:_:)``, to all channels whose names match a pattern.
  public func subscribe<T>(
    toPatterns patterns: String..., buffering: SubscriptionBuffering = .dropOldest(10_000),
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    try await subscribe(.pattern, patterns, buffering, body)
  }

  /// As ``subscribe(to:buffering:_:)``, to channels that belong to a slot of a cluster, as keys do.
  public func subscribe<T>(
    toShardChannels channels: String..., buffering: SubscriptionBuffering = .dropOldest(10_000),
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    try await subscribe(.shardChannel, channels, buffering, body)
  }

  func subscribe<T>(
    _ kind: SubscriptionKind, _ names: [String], _ buffering: SubscriptionBuffering, isOfEachNode: Bool = false,
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    let scope: SubscriptionHomes.Scope
    if kind == .shardChannel {
      scope = .slot(topology.routesByKey ? try KeySlot.common(names.map(\.respArgument)) : nil)
    } else {
      scope = isOfEachNode ? .allNodes : .anyNode
    }
    return try await homes.withSubscription(
      kind, names.map { RESPString($0) }, Subscription(buffering: buffering), scope, body)
  }
}

/// Something that happened to a key. https://redis.io/docs/latest/develop/use/keyspace-notifications/
public struct KeyspaceEvent: Sendable, Hashable {
  public let database: Int
  public let key: RESPString
  /// `set`, `del`, `expired` …
  public let event: RESPString

  /// Nil for a message of another channel.
  init?(_ message: PubSubMessage) {
    let channel = message.channel.string
    guard channel.hasPrefix("__keyspace@"), let end = channel.firstRange(of: "__:"),
      let database = Int(channel[channel.index(channel.startIndex, offsetBy: 11)..<end.lowerBound])
    else { return nil }
    self.database = database
    // The key's own bytes, which need not be text.
    var key = message.channel.buffer
    key.moveReaderIndex(forwardBy: channel[..<end.upperBound].utf8.count)
    self.key = RESPString(buffer: key)
    event = message.payload
  }
}

/// What a subscription to keyspace events hears.
public enum KeyspaceNotification: Sendable, Hashable {
  case event(KeyspaceEvent)
  /// Events are missing here: what depends on them must be read afresh.
  case gap(SubscriptionGap)
}

extension Client {
  /// Hears of changes to keys for as long as `body` runs. The server must be told to send them: `CONFIG SET
  /// notify-keyspace-events KA`. They are lost while there is no connection, which a gap says; nothing else does. In a
  /// cluster all nodes are listened to, for each speaks of its own keys only.
  ///
  /// - Parameters:
  ///   - keys: a glob pattern.
  ///   - database: nil for all.
  public func keyspaceEvents<T>(
    matching keys: String = "*", database: Int? = nil, buffering: SubscriptionBuffering = .dropOldest(10_000),
    _ body: (AsyncCompactMapSequence<Subscription, KeyspaceNotification>) async throws -> T
  ) async throws -> T {
    let pattern = "__keyspace@\(database.map { String($0) } ?? "*")__:\(keys)"
    return try await subscribe(.pattern, [pattern], buffering, isOfEachNode: true) { subscription in
      try await body(
        subscription.compactMap { event in
          switch event {
          case .message(let message): KeyspaceEvent(message).map { .event($0) }
          case .gap(let gap): .gap(gap)
          }
        })
    }
  }
}
