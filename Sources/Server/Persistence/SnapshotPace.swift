/// How much of the executor's time a snapshot takes.
///
/// While there are commands it is an eighth, in slices of at most a millisecond; what the commands had saved before they
/// changed it is counted in. The pause between two batches of commands is no idleness: who comes then should not find
/// the executor at work. So all of the time is taken only when nobody came for a millisecond, and then in slices so short
/// that it does not matter.
struct SnapshotPace {
  private static let share: Int64 = 8
  /// In microseconds, as all of these.
  private static let shortestSlice: Int64 = 25
  private static let longestSlice: Int64 = 1000
  private static let quietSlice: Int64 = 100
  private static let quietAfter: Int64 = 1000

  private let microsecond: Int64
  /// Ticks that the snapshot may take; less than 0: it took more than its share.
  private var credit: Int64 = 0
  private var lastEnd: UInt64
  private var lastCommand: UInt64
  private var commands = 0
  private var keys = 0
  private var ticksPerKey: Int64 = 0
  /// Whether nobody wants the executor.
  private(set) var isQuiet = false

  init(now: UInt64, ticksPerMicrosecond: UInt64) {
    microsecond = max(1, Int64(ticksPerMicrosecond))
    lastEnd = now
    lastCommand = now
  }

  /// How long the next slice may be, in ticks; 0: not now.
  ///
  /// - Parameters:
  ///   - commands: executed so far.
  ///   - keys: saved so far.
  mutating func slice(now: UInt64, commands: Int, keys: Int) -> UInt64 {
    if commands != self.commands {
      self.commands = commands
      lastCommand = now
    }
    let others = Int64(bitPattern: now &- lastEnd)
    let savedForOthers = Int64(keys - self.keys) * ticksPerKey
    lastEnd = now
    self.keys = keys
    isQuiet = Int64(bitPattern: now &- lastCommand) > Self.quietAfter * microsecond
    if isQuiet {
      credit = 0
      return UInt64(Self.quietSlice * microsecond)
    }
    credit += others / (Self.share - 1) - savedForOthers
    credit = min(max(credit, -Self.longestSlice * microsecond), Self.longestSlice * microsecond)
    return credit >= Self.shortestSlice * microsecond ? UInt64(credit) : 0
  }

  /// The slice is over.
  mutating func ended(now: UInt64, keys: Int) {
    let spent = Int64(bitPattern: now &- lastEnd)
    if !isQuiet { credit -= spent }
    if keys > self.keys {
      let each = spent / Int64(keys - self.keys)
      ticksPerKey = ticksPerKey == 0 ? each : (ticksPerKey * 7 + each) / 8
    }
    lastEnd = now
    self.keys = keys
  }
}
