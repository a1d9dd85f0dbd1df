import Memory
import Structures

/// Some entries of a stream in one listpack, as Redis lays them out and RDB files store them.
///
/// It begins with the master entry, which holds what the others have in common:
///
///     live | deleted | number of fields | field ... | 0
///
/// Then come the entries. One with the master's fields leaves them out (`sharesFields`):
///
///     flags | ms | seq | value ...                              | elements
///     flags | ms | seq | number of fields | field | value | ... | elements
///
/// `ms` and `seq` are differences to the node's id, which is that of the first entry it ever held. `elements` is how
/// many elements of the listpack precede it in the entry, so that a walk can go backwards; the master entry's 0 ends it.
///
/// A removed entry is only flagged. A node goes when its last living entry is removed by name, or when trimming passes it.
///
/// The handle trusts its bytes; see ``isValid(_:)``. A change may move them: `list.address` must be stored again.
public struct StreamNode {
  let id: StreamID
  var list: Listpack

  static let isDeleted: Int64 = 1
  static let sharesFields: Int64 = 2

  @inline(__always)
  init(id: StreamID, address: UnsafeMutableRawPointer) {
    self.id = id
    list = Listpack(address: address)
  }

  // MARK: Master entry

  @inline(__always)
  var liveCount: Int64 { list.integer(Listpack.headerSize) }

  @inline(__always)
  private var deletedPosition: Int { list.skip(Listpack.headerSize) }

  var deletedCount: Int64 { list.integer(deletedPosition) }

  /// What the entries have in common, found once for a walk over them.
  struct Master {
    let fieldCount: Int
    /// Where the first field is.
    let fields: Int
  }

  @inline(__always)
  var master: Master {
    let at = list.skip(deletedPosition)
    return Master(fieldCount: Int(truncatingIfNeeded: list.integer(at)), fields: list.skip(at))
  }

  /// Where the first entry is, or the end.
  func firstEntry(_ master: Master) -> Int { skip(master.fields, master.fieldCount + 1) }

  // MARK: Entries

  /// An entry; positions are valid until the node changes.
  public struct Entry {
    public let id: StreamID
    /// Where it begins.
    let position: Int
    let flags: Int64
    public let fieldCount: Int
    /// Where the first value is, or the first field if it has fields of its own.
    let contents: Int

    @inline(__always)
    var isDeleted: Bool { flags & StreamNode.isDeleted != 0 }
    @inline(__always)
    var sharesFields: Bool { flags & StreamNode.sharesFields != 0 }
    /// Elements from `contents` on.
    @inline(__always)
    var elementCount: Int { sharesFields ? fieldCount : fieldCount &* 2 }
  }

  @inline(__always)
  func skip(_ at: Int, _ elements: Int) -> Int {
    var at = at
    var left = elements
    while left > 0 {
      at = list.skip(at)
      left &-= 1
    }
    return at
  }

  /// The entry at a position where one is.
  @inline(__always)
  func entry(at position: Int, _ master: Master) -> Entry {
    let flags = list.integer(position)
    var at = list.skip(position)
    let milliseconds = list.integer(at)
    at = list.skip(at)
    let sequence = list.integer(at)
    at = list.skip(at)
    var fieldCount = master.fieldCount
    if flags & Self.sharesFields == 0 {
      fieldCount = Int(truncatingIfNeeded: list.integer(at))
      at = list.skip(at)
    }
    return Entry(
      id: id.adding(milliseconds, sequence), position: position, flags: flags, fieldCount: fieldCount, contents: at)
  }

  /// Where the entry after this one is, or the end.
  func end(of entry: Entry) -> Int { list.skip(skip(entry.contents, entry.elementCount)) }

  /// Where the entry before `position` begins, which is an entry's or the end; nil at the master entry.
  @inline(__always)
  func previous(_ position: Int) -> Int? {
    guard var at = list.previous(position) else { return nil }
    var elements = list.integer(at)
    if elements <= 0 { return nil }
    while elements > 0 {
      guard let before = list.previous(at) else { return nil }
      at = before
      elements -= 1
    }
    return at
  }

  /// The id of the last entry, be it deleted or not.
  var lastID: StreamID? {
    previous(list.endPosition).map { entry(at: $0, master).id }
  }

  // MARK: Change

  /// A new node with one entry.
  static func create(_ id: StreamID, _ fields: UnsafePointer<Bytes>, pairs: Int, byteCount: Int) -> StreamNode {
    let elements = 9 + pairs
    let bound = byteCount + (elements + pairs) * Listpack.maximumOverhead
    var node = StreamNode(id: id, address: Listpack.create(capacity: Allocator.goodSize(64)).address)
    var appender = node.list.beginAppend(atMost: bound, capacity: 0)
    appender.append(1)
    appender.append(0)
    appender.append(Int64(pairs))
    for i in 0..<pairs { appender.append(fields[i &* 2]) }
    appender.append(0)
    appender.append(sharesFields)
    appender.append(0)
    appender.append(0)
    for i in 0..<pairs { appender.append(fields[i &* 2 &+ 1]) }
    appender.append(Int64(pairs) + 3)
    node.list.endAppend(appender)
    return node
  }

  /// Appends an entry; its id must be after the others'.
  ///
  /// - Parameters:
  ///   - fields: fields and values in turn.
  ///   - byteCount: how many bytes all of them have.
  ///   - capacity: how large the node is allowed to become without need.
  /// - Returns: whether positions before the new entry have changed.
  @inline(__always)
  mutating func append(
    _ id: StreamID, _ fields: UnsafePointer<Bytes>, pairs: Int, byteCount: Int, capacity: Int
  ) -> Bool {
    let before = deletedPosition
    list.setInteger(liveCount &+ 1, at: Listpack.headerSize)
    let movesEntries = deletedPosition != before
    let master = master
    let isShared = hasFields(fields, pairs, master)
    let bound = byteCount &+ (pairs &* 2 &+ 5) &* Listpack.maximumOverhead
    var appender = list.beginAppend(atMost: bound, capacity: min(list.byteCount &* 2, capacity))
    appender.append(isShared ? Self.sharesFields : 0)
    appender.append(Int64(bitPattern: id.milliseconds &- self.id.milliseconds))
    appender.append(Int64(bitPattern: id.sequence &- self.id.sequence))
    if isShared {
      for i in 0..<pairs { appender.append(fields[i &* 2 &+ 1]) }
      appender.append(Int64(pairs) &+ 3)
    } else {
      appender.append(Int64(pairs))
      for i in 0..<pairs &* 2 { appender.append(fields[i]) }
      appender.append(Int64(pairs) &* 2 &+ 4)
    }
    list.endAppend(appender)
    return movesEntries
  }

  @inline(__always)
  private func hasFields(_ fields: UnsafePointer<Bytes>, _ pairs: Int, _ master: Master) -> Bool {
    guard pairs == master.fieldCount else { return false }
    var at = master.fields
    for i in 0..<pairs {
      if !list.holds(fields[i &* 2], at: at) { return false }
      at = list.skip(at)
    }
    return true
  }

  /// Flags the entry at `position` as deleted, without counting it.
  mutating func flagDeleted(_ position: Int) {
    list.setInteger(list.integer(position) | Self.isDeleted, at: position)
  }

  /// Counts entries that were flagged. May move all entries.
  mutating func countDeleted(_ deleted: Int64) {
    list.setInteger(liveCount - deleted, at: Listpack.headerSize)
    list.setInteger(deletedCount + deleted, at: deletedPosition)
  }
}
