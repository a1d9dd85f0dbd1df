import Configuration
import Glibc
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

extension ServerInstance {
  /// A signal asked for the end; how, `shutdown-on-sigterm` and `shutdown-on-sigint` say.
  func shutDown(onSignal signal: Int32) {
    guard !isShuttingDown else { return }
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
    if !shutDown(options) {
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

  /// Ends the server after this turn, its data being safe. False if it is not, and the server goes on.
  func shutDown(_ options: ShutdownOptions) -> Bool {
    guard !isShuttingDown else { return true }
    log.notice("User requested shutdown...")
    notifySupervisor("STOPPING=1\n")
    let isLoading = persistence.loading != nil
    if persistence.running != nil {
      if isSaving {
        log.warning("There is a child saving an .rdb. Killing it!")
      } else {
        guard endsWithoutBase(options) else { return false }
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
          return false
        }
        log.warning("Error trying to save the DB. Exit anyway.")
      }
    }
    isShuttingDown = true
    return true
  }
}
