extension CommandTable {
  /// Sets.
  package static let sets: [Command] = []
}
