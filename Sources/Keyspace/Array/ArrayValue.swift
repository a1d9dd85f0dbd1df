import Memory
import Structures

/// Arrays, as they lie in their entries: the payload points to a ``SparseArray``.
///
/// An array in a database has at least one element: its key goes with the last one.
public enum ArrayValue {
  @inline(__always)
  public static func array(_ entry: Entry) -> UnsafeMutablePointer<SparseArray> {
    assert(entry.encoding == Encoding.slicedArray.rawValue)
    return entry.pointer.assumingMemoryBound(to: SparseArray.self)
  }

  /// Frees what the payload of `entry` points to. May run on any thread.
  static func free(_ entry: Entry) { free(array(entry)) }

  fileprivate static func free(_ array: UnsafeMutablePointer<SparseArray>) {
    array.deinitialize(count: 1)
    Allocator.free(array)
  }

  fileprivate static func allocate(_ array: consuming SparseArray) -> UnsafeMutablePointer<SparseArray> {
    let pointer = UnsafeMutablePointer<SparseArray>.allocateFromAllocator()
    pointer.initialize(to: array)
    return pointer
  }

  /// How many allocations freeing the value takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int { array(entry).pointee.allocationCount }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of its value.
  static func copy(_ entry: Entry, into fresh: Entry) {
    fresh.pointer = UnsafeMutableRawPointer(allocate(SparseArray(copying: array(entry).pointee)))
  }

  /// Bytes that the value takes beside the entry, estimated from `samples` slices (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    Allocator.usableSize(array(entry)) + array(entry).pointee.allocatedBytes(samples: samples)
  }

  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString { "sliced-array" }
}

extension Keyspace {
  /// A new, empty array under a key that is not there. The caller sets an element next.
  public mutating func addArray(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry {
    addArray(database, key, hash: hash, SparseArray(arrayLimits))
  }

  mutating func addArray(
    _ database: Int, _ key: Bytes, hash: UInt64, _ array: consuming SparseArray
  ) -> Entry {
    addCollection(
      database, key, hash: hash, type: .array, encoding: .slicedArray,
      pointer: UnsafeMutableRawPointer(ArrayValue.allocate(array)))
  }

  /// How many arrays there are: files that hold one need a newer version of their format.
  public var arrayCount: Int {
    var total = 0
    for i in 0..<databaseCount { total += databases[i].arrayCount }
    return total
  }
}

// MARK: Rings

extension ArrayValue {
  /// Makes the array fit a ring of another size than it had, before ARRING writes to it.
  ///
  /// A ring is the array from index 0 to its length. If it gets smaller, or larger after it was wrapped around, the latest
  /// elements move to its beginning, the oldest first, so that what is written next comes after them. They are those
  /// before the place of the last insertion, up to the first gap.
  public static func resizeRing(_ entry: Entry, to size: UInt64, _ limits: ArrayLimits) {
    let ring = array(entry)
    let length = ring.pointee.length
    guard length > 0 else { return }
    var kept = size
    if size >= length {
      // ARSEEK 0 says to begin at the beginning, whatever lies there.
      guard size > length, let last = ring.pointee.lastInserted, last &+ 1 < length else { return }
      kept = length
    }
    let anchor = ring.pointee.lastInserted.map { $0 % length } ?? length - 1
    let fresh = allocate(SparseArray(like: ring.pointee))
    let count = UInt64(latestRun(ring, from: anchor, length: length, atMost: kept))
    // The run ends at the anchor, and may begin at the ring's far end.
    let wrapped = count > anchor + 1 ? count - (anchor + 1) : 0
    func append(_ first: UInt64, _ last: UInt64) {
      ring.pointee.forEach(from: first, to: last) { _, element in
        _ = element.withBytes { fresh.pointee.set(UInt64(fresh.pointee.count), $0, limits) }
        return true
      }
    }
    if wrapped > 0 { append(length - wrapped, length - 1) }
    if count > 0 { append(anchor + 1 - (count - wrapped), anchor) }
    if count > 0 { fresh.pointee.lastInserted = count - 1 }
    free(ring)
    entry.pointer = UnsafeMutableRawPointer(fresh)
  }

  /// How many elements lie without a gap at `anchor` and before it, around the ring.
  private static func latestRun(
    _ ring: UnsafeMutablePointer<SparseArray>, from anchor: UInt64, length: UInt64, atMost limit: UInt64
  ) -> Int {
    var count = 0
    var expected = anchor
    func look(_ index: UInt64) -> Bool {
      guard index == expected, count < limit else { return false }
      count += 1
      expected = index == 0 ? length - 1 : index - 1
      return true
    }
    ring.pointee.forEach(from: anchor, to: 0) { index, _ in look(index) }
    // One step at a time from the end, unless the beginning was not even reached.
    if count == anchor + 1 && count < limit && anchor + 1 < length {
      ring.pointee.forEach(from: length - 1, to: anchor + 1) { index, _ in look(index) }
    }
    return count
  }
}
