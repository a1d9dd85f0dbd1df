extension Directive {
  /// Eviction, expiry, freeing in the background and defragmentation.
  static let memory: [Directive] = [
    Directive("maxmemory", .memory(.natural), "0"),
    Directive(
      "maxmemory-policy",
      .choice([
        "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru", "allkeys-lfu",
        "allkeys-random", "noeviction", "volatile-lrm", "allkeys-lrm",
      ]), "noeviction"),
    Directive("maxmemory-samples", .integer(.positiveInt32), "5"),
    Directive("maxmemory-eviction-tenacity", .integer(0...100), "10"),
    Directive("lfu-log-factor", .integer(.naturalInt32), "10"),
    Directive("lfu-decay-time", .integer(.naturalInt32), "1"),
    Directive("active-expire-effort", .integer(1...10), "1"),
    Directive("activerehashing", .boolean, "yes", effect: .accepted),
    Directive("lazyfree-lazy-eviction", .boolean, "no"),
    Directive("lazyfree-lazy-expire", .boolean, "no"),
    Directive("lazyfree-lazy-server-del", .boolean, "no"),
    Directive("lazyfree-lazy-user-del", .boolean, "no"),
    Directive("lazyfree-lazy-user-flush", .boolean, "no"),
    Directive("activedefrag", .boolean, "no", effect: .accepted),
    Directive("active-defrag-ignore-bytes", .memory(.positive), "104857600", effect: .accepted),
    Directive("active-defrag-threshold-lower", .integer(0...1000), "10", effect: .accepted),
    Directive("active-defrag-threshold-upper", .integer(0...1000), "100", effect: .accepted),
    Directive("active-defrag-cycle-min", .integer(1...99), "1", effect: .accepted),
    Directive("active-defrag-cycle-max", .integer(1...99), "25", effect: .accepted),
    Directive("active-defrag-max-scan-fields", .integer(.positive), "1000", effect: .accepted),
    Directive("jemalloc-bg-thread", .boolean, "yes", effect: .accepted),
    Directive("disable-thp", .boolean, "yes", flags: .immutable),
    Directive("huge-page-threshold", .memory(.natural), "0", flags: .immutable),
    Directive(
      "oom-score-adj", .choice(["no", "yes", "relative", "absolute"]), "no", effect: .accepted,
      refine: { value in value == "relative" ? "yes" : value }),
    Directive("oom-score-adj-values", .outOfMemoryScores, "0 200 800", effect: .accepted),
  ]
}
