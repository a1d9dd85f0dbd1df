/// The letters of `notify-keyspace-events`.
enum KeyspaceEventClasses {
  /// What `A` stands for, in the order CONFIG GET shows it.
  private static let all = "g$lshzxetd"
  /// What is shown besides `A` or the classes it stands for. `n`, a new key, is not shown next to an `A`.
  private static let others = "KEm"

  /// The letters in their usual order, each once, folded into `A` where possible, or nil for an unknown letter.
  static func canonical(_ text: String) -> String? {
    var letters = Set(text)
    guard letters.isSubset(of: Set("An" + all + others)) else { return nil }
    if letters.contains("A") { letters.formUnion(all) }
    let classes = letters.isSuperset(of: all) ? "A" : (all + "n").filter(letters.contains)
    return classes + others.filter(letters.contains)
  }
}
