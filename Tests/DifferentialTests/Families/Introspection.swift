extension CommandFamily {
  /// What a server says of itself, as far as it is the same for both.
  static let introspection = CommandFamily(
    "introspection",
    [
      "COMMAND GETKEYS GET <key>", "COMMAND GETKEYSANDFLAGS SET <key> <value> [ GET ]",
      "COMMAND GETKEYS MSET { <key> <value> }", "! COMMAND GETKEYS <word> <key>",
      "COMMAND GETKEYS ZUNIONSTORE <key> ( 1 | 2 | 3 | x ) <key> <key>",
      "COMMAND GETKEYS XREAD COUNT 2 STREAMS { <key> } { 0 }", "COMMAND GETKEYS OBJECT ENCODING <key>",
      "COMMAND GETKEYSANDFLAGS SORT <key> [ BY <word> ] [ STORE <key> ]",
      "COMMAND GETKEYSANDFLAGS BITFIELD <key> { ( GET u8 0 | SET u8 0 1 | OVERFLOW SAT | INCRBY u8 0 1 ) }",
      "COMMAND GETKEYSANDFLAGS LMOVE <key> <key> LEFT RIGHT",
      "COMMAND GETKEYS GEORADIUS <key> 1 2 3 km [ STORE <key> ]",
      "COMMAND GETKEYS MEMORY USAGE <key>", "! COMMAND COUNT <word>", "! COMMAND INFO nosuch", "! COMMAND DOCS nosuch",
      "COMMAND LIST FILTERBY ( MODULE | ACLCAT | <word> ) nosuch", "! COMMAND LIST <word>",
      "~ COMMAND LIST FILTERBY PATTERN ( get* | XR* | pubsub* | z??? )", "COMMAND HELP", "! COMMAND <edge>",
      "DEBUG DIGEST-VALUE { <key> }", "DEBUG DIGEST", "DEBUG ERROR <word>", "DEBUG OBJECT nosuch", "DEBUG <word>",
      "DEBUG PROTOCOL ( string | integer | double | bignum | null | array | set | map | true | false | verbatim | x )",
      "! DEBUG SLEEP 0", "DEBUG SLEEP", "DEBUG POPULATE ( 3 | -1 | x ) [ p [ ( 1 | 10 | 20 | -1 ) ] ]",
      "DEBUG SET-ACTIVE-EXPIRE 1", "! DEBUG HTSTATS ( 99 | x )", "DEBUG LISTPACK <string>",
      "! DEBUG HTSTATS-KEY <string>",
      "SLOWLOG GET ( -2 | x )", "SLOWLOG RESET", "SLOWLOG HELP", "LATENCY HISTORY <word>", "LATENCY RESET [ <word> ]",
      "LATENCY GRAPH nosuch", "LATENCY LATEST", "LATENCY HELP", "LATENCY HISTOGRAM nosuch", "LATENCY <edge>",
      "MEMORY USAGE nosuch [ SAMPLES <edge> ]", "MEMORY USAGE nosuch <word>", "MEMORY HELP", "MODULE LIST",
      "CONFIG HELP", "CONFIG GET", "CONFIG SET maxmemory x", "CONFIG SET nosuch x",
      "CONFIG SET maxmemory 0 maxmemory 0",
      "! WAIT 0 ( 0 | x | -1 )", "WAIT x 0", "ROLE",
      "! CLIENT PAUSE ( x | -1 )", "! CLIENT PAUSE 0 x", "! CLIENT PAUSE 0 WRITE x", "CLIENT UNPAUSE",
      "CLIENT LIST TYPE x", "CLIENT LIST ID ( x | 0 )",
      "CLIENT LIST x", "CLIENT KILL TYPE x", "CLIENT KILL SKIPME x", "CLIENT KILL ADDR 1:1", "CLIENT KILL nosuch:1",
      "CLIENT KILL ID ( 0 | x )", "CLIENT REPLY x", "CLIENT GETNAME <word>",
    ])
}
