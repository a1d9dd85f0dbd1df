// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Sends a message to all who listen to a channel.
///
/// `PUBLISH channel message`, since 2.0.0. O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).
public struct PUBLISH: Command {
  public typealias Response = Int
  public static var name: String { "PUBLISH" }
  public var channel: RESPArgument
  public var message: RESPArgument
  public init(_ channel: some RESPEncodable, _ message: some RESPEncodable) {
    self.channel = channel.respArgument
    self.message = message.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PUBLISH")
    e.append(channel)
    e.append(message)
  }
}

/// Subcommands of PUBSUB.
public enum PUBSUB {
  /// Lists the channels that somebody listens to.
  ///
  /// `PUBSUB CHANNELS [pattern]`, since 2.8.0. O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)
  public struct CHANNELS: Command {
    public typealias Response = [RESPString]
    public static var name: String { "PUBSUB CHANNELS" }
    public var pattern: String?
    public init(pattern: String? = nil) {
      self.pattern = pattern
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "PUBSUB")
      e.append(word: "CHANNELS")
      if let pattern { e.append(.string(pattern)) }
    }
  }

  /// Counts the listeners of channels.
  ///
  /// `PUBSUB NUMSUB [channel [channel ...]]`, since 2.8.0. O(N) for the NUMSUB subcommand, where N is the number of requested channels
  public struct NUMSUB: Command {
    public typealias Response = [RESPString: Int]
    public static var name: String { "PUBSUB NUMSUB" }
    public var channel: [RESPArgument]
    public init(channel: [RESPArgument] = []) {
      self.channel = channel
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "PUBSUB")
      e.append(word: "NUMSUB")
      e.append(channel)
    }
  }

  /// Counts the distinct patterns that are subscribed to.
  ///
  /// `PUBSUB NUMPAT`, since 2.8.0. O(1)
  public struct NUMPAT: Command {
    public typealias Response = Int
    public static var name: String { "PUBSUB NUMPAT" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "PUBSUB")
      e.append(word: "NUMPAT")
    }
  }

  /// Lists the shard channels that somebody listens to.
  ///
  /// `PUBSUB SHARDCHANNELS [pattern]`, since 7.0.0. O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short channels).
  public struct SHARDCHANNELS: Command {
    public typealias Response = [RESPString]
    public static var name: String { "PUBSUB SHARDCHANNELS" }
    public var pattern: String?
    public init(pattern: String? = nil) {
      self.pattern = pattern
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "PUBSUB")
      e.append(word: "SHARDCHANNELS")
      if let pattern { e.append(.string(pattern)) }
    }
  }

  /// Counts the listeners of shard channels.
  ///
  /// `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`, since 7.0.0. O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels
  public struct SHARDNUMSUB: Command {
    public typealias Response = [RESPString: Int]
    public static var name: String { "PUBSUB SHARDNUMSUB" }
    public var shardchannel: [RESPArgument]
    public init(shardchannel: [RESPArgument] = []) {
      self.shardchannel = shardchannel
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "PUBSUB")
      e.append(word: "SHARDNUMSUB")
      e.append(shardchannel)
    }
  }
}

/// Sends a message to all who listen to a shard channel.
///
/// `SPUBLISH shardchannel message`, since 7.0.0. O(N) where N is the number of clients subscribed to the receiving shard channel.
public struct SPUBLISH: Command {
  public typealias Response = Int
  public static var name: String { "SPUBLISH" }
  public var routingKey: RESPArgument? { shardchannel }
  public var shardchannel: RESPArgument
  public var message: RESPArgument
  public init(_ shardchannel: some RESPEncodable, _ message: some RESPEncodable) {
    self.shardchannel = shardchannel.respArgument
    self.message = message.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SPUBLISH")
    e.append(shardchannel)
    e.append(message)
  }
}

extension CommandSending {
  /// Sends a message to all who listen to a channel.
  ///
  /// `PUBLISH channel message`, since 2.0.0. O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).
  @discardableResult
  public func publish(_ channel: some RESPEncodable, _ message: some RESPEncodable) async throws -> Int {
    try await send(PUBLISH(channel, message))
  }

  /// Lists the channels that somebody listens to.
  ///
  /// `PUBSUB CHANNELS [pattern]`, since 2.8.0. O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)
  @discardableResult
  public func pubsubChannels(pattern: String? = nil) async throws -> [RESPString] {
    try await send(PUBSUB.CHANNELS(pattern: pattern))
  }

  /// Counts the listeners of channels.
  ///
  /// `PUBSUB NUMSUB [channel [channel ...]]`, since 2.8.0. O(N) for the NUMSUB subcommand, where N is the number of requested channels
  @discardableResult
  public func pubsubNumsub(channel: [RESPArgument] = []) async throws -> [RESPString: Int] {
    try await send(PUBSUB.NUMSUB(channel: channel))
  }

  /// Counts the distinct patterns that are subscribed to.
  ///
  /// `PUBSUB NUMPAT`, since 2.8.0. O(1)
  @discardableResult
  public func pubsubNumpat() async throws -> Int {
    try await send(PUBSUB.NUMPAT())
  }

  /// Lists the shard channels that somebody listens to.
  ///
  /// `PUBSUB SHARDCHANNELS [pattern]`, since 7.0.0. O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short channels).
  @discardableResult
  public func pubsubShardchannels(pattern: String? = nil) async throws -> [RESPString] {
    try await send(PUBSUB.SHARDCHANNELS(pattern: pattern))
  }

  /// Counts the listeners of shard channels.
  ///
  /// `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`, since 7.0.0. O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels
  @discardableResult
  public func pubsubShardnumsub(shardchannel: [RESPArgument] = []) async throws -> [RESPString: Int] {
    try await send(PUBSUB.SHARDNUMSUB(shardchannel: shardchannel))
  }

  /// Sends a message to all who listen to a shard channel.
  ///
  /// `SPUBLISH shardchannel message`, since 7.0.0. O(N) where N is the number of clients subscribed to the receiving shard channel.
  @discardableResult
  public func spublish(_ shardchannel: some RESPEncodable, _ message: some RESPEncodable) async throws -> Int {
    try await send(SPUBLISH(shardchannel, message))
  }
}
