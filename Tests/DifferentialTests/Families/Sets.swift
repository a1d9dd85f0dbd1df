extension CommandFamily {
  // The oracle knows no small sets of strings, so that the order of nearly everything differs from ours.
  static let sets = CommandFamily(
    "sets",
    [
      "SADD <set> { <member> }", "SADD <set> { <member> }", "SADD <set> { <integer-member> }",
      "SREM <set> { <member> }",
      "SREM <set> { <integer-member> }", "SCARD <set>", "SISMEMBER <set> <member>", "SMISMEMBER <set> { <member> }",
      "SMOVE <set> <set> <member>", "~ SMEMBERS <set>", "~ SINTER { <set> }", "~ SUNION { <set> }", "~ SDIFF { <set> }",
      "SINTERSTORE <set> { <set> }", "SUNIONSTORE <set> { <set> }", "SDIFFSTORE <set> { <set> }",
      "SINTERCARD 2 <set> <set> [ LIMIT <small> ]", "SINTERCARD <small> { <set> } [ LIMIT <edge> ]",
      "! ~ SPOP <set> 10000", "! SPOP <set> ( x | -1 | 0 | 1.5 )", "! ? SRANDMEMBER <set>",
      "! ~ SRANDMEMBER <set> 10000",
      "! SRANDMEMBER <set> ( x | 1.5 | -9223372036854775808 | 0 )", "! ? SRANDMEMBER <set> -5",
      "! ~ SSCAN <set> 0 COUNT 10000 [ MATCH <pattern> ]", "! SSCAN <set> foo", "RENAME <set> <set>",
      "COPY <set> <set> REPLACE", "TYPE <set>", "DEL <set>",
    ])

  // Keys of its own, which no value is put into that is out of a double's range: once the oracle saw one, it refuses
  // what comes after it as well.
  static let sorting = CommandFamily(
    "sorting",
    [
      "! RPUSH sort:list { <small> }", "! RPUSH sort:list { <score> }", "! RPUSH sort:list <word>",
      "LTRIM sort:list 0 30", "! LREM sort:list 0 <word>", "! SADD sort:set { <integer-member> }",
      "! SPOP sort:set 10000", "! ZADD sort:zset { ( <small> | 1.5 | -2.25 | inf ) <small> }", "! SET weight:1 <score>",
      "! SET weight:2 <value>", "! SET weight:3 <small>", "! HSET object:1 name <value>",
      "! HSET object:2 name <value> price <small>", "DEL ( weight:1 | weight:2 | object:2 | sort:list | sort:zset )",
      "SORT ( sort:list | sort:set | sort:zset | nosuch ) [ LIMIT <offset> <count> ] [ ( ASC | DESC ) ] [ ALPHA ]",
      "SORT sort:list BY weight:* [ ( ASC | DESC ) ] [ GET # ] [ GET object:*->name ] [ GET weight:* ]",
      "SORT sort:set BY object:*->price [ DESC ] GET object:*->name GET # GET nosuch",
      "SORT sort:list BY object:*->name ALPHA [ DESC ]", "~ SORT sort:zset BY object:*->name ALPHA GET weight:*",
      "SORT ( sort:list | sort:zset ) BY nosort [ LIMIT <offset> <count> ] [ DESC ] [ STORE sort:to ]",
      "SORT sort:set BY nosort STORE sort:to", "SORT sort:list [ ALPHA ] STORE ( sort:to | sort:list )",
      "SORT_RO sort:list [ DESC ]", "SORT sort:list GET object:*->name GET weight:* STORE sort:to",
      "LRANGE sort:to 0 -1", "# OBJECT ENCODING sort:set", "SORT_RO sort:list STORE sort:to",
      "SORT sort:list LIMIT <edge> <edge>", "SORT <string> <edge> <edge>", "SORT sort:list BY", "SORT sort:list GET",
    ])
}
