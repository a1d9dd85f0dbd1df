extension Directive {
  /// Primaries and replicas.
  static let replication: [Directive] = [
    Directive("replicaof", .primary, "", aliases: ["slaveof"], flags: .immutable),
    Directive(
      "masterauth", .text, "", aliases: ["primaryauth"], flags: [.secret, .emptyIsUnset]),
    Directive(
      "masteruser", .text, "", aliases: ["primaryuser"], flags: [.secret, .emptyIsUnset]),
    Directive("replica-read-only", .boolean, "yes", aliases: ["slave-read-only"]),
    Directive("replica-serve-stale-data", .boolean, "yes", aliases: ["slave-serve-stale-data"]),
    Directive("replica-lazy-flush", .boolean, "no", aliases: ["slave-lazy-flush"]),
    Directive("replica-ignore-maxmemory", .boolean, "yes", aliases: ["slave-ignore-maxmemory"]),
    Directive("replica-ignore-disk-write-errors", .boolean, "no", effect: .accepted),
    Directive("replica-priority", .integer(.naturalInt32), "100", aliases: ["slave-priority"]),
    Directive("replica-announced", .boolean, "yes"),
    Directive("replica-announce-ip", .text, "", aliases: ["slave-announce-ip"], flags: .emptyIsUnset),
    Directive("replica-announce-port", .integer(.port), "0", aliases: ["slave-announce-port"]),
    Directive("repl-timeout", .integer(.positiveInt32), "60"),
    Directive("repl-ping-replica-period", .integer(.positiveInt32), "10", aliases: ["repl-ping-slave-period"]),
    Directive("repl-backlog-size", .memory(.positive), "1048576"),
    Directive("repl-backlog-ttl", .integer(.natural), "3600"),
    Directive("repl-disable-tcp-nodelay", .boolean, "no"),
    Directive("repl-diskless-sync", .boolean, "yes"),
    Directive("repl-diskless-sync-delay", .integer(.naturalInt32), "5"),
    Directive("repl-diskless-sync-max-replicas", .integer(.naturalInt32), "0"),
    Directive(
      "repl-diskless-load", .choice(["disabled", "on-empty-db", "swapdb"]), "disabled", flags: .deniedWhileLoading),
    Directive("dual-channel-replication-enabled", .boolean, "no", effect: .accepted),
    Directive("min-replicas-to-write", .integer(.naturalInt32), "0", aliases: ["min-slaves-to-write"]),
    Directive("min-replicas-max-lag", .integer(.naturalInt32), "10", aliases: ["min-slaves-max-lag"]),
    Directive("propagation-error-behavior", .choice(["ignore", "panic", "panic-on-replicas"]), "ignore"),
  ]
}
