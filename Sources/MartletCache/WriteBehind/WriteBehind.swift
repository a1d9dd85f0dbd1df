import MartletClient

extension Cache {
  /// How writes reach their store later: they are noted in a stream of the server in the same step as they are written
  /// there, and one process at a time takes them from it to the store.
  ///
  /// Every write reaches the store at least once, and the writes of a key in their order. Of several that wait only the last
  /// does. One that fails as often as allowed becomes a dead letter: an entry of another stream, with `key`, `value` (missing
  /// for a removal), `error` and `attempts`.
  public struct WriteBehind: Sendable {
    public var store: Store
    /// Reads what the cache's `key` wrote.
    public var readKey: @Sendable (String) -> Key?
    /// `{name}:writes` unless said otherwise. In a cluster its hash tag decides which node it lies on.
    public var stream: String?
    /// `{name}:writes:dead` unless said otherwise; in the slot of the stream.
    public var deadLetters: String?
    /// Keys whose writes are taken from the stream at once.
    public var batch = 100
    /// Keys that are given to the store at the same time.
    public var concurrency = 8
    public var maxAttempts = 8
    /// How long a write that failed waits for the next attempt.
    public var backoff = {
      var backoff = Backoff()
      backoff.first = .milliseconds(100)
      backoff.longest = .seconds(30)
      return backoff
    }()
    /// For so long the process that takes the writes to the store may be silent before another goes on.
    public var lease = Duration.seconds(10)
    /// What was written stays on the server for at least so long, removals as such: until then the store, and so the loader,
    /// may know less than the stream.
    public var holdsFor = Duration.seconds(3600)

    /// - Parameters:
    ///   - readKey: reads what the cache's `key` wrote.
    ///   - store: keeps a value, nil to remove it; may be called again with the same.
    public init(readKey: @escaping @Sendable (String) -> Key?, store: @escaping Store) {
      self.readKey = readKey
      self.store = store
    }
  }
}

extension Cache.WriteBehind where Key: LosslessStringConvertible {
  /// For keys that are written as their descriptions, as a cache does by itself.
  public init(store: @escaping Cache.Store) { self.init(readKey: { Key($0) }, store: store) }
}

/// Where the writes of a cache wait.
struct WriteBehindNames: Sendable {
  static let group = "store"
  /// The same for whoever has the lease, so that what one left undone is the next one's.
  static let consumer = "applier"

  let stream: String
  let deadLetters: String
  let lease: String

  init(cache name: String, stream: String?, deadLetters: String?) {
    self.stream = stream ?? "{\(name)}:writes"
    self.deadLetters = deadLetters ?? SlotSibling.name(of: self.stream, "dead")
    lease = SlotSibling.name(of: self.stream, "applier")
  }
}

/// A write as it is noted in the stream.
struct WriteNote: Sendable, Equatable {
  var stream: String
  var key: String
  /// Nil for a removal.
  var payload: [UInt8]?

  var command: [RESPArgument] {
    ["XADD", .string(stream), "*", "key", .string(key)] + (payload.map { ["value", RESPArgument($0)] } ?? [])
  }
}

/// Names of keys that belong to another and must lie beside it in a cluster.
enum SlotSibling {
  static func name(of name: String, _ suffix: String) -> String {
    let hasTag = name.firstIndex(of: "{").map { open in
      name[name.index(after: open)...].firstIndex(of: "}").map { $0 > name.index(after: open) } ?? false
    }
    // Without braces all of the name decides the slot. Names with braces that are no hash tag share no slot with anything.
    return hasTag ?? false ? "\(name):\(suffix)" : "{\(name)}:\(suffix)"
  }
}
