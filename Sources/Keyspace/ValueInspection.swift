import Memory
import Structures

// What DEBUG shows of how values lie in memory.

extension Value {
  /// Of a value that is kept in a hash table: how many chains have 0, 1, 2 … elements.
  package static func chainLengths(_ entry: Entry) -> [Int]? {
    guard entry.valueEncoding == .table || entry.valueEncoding == .skiplist else { return nil }
    switch entry.valueType {
    case .hash: return HashValue.table(entry).pointee.table.chainLengths()
    case .sortedSet: return SortedSetValue.table(entry).pointee.table.chainLengths()
    case .string, .list, .set, .stream: return nil
    }
  }

  /// Of a value that is one listpack: a line about the whole, and one for each element.
  package static func describeListpack(_ entry: Entry) -> [String]? {
    guard entry.valueEncoding == .listpack else { return nil }
    let list: Listpack
    if case .hash = entry.valueType, case .timed(let timed) = HashValue.form(entry) {
      list = timed.pointee.list
    } else {
      list = Listpack(address: entry.pointer)
    }
    var lines = ["{total bytes \(list.byteCount)} {num entries \(list.count)}"]
    var at = list.first
    while let position = at {
      switch list.value(position) {
      case .integer(let number): lines.append("{\(position)} integer: \(number)")
      case .bytes(let bytes): lines.append("{\(position)} string: \(bytes.string)")
      }
      at = list.next(position)
    }
    return lines
  }

  /// What DEBUG OBJECT adds for some encodings, with a blank before it.
  package static func details(_ entry: Entry) -> String { "" }

  /// Bytes that the value takes in an RDB file, roughly: without compression, and of tables what they take in memory.
  package static func serializedCount(_ entry: Entry) -> Int {
    func prefixed(_ count: Int) -> Int { count + (count < 64 ? 1 : count < 16384 ? 2 : 5) }
    guard entry.isString else {
      return entry.valueEncoding == .listpack
        ? prefixed(Listpack(address: entry.pointer).byteCount) : memoryUsage(entry, samples: 5)
    }
    guard case .integer(let number) = StringValue(entry), number == Int64(Int32(truncatingIfNeeded: number)) else {
      return prefixed(StringValue(entry).count)
    }
    return number == Int64(Int8(truncatingIfNeeded: number))
      ? 2 : number == Int64(Int16(truncatingIfNeeded: number)) ? 3 : 5
  }
}
