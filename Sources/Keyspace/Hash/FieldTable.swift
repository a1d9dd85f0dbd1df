import CMartlet
import Memory
import Structures

/// A large hash: an entry for each field, whose payload is the value or points to it, in a table; and the
/// deadlines of fields, which lie in their entries.
struct FieldTable: ~Copyable {
  var header: FieldDeadlines
  var deadlines = DeadlineHeap()
  var table = HashTable()
  let hashKey: SipKey

  /// Values up to this size lie in their field's entry.
  static let maximumInlineCount = StringValue.maximumInlineCount

  static func allocate(owner: Entry, hashKey: SipKey) -> UnsafeMutablePointer<FieldTable> {
    let table = UnsafeMutablePointer<FieldTable>.allocateFromAllocator()
    table.initialize(to: FieldTable(header: FieldDeadlines(owner: owner.address), hashKey: hashKey))
    return table
  }

  static func free(_ table: UnsafeMutablePointer<FieldTable>) {
    table.pointee.table.drain { freeField($0) }
    table.deinitialize(count: 1)
    Allocator.free(table)
  }

  static func copy(_ source: UnsafeMutablePointer<FieldTable>, owner: Entry) -> UnsafeMutablePointer<FieldTable> {
    let fresh = allocate(owner: owner, hashKey: source.pointee.hashKey)
    source.pointee.table.forEach { field in
      fresh.pointee.add(field.key, StringValue(field), deadline: field.expiresAt ?? 0)
    }
    return fresh
  }

  private static func freeField(_ field: Entry) {
    if field.encoding == Encoding.blob.rawValue { Blob(address: field.pointer).release() }
    field.free()
  }

  func memoryUsage(samples: Int) -> Int {
    var seen = 0
    var bytes = 0
    table.forEachWhile { field in
      seen += 1
      bytes += field.allocatedBytes
      if field.encoding == Encoding.blob.rawValue { bytes += Allocator.usableSize(field.pointer) }
      return samples == 0 || seen < samples
    }
    let own = table.allocatedBytes + deadlines.allocatedBytes
    if seen == 0 || seen == table.count { return own + bytes }
    return own + Int(Double(bytes) / Double(seen) * Double(table.count))
  }

  @inline(__always)
  func find(_ field: Bytes) -> HashTable.Slot? { table.find(field, hash: sipHash13(field, key: hashKey)) }

  // MARK: Change

  /// Adds a field that is not there. A deadline of 0 is none.
  mutating func add(_ field: Bytes, _ value: StringValue, deadline: Int64) {
    value.withBytes { add(field, $0, deadline: deadline) }
  }

  mutating func add(_ field: Bytes, _ value: Bytes, deadline: Int64) {
    let isInline = value.count <= Self.maximumInlineCount
    let fresh = Entry.allocate(key: field, payloadCount: isInline ? value.count : 8, hasDeadline: deadline != 0)
    fresh.valueEncoding = isInline ? .inline : .blob
    if isInline {
      memcpy(fresh.payloadStart, value.base, value.count)
    } else {
      fresh.pointer = Blob.copy(value).address
    }
    if deadline != 0 {
      fresh.deadline.pointee.milliseconds = deadline
      deadlines.insert(fresh.deadline)
    }
    table.insert(fresh, hash: sipHash13(field, key: hashKey), key: hashKey)
  }

  /// Puts another value into the field at `slot`; the deadline stays.
  mutating func replace(_ slot: HashTable.Slot, _ value: Bytes) {
    let old = Entry(address: slot.pointee)
    if old.encoding == Encoding.blob.rawValue { Blob(address: old.pointer).release() }
    let isInline = value.count <= Self.maximumInlineCount
    let fresh = old.withPayload(count: isInline ? value.count : 8)
    fresh.valueEncoding = isInline ? .inline : .blob
    if isInline {
      memcpy(fresh.payloadStart, value.base, value.count)
    } else {
      fresh.pointer = Blob.copy(value).address
    }
    slot.pointee = fresh.address
    if fresh.hasDeadline { deadlines.relocate(fresh.deadline) }
  }

  /// Sets when the field at `slot` dies; 0 lets it live for ever.
  mutating func setDeadline(_ slot: HashTable.Slot, _ time: Int64) {
    var field = Entry(address: slot.pointee)
    if field.hasDeadline { deadlines.remove(field.deadline) }
    field = field.withDeadlineRoom(time != 0)
    slot.pointee = field.address
    guard time != 0 else { return }
    field.deadline.pointee.milliseconds = time
    deadlines.insert(field.deadline)
  }

  mutating func remove(_ slot: HashTable.Slot) {
    let field = Entry(address: slot.pointee)
    if field.hasDeadline { deadlines.remove(field.deadline) }
    table.remove(slot: slot, hash: sipHash13(field.key, key: hashKey), sipKey: hashKey)
    Self.freeField(field)
  }

  /// Removes up to `limit` fields whose deadline lies before `now`, after `visit` has seen each, and says how many.
  mutating func removeDead(now: Int64, limit: Int, _ visit: (Bytes) -> Void) -> Int {
    var removed = 0
    while removed < limit, let soonest = deadlines.soonest, soonest.pointee.milliseconds < now {
      let field = Entry.holding(soonest)
      visit(field.key)
      remove(table.slot(of: field, hash: sipHash13(field.key, key: hashKey)))
      removed += 1
    }
    return removed
  }
}
