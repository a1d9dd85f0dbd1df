import CMartlet
import Commands
import Glibc
import Memory
import RESP

/// What MIGRATE asks for.
struct MigrationRequest {
  let host: String
  let port: String
  /// The database of the other server.
  let targetDatabase: Int64
  /// So long the other server may be silent, in milliseconds.
  let timeout: Int64
  let sourceDatabase: Int
  let keys: [ByteString]
  /// Which arguments of the command the keys are.
  let places: [Int]
  var keepsKeys = false
  var replaces = false
  var user: ByteString?
  var password: ByteString?

  /// What connections are kept under.
  var target: String { "\(host):\(port)" }
}

/// A socket to the server that keys are sent to, kept for the next MIGRATE that goes there.
struct MigrationSocket {
  let descriptor: Int32
  /// What it selected last; nil: unknown.
  var database: Int64?
  var lastUse: Int64
}

/// Keys on their way to another server: an introduction if that is needed, RESTORE for each key, and an answer to each.
///
/// It is a state machine over a socket that never blocks, to be called when the socket is ready. Keys are dumped one by
/// one, as the socket takes them, so that neither memory nor others suffer from how many there are; the caller sees to it
/// that they are not changed meanwhile.
final class Migration {
  enum Failure { case connecting, writing, reading }

  enum Outcome {
    case moved
    /// The other server's words.
    case refused(ErrorText)
    case failed(Failure)
  }

  /// Writes RESTORE of a key, unless there is no such key any more.
  typealias Dump = (_ key: ByteString, _ replaces: Bool, inout ReplyWriter) -> Bool

  private enum Question {
    case password, database
    /// The index of a key.
    case key(Int)
  }

  /// So much is prepared for the socket.
  private static let outputLimit = 64 << 10
  /// No answer to RESTORE is as long.
  private static let lineLimit = 64 << 10

  let request: MigrationRequest
  /// Who asked for it; nil: it is gone.
  var session: SessionPointer?
  private(set) var outcome: Outcome?
  /// Indices of the keys that the other server has.
  private(set) var restored: [Int] = []
  /// Counts the connections that were tried.
  private(set) var attempt = 0

  private var socket: MigrationSocket?
  private var isConnecting = false
  private var output = ReplyWriter(capacity: 16 << 10)
  private var sent = 0
  private var nextKey = 0
  private var questions: [Question] = []
  private var answered = 0
  private var input: [UInt8] = []
  private var refusal: ErrorText?
  private var wasIntroduced = true
  private var deadline: Int64 = 0
  private var mayRetry = true

  init(_ request: MigrationRequest) { self.request = request }

  deinit { closeSocket() }

  var descriptor: Int32? { socket?.descriptor }
  /// When the other server has been silent for too long, in Unix milliseconds.
  var nextDeadline: Int64 { deadline }
  /// What to wait for.
  var events: UInt32 { isConnecting || hasOutput ? Poller.readable | Poller.writable : Poller.readable }

  private var hasOutput: Bool { sent < output.count || nextKey < request.keys.count }

  /// Gives the socket away, to be used again.
  func takeSocket(now: Int64) -> MigrationSocket? {
    defer { socket = nil }
    socket?.lastUse = now
    return socket
  }

  private func closeSocket() {
    if let socket { close(socket.descriptor) }
    socket = nil
  }

  // MARK: Begin

  /// Begins, with a socket that is there already or a new one.
  func begin(on kept: MigrationSocket?, now: Int64) {
    attempt += 1
    deadline = now + request.timeout
    sent = 0
    output.reset(keepingCapacity: 1 << 20)
    nextKey = 0
    questions = []
    answered = 0
    input = []
    if let kept {
      socket = kept
      isConnecting = false
      introduce()
    } else {
      connect(now)
    }
  }

  private func connect(_ now: Int64) {
    do throws(OutgoingSocket.Failure) {
      let descriptor = try OutgoingSocket.connect(host: request.host, port: "\(atoi(request.port))")
      socket = MigrationSocket(descriptor: descriptor, database: nil, lastUse: now)
      isConnecting = true
    } catch {
      outcome = .failed(.connecting)
    }
  }

  private func introduce() {
    if let password = request.password {
      questions.append(.password)
      output.array(request.user == nil ? 2 : 3)
      output.bulk("AUTH")
      request.user?.withBytes { output.bulk($0) }
      password.withBytes { output.bulk($0) }
    }
    if socket?.database != request.targetDatabase {
      questions.append(.database)
      output.array(2)
      output.bulk("SELECT")
      output.bulk(integer: request.targetDatabase)
    }
  }

  // MARK: Go on

  /// The socket is ready, or it is time to look at the deadline. Does no more than one socket's buffer full.
  func proceed(now: Int64, _ dump: Dump) {
    guard outcome == nil else { return }
    if !isConnecting || finishConnecting() {
      write(now, dump)
      if outcome == nil && !isConnecting { read(now) }
    }
    if outcome == nil && now >= deadline { fail(isConnecting ? .connecting : hasOutput ? .writing : .reading) }
  }

  /// Waits for the other server, and for nothing else, until all is done.
  func runToEnd(clock: any Clock, _ dump: Dump) {
    while outcome == nil, let socket {
      let now = clock.unixMilliseconds()
      let wanted = events & Poller.writable != 0 ? POLLIN | POLLOUT : POLLIN
      var event = pollfd(fd: socket.descriptor, events: Int16(wanted), revents: 0)
      poll(&event, 1, Int32(clamping: max(0, deadline - now)))
      proceed(now: clock.unixMilliseconds(), dump)
    }
  }

  /// Whether there is a connection now.
  private func finishConnecting() -> Bool {
    guard let socket else { return false }
    var event = pollfd(fd: socket.descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&event, 1, 0) > 0, let code = OutgoingSocket.outcome(of: socket.descriptor) else { return false }
    if code != 0 {
      // Redis learns of it by its first write.
      fail(.writing)
      return false
    }
    isConnecting = false
    introduce()
    return true
  }

  /// Sends what the socket takes.
  private func write(_ now: Int64, _ dump: Dump) {
    prepare(dump)
    guard let socket, sent < output.count else { return }
    let count = Glibc.write(socket.descriptor, output.base + sent, output.count - sent)
    if count < 0 {
      if errno != EAGAIN && errno != EINTR { retry(after: .writing, now) }
      return
    }
    sent += count
    deadline = now + request.timeout
    if sent == output.count {
      output.reset(keepingCapacity: 1 << 20)
      sent = 0
    }
  }

  private func prepare(_ dump: Dump) {
    while nextKey < request.keys.count && output.count - sent < Self.outputLimit {
      if dump(request.keys[nextKey], request.replaces, &output) { questions.append(.key(nextKey)) }
      nextKey += 1
    }
    finishIfAnswered()
  }

  private func read(_ now: Int64) {
    guard let socket else { return }
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    let count = Glibc.read(socket.descriptor, &chunk, chunk.count)
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
    guard count > 0 else { return retry(after: hasOutput ? .writing : .reading, now) }
    deadline = now + request.timeout
    input.append(contentsOf: chunk[0..<count])
    var start = 0
    while outcome == nil, let end = input[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = input[start..<end].last == UInt8(ascii: "\r") ? input[start..<end - 1] : input[start..<end]
      understand(line)
      start = end + 1
    }
    input.removeFirst(start)
    if input.count > Self.lineLimit { fail(.reading) }
  }

  private func understand(_ line: ArraySlice<UInt8>) {
    guard answered < questions.count else { return fail(.reading) }
    let question = questions[answered]
    answered += 1
    if line.first == UInt8(ascii: "-") {
      // The first error tells what is wrong; others follow from it.
      if refusal == nil { refusal = Array(line.dropFirst()).withBytes { ErrorText("\($0)") } }
      if case .key = question {} else { wasIntroduced = false }
      socket?.database = nil
    } else {
      switch question {
      case .password: break
      case .database: socket?.database = request.targetDatabase
      // It may be in the wrong place if the introduction failed.
      case .key(let index): if wasIntroduced { restored.append(index) }
      }
    }
    finishIfAnswered()
  }

  private func finishIfAnswered() {
    guard nextKey == request.keys.count && answered == questions.count else { return }
    outcome = refusal.map { .refused($0) } ?? .moved
  }

  // MARK: Fail

  /// A connection that was kept may have been closed meanwhile, which is no reason to bother the client.
  private func retry(after failure: Failure, _ now: Int64) {
    let nothingIsRestored = !questions[..<answered].contains { if case .key = $0 { true } else { false } }
    guard mayRetry && nothingIsRestored else { return fail(failure) }
    mayRetry = false
    closeSocket()
    refusal = nil
    wasIntroduced = true
    begin(on: nil, now: now)
  }

  func fail(_ failure: Failure) {
    closeSocket()
    outcome = refusal.map { .refused($0) } ?? .failed(failure)
  }
}
