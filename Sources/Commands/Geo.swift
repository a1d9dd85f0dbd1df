extension CommandTable {
  /// Sorted sets of places on earth.
  package static let geo: [Command] = []
}
