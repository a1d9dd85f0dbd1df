import Keyspace
import Memory
import Structures

extension RDBWriter {
  /// The type under which a value is saved.
  public static func type(of entry: Entry) -> RDB.ValueType {
    switch entry.valueType {
    case .string: return .string
    case .list: return .listQuicklist2
    case .set:
      if case .intset = SetValue.stored(entry) { return .setIntset }
      // Redis 7.0 does not know sets in listpacks.
      return .set
    case .sortedSet:
      if case .listpack = SortedSetValue.stored(entry) { return .sortedSetListpack }
      return .sortedSet
    case .hash: return hashType(entry)
    case .stream: return .stream2
    case .array: return .array
    }
  }

  private static func hashType(_ entry: Entry) -> RDB.ValueType {
    switch HashValue.stored(entry) {
    case .listpack: .hashListpack
    case .timedListpack(_, let soonest): soonest == 0 ? .hash : .hashTimedListpack
    case .table: HashValue.soonestDeadline(entry) == nil ? .hash : .hashTimed
    }
  }

  /// Writes a value without its type.
  public mutating func value(_ entry: Entry) {
    switch entry.valueType {
    case .string: return string(StringValue(entry))
    case .hash:
      if hashBytes(entry) { return }
    case .set:
      if case .intset(let bytes) = SetValue.stored(entry) { return string(bytes) }
    case .sortedSet:
      if case .listpack(let bytes) = SortedSetValue.stored(entry) { return string(bytes) }
    case .list, .stream, .array: break
    }
    var parts = ValueParts(entry)
    while !parts.writePart(to: &self) {}
  }

  /// A small hash as the bytes that it consists of; false if it must be written field by field.
  private mutating func hashBytes(_ entry: Entry) -> Bool {
    switch HashValue.stored(entry) {
    case .listpack(let bytes): string(bytes)
    case .timedListpack(let bytes, let soonest):
      if soonest == 0 { return false }
      integer(soonest)
      string(bytes)
    case .table: return false
    }
    return true
  }

  @inline(__always)
  mutating func string(_ value: StringValue) {
    switch value {
    case .bytes(let bytes): string(bytes)
    case .integer(let number): string(number)
    case .blob(let blob): string(blob)
    }
  }

  /// Writes a key with everything that belongs to it.
  public mutating func record(_ entry: Entry, usage: RecordedUsage) {
    recordHead(entry, usage: usage)
    value(entry)
  }

  /// Writes all that stands before a key's value.
  public mutating func recordHead(_ entry: Entry, usage: RecordedUsage) {
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
  public enum RecordedUsage {
    case none
    case idle(AccessClock)
    case frequency(AccessClock)

    public init(_ keyspace: borrowing Keyspace) {
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
}
