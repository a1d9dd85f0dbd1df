import CMartlet
import Keyspace
import Memory
import RESP
import Structures

/// What the executor asks of the layer that owns the sockets.
public protocol ExecutorHost: AnyObject {
  /// Sends bytes to a session beside its replies: pub/sub messages, MONITOR lines.
  func deliver(_ bytes: Bytes, to session: SessionPointer)
  /// Ends a session as soon as it is safe.
  func close(_ session: SessionPointer)
  /// A session waits for keys: its further commands wait too.
  func blocked(_ session: SessionPointer)
  /// A session that waited goes on.
  func unblocked(_ session: SessionPointer)
  /// A session as CLIENT LIST shows it.
  func describe(_ session: SessionPointer) -> String
  func forEachSession(_ body: (SessionPointer) -> Void)
  /// Whether a session may not run this command now because of CLIENT PAUSE.
  func isPaused(_ flags: CommandFlags) -> Bool
  /// Called before each command while clients may take only so much memory together.
  func measure(_ session: SessionPointer, argumentBytes: Int)
  /// Somebody sends lines of HTTP, perhaps a web page that makes its visitor's browser attack: to be shut out.
  func refuseBrowser(_ session: SessionPointer)
  /// Called for a protected command: whether `enable-debug-command` and its like allow it.
  func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool
  /// Asked while `Attention.restricted` is set: why a command may not run now, as an error, or nil if it may.
  func refusal(of command: CommandReference, _ flags: CommandFlags) -> String?
  /// A command of the primary that this server follows ended with an error. `command` is nil if nobody knows it.
  func primaryFailed(_ error: Bytes, _ command: CommandReference?)
  /// FLUSHALL removed everything.
  func flushedAll()
  /// The history that positions of changes belong to.
  var history: String { get }
  /// Whether an offset of a history, this one or another, is of this one's past.
  func isKnown(history: String, offset: Int) -> Bool
  /// The position of what was told last, to those who repeat commands; it is to be greater than `position`. Nil if it
  /// cannot be, yet.
  ///
  /// - Parameter isTurnEnd: no command is under way that was read already.
  func position(after position: Int, isTurnEnd: Bool) -> Int?
  /// Asked while `Attention.restricted` is set: why a script that may write cannot run, as an error.
  func refusalOfScript() -> String?
  /// A script runs for long: others are to hear of it.
  func serveWhileBusy()
}

extension ExecutorHost {
  public func refuseBrowser(_ session: SessionPointer) { close(session) }
  public func refusal(of command: CommandReference, _ flags: CommandFlags) -> String? { nil }
  public func primaryFailed(_ error: Bytes, _ command: CommandReference?) {}
  public func flushedAll() {}
  public func describe(_ session: SessionPointer) -> String { "" }
  public func forEachSession(_ body: (SessionPointer) -> Void) {}
  public var history: String { "" }
  public func isKnown(history: String, offset: Int) -> Bool { history == self.history }
  public func position(after position: Int, isTurnEnd: Bool) -> Int? { position + 1 }
  public func refusalOfScript() -> String? { nil }
  public func serveWhileBusy() {}
}

extension ExecutorHost {
  public func measure(_ session: SessionPointer, argumentBytes: Int) {}
}

/// Runs commands, one after the other, against the keyspace. It knows no sockets: tests and fuzzers
/// drive it in process with sessions of their own.
public final class Executor {
  /// State that every command touches; outside of the class, whose properties would be checked for
  /// exclusive access each time.
  public struct Hot {
    /// With nothing set, a command of an ordinary session goes straight to its handler.
    public var attention: Attention = []
    public var ticksNow: UInt64 = 0
    public var commandsProcessed = 0
    /// Commands that take as long are remembered by SLOWLOG or LATENCY; `UInt64.max` when both are off.
    public var slowTicks: UInt64 = .max
    public var tracksLatency = true
    /// A key that somebody waits for was changed.
    public var hasReadyKeys = false
    /// Whose commands run now; nil between them.
    public var current: SessionPointer?
    var feed: UnsafeMutablePointer<ChangeFeed>?
    /// A command waits for the snapshot; see `mustWait`.
    public var hasPutOff = false
    /// Arguments that lie in a piece of RESP, as their client sent it: it may be handed on as it is. Nil: they do not.
    public var verbatim: UnsafePointer<Bytes>?
    /// Ticks in 1,024 nanoseconds.
    public var ticksPerKibinanosecond: UInt64 = 1024
  }

  public struct Attention: OptionSet {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static var memoryLimit: Attention { Attention(rawValue: 1) }
    public static var paused: Attention { Attention(rawValue: 2) }
    public static var monitored: Attention { Attention(rawValue: 4) }
    /// What clients take is limited.
    public static var clientMemory: Attention { Attention(rawValue: 32) }
    /// Data is being loaded, or cannot be saved: not every command may run.
    public static var restricted: Attention { Attention(rawValue: 8) }
    /// A script runs for long.
    public static var busy: Attention { Attention(rawValue: 64) }
    /// A snapshot is being taken: whoever wants to change a large value may have to wait.
    public static var snapshot: Attention { Attention(rawValue: 16) }
    /// Some keys are not to be changed for a while.
    public static var held: Attention { Attention(rawValue: 128) }
  }

  public enum Outcome {
    case done
    /// Not run: the session waits, and the command is to be given again.
    case postponed
  }

  public let keyspace: UnsafeMutablePointer<Keyspace>
  public let table: CommandTable
  public let users: Users
  public let hot: UnsafeMutablePointer<Hot>
  public unowned(unsafe) var host: any ExecutorHost
  public var watches = WatchTable()
  public internal(set) var blocked = BlockedSessions()
  var held = HeldKeys()
  public let propagation: UnsafeMutablePointer<Propagation>
  public let tracking: UnsafeMutablePointer<Tracking>
  /// Nil while it is off.
  public internal(set) var feed: UnsafeMutablePointer<ChangeFeed>? {
    get { hot.pointee.feed }
    set { hot.pointee.feed = newValue }
  }
  public let channels = ChannelRegistry()
  public var slowlog = Slowlog()
  public var latencyMonitor = LatencyMonitor()
  public var errorStatistics: [String: Int] = [:]
  public var totalErrorReplies = 0
  public var monitors: [SessionPointer] = []
  public var clock: any Clock
  /// In whose name the server itself runs commands.
  let serverSession: SessionPointer
  private var scriptEngine: ScriptEngine! = nil
  public var scripting: ScriptEngine { scriptEngine }
  /// The error that a script ends with is that of a command in it, and was counted with that.
  var errorWasCounted = false
  private var lacksMemory = false
  /// Whether memory was over its limit when the command that runs began.
  var isOutOfMemory: Bool { hot.pointee.attention.contains(.memoryLimit) && lacksMemory }

  public init(
    keyspace: UnsafeMutablePointer<Keyspace>, families: [[Command]], renaming renamed: [String: String] = [:],
    host: any ExecutorHost, clock: any Clock
  ) {
    self.keyspace = keyspace
    self.host = host
    self.clock = clock
    table = CommandTable(families: families, renaming: renamed)
    propagation = .allocate(capacity: 1)
    propagation.initialize(to: Propagation())
    users = Users(table)
    tracking = .allocate(capacity: 1)
    tracking.initialize(to: Tracking(hashKey: keyspace.pointee.hashKey))
    serverSession = .allocate(capacity: 1)
    serverSession.initialize(
      to: Session(
        id: 0, now: 0, details: SessionDetails(createdAt: 0, peerAddress: "", localAddress: "", fileDescriptor: -1)))
    hot = .allocate(capacity: 1)
    hot.initialize(to: Hot())
    hot.pointee.ticksPerKibinanosecond = clock.ticksPerKibinanosecond
    keyspace.pointee.deadFieldsListener = { [unowned(unsafe) self] database, key, fields in
      self.propagateDeadFields(database, key, fields)
    }
    scriptEngine = ScriptEngine(self)
    keyspace.pointee.listener = { [unowned(unsafe) self] change in self.heard(change) }
  }

  deinit {
    serverSession.deinitialize(count: 1)
    serverSession.deallocate()
    feed?.deinitialize(count: 1)
    feed?.deallocate()
    tracking.deinitialize(count: 1)
    tracking.deallocate()
    propagation.deinitialize(count: 1)
    propagation.deallocate()
    hot.deallocate()
  }

  /// Says whose commands run now; nil: the server's own.
  @inline(__always)
  public func setCurrent(_ session: SessionPointer?) {
    hot.pointee.current = session
    keyspace.pointee.changeOrigin = session?.pointee.id ?? 0
  }

  /// To be called before the first command of a turn.
  public func beginTurn() {
    keyspace.pointee.setTime(milliseconds: clock.unixMilliseconds())
    hot.pointee.ticksNow = martlet_ticks()
  }

  /// To be called after the last command of a turn, before replies leave.
  public func endTurn() {
    if keyspace.pointee.interest.contains(.feed) { endTurnOfFeed() }
    if tracking.pointee.count > 0 || tracking.pointee.wantsToRun { endTurnOfTracking() }
  }

  // MARK: Dispatch

  /// Runs one command of a session and writes its reply.
  ///
  /// - Parameters:
  ///   - command: what ``CommandTable/find(_:)`` said of the first argument.
  ///   - firstKeyHash: the hash of the argument at the command's `firstKey`, if there are so many.
  @inline(__always)
  public func execute(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, count: Int, command: CommandReference?,
    firstKeyHash: UInt64, _ reply: inout ReplyWriter
  ) -> Outcome {
    if let command, session.pointee.flags.isDisjoint(with: SessionFlags.needAttention),
      hot.pointee.attention.isEmpty
        || (hot.pointee.attention == .snapshot && !mustWait(session, arguments, count, command, firstKeyHash)),
      command.pointee.accepts(count: count), !command.pointee.hasSubcommands,
      !command.pointee.flags.contains(.protected)
    {
      run(
        Call(
          arguments, count: count, session: session, command: command, firstKeyHash: firstKeyHash, executor: self),
        &reply)
      return .done
    }
    return executeChecked(session, arguments, count: count, command: command, &reply)
  }

  /// Runs the handler, and counts.
  @inline(__always)
  public func run(_ call: Call, _ reply: inout ReplyWriter) {
    let command = call.command
    reply.protocolVersion = call.session.pointee.protocolVersion
    let begin = hot.pointee.ticksNow
    let dirty = keyspace.pointee.dirty
    call.session.pointee.lastCommand = command
    command.pointee.run(call, &reply)
    let end = martlet_ticks()
    hot.pointee.ticksNow = end
    let spent = end &- begin
    hot.pointee.commandsProcessed &+= 1
    call.session.pointee.commandCount &+= 1
    command.pointee.statistics.calls &+= 1
    command.pointee.statistics.ticks &+= spent
    if hot.pointee.tracksLatency { recordLatency(command, spent) }
    if spent >= hot.pointee.slowTicks { noteSlow(call, spent) }
    if reply.errorCount != 0 { noteErrors(command, &reply) }
    let interest = keyspace.pointee.interest.rawValue
    // Spelled as bits: this is looked at for every command.
    if interest & (ChangeInterest.propagationBit | ChangeInterest.trackingBit | ChangeInterest.feedBit) != 0 {
      if interest & ChangeInterest.propagationBit != 0 {
        propagate(call, changedSomething: keyspace.pointee.dirty != dirty)
      }
      if interest & ChangeInterest.trackingBit != 0
        && call.session.pointee.flags.rawValue & SessionFlags.trackingBit != 0
      {
        rememberKeys(call)
      }
      if interest & ChangeInterest.feedBit != 0 { sealChanges(call) }
    }
  }

  @inline(__always)
  private func recordLatency(_ command: CommandReference, _ ticks: UInt64) {
    if command.pointee.statistics.latency == nil {
      let histogram = UnsafeMutablePointer<LogarithmicHistogram>.allocate(capacity: 1)
      histogram.initialize(to: LogarithmicHistogram())
      command.pointee.statistics.latency = histogram
    }
    command.pointee.statistics.latency!.pointee.record(ticks)
  }

  @inline(__always)
  public func nanoseconds(_ ticks: UInt64) -> UInt64 {
    // Ticks of one command are far below 2^54, so the product fits.
    (ticks & 0x3f_ffff_ffff_ffff) &<< 10 / hot.pointee.ticksPerKibinanosecond
  }

  public func ticks(nanoseconds: UInt64) -> UInt64 {
    let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: hot.pointee.ticksPerKibinanosecond)
    return overflow ? .max : product / 1024
  }

  public func ticks(microseconds: Int) -> UInt64 {
    let (product, overflow) = UInt64(clamping: microseconds).multipliedReportingOverflow(by: 1000)
    return overflow ? .max : ticks(nanoseconds: product)
  }

  /// CONFIG RESETSTAT.
  public func resetStatistics() {
    table.resetStatistics()
    errorStatistics = [:]
    totalErrorReplies = 0
    hot.pointee.commandsProcessed = 0
  }

  public func microseconds(_ ticks: UInt64) -> Int { Int(nanoseconds(ticks) / 1000) }

  @inline(never)
  private func noteSlow(_ call: Call, _ ticks: UInt64) {
    let micros = microseconds(ticks)
    latencyMonitor.note(
      call.command.pointee.flags.contains(.fast) ? "fast-command" : "command", milliseconds: micros / 1000,
      unixTime: clock.unixMilliseconds() / 1000)
    // A command that waits is noted once it is done.
    if call.session.pointee.blocking?.waitsOn == true { return }
    if slowlog.threshold < 0 || micros < slowlog.threshold || call.command.pointee.flags.contains(.skipSlowlog) {
      return
    }
    slowlog.note(call, microseconds: micros, unixTime: call.now / 1000)
  }

  /// For LATENCY: something beside a command took so long.
  public func noteLatency(_ event: String, ticks: UInt64) {
    guard latencyMonitor.threshold > 0 else { return }
    latencyMonitor.note(
      event, milliseconds: microseconds(ticks) / 1000, unixTime: clock.unixMilliseconds() / 1000)
  }

  @inline(never)
  private func noteErrors(_ command: CommandReference, _ reply: inout ReplyWriter) {
    // EXEC's own errors were counted with the commands that wrote them.
    command.pointee.statistics.failedCalls += 1
    if errorWasCounted {
      errorWasCounted = false
      reply.errorCount = 0
      return
    }
    countError(&reply)
  }

  public func countError(_ reply: inout ReplyWriter) {
    let bytes = reply.bytes
    totalErrorReplies += reply.errorCount
    reply.errorCount = 0
    let start = reply.lastErrorOffset + 1
    guard start < bytes.count else { return }
    var end = start
    while end < bytes.count, bytes[end] != 32, bytes[end] != 13, end - start < 64 { end += 1 }
    let prefix = bytes[start..<end].string
    if errorStatistics.count < 128 || errorStatistics[prefix] != nil { errorStatistics[prefix, default: 0] += 1 }
  }

  // MARK: Checks

  /// Where the reply of the command that is checked begins.
  private var replyStart = 0

  @inline(never)
  private func executeChecked(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, count: Int, command found: CommandReference?,
    _ reply: inout ReplyWriter
  ) -> Outcome {
    reply.protocolVersion = session.pointee.protocolVersion
    if session.pointee.flags.contains(.closing) { return .done }
    replyStart = reply.count
    let isPrimary = session.pointee.flags.contains(.primary)
    if isPrimary { keyspace.pointee.seesDeadKeys = true }
    defer { if isPrimary { keyspace.pointee.seesDeadKeys = false } }
    let outcome = check(session, arguments, count: count, command: found, &reply)
    if isPrimary && reply.count > replyStart && reply.bytes[replyStart] == UInt8(ascii: "-") {
      host.primaryFailed(reply.bytes[replyStart..<reply.count], found)
    }
    suppressReply(session, from: replyStart, &reply)
    if session.pointee.flags.contains(.trackingCaching) { endCaching(session, found) }
    return outcome
  }

  /// CLIENT CACHING is about the one command that follows, or about a whole transaction.
  private func endCaching(_ session: SessionPointer, _ command: CommandReference?) {
    if session.pointee.flags.contains(.inTransaction) || command?.pointee.fullName == "client" { return }
    session.pointee.flags.remove(.trackingCaching)
  }

  /// CLIENT REPLY OFF and SKIP take effect on what was just written.
  private func suppressReply(_ session: SessionPointer, from begin: Int, _ reply: inout ReplyWriter) {
    let flags = session.pointee.flags
    if flags.contains(.replyOff) || flags.contains(.replySkip), !confirmsSubscription(session, from: begin, reply) {
      reply.truncate(to: begin)
    }
    if flags.contains(.replySkip) { session.pointee.flags.remove(.replySkip) }
    if flags.contains(.replySkipNext) {
      session.pointee.flags.remove(.replySkipNext)
      session.pointee.flags.insert(.replySkip)
    }
  }

  /// Confirmations of subscriptions are messages, not replies: they are sent even so.
  private func confirmsSubscription(_ session: SessionPointer, from begin: Int, _ reply: borrowing ReplyWriter) -> Bool
  {
    guard let command = session.pointee.lastCommand, reply.count > begin else { return false }
    let isMessage = reply.bytes[begin] == UInt8(ascii: "*") || reply.bytes[begin] == UInt8(ascii: ">")
    return isMessage && command.pointee.flags.isSuperset(of: [.pubsub, .runsWhileSubscribed])
  }

  private func check(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, count: Int, command found: CommandReference?,
    _ reply: inout ReplyWriter
  ) -> Outcome {
    guard var command = found else {
      if arguments[0].equalsIgnoringCase("post") || arguments[0].equalsIgnoringCase("host:") {
        host.refuseBrowser(session)
        return .done
      }
      return reject(session, nil, &reply, unknownCommand(arguments, count))
    }
    if command.pointee.hasSubcommands && count > 1 {
      guard let subcommand = command.pointee.subcommand(arguments[1]) else {
        let container = command.pointee.declaration.name
        return reject(
          session, nil, &reply, "ERR unknown subcommand '\(arguments[1], limit: 128)'. Try \(container) HELP.")
      }
      command = subcommand
    }
    guard command.pointee.accepts(count: count) else {
      return reject(
        session, command, &reply, "ERR wrong number of arguments for '\(command.pointee.fullName)' command")
    }
    let flags =
      command.pointee.flags.contains(.runsScript)
      ? scriptFlags(command, arguments, count) : command.pointee.flags
    if flags.contains(.protected) && !host.allowsProtected(command, session) {
      let option = command.pointee.fullName.hasPrefix("debug") ? "enable-debug-command" : "enable-module-command"
      let name = option == "enable-debug-command" ? "DEBUG" : "MODULE"
      return reject(
        session, command, &reply,
        """
        ERR \(name) command not allowed. If the \(option) option is set to "local", you can run it from a local \
        connection, otherwise you need to set this option in the configuration file, and then restart the server.
        """)
    }
    if session.pointee.flags.contains(.unauthenticated) && !flags.contains(.noAuth) && users.mustAuthenticate {
      return reject(session, command, &reply, "NOAUTH Authentication required.")
    }
    if hot.pointee.attention.contains(.clientMemory) {
      host.measure(session, argumentBytes: (0..<count).reduce(0) { $0 + arguments[$1].count })
      if session.pointee.flags.contains(.closing) { return .done }
    }
    let inTransaction = session.pointee.flags.contains(.inTransaction)
    if flags.contains(.noMulti) && inTransaction {
      return reject(session, command, &reply, "ERR Command not allowed inside a transaction")
    }
    if let denial = denial(session, command, arguments, count: count) {
      // The log shows what the client was about to do.
      session.pointee.lastCommand = command
      note(denial, inTransaction ? .transaction : .topLevel, session, command, arguments)
      return reject(session, command, &reply, "NOPERM \(denial.message(session.pointee.user, command))")
    }
    let isPrimary = session.pointee.flags.contains(.primary)
    lacksMemory = false
    if hot.pointee.attention.contains(.memoryLimit), !isPrimary {
      let hasRoom = makeRoomBeforeCommand(&reply)
      lacksMemory = !hasRoom
      replyStart = reply.count
      let runsDenied =
        flags.contains(.denyOOM)
        || (inTransaction && !flags.contains(.runsInTransaction))
        || (command.pointee.isExec && (session.pointee.transaction?.flags.contains(.denyOOM) ?? false))
      if !hasRoom && runsDenied {
        return reject(session, command, &reply, "OOM command not allowed when used memory > 'maxmemory'.")
      }
    }
    if hot.pointee.attention.contains(.restricted), !isPrimary {
      var effective = flags
      if command.pointee.isExec, let transaction = session.pointee.transaction {
        effective.formUnion(transaction.flags)
        effective.subtract(transaction.inverseFlags.intersection([.stale, .loading]))
      }
      if let message = host.refusal(of: command, effective) {
        return reject(session, command, &reply, ErrorText(message))
      }
    }
    if session.pointee.flags.contains(.subscribed) && !session.pointee.isRESP3 && !flags.contains(.runsWhileSubscribed)
    {
      return reject(
        session, command, &reply,
        """
        ERR Can't execute '\(command.pointee.fullName)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET \
        are allowed in this context
        """)
    }
    if hot.pointee.attention.contains(.busy) && !flags.contains(.allowBusy) {
      return reject(session, command, &reply, ErrorText(scripting.busyMessage.description))
    }
    // A replica's pause holds up its primary's commands, too.
    if hot.pointee.attention.contains(.paused) {
      var effective = flags
      if command.pointee.isExec, let queued = session.pointee.transaction?.flags {
        effective.formUnion(queued)
      }
      if host.isPaused(effective) { return .postponed }
    }
    if !hot.pointee.attention.isDisjoint(with: [.snapshot, .held]) && (!inTransaction || command.pointee.isExec)
      && mustWait(session, arguments, count, command, nil)
    {
      return .postponed
    }
    if inTransaction && !flags.contains(.runsInTransaction) {
      let call = makeCall(session, arguments, count: count, command: command)
      session.pointee.transaction?.queue(command, call, flags)
      reply.simple("QUEUED")
      return .done
    }
    let isSpectator = !session.pointee.flags.isDisjoint(with: [.monitor, .replica])
    if isSpectator && !flags.isDisjoint(with: [.write, .readonly, .mayReplicate]) {
      return reject(session, command, &reply, "ERR Replica can't interact with the keyspace")
    }
    let call = makeCall(session, arguments, count: count, command: command)
    run(call, &reply)
    feedMonitors(call)
    return .done
  }

  /// A call of a command that was looked up already.
  public func makeCall(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, count: Int, command: CommandReference
  ) -> Call {
    let first = command.pointee.firstKey
    let hash = first > 0 && first < count ? keyspace.pointee.hash(arguments[first]) : 0
    return Call(
      arguments, count: count, session: session, command: command, firstKeyHash: hash, executor: self)
  }

  private func reject(
    _ session: SessionPointer, _ command: CommandReference?, _ reply: inout ReplyWriter, _ message: ErrorText
  ) -> Outcome {
    if session.pointee.flags.contains(.inTransaction) { session.pointee.flags.insert(.transactionFailed) }
    command?.pointee.statistics.rejectedCalls += 1
    if command?.pointee.isExec == true {
      // A refused EXEC ends its transaction, and says why.
      discardTransaction(session)
      let reason = message.hasPrefix("ERR ") ? message.dropping(4) : message
      reply.error("EXECABORT Transaction discarded because of: \(reason)")
    } else {
      reply.error(message)
    }
    countError(&reply)
    return .done
  }

  private func unknownCommand(_ arguments: UnsafePointer<Bytes>, _ count: Int) -> ErrorText {
    var shown: ErrorText = ""
    for i in 1..<max(1, count) {
      guard shown.bytes.count < 128 else { break }
      shown = "\(shown)'\(arguments[i], limit: 128 - shown.bytes.count)' "
    }
    return "ERR unknown command '\(arguments[0], limit: 128)', with args beginning with: \(shown)"
  }

  // MARK: Memory

  /// Evicts if memory is over the limit. Returns whether commands that need memory may run.
  public func makeRoom() -> Bool {
    let limit = keyspace.pointee.eviction.maximumMemory
    if limit == 0 || memoryUsedForLimit() <= limit { return true }
    let start = martlet_ticks()
    let budget = hot.pointee.ticksPerKibinanosecond * 500
    defer { propagatePending() }
    defer { noteLatency("eviction-cycle", ticks: martlet_ticks() &- start) }
    return keyspace.pointee.evict {
      self.memoryUsedForLimit()
    } isOutOfTime: {
      martlet_ticks() &- start > budget
    }
  }

  /// Memory that counts against `maxmemory`.
  public var memoryUsedForLimit: () -> Int = { Allocator.usedBytes }
}
