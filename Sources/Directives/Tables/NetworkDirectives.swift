extension Directive {
  /// Sockets, clients and threads that serve them.
  static let network: [Directive] = [
    Directive("bind", .addresses, "* -::*"),
    Directive("bind-source-addr", .text, "", flags: .emptyIsUnset, effect: .accepted),
    Directive("port", .integer(.port), "6379"),
    Directive("protected-mode", .boolean, "yes"),
    Directive("tcp-backlog", .integer(.naturalInt32), "511", flags: .immutable),
    Directive("tcp-keepalive", .integer(.naturalInt32), "300"),
    Directive("timeout", .integer(.naturalInt32), "0"),
    Directive("unixsocket", .text, "", flags: [.immutable, .emptyIsUnset]),
    Directive("unixsocketgroup", .text, "", flags: [.immutable, .emptyIsUnset, .hidden], effect: .accepted),
    Directive("unixsocketperm", .octal(0...0o777), "0", flags: .immutable),
    Directive("socket-mark-id", .integer(0...Int(UInt32.max)), "0", flags: .immutable, effect: .accepted),
    Directive("maxclients", .integer(1...Int(UInt32.max)), "10000"),
    Directive("maxmemory-clients", .memoryOrPercent(-100...Int.max), "0", effect: .accepted),
    Directive(
      "client-output-buffer-limit", .outputBufferLimits,
      "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60", flags: .mayRepeat),
    Directive("client-query-buffer-limit", .memory(1_048_576...Int.max), "1073741824"),
    Directive("proto-max-bulk-len", .memory(1_048_576...Int.max), "536870912"),
    Directive("tracking-table-max-keys", .integer(.natural), "1000000"),
    Directive("tracking-table-max-items", .integer(.natural), "10000000"),
    Directive("tracking-table-max-bytes", .memory(.natural), "268435456"),
    Directive("io-threads", .integer(1...128), "1", flags: .immutable, effect: .accepted),
    Directive("io-threads-do-reads", .boolean, "no", flags: .immutable, effect: .accepted),
    Directive("events-per-io-thread", .integer(.naturalInt32), "2", effect: .accepted),
    Directive("prefetch-batch-max-size", .integer(0...128), "16", effect: .accepted),
    Directive("max-new-connections-per-cycle", .integer(1...1000), "10", effect: .accepted),
    Directive("max-new-tls-connections-per-cycle", .integer(1...1000), "1", effect: .accepted),
  ]
}
