import Memory
import Structures

/// Intersection, difference and union of sets, handed out member by member; nothing is gathered that need not be.
///
/// A member of the result is found by looking it up in other sets. Where that would be too many look-ups, members are
/// gathered in a table instead, which costs about as much as ``lookupsPerInsertion`` look-ups each.
///
/// Sets are keys' entries that hold sets; the same one may be given twice. Each `visit` gets a view that is valid until
/// its set changes, and returns whether to go on.
public enum SetAlgebra {
  public typealias Sets = UnsafeMutableBufferPointer<Entry>

  private static let lookupsPerInsertion = 4

  /// Visits what is in all sets, of which there must be one, in the order of the smallest. Puts them in order of size.
  public static func intersection(of sets: Sets, _ visit: (StringValue) -> Bool) {
    sort(sets, by: <)
    SetValue.forEachWhile(sets[0]) { member in
      for i in 1..<sets.count where !SetValue.contains(sets[i], member) { return true }
      return visit(member)
    }
  }

  /// Visits what is in `first` but not in any of `others`, in the order of `first`. Puts the others in order of size.
  public static func difference(
    of first: Entry, without others: Sets, hashKey: SipKey, _ visit: (StringValue) -> Bool
  ) {
    if others.contains(where: { $0.address == first.address }) { return }
    let total = others.reduce(0) { $0 &+ SetValue.count($1) }
    guard SetValue.count(first) &* others.count > total &* lookupsPerInsertion &+ SetValue.count(first) else {
      // What is in the largest need not be looked for in the rest.
      sort(others, by: >)
      return SetValue.forEachWhile(first) { member in
        others.contains { SetValue.contains($0, member) } || visit(member)
      }
    }
    var gathered = StringTable(hashKey: hashKey)
    for other in others {
      SetValue.forEach(other) { member in member.withBytes { _ = gathered.insert($0) } }
    }
    SetValue.forEachWhile(first) { member in member.withBytes { gathered.contains($0) } || visit(member) }
  }

  /// Visits what is in any of the sets, once. Puts them in order of size.
  public static func union(of sets: Sets, hashKey: SipKey, _ visit: (StringValue) -> Bool) {
    sort(sets, by: >)
    var lookups = 0
    var total = 0
    for (i, set) in sets.enumerated() {
      lookups &+= i &* SetValue.count(set)
      total &+= SetValue.count(set)
    }
    var goesOn = true
    if lookups <= total &* lookupsPerInsertion {
      for i in sets.indices where goesOn {
        let earlier = sets[..<i]
        SetValue.forEachWhile(sets[i]) { member in
          goesOn = earlier.contains { SetValue.contains($0, member) } || visit(member)
          return goesOn
        }
      }
      return
    }
    var gathered = StringTable(hashKey: hashKey)
    for set in sets where goesOn {
      SetValue.forEachWhile(set) { member in
        let isNew = member.withBytes { gathered.insert($0) }
        goesOn = !isNew || visit(member)
        return goesOn
      }
    }
  }

  private static func sort(_ sets: Sets, by areInOrder: (Int, Int) -> Bool) {
    var sets = sets
    sets.sort { areInOrder(SetValue.count($0), SetValue.count($1)) }
  }
}
