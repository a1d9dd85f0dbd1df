extension CommandTable {
  /// Every command that needs nothing beyond executor and keyspace: what a server has, and what tests and fuzzers drive
  /// in process.
  public static var families: [[Command]] {
    [
      strings, hashes, lists, sets, sortedSets, sorting, streams, bitmaps, hyperLogLogs, geo, arrays, generic,
      expiration,
      object, pubsub, transactions, databases, introspection, slowlog, latency,
      scripting, functionCalls,
    ]
  }
}
