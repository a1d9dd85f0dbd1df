import CMartlet
import Memory

/// When an array's slices change their form, and how long they are.
public struct ArrayLimits {
  public static let sliceSizes = 256...65536

  /// Indexes of a slice, a power of two. An array keeps what it was made with.
  public var sliceSize = 4096
  /// A slice with more elements becomes dense; 0: every slice is.
  public var maximumSparse = 10
  /// A dense slice with fewer elements becomes sparse, if that takes less memory; 0: none does.
  public var minimumDense = 5

  public init() {}
}

extension SparseArray {
  /// The elements whose indexes have all but the low bits in common. The low bits are called offsets.
  ///
  /// A sparse slice has its cells in the order of their offsets, and the offsets behind the cells' room. A dense one is
  /// a window of cells, a power of two of them, in which a cell's place tells its offset. What tells about the cells lies
  /// here, not with them: so the windows are exactly as large as what the allocator hands out.
  struct Slice: BitwiseCopyable {
    let id: UInt64
    private(set) var cells: UnsafeMutablePointer<ArrayCell>
    private(set) var count: UInt32 = 1
    /// Cells that there is room for.
    private(set) var capacity: UInt32 = 0
    /// Offset of the window's first cell, if the slice is dense.
    private var start: UInt16 = 0
    /// Offset of the last element.
    private(set) var last: UInt16
    private(set) var isDense = false

    private static let minimumWindow = 8
    private static let sparseStride = MemoryLayout<ArrayCell>.stride + MemoryLayout<UInt16>.stride

    /// A slice of one element.
    init(id: UInt64, offset: UInt16, _ cell: ArrayCell, size: Int, _ limits: ArrayLimits) {
      self.id = id
      last = offset
      if limits.maximumSparse > 0 {
        let room = Self.sparseCapacity(atLeast: 1)
        cells = Self.allocateSparse(room)
        capacity = UInt32(room)
        cells[0] = cell
        offsets[0] = offset
      } else {
        cells = Self.allocateWindow(Self.minimumWindow)
        capacity = UInt32(Self.minimumWindow)
        isDense = true
        start = UInt16(min(Int(offset), size - Self.minimumWindow))
        cells[Int(offset - start)] = cell
      }
    }

    /// A slice of its own with the same elements.
    func copy() -> Slice {
      var copy = self
      let bytes = Int(capacity) * (isDense ? MemoryLayout<ArrayCell>.stride : Self.sparseStride)
      copy.cells = Allocator.allocate(bytes).assumingMemoryBound(to: ArrayCell.self)
      memcpy(copy.cells, cells, bytes)
      for i in 0..<cellCount { copy.cells[i] = cells[i].copy }
      return copy
    }

    /// Frees the cells, and the elements if they are still the slice's own.
    func free(withElements: Bool = true) {
      if withElements { for i in 0..<cellCount { cells[i].free() } }
      Allocator.free(cells)
    }

    /// Cells that may hold something: all of a window.
    private var cellCount: Int { Int(isDense ? capacity : count) }

    @inline(__always)
    private var offsets: UnsafeMutablePointer<UInt16> {
      UnsafeMutableRawPointer(cells + Int(capacity)).assumingMemoryBound(to: UInt16.self)
    }

    /// Bytes that the allocator set aside for the cells.
    var allocatedBytes: Int { Allocator.usableSize(cells) }

    /// The same for the strings that cells point to.
    var stringBytes: Int {
      var bytes = 0
      for i in 0..<cellCount { bytes += cells[i].allocatedBytes }
      return bytes
    }

    private static func sparseCapacity(atLeast count: Int) -> Int {
      Allocator.goodSize(count * sparseStride) / sparseStride
    }

    private static func allocateSparse(_ capacity: Int) -> UnsafeMutablePointer<ArrayCell> {
      Allocator.allocate(capacity * sparseStride).assumingMemoryBound(to: ArrayCell.self)
    }

    private static func allocateWindow(_ capacity: Int) -> UnsafeMutablePointer<ArrayCell> {
      Allocator.allocateZeroed(capacity * MemoryLayout<ArrayCell>.stride).assumingMemoryBound(to: ArrayCell.self)
    }

    // MARK: Look-up

    /// How many elements of a sparse slice lie before an offset.
    @inline(__always)
    private func lowerBound(_ offset: UInt16) -> Int {
      let offsets = offsets
      var low = 0
      var high = Int(count)
      while low < high {
        let middle = (low &+ high) &>> 1
        if offsets[middle] < offset { low = middle &+ 1 } else { high = middle }
      }
      return low
    }

    /// The cell of an offset, if it holds something.
    @inline(__always)
    func find(_ offset: UInt16) -> UnsafeMutablePointer<ArrayCell>? {
      if isDense {
        let place = Int(offset) &- Int(start)
        guard place >= 0 && place < Int(capacity) && !cells[place].isEmpty else { return nil }
        return cells + place
      }
      let place = lowerBound(offset)
      return place < Int(count) && offsets[place] == offset ? cells + place : nil
    }

    // MARK: Change

    /// Puts a cell at an offset, and returns what was there.
    mutating func set(_ offset: UInt16, _ cell: ArrayCell, size: Int, _ limits: ArrayLimits) -> ArrayCell {
      if let found = find(offset) {
        let old = found.pointee
        found.pointee = cell
        return old
      }
      if !isDense && Int(count) >= limits.maximumSparse {
        makeDense(including: offset, size: size)
      }
      if isDense {
        reach(offset, size: size)
        cells[Int(offset - start)] = cell
      } else {
        insert(cell, offset)
      }
      count += 1
      last = max(last, offset)
      return .empty
    }

    private mutating func insert(_ cell: ArrayCell, _ offset: UInt16) {
      let place = lowerBound(offset)
      let rest = Int(count) - place
      if count == capacity {
        let room = Self.sparseCapacity(atLeast: Int(count) + 1)
        let fresh = Self.allocateSparse(room)
        memcpy(fresh, cells, Int(count) * MemoryLayout<ArrayCell>.stride)
        memcpy(fresh + room, offsets, Int(count) * MemoryLayout<UInt16>.stride)
        Allocator.free(cells)
        cells = fresh
        capacity = UInt32(room)
      }
      memmove(cells + place + 1, cells + place, rest * MemoryLayout<ArrayCell>.stride)
      memmove(offsets + place + 1, offsets + place, rest * MemoryLayout<UInt16>.stride)
      cells[place] = cell
      offsets[place] = offset
    }

    /// Takes out what is at an offset. A slice that is left without elements must be freed.
    mutating func take(_ offset: UInt16, _ limits: ArrayLimits) -> ArrayCell {
      guard let found = find(offset) else { return .empty }
      let cell = found.pointee
      if isDense {
        found.pointee = .empty
        count -= 1
        if count > 0 && offset == last { findLast() }
      } else {
        close(found - cells..<found - cells + 1)
      }
      makeSparseIfThin(limits)
      return cell
    }

    /// Frees the elements of some offsets, and returns how many there were, and how many of them had memory of their own.
    mutating func removeRange(
      _ range: ClosedRange<UInt16>, _ limits: ArrayLimits
    ) -> (removed: Int, owners: Int) {
      var removed = 0
      var owners = 0
      func release(_ cell: ArrayCell) {
        removed += 1
        if cell.ownsMemory { owners += 1 }
        cell.free()
      }
      if isDense {
        for place in places(range) where !cells[place].isEmpty {
          release(cells[place])
          cells[place] = .empty
        }
        count -= UInt32(removed)
        if count > 0 && range.contains(last) { findLast() }
      } else {
        let places = places(range)
        for place in places { release(cells[place]) }
        if !places.isEmpty { close(places) }
      }
      if removed > 0 { makeSparseIfThin(limits) }
      return (removed, owners)
    }

    /// Where in the cells a range of offsets lies.
    private func places(_ range: ClosedRange<UInt16>) -> Range<Int> {
      if isDense {
        let low = max(Int(range.lowerBound) - Int(start), 0)
        let high = min(Int(range.upperBound) - Int(start) + 1, Int(capacity))
        return low < high ? low..<high : 0..<0
      }
      let low = lowerBound(range.lowerBound)
      var high = lowerBound(range.upperBound)
      if high < Int(count) && offsets[high] == range.upperBound { high += 1 }
      return low..<high
    }

    /// Closes the gap that elements left which were taken out of a sparse slice.
    private mutating func close(_ places: Range<Int>) {
      let rest = Int(count) - places.upperBound
      let (low, high) = (places.lowerBound, places.upperBound)
      memmove(cells + low, cells + high, rest * MemoryLayout<ArrayCell>.stride)
      memmove(offsets + low, offsets + high, rest * MemoryLayout<UInt16>.stride)
      count -= UInt32(places.count)
      if count > 0 { last = offsets[Int(count) - 1] }
    }

    private mutating func findLast() {
      var place = Int(last - start)
      while cells[place].isEmpty { place -= 1 }
      last = start + UInt16(place)
    }

    // MARK: Forms

    /// The window of `capacity` cells in which elements from `low` to `high` lie. What is free in it lies to the right, to
    /// the left, or, with `side` 0, to both sides.
    private static func start(_ low: Int, _ high: Int, capacity: Int, size: Int, side: Int) -> Int {
      let free = capacity - (high - low + 1)
      let before = side > 0 ? 0 : side < 0 ? free : free / 2
      return max(0, min(low - before, size - capacity))
    }

    private static func window(atLeast count: Int) -> Int {
      max(minimumWindow, count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount))
    }

    private mutating func makeDense(including offset: UInt16, size: Int) {
      let low = Int(min(offsets[0], offset))
      let high = Int(max(last, offset))
      let window = Self.window(atLeast: high - low + 1)
      let fresh = Self.allocateWindow(window)
      let begin = Self.start(low, high, capacity: window, size: size, side: offset < last ? -1 : 1)
      for i in 0..<Int(count) { fresh[Int(offsets[i]) - begin] = cells[i] }
      Allocator.free(cells)
      cells = fresh
      capacity = UInt32(window)
      start = UInt16(begin)
      isDense = true
    }

    /// Has an offset within the window.
    ///
    /// A window that is moved and not doubled has a quarter free, half of it on either side, so that it is not moved
    /// again soon whichever way it grows.
    private mutating func reach(_ offset: UInt16, size: Int) {
      if offset >= start && Int(offset) < Int(start) + Int(capacity) { return }
      var first = Int(start)
      while cells[first - Int(start)].isEmpty { first += 1 }
      let low = min(first, Int(offset))
      let high = max(Int(last), Int(offset))
      let span = high - low + 1
      var window = max(Self.window(atLeast: span), Int(capacity))
      if window == capacity && window - span < window / 4 { window *= 2 }
      window = min(window, size)
      let side = window == capacity ? 0 : offset < last ? -1 : 1
      let begin = Self.start(low, high, capacity: window, size: size, side: side)
      let fresh = Self.allocateWindow(window)
      let kept = Int(last) - first + 1
      memcpy(fresh + (first - begin), cells + (first - Int(start)), kept * MemoryLayout<ArrayCell>.stride)
      Allocator.free(cells)
      cells = fresh
      capacity = UInt32(window)
      start = UInt16(begin)
    }

    private mutating func makeSparseIfThin(_ limits: ArrayLimits) {
      guard isDense && count > 0 && Int(count) < limits.minimumDense && Int(count) <= limits.maximumSparse else {
        return
      }
      let room = Self.sparseCapacity(atLeast: Int(count))
      guard room * Self.sparseStride < Int(capacity) * MemoryLayout<ArrayCell>.stride else { return }
      var sparse = self
      sparse.cells = Self.allocateSparse(room)
      sparse.capacity = UInt32(room)
      sparse.isDense = false
      var place = 0
      for i in 0...Int(last - start) where !cells[i].isEmpty {
        sparse.cells[place] = cells[i]
        sparse.offsets[place] = start + UInt16(i)
        place += 1
      }
      Allocator.free(cells)
      self = sparse
    }

    // MARK: Walk

    /// Visits the elements of some offsets in their order, or backwards, until `visit` returns false. Returns whether it
    /// never did.
    @inline(__always)
    func forEach(
      _ range: ClosedRange<UInt16>, backwards: Bool, _ visit: (UInt16, UnsafePointer<ArrayCell>) -> Bool
    ) -> Bool {
      let places = places(range)
      var place = backwards ? places.upperBound &- 1 : places.lowerBound
      let step = backwards ? -1 : 1
      for _ in 0..<places.count {
        let cell = cells + place
        if !isDense {
          if !visit(offsets[place], cell) { return false }
        } else if !cell.pointee.isEmpty {
          if !visit(start &+ UInt16(truncatingIfNeeded: place), cell) { return false }
        }
        place &+= step
      }
      return true
    }

    /// Whether everything is as it should be, for tests.
    func isSound(size: Int) -> Bool {
      var seen = 0
      var previous = -1
      var isSound = count > 0 && (isDense ? Int(start) + Int(capacity) <= size : count <= capacity)
      _ = forEach(0...UInt16(size - 1), backwards: false) { offset, _ in
        seen += 1
        isSound = isSound && Int(offset) > previous && Int(offset) < size
        previous = Int(offset)
        return true
      }
      return isSound && seen == Int(count) && previous == Int(last)
    }
  }
}
