import NIOCore

/// A server, with the connections that a client has to it.
final class Node: Sendable {
  let address: Address
  /// Over which all commands go, unless one needs a connection to itself.
  let shared: [Link]
  /// For commands that may wait for long, and tasks that want a connection to themselves.
  let pool: ConnectionPool
  /// For all commands, one at a time on each, if they are not to share.
  let unshared: ConnectionPool

  let subscriber: Subscriber

  init(_ address: Address, _ configuration: ClientConfiguration, hub: PushHub) {
    self.address = address
    shared = (0..<max(1, configuration.sharedConnections)).map { index in
      Link(
        ConnectionID(node: address, index: index), configuration: configuration,
        role: Link.Role(reconnects: true, commandTimeout: configuration.commandTimeout), hub: hub)
    }
    pool = ConnectionPool(address, configuration, commandTimeout: nil)
    subscriber = Subscriber(address, configuration)
    unshared = ConnectionPool(address, configuration, commandTimeout: configuration.commandTimeout)
  }

  /// The connection that a key's commands share; any for commands without a key.
  func link(for key: RESPArgument?) -> Link {
    guard shared.count > 1, let key else { return shared[0] }
    return shared[KeySlot.of(key) % shared.count]
  }

  func close() {
    for link in shared { link.close() }
    pool.close()
    unshared.close()
    subscriber.close()
  }
}
