import CMartlet
import Memory

// Reading and changing a long list elsewhere than at its ends.

extension Quicklist {
  /// Where in a node an element lies, or could lie: an offset in the node's listpack; in a plain node 0, and 1 for
  /// the place after it.
  public struct Place {
    let node: Int
    let offset: Int
  }

  /// Elements that lie side by side: of a listpack, from the one at an offset on, or a single large one.
  public enum Run {
    case packed(Listpack, at: Int, count: Int)
    case plain(Blob)
  }

  // MARK: Walks

  /// Visits `wanted` elements from the one at `start` on, which must be there, run by run, until `visit` says false. A
  /// run is valid only for the call.
  public func forEachRun(from start: Int, count wanted: Int, _ visit: (Run) -> Bool) {
    precondition(start >= 0 && wanted >= 0 && wanted <= count - start)
    guard wanted > 0 else { return }
    var left = wanted
    var (i, index) = locate(start)
    var goesOn = true
    while left > 0 && goesOn {
      let taken = min(left, Int(nodes[i].count) - index)
      goesOn = withContents(i) { contents in
        switch contents {
        case .packed(let list): visit(.packed(list, at: list.position(index), count: taken))
        case .plain(let blob): visit(.plain(blob))
        }
      }
      left -= taken
      index = 0
      i += 1
    }
  }

  /// As ``forEachRun(from:count:_:)`` towards the head: the runs are walked backwards from their offsets.
  public func forEachRunBackwards(from start: Int, count wanted: Int, _ visit: (Run) -> Bool) {
    precondition(start < count && wanted >= 0 && wanted <= start + 1)
    guard wanted > 0 else { return }
    var left = wanted
    var (i, index) = locate(start)
    var goesOn = true
    while left > 0 && goesOn {
      let taken = min(left, index + 1)
      goesOn = withContents(i) { contents in
        switch contents {
        case .packed(let list): visit(.packed(list, at: list.position(index), count: taken))
        case .plain(let blob): visit(.plain(blob))
        }
      }
      left -= taken
      i -= 1
      if i >= 0 { index = Int(nodes[i].count) - 1 }
    }
  }

  /// The node that holds the element at `index`, and its index within.
  ///
  /// - Complexity: O(nodes to the nearer end).
  private func locate(_ index: Int) -> (node: Int, index: Int) {
    if index < count / 2 {
      var left = index
      var i = 0
      while left >= Int(nodes[i].count) {
        left -= Int(nodes[i].count)
        i += 1
      }
      return (i, left)
    }
    var left = count - index
    var i = nodeCount - 1
    while left > Int(nodes[i].count) {
      left -= Int(nodes[i].count)
      i -= 1
    }
    return (i, Int(nodes[i].count) - left)
  }

  /// The first element that equals `needle`.
  public func find(_ needle: Listpack.Needle) -> Place? {
    for i in 0..<nodeCount {
      let offset: Int? = withContents(i) { contents in
        switch contents {
        case .packed(let list): list.find(needle, from: Listpack.headerSize)
        case .plain(let blob): blob.bytes.equals(needle.bytes) ? 0 : nil
        }
      }
      if let offset { return Place(node: i, offset: offset) }
    }
    return nil
  }

  // MARK: Insert

  /// Adds an element beside the one at `place`. Its bytes must not lie in this list.
  public mutating func insert(
    _ bytes: Bytes, beside place: Place, after isAfter: Bool, _ limits: QuicklistLimits
  ) {
    var offset = place.offset
    if isAfter { offset = nodes[place.node].count == 1 ? .max : skip(place) }
    insert(bytes, node: place.node, offset: offset, limits)
  }

  private mutating func skip(_ place: Place) -> Int { open(place.node).skip(place.offset) }

  /// Adds an element to the node at `i`, or near it if there is no room, before the element at `offset`; after all
  /// of them if there is none.
  private mutating func insert(_ bytes: Bytes, node i: Int, offset: Int, _ limits: QuicklistLimits) {
    defer { settle(max(0, i - 2)..<min(i + 4, nodeCount), limits) }
    let isPacked = nodes[i].kind == .packed || nodes[i].kind == .compressed
    if isPacked {
      var list = open(i)
      let at = min(offset, list.endPosition)
      if canAdd(bytes.count, to: i, limits) {
        list.insert(bytes, at: at)
        return store(list, at: i, change: 1)
      }
      if at > Listpack.headerSize && at < list.endPosition { return insertSplitting(bytes, i, at: at, limits) }
    }
    let isFirst = isPacked ? offset == Listpack.headerSize : offset == 0
    if isFirst ? append(bytes, toNode: i - 1, limits) : prepend(bytes, toNode: i + 1, limits) { return }
    insertNode(Self.node(bytes, limits), at: isFirst ? i : i + 1)
  }

  /// Adds an element to the end of the node at `i`, if there is one with room for it.
  private mutating func append(_ bytes: Bytes, toNode i: Int, _ limits: QuicklistLimits) -> Bool {
    guard isPacked(i), hasRoom(bytes.count, i, limits) else { return false }
    var list = nodes[i].list
    list.append(bytes)
    store(list, at: i, change: 1)
    return true
  }

  private mutating func prepend(_ bytes: Bytes, toNode i: Int, _ limits: QuicklistLimits) -> Bool {
    guard isPacked(i), hasRoom(bytes.count, i, limits) else { return false }
    var list = nodes[i].list
    list.prepend(bytes)
    store(list, at: i, change: 1)
    return true
  }

  private func isPacked(_ i: Int) -> Bool {
    i >= 0 && i < nodeCount && (nodes[i].kind == .packed || nodes[i].kind == .compressed)
  }

  private mutating func hasRoom(_ added: Int, _ i: Int, _ limits: QuicklistLimits) -> Bool {
    open(i)
    return canAdd(added, to: i, limits)
  }

  /// Splits the full node at `i` before the element at `at`, and adds one there: to the smaller part, or between
  /// both if it is large.
  private mutating func insertSplitting(_ bytes: Bytes, _ i: Int, at: Int, _ limits: QuicklistLimits) {
    var list = nodes[i].list
    let rest = list.split(at: at)
    let moved = rest.count
    store(list, at: i, change: -moved)
    insertNode(Node(rest, count: moved), at: i + 1)
    let isFirstSmaller = list.byteCount < rest.byteCount
    if isFirstSmaller ? append(bytes, toNode: i, limits) : prepend(bytes, toNode: i + 1, limits) {
      // Lists that are inserted into all over would end as many small nodes.
      mergeNodes(i + 1, limits)
      mergeNodes(i - 1, limits)
    } else {
      insertNode(Self.node(bytes, limits), at: i + 1)
    }
  }

  /// Makes the nodes at `i` and after it one, if they are small enough.
  private mutating func mergeNodes(_ i: Int, _ limits: QuicklistLimits) {
    guard isPacked(i), isPacked(i + 1) else { return }
    var list = open(i)
    let next = open(i + 1)
    let elements = Int(nodes[i + 1].count)
    let bytes = list.byteCount + next.byteCount - Listpack.headerSize - 1
    if limits.areExceeded(bytes: bytes, count: Int(nodes[i].count) + elements) { return }
    list.append(contentsOf: next)
    store(list, at: i, change: elements)
    deleteNodes(i + 1..<i + 2)
  }

  /// Puts another element in the place of the one at `index`, which must be there.
  public mutating func replace(_ index: Int, with bytes: Bytes, _ limits: QuicklistLimits) {
    precondition(index >= 0 && index < count)
    let (i, within) = locate(index)
    if nodes[i].count == 1 {
      nodes[i].free()
      nodes[i] = Self.node(bytes, limits)
      return settle(i..<i + 1, limits)
    }
    var list = open(i)
    let at = list.position(within)
    let grown = list.byteCount - (list.skip(at) - at) + bytes.count + 8
    if !limits.isPlain(bytes.count) && !limits.areExceeded(bytes: grown, count: 1) {
      list.replace(at, with: bytes)
      store(list, at: i, change: 0)
      return settle(i..<i + 1, limits)
    }
    list.delete(at)
    store(list, at: i, change: -1)
    insert(bytes, node: i, offset: at, limits)
  }

  // MARK: Remove

  /// Removes `wanted` elements from the one at `start` on. They must be there.
  public mutating func remove(from start: Int, count wanted: Int, _ limits: QuicklistLimits) {
    precondition(start >= 0 && wanted >= 0 && wanted <= count - start)
    guard wanted > 0 else { return }
    var left = wanted
    var (i, index) = locate(start)
    let begin = i
    if index > 0 {
      left -= removeWithin(i, index, left)
      i += 1
    }
    index = i
    while left > 0 && left >= Int(nodes[i].count) {
      left -= Int(nodes[i].count)
      i += 1
    }
    if left > 0 { _ = removeWithin(i, 0, left) }
    deleteNodes(index..<i)
    settle(begin..<min(begin + 2, nodeCount), limits)
  }

  /// Removes up to `wanted` elements of the node at `i`, but not all; says how many.
  private mutating func removeWithin(_ i: Int, _ index: Int, _ wanted: Int) -> Int {
    var list = open(i)
    let removed = list.delete(list.position(index), count: min(wanted, Int(nodes[i].count) - index))
    store(list, at: i, change: -removed)
    return removed
  }

  /// Removes up to `limit` elements that equal `needle`, those nearest to `end`.
  ///
  /// - Returns: how many were removed.
  public mutating func removeMatches(
    _ needle: Listpack.Needle, limit: Int, from end: ListEnd, _ limits: QuicklistLimits
  ) -> Int {
    var removed = 0
    // Emptied nodes are taken out at once, since each on its own would move half of the others.
    var hasEmptied = false
    for step in 0..<nodeCount {
      if removed == limit { break }
      let i = end == .head ? step : nodeCount - 1 - step
      let matches: Int = withContents(i) { contents in
        switch contents {
        case .packed(let list): list.count(of: needle)
        case .plain(let blob): blob.bytes.equals(needle.bytes) ? 1 : 0
        }
      }
      guard matches > 0 else { continue }
      let wanted = min(matches, limit - removed)
      removed += wanted
      if wanted == Int(nodes[i].count) {
        nodes[i].free()
        nodes[i].count = 0
        count -= wanted
        hasEmptied = true
      } else {
        var list = open(i)
        // From the tail, the last ones of a node go.
        _ = list.removeMatches(needle, skipping: end == .head ? 0 : matches - wanted, limit: wanted)
        store(list, at: i, change: -wanted)
      }
    }
    if hasEmptied { dropEmptied() }
    if removed > 0 { settle(0..<nodeCount, limits) }
    return removed
  }

  /// Takes out all nodes without elements, which are freed already.
  private mutating func dropEmptied() {
    var kept = 0
    for i in 0..<nodeCount where nodes[i].count > 0 {
      if kept != i { nodes[kept] = nodes[i] }
      kept += 1
    }
    removeNodes(kept..<nodeCount)
  }

  // MARK: Loading

  /// Adds a listpack of at least one element as it is, and takes it over.
  public mutating func append(takingOver list: Listpack) {
    let elements = list.count
    guard elements > 0 else { return list.free() }
    insertNode(Node(list, count: elements), at: nodeCount)
  }

  /// Adds a large element in a node of its own, and takes over the caller's reference.
  public mutating func append(takingOver blob: Blob) { insertNode(Node(blob), at: nodeCount) }

  /// Compresses what is to be, after nodes were added as they came.
  public mutating func settleAll(_ limits: QuicklistLimits) { settle(0..<nodeCount, limits) }
}

extension Listpack {
  /// The position of the element at `index`, which must be there.
  func position(_ index: Int) -> Int {
    if index == 0 { return Self.headerSize }
    guard let at = seek(index) else { preconditionFailure("no such element") }
    return at
  }
}
