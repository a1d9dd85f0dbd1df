import CMartlet
import Memory
import Structures

// Several members at random at once. Small sets are walked once, and of N members still to come each is chosen with
// the probability of what is still wanted over N (Knuth, "The Art of Computer Programming", 3.4.2, algorithm S): every
// choice of so many members is equally likely.

extension SetValue {
  /// Visits `count` different members at random, in no particular order. `count` must be at most the set's.
  public static func sample(
    _ entry: Entry, count wanted: Int, _ random: inout SmallRandom, _ visit: (StringValue) -> Void
  ) {
    let size = count(entry)
    precondition(wanted <= size)
    if case .table(let table) = form(entry), wanted < size / 8 {
      // Few of many: drawn until enough different ones have come, a member being known by its address.
      var drawn: Set<UnsafePointer<UInt8>> = []
      drawn.reserveCapacity(wanted)
      while drawn.count < wanted {
        guard let member = table.pointee.random(&random) else { return }
        if drawn.insert(member.base).inserted { visit(.bytes(member)) }
      }
      return
    }
    var selection = Selection(of: wanted, among: size)
    forEachWhile(entry) { member in
      if selection.choosesNext(&random) { visit(member) }
      return selection.wanted > 0
    }
  }
}

/// Chooses some of a number of things that come one after the other.
private struct Selection {
  private(set) var wanted: Int
  private var remaining: Int

  init(of wanted: Int, among count: Int) {
    self.wanted = wanted
    remaining = count
  }

  mutating func choosesNext(_ random: inout SmallRandom) -> Bool {
    let isChosen = wanted == remaining || Int.random(in: 0..<remaining, using: &random) < wanted
    remaining -= 1
    if isChosen { wanted -= 1 }
    return isChosen
  }
}

extension Keyspace {
  /// Takes `count` members at random out of a set that has more, each after `visit` has seen it.
  public mutating func popMembers(_ entry: Entry, count: Int, _ visit: (StringValue) -> Void) {
    let size = SetValue.count(entry)
    precondition(count < size)
    switch SetValue.form(entry) {
    case .intset(var set):
      var selection = Selection(of: count, among: size)
      set.removeAll { number in
        let isChosen = selection.choosesNext(&random)
        if isChosen { visit(.integer(number)) }
        return isChosen
      }
      entry.pointer = set.address
    case .listpack(var list):
      var selection = Selection(of: count, among: size)
      list.removeAll { element in
        let isChosen = selection.choosesNext(&random)
        if isChosen { visit(StringValue(element)) }
        return isChosen
      }
      entry.pointer = list.address
    case .table(let table):
      // What remains of a large set may be small enough for a compact form.
      if (size - count) * 5 <= count { return keepMembers(size - count, of: table, entry, visit) }
      for _ in 0..<count {
        guard let member = table.pointee.random(&random) else { return }
        visit(.bytes(member))
        _ = table.pointee.remove(member)
      }
    }
  }

  /// Takes all but `count` members at random out of a set.
  private mutating func keepMembers(
    _ count: Int, of table: UnsafeMutablePointer<StringTable>, _ entry: Entry, _ visit: (StringValue) -> Void
  ) {
    let kept = makeSet(key: .empty)
    for _ in 0..<count {
      guard let member = table.pointee.random(&random) else { break }
      addNewMember(kept, .bytes(member))
      _ = table.pointee.remove(member)
    }
    table.pointee.forEach { visit(.bytes($0)) }
    SetValue.free(table)
    entry.pointer = kept.pointer
    entry.valueEncoding = kept.valueEncoding
    kept.free()
  }
}
