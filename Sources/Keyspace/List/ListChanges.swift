import Memory
import Structures

// Changes of lists. They report nothing, since the commands know the events. Whoever removed elements deletes the key
// of a list that is left empty, and has others looked at by `noteShrunkList`.

extension Keyspace {
  /// A new, empty list under a key that is not there. The caller pushes next.
  public mutating func addList(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry {
    addCollection(
      database, key, hash: hash, type: .list, encoding: .listpack,
      pointer: Listpack.create(capacity: Allocator.goodSize(32)).address)
  }

  /// An empty list under a key but in no database. It is the caller's, to ``put(_:_:hash:)`` somewhere or to free.
  public func makeList(key: Bytes) -> Entry {
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.type = ValueType.list.rawValue
    entry.valueEncoding = .listpack
    entry.pointer = Listpack.create(capacity: Allocator.goodSize(32)).address
    return entry
  }

  /// Makes a list a quicklist if elements of `bytes` bytes in all would be too much for one listpack. To be called
  /// before elements are added, with all of them, since that is how Redis decides.
  @inline(__always)
  public func prepareList(_ entry: Entry, adding count: Int, bytes: Int) {
    guard ListValue.isListpack(entry) else { return }
    let list = Listpack(address: entry.pointer)
    if listLimits.areExceeded(bytes: list.byteCount &+ bytes, count: list.count &+ count) { convertToQuicklist(entry) }
  }

  private func convertToQuicklist(_ entry: Entry) {
    let list = Quicklist.allocate(takingOver: Listpack(address: entry.pointer))
    entry.pointer = UnsafeMutableRawPointer(list)
    entry.valueEncoding = .quicklist
  }

  /// Makes a list a listpack again if it became short.
  @inline(__always)
  public func noteShrunkList(_ entry: Entry) {
    if ListValue.isListpack(entry) || ListValue.quicklist(entry).pointee.nodeCount != 1 { return }
    convertToListpack(entry, hasShrunk: true)
  }

  func convertToListpack(_ entry: Entry, hasShrunk: Bool) {
    let list = ListValue.quicklist(entry)
    guard list.pointee.fitsListpack(listLimits, hasShrunk: hasShrunk) else { return }
    entry.pointer = Quicklist.dissolve(list).address
    entry.valueEncoding = .listpack
  }

  // MARK: Ends

  /// Adds an element; see `prepareList`. Its bytes must not lie in the list.
  @inline(__always)
  public func push(_ entry: Entry, _ bytes: Bytes, at end: ListEnd) {
    switch ListValue.form(entry) {
    case .quicklist(let list): list.pointee.push(bytes, at: end, listLimits)
    case .listpack(var list):
      if end == .head { list.prepend(bytes) } else { list.append(bytes) }
      entry.pointer = list.address
    }
  }

  /// As ``push(_:_:at:)`` with an element of another list. A large one is not copied.
  public func push(_ entry: Entry, _ element: StringValue, at end: ListEnd) {
    element.withBytes { bytes in
      prepareList(entry, adding: 1, bytes: bytes.count)
      if case .blob(let blob) = element, case .quicklist(let list) = ListValue.form(entry) {
        list.pointee.push(blob, at: end, listLimits)
      } else {
        push(entry, bytes, at: end)
      }
    }
  }

  /// Removes the first or last element.
  @inline(__always)
  public func removeElement(_ entry: Entry, at end: ListEnd) {
    switch ListValue.form(entry) {
    case .quicklist(let list): list.pointee.removeElement(at: end, listLimits)
    case .listpack(var list):
      list.delete(end == .head ? Listpack.headerSize : list.last!)
      entry.pointer = list.address
    }
  }

  // MARK: Anywhere

  /// Removes `count` elements from the one at `start` on, which must be there.
  public func removeElements(_ entry: Entry, from start: Int, count: Int) {
    guard count > 0 else { return }
    switch ListValue.form(entry) {
    case .quicklist(let list): list.pointee.remove(from: start, count: count, listLimits)
    case .listpack(var list):
      guard let at = list.seek(start) else { return }
      list.delete(at, count: count)
      entry.pointer = list.address
    }
  }

  /// Removes up to `limit` elements that equal `bytes`, those nearest to `end`, and says how many.
  public func removeMatches(_ entry: Entry, _ bytes: Bytes, limit: Int, from end: ListEnd) -> Int {
    let needle = Listpack.Needle(bytes)
    switch ListValue.form(entry) {
    case .quicklist(let list): return list.pointee.removeMatches(needle, limit: limit, from: end, listLimits)
    case .listpack(var list):
      let skipped = end == .head || limit == .max ? 0 : max(0, list.count(of: needle) - limit)
      let removed = list.removeMatches(needle, skipping: skipped, limit: limit)
      entry.pointer = list.address
      return removed
    }
  }

  /// Adds an element before or after the first one that equals `pivot`. False if there is none.
  public func insert(_ entry: Entry, _ bytes: Bytes, besidePivot pivot: Bytes, after isAfter: Bool) -> Bool {
    // Whether the pivot is there or not: Redis converts before it looks.
    prepareList(entry, adding: 1, bytes: bytes.count)
    let needle = Listpack.Needle(pivot)
    switch ListValue.form(entry) {
    case .quicklist(let list):
      guard let place = list.pointee.find(needle) else { return false }
      list.pointee.insert(bytes, beside: place, after: isAfter, listLimits)
    case .listpack(var list):
      guard let at = list.find(needle, from: Listpack.headerSize) else { return false }
      list.insert(bytes, at: isAfter ? list.skip(at) : at)
      entry.pointer = list.address
    }
    return true
  }

  /// Puts another element in the place of the one at `index`, which must be there.
  public func replaceElement(_ entry: Entry, at index: Int, with bytes: Bytes) {
    switch ListValue.form(entry) {
    case .quicklist(let list):
      list.pointee.replace(index, with: bytes, listLimits)
      noteShrunkList(entry)
    case .listpack(var list):
      guard let at = list.seek(index) else { return }
      list.replace(at, with: bytes)
      entry.pointer = list.address
    }
  }
}
