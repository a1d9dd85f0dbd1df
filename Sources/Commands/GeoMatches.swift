import Keyspace
import Structures

/// The places that a search has found.
struct GeoMatches {
  struct Match {
    let member: SortedSetValue.Member
    /// From the centre, in metres.
    let distance: Double
  }

  enum Order {
    case nearestFirst
    case farthestFirst
  }

  private(set) var items: [Match] = []

  /// Adds the members that lie within a shape, cell by cell, until there are `limit`.
  mutating func collect(_ entry: Entry, _ shape: GeoShape, limit: Int?) {
    for cell in shape.cells {
      if let limit, items.count >= limit { return }
      let scores = cell.scores
      let range = ScoreRange(from: scores.from, excluded: false, to: scores.to, excluded: true)
      SortedSetValue.forEachWhile(entry, SortedSetValue.ranks(entry, of: range), isReversed: false) { member in
        if let distance = shape.distance(ifWithin: Geohash(score: member.score).point) {
          items.append(Match(member: member, distance: distance))
        }
        return limit.map { items.count < $0 } ?? true
      }
    }
  }

  /// Brings the first `count` into order, and forgets the others. Places at the same distance stay as they were found.
  mutating func order(_ order: Order?, keeping count: Int?) {
    guard let order else {
      if let count, count < items.count { items.removeLast(items.count - count) }
      return
    }
    var keys: [Key] = []
    keys.reserveCapacity(items.count)
    for i in items.indices {
      keys.append(Key(distance: order == .nearestFirst ? items[i].distance : -items[i].distance, index: i))
    }
    if let count, count < keys.count { keys.keepLeast(count) }
    keys.sort()
    items = keys.map { items[$0.index] }
  }

  /// A distance with its place in the order of finding.
  fileprivate struct Key: Comparable {
    let distance: Double
    let index: Int

    @inline(__always)
    static func < (a: Key, b: Key) -> Bool {
      a.distance != b.distance ? a.distance < b.distance : a.index < b.index
    }
  }
}

extension [GeoMatches.Key] {
  /// Keeps only the `wanted` least, in whatever order: the first ones become a heap with the greatest on top, which then
  /// gives way to any that is less. Nearly all others cost one comparison.
  fileprivate mutating func keepLeast(_ wanted: Int) {
    guard wanted > 0 else { return removeAll() }
    for i in stride(from: wanted / 2 - 1, through: 0, by: -1) { sink(i, below: wanted) }
    for i in wanted..<count where self[i] < self[0] {
      self[0] = self[i]
      sink(0, below: wanted)
    }
    removeLast(count - wanted)
  }

  private mutating func sink(_ start: Int, below end: Int) {
    var i = start
    while true {
      var child = i * 2 + 1
      if child >= end { return }
      if child + 1 < end && self[child] < self[child + 1] { child += 1 }
      if self[child] < self[i] { return }
      swapAt(i, child)
      i = child
    }
  }
}
