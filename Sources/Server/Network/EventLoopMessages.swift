import CMartlet
import Commands
import RESP

// Messages to many: what one client says and a hundred others hear. Each of them costs a system call, which takes forty times
// as long as putting the message into their queues. So replies leave first, and messages in slices: after each the loop looks
// for input. If more is published meanwhile, those whose turn has not come get it with the same call. The longer a turn
// executed commands, the longer its slice is: messages wait for half as long again as they take at once.

extension EventLoop {
  /// What one connection may have waiting for a later slice.
  private static let messageLimit = 16 << 10
  /// So many are written before the clock is looked at.
  private static let sliceLength = 16
  /// A slice takes so long at least, in microseconds.
  private static let sliceTime: UInt64 = 64

  /// Whether all that a connection is to be sent are messages, which may wait a little.
  @inline(__always)
  func hasOnlyMessages(_ connection: ConnectionPointer) -> Bool {
    if connection.hasSegment { return false }
    return connection.pointee.output.count < Self.messageLimit && !connection.pointee.output.isEmpty
      && !connection.pointee.waitsForWrite && !connection.pointee.awaitsSync
      && connection.pointee.session.flags.isDisjoint(with: [.closeAfterReply, .replica])
  }

  /// Lets a connection wait for its place in a slice.
  func queueMessages(_ connection: ConnectionPointer) {
    if connection.pointee.isInMessageList { return }
    connection.pointee.isInMessageList = true
    messageList.append(connection)
  }

  var hasMessages: Bool { messagesSent < messageList.count }

  /// Sends a slice, or all there is.
  func flushMessages(all: Bool = false) {
    if !hasMessages { return }
    let begin = martlet_ticks()
    let microsecond = executor.hot.pointee.ticksPerKibinanosecond
    let limit = max(Self.sliceTime &* microsecond, 2 &* (begin &- turnBegan))
    var left = Self.sliceLength
    while hasMessages {
      let connection = messageList[messagesSent]
      messagesSent += 1
      connection.pointee.isInMessageList = false
      // It may have had them with a reply of its own, or have to wait for something else by now.
      if connection.pointee.session.flags.contains(.closing) || connection.pointee.output.isEmpty
        || connection.pointee.waitsForWrite || connection.pointee.awaitsSync
      {
        continue
      }
      writeQueue(connection)
      left -= 1
      if left == 0 {
        if !all && martlet_ticks() &- begin > limit { break }
        left = Self.sliceLength
      }
    }
    if !hasMessages {
      messageList.removeAll(keepingCapacity: true)
      messagesSent = 0
    } else if messagesSent > 1024 && messagesSent > messageList.count / 2 {
      messageList.removeFirst(messagesSent)
      messagesSent = 0
    }
  }

  /// Takes a connection that is about to be freed out of the list.
  func forgetMessages(_ connection: ConnectionPointer) {
    guard connection.pointee.isInMessageList else { return }
    messageList.removeFirst(messagesSent)
    messagesSent = 0
    messageList.removeAll { $0 == connection }
  }
}
