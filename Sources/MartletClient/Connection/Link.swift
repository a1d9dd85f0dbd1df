import Logging
import NIOCore
import Synchronization

/// A connection with the commands that wait for it. It connects when it is first needed; if it may, again and again.
///
/// Callers put their commands into the queue under a lock; the first of a burst has the event loop come by, which sends
/// whatever lies there in one write. So many commands cost one hop and one system call. Replies take the lock once for
/// every read. What was not sent when a connection is lost stays in the queue for the next.
///
/// The lock is never held while a continuation is resumed or a listener is called.
final class Link: Sendable, ReplyReceiver {
  /// What sets one link apart from another.
  struct Role: Sendable {
    /// Makes the connection anew when it is lost.
    var reconnects: Bool
    /// None for commands that the server lets wait.
    var commandTimeout: Duration?
    /// Does not speak to a server that says that it is a replica.
    var requiresPrimary = false
    /// Only hears: replies go to listeners as pushes, and now and then the server is asked whether it lives.
    var isSubscriber = false
  }

  private enum Phase {
    case idle
    case connecting
    case open(any Channel)
    /// Before the next attempt.
    case waiting
    case closed(MartletError)
  }

  private struct State {
    var queue: CommandQueue
    var phase = Phase.idle
    var generation: UInt64 = 0
    var isDrainScheduled = false
    var timerRuns = false
    var failures = 0
    var lastReadTick: UInt32 = 0
    var channel: (any Channel)?
    var protocolVersion = ProtocolVersion.resp3
  }

  private static let nextID = Atomic<UInt64>(0)
  /// Timeouts are counted in eighths, which saves every command from reading the clock.
  private static let ticksPerTimeout: UInt32 = 8

  let id: ConnectionID
  let eventLoop: any EventLoop
  private let configuration: ClientConfiguration
  private let role: Role
  private let hub: PushHub
  private let metrics: ClientMetrics?
  private let state: Mutex<State>

  init(
    _ id: ConnectionID, configuration: ClientConfiguration, role: Role, hub: PushHub = PushHub(),
    eventLoop: (any EventLoop)? = nil
  ) {
    self.id = id
    self.configuration = configuration
    self.role = role
    self.hub = hub
    metrics = ClientMetrics(configuration)
    self.eventLoop = eventLoop ?? configuration.eventLoopGroup.next()
    state = Mutex(State(queue: CommandQueue(capacity: max(1, configuration.maximumInFlight))))
  }

  /// Nil while there is no connection.
  var generation: UInt64? {
    state.withLock {
      if case .open = $0.phase { $0.generation } else { nil }
    }
  }

  var protocolVersion: ProtocolVersion { state.withLock { $0.protocolVersion } }
  var isClosed: Bool {
    state.withLock {
      if case .closed = $0.phase { true } else { false }
    }
  }
  var isIdle: Bool { state.withLock { $0.queue.isEmpty } }

  // MARK: Commands

  /// Sends a command and waits for its reply, which may be an error.
  @inline(__always)
  func roundTrip(_ encode: @Sendable (inout CommandEncoder) -> Void) async throws -> RESPValue {
    let id = Self.makeID()
    return try await withTaskCancellationHandler {
      // Not the checked kind, which costs an allocation: whoever takes a waiter off the queue resumes it, once.
      try await withUnsafeThrowingContinuation { continuation in
        submit(id, .caller(continuation), encode)
      }
    } onCancel: {
      cancel(id)
    }
  }

  /// Sends commands with nothing in between and waits for all their replies.
  func roundTrip(_ bytes: ByteBuffer, lengths: [Int]) async throws -> [RESPValue] {
    if lengths.isEmpty { return [] }
    let id = Self.makeID()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let batch = ReplyBatch(count: lengths.count) { continuation.resume(with: $0) }
        submit(id, .batch(batch), bytes, lengths: lengths)
      }
    } onCancel: {
      cancel(id)
    }
  }

  static func makeID() -> UInt64 { nextID.wrappingAdd(1, ordering: .relaxed).newValue }

  /// What became of a submission: told outside the lock.
  private enum Admission {
    case queued(mustDrain: Bool)
    case refused(any Error)
  }

  @inline(__always)
  private func submit(_ id: UInt64, _ answer: Waiter.Answer, _ encode: @Sendable (inout CommandEncoder) -> Void) {
    let admission = state.withLock { state -> Admission in
      if let refusal = refusal(&state, count: 1) { return .refused(refusal) }
      // The task's flag is set before its handlers run. A handler that ran before us found nothing to take out, and
      // we see the flag; one that runs after us finds the waiter.
      if Task.isCancelled { return .refused(CancellationError()) }
      if state.queue.hasRoom(for: 1) {
        guard state.queue.add(id: id, answer, encode) else { return .refused(MartletError.server(Self.emptyCommand)) }
      } else {
        var encoder = CommandEncoder()
        encoder.begin()
        encode(&encoder)
        guard encoder.end() else { return .refused(MartletError.server(Self.emptyCommand)) }
        let bytes = encoder.take()
        state.queue.addLate(id: id, bytes, lengths: [bytes.readableBytes], answer: answer)
      }
      return .queued(mustDrain: mustDrain(&state))
    }
    finish(admission, answer)
  }

  /// As above for commands that were encoded already.
  private func submit(_ id: UInt64, _ answer: Waiter.Answer, _ bytes: ByteBuffer, lengths: [Int]) {
    let admission = state.withLock { state -> Admission in
      if let refusal = refusal(&state, count: lengths.count) { return .refused(refusal) }
      if Task.isCancelled { return .refused(CancellationError()) }
      if state.queue.hasRoom(for: lengths.count) {
        state.queue.add(id: id, bytes, lengths: lengths, answer: answer)
      } else {
        state.queue.addLate(id: id, bytes, lengths: lengths, answer: answer)
      }
      return .queued(mustDrain: mustDrain(&state))
    }
    finish(admission, answer)
  }

  private static let emptyCommand = ServerError("ERR a command needs a name")

  private func refusal(_ state: inout State, count: Int) -> MartletError? {
    if case .closed(let error) = state.phase { return error }
    if configuration.overload == .fail && !state.queue.hasRoom(for: count) { return .tooManyInFlight }
    return nil
  }

  private func mustDrain(_ state: inout State) -> Bool {
    if state.isDrainScheduled { return false }
    state.isDrainScheduled = true
    return true
  }

  private func finish(_ admission: Admission, _ answer: Waiter.Answer) {
    switch admission {
    case .queued(let mustDrain): if mustDrain { eventLoop.execute { self.drain() } }
    case .refused(let error): answer.resume(throwing: error)
    }
  }

  private func cancel(_ id: UInt64) {
    state.withLock { $0.queue.cancel(id: id) }?.resume(throwing: CancellationError())
  }

  // MARK: On the event loop

  private enum Work {
    case none
    case connect
    case write(ByteBuffer, any Channel)
  }

  private func drain() {
    let (work, mustStartTimer) = state.withLock { state -> (Work, Bool) in
      state.isDrainScheduled = false
      let mustStartTimer = !state.timerRuns && role.commandTimeout != nil && !state.queue.isEmpty
      if mustStartTimer {
        state.timerRuns = true
        state.lastReadTick = state.queue.tick
      }
      switch state.phase {
      case .open(let channel): return (.write(state.queue.takeUnsent(), channel), mustStartTimer)
      case .idle:
        state.phase = .connecting
        return (.connect, mustStartTimer)
      case .connecting, .waiting, .closed: return (.none, mustStartTimer)
      }
    }
    switch work {
    case .none: break
    case .connect: connect()
    case .write(let bytes, let channel): if bytes.readableBytes > 0 { channel.writeAndFlush(bytes, promise: nil) }
    }
    if mustStartTimer { scheduleTick() }
  }

  func received(replies: [RESPValue]) {
    if role.isSubscriber { return replies.forEach(receivedBySubscriber) }
    var answers: [Waiter.Answer] = []
    answers.reserveCapacity(replies.count)
    let goesOn = state.withLock { state in
      state.lastReadTick = state.queue.tick
      // Not when it is opened: a server that accepts connections and closes them is no better than none.
      state.failures = 0
      for _ in replies {
        guard let answer = state.queue.removeFirst() else { break }
        answers.append(answer)
      }
      // Commands that had found no room may have come in.
      return state.queue.hasUnsent && mustDrain(&state)
    }
    metrics?.received(replies: replies.count)
    for (answer, reply) in zip(answers, replies) { answer.resume(returning: reply) }
    if answers.count < replies.count {
      configuration.logger.error("\(id): a reply to no command; closing the connection")
      reset()
    }
    if goesOn { drain() }
  }

  func received(push: RESPPush) {
    let generation = state.withLock { state in
      state.lastReadTick = state.queue.tick
      return state.generation
    }
    metrics?.receivedPush()
    hub.received(push, on: id, generation: generation)
  }

  // MARK: Subscribers

  /// Sends commands whose replies, if there are any, are pushes. Nothing is sent if there is no connection.
  func write(_ commands: [[RESPArgument]]) {
    let bytes = EncodedCommands(commands).bytes
    let channel: (any Channel)? = state.withLock { state in
      if case .open(let channel) = state.phase { channel } else { nil }
    }
    channel?.writeAndFlush(bytes, promise: nil)
  }

  private func receivedBySubscriber(_ reply: RESPValue) {
    if case .error = reply { received(push: RESPPush([.simpleString("error"), reply])) }
    state.withLock { $0.lastReadTick = $0.queue.tick }
  }

  /// A connection that only hears would not notice that it is dead.
  private func scheduleHeartbeat(_ generation: UInt64) {
    eventLoop.scheduleTask(in: configuration.commandTimeout.timeAmount) { self.beat(generation) }
  }

  private func beat(_ generation: UInt64) {
    guard self.generation == generation else { return }
    let isSilent = state.withLock { state in
      _ = state.queue.advance(limit: .max)
      return state.queue.tick &- state.lastReadTick > 2
    }
    if isSilent { return reset() }
    write([["PING"]])
    scheduleHeartbeat(generation)
  }

  // MARK: Timeouts

  private func scheduleTick() {
    guard let timeout = role.commandTimeout else { return }
    eventLoop.scheduleTask(in: (timeout / Int(Self.ticksPerTimeout)).timeAmount) { self.tick() }
  }

  private func tick() {
    let (expired, isSilent, goesOn) = state.withLock { state -> ([Waiter.Answer], Bool, Bool) in
      let expired = state.queue.advance(limit: Self.ticksPerTimeout)
      let silence = state.queue.tick &- state.lastReadTick
      let isSilent = state.queue.sentCount > 0 && silence > 2 * Self.ticksPerTimeout
      state.timerRuns = !state.queue.isEmpty
      return (expired, isSilent, state.timerRuns)
    }
    if !expired.isEmpty { metrics?.timedOut(expired.count) }
    for answer in expired { answer.resume(throwing: MartletError.timedOut) }
    if isSilent {
      configuration.logger.warning("\(id): silent for too long; closing the connection")
      reset()
    }
    if goesOn { scheduleTick() }
  }

  // MARK: Connecting

  /// Connects now, instead of with the first command.
  func connectNow() {
    eventLoop.execute { self.drain() }
  }

  private func connect() {
    let handler = ConnectionHandler(
      receiver: self, limits: configuration.limits, takesArraysForPushes: role.isSubscriber)
    let loopBound = NIOLoopBound(handler, eventLoop: eventLoop)
    let handshake = Connector(id.node, configuration).connect(on: eventLoop, handler: loopBound).assumeIsolated()
      .flatMap { channel -> EventLoopFuture<ProtocolVersion> in
        self.state.withLock { $0.channel = channel }
        // Whoever closed the link meanwhile did not know this channel.
        if self.isClosed { channel.close(promise: nil) }
        let handshake = Handshake(
          configuration: self.configuration, handler: handler, channel: channel,
          requiresPrimary: self.role.requiresPrimary)
        return handshake.run().assumeIsolated()
          .flatMap { version in self.greetListeners(handler, channel).map { version } }.nonisolated()
      }
    // A server that accepts connections and then says nothing.
    let limit = eventLoop.scheduleTask(in: configuration.connectTimeout.timeAmount * 2) { self.reset() }
    handshake.whenComplete { result in
      limit.cancel()
      switch result {
      case .success(let version): self.opened(version)
      case .failure(let error): self.failed(error)
      }
    }
  }

  /// Lets the listeners speak first, all in one write, and tells them what was answered.
  private func greetListeners(_ handler: ConnectionHandler, _ channel: any Channel) -> EventLoopFuture<Void> {
    let generation = state.withLock { state in
      state.generation += 1
      return state.generation
    }
    let greetings = hub.greetings(id, generation: generation)
    return handler.exchange(greetings.flatMap(\.commands), on: channel).assumeIsolated().map { replies in
      var rest = replies[...]
      handler.open()
      for greeting in greetings {
        greeting.opened(self.id, generation, Array(rest.prefix(greeting.commands.count)))
        rest = rest.dropFirst(greeting.commands.count)
      }
    }.nonisolated()
  }

  private func opened(_ version: ProtocolVersion) {
    let isWanted = state.withLock { state in
      guard case .connecting = state.phase, let channel = state.channel else { return false }
      state.phase = .open(channel)
      state.protocolVersion = version
      state.lastReadTick = state.queue.tick
      return true
    }
    guard isWanted else { return }
    metrics?.connectionOpened()
    if role.isSubscriber, let generation { scheduleHeartbeat(generation) }
    // Listeners that were added while others were greeted.
    hub.greetMissing(self)
    drain()
  }

  /// An attempt has failed.
  private func failed(_ error: any Error) {
    let cause = (error as? MartletError) ?? .cannotConnect("\(id.node): \(error)")
    // Trying again would not help against a wrong password.
    let isFinal = if case .server = cause { true } else { false }
    let (channel, answers, delay) = state.withLock { state -> ((any Channel)?, [Waiter.Answer], Duration?) in
      let channel = state.channel
      state.channel = nil
      guard case .connecting = state.phase else { return (channel, [], nil) }
      state.failures += 1
      guard role.reconnects else {
        state.phase = .closed(cause)
        return (channel, state.queue.removeUnsent(), nil)
      }
      state.phase = .waiting
      let givesUp = isFinal || state.failures >= configuration.connectionAttempts
      let answers = givesUp ? state.queue.removeUnsent() : []
      return (channel, answers, configuration.backoff.delay(afterFailures: state.failures))
    }
    channel?.close(promise: nil)
    metrics?.connectionFailed()
    configuration.logger.debug("\(id): cannot connect", metadata: ["error": "\(cause)"])
    for answer in answers { answer.resume(throwing: cause) }
    if let delay { eventLoop.scheduleTask(in: delay.timeAmount) { self.retry() } }
  }

  private func retry() {
    let mustConnect = state.withLock { state in
      guard case .waiting = state.phase else { return false }
      state.phase = .connecting
      return true
    }
    if mustConnect { connect() }
  }

  // MARK: The end of a connection

  func disconnected(_ error: MartletError?) {
    let (generation, delay, isMeant) = state.withLock { state -> (UInt64, Duration?, Bool) in
      switch state.phase {
      case .open:
        state.channel = nil
        guard role.reconnects else {
          state.phase = .closed(error ?? .connectionLost(mayHaveRun: false))
          return (state.generation, nil, true)
        }
        state.phase = .waiting
        state.failures += 1
        return (state.generation, configuration.backoff.delay(afterFailures: state.failures), true)
      case .closed: return (state.generation, nil, true)
      // The failure of a handshake is told to `failed`.
      case .idle, .connecting, .waiting: return (state.generation, nil, false)
      }
    }
    guard isMeant else { return }
    metrics?.connectionLost()
    hub.closed(id, generation: generation)
    let (sent, unsent) = state.withLock { state in
      (state.queue.removeSent(), delay == nil ? state.queue.removeUnsent() : [])
    }
    for answer in sent { answer.resume(throwing: error ?? .connectionLost(mayHaveRun: true)) }
    for answer in unsent { answer.resume(throwing: error ?? .connectionLost(mayHaveRun: false)) }
    if let delay { eventLoop.scheduleTask(in: delay.timeAmount) { self.retry() } }
  }

  /// Closes the connection as if it had been lost.
  func reset() {
    state.withLock { $0.channel }?.close(promise: nil)
  }

  /// Ends the link: what waits fails.
  func close() { end(.closed, sent: .closed) }

  /// Ends the link since its server is no longer one to be asked: what was not sent can be sent elsewhere.
  func retire() { end(.connectionLost(mayHaveRun: false), sent: .connectionLost(mayHaveRun: true)) }

  private func end(_ error: MartletError, sent sentError: MartletError) {
    let (channel, sent, unsent) = state.withLock { state -> ((any Channel)?, [Waiter.Answer], [Waiter.Answer]) in
      if case .closed = state.phase { return (nil, [], []) }
      state.phase = .closed(error)
      return (state.channel, state.queue.removeSent(), state.queue.removeUnsent())
    }
    for answer in sent { answer.resume(throwing: sentError) }
    for answer in unsent { answer.resume(throwing: error) }
    channel?.close(promise: nil)
  }
}

extension Link: PinnedConnection {
  @discardableResult
  func send<C: Command>(_ command: C) async throws -> C.Response {
    try C.Response(from: try await roundTrip { command.encode(into: &$0) })
  }

  @discardableResult
  func send(_ arguments: [RESPArgument]) async throws -> RESPValue {
    let reply = try await roundTrip { $0.append(arguments) }
    if case .error(let error) = reply.withoutAttributes { throw MartletError.server(error) }
    return reply
  }

  func send(
    _ commands: [[RESPArgument]], generation: UInt64?,
    onReply: @escaping @Sendable (Result<[RESPValue], MartletError>) -> Void
  ) {
    let encoded = EncodedCommands(commands)
    if encoded.lengths.isEmpty { return onReply(.success([])) }
    let batch = ReplyBatch(count: encoded.lengths.count) { result in
      onReply(result.mapError { ($0 as? MartletError) ?? .closed })
    }
    let answer = Waiter.Answer.batch(batch)
    let admission = state.withLock { state -> Admission in
      if case .closed(let error) = state.phase { return .refused(error) }
      if let generation {
        guard case .open = state.phase, state.generation == generation else {
          return .refused(MartletError.connectionLost(mayHaveRun: false))
        }
      }
      // Whoever cares for a connection is few, and must not be held up by those who use it: there is always room.
      state.queue.add(id: Self.makeID(), encoded.bytes, lengths: encoded.lengths, answer: answer)
      return .queued(mustDrain: mustDrain(&state))
    }
    finish(admission, answer)
  }
}
