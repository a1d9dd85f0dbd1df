import Commands
import Directives
import Keyspace
import Memory
import RESP

// How clients are described, and what is done about those who take too much or stay silent.

/// CLIENT PAUSE.
struct ClientPause {
  /// Unix milliseconds; nil: nobody is paused.
  var end: Int64?
  var pausesAll = false
  /// FAILOVER: those who write wait as long as it takes.
  var isForFailover = false

  /// The end is to come when replicas have everything.
  var isForShutdown = false

  var isOn: Bool { end != nil || isForFailover || isForShutdown }
}

/// When the most that waited to be sent to each client, which CLIENT LIST shows, is forgotten.
struct OutputPeaks {
  static let defaultResetMilliseconds: Int64 = 5000

  /// Nil: never.
  var resetMilliseconds: Int64? = defaultResetMilliseconds
  var lastReset: Int64 = 0
}

extension ServerInstance {
  func clientClass(_ connection: ConnectionPointer) -> ClientClass {
    let flags = connection.pointee.session.flags
    if flags.contains(.primary) { return .primary }
    return flags.contains(.replica) ? .replica : flags.contains(.subscribed) ? .pubsub : .normal
  }

  /// The client with this ID, unless it is about to be closed.
  func connection(id: UInt64) -> ConnectionPointer? {
    connections.first { $0.pointee.session.id == id && !$0.pointee.isClosing }
  }

  /// One line of CLIENT LIST, without its end.
  ///
  /// - Parameter call: the command that runs now: its bytes count as received by its client.
  func clientLine(_ connection: ConnectionPointer, running call: Call? = nil) -> String {
    let session = connection.sessionPointer
    let own = call?.session == session ? call : nil
    let details = session.pointee.details
    let now = keyspace.pointee.now
    let transaction = session.pointee.transaction
    var line = "id=\(session.pointee.id) addr=\(details.peerAddress) laddr=\(details.localAddress)"
    line += " fd=\(details.fileDescriptor) name=\(details.name.string)"
    line += " age=\((now - details.createdAt) / 1000) idle=\((now - session.pointee.lastInteraction) / 1000)"
    line += " flags=\(flagLetters(session)) db=\(session.pointee.database)"
    line += " sub=\(session.pointee.subscriptions?.channels.count ?? 0)"
    line += " psub=\(session.pointee.subscriptions?.patterns.count ?? 0)"
    line += " ssub=\(session.pointee.subscriptions?.shardChannels.count ?? 0)"
    line += " multi=\(transaction.map { $0.commands.count } ?? -1)"
    let input = connection.pointee.input
    line += " qbuf=\(input.unparsedBytes + (own?.encodedBytes ?? 0)) qbuf-free=\(input.memory - input.receivedBytes)"
    line += " argv-mem=\(argumentMemory(connection, running: own)) multi-mem=\(transaction?.memory ?? 0)"
    line += " rbs=\(replyBufferSize(connection)) rbp=\(connection.pointee.peakOutput)"
    line += " obl=0 oll=\(connection.pointee.output.chunks) omem=\(connection.pointee.output.memory)"
    line += " tot-mem=\(totalMemory(connection))"
    line += " events=\(connection.pointee.waitsForWrite ? "rw" : "r")"
    line += " cmd=\(session.pointee.lastCommand?.pointee.fullName ?? "NULL") user=\(session.pointee.userName)"
    line += " redir=\(redirection(session, executor))"
    line += " resp=\(session.pointee.protocolVersion)"
    line += " lib-name=\(details.libraryName.string) lib-ver=\(details.libraryVersion.string)"
    return line
  }

  private func flagLetters(_ session: SessionPointer) -> String {
    let flags = session.pointee.flags
    var letters = ""
    if flags.contains(.replica) { letters += "S" }
    if flags.contains(.primary) { letters += "M" }
    if flags.contains(.monitor) { letters += "O" }
    if flags.contains(.subscribed) { letters += "P" }
    if flags.contains(.inTransaction) { letters += "x" }
    if flags.contains(.blocked) || flags.contains(.paused) { letters += "b" }
    if flags.contains(.tracking) { letters += "t" }
    if flags.contains(.trackingBrokenRedirect) { letters += "R" }
    if flags.contains(.trackingBroadcast) { letters += "B" }
    if flags.contains(.watchedKeyChanged) { letters += "d" }
    if flags.contains(.closeAfterReply) { letters += "c" }
    if flags.contains(.closing) { letters += "A" }
    if flags.contains(.unixSocket) { letters += "U" }
    if flags.contains(.noEvict) { letters += "e" }
    if flags.contains(.noTouch) { letters += "T" }
    return letters.isEmpty ? "N" : letters
  }

  func replyBufferSize(_ connection: ConnectionPointer) -> Int {
    connection.pointee.output.isEmpty ? 0 : connection.pointee.output.memory
  }

  // MARK: Pause

  func pauseClients(until end: Int64, all: Bool) {
    // A pause is never cut short by another.
    pause.end = max(pause.end ?? 0, end)
    pause.pausesAll = pause.pausesAll || all
    updatePause()
  }

  func unpauseClients() {
    guard pause.end != nil else { return }
    pause.end = nil
    pause.pausesAll = false
    updatePause()
  }

  /// To be called when a reason to pause clients begins or ends.
  func updatePause() {
    updateKeyspacePause()
    if pause.isOn {
      executor.hot.pointee.attention.insert(.paused)
    } else {
      executor.hot.pointee.attention.remove(.paused)
    }
    resumePaused()
  }

  /// Lets all who were held up try again.
  func resumePaused() {
    for connection in connections where connection.pointee.session.flags.contains(.paused) {
      connection.pointee.session.flags.remove(.paused)
      connection.pointee.isReadingPaused = false
      loop.resume(connection)
    }
  }

  /// Ends a pause whose time has come.
  func checkPause() {
    if let end = pause.end, end <= keyspace.pointee.now { unpauseClients() }
  }

  // MARK: Limits

  /// Closes a client whose replies pile up beyond `client-output-buffer-limit`.
  ///
  /// - Parameter pending: bytes of replies that are not even queued yet.
  func checkOutputLimit(_ connection: ConnectionPointer, pending: Int = 0) {
    let limit =
      switch clientClass(connection) {
      case .pubsub: settings.outputLimits.pubsub
      case .replica, .primary: replicaOutputLimit
      case .normal: settings.outputLimits.normal
      }
    let used = connection.pointee.output.memory + pending
    connection.pointee.peakOutput = max(connection.pointee.peakOutput, used)
    var isOver = limit.hard > 0 && used >= limit.hard
    if limit.soft > 0 && used >= limit.soft {
      let now = keyspace.pointee.now
      if connection.pointee.overSoftLimitSince == 0 {
        connection.pointee.overSoftLimitSince = now
      } else if now - connection.pointee.overSoftLimitSince > Int64(limit.softSeconds) * 1000 {
        isOver = true
      }
    } else {
      connection.pointee.overSoftLimitSince = 0
    }
    guard isOver && !connection.pointee.isClosing else { return }
    log.warning("Client \(clientLine(connection)) scheduled to be closed ASAP for overcoming of output buffer limits.")
    statistics.outputBufferLimitDisconnections += 1
    close(connection)
  }

  /// A replica may always be as far behind as the backlog is long.
  private var replicaOutputLimit: OutputBufferLimit {
    var limit = settings.outputLimits.replica
    if limit.hard > 0 { limit.hard = max(limit.hard, settings.backlogSize) }
    return limit
  }

  /// Looks at some of the clients: who is idle for too long, whose replies are over the soft limit.
  func checkClients() {
    let now = keyspace.pointee.now
    let timeout = Int64(settings.timeoutSeconds) * 1000
    // All of them within a second, whatever `hz` is.
    let share = max(connections.count / settings.hz + 1, 50)
    for _ in 0..<min(share, connections.count) {
      clientCursor = (clientCursor + 1) % connections.count
      let connection = connections[clientCursor]
      if connection.pointee.isClosing { continue }
      if connection.pointee.overSoftLimitSince > 0 { checkOutputLimit(connection) }
      let flags = connection.pointee.session.flags
      if timeout > 0 && now - connection.pointee.session.lastInteraction > timeout
        && flags.isDisjoint(with: [.subscribed, .blocked, .monitor, .paused, .replica, .primary])
      {
        log.verbose("Closing idle client")
        close(connection)
      }
    }
  }

  func resetOutputPeaks() {
    let now = keyspace.pointee.now
    guard let interval = outputPeaks.resetMilliseconds, now - outputPeaks.lastReset >= interval else { return }
    outputPeaks.lastReset = now
    for connection in connections { connection.pointee.peakOutput = connection.pointee.output.memory }
  }
}
