extension CommandTable {
  /// Strings that estimate how many different elements they saw.
  package static let hyperLogLogs: [Command] = []
}
