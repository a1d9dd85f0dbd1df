import Memory
import Structures

// What DEBUG shows of how values lie in memory.

extension Value {
  /// Of a value that is kept in a hash table: how many chains have 0, 1, 2 … elements.
  public static func chainLengths(_ entry: Entry) -> [Int]? {
    guard entry.valueEncoding == .table || entry.valueEncoding == .skiplist else { return nil }
    switch entry.valueType {
    case .hash: return HashValue.table(entry).pointee.table.chainLengths()
    case .sortedSet: return SortedSetValue.table(entry).pointee.table.chainLengths()
    case .set: return SetValue.table(entry).pointee.chainLengths()
    case .string, .list, .stream, .array: return nil
    }
  }

  /// Of a value that is one listpack: a line about the whole, and one for each element.
  public static func describeListpack(_ entry: Entry) -> [String]? {
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
  public static func details(_ entry: Entry) -> String {
    switch entry.valueType {
    case .list: ListValue.details(entry)
    case .string, .hash, .set, .sortedSet, .stream, .array: ""
    }
  }
}

extension ListValue {
  fileprivate static func details(_ entry: Entry) -> String {
    guard case .quicklist(let list) = form(entry) else { return "" }
    var isCompressed = false
    var bytes = 0
    for i in 0..<storedNodeCount(entry) {
      switch storedNode(entry, at: i) {
      case .listpack(let node), .plain(let node): bytes += node.count
      case .compressed(_, let originalCount, _):
        isCompressed = true
        bytes += originalCount
      }
    }
    let nodes = list.pointee.nodeCount
    // To two decimals.
    let hundredths = (list.pointee.count * 100 + nodes / 2) / max(1, nodes)
    let average = "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    return
      " ql_nodes:\(nodes) ql_avg_node:\(average) ql_compressed:\(isCompressed ? 1 : 0) ql_uncompressed_size:\(bytes)"
  }
}
