import Memory
import Structures

// Small hashes are saved as the bytes they consist of, and come back as such.

extension HashValue {
  /// How a hash is best saved.
  public enum Stored {
    /// Fields and values in turn.
    case listpack(Bytes)
    /// Field, value, deadline in turn, in the order of deadlines; and the soonest deadline, 0 if there is none.
    case timedListpack(Bytes, soonest: Int64)
    /// To be walked field by field.
    case table
  }

  /// Views that are valid until the hash changes.
  public static func stored(_ entry: Entry) -> Stored {
    switch form(entry) {
    case .listpack(let list): .listpack(list.bytes)
    case .timed(let timed): .timedListpack(timed.pointee.list.bytes, soonest: timed.pointee.soonest ?? 0)
    case .table: .table
    }
  }

  /// As ``forEach(_:now:_:)``, with deadlines, 0 for none.
  public static func forEachWithDeadline(_ entry: Entry, now: Int64, _ visit: (Field, Int64) -> Void) {
    switch form(entry) {
    case .listpack: forEach(entry, now: now) { visit($0, 0) }
    case .timed(let timed):
      for place in places(entry, now: now) {
        visit(field(entry, at: place), timed.pointee.deadline(place.rawValue))
      }
    case .table(let table):
      table.pointee.table.forEach { found in
        if found.isAlive(now: now) { visit(Field(found), found.expiresAt ?? 0) }
      }
    }
  }

  /// Visits some fields of a large hash, dead ones too, with deadlines, 0 for none; returns the next cursor, 0 at the end.
  /// Requires a table. While the hash does not change, each field is visited once.
  public static func scanStored(_ entry: Entry, _ cursor: UInt64, _ visit: (Field, Int64) -> Void) -> UInt64 {
    table(entry).pointee.table.scan(cursor) { visit(Field($0), $0.expiresAt ?? 0) }
  }

  /// Whether bytes from outside are a hash: a sound listpack of whole tuples, with no field twice and, if `isTimed`,
  /// with deadlines in their order.
  public static func isValid(listpack bytes: Bytes, isTimed: Bool) -> Bool {
    let width = isTimed ? 3 : 2
    guard Listpack.isValid(bytes) else { return false }
    // Only read, never changed or freed.
    let list = Listpack(address: UnsafeMutableRawPointer(mutating: UnsafeRawPointer(bytes.base)))
    let count = list.count
    guard count > 0 && count % width == 0 else { return false }
    var names: Set<ByteString> = []
    var last: Int64 = 0
    var at = list.first
    while let name = at {
      guard names.insert(StringValue(list.value(name)).withBytes { ByteString($0) }).inserted else { return false }
      var end = list.skip(name)
      if isTimed {
        end = list.skip(end)
        guard case .integer(let time) = list.value(end), isInOrder(time, after: &last) else { return false }
      }
      at = list.next(end)
    }
    return true
  }

  private static func isInOrder(_ time: Int64, after last: inout Int64) -> Bool {
    guard time >= 0 else { return false }
    // 0 is none, and comes last.
    let rank = time == 0 ? Int64.max : time
    guard rank >= last else { return false }
    last = rank
    return true
  }
}

extension Keyspace {
  /// Adds a hash that was saved as a listpack, under a key that is not there.
  ///
  /// - Parameter isTimed: whether it consists of triplets.
  /// - Returns: nil if the bytes are no such hash.
  public mutating func addHash(
    _ database: Int, _ key: Bytes, hash: UInt64, listpack bytes: Bytes, isTimed: Bool
  ) -> Entry? {
    guard HashValue.isValid(listpack: bytes, isTimed: isTimed) else { return nil }
    let list = Listpack.copy(bytes)
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.type = ValueType.hash.rawValue
    entry.valueEncoding = .listpack
    if isTimed {
      entry.pointer = UnsafeMutableRawPointer(TimedListpack.allocate(list, owner: entry))
      entry.flags.insert(.hasFieldDeadlines)
    } else {
      entry.pointer = list.address
    }
    add(database, entry, hash: hash)
    if exceedsLimits(list, width: isTimed ? 3 : 2) { convertToTable(database, entry) }
    return entry
  }

  private func exceedsLimits(_ list: Listpack, width: Int) -> Bool {
    if list.count / width > hashLimits.maximumEntries { return true }
    var at = list.first
    while let current = at {
      if StringValue(list.value(current)).count > hashLimits.maximumValueCount { return true }
      at = list.next(current)
    }
    return false
  }
}
