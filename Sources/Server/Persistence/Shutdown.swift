import Commands
import Directives
import Glibc
import Keyspace
import Persistence

/// How the server is to end.
struct ShutdownOptions: OptionSet {
  let rawValue: UInt8
  static var save: ShutdownOptions { ShutdownOptions(rawValue: 1) }
  static var noSave: ShutdownOptions { ShutdownOptions(rawValue: 2) }
  /// Without waiting for replicas.
  static var now: ShutdownOptions { ShutdownOptions(rawValue: 4) }
  /// Even if something goes wrong.
  static var force: ShutdownOptions { ShutdownOptions(rawValue: 8) }
}

/// An end that waits for replicas to have everything.
struct PendingShutdown {
  let options: ShutdownOptions
  /// When they are not waited for any longer, in Unix milliseconds.
  let deadline: Int64
  /// Those who asked for it, to be told if it fails.
  var sessions: [SessionPointer] = []
}

enum ShutdownOutcome {
  /// The server ends after this turn, its data being safe.
  case ends
  case waits
  /// Its data is not safe: the server goes on.
  case failed
}

extension ServerInstance {
  /// A signal asked for the end; how, `shutdown-on-sigterm` and `shutdown-on-sigint` say.
  func shutDown(onSignal signal: Int32) {
    guard !isShuttingDown && pendingShutdown == nil else { return }
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    log.warning("Received \(name) scheduling shutdown...")
    var options = ShutdownOptions()
    for word in configuration.words(signal == SIGINT ? "shutdown-on-sigint" : "shutdown-on-sigterm") {
      switch word {
      case "save": options.insert(.save)
      case "nosave": options.insert(.noSave)
      case "now": options.insert(.now)
      case "force": options.insert(.force)
      default: break
      }
    }
    if shutDown(options) == .failed {
      forgetShutdownSignal()
      log.warning(
        "\(name) received but errors trying to shut down the server, check the logs for more information")
    }
  }

  /// A log whose first base is still being written holds next to nothing.
  private func endsWithoutBase(_ options: ShutdownOptions) -> Bool {
    guard persistence.logState == .waitsForRewrite else { return true }
    if options.contains(.force) {
      log.warning("Writing initial AOF. Exit anyway.")
      return true
    }
    log.warning("Writing initial AOF, can't exit.")
    return false
  }

  /// Ends the server, once its replicas have everything.
  func shutDown(_ options: ShutdownOptions) -> ShutdownOutcome {
    if isShuttingDown { return .ends }
    if pendingShutdown != nil { return .waits }
    log.notice("User requested shutdown...")
    notifySupervisor("STOPPING=1\n")
    let patience = Int64(configuration.integer("shutdown-timeout")) * 1000
    executor.propagatePending()
    if options.contains(.now) || patience == 0 || laggingReplicas.isEmpty { return finishShutdown(options) }
    pendingShutdown = PendingShutdown(options: options, deadline: keyspace.pointee.now + patience)
    replication.wantsAcknowledgements = true
    pause.isForShutdown = true
    updatePause()
    log.notice("Waiting for replicas before shutting down.")
    return .waits
  }

  private var laggingReplicas: [ConnectionPointer: Replica] {
    replication.replicas.filter { $0.value.acknowledged != replication.position }
  }

  /// Between turns: ends when all replicas have everything, or time is up.
  func advanceShutdown() {
    guard let pending = pendingShutdown, !isShuttingDown else { return }
    if keyspace.pointee.now < pending.deadline && !laggingReplicas.isEmpty { return }
    if finishShutdown(pending.options) == .failed {
      log.warning("Errors trying to shut down the server. Check the logs for more information.")
      cancelShutdown()
    }
  }

  /// The server goes on. Those who asked for its end are told.
  func cancelShutdown() {
    guard let pending = pendingShutdown else { return }
    pendingShutdown = nil
    forgetShutdownSignal()
    pause.isForShutdown = false
    updatePause()
    for session in pending.sessions {
      _ = executor.unblock(session, error: "ERR Errors trying to SHUTDOWN. Check logs.", evenIfItCannotBe: true)
    }
  }

  private func reportReplicas() {
    guard !replication.replicas.isEmpty else { return }
    let lagging = laggingReplicas
    for (connection, replica) in lagging {
      let lag = replica.isOnline ? (keyspace.pointee.now - replica.acknowledgedAt) / 1000 : 0
      log.notice(
        "Lagging replica \(name(of: connection)) reported offset \(replication.position - replica.acknowledged) behind "
          + "master, lag=\(lag), state=\(replica.phaseName).")
    }
    let count = replication.replicas.count
    log.notice("\(count - lagging.count) of \(count) replicas are in sync when shutting down.")
  }

  /// Makes the data safe.
  private func finishShutdown(_ options: ShutdownOptions) -> ShutdownOutcome {
    reportReplicas()
    let isLoading = persistence.loading != nil
    if persistence.running != nil {
      if isSaving {
        log.warning("There is a child saving an .rdb. Killing it!")
      } else {
        guard endsWithoutBase(options) else { return .failed }
        log.warning("There is a child rewriting the AOF. Killing it!")
      }
      cancelSave()
    }
    if persistence.appendOnly != nil {
      log.notice("Calling fsync() on the AOF file.")
      if !completeLog() { log.warning("Fail to fsync the AOF file.") }
    }
    // Half of the data would replace all of it.
    let saves =
      !isLoading && (options.contains(.save) || (!configuration.savePoints.isEmpty && !options.contains(.noSave)))
    if saves {
      log.notice("Saving the final RDB snapshot before exiting.")
      if !saveNow() {
        guard options.contains(.force) else {
          log.warning("Error trying to save the DB, can't exit.")
          return .failed
        }
        log.warning("Error trying to save the DB. Exit anyway.")
      }
    }
    isShuttingDown = true
    return .ends
  }
}
