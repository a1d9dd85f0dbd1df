import Keyspace
import Memory
import RESP
import Structures

// What a command did is told to others (the append-only file, replicas) as commands that do the same again. Most
// commands tell it by themselves. One that chooses at random, counts from now, or waits, says what it came to.
//
// What belongs together is told together: the commands of a transaction, or a command with the removal of a key that it
// found dead, between MULTI and EXEC. A single one needs no such brackets.

/// Commands that reproduce what was done, and where they go.
///
/// They are collected in one stream for all who repeat them, and handed over together: at the end of each turn, and
/// whenever somebody must know where the stream is.
public struct Propagation: ~Copyable {
  private struct Part {
    let database: Int
    let end: Int
    var isForReplicasOnly = false
  }

  /// Where the streams of those who take commands end.
  public struct Ends {
    /// The position of replicas' stream; nil: none is recorded here.
    public var recorded: Int?
    /// Bytes of the append-only file; nil: there is none.
    public var logged: Int?

    public init(recorded: Int? = nil, logged: Int? = nil) {
      self.recorded = recorded
      self.logged = logged
    }
  }

  /// Takes whole commands in RESP, and says where the streams end with them.
  public typealias Sink = (_ commands: Bytes, _ isForReplicasOnly: Bool) -> Ends

  /// Nil: nobody wants them.
  fileprivate var sink: Sink?
  /// What was told and not handed over yet.
  fileprivate var stream = CommandBuffer(capacity: 64 << 10)
  /// The database that the stream selected last.
  private var selected = -1
  /// Where the streams end without what was not handed over yet.
  public var ends = Ends()
  /// Whom the commands of the script that runs are told to; nil: everybody.
  var scriptTargets: Targets?

  /// What is told instead of the command that runs now.
  fileprivate var replacement = ReplyWriter(capacity: 256)
  fileprivate var replacements: [Int] = []
  fileprivate var isReplaced = false
  /// Replicas should repeat the command, though it changes nothing.
  fileprivate var isForReplicas = false
  /// What was not told yet.
  private var pending = ReplyWriter(capacity: 256)
  private var parts: [Part] = []

  /// So much is kept after a turn for the next.
  private static let keptCapacity = 1 << 20
  /// So much is handed over though the turn goes on.
  fileprivate static let streamLimit = 512 << 10

  public init() {}

  /// Whom redis.set_repl chose.
  struct Targets: OptionSet {
    let rawValue: UInt8
    static var appendOnlyFile: Targets { Targets(rawValue: 1) }
    static var replicas: Targets { Targets(rawValue: 2) }
  }

  public var isEmpty: Bool { parts.isEmpty }

  /// The position of replicas' stream behind all that was told; nil if none is recorded here.
  @inline(__always)
  public var position: Int? {
    guard let end = ends.recorded else { return nil }
    return end &+ stream.count
  }

  fileprivate mutating func append(_ database: Int, _ command: Bytes) {
    pending.raw(command)
    parts.append(Part(database: database, end: pending.count))
  }

  fileprivate mutating func append(_ database: Int, _ arguments: [Bytes]) {
    pending.array(arguments.count)
    for argument in arguments { pending.bulk(argument) }
    parts.append(Part(database: database, end: pending.count))
  }

  fileprivate mutating func append(_ call: Call, isForReplicasOnly: Bool = false) {
    pending.array(call.count)
    for i in 0..<call.count { pending.bulk(call[i]) }
    parts.append(Part(database: call.database, end: pending.count, isForReplicasOnly: isForReplicasOnly))
  }

  /// Whether a command that says nothing of itself is all that there is to tell.
  fileprivate var isIdle: Bool { !isReplaced && !isForReplicas && parts.isEmpty && scriptTargets == nil }

  @inline(__always)
  private mutating func select(_ database: Int) {
    if database == selected { return }
    selected = database
    stream.select(database)
  }

  /// Tells of one command that speaks for itself, as most do, on the shortest way.
  @inline(__always)
  fileprivate mutating func tell(_ call: Call, isVerbatim: Bool) {
    if sink == nil { return }
    select(call.database)
    if isVerbatim {
      stream.append(verbatim: call.arguments, count: call.count)
    } else {
      stream.append(call.arguments, count: call.count)
    }
  }

  fileprivate mutating func forgetSelection() { selected = -1 }

  fileprivate mutating func resetStream() { stream.reset(keepingCapacity: Self.keptCapacity) }

  /// Tells what waits from `index` on, as far as it is for everybody. Returns the index of what is for replicas only, or nil.
  fileprivate mutating func tellParts(from index: Int, at: inout Int) -> Int? {
    for i in index..<parts.count {
      select(parts[i].database)
      if parts[i].isForReplicasOnly { return i }
      stream.append(pending.bytes[at..<parts[i].end])
      at = parts[i].end
    }
    return nil
  }

  fileprivate func part(_ index: Int, at: Int) -> Bytes { pending.bytes[at..<parts[index].end] }
  fileprivate func end(ofPart index: Int) -> Int { parts[index].end }
  fileprivate var partCount: Int { parts.count }

  fileprivate mutating func forgetParts() {
    parts.removeAll(keepingCapacity: true)
    pending.reset(keepingCapacity: 64 << 10)
  }
}

extension UnsafeMutablePointer where Pointee == Propagation {
  /// Says who takes what is told from now on; what was told before goes to whoever took it then.
  public func setSink(_ sink: Propagation.Sink?, ends: Propagation.Ends) {
    drain()
    pointee.forgetSelection()
    pointee.sink = sink
    pointee.ends = ends
  }

  /// Hands over what was told.
  public func drain() {
    if pointee.stream.count > 0 { handOver() }
  }

  @inline(never)
  private func handOver() {
    if let sink = pointee.sink { pointee.ends = sink(pointee.stream.bytes, false) }
    pointee.resetStream()
  }

  /// Whoever takes what is told next must be told its database, too.
  public func forgetSelection() {
    drain()
    pointee.forgetSelection()
  }

  /// Tells all that waits.
  fileprivate func flush(together: Bool) {
    if pointee.isEmpty { return }
    defer { pointee.forgetParts() }
    guard let sink = pointee.sink else { return }
    let isBracketed = together && pointee.partCount > 1
    if isBracketed { pointee.stream.append("*1\r\n$5\r\nMULTI\r\n") }
    var index = 0
    var at = 0
    while let found = pointee.tellParts(from: index, at: &at) {
      drain()
      pointee.ends = sink(pointee.part(found, at: at), true)
      at = pointee.end(ofPart: found)
      index = found + 1
    }
    if isBracketed { pointee.stream.append("*1\r\n$4\r\nEXEC\r\n") }
  }
}

/// An argument of a command that is told.
public enum PropagatedArgument {
  case word(StaticString)
  case bytes(Bytes)
  case integer(Int64)
}

extension Call {
  /// Whether anybody wants to know. What is only needed for `propagate` need not be done otherwise.
  @inline(__always)
  public var isPropagated: Bool { keyspace.pointee.interest.contains(.propagation) }

  /// Tells of a command instead of the one that runs; further calls add commands after it.
  public func propagate(_ arguments: [Bytes]) {
    guard isPropagated else { return }
    executor.propagation.pointee.replace(arguments.count) { writer in
      for argument in arguments { writer.bulk(argument) }
    }
  }

  public func propagate(_ arguments: PropagatedArgument...) {
    guard isPropagated else { return }
    propagate(arguments)
  }

  public func propagate(_ arguments: [PropagatedArgument]) {
    guard isPropagated else { return }
    executor.propagation.pointee.replace(arguments.count) { writer in
      for argument in arguments {
        switch argument {
        case .word(let word): writer.bulk(Bytes(word))
        case .bytes(let bytes): writer.bulk(bytes)
        case .integer(let value): writer.bulk(integer: value)
        }
      }
    }
  }

  /// Tells replicas of the command that runs, though it changes nothing.
  public func propagateToReplicas() {
    if isPropagated { executor.propagation.pointee.isForReplicas = true }
  }

  /// Tells nothing of the command that runs, though it changes something.
  public func propagateNothing() {
    guard isPropagated else { return }
    executor.propagation.pointee.isReplaced = true
  }
}

extension Propagation {
  fileprivate mutating func replace(_ count: Int, _ write: (inout ReplyWriter) -> Void) {
    isReplaced = true
    replacement.array(count)
    write(&replacement)
    replacements.append(replacement.count)
  }

  /// Takes over what a command that ran said of itself.
  fileprivate mutating func takeReplacement(_ database: Int) {
    var at = 0
    for end in replacements {
      append(database, replacement.bytes[at..<end])
      at = end
    }
  }

  fileprivate mutating func forgetReplacement() {
    isReplaced = false
    isForReplicas = false
    replacements.removeAll(keepingCapacity: true)
    replacement.reset(keepingCapacity: 64 << 10)
  }
}

extension Executor {
  /// Sends on what a command did, after it ran.
  @inline(__always)
  func propagate(_ call: Call, changedSomething: Bool) {
    if propagation.pointee.isIdle && !call.session.pointee.flags.contains(.inExec) {
      if changedSomething && !call.command.pointee.isExec { tell(call) }
    } else {
      propagateParts(call, changedSomething: changedSomething)
    }
  }

  @inline(never)
  private func tell(_ call: Call) {
    propagation.pointee.tell(call, isVerbatim: hot.pointee.verbatim == call.arguments)
    noteTold(call)
  }

  @inline(__always)
  private func noteTold(_ call: Call) {
    if let end = propagation.pointee.ends.recorded {
      call.session.pointee.lastWritePosition = end &+ propagation.pointee.stream.count
    }
    if let end = propagation.pointee.ends.logged {
      call.session.pointee.lastLoggedByte = end &+ propagation.pointee.stream.count
    }
    if propagation.pointee.stream.count > Propagation.streamLimit { propagation.drain() }
  }

  @inline(never)
  private func propagateParts(_ call: Call, changedSomething: Bool) {
    defer { propagation.pointee.forgetReplacement() }
    let hasReplicas = propagation.pointee.ends.recorded != nil
    if let targets = propagation.pointee.scriptTargets {
      // What only the append-only file was to have, replicas get as well: two histories would part for ever.
      if targets.isEmpty { return }
      if targets == .replicas {
        if changedSomething && hasReplicas { propagation.pointee.append(call, isForReplicasOnly: true) }
        return
      }
    }
    if propagation.pointee.isReplaced {
      propagation.pointee.takeReplacement(call.database)
    } else if changedSomething && !call.command.pointee.isExec {
      propagation.pointee.append(call)
    } else if propagation.pointee.isForReplicas && hasReplicas {
      propagation.pointee.append(call, isForReplicasOnly: true)
    }
    // The rest of a transaction is still to come.
    if call.session.pointee.flags.contains(.inExec) { return }
    // Or of a script that is interrupted.
    if hot.pointee.attention.contains(.busy) { return }
    if propagation.pointee.isEmpty { return }
    // What SCAN and RANDOMKEY find dead has nothing to do with each other.
    let name = call.command.pointee.fullName
    propagation.flush(together: name != "scan" && name != "randomkey")
    noteTold(call)
  }

  /// Sends on what happened by itself: keys that died or were evicted.
  public func propagatePending() {
    propagation.flush(together: false)
    if keyspace.pointee.interest.contains(.feed) { seal() }
    propagation.drain()
  }

  /// A key went by itself. Whoever repeats the commands must not decide again when.
  func propagateRemoval(_ change: Change, lazily: Bool) {
    propagation.pointee.append(change.database, [lazily ? Bytes("UNLINK") : Bytes("DEL"), change.key])
  }

  /// Fields of a hash went by themselves.
  func propagateDeadFields(_ database: Int, _ key: Bytes, _ fields: [ByteString]) {
    var command = ReplyWriter(capacity: 256)
    command.array(fields.count + 2)
    command.bulk("HDEL")
    command.bulk(key)
    for field in fields { field.withBytes { command.bulk($0) } }
    propagation.pointee.append(database, command.bytes)
  }
}
