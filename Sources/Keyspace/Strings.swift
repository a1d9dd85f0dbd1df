import CMartlet
import Memory
import Structures

/// What happens to a key's deadline when its value is replaced.
package enum DeadlineChange {
  case discard
  case keep
  /// Unix milliseconds.
  case set(Int64)
}

extension Keyspace {
  /// Puts a string under a key, whatever was there before. Reports nothing.
  ///
  /// - Parameters:
  ///   - slot: where the key is, nil if it is not there.
  ///   - mayBeInteger: false keeps the bytes as they are even if they spell an integer.
  /// - Complexity: O(1) beside copying the value.
  @inline(__always)
  package mutating func setString(
    _ database: Int, _ key: Bytes, hash: UInt64, at slot: HashTable.Slot?, to value: Bytes,
    deadline: DeadlineChange = .discard, mayBeInteger: Bool = true
  ) {
    let integer = mayBeInteger && value.count <= 20 ? parseInteger(value) : nil
    let isInline = value.count <= StringValue.maximumInlineCount
    let payloadCount = integer != nil || !isInline ? 8 : value.count
    let entry = prepareString(database, key, hash: hash, at: slot, payloadCount: payloadCount, deadline: deadline)
    if let integer {
      entry.encoding = Encoding.integer.rawValue
      entry.integer = integer
    } else if isInline {
      entry.encoding = Encoding.inline.rawValue
      memcpy(entry.payloadStart, value.base, value.count)
    } else {
      entry.encoding = Encoding.blob.rawValue
      entry.pointer = Blob.copy(value).address
    }
  }

  /// As `setString`, for an integer.
  @inline(__always)
  package mutating func setInteger(
    _ database: Int, _ key: Bytes, hash: UInt64, at slot: HashTable.Slot?, to value: Int64,
    deadline: DeadlineChange = .discard
  ) {
    let entry = prepareString(database, key, hash: hash, at: slot, payloadCount: 8, deadline: deadline)
    entry.encoding = Encoding.integer.rawValue
    entry.integer = value
  }

  /// An entry for a string with room for `payloadCount` bytes of payload, in its place in the table.
  @inline(__always)
  private mutating func prepareString(
    _ database: Int, _ key: Bytes, hash: UInt64, at slot: HashTable.Slot?, payloadCount: Int, deadline: DeadlineChange
  ) -> Entry {
    guard let slot else { return addString(database, key, hash: hash, payloadCount: payloadCount, deadline: deadline) }
    let entry = Entry(address: slot.pointee)
    // The common case: a string that lives for ever is replaced by one of about the same length.
    if entry.isString && !entry.hasDeadline, entry.encoding != Encoding.blob.rawValue,
      entry.canHold(payloadCount: payloadCount)
    {
      if case .set = deadline {
      } else {
        entry.flags = .none
        return entry.withPayload(count: payloadCount)
      }
    }
    return replace(database, entry, slot, hash: hash, payloadCount: payloadCount, deadline: deadline)
  }

  private mutating func addString(
    _ database: Int, _ key: Bytes, hash: UInt64, payloadCount: Int, deadline: DeadlineChange
  ) -> Entry {
    var time: Int64?
    if case .set(let milliseconds) = deadline { time = milliseconds }
    let entry = Entry.allocate(key: key, payloadCount: payloadCount, hasDeadline: time != nil)
    if let time { entry.deadline.pointee.milliseconds = time }
    add(database, entry, hash: hash)
    return entry
  }

  @inline(never)
  private mutating func replace(
    _ database: Int, _ entry: Entry, _ slot: HashTable.Slot, hash: UInt64, payloadCount: Int, deadline: DeadlineChange
  ) -> Entry {
    let time: Int64? =
      switch deadline {
      case .discard: nil
      case .keep: entry.expiresAt
      case .set(let milliseconds): milliseconds
      }
    if entry.flags.contains(.hasFieldDeadlines) { databases[database].fieldDeadlines.remove(HashValue.deadline(entry)) }
    if entry.hasDeadline { databases[database].keyDeadlines.remove(entry.deadline) }
    let fresh = Entry.allocate(key: entry.key, payloadCount: payloadCount, hasDeadline: time != nil)
    fresh.accessClock = entry.accessClock
    slot.pointee = fresh.address
    if let time {
      fresh.deadline.pointee.milliseconds = time
      databases[database].keyDeadlines.insert(fresh.deadline)
    }
    release(entry, lazily: lazyServerDelete)
    return fresh
  }

  /// Makes the string in `slot` exactly `count` bytes long, its old bytes kept and new ones zero, and
  /// gives its bytes to `change`. From then on it counts as raw, as Redis calls a string that was changed in place.
  package mutating func changeString(
    _ database: Int, _ slot: HashTable.Slot, count: Int, _ change: (UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let entry = Entry(address: slot.pointee)
    if entry.encoding == Encoding.blob.rawValue {
      let blob = Blob(address: entry.pointer).resized(to: count, slack: true)
      entry.pointer = blob.address
      change(blob.start)
      return
    }
    StringValue(entry).withBytes { old in
      let kept = min(old.count, count)
      if count > StringValue.maximumInlineCount {
        let blob = Blob.allocate(count: count, capacity: count + min(count, 1 << 20))
        memcpy(blob.start, old.base, kept)
        memset(blob.start + kept, 0, count - kept)
        let fresh = resize(database, slot, payloadCount: 8)
        fresh.encoding = Encoding.blob.rawValue
        fresh.pointer = blob.address
        change(blob.start)
        return
      }
      // The old bytes may lie in the entry that is about to be resized.
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: StringValue.maximumInlineCount) { copy in
        memcpy(copy.baseAddress!, old.base, kept)
        let fresh = resize(database, slot, payloadCount: count)
        fresh.encoding = Encoding.inline.rawValue
        fresh.flags.insert(.raw)
        let start = fresh.payloadStart.assumingMemoryBound(to: UInt8.self)
        memcpy(start, copy.baseAddress!, kept)
        memset(start + kept, 0, count - kept)
        change(start)
      }
    }
  }

  /// Gives the entry in `slot` another payload size. The payload's bytes are undefined after it.
  private mutating func resize(_ database: Int, _ slot: HashTable.Slot, payloadCount: Int) -> Entry {
    let fresh = Entry(address: slot.pointee).withPayload(count: payloadCount)
    moved(database, slot, to: fresh)
    return fresh
  }
}
