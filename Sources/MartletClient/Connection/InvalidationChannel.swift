/// A second connection beside a shared one, over which a server that speaks only RESP2 says which keys change: it cannot
/// push, but publishes to a channel of that connection's own what `CLIENT TRACKING … REDIRECT` sends there.
///
/// It lives on the event loop of the connection that it belongs to, so that what is heard over both comes one after the other.
package final class InvalidationChannel: PushListener {
  private let link: Link
  private let hub = PushHub()
  private let opened: @Sendable (_ clientID: Int) -> Void
  private let heard: @Sendable (_ keys: [RESPValue]?) -> Void
  private let lost: @Sendable () -> Void

  /// - Parameters:
  ///   - heartbeat: after two of these without a sign of life it is made anew.
  ///   - opened: told who is to be redirected to, whenever that is somebody new.
  ///   - heard: told which keys have changed; nil for all.
  ///   - lost: what changes now is not heard of.
  package init?(
    beside connection: any PinnedConnection, of client: Client, heartbeat: Duration?,
    opened: @escaping @Sendable (_ clientID: Int) -> Void, heard: @escaping @Sendable (_ keys: [RESPValue]?) -> Void,
    lost: @escaping @Sendable () -> Void
  ) {
    guard let neighbour = connection as? Link else { return nil }
    self.opened = opened
    self.heard = heard
    self.lost = lost
    var configuration = client.configuration
    configuration.protocolVersion = .resp2
    if let heartbeat { configuration.commandTimeout = heartbeat }
    link = Link(
      ConnectionID(node: connection.id.node, index: -1), configuration: configuration,
      role: Link.Role(reconnects: true, commandTimeout: nil, isSubscriber: true), hub: hub,
      eventLoop: neighbour.eventLoop)
    hub.add(self) { _, _ in [["CLIENT", "ID"], ["SUBSCRIBE", "__redis__:invalidate"]] }
    link.connectNow()
  }

  package func close() { link.close() }

  package func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {
    guard replies.count == 2, case .integer(let id) = replies[0], replies[1].elements != nil else { return }
    opened(id)
  }

  package func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {
    guard push.kind == "message", push.elements.count == 2 else { return }
    heard(push.elements[1].elements)
  }

  package func closed(_ connection: ConnectionID, generation: UInt64) { lost() }
}
