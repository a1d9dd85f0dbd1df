import CMartlet
import Commands
import Memory
import RESP
import Structures

/// A command that was parsed and waits for its execution in this turn.
struct ParsedCommand {
  let connection: ConnectionPointer
  /// Index of its first argument in the batch's store.
  let firstArgument: Int
  /// 0: not a command, but the end of the connection's input by a protocol error.
  let count: Int
  /// Whether it came as one piece of RESP as anybody would write it: see `RequestParser.isVerbatim`.
  var isVerbatim = false
  var command: CommandReference?
  var keyHash: UInt64 = 0
}

/// All that one turn of the loop works on: what was received, the commands parsed from it, and the
/// replies until they are written. One exists; its memory is used again in each turn.
///
/// It is reached through a pointer, since state of a class costs a check on every access.
struct Batch: ~Copyable {
  /// Most that is read from one socket in a turn.
  static let readSize = 64 << 10
  private static let arenaSize = 1 << 20
  /// Buffers that a turn blew up beyond this are given back.
  private static let keptReplyCapacity = 4 << 20
  private static let keptArguments = 64 << 10
  /// Replies are written before the turn's end once there are so many bytes of them.
  static let replyHighWater = 1 << 20

  /// What was read from sockets whose connections own no buffer: nearly all of them, always.
  let arena: UnsafeMutablePointer<UInt8>
  private(set) var arenaCount = 0

  private(set) var commands: UnsafeMutablePointer<ParsedCommand>
  private(set) var commandCount = 0
  private var commandCapacity = 1024
  /// Index of the command that is being executed; those after it are still to come.
  var executing = -1
  var arguments = ArgumentStore(capacity: 4096)

  var reply = ReplyWriter(capacity: 256 << 10)
  /// Messages that the command being executed sent to its own session: they follow its reply.
  var ownMessages = ReplyWriter(capacity: 1 << 10)
  /// The connection whose commands are being executed.
  var current: ConnectionPointer?

  init() {
    arena = Allocator.allocate(Self.arenaSize).assumingMemoryBound(to: UInt8.self)
    commands = Allocator.allocate(commandCapacity * MemoryLayout<ParsedCommand>.stride)
      .assumingMemoryBound(to: ParsedCommand.self)
  }

  deinit {
    Allocator.free(arena)
    Allocator.free(commands)
  }

  /// Whether another socket can be read into the arena.
  var hasArenaRoom: Bool { Self.arenaSize - arenaCount >= Self.readSize }

  /// The arena's first free byte.
  @inline(__always)
  var arenaEnd: UnsafeMutablePointer<UInt8> { arena + arenaCount }

  @inline(__always)
  mutating func arenaReceived(_ count: Int) {
    precondition(count >= 0 && count <= Self.arenaSize - arenaCount)
    arenaCount &+= count
  }

  @inline(__always)
  mutating func append(_ command: ParsedCommand) {
    if commandCount == commandCapacity { growCommands() }
    (commands + commandCount).initialize(to: command)
    commandCount &+= 1
  }

  @inline(never)
  private mutating func growCommands() {
    commandCapacity *= 2
    commands = Allocator.reallocate(commands, to: commandCapacity * MemoryLayout<ParsedCommand>.stride)
      .assumingMemoryBound(to: ParsedCommand.self)
  }

  /// Everything parsed was executed: the memory is free for the next commands.
  mutating func reset() {
    arenaCount = 0
    commandCount = 0
    executing = -1
    arguments.reset(keepingCapacity: Self.keptArguments)
  }

  /// Bytes of the commands of a connection that were parsed and not executed yet, as RESP.
  func waitingBytes(of connection: ConnectionPointer) -> Int {
    var bytes = 0
    for i in executing + 1..<max(executing + 1, commandCount) where commands[i].connection == connection {
      let parsed = commands[i]
      if parsed.count == 0 { continue }
      bytes += 3 + digitCount(Int64(parsed.count))
      for j in parsed.firstArgument..<parsed.firstArgument + parsed.count {
        let count = arguments.base[j].count
        bytes += 5 + digitCount(Int64(count)) + count
      }
    }
    return bytes
  }

  mutating func resetReplies() {
    reply.reset(keepingCapacity: Self.keptReplyCapacity)
  }
}
