import Synchronization

/// The listeners of a client, which all its shared connections serve.
final class PushHub: Sendable {
  /// What a listener says on a new connection, and how it hears of the answer.
  struct Greeting: Sendable {
    let commands: [[RESPArgument]]
    let opened: @Sendable (ConnectionID, UInt64, [RESPValue]) -> Void
  }

  private final class Registration: Sendable {
    private struct WeakListener: @unchecked Sendable {
      weak var listener: (any PushListener)?
    }

    private let reference: WeakListener
    let handshake: PushHandshake
    /// The generation in which each connection was told of.
    let greeted = Mutex<[ConnectionID: UInt64]>([:])

    init(_ listener: any PushListener, handshake: @escaping PushHandshake) {
      reference = WeakListener(listener: listener)
      self.handshake = handshake
    }

    var listener: (any PushListener)? { reference.listener }
  }

  private let registrations = Mutex<[Registration]>([])

  func add(_ listener: any PushListener, handshake: @escaping PushHandshake) {
    registrations.withLock {
      $0.removeAll { $0.listener == nil }
      $0.append(Registration(listener, handshake: handshake))
    }
  }

  func remove(_ listener: any PushListener) {
    registrations.withLock { $0.removeAll { $0.listener == nil || $0.listener === listener } }
  }

  private var all: [Registration] { registrations.withLock { $0 } }

  // All that follow are called on the connection's event loop.

  func greetings(_ id: ConnectionID, generation: UInt64) -> [Greeting] {
    all.compactMap { greeting($0, id, generation: generation) }
  }

  private func greeting(_ registration: Registration, _ id: ConnectionID, generation: UInt64) -> Greeting? {
    let isNew = registration.greeted.withLock { $0.updateValue(generation, forKey: id) != generation }
    guard isNew, registration.listener != nil else { return nil }
    return Greeting(commands: registration.handshake(id, generation).filter { !$0.isEmpty }) {
      id, generation, replies in
      registration.listener?.opened(id, generation: generation, replies: replies)
    }
  }

  /// Greets, on a connection that is open, those who have not been.
  func greetMissing(_ link: Link) {
    guard let generation = link.generation else { return }
    for greeting in greetings(link.id, generation: generation) {
      link.send(greeting.commands, generation: generation) { result in
        // A connection that is lost meanwhile greets everybody anew.
        if case .success(let replies) = result { greeting.opened(link.id, generation, replies) }
      }
    }
  }

  func received(_ push: RESPPush, on id: ConnectionID, generation: UInt64) {
    for registration in all { registration.listener?.received(push, on: id, generation: generation) }
  }

  func slotsLost(_ id: ConnectionID) { for registration in all { registration.listener?.slotsLost(id) } }

  func closed(_ id: ConnectionID, generation: UInt64) {
    for registration in all { registration.listener?.closed(id, generation: generation) }
  }
}
