import Memory

/// The classes of change events, with the letters of `notify-keyspace-events`.
package struct EventClass: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// K: published to `__keyspace@<db>__:<key>`.
  package static let keyspace = EventClass(rawValue: 1 << 0)
  /// E: published to `__keyevent@<db>__:<event>`.
  package static let keyevent = EventClass(rawValue: 1 << 1)
  package static let generic = EventClass(rawValue: 1 << 2)  // g
  package static let string = EventClass(rawValue: 1 << 3)  // $
  package static let list = EventClass(rawValue: 1 << 4)  // l
  package static let set = EventClass(rawValue: 1 << 5)  // s
  package static let hash = EventClass(rawValue: 1 << 6)  // h
  package static let sortedSet = EventClass(rawValue: 1 << 7)  // z
  package static let expired = EventClass(rawValue: 1 << 8)  // x
  package static let evicted = EventClass(rawValue: 1 << 9)  // e
  package static let stream = EventClass(rawValue: 1 << 10)  // t
  package static let keyMiss = EventClass(rawValue: 1 << 11)  // m
  package static let module = EventClass(rawValue: 1 << 13)  // d
  package static let new = EventClass(rawValue: 1 << 14)  // n

  /// A: everything but misses and new keys.
  package static let all: EventClass = [
    .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module,
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
  package static let notifications = ChangeInterest(rawValue: 1)
  package static let watchers = ChangeInterest(rawValue: 2)
}
