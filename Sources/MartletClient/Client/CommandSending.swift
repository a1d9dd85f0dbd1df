/// A command with the type of its reply.
///
/// There is one for every command of the server, such as ``GET`` or ``ZADD``; types of your own are commands like any other.
public protocol Command: Sendable {
  associatedtype Response: RESPDecodable
  /// In upper case; of a subcommand with its container, as in `CLIENT ID`.
  static var name: String { get }
  /// Whether it changes nothing, so that doing it twice is as good as once: see ``RetryPolicy``.
  static var isReadOnly: Bool { get }
  /// Whether it changes how the server treats its connection, which therefore nobody may share.
  static var needsOwnConnection: Bool { get }
  /// Whether the server may let it wait: it then has a connection to itself for as long.
  var isBlocking: Bool { get }
  /// The key that says which node is asked, and over which connection; nil if any will do.
  var routingKey: RESPArgument? { get }
  /// All keys, in their order.
  var keys: [RESPArgument] { get }
  /// Appends the command's name and arguments.
  func encode(into encoder: inout CommandEncoder)
}

extension Command {
  public static var isReadOnly: Bool { false }
  public static var needsOwnConnection: Bool { false }
  public var isBlocking: Bool { false }
  public var routingKey: RESPArgument? { keys.first }
  public var keys: [RESPArgument] { [] }
}

/// What commands can be sent to: a ``Client``, a ``Connection``, a shared connection of a client.
public protocol CommandSending: Sendable {
  /// Sends a command and waits for its reply.
  ///
  /// If the task is cancelled while it waits, the call ends at once; the command may be carried out all the same.
  ///
  /// - Throws: ``MartletError``, or `CancellationError`.
  @discardableResult
  func send<C: Command>(_ command: C) async throws -> C.Response

  /// Sends a command word by word: `send(["SET", "answer", 42])`.
  ///
  /// The client knows nothing of it: it is never repeated when its reply is lost.
  ///
  /// - Throws: ``MartletError``, also for a reply that is an error.
  @discardableResult
  func send(_ arguments: [RESPArgument]) async throws -> RESPValue
}

extension CommandSending {
  /// Sends a command and reads its reply as another type: `send(GET("user:1"), as: User?.self)`.
  public func send<C: Command, T: RESPDecodable>(_ command: C, as type: T.Type) async throws -> T {
    try await send(Reinterpreted<C, T>(command: command))
  }
}

/// A command whose reply is read as something else.
struct Reinterpreted<C: Command, Response: RESPDecodable>: Command {
  let command: C

  static var name: String { C.name }
  static var isReadOnly: Bool { C.isReadOnly }
  static var needsOwnConnection: Bool { C.needsOwnConnection }
  var isBlocking: Bool { command.isBlocking }
  var routingKey: RESPArgument? { command.routingKey }
  var keys: [RESPArgument] { command.keys }
  func encode(into encoder: inout CommandEncoder) { command.encode(into: &encoder) }
}
