/// Finds what somebody may have meant to type.
enum EditDistance {
  /// The candidate that takes the fewest changed, swapped, added or dropped letters to reach, unless it takes so many that it
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

  /// Levenshtein's distance, in which swapping two neighbours counts as one change too: it is the commonest slip.
  ///
  /// `rows[i][j]` is the distance between the first `i` bytes of one word and the first `j` bytes of the other.
  private static func between(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var rows = [Array(0...second.count)]
    for i in 0..<first.count {
      var row = [i + 1]
      for j in 0..<second.count {
        var distance = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (first[i] == second[j] ? 0 : 1))
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          distance = min(distance, rows[i - 1][j - 1] + 1)
        }
        row.append(distance)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }
}
