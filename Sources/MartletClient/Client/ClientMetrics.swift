#if Metrics
  import Metrics
#endif

/// What a client counts, for swift-metrics. Nothing is counted unless ``ClientConfiguration/metrics`` says so, and nothing
/// here reads a clock.
struct ClientMetrics: Sendable {
  #if Metrics
    private let replies: Counter
    private let pushes: Counter
    private let timeouts: Counter
    private let opened: Counter
    private let lost: Counter
    private let failures: Counter

    /// Nil if nothing is to be counted.
    init?(_ configuration: ClientConfiguration) {
      guard configuration.metrics else { return nil }
      let name = [("client", configuration.clientName ?? "")]
      replies = Counter(label: "martlet_client_replies_total", dimensions: name)
      pushes = Counter(label: "martlet_client_pushes_total", dimensions: name)
      timeouts = Counter(label: "martlet_client_timeouts_total", dimensions: name)
      opened = Counter(label: "martlet_client_connections_opened_total", dimensions: name)
      lost = Counter(label: "martlet_client_connections_lost_total", dimensions: name)
      failures = Counter(label: "martlet_client_connection_failures_total", dimensions: name)
    }

    func received(replies count: Int) { replies.increment(by: count) }
    func receivedPush() { pushes.increment() }
    func timedOut(_ count: Int) { timeouts.increment(by: count) }
    func connectionOpened() { opened.increment() }
    func connectionLost() { lost.increment() }
    func connectionFailed() { failures.increment() }
  #else
    init?(_ configuration: ClientConfiguration) { return nil }
    func received(replies count: Int) {}
    func receivedPush() {}
    func timedOut(_ count: Int) {}
    func connectionOpened() {}
    func connectionLost() {}
    func connectionFailed() {}
  #endif
}
