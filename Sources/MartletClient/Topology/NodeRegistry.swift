import Synchronization

/// The nodes of a topology that changes: made when first needed, given up when they are no longer part of it.
final class NodeRegistry: Sendable {
  private struct Entry {
    let node: Node
    /// Named by a redirection, not by the topology's map. It stays for as long as redirections name it.
    var isGuest: Bool
    var wasNamed = true
  }

  private struct State {
    var entries: [Address: Entry] = [:]
    var isClosed = false
  }

  private let configuration: ClientConfiguration
  private let hub: PushHub
  private let requiresPrimary: Bool
  private let state = Mutex(State())

  /// - Parameter requiresPrimary: whether a connection counts only to a server that says that it is a primary.
  init(_ configuration: ClientConfiguration, hub: PushHub, requiresPrimary: Bool = false) {
    self.configuration = configuration
    self.hub = hub
    self.requiresPrimary = requiresPrimary
  }

  func node(at address: Address, isGuest: Bool = false) -> Node {
    state.withLock { state in
      if var entry = state.entries[address] {
        entry.wasNamed = true
        entry.isGuest = entry.isGuest && isGuest
        state.entries[address] = entry
        return entry.node
      }
      let node = Node(address, configuration, hub: hub, requiresPrimary: requiresPrimary)
      if state.isClosed { node.close() } else { state.entries[address] = Entry(node: node, isGuest: isGuest) }
      return node
    }
  }

  /// Takes out all other nodes, but for guests that were named since the last time. They are to be retired.
  func keep(_ addresses: Set<Address>) -> [Node] {
    state.withLock { state in
      var leaving: [Node] = []
      for (address, entry) in state.entries where !addresses.contains(address) {
        if entry.isGuest && entry.wasNamed {
          state.entries[address]?.wasNamed = false
        } else {
          state.entries[address] = nil
          leaving.append(entry.node)
        }
      }
      return leaving
    }
  }

  func close() {
    let nodes = state.withLock { state in
      defer { state = State(isClosed: true) }
      return state.entries.values.map(\.node)
    }
    for node in nodes { node.close() }
  }
}
