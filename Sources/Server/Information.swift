import CMartlet
import Commands
import Glibc
import Keyspace
import Memory
import Structures

// The fields of INFO, by section. Names and order are Redis's; what does not exist here yet is zero.

/// Numbers as INFO writes them.
enum InfoNumber {
  /// `1.50M`
  static func human(_ bytes: Int) -> String {
    let units = [(40, "T"), (30, "G"), (20, "M"), (10, "K")]
    for (shift, unit) in units where bytes >= 1 << shift {
      return fixed(Double(bytes) / Double(1 << shift), 2) + unit
    }
    return "\(bytes)B"
  }

  /// With `decimals` digits after the point.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "0." + String(repeating: "0", count: decimals) }
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(scaled % scale + scale).dropFirst()
    return (value < 0 ? "-" : "") + "\(scaled / scale).\(fraction)"
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    fixed(whole == 0 ? 0 : Double(part) * 100 / Double(whole), 2) + "%"
  }
}

extension ServerInstance {
  func serverFields() -> [(String, String)] {
    let now = clock.unixMicroseconds()
    let uptime = max(0, (now / 1000 - startedAt) / 1000)
    var fields: [(String, String)] = [
      ("redis_version", settings.compatibleVersion), ("redis_git_sha1", "00000000"), ("redis_git_dirty", "0"),
      ("redis_build_id", String(runID.prefix(16))), ("redis_mode", "standalone"), ("os", Machine.system),
      ("arch_bits", "64"), ("monotonic_clock", "POSIX clock_gettime"), ("multiplexing_api", "epoll"),
      ("atomicvar_api", "c11-builtin"), ("gcc_version", "0.0.0"), ("process_id", "\(getpid())"),
      ("process_supervised", configuration.string("supervised")), ("run_id", runID), ("tcp_port", "\(settings.port)"),
      ("server_time_usec", "\(now)"), ("uptime_in_seconds", "\(uptime)"), ("uptime_in_days", "\(uptime / 86400)"),
      ("hz", "\(settings.hz)"), ("configured_hz", "\(settings.hz)"),
      ("lru_clock", "\((now / 1_000_000) & 0xff_ffff)"), ("executable", Machine.executable),
      ("config_file", configuration.path ?? ""), ("io_threads_active", "0"), ("server_name", "martlet"),
      ("server_mode", "standalone"), ("martlet_version", Version.martlet),
      ("availability_zone", configuration.string("availability-zone")),
    ]
    for (i, listener) in listeners.enumerated() {
      let description =
        listener.path.map { "name=unix,bind=\($0)" }
        ?? "name=tcp,bind=\(listener.address),port=\(settings.port)"
      fields.append(("listener\(i)", description))
    }
    if let pendingShutdown {
      fields.append(("shutdown_in_milliseconds", "\(pendingShutdown.deadline - keyspace.pointee.now)"))
    }
    return fields
  }

  func clientFields() -> [(String, String)] {
    let largestInput = connections.map { $0.pointee.input.memory }.max() ?? 0
    let largestOutput = connections.map { $0.pointee.output.memory }.max() ?? 0
    let paused = connections.count { $0.pointee.session.flags.contains(.paused) }
    let pubsub = connections.count { $0.pointee.session.flags.contains(.subscribed) }
    let watching = connections.count { !$0.pointee.session.watched.isEmpty }
    let timed = executor.blocked.timedCount
    return [
      ("connected_clients", "\(connections.count { !$0.pointee.isClosing } - replication.replicas.count)"),
      ("cluster_connections", "0"),
      ("maxclients", "\(settings.maximumClients)"), ("client_recent_max_input_buffer", "\(largestInput)"),
      ("client_recent_max_output_buffer", "\(largestOutput)"),
      ("blocked_clients", "\(executor.blocked.count + paused)"),
      ("tracking_clients", "\(executor.tracking.pointee.count)"), ("pubsub_clients", "\(pubsub)"),
      ("watching_clients", "\(watching)"),
      ("clients_in_timeout_table", "\(timed)"), ("total_watched_keys", "\(executor.watches.keyCount)"),
      ("total_blocking_keys", "\(executor.blocked.keyCount)"),
      ("total_blocking_keys_on_nokey", "\(executor.blocked.missingKeyCount)"),
    ]
  }

  private func scriptMemory(_ pair: (String, Int) -> [(String, String)]) -> [(String, String)] {
    let scripts = executor.scripting.figures
    return [("used_memory_lua", "\(scripts.evalInterpreter)"), ("used_memory_vm_eval", "\(scripts.evalInterpreter)")]
      + [("used_memory_lua_human", InfoNumber.human(scripts.evalInterpreter))]
      + [
        ("used_memory_scripts_eval", "\(scripts.cachedScriptBytes)"),
        ("number_of_cached_scripts", "\(scripts.cachedScripts)"), ("number_of_functions", "\(scripts.functions)"),
        ("number_of_libraries", "\(scripts.libraries)"),
        ("used_memory_vm_functions", "\(scripts.functionInterpreter)"),
      ] + pair("used_memory_vm_total", scripts.evalInterpreter + scripts.functionInterpreter)
      + [("used_memory_functions", "\(scripts.libraryBytes)")]
      + pair("used_memory_scripts", scripts.cachedScriptBytes + scripts.libraryBytes)
  }

  func memoryFields() -> [(String, String)] {
    let memory = MemoryFigures(self)
    let limit = keyspace.pointee.eviction.maximumMemory
    func pair(_ name: String, _ bytes: Int) -> [(String, String)] {
      [(name, "\(bytes)"), (name + "_human", InfoNumber.human(bytes))]
    }
    func ratio(_ a: Int, _ b: Int) -> String { InfoNumber.fixed(b == 0 ? 0 : Double(a) / Double(b), 2) }
    return pair("used_memory", memory.used) + pair("used_memory_rss", memory.resident)
      + pair("used_memory_peak", memory.peak) + [
        ("used_memory_peak_perc", InfoNumber.percent(memory.used, of: memory.peak)),
        ("used_memory_overhead", "\(memory.overhead)"), ("used_memory_startup", "\(memory.startup)"),
        ("used_memory_dataset", "\(memory.dataset)"),
        ("used_memory_dataset_perc", InfoNumber.percent(memory.dataset, of: max(1, memory.used - memory.startup))),
        ("allocator_allocated", "\(memory.allocated)"), ("allocator_active", "\(memory.active)"),
        ("allocator_resident", "\(memory.allocatorResident)"), ("allocator_muzzy", "0"),
      ] + pair("total_system_memory", Machine.memory)
      + scriptMemory(pair)
      + pair("maxmemory", limit) + [
        ("maxmemory_policy", keyspace.pointee.eviction.policy.rawValue),
        ("allocator_frag_ratio", ratio(memory.active, memory.allocated)),
        ("allocator_frag_bytes", "\(memory.active - memory.allocated)"),
        ("allocator_rss_ratio", ratio(memory.allocatorResident, memory.active)),
        ("allocator_rss_bytes", "\(memory.allocatorResident - memory.active)"),
        ("rss_overhead_ratio", ratio(memory.resident, memory.allocatorResident)),
        ("rss_overhead_bytes", "\(memory.resident - memory.allocatorResident)"),
        ("mem_fragmentation_ratio", ratio(memory.resident, memory.used)),
        ("mem_fragmentation_bytes", "\(memory.resident - memory.used)"),
        ("mem_not_counted_for_evict", "\(uncountedMemory)"),
        ("mem_replication_backlog", "\(replication.log?.pointee.memory ?? 0)"),
        ("mem_total_replication_buffers", "\(replication.log?.pointee.memory ?? 0)"),
        ("mem_clients_slaves", "\(memory.replicas)"),
        ("mem_clients_normal", "\(memory.clients)"), ("mem_cluster_links", "0"),
        ("mem_aof_buffer", "\(persistence.appendOnly?.bufferedBytes ?? 0)"),
        ("mem_allocator", Allocator.name), ("mem_overhead_db_hashtable_rehashing", "0"),
        ("active_defrag_running", "0"),
        ("lazyfree_pending_objects", "\(keyspace.pointee.lazyFree.pendingObjects)"),
        ("lazyfreed_objects", "\(keyspace.pointee.lazyFree.freedObjects)"),
      ]
  }

  func statsFields() -> [(String, String)] {
    let loop = self.loop.statistics.pointee
    let keys = keyspace.pointee.statistics
    let processed = executor.hot.pointee.commandsProcessed
    let micros = executor.microseconds(loop.busyTicks)
    func kilobytes(_ rate: Rate) -> String { InfoNumber.fixed(rate.perSecond / 1024, 2) }
    let more: [(String, String)] = [
      ("active_defrag_hits", "0"), ("active_defrag_misses", "0"), ("active_defrag_key_hits", "0"),
      ("active_defrag_key_misses", "0"), ("total_active_defrag_time", "0"), ("current_active_defrag_time", "0"),
      ("tracking_total_keys", "\(executor.tracking.pointee.table.keyCount)"),
      ("tracking_total_items", "\(executor.tracking.pointee.table.itemCount)"),
      ("tracking_total_prefixes", "\(executor.tracking.pointee.prefixes.count)"),
      ("tracking_total_bytes", "\(executor.tracking.pointee.table.bytes)"),
    ]
    let denied = executor.users.log.counts
    return [
      ("total_connections_received", "\(statistics.connectionsReceived)"),
      ("total_commands_processed", "\(processed)"),
      ("instantaneous_ops_per_sec", "\(Int(rates.commands.perSecond))"),
      ("total_net_input_bytes", "\(loop.inputBytes)"), ("total_net_output_bytes", "\(loop.outputBytes)"),
      ("total_net_repl_input_bytes", "0"), ("total_net_repl_output_bytes", "0"),
      ("instantaneous_input_kbps", kilobytes(rates.inputBytes)),
      ("instantaneous_output_kbps", kilobytes(rates.outputBytes)), ("instantaneous_input_repl_kbps", "0.00"),
      ("instantaneous_output_repl_kbps", "0.00"), ("rejected_connections", "\(statistics.connectionsRejected)"),
      ("sync_full", "\(replication.fullSyncs)"), ("sync_partial_ok", "\(replication.partialSyncs)"),
      ("sync_partial_err", "\(replication.refusedPartialSyncs)"),
      ("expired_keys", "\(keys.expiredKeys)"), ("expired_subkeys", "\(keys.expiredFields)"),
      ("expired_stale_perc", "0.00"), ("expired_time_cap_reached_count", "\(keys.expireCycleTimeReached)"),
      ("expire_cycle_cpu_milliseconds", "\(executor.microseconds(expiryTicks) / 1000)"),
      ("evicted_keys", "\(keys.evictedKeys)"), ("evicted_clients", "\(statistics.evictedClients)"),
      ("evicted_scripts", "0"), ("total_eviction_exceeded_time", "\(keys.evictionTimeExceeded)"),
      ("current_eviction_exceeded_time", "0"), ("keyspace_hits", "\(keys.hits)"),
      ("keyspace_misses", "\(keys.misses)"), ("pubsub_channels", "\(executor.channels.channels.count)"),
      ("pubsub_patterns", "\(executor.channels.patterns.count)"),
      ("pubsubshard_channels", "\(executor.channels.shardChannels.count)"), ("latest_fork_usec", "0"),
      ("total_forks", "\(persistence.snapshots)"), ("migrate_cached_sockets", "\(migrations.socketCount)"),
      ("slave_expires_tracked_keys", "\(keyspace.pointee.ownDeadlineCount)"),
    ] + more + changeFeedFields() + [
      ("unexpected_error_replies", "\(statistics.unexpectedErrors)"),
      ("total_error_replies", "\(executor.totalErrorReplies)"),
      ("dump_payload_sanitizations", "0"), ("total_reads_processed", "\(loop.reads)"),
      ("total_writes_processed", "\(loop.writes)"), ("io_threaded_reads_processed", "0"),
      ("io_threaded_writes_processed", "0"), ("io_threaded_freed_objects", "0"), ("io_threaded_poll_processed", "0"),
      ("io_threaded_total_prefetch_batches", "0"), ("io_threaded_total_prefetch_entries", "0"),
      ("client_query_buffer_limit_disconnections", "\(statistics.queryBufferLimitDisconnections)"),
      ("client_output_buffer_limit_disconnections", "\(statistics.outputBufferLimitDisconnections)"),
      ("reply_buffer_shrinks", "0"), ("reply_buffer_expands", "0"), ("eventloop_cycles", "\(loop.turns)"),
      ("eventloop_duration_sum", "\(micros)"), ("eventloop_duration_cmd_sum", "\(micros)"),
      ("instantaneous_eventloop_cycles_per_sec", "\(Int(rates.turns.perSecond))"),
      ("instantaneous_eventloop_duration_usec", "\(loop.turns == 0 ? 0 : micros / loop.turns)"),
      ("acl_access_denied_auth", "\(denied.authentications)"), ("acl_access_denied_cmd", "\(denied.commands)"),
      ("acl_access_denied_key", "\(denied.keys)"), ("acl_access_denied_channel", "\(denied.channels)"),
    ]
  }

  func debugFields() -> [(String, String)] {
    let loop = loop.statistics.pointee
    return [
      ("eventloop_duration_aof_sum", "0"),
      ("eventloop_duration_cron_sum", "\(executor.microseconds(cronTicks))"),
      ("eventloop_duration_max", "\(executor.microseconds(loop.longestTurn))"),
      ("eventloop_cmd_per_cycle_max", "\(loop.mostCommands)"),
    ]
  }

  func cpuFields() -> [(String, String)] {
    func seconds(_ time: timeval) -> String { InfoNumber.fixed(Double(time.tv_sec) + Double(time.tv_usec) / 1e6, 6) }
    var own = rusage()
    var thread = rusage()
    _ = martlet_getrusage(0, &own)
    _ = martlet_getrusage_thread(&thread)
    return [
      ("used_cpu_sys", seconds(own.ru_stime)), ("used_cpu_user", seconds(own.ru_utime)),
      ("used_cpu_sys_children", "0.000000"), ("used_cpu_user_children", "0.000000"),
      ("used_cpu_sys_main_thread", seconds(thread.ru_stime)), ("used_cpu_user_main_thread", seconds(thread.ru_utime)),
    ]
  }

  func commandFields() -> [(String, String)] {
    executor.table.all.compactMap { command in
      let counted = command.pointee.statistics
      guard counted.calls > 0 || counted.rejectedCalls > 0 || counted.failedCalls > 0 else { return nil }
      let micros = executor.microseconds(counted.ticks)
      let each = InfoNumber.fixed(
        counted.calls == 0 ? 0 : Double(executor.nanoseconds(counted.ticks)) / 1000 / Double(counted.calls), 2)
      return (
        "cmdstat_\(command.pointee.fullName)",
        "calls=\(counted.calls),usec=\(micros),usec_per_call=\(each),rejected_calls=\(counted.rejectedCalls),failed_calls=\(counted.failedCalls)"
      )
    }
  }

  func latencyFields() -> [(String, String)] {
    let percentiles = configuration.words("latency-tracking-info-percentiles")
    return executor.table.all.compactMap { command in
      guard let histogram = command.pointee.statistics.latency, histogram.pointee.total > 0 else { return nil }
      let shown = percentiles.map { percent in
        let nanoseconds = executor.nanoseconds(histogram.pointee.percentile(Double(percent) ?? 0))
        return "p\(percent)=\(InfoNumber.fixed(Double(nanoseconds) / 1000, 3))"
      }
      return ("latency_percentiles_usec_\(command.pointee.fullName)", shown.joined(separator: ","))
    }
  }

  func keyspaceFields() -> [(String, String)] {
    (0..<keyspace.pointee.databaseCount).compactMap { index in
      let keys = keyspace.pointee.databases[index].count
      guard keys > 0 else { return nil }
      let expires = keyspace.pointee.databases[index].keyDeadlines.count
      let fields = keyspace.pointee.databases[index].fieldDeadlines.count
      let average = keyspace.pointee.averageTimeToLive(index)
      return ("db\(index)", "keys=\(keys),expires=\(expires),avg_ttl=\(average),subexpiry=\(fields)")
    }
  }
}

/// Where the memory is.
struct MemoryFigures {
  let used: Int
  let resident: Int
  let peak: Int
  let startup: Int
  /// Everything that is not keys and values.
  let overhead: Int
  let dataset: Int
  /// Clients but for replicas.
  let clients: Int
  let replicas: Int
  /// The allocator's own figures.
  let allocated: Int
  let active: Int
  let allocatorResident: Int

  init(_ server: ServerInstance) {
    martlet_stats_refresh()
    used = Allocator.usedBytes
    resident = Machine.residentBytes
    peak = max(server.statistics.peakMemory, used)
    startup = server.startupMemory
    let isReplica = { (connection: ConnectionPointer) in server.clientClass(connection) == .replica }
    clients = server.connections.reduce(0) { isReplica($1) ? $0 : $0 + server.totalMemory($1) }
    // Their queues are part of what replicas take together.
    let fixed = server.connections.reduce(0) {
      isReplica($1) ? $0 + server.totalMemory($1) - $1.pointee.output.memory : $0
    }
    replicas = fixed + server.replicaMemory
    var tables = 0
    for i in 0..<server.keyspace.pointee.databaseCount {
      tables += server.keyspace.pointee.databases[i].table.allocatedBytes
    }
    overhead = min(used, startup + clients + replicas + tables)
    dataset = used - overhead
    let allocated = martlet_mallctl_size("stats.allocated")
    self.allocated = allocated == 0 ? used : allocated
    active = max(self.allocated, martlet_mallctl_size("stats.active"))
    allocatorResident = max(active, martlet_mallctl_size("stats.resident"))
  }
}

/// What is asked of the operating system.
enum Machine {
  static let system: String = {
    var name = utsname()
    uname(&name)
    func text<T>(_ field: T) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
  }()

  static let executable: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
  }()

  static let memory = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))

  static var residentBytes: Int {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return 0 }
    let parts = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
    return parts.count > 1 ? (Int(parts[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
