import Keyspace
import Memory

// While a snapshot is taken, a large value that is not saved yet cannot be changed; see `PointInTime`. A command that
// wants to is put off, like one that CLIENT PAUSE holds up, and runs when the value is saved.

extension Executor {
  /// Whether a command must wait for the snapshot, because of a key that it may change.
  ///
  /// - Parameter firstKeyHash: the hash of the argument at the command's `firstKey`, if it is known.
  @inline(never)
  func mustWait(
    _ session: SessionPointer, _ arguments: UnsafePointer<Bytes>, _ count: Int, _ command: CommandReference,
    _ firstKeyHash: UInt64?
  ) -> Bool {
    let flags = command.pointee.flags
    let waits: Bool
    if flags.contains(.write) {
      waits = mustWait(session.pointee.database, arguments, count, command, firstKeyHash)
    } else if let transaction = session.pointee.transaction, command.pointee.isExec {
      waits = mustWait(session.pointee.database, transaction)
    } else {
      return false
    }
    if waits { hot.pointee.hasPutOff = true }
    return waits
  }

  private func mustWait(_ database: Int, _ transaction: Transaction) -> Bool {
    var arguments: [Bytes] = []
    for queued in transaction.commands where queued.command.pointee.flags.contains(.write) {
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
    let first = command.pointee.firstKey
    if first > 0 && first < count {
      let hash = firstKeyHash ?? keyspace.pointee.hash(arguments[first])
      if keyspace.pointee.mustWait(database, arguments[first], hash: hash) { return true }
    }
    if command.pointee.hasOnlyFirstKey { return false }
    let all = command.pointee.declaration.keys(in: UnsafeBufferPointer(start: arguments, count: count)) ?? []
    return all.contains { found in
      let key = arguments[found.index]
      return found.index != first && keyspace.pointee.mustWait(database, key, hash: keyspace.pointee.hash(key))
    }
  }
}
