import CMartlet
import Glibc
import Memory

/// A replica's conversation with its primary, up to the point where the stream of commands begins: connect, introduce
/// oneself, ask for what is missing, receive a snapshot.
///
/// It is a state machine over a socket that never blocks. The server calls it when the socket is ready, and acts on what
/// it answers.
final class PrimaryLink {
  enum Phase {
    case waiting, connecting, introducing, awaitingSnapshot, receivingSnapshot, loading, streaming
  }

  /// What is to be done next.
  enum Step {
    case nothing
    /// The primary goes on where this server was. Its history may have a new name.
    case continues(id: String?)
    /// A snapshot is in the file; the stream goes on from a position of a history.
    case snapshot(path: String, id: String, position: Int)
    case failed(String)
    /// The primary answers, but does not want to go on.
    case refused(String)
  }

  /// What is known already: asked of the primary for the rest only.
  struct Known {
    var id: String
    var position: Int
  }

  struct Introduction {
    var user = ""
    var password = ""
    var port = 0
    var address = ""
    /// The address of this machine to connect from; empty: any.
    var sourceAddress = ""
    /// The other server, which follows this one, is to become the primary.
    var asksToTakeOver = false
  }

  let host: String
  let port: Int
  private(set) var phase = Phase.waiting
  /// The primary said that it will send what it has.
  private(set) var isAccepted = false
  private(set) var descriptor: Int32 = -1
  /// When the primary was last heard of, in Unix milliseconds.
  private(set) var lastHeard: Int64 = 0
  /// When it was lost.
  var downSince: Int64
  /// Bytes of the snapshot, all and received. All is -1 as long as it is not known.
  private(set) var snapshotSize = -1
  private(set) var snapshotReceived = 0
  private var input: [UInt8] = []
  private var questions: [String] = []
  private var answering = 0
  private var file: Int32 = -1
  private var path = ""
  private var offered: (id: String, position: Int)?

  init(host: String, port: Int, now: Int64) {
    self.host = host
    self.port = port
    downSince = now
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    forgetFile()
    input = []
    snapshotSize = -1
    snapshotReceived = 0
    phase = .waiting
  }

  private func forgetFile() {
    if file >= 0 {
      Glibc.close(file)
      unlink(path)
    }
    file = -1
  }

  /// Gives the socket away, and what was received beyond the last answer.
  func handOver() -> (descriptor: Int32, received: [UInt8]) {
    defer {
      descriptor = -1
      input = []
      phase = .streaming
    }
    return (descriptor, input)
  }

  /// As ROLE names it.
  var stateName: StaticString {
    switch phase {
    case .waiting: "connect"
    case .connecting: "connecting"
    case .introducing: "handshake"
    case .awaitingSnapshot, .receivingSnapshot, .loading: "sync"
    case .streaming: "connected"
    }
  }

  // MARK: Connect

  /// Begins to connect; returns why that is impossible.
  func connect(now: Int64, _ known: Known?, _ introduction: Introduction, snapshotPath: String) -> String? {
    path = snapshotPath
    lastHeard = now
    isAccepted = false
    do throws(OutgoingSocket.Failure) {
      descriptor = try OutgoingSocket.connect(host: host, port: String(port), from: introduction.sourceAddress)
    } catch {
      return error.message
    }
    phase = .connecting
    prepare(known, introduction)
    return nil
  }

  private func prepare(_ known: Known?, _ introduction: Introduction) {
    questions = [Self.command("PING")]
    if !introduction.password.isEmpty {
      questions.append(
        introduction.user.isEmpty
          ? Self.command("AUTH", introduction.password)
          : Self.command("AUTH", introduction.user, introduction.password))
    }
    questions.append(Self.command("REPLCONF", "listening-port", "\(introduction.port)"))
    if !introduction.address.isEmpty { questions.append(Self.command("REPLCONF", "ip-address", introduction.address)) }
    questions.append(Self.command("REPLCONF", "capa", "psync2"))
    // The next byte, counted from one.
    let words = ["PSYNC", known?.id ?? "?", known.map { "\($0.position + 1)" } ?? "-1"]
    questions.append(Self.command(introduction.asksToTakeOver ? words + ["FAILOVER"] : words))
    answering = 0
  }

  private static func command(_ words: String...) -> String { command(words) }

  private static func command(_ words: [String]) -> String {
    words.reduce("*\(words.count)\r\n") { $0 + "$\($1.utf8.count)\r\n\($1)\r\n" }
  }

  // MARK: Converse

  /// The socket is ready.
  func proceed(now: Int64) -> Step {
    if phase == .connecting {
      guard let code = OutgoingSocket.outcome(of: descriptor) else { return .nothing }
      guard code == 0 else { return .failed("Error condition on socket for SYNC: \(String(cString: strerror(code)))") }
      phase = .introducing
      return ask()
    }
    guard receive(now) else { return .failed("Connection with master lost.") }
    while true {
      switch phase {
      case .introducing:
        guard let line = takeLine() else { return .nothing }
        if line.isEmpty { continue }
        if let step = understand(line) { return step }
      case .awaitingSnapshot:
        guard let line = takeLine() else { return .nothing }
        // Empty lines are signs of life.
        if line.isEmpty { continue }
        if let failure = beginSnapshot(line) { return .failed(failure) }
      case .receivingSnapshot: return storeSnapshot()
      case .waiting, .connecting, .loading, .streaming: return .nothing
      }
    }
  }

  private func ask() -> Step {
    let question = questions[answering]
    let sent = question.withBytes { write(descriptor, $0.base, $0.count) }
    return sent == question.utf8.count ? .nothing : .failed("Error sending a command to master")
  }

  /// Reads what there is. False if the other side is gone.
  private func receive(_ now: Int64) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    if count == 0 { return false }
    lastHeard = now
    input.append(contentsOf: chunk[0..<count])
    return true
  }

  private func takeLine() -> String? {
    guard let end = input.firstIndex(of: 10) else { return input.count > 64 << 10 ? "-too long a line" : nil }
    var line = input[..<end]
    if line.last == 13 { line = line.dropLast() }
    let text = String(decoding: line, as: UTF8.self)
    input.removeFirst(end + 1)
    return text
  }

  /// Nil: go on with what else was received.
  private func understand(_ line: String) -> Step? {
    let isLast = answering == questions.count - 1
    if !isLast {
      // Old primaries do not know all that REPLCONF can tell; whoever wants a password says so to PING already.
      let isFatal = line.hasPrefix("-") && !questions[answering].contains("REPLCONF")
      if isFatal && !line.hasPrefix("-NOAUTH") && !line.hasPrefix("-ERR operation not permitted") {
        return .failed(
          questions[answering].contains("AUTH")
            ? "Unable to AUTH to MASTER: \(line.dropFirst())" : "Error reply to PING from master: '\(line)'")
      }
      answering += 1
      let step = ask()
      if case .failed = step { return step }
      return nil
    }
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "+FULLRESYNC" where words.count >= 3 && words[1].count == 40:
      guard let position = Int(words[2]), position >= 0 else { return .failed("Master replied with wrong +FULLRESYNC") }
      offered = (words[1], position)
      isAccepted = true
      phase = .awaitingSnapshot
      return nil
    case "+CONTINUE":
      isAccepted = true
      return .continues(id: words.count > 1 && words[1].count == 40 ? words[1] : nil)
    default: return .refused("Master is currently unable to PSYNC: \(line)")
    }
  }

  // MARK: Snapshot

  /// Returns why it cannot be received.
  private func beginSnapshot(_ line: String) -> String? {
    if line.hasPrefix("-") { return "MASTER aborted replication with an error: \(line.dropFirst())" }
    guard line.hasPrefix("$"), let size = Int(line.dropFirst()), size >= 0 else {
      return "Bad protocol from MASTER, the first byte is not '$' (we received '\(line)')"
    }
    file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    if file < 0 {
      return "Opening the temp file needed for MASTER <-> REPLICA synchronization: \(String(cString: strerror(errno)))"
    }
    snapshotSize = size
    snapshotReceived = 0
    phase = .receivingSnapshot
    return nil
  }

  private func storeSnapshot() -> Step {
    let count = min(input.count, snapshotSize - snapshotReceived)
    var stored = 0
    while stored < count {
      let written = input.withUnsafeBytes { write(file, $0.baseAddress! + stored, count - stored) }
      if written <= 0 { return .failed("Write error or short write writing to the DB dump file") }
      stored += written
    }
    input.removeFirst(count)
    snapshotReceived += count
    guard snapshotReceived == snapshotSize, let offered else { return .nothing }
    Glibc.close(file)
    file = -1
    phase = .loading
    return .snapshot(path: path, id: offered.id, position: offered.position)
  }
}
