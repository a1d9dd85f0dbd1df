import Keyspace
import Memory
import RESP

// What a command did is told to others (the append-only file, replicas) as commands that do the same again. Most
// commands tell it by themselves. One that chooses at random, counts from now, or waits, says what it came to.

/// Commands that reproduce what was done, and where they go.
package struct Propagation: ~Copyable {
  /// Takes one or more commands in RESP, to be run in the database. Nil: nobody wants them.
  package var sink: ((_ database: Int, _ commands: Bytes) -> Void)?
  /// What is told instead of the command that runs now.
  fileprivate var replacement = ReplyWriter(capacity: 256)
  fileprivate var isReplaced = false

  package init() {}
}

extension Call {
  /// Whether anybody wants to know. What is only needed for `propagate` need not be done otherwise.
  @inline(__always)
  package var isPropagated: Bool { keyspace.pointee.interest.contains(.propagation) }

  /// Tells of a command instead of the one that runs; further calls add commands after it.
  package func propagate(_ arguments: [Bytes]) {
    guard isPropagated else { return }
    executor.propagation.isReplaced = true
    executor.propagation.replacement.array(arguments.count)
    for argument in arguments { executor.propagation.replacement.bulk(argument) }
  }

  /// Tells nothing of the command that runs, though it changes something.
  package func propagateNothing() {
    guard isPropagated else { return }
    executor.propagation.isReplaced = true
  }
}

extension Executor {
  /// Sends on what a command did, after it ran.
  @inline(never)
  func propagate(_ call: Call, changedSomething: Bool) {
    defer {
      propagation.isReplaced = false
      propagation.replacement.reset(keepingCapacity: 64 << 10)
    }
    guard let sink = propagation.sink else { return }
    if propagation.isReplaced {
      if propagation.replacement.count > 0 { sink(call.database, propagation.replacement.bytes) }
    } else if changedSomething {
      var command = ReplyWriter(capacity: 256)
      command.array(call.count)
      for i in 0..<call.count { command.bulk(call[i]) }
      sink(call.database, command.bytes)
    }
  }
}
