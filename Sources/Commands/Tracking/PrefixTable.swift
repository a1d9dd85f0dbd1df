import Memory
import Structures

/// The prefixes that clients in BCAST mode follow, and the keys below them that were changed in this turn.
///
/// Prefixes lie in an array, sorted, each knowing the longest other one that begins it: a tree that needs no nodes of
/// its own. Those that begin a key are found from the last prefix that is not greater than it: every prefix of the key
/// stands before it and begins it, too, so all of them lie on its way to the root.
public struct PrefixTable: ~Copyable {
  public typealias Client = TrackingTable.Client

  /// A prefix that somebody follows.
  public final class Prefix {
    public let bytes: ByteString
    public fileprivate(set) var clients: [Client] = []
    /// The longest other prefix that begins this one.
    fileprivate unowned(unsafe) var parent: Prefix?
    /// Indices of changes.
    fileprivate var changes: [Int32] = []

    fileprivate init(_ bytes: ByteString) { self.bytes = bytes }

    fileprivate func begins(_ key: Bytes) -> Bool { bytes.withBytes { key.hasPrefix($0) } }
  }

  fileprivate struct Change {
    let offset: Int
    let count: Int
    /// Who made it; 0: the server.
    var origin: UInt64
  }

  private var sorted: [Prefix] = []
  private var changes: [Change] = []
  /// The keys of all changes, one after the other.
  private var keys: [UInt8] = []

  public init() {}

  public var count: Int { sorted.count }
  public var isEmpty: Bool { sorted.isEmpty }
  public var hasChanges: Bool { !changes.isEmpty }

  // MARK: Prefixes

  /// The index of the first prefix that is greater than `key`.
  private func end(of key: Bytes) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].bytes.withBytes({ $0.compare(key) }) <= 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The longest prefix that begins `key`, or is it.
  private func longest(for key: Bytes) -> Prefix? {
    let end = end(of: key)
    guard end > 0 else { return nil }
    var prefix: Prefix? = sorted[end - 1]
    while let candidate = prefix, !candidate.begins(key) { prefix = candidate.parent }
    return prefix
  }

  /// Lets a client follow a prefix. False if it does already.
  public mutating func insert(_ bytes: Bytes, _ client: Client) -> Bool {
    let before = longest(for: bytes)
    if let before, before.bytes.bytes.count == bytes.count {
      if before.clients.contains(client) { return false }
      before.clients.append(client)
      return true
    }
    let prefix = Prefix(ByteString(bytes))
    prefix.parent = before
    prefix.clients = [client]
    var at = end(of: bytes)
    sorted.insert(prefix, at: at)
    // Those that it begins follow it directly.
    at += 1
    while at < sorted.count, sorted[at].bytes.withBytes({ $0.hasPrefix(bytes) }) {
      if sorted[at].parent === before { sorted[at].parent = prefix }
      at += 1
    }
    return true
  }

  /// Lets a client follow a prefix no more.
  public mutating func remove(_ bytes: Bytes, _ client: Client) {
    let end = end(of: bytes)
    guard end > 0 else { return }
    let prefix = sorted[end - 1]
    guard prefix.bytes.withBytes({ $0.equals(bytes) }) else { return }
    prefix.clients.removeAll { $0 == client }
    guard prefix.clients.isEmpty else { return }
    sorted.remove(at: end - 1)
    var at = end - 1
    while at < sorted.count, sorted[at].bytes.withBytes({ $0.hasPrefix(bytes) }) {
      if sorted[at].parent === prefix { sorted[at].parent = prefix.parent }
      at += 1
    }
  }

  // MARK: Changes

  /// Notes that a key was changed, if somebody follows it.
  public mutating func note(_ key: Bytes, origin: UInt64) {
    guard let longest = longest(for: key) else { return }
    // A loop over one key is one change.
    if let last = changes.last, key.equals(view(last)) {
      changes[changes.count - 1].origin = origin
      return
    }
    changes.append(Change(offset: keys.count, count: key.count, origin: origin))
    keys.append(contentsOf: key.buffer)
    var prefix: Prefix? = longest
    while let current = prefix {
      current.changes.append(Int32(truncatingIfNeeded: changes.count - 1))
      prefix = current.parent
    }
  }

  private func view(_ change: Change) -> ArraySlice<UInt8> { keys[change.offset..<change.offset + change.count] }

  /// Forgets all changes and hands them over.
  public mutating func takeChanges() -> Changes {
    let taken = Changes(changes: changes, keys: keys, prefixes: sorted.filter { !$0.changes.isEmpty })
    changes = []
    keys = []
    return taken
  }

  /// What was changed in a turn.
  public struct Changes {
    fileprivate let changes: [Change]
    fileprivate let keys: [UInt8]
    fileprivate let prefixes: [Prefix]

    /// Visits, prefix by prefix in their order, the keys that were changed, each once and sorted, with who changed it
    /// last.
    public func forEach(_ visit: (_ clients: [Client], [(key: Bytes, origin: UInt64)]) -> Void) {
      keys.withUnsafeBytes { keys in
        for prefix in prefixes { visit(prefix.clients, takeSorted(prefix, keys)) }
      }
    }

    private func takeSorted(_ prefix: Prefix, _ keys: UnsafeRawBufferPointer) -> [(key: Bytes, origin: UInt64)] {
      var all = prefix.changes.map { index in
        let change = changes[Int(index)]
        let key = UnsafeRawBufferPointer(rebasing: keys[change.offset..<change.offset + change.count])
        return (key: Bytes(key), origin: change.origin, index: index)
      }
      prefix.changes = []
      all.sort { a, b in
        let order = a.key.compare(b.key)
        return order == 0 ? a.index < b.index : order < 0
      }
      var unique: [(key: Bytes, origin: UInt64)] = []
      for change in all {
        if let last = unique.last, last.key.equals(change.key) { unique.removeLast() }
        unique.append((change.key, change.origin))
      }
      return unique
    }
  }
}

extension Bytes {
  fileprivate func equals(_ other: ArraySlice<UInt8>) -> Bool {
    other.withUnsafeBytes { equals(Bytes($0)) }
  }
}
