import CMartlet
import Keyspace
import Memory
import RESP
import Structures

// A command that finds nothing and may wait (BLPOP, BZPOPMIN, XREAD BLOCK …) blocks its session on keys.
// When one of them changes, the command is run again from the start, as if it came just then: what it
// does then is what it would have done. Sessions are served in the order in which they blocked.
//
// Whoever waits costs the others nothing: a change of a key looks up one word, and of ten thousand sessions
// that wait for one list only those are woken for whom there is an element.

/// What a blocked session waits for.
public final class Blocking {
  let database: Int
  let keys: [ByteString]
  /// A key that holds something else wakes nobody.
  let type: ValueType
  let wakesOnMissingKey: Bool
  /// The command, to be run again.
  let command: CommandReference
  let arguments: [Blob]
  /// Writes what the client gets when the time is over.
  let timeoutReply: (inout ReplyWriter) -> Void
  /// When the wait is over, in Unix milliseconds; nil: never.
  public let deadline: Int64?
  /// False if what it waits for goes on whether it waits or not.
  let canBeUnblocked: Bool
  /// When the command is to be run again though nothing changed.
  fileprivate var retryTime: Int64?
  /// The sooner of the two, with its place among all of these.
  fileprivate let timer: UnsafeMutablePointer<Deadline>
  fileprivate var places: [WaitQueue.Place] = []
  /// Whether the command was run in vain so far.
  fileprivate(set) var waitsOn = true
  /// What it took to find that there is nothing yet, in ticks.
  fileprivate var ticks: UInt64 = 0

  fileprivate init(
    database: Int, keys: [ByteString], type: ValueType, wakesOnMissingKey: Bool, deadline: Int64?,
    canBeUnblocked: Bool, command: CommandReference, arguments: [Blob],
    timeoutReply: @escaping (inout ReplyWriter) -> Void
  ) {
    self.database = database
    self.keys = keys
    self.type = type
    self.wakesOnMissingKey = wakesOnMissingKey
    self.command = command
    self.arguments = arguments
    self.timeoutReply = timeoutReply
    self.deadline = deadline
    self.canBeUnblocked = canBeUnblocked
    timer = UnsafeMutablePointer<Deadline>.allocate(capacity: 1)
    timer.initialize(to: Deadline())
  }

  deinit {
    for argument in arguments { argument.release() }
    timer.deallocate()
  }

  fileprivate var nextTime: Int64? {
    guard let deadline, let retryTime else { return deadline ?? retryTime }
    return min(deadline, retryTime)
  }

  var memory: Int { arguments.reduce(0) { $0 + $1.count + Blob.headerSize } + keys.count * 64 }
}

/// The sessions that wait for one key, in the order in which they came.
///
/// It goes by a hash of database and key: two keys of the same hash would share a queue, so whoever is woken
/// looks at its own key first.
private final class WaitQueue {
  /// One session's place in one queue.
  final class Place {
    let session: SessionPointer
    let key: ByteString
    let blocking: Blocking
    unowned let queue: WaitQueue
    fileprivate(set) var next: Place?
    fileprivate(set) weak var previous: Place?
    fileprivate(set) var isLinked = true
    /// Rises along the queue.
    let ticket: UInt64

    init(_ session: SessionPointer, key: ByteString, _ blocking: Blocking, queue: WaitQueue, ticket: UInt64) {
      self.session = session
      self.key = key
      self.blocking = blocking
      self.queue = queue
      self.ticket = ticket
    }
  }

  let id: UInt64
  private(set) var first: Place?
  private weak var last: Place?
  /// Sessions that wait for each type, by raw value, and those that want to know if the key goes.
  private var waiting = [Int](repeating: 0, count: 8)
  private(set) var waitingForMissing = 0
  var isReady = false

  init(id: UInt64) { self.id = id }

  /// Taken apart one by one: a chain that frees itself recurses as deep as it is long.
  deinit {
    var place = first
    while let current = place {
      place = current.next
      current.next = nil
    }
  }

  var isEmpty: Bool { first == nil }

  func isWanted(_ type: ValueType?) -> Bool {
    if waitingForMissing > 0 { return true }
    return type.map { waiting[Int($0.rawValue)] > 0 } ?? false
  }

  func append(_ place: Place) {
    place.previous = last
    if let last { last.next = place } else { first = place }
    last = place
    waiting[Int(place.blocking.type.rawValue)] += 1
    if place.blocking.wakesOnMissingKey { waitingForMissing += 1 }
  }

  func remove(_ place: Place) {
    guard place.isLinked else { return }
    place.isLinked = false
    if let previous = place.previous { previous.next = place.next } else { first = place.next }
    if let next = place.next { next.previous = place.previous } else { last = place.previous }
    place.next = nil
    waiting[Int(place.blocking.type.rawValue)] -= 1
    if place.blocking.wakesOnMissingKey { waitingForMissing -= 1 }
  }

  /// The first place after those with a ticket of up to `ticket`. O(1) while `hint` is still in the queue.
  func place(after ticket: UInt64, hint: Place?) -> Place? {
    if let hint, hint.isLinked { return hint }
    var place = first
    while let current = place, current.ticket <= ticket { place = current.next }
    return place
  }
}

/// Who waits for which keys, and which of them changed.
public struct BlockedSessions: ~Copyable {
  private var queues: [UInt64: WaitQueue] = [:]
  /// Queues of keys that were changed, in order.
  private var ready: [WaitQueue] = []
  private var timers = DeadlineHeap()
  private var timed: [UnsafeMutablePointer<Deadline>: SessionPointer] = [:]
  private var nextTicket: UInt64 = 0

  /// Sessions that wait.
  public private(set) var count = 0

  public init() {}

  /// Keys that somebody waits for.
  public var keyCount: Int { queues.count }
  public var missingKeyCount: Int { queues.values.count { $0.waitingForMissing > 0 } }
  public var timedCount: Int { timers.count }
  public var hasReadyKeys: Bool { !ready.isEmpty }

  /// The earliest end of a wait, in Unix milliseconds.
  public var nextDeadline: Int64? { timers.soonest?.pointee.milliseconds }

  private static func id(_ database: Int, hash: UInt64) -> UInt64 {
    hash ^ UInt64(truncatingIfNeeded: database) &* 0x9e37_79b9_7f4a_7c15
  }

  /// Returns whether somebody waits for the key.
  mutating func note(database: Int, hash: UInt64) -> Bool {
    guard let queue = queues[Self.id(database, hash: hash)] else { return false }
    note(queue)
    return true
  }

  private mutating func note(_ queue: WaitQueue) {
    if queue.isReady { return }
    queue.isReady = true
    ready.append(queue)
  }

  /// Whole databases changed, so any key that is waited for there may be new, or gone.
  mutating func noteAll(databases: [Int]) {
    let affected = queues.values.filter { databases.contains($0.first?.blocking.database ?? -1) }
    // A dictionary's order is arbitrary; who came first is not.
    for queue in affected.sorted(by: { ($0.first?.ticket ?? 0) < ($1.first?.ticket ?? 0) }) { note(queue) }
  }

  fileprivate mutating func takeReady() -> [WaitQueue] {
    let taken = ready
    ready = []
    for queue in taken { queue.isReady = false }
    return taken
  }

  fileprivate mutating func add(_ session: SessionPointer, _ blocking: Blocking, hash: (ByteString) -> UInt64) {
    count += 1
    nextTicket += 1
    for key in blocking.keys {
      let id = Self.id(blocking.database, hash: hash(key))
      let queue = queues[id] ?? WaitQueue(id: id)
      queues[id] = queue
      let place = WaitQueue.Place(session, key: key, blocking, queue: queue, ticket: nextTicket)
      queue.append(place)
      blocking.places.append(place)
    }
    schedule(session, blocking)
  }

  fileprivate mutating func schedule(_ session: SessionPointer, _ blocking: Blocking) {
    unschedule(blocking)
    guard let time = blocking.nextTime else { return }
    blocking.timer.pointee.milliseconds = time
    timers.insert(blocking.timer)
    timed[blocking.timer] = session
  }

  private mutating func unschedule(_ blocking: Blocking) {
    if timed.removeValue(forKey: blocking.timer) != nil { timers.remove(blocking.timer) }
  }

  fileprivate mutating func remove(_ blocking: Blocking) {
    count -= 1
    for place in blocking.places {
      place.queue.remove(place)
      if place.queue.isEmpty { queues[place.queue.id] = nil }
    }
    blocking.places = []
    unschedule(blocking)
  }

  /// A session whose time has come.
  fileprivate func overdue(_ now: Int64) -> SessionPointer? {
    guard let timer = timers.soonest, timer.pointee.milliseconds <= now else { return nil }
    return timed[timer]
  }
}

extension Call {
  /// Whether a command that finds nothing may wait: not within a transaction.
  public var mayBlock: Bool { !session.pointee.flags.contains(.inExec) }

  /// Lets the session wait until one of the keys at `indices` changes, or the time is over. The handler
  /// must return right after it without writing a reply.
  ///
  /// - Parameters:
  ///   - type: the command is run again only when the key holds this.
  ///   - timeoutMilliseconds: 0: for ever.
  ///   - wakesOnMissingKey: also run it again when the key is gone, or holds something else.
  ///   - retryAt: also run it again at this time, in Unix milliseconds, which is to come.
  ///   - canBeUnblocked: whether CLIENT UNBLOCK ends the wait.
  ///   - onTimeout: writes the reply of a wait that was in vain.
  public func block(
    on indices: some Sequence<Int>, for type: ValueType, timeoutMilliseconds: Int64, wakesOnMissingKey: Bool = false,
    retryAt: Int64? = nil, canBeUnblocked: Bool = true,
    onTimeout: @escaping (inout ReplyWriter) -> Void = { $0.nullArray() }
  ) {
    executor.block(
      self, keys: indices.map { ByteString(self[$0]) }, type, timeoutMilliseconds, wakesOnMissingKey, retryAt,
      canBeUnblocked, onTimeout)
  }

  /// A timeout in seconds, with fractions, from the argument at `index`, in milliseconds; nil after the error
  /// was written.
  public func blockingTimeout(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    var milliseconds: Int64 = 0
    guard martlet_milliseconds_read(self[index].base, self[index].count, &milliseconds) else {
      reply.error("ERR timeout is not a float or out of range")
      return nil
    }
    if milliseconds < 0 {
      reply.error("ERR timeout is negative")
      return nil
    }
    guard milliseconds < Int64.max - now else {
      reply.error("ERR timeout is out of range")
      return nil
    }
    return milliseconds
  }
}

extension Executor {
  fileprivate func block(
    _ call: Call, keys: [ByteString], _ type: ValueType, _ timeout: Int64, _ wakesOnMissingKey: Bool, _ retryAt: Int64?,
    _ canBeUnblocked: Bool, _ onTimeout: @escaping (inout ReplyWriter) -> Void
  ) {
    let session = call.session
    // A command counts when it is done, however often it was tried.
    call.command.pointee.statistics.calls &-= 1
    // Run again and still in vain: it waits on, where it is in its queues.
    if let blocking = session.pointee.blocking {
      blocking.waitsOn = true
      if blocking.retryTime != retryAt {
        blocking.retryTime = retryAt
        blocked.schedule(session, blocking)
      }
      return
    }
    let unique = keys.reduce(into: [ByteString]()) { if !$0.contains($1) { $0.append($1) } }
    let blocking = Blocking(
      database: call.database, keys: unique, type: type, wakesOnMissingKey: wakesOnMissingKey,
      deadline: timeout > 0 ? call.now + timeout : nil, canBeUnblocked: canBeUnblocked, command: call.command,
      arguments: (0..<call.count).map { Blob.copy(call[$0]) }, timeoutReply: onTimeout)
    blocking.retryTime = retryAt
    session.pointee.blocking = blocking
    session.pointee.flags.insert(.blocked)
    blocked.add(session, blocking) { $0.withBytes { keyspace.pointee.hash($0) } }
    keyspace.pointee.interest.insert(.blocked)
    host.blocked(session)
    blocking.ticks = martlet_ticks() &- hot.pointee.ticksNow
  }

  /// Forgets that a session waits, without a word to it.
  func stopBlocking(_ session: SessionPointer) {
    guard let blocking = session.pointee.blocking else { return }
    session.pointee.blocking = nil
    session.pointee.flags.remove(.blocked)
    blocked.remove(blocking)
    if blocked.count == 0 { keyspace.pointee.interest.remove(.blocked) }
  }

  /// Ends a session's wait early: as if its time were over, or with an error. False if it does not wait.
  ///
  /// - Parameter evenIfItCannotBe: what the session waits for is over.
  public func unblock(_ session: SessionPointer, error: StaticString?, evenIfItCannotBe: Bool = false) -> Bool {
    guard let blocking = session.pointee.blocking, blocking.canBeUnblocked || evenIfItCannotBe else { return false }
    countInVain(blocking, isFailure: error != nil)
    finish(session) { reply in
      if let error { reply.error(error) } else { blocking.timeoutReply(&reply) }
    }
    return true
  }

  /// A command that never got what it waited for is done, too.
  private func countInVain(_ blocking: Blocking, isFailure: Bool) {
    blocking.command.pointee.statistics.calls += 1
    if isFailure { blocking.command.pointee.statistics.failedCalls += 1 }
  }

  private func finish(_ session: SessionPointer, _ write: (inout ReplyWriter) -> Void) {
    stopBlocking(session)
    var reply = ReplyWriter(capacity: 256)
    reply.protocolVersion = session.pointee.protocolVersion
    write(&reply)
    if reply.errorCount > 0 { countError(&reply) }
    if session.pointee.flags.isDisjoint(with: [.replyOff, .replySkip]) { host.deliver(reply.bytes, to: session) }
    host.unblocked(session)
  }

  /// Ends the waits whose time is over, and looks after those who wanted to be at this time.
  public func timeOutBlocked() {
    let now = keyspace.pointee.now
    while let session = blocked.overdue(now), let blocking = session.pointee.blocking {
      if let deadline = blocking.deadline, deadline <= now {
        countInVain(blocking, isFailure: false)
        finish(session) { blocking.timeoutReply(&$0) }
      } else {
        blocking.retryTime = nil
        blocked.schedule(session, blocking)
        retry(session, blocking)
      }
    }
  }

  /// Serves those who wait for keys that were changed. Called after each command while anybody waits.
  public func serveBlocked() {
    hot.pointee.hasReadyKeys = false
    // The command that changed the keys may have taken long: what died meanwhile wakes nobody.
    keyspace.pointee.setTime(milliseconds: clock.unixMilliseconds())
    while blocked.hasReadyKeys {
      for queue in blocked.takeReady() { serve(queue) }
    }
    hot.pointee.hasReadyKeys = false
  }

  private func serve(_ queue: WaitQueue) {
    var place = queue.first
    while let current = place {
      let type = waitedType(current)
      if !queue.isWanted(type) { return }
      let next = current.next
      let wakes = type == current.blocking.type || current.blocking.wakesOnMissingKey
      if wakes { retry(current.session, current.blocking) }
      // Serving one may end the wait of others.
      place = next == nil ? current.isLinked ? current.next : nil : queue.place(after: current.ticket, hint: next)
    }
  }

  /// What the key that a session waits for holds now; nil: nothing.
  private func waitedType(_ place: WaitQueue.Place) -> ValueType? {
    place.key.withBytes { key in
      keyspace.pointee.peek(place.blocking.database, key, hash: keyspace.pointee.hash(key))?.valueType
    }
  }

  /// Runs the command of a session that waits for something other than keys once more.
  public func runAgain(_ session: SessionPointer) {
    if let blocking = session.pointee.blocking { retry(session, blocking) }
  }

  private func retry(_ session: SessionPointer, _ blocking: Blocking) {
    blocking.waitsOn = false
    let database = session.pointee.database
    session.pointee.database = blocking.database
    var reply = ReplyWriter(capacity: 256)
    let arguments = blocking.arguments.map(\.bytes)
    arguments.withUnsafeBufferPointer { arguments in
      guard let base = arguments.baseAddress else { return }
      // It may have been taken from the user meanwhile.
      if let denial = denial(session, blocking.command, base, count: arguments.count) {
        note(denial, .topLevel, session, blocking.command, base)
        let statistics = blocking.command.pointee.statistics
        blocking.command.pointee.statistics.rejectedCalls += 1
        // What never ran took no time.
        blocking.command.pointee.statistics.ticks -= min(statistics.ticks, blocking.ticks)
        reply.error("NOPERM \(denial.message(session.pointee.user, blocking.command))")
        return countError(&reply)
      }
      holdingInvalidations(for: session) {
        run(makeCall(session, base, count: arguments.count, command: blocking.command), &reply)
      }
    }
    session.pointee.database = database
    defer { deliverHeldInvalidations(to: session) }
    if blocking.waitsOn { return }
    finish(session) { $0.raw(flat: &reply) }
  }
}

extension Executor {
  /// Databases changed as a whole: keys that somebody waits for may be there now, or gone.
  func noteChanged(databases: [Int]) {
    if !held.isEmpty { held.noteChange(databases: databases) }
    guard blocked.count > 0 else { return }
    blocked.noteAll(databases: databases)
    hot.pointee.hasReadyKeys = blocked.hasReadyKeys
  }
}
