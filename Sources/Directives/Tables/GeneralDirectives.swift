extension Directive {
  /// The process, its log and what it reports.
  static let general: [Directive] = [
    Directive("daemonize", .boolean, "no", flags: .immutable),
    Directive("supervised", .choice(["upstart", "systemd", "auto", "no"]), "no", flags: .immutable, effect: .accepted),
    Directive("pidfile", .text, "", flags: [.immutable, .emptyIsUnset]),
    Directive("databases", .integer(.positiveInt32), "16", flags: .immutable),
    Directive("hz", .integer(.naturalInt32), "10", refine: nearestFrequency),
    Directive("dynamic-hz", .boolean, "yes", effect: .accepted),
    Directive("compat-version", .text, "7.2.4", refine: version),
    Directive("extended-redis-compatibility", .boolean, "no", effect: .accepted),
    Directive("busy-reply-threshold", .integer(.natural), "5000", aliases: ["lua-time-limit"]),
    Directive("availability-zone", .text, "", effect: .accepted),
    Directive("locale-collate", .text, ""),
    // Log
    Directive("loglevel", .choice(["debug", "verbose", "notice", "warning", "nothing"]), "notice"),
    Directive("logfile", .text, "", flags: .immutable),
    Directive("log-format", .choice(["legacy", "logfmt"]), "legacy", effect: .accepted),
    Directive(
      "log-timestamp-format", .choice(["legacy", "iso8601", "milliseconds"]), "legacy", effect: .accepted),
    Directive("hide-user-data-from-log", .boolean, "yes", effect: .accepted),
    Directive("syslog-enabled", .boolean, "no", flags: .immutable, effect: .accepted),
    Directive("syslog-ident", .text, "redis", flags: .immutable, effect: .accepted),
    Directive(
      "syslog-facility",
      .choice(["user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"]), "local0",
      flags: .immutable, effect: .accepted),
    Directive("crash-log-enabled", .boolean, "yes"),
    Directive("crash-memcheck-enabled", .boolean, "yes", effect: .accepted),
    Directive("use-exit-on-panic", .boolean, "no", flags: .hidden, effect: .accepted),
    Directive("always-show-logo", .boolean, "no", flags: .immutable, effect: .accepted),
    // Observing
    Directive("slowlog-log-slower-than", .integer(-1...Int.max), "10000"),
    Directive("slowlog-max-len", .integer(.natural), "128"),
    Directive("latency-monitor-threshold", .integer(.natural), "0"),
    Directive("latency-tracking", .boolean, "yes"),
    Directive("latency-tracking-info-percentiles", .percentiles, "50 99 99.9"),
    Directive("notify-keyspace-events", .keyspaceEvents, ""),
    Directive("change-feed-size", .memory(.natural), "0"),
    Directive("change-feed-stream", .eventStreams, ""),
    Directive("watchdog-period", .integer(.naturalInt32), "0", flags: .hidden, effect: .accepted),
    // Process
    Directive("set-proc-title", .boolean, "yes", flags: .immutable),
    Directive("proc-title-template", .text, "{title} {listen-addr} {server-mode}", refine: processTitleTemplate),
    Directive("server_cpulist", .text, "", aliases: ["server-cpulist"], flags: cpuList, effect: .accepted),
    Directive("bio_cpulist", .text, "", aliases: ["bio-cpulist"], flags: cpuList, effect: .accepted),
    Directive("aof_rewrite_cpulist", .text, "", aliases: ["aof-rewrite-cpulist"], flags: cpuList, effect: .accepted),
    Directive("bgsave_cpulist", .text, "", aliases: ["bgsave-cpulist"], flags: cpuList, effect: .accepted),
    Directive("ignore-warnings", .text, "", effect: .accepted),
    Directive("shutdown-timeout", .integer(.naturalInt32), "10"),
    Directive("shutdown-on-sigint", .choices(shutdownFlags), "default", refine: shutdownCombination),
    Directive("shutdown-on-sigterm", .choices(shutdownFlags), "default", refine: shutdownCombination),
  ]

  private static let cpuList: Flags = [.immutable, .emptyIsUnset, .hiddenAliases]
  private static let shutdownFlags = ["default", "save", "nosave", "now", "force"]

  /// A frequency out of range is a wish, not a mistake: the nearest possible one is taken.
  @Sendable
  private static func nearestFrequency(_ value: String) throws(ConfigurationError) -> String {
    String(min(max(Int(value) ?? 1, 1), 500))
  }

  @Sendable
  private static func version(_ value: String) throws(ConfigurationError) -> String {
    let numbers = value.split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers.allSatisfy({ UInt8($0) != nil }) else {
      throw ConfigurationError("argument must be a version such as 7.2.4")
    }
    return value
  }

  @Sendable
  private static func shutdownCombination(_ value: String) throws(ConfigurationError) -> String {
    let words = value.split(separator: " ")
    if words.contains("save"), words.contains("nosave") {
      throw ConfigurationError("shutdown options SAVE and NOSAVE can't be used simultaneously")
    }
    return value
  }

  @Sendable
  private static func processTitleTemplate(_ value: String) throws(ConfigurationError) -> String {
    let known = ["title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket", "config-file"]
    if TitleTemplate.expand(value, { known.contains(String($0)) ? "" : nil }) != nil { return value }
    throw ConfigurationError("template format is invalid or contains unknown variables")
  }
}
