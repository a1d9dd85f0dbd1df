import Synchronization

/// What can be subscribed to.
enum SubscriptionKind: String, Sendable, CaseIterable {
  case channel, pattern, shardChannel

  fileprivate var subscribe: RESPArgument {
    switch self {
    case .channel: "SUBSCRIBE"
    case .pattern: "PSUBSCRIBE"
    case .shardChannel: "SSUBSCRIBE"
    }
  }

  fileprivate var unsubscribe: RESPArgument {
    switch self {
    case .channel: "UNSUBSCRIBE"
    case .pattern: "PUNSUBSCRIBE"
    case .shardChannel: "SUNSUBSCRIBE"
    }
  }
}

/// All subscriptions of a client to one node, over a connection of their own.
///
/// Each channel is subscribed to once, however many want it. The connection's opening is where everything is
/// subscribed to again; what is added while there is none waits for that.
final class Subscriber: PushListener {
  struct Subject: Hashable {
    let kind: SubscriptionKind
    let name: RESPString
  }

  private struct Wanted {
    var subscriptions: [ObjectIdentifier: Subscription] = [:]
    var waiting: [CheckedContinuation<Void, any Error>] = []
  }

  private struct State {
    var wanted: [Subject: Wanted] = [:]
    /// What the server was told on the connection that is open now.
    var told: Set<Subject> = []
    /// Confirmations that are still to come: several for what was given up and wanted again at once.
    var due: [Subject: Int] = [:]
    var isOpen = false
    var wasOpen = false
    var failure: (any Error)?
  }

  private let link: Link
  private let hub: PushHub
  private let state = Mutex(State())

  init(_ address: Address, _ configuration: ClientConfiguration) {
    hub = PushHub()
    link = Link(
      ConnectionID(node: address, index: -1), configuration: configuration,
      role: Link.Role(reconnects: true, commandTimeout: nil, isSubscriber: true), hub: hub)
    hub.add(self) { _, _ in [] }
  }

  func close() {
    link.close()
    fail(MartletError.closed)
  }

  private func fail(_ error: any Error) {
    let wanted = state.withLock { state in
      state.failure = error
      defer { state.wanted = [:] }
      return Array(state.wanted.values)
    }
    for subject in wanted {
      for continuation in subject.waiting { continuation.resume(throwing: error) }
      for subscription in subject.subscriptions.values { subscription.finish(throwing: error) }
    }
  }

  // MARK: Subscribing

  /// Subscribes for as long as `body` runs, which starts when the server has confirmed all.
  func withSubscription<T>(
    _ kind: SubscriptionKind, _ names: [RESPString], _ subscription: Subscription,
    _ body: (Subscription) async throws -> T
  ) async throws -> T {
    let subjects = Set(names.map { Subject(kind: kind, name: $0) })
    defer { remove(subscription, from: subjects) }
    try add(subscription, to: subjects)
    try await confirm(subjects)
    return try await body(subscription)
  }

  /// Waits until the server has confirmed subscriptions.
  func confirm(_ subjects: Set<Subject>) async throws {
    for subject in subjects { try await confirmation(of: subject) }
  }

  func add(_ subscription: Subscription, to subjects: Set<Subject>) throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      for subject in subjects {
        state.wanted[subject, default: Wanted()].subscriptions[ObjectIdentifier(subscription)] = subscription
      }
    }
    link.connectNow()
    link.eventLoop.execute { self.tellServer() }
  }

  private func isConfirmed(_ subject: Subject, _ state: State) -> Bool {
    state.told.contains(subject) && state.due[subject] == nil
  }

  private func confirmation(of subject: Subject) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let result = state.withLock { state -> Result<Void, any Error>? in
        if let failure = state.failure { return .failure(failure) }
        guard state.wanted[subject] != nil, !isConfirmed(subject, state) else { return .success(()) }
        state.wanted[subject]?.waiting.append(continuation)
        return nil
      }
      if let result { continuation.resume(with: result) }
    }
  }

  func remove(_ subscription: Subscription, from subjects: Set<Subject>) {
    state.withLock { state in
      for subject in subjects {
        state.wanted[subject]?.subscriptions[ObjectIdentifier(subscription)] = nil
        if state.wanted[subject]?.subscriptions.isEmpty == true { state.wanted[subject] = nil }
      }
    }
    link.eventLoop.execute { self.tellServer() }
  }

  /// Sends the difference between what is wanted and what the server was told. Only on the event loop, so that nothing
  /// overtakes.
  private func tellServer() {
    let commands = state.withLock { state -> [[RESPArgument]] in
      guard state.isOpen else { return [] }
      let new = state.wanted.keys.filter { !state.told.contains($0) }
      let unwanted = state.told.filter { state.wanted[$0] == nil }
      for subject in new {
        state.told.insert(subject)
        state.due[subject, default: 0] += 1
      }
      state.told.subtract(unwanted)
      return SubscriptionKind.allCases.flatMap { kind in
        [
          [kind.unsubscribe] + unwanted.filter { $0.kind == kind }.map(\.name.respArgument),
          [kind.subscribe] + new.filter { $0.kind == kind }.map(\.name.respArgument),
        ]
      }
    }
    let meant = commands.filter { $0.count > 1 }
    if !meant.isEmpty { link.write(meant) }
  }

  // MARK: Hearing

  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {
    // The link is not open before all listeners have been greeted.
    link.eventLoop.execute { self.subscribeToAll() }
  }

  private func subscribeToAll() {
    let mustTell = state.withLock { state in
      state.isOpen = true
      state.told = []
      state.due = [:]
      defer { state.wasOpen = true }
      return state.wasOpen
    }
    if mustTell { tellAll(.gap(.connectionLost)) }
    tellServer()
  }

  func closed(_ connection: ConnectionID, generation: UInt64) {
    state.withLock { state in
      state.isOpen = false
      state.told = []
      state.due = [:]
    }
  }

  private func tellAll(_ event: SubscriptionEvent) {
    let subscriptions = state.withLock { state in
      var all: [ObjectIdentifier: Subscription] = [:]
      for subject in state.wanted.values { all.merge(subject.subscriptions) { first, _ in first } }
      return Array(all.values)
    }
    for subscription in subscriptions { subscription.receive(event) }
  }

  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {
    let words = push.elements.map { (try? RESPString(from: $0)) ?? "" }
    switch push.kind {
    case "message" where words.count == 2: deliver(.channel, words[0], nil, words)
    case "smessage" where words.count == 2: deliver(.shardChannel, words[0], nil, words)
    case "pmessage" where words.count == 3: deliver(.pattern, words[0], words[0], Array(words[1...]))
    case "subscribe" where !words.isEmpty: confirm(Subject(kind: .channel, name: words[0]))
    case "psubscribe" where !words.isEmpty: confirm(Subject(kind: .pattern, name: words[0]))
    case "ssubscribe" where !words.isEmpty: confirm(Subject(kind: .shardChannel, name: words[0]))
    case "error":
      if case .error(let error)? = push.elements.first { refused(error) }
    default: break
    }
  }

  private func deliver(_ kind: SubscriptionKind, _ name: RESPString, _ pattern: RESPString?, _ words: [RESPString]) {
    let subscriptions = state.withLock {
      $0.wanted[Subject(kind: kind, name: name)].map { Array($0.subscriptions.values) }
    }
    let message = PubSubMessage(channel: words[0], pattern: pattern, payload: words[1])
    for subscription in subscriptions ?? [] { subscription.receive(.message(message)) }
  }

  private func confirm(_ subject: Subject) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
      let due = (state.due[subject] ?? 0) - 1
      state.due[subject] = due > 0 ? due : nil
      guard isConfirmed(subject, state) else { return [] }
      defer { state.wanted[subject]?.waiting = [] }
      return state.wanted[subject]?.waiting ?? []
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The server refuses a subscription and does not say which: it is one of those that it has not confirmed.
  private func refused(_ error: ServerError) {
    let refused = state.withLock { state in
      let refused = state.wanted.filter { !isConfirmed($0.key, state) }
      for subject in refused.keys {
        state.wanted[subject] = nil
        state.told.remove(subject)
        state.due[subject] = nil
      }
      return Array(refused.values)
    }
    for subject in refused {
      for continuation in subject.waiting { continuation.resume(throwing: MartletError.server(error)) }
      for subscription in subject.subscriptions.values { subscription.finish(throwing: MartletError.server(error)) }
    }
  }
}
