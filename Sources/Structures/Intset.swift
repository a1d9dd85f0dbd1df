import CMartlet
import Memory

/// A set of integers in a sorted array: how small sets of numbers lie in memory, in RDB files and in DUMP payloads.
///
///     4 bytes   width of an element: 2, 4 or 8 bytes, little-endian
///     4 bytes   number of elements, little-endian
///     elements  in rising order, little-endian
///
/// All elements are as wide as the widest that ever was among them. A look-up is a binary search; an insertion moves
/// what lies above, which is cheap while the whole is a few cache lines.
///
/// The handle is a pointer. A change may move the bytes: whoever keeps the address stores `address` again after
/// every mutating call. The handle trusts its bytes. What comes from outside is first checked with ``isValid(_:deep:)``.
public struct Intset {
  public private(set) var address: UnsafeMutableRawPointer

  public static let headerSize = 8
  /// Redis's limit, which keeps the size of the widest within 33 bits.
  public static let maximumCount = 1 << 30

  @inline(__always)
  public init(address: UnsafeMutableRawPointer) { self.address = address }

  /// An empty set with room for `capacity` bytes in all.
  public static func create(capacity: Int = 0) -> Intset {
    let set = Intset(address: Allocator.allocate(max(capacity, headerSize)))
    set.width = 2
    set.count = 0
    return set
  }

  /// A copy of bytes that are a valid set.
  public static func copy(_ bytes: Bytes) -> Intset {
    let address = Allocator.allocate(bytes.count)
    memcpy(address, bytes.base, bytes.count)
    return Intset(address: address)
  }

  public func free() { Allocator.free(address) }

  // MARK: Size

  public private(set) var count: Int {
    @inline(__always) get { Int(UInt32(littleEndian: address.load(fromByteOffset: 4, as: UInt32.self))) }
    nonmutating set { address.storeBytes(of: UInt32(newValue).littleEndian, toByteOffset: 4, as: UInt32.self) }
  }

  /// Bytes of an element.
  private var width: Int {
    @inline(__always) get { Int(UInt32(littleEndian: address.load(as: UInt32.self))) }
    nonmutating set { address.storeBytes(of: UInt32(newValue).littleEndian, as: UInt32.self) }
  }

  public var isEmpty: Bool { count == 0 }

  /// Bytes that the format takes.
  public var byteCount: Int { Self.headerSize + count * width }

  public var bytes: Bytes { Bytes(address, count: byteCount) }

  public var allocatedBytes: Int { Allocator.usableSize(address) }

  // MARK: Read

  /// The element at a position in the order.
  @inline(__always)
  public subscript(index: Int) -> Int64 {
    assert(index >= 0 && index < count)
    return load(index, width)
  }

  @inline(__always)
  private func load(_ index: Int, _ width: Int) -> Int64 {
    let p = address + Self.headerSize
    switch width {
    case 2: return Int64(Int16(littleEndian: p.load(fromByteOffset: index &* 2, as: Int16.self)))
    case 4: return Int64(Int32(littleEndian: p.load(fromByteOffset: index &* 4, as: Int32.self)))
    default: return Int64(littleEndian: p.load(fromByteOffset: index &* 8, as: Int64.self))
    }
  }

  @inline(__always)
  private func store(_ value: Int64, _ index: Int, _ width: Int) {
    let p = address + Self.headerSize
    switch width {
    case 2: p.storeBytes(of: Int16(truncatingIfNeeded: value).littleEndian, toByteOffset: index &* 2, as: Int16.self)
    case 4: p.storeBytes(of: Int32(truncatingIfNeeded: value).littleEndian, toByteOffset: index &* 4, as: Int32.self)
    default: p.storeBytes(of: value.littleEndian, toByteOffset: index &* 8, as: Int64.self)
    }
  }

  @inline(__always)
  private static func width(for value: Int64) -> Int {
    if value == Int64(Int16(truncatingIfNeeded: value)) { return 2 }
    return value == Int64(Int32(truncatingIfNeeded: value)) ? 4 : 8
  }

  public func contains(_ value: Int64) -> Bool {
    let at = lowerBound(value)
    return at < count && load(at, width) == value
  }

  /// The position of the first element that is not less than `value`.
  @inline(__always)
  private func lowerBound(_ value: Int64) -> Int {
    let width = width
    var low = 0
    var length = count
    // Numbers often come in rising order.
    if length > 0 && load(length &- 1, width) < value { return length }
    while length > 0 {
      let half = length &>> 1
      if load(low &+ half, width) < value {
        low &+= half &+ 1
        length &-= half &+ 1
      } else {
        length = half
      }
    }
    return low
  }

  // MARK: Change

  /// Adds a value and says whether it is new. The set must have fewer than ``maximumCount`` elements.
  public mutating func insert(_ value: Int64) -> Bool {
    let count = count
    precondition(count < Self.maximumCount)
    if Self.width(for: value) > width {
      widen(to: Self.width(for: value), adding: value)
      return true
    }
    let at = lowerBound(value)
    let width = width
    if at < count && load(at, width) == value { return false }
    reserve(byteCount + width)
    let start = address + Self.headerSize + at * width
    if at < count { memmove(start + width, start, (count - at) * width) }
    store(value, at, width)
    self.count = count + 1
    return true
  }

  /// Makes all elements wider for the sake of `value`, which then is less or greater than all of them.
  private mutating func widen(to newWidth: Int, adding value: Int64) {
    let count = count
    let oldWidth = width
    reserve(Self.headerSize + (count + 1) * newWidth)
    // From the back, so that nothing is overwritten before it was read.
    let shift = value < 0 ? 1 : 0
    for i in stride(from: count - 1, through: 0, by: -1) { store(load(i, oldWidth), i + shift, newWidth) }
    store(value, value < 0 ? 0 : count, newWidth)
    width = newWidth
    self.count = count + 1
  }

  private mutating func reserve(_ byteCount: Int) {
    if byteCount > Allocator.usableSize(address) {
      address = Allocator.reallocate(address, to: Allocator.goodSize(byteCount))
    }
  }

  /// Removes a value and says whether it was there.
  public mutating func remove(_ value: Int64) -> Bool {
    let at = lowerBound(value)
    guard at < count && load(at, width) == value else { return false }
    remove(at: at)
    return true
  }

  /// Removes the element at a position.
  public mutating func remove(at index: Int) {
    let count = count
    precondition(index >= 0 && index < count)
    let width = width
    let start = address + Self.headerSize + index * width
    memmove(start, start + width, (count - index - 1) * width)
    self.count = count - 1
    giveBack()
  }

  /// Removes those elements for which `isUnwanted`, which is asked about each in order, says so.
  public mutating func removeAll(where isUnwanted: (Int64) -> Bool) {
    let width = width
    var kept = 0
    for i in 0..<count {
      let value = load(i, width)
      if isUnwanted(value) { continue }
      store(value, kept, width)
      kept += 1
    }
    count = kept
    giveBack()
  }

  /// Gives memory back once less than half of it is used.
  private mutating func giveBack() {
    let capacity = Allocator.usableSize(address)
    if capacity > 64 && byteCount < capacity / 2 { address = Allocator.reallocate(address, to: byteCount) }
  }

  // MARK: Checks

  /// Whether `bytes` are a set with at least one element.
  ///
  /// - Parameter deep: looks at every element; without it, only at header and size.
  public static func isValid(_ bytes: Bytes, deep: Bool = true) -> Bool {
    guard bytes.count > headerSize else { return false }
    let start = bytes.raw
    let width = Int(UInt32(littleEndian: start.loadUnaligned(as: UInt32.self)))
    let count = Int(UInt32(littleEndian: start.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    guard width == 2 || width == 4 || width == 8 else { return false }
    guard count <= maximumCount && bytes.count == headerSize + count * width else { return false }
    return !deep || isRising(start + headerSize, count: count, width: width)
  }

  private static func isRising(_ start: UnsafeRawPointer, count: Int, width: Int) -> Bool {
    var last = Int64.min
    for i in 0..<count {
      let at = start + i * width
      let value =
        switch width {
        case 2: Int64(Int16(littleEndian: at.loadUnaligned(as: Int16.self)))
        case 4: Int64(Int32(littleEndian: at.loadUnaligned(as: Int32.self)))
        default: Int64(littleEndian: at.loadUnaligned(as: Int64.self))
        }
      if i > 0 && value <= last { return false }
      last = value
    }
    return true
  }
}
