/// For how long what a read brings is kept in memory, if it can be.
@usableFromInline
enum Keeping: Sendable, Equatable {
  case configured
  /// Instead of what is configured.
  case limited(TimeToLive)
  case never
}

/// From when to when an entry may be used, by what was configured and what the server knows. Plain arithmetic.
struct LifetimePolicy: Sendable {
  var nearTTL: TimeToLive?
  var untrackedTTL: TimeToLive
  var nilTTL: TimeToLive?
  var ttl: TimeToLive?
  var eagerAfter: Double?
  var staleMilliseconds: Int64
  var failSafeMilliseconds: Int64

  init(_ configuration: CacheConfiguration, hasLoader: Bool) {
    nearTTL = configuration.nearTTL
    untrackedTTL = configuration.untrackedTTL
    nilTTL = configuration.nilTTL
    ttl = configuration.ttl
    // Nothing can be fresher than what the server says, without somebody to make it.
    eagerAfter = hasLoader ? configuration.refresh.eagerAfter.map { min(max($0, 0), 1) } : nil
    staleMilliseconds = max(0, configuration.refresh.staleWhileRevalidate?.milliseconds ?? 0)
    failSafeMilliseconds = max(0, configuration.refresh.failSafe?.milliseconds ?? 0)
  }

  /// Values outlive their time on the server only if somebody may want them then; if so they carry it themselves.
  var outlivesItsTime: Bool { staleMilliseconds > 0 || failSafeMilliseconds > 0 }

  /// How long a value is right, and how long the server keeps it; nil for ever.
  func serverTimes(isNil: Bool, random: Double) -> (fresh: Int64, kept: Int64)? {
    guard let ttl = isNil ? nilTTL ?? .seconds(1) : ttl else { return nil }
    let fresh = ttl.milliseconds(random: random)
    return (fresh, isNil ? fresh : fresh.clampedAdd(max(staleMilliseconds, failSafeMilliseconds)))
  }

  /// Whether a value is so old that it is time to load another, though it is right still.
  func isRefreshDue(remaining: Int64?) -> Bool {
    guard let eagerAfter, let ttl, let remaining else { return false }
    return Double(remaining) <= (1 - eagerAfter) * Double(ttl.duration.milliseconds)
  }

  /// - Parameters:
  ///   - remaining: how long the value is right by the server's knowledge, from now on; nil for ever.
  ///   - isTracked: whether the server will say when it changes.
  ///   - keeping: what the read asked for.
  /// - Returns: nil if it is not to be kept.
  func near(
    remaining: Int64?, isNil: Bool, isTracked: Bool, keeping: Keeping = .configured, now: Int64, random: Double
  ) -> Lifetime? {
    let limit: TimeToLive?
    switch keeping {
    case .configured: limit = nearTTL
    case .limited(let given): limit = given
    case .never: return nil
    }
    var time = remaining ?? .max
    if let limit { time = min(time, limit.milliseconds(random: random)) }
    if isNil {
      guard let nilTTL else { return Lifetime(eagerAt: now, freshUntil: now, staleUntil: now, keptUntil: now) }
      time = min(time, nilTTL.milliseconds(random: random))
    }
    if !isTracked { time = min(time, untrackedTTL.milliseconds(random: random)) }

    let freshUntil = now.clampedAdd(time)
    guard !isNil else { return Lifetime(freshUntil: freshUntil, staleUntil: freshUntil, keptUntil: freshUntil) }
    let staleUntil = freshUntil.clampedAdd(staleMilliseconds)
    var lifetime = Lifetime(
      freshUntil: freshUntil, staleUntil: staleUntil,
      keptUntil: max(staleUntil, freshUntil.clampedAdd(failSafeMilliseconds)))
    if let eagerAfter, let ttl, let remaining {
      let last = Int64(((1 - eagerAfter) * Double(ttl.duration.milliseconds)).rounded())
      lifetime.eagerAt = now.clampedAdd(max(0, remaining - last))
    }
    return lifetime
  }
}

extension Int64 {
  /// The sum, or what comes nearest to it.
  func clampedAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }
}
