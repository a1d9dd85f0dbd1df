import Foundation
import MartletClient
import NIOCore
import Synchronization

/// The server behind a client: values over its shared connections, on which word of changes comes too.
///
/// A key's reads all go over one connection, so that its replies and pushes are in order; each connection is an origin. What
/// is sent first on a new connection asks for tracking, before anything is read.
final class ClientBackend: CacheBackend {
  /// Up to where everything that changed has been told. See docs/CHANGE-FEED.md.
  struct Position: Sendable, Equatable {
    var replicationID: String
    var offset: Int
  }

  private struct Origin {
    var number: Int
    /// The generation in which tracking was agreed on; nil while it is not.
    var trackedGeneration: UInt64?
    /// From the change feed, if the server has one.
    var position: Position?
    /// The position was moved by a push since the handshake.
    var hasMoved = false
    /// Intervals of the heartbeat without an answer.
    var silence = 0
    /// Where a server that speaks only RESP2 says what changes.
    var channel: InvalidationChannel?
    /// The channel's connection, as the server calls it; nil while it is not there.
    var redirectsTo: Int?
  }

  let client: Client
  private let tracking: CacheConfiguration.Tracking
  private let prefixes: [String]
  private let heartbeat: Duration?
  private let clock: CacheClock
  private let lanes: CompareAndSetLanes
  private let origins = Mutex<[ConnectionID: Origin]>([:])
  private let listening = Mutex<Weak>(Weak())
  private let pulse = Mutex<Task<Void, Never>?>(nil)

  private struct Weak: Sendable {
    weak var listener: (any CacheBackendListener)?
  }

  init(_ client: Client, configuration: CacheConfiguration, prefix: String) {
    self.client = client
    tracking = configuration.tracking
    heartbeat = configuration.heartbeat
    clock = configuration.clock
    lanes = CompareAndSetLanes(client)
    prefixes = if case .broadcast(let given) = tracking { Self.covering(prefix, given) } else { [] }
  }

  /// The prefixes that were asked for, with the cache's own among them: without word of its own keys nothing would be right.
  /// A server refuses prefixes that overlap.
  static func covering(_ own: String, _ given: [String]) -> [String] {
    if given.contains(where: own.hasPrefix) { return given }
    return given.filter { !$0.hasPrefix(own) } + [own]
  }

  private var listener: (any CacheBackendListener)? { listening.withLock { $0.listener } }

  func start(_ listener: any CacheBackendListener) {
    listening.withLock { $0.listener = listener }
    client.addPushListener(self) { [weak self] id, generation in self?.handshake(id) ?? [] }
    guard let heartbeat, tracking != .off else { return }
    pulse.withLock {
      $0 = Task { [weak self, clock] in
        while !Task.isCancelled, (try? await clock.sleep(milliseconds: heartbeat.milliseconds)) != nil {
          guard let self else { return }
          beat()
        }
      }
    }
  }

  func stop() {
    client.removePushListener(self)
    pulse.withLock { $0 }?.cancel()
    lanes.close()
    let channels = origins.withLock { origins in
      defer { for id in origins.keys { origins[id]?.channel = nil } }
      return origins.values.compactMap(\.channel)
    }
    for channel in channels { channel.close() }
  }

  // MARK: Values

  func origin(of name: String) -> Int {
    client.sharedConnection(for: name).map { number($0.id) } ?? unknownOrigin
  }

  private func number(_ id: ConnectionID) -> Int {
    origins.withLock { origins in
      if let origin = origins[id] { return origin.number }
      origins[id] = Origin(number: origins.count)
      return origins.count - 1
    }
  }

  func prepare(_ name: String) async throws {
    if client.sharedConnection(for: name)?.generation == nil { _ = try await client.send(["EXISTS", .string(name)]) }
  }

  func read(_ name: String, isKept: Bool) async throws -> BackendValue {
    guard let connection = client.sharedConnection(for: name) else {
      throw MartletError.connectionLost(mayHaveRun: false)
    }
    let key = RESPArgument.string(name)
    var commands: [[RESPArgument]] = [["GET", key], ["PTTL", key]]
    if isTracked(connection.id) {
      switch tracking {
      case .optIn where isKept: commands.insert(["CLIENT", "CACHING", "YES"], at: 0)
      // PTTL is a read like any other.
      case .optOut where !isKept: commands = commands.flatMap { [["CLIENT", "CACHING", "NO"], $0] }
      default: break
      }
    }
    do {
      let replies = try await send(commands, over: connection)
      let answers = zip(commands, replies).filter { $0.0[0] != "CLIENT" }.map(\.1)
      guard answers.count == 2, let value = answers.first, let time = answers.last else {
        throw MartletError.unexpectedReply(expected: "replies", got: "none")
      }
      return Self.value(
        try value.decode(as: RESPString?.self), milliseconds: try time.decode(as: Int.self),
        origin: number(connection.id))
    } catch MartletError.server(let error) where Self.redirections.contains(error.code) {
      // The key is somewhere else, or on its way there. The client finds it; who will say when it changes, the next read
      // will know.
      let (value, milliseconds) = try await client.pipeline(GET(name), PTTL(name))
      return Self.value(value, milliseconds: milliseconds, origin: unknownOrigin)
    }
  }

  /// Codes of errors by which a cluster says that somebody else is to be asked, or somewhat later.
  static let redirections: Set<Substring> = ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"]

  private static func value(_ bytes: RESPString?, milliseconds: Int, origin: Int) -> BackendValue {
    guard let bytes, milliseconds != -2 else { return BackendValue(origin: origin) }
    return BackendValue(
      bytes: bytes.bytes, milliseconds: milliseconds < 0 ? nil : Int64(milliseconds), origin: origin)
  }

  func write(
    _ name: String, _ bytes: [UInt8]?, milliseconds: Int64?, endingLease lease: String, note: WriteNote?
  ) async throws {
    guard let note else {
      guard let bytes else { return try await remove([name, lease]) }
      // The lease first: who loads an older value now can no longer put it over this one.
      _ = try await client.pipeline(DEL(lease), SET(name, bytes, expiration: milliseconds.map { .px(Int($0)) }))
      return
    }
    let change = RawCommand(Self.change(name, bytes, milliseconds))
    do {
      _ = try await client.transaction(DEL(lease), change, RawCommand(note.command))
    } catch MartletError.crossSlot {
      // The note first: a write that is not noted would never reach its store.
      try await client.send(note.command)
      _ = try await client.pipeline(DEL(lease), change)
    }
  }

  /// A command word by word that can be a part of a transaction; its second word is its key.
  private struct RawCommand: Command {
    typealias Response = RESPValue
    static var name: String { "a change" }
    let words: [RESPArgument]
    var keys: [RESPArgument] { [words[1]] }

    init(_ words: [RESPArgument]) { self.words = words }
    func encode(into encoder: inout CommandEncoder) { encoder.append(words) }
  }

  func takeLease(_ lease: String, on name: String, token: String, milliseconds: Int64) async throws -> LeaseOutcome {
    let taking: [RESPArgument] = ["SET", .string(lease), .string(token), "NX", "PX", .integer(Int(milliseconds))]
    let (reply, count) = try await client.pipeline(RawCommand(taking), EXISTS(name))
    return reply.isNull ? .held : .taken(isValueThere: count > 0)
  }

  func fill(
    _ name: String, _ bytes: [UInt8], milliseconds: Int64?, lease: String, token: String
  ) async throws -> Bool {
    try await lanes.run(
      watching: lease, if: Array(token.utf8), then: [Self.set(name, bytes, milliseconds), ["DEL", .string(lease)]])
  }

  func replace(
    _ name: String, current: [UInt8]?, with new: [UInt8]?, milliseconds: Int64?, endingLease lease: String,
    note: WriteNote?
  ) async throws -> Bool {
    let changes = [["DEL", .string(lease)], Self.change(name, new, milliseconds)]
    guard let note else { return try await lanes.run(watching: name, if: current, then: changes) }
    if client.share(aSlot: name, note.stream) {
      return try await lanes.run(watching: name, if: current, then: changes + [note.command])
    }
    // Whoever dies in between has written what its store will not be told; no order of the two is without such a gap.
    guard try await lanes.run(watching: name, if: current, then: changes) else { return false }
    try await client.send(note.command)
    return true
  }

  private static func change(_ name: String, _ bytes: [UInt8]?, _ milliseconds: Int64?) -> [RESPArgument] {
    bytes.map { set(name, $0, milliseconds) } ?? ["DEL", .string(name)]
  }

  func remove(_ names: [String]) async throws { _ = try await client.send(["DEL"] + names.map { .string($0) }) }

  func increment(_ name: String) async throws -> Int64 {
    Int64(try await client.send(["INCR", .string(name)]).decode(as: Int.self))
  }

  private static func set(_ name: String, _ bytes: [UInt8], _ milliseconds: Int64?) -> [RESPArgument] {
    let command: [RESPArgument] = ["SET", .string(name), RESPArgument(bytes)]
    return milliseconds.map { command + ["PX", .integer(Int($0))] } ?? command
  }

  /// Sends commands back to back. Throws the first error among the replies.
  private func send(
    _ commands: [[RESPArgument]], over connection: any PinnedConnection
  ) async throws -> [RESPValue] {
    let replies = try await withCheckedThrowingContinuation { continuation in
      connection.send(commands, generation: nil) { continuation.resume(with: $0) }
    }
    for case .error(let error) in replies.map(\.withoutAttributes) { throw MartletError.server(error) }
    return replies
  }

  private func isTracked(_ id: ConnectionID) -> Bool { origins.withLock { $0[id]?.trackedGeneration != nil } }
}

// MARK: Word of changes

extension ClientBackend: PushListener {
  /// What is said first on a new connection: which protocol is it, tell me what changes, and a question whose answer comes
  /// after all that was missed.
  private func handshake(_ id: ConnectionID) -> [[RESPArgument]] {
    _ = number(id)
    guard tracking != .off else { return [] }
    let position = origins.withLock { origins in
      origins[id]!.hasMoved = false
      return origins[id]!.position
    }
    return [["HELLO"], trackingCommand(resumingFrom: position ?? Position(replicationID: "?", offset: -1)), ["PING"]]
  }

  private func trackingCommand(resumingFrom position: Position?) -> [RESPArgument] {
    let command: [RESPArgument] = ["CLIENT", "TRACKING", "ON"]
    switch tracking {
    case .off: return []
    case .optIn(let noLoop): return command + ["OPTIN"] + (noLoop ? ["NOLOOP"] : [])
    case .readKeys(let noLoop): return command + (noLoop ? ["NOLOOP"] : [])
    case .optOut(let noLoop): return command + ["OPTOUT"] + (noLoop ? ["NOLOOP"] : [])
    case .broadcast:
      let broadcast = command + ["BCAST"] + prefixes.flatMap { ["PREFIX", .string($0)] }
      return position.map { broadcast + ["RESUME", .string($0.replicationID), .integer($0.offset)] } ?? broadcast
    }
  }

  func opened(_ id: ConnectionID, generation: UInt64, replies: [RESPValue]) {
    guard tracking != .off else { return agree(id, generation, nothingMissed: false, untracked: "it was not asked to") }
    guard replies.count == 3, Self.speaksRESP3(replies[0]) else { return redirect(id) }
    let answer = replies[1].withoutAttributes
    if let resumed = answer.elements, resumed.count == 3, let kind = resumed[0].string,
      let replicationID = resumed[1].string, case .integer(let offset) = resumed[2]
    {
      origins.withLock { origins in
        // Pushes that came behind the answer know better.
        guard origins[id]?.hasMoved == false else { return }
        origins[id]!.position = Position(replicationID: replicationID, offset: offset)
      }
      return agree(id, generation, nothingMissed: kind == "CONTINUE")
    }
    guard case .error(let error) = answer else { return agree(id, generation, nothingMissed: false) }
    guard case .broadcast = tracking else {
      return agree(id, generation, nothingMissed: false, untracked: error.message)
    }
    // It knows nothing of a change feed, or has none now. Until tracking is agreed on without, nothing is kept.
    origins.withLock { $0[id]!.position = nil }
    connection(id)?.send([trackingCommand(resumingFrom: nil)], generation: nil) { [weak self] result in
      switch result {
      case .success(let replies):
        if case .error(let error)? = replies.first?.withoutAttributes {
          self?.agree(id, generation, nothingMissed: false, untracked: error.message)
        } else {
          self?.agree(id, generation, nothingMissed: false)
        }
      // Lost: the next connection begins anew.
      case .failure: break
      }
    }
  }

  private func agree(_ id: ConnectionID, _ generation: UInt64, nothingMissed: Bool, untracked: String? = nil) {
    let number = number(id)
    origins.withLock { origins in
      origins[id]!.trackedGeneration = untracked == nil ? generation : nil
      origins[id]!.silence = 0
    }
    listener?.opened(origin: number, nothingMissed: nothingMissed, untracked: untracked)
  }

  func closed(_ id: ConnectionID, generation: UInt64) {
    let number = number(id)
    origins.withLock { $0[id]!.trackedGeneration = nil }
    listener?.closed(origin: number)
    // Of a server that has left the topology: it does not come back.
    if connection(id) == nil { origins.withLock { $0[id]!.channel.take() }?.close() }
  }

  func slotsLost(_ id: ConnectionID) { listener?.flushed(origin: number(id)) }

  func received(_ push: RESPPush, on id: ConnectionID, generation: UInt64) {
    guard let listener else { return }
    let number = number(id)
    switch push.kind {
    case "invalidate":
      guard let what = push.elements.first else { return }
      if let names = what.elements {
        for name in names { changed(name, number, listener) }
      } else {
        listener.flushed(origin: number)
      }
      if push.elements.count == 3, let replicationID = push.elements[1].string,
        case .integer(let offset) = push.elements[2]
      {
        origins.withLock { origins in
          origins[id]?.position = Position(replicationID: replicationID, offset: offset)
          origins[id]?.hasMoved = true
        }
      }
    case "tracking-redir-broken":
      // Nobody is told anything any more; the loss is heard of in order with all else.
      connection(id)?.reset()
    default: break
    }
  }

  private func changed(_ name: RESPValue, _ origin: Int, _ listener: any CacheBackendListener) {
    guard case .bulkString(let name) = name else { return }
    listener.changed(name: name.buffer.withUnsafeReadableBytes { NameHash.of($0) }, origin: origin)
  }

  private static func speaksRESP3(_ hello: RESPValue) -> Bool {
    guard let facts = hello.elements else { return false }
    for index in stride(from: 0, to: facts.count - 1, by: 2) where facts[index].string == "proto" {
      return facts[index + 1].string == "3"
    }
    return false
  }

  private func connection(_ id: ConnectionID) -> (any PinnedConnection)? {
    client.sharedConnections.first { $0.id == id }
  }

  // MARK: RESP2

  /// Has what changes told over a second connection. Until that is agreed on, nothing is kept.
  private func redirect(_ id: ConnectionID) {
    let (hasChannel, clientID) = origins.withLock { ($0[id]!.channel != nil, $0[id]!.redirectsTo) }
    // It is about to be open.
    if let clientID { return redirect(id, to: clientID, generation: nil) }
    guard !hasChannel, let connection = connection(id) else { return }
    let channel = InvalidationChannel(beside: connection, of: client, heartbeat: heartbeat) { [weak self] clientID in
      self?.origins.withLock { $0[id]?.redirectsTo = clientID }
      // Else it will be told when it opens.
      if let generation = self?.connection(id)?.generation { self?.redirect(id, to: clientID, generation: generation) }
    } heard: { [weak self] keys in
      guard let self, let listener else { return }
      let number = number(id)
      guard let keys else { return listener.flushed(origin: number) }
      for key in keys { changed(key, number, listener) }
    } lost: { [weak self] in
      guard let self else { return }
      origins.withLock { origins in
        origins[id]?.redirectsTo = nil
        origins[id]?.trackedGeneration = nil
      }
      listener?.closed(origin: number(id))
    }
    origins.withLock { $0[id]?.channel = channel }
  }

  private func redirect(_ id: ConnectionID, to clientID: Int, generation asked: UInt64?) {
    guard let connection = connection(id) else { return }
    let command = trackingCommand(resumingFrom: nil) + ["REDIRECT", .integer(clientID)]
    // Off first: a server takes the same prefixes twice for an overlap.
    connection.send([["CLIENT", "TRACKING", "OFF"], command], generation: asked) { [weak self] result in
      guard let self, case .success(let replies) = result, let answer = replies.last?.withoutAttributes,
        let generation = connection.generation
      else { return }
      // The channel was lost meanwhile: the next one begins anew.
      guard origins.withLock({ $0[id]?.redirectsTo }) == clientID else { return }
      if case .error(let error) = answer {
        agree(id, generation, nothingMissed: false, untracked: error.message)
      } else {
        agree(id, generation, nothingMissed: false)
      }
    }
  }

  // MARK: Heartbeat

  /// Asks each connection whether it lives. One that has not answered for two intervals says nothing about changes either,
  /// whatever the system thinks of it.
  private func beat() {
    for connection in client.sharedConnections {
      let id = connection.id
      guard let generation = connection.generation else { continue }
      let silence = origins.withLock { origins -> Int? in
        guard origins[id]?.trackedGeneration == generation else { return nil }
        origins[id]!.silence += 1
        return origins[id]!.silence
      }
      guard let silence else { continue }
      if silence > 2 {
        // The loss is heard of on the connection's event loop, in order with all else.
        connection.reset()
      } else {
        connection.send([["PING"]], generation: generation) { [weak self] result in
          if case .success = result { self?.origins.withLock { $0[id]?.silence = 0 } }
        }
      }
    }
  }
}
