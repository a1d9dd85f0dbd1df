import Keyspace
import Memory
import RESP
import Structures

/// What a session is subscribed to.
public final class Subscriptions {
  public var channels: Set<ByteString> = []
  public var patterns: [ByteString] = []
  public var shardChannels: Set<ByteString> = []

  public init() {}

  /// Channels and patterns; what a subscription's confirmation counts.
  public var count: Int { channels.count + patterns.count }
  public var isEmpty: Bool { channels.isEmpty && patterns.isEmpty && shardChannels.isEmpty }
  public var memory: Int {
    (channels.count + patterns.count + shardChannels.count) * 64
      + channels.reduce(0) { $0 + $1.bytes.count } + patterns.reduce(0) { $0 + $1.bytes.count }
      + shardChannels.reduce(0) { $0 + $1.bytes.count }
  }
}

/// Who is subscribed to what.
public final class ChannelRegistry {
  public fileprivate(set) var channels: [ByteString: [SessionPointer]] = [:]
  public fileprivate(set) var shardChannels: [ByteString: [SessionPointer]] = [:]
  public fileprivate(set) var patterns: [(pattern: ByteString, sessions: [SessionPointer])] = []
  /// The message being sent, encoded once for all who get it.
  fileprivate var message = ReplyWriter(capacity: 1 << 10)
  /// Keys are looked up as byte arrays; this one is used again and again.
  fileprivate var scratch = ByteString("")

  public init() {}
}

extension CommandTable {
  /// Channels, patterns and shard channels. https://redis.io/docs/latest/develop/interact/pubsub/
  public static let pubsub: [Command] = [
    Command(
      "SUBSCRIBE", arity: -2, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed], group: .pubsub,
      since: "2.0.0", summary: "Listens to channels.",
      complexity: "O(N) where N is the number of channels to subscribe to.",
      syntax: "channel [channel ...]", channels: .subscribes, run: subscribe),
    Command(
      "UNSUBSCRIBE", arity: -1, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed], group: .pubsub,
      since: "2.0.0", summary: "Stops listening to channels, or to all.",
      complexity: "O(N) where N is the number of channels to unsubscribe.", syntax: "[channel [channel ...]]",
      run: unsubscribe),
    Command(
      "PSUBSCRIBE", arity: -2, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed], group: .pubsub,
      since: "2.0.0", summary: "Listens to all channels that match patterns.",
      complexity: "O(N) where N is the number of patterns to subscribe to.", syntax: "pattern [pattern ...]",
      channels: .subscribesToPatterns, run: psubscribe),
    Command(
      "PUNSUBSCRIBE", arity: -1, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed], group: .pubsub,
      since: "2.0.0", summary: "Stops listening to patterns, or to all.",
      complexity: "O(N) where N is the number of patterns to unsubscribe.", syntax: "[pattern [pattern ...]]",
      run: punsubscribe),
    Command(
      "SSUBSCRIBE", arity: -2, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed],
      keys: [KeySpec(.index(1), .range(last: -1, step: 1, limit: 0), ["not_key"])], group: .pubsub,
      since: "7.0.0", summary: "Listens to shard channels.",
      complexity: "O(N) where N is the number of shard channels to subscribe to.",
      syntax: "shardchannel [shardchannel ...]", channels: .subscribes, run: ssubscribe),
    Command(
      "SUNSUBSCRIBE", arity: -1, [.pubsub, .noScript, .loading, .stale, .runsWhileSubscribed],
      keys: [KeySpec(.index(1), .range(last: -1, step: 1, limit: 0), ["not_key"])], group: .pubsub,
      since: "7.0.0", summary: "Stops listening to shard channels, or to all.",
      complexity: "O(N) where N is the number of shard channels to unsubscribe.",
      syntax: "[shardchannel [shardchannel ...]]", run: sunsubscribe),
    Command(
      "PUBLISH", arity: 3, [.pubsub, .loading, .stale, .fast, .mayReplicate], group: .pubsub, since: "2.0.0",
      summary: "Sends a message to all who listen to a channel.",
      complexity:
        "O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).",
      syntax: "channel message", channels: .publishes, run: publishCommand),
    Command(
      "SPUBLISH", arity: 3, [.pubsub, .loading, .stale, .fast, .mayReplicate],
      keys: [KeySpec(.index(1), .range(last: 0, step: 1, limit: 0), ["not_key"])], group: .pubsub, since: "7.0.0",
      summary: "Sends a message to all who listen to a shard channel.",
      complexity: "O(N) where N is the number of clients subscribed to the receiving shard channel.",
      syntax: "shardchannel message", channels: .publishes, run: spublish),
    Command(
      "PUBSUB", arity: -2, [], group: .pubsub, since: "2.8.0", summary: "A container for Pub/Sub commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "CHANNELS", arity: -2, [.pubsub, .loading, .stale], group: .pubsub, since: "2.8.0",
          summary: "Lists the channels that somebody listens to.",
          complexity:
            "O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)",
          syntax: "[pattern]", run: pubsubChannels),
        Command(
          "NUMSUB", arity: -2, [.pubsub, .loading, .stale], group: .pubsub, since: "2.8.0",
          summary: "Counts the listeners of channels.",
          complexity: "O(N) for the NUMSUB subcommand, where N is the number of requested channels",
          syntax: "[channel [channel ...]]", run: pubsubNumsub),
        Command(
          "NUMPAT", arity: 2, [.pubsub, .loading, .stale], group: .pubsub, since: "2.8.0",
          summary: "Counts the distinct patterns that are subscribed to.", run: pubsubNumpat),
        Command(
          "SHARDCHANNELS", arity: -2, [.pubsub, .loading, .stale], group: .pubsub, since: "7.0.0",
          summary: "Lists the shard channels that somebody listens to.",
          complexity:
            "O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short channels).",
          syntax: "[pattern]", run: pubsubShardchannels),
        Command(
          "SHARDNUMSUB", arity: -2, [.pubsub, .loading, .stale], group: .pubsub, since: "7.0.0",
          summary: "Counts the listeners of shard channels.",
          complexity: "O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels",
          syntax: "[shardchannel [shardchannel ...]]", run: pubsubShardnumsub),
        .help(
          of: "PUBSUB", .pubsub, since: "6.2.0",
          [
            "CHANNELS [<pattern>]",
            "    Return the currently active channels matching a <pattern> (default: '*').",
            "NUMPAT", "    Return number of subscriptions to patterns.",
            "NUMSUB [<channel> ...]",
            "    Return the number of subscribers for the specified channels, excluding",
            "    pattern subscriptions(default: no channels).",
            "SHARDCHANNELS [<pattern>]",
            "    Return the currently active shard level channels matching a <pattern> (default: '*').",
            "SHARDNUMSUB [<shardchannel> ...]",
            "    Return the number of subscribers for the specified shard level channel(s)",
          ]),
      ]),
  ]
}

// MARK: Subscribing

private enum Kind {
  case channel, pattern, shard
}

private func subscribe(_ call: Call, _ reply: inout ReplyWriter) { subscribe(call, .channel, "subscribe", &reply) }
private func psubscribe(_ call: Call, _ reply: inout ReplyWriter) { subscribe(call, .pattern, "psubscribe", &reply) }
private func ssubscribe(_ call: Call, _ reply: inout ReplyWriter) { subscribe(call, .shard, "ssubscribe", &reply) }

private func unsubscribe(_ call: Call, _ reply: inout ReplyWriter) {
  unsubscribe(call, .channel, "unsubscribe", &reply)
}
private func punsubscribe(_ call: Call, _ reply: inout ReplyWriter) {
  unsubscribe(call, .pattern, "punsubscribe", &reply)
}
private func sunsubscribe(_ call: Call, _ reply: inout ReplyWriter) {
  unsubscribe(call, .shard, "sunsubscribe", &reply)
}

private func subscribe(_ call: Call, _ kind: Kind, _ event: StaticString, _ reply: inout ReplyWriter) {
  if kind == .shard && call.session.pointee.flags.contains(.inExec) {
    return reply.error("ERR \(event.description.uppercased()) isn't allowed for a DENY BLOCKING client")
  }
  let subscriptions = call.session.pointee.subscriptions ?? Subscriptions()
  call.session.pointee.subscriptions = subscriptions
  let registry = call.executor.channels
  for i in 1..<call.count {
    let name = ByteString(call[i])
    switch kind {
    case .channel:
      if subscriptions.channels.insert(name).inserted { registry.channels[name, default: []].append(call.session) }
    case .shard:
      if subscriptions.shardChannels.insert(name).inserted {
        registry.shardChannels[name, default: []].append(call.session)
      }
    case .pattern:
      if !subscriptions.patterns.contains(name) {
        subscriptions.patterns.append(name)
        registry.addPattern(name, call.session)
      }
    }
    confirm(event, call[i], subscriptions, kind, &reply)
  }
  call.session.pointee.flags.insert(.subscribed)
}

private func unsubscribe(_ call: Call, _ kind: Kind, _ event: StaticString, _ reply: inout ReplyWriter) {
  let subscriptions = call.session.pointee.subscriptions ?? Subscriptions()
  var names: [ByteString] = (1..<call.count).map { ByteString(call[$0]) }
  if call.count == 1 {
    switch kind {
    case .channel: names = Array(subscriptions.channels)
    case .shard: names = Array(subscriptions.shardChannels)
    case .pattern: names = subscriptions.patterns
    }
    if names.isEmpty { confirm(event, nil, subscriptions, kind, &reply) }
  }
  for name in names {
    call.executor.channels.remove(call.session, subscriptions, name, kind)
    name.withBytes { confirm(event, $0, subscriptions, kind, &reply) }
  }
  if subscriptions.isEmpty {
    call.session.pointee.subscriptions = nil
    call.session.pointee.flags.remove(.subscribed)
  }
}

private func confirm(
  _ event: StaticString, _ name: Bytes?, _ subscriptions: Subscriptions, _ kind: Kind, _ reply: inout ReplyWriter
) {
  reply.push(3)
  reply.bulk(event)
  if let name { reply.bulk(name) } else { reply.null() }
  reply.integer(kind == .shard ? subscriptions.shardChannels.count : subscriptions.count)
}

extension ChannelRegistry {
  fileprivate func addPattern(_ pattern: ByteString, _ session: SessionPointer) {
    if let at = patterns.firstIndex(where: { $0.pattern == pattern }) {
      patterns[at].sessions.append(session)
    } else {
      patterns.append((pattern, [session]))
    }
  }

  fileprivate func remove(
    _ session: SessionPointer, _ subscriptions: Subscriptions, _ name: ByteString, _ kind: Kind
  ) {
    switch kind {
    case .channel:
      guard subscriptions.channels.remove(name) != nil else { return }
      Self.remove(session, name, from: &channels)
    case .shard:
      guard subscriptions.shardChannels.remove(name) != nil else { return }
      Self.remove(session, name, from: &shardChannels)
    case .pattern:
      guard let own = subscriptions.patterns.firstIndex(of: name) else { return }
      subscriptions.patterns.remove(at: own)
      guard let at = patterns.firstIndex(where: { $0.pattern == name }) else { return }
      patterns[at].sessions.removeAll { $0 == session }
      if patterns[at].sessions.isEmpty { patterns.remove(at: at) }
    }
  }

  private static func remove(
    _ session: SessionPointer, _ name: ByteString, from table: inout [ByteString: [SessionPointer]]
  ) {
    // In place: a channel may have many thousand listeners.
    guard let at = table.index(forKey: name) else { return }
    if let position = table.values[at].firstIndex(of: session) { table.values[at].remove(at: position) }
    if table.values[at].isEmpty { table.remove(at: at) }
  }

  /// Forgets a session that ends.
  public func removeAll(of session: SessionPointer) {
    guard let subscriptions = session.pointee.subscriptions else { return }
    for name in subscriptions.channels { remove(session, subscriptions, name, .channel) }
    for name in subscriptions.shardChannels { remove(session, subscriptions, name, .shard) }
    for name in subscriptions.patterns { remove(session, subscriptions, name, .pattern) }
    session.pointee.subscriptions = nil
    session.pointee.flags.remove(.subscribed)
  }
}

// MARK: Publishing

private func publishCommand(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(call.executor.publish(call[1], call[2]))
  call.propagateToReplicas()
}

private func spublish(_ call: Call, _ reply: inout ReplyWriter) {
  let executor = call.executor
  let sessions = executor.channels.shardChannels[ByteString(call[1])] ?? []
  executor.send(to: sessions, ["smessage"], call[1], call[2])
  reply.integer(sessions.count)
  call.propagateToReplicas()
}

extension Executor {
  /// Sends a message to a channel's listeners and to those of matching patterns; returns how many.
  public func publish(_ channel: Bytes, _ message: Bytes) -> Int {
    var receivers = 0
    if !channels.channels.isEmpty, let sessions = channels.channels[ByteString(channel)] {
      send(to: sessions, ["message"], channel, message)
      receivers += sessions.count
    }
    for (pattern, sessions) in channels.patterns {
      guard pattern.withBytes({ globMatches(pattern: $0, channel) }) else { continue }
      pattern.withBytes { send(to: sessions, ["pmessage"], pattern: $0, channel, message) }
      receivers += sessions.count
    }
    return receivers
  }

  /// Encodes a message once per protocol version and hands it to each listener.
  fileprivate func send(
    to sessions: [SessionPointer], _ kind: [StaticString], pattern: Bytes? = nil, _ channel: Bytes, _ message: Bytes
  ) {
    guard !sessions.isEmpty else { return }
    for version: UInt8 in [2, 3] where sessions.contains(where: { $0.pointee.protocolVersion == version }) {
      channels.message.reset(keepingCapacity: 64 << 10)
      channels.message.protocolVersion = version
      channels.message.push(pattern == nil ? 3 : 4)
      channels.message.bulk(kind[0])
      if let pattern { channels.message.bulk(pattern) }
      channels.message.bulk(channel)
      channels.message.bulk(message)
      for session in sessions where session.pointee.protocolVersion == version {
        host.deliver(channels.message.bytes, to: session)
      }
    }
  }
}

// MARK: PUBSUB

private func pubsubChannels(_ call: Call, _ reply: inout ReplyWriter) {
  list(call, call.executor.channels.channels, &reply)
}

private func pubsubShardchannels(_ call: Call, _ reply: inout ReplyWriter) {
  list(call, call.executor.channels.shardChannels, &reply)
}

private func list(_ call: Call, _ table: [ByteString: [SessionPointer]], _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.unknownSubcommand(call) }
  let names = table.keys.filter { name in
    call.count == 2 || name.withBytes { globMatches(pattern: call[2], $0) }
  }
  reply.array(names.count)
  for name in names { name.withBytes { reply.bulk($0) } }
}

private func pubsubNumsub(_ call: Call, _ reply: inout ReplyWriter) {
  count(call, call.executor.channels.channels, &reply)
}

private func pubsubShardnumsub(_ call: Call, _ reply: inout ReplyWriter) {
  count(call, call.executor.channels.shardChannels, &reply)
}

private func count(_ call: Call, _ table: [ByteString: [SessionPointer]], _ reply: inout ReplyWriter) {
  reply.array((call.count - 2) * 2)
  for i in 2..<max(2, call.count) {
    reply.bulk(call[i])
    reply.integer(table[ByteString(call[i])]?.count ?? 0)
  }
}

private func pubsubNumpat(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(call.executor.channels.patterns.count)
}
