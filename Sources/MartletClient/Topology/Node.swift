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

  /// - Parameter requiresPrimary: whether a connection counts only if the server says that it is a primary.
  init(_ address: Address, _ configuration: ClientConfiguration, hub: PushHub, requiresPrimary: Bool = false) {
    self.address = address
    shared = (0..<max(1, configuration.sharedConnections)).map { index in
      Link(
        ConnectionID(node: address, index: index), configuration: configuration,
        role: Link.Role(
          reconnects: true, commandTimeout: configuration.commandTimeout, requiresPrimary: requiresPrimary),
        hub: hub)
    }
    let alone = Link.Role(reconnects: false, commandTimeout: nil, requiresPrimary: requiresPrimary)
    pool = ConnectionPool(address, configuration, role: alone)
    var timed = alone
    timed.commandTimeout = configuration.commandTimeout
    unshared = ConnectionPool(address, configuration, role: timed)
    subscriber = Subscriber(address, configuration)
  }

  /// The connection that a key's commands share; any for commands without a key.
  func link(for key: RESPArgument?) -> Link {
    guard shared.count > 1, let key else { return shared[0] }
    return shared[KeySlot.of(key) % shared.count]
  }

  /// Tells the client's listeners that keys which were this node's are another's now.
  func lostSlots(_ hub: PushHub) {
    for link in shared { link.eventLoop.execute { hub.slotsLost(link.id) } }
  }

  func close() {
    for link in shared { link.close() }
    pool.close()
    unshared.close()
    subscriber.close()
  }

  /// Gives the node up: what it was sent it may still answer for a moment, what was not sent goes elsewhere.
  func retire() {
    Task {
      let clock = ContinuousClock()
      let deadline = clock.now + .seconds(1)
      while shared.contains(where: { $0.generation != nil && !$0.isIdle }), clock.now < deadline {
        try? await clock.sleep(for: .milliseconds(5))
      }
      for link in shared { link.retire() }
      pool.retire()
      unshared.retire()
      subscriber.close()
    }
  }
}
