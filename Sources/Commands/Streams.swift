extension CommandTable {
  /// Streams.
  package static let streams: [Command] = []
}
