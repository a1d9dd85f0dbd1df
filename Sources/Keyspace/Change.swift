import Memory

/// The classes of change events, with the letters of `notify-keyspace-events`.
public struct EventClass: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A change that no notification tells of.
  public static var silent: EventClass { EventClass(rawValue: 0) }
  /// K: published to `__keyspace@<db>__:<key>`.
  public static var keyspace: EventClass { EventClass(rawValue: 1 << 0) }
  /// E: published to `__keyevent@<db>__:<event>`.
  public static var keyevent: EventClass { EventClass(rawValue: 1 << 1) }
  public static var generic: EventClass { EventClass(rawValue: 1 << 2) }  // g
  public static var string: EventClass { EventClass(rawValue: 1 << 3) }  // $
  public static var list: EventClass { EventClass(rawValue: 1 << 4) }  // l
  public static var set: EventClass { EventClass(rawValue: 1 << 5) }  // s
  public static var hash: EventClass { EventClass(rawValue: 1 << 6) }  // h
  public static var sortedSet: EventClass { EventClass(rawValue: 1 << 7) }  // z
  public static var expired: EventClass { EventClass(rawValue: 1 << 8) }  // x
  public static var evicted: EventClass { EventClass(rawValue: 1 << 9) }  // e
  public static var stream: EventClass { EventClass(rawValue: 1 << 10) }  // t
  public static var keyMiss: EventClass { EventClass(rawValue: 1 << 11) }  // m
  public static var module: EventClass { EventClass(rawValue: 1 << 13) }  // d
  public static var new: EventClass { EventClass(rawValue: 1 << 14) }  // n
  public static var array: EventClass { EventClass(rawValue: 1 << 15) }  // a

  /// Expiry and eviction, which are no command's doing. Bits, for the hot path.
  @inline(__always) static var happensByItselfBits: UInt32 { 1 << 8 | 1 << 9 }

  /// A: everything but misses and new keys.
  public static let all: EventClass = [
    .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module, .array,
  ]
}

/// One event of the keyspace. All that follows from a change hangs on this: keyspace notifications
/// and WATCH today; blocked clients, client-side caching, the append-only file, replicas and the change feed
/// take the same path.
public struct Change {
  public let database: Int
  public let key: Bytes
  public let eventClass: EventClass
  /// What a subscriber sees: `set`, `del`, `expired` …
  public let event: StaticString
  /// False for an event that tells of no change, such as a miss.
  public let isModification: Bool
}

/// Who wants to hear of changes. While nobody does, a change costs one comparison.
public struct ChangeInterest: OptionSet {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static var notifications: ChangeInterest { ChangeInterest(rawValue: 1) }
  public static var blocked: ChangeInterest { ChangeInterest(rawValue: 4) }
  public static var watchers: ChangeInterest { ChangeInterest(rawValue: 2) }
  /// Commands that change something are sent on to a file or to replicas.
  public static var propagation: ChangeInterest { ChangeInterest(rawValue: propagationBit) }
  /// Clients keep copies of keys.
  public static var tracking: ChangeInterest { ChangeInterest(rawValue: trackingBit) }

  /// Changes are kept for those who may ask for them later.
  public static var feed: ChangeInterest { ChangeInterest(rawValue: feedBit) }
  /// Keys are not to be changed for a while.
  public static var held: ChangeInterest { ChangeInterest(rawValue: 64) }

  // For the hot path, where option sets cost unless the optimiser sees through them.
  @inline(__always) public static var propagationBit: UInt8 { 8 }
  @inline(__always) public static var trackingBit: UInt8 { 16 }
  @inline(__always) public static var feedBit: UInt8 { 32 }
}
