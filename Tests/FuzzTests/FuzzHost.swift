import Commands
import Glibc
import Keyspace
import Memory
import RESP
import Structures

/// A server without sockets: sessions with their input, the executor, and a clock that the test moves.
///
/// It does with bytes what the event loop does: parses them however they are cut, keeps what is not complete, executes
/// what is, and waits while a session waits.
final class FuzzHost: ExecutorHost {
  private final class Time: Clock {
    var milliseconds: Int64 = 1_700_000_000_000
    func unixMilliseconds() -> Int64 { milliseconds }
    func unixMicroseconds() -> Int64 { milliseconds * 1000 }
    var ticksPerKibinanosecond: UInt64 { 1024 }
  }

  static let maximumBulk = 1 << 20
  private static let maximumString = 256 << 10

  let keyspace: UnsafeMutablePointer<Keyspace>
  private(set) var executor: Executor!
  private let time = Time()
  private(set) var clients: [FuzzClient] = []
  private var nextID: UInt64 = 1
  private(set) var executed = 0
  private(set) var propagated = 0
  /// How often each command was answered without an error, by its index in the table.
  private(set) var successes: [Int: Int] = [:]
  /// What went wrong, with the command that did it.
  private(set) var faults: [String] = []

  init(seed: UInt64) {
    keyspace = .allocate(capacity: 1)
    keyspace.initialize(
      to: Keyspace(databases: 3, hashKey: SipKey(k0: seed, k1: 2), seed: seed, now: time.milliseconds))
    keyspace.pointee.maximumStringCount = Self.maximumString
    executor = Executor(keyspace: keyspace, families: CommandTable.families, host: self, clock: time)
    keyspace.pointee.interest.insert(.notifications)
    keyspace.pointee.interest.insert(.propagation)
    keyspace.pointee.notifiedClasses = [.all, .new, .keyMiss, .keyspace, .keyevent]
    executor.propagation.setSink(
      { [unowned(unsafe) self] commands, _ in
        propagated += 1
        check(commands, expecting: 1...Int.max, "propagated")
        return Propagation.Ends()
      }, ends: Propagation.Ends())
  }

  deinit {
    for client in clients { end(client) }
    executor = nil
    keyspace.deinitialize(count: 1)
    keyspace.deallocate()
  }

  func addClient() -> FuzzClient {
    let client = FuzzClient(id: nextID, now: time.milliseconds)
    nextID += 1
    client.session.pointee.connection = Unmanaged.passUnretained(client).toOpaque()
    clients.append(client)
    return client
  }

  func end(_ client: FuzzClient) {
    executor.forget(client.session)
    clients.removeAll { $0 === client }
  }

  /// Lets time pass, with all that happens by itself meanwhile.
  func advance(_ milliseconds: Int64) {
    time.milliseconds += milliseconds
    executor.beginTurn()
    _ = keyspace.pointee.runExpiry { false }
    executor.propagatePending()
    executor.timeOutBlocked()
  }

  // MARK: Input

  /// Takes bytes in. False if the connection is to be closed.
  func receive(_ bytes: some Collection<UInt8>, from client: FuzzClient) -> Bool {
    client.append(bytes)
    return serve(client)
  }

  /// Executes every whole command that a client sent.
  func serve(_ client: FuzzClient) -> Bool {
    executor.beginTurn()
    while !client.isWaiting {
      if client.isClosing { return false }
      switch client.parse() {
      case .incomplete: return true
      case .nothing: client.dropParsed()
      case .failure: return false
      case .command:
        execute(client)
        client.dropParsed()
      }
    }
    return true
  }

  private func execute(_ client: FuzzClient) {
    client.withArguments { arguments, count in run(arguments, count, client) }
    if executor.hot.pointee.hasReadyKeys { executor.serveBlocked() }
  }

  /// Runs one command and checks its reply.
  func run(_ arguments: UnsafePointer<Bytes>, _ count: Int, _ client: FuzzClient) {
    executed += 1
    let command = executor.table.find(arguments[0])
    let key = command?.pointee.firstKey ?? 0
    let hash = key > 0 && key < count ? keyspace.pointee.hash(arguments[key]) : 0
    let dirty = keyspace.pointee.dirty
    // Messages count as replies in RESP2, and of several channels there are several, in a transaction too.
    let isPubSub =
      command?.pointee.flags.contains(.pubsub) == true
      || client.session.pointee.transaction?.flags.contains(.pubsub) == true
    var reply = ReplyWriter(capacity: 256)
    let outcome = executor.execute(
      client.session, arguments, count: count, command: command, firstKeyHash: hash, &reply)
    var flat = ReplyWriter(capacity: 256)
    flat.raw(flat: &reply)
    let shown = { Self.shown(arguments, count) }
    let isError = flat.count > 0 && flat.bytes[0] == UInt8(ascii: "-")
    if let command = client.session.pointee.lastCommand, !isError {
      successes[command.pointee.index, default: 0] += 1
    }
    let mayBeSilent = outcome == .postponed || client.isWaiting || client.isClosing
    check(flat.bytes, expecting: isPubSub ? 0...1000 : mayBeSilent ? 0...1 : 1...1, shown())
    // Keys that were found dead are removed whatever the answer is.
    if isError && keyspace.pointee.dirty > dirty + expiredSince() {
      fault("an error though something was changed: \(shown())\n  \(flat.bytes.string)")
    }
  }

  private var expiredBefore = 0

  private func expiredSince() -> Int {
    let now = keyspace.pointee.statistics.expiredKeys + keyspace.pointee.statistics.expiredFields
    defer { expiredBefore = now }
    return now - expiredBefore
  }

  // MARK: Checks

  private func check(_ bytes: Bytes, expecting expected: ClosedRange<Int>, _ what: @autoclosure () -> String) {
    do throws(ReplyCheck.Malformed) {
      let counted = try ReplyCheck.count(bytes)
      if !expected.contains(counted.replies) {
        fault("\(counted.replies) replies and \(counted.pushes) pushes to \(what())\n  \(bytes.string.prefix(300))")
      }
    } catch {
      fault("malformed at \(error.at): \(what())\n  \(bytes.string.prefix(300))")
    }
  }

  private func fault(_ text: String) {
    if faults.count < 20 { faults.append(text) }
  }

  static func shown(_ arguments: UnsafePointer<Bytes>, _ count: Int) -> String {
    (0..<count).map { "\"" + arguments[$0][0..<min(60, arguments[$0].count)].string + "\"" }.joined(separator: " ")
  }

  // MARK: ExecutorHost

  private func client(_ session: SessionPointer) -> FuzzClient? {
    session.pointee.connection.map { Unmanaged<FuzzClient>.fromOpaque($0).takeUnretainedValue() }
  }

  func deliver(_ bytes: Bytes, to session: SessionPointer) {
    check(bytes, expecting: 0...100, "delivered")
  }

  func close(_ session: SessionPointer) { client(session)?.isClosing = true }
  func blocked(_ session: SessionPointer) { client(session)?.isWaiting = true }
  func unblocked(_ session: SessionPointer) { client(session)?.isWaiting = false }
  func isPaused(_ flags: CommandFlags) -> Bool { false }
  func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool { true }
}
