import Directives

extension ServerInstance {
  /// The section Persistence of INFO.
  func persistenceFields() -> [(String, String)] {
    let state = persistence
    let running = state.running
    let seconds = running.map { "\((clock.unixMilliseconds() - $0.startedAt) / 1000)" } ?? "-1"
    var fields: [(String, String)] = [
      ("loading", state.loading == nil ? "0" : "1"), ("async_loading", "0"), ("current_cow_peak", "0"),
      ("current_cow_size", "0"), ("current_cow_size_age", "0"), ("current_fork_perc", "0.00"),
      ("current_save_keys_processed", "\(running?.writer.keysWritten ?? 0)"),
      ("current_save_keys_total", "\(running?.writer.totalKeys ?? 0)"),
      ("rdb_changes_since_last_save", "\(unsavedChanges)"),
      ("rdb_bgsave_in_progress", isSaving ? "1" : "0"), ("rdb_last_save_time", "\(state.lastSave)"),
      ("rdb_last_bgsave_status", state.lastSaveFailed ? "err" : "ok"),
      ("rdb_last_bgsave_time_sec", "\(state.lastSaveSeconds)"),
      ("rdb_current_bgsave_time_sec", isSaving ? seconds : "-1"),
      ("rdb_saves", "\(state.saves)"), ("rdb_last_cow_size", "0"),
      ("rdb_last_load_keys_expired", "\(state.lastLoad.keysExpired)"),
      ("rdb_last_load_keys_loaded", "\(state.lastLoad.keysLoaded)"),
      ("aof_enabled", state.logState == .off ? "0" : "1"), ("aof_rewrite_in_progress", isRewriting ? "1" : "0"),
      ("aof_rewrite_scheduled", state.isRewriteScheduled ? "1" : "0"),
      ("aof_last_rewrite_time_sec", "\(state.lastRewriteSeconds)"),
      ("aof_current_rewrite_time_sec", isRewriting ? seconds : "-1"),
      ("aof_last_bgrewrite_status", state.lastRewriteFailed ? "err" : "ok"), ("aof_rewrites", "\(state.rewrites)"),
      ("aof_rewrites_consecutive_failures", "\(state.rewriteFailures)"),
      ("aof_last_write_status", state.appendOnly?.failure == nil ? "ok" : "err"), ("aof_last_cow_size", "0"),
      ("module_fork_in_progress", "0"), ("module_fork_last_cow_size", "0"),
    ]
    if let appendOnly = state.appendOnly {
      fields += [
        ("aof_current_size", "\(appendOnly.size)"), ("aof_base_size", "\(state.rewrittenSize)"),
        ("aof_pending_rewrite", "0"), ("aof_buffer_length", "\(appendOnly.bufferedBytes)"),
        ("aof_pending_bio_fsync", appendOnly.isSyncPending ? "1" : "0"),
        ("aof_delayed_fsync", "\(appendOnly.delayedSyncs)"),
      ]
    }
    if let loading = state.loading { fields += loadingFields(loading) }
    return fields
  }

  private func loadingFields(_ loading: LoadingState) -> [(String, String)] {
    let share = loading.totalBytes == 0 ? 0 : Double(loading.loadedBytes) / Double(loading.totalBytes)
    let elapsed = Double(clock.unixMilliseconds() - loading.startedAt) / 1000
    let left = share > 0 ? Int(elapsed / share - elapsed) : 1
    return [
      ("loading_start_time", "\(loading.startedAt / 1000)"), ("loading_total_bytes", "\(loading.totalBytes)"),
      ("loading_rdb_used_mem", "\(loading.memoryWhenSaved)"), ("loading_loaded_bytes", "\(loading.loadedBytes)"),
      ("loading_loaded_perc", InfoNumber.fixed(share * 100, 2)), ("loading_eta_seconds", "\(max(0, left))"),
    ]
  }
}
