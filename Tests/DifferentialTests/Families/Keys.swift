extension CommandFamily {
  static let generic = CommandFamily(
    "generic",
    [
      "DEL { <key> }", "UNLINK { <key> }", "EXISTS { <key> }", "TYPE <key>", "TOUCH { <key> }", "RENAME <key> <key>",
      "RENAMENX <key> <key>", "COPY <key> <key> [ DB <database> ] [ REPLACE ]", "COPY <key> <key> DB <edge>",
      "MOVE <key> <database>", "MOVE <key> <edge>", "~ KEYS <pattern>", "SELECT <database>", "SELECT <edge>", "DBSIZE",
      "! ~ SCAN 0 COUNT 10000 [ MATCH <pattern> ] [ TYPE <type> ]", "! SCAN foo", "! SCAN 0 COUNT ( 0 | -1 | x )",
      "? RANDOMKEY",
      "# OBJECT ENCODING <key>", "OBJECT REFCOUNT <string>", "OBJECT FREQ <key>", "OBJECT <edge> <key>",
      "SWAPDB <database> <database>", "FLUSHDB [ ( ASYNC | SYNC ) ]", "SET <key> <value>", "HSET <key> <field> <value>",
      "! @1000 OBJECT IDLETIME <key>", "! WAIT 0 1", "NOSUCHCOMMAND { <word> }",
    ])

  static let expiration = CommandFamily(
    "expiration",
    [
      "EXPIRE <key> <future> [ ( NX | XX | GT | LT ) ]", "PEXPIRE <key> <future-ms> [ ( NX | XX | GT | LT ) ]",
      "EXPIREAT <key> <far-time> [ ( NX | XX | GT | LT ) ]", "PEXPIREAT <key> <far-time-ms> [ ( NX | XX | GT | LT ) ]",
      "EXPIRE <key> <edge>", "PEXPIREAT <key> <past-time>", "EXPIRE <key> <edge> <edge>", "@1 TTL <key>",
      "@3000 PTTL <key>", "@1 EXPIRETIME <key>", "@3000 PEXPIRETIME <key>", "PERSIST <key>", "SET <string> <value>",
      "HSET <hash> <field> <value>", "SET <string> <value> KEEPTTL", "RENAME <key> <key>",
      "EXPIRE <key> 100 [ NX ] [ GT ] [ LT ] [ XX ]", "GETSET <string> <value>", "APPEND <string> <value>",
    ])

  static let transactions = CommandFamily(
    "transactions",
    [
      "MULTI", "MULTI", "EXEC", "EXEC", "DISCARD", "WATCH { <key> }", "UNWATCH", "SET <string> <value>",
      "INCR <number>",
      "GET <string>", "HSET <hash> <field> <value>", "DEL <key>", "SET <string> <value> <edge>", "NOSUCHCOMMAND", "GET",
      "SELECT <database>", "FLUSHDB", "EXPIRE <key> <past-time>", "PING",
    ])

  static let connection = CommandFamily(
    "connection",
    [
      "PING [ <word> ]", "ECHO <word>", "SELECT <database>", "CLIENT GETNAME", "CLIENT SETNAME <field>",
      "CLIENT SETNAME <word>", "AUTH <word>", "AUTH <word> <word>", "! HELLO ( 1 | 4 | x )", "! ? HELLO [ 3 ]",
      "CLIENT REPLY ON",
      "CLIENT NO-EVICT ( ON | OFF | <edge> )", "CLIENT UNBLOCK 999999 [ ( TIMEOUT | ERROR ) ]", "CLIENT KILL ID 999999",
      "CLIENT <edge>", "RESET", "CLIENT KILL <edge> <edge>",
      "OBJECT HELP", "CLIENT GETREDIR", "! CONFIG SET <word> <word>", "~~ CONFIG GET ( maxmemory | save | nosuch )",
      "PUBLISH <word> <value>",
      "SPUBLISH <word> <value>", "~ PUBSUB CHANNELS", "PUBSUB NUMPAT",
      "PUBSUB NUMSUB { <word> }", "! UNSUBSCRIBE a", "! PUNSUBSCRIBE a*", "! SUNSUBSCRIBE a",
    ])
}
