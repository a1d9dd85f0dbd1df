import CMartlet

/// The time, handed in. Tests and simulators have clocks of their own.
public protocol Clock {
  func unixMilliseconds() -> Int64
  func unixMicroseconds() -> Int64
  /// How many ticks of the processor's counter pass in 1,024 nanoseconds.
  var ticksPerKibinanosecond: UInt64 { get }
}

/// The machine's clock.
public struct SystemClock: Clock {
  public let ticksPerKibinanosecond: UInt64

  public init() {
    // The counter is held against the monotonic clock for some milliseconds.
    let begin = Self.monotonicNanoseconds()
    let firstTicks = martlet_ticks()
    var now = begin
    while now - begin < 5_000_000 { now = Self.monotonicNanoseconds() }
    let ticks = martlet_ticks() &- firstTicks
    ticksPerKibinanosecond = max(1, ticks * 1024 / UInt64(now - begin))
  }

  private static func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  public func unixMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  public func unixMilliseconds() -> Int64 { unixMicroseconds() / 1000 }
}
