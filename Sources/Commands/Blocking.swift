import Keyspace
import Memory
import RESP
import Structures

// A command that finds nothing and may wait (BLPOP, BZPOPMIN, XREAD BLOCK …) blocks its session on keys.
// When one of them changes, the command is run again from the start, as if it came just then: what it
// does then is what it would have done. Sessions are served in the order in which they blocked.

/// What a blocked session waits for.
package final class Blocking {
  let database: Int
  let keys: [ByteString]
  /// Unix milliseconds; nil: for ever.
  package let deadline: Int64?
  /// The command, to be run again.
  let command: CommandReference
  let arguments: [Blob]
  /// Writes what the client gets when the time is over.
  let timeoutReply: (inout ReplyWriter) -> Void
  /// Order of blocking.
  let ticket: UInt64

  init(
    database: Int, keys: [ByteString], deadline: Int64?, command: CommandReference, arguments: [Blob], ticket: UInt64,
    timeoutReply: @escaping (inout ReplyWriter) -> Void
  ) {
    self.database = database
    self.keys = keys
    self.deadline = deadline
    self.command = command
    self.arguments = arguments
    self.ticket = ticket
    self.timeoutReply = timeoutReply
  }

  deinit {
    for argument in arguments { argument.release() }
  }

  var memory: Int { arguments.reduce(0) { $0 + $1.count + Blob.headerSize } + keys.count * 64 }
}

/// Who waits for which keys, and which of them changed.
package struct BlockedSessions {
  struct Place: Hashable {
    let database: Int
    let key: ByteString
  }

  var waiting: [Place: [SessionPointer]] = [:]
  /// Keys that somebody waits for and that were changed, in order.
  var ready: [Place] = []
  var readySet: Set<Place> = []
  var nextTicket: UInt64 = 0
  package internal(set) var sessions: [SessionPointer] = []

  package init() {}

  package var count: Int { sessions.count }
  package var keyCount: Int { waiting.count }

  /// The earliest deadline of all.
  package var nextDeadline: Int64? { sessions.compactMap { $0.pointee.blocking?.deadline }.min() }

  /// Returns whether somebody waits for the key.
  mutating func note(_ change: Change) -> Bool {
    let place = Place(database: change.database, key: ByteString(change.key))
    guard waiting[place] != nil else { return false }
    if readySet.insert(place).inserted { ready.append(place) }
    return true
  }

  /// Whole databases changed places, so any key that is waited for there may be new.
  mutating func noteAll(databases: [Int]) {
    for place in waiting.keys where databases.contains(place.database) && readySet.insert(place).inserted {
      ready.append(place)
    }
  }
}

extension Call {
  /// Whether a command that finds nothing may wait: not within a transaction.
  package var mayBlock: Bool { !session.pointee.flags.contains(.inExec) }

  /// Lets the session wait until one of the keys at `indices` changes, or the time is over. The handler
  /// must return right after it without writing a reply.
  ///
  /// - Parameters:
  ///   - timeoutMilliseconds: 0: for ever.
  ///   - onTimeout: writes the reply of a wait that was in vain.
  package func block(
    on indices: some Sequence<Int>, timeoutMilliseconds: Int64,
    onTimeout: @escaping (inout ReplyWriter) -> Void = { $0.nullArray() }
  ) {
    executor.block(self, keys: indices.map { ByteString(self[$0]) }, timeoutMilliseconds, onTimeout)
  }

  /// A timeout in seconds, with fractions, from the argument at `index`, in milliseconds; nil after the error
  /// was written.
  package func blockingTimeout(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    guard let seconds = parseDouble(self[index]), seconds.isFinite || seconds > 0 else {
      reply.error("ERR timeout is not a float or out of range")
      return nil
    }
    if seconds < 0 {
      reply.error("ERR timeout is negative")
      return nil
    }
    let milliseconds = (seconds * 1000).rounded(.up)
    guard milliseconds < Double(Int64.max - now - 1) else {
      reply.error("ERR timeout is out of range")
      return nil
    }
    return Int64(milliseconds)
  }
}

extension Executor {
  fileprivate func block(
    _ call: Call, keys: [ByteString], _ timeout: Int64, _ onTimeout: @escaping (inout ReplyWriter) -> Void
  ) {
    let session = call.session
    // Run again and still in vain: it waits on, where it was in the queue.
    if let blocking = session.pointee.blocking {
      hold(session, blocking)
      return
    }
    let unique = keys.reduce(into: [ByteString]()) { if !$0.contains($1) { $0.append($1) } }
    let blocking = Blocking(
      database: call.database, keys: unique, deadline: timeout > 0 ? call.now + timeout : nil, command: call.command,
      arguments: (0..<call.count).map { Blob.copy(call[$0]) }, ticket: blocked.nextTicket, timeoutReply: onTimeout)
    blocked.nextTicket += 1
    session.pointee.blocking = blocking
    hold(session, blocking)
    host.blocked(session)
  }

  private func hold(_ session: SessionPointer, _ blocking: Blocking) {
    guard !session.pointee.flags.contains(.blocked) else { return }
    session.pointee.flags.insert(.blocked)
    blocked.sessions.append(session)
    keyspace.pointee.interest.insert(.blocked)
    for key in blocking.keys {
      let place = BlockedSessions.Place(database: blocking.database, key: key)
      var queue = blocked.waiting[place] ?? []
      let at = queue.firstIndex { ($0.pointee.blocking?.ticket ?? 0) > blocking.ticket } ?? queue.count
      queue.insert(session, at: at)
      blocked.waiting[place] = queue
    }
  }

  /// Takes a session off the queues. It may be put back by running its command.
  private func unhold(_ session: SessionPointer) {
    guard session.pointee.flags.contains(.blocked), let blocking = session.pointee.blocking else { return }
    session.pointee.flags.remove(.blocked)
    blocked.sessions.removeAll { $0 == session }
    for key in blocking.keys {
      let place = BlockedSessions.Place(database: blocking.database, key: key)
      blocked.waiting[place]?.removeAll { $0 == session }
      if blocked.waiting[place]?.isEmpty == true { blocked.waiting[place] = nil }
    }
    if blocked.sessions.isEmpty { keyspace.pointee.interest.remove(.blocked) }
  }

  /// Forgets that a session waits, without a word to it.
  func stopBlocking(_ session: SessionPointer) {
    unhold(session)
    session.pointee.blocking = nil
  }

  /// Ends a session's wait early: as if its time were over, or with an error. False if it does not wait.
  package func unblock(_ session: SessionPointer, withError: Bool) -> Bool {
    guard session.pointee.flags.contains(.blocked), let blocking = session.pointee.blocking else { return false }
    finish(session) { reply in
      if withError {
        reply.error("UNBLOCKED client unblocked via CLIENT UNBLOCK")
      } else {
        blocking.timeoutReply(&reply)
      }
    }
    return true
  }

  private func finish(_ session: SessionPointer, _ write: (inout ReplyWriter) -> Void) {
    stopBlocking(session)
    var reply = ReplyWriter(capacity: 256)
    reply.protocolVersion = session.pointee.protocolVersion
    write(&reply)
    if session.pointee.flags.isDisjoint(with: [.replyOff, .replySkip]) { host.deliver(reply.bytes, to: session) }
    host.unblocked(session)
  }

  /// Ends the waits whose time is over.
  package func timeOutBlocked() {
    let now = keyspace.pointee.now
    for session in blocked.sessions {
      guard let blocking = session.pointee.blocking, let deadline = blocking.deadline, deadline <= now else { continue }
      finish(session) { blocking.timeoutReply(&$0) }
    }
  }

  /// Serves those who wait for keys that were changed. Called after each command while anybody waits.
  package func serveBlocked() {
    hot.pointee.hasReadyKeys = false
    while !blocked.ready.isEmpty {
      let places = blocked.ready
      blocked.ready = []
      blocked.readySet = []
      for place in places {
        // A snapshot: whoever blocks again goes back to where it was.
        for session in blocked.waiting[place] ?? [] where session.pointee.flags.contains(.blocked) {
          retry(session)
        }
      }
    }
  }

  private func retry(_ session: SessionPointer) {
    guard let blocking = session.pointee.blocking else { return }
    unhold(session)
    let database = session.pointee.database
    session.pointee.database = blocking.database
    var reply = ReplyWriter(capacity: 256)
    let arguments = blocking.arguments.map(\.bytes)
    arguments.withUnsafeBufferPointer { arguments in
      guard let base = arguments.baseAddress else { return }
      run(makeCall(session, base, count: arguments.count, command: blocking.command), &reply)
    }
    session.pointee.database = database
    if session.pointee.flags.contains(.blocked) { return }
    finish(session) { $0.raw(flat: &reply) }
  }
}

extension Executor {
  /// Two databases changed places: keys that somebody waits for may be there now.
  func noteSwapped(_ a: Int, _ b: Int) {
    guard blocked.count > 0 else { return }
    blocked.noteAll(databases: [a, b])
    hot.pointee.hasReadyKeys = !blocked.ready.isEmpty
  }
}
