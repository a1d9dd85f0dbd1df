import Memory
import Structures

/// Scores between two bounds, each of which may be excluded.
public struct ScoreRange {
  public let minimum: Double
  public let maximum: Double
  public let excludesMinimum: Bool
  public let excludesMaximum: Bool

  public init(from minimum: Double, excluded excludesMinimum: Bool, to maximum: Double, excluded excludesMaximum: Bool)
  {
    self.minimum = minimum
    self.maximum = maximum
    self.excludesMinimum = excludesMinimum
    self.excludesMaximum = excludesMaximum
  }

  @inline(__always)
  public func isAbove(_ score: Double) -> Bool { excludesMinimum ? score <= minimum : score < minimum }

  @inline(__always)
  public func isBelow(_ score: Double) -> Bool { excludesMaximum ? score >= maximum : score > maximum }
}

/// Names between two bounds, in the order of their bytes.
public struct LexRange {
  public enum Bound {
    /// `-`, below every name.
    case lowest
    /// `+`, above every name.
    case highest
    case name(Bytes, isExcluded: Bool)
  }

  public let minimum: Bound
  public let maximum: Bound

  public init(from minimum: Bound, to maximum: Bound) {
    self.minimum = minimum
    self.maximum = maximum
  }

  @inline(__always)
  func isAbove(_ name: Bytes) -> Bool {
    switch minimum {
    case .lowest: return false
    case .highest: return true
    case .name(let bound, let isExcluded):
      let order = name.compare(bound)
      return isExcluded ? order <= 0 : order < 0
    }
  }

  @inline(__always)
  func isBelow(_ name: Bytes) -> Bool {
    switch maximum {
    case .lowest: return true
    case .highest: return false
    case .name(let bound, let isExcluded):
      let order = name.compare(bound)
      return isExcluded ? order >= 0 : order > 0
    }
  }

  /// Whether no name can lie in it.
  var isEmpty: Bool {
    guard case .name(let low, let lowIsExcluded) = minimum, case .name(let high, let highIsExcluded) = maximum else {
      if case .highest = minimum { return true }
      if case .lowest = maximum { return true }
      return false
    }
    let order = low.compare(high)
    return order > 0 || (order == 0 && (lowIsExcluded || highIsExcluded))
  }
}

extension SortedSetValue {
  /// The ranks of the members whose scores lie in a range.
  public static func ranks(_ entry: Entry, of range: ScoreRange) -> Range<Int> {
    switch form(entry) {
    case .listpack(let small):
      return small.ranks {
        let score = small.score($0)
        return range.isAbove(score) ? .before : range.isBelow(score) ? .behind : .within
      }
    case .table(let table):
      let start = table.pointee.index.rank { range.isAbove($0.score) }
      let end = table.pointee.index.rank { !range.isBelow($0.score) }
      return start..<max(start, end)
    }
  }

  /// The ranks of the members whose names lie in a range, if all scores are the same.
  ///
  /// If they are not, there is no right answer. That of small sets is what Redis happens to answer, which depends on the
  /// end at which the search begins.
  public static func ranks(_ entry: Entry, of range: LexRange, isReversed: Bool) -> Range<Int> {
    if range.isEmpty { return 0..<0 }
    switch form(entry) {
    case .listpack(let small): return small.ranks(of: range, isReversed: isReversed)
    case .table(let table):
      let start = table.pointee.index.rank { range.isAbove($0.member.key) }
      let end = table.pointee.index.rank { !range.isBelow($0.member.key) }
      return start..<max(start, end)
    }
  }
}

extension SortedListpack {
  fileprivate enum Place {
    case before
    case within
    case behind
  }

  /// The ranks of the members within a range, given where the member at a position lies.
  @inline(__always)
  fileprivate func ranks(_ place: (Int) -> Place) -> Range<Int> {
    let end = list.endPosition
    var at = Listpack.headerSize
    var start = 0
    while at < end, place(at) == .before {
      at = list.skip(list.skip(at))
      start += 1
    }
    var stop = start
    while at < end, place(at) != .behind {
      at = list.skip(list.skip(at))
      stop += 1
    }
    return start..<stop
  }

  fileprivate func ranks(of range: LexRange, isReversed: Bool) -> Range<Int> {
    func isAbove(_ at: Int) -> Bool { StringValue(list.value(at)).withBytes { range.isAbove($0) } }
    func isBelow(_ at: Int) -> Bool { StringValue(list.value(at)).withBytes { range.isBelow($0) } }
    guard let first = list.first, let lastScore = list.last, let last = list.previous(lastScore) else { return 0..<0 }
    if isAbove(last) || isBelow(first) { return 0..<0 }
    if !isReversed { return ranks { isAbove($0) ? .before : isBelow($0) ? .behind : .within } }
    var end = count
    var at: Int? = last
    func before(_ member: Int) -> Int? { list.previous(member).flatMap { list.previous($0) } }
    while let member = at, isBelow(member) {
      end -= 1
      at = before(member)
    }
    var start = end
    while let member = at, !isAbove(member) {
      start -= 1
      at = before(member)
    }
    return start..<end
  }
}
