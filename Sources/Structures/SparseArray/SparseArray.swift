import CMartlet
import Memory

/// Byte strings by indexes of 64 bits, of which there may be few, far apart, or many side by side.
///
/// The indexes are cut into slices of a fixed length, 4096 unless configured. Only slices that hold something exist; a
/// ``Directory`` has them in order. Where elements are few, a slice is a short list of them; where they are many, a window
/// of cells, one for each index (``Slice``). An element takes eight bytes and a little more if it is a number or a short
/// word (``ArrayCell``).
///
/// So a look-up searches the directory and, in a sparse slice, some ten offsets; a walk over any range of indexes takes
/// as long as there are slices in it, and is not aware of what lies between them.
///
/// The array also knows where ARINSERT and ARRING wrote last.
public struct SparseArray: ~Copyable {
  /// 2^64-1 is no index: the length must fit.
  public static let maximumIndex = UInt64.max - 1

  private var directory = Directory()
  public private(set) var count = 0
  /// Elements that lie in an allocation of their own.
  public private(set) var ownerCount = 0
  /// The index that was inserted at last; nil: the next is 0.
  public var lastInserted: UInt64?
  private let sliceBits: UInt64

  public init(_ limits: ArrayLimits) {
    precondition(ArrayLimits.sliceSizes.contains(limits.sliceSize) && limits.sliceSize.nonzeroBitCount == 1)
    sliceBits = UInt64(limits.sliceSize.trailingZeroBitCount)
  }

  /// An array without elements whose slices are as long as those of `other`.
  public init(like other: borrowing SparseArray) { sliceBits = other.sliceBits }

  /// A deep copy.
  public init(copying other: borrowing SparseArray) {
    sliceBits = other.sliceBits
    count = other.count
    ownerCount = other.ownerCount
    lastInserted = other.lastInserted
    var position = other.directory.firstPosition
    while let current = position {
      directory.insert(other.directory[current].pointee.copy())
      position = other.directory.next(current)
    }
  }

  public var sliceSize: Int { 1 << Int(sliceBits) }
  public var sliceCount: Int { directory.count }

  /// The largest index there is, plus one.
  public var length: UInt64 {
    guard let last = directory.last else { return 0 }
    return last.pointee.id &<< sliceBits &+ UInt64(last.pointee.last) &+ 1
  }

  @inline(__always)
  private func offset(_ index: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: index & ((1 &<< sliceBits) &- 1)) }

  // MARK: Elements

  /// The element at an index; valid until the array changes.
  @inline(__always)
  public subscript(index: UInt64) -> Element? {
    guard let position = directory.position(of: index &>> sliceBits) else { return nil }
    return directory[position].pointee.find(offset(index)).map { ArrayCell.element($0) }
  }

  /// Sets the element at an index, which must not be 2^64-1. Returns whether there was none before.
  @discardableResult
  public mutating func set(_ index: UInt64, _ bytes: Bytes, _ limits: ArrayLimits) -> Bool {
    precondition(index <= Self.maximumIndex)
    let cell = ArrayCell(bytes)
    if cell.ownsMemory { ownerCount += 1 }
    guard let position = directory.position(of: index &>> sliceBits) else {
      directory.insert(Slice(id: index &>> sliceBits, offset: offset(index), cell, size: sliceSize, limits))
      count += 1
      return true
    }
    let old = directory[position].pointee.set(offset(index), cell, size: sliceSize, limits)
    if old.isEmpty {
      count += 1
      return true
    }
    release(old)
    return false
  }

  private mutating func release(_ cell: ArrayCell) {
    if cell.ownsMemory { ownerCount -= 1 }
    cell.free()
  }

  /// Removes the element at an index; returns whether there was one.
  public mutating func remove(_ index: UInt64, _ limits: ArrayLimits) -> Bool {
    guard let position = directory.position(of: index &>> sliceBits) else { return false }
    let slice = directory[position]
    let cell = slice.pointee.take(offset(index), limits)
    if cell.isEmpty { return false }
    release(cell)
    count -= 1
    if slice.pointee.count == 0 {
      slice.pointee.free(withElements: false)
      directory.remove(1, at: position)
    }
    return true
  }

  /// Removes the elements from `low` to `high`, and returns how many there were.
  public mutating func removeRange(_ low: UInt64, _ high: UInt64, _ limits: ArrayLimits) -> Int {
    guard low <= high, let begin = directory.position(atOrAfter: low &>> sliceBits) else { return 0 }
    var removed = 0
    // Only the outer slices may keep something, so those that are emptied lie side by side.
    var emptied = (count: 0, from: begin)
    var position: Directory.Position? = begin
    while let current = position, directory[current].pointee.id <= high &>> sliceBits {
      let slice = directory[current]
      let gone = slice.pointee.removeRange(offsets(of: slice.pointee, low, high), limits)
      removed += gone.removed
      ownerCount -= gone.owners
      if slice.pointee.count == 0 {
        slice.pointee.free(withElements: false)
        if emptied.count == 0 { emptied.from = current }
        emptied.count += 1
      }
      position = directory.next(current)
    }
    count -= removed
    if emptied.count > 0 { directory.remove(emptied.count, at: emptied.from) }
    return removed
  }

  /// Those of a slice that lie between two indexes.
  @inline(__always)
  private func offsets(of slice: Slice, _ low: UInt64, _ high: UInt64) -> ClosedRange<UInt16> {
    let first = slice.id == low &>> sliceBits ? offset(low) : 0
    let last = slice.id == high &>> sliceBits ? offset(high) : UInt16(truncatingIfNeeded: sliceSize &- 1)
    return first...last
  }

  // MARK: Walk

  /// Visits the elements from `start` to `end`, backwards if `start` is the larger, until `visit` returns false.
  ///
  /// The cost is that of the slices that lie there. `visit` must not change the array.
  @inline(__always)
  public func forEach(from start: UInt64, to end: UInt64, _ visit: (UInt64, Element) -> Bool) {
    let backwards = start > end
    let (low, high) = backwards ? (end, start) : (start, end)
    var position =
      backwards ? directory.position(atOrBefore: high &>> sliceBits) : directory.position(atOrAfter: low &>> sliceBits)
    while let current = position {
      let slice = directory[current].pointee
      if backwards ? slice.id < low &>> sliceBits : slice.id > high &>> sliceBits { return }
      let base = slice.id &<< sliceBits
      let goesOn = slice.forEach(offsets(of: slice, low, high), backwards: backwards) { offset, cell in
        visit(base | UInt64(offset), ArrayCell.element(cell))
      }
      if !goesOn { return }
      position = backwards ? directory.previous(current) : directory.next(current)
    }
  }

  // MARK: Measures

  /// What ARINFO tells of the slices.
  public struct SliceStatistics {
    public fileprivate(set) var dense = 0
    public fileprivate(set) var denseCapacity = 0
    public fileprivate(set) var denseElements = 0
    public fileprivate(set) var sparse = 0
    public fileprivate(set) var sparseCapacity = 0
  }

  public var sliceStatistics: SliceStatistics {
    var statistics = SliceStatistics()
    var position = directory.firstPosition
    while let current = position {
      let slice = directory[current].pointee
      if slice.isDense {
        statistics.dense += 1
        statistics.denseCapacity += Int(slice.capacity)
        statistics.denseElements += Int(slice.count)
      } else {
        statistics.sparse += 1
        statistics.sparseCapacity += Int(slice.capacity)
      }
      position = directory.next(current)
    }
    return statistics
  }

  /// Slices that the directory has room for.
  public var directoryCapacity: Int { directory.capacity }

  /// How many allocations freeing it takes, roughly.
  public var allocationCount: Int { directory.count + ownerCount }

  /// Bytes taken from the allocator; those of slices and strings are estimated from the first `samples` slices (0: all).
  public func allocatedBytes(samples: Int) -> Int {
    var bytes = 0
    var seen = 0
    var position = directory.firstPosition
    while let current = position, samples == 0 || seen < samples {
      bytes += directory[current].pointee.allocatedBytes
      if ownerCount > 0 { bytes += directory[current].pointee.stringBytes }
      seen += 1
      position = directory.next(current)
    }
    if seen < directory.count { bytes = Int(Double(bytes) / Double(seen) * Double(directory.count)) }
    return bytes + directory.allocatedBytes
  }

  /// Whether everything is where it belongs, for tests.
  public var isSound: Bool {
    var elements = 0
    var owners = 0
    forEach(from: 0, to: .max) { _, element in
      elements += 1
      switch element {
      case .blob: owners += 1
      case .bytes(let bytes): if bytes.count > 7 { owners += 1 }
      default: break
      }
      return true
    }
    return directory.isSound(size: sliceSize) && elements == count && owners == ownerCount
  }
}
