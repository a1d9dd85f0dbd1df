extension Directive {
  /// Snapshots and the append-only file.
  static let persistence: [Directive] = [
    Directive("dir", .directory, "", flags: [.protected, .deniedWhileLoading]),
    // Snapshots
    Directive("save", .savePoints, "3600 1 300 100 60 10000", flags: .mayRepeat),
    Directive("dbfilename", .text, "dump.rdb", flags: .protected, refine: fileName("dbfilename", mayBeEmpty: true)),
    Directive("rdbcompression", .boolean, "yes"),
    Directive("rdbchecksum", .boolean, "yes", flags: .immutable),
    Directive("rdb-save-incremental-fsync", .boolean, "yes", effect: .accepted),
    Directive("rdb-del-sync-files", .boolean, "no", effect: .accepted),
    Directive("rdb-key-save-delay", .integer(.anyInt32), "0", flags: .hidden),
    Directive("key-load-delay", .integer(.anyInt32), "0", flags: .hidden),
    Directive(
      "loading-process-events-interval-bytes", .integer(1024...Int(Int32.max)), "2097152", flags: .hidden,
      effect: .accepted),
    Directive("stop-writes-on-bgsave-error", .boolean, "yes"),
    // Append-only file
    Directive("appendonly", .boolean, "no", flags: .deniedWhileLoading),
    Directive("appendfilename", .text, "appendonly.aof", flags: .immutable, refine: fileName("appendfilename")),
    Directive(
      "appenddirname", .text, "appendonlydir", flags: .immutable, refine: fileName("appenddirname", noun: "dirname")),
    Directive("appendfsync", .choice(["everysec", "always", "no"]), "everysec"),
    Directive("no-appendfsync-on-rewrite", .boolean, "no"),
    Directive("auto-aof-rewrite-percentage", .integer(.naturalInt32), "100"),
    Directive("auto-aof-rewrite-min-size", .memory(.natural), "67108864"),
    Directive("aof-load-truncated", .boolean, "yes"),
    Directive("aof-use-rdb-preamble", .boolean, "yes"),
    Directive("aof-timestamp-enabled", .boolean, "no"),
    Directive("aof-rewrite-incremental-fsync", .boolean, "yes", effect: .accepted),
    Directive("aof-disable-auto-gc", .boolean, "no", flags: .hidden, effect: .accepted),
  ]

  /// Refuses what would leave the directory of `dir`.
  private static func fileName(
    _ directive: String, noun: String = "filename", mayBeEmpty: Bool = false
  ) -> @Sendable (String) throws(ConfigurationError) -> String {
    { (value: String) throws(ConfigurationError) -> String in
      if value.isEmpty, !mayBeEmpty { throw ConfigurationError("\(directive) can't be empty") }
      if value.utf8.contains(UInt8(ascii: "/")) || value.utf8.contains(UInt8(ascii: "\\")) {
        throw ConfigurationError("\(directive) can't be a path, just a \(noun)")
      }
      return value
    }
  }
}
