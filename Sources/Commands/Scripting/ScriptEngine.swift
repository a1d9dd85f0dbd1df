import CLua
import CMartlet
import Keyspace
import Memory
import RESP
import Structures

/// Runs scripts: what they are allowed, what they call, and what becomes of their replies.
///
/// A script calls commands through a session of its own, whose database and protocol it may change without a trace.
/// Nothing else runs meanwhile, and time stands still: the keyspace's clock is set once a turn.
public final class ScriptEngine {
  /// The run that is going on.
  private struct Run {
    let caller: SessionPointer
    let isEval: Bool
    let isReadOnly: Bool
    let allowsOOM: Bool
    let name: ByteString
    let begin: UInt64
    /// A write command ran: the script can neither be refused anything more nor be killed.
    var wrote = false
    /// It takes longer than `busy-reply-threshold`.
    var isOverdue = false
    var isKilled = false
  }

  private unowned(unsafe) let executor: Executor
  /// For tests: scripts may run what they must not.
  public var ignoresNoScript = false
  /// As scripts are told it.
  public var version = "7.2.4"
  /// Milliseconds after which others are told that a script runs; 0: never.
  public var busyThreshold = 5000
  public var logger: (_ level: Int, _ text: String) -> Void = { _, _ in }

  /// What scripts call commands as.
  private let session: SessionPointer
  private var commandReply = ReplyWriter(capacity: 16 << 10)
  private var flatReply = ReplyWriter(capacity: 64)
  /// Where the script's own reply goes.
  private var target: UnsafeMutablePointer<ReplyWriter>?
  private var targetBegin = 0
  private var run: Run?
  private var scriptCache: ScriptCache! = nil
  private var libraryTable: Libraries! = nil
  /// What a library that is being loaded offers, and when it began.
  private var loading: (library: Library, begin: UInt64)?
  private var refusal: [UInt8] = []

  /// No client has it.
  fileprivate static let sessionID = UInt64.max
  /// More than this is no reply.
  private static let maximumReply = 512 << 20
  private static let loadMilliseconds: UInt64 = 500

  init(_ executor: Executor) {
    self.executor = executor
    session = .allocate(capacity: 1)
    let details = SessionDetails(createdAt: 0, peerAddress: "lua", localAddress: "", fileDescriptor: -1)
    session.initialize(to: Session(id: Self.sessionID, now: 0, details: details))
    // As in a transaction, nobody waits, and what was done is told together at the end.
    session.pointee.flags.insert(.inExec)
    scriptCache = ScriptCache(self)
    libraryTable = Libraries(self)
  }

  deinit {
    scriptCache = nil
    libraryTable = nil
    session.deinitialize(count: 1)
    session.deallocate()
  }

  var scripts: ScriptCache { scriptCache }
  public var libraries: Libraries { libraryTable }

  var versionNumber: Int32 {
    let parts = version.split(separator: ".").map { Int32($0) ?? 0 }
    return parts.prefix(3).reduce(0) { $0 << 8 | ($1 & 255) } << Int32(8 * max(0, 3 - parts.count))
  }

  public var isRunning: Bool { run != nil }
  public var isOverdue: Bool { run?.isOverdue ?? false }
  public var runsEval: Bool { run?.isEval ?? false }

  /// What INFO tells.
  public struct Figures {
    public let evalInterpreter: Int
    public let functionInterpreter: Int
    public let cachedScripts: Int
    public let cachedScriptBytes: Int
    public let evictedScripts: Int
    public let libraries: Int
    public let functions: Int
    public let libraryBytes: Int
  }

  public var figures: Figures {
    Figures(
      evalInterpreter: scripts.interpreterMemory, functionInterpreter: libraries.interpreterMemory,
      cachedScripts: scripts.count, cachedScriptBytes: scripts.memory, evictedScripts: scripts.evictedCount,
      libraries: libraries.count, functions: libraries.functionCount, libraryBytes: libraries.memory)
  }

  // MARK: Starting

  /// What is to be run.
  struct Job {
    let interpreter: Interpreter
    let function: Int32
    let flags: ScriptFlags
    let name: ByteString
    let isEval: Bool
    /// The first key's index among the arguments, and how many there are.
    let firstKey: Int
    let keyCount: Int
  }

  /// Runs a script in the name of the call's session, and writes its reply.
  func execute(_ job: Job, _ call: Call, isReadOnly: Bool, _ reply: inout ReplyWriter) {
    if let message = refusal(of: job.flags, call, isReadOnly: isReadOnly) { return reply.error(message) }
    let declared = !job.flags.contains(.undeclared)
    prepareSession(for: call)
    run = Run(
      caller: call.session, isEval: job.isEval,
      isReadOnly: isReadOnly || (declared && job.flags.contains(.noWrites)),
      allowsOOM: declared && job.flags.contains(.allowOOM), name: job.name, begin: martlet_ticks())
    caller = call
    executor.errorWasCounted = false
    targetBegin = reply.count
    let arguments = UnsafeRawPointer(call.arguments).assumingMemoryBound(to: martlet_slice.self)
    job.name.withBytes { name in
      var run = martlet_lua_run(
        function: job.function, is_eval: job.isEval, keys: arguments + job.firstKey, key_count: job.keyCount,
        arguments: arguments + job.firstKey + job.keyCount,
        argument_count: call.count - job.firstKey - job.keyCount, name: name.slice)
      withUnsafeMutablePointer(to: &reply) { reply in
        target = reply
        job.interpreter.execute(&run)
        target = nil
      }
    }
    finish()
    // What the script did was told command by command.
    call.propagateNothing()
  }

  /// The call that the script runs for.
  private var caller: Call?

  private func prepareSession(for call: Call) {
    session.pointee.database = call.database
    session.pointee.protocolVersion = 2
    let noTouch = call.session.pointee.flags.contains(.noTouch)
    if noTouch { session.pointee.flags.insert(.noTouch) } else { session.pointee.flags.remove(.noTouch) }
    session.act(as: call.session.pointee.user)
    session.pointee.readFor(call.session)
    propagationTargets = 3
  }

  private func finish() {
    if isOverdue {
      executor.hot.pointee.attention.remove(.busy)
    }
    session.act(as: nil)
    run = nil
    caller = nil
    executor.propagation.pointee.scriptTargets = nil
  }

  private var propagationTargets: Int32 = 3

  /// Why a script that says of itself what it does may not even begin.
  private func refusal(of flags: ScriptFlags, _ call: Call, isReadOnly: Bool) -> ErrorText? {
    if flags.contains(.undeclared) { return nil }
    if !flags.contains(.noWrites) {
      if executor.hot.pointee.attention.contains(.restricted), !call.isObeyed,
        let message = executor.host.refusalOfScript()
      {
        return ErrorText(message)
      }
      if isReadOnly { return "ERR Can not execute a script with write flag using *_ro command." }
    }
    if executor.isOutOfMemory && flags.isDisjoint(with: [.allowOOM, .noWrites]) {
      return "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'"
    }
    return nil
  }

  // MARK: redis.call

  /// Runs a command of the script that is running.
  func runCommand(_ arguments: UnsafePointer<Bytes>, count: Int) -> martlet_call_result {
    guard let command = find(arguments, count) else {
      return refuse("ERR Unknown Redis command called from script", nil)
    }
    guard command.pointee.accepts(count: count) else {
      return refuse("ERR Wrong number of args calling Redis command from script", command)
    }
    if let message = refusal(of: command, arguments, count) { return refuse(message, command) }
    if command.pointee.flags.contains(.write) { run?.wrote = true }
    commandReply.reset(keepingCapacity: 64 << 10)
    let call = executor.makeCall(session, arguments, count: count, command: command)
    executor.run(call, &commandReply)
    executor.feedMonitors(call)
    if commandReply.attachments.isEmpty {
      return martlet_call_result(bytes: commandReply.bytes.slice, was_refused: false)
    }
    flatReply.reset(keepingCapacity: 64)
    flatReply.raw(flat: &commandReply)
    return martlet_call_result(bytes: flatReply.bytes.slice, was_refused: false)
  }

  @inline(__always)
  private func find(_ arguments: UnsafePointer<Bytes>, _ count: Int) -> CommandReference? {
    guard let command = executor.table.find(arguments[0]) else { return nil }
    guard command.pointee.hasSubcommands && count > 1 else { return command }
    return command.pointee.subcommand(arguments[1])
  }

  @inline(__always)
  private func refusal(
    of command: CommandReference, _ arguments: UnsafePointer<Bytes>, _ count: Int
  ) -> ErrorText? {
    let flags = command.pointee.flags
    if flags.contains(.noScript) && !ignoresNoScript { return "ERR This Redis command is not allowed from script" }
    if let denial = executor.denial(session, command, arguments, count: count) {
      executor.note(denial, .script, session, client: run?.caller, command, arguments)
      return "ERR ACL failure in script: \(denial.message(session.pointee.user, command))"
    }
    guard let run else { return "ERR This Redis command is not allowed from script" }
    if run.isReadOnly
      && !flags.isDisjoint(
        with: CommandFlags(rawValue: CommandFlags.write.rawValue | CommandFlags.mayReplicate.rawValue))
    {
      return "ERR Write commands are not allowed from read-only scripts."
    }
    if executor.hot.pointee.attention.isEmpty || run.wrote { return nil }
    return refusalUnderPressure(command, run)
  }

  /// Once it wrote, a script must be able to finish what it began.
  @inline(never)
  private func refusalUnderPressure(_ command: CommandReference, _ run: Run) -> ErrorText? {
    let flags = command.pointee.flags
    if executor.hot.pointee.attention.contains(.restricted), caller?.isObeyed != true,
      let message = executor.host.refusal(of: command, flags)
    {
      if message.hasPrefix("MASTERDOWN") { return "ERR Can not execute the command on a stale replica" }
      if flags.contains(.write) { return ErrorText(message) }
    }
    if executor.isOutOfMemory && flags.contains(.denyOOM) && !run.allowsOOM {
      return "OOM command not allowed when used memory > 'maxmemory'."
    }
    return nil
  }

  private func refuse(_ message: ErrorText, _ command: CommandReference?) -> martlet_call_result {
    command?.pointee.statistics.rejectedCalls += 1
    commandReply.reset(keepingCapacity: 64 << 10)
    message.bytes.withBytes { commandReply.error($0) }
    executor.countError(&commandReply)
    // Without the minus and the end of the line.
    return martlet_call_result(bytes: commandReply.bytes[1..<commandReply.count - 2].slice, was_refused: true)
  }

  /// 1 or 0; negative: there is no such command.
  func mayRun(_ arguments: UnsafePointer<Bytes>, count: Int) -> Int32 {
    guard let command = find(arguments, count) else { return -1 }
    return executor.denial(session, command, arguments, count: count) == nil ? 1 : 0
  }

  func setProtocol(_ version: Int32) { session.pointee.protocolVersion = UInt8(version) }

  func setPropagation(_ targets: Int32) {
    executor.propagation.pointee.scriptTargets = targets == 3 ? nil : Propagation.Targets(rawValue: UInt8(targets))
  }

  func log(_ level: Int32, _ text: Bytes) { logger(Int(level), text.string) }

  // MARK: The reply

  /// Takes the next part of the script's reply. False if there is too much of it.
  func reply(_ kind: Int32, _ bytes: Bytes, _ number: Int, _ value: Double) -> Bool {
    guard let target else { return true }
    if target.pointee.count - targetBegin > Self.maximumReply { return false }
    switch UInt32(kind) {
    case MARTLET_BULK.rawValue: target.pointee.bulk(bytes)
    case MARTLET_INTEGER.rawValue: target.pointee.integer(number)
    case MARTLET_NIL.rawValue: target.pointee.null()
    case MARTLET_BOOLEAN.rawValue: replyBoolean(number == 1, &target.pointee)
    case MARTLET_STATUS.rawValue: target.pointee.simple(bytes.untilNull)
    case MARTLET_ERROR.rawValue:
      target.pointee.error(bytes.untilNull)
      if number == 1 { executor.errorWasCounted = true }
    case MARTLET_DOUBLE.rawValue: target.pointee.double(value)
    case MARTLET_BIG_NUMBER.rawValue: target.pointee.bigNumber(bytes)
    case MARTLET_VERBATIM.rawValue: target.pointee.verbatim(bytes)
    case MARTLET_MAP.rawValue: target.pointee.map(number)
    case MARTLET_SET.rawValue: target.pointee.set(number)
    default: target.pointee.array(number)
    }
    return true
  }

  /// Truth has a type of its own only if both sides speak RESP3.
  private func replyBoolean(_ value: Bool, _ reply: inout ReplyWriter) {
    if session.pointee.protocolVersion == 3 { return reply.boolean(value) }
    if value { reply.integer(1) } else { reply.null() }
  }

  // MARK: Scripts that take long

  /// Asked now and then while a script runs: whether it must end.
  func mustEnd() -> Bool {
    if let loading { return elapsed(since: loading.begin) > Self.loadMilliseconds }
    guard let current = run else { return false }
    if current.isOverdue { return serveOthers() }
    let spent = elapsed(since: current.begin)
    guard busyThreshold > 0, spent >= UInt64(busyThreshold) else { return false }
    let way = current.isEval ? "SCRIPT KILL" : "FUNCTION KILL"
    logger(
      3,
      "Slow script detected: still in execution after \(spent) milliseconds. You can try killing the script using the "
        + "\(way) command. Script name is: \(current.name.string).")
    run?.isOverdue = true
    executor.hot.pointee.attention.insert(.busy)
    return serveOthers()
  }

  private func serveOthers() -> Bool {
    let protocolVersion = session.pointee.protocolVersion
    executor.host.serveWhileBusy()
    session.pointee.protocolVersion = protocolVersion
    guard run?.isKilled == true else { return false }
    logger(2, "Lua script killed by user with SCRIPT KILL.")
    return true
  }

  private func elapsed(since begin: UInt64) -> UInt64 {
    executor.nanoseconds(martlet_ticks() &- begin) / 1_000_000
  }

  /// What everybody is told meanwhile.
  public var busyMessage: StaticString {
    runsEval
      ? "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."
      : "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE."
  }

  /// SCRIPT KILL and FUNCTION KILL.
  public func kill(isEval: Bool, _ reply: inout ReplyWriter) {
    guard let current = run else { return reply.error("NOTBUSY No scripts in execution right now.") }
    if current.wrote {
      return reply.error(
        """
        UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the \
        script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.
        """)
    }
    if current.isEval != isEval { return reply.error(busyMessage) }
    run?.isKilled = true
    reply.ok()
  }

  /// Ends what runs, whatever it did, because the server stops.
  public func abort() { run?.isKilled = true }

  /// What runs: its name, the command that called it, and since when.
  public func describeRun() -> (name: ByteString, call: Call, milliseconds: Int, isEval: Bool)? {
    guard let run, let caller else { return nil }
    return (run.name, caller, Int(elapsed(since: run.begin)), run.isEval)
  }

  // MARK: Libraries

  /// Runs the code of a library, which fills it with functions.
  func load(_ library: Library, _ code: Bytes, _ interpreter: Interpreter) throws(Interpreter.Failure) {
    loading = (library, martlet_ticks())
    defer { loading = nil }
    try interpreter.load(code)
  }

  /// A library that is being loaded offers a function. Returns why that cannot be, or nothing.
  func register(_ name: Bytes, description: Bytes?, _ flags: ScriptFlags, reference: Int32) -> Bytes {
    guard let library = loading?.library else { return .empty }
    guard Library.isValidName(name) else {
      return Bytes(
        "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long")
    }
    let isNew = library.add(
      LibraryFunction(
        name: ByteString(name), description: description.map { ByteString($0) }, flags: flags, reference: reference))
    return isNew ? .empty : Bytes("Function already exists in the library")
  }
}

extension Call {
  /// Whether a script runs the command.
  var isScripted: Bool { session.pointee.id == ScriptEngine.sessionID }
}

extension Bytes {
  /// Up to the first zero byte, where texts end for Redis.
  fileprivate var untilNull: Bytes {
    guard let zero = memchr(raw, 0, count) else { return self }
    return self[0..<(UnsafeRawPointer(zero) - raw)]
  }
}
