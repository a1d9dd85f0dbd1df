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
package struct Propagation: ~Copyable {
  private struct Part {
    let database: Int
    let end: Int
    var isForReplicasOnly = false
  }

  /// Takes one command in RESP, to be run in the database, or in none. Nil: nobody wants them.
  package var sink: ((_ database: Int?, _ command: Bytes, _ isForReplicasOnly: Bool) -> Void)?
  /// Whether what is told is recorded for replicas.
  package var hasReplicas = false
  /// Notes what has to come to replicas and to the disk for what a session wrote to be safe.
  package var noteWrite: ((SessionDetails) -> Void)?
  /// What is told instead of the command that runs now.
  fileprivate var replacement = ReplyWriter(capacity: 256)
  fileprivate var replacements: [Int] = []
  fileprivate var isReplaced = false
  /// Replicas should repeat the command, though it changes nothing.
  fileprivate var isForReplicas = false
  /// What was not told yet.
  private var pending = ReplyWriter(capacity: 256)
  private var parts: [Part] = []

  package init() {}

  /// Whom redis.set_repl chose.
  struct Targets: OptionSet {
    let rawValue: UInt8
    static var appendOnlyFile: Targets { Targets(rawValue: 1) }
    static var replicas: Targets { Targets(rawValue: 2) }
  }

  package var isEmpty: Bool { parts.isEmpty }

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
  fileprivate var isIdle: Bool { !isReplaced && !isForReplicas && parts.isEmpty }

  /// Tells of one command that speaks for itself, as most do, on the shortest way.
  fileprivate mutating func tell(_ call: Call) {
    pending.array(call.count)
    for i in 0..<call.count { pending.bulk(call[i]) }
    sink?(call.database, pending.bytes, false)
    pending.reset(keepingCapacity: 64 << 10)
  }

  /// Tells all that happened since the last time.
  fileprivate mutating func flush(together: Bool) {
    if parts.isEmpty { return }
    let isBracketed = together && parts.count > 1
    if let sink {
      var at = 0
      if isBracketed { sink(nil, Bytes("*1\r\n$5\r\nMULTI\r\n"), false) }
      for part in parts {
        sink(part.database, pending.bytes[at..<part.end], part.isForReplicasOnly)
        at = part.end
      }
      if isBracketed { sink(nil, Bytes("*1\r\n$4\r\nEXEC\r\n"), false) }
    }
    parts.removeAll(keepingCapacity: true)
    pending.reset(keepingCapacity: 64 << 10)
  }
}

/// An argument of a command that is told.
package enum PropagatedArgument {
  case word(StaticString)
  case bytes(Bytes)
  case integer(Int64)
}

extension Call {
  /// Whether anybody wants to know. What is only needed for `propagate` need not be done otherwise.
  @inline(__always)
  package var isPropagated: Bool { keyspace.pointee.interest.contains(.propagation) }

  /// Tells of a command instead of the one that runs; further calls add commands after it.
  package func propagate(_ arguments: [Bytes]) {
    guard isPropagated else { return }
    executor.propagation.replace(arguments.count) { writer in
      for argument in arguments { writer.bulk(argument) }
    }
  }

  package func propagate(_ arguments: PropagatedArgument...) {
    guard isPropagated else { return }
    propagate(arguments)
  }

  package func propagate(_ arguments: [PropagatedArgument]) {
    guard isPropagated else { return }
    executor.propagation.replace(arguments.count) { writer in
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
  package func propagateToReplicas() {
    if isPropagated { executor.propagation.isForReplicas = true }
  }

  /// Tells nothing of the command that runs, though it changes something.
  package func propagateNothing() {
    guard isPropagated else { return }
    executor.propagation.isReplaced = true
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
  @inline(never)
  func propagate(_ call: Call, changedSomething: Bool) {
    let isPart = call.session.pointee.flags.contains(.inExec)
    if !isPart && scriptTargets == nil && propagation.isIdle {
      guard changedSomething, call.command.pointee.fullName != "exec" else { return }
      propagation.tell(call)
      propagation.noteWrite?(call.session.pointee.details)
      return
    }
    defer { propagation.forgetReplacement() }
    if let scriptTargets {
      // What only the append-only file was to have, replicas get as well: two histories would part for ever.
      if scriptTargets.isEmpty { return }
      if scriptTargets == .replicas {
        if changedSomething && propagation.hasReplicas {
          propagation.append(call, isForReplicasOnly: true)
        }
        return
      }
    }
    if propagation.isReplaced {
      propagation.takeReplacement(call.database)
    } else if changedSomething && call.command.pointee.fullName != "exec" {
      propagation.append(call)
    } else if propagation.isForReplicas && propagation.hasReplicas {
      propagation.append(call, isForReplicasOnly: true)
    }
    // The rest of a transaction is still to come.
    if isPart { return }
    // Or of a script that is interrupted.
    if hot.pointee.attention.contains(.busy) { return }
    if propagation.isEmpty { return }
    // What SCAN and RANDOMKEY find dead has nothing to do with each other.
    let name = call.command.pointee.fullName
    propagation.flush(together: name != "scan" && name != "randomkey")
    propagation.noteWrite?(call.session.pointee.details)
  }

  /// Sends on what happened by itself: keys that died or were evicted.
  package func propagatePending() {
    if !propagation.isEmpty { propagation.flush(together: false) }
    if keyspace.pointee.interest.contains(.feed) { seal(bytes: 16) }
  }

  /// A key went by itself. Whoever repeats the commands must not decide again when.
  func propagateRemoval(_ change: Change, lazily: Bool) {
    propagation.append(change.database, [lazily ? Bytes("UNLINK") : Bytes("DEL"), change.key])
  }

  /// Fields of a hash went by themselves.
  func propagateDeadFields(_ database: Int, _ key: Bytes, _ fields: [ByteString]) {
    var command = ReplyWriter(capacity: 256)
    command.array(fields.count + 2)
    command.bulk("HDEL")
    command.bulk(key)
    for field in fields { field.withBytes { command.bulk($0) } }
    propagation.append(database, command.bytes)
  }
}
