extension CommandFamily {
  static let lists = CommandFamily(
    "lists",
    [
      "LPUSH <list> { <value> }", "RPUSH <list> { <value> }", "LPUSH <list> { <value> }", "RPUSH <list> { <value> }",
      "LPUSHX <list> { <value> }", "RPUSHX <list> { <value> }", "LPOP <list> [ <count> ]", "RPOP <list> [ <count> ]",
      "LLEN <list>", "LINDEX <list> <index>", "LRANGE <list> <index> <index>", "LRANGE <list> 0 -1",
      "LSET <list> <index> <value>", "LTRIM <list> <index> <index>", "LREM <list> <index> <value>",
      "LINSERT <list> ( BEFORE | AFTER ) <value> <value>",
      "LPOS <list> <value> [ RANK ( 1 | -1 | 2 | -3 | 0 | x ) ] [ COUNT <count> ] [ MAXLEN <count> ]",
      "LMOVE <list> <list> ( LEFT | RIGHT ) ( LEFT | RIGHT )", "RPOPLPUSH <list> <list>",
      "LMPOP 2 <list> <list> ( LEFT | RIGHT ) [ COUNT <count> ]", "! LMPOP <count> <list> LEFT",
      "! BLPOP <list> <list> 0.001", "! BRPOP <list> 0.001",
      "! BLMPOP 0.001 1 <list> ( LEFT | RIGHT ) [ COUNT <count> ]",
      "! BLMOVE <list> <list> ( LEFT | RIGHT ) ( LEFT | RIGHT ) 0.001", "! BRPOPLPUSH <list> <list> 0.001",
      "COPY <list> <list> REPLACE", "TYPE <list>",
    ])
}
