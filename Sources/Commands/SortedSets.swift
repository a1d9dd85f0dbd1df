extension CommandTable {
  /// Sorted sets.
  package static let sortedSets: [Command] = []
}
