import Memory
import Structures

/// When a hash leaves its compact form.
public struct HashLimits {
  /// `hash-max-listpack-entries`
  public var maximumEntries = 128
  /// `hash-max-listpack-value`, in bytes
  public var maximumValueCount = 64

  public init() {}
}

/// Fields with values, in one of three forms:
///
/// - a listpack of fields and values in turn, while there are few and short ones. The key's entry points to it;
/// - a listpack of field, value, deadline in turn, once a field of a small hash got a deadline: Redis's "listpackex".
///   The entry points to a ``TimedListpack``. Deadlines are Unix milliseconds, 0 for none, and the
///   elements are in their order, those without last;
/// - a table of entries, one for each field. The entry points to a ``FieldTable``.
///
/// The flag `hasFieldDeadlines` of the key's entry says that a field has, or had, a deadline. Then the soonest of them
/// is noted at the beginning of what the entry points to, and scheduled in the database.
///
/// What works here on deadlines does not schedule: changes go through `Keyspace`, which does.
///
/// A field whose time has come is dead from that moment on, whether it was removed yet or not: everything that takes a
/// time ignores such fields.
public enum HashValue {
  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString {
    if entry.valueEncoding == .table { return "hashtable" }
    return hasFieldDeadlines(entry) ? "listpackex" : "listpack"
  }

  /// The forms, told apart.
  enum Form {
    case listpack(Listpack)
    case timed(UnsafeMutablePointer<TimedListpack>)
    case table(UnsafeMutablePointer<FieldTable>)
  }

  @inline(__always)
  static func form(_ entry: Entry) -> Form {
    if entry.encoding == Encoding.table.rawValue { return .table(table(entry)) }
    if entry.flags.contains(.hasFieldDeadlines) {
      return .timed(entry.pointer.assumingMemoryBound(to: TimedListpack.self))
    }
    return .listpack(Listpack(address: entry.pointer))
  }

  @inline(__always)
  static func table(_ entry: Entry) -> UnsafeMutablePointer<FieldTable> {
    entry.pointer.assumingMemoryBound(to: FieldTable.self)
  }

  // MARK: Life

  /// Frees all but the key's entry. May run on any thread once the entry is detached.
  public static func free(_ entry: Entry) {
    switch form(entry) {
    case .listpack(let list): list.free()
    case .timed(let timed):
      timed.pointee.list.free()
      Allocator.free(timed)
    case .table(let table): FieldTable.free(table)
    }
  }

  /// Gives `fresh` a deep copy of the hash that `entry` holds, deadlines included. They are scheduled
  /// when `fresh` is added to a database.
  public static func copy(_ entry: Entry, into fresh: Entry) {
    switch form(entry) {
    case .listpack(let list): fresh.pointer = Listpack.copy(list.bytes).address
    case .timed(let timed):
      fresh.pointer = UnsafeMutableRawPointer(
        TimedListpack.allocate(Listpack.copy(timed.pointee.list.bytes), owner: fresh))
      fresh.flags.insert(.hasFieldDeadlines)
    case .table(let table):
      fresh.pointer = UnsafeMutableRawPointer(FieldTable.copy(table, owner: fresh))
      if hasFieldDeadlines(entry) { fresh.flags.insert(.hasFieldDeadlines) }
    }
  }

  /// Bytes that the hash takes beside its key's entry; of a table, estimated from `samples` fields (0: all).
  public static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    switch form(entry) {
    case .listpack(let list): list.allocatedBytes
    case .timed(let timed): Allocator.usableSize(timed) + timed.pointee.list.allocatedBytes
    case .table(let table): Allocator.usableSize(table) + table.pointee.memoryUsage(samples: samples)
    }
  }

  /// How many allocations freeing takes, roughly.
  public static func freeEffort(_ entry: Entry) -> Int {
    entry.encoding == Encoding.table.rawValue ? table(entry).pointee.table.count : 1
  }

  // MARK: Deadlines

  /// Whether a field has a deadline, or once had one.
  public static func hasFieldDeadlines(_ entry: Entry) -> Bool { entry.flags.contains(.hasFieldDeadlines) }

  /// Tells a hash whose fields expire where its key's entry is now.
  public static func setOwner(_ entry: Entry) {
    entry.pointer.assumingMemoryBound(to: FieldDeadlines.self).pointee.owner = entry.address
  }

  /// The soonest deadline of the fields. Requires the flag `hasFieldDeadlines`.
  public static func deadline(_ entry: Entry) -> ExpiryWheel.Handle {
    assert(hasFieldDeadlines(entry))
    return entry.pointer.assumingMemoryBound(to: Deadline.self)
  }

  /// When the first field dies, if one ever does.
  public static func soonestDeadline(_ entry: Entry) -> Int64? {
    switch form(entry) {
    case .listpack: nil
    case .timed(let timed): timed.pointee.soonest
    case .table(let table): table.pointee.deadlines.soonest.map { $0.pointee.milliseconds }
    }
  }

  // MARK: Read

  /// Number of fields, dead ones that were not removed yet included.
  public static func count(_ entry: Entry) -> Int {
    switch form(entry) {
    case .listpack(let list): list.count / 2
    case .timed(let timed): timed.pointee.list.count / 3
    case .table(let table): table.pointee.table.count
    }
  }

  /// Number of fields that are alive at `now`.
  public static func count(_ entry: Entry, now: Int64) -> Int {
    switch form(entry) {
    case .listpack(let list): list.count / 2
    case .timed(let timed): timed.pointee.list.count / 3 - timed.pointee.count(before: now)
    case .table(let table): table.pointee.table.count - table.pointee.deadlines.count(before: now)
    }
  }

  /// The value of a living field; valid until the hash changes.
  @inline(__always)
  public static func find(_ entry: Entry, _ field: Bytes, now: Int64) -> StringValue? {
    switch form(entry) {
    case .listpack(let list):
      guard let at = list.find(field, from: Listpack.headerSize, skip: 1) else { return nil }
      return StringValue(list.value(list.skip(at)))
    case .timed(let timed):
      guard let at = timed.pointee.find(field), timed.pointee.isAlive(at, now: now) else { return nil }
      return StringValue(timed.pointee.list.value(timed.pointee.list.skip(at)))
    case .table(let table):
      guard let slot = table.pointee.find(field) else { return nil }
      let found = Entry(address: slot.pointee)
      return found.isAlive(now: now) ? StringValue(found) : nil
    }
  }

  public enum FieldDeadline {
    case noField
    case none
    case at(Int64)
  }

  /// When a living field dies.
  public static func deadline(_ entry: Entry, of field: Bytes, now: Int64) -> FieldDeadline {
    switch form(entry) {
    case .listpack(let list): return list.find(field, from: Listpack.headerSize, skip: 1) == nil ? .noField : .none
    case .timed(let timed):
      guard let at = timed.pointee.find(field), timed.pointee.isAlive(at, now: now) else { return .noField }
      let time = timed.pointee.deadline(at)
      return time == 0 ? .none : .at(time)
    case .table(let table):
      guard let slot = table.pointee.find(field) else { return .noField }
      let found = Entry(address: slot.pointee)
      guard found.isAlive(now: now) else { return .noField }
      return found.expiresAt.map { .at($0) } ?? .none
    }
  }

  // MARK: Walks

  /// A field with its value; views that are valid until the hash changes.
  public struct Field {
    public let name: StringValue
    public let value: StringValue
  }

  /// Where in its hash a field lies, until the hash changes.
  public struct Place: Hashable {
    /// An offset in the listpack, or the address of the field's entry.
    let rawValue: Int
  }

  /// Visits every living field. `visit` must not change the hash.
  public static func forEach(_ entry: Entry, now: Int64, _ visit: (Field) -> Void) {
    switch form(entry) {
    case .listpack(let list): forEach(list, step: 2, now: now, visit)
    case .timed(let timed): forEach(timed.pointee.list, step: 3, now: now, visit)
    case .table(let table):
      table.pointee.table.forEach { found in
        if found.isAlive(now: now) { visit(Field(found)) }
      }
    }
  }

  private static func forEach(_ list: Listpack, step: Int, now: Int64, _ visit: (Field) -> Void) {
    var at = list.first
    while let name = at {
      let value = list.skip(name)
      let rest = list.skip(value)
      if step == 2 {
        visit(Field(list, name, value))
        at = rest == list.endPosition ? nil : rest
      } else {
        if TimedListpack.isAlive(list.value(rest), now: now) { visit(Field(list, name, value)) }
        at = list.next(rest)
      }
    }
  }

  /// The places of all living fields.
  public static func places(_ entry: Entry, now: Int64) -> [Place] {
    var places: [Place] = []
    switch form(entry) {
    case .listpack(let list): appendPlaces(list, step: 2, now: now, &places)
    case .timed(let timed): appendPlaces(timed.pointee.list, step: 3, now: now, &places)
    case .table(let table):
      places.reserveCapacity(table.pointee.table.count)
      table.pointee.table.forEach { found in
        if found.isAlive(now: now) { places.append(Place(found)) }
      }
    }
    return places
  }

  private static func appendPlaces(_ list: Listpack, step: Int, now: Int64, _ places: inout [Place]) {
    var at = list.first
    while let name = at {
      let value = list.skip(name)
      if step == 2 {
        places.append(Place(rawValue: name))
        at = list.next(value)
      } else {
        let time = list.skip(value)
        if TimedListpack.isAlive(list.value(time), now: now) { places.append(Place(rawValue: name)) }
        at = list.next(time)
      }
    }
  }

  /// The field at a place that this hash named.
  public static func field(_ entry: Entry, at place: Place) -> Field {
    let list: Listpack
    switch form(entry) {
    case .listpack(let plain): list = plain
    case .timed(let timed): list = timed.pointee.list
    case .table: return Field(Entry(address: UnsafeMutableRawPointer(bitPattern: place.rawValue)!))
    }
    return Field(list, place.rawValue, list.skip(place.rawValue))
  }

  /// A living field at random, each with the same probability.
  public static func randomPlace(
    _ entry: Entry, now: Int64, _ random: inout some RandomNumberGenerator
  ) -> Place? {
    switch form(entry) {
    case .listpack(let list):
      let total = list.count / 2
      guard total > 0 else { return nil }
      return list.seek(Int.random(in: 0..<total, using: &random) * 2).map { Place(rawValue: $0) }
    case .timed(let timed):
      // The dead are the first.
      let dead = timed.pointee.count(before: now)
      let total = timed.pointee.list.count / 3
      guard total > dead else { return nil }
      return timed.pointee.list.seek(Int.random(in: dead..<total, using: &random) * 3).map { Place(rawValue: $0) }
    case .table(let table):
      for _ in 0..<64 {
        guard let found = table.pointee.table.randomEntry(&random) else { return nil }
        if found.isAlive(now: now) { return Place(found) }
      }
      // Nearly all are dead and about to be removed.
      return places(entry, now: now).randomElement(using: &random)
    }
  }

  /// Visits the living fields that `cursor` stands for and returns the next cursor, 0 at the end.
  ///
  /// Small hashes are visited whole at once; for tables the promise of ``HashTable/scan(_:_:)`` holds.
  public static func scan(_ entry: Entry, _ cursor: UInt64, now: Int64, _ visit: (Place) -> Void) -> UInt64 {
    guard case .table(let table) = form(entry) else {
      for place in places(entry, now: now) { visit(place) }
      return 0
    }
    return table.pointee.table.scan(cursor) { found in
      if found.isAlive(now: now) { visit(Place(found)) }
    }
  }
}

extension HashValue.Place {
  fileprivate init(_ entry: Entry) { rawValue = Int(bitPattern: entry.address) }
}

extension HashValue.Field {
  @inline(__always)
  fileprivate init(_ list: Listpack, _ name: Int, _ value: Int) {
    self.name = StringValue(list.value(name))
    self.value = StringValue(list.value(value))
  }

  @inline(__always)
  init(_ entry: Entry) {
    name = .bytes(entry.key)
    value = StringValue(entry)
  }
}

extension StringValue {
  /// An element of a listpack.
  @inline(__always)
  public init(_ value: Listpack.Value) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .bytes(let bytes): self = .bytes(bytes)
    }
  }
}

extension Entry {
  /// Whether a field's time has not come. A deadline is the last millisecond that it lives in.
  @inline(__always)
  func isAlive(now: Int64) -> Bool { !hasDeadline || deadline.pointee.milliseconds >= now }
}
