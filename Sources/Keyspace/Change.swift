import Memory

/// The classes of change events, with the letters of `notify-keyspace-events`.
package struct EventClass: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A change that no notification tells of.
  package static var silent: EventClass { EventClass(rawValue: 0) }
  /// K: published to `__keyspace@<db>__:<key>`.
  package static var keyspace: EventClass { EventClass(rawValue: 1 << 0) }
  /// E: published to `__keyevent@<db>__:<event>`.
  package static var keyevent: EventClass { EventClass(rawValue: 1 << 1) }
  package static var generic: EventClass { EventClass(rawValue: 1 << 2) }  // g
  package static var string: EventClass { EventClass(rawValue: 1 << 3) }  // $
  package static var list: EventClass { EventClass(rawValue: 1 << 4) }  // l
  package static var set: EventClass { EventClass(rawValue: 1 << 5) }  // s
  package static var hash: EventClass { EventClass(rawValue: 1 << 6) }  // h
  package static var sortedSet: EventClass { EventClass(rawValue: 1 << 7) }  // z
  package static var expired: EventClass { EventClass(rawValue: 1 << 8) }  // x
  package static var evicted: EventClass { EventClass(rawValue: 1 << 9) }  // e
  package static var stream: EventClass { EventClass(rawValue: 1 << 10) }  // t
  package static var keyMiss: EventClass { EventClass(rawValue: 1 << 11) }  // m
  package static var module: EventClass { EventClass(rawValue: 1 << 13) }  // d
  package static var new: EventClass { EventClass(rawValue: 1 << 14) }  // n
  package static var array: EventClass { EventClass(rawValue: 1 << 15) }  // a

  /// Expiry and eviction, which are no command's doing. Bits, for the hot path.
  @inline(__always) static var happensByItselfBits: UInt32 { 1 << 8 | 1 << 9 }

  /// A: everything but misses and new keys.
  package static let all: EventClass = [
    .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module, .array,
  ]
}

/// One event of the keyspace. All that follows from a change hangs on this: keyspace notifications
/// and WATCH today; blocked clients, client-side caching, the append-only file, replicas and the change feed
/// take the same path.
package struct Change {
  package let database: Int
  package let key: Bytes
  package let eventClass: EventClass
  /// What a subscriber sees: `set`, `del`, `expired` …
  package let event: StaticString
  /// False for an event that tells of no change, such as a miss.
  package let isModification: Bool
}

/// Who wants to hear of changes. While nobody does, a change costs one comparison.
package struct ChangeInterest: OptionSet {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static var notifications: ChangeInterest { ChangeInterest(rawValue: 1) }
  package static var blocked: ChangeInterest { ChangeInterest(rawValue: 4) }
  package static var watchers: ChangeInterest { ChangeInterest(rawValue: 2) }
  /// Commands that change something are sent on to a file or to replicas.
  package static var propagation: ChangeInterest { ChangeInterest(rawValue: propagationBit) }
  /// Clients keep copies of keys.
  package static var tracking: ChangeInterest { ChangeInterest(rawValue: trackingBit) }

  /// Changes are kept for those who may ask for them later.
  package static var feed: ChangeInterest { ChangeInterest(rawValue: feedBit) }
  /// Keys are not to be changed for a while.
  package static var held: ChangeInterest { ChangeInterest(rawValue: 64) }

  // For the hot path, where option sets cost unless the optimiser sees through them.
  @inline(__always) package static var propagationBit: UInt8 { 8 }
  @inline(__always) package static var trackingBit: UInt8 { 16 }
  @inline(__always) package static var feedBit: UInt8 { 32 }
}
