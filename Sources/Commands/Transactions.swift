import Keyspace
import Memory
import RESP
import Structures

/// A key that a session watches.
public struct WatchedKey {
  public let database: Int
  public let key: ByteString
  /// The key had expired already when WATCH came: that it is then removed is no change.
  public var wasExpired: Bool
}

/// Which sessions watch which keys.
public struct WatchTable {
  private struct Place: Hashable {
    let database: Int
    let key: ByteString
  }

  private var watchers: [Place: [SessionPointer]] = [:]

  public var isEmpty: Bool { watchers.isEmpty }
  /// Keys watched by anyone.
  public var keyCount: Int { watchers.count }

  public mutating func add(_ session: SessionPointer, _ watched: WatchedKey) {
    watchers[Place(database: watched.database, key: watched.key), default: []].append(session)
    session.pointee.watched.append(watched)
  }

  public mutating func removeAll(of session: SessionPointer) {
    for watched in session.pointee.watched {
      let place = Place(database: watched.database, key: watched.key)
      watchers[place]?.removeAll { $0 == session }
      if watchers[place]?.isEmpty == true { watchers[place] = nil }
    }
    session.pointee.watched = []
  }

  /// Makes the transactions of all who watch this key fail. That a key is removed that was dead at WATCH already is no
  /// change.
  ///
  /// - Parameter exists: whether the key is there, dead or alive.
  public func touch(database: Int, key: Bytes, exists: @autoclosure () -> Bool) {
    let key = ByteString(key)
    guard let sessions = watchers[Place(database: database, key: key)] else { return }
    for session in sessions {
      guard let i = session.pointee.watched.firstIndex(where: { $0.database == database && $0.key == key }) else {
        continue
      }
      if !session.pointee.watched[i].wasExpired {
        session.pointee.flags.insert(.watchedKeyChanged)
      } else if !exists() {
        session.pointee.watched[i].wasExpired = false
      }
    }
  }

  /// Whether a key is in a database.
  enum Presence {
    case missing, dead, alive
  }

  /// Before all keys of a database are replaced: fails those for whom a key that they watch changes.
  ///
  /// - Parameters:
  ///   - old: what the database holds now.
  ///   - new: what it will hold.
  func touchAll(database: Int, old: (Bytes) -> Presence, new: (Bytes) -> Presence) {
    for (place, sessions) in watchers where place.database == database {
      let (before, after) = place.key.withBytes { (old($0), new($0)) }
      if before == .missing && after == .missing { continue }
      for session in sessions {
        guard let i = session.pointee.watched.firstIndex(where: { $0.database == database && $0.key == place.key })
        else { continue }
        switch (session.pointee.watched[i].wasExpired, before, after) {
        case (true, _, .missing): session.pointee.watched[i].wasExpired = false
        case (true, _, .dead): break
        case (false, .missing, .dead): session.pointee.watched[i].wasExpired = true
        default: session.pointee.flags.insert(.watchedKeyChanged)
        }
      }
    }
  }
}

extension CommandTable {
  /// MULTI, EXEC and the optimistic locks of WATCH.
  public static let transactions: [Command] = [
    Command(
      "MULTI", arity: 1, [.noScript, .loading, .stale, .fast, .allowBusy, .runsInTransaction], group: .transactions,
      since: "1.2.0", summary: "Starts a transaction: the commands that follow are queued.", run: multi),
    Command(
      "EXEC", arity: 1, [.noScript, .loading, .stale, .skipSlowlog, .runsInTransaction], group: .transactions,
      since: "1.2.0", summary: "Runs all commands queued since MULTI.",
      complexity: "Depends on commands in the transaction", run: exec),
    Command(
      "DISCARD", arity: 1, [.noScript, .loading, .stale, .fast, .allowBusy, .runsInTransaction], group: .transactions,
      since: "2.0.0", summary: "Forgets the queued commands.",
      complexity: "O(N), when N is the number of queued commands",
      run: discard),
    Command(
      "WATCH", arity: -2, [.noScript, .loading, .stale, .fast, .allowBusy, .runsInTransaction], keys: [.all("RO")],
      group: .transactions, since: "2.2.0",
      summary: "Lets the next EXEC fail if one of these keys is changed before it.",
      complexity: "O(1) for every key.", syntax: "key [key ...]", run: watch),
    Command(
      "UNWATCH", arity: 1, [.noScript, .loading, .stale, .fast, .allowBusy], group: .transactions, since: "2.2.0",
      summary: "Forgets all watched keys.", run: unwatch),
  ]
}

private func multi(_ call: Call, _ reply: inout ReplyWriter) {
  if call.session.pointee.flags.contains(.inTransaction) {
    return reply.error("ERR MULTI calls can not be nested")
  }
  call.session.pointee.flags.insert(.inTransaction)
  call.session.pointee.transaction = Transaction()
  reply.ok()
}

private func discard(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.session.pointee.flags.contains(.inTransaction) else {
    return reply.error("ERR DISCARD without MULTI")
  }
  call.executor.discardTransaction(call.session)
  reply.ok()
}

private func watch(_ call: Call, _ reply: inout ReplyWriter) {
  if call.session.pointee.flags.contains(.inTransaction) {
    return reply.error("ERR WATCH inside MULTI is not allowed")
  }
  for i in 1..<call.count { call.executor.watch(call.session, call[i]) }
  reply.ok()
}

private func unwatch(_ call: Call, _ reply: inout ReplyWriter) {
  call.executor.unwatch(call.session)
  call.session.pointee.flags.remove(.watchedKeyChanged)
  reply.ok()
}

private func exec(_ call: Call, _ reply: inout ReplyWriter) {
  let session = call.session
  guard session.pointee.flags.contains(.inTransaction), let transaction = session.pointee.transaction else {
    return reply.error("ERR EXEC without MULTI")
  }
  let executor = call.executor
  if executor.watchedKeyExpired(session) { session.pointee.flags.insert(.watchedKeyChanged) }
  let flags = session.pointee.flags
  // Taken out first: a command that resets the session must not free what is being run.
  executor.discardTransaction(session)
  if flags.contains(.transactionFailed) {
    return reply.error("EXECABORT Transaction discarded because of previous errors.")
  }
  if flags.contains(.watchedKeyChanged) { return reply.nullArray() }
  session.pointee.flags.insert(.inExec)
  reply.array(transaction.commands.count)
  var arguments: [Bytes] = []
  for queued in transaction.commands {
    arguments.removeAll(keepingCapacity: true)
    for i in queued.first..<queued.first + queued.count { arguments.append(transaction.arguments[i].bytes) }
    arguments.withUnsafeBufferPointer { arguments in
      guard let base = arguments.baseAddress else { return }
      executor.runQueued(executor.makeCall(session, base, count: queued.count, command: queued.command), &reply)
    }
  }
  session.pointee.flags.remove(.inExec)
}

extension Executor {
  /// Leaves MULTI, with everything that was queued and watched.
  public func discardTransaction(_ session: SessionPointer) {
    session.pointee.transaction = nil
    session.pointee.flags.subtract([.inTransaction, .transactionFailed, .watchedKeyChanged])
    unwatch(session)
  }

  fileprivate func runQueued(_ call: Call, _ reply: inout ReplyWriter) {
    if let denial = denial(call) {
      note(denial, .transaction, call.session, call.command, call.arguments)
      reply.error(
        """
        NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command \
        is no longer allowed for the following reason: \(denial.lateReason)
        """)
      return countError(&reply)
    }
    run(call, &reply)
    feedMonitors(call)
  }

  fileprivate func watch(_ session: SessionPointer, _ key: Bytes) {
    let name = ByteString(key)
    let database = session.pointee.database
    if session.pointee.watched.contains(where: { $0.database == database && $0.key == name }) { return }
    let wasExpired = presence(database, key) == .dead
    watches.add(session, WatchedKey(database: database, key: name, wasExpired: wasExpired))
    keyspace.pointee.interest.insert(.watchers)
  }

  public func unwatch(_ session: SessionPointer) {
    guard !session.pointee.watched.isEmpty else { return }
    watches.removeAll(of: session)
    if watches.isEmpty { keyspace.pointee.interest.remove(.watchers) }
  }

  private func presence(_ database: Int, _ key: Bytes) -> WatchTable.Presence {
    let hash = keyspace.pointee.hash(key)
    guard let slot = keyspace.pointee.databases[database].table.find(key, hash: hash) else { return .missing }
    guard let time = Entry(address: slot.pointee).expiresAt else { return .alive }
    return time < keyspace.pointee.now ? .dead : .alive
  }

  /// Whether the time of a watched key came since WATCH, though nobody has removed it yet.
  fileprivate func watchedKeyExpired(_ session: SessionPointer) -> Bool {
    session.pointee.watched.contains { watched in
      !watched.wasExpired && watched.key.withBytes { presence(watched.database, $0) } == .dead
    }
  }

  /// Before a database is emptied: fails the transactions that watch one of its keys.
  public func touchWatchedKeys(flushing database: Int) {
    guard !watches.isEmpty else { return }
    watches.touchAll(database: database, old: { self.presence(database, $0) }, new: { _ in .missing })
  }

  /// Before two databases change places: fails those who watch a key that is in either.
  public func touchWatchedKeys(swapping a: Int, _ b: Int) {
    guard !watches.isEmpty else { return }
    watches.touchAll(database: a, old: { self.presence(a, $0) }, new: { self.presence(b, $0) })
    watches.touchAll(database: b, old: { self.presence(b, $0) }, new: { self.presence(a, $0) })
  }

  /// A key was changed behind the keyspace's back.
  public func touchWatchedKey(_ database: Int, _ key: Bytes) {
    guard !watches.isEmpty else { return }
    watches.touch(database: database, key: key, exists: presence(database, key) != .missing)
  }

  private func noteRemoval(_ change: Change) {
    if change.eventClass == .expired { propagateRemoval(change, lazily: keyspace.pointee.lazyExpire) }
    if change.eventClass == .evicted { propagateRemoval(change, lazily: keyspace.pointee.lazyEviction) }
  }

  /// The one place where a change's consequences begin.
  func heard(_ change: Change) {
    if change.isModification && keyspace.pointee.interest.contains(.propagation) { noteRemoval(change) }
    if change.isModification && blocked.count > 0
      && blocked.note(database: change.database, hash: keyspace.pointee.hash(change.key))
    {
      hot.pointee.hasReadyKeys = true
    }
    if change.isModification && keyspace.pointee.interest.contains(.tracking) { invalidate(change) }
    if change.isModification && !held.isEmpty { held.noteChange(change.database, change.key) }
    if change.isModification { touchWatchedKey(change.database, change.key) }
    let classes = keyspace.pointee.notifiedClasses
    guard !classes.isDisjoint(with: change.eventClass) else { return }
    let event = Bytes(change.event)
    if classes.contains(.keyspace) {
      var channel = Array("__keyspace@\(change.database)__:".utf8)
      channel.append(contentsOf: change.key.buffer)
      _ = channel.withBytes { publish($0, event) }
    }
    if classes.contains(.keyevent) {
      var channel = Array("__keyevent@\(change.database)__:".utf8)
      channel.append(contentsOf: event.buffer)
      _ = channel.withBytes { publish($0, change.key) }
    }
  }
}
