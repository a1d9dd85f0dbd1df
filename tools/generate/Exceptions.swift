// Where a name or type that serves a manual does not serve Swift.

enum Exceptions {
  /// Commands after which a connection does not answer one reply to one command, or which are for the server's own use.
  static let absent: Set<String> = [
    "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "HELLO", "QUIT",
    "RESET", "CLIENT REPLY", "DEBUG", "RESTORE-ASKING", "PFDEBUG", "PFSELFTEST", "XIDMPRECORD", "CLIENT KILL",
    "SYNC", "PSYNC", "REPLCONF", "SCRIPT DEBUG",
  ]

  /// Commands that change the state of their connection.
  static let needOwnConnection: Set<String> = [
    "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "SELECT", "AUTH", "CLIENT TRACKING", "CLIENT CACHING",
    "CLIENT NO-EVICT", "CLIENT NO-TOUCH", "CLIENT SETNAME", "CLIENT CAPA",
  ]

  /// Commands that hold up their connection although they are not declared to block.
  static let hold: Set<String> = ["WAIT", "WAITAOF"]

  private static let names: [String: String] = [
    "where": "side", "LINSERT where": "position", "ZMPOP where": "end", "BZMPOP where": "end", "INCREX float": "by",
    "XADD maxlen": "trim", "XADD maxlen maxlen": "strategy", "XTRIM maxlen": "strategy", "XADD pid": "producer",
    "equal": "exactness", "ARGREP and": "combining",
    "GEOSEARCH member": "from", "GEOSEARCHSTORE member": "from", "GEOSEARCH byradius": "by",
    "GEOSEARCHSTORE byradius": "by", "BITOP and": "operation", "XNACK silent": "mode", "HSETEX fnx": "condition",
    "auto-id": "id", "XREAD milliseconds": "block", "XREADGROUP milliseconds": "block", "BITFIELD get": "operations",
    "BITFIELD_RO get": "operations", "CLIENT PAUSE write": "mode", "CLIENT UNBLOCK timeout": "reason",
    "SHUTDOWN nosave": "saving", "CLIENT SETINFO libname": "attribute", "GEORADIUS storekey": "store",
    "GEORADIUSBYMEMBER storekey": "store", "min-idle-time": "minIdleMilliseconds", "XADD condition": "references",
    "XTRIM condition": "references", "XDELEX condition": "references", "XACKDEL condition": "references",
    "XCLAIM ms": "idle", "by-pattern": "by", "get-pattern": "get", "num-matches": "count", "len": "maxLength",
    "BITFIELD overflow": "write", "BITFIELD overflow overflow": "overflow", "BITFIELD overflow set": "operation",
    "REPLICAOF host host": "host", "SLAVEOF host host": "host", "REPLICAOF host": "primary", "SLAVEOF host": "primary",
    "REPLICAOF no": "nobody", "SLAVEOF no": "nobody",
    "CLIENT LIST type": "kind", "XREADGROUP min-idle-time": "claimMinIdleMilliseconds",
  ]

  static func name(_ argument: String, within block: String, of command: String) -> String {
    names["\(command) \(block) \(argument)"] ?? names["\(command) \(argument)"] ?? names[argument] ?? argument
  }

  /// Numbers whose unit must be seen where they are used, and others that nobody can guess.
  static let labelled: Set<String> = [
    "seconds", "milliseconds", "unix-time-seconds", "unix-time-milliseconds", "timeout", "min-idle-time", "numreplicas",
    "numlocal", "ttl", "longitude", "latitude", "radius", "count", "username", "threshold", "num-matches",
  ]

  /// What takes more than numbers, such as `(1` and `-inf`.
  static let open: Set<String> = ["min", "max", "start", "stop", "end", "cursor", "threshold"]
  static let integers: Set<String> = ["min-idle-time", "idmp-duration", "idmp-maxsize"]
  static let doubles: Set<String> = ["weight"]

  static let defaults: [String: String] = ["XADD auto-id": ".autoID"]
}
