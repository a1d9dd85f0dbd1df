/// Which servers there are, and which of them answers for a key.
///
/// A client asks for every command, so the answer is at hand or nil. A topology learns in three ways: it is asked to find
/// out, it is shown replies that say that it is wrong, and it is told which connections fail.
protocol Topology: AnyObject, Sendable {
  /// Whether the answer depends on the key at all. If not, no key is hashed for it.
  var routesByKey: Bool { get }

  /// Who answers for a slot; nil while nobody is known who does.
  ///
  /// - Parameter slot: nil for commands without keys, and if ``routesByKey`` says no.
  func node(forSlot slot: Int?) -> Node?

  /// All nodes that take writes, as far as they are known.
  var primaries: [Node] { get }

  /// Finds out which servers there are. Who asks while that is under way waits for the same answer.
  ///
  /// - Throws: if nobody who might know can be asked, and `CancellationError`.
  func discover() async throws

  /// What an error reply says about the topology; it takes note of it.
  func redirection(for error: ServerError, from node: Node) -> Redirection

  /// A connection to a node was lost or could not be made.
  func suspect(_ node: Node)

  func close()
}

/// What a client does after an error reply.
enum Redirection {
  /// Hands it to the caller: it says nothing about the topology.
  case none
  /// Asks this node: nobody has carried the command out.
  case node(Node)
  /// Asks this node with ASKING, and nobody else the next time: the slot is on its way there.
  case asking(Node)
  /// Tries again in a moment.
  case pause
  /// Finds out anew who is to be asked.
  case discover
}

/// One server that never changes.
final class StandaloneTopology: Topology {
  private let node: Node

  init(_ node: Node) { self.node = node }

  var routesByKey: Bool { false }
  var primaries: [Node] { [node] }
  func node(forSlot slot: Int?) -> Node? { node }
  func discover() async throws {}
  func redirection(for error: ServerError, from node: Node) -> Redirection { .none }
  func suspect(_ node: Node) {}
  func close() { node.close() }
}
