import Memory
import Structures

/// A small sorted set: members and scores in turn, in the order of score, then name. A score is an integer element if
/// it is one, else its text; RDB files and DUMP payloads hold the same bytes.
struct SortedListpack {
  private(set) var list: Listpack

  @inline(__always)
  init(_ list: Listpack) { self.list = list }

  @inline(__always)
  init(_ entry: Entry) { list = Listpack(address: entry.pointer) }

  var count: Int { list.count / 2 }

  // MARK: Elements

  /// The position of a member.
  @inline(__always)
  func find(_ member: Bytes) -> Int? { list.find(member, from: Listpack.headerSize, skip: 1) }

  /// The score of the member at a position.
  @inline(__always)
  func score(_ member: Int) -> Double { Self.score(list.value(list.skip(member))) }

  @inline(__always)
  static func score(_ value: Listpack.Value) -> Double {
    switch value {
    case .integer(let number): Double(number)
    case .bytes(let text): parseDouble(text) ?? .nan
    }
  }

  func member(_ at: Int) -> SortedSetValue.Member {
    SortedSetValue.Member(name: StringValue(list.value(at)), storedScore: list.value(list.skip(at)))
  }

  /// Visits the members of these ranks, the last first if `isReversed`, until `visit` returns false.
  @inline(__always)
  func forEachWhile(_ ranks: Range<Int>, isReversed: Bool, _ visit: (SortedSetValue.Member) -> Bool) {
    guard !ranks.isEmpty, var at = list.seek((isReversed ? ranks.upperBound - 1 : ranks.lowerBound) * 2) else { return }
    var left = ranks.count
    while true {
      let score = list.skip(at)
      guard visit(SortedSetValue.Member(name: StringValue(list.value(at)), storedScore: list.value(score))), left > 1
      else { return }
      left &-= 1
      if !isReversed {
        at = list.skip(score)
      } else if let before = list.previous(at), let member = list.previous(before) {
        at = member
      }
    }
  }

  // MARK: Change

  /// Adds a member that is not there, at its place in the order.
  mutating func insert(_ member: Bytes, _ score: Double) {
    let at = place(for: member, score)
    list.insert(member, at: at)
    let scoreAt = list.skip(at)
    if let number = Int64(exactlyStored: score) {
      list.insert(number, at: scoreAt)
    } else {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { text in
        let count = writeDouble(score, to: text.baseAddress!)
        list.insert(Bytes(UnsafeRawPointer(text.baseAddress!), count: count), at: scoreAt)
      }
    }
  }

  /// The position of the first element that belongs behind this one.
  private func place(for name: Bytes, _ score: Double) -> Int {
    // Scores that grow, as times do, are added at the end.
    guard let last = list.last, let lastName = list.previous(last) else { return list.endPosition }
    if isBefore(lastName, name, score) { return list.endPosition }
    var at = Listpack.headerSize
    while isBefore(at, name, score) { at = list.skip(list.skip(at)) }
    return at
  }

  private func isBefore(_ member: Int, _ name: Bytes, _ score: Double) -> Bool {
    let own = self.score(member)
    if own != score { return own < score }
    return StringValue(list.value(member)).withBytes { $0.compare(name) < 0 }
  }

  /// Removes members from the one at a position on.
  mutating func remove(_ member: Int, count: Int = 1) { list.delete(member, count: count * 2) }

  /// Removes the members of these ranks, which must be there.
  mutating func remove(_ ranks: Range<Int>) {
    guard let at = list.seek(ranks.lowerBound * 2) else { return }
    remove(at, count: ranks.count)
  }
}

extension Int64 {
  /// A score as the integer that is stored for it, as Redis decides: not beyond half of what 64 bits hold.
  init?(exactlyStored score: Double) {
    guard score.magnitude <= 4_611_686_018_427_387_904, let whole = Int64(exactly: score) else { return nil }
    self = whole
  }
}
