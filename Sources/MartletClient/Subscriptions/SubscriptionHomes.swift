import Synchronization

/// Keeps each subscription of a client with the nodes that its messages come from, whichever these are by and by.
final class SubscriptionHomes: Sendable {
  /// Where messages come from.
  enum Scope: Sendable {
    /// Whatever is published in a cluster, all its nodes say.
    case anyNode
    /// The node that owns the slot of a shard channel.
    case slot(Int?)
    /// What happens to keys, each node says of its own.
    case allNodes
  }

  private struct Entry {
    let subscription: Subscription
    let subjects: Set<Subscriber.Subject>
    let scope: Scope
    var nodes: [Node] = []
  }

  private struct State {
    var topology: (any Topology)?
    var entries: [ObjectIdentifier: Entry] = [:]
  }

  private let state = Mutex(State())
  /// Held while a subscription is moved, so that two moves do not cross.
  private let moves = Mutex(())

  func start(_ topology: any Topology) { state.withLock { $0.topology = topology } }

  /// Subscribes for as long as `body` runs, which starts when the server has confirmed all.
  func withSubscription<T>(
    _ kind: SubscriptionKind, _ names: [RESPString], _ subscription: Subscription, _ scope: Scope,
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    guard let topology = state.withLock({ $0.topology }) else { throw MartletError.closed }
    if Self.nodes(scope, topology).isEmpty { try await topology.discover() }
    let id = ObjectIdentifier(subscription)
    let subjects = Set(names.map { Subscriber.Subject(kind: kind, name: $0) })
    state.withLock { $0.entries[id] = Entry(subscription: subscription, subjects: subjects, scope: scope) }
    defer { leave(id) }
    for node in try settle(id) { try await node.subscriber.confirm(subjects) }
    return try await body(subscription)
  }

  private static func nodes(_ scope: Scope, _ topology: any Topology) -> [Node] {
    switch scope {
    case .anyNode: topology.node(forSlot: nil).map { [$0] } ?? []
    case .slot(let slot): topology.node(forSlot: slot).map { [$0] } ?? []
    case .allNodes: topology.primaries
    }
  }

  private func leave(_ id: ObjectIdentifier) {
    moves.withLock { _ in
      guard let entry = state.withLock({ $0.entries.removeValue(forKey: id) }) else { return }
      for node in entry.nodes { node.subscriber.remove(entry.subscription, from: entry.subjects) }
    }
  }

  /// Brings a subscription to the nodes where it belongs; returns these. One that stays with some of its nodes is not
  /// moved from there.
  @discardableResult
  private func settle(_ id: ObjectIdentifier) throws -> [Node] {
    try moves.withLock { _ in try settleAlone(id) }
  }

  private func settleAlone(_ id: ObjectIdentifier) throws -> [Node] {
    var isFirst = true
    let (entry, new, old) = state.withLock { state -> (Entry?, [Node], [Node]) in
      guard var entry = state.entries[id], let topology = state.topology else { return (nil, [], []) }
      let before = entry.nodes
      isFirst = before.isEmpty
      var after = Self.nodes(entry.scope, topology)
      // Any node will do: the one that it has, if that is still there.
      if case .anyNode = entry.scope, let node = before.first, topology.primaries.contains(where: { $0 === node }) {
        after = before
      }
      // Nobody is known: it stays where it was, and where messages may come from again.
      if after.isEmpty { return (entry, [], []) }
      entry.nodes = after
      state.entries[id] = entry
      return (
        entry, after.filter { node in !before.contains { $0 === node } },
        before.filter { node in !after.contains { $0 === node } }
      )
    }
    guard let entry else { return [] }
    for node in new { try node.subscriber.add(entry.subscription, to: entry.subjects) }
    for node in old { node.subscriber.remove(entry.subscription, from: entry.subjects) }
    if !isFirst && !(old.isEmpty && new.isEmpty) { entry.subscription.receive(.gap(.topologyChanged)) }
    return new
  }

  /// Other servers than before are in charge.
  func topologyChanged() {
    for id in state.withLock({ Array($0.entries.keys) }) {
      do {
        try settle(id)
      } catch {
        state.withLock { $0.entries[id] }?.subscription.finish(throwing: error)
      }
    }
  }
}
