import Keyspace
import Memory
import Structures

extension RDBWriter {
  /// The type under which a value is saved.
  package static func type(of entry: Entry) -> RDB.ValueType {
    switch entry.valueType {
    case .string: .string
    case .hash: hashType(entry)
    case .set: setType(entry)
    default: preconditionFailure("a type that is not saved yet")
    }
  }

  /// Writes a value without its type.
  ///
  /// - Parameter now: fields of hashes that died before it are left out.
  package mutating func value(_ entry: Entry, now: Int64) {
    switch entry.valueType {
    case .string: string(entry)
    case .hash: hash(entry, now: now)
    case .set: set(entry)
    default: preconditionFailure("a type that is not saved yet")
    }
  }

  /// Writes a key with everything that belongs to it.
  package mutating func record(_ entry: Entry, now: Int64, usage: RecordedUsage) {
    recordHead(entry, usage: usage)
    value(entry, now: now)
  }

  /// Writes all that stands before a key's value.
  package mutating func recordHead(_ entry: Entry, usage: RecordedUsage) {
    if let time = entry.expiresAt {
      opcode(.expireMilliseconds)
      integer(time)
    }
    switch usage {
    case .none: break
    case .idle(let clock):
      opcode(.idle)
      length(Int(clock.idleMilliseconds(entry) / 1000))
    case .frequency(let clock):
      opcode(.frequency)
      byte(UInt8(truncatingIfNeeded: clock.frequency(entry)))
    }
    type(Self.type(of: entry))
    string(entry.key)
  }

  /// What is saved of how a key was used: what the eviction policy will ask for.
  package enum RecordedUsage {
    case none
    case idle(AccessClock)
    case frequency(AccessClock)

    package init(_ keyspace: borrowing Keyspace) {
      let policy = keyspace.eviction.policy
      if policy.usesFrequency {
        self = .frequency(keyspace.accessClock)
      } else if policy == .allKeysLRU || policy == .volatileLRU || policy.countsWritesOnly {
        self = .idle(keyspace.accessClock)
      } else {
        self = .none
      }
    }
  }

  // MARK: Strings

  @inline(__always)
  private mutating func string(_ entry: Entry) { string(StringValue(entry)) }

  @inline(__always)
  mutating func string(_ value: StringValue) {
    switch value {
    case .bytes(let bytes): string(bytes)
    case .integer(let number): string(number)
    case .blob(let blob): string(blob)
    }
  }

  // MARK: Hashes

  private static func hashType(_ entry: Entry) -> RDB.ValueType {
    switch HashValue.stored(entry) {
    case .listpack: .hashListpack
    case .timedListpack(_, let soonest): soonest == 0 ? .hash : .hashTimedListpack
    case .table: HashValue.soonestDeadline(entry) == nil ? .hash : .hashTimed
    }
  }

  private mutating func hash(_ entry: Entry, now: Int64) {
    switch HashValue.stored(entry) {
    case .listpack(let bytes): string(bytes)
    case .timedListpack(let bytes, let soonest):
      if soonest == 0 { return fields(entry, now: now) }
      integer(soonest)
      string(bytes)
    case .table:
      guard let soonest = HashValue.soonestDeadline(entry) else { return fields(entry, now: now) }
      timedFields(entry, soonest: soonest)
    }
  }

  private mutating func fields(_ entry: Entry, now: Int64) {
    length(HashValue.count(entry, now: now))
    HashValue.forEach(entry, now: now) { field in
      string(field.name)
      string(field.value)
    }
  }

  /// Deadlines are written as distances from the soonest, plus one; 0 is none. Fields that died, but were not removed
  /// yet, are written too: whoever loads them drops them.
  private mutating func timedFields(_ entry: Entry, soonest: Int64) {
    integer(soonest)
    length(HashValue.count(entry))
    HashValue.forEachWithDeadline(entry, now: .min) { field, deadline in
      length(deadline == 0 ? 0 : UInt64(deadline - soonest) + 1)
      string(field.name)
      string(field.value)
    }
  }

  // MARK: Sets

  private static func setType(_ entry: Entry) -> RDB.ValueType {
    if case .intset = SetValue.stored(entry) { return .setIntset }
    // Redis 7.0 does not know sets in listpacks.
    return .set
  }

  private mutating func set(_ entry: Entry) {
    if case .intset(let bytes) = SetValue.stored(entry) { return string(bytes) }
    length(SetValue.count(entry))
    SetValue.forEach(entry) { string($0) }
  }
}
