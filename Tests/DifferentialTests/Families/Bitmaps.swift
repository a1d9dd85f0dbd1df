extension CommandFamily {
  static let bitmaps = CommandFamily(
    "bitmaps",
    [
      "SETBIT <bitmap> <bit-offset> <bit>", "SETBIT <bitmap> <bit-offset> <bit>", "SETBIT <bitmap> <small> <bit>",
      "SETBIT <string> <bit-offset> <bit>", "GETBIT <bitmap> <bit-offset>", "GETBIT <number> <bit-offset>",
      "BITCOUNT <bitmap> [ <offset> <offset> [ ( BYTE | BIT ) ] ]", "BITCOUNT <string>",
      "BITCOUNT <bitmap> <offset> [ <edge> ]", "BITCOUNT <bitmap> <offset> <offset> <edge>",
      "BITPOS <bitmap> <bit> [ <offset> [ <offset> [ ( BYTE | BIT ) ] ] ]",
      "BITPOS <string> <bit> [ <offset> [ <offset> ] ]",
      "BITPOS <bitmap> <bit> <offset> <offset> <edge> [ <edge> ]",
      "BITOP ( AND | OR | XOR ) <bitmap> { <bitmap> }", "BITOP ( AND | OR | XOR ) <string> { <key> }",
      "BITOP NOT <bitmap> { <bitmap> }", "BITOP NOT <bitmap> <string>", "BITOP <edge> <bitmap> <bitmap>",
      "BITFIELD <bitmap> { GET <bit-type> <bit-offset> }", "BITFIELD <bitmap> { GET <bit-type> <bit-place> }",
      "BITFIELD <bitmap> { SET <bit-type> <bit-offset> <small> }",
      "! BITFIELD <bitmap> { [ OVERFLOW ( WRAP | SAT | FAIL ) ] SET <bit-type> <bit-place> <int32> }",
      "BITFIELD <bitmap> { [ OVERFLOW ( WRAP | SAT | FAIL ) ] INCRBY <bit-type> <bit-offset> <int32> }",
      "BITFIELD <bitmap> { INCRBY <bit-type> <bit-place> <small> GET <bit-type> <bit-place> }",
      "BITFIELD <bitmap> OVERFLOW <edge>", "BITFIELD <bitmap> <edge> <bit-type> <bit-offset>",
      "BITFIELD <bitmap> GET <edge> <bit-offset>", "BITFIELD_RO <bitmap> { GET <bit-type> <bit-offset> }",
      "BITFIELD_RO <bitmap> SET <bit-type> <bit-offset> <small>", "GET <bitmap>", "STRLEN <bitmap>",
      "# OBJECT ENCODING <bitmap>", "SET <bitmap> <value>", "APPEND <bitmap> <value>", "DEL <bitmap>",
    ])

  static let hyperLogLogs = CommandFamily(
    "hyperloglogs",
    [
      "PFADD <hll> { <member> }", "PFADD <hll> { <member> }", "PFADD <hll> { <value> }", "PFADD <hll>",
      "PFCOUNT <hll>", "PFCOUNT { <hll> }", "PFCOUNT <string>", "PFMERGE <hll> { <hll> }", "PFMERGE <hll>",
      "PFMERGE <hll> <string>", "GET <hll>", "STRLEN <hll>", "PFDEBUG ENCODING <hll>", "PFDEBUG DECODE <hll>",
      "PFDEBUG <edge> <hll>", "DEL <hll>", "@3000 PTTL <hll>", "PEXPIRE <hll> <future-ms>",
      "! PFDEBUG GETREG hll:rare", "! PFDEBUG TODENSE hll:rare", "! PFADD hll:rare { <member> }",
      "! PFMERGE hll:rare <hll>",
    ])
}
