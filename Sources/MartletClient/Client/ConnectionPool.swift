import NIOCore
import Synchronization

/// Connections that are lent to one task at a time. Who comes when all are lent waits, in the order of coming.
final class ConnectionPool: Sendable {
  private struct Guest {
    let id: UInt64
    let continuation: CheckedContinuation<Link, any Error>
  }

  private struct State {
    var idle: [Link] = []
    var guests: [Guest] = []
    /// What whoever comes now is told; nil while connections are lent.
    var end: MartletError?
    var lent: [ObjectIdentifier: Link] = [:]
  }

  private let address: Address
  private let configuration: ClientConfiguration
  private let role: Link.Role
  private let state = Mutex(State())

  init(_ address: Address, _ configuration: ClientConfiguration, role: Link.Role) {
    self.address = address
    self.role = role
    self.configuration = configuration
  }

  /// Lends a connection for as long as `body` runs.
  func withLink<T>(_ body: (Link) async throws -> T) async throws -> T {
    let link = try await lend()
    do {
      let result = try await body(link)
      giveBack(link)
      return result
    } catch {
      giveBack(link)
      throw error
    }
  }

  private enum Answer {
    case link(Link)
    case failure(any Error)
    case wait
  }

  private func lend() async throws -> Link {
    let id = Link.makeID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Link, any Error>) in
        let answer = state.withLock { state -> Answer in
          if let end = state.end { return .failure(end) }
          if Task.isCancelled { return .failure(CancellationError()) }
          if let link = take(&state) { return .link(link) }
          if configuration.overload == .fail { return .failure(MartletError.tooManyInFlight) }
          state.guests.append(Guest(id: id, continuation: continuation))
          return .wait
        }
        switch answer {
        case .link(let link): continuation.resume(returning: link)
        case .failure(let error): continuation.resume(throwing: error)
        case .wait: break
        }
      }
    } onCancel: {
      let guest = state.withLock { state in
        state.guests.firstIndex { $0.id == id }.map { state.guests.remove(at: $0) }
      }
      guest?.continuation.resume(throwing: CancellationError())
    }
  }

  private func take(_ state: inout State) -> Link? {
    while let link = state.idle.popLast() {
      if link.isClosed { continue }
      state.lent[ObjectIdentifier(link)] = link
      return link
    }
    guard state.lent.count < max(1, configuration.maximumConnections) else { return nil }
    let link = Link(
      ConnectionID(node: address, index: -1), configuration: configuration, role: role)
    state.lent[ObjectIdentifier(link)] = link
    return link
  }

  /// Takes a connection back. One on which a reply is still due, or that was closed, is of no use to anybody.
  private func giveBack(_ link: Link) {
    if !link.isIdle { link.close() }
    let (guest, successor) = state.withLock { state -> (Guest?, Link?) in
      state.lent[ObjectIdentifier(link)] = nil
      // Closed while it was lent: nobody else will close it.
      if state.end != nil { return (nil, link) }
      if !link.isClosed { state.idle.append(link) }
      guard !state.guests.isEmpty, let successor = take(&state) else { return (nil, nil) }
      return (state.guests.removeFirst(), successor)
    }
    if let guest, let successor {
      guest.continuation.resume(returning: successor)
    } else {
      successor?.close()
    }
  }

  func close() {
    for link in end(.closed) { link.close() }
  }

  /// Ends the pool since its server is no longer one to be asked.
  func retire() {
    for link in end(.connectionLost(mayHaveRun: false)) { link.retire() }
  }

  /// Returns all connections.
  private func end(_ error: MartletError) -> [Link] {
    let (links, guests) = state.withLock { state in
      defer { state = State(end: error) }
      return (state.idle + Array(state.lent.values), state.guests)
    }
    for guest in guests { guest.continuation.resume(throwing: error) }
    return links
  }
}
