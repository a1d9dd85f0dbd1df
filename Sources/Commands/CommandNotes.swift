import Memory

/// What COMMAND DOCS says of few commands only: that another has taken their place, or that nobody is meant to send them.
struct CommandNotes {
  var flag: StaticString
  /// The version from which on another is preferred, and how to say the same with that.
  var replacement: (since: StaticString, by: StaticString)?

  static func of(_ fullName: String) -> CommandNotes? { byName[fullName] }

  private static func replaced(_ since: StaticString, _ by: StaticString) -> CommandNotes {
    CommandNotes(flag: "deprecated", replacement: (since, by))
  }

  private static let internalOnly = CommandNotes(flag: "syscmd")

  private static let byName: [String: CommandNotes] = [
    "brpoplpush": replaced("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments"),
    "cluster|slaves": replaced("5.0.0", "`CLUSTER REPLICAS`"),
    "cluster|slots": replaced("7.0.0", "`CLUSTER SHARDS`"),
    "georadius": replaced("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument"),
    "georadius_ro": replaced("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument"),
    "georadiusbymember": replaced(
      "6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments"),
    "georadiusbymember_ro": replaced("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments"),
    "getset": replaced("6.2.0", "`SET` with the `!GET` argument"),
    "hmset": replaced("4.0.0", "`HSET` with multiple field-value pairs"),
    "quit": replaced("7.2.0", "just closing the connection"),
    "rpoplpush": replaced("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments"),
    "slaveof": replaced("5.0.0", "`REPLICAOF`"),
    "substr": replaced("2.0.0", "`GETRANGE`"),
    "zrangebylex": replaced("6.2.0", "`ZRANGE` with the `BYLEX` argument"),
    "zrangebyscore": replaced("6.2.0", "`ZRANGE` with the `BYSCORE` argument"),
    "zrevrange": replaced("6.2.0", "`ZRANGE` with the `REV` argument"),
    "zrevrangebylex": replaced("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments"),
    "zrevrangebyscore": replaced("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments"),
    "debug": internalOnly,
    "pfdebug": internalOnly,
    "pfselftest": internalOnly,
    "replconf": internalOnly,
    "restore-asking": internalOnly,
  ]
}
