import Logging
import Synchronization

/// A primary that sentinels know the address of, and replace when it fails.
/// https://redis.io/docs/latest/develop/reference/sentinel-clients/
///
/// They are asked when the primary is first needed and whenever its connection is lost, and say by `+switch-master` when it
/// is another. What they name must say of itself that it is a primary: a sentinel may be behind.
final class SentinelTopology: Topology {
  private struct State {
    var node: Node?
    /// Who answered last stands first.
    var sentinels: [Address]
    var watches: [Address: Watch] = [:]
    var isClosed = false
  }

  private struct Watch {
    let subscriber: Subscriber
    let task: Task<Void, Never>
  }

  private let master: String
  private let configuration: ClientConfiguration
  /// How sentinels are spoken to.
  private let sentinelConfiguration: ClientConfiguration
  private let registry: NodeRegistry
  private let hub: PushHub
  private let changed: @Sendable () -> Void
  private let inquiry = Inquiry()
  private let state: Mutex<State>

  /// - Parameter changed: called when another server is the primary.
  init(
    _ master: String, _ sentinels: [Address], _ configuration: ClientConfiguration, hub: PushHub,
    changed: @escaping @Sendable () -> Void
  ) {
    self.master = master
    self.configuration = configuration
    self.hub = hub
    self.changed = changed
    var asked = configuration
    asked.username = configuration.sentinel.username
    asked.password = configuration.sentinel.password
    asked.database = 0
    if !configuration.sentinel.isEncrypted { asked.encryption = .off }
    sentinelConfiguration = asked
    registry = NodeRegistry(configuration, hub: hub, requiresPrimary: true)
    state = Mutex(State(sentinels: sentinels))
    hub.add(self) { _, _ in [] }
  }

  var routesByKey: Bool { false }
  var primaries: [Node] { state.withLock { $0.node.map { [$0] } ?? [] } }
  func node(forSlot slot: Int?) -> Node? { state.withLock { $0.node } }

  func close() {
    let watches = state.withLock { state in
      defer { state = State(sentinels: state.sentinels, isClosed: true) }
      return state.watches.values
    }
    for watch in watches {
      watch.task.cancel()
      watch.subscriber.close()
    }
    registry.close()
  }

  // MARK: Finding out

  func discover() async throws { try await inquiry.run { [self] in try await findOut() } }

  private func refresh() { inquiry.schedule(after: .zero) { [weak self] in try await self?.findOut() } }

  private func findOut() async throws {
    var failure: any Error = MartletError.cannotConnect("no address of a sentinel was given")
    for attempt in 1...max(1, configuration.connectionAttempts) {
      for sentinel in state.withLock({ $0.sentinels }) {
        if state.withLock({ $0.isClosed }) { throw MartletError.closed }
        do {
          let address = try await primary(as: sentinel)
          try await check(address)
          return adopt(address, from: sentinel)
        } catch {
          configuration.logger.debug("\(sentinel): no primary of \(master)", metadata: ["error": "\(error)"])
          failure = error
        }
      }
      try await Task.sleep(for: configuration.backoff.delay(afterFailures: attempt))
    }
    throw failure
  }

  /// Asks a sentinel for the primary, and whom it knows beside itself.
  private func primary(as sentinel: Address) async throws -> Address {
    let replies = try await sentinelConfiguration.ask(
      sentinel, [["SENTINEL", "GET-MASTER-ADDR-BY-NAME", .string(master)]])
    guard let parts = replies[0].elements, parts.count == 2, let host = parts[0].string,
      let port = parts[1].string.flatMap({ Int($0) })
    else { throw MartletError.cannotConnect("\(sentinel) knows no \(master)") }
    if let others = try? await sentinelConfiguration.ask(sentinel, [["SENTINEL", "SENTINELS", .string(master)]]) {
      meet(others[0])
    }
    return .host(host, port: port)
  }

  /// Takes note of sentinels that were not named to us.
  private func meet(_ reply: RESPValue) {
    for other in reply.elements ?? [] {
      guard let facts = try? other.decode(as: [String: String].self), let host = facts["ip"],
        let port = facts["port"].flatMap({ Int($0) })
      else { continue }
      let address = Address.host(host, port: port)
      state.withLock { if !$0.sentinels.contains(address) { $0.sentinels.append(address) } }
    }
  }

  private func check(_ address: Address) async throws {
    let role = try await configuration.ask(address, [["ROLE"]])[0].elements?.first?.string
    if role != "master" { throw MartletError.cannotConnect("\(address) is a \(role ?? "server without a role")") }
  }

  private func adopt(_ address: Address, from sentinel: Address) {
    let node = registry.node(at: address)
    let isNew = state.withLock { state in
      if state.isClosed { return false }
      state.sentinels.removeAll { $0 == sentinel }
      state.sentinels.insert(sentinel, at: 0)
      defer { state.node = node }
      return state.node !== node
    }
    if isNew {
      let leaving = registry.keep([address])
      for node in leaving { node.lostSlots(hub) }
      changed()
      for node in leaving { node.retire() }
    }
    watchSentinels()
  }

  // MARK: Learning

  /// Listens to all sentinels: each says by itself when the primary is another.
  private func watchSentinels() {
    state.withLock { state in
      if state.isClosed { return }
      for address in state.sentinels where state.watches[address] == nil {
        let subscriber = Subscriber(address, sentinelConfiguration)
        let events = Subscription(buffering: .dropOldest(100))
        let task = Task<Void, Never> { [weak self, master] in
          _ = try? await subscriber.withSubscription(.channel, ["+switch-master"], events) { events in
            for try await event in events {
              // What was missed may have been a switch.
              if case .message(let message) = event, !message.payload.string.hasPrefix("\(master) ") { continue }
              self?.refresh()
            }
          }
        }
        state.watches[address] = Watch(subscriber: subscriber, task: task)
      }
    }
  }

  func redirection(for error: ServerError, from node: Node) -> Redirection {
    // It is a replica now, and has refused the command.
    error.code == "READONLY" ? .discover : .none
  }

  func suspect(_ node: Node) { refresh() }
}

extension SentinelTopology: PushListener {
  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {}
  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {}
  func closed(_ connection: ConnectionID, generation: UInt64) { refresh() }
}
