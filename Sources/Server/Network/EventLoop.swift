import CMartlet
import Glibc
import Commands
import Keyspace
import Memory
import Persistence
import RESP

/// Reads, parses, executes and writes, for all connections together.
///
/// One turn: wait for sockets; read all that are ready; parse every complete command; look the commands
/// up and bring their keys' cache lines on the way, across connections; execute, each connection in
/// its order; write each connection's replies at once. Reading, parsing, executing and writing are
/// functions of their own over state of their own, so that threads can take the sockets' part later.
final class EventLoop {
  /// What the loop asks of the server around it.
  protocol Delegate: AnyObject {
    /// The kernel has something for a descriptor that is not a connection's.
    func handle(token: UInt64)
    /// A connection was closed by its client or because of an error, and is to be given up.
    func lost(_ connection: ConnectionPointer, reason: String)
    /// A connection's input cannot be parsed.
    func protocolError(_ connection: ConnectionPointer, _ failure: RequestParser.Failure)
    /// A connection's replies of this turn, of so many bytes, are complete.
    func willSend(_ connection: ConnectionPointer, _ bytes: Int)
    /// More is queued for a connection than before.
    func outputGrew(_ connection: ConnectionPointer)
    /// A command comes in that is not complete yet.
    func inputGrew(_ connection: ConnectionPointer)
    /// The primary that this server follows sent something.
    func receivedStream(_ bytes: Bytes)
    /// Replies are about to be sent: says when they may be. If not now, ``EventLoop/release()`` is called then; those that
    /// waited from an earlier turn on may be sent if these may.
    ///
    /// - Parameter waiting: how many clients wait for replies, from this turn or an earlier one.
    func repliesLeave(waiting: Int) -> AppendOnlyFile.Departure
    /// The input of a connection is larger than one may be.
    func inputTooLarge(_ connection: ConnectionPointer)
  }

  /// Commands are looked up and prefetched in windows of this many.
  private static let window = 32
  /// Commands that one connection may execute from a backlog in one turn.
  private static let backlogLimit = 1024

  let poller = Poller()
  let executor: Executor
  let batch: UnsafeMutablePointer<Batch>
  unowned(unsafe) var delegate: any Delegate
  /// Of turns that are interrupted.
  var heldBatches: [UnsafeMutablePointer<Batch>] = []
  var flushList: [ConnectionPointer] = []
  /// Connections whose replies leave after the sync that is under way, and after the next.
  var held: [ConnectionPointer] = []
  var heldLonger: [ConnectionPointer] = []
  /// Connections that others' messages wait for, and how many of them have had theirs.
  var messageList: [ConnectionPointer] = []
  var messagesSent = 0
  /// When the events of this turn came, in ticks.
  private(set) var turnBegan: UInt64 = 0
  /// Connections with input that may hold whole commands.
  var resumeList: [ConnectionPointer] = []
  /// Connections whose sockets may hold something that the poller does not tell of again.
  var unreadList: [ConnectionPointer] = []
  /// How many events the turn that is under way has; nil: there is none.
  private var eventCount: Int?
  /// Events of turns within which another was begun.
  private var outerEvents: [[epoll_event]] = []

  var maximumInput = 1 << 30
  var maximumBulk = 512 << 20
  /// Replies of a turn that are larger are beyond the client's limit.
  var outputLimit = Int.max
  /// The same for clients with subscriptions.
  var subscriberOutputLimit = Int.max
  let statistics = UnsafeMutablePointer<Statistics>.allocate(capacity: 1)

  struct Statistics {
    var inputBytes = 0
    var outputBytes = 0
    var reads = 0
    var writes = 0
    var turns = 0
    /// Ticks spent in turns that executed commands.
    var busyTicks: UInt64 = 0
    var turnCommands = 0
    /// The most ticks and commands of one turn.
    var longestTurn: UInt64 = 0
    var mostCommands = 0
  }

  init(executor: Executor, delegate: any Delegate) {
    self.executor = executor
    self.delegate = delegate
    batch = .allocate(capacity: 1)
    batch.initialize(to: Batch())
    statistics.initialize(to: Statistics())
  }

  deinit {
    batch.deinitialize(count: 1)
    batch.deallocate()
    statistics.deallocate()
  }

  // MARK: A turn

  /// Waits for events, at most `timeoutMilliseconds`, and serves them. A turn may be begun within another, which goes on with
  /// its own events then.
  func turn(timeoutMilliseconds: Int32) {
    let outerCount = eventCount
    if let outerCount { outerEvents.append(poller.copyEvents(outerCount)) }
    let hasBacklog = !resumeList.isEmpty || !unreadList.isEmpty
    let count = poller.wait(timeoutMilliseconds: hasBacklog || hasMessages ? 0 : timeoutMilliseconds)
    eventCount = count
    turnBegan = martlet_ticks()
    executor.beginTurn()
    statistics.pointee.turns &+= 1
    if hasBacklog {
      resume()
      readOn()
    }
    serve(count)
    executor.endTurn()
    flush()
    flushMessages()
    eventCount = outerCount
    if outerCount != nil { poller.restoreEvents(outerEvents.removeLast()) }
  }

  /// Takes away events of a connection that is about to be freed, while turns wait that have not served it.
  func forgetEvents(of connection: ConnectionPointer) {
    for turn in outerEvents.indices {
      for i in outerEvents[turn].indices where outerEvents[turn][i].data.u64 == connection.token {
        outerEvents[turn][i].data.u64 = Poller.noToken
      }
    }
  }

  /// Reads from all for whom there is something, and executes what comes of it.
  private func serve(_ events: Int) {
    for i in 0..<events {
      let (mask, token) = poller.event(i)
      // Small numbers are the server's own; the rest are addresses of connections.
      guard token >= 4096, let connection = ConnectionPointer(bitPattern: UInt(token)) else {
        delegate.handle(token: token)
        continue
      }
      if mask & Poller.ended != 0 { connection.pointee.hasEnded = true }
      // Of those that are held, everything is looked at when they are not any more.
      if connection.pointee.isClosing || connection.pointee.isHeld { continue }
      if mask & Poller.writable != 0 && connection.pointee.waitsForWrite {
        writeMore(connection)
        if connection.pointee.isClosing { continue }
      }
      if mask & (Poller.readable | Poller.ended) != 0 { read(connection) }
    }
    executeBatch()
  }

  /// Lets a connection's socket be read in the next turn, whether the poller says so or not.
  func readLater(_ connection: ConnectionPointer) {
    if !connection.pointee.isInUnreadList {
      connection.pointee.isInUnreadList = true
      unreadList.append(connection)
    }
  }

  /// Reads what earlier turns left in the sockets.
  private func readOn() {
    let list = unreadList
    unreadList.removeAll(keepingCapacity: true)
    for connection in list {
      connection.pointee.isInUnreadList = false
      if connection.pointee.isClosing || connection.pointee.isHeld { continue }
      read(connection)
    }
  }

  /// Lets a connection that waited take part in the next turn.
  func resume(_ connection: ConnectionPointer) {
    if !connection.pointee.isInResumeList {
      connection.pointee.isInResumeList = true
      resumeList.append(connection)
    }
  }

  private func resume() {
    let list = resumeList
    resumeList.removeAll(keepingCapacity: true)
    for connection in list {
      connection.pointee.isInResumeList = false
      if connection.pointee.isClosing || connection.isWaiting || connection.pointee.input.isEmpty {
        continue
      }
      parseBuffered(connection)
    }
  }

  // MARK: Read

  /// Once a turn: commands that came before a long argument may have to wait, and are input again then, with what follows.
  private func read(_ connection: ConnectionPointer) {
    if connection.pointee.lastTurnRead == statistics.pointee.turns { return readLater(connection) }
    connection.pointee.lastTurnRead = statistics.pointee.turns
    if !batch.pointee.hasArenaRoom {
      executeBatch()
      if connection.pointee.isClosing { return }
    }
    if connection.pointee.session.flags.contains(.closeAfterReply) { return discardInput(connection) }
    if !connection.pointee.input.isEmpty || connection.pointee.awaitsSync { return readBuffered(connection) }
    let target = batch.pointee.arenaEnd
    let received = martlet_recv(connection.pointee.fileDescriptor, target, Batch.readSize)
    guard noteRead(connection, received, room: .max) else { return }
    if connection.pointee.session.flags.contains(.primary) {
      delegate.receivedStream(Bytes(UnsafeRawPointer(target), count: received))
    }
    batch.pointee.arenaReceived(received)
    let parsed = parse(connection, target, count: received, limit: .max)
    if parsed < received {
      connection.pointee.input.append(target + parsed, count: received - parsed)
      keepPartial(connection, rebasing: target + parsed)
      // There is more: of a long argument, all that is there is read, and counted, at once. Not if commands stand before it,
      // which may have to wait: then all is input again.
      if parsed == 0 && received == Batch.readSize
        && connection.pointee.parser.bulkLength >= PartialCommand.longArgument
      {
        return readLongArgument(connection)
      }
    }
    if received == Batch.readSize { readLater(connection) }
  }

  /// Reads on after what is there already.
  private func readBuffered(_ connection: ConnectionPointer) {
    // Commands of this turn lie there: the rest is read in the next.
    if connection.pointee.isInputInUse { return readLater(connection) }
    if connection.pointee.parser.bulkLength >= PartialCommand.longArgument && !connection.isWaiting {
      return readLongArgument(connection)
    }
    let missing = connection.pointee.parser.missingBytes(inputCount: connection.pointee.input.count)
    if missing > connection.pointee.input.free || connection.pointee.input.free < 4 << 10 {
      connection.pointee.input.reserve(max(missing, 16 << 10))
    }
    let room = min(connection.pointee.input.free, max(Batch.readSize, missing))
    let target = connection.pointee.input.base! + connection.pointee.input.count
    let received = martlet_recv(connection.pointee.fileDescriptor, target, room)
    guard noteRead(connection, received, room: room) else { return }
    if connection.pointee.session.flags.contains(.primary) {
      delegate.receivedStream(Bytes(UnsafeRawPointer(target), count: received))
    }
    connection.pointee.input.received(received)
    if isInputTooLarge(connection) { return delegate.inputTooLarge(connection) }
    delegate.inputGrew(connection)
    if connection.isWaiting { return }
    parseBuffered(connection)
  }

  /// A primary may say more than a client may: it was allowed there.
  private func isInputTooLarge(_ connection: ConnectionPointer) -> Bool {
    connection.pointee.input.receivedBytes > maximumInput && !connection.pointee.session.flags.contains(.primary)
  }

  /// Reads on in a long argument, which gets memory of its own.
  private func readLongArgument(_ connection: ConnectionPointer) {
    if connection.pointee.input.partial?.pointee.isReceivingLongArgument != true {
      let parser = connection.pointee.parser
      connection.pointee.input.beginLongArgument(length: parser.bulkLength, at: parser.cursor)
    }
    guard let partial = connection.pointee.input.partial else { return }
    let room = partial.pointee.room
    let received = martlet_recv(connection.pointee.fileDescriptor, room.baseAddress!, room.count)
    guard noteRead(connection, received, room: room.count) else { return }
    if connection.pointee.session.flags.contains(.primary) {
      delegate.receivedStream(Bytes(UnsafeRawPointer(room.baseAddress!), count: received))
    }
    let isComplete = partial.pointee.received(received)
    if isInputTooLarge(connection) { return delegate.inputTooLarge(connection) }
    delegate.inputGrew(connection)
    guard isComplete else { return }
    connection.pointee.parser.bulkArrived()
    parseBuffered(connection)
  }

  /// Counts what a read brought that had so much room; false if there is nothing to go on with.
  @inline(__always)
  private func noteRead(_ connection: ConnectionPointer, _ received: Int, room: Int) -> Bool {
    statistics.pointee.reads &+= 1
    if received > 0 {
      // Whoever filled the room may have more, and who has ended has said so with the last that came.
      if received == room || connection.pointee.hasEnded { readLater(connection) }
      statistics.pointee.inputBytes &+= received
      connection.pointee.session.inputBytes &+= received
      connection.pointee.session.lastInteraction = executor.keyspace.pointee.now
      return true
    }
    noteLoss(connection, received)
    return false
  }

  @inline(never)
  private func noteLoss(_ connection: ConnectionPointer, _ received: Int) {
    if received < 0 {
      let error = martlet_errno()
      if error == EINTR { readLater(connection) }
      if error == EAGAIN || error == EINTR { return }
      delegate.lost(connection, reason: "Reading from client: \(String(cString: strerror(error)))")
    } else {
      delegate.lost(connection, reason: "Client closed connection")
    }
  }

  /// A connection that only waits for its last reply to be sent is not listened to any more.
  private func discardInput(_ connection: ConnectionPointer) {
    let received = martlet_recv(connection.pointee.fileDescriptor, batch.pointee.arenaEnd, Batch.readSize)
    _ = noteRead(connection, received, room: Batch.readSize)
  }

  /// Bytes that came from a connection and were not executed yet, wherever they lie.
  func unexecutedBytes(of connection: ConnectionPointer) -> Int {
    let used = connection.pointee.isInputInUse ? connection.pointee.consumedInput : 0
    return connection.pointee.input.receivedBytes - used + connection.pointee.postponed.count
      + heldBatches.reduce(batch.pointee.waitingBytes(of: connection)) { $0 + $1.pointee.waitingBytes(of: connection) }
  }

  // MARK: Parse

  /// Parses what is in a connection's own buffer.
  private func parseBuffered(_ connection: ConnectionPointer) {
    guard let base = connection.pointee.input.base else { return }
    let count = connection.pointee.input.count
    let before = batch.pointee.commandCount
    let parsed = parse(connection, base, count: count, limit: Self.backlogLimit)
    keepPartial(connection, rebasing: base)
    if batch.pointee.commandCount > before {
      connection.pointee.isInputInUse = true
      connection.pointee.consumedInput = parsed
    } else {
      connection.pointee.input.drop(parsed)
    }
  }

  /// Parses complete commands into the batch; returns how many bytes they took. What is left are bytes
  /// of a command that is not complete, or more commands than the limit.
  private func parse(
    _ connection: ConnectionPointer, _ input: UnsafeMutablePointer<UInt8>, count: Int, limit: Int
  ) -> Int {
    let isAuthenticated =
      !connection.pointee.session.flags.contains(.unauthenticated) || !executor.users.mustAuthenticate
    let isPrimary = connection.pointee.session.flags.contains(.primary)
    let limits = RequestParser.Limits(
      maximumBulkBytes: isPrimary ? .max / 2 : maximumBulk, isAuthenticated: isAuthenticated)
    // Whoever is not known yet may become it by the first command: the next are parsed after it.
    var left = isAuthenticated ? limit : 1
    if connection.pointee.input.partial != nil {
      guard parsePartial(connection, input, count: count, limits) else { return 0 }
      left -= 1
    }
    var start = connection.pointee.parser.cursor
    while left > 0 {
      let first = batch.pointee.arguments.count
      switch connection.pointee.parser.parse(input, count: count, limits: limits, into: &batch.pointee.arguments) {
      case .command:
        batch.pointee.append(
          ParsedCommand(
            connection: connection, firstArgument: first, count: batch.pointee.arguments.count &- first,
            isVerbatim: connection.pointee.parser.isVerbatim))
        left &-= 1
      case .nothing: break
      case .incomplete:
        connection.pointee.firstPartial = first
        return finishParse(connection, start)
      case .failure(let failure):
        batch.pointee.arguments.truncate(to: first)
        fail(connection, failure)
        return count
      }
      start = connection.pointee.parser.cursor
    }
    connection.pointee.firstPartial = batch.pointee.arguments.count
    if start < count { resume(connection) }
    return finishParse(connection, start)
  }

  @inline(__always)
  private func finishParse(_ connection: ConnectionPointer, _ start: Int) -> Int {
    connection.pointee.parser.drop(start)
    return start
  }

  /// Goes on with a command of which some arguments are known already. False if it is still incomplete.
  private func parsePartial(
    _ connection: ConnectionPointer, _ input: UnsafeMutablePointer<UInt8>, count: Int, _ limits: RequestParser.Limits
  ) -> Bool {
    guard let partial = connection.pointee.input.partial else { return true }
    // Its last argument may have been a long one.
    let outcome: RequestParser.Outcome =
      connection.pointee.parser.isBetweenCommands
      ? .command
      : connection.pointee.parser.parse(input, count: count, limits: limits, into: &partial.pointee.arguments)
    switch outcome {
    case .command:
      let first = batch.pointee.arguments.count
      batch.pointee.arguments.append(from: partial.pointee.arguments, first: 0)
      batch.pointee.append(
        ParsedCommand(connection: connection, firstArgument: first, count: partial.pointee.arguments.count))
      executor.keyspace.pointee.arrivedBlobs.append(contentsOf: partial.pointee.takeBlobs())
      connection.pointee.input.releasePartial()
      return true
    case .nothing, .incomplete: return false
    case .failure(let failure):
      connection.pointee.input.releasePartial()
      fail(connection, failure)
      return false
    }
  }

  private func fail(_ connection: ConnectionPointer, _ failure: RequestParser.Failure) {
    connection.pointee.failure = failure
    batch.pointee.append(ParsedCommand(connection: connection, firstArgument: 0, count: 0))
  }

  /// The arguments of an incomplete command go from the batch's store to the connection's own.
  private func keepPartial(_ connection: ConnectionPointer, rebasing old: UnsafeMutablePointer<UInt8>) {
    let first = connection.pointee.firstPartial
    guard connection.pointee.input.partial == nil, first < batch.pointee.arguments.count else { return }
    connection.pointee.input.keepPartial(batch.pointee.arguments, from: first, rebasing: old)
    batch.pointee.arguments.truncate(to: first)
  }

  // MARK: Execute

  /// Executes all that was parsed.
  private func executeBatch() {
    let count = batch.pointee.commandCount
    if count > 0 {
      let begin = martlet_ticks()
      executor.hot.pointee.ticksNow = begin
      let turnLimit = executor.hot.pointee.ticksPerKibinanosecond &* 1000
      var lastTime = begin
      var at = 0
      while at < count {
        let end = min(at &+ Self.window, count)
        lookUp(at, end)
        for i in at..<end { execute(i) }
        at = end
        // A command that took long makes the time that others see too old.
        if executor.hot.pointee.ticksNow &- lastTime > turnLimit {
          executor.beginTurn()
          lastTime = executor.hot.pointee.ticksNow
        }
      }
      executor.hot.pointee.verbatim = nil
      endSegment()
      let spent = martlet_ticks() &- begin
      statistics.pointee.busyTicks &+= spent
      statistics.pointee.longestTurn = max(statistics.pointee.longestTurn, spent)
      statistics.pointee.turnCommands &+= count
      statistics.pointee.mostCommands = max(statistics.pointee.mostCommands, count)
    }
    releaseInput(count)
    executor.keyspace.pointee.releaseArrivedBlobs()
    batch.pointee.reset()
  }

  /// Finds commands and hashes keys, first bringing the buckets on their way, then the entries in them.
  @inline(__always)
  private func lookUp(_ start: Int, _ end: Int) {
    let commands = batch.pointee.commands
    let arguments = batch.pointee.arguments.base
    let keyspace = executor.keyspace
    let isSnapshotting = keyspace.pointee.isSnapshotting
    for i in start..<end {
      let parsed = commands + i
      guard parsed.pointee.count > 0 else { continue }
      let first = arguments + parsed.pointee.firstArgument
      guard let command = executor.table.find(first.pointee) else { continue }
      parsed.pointee.command = command
      let key = command.pointee.firstKey
      guard key > 0 && key < parsed.pointee.count else { continue }
      let hash = keyspace.pointee.hash(first[key])
      parsed.pointee.keyHash = hash
      let database = parsed.pointee.connection.pointee.session.database
      keyspace.pointee.databases[database].table.prefetchBucket(hash: hash)
    }
    for i in start..<end where (commands + i).pointee.keyHash != 0 {
      let parsed = commands + i
      let database = parsed.pointee.connection.pointee.session.database
      keyspace.pointee.databases[database].table.prefetchEntry(hash: parsed.pointee.keyHash, toTheEnd: isSnapshotting)
    }
  }

  @inline(__always)
  private func execute(_ index: Int) {
    let parsed = batch.pointee.commands[index]
    let connection = parsed.connection
    batch.pointee.executing = index
    if batch.pointee.current != connection { beginSegment(connection) }
    if connection.isStopped { return skip(parsed) }
    guard parsed.count > 0 else { return reportFailure(connection) }
    let arguments = batch.pointee.arguments.base + parsed.firstArgument
    executor.hot.pointee.verbatim = parsed.isVerbatim ? UnsafePointer(arguments) : nil
    let outcome = executor.execute(
      connection.sessionPointer, arguments, count: parsed.count, command: parsed.command,
      firstKeyHash: parsed.keyHash, &batch.pointee.reply)
    if case .postponed = outcome {
      connection.pointee.isReadingPaused = true
      connection.pointee.session.flags.insert(.paused)
      return skip(parsed)
    }
    if executor.hot.pointee.hasReadyKeys { executor.serveBlocked() }
    if batch.pointee.ownMessages.count > 0 { appendOwnMessages() }
    if batch.pointee.reply.count > Batch.replyHighWater {
      endSegment()
      flush()
    }
  }

  private func appendOwnMessages() {
    batch.pointee.reply.raw(batch.pointee.ownMessages.bytes)
    batch.pointee.ownMessages.reset(keepingCapacity: 64 << 10)
  }

  @inline(__always)
  private func beginSegment(_ connection: ConnectionPointer) {
    endSegment()
    batch.pointee.current = connection
    executor.setCurrent(connection.sessionPointer)
    if connection.hasSegment { enqueueSegment(connection) }
    connection.pointee.segmentStart = batch.pointee.reply.count
    connection.pointee.segmentEnd = batch.pointee.reply.count
    let limit = connection.pointee.session.flags.contains(.subscribed) ? subscriberOutputLimit : outputLimit
    batch.pointee.reply.cutoff = limit == .max ? .max : limit &+ batch.pointee.reply.count
    connection.pointee.firstAttachment = batch.pointee.reply.attachments.count
  }

  @inline(__always)
  private func endSegment() {
    guard let connection = batch.pointee.current else { return }
    connection.pointee.segmentEnd = batch.pointee.reply.count
    connection.pointee.attachmentCount = batch.pointee.reply.attachments.count - connection.pointee.firstAttachment
    batch.pointee.current = nil
    executor.setCurrent(nil)
    if batch.pointee.reply.isInVain || connection.pointee.attachmentCount > 0 {
      let pending = connection.pointee.segmentEnd - connection.pointee.segmentStart
      delegate.willSend(connection, pending + attachedBytes(connection))
    }
    if connection.hasSegment || connection.pointee.session.flags.contains(.closeAfterReply) {
      noteFlush(connection)
    }
  }

  private func attachedBytes(_ connection: ConnectionPointer) -> Int {
    let first = connection.pointee.firstAttachment
    return (first..<first + connection.pointee.attachmentCount).reduce(0) {
      $0 + batch.pointee.reply.attachments[$1].blob.count
    }
  }

  @inline(never)
  private func reportFailure(_ connection: ConnectionPointer) {
    guard let failure = connection.pointee.failure else { return }
    batch.pointee.reply.error("ERR \(failure.message)")
    executor.countError(&batch.pointee.reply)
    connection.pointee.session.flags.insert(.closeAfterReply)
    delegate.protocolError(connection, failure)
  }

  /// A command that cannot run now. Whoever only waits gets it back as input, before what follows.
  @inline(never)
  private func skip(_ parsed: ParsedCommand) {
    guard parsed.connection.isWaiting && parsed.count > 0 else { return }
    var encoded = ReplyWriter(capacity: 256)
    encoded.array(parsed.count)
    for i in 0..<parsed.count { encoded.bulk(batch.pointee.arguments.base[parsed.firstArgument + i]) }
    parsed.connection.pointee.postponed.append(contentsOf: encoded.bytes.buffer)
  }

  /// After the commands were executed: frees the input that they lay in.
  private func releaseInput(_ count: Int) {
    var last: ConnectionPointer?
    for i in 0..<count {
      let connection = batch.pointee.commands[i].connection
      if connection == last { continue }
      last = connection
      if connection.pointee.isInputInUse {
        connection.pointee.isInputInUse = false
        connection.pointee.input.drop(connection.pointee.consumedInput)
        connection.pointee.consumedInput = 0
      }
      if !connection.pointee.postponed.isEmpty { restorePostponed(connection) }
    }
  }

  /// Commands that may not run yet stand before what else was received.
  private func restorePostponed(_ connection: ConnectionPointer) {
    var input = InputBuffer()
    connection.pointee.postponed.withUnsafeBufferPointer { input.append($0.baseAddress!, count: $0.count) }
    if let base = connection.pointee.input.base, connection.pointee.input.count > 0 {
      input.append(base, count: connection.pointee.input.count)
    }
    connection.pointee.input.release()
    connection.pointee.input = input
    connection.pointee.parser = RequestParser()
    connection.pointee.postponed = []
  }
}
