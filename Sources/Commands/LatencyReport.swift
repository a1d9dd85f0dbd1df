/// What LATENCY GRAPH and LATENCY DOCTOR tell people.
enum LatencyReport {
  // MARK: Graph

  private static let columns = 80
  private static let rows = 4
  /// A bar's top in quarters of a row.
  private static let tops: [Character] = ["_", "o", "#", "|"]

  /// Bars over the samples' ages, oldest first.
  static func graph(_ name: String, _ event: LatencyMonitor.Event, now: Int64) -> String {
    let values = event.samples.map(\.milliseconds)
    let high = values.max() ?? 0
    let low = values.min() ?? 0
    var text = "\(name) - high \(high) ms, low \(low) ms (all time high \(event.maximum) ms)\n"
    text += String(repeating: "-", count: columns) + "\n"
    for start in stride(from: 0, to: event.samples.count, by: columns) {
      if start > 0 { text += "\n" }
      text += bars(event.samples[start..<min(start + columns, event.samples.count)], low: low, high: high, now: now)
    }
    return text
  }

  private static func bars(
    _ samples: ArraySlice<LatencyMonitor.Sample>, low: Int, high: Int, now: Int64
  ) -> String {
    let steps = rows * tops.count
    let heights = samples.map { sample in
      min(steps - 1, (sample.milliseconds - low) * steps / max(1, high - low))
    }
    var lines: [String] = []
    for row in (0..<rows).reversed() {
      lines.append(
        String(
          heights.map { height -> Character in
            let inRow = height - row * tops.count
            return inRow < 0 ? " " : inRow < tops.count ? tops[inRow] : "|"
          }))
    }
    // The ages stand upright under the bars.
    let ages = samples.map { Array(age(now - $0.unixTime)) }
    lines.append("")
    for i in 0..<(ages.map(\.count).max() ?? 0) {
      lines.append(String(ages.map { i < $0.count ? $0[i] : " " }))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func age(_ seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(max(0, seconds))s"
    case ..<3600: "\(seconds / 60)m"
    case ..<86400: "\(seconds / 3600)h"
    default: "\(seconds / 86400)d"
    }
  }

  // MARK: Diagnosis

  private enum Advice: CaseIterable {
    case enableSlowlog, lowerSlowlog, readSlowlog, freeScheduler, fasterDisk, relaxFsync, smallerValues, gentlerEviction

    func text(threshold: Int) -> String {
      switch self {
      case .enableSlowlog:
        "The slow log is off. CONFIG SET slowlog-log-slower-than \(threshold * 1000) lets it remember the commands that cause the spikes."
      case .lowerSlowlog:
        "The slow log remembers only commands slower than what is watched here. CONFIG SET slowlog-log-slower-than \(threshold * 1000) brings them together."
      case .readSlowlog: "SLOWLOG GET shows which commands are slow."
      case .freeScheduler:
        "Commands that do little took long: the process did not get the processor. Look for other load on the machine, for noisy neighbours if it is virtual, and for swapping."
      case .fasterDisk:
        "Writes to the append-only file wait for the disk. Use a local one, preferably solid state, that little else writes to."
      case .relaxFsync: "appendfsync is always. everysec is much faster, and loses a second at worst."
      case .smallerValues:
        "Freeing a very large value takes long. Delete it with UNLINK, set lazyfree-lazy-expire and lazyfree-lazy-eviction to yes, or divide it."
      case .gentlerEviction:
        "Much had to be evicted at once: maxmemory was lowered in a large step, or very large values were added."
      }
    }
  }

  private static func advice(for event: String, threshold: Int, slowlogThreshold: Int) -> [Advice] {
    switch event {
    case "command":
      [
        slowlogThreshold < 0 ? .enableSlowlog : slowlogThreshold / 1000 > threshold ? .lowerSlowlog : .readSlowlog,
        .readSlowlog, .smallerValues,
      ]
    case "fast-command": [.freeScheduler]
    case "aof-fsync-always": [.relaxFsync, .fasterDisk]
    case "expire-cycle", "eviction-del": [.smallerValues]
    case "eviction-cycle": [.gentlerEviction]
    case _ where event.hasPrefix("aof-") || event.hasPrefix("rdb-"): [.fasterDisk]
    default: []
    }
  }

  static func diagnosis(_ monitor: LatencyMonitor, slowlogThreshold: Int, now: Int64) -> String {
    if monitor.events.isEmpty {
      return monitor.threshold == 0
        ? "Latency is not watched in this instance. CONFIG SET latency-monitor-threshold <milliseconds> turns it on.\n"
        : "Nothing took longer than \(monitor.threshold) milliseconds since the start or the last LATENCY RESET.\n"
    }
    var text = "Latency spikes were observed in this instance:\n\n"
    var given: Set<Advice> = []
    for (i, (name, event)) in monitor.events.sorted(by: { $0.key < $1.key }).enumerated() {
      text += "\(i + 1). \(name): \(describe(event, now: now))\n"
      given.formUnion(advice(for: name, threshold: monitor.threshold, slowlogThreshold: slowlogThreshold))
    }
    if !given.isEmpty { text += "\nWhat may help:\n\n" }
    for advice in Advice.allCases where given.contains(advice) {
      text += "- \(advice.text(threshold: monitor.threshold))\n"
    }
    return text
  }

  private static func describe(_ event: LatencyMonitor.Event, now: Int64) -> String {
    let values = event.samples.map(\.milliseconds)
    guard let oldest = event.samples.first, !values.isEmpty else { return "no samples." }
    let average = values.reduce(0, +) / values.count
    let deviation = values.reduce(0) { $0 + abs($1 - average) } / values.count
    let period = max(1, now - oldest.unixTime) * 100 / Int64(values.count)
    let fraction = String(period % 100 + 100).dropFirst()
    return "\(values.count) latency spikes (average \(average)ms, mean deviation \(deviation)ms, "
      + "period \(period / 100).\(fraction) sec). Worst all time event \(event.maximum)ms."
  }
}
