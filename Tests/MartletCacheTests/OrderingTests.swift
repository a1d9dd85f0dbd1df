import Testing

@testable import MartletCache

// Every order in which a read, its reply, invalidations, an own write and its reply, a lost connection, a new one and a
// broken redirect can come: a small world of one key, one server and one connection is taken through all of them, and
// after each step nothing that the cache would give out may be older than what it has been told.
//
// The world is a value, so that a depth-first search can copy it. Worlds that are equal in all that matters are searched once.

/// What lies on the wire from the server, in order.
private enum Message: Hashable {
  case reply(read: Int, version: Int)
  case written(version: Int)
  case push
}

private enum Request: Hashable {
  case read(Int)
  case write
}

private struct World {
  typealias State = NearState<Int, Int, Int, Int>

  // The cache
  var state = State(capacity: 1_000_000, now: 0)
  /// Tickets by the reads that lead them, and the least version that each who waits may be given.
  var tickets: [Int: State.Ticket] = [:]
  var floors: [Int: Int] = [:]
  /// Which flight each who waits is on, by the read that leads it.
  var boarded: [Int: Int] = [:]
  /// The version whose replacement this client was told of last, or that it wrote itself and was answered for.
  var told = 0
  var ownWriteIsOut = false
  var failure: String?

  // The wire. With a redirect, pushes come over a connection of their own: in any order relative to replies.
  let redirect: Bool
  var isConnected = true
  var isTracking = true
  var toServer: [Request] = []
  var toClient: [Message] = []
  var pushes: [Int] = []

  // The server
  var version = 0
  var tracks = false

  // What may still happen
  var reads = 3
  var foreignWrites = 2
  var ownWrites = 1
  var closes = 1
  var breaks: Int

  init(redirect: Bool) {
    self.redirect = redirect
    breaks = redirect ? 1 : 0
  }

  static let name: UInt64 = 99

  func fresh() -> Int? {
    var store = state.store
    if case .fresh(let version) = store.find(1, hash: 1, clock: .system) { return version }
    return nil
  }
}

private enum Step: CaseIterable {
  case startRead, foreignWrite, startOwnWrite, serverTakesRequest, clientTakesMessage, clientTakesPush, close, reopen
  case breakRedirect
}

extension World {
  /// The world after a step; nil if the step cannot be taken now.
  func after(_ step: Step) -> World? {
    var world = self
    return world.take(step) ? world : nil
  }

  private mutating func take(_ step: Step) -> Bool {
    switch step {
    case .startRead:
      guard reads > 0 else { return false }
      reads -= 1
      let read = reads
      if let version = fresh() {
        if version < told { failure = "a hit of version \(version), though \(told) was told" }
        return true
      }
      floors[read] = told
      switch state.flights.board(1, name: Self.name, waiter: read, id: UInt64(read)) {
      case .leads(let ticket):
        tickets[read] = ticket
        boarded[read] = read
        if isConnected { toServer.append(.read(read)) } else { land(read, nil) }
      case .waits(let ticket): boarded[read] = tickets.first { $0.value == ticket }!.key
      }
    case .foreignWrite:
      guard foreignWrites > 0 else { return false }
      foreignWrites -= 1
      write()
    case .startOwnWrite:
      guard ownWrites > 0, isConnected else { return false }
      ownWrites -= 1
      ownWriteIsOut = true
      _ = state.invalidate(name: Self.name)
      toServer.append(.write)
    case .serverTakesRequest:
      guard !toServer.isEmpty else { return false }
      switch toServer.removeFirst() {
      case .read(let read):
        if isTracking { tracks = true }
        toClient.append(.reply(read: read, version: version))
      case .write:
        // The server answers first and says afterwards that the key changed.
        toClient.append(.written(version: version + 1))
        write()
      }
    case .clientTakesMessage:
      guard !toClient.isEmpty else { return false }
      switch toClient.removeFirst() {
      case .reply(let read, let version): land(read, version)
      case .written(let version):
        ownWriteIsOut = false
        _ = state.invalidate(name: Self.name)
        told = max(told, version)
      case .push: told(of: pushes.removeFirst())
      }
    case .clientTakesPush:
      guard redirect, !pushes.isEmpty else { return false }
      told(of: pushes.removeFirst())
    case .close:
      guard closes > 0, isConnected else { return false }
      closes -= 1
      isConnected = false
      isTracking = false
      tracks = false
      toServer = []
      toClient = []
      pushes = []
      ownWriteIsOut = false
      _ = state.lose(origin: 0, servedUntil: .min)
      for read in tickets.keys { land(read, nil) }
    case .reopen:
      guard !isConnected else { return false }
      isConnected = true
      isTracking = true
      _ = state.regain(origin: 0, nothingMissed: false)
    case .breakRedirect:
      // The connection that pushes are sent to is gone. The server says so, behind what it sent before.
      guard breaks > 0, isConnected, isTracking else { return false }
      breaks -= 1
      isTracking = false
      tracks = false
      pushes = []
      _ = state.lose(origin: 0, servedUntil: .min)
    }
    return true
  }

  /// The server's part of a write.
  private mutating func write() {
    version += 1
    guard tracks else { return }
    tracks = false
    pushes.append(version)
    if !redirect { toClient.append(.push) }
  }

  private mutating func told(of version: Int) {
    _ = state.invalidate(name: Self.name)
    told = max(told, version)
  }

  private mutating func land(_ read: Int, _ version: Int?) {
    guard let ticket = tickets.removeValue(forKey: read) else { return }
    let arrival = version.map { State.Arrival(value: $0, bytes: 1, lifetime: Lifetime()) }
    let waiters = state.land(ticket, 1, hash: 1, name: Self.name, arrival, now: 0)
    if !waiters.contains(read) { failure = "the leader was not answered" }
    for waiter in waiters {
      let floor = floors.removeValue(forKey: waiter)
      boarded[waiter] = nil
      if floor == nil { failure = "answered twice" }
      if let version, version < floor ?? 0 { failure = "version \(version) given to who asked after \(floor!)" }
    }
  }

  /// What is wrong with the world as it is.
  var complaint: String? {
    if let failure { return failure }
    guard let version = fresh() else { return nil }
    if version < told { return "version \(version) is kept, though \(told) was told" }
    if !isConnected || !isTracking { return "given out although nobody would say that it changed" }
    // Old, and nothing on its way that would say so: it would be given out for ever.
    if version != self.version, pushes.isEmpty, !ownWriteIsOut {
      return "version \(version) is kept, the server has \(self.version), and no push is on its way"
    }
    return nil
  }
}

/// All that decides what may come of a world.
private struct Situation: Hashable {
  let kept: Int?
  let listed: [Int]
  let floors: [Int: Int]
  let boarded: [Int: Int]
  let wire: [Message]
  let requests: [Request]
  let numbers: [Int]
  let flags: [Bool]

  init(_ world: World) {
    kept = world.fresh()
    listed = world.tickets.filter { world.state.flights.isListed($0.value) }.keys.sorted()
    (floors, boarded, wire, requests) = (world.floors, world.boarded, world.toClient, world.toServer)
    numbers =
      [world.told, world.version, world.reads, world.foreignWrites, world.ownWrites, world.closes, world.breaks]
      + world.pushes
    flags = [world.ownWriteIsOut, world.isConnected, world.isTracking, world.tracks]
  }
}

private struct Search {
  var visited: Set<Situation> = []
  var steps = 0
  var failures: [String] = []

  mutating func run(_ world: World, _ path: [Step]) {
    if let complaint = world.complaint {
      failures.append("\(complaint), after \(path)")
      return
    }
    guard failures.isEmpty, visited.insert(Situation(world)).inserted else { return }
    for step in Step.allCases {
      if let next = world.after(step) {
        steps += 1
        run(next, path + [step])
      }
    }
  }
}

@Test func nothingKeptIsOlderThanTheLastInvalidationInAnyOrderOfEvents() {
  for redirect in [false, true] {
    var search = Search()
    search.run(World(redirect: redirect), [])
    print("situations\(redirect ? " with a redirect" : ""): \(search.visited.count), steps \(search.steps)")
    #expect(search.visited.count > 2_000)
    #expect(search.failures.isEmpty, "\(search.failures.first ?? "")")
  }
}
