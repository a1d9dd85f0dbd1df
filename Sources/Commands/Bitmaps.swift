extension CommandTable {
  /// Strings as arrays of bits.
  package static let bitmaps: [Command] = []
}
