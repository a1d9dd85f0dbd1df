import CMartlet
import Memory
import Structures

/// What happens to a key's deadline when its value is replaced.
public enum DeadlineChange {
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
  public mutating func setString(
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
      entry.pointer = keptBlob(of: value).address
    }
  }

  /// A blob with the bytes of a long value: the very one that they arrived in, or a copy.
  @inline(never)
  private func keptBlob(of value: Bytes) -> Blob {
    for blob in arrivedBlobs where blob.start == UnsafeMutablePointer(mutating: value.base) && blob.count == value.count
    {
      blob.retain()
      return blob
    }
    return Blob.copy(value)
  }

  /// The commands whose arguments arrived in blobs were executed.
  @inline(__always)
  public mutating func releaseArrivedBlobs() {
    if arrivedBlobs.isEmpty { return }
    for blob in arrivedBlobs { blob.release() }
    arrivedBlobs.removeAll()
  }

  /// As `setString`, for an integer.
  @inline(__always)
  public mutating func setInteger(
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
    if isSnapshotting { prepareRemoval(database, entry, hash: hash) }
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
    if entry.isArray { databases[database].arrayCount -= 1 }
    let fresh = Entry.allocate(key: entry.key, payloadCount: payloadCount, hasDeadline: time != nil)
    fresh.accessClock = entry.accessClock
    slot.pointee = fresh.address
    if let time {
      fresh.deadline.pointee.milliseconds = time
      schedule(database, fresh)
    }
    release(entry, lazily: lazyServerDelete)
    return fresh
  }

  /// Makes the string in `slot` exactly `count` bytes long, its old bytes kept and new ones zero, and
  /// gives its bytes to `change`. From then on it counts as raw, as Redis calls a string that was changed in place.
  public mutating func changeString(
    _ database: Int, _ slot: HashTable.Slot, count: Int, _ change: (UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let entry = Entry(address: slot.pointee)
    if isSnapshotting { prepareChange(database, entry, hash: hash(entry.key)) }
    if entry.encoding == Encoding.blob.rawValue {
      let blob = Blob(address: entry.pointer).resized(to: count, slack: true)
      entry.pointer = blob.address
      change(blob.start)
      return
    }
    if count > StringValue.maximumInlineCount {
      // A string that is written at once may never grow.
      let slack = StringValue(entry).count == 0 ? 0 : min(count, 1 << 20)
      let blob = Blob.allocateZeroed(count: count, capacity: count + slack)
      StringValue(entry).withBytes { _ = memcpy(blob.start, $0.base, min($0.count, count)) }
      let fresh = resize(database, slot, payloadCount: 8)
      fresh.encoding = Encoding.blob.rawValue
      fresh.pointer = blob.address
      change(blob.start)
      return
    }
    change(makeInline(database, slot, count: count))
  }

  /// Makes the string in `slot`, which is no blob, `count` bytes within its entry.
  @inline(__always)
  private mutating func makeInline(
    _ database: Int, _ slot: HashTable.Slot, count: Int
  ) -> UnsafeMutablePointer<UInt8> {
    let entry = Entry(address: slot.pointee)
    let fresh: Entry
    let kept: Int
    if entry.encoding == Encoding.integer.rawValue {
      let value = entry.integer
      fresh = resize(database, slot, payloadCount: count)
      kept = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
        let kept = min(formatInteger(value, to: digits.baseAddress!), count)
        memcpy(fresh.payloadStart, digits.baseAddress!, kept)
        return kept
      }
    } else {
      kept = min(entry.payloadCount, count)
      fresh = resize(database, slot, payloadCount: count, keeping: kept)
    }
    fresh.encoding = Encoding.inline.rawValue
    fresh.flags = Entry.Flags(rawValue: fresh.flags.rawValue | Entry.Flags.raw.rawValue)
    memset(fresh.payloadStart + kept, 0, count - kept)
    return fresh.payloadStart.assumingMemoryBound(to: UInt8.self)
  }

  /// Gives `change` the bytes of the string in `slot` to be changed where they lie, made `count` bytes long first if
  /// they are fewer. From then on the string counts as raw.
  @inline(__always)
  public mutating func editString(
    _ database: Int, _ slot: HashTable.Slot, atLeast count: Int,
    _ change: (UnsafeMutablePointer<UInt8>, _ count: Int) -> Void
  ) {
    let entry = Entry(address: slot.pointee)
    if entry.encoding == Encoding.inline.rawValue && entry.payloadCount >= count {
      entry.flags = Entry.Flags(rawValue: entry.flags.rawValue | Entry.Flags.raw.rawValue)
      return change(entry.payloadStart.assumingMemoryBound(to: UInt8.self), entry.payloadCount)
    }
    if entry.encoding == Encoding.blob.rawValue {
      let blob = Blob(address: entry.pointer)
      if blob.count >= count && !blob.isShared { return change(blob.start, blob.count) }
    }
    let newCount = max(count, StringValue(entry).count)
    changeString(database, slot, count: newCount) { change($0, newCount) }
  }

  /// Puts a string that `write` fills in under a key, whatever was there before. It counts as raw, though it
  /// may spell an integer. Reports nothing.
  ///
  /// - Parameter write: is given `count` bytes, all zero if `isZeroed`, while the old value is still there.
  public mutating func setRawString(
    _ database: Int, _ key: Bytes, hash: UInt64, at slot: HashTable.Slot?, count: Int, isZeroed: Bool = false,
    deadline: DeadlineChange = .discard, _ write: (UnsafeMutablePointer<UInt8>) -> Void
  ) {
    if count > StringValue.maximumInlineCount {
      let blob = isZeroed ? Blob.allocateZeroed(count: count) : Blob.allocate(count: count)
      write(blob.start)
      let entry = prepareString(database, key, hash: hash, at: slot, payloadCount: 8, deadline: deadline)
      entry.encoding = Encoding.blob.rawValue
      entry.pointer = blob.address
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: StringValue.maximumInlineCount) { bytes in
      let start = bytes.baseAddress!
      if isZeroed { memset(start, 0, count) }
      write(start)
      let entry = prepareString(database, key, hash: hash, at: slot, payloadCount: count, deadline: deadline)
      entry.encoding = Encoding.inline.rawValue
      entry.flags.insert(.raw)
      memcpy(entry.payloadStart, start, count)
    }
  }

  /// Gives the entry in `slot` another payload size. The payload's bytes from `kept` on are undefined after it.
  private mutating func resize(
    _ database: Int, _ slot: HashTable.Slot, payloadCount: Int, keeping kept: Int = 0
  ) -> Entry {
    let fresh = Entry(address: slot.pointee).withPayload(count: payloadCount, keeping: kept)
    moved(database, slot, to: fresh)
    return fresh
  }
}
