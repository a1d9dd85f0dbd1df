import CMartlet
import Commands
import Memory
import RESP

typealias ConnectionPointer = UnsafeMutablePointer<Connection>

/// The socket's half of a client: what was received and not yet executed, what is to be sent. The
/// other half is its ``Session``.
struct Connection {
  let fileDescriptor: Int32
  var session: Session
  var parser = RequestParser()
  var input = InputBuffer()
  var output = OutputQueue()

  /// The part of the turn's reply buffer that is this connection's: `start..<end`, empty when equal.
  var segmentStart = 0
  var segmentEnd = 0
  /// Index of the segment's first attachment in the turn's list.
  var firstAttachment = 0
  var attachmentCount = 0

  /// Its place in the list of all connections.
  var index = 0
  var isInFlushList = false
  /// Others' messages to it wait for a slice.
  var isInMessageList = false
  /// Whether its readiness to be written is waited for.
  var waitsForWrite = false
  /// It waits for something, with input that is not to be executed yet.
  var isReadingPaused = false
  /// What it is to be sent waits for the sync that is under way (1) or for the one after that (2). What it sends meanwhile
  /// is not executed before.
  var syncsAwaited: UInt8 = 0
  var awaitsSync: Bool { syncsAwaited > 0 }
  /// A turn that is interrupted knows it: nothing is read from it before that turn goes on.
  var isHeld = false
  /// Commands of this batch lie in the first `consumedInput` bytes of `input`, which must stay until they are executed.
  var isInputInUse = false
  var consumedInput = 0
  /// Index in the batch's store of the first argument of its incomplete command.
  var firstPartial = 0
  /// Parsed commands that may not run yet, as RESP again.
  var postponed: [UInt8] = []
  /// Complete commands may be in `input`: it takes part in the next turn even if nothing more comes.
  var isInResumeList = false
  /// There may be more in its socket, which is to be read in the next turn.
  var isInUnreadList = false
  /// The number of the turn in which its socket was read last.
  var lastTurnRead = 0
  /// The other side will send no more than what is in the socket.
  var hasEnded = false
  /// Set once it is on the list of those to be freed.
  var isClosing = false
  /// Why the input could not be parsed, to be told once what came before was executed.
  var failure: RequestParser.Failure?
  /// The most that ever waited to be sent.
  var peakOutput = 0
  /// What it took of memory when that was last looked at.
  var accountedMemory = 0
  /// When the output came over the soft limit, in Unix milliseconds; 0: it is under it.
  var overSoftLimitSince: Int64 = 0

  init(fileDescriptor: Int32, session: Session) {
    self.fileDescriptor = fileDescriptor
    self.session = session
  }

  /// Bytes that the connection takes beside the fixed structures.
  var bufferedBytes: Int { input.memory + output.memory }
}

extension ConnectionPointer {
  // Asked of the pointer, not of the value, which would be copied for it.

  /// Nothing of it is executed now.
  @inline(__always)
  var isStopped: Bool {
    isWaiting
      || pointee.session.flags.rawValue & (SessionFlags.closing.rawValue | SessionFlags.closeAfterReply.rawValue) != 0
  }

  /// It has to wait, with input that is not to be executed yet.
  @inline(__always)
  var isWaiting: Bool { pointee.isReadingPaused || pointee.awaitsSync }

  /// It has replies of this turn that were not written yet.
  @inline(__always)
  var hasSegment: Bool { pointee.segmentEnd > pointee.segmentStart }

  /// Commands know the session by its address, which is the connection's.
  @inline(__always)
  var sessionPointer: SessionPointer {
    // A stored property of memory that does not move: its address is good for as long as the connection lives.
    withUnsafeMutablePointer(to: &pointee.session) { $0 }
  }
}

extension SessionPointer {
  /// The connection that a session belongs to.
  var connectionPointer: ConnectionPointer? {
    pointee.connection?.assumingMemoryBound(to: Connection.self)
  }
}
