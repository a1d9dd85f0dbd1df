/// How large the window of new entries is to be.
///
/// Some loads ask again soon for what is new, others again and again for the same: the first want a large window, the second
/// a small one, and no size suits both. So the window is moved by steps, and a step after which more was found is followed
/// by another the same way, one after which less was found by one the other way; steps get smaller until the load
/// changes (Einziger, Eytan, Friedman, Manes 2018, "Adaptive Software Cache Management").
struct WindowClimber: Sendable {
  /// Parts of the capacity.
  private static let firstStep = 0.0625
  private static let limits = 0.01...0.8

  private(set) var part = limits.lowerBound
  private var step = firstStep
  private var lastRatio = 0.0
  private var lastHits = 0
  private var lastQuestions = 0

  /// Takes counts from the beginning. After a sample of ten questions an entry it moves the window; returns whether it did.
  mutating func climb(hits: Int, questions: Int, entries: Int) -> Bool {
    let sample = questions - lastQuestions
    guard sample >= 10 * max(entries, 64) else { return false }
    let ratio = Double(hits - lastHits) / Double(sample)
    let change = ratio - lastRatio
    (lastRatio, lastHits, lastQuestions) = (ratio, hits, questions)
    if change < 0 { step = -step }
    step = abs(change) >= 0.05 ? (step < 0 ? -Self.firstStep : Self.firstStep) : step * 0.98
    part = min(max(part + step, Self.limits.lowerBound), Self.limits.upperBound)
    return true
  }
}
