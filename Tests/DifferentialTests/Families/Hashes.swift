extension CommandFamily {
  static let hashes = CommandFamily(
    "hashes",
    [
      "HSET <hash> { <field> <value> }", "HSET <hash> { <field> <value> }", "HMSET <hash> { <field> <value> }",
      "HSETNX <hash> <field> <value>", "HGET <hash> <field>", "HMGET <hash> { <field> }", "HDEL <hash> { <field> }",
      "HEXISTS <hash> <field>", "HLEN <hash>", "HSTRLEN <hash> <field>", "HINCRBY <hash> <field> <int>",
      "HINCRBYFLOAT <hash> <field> <float>", "~~ HGETALL <hash>", "~ HKEYS <hash>", "~ HVALS <hash>",
      "! ? HRANDFIELD <hash>", "! ~~ HRANDFIELD <hash> 100 WITHVALUES", "! ? HRANDFIELD <hash> <small>",
      "! HRANDFIELD <hash> ( x | 1.5 | -9223372036854775808 | 0 )", "# OBJECT ENCODING <hash>",
      "! ~~ HSCAN <hash> 0 COUNT 1000 [ MATCH <pattern> ]",
      "! HSCAN <hash> foo", "HINCRBY <hash> <field> <edge>",
    ])
}
