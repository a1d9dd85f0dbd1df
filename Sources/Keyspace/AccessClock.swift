import Structures

/// The 32 bits of an entry that eviction judges by.
///
/// LRU and LRM: the time of the last access (or change) in units of 16 ms, which wraps after two
/// years. Redis counts seconds there; within a second its LRU is blind.
///
/// LFU: 16 bits of minutes when the counter was last lowered, 8 bits of a logarithmic counter, as
/// Redis defines them (OBJECT FREQ shows the counter).
public struct AccessClock {
  public enum Kind { case recency, frequency }

  /// New keys start here, so that they are not evicted before they could be read.
  public static let initialFrequency: UInt32 = 5

  public var kind = Kind.recency
  public var logFactor = 10
  public var decayMinutes = 1
  /// The present time as LRU counts it.
  public private(set) var recencyNow: UInt32 = 0
  public private(set) var minutesNow: UInt32 = 0

  public init() {}

  public mutating func update(milliseconds: Int64) {
    recencyNow = UInt32(truncatingIfNeeded: milliseconds >> 4)
    minutesNow = UInt32(truncatingIfNeeded: milliseconds / 60000) & 0xffff
  }

  /// What a new entry gets.
  @inline(__always)
  public var initial: UInt32 {
    kind == .recency ? recencyNow : minutesNow << 8 | Self.initialFrequency
  }

  /// Notes an access.
  @inline(__always)
  public func touch(_ entry: Entry, _ random: inout SmallRandom) {
    if kind == .recency {
      entry.accessClock = recencyNow
    } else {
      touchFrequency(entry, &random)
    }
  }

  private func touchFrequency(_ entry: Entry, _ random: inout SmallRandom) {
    var counter = frequency(entry)
    if counter < 255 {
      let base = counter > Self.initialFrequency ? counter - Self.initialFrequency : 0
      let chance = 1 / (Double(base) * Double(logFactor) + 1)
      if Double(random.next() >> 11) * 0x1p-53 < chance { counter += 1 }
    }
    entry.accessClock = minutesNow << 8 | counter
  }

  /// The LFU counter with the decay that is due.
  public func frequency(_ entry: Entry) -> UInt32 {
    let counter = entry.accessClock & 0xff
    guard decayMinutes > 0 else { return counter }
    let elapsed = (minutesNow &- entry.accessClock >> 8) & 0xffff
    let periods = elapsed / UInt32(decayMinutes)
    return periods > counter ? 0 : counter - periods
  }

  /// Milliseconds since the last access, as LRU knows it.
  public func idleMilliseconds(_ entry: Entry) -> Int64 {
    Int64(recencyNow &- entry.accessClock) << 4
  }

  /// The clock of an entry that was last used `milliseconds` ago.
  public func clock(idleMilliseconds: Int64) -> UInt32 {
    recencyNow &- UInt32(truncatingIfNeeded: idleMilliseconds >> 4)
  }

  public func clock(frequency: UInt32) -> UInt32 { minutesNow << 8 | frequency & 0xff }
}

/// SplitMix64: random enough for samples and counters, and seeded, so that tests can repeat a run.
/// Nothing that an attacker must not guess is drawn from it.
public struct SmallRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z &>> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z &>> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z &>> 31
  }
}
