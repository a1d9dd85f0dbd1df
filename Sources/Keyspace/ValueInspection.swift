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
    case .set: return SetValue.table(entry).pointee.chainLengths()
    case .string, .list, .stream: return nil
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

  /// The nodes of a list that is more than one listpack: how many there are, and their bytes before compression.
  package static func nodes(_ entry: Entry) -> (count: Int, bytes: Int)? {
    guard entry.valueEncoding == .quicklist else { return nil }
    var bytes = 0
    ListValue.forEachStoredNode(entry) { node in
      switch node {
      case .listpack(let own), .plain(let own): bytes += own.count
      case .compressed(_, let original, _): bytes += original
      }
    }
    return (ListValue.storedNodeCount(entry), bytes)
  }

  /// Number of elements of a list.
  package static func listCount(_ entry: Entry) -> Int { ListValue.count(entry) }
}
