/// The letters of `notify-keyspace-events`.
enum KeyspaceEventClasses {
  /// What `A` stands for, in the usual order.
  private static let all = "g$lshzxetda"
  /// What `A` does not stand for: new keys, the two kinds of channel, and missed keys.
  private static let others = "nKEm"

  /// The letters in their usual order, each once, folded into `A` where possible, or nil for an unknown letter.
  static func canonical(_ text: String) -> String? {
    var letters = Set(text)
    guard letters.isSubset(of: Set("A" + all + others)) else { return nil }
    if letters.contains("A") { letters.formUnion(all) }
    let classes = letters.isSuperset(of: all) ? "A" : all.filter(letters.contains)
    return classes + others.filter(letters.contains)
  }

  /// What CONFIG GET shows for canonical letters. Redis does not mention `n` next to an `A`, though it obeys it.
  static func shown(_ letters: String) -> String {
    letters.contains("A") ? letters.filter { $0 != "n" } : letters
  }
}
