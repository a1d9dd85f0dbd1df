import Keyspace
import Memory
import Structures

/// A large value that is saved in parts. It does not change meanwhile.
struct LargeValue {
  private enum Place {
    case begin
    case hash(cursor: UInt64, soonest: Int64?)
    case set(cursor: UInt64)
  }

  /// Chains of a table that make a part.
  private static let chainsPerPart = 8

  let entry: Entry
  private var place = Place.begin

  init(_ entry: Entry) { self.entry = entry }

  /// Writes a part of the value, some hundred elements at most. True after the last.
  mutating func writePart(to writer: inout RDBWriter) -> Bool {
    switch place {
    case .begin: return begin(&writer)
    case .hash(let cursor, let soonest): return writeFields(cursor, soonest, &writer)
    case .set(let cursor): return writeMembers(cursor, &writer)
    }
  }

  private mutating func begin(_ writer: inout RDBWriter) -> Bool {
    switch entry.valueType {
    case .hash where entry.valueEncoding == .table:
      let soonest = HashValue.soonestDeadline(entry)
      if let soonest { writer.integer(soonest) }
      writer.length(HashValue.count(entry))
      place = .hash(cursor: 0, soonest: soonest)
      return false
    case .set where entry.valueEncoding == .table:
      writer.length(SetValue.count(entry))
      place = .set(cursor: 0)
      return false
    default:
      writer.value(entry, now: .min)
      return true
    }
  }

  private mutating func writeFields(_ start: UInt64, _ soonest: Int64?, _ writer: inout RDBWriter) -> Bool {
    var cursor = start
    for _ in 0..<Self.chainsPerPart {
      cursor = HashValue.scanStored(entry, cursor) { field, deadline in
        if let soonest { writer.length(deadline == 0 ? 0 : UInt64(deadline - soonest) + 1) }
        writer.string(field.name)
        writer.string(field.value)
      }
      if cursor == 0 { return true }
    }
    place = .hash(cursor: cursor, soonest: soonest)
    return false
  }

  private mutating func writeMembers(_ start: UInt64, _ writer: inout RDBWriter) -> Bool {
    var cursor = start
    for _ in 0..<Self.chainsPerPart {
      cursor = SetValue.scan(entry, cursor) { writer.string($0) }
      if cursor == 0 { return true }
    }
    place = .set(cursor: cursor)
    return false
  }
}
