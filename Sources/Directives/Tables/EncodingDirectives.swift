extension Directive {
  /// The sizes up to which values keep their compact form.
  static let encodings: [Directive] = [
    Directive("hash-max-listpack-entries", .integer(.natural), "512", aliases: ["hash-max-ziplist-entries"]),
    Directive("hash-max-listpack-value", .memory(.natural), "64", aliases: ["hash-max-ziplist-value"]),
    Directive("list-max-listpack-size", .integer(.anyInt32), "-2", aliases: ["list-max-ziplist-size"]),
    Directive("list-compress-depth", .integer(.naturalInt32), "0"),
    Directive("set-max-intset-entries", .integer(.natural), "512"),
    Directive("set-max-listpack-entries", .integer(.natural), "128"),
    Directive("set-max-listpack-value", .integer(.natural), "64"),
    Directive("zset-max-listpack-entries", .integer(.natural), "128", aliases: ["zset-max-ziplist-entries"]),
    Directive("zset-max-listpack-value", .memory(.natural), "64", aliases: ["zset-max-ziplist-value"]),
    Directive("stream-node-max-bytes", .memory(.natural), "4096"),
    Directive("stream-node-max-entries", .integer(.natural), "100"),
    Directive("array-slice-size", .integer(256...65536), "4096", refine: powerOfTwo),
    Directive("array-sparse-kmax", .integer(.unsigned32), "10"),
    Directive("array-sparse-kmin", .integer(.unsigned32), "5"),
    Directive("hll-sparse-max-bytes", .memory(.natural), "3000"),
  ]

  private static let powerOfTwo: @Sendable (String) throws(ConfigurationError) -> String = {
    value throws(ConfigurationError) in
    guard let number = Int(value), number.nonzeroBitCount == 1 else {
      throw ConfigurationError("array-slice-size must be a power of two")
    }
    return value
  }
}
