extension CommandFamily {
  // Martlet follows Redis 7.2 where it and 7.0 differ: a consumer comes into being when it first asks, not when it first
  // gets something, and XSETID looks at the greatest deleted id. What would show that is not asked here: XINFO GROUPS and
  // CONSUMERS, XGROUP CREATECONSUMER, ids that go back. Nor are ids made of the time.
  static let streams = CommandFamily(
    "streams",
    [
      "! XADD <stream> ( 5-* | 20-* | 40-* | 60-* | 99-* ) { <field> <value> }",
      "! XADD <stream> ( 5-* | 20-* | 40-* | 60-* | 99-* ) f <value> g <value>",
      "! XADD <stream> ( 5-* | 60-* | 99-* ) f <value> g <value>",
      "! XADD <stream> [ NOMKSTREAM ] [ ( MAXLEN | MINID ) [ ( = | ~ ) ] <small> [ LIMIT <count> ] ] ( 60-* | 99-* | 0-0 | 5 | 30-2 | - | 99-7 | 1- | 18446744073709551616 ) f <value>",
      "! XADD <stream> ( MAXLEN | MINID | LIMIT ) ( abc | -1 | 0 | 5 ) ( 0-0 | 1-1-1 | x ) f <value> [ g ]",
      "XLEN <stream>", "XRANGE <stream> <stream-id> <stream-id> [ COUNT <count> ]",
      "XRANGE <stream> - + [ COUNT <count> ]",
      "XREVRANGE <stream> <stream-id> <stream-id> [ COUNT <count> ]", "XREVRANGE <stream> + - [ COUNT <edge> ]",
      "XRANGE <stream> ( (1 | (5-3 | (20-0 | (abc ) ( (60-0 | (99 | 99-5 | + )", "XRANGE <stream> <edge> <edge>",
      "XDEL <stream> { <stream-id> }", "XTRIM <stream> ( MAXLEN | MINID ) [ ( = | ~ ) ] <count> [ LIMIT <count> ]",
      "XTRIM <stream> ( MAXLEN | MINID ) <edge>",
      "! XREAD [ COUNT <count> ] STREAMS <stream> ( 0 | 5-0 | <small> | 40-1 | $ )",
      "! XREAD STREAMS <stream> <stream> ( 0 | 5-3 | 40 ) ( 0 | <small> )",
      "! XREAD [ NOACK ] COUNT <edge> STREAMS <stream> 0",
      "! XREADGROUP GROUP ( g | h ) ( a | b ) [ COUNT <small> ] [ NOACK ] STREAMS <stream> >",
      "! XREADGROUP GROUP ( g | h ) ( a | b ) [ COUNT <small> ] STREAMS <stream> ( > | 0 | 20-0 )",
      "! XREADGROUP GROUP g a COUNT 2 STREAMS <stream> <stream> ( > | 0 ) ( > | 5-1 | $ )",
      "XGROUP CREATE <stream> ( g | h ) ( 0 | $ | 5-2 | 20 ) [ MKSTREAM ] [ ENTRIESREAD <small> ]",
      "XGROUP SETID <stream> ( g | h ) ( 0 | $ | 20-1 ) [ ENTRIESREAD <small> ]", "XGROUP DESTROY <stream> h",
      "XGROUP DELCONSUMER <stream> g ( a | b )", "XGROUP <edge> <stream> g 0", "XGROUP HELP", "XINFO HELP",
      "XACK <stream> ( g | h ) { <stream-id> }", "XACK <stream> g 5-1 5-2 20-0 40-0 60-0",
      "XPENDING <stream> ( g | h )",
      "@3000 XPENDING <stream> ( g | h ) [ IDLE 0 ] ( - | <stream-id> ) ( + | <stream-id> ) <count> [ ( a | b | nobody ) ]",
      "XPENDING <stream> g <edge> <edge> <edge>",
      "XCLAIM <stream> ( g | h ) ( a | b ) ( 0 | 100000 ) { <stream-id> } [ FORCE ] [ JUSTID ] [ RETRYCOUNT <small> ] [ IDLE 10 ] [ LASTID <stream-id> ]",
      "XAUTOCLAIM <stream> ( g | h ) ( a | b ) ( 0 | 100000 ) ( 0 | - | (5-1 | <stream-id> ) [ COUNT <positive> ] [ JUSTID ]",
      "XSETID <stream> 99-0 [ ENTRIESADDED 100000 ] [ MAXDELETEDID 98-0 ]", "XSETID nosuchkey <edge>",
      "XINFO STREAM <stream>",
      "XINFO STREAM <stream> <edge>", "DEL <stream>", "COPY <stream> <stream> REPLACE", "# OBJECT ENCODING <stream>",
      "TYPE <stream>",
    ])
}
