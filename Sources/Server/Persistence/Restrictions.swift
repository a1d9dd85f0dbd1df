import Commands
import Persistence

// While data is being loaded, or cannot be saved, not every command may run.

extension ServerInstance {
  private static let loadingError = "LOADING Redis is loading the dataset in memory"
  private static let saveError =
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may "
    + "modify the data set are disabled, because this instance is configured to report errors during writes if RDB "
    + "snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB "
    + "error."

  /// Whether the last save failed, and that is to be noticed by those who write.
  private var savesFail: Bool {
    persistence.lastSaveFailed && configuration.boolean("stop-writes-on-bgsave-error")
      && !configuration.savePoints.isEmpty
  }

  /// Whether commands that change something cannot be logged.
  private var logFailure: DiskError? { persistence.logState == .off ? nil : persistence.appendOnly?.failure }

  /// To be called when one of the reasons begins or ends.
  func updateRestrictions() {
    if persistence.loading != nil || savesFail || logFailure != nil || !hasEnoughReplicas || isFollowing {
      executor.hot.pointee.attention.insert(.restricted)
    } else {
      executor.hot.pointee.attention.remove(.restricted)
    }
  }

  public func refusalOfScript() -> String? {
    if isFollowing && configuration.boolean("replica-read-only") {
      return "READONLY Can not run script with write flag on readonly replica"
    }
    if savesFail {
      return
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Writable "
        + "scripts are blocked. Use 'no-writes' flag for read only scripts."
    }
    if let logFailure {
      return
        "MISCONF Redis is configured to persist data to AOF, but it's currently unable to persist to disk. Writable "
        + "scripts are blocked. Use 'no-writes' flag for read only scripts. AOF error: \(logFailure.message)"
    }
    return hasEnoughReplicas ? nil : "NOREPLICAS Not enough good replicas to write."
  }

  public func refusal(of command: CommandReference, _ flags: CommandFlags) -> String? {
    if flags.contains(.write) || command.pointee.fullName == "ping" {
      if savesFail { return Self.saveError }
      if let logFailure { return "MISCONF Errors writing to the AOF file: \(logFailure.message)" }
      if flags.contains(.write) && !hasEnoughReplicas { return "NOREPLICAS Not enough good replicas to write." }
    }
    if let refusal = refusalWhileFollowing(command, flags) { return refusal }
    if persistence.loading != nil && !flags.contains(.loading) { return Self.loadingError }
    return nil
  }
}
