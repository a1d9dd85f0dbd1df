import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import Persistence
import RESP
import Structures

/// A running server: the keyspace, the executor and the loop, with the connections between them.
///
/// Everything here runs on one thread.
public final class ServerInstance {
  public struct Failure: Error {
    public let message: String
  }

  let keyspace: UnsafeMutablePointer<Keyspace>
  private(set) var executor: Executor! = nil
  private(set) var loop: EventLoop! = nil
  let clock: SystemClock
  let configuration: Configuration
  var settings: Settings
  let log = Log()
  var listeners: [Listener] = []
  /// All clients, in no order. A connection knows its index.
  var connections: [ConnectionPointer] = []
  private var closed: [ConnectionPointer] = []
  let persistence: PersistenceState
  var nextClientID: UInt64 = 1
  var statistics = ServerStatistics()
  var pause = ClientPause()
  var rates = Rates()
  var isShuttingDown = false
  var pendingShutdown: PendingShutdown?
  /// DEBUG PAUSE-CRON: what is done from time to time is not done.
  var isCronPaused = false
  var outputPeaks = OutputPeaks()
  /// Memory may be over its limit, though no command comes.
  var evictsAfterTurn = false
  /// What all clients take together, roughly. Only kept up while it is limited.
  var clientMemory = 0
  var pidFile: String?
  let startedAt: Int64
  let runID: String
  let replication: ReplicationState
  let migrations = Migrations()
  /// Nil: nobody is to take over.
  var failover: Failover?
  /// What REPLCONF said of connections that are no replicas yet.
  var announcedReplicas: [ConnectionPointer: AnnouncedReplica] = [:]
  /// Those whom the snapshot was for are gone.
  var abandonsSynchronization = false
  private var lastCron: Int64 = 0
  var clientCursor = 0
  var cronLoops = 0
  /// Memory in use before the first client.
  private(set) var startupMemory = 0

  /// A server that does nothing yet.
  public init(configuration: Configuration) {
    Allocator.registerThread()
    self.configuration = configuration
    settings = Settings(configuration)
    clock = SystemClock()
    let now = clock.unixMilliseconds()
    startedAt = now
    persistence = PersistenceState(now: now)
    var generator = SystemRandomNumberGenerator()
    runID = Self.hexadecimal(using: &generator)
    replication = ReplicationState(id: Self.hexadecimal(using: &generator))
    keyspace = .allocate(capacity: 1)
    keyspace.initialize(
      to: Keyspace(
        databases: configuration.integer("databases"), hashKey: SipKey(k0: generator.next(), k1: generator.next()),
        seed: generator.next(), now: now))
    // A configuration that was not checked may name commands that are not there.
    let renamed = (try? Self.renamedCommands(configuration)) ?? [:]
    executor = Executor(
      keyspace: keyspace, families: ServerInstance.families,
      renaming: renamed, host: self, clock: clock)
    replication.propagation = executor.propagation
    loop = EventLoop(executor: executor, delegate: self)
    executor.memoryUsedForLimit = { [unowned(unsafe) self] in Allocator.usedBytes - self.uncountedMemory }
    observeConfiguration()
    applyConfiguration()
    applyRequiredPassword()
    configuration.describeUsers = { [unowned self] in self.userLines }
    log.path = configuration.string("logfile")
    log.usesSyslog = configuration.boolean("syslog-enabled")
    if !applyCollation() { log.warning("Failed to configure LOCALE for invalid locale name.") }
    // What INFO needs once is not to look like data later.
    _ = information(InfoSection.allCases)
    startupMemory = Allocator.usedBytes
    statistics.peakMemory = startupMemory
  }

  /// Every command there is.
  public static var families: [[Command]] {
    CommandTable.families + [
      CommandTable.connection, CommandTable.client, CommandTable.config, CommandTable.info,
      CommandTable.administration, CommandTable.debug, CommandTable.memory, CommandTable.payloads,
      CommandTable.persistence, CommandTable.replication, CommandTable.functions, CommandTable.access,
      CommandTable.migration, CommandTable.handover, CommandTable.cluster,
    ]
  }

  private static func hexadecimal(using generator: inout some RandomNumberGenerator) -> String {
    String((0..<40).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
  }

  /// 40 hexadecimal digits, as runs and histories of changes are named by.
  static func randomID() -> String {
    var generator = SystemRandomNumberGenerator()
    return hexadecimal(using: &generator)
  }

  // MARK: Listen

  private static let firstListenerToken: UInt64 = 16

  /// Gets everything ready: from here on clients can connect.
  public func start() throws(Failure) {
    Self.installSignalHandlers()
    martlet_crash_log(log.path)
    martlet_crash_reports(configuration.boolean("crash-log-enabled"))
    let directory = configuration.string("dir")
    guard chdir(directory) == 0 else { throw Failure(message: "Can't chdir to '\(directory)'") }
    adjustDescriptorLimit()
    updateProcessTitle()
    logStart()
    try loadUsers()
    try listen()
    writePIDFile()
    _ = loop.poller.add(persistence.wake, events: Poller.readable, token: Self.wakeToken)
    try loadFromDisk()
    logReady()
    let primary = configuration.string("replicaof").split(separator: " ")
    if primary.count == 2, let port = Int(primary[1]) { follow(String(primary[0]), port) }
  }

  /// Opens the sockets that the settings name.
  private func listen() throws(Failure) {
    try listenOnTCP()
    if !settings.unixSocket.isEmpty {
      do throws(Listener.Failure) {
        listeners.append(
          try .unix(path: settings.unixSocket, permissions: settings.unixSocketPermissions, backlog: settings.backlog))
      } catch {
        throw Failure(message: "Failed opening Unix socket: bind: \(error)")
      }
    }
    if listeners.isEmpty { throw Failure(message: "Configured to not listen anywhere, exiting.") }
    watchListeners()
  }

  private func listenOnTCP() throws(Failure) {
    if settings.port != 0 {
      for address in settings.bind {
        // A leading minus: it is fine if the machine has no such address.
        let isOptional = address.hasPrefix("-")
        let name = isOptional ? String(address.dropFirst()) : address
        do throws(Listener.Failure) {
          listeners.append(try .tcp(address: name, port: settings.port, backlog: settings.backlog))
        } catch {
          if isOptional { continue }
          var reason = "\(error)"
          if case .system(let text) = error { reason = text }
          log.warning("Warning: Could not create server TCP listening socket \(name):\(settings.port): bind: \(reason)")
          throw Failure(message: "Failed listening on port \(settings.port) (tcp), aborting.")
        }
      }
    }
  }

  /// After `port`, `bind` or `tcp-backlog` changed: listens there, or goes on as before.
  ///
  /// - Parameter failure: what the client is told if that is impossible.
  func listenAgain(failure: String) throws(ConfigurationError) {
    let old = listeners
    settings = Settings(configuration)
    let kept = old.filter { $0.path != nil }
    for listener in old where listener.path == nil { loop.poller.remove(listener.fileDescriptor) }
    for listener in old where listener.path == nil { listener.end() }
    for listener in kept { loop.poller.remove(listener.fileDescriptor) }
    listeners = kept
    do throws(Failure) {
      try listenOnTCP()
    } catch {
      watchListeners()
      throw ConfigurationError(failure)
    }
    watchListeners()
  }

  private func watchListeners() {
    for (i, listener) in listeners.enumerated() {
      _ = loop.poller.add(
        listener.fileDescriptor, events: Poller.readable, token: Self.firstListenerToken + UInt64(i))
    }
  }

  // MARK: Run

  /// Serves until it is told to stop.
  public func run() {
    while !isShuttingDown {
      loop.turn(timeoutMilliseconds: timeout())
      expire()
      advanceSynchronization()
      advanceSnapshot()
      executor.timeOutBlocked()
      if !migrations.running.isEmpty { timeOutMigrations() }
      if !replication.waiting.isEmpty { noticeSync() }
      let now = keyspace.pointee.now
      if now - lastCron >= Int64(1000 / settings.hz) || now < lastCron {
        lastCron = now
        let begin = martlet_ticks()
        cron(now)
        cronTicks &+= martlet_ticks() &- begin
      }
      limitClientMemory()
      if evictsAfterTurn {
        evictsAfterTurn = false
        _ = executor.makeRoom()
      }
      if pause.end != nil { checkPause() }
      if failover != nil { advanceFailover() }
      if pendingShutdown != nil { advanceShutdown() }
      executor.endTurn()
      let hadMessages = loop.hasMessages
      loop.flush()
      // What is on its way already goes on in the next turn, which is due at once.
      if !hadMessages { loop.flushMessages() }
      freeClosed()
    }
    end()
  }

  /// While files are read: what is asked meanwhile is answered.
  func serveWhileLoading() {
    loop.turn(timeoutMilliseconds: 0)
    freeClosed()
  }

  private var expiryIsBehind = false
  /// Spent on removing what died.
  private(set) var expiryTicks: UInt64 = 0
  /// Spent on what is done from time to time.
  private(set) var cronTicks: UInt64 = 0

  private func timeout() -> Int32 {
    if expiryIsBehind || replicasWantMore || persistence.appendOnly?.isGathering == true { return 0 }
    let now = clock.unixMilliseconds()
    var wake = lastCron + Int64(1000 / settings.hz)
    if let patience = snapshotPatience { wake = min(wake, now + patience) }
    if let next = keyspace.pointee.nextExpiry { wake = min(wake, next) }
    if let end = pause.end { wake = min(wake, end) }
    if executor.tracking.pointee.wantsToRun { wake = min(wake, now + 1) }
    if let end = pendingShutdown?.deadline { wake = min(wake, end) }
    if let end = failover?.deadline { wake = min(wake, end) }
    if let next = migrations.nextDeadline { wake = min(wake, next) }
    if let next = executor.blocked.nextDeadline { wake = min(wake, next) }
    if persistence.appendOnly?.waitsForHandOver == true { wake = min(wake, now + 1) }
    return Int32(max(0, min(wake - now, 1000)))
  }

  /// Removes what died, for a millisecond at most: clients are not to wait longer for it.
  private func expire() {
    guard let next = keyspace.pointee.nextExpiry, next <= keyspace.pointee.now else {
      expiryIsBehind = false
      return
    }
    let begin = martlet_ticks()
    let budget = executor.hot.pointee.ticksPerKibinanosecond * 1000
    expiryIsBehind = !keyspace.pointee.runExpiry { martlet_ticks() &- begin > budget }
    executor.propagatePending()
    let spent = martlet_ticks() &- begin
    expiryTicks &+= spent
    executor.noteLatency("expire-cycle", ticks: spent)
  }

  // MARK: Connections

  private func accept(_ listener: Listener) {
    for _ in 0..<1000 {
      guard let accepted = listener.accept() else { return }
      admit(accepted)
    }
  }

  private func admit(_ accepted: Listener.Accepted) {
    statistics.connectionsReceived += 1
    if connections.count >= settings.maximumClients {
      refuse(accepted, "-ERR max number of clients reached\r\n")
      return
    }
    if settings.isProtected && !accepted.isLoopback && executor.users.standard.pointee.user.needsNoPassword {
      refuse(accepted, Self.protectedModeMessage)
      return
    }
    let now = keyspace.pointee.now
    let details = SessionDetails(
      createdAt: now, peerAddress: accepted.peerAddress, localAddress: accepted.localAddress,
      fileDescriptor: accepted.fileDescriptor)
    let connection = ConnectionPointer.allocate(capacity: 1)
    connection.initialize(
      to: Connection(
        fileDescriptor: accepted.fileDescriptor, session: Session(id: nextClientID, now: now, details: details)))
    nextClientID += 1
    connection.pointee.session.connection = UnsafeMutableRawPointer(connection)
    if accepted.isUnix { connection.pointee.session.flags.insert(.unixSocket) }
    admitAsDefaultUser(connection.sessionPointer)
    if !accepted.isUnix && settings.keepAliveSeconds > 0 {
      Listener.enableKeepAlive(accepted.fileDescriptor, seconds: settings.keepAliveSeconds)
    }
    connection.pointee.index = connections.count
    connections.append(connection)
    if !loop.poller.add(accepted.fileDescriptor, events: Poller.readableOnce, token: connection.token) {
      close(connection)
    }
  }

  /// Makes a socket to the primary a connection whose commands are executed without a word.
  func admitPrimary(_ descriptor: Int32, address: String) -> ConnectionPointer? {
    let now = keyspace.pointee.now
    let details = SessionDetails(
      createdAt: now, peerAddress: address, localAddress: "", fileDescriptor: descriptor)
    let connection = ConnectionPointer.allocate(capacity: 1)
    connection.initialize(
      to: Connection(fileDescriptor: descriptor, session: Session(id: nextClientID, now: now, details: details)))
    nextClientID += 1
    connection.pointee.session.connection = UnsafeMutableRawPointer(connection)
    connection.pointee.session.flags.insert([.primary, .replyOff])
    connection.pointee.index = connections.count
    connections.append(connection)
    if loop.poller.add(descriptor, events: Poller.readableOnce, token: connection.token) { return connection }
    close(connection)
    return nil
  }

  private func refuse(_ accepted: Listener.Accepted, _ message: String) {
    statistics.connectionsRejected += 1
    _ = message.withBytes { write(accepted.fileDescriptor, $0.base, $0.count) }
    Glibc.close(accepted.fileDescriptor)
  }

  private static let protectedModeMessage =
    "-DENIED Martlet is running in protected mode because protected mode is enabled and no password is set for the "
    + "default user. In this mode connections are only accepted from the loopback interface. If you want to connect "
    + "from external computers, you may adopt one of the following solutions: 1) Disable protected mode by sending "
    + "'CONFIG SET protected-mode no' from the loopback interface, and make sure the server is not publicly reachable. "
    + "2) Disable it in the configuration file with 'protected-mode no', and restart the server. 3) Start the server "
    + "with '--protected-mode no'. 4) Set up a password for the default user.\r\n"

  /// Gives a connection up. It is freed at the end of the turn.
  func close(_ connection: ConnectionPointer) {
    if connection.pointee.isClosing { return }
    connection.pointee.isClosing = true
    connection.pointee.session.flags.insert(.closing)
    noteClientMemory(connection)
    executor.forget(connection.sessionPointer)
    forgetReplica(connection)
    forgetMigration(connection.sessionPointer)
    pendingShutdown?.sessions.removeAll { $0 == connection.sessionPointer }
    closed.append(connection)
  }

  private func freeClosed() {
    guard !closed.isEmpty else { return }
    for connection in closed {
      loop.forget(connection)
      Glibc.close(connection.pointee.fileDescriptor)
      connection.pointee.input.release()
      connection.pointee.output.release()
      let index = connection.pointee.index
      if let last = connections.popLast(), last != connection {
        connections[index] = last
        last.pointee.index = index
      }
      connection.deinitialize(count: 1)
      connection.deallocate()
    }
    closed.removeAll()
  }
}

extension ServerInstance: EventLoop.Delegate {
  func handle(token: UInt64) {
    if token == Self.wakeToken { return persistenceWoke() }
    if token == Self.linkToken { return linkReady() }
    if token >= Migrations.firstToken { return migrationReady(token) }
    let index = Int(token) - Int(Self.firstListenerToken)
    if listeners.indices.contains(index) { accept(listeners[index]) }
  }

  func lost(_ connection: ConnectionPointer, reason: String) {
    if !reason.isEmpty { log.verbose("\(reason) \(describe(connection))") }
    close(connection)
  }

  func protocolError(_ connection: ConnectionPointer, _ failure: RequestParser.Failure) {
    log.verbose("\(failure.message) from client: \(describe(connection))")
  }

  func inputTooLarge(_ connection: ConnectionPointer) {
    log.warning("Closing client that reached max query buffer length: \(describe(connection))")
    statistics.queryBufferLimitDisconnections += 1
    close(connection)
  }

  func inputGrew(_ connection: ConnectionPointer) { noteClientMemory(connection) }

  func willSend(_ connection: ConnectionPointer, _ bytes: Int) { checkOutputLimit(connection, pending: bytes) }

  func outputGrew(_ connection: ConnectionPointer) {
    noteClientMemory(connection)
    checkOutputLimit(connection)
  }

  private func describe(_ connection: ConnectionPointer) -> String {
    let session = connection.pointee.session
    return "id=\(session.id) addr=\(session.details.peerAddress) laddr=\(session.details.localAddress)"
  }
}

extension ServerInstance: ExecutorHost {
  public func refuseBrowser(_ session: SessionPointer) {
    log.warning(
      """
      Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to the server. This \
      is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your instance. Connection \
      from \(session.pointee.details.peerAddress) aborted.
      """)
    close(session)
  }

  public func describe(_ session: SessionPointer) -> String {
    session.connectionPointer.map { clientLine($0) } ?? ""
  }

  public func forEachSession(_ body: (SessionPointer) -> Void) {
    for connection in connections { body(connection.sessionPointer) }
  }

  public func deliver(_ bytes: Bytes, to session: SessionPointer) {
    guard let connection = session.connectionPointer else { return }
    loop.deliver(bytes, to: connection)
  }

  public func close(_ session: SessionPointer) {
    guard let connection = session.connectionPointer else { return }
    close(connection)
  }

  public func blocked(_ session: SessionPointer) {
    session.connectionPointer?.pointee.isReadingPaused = true
  }

  public func unblocked(_ session: SessionPointer) {
    guard let connection = session.connectionPointer, !connection.pointee.isClosing else { return }
    connection.pointee.isReadingPaused = false
    if !connection.pointee.input.isEmpty { loop.resume(connection) }
  }

  public func isPaused(_ flags: CommandFlags) -> Bool {
    pause.isOn && (pause.pausesAll || !flags.isDisjoint(with: [.write, .mayReplicate]))
  }

  public func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool {
    let directive = command.pointee.declaration.group == .server ? "enable-debug-command" : "enable-module-command"
    switch configuration.string(directive) {
    case "yes": return true
    case "local": return isLocal(session)
    default: return false
    }
  }
}
