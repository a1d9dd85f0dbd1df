import CMartlet
import Directives
import Keyspace
import Memory
import Structures

/// The configuration as the server uses it while it serves: plain values, read anew when a directive changes.
struct Settings {
  var port: Int
  var bind: [String]
  var unixSocket: String
  var unixSocketPermissions: Int
  var backlog: Int
  var hz: Int
  var maximumClients: Int
  var keepAliveSeconds: Int
  var timeoutSeconds: Int
  var isProtected: Bool
  var compatibleVersion: String
  var outputLimits: OutputBufferLimits
  var backlogSize: Int
  /// As `maxmemory-clients` says it: a negative number is a percentage of `maxmemory`.
  private var clientMemory: Int

  init(_ configuration: Configuration) {
    port = configuration.integer("port")
    bind = configuration.words("bind")
    unixSocket = configuration.string("unixsocket")
    unixSocketPermissions = configuration.integer("unixsocketperm")
    backlog = configuration.integer("tcp-backlog")
    hz = max(1, configuration.integer("hz"))
    maximumClients = configuration.integer("maxclients")
    keepAliveSeconds = configuration.integer("tcp-keepalive")
    timeoutSeconds = configuration.integer("timeout")
    isProtected = configuration.boolean("protected-mode")
    compatibleVersion = configuration.string("compat-version")
    outputLimits = configuration.outputBufferLimits
    backlogSize = configuration.integer("repl-backlog-size")
    clientMemory = configuration.integer("maxmemory-clients")
  }

  var limitsClientMemory: Bool { clientMemory != 0 }

  /// Bytes that all clients together may take; 0: no limit.
  func clientMemoryLimit(maximumMemory: Int) -> Int {
    clientMemory >= 0 ? clientMemory : maximumMemory / 100 * -clientMemory
  }
}

extension ServerInstance {
  /// Directives that take effect as soon as they are set, by reading all of them again.
  private static let live = [
    "hz", "maxclients", "tcp-keepalive", "timeout", "protected-mode", "compat-version", "acl-pubsub-default",
    "acllog-max-len",
    "client-output-buffer-limit", "maxmemory-clients", "maxmemory", "maxmemory-policy", "maxmemory-samples",
    "lfu-log-factor", "lfu-decay-time", "lazyfree-lazy-eviction", "lazyfree-lazy-expire", "lazyfree-lazy-server-del",
    "lazyfree-lazy-user-del", "lazyfree-lazy-user-flush", "proto-max-bulk-len", "client-query-buffer-limit",
    "hash-max-listpack-entries", "hash-max-listpack-value", "list-max-listpack-size", "list-compress-depth",
    "set-max-intset-entries", "set-max-listpack-entries", "set-max-listpack-value", "slowlog-log-slower-than",
    "zset-max-listpack-entries", "zset-max-listpack-value", "slowlog-max-len", "stream-node-max-bytes",
    "stream-node-max-entries", "array-slice-size", "array-sparse-kmax", "array-sparse-kmin",
    "latency-monitor-threshold", "latency-tracking", "notify-keyspace-events", "loglevel",
    "change-feed-size", "change-feed-stream", "tracking-table-max-keys", "tracking-table-max-items",
    "tracking-table-max-bytes", "hll-sparse-max-bytes", "save", "stop-writes-on-bgsave-error",
    "repl-backlog-size", "appendfsync", "no-appendfsync-on-rewrite", "aof-timestamp-enabled", "busy-reply-threshold",
  ]

  func observeConfiguration() {
    configuration.onChange(Self.live) { [unowned self] () throws(ConfigurationError) in self.applyConfiguration() }
    configuration.onChange(["requirepass"]) { [unowned self] () throws(ConfigurationError) in
      self.applyRequiredPassword()
    }
    configuration.onChange(["maxclients"]) { [unowned self] () throws(ConfigurationError) in
      let wanted = UInt64(self.settings.maximumClients + Self.reservedDescriptors)
      guard Self.raiseDescriptorLimit(to: wanted) >= wanted else {
        throw ConfigurationError(
          "The operating system is not able to handle the specified number of clients, try with \(Int(Self.raiseDescriptorLimit(to: wanted)) - Self.reservedDescriptors)"
        )
      }
    }
    configuration.onChange(["activedefrag"]) { [unowned self] () throws(ConfigurationError) in
      // Entries lie where they were allocated: there is no moving them for the allocator's sake.
      guard self.configuration.boolean("activedefrag") else { return }
      throw ConfigurationError(
        "Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution"
      )
    }
    configuration.onChange(["maxmemory-clients"]) { [unowned self] () throws(ConfigurationError) in
      self.evictClients()
    }
    configuration.onChange(["maxmemory"]) { [unowned self] () throws(ConfigurationError) in self.lowerMemory() }
    configuration.onChange(["port", "tcp-backlog"]) { [unowned self] () throws(ConfigurationError) in
      try self.listenAgain(failure: "Unable to listen on this port. Check server logs.")
    }
    configuration.onChange(["bind"]) { [unowned self] () throws(ConfigurationError) in
      try self.listenAgain(failure: "Failed to bind to specified addresses.")
    }
    configuration.onChange(["proc-title-template", "port", "bind", "unixsocket"]) {
      [unowned self] () throws(ConfigurationError) in self.updateProcessTitle()
    }
    configuration.onChange(["locale-collate"]) { [unowned self] () throws(ConfigurationError) in
      guard self.applyCollation() else {
        throw ConfigurationError("Invalid locale name")
      }
    }
    configuration.onChange(["crash-log-enabled"]) { [unowned self] () throws(ConfigurationError) in
      martlet_crash_reports(self.configuration.boolean("crash-log-enabled"))
    }
    configuration.onChange(["appendonly"]) { [unowned self] () throws(ConfigurationError) in
      try self.appendOnlyChanged()
    }
    configuration.onChange(["min-replicas-to-write", "min-replicas-max-lag"]) {
      [unowned self] () throws(ConfigurationError) in self.noteGoodReplicas()
    }
    configuration.onChange(["replica-read-only"]) { [unowned self] () throws(ConfigurationError) in
      self.updateOwnDeadlines()
    }
    configuration.onChange(["array-sparse-kmax"]) { [unowned self] () throws(ConfigurationError) in
      let largest = self.configuration.integer("array-sparse-kmax")
      guard largest > 0 && largest <= self.configuration.integer("array-sparse-kmin") else { return }
      throw ConfigurationError("array-sparse-kmax must be greater than array-sparse-kmin when non-zero")
    }
    configuration.onChange(["array-sparse-kmin"]) { [unowned self] () throws(ConfigurationError) in
      let largest = self.configuration.integer("array-sparse-kmax")
      guard largest > 0 && largest <= self.configuration.integer("array-sparse-kmin") else { return }
      throw ConfigurationError("array-sparse-kmin must be less than array-sparse-kmax")
    }
    configuration.onChange(["dir"]) { [unowned self] () throws(ConfigurationError) in
      try self.changeDirectory(self.configuration.string("dir"))
    }
  }

  /// After `maxmemory` changed: evicts what is over it.
  private func lowerMemory() {
    let limit = keyspace.pointee.eviction.maximumMemory
    let used = executor.memoryUsedForLimit()
    guard limit > 0 && used > limit else { return }
    log.warning(
      "WARNING: the new maxmemory value set via CONFIG SET (\(limit)) is smaller than the current memory usage (\(used)). This will result in key eviction and/or the inability to accept new write commands depending on the maxmemory-policy."
    )
    // Not now: CONFIG SET itself takes some memory for a moment.
    evictsAfterTurn = true
  }

  /// Chooses the order of SORT's texts. False, and nothing is changed, if there is no such locale.
  func applyCollation() -> Bool { martlet_set_collation(configuration.string("locale-collate")) }

  private func logScript(_ level: Int, _ text: String) {
    switch level {
    case 0: log.debug(text)
    case 1: log.verbose(text)
    case 2: log.notice(text)
    default: log.warning(text)
    }
  }

  /// Hands every part of the server its settings.
  func applyConfiguration() {
    settings = Settings(configuration)
    let keyspace = self.keyspace
    executor.scripting.busyThreshold = configuration.integer("busy-reply-threshold")
    executor.scripting.version = settings.compatibleVersion
    executor.scripting.logger = { [unowned self] level, text in self.logScript(level, text) }
    keyspace.pointee.eviction.maximumMemory = configuration.integer("maxmemory")
    let policy = EvictionPolicy(rawValue: configuration.string("maxmemory-policy")) ?? .noEviction
    if policy != keyspace.pointee.eviction.policy {
      keyspace.pointee.eviction.policy = policy
      keyspace.pointee.eviction.forgetCandidates()
    }
    keyspace.pointee.eviction.samples = configuration.integer("maxmemory-samples")
    keyspace.pointee.accessClock.kind = policy.usesFrequency ? .frequency : .recency
    keyspace.pointee.accessClock.logFactor = configuration.integer("lfu-log-factor")
    keyspace.pointee.accessClock.decayMinutes = configuration.integer("lfu-decay-time")
    keyspace.pointee.lazyEviction = configuration.boolean("lazyfree-lazy-eviction")
    keyspace.pointee.lazyExpire = configuration.boolean("lazyfree-lazy-expire")
    keyspace.pointee.lazyServerDelete = configuration.boolean("lazyfree-lazy-server-del")
    keyspace.pointee.lazyUserDelete = configuration.boolean("lazyfree-lazy-user-del")
    keyspace.pointee.lazyUserFlush = configuration.boolean("lazyfree-lazy-user-flush")
    keyspace.pointee.maximumStringCount = configuration.integer("proto-max-bulk-len")
    keyspace.pointee.hashLimits.maximumEntries = configuration.integer("hash-max-listpack-entries")
    keyspace.pointee.hashLimits.maximumValueCount = configuration.integer("hash-max-listpack-value")
    keyspace.pointee.listLimits.configure(
      listpackSize: configuration.integer("list-max-listpack-size"),
      compressDepth: configuration.integer("list-compress-depth"))
    keyspace.pointee.setLimits.maximumIntsetEntries = configuration.integer("set-max-intset-entries")
    keyspace.pointee.setLimits.maximumListpackEntries = configuration.integer("set-max-listpack-entries")
    keyspace.pointee.setLimits.maximumListpackValueCount = configuration.integer("set-max-listpack-value")
    keyspace.pointee.sortedSetLimits.maximumEntries = configuration.integer("zset-max-listpack-entries")
    keyspace.pointee.sortedSetLimits.maximumValueCount = configuration.integer("zset-max-listpack-value")
    keyspace.pointee.streamLimits.nodeBytes = configuration.integer("stream-node-max-bytes")
    keyspace.pointee.streamLimits.nodeEntries = configuration.integer("stream-node-max-entries")
    keyspace.pointee.arrayLimits.sliceSize = configuration.integer("array-slice-size")
    keyspace.pointee.arrayLimits.maximumSparse = configuration.integer("array-sparse-kmax")
    keyspace.pointee.arrayLimits.minimumDense = configuration.integer("array-sparse-kmin")
    keyspace.pointee.hyperLogLogSparseLimit = configuration.integer("hll-sparse-max-bytes")
    executor.users.newUsersListenToAll = configuration.string("acl-pubsub-default") == "allchannels"
    executor.users.log.maximumLength = configuration.integer("acllog-max-len")
    applyChangeFeed()
    applyNotifications(EventClass(letters: configuration.string("notify-keyspace-events")))

    executor.tracking.pointee.limits.keys = configuration.integer("tracking-table-max-keys")
    executor.tracking.pointee.limits.items = configuration.integer("tracking-table-max-items")
    executor.tracking.pointee.limits.bytes = configuration.integer("tracking-table-max-bytes")

    loop.maximumBulk = configuration.integer("proto-max-bulk-len")
    func orNone(_ limit: Int) -> Int { limit == 0 ? .max : min(limit, 1 << 60) }
    loop.outputLimit = orNone(settings.outputLimits.normal.hard)
    loop.subscriberOutputLimit = orNone(settings.outputLimits.pubsub.hard)
    loop.maximumInput = configuration.integer("client-query-buffer-limit")

    let slower = configuration.integer("slowlog-log-slower-than")
    let watched = configuration.integer("latency-monitor-threshold")
    executor.hot.pointee.slowTicks = min(
      slower < 0 ? .max : executor.ticks(microseconds: slower),
      watched == 0 ? .max : executor.ticks(microseconds: watched > Int.max / 1000 ? .max : watched * 1000))
    executor.slowlog.threshold = slower
    executor.slowlog.maximumLength = configuration.integer("slowlog-max-len")
    executor.slowlog.trim()
    executor.latencyMonitor.threshold = watched
    executor.hot.pointee.tracksLatency = configuration.boolean("latency-tracking")
    if keyspace.pointee.eviction.maximumMemory > 0 {
      executor.hot.pointee.attention.insert(.memoryLimit)
    } else {
      executor.hot.pointee.attention.remove(.memoryLimit)
    }
    applyLogSettings()
    updateRestrictions()
    if settings.limitsClientMemory {
      executor.hot.pointee.attention.insert(.clientMemory)
    } else {
      executor.hot.pointee.attention.remove(.clientMemory)
    }
    log.level = Log.Level(configured: configuration.string("loglevel"))
  }

  private func applyNotifications(_ classes: EventClass) {
    keyspace.pointee.notifiedClasses = classes
    if classes.isDisjoint(with: [.keyspace, .keyevent]) {
      keyspace.pointee.interest.remove(.notifications)
    } else {
      keyspace.pointee.interest.insert(.notifications)
    }
  }
}

extension EventClass {
  /// The classes that `notify-keyspace-events` names by letters.
  init(letters: String) {
    self.init(rawValue: 0)
    for letter in letters {
      switch letter {
      case "A": formUnion(.all)
      case "K": insert(.keyspace)
      case "E": insert(.keyevent)
      case "g": insert(.generic)
      case "$": insert(.string)
      case "l": insert(.list)
      case "s": insert(.set)
      case "h": insert(.hash)
      case "z": insert(.sortedSet)
      case "x": insert(.expired)
      case "e": insert(.evicted)
      case "t": insert(.stream)
      case "m": insert(.keyMiss)
      case "d": insert(.module)
      case "n": insert(.new)
      case "a": insert(.array)
      default: break
      }
    }
  }
}
