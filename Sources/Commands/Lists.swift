extension CommandTable {
  /// Lists.
  package static let lists: [Command] = []
}
