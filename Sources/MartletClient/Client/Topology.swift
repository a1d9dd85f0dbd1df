/// Which servers there are, and which of them answers for a key.
///
/// A client asks for every command, so that the answer must be at hand; a topology learns in the background and by
/// being told of redirections.
protocol Topology: Sendable {
  /// Whether the answer depends on the key at all. If not, no key is hashed for it.
  var routesByKey: Bool { get }

  /// - Parameter slot: nil for commands without keys, and if ``routesByKey`` says no.
  func node(forSlot slot: Int?, isReadOnly: Bool) throws(MartletError) -> Node

  /// All nodes that take writes.
  var primaries: [Node] { get }

  func close()
}

/// One server that never changes.
struct StandaloneTopology: Topology {
  let node: Node

  var routesByKey: Bool { false }
  var primaries: [Node] { [node] }
  func node(forSlot slot: Int?, isReadOnly: Bool) throws(MartletError) -> Node { node }
  func close() { node.close() }
}
