/// One of the shared connections of a client. It stays the same when the connection is lost and made anew; the
/// generation counts how often it was opened.
public struct ConnectionID: Sendable, Hashable, CustomStringConvertible {
  public let node: Address
  public let index: Int

  public var description: String { "\(node)#\(index)" }
}

/// Hears what a client's shared connections push, and when they come and go.
///
/// All calls for one connection come one after the other, on its event loop, in the order of the wire: a reply that
/// was received before a push has been handed to its caller when the push is heard (the caller's task may run later), and
/// no reply received after it has. Whoever listens must return quickly and wait for nothing.
public protocol PushListener: AnyObject, Sendable {
  /// The connection is open, and the listener's handshake was answered, before any other command is.
  ///
  /// - Parameter replies: to the commands of the handshake, errors among them: a server without CLIENT TRACKING says so here.
  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue])

  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64)

  /// The connection is lost. Callers that wait for its replies hear of it after this call.
  func closed(_ connection: ConnectionID, generation: UInt64)

  /// Some of the keys whose commands went over the connection are another node's now, which will say what becomes of
  /// them. The connection itself may be as good as ever.
  func slotsLost(_ connection: ConnectionID)
}

extension PushListener {
  public func slotsLost(_ connection: ConnectionID) {}
}

/// Commands that a listener has sent first on every new shared connection, such as `CLIENT TRACKING ON`. It is asked each
/// time, so that it can say something else each time, such as the position to go on from.
public typealias PushHandshake = @Sendable (_ connection: ConnectionID, _ generation: UInt64) -> [[RESPArgument]]

/// What ``Client/addPushListener(_:handshake:)`` gives a listener to work with; the client offers the same.
public protocol PushSource: CommandSending {
  /// Adds a listener to all shared connections, those that are open already included: they send the handshake at once.
  /// The client does not keep the listener alive.
  func addPushListener(_ listener: some PushListener, handshake: @escaping PushHandshake)

  func removePushListener(_ listener: some PushListener)

  /// The shared connection over which commands with this key go; nil while it is not known which server answers for it,
  /// which it is once a command with the key was answered. Replies and pushes on a connection are in order.
  func sharedConnection(for key: some RESPEncodable) -> (any PinnedConnection)?

  /// All shared connections that there are now, to servers that take writes.
  var sharedConnections: [any PinnedConnection] { get }
}

/// A shared connection of a client, to which a key belongs.
public protocol PinnedConnection: CommandSending {
  var id: ConnectionID { get }
  /// Of the connection that is open now; nil while there is none.
  var generation: UInt64? { get }

  /// Sends commands back to back, with nothing in between, and calls `onReply` on the event loop, in order with pushes,
  /// with their replies, error replies among them. Nothing is sent if the connection is not open in this generation.
  ///
  /// - Parameter generation: nil for whatever is open.
  func send(
    _ commands: [[RESPArgument]], generation: UInt64?,
    onReply: @escaping @Sendable (Result<[RESPValue], MartletError>) -> Void)

  /// Closes the connection, for instance because it has been silent for too long; it is made anew.
  func reset()
}
