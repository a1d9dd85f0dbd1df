import Keyspace
import Memory

// While a snapshot is taken, a large value that is not saved yet cannot be changed; see `PointInTime`. Nor can a key that
// is on its way to another server; see `HeldKeys`. A command that wants to is put off, like one that CLIENT PAUSE holds
// up, and runs when the value is saved or the key is let go.

extension Executor {
  /// Whether a command must wait because of a key that it may change.
  ///
  /// - Parameter firstKeyHash: the hash of the argument at the command's `firstKey`, if it is known.
  @inline(never)
  func mustWait(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, _ count: Int, _ command: CommandReference,
    _ firstKeyHash: UInt64?
  ) -> Bool {
    let waits: Bool
    if mayChange(command) {
      waits = mustWait(session.pointee.database, arguments, count, command, firstKeyHash)
    } else if let transaction = session.pointee.transaction, command.pointee.isExec {
      waits = mustWait(session.pointee.database, transaction)
    } else {
      return false
    }
    if waits { hot.pointee.hasPutOff = true }
    return waits
  }

  private func mayChange(_ command: CommandReference) -> Bool {
    command.pointee.flags.contains(.write) || hot.pointee.attention.contains(.held) && Self.mayChangeAnything(command)
  }

  private func mustWait(_ database: Int, _ transaction: Transaction) -> Bool {
    var arguments: [Bytes] = []
    for queued in transaction.commands where mayChange(queued.command) {
      arguments.removeAll(keepingCapacity: true)
      for i in queued.first..<queued.first + queued.count { arguments.append(transaction.arguments[i].bytes) }
      let waits = arguments.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { mustWait(database, $0, queued.count, queued.command, nil) } ?? false
      }
      if waits { return true }
    }
    return false
  }

  private func mustWait(
    _ database: Int, _ arguments: UnsafePointer<Bytes>, _ count: Int, _ command: CommandReference,
    _ firstKeyHash: UInt64?
  ) -> Bool {
    if hot.pointee.attention.contains(.held) && Self.mayChangeAnything(command) { return true }
    let first = command.pointee.firstKey
    if first > 0 && first < count {
      let hash = firstKeyHash ?? keyspace.pointee.hash(arguments[first])
      if isUnchangeable(database, arguments[first], hash) { return true }
    }
    if command.pointee.hasOnlyFirstKey { return false }
    let all = command.pointee.declaration.keys(in: UnsafeBufferPointer(start: arguments, count: count)) ?? []
    return all.contains { found in
      let key = arguments[found.index]
      return found.index != first && isUnchangeable(database, key, keyspace.pointee.hash(key))
    }
  }

  private func isUnchangeable(_ database: Int, _ key: Bytes, _ hash: UInt64) -> Bool {
    if hot.pointee.attention.contains(.held) && held.contains(database, key) { return true }
    return keyspace.pointee.mustWait(database, key, hash: hash)
  }
}
