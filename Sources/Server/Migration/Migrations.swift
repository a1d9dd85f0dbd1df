import Commands
import Glibc
import Keyspace
import Memory
import Persistence
import RESP

// MIGRATE while the server runs. Whoever asked for it waits, and others go on; only who wants to change a key that is on
// its way waits, too. Within a transaction or a script there is no going on: then everybody waits, as in Redis.

/// Migrations that are under way, and sockets of earlier ones.
final class Migrations {
  private static let socketLimit = 64
  /// A socket that is not used is closed after so many milliseconds.
  private static let socketLifetime: Int64 = 10_000
  static let firstToken: UInt64 = 2048
  private static let maximumRunning = 1024

  /// By what the poller knows them by.
  fileprivate(set) var running: [UInt64: Migration] = [:]
  /// Whose outcome was not told yet.
  fileprivate var finished: [SessionPointer: Migration] = [:]
  private var sockets: [String: MigrationSocket] = [:]

  deinit {
    for socket in sockets.values { close(socket.descriptor) }
  }

  var socketCount: Int { sockets.count }
  var nextDeadline: Int64? { running.isEmpty ? nil : running.values.reduce(.max) { min($0, $1.nextDeadline) } }

  fileprivate var freeToken: UInt64? {
    guard running.count < Self.maximumRunning else { return nil }
    return (Self.firstToken..<Self.firstToken + UInt64(Self.maximumRunning)).first { running[$0] == nil }
  }

  fileprivate func takeSocket(to target: String) -> MigrationSocket? { sockets.removeValue(forKey: target) }

  fileprivate func keep(_ socket: MigrationSocket, to target: String) {
    if sockets.count >= Self.socketLimit && sockets[target] == nil, let victim = sockets.keys.randomElement() {
      forget(victim)
    }
    forget(target)
    sockets[target] = socket
  }

  private func forget(_ target: String) {
    if let socket = sockets.removeValue(forKey: target) { close(socket.descriptor) }
  }

  /// From time to time: closes what was not used for long.
  func closeIdleSockets(_ now: Int64) {
    for (target, socket) in sockets where now - socket.lastUse > Self.socketLifetime { forget(target) }
  }

  /// The migration that a session was waiting for.
  func takeFinished(_ session: SessionPointer) -> Migration? { finished.removeValue(forKey: session) }
}

extension ServerInstance {
  /// Begins to send keys, which are held from here on. False if that is not possible beside others.
  func begin(_ migration: Migration, for session: SessionPointer) -> Bool {
    guard let token = migrations.freeToken else { return false }
    migration.begin(on: migrations.takeSocket(to: migration.request.target), now: keyspace.pointee.now)
    guard migration.outcome == nil else { return false }
    migration.session = session
    executor.hold(migration.request.keys, in: migration.request.sourceDatabase)
    migrations.running[token] = migration
    if let descriptor = migration.descriptor { _ = loop.poller.add(descriptor, events: migration.events, token: token) }
    return true
  }

  /// Sends keys while everybody waits.
  func runAlone(_ migration: Migration) {
    if migration.outcome != nil { return }
    migration.begin(on: migrations.takeSocket(to: migration.request.target), now: clock.unixMilliseconds())
    migration.runToEnd(clock: clock, dump(migration.request))
    keepSocket(of: migration)
  }

  private func keepSocket(of migration: Migration) {
    guard let socket = migration.takeSocket(now: clock.unixMilliseconds()) else { return }
    migrations.keep(socket, to: migration.request.target)
  }

  /// A migration's socket is ready.
  func migrationReady(_ token: UInt64) {
    // A script that takes long is not to find a key gone in the middle, nor is what is only half loaded to be sent.
    guard let migration = migrations.running[token], persistence.loading == nil,
      !executor.hot.pointee.attention.contains(.busy)
    else { return }
    let (attempt, events) = (migration.attempt, migration.events)
    migration.proceed(now: keyspace.pointee.now, dump(migration.request))
    if migration.outcome != nil { return finish(migration, token) }
    guard let descriptor = migration.descriptor else { return }
    if migration.attempt != attempt {
      // The first socket was closed already, and with it left the poller.
      _ = loop.poller.add(descriptor, events: migration.events, token: token)
    } else if migration.events != events {
      loop.poller.modify(descriptor, events: migration.events, token: token)
    }
  }

  /// After each turn while there are migrations: gives up those whose other server is silent.
  func timeOutMigrations() {
    for (token, migration) in migrations.running
    where migration.nextDeadline <= keyspace.pointee.now { migrationReady(token) }
  }

  /// Gives all up: this server's keys are to be another's from now on.
  func endMigrations() {
    for (token, migration) in migrations.running {
      migration.fail(.reading)
      finish(migration, token)
    }
  }

  private func finish(_ migration: Migration, _ token: UInt64) {
    migrations.running[token] = nil
    if let descriptor = migration.descriptor { loop.poller.remove(descriptor) }
    keepSocket(of: migration)
    if let session = migration.session {
      migrations.finished[session] = migration
      executor.runAgain(session)
    } else {
      removeMoved(migration)
    }
    resumePaused()
  }

  /// Nobody wants to know any more, but what is there must not stay here.
  private func removeMoved(_ migration: Migration) {
    let moved = letGo(of: migration).moved.map { migration.request.keys[$0] }
    guard !moved.isEmpty, let command = executor.table.find(fullName: Bytes("del")) else { return }
    executor.run([ByteString("DEL")] + moved, command, in: migration.request.sourceDatabase)
  }

  /// Lets others change the keys again.
  ///
  /// - Returns: indices of those that are to go, since the other server has them as they are, and of those that it has but
  ///   that are to stay.
  func letGo(of migration: Migration) -> (moved: [Int], changed: [Int]) {
    let request = migration.request
    let changed = executor.letGo(request.keys, in: request.sourceDatabase)
    if request.keepsKeys { return ([], []) }
    let (moved, kept) = migration.restored.reduce(into: ([Int](), [Int]())) { parts, index in
      if changed.contains(request.keys[index]) { parts.1.append(index) } else { parts.0.append(index) }
    }
    return (moved, kept.filter { isThere(request.sourceDatabase, request.keys[$0]) })
  }

  private func isThere(_ database: Int, _ key: ByteString) -> Bool {
    key.withBytes { keyspace.pointee.peek(database, $0, hash: keyspace.pointee.hash($0)) } != nil
  }

  /// A session is gone that may have waited.
  func forgetMigration(_ session: SessionPointer) {
    for migration in migrations.running.values where migration.session == session { migration.session = nil }
    migrations.finished[session] = nil
  }

  private func dump(_ request: MigrationRequest) -> Migration.Dump {
    let compressing = configuration.boolean("rdbcompression")
    return { [keyspace] key, replaces, output in
      key.withBytes { key in
        let hash = keyspace.pointee.hash(key)
        guard let entry = keyspace.pointee.peek(request.sourceDatabase, key, hash: hash) else { return false }
        output.array(replaces ? 5 : 4)
        output.bulk("RESTORE")
        output.bulk(key)
        // The other server's clock may be another: it is told how long the key has to live.
        output.bulk(integer: entry.expiresAt.map { max(1, $0 - keyspace.pointee.now) } ?? 0)
        DumpPayload.withPayload(of: entry, compressing: compressing) { output.bulk($0) }
        if replaces { output.bulk("REPLACE") }
        return true
      }
    }
  }
}
