/// Finds what somebody may have meant to type.
enum EditDistance {
  /// The candidate that takes the fewest changed, added or dropped letters to reach, unless it takes so many that it
  /// would only be a guess.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = min(3, max(1, word.utf8.count / 3))
    var best: (word: String, distance: Int)?
    for candidate in candidates.sorted() {
      let distance = between(Array(word.utf8), Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Levenshtein's distance, with one row of his table at a time.
  private static func between(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (i, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let substituted = diagonal + (byte == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
