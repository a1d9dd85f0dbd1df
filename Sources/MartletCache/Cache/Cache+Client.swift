import Logging
import MartletClient

// A closure behind the parentheses is the loader. For that the loader has no default, hence the initializers without one. Those
// are disfavoured, since there such a closure would be the key's text, and where keys' texts and values are of one type nobody
// would notice. And since the compiler prefers what makes nothing asynchronous that is not, loaders that wait for nothing have
// initializers too.

extension Cache {
  /// A cache of what lies on a client's server, with a loader for what does not.
  ///
  /// - Parameters:
  ///   - name: under which the server's keys stand: `user` for keys such as `user:42`.
  ///   - key: the rest of a key's name.
  ///   - codec: how values lie on the server.
  ///   - writing: where a write goes.
  ///   - tags: names by which a value can be invalidated together with others, by its key.
  ///   - loader: makes the value of a key that the server does not have.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" }, codec: CacheCodec<Value>,
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"), loader: Loader?
  ) {
    self.init(
      backend: ClientBackend(client, configuration: configuration, prefix: "\(name):"), name: name, key: key,
      codec: codec, configuration: configuration, writing: writing, tags: tags, logger: logger, loader: loader)
  }

  /// A cache of what lies on a client's server, with a loader that waits for nothing.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" }, codec: CacheCodec<Value>,
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"),
    loader: @escaping @Sendable (Key) throws -> Value?
  ) {
    let loader: Loader = { try loader($0) }
    self.init(
      client, name: name, key: key, codec: codec, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: loader)
  }

  /// A cache of what lies on a client's server, and nothing else.
  @_disfavoredOverload
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" }, codec: CacheCodec<Value>,
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache")
  ) {
    self.init(
      client, name: name, key: key, codec: codec, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: nil)
  }
}

extension Cache where Value: Codable {
  /// A cache whose values lie on a client's server as JSON, with a loader for those that do not.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" },
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"), loader: Loader?
  ) {
    self.init(
      client, name: name, key: key, codec: .json, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: loader)
  }

  /// A cache whose values lie on a client's server as JSON, with a loader that waits for nothing.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" },
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"),
    loader: @escaping @Sendable (Key) throws -> Value?
  ) {
    self.init(
      client, name: name, key: key, codec: .json, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: loader)
  }

  /// A cache of what lies on a client's server as JSON, and nothing else.
  @_disfavoredOverload
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" },
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache")
  ) {
    self.init(
      client, name: name, key: key, codec: .json, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: nil)
  }
}
