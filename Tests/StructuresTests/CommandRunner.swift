import Commands
import Keyspace
import Memory
import RESP
import Structures

/// Runs commands in process, with a clock that stands still unless a test moves it.
final class CommandRunner: ExecutorHost {
  private final class Time: Clock {
    var milliseconds: Int64 = 1_700_000_000_000
    func unixMilliseconds() -> Int64 { milliseconds }
    func unixMicroseconds() -> Int64 { milliseconds * 1000 }
    var ticksPerKibinanosecond: UInt64 { 1024 }
  }

  let keyspace: UnsafeMutablePointer<Keyspace>
  private(set) var executor: Executor!
  private let session: SessionPointer
  private let time = Time()
  /// Events since they were last taken, as `event key`.
  private(set) var events: [String] = []

  init(seed: UInt64 = 1) {
    keyspace = .allocate(capacity: 1)
    keyspace.initialize(
      to: Keyspace(databases: 2, hashKey: SipKey(k0: seed, k1: 2), seed: seed, now: time.milliseconds))
    session = .allocate(capacity: 1)
    session.initialize(
      to: Session(
        id: 1, now: time.milliseconds,
        details: SessionDetails(createdAt: 0, peerAddress: "", localAddress: "", fileDescriptor: -1)))
    executor = Executor(keyspace: keyspace, families: CommandTable.families, host: self, clock: time)
    keyspace.pointee.interest = .notifications
    keyspace.pointee.notifiedClasses = [.all, .new]
    keyspace.pointee.listener = { [unowned(unsafe) self] change in
      if change.eventClass != .silent { events.append("\(change.event) \(change.key.string)") }
    }
  }

  deinit {
    executor = nil
    session.deinitialize(count: 1)
    session.deallocate()
    keyspace.deinitialize(count: 1)
    keyspace.deallocate()
  }

  var now: Int64 { time.milliseconds }

  func advance(_ milliseconds: Int64) {
    time.milliseconds += milliseconds
    executor.beginTurn()
  }

  /// Lets everything die whose time has come.
  @discardableResult
  func expire(isOutOfTime: () -> Bool = { false }) -> Bool { keyspace.pointee.runExpiry(isOutOfTime: isOutOfTime) }

  func takeEvents() -> [String] {
    defer { events = [] }
    return events
  }

  var isRESP3: Bool {
    get { session.pointee.isRESP3 }
    set { session.pointee.protocolVersion = newValue ? 3 : 2 }
  }

  /// The reply's bytes to a command given as words.
  @discardableResult
  func run(_ words: String...) -> String { run(words.map { Array($0.utf8) }) }

  func run(_ arguments: [[UInt8]]) -> String {
    executor.beginTurn()
    var reply = ReplyWriter(capacity: 1024)
    var flat: [UInt8] = []
    for argument in arguments { flat += argument }
    return flat.withUnsafeBytes { buffer in
      let base = buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
      var views: [Bytes] = []
      var at = 0
      for argument in arguments {
        views.append(Bytes(base + at, count: argument.count))
        at += argument.count
      }
      let command = executor.table.find(views[0])
      let first = command?.pointee.firstKey ?? 0
      let hash = first > 0 && first < views.count ? keyspace.pointee.hash(views[first]) : 0
      return views.withUnsafeBufferPointer { views in
        _ = executor.execute(
          session, views.baseAddress!, count: views.count, command: command, firstKeyHash: hash, &reply)
        return reply.bytes.string
      }
    }
  }

  /// The reply as the words and numbers in it, heads of aggregates left out.
  func words(_ command: String...) -> [String] { words(command) }

  func words(_ command: [String]) -> [String] {
    let lines = run(command.map { Array($0.utf8) }).split(separator: "\r\n", omittingEmptySubsequences: false)
    var words: [String] = []
    var i = 0
    while i < lines.count {
      let line = lines[i]
      if line.hasPrefix("$-1") || line == "_" {
        words.append("nil")
      } else if line.hasPrefix("$") {
        i += 1
        words.append(String(lines[i]))
      } else if let first = line.first, ":+-".contains(first) {
        words.append(String(line.dropFirst(first == "-" ? 0 : 1)))
      }
      i += 1
    }
    return words
  }

  func deliver(_ bytes: Bytes, to session: SessionPointer) {}
  func close(_ session: SessionPointer) {}
  func blocked(_ session: SessionPointer) {}
  func unblocked(_ session: SessionPointer) {}
  func isPaused(_ flags: CommandFlags) -> Bool { false }
  func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool { false }
}
