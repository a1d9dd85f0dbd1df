import Memory
import Structures

// Lists are saved node by node, as RDB's second quicklist format has it, and come back as such.

extension ListValue {
  /// A node of a list as it is best saved.
  public enum StoredNode {
    /// A listpack of elements.
    case listpack(Bytes)
    /// A single large element.
    case plain(Bytes)
    /// Either, as an LZF stream.
    case compressed(Bytes, originalCount: Int, isPlain: Bool)
  }

  public static func storedNodeCount(_ entry: Entry) -> Int {
    isListpack(entry) ? 1 : quicklist(entry).pointee.nodeCount
  }

  /// Visits the nodes in order; their bytes are valid until the list changes.
  public static func forEachStoredNode(_ entry: Entry, _ visit: (StoredNode) -> Void) {
    for i in 0..<storedNodeCount(entry) { visit(storedNode(entry, at: i)) }
  }

  /// A node by its place in the order; its bytes are valid until the list changes.
  public static func storedNode(_ entry: Entry, at index: Int) -> StoredNode {
    switch form(entry) {
    case .listpack(let list): return .listpack(list.bytes)
    case .quicklist(let list):
      switch list.pointee.storedNode(index) {
      case .packed(let bytes): return .listpack(bytes)
      case .plain(let bytes): return .plain(bytes)
      case .compressed(let bytes, let count, let isPlain):
        return .compressed(bytes, originalCount: count, isPlain: isPlain)
      }
    }
  }
}

/// A list being read from outside, before it has a key.
public struct ListBuilder: ~Copyable {
  private let list: UnsafeMutablePointer<Quicklist>
  private let limits: QuicklistLimits
  private var isTaken = false

  public init(_ limits: QuicklistLimits) {
    list = Quicklist.allocate()
    self.limits = limits
  }

  deinit {
    if !isTaken { Quicklist.free(list) }
  }

  public var count: Int { list.pointee.count }

  /// Adds the elements of a listpack. False if the bytes are none; an empty one adds nothing.
  public mutating func append(listpack bytes: Bytes) -> Bool {
    guard Listpack.isValid(bytes) else { return false }
    list.pointee.append(takingOver: Listpack.copy(bytes))
    return true
  }

  /// Adds a large element that had a node of its own.
  public mutating func append(plain bytes: Bytes) { list.pointee.append(takingOver: Blob.copy(bytes)) }

  public mutating func append(_ element: Bytes) { list.pointee.push(element, at: .tail, limits) }

  fileprivate mutating func take() -> UnsafeMutablePointer<Quicklist> {
    isTaken = true
    list.pointee.settleAll(limits)
    return list
  }
}

extension Keyspace {
  /// Adds a list that was read, under a key that is not there. Nil if it has no elements.
  public mutating func addList(
    _ database: Int, _ key: Bytes, hash: UInt64, _ builder: consuming ListBuilder
  ) -> Entry? {
    guard builder.count > 0 else { return nil }
    let pointer = UnsafeMutableRawPointer(builder.take())
    let entry = addCollection(database, key, hash: hash, type: .list, encoding: .quicklist, pointer: pointer)
    convertToListpack(entry, hasShrunk: false)
    return entry
  }
}
