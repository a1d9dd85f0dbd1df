import Logging
import MartletClient

extension Cache {
  /// A cache of what lies on a client's server.
  ///
  /// - Parameters:
  ///   - name: under which the server's keys stand: `user` for keys such as `user:42`.
  ///   - key: the rest of a key's name.
  ///   - codec: how values lie on the server.
  ///   - writing: where a write goes.
  ///   - tags: names by which a value can be invalidated together with others, by its key.
  ///   - loader: makes the value of a key that the server does not have; nil if there is none.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" }, codec: CacheCodec<Value>,
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"), loader: Loader? = nil
  ) {
    self.init(
      backend: ClientBackend(client, configuration: configuration, prefix: "\(name):"), name: name, key: key,
      codec: codec, configuration: configuration, writing: writing, tags: tags, logger: logger, loader: loader)
  }
}

extension Cache where Value: Codable {
  /// A cache whose values lie on a client's server as JSON.
  ///
  /// - Parameters: as of the other initializer.
  public convenience init(
    _ client: Client, name: String, key: @escaping @Sendable (Key) -> String = { "\($0)" },
    configuration: CacheConfiguration = CacheConfiguration(), writing: Writing = .aside,
    tags: (@Sendable (Key) -> [String])? = nil, logger: Logger = Logger(label: "martlet.cache"), loader: Loader? = nil
  ) {
    self.init(
      client, name: name, key: key, codec: .json, configuration: configuration, writing: writing, tags: tags,
      logger: logger, loader: loader)
  }
}
