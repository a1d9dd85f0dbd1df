import Memory
import Structures

/// What becomes of an entry's deliveries when it is removed from its stream.
public enum ReferencePolicy {
  /// They stay, and lead to nothing.
  case keep
  /// They go with it.
  case delete
  /// The entry stays as long as any group has not read it, or not acknowledged it.
  case acknowledged
}

/// How far a stream is to be trimmed, from its beginning.
public struct StreamTrimming {
  public enum Bound {
    /// At most so many entries are left.
    case length(Int)
    /// No entry before this one is left.
    case minimum(StreamID)
  }

  public var bound: Bound
  /// Only whole nodes go.
  public var isApproximate = false
  /// At most so many entries go, if it is approximate; 0: no limit.
  public var limit = 0
  public var references = ReferencePolicy.keep

  public init(_ bound: Bound) { self.bound = bound }
}

extension Stream {
  /// Removes entries from the beginning, and says how many.
  public mutating func trim(_ trimming: StreamTrimming) -> Int {
    var trimming = trimming
    // With nobody to acknowledge anything, there is nothing to wait for.
    if groups.count == 0 { trimming.references = .keep }
    var deleted = 0
    var position = nodes.firstPosition
    while let current = position {
      if case .length(let maximum) = trimming.bound, length <= maximum { break }
      let node = StreamNode(id: nodes[current].pointee.id, address: nodes[current].pointee.value)
      let live = Int(truncatingIfNeeded: node.liveCount)
      if trimming.limit > 0 && live > trimming.limit - deleted { break }
      if goes(node, live: live, trimming) {
        if trimming.references == .delete { forgetEntries(of: node) }
        removeNode(at: current)
        length -= live
        deleted += live
        position = nodes.position(atOrAfter: node.id)
        continue
      }
      if trimming.isApproximate { break }
      let before = length
      let isDone = trim(current, trimming)
      deleted += before - length
      if isDone { break }
      position = nodes.position(atOrAfter: node.id)
      if let next = position, nodes[next].pointee.id == node.id { position = nodes.next(next) }
    }
    if deleted > 0 {
      layout &+= 1
      findFirst()
    }
    return deleted
  }

  /// Whether a node goes as a whole.
  private func goes(_ node: StreamNode, live: Int, _ trimming: StreamTrimming) -> Bool {
    switch trimming.bound {
    case .length(let maximum): if length - live < maximum { return false }
    case .minimum(let id): if (node.lastID ?? .zero) >= id { return false }
    }
    guard trimming.references == .acknowledged else { return true }
    var allAcknowledged = true
    forEachEntry(of: node) { entry in
      if !entry.isDeleted && !isAcknowledged(entry.id) { allAcknowledged = false }
    }
    return allAcknowledged
  }

  private func forEachEntry(of node: StreamNode, _ visit: (StreamNode.Entry) -> Void) {
    let master = node.master
    var at = node.firstEntry(master)
    while !node.list.isEnd(at) {
      let entry = node.entry(at: at, master)
      at = node.end(of: entry)
      visit(entry)
    }
  }

  private mutating func forgetEntries(of node: StreamNode) {
    var ids: [StreamID] = []
    forEachEntry(of: node) { if !$0.isDeleted { ids.append($0.id) } }
    for id in ids { forgetDeliveries(of: id) }
  }

  /// Removes entries from within a node; says whether no more are to go.
  private mutating func trim(
    _ position: IDIndex<UnsafeMutableRawPointer>.Position, _ trimming: StreamTrimming
  ) -> Bool {
    var node = StreamNode(id: nodes[position].pointee.id, address: nodes[position].pointee.value)
    let master = node.master
    var at = node.firstEntry(master)
    var deleted = 0
    var isDone = false
    while !node.list.isEnd(at) && !isDone {
      let entry = node.entry(at: at, master)
      switch trimming.bound {
      case .length(let maximum): isDone = length <= maximum
      case .minimum(let id): isDone = entry.id >= id
      }
      at = node.end(of: entry)
      if isDone || entry.isDeleted { continue }
      if trimming.references == .acknowledged && !isAcknowledged(entry.id) { continue }
      if trimming.references == .delete { forgetDeliveries(of: entry.id) }
      node.flagDeleted(entry.position)
      deleted += 1
      length -= 1
    }
    if deleted > 0 {
      node.countDeleted(Int64(deleted))
      nodes[position].pointee.value = node.list.address
    }
    return isDone
  }

  // MARK: References

  /// Whether all groups have read and acknowledged an entry.
  public func isAcknowledged(_ id: StreamID) -> Bool {
    for i in 0..<groups.count {
      if groups[i].pointee.lastID < id || groups[i].pointee.pending.position(of: id) != nil { return false }
    }
    return true
  }

  /// Takes an entry out of all that groups have pending.
  public mutating func forgetDeliveries(of id: StreamID) {
    for i in 0..<groups.count { _ = groups[i].pointee.acknowledge(id) }
  }
}
