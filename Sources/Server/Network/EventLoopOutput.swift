import CMartlet
import Glibc
import Commands
import Memory
import Persistence
import RESP

// The way out: replies lie in the turn's buffer until every command has run, and are then written with
// one call for each connection. Only what a socket does not take, and messages from other sessions, are
// copied into the connection's queue.

extension EventLoop {
  /// Most that is written to one socket in a turn, so that one reader cannot hold up the others.
  private static let writeLimit = 4 << 20

  /// Sends bytes that are not a reply to the session's own command.
  func deliver(_ bytes: Bytes, to connection: ConnectionPointer) {
    if connection.pointee.session.flags.contains(.closing) { return }
    if batch.pointee.current == connection {
      // A message to oneself follows the reply of the command that caused it.
      batch.pointee.ownMessages.raw(bytes)
      return
    }
    if connection.hasSegment { enqueueSegment(connection) }
    connection.pointee.output.append(bytes)
    noteFlush(connection)
    delegate.outputGrew(connection)
  }

  /// Puts bytes at the end of what a connection is to be sent. Its limits are the caller's to look after.
  func queue(_ bytes: Bytes, for connection: ConnectionPointer) {
    if connection.hasSegment { enqueueSegment(connection) }
    connection.pointee.output.append(bytes)
    noteFlush(connection)
  }

  @inline(__always)
  func noteFlush(_ connection: ConnectionPointer) {
    if connection.pointee.isInFlushList { return }
    connection.pointee.isInFlushList = true
    flushList.append(connection)
  }

  /// Moves the replies of this turn into the connection's queue.
  func enqueueSegment(_ connection: ConnectionPointer) {
    var at = connection.pointee.segmentStart
    let end = connection.pointee.segmentEnd
    let first = connection.pointee.firstAttachment
    for i in first..<first + connection.pointee.attachmentCount {
      let attachment = batch.pointee.reply.attachments[i]
      connection.pointee.output.append(batch.pointee.reply.bytes[at..<attachment.offset])
      attachment.blob.retain()
      connection.pointee.output.append(attachment.blob, sent: 0)
      at = attachment.offset
    }
    connection.pointee.output.append(batch.pointee.reply.bytes[at..<end])
    forgetSegment(connection)
    delegate.outputGrew(connection)
  }

  private func forgetSegment(_ connection: ConnectionPointer) {
    connection.pointee.segmentStart = 0
    connection.pointee.segmentEnd = 0
    connection.pointee.attachmentCount = 0
  }

  /// Writes everything that the turn produced, or keeps it until it may leave.
  func flush() {
    let departure = repliesLeave()
    if departure != .now && !flushList.isEmpty { hold(isForNextSync: departure == .afterNextSync) }
    if departure == .now && !held.isEmpty { releaseAll() }
    // Last come, first served, as in Redis. Writing may close connections, whose last messages go to others: the list may
    // grow meanwhile.
    while let connection = flushList.popLast() {
      connection.pointee.isInFlushList = false
      if hasOnlyMessages(connection) { queueMessages(connection) } else { write(connection) }
    }
    batch.pointee.resetReplies()
  }

  private func repliesLeave() -> AppendOnlyFile.Departure {
    delegate.repliesLeave(waiting: flushList.count + waitingForDisk)
  }

  /// So many clients wait for a sync.
  var waitingForDisk: Int { held.count + heldLonger.count }

  @inline(__always)
  private func write(_ connection: ConnectionPointer) {
    if connection.pointee.session.flags.contains(.closing) { return forgetSegment(connection) }
    guard connection.pointee.output.isEmpty && connection.pointee.attachmentCount == 0 && !connection.pointee.awaitsSync
    else {
      if connection.hasSegment { enqueueSegment(connection) }
      if !connection.pointee.waitsForWrite && !connection.pointee.awaitsSync { writeQueue(connection) }
      return
    }
    let start = connection.pointee.segmentStart
    let count = connection.pointee.segmentEnd - start
    var written = 0
    if count > 0 {
      written = martlet_send(connection.pointee.fileDescriptor, batch.pointee.reply.base + start, count)
      statistics.pointee.writes &+= 1
      if written < 0 {
        guard canWriteLater(connection) else { return forgetSegment(connection) }
        written = 0
      }
      noteWritten(connection, written)
    }
    if written < count {
      connection.pointee.segmentStart = start + written
      enqueueSegment(connection)
      waitForWrite(connection)
    } else {
      forgetSegment(connection)
      if connection.pointee.session.flags.contains(.closeAfterReply) { delegate.lost(connection, reason: "") }
    }
  }

  // MARK: Waiting for the disk

  /// Keeps what is to be sent until ``release()``.
  private func hold(isForNextSync: Bool) {
    for connection in flushList {
      connection.pointee.isInFlushList = false
      if connection.pointee.session.flags.contains(.closing) {
        forgetSegment(connection)
        continue
      }
      if connection.hasSegment { enqueueSegment(connection) }
      if connection.pointee.isClosing { continue }
      let isHeld = connection.pointee.awaitsSync
      connection.pointee.syncsAwaited = max(connection.pointee.syncsAwaited, isForNextSync ? 2 : 1)
      if isHeld { continue }
      if connection.pointee.waitsForWrite { stopWaitingForWrite(connection) }
      if isForNextSync { heldLonger.append(connection) } else { held.append(connection) }
    }
    flushList.removeAll(keepingCapacity: true)
  }

  /// Sends what waited for a sync that is done now. What waits for the next is the first to go then.
  func release() {
    let released = held
    held = heldLonger
    heldLonger = []
    for connection in held { connection.pointee.syncsAwaited = 1 }
    for connection in released where !connection.pointee.isClosing {
      connection.pointee.syncsAwaited -= 1
      // Others' messages came meanwhile that tell of what the next sync covers.
      if connection.pointee.awaitsSync {
        held.append(connection)
        continue
      }
      writeQueue(connection)
      if !connection.pointee.isClosing && !connection.pointee.input.isEmpty { resume(connection) }
    }
  }

  /// Nothing is waited for any more.
  func releaseAll() {
    release()
    release()
  }

  /// The socket takes more than before.
  func writeMore(_ connection: ConnectionPointer) {
    if repliesLeave() == .now { return writeQueue(connection) }
    stopWaitingForWrite(connection)
    noteFlush(connection)
  }

  /// Whether a failed write only means that the socket is full.
  private func canWriteLater(_ connection: ConnectionPointer) -> Bool {
    let error = martlet_errno()
    if error == EAGAIN || error == EINTR { return true }
    delegate.lost(connection, reason: "Error writing to client: \(String(cString: strerror(error)))")
    return false
  }

  @inline(__always)
  private func noteWritten(_ connection: ConnectionPointer, _ count: Int) {
    statistics.pointee.outputBytes &+= count
    connection.pointee.session.outputBytes &+= count
  }

  /// Writes from the connection's queue what its socket takes.
  func writeQueue(_ connection: ConnectionPointer) {
    let (result, count) = connection.pointee.output.write(
      to: connection.pointee.fileDescriptor, limit: Self.writeLimit)
    statistics.pointee.writes &+= 1
    noteWritten(connection, count)
    if count > 0 { connection.pointee.session.lastInteraction = executor.keyspace.pointee.now }
    switch result {
    case .failed: _ = canWriteLater(connection)
    case .some: waitForWrite(connection)
    case .all:
      if connection.pointee.waitsForWrite { stopWaitingForWrite(connection) }
      if connection.pointee.session.flags.contains(.closeAfterReply) { delegate.lost(connection, reason: "") }
    }
  }

  private func waitForWrite(_ connection: ConnectionPointer) {
    guard !connection.pointee.waitsForWrite else { return }
    connection.pointee.waitsForWrite = true
    // For as long as there is room: less may be written at a time than there is room for.
    poller.modify(
      connection.pointee.fileDescriptor, events: Poller.readable | Poller.writable, token: connection.token)
  }

  private func stopWaitingForWrite(_ connection: ConnectionPointer) {
    connection.pointee.waitsForWrite = false
    poller.modify(connection.pointee.fileDescriptor, events: Poller.readableOnce, token: connection.token)
  }

  /// Takes a connection that is about to be freed out of everything that the loop keeps.
  func forget(_ connection: ConnectionPointer) {
    if connection.pointee.isInFlushList { flushList.removeAll { $0 == connection } }
    forgetMessages(connection)
    if connection.pointee.isInResumeList { resumeList.removeAll { $0 == connection } }
    if connection.pointee.isInUnreadList { unreadList.removeAll { $0 == connection } }
    forgetEvents(of: connection)
    if connection.pointee.awaitsSync {
      held.removeAll { $0 == connection }
      heldLonger.removeAll { $0 == connection }
    }
    poller.remove(connection.pointee.fileDescriptor)
  }
}

extension ConnectionPointer {
  /// What the poller knows the connection by.
  var token: UInt64 { UInt64(UInt(bitPattern: self)) }
}
