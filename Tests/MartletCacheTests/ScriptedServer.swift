import MartletClient
import Synchronization
import TestSupport

@testable import MartletCache

/// A server in memory that does what a test says, when it says so: it holds back replies and pushes, loses connections, and
/// forgets who reads what, as a real one does.
final class ScriptedServer: Sendable {
  private struct Item {
    var bytes: [UInt8]
    var deadline: Int64?
  }

  private struct State {
    var items: [String: Item] = [:]
    /// Which backends will be told when a name changes.
    var trackers: [String: Set<Int>] = [:]
    var backends: [WeakBackend] = []
    var reads: [String: Int] = [:]
  }

  private struct WeakBackend {
    weak var backend: ScriptedBackend?
  }

  let clock: ManualClock
  private let state = Mutex(State())

  init(clock: ManualClock = ManualClock()) { self.clock = clock }

  func connect(tracks: Bool = true) -> ScriptedBackend {
    let backend = ScriptedBackend(self, tracks: tracks)
    let number = state.withLock { state in
      state.backends.append(WeakBackend(backend: backend))
      return state.backends.count - 1
    }
    backend.number.store(number, ordering: .relaxed)
    return backend
  }

  func readCount(_ name: String) -> Int { state.withLock { $0.reads[name] ?? 0 } }

  func get(_ name: String, by backend: Int? = nil) -> BackendValue {
    expire(name)
    return state.withLock { state in
      state.reads[name, default: 0] += 1
      if let backend { state.trackers[name, default: []].insert(backend) }
      let item = state.items[name]
      return BackendValue(
        bytes: item?.bytes, milliseconds: item?.deadline.map { $0 - clock.now }, origin: 0)
    }
  }

  func has(_ name: String) -> Bool {
    expire(name)
    return state.withLock { $0.items[name] != nil }
  }

  func text(_ name: String) -> String? { get(name).bytes.map { String(decoding: $0, as: UTF8.self) } }

  func set(_ name: String, _ bytes: [UInt8]?, milliseconds: Int64? = nil) {
    let tell = state.withLock { state in
      let changes = bytes != nil || state.items[name] != nil
      state.items[name] = bytes.map { Item(bytes: $0, deadline: milliseconds.map { clock.now + $0 }) }
      return changes ? Self.takeTrackers(&state, name) : []
    }
    for backend in tell { backend.push(name) }
  }

  func set(_ name: String, _ text: String, milliseconds: Int64? = nil) {
    set(name, Array(text.utf8), milliseconds: milliseconds)
  }

  /// As SET NX and the other conditional writes: reads and writes in one step.
  func setIf(_ name: String, is expected: (([UInt8]?) -> Bool), to new: [UInt8]?, milliseconds: Int64?) -> Bool {
    expire(name)
    let (done, tell) = state.withLock { state -> (Bool, [ScriptedBackend]) in
      guard expected(state.items[name]?.bytes) else { return (false, []) }
      state.items[name] = new.map { Item(bytes: $0, deadline: milliseconds.map { clock.now + $0 }) }
      return (true, Self.takeTrackers(&state, name))
    }
    for backend in tell { backend.push(name) }
    return done
  }

  func forget(_ backend: Int) {
    state.withLock { state in
      for name in state.trackers.keys { state.trackers[name]!.remove(backend) }
    }
  }

  private func expire(_ name: String) {
    let isOver = state.withLock { ($0.items[name]?.deadline).map { $0 <= clock.now } ?? false }
    if isOver { set(name, nil) }
  }

  private static func takeTrackers(_ state: inout State, _ name: String) -> [ScriptedBackend] {
    (state.trackers.removeValue(forKey: name) ?? []).sorted().compactMap { state.backends[$0].backend }
  }
}

/// A connection to a scripted server, and what a cache knows of it.
final class ScriptedBackend: CacheBackend {
  private struct State {
    weak var listener: (any CacheBackendListener)?
    var isOpen = true
    /// Pushes wait for `releasePushes`.
    var holdsPushes = false
    var heldPushes: [String] = []
    /// Reads wait for `releaseReads` after the server has answered.
    var holdsReads = false
    var heldReads: [CheckedContinuation<Void, Never>] = []
  }

  let server: ScriptedServer
  let number = Atomic<Int>(0)
  private let tracks: Bool
  private let state = Mutex(State())

  init(_ server: ScriptedServer, tracks: Bool) {
    self.server = server
    self.tracks = tracks
  }

  private var listener: (any CacheBackendListener)? { state.withLock { $0.listener } }
  private var me: Int { number.load(ordering: .relaxed) }

  func start(_ listener: any CacheBackendListener) {
    state.withLock { $0.listener = listener }
    listener.opened(origin: 0, nothingMissed: false, untracked: tracks ? nil : "it is scripted so")
  }

  func stop() {}

  // MARK: The script

  func lose() {
    state.withLock { state in
      state.isOpen = false
      state.heldPushes = []
    }
    server.forget(me)
    listener?.closed(origin: 0)
    releaseReads()
  }

  func reopen(nothingMissed: Bool = false) {
    state.withLock { $0.isOpen = true }
    listener?.opened(origin: 0, nothingMissed: nothingMissed, untracked: tracks ? nil : "it is scripted so")
  }

  func flush() { listener?.flushed(origin: 0) }

  func holdPushes() { state.withLock { $0.holdsPushes = true } }
  func holdReads() { state.withLock { $0.holdsReads = true } }
  var heldReadCount: Int { state.withLock { $0.heldReads.count } }
  var heldPushCount: Int { state.withLock { $0.heldPushes.count } }

  func releasePushes() {
    let names = state.withLock { state in
      defer { state.heldPushes = [] }
      state.holdsPushes = false
      return state.heldPushes
    }
    for name in names { listener?.changed(name: NameHash.of(name), origin: 0) }
  }

  func releaseReads() {
    let reads = state.withLock { state in
      defer { state.heldReads = [] }
      state.holdsReads = false
      return state.heldReads
    }
    for read in reads { read.resume() }
  }

  func push(_ name: String) {
    let goesNow = state.withLock { state in
      if state.holdsPushes { state.heldPushes.append(name) }
      return !state.holdsPushes && state.isOpen
    }
    if goesNow { listener?.changed(name: NameHash.of(name), origin: 0) }
  }

  // MARK: CacheBackend

  private func check() throws {
    if !state.withLock({ $0.isOpen }) { throw MartletError.connectionLost(mayHaveRun: false) }
  }

  func origin(of name: String) -> Int { 0 }
  func prepare(_ name: String) async throws { try check() }

  func read(_ name: String, isKept: Bool) async throws -> BackendValue {
    try check()
    let value = server.get(name, by: tracks && isKept ? me : nil)
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        if state.holdsReads { state.heldReads.append(continuation) }
        return state.holdsReads
      }
      if !isHeld { continuation.resume() }
    }
    try check()
    return value
  }

  func write(
    _ name: String, _ bytes: [UInt8]?, milliseconds: Int64?, endingLease lease: String, note: WriteNote?
  ) async throws {
    try check()
    server.set(lease, nil)
    server.set(name, bytes, milliseconds: milliseconds)
  }

  func fill(
    _ name: String, _ bytes: [UInt8], milliseconds: Int64?, lease: String, token: String
  ) async throws -> Bool {
    try check()
    guard server.setIf(lease, is: { $0 == Array(token.utf8) }, to: nil, milliseconds: nil) else { return false }
    server.set(name, bytes, milliseconds: milliseconds)
    return true
  }

  func takeLease(_ lease: String, on name: String, token: String, milliseconds: Int64) async throws -> LeaseOutcome {
    try check()
    let isTaken = server.setIf(lease, is: { $0 == nil }, to: Array(token.utf8), milliseconds: milliseconds)
    return isTaken ? .taken(isValueThere: server.has(name)) : .held
  }

  func replace(
    _ name: String, current: [UInt8]?, with new: [UInt8]?, milliseconds: Int64?, endingLease lease: String,
    note: WriteNote?
  ) async throws -> Bool {
    try check()
    guard server.setIf(name, is: { $0 == current }, to: new, milliseconds: milliseconds) else { return false }
    server.set(lease, nil)
    return true
  }

  func remove(_ names: [String]) async throws {
    try check()
    for name in names { server.set(name, nil) }
  }

  func increment(_ name: String) async throws -> Int64 {
    try check()
    while true {
      let old = server.get(name).bytes
      let version = (old.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0) + 1
      if server.setIf(name, is: { $0 == old }, to: Array("\(version)".utf8), milliseconds: nil) { return version }
    }
  }
}

/// Waits for a condition, letting others run.
func until(_ what: String, seconds: Double = 60, _ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    if ContinuousClock.now > deadline { throw TestFailure("it did not come to be that \(what)") }
    try await Task.sleep(for: .milliseconds(1))
  }
}
