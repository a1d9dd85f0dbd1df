import Logging
import Synchronization

/// A cluster: 16,384 slots, each of which one node owns at a time.
///
/// The map is asked for when it is first needed, now and then, and whenever a redirection or a lost connection says that
/// it is not right any more. A redirection also mends its own slot at once, so that a command is sent astray once a slot at
/// most, however long the map takes.
final class ClusterTopology: Topology {
  private struct State {
    /// By slot; empty while nothing is known.
    var owners: ContiguousArray<Node?> = []
    var primaries: [Node] = []
    var isClosed = false
    var upkeep: Task<Void, Never>?
  }

  /// A change of the map comes with many redirections: one question is enough for them.
  private static let pauseBeforeRefresh = Duration.milliseconds(100)

  private let seeds: [Address]
  private let configuration: ClientConfiguration
  private let hub: PushHub
  private let registry: NodeRegistry
  private let changed: @Sendable () -> Void
  private let inquiry = Inquiry()
  private let state = Mutex(State())

  /// - Parameter changed: called when other nodes than before answer for some slots.
  init(
    _ seeds: [Address], _ configuration: ClientConfiguration, hub: PushHub, changed: @escaping @Sendable () -> Void
  ) {
    self.seeds = seeds
    self.configuration = configuration
    self.hub = hub
    self.changed = changed
    registry = NodeRegistry(configuration, hub: hub)
    hub.add(self) { _, _ in [] }
  }

  var routesByKey: Bool { true }
  var primaries: [Node] { state.withLock { $0.primaries } }

  func node(forSlot slot: Int?) -> Node? {
    state.withLock { state in
      guard let slot else { return state.primaries.first }
      return state.owners.isEmpty ? nil : state.owners[slot]
    }
  }

  func close() {
    let upkeep = state.withLock { state in
      defer { state = State(isClosed: true) }
      return state.upkeep
    }
    upkeep?.cancel()
    registry.close()
  }

  // MARK: Finding out

  func discover() async throws { try await inquiry.run { [self] in try await findOut() } }

  /// Has the map asked for soon, in the background.
  private func refreshSoon() {
    inquiry.schedule(after: Self.pauseBeforeRefresh) { [weak self] in try await self?.findOut() }
  }

  private func findOut() async throws {
    var failure: any Error = MartletError.cannotConnect("no address of a cluster's node was given")
    for attempt in 1...max(1, configuration.connectionAttempts) {
      if state.withLock({ $0.isClosed }) { throw MartletError.closed }
      do {
        return adopt(try await bestMap())
      } catch MartletError.server(let error) {
        // A wrong password, or a server that is no cluster's: asking again would not help.
        throw MartletError.server(error)
      } catch {
        failure = error
      }
      try await Task.sleep(for: configuration.backoff.delay(afterFailures: attempt))
    }
    throw failure
  }

  /// Asks one node after the other until one knows of all slots; else takes what knows of most.
  private func bestMap() async throws -> ClusterMap {
    let known = primaries.map(\.address).shuffled()
    var best: ClusterMap?
    var failure: any Error = MartletError.cannotConnect("no node knows who owns which slots")
    for address in known + seeds.filter({ !known.contains($0) }) {
      do {
        let reply = try await configuration.ask(address, [["CLUSTER", "SLOTS"]])
        let map = try ClusterMap(reply[0], from: address)
        if map.slotCount == KeySlot.count { return map }
        if map.slotCount > best?.slotCount ?? 0 { best = map }
      } catch {
        configuration.logger.debug("\(address) does not say who owns which slots", metadata: ["error": "\(error)"])
        failure = error
      }
    }
    guard let best else { throw failure }
    return best
  }

  private func adopt(_ map: ClusterMap) {
    var owners = ContiguousArray<Node?>(repeating: nil, count: KeySlot.count)
    for range in map.ranges {
      let node = registry.node(at: range.primary)
      for slot in range.slots { owners[slot] = node }
    }
    let primaries = map.primaries.map { registry.node(at: $0) }.sorted { "\($0.address)" < "\($1.address)" }
    let (losers, isNew) = state.withLock { state -> ([Node], Bool) in
      if state.isClosed { return ([], false) }
      let losers = Self.losers(state.owners, owners)
      let isNew = !losers.isEmpty || state.owners.isEmpty || state.primaries.count != primaries.count
      state.owners = owners
      state.primaries = primaries
      return (losers, isNew)
    }
    let leaving = registry.keep(map.primaries)
    for node in losers { node.lostSlots(hub) }
    if isNew { changed() }
    for node in leaving { node.retire() }
    startUpkeep()
  }

  /// Those who no longer own a slot that was theirs.
  private static func losers(_ old: ContiguousArray<Node?>, _ new: ContiguousArray<Node?>) -> [Node] {
    var losers: [ObjectIdentifier: Node] = [:]
    for (before, after) in zip(old, new) {
      if let before, before !== after { losers[ObjectIdentifier(before)] = before }
    }
    return Array(losers.values)
  }

  private func startUpkeep() {
    guard let interval = configuration.topologyRefresh else { return }
    state.withLock { state in
      if state.isClosed || state.upkeep != nil { return }
      state.upkeep = Task { [weak self] in
        while (try? await Task.sleep(for: interval)) != nil {
          guard let self else { return }
          try? await discover()
        }
      }
    }
  }

  // MARK: Learning

  func redirection(for error: ServerError, from node: Node) -> Redirection {
    switch error.code {
    case "MOVED":
      guard let moved = SlotRedirection(error, from: node.address) else { return .none }
      let owner = registry.node(at: moved.address, isGuest: true)
      note(owner, ofSlot: moved.slot)
      refreshSoon()
      return .node(owner)
    case "ASK":
      guard let asked = SlotRedirection(error, from: node.address) else { return .none }
      return .asking(registry.node(at: asked.address, isGuest: true))
    // Some keys of the command are here, others there.
    case "TRYAGAIN": return .pause
    case "CLUSTERDOWN":
      refreshSoon()
      return .pause
    default: return .none
    }
  }

  private func note(_ owner: Node, ofSlot slot: Int) {
    let loser = state.withLock { state -> Node? in
      guard !state.owners.isEmpty, state.owners[slot] !== owner else { return nil }
      defer { state.owners[slot] = owner }
      return state.owners[slot]
    }
    guard let loser else { return }
    loser.lostSlots(hub)
    changed()
  }

  func suspect(_ node: Node) { refreshSoon() }
}

extension ClusterTopology: PushListener {
  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {}
  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {}
  func closed(_ connection: ConnectionID, generation: UInt64) { refreshSoon() }
}
