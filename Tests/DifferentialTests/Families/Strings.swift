extension CommandFamily {
  static let strings = CommandFamily(
    "strings",
    [
      "SET <string> <value>", "SET <string> <value>",
      "SET <string> <value> [ ( NX | XX ) ] [ GET ] [ ( EX <future> | PX <future-ms> | EXAT <far-time> | PXAT <far-time-ms> | KEEPTTL ) ]",
      "SET <string> <value> <edge> <edge>",
      "SETNX <string> <value>", "SETEX <string> <future> <value>", "PSETEX <string> <future-ms> <value>",
      "SETEX <string> <edge> <value>", "PSETEX <string> <edge> <value>",
      "GET <string>", "GET <string>", "GET <number>", "GETDEL <string>", "GETSET <string> <value>",
      "GETEX <string> [ ( EX <future> | PX <future-ms> | EXAT <far-time> | PXAT <far-time-ms> | PERSIST ) ]",
      "GETEX <string> <edge> <edge>",
      "MGET { <string> }", "MGET { <key> }", "MSET { <string> <value> }", "MSETNX { <string> <value> }",
      "APPEND <string> <value>", "STRLEN <string>", "STRLEN <number>", "GETRANGE <string> <offset> <offset>",
      "SUBSTR <string> <offset> <offset>", "SETRANGE <string> <small> <value>", "SETRANGE <string> <edge> <value>",
      "SETRANGE <string> <offset> <value>",
      "LCS <string> <string> [ LEN ] [ IDX ] [ MINMATCHLEN <small> ] [ WITHMATCHLEN ]",
    ])

  static let counters = CommandFamily(
    "counters",
    [
      "INCR <number>", "DECR <number>", "INCRBY <number> <int>", "DECRBY <number> <int>", "SET <number> <int>",
      "INCRBYFLOAT <number> <float>", "INCRBYFLOAT <number> <float>", "GET <number>", "SET <number> <float>",
      "INCR <string>", "APPEND <number> <small>", "# OBJECT ENCODING <number>", "STRLEN <number>",
      "DECRBY <number> <edge>",
      "INCRBY <number> <edge>",
    ])
}
