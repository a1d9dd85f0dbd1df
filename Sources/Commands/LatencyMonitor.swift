/// Remembers, by the kind of event, the moments that took longer than `latency-monitor-threshold`.
public struct LatencyMonitor {
  public struct Sample {
    public let unixTime: Int64
    public var milliseconds: Int
  }

  public struct Event {
    /// The newest last; at most 160.
    public var samples: [Sample] = []
    public var maximum = 0
  }

  private static let maximumSamples = 160

  /// In milliseconds; 0: off.
  public var threshold = 0
  public private(set) var events: [String: Event] = [:]

  public init() {}

  public mutating func note(_ event: String, milliseconds: Int, unixTime: Int64) {
    guard threshold > 0 && milliseconds >= threshold else { return }
    var known = events[event] ?? Event()
    known.maximum = max(known.maximum, milliseconds)
    if let last = known.samples.last, last.unixTime == unixTime {
      known.samples[known.samples.count - 1].milliseconds = max(last.milliseconds, milliseconds)
    } else {
      known.samples.append(Sample(unixTime: unixTime, milliseconds: milliseconds))
      if known.samples.count > Self.maximumSamples { known.samples.removeFirst() }
    }
    events[event] = known
  }

  /// Forgets one event, or all; returns how many were known.
  public mutating func reset(_ event: String?) -> Int {
    guard let event else {
      defer { events.removeAll() }
      return events.count
    }
    return events.removeValue(forKey: event) == nil ? 0 : 1
  }
}
