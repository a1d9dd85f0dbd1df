// What the declarations do not tell: the types of replies, and which options change them.

/// One way to send a command. An option that makes the reply another type makes another Swift type of the command:
/// `LPOP("k")` answers one element, `LPOP.Many("k", count: 2)` several.
struct Variant {
  /// Of the nested type; empty for the command itself.
  let name: String
  /// Added to the method's name.
  let suffix: String
  let response: String
  /// Arguments that it does not have.
  let without: Set<String>
  /// Arguments that it always has.
  let with: Set<String>

  init(
    _ name: String = "", suffix: String = "", _ response: String, without: Set<String> = [], with: Set<String> = []
  ) {
    self.name = name
    self.suffix = suffix
    self.response = response
    self.without = without
    self.with = with
  }
}

enum Responses {
  static func variants(_ command: String) -> [Variant] {
    if let variants = shapes[command] { return variants }
    for (type, names) in types where names.contains(command) { return [Variant("", type)] }
    return [Variant("", "RESPValue")]
  }

  private static let scores: [Variant] = [
    Variant("", "[RESPString]", without: ["withscores"]),
    Variant("WithScores", suffix: "WithScores", "ScoredMembers", with: ["withscores"]),
  ]
  private static let places: [Variant] = [
    Variant("", "[RESPString]", without: ["withcoord", "withdist", "withhash", "storekey"]),
    Variant("WithDetails", suffix: "WithDetails", "[RESPValue]", without: ["storekey"]),
  ]
  private static let storedPlaces =
    places + [
      Variant("Store", suffix: "Store", "Int", without: ["withcoord", "withdist", "withhash"], with: ["storekey"])
    ]
  private static let pops: [Variant] = [
    Variant("", "RESPString?", without: ["count"]), Variant("Many", "[RESPString]?", with: ["count"]),
  ]
  private static let picks: [Variant] = [
    Variant("", "RESPString?", without: ["count"]), Variant("Many", "[RESPString]", with: ["count"]),
  ]
  private static let ranks: [Variant] = [
    Variant("", "Int?", without: ["withscore"]),
    Variant("WithScore", suffix: "WithScore", "MemberRank?", with: ["withscore"]),
  ]

  private static let shapes: [String: [Variant]] = [
    "SET": [Variant("", "Bool", without: ["get"]), Variant("Get", suffix: "Get", "RESPString?", with: ["get"])],
    "LPOP": pops, "RPOP": pops, "SPOP": picks, "SRANDMEMBER": picks,
    "LPOS": [Variant("", "Int?", without: ["num-matches"]), Variant("Many", "[Int]", with: ["num-matches"])],
    "HRANDFIELD": [
      Variant("", "RESPString?", without: ["count"]),
      Variant("Many", "[RESPString]", without: ["withvalues"], with: ["count"]),
      Variant("WithValues", suffix: "WithValues", "[RESPString: RESPString]", with: ["count", "withvalues"]),
    ],
    "ZRANDMEMBER": [
      Variant("", "RESPString?", without: ["count"]),
      Variant("Many", "[RESPString]", without: ["withscores"], with: ["count"]),
      Variant("WithScores", suffix: "WithScores", "ScoredMembers", with: ["count", "withscores"]),
    ],
    "ZADD": [Variant("", "Int", without: ["incr"]), Variant("Incr", suffix: "Incr", "Double?", with: ["incr"])],
    "ZRANGE": scores, "ZREVRANGE": scores, "ZRANGEBYSCORE": scores, "ZREVRANGEBYSCORE": scores, "ZUNION": scores,
    "ZINTER": scores, "ZDIFF": scores, "ZRANK": ranks, "ZREVRANK": ranks,
    "LCS": [
      Variant("", "RESPString", without: ["len", "idx", "min-match-len", "withmatchlen"]),
      Variant("Length", suffix: "Length", "Int", without: ["idx", "min-match-len", "withmatchlen"], with: ["len"]),
      Variant("Matches", suffix: "Matches", "[RESPString: RESPValue]", without: ["len"], with: ["idx"]),
    ],
    "GEOSEARCH": places, "GEORADIUS": storedPlaces, "GEORADIUSBYMEMBER": storedPlaces, "GEORADIUS_RO": places,
    "GEORADIUSBYMEMBER_RO": places,
    "SORT": [
      Variant("", "[RESPString?]", without: ["destination"]),
      Variant("Store", suffix: "Store", "Int", with: ["destination"]),
    ],
    "XCLAIM": [
      Variant("", "[StreamEntry]", without: ["justid"]),
      Variant("JustID", suffix: "JustID", "[RESPString]", with: ["justid"]),
    ],
    "XAUTOCLAIM": [
      Variant("", "ClaimedEntries", without: ["justid"]),
      Variant("JustID", suffix: "JustID", "RESPValue", with: ["justid"]),
    ],
    "XPENDING": [
      Variant("", "RESPValue", without: ["min-idle-time"]), Variant("Range", "[PendingEntry]", with: ["min-idle-time"]),
    ],
    "ARGREP": [
      Variant("", "[Int]", without: ["withvalues"]),
      Variant("WithValues", suffix: "WithValues", "[IndexedValue]", with: ["withvalues"]),
    ],
    "HSCAN": [
      Variant("", "ScanPage<RESPString>", without: ["novalues"]),
      Variant("Fields", suffix: "Fields", "ScanPage<RESPString>", with: ["novalues"]),
    ],
  ]

  private static let types: [(String, Set<String>)] = [
    (
      "OK",
      [
        "MSET", "HMSET", "LSET", "LTRIM", "RENAME", "FLUSHDB", "FLUSHALL", "SWAPDB", "PFMERGE", "SETEX", "PSETEX",
        "XGROUP CREATE", "XGROUP SETID", "XSETID", "CONFIG SET", "CONFIG REWRITE", "CONFIG RESETSTAT", "SELECT", "AUTH",
        "WATCH", "UNWATCH", "MULTI", "DISCARD", "CLIENT SETNAME", "CLIENT SETINFO", "CLIENT NO-EVICT",
        "CLIENT NO-TOUCH", "CLIENT PAUSE", "CLIENT UNPAUSE", "CLIENT CAPA", "CLIENT TRACKING", "CLIENT CACHING",
        "SLOWLOG RESET", "RESTORE", "SAVE", "BGSAVE", "BGREWRITEAOF", "SHUTDOWN", "MEMORY PURGE", "XCFGSET",
        "REPLICAOF", "SLAVEOF",
        "SCRIPT FLUSH", "SCRIPT KILL", "FUNCTION DELETE", "FUNCTION FLUSH", "FUNCTION KILL", "FUNCTION RESTORE",
      ]
    ),
    (
      "Bool",
      [
        "SETNX", "MSETNX", "HEXISTS", "SISMEMBER", "HSETNX", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "PERSIST",
        "MOVE", "COPY", "RENAMENX", "SMOVE", "PFADD", "DELIFEQ", "DELEX", "XGROUP CREATECONSUMER", "XGROUP DESTROY",
        "CLIENT UNBLOCK", "MSETEX", "ARSEEK",
      ]
    ),
    (
      "Int",
      [
        "INCR", "DECR", "INCRBY", "DECRBY", "APPEND", "STRLEN", "SETRANGE", "HLEN", "HSTRLEN", "HSET", "HDEL",
        "HINCRBY", "HSETEX", "LLEN", "LPUSH", "RPUSH", "LPUSHX", "RPUSHX", "LINSERT", "LREM", "SADD", "SREM", "SCARD",
        "SINTERSTORE", "SINTERCARD", "SUNIONSTORE", "SUNIONCARD", "SDIFFSTORE", "SDIFFCARD", "ZCARD", "ZCOUNT",
        "ZLEXCOUNT", "ZREM", "ZREMRANGEBYRANK", "ZREMRANGEBYSCORE", "ZREMRANGEBYLEX", "ZRANGESTORE", "ZUNIONSTORE",
        "ZINTERSTORE", "ZINTERCARD", "ZDIFFSTORE", "XLEN", "XTRIM", "XDEL", "XACK", "XGROUP DELCONSUMER", "SETBIT",
        "GETBIT", "BITCOUNT", "BITPOS", "BITOP", "PFCOUNT", "GEOADD", "GEOSEARCHSTORE", "DEL", "UNLINK", "EXISTS",
        "TOUCH", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "OBJECT REFCOUNT", "PUBLISH", "SPUBLISH", "PUBSUB NUMPAT",
        "ARSET", "ARMSET", "ARDEL", "ARDELRANGE", "ARLEN", "ARCOUNT", "ARINSERT", "ARRING",
        "DBSIZE", "COMMAND COUNT", "SLOWLOG LEN", "LATENCY RESET", "CLIENT GETREDIR", "CLIENT ID", "LASTSAVE", "WAIT",
      ]
    ),
    ("Int?", ["ARNEXT", "OBJECT FREQ", "OBJECT IDLETIME", "MEMORY USAGE"]),
    ("[Int]", ["WAITAOF", "XDELEX", "XACKDEL", "TIME", "BITFIELD_RO"]),
    ("[Int?]", ["BITFIELD"]),
    (
      "[Int]?",
      [
        "HEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT", "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME", "HPERSIST",
      ]
    ),
    ("[Bool]", ["SMISMEMBER", "SCRIPT EXISTS"]),
    ("Double", ["INCRBYFLOAT", "HINCRBYFLOAT", "ZINCRBY"]),
    ("Double?", ["ZSCORE", "GEODIST"]),
    ("[Double?]", ["ZMSCORE"]),
    (
      "RESPString?",
      [
        "ARGET", "GET", "GETSET", "GETEX", "GETDEL", "HGET", "LINDEX", "LMOVE", "RPOPLPUSH", "BLMOVE", "BRPOPLPUSH",
        "RANDOMKEY",
        "OBJECT ENCODING", "DUMP", "DIGEST", "CLIENT GETNAME", "XADD",
      ]
    ),
    (
      "RESPString",
      [
        "GETRANGE", "SUBSTR", "ECHO", "TYPE", "PING", "INFO", "LOLWUT", "CLIENT INFO", "CLIENT LIST", "MEMORY DOCTOR",
        "MEMORY MALLOC-STATS", "SCRIPT LOAD", "FUNCTION LOAD", "FUNCTION DUMP", "LATENCY DOCTOR", "LATENCY GRAPH",
      ]
    ),
    (
      "[RESPString]",
      [
        "HKEYS", "HVALS", "LRANGE", "KEYS", "ZRANGEBYLEX", "ZREVRANGEBYLEX", "COMMAND LIST", "COMMAND GETKEYS",
        "PUBSUB CHANNELS", "PUBSUB SHARDCHANNELS",
      ]
    ),
    (
      "[RESPString?]",
      ["ARMGET", "ARGETRANGE", "ARLASTITEMS", "MGET", "HMGET", "HGETEX", "HGETDEL", "SORT_RO", "GEOHASH"]
    ),
    ("Set<RESPString>", ["SMEMBERS", "SINTER", "SUNION", "SDIFF"]),
    ("[RESPString: RESPString]", ["HGETALL", "CONFIG GET"]),
    ("[RESPString: Int]", ["PUBSUB NUMSUB", "PUBSUB SHARDNUMSUB"]),
    (
      "[RESPString: RESPValue]",
      ["ARINFO", "XINFO STREAM", "MEMORY STATS", "COMMAND DOCS", "LATENCY HISTOGRAM", "CLIENT TRACKINGINFO"]
    ),
    ("[[RESPString: RESPValue]]", ["XINFO GROUPS", "XINFO CONSUMERS", "MODULE LIST"]),
    ("[GeoPosition?]", ["GEOPOS"]),
    ("ScanPage<RESPString>", ["SCAN", "SSCAN", "ZSCAN"]),
    ("ScoredMembers", ["ZPOPMIN", "ZPOPMAX"]),
    ("Popped<RESPString>?", ["BLPOP", "BRPOP"]),
    ("Popped<[RESPString]>?", ["LMPOP", "BLMPOP"]),
    ("Popped<ScoredMembers>?", ["ZMPOP", "BZMPOP"]),
    ("PoppedMember?", ["BZPOPMIN", "BZPOPMAX"]),
    ("[IndexedValue]", ["ARSCAN"]),
    ("[StreamEntry]", ["XRANGE", "XREVRANGE"]),
    ("[RESPString: [StreamEntry]]?", ["XREAD", "XREADGROUP"]),
    ("[RESPValue]?", ["EXEC"]),
    ("[RESPValue]", ["ROLE", "SLOWLOG GET", "LATENCY LATEST", "LATENCY HISTORY", "COMMAND INFO"]),
  ]
}
