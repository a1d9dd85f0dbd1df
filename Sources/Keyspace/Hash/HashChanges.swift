import CMartlet
import Memory
import Structures

// Changes of hashes. They report nothing, since the commands know the events; but they keep the
// schedule of deadlines, and turn small hashes into tables when it is time.

extension Keyspace {
  /// A new, empty hash under a key that is not there. The caller sets a field next.
  public mutating func addHash(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry {
    addCollection(
      database, key, hash: hash, type: .hash, encoding: .listpack,
      pointer: Listpack.create(capacity: Allocator.goodSize(32)).address)
  }

  /// Turns a small hash into a table at once if `added` fields are certainly too many for it.
  public mutating func prepareHash(_ database: Int, _ entry: Entry, adding added: Int) {
    if added > hashLimits.maximumEntries && entry.encoding == Encoding.listpack.rawValue {
      convertToTable(database, entry)
    }
  }

  /// Sets a field's value.
  ///
  /// - Parameter keepsDeadline: whether a deadline that the field has stays; else it lives for ever.
  /// - Returns: whether the field is new.
  @inline(__always)
  public mutating func setField(
    _ database: Int, _ entry: Entry, _ field: Bytes, _ value: Bytes, keepsDeadline: Bool = false
  ) -> Bool {
    if entry.encoding == Encoding.listpack.rawValue {
      if !fitsListpack(entry, field, value) {
        convertToTable(database, entry)
      } else if !HashValue.hasFieldDeadlines(entry) {
        return setInListpack(database, entry, field, value)
      } else {
        return setInTimedListpack(database, entry, field, value, keepsDeadline: keepsDeadline)
      }
    }
    let table = HashValue.table(entry)
    guard let slot = table.pointee.find(field) else {
      table.pointee.add(field, value, deadline: 0)
      return true
    }
    let old = Entry(address: slot.pointee)
    guard old.hasDeadline else {
      table.pointee.replace(slot, value)
      return false
    }
    let isNew = !old.isAlive(now: now)
    table.pointee.replace(slot, value)
    if isNew || !keepsDeadline {
      table.pointee.setDeadline(slot, 0)
      scheduleFields(database, entry)
    }
    return isNew
  }

  private func fitsListpack(_ entry: Entry, _ field: Bytes, _ value: Bytes) -> Bool {
    let limit = hashLimits.maximumValueCount
    guard field.count <= limit && value.count <= limit else { return false }
    let list =
      HashValue.hasFieldDeadlines(entry)
      ? entry.pointer.assumingMemoryBound(to: TimedListpack.self).pointee.list : Listpack(address: entry.pointer)
    return list.canAdd(field.count + value.count + 64)
  }

  private mutating func setInListpack(_ database: Int, _ entry: Entry, _ field: Bytes, _ value: Bytes) -> Bool {
    var list = Listpack(address: entry.pointer)
    if let at = list.find(field, from: Listpack.headerSize, skip: 1) {
      list.replace(list.skip(at), with: value)
      entry.pointer = list.address
      return false
    }
    list.append(field)
    list.append(value)
    entry.pointer = list.address
    if list.count / 2 > hashLimits.maximumEntries { convertToTable(database, entry) }
    return true
  }

  private mutating func setInTimedListpack(
    _ database: Int, _ entry: Entry, _ field: Bytes, _ value: Bytes, keepsDeadline: Bool
  ) -> Bool {
    let timed = entry.pointer.assumingMemoryBound(to: TimedListpack.self)
    var isNew = true
    if let at = timed.pointee.find(field) {
      let time = timed.pointee.deadline(at)
      isNew = time != 0 && time < now
      if time == 0 || (keepsDeadline && !isNew) {
        timed.pointee.replaceValue(at, value)
        return false
      }
      timed.pointee.remove(at)
    }
    timed.pointee.insert(field, value, deadline: 0)
    if timed.pointee.list.count / 3 > hashLimits.maximumEntries {
      convertToTable(database, entry)
    } else {
      scheduleFields(database, entry)
    }
    return isNew
  }

  /// Removes a living field; says whether there was one. A hash that is left empty must then be deleted.
  public mutating func removeField(_ database: Int, _ entry: Entry, _ field: Bytes) -> Bool {
    switch HashValue.form(entry) {
    case .listpack(var list):
      guard let at = list.find(field, from: Listpack.headerSize, skip: 1) else { return false }
      list.delete(at, count: 2)
      entry.pointer = list.address
    case .timed(let timed):
      guard let at = timed.pointee.find(field), timed.pointee.isAlive(at, now: now) else { return false }
      timed.pointee.remove(at)
      scheduleFields(database, entry)
    case .table(let table):
      guard let slot = table.pointee.find(field) else { return false }
      let found = Entry(address: slot.pointee)
      guard found.isAlive(now: now) else { return false }
      let hadDeadline = found.hasDeadline
      table.pointee.remove(slot)
      if hadDeadline { scheduleFields(database, entry) }
    }
    return true
  }

  /// Sets when a living field dies, in Unix milliseconds; 0 lets it live for ever. Says whether there is such a field.
  @discardableResult
  public mutating func setFieldDeadline(_ database: Int, _ entry: Entry, _ field: Bytes, _ time: Int64) -> Bool {
    switch HashValue.form(entry) {
    case .listpack(let list):
      guard list.find(field, from: Listpack.headerSize, skip: 1) != nil else { return false }
      if time == 0 { return true }
      addTimes(entry, list)
      return setFieldDeadline(database, entry, field, time)
    case .timed(let timed):
      guard let at = timed.pointee.find(field), timed.pointee.isAlive(at, now: now) else { return false }
      let value = StringValue(timed.pointee.list.value(timed.pointee.list.skip(at)))
      // Copied: the bytes move when the old triplet goes.
      value.withCopy { value in
        timed.pointee.remove(at)
        timed.pointee.insert(field, value, deadline: time)
      }
    case .table(let table):
      guard let slot = table.pointee.find(field), Entry(address: slot.pointee).isAlive(now: now) else { return false }
      if time == 0 && !Entry(address: slot.pointee).hasDeadline { return true }
      if time != 0 && !HashValue.hasFieldDeadlines(entry) {
        entry.flags.insert(.hasFieldDeadlines)
        // Nobody told the table so far when its key's entry moved.
        HashValue.setOwner(entry)
      }
      table.pointee.setDeadline(slot, time)
    }
    scheduleFields(database, entry)
    return true
  }

  /// Gives a listpack of pairs a third element for each.
  private func addTimes(_ entry: Entry, _ list: Listpack) {
    var triplets = Listpack.create(capacity: list.byteCount + list.count)
    HashValue.forEach(entry, now: now) { field in
      field.name.withBytes { triplets.append($0) }
      field.value.withBytes { triplets.append($0) }
      triplets.append(0 as Int64)
    }
    list.free()
    entry.pointer = UnsafeMutableRawPointer(TimedListpack.allocate(triplets, owner: entry))
    entry.flags.insert(.hasFieldDeadlines)
  }

  /// Makes a small hash a table, whatever the limits say.
  mutating func convertToTable(_ database: Int, _ entry: Entry) {
    let table = FieldTable.allocate(owner: entry, hashKey: hashKey)
    switch HashValue.form(entry) {
    case .listpack(let list):
      HashValue.forEach(entry, now: now) { field in
        field.name.withBytes { table.pointee.add($0, field.value, deadline: 0) }
      }
      list.free()
    case .timed(let timed):
      databases[database].fieldDeadlines.remove(HashValue.deadline(entry))
      let list = timed.pointee.list
      var at = list.first
      while let name = at {
        let value = list.skip(name)
        StringValue(list.value(name)).withBytes {
          table.pointee.add($0, StringValue(list.value(value)), deadline: timed.pointee.deadline(name))
        }
        at = list.next(list.skip(value))
      }
      list.free()
      Allocator.free(timed)
    case .table: preconditionFailure("a table already")
    }
    entry.pointer = UnsafeMutableRawPointer(table)
    entry.valueEncoding = .table
    if HashValue.hasFieldDeadlines(entry) { scheduleFields(database, entry) }
  }
}

extension StringValue {
  /// As `withBytes`, with bytes that stay as they are whatever happens to the value.
  public func withCopy<R>(_ body: (Bytes) -> R) -> R {
    withBytes { bytes in
      withUnsafeTemporaryAllocation(byteCount: max(1, bytes.count), alignment: 1) { copy in
        memcpy(copy.baseAddress!, bytes.base, bytes.count)
        return body(Bytes(UnsafeRawPointer(copy.baseAddress!), count: bytes.count))
      }
    }
  }
}
