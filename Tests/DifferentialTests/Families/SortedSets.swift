extension CommandFamily {
  static let sortedSets = CommandFamily(
    "zsets",
    [
      "ZADD <zset> { <score> <member> }", "ZADD <zset> { <score> <member> }",
      "ZADD <zset> [ ( NX | XX ) ] [ ( GT | LT ) ] [ CH ] { <score> <member> }",
      "ZADD <zset> [ ( NX | XX ) ] [ ( GT | LT ) ] INCR <score> <member>", "ZADD <zset> <float> <member>",
      "ZINCRBY <zset> <float> <member>", "ZREM <zset> { <member> }", "ZCARD <zset>", "ZSCORE <zset> <member>",
      "ZMSCORE <zset> { <member> }", "! ZRANK <zset> <member>", "! ZREVRANK <zset> <member>",
      "ZCOUNT <zset> <score-bound> <score-bound>", "ZRANGE <zset> <index> <index> [ REV ] [ WITHSCORES ]",
      "ZRANGE <zset> <score-bound> <score-bound> BYSCORE [ REV ] [ LIMIT <offset> <count> ] [ WITHSCORES ]",
      "ZREVRANGE <zset> <index> <index> [ WITHSCORES ]",
      "ZRANGEBYSCORE <zset> <score-bound> <score-bound> [ WITHSCORES ] [ LIMIT <offset> <count> ]",
      "ZREVRANGEBYSCORE <zset> <score-bound> <score-bound> [ WITHSCORES ] [ LIMIT <offset> <count> ]",
      "ZRANGESTORE <zset> <zset> <index> <index> [ REV ]",
      "ZRANGESTORE <zset> <zset> <score-bound> <score-bound> BYSCORE [ LIMIT <offset> <count> ]",
      "ZREMRANGEBYRANK <zset> <index> <index>", "ZREMRANGEBYSCORE <zset> <score-bound> <score-bound>",
      "ZPOPMIN <zset> [ <count> ]", "ZPOPMAX <zset> [ <count> ]",
      "ZMPOP 2 <zset> <zset> ( MIN | MAX ) [ COUNT <count> ]",
      // With something to be had, or within a transaction, they never wait.
      "! BZPOPMIN zset:never <zset> ( x | -1 )", "! BZMPOP -1 1 <zset> MIN", "! BZMPOP 0 0 <zset> MIN",
      // Later versions know AGGREGATE COUNT, which a wrong word might become.
      "ZUNION 2 <zset> <key> [ WEIGHTS <score> <float> ] [ WITHSCORES ]",
      "! ZUNION 2 <zset> <key> [ WEIGHTS <score> <float> ] AGGREGATE ( SUM | MIN | MAX ) [ WITHSCORES ]",
      "ZINTER 2 <zset> <key> [ WEIGHTS <score> <float> ] [ WITHSCORES ]",
      "! ZINTER 2 <zset> <key> [ WEIGHTS <score> <float> ] AGGREGATE ( SUM | MIN | MAX ) [ WITHSCORES ]",
      "ZDIFF 2 <zset> <key> [ WITHSCORES ]", "ZINTERCARD 2 <zset> <zset> [ LIMIT <count> ]",
      "ZUNIONSTORE <zset> 2 <zset> <set> [ WEIGHTS <score> <float> ]",
      "! ZUNIONSTORE <zset> 2 <zset> <set> [ WEIGHTS <score> <float> ] AGGREGATE ( SUM | MIN | MAX )",
      "ZINTERSTORE <zset> 2 <zset> <zset>", "! ZINTERSTORE <zset> 2 <zset> <zset> AGGREGATE ( SUM | MIN | MAX )",
      "ZDIFFSTORE <zset> 2 <zset> <zset>",
      "# OBJECT ENCODING <zset>", "! ? ZRANDMEMBER <zset>", "! ZRANDMEMBER <zset> 100 WITHSCORES",
      "! ? ZRANDMEMBER <zset> <small>", "! ZRANDMEMBER <zset> ( x | 1.5 | -9223372036854775808 | 0 )",
      "! ~~ ZSCAN <zset> 0 COUNT 1000 [ MATCH <pattern> ]", "! ZSCAN <zset> foo",
      // Names are in order only while all scores are the same, which chance must not change.
      "! ZADD same:1 { 0 <member> }", "! ZADD same:2 { 7 <member> }", "! ZREM same:1 { <member> }",
      "! ZRANGEBYLEX ( same:1 | same:2 ) <lex-bound> <lex-bound> [ LIMIT <offset> <count> ]",
      "! ZREVRANGEBYLEX ( same:1 | same:2 ) <lex-bound> <lex-bound> [ LIMIT <offset> <count> ]",
      "! ZRANGE ( same:1 | same:2 ) <lex-bound> <lex-bound> BYLEX [ REV ] [ LIMIT <offset> <count> ]",
      "! ZLEXCOUNT ( same:1 | same:2 ) <lex-bound> <lex-bound>", "! ZREMRANGEBYLEX same:2 <lex-bound> <lex-bound>",
      "! ZRANGESTORE same:3 same:1 <lex-bound> <lex-bound> BYLEX",
    ])

  static let geo = CommandFamily(
    "geo",
    [
      "GEOADD <geo> { <longitude> <latitude> <member> }", "GEOADD <geo> { <longitude> <latitude> <member> }",
      "GEOADD <geo> [ ( NX | XX ) ] [ CH ] { <longitude> <latitude> <member> }",
      "GEODIST <geo> <member> <member> [ ( m | km | ft | MI ) ]", "GEOHASH <geo> { <member> }",
      "GEOPOS <geo> { <member> }", "ZREM <geo> <member>", "ZADD <geo> <float> <member>",
      "GEOSEARCH <geo> FROMMEMBER <member> BYRADIUS <float> km [ ( ASC | DESC ) ] [ WITHCOORD ] [ WITHDIST ] [ WITHHASH ]",
      "GEOSEARCH <geo> FROMLONLAT <longitude> <latitude> BYRADIUS <float> ( m | km | mi | ft ) [ ( ASC | DESC ) ] [ WITHDIST ]",
      "GEOSEARCH <geo> FROMLONLAT <longitude> <latitude> BYBOX <float> <float> km [ ( ASC | DESC ) ] [ WITHCOORD ]",
      "GEOSEARCH <geo> FROMMEMBER <member> BYBOX 5000 <float> km ASC [ WITHHASH ]",
      "GEOSEARCH <geo> FROMLONLAT <longitude> <latitude> BYRADIUS 3000 km COUNT <positive> ANY",
      "GEOSEARCHSTORE <geo> <geo> FROMMEMBER <member> BYRADIUS <float> km [ STOREDIST ]",
      "GEORADIUS <geo> <longitude> <latitude> <float> km [ WITHDIST ] [ ( ASC | DESC ) ]",
      "GEORADIUS <geo> <longitude> <latitude> <float> km ( STORE | STOREDIST ) <geo>",
      "GEORADIUSBYMEMBER <geo> <member> <float> km [ WITHCOORD ] [ ( ASC | DESC ) ]",
      "GEORADIUSBYMEMBER_RO <geo> <member> 4000 km ASC", "ZRANGE <geo> 0 -1 WITHSCORES",
    ])
}
