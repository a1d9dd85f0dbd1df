import Memory
import Structures

/// What the value of a hash with dying fields begins with, whatever its form.
struct FieldDeadlines {
  /// The soonest deadline of all fields, as it is scheduled in the database.
  var deadline = Deadline()
  /// The key's entry.
  var owner: UnsafeMutableRawPointer
}

/// A small hash with field deadlines: triplets of field, value, deadline in the order of deadlines, those
/// without one (written 0) last. RDB files store it in the same order.
struct TimedListpack {
  var header: FieldDeadlines
  var list: Listpack

  static func allocate(_ list: Listpack, owner: Entry) -> UnsafeMutablePointer<TimedListpack> {
    let timed = UnsafeMutablePointer<TimedListpack>.allocateFromAllocator()
    timed.initialize(to: TimedListpack(header: FieldDeadlines(owner: owner.address), list: list))
    return timed
  }

  /// The position of a field.
  func find(_ field: Bytes) -> Int? { list.find(field, from: Listpack.headerSize, skip: 2) }

  private func timePosition(_ field: Int) -> Int { list.skip(list.skip(field)) }

  /// The deadline of the field at a position, 0 for none.
  func deadline(_ field: Int) -> Int64 {
    if case .integer(let time) = list.value(timePosition(field)) { return time }
    return 0
  }

  static func isAlive(_ time: Listpack.Value, now: Int64) -> Bool {
    if case .integer(let time) = time { return time == 0 || time >= now }
    return true
  }

  func isAlive(_ field: Int, now: Int64) -> Bool { Self.isAlive(list.value(timePosition(field)), now: now) }

  var soonest: Int64? {
    guard let first = list.first else { return nil }
    let time = deadline(first)
    return time == 0 ? nil : time
  }

  /// Number of fields whose deadline lies before `now`: the first ones.
  func count(before now: Int64) -> Int {
    var found = 0
    var at = list.first
    while let field = at {
      let time = deadline(field)
      if time == 0 || time >= now { break }
      found += 1
      at = list.next(timePosition(field))
    }
    return found
  }

  /// Adds a field that is not there, at its place in the order.
  mutating func insert(_ field: Bytes, _ value: Bytes, deadline: Int64) {
    let at = place(for: deadline)
    list.insert(deadline, at: at)
    list.insert(value, at: at)
    list.insert(field, at: at)
  }

  private func place(for time: Int64) -> Int {
    guard time != 0 else { return list.endPosition }
    var at = list.first
    while let field = at {
      let other = deadline(field)
      if other == 0 || other > time { return field }
      at = list.next(timePosition(field))
    }
    return list.endPosition
  }

  mutating func replaceValue(_ field: Int, _ value: Bytes) { list.replace(list.skip(field), with: value) }

  mutating func remove(_ field: Int) { list.delete(field, count: 3) }

  /// Removes up to `limit` fields whose deadline lies before `now`, after `visit` has seen each, and says how many.
  mutating func removeDead(now: Int64, limit: Int, _ visit: (Bytes) -> Void) -> Int {
    let dead = min(count(before: now), limit)
    var at = Listpack.headerSize
    for _ in 0..<dead {
      StringValue(list.value(at)).withBytes(visit)
      at = list.skip(timePosition(at))
    }
    if dead > 0 { list.delete(Listpack.headerSize, count: dead * 3) }
    return dead
  }
}
