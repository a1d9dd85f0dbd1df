import Memory

/// A growing row of argument views. One is shared by all commands of a batch; a connection has one
/// of its own only while a command of it is incomplete.
public struct ArgumentStore: ~Copyable {
  public private(set) var base: UnsafeMutablePointer<Bytes>
  public private(set) var count = 0
  private var capacity: Int

  public init(capacity: Int) {
    self.capacity = max(capacity, 4)
    base = Allocator.allocate(self.capacity * MemoryLayout<Bytes>.stride).assumingMemoryBound(to: Bytes.self)
  }

  deinit { Allocator.free(UnsafeMutableRawPointer(base)) }

  public var capacityInBytes: Int { capacity * MemoryLayout<Bytes>.stride }

  @inline(__always)
  public mutating func append(_ argument: Bytes) {
    if count == capacity { grow() }
    (base + count).initialize(to: argument)
    count &+= 1
  }

  @inline(never)
  private mutating func grow() {
    capacity *= 2
    base = Allocator.reallocate(UnsafeMutableRawPointer(base), to: capacity * MemoryLayout<Bytes>.stride)
      .assumingMemoryBound(to: Bytes.self)
  }

  public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count)
    count = newCount
  }

  /// Empties the store; memory beyond `limit` arguments is given back.
  public mutating func reset(keepingCapacity limit: Int) {
    count = 0
    guard capacity > limit else { return }
    Allocator.free(UnsafeMutableRawPointer(base))
    capacity = limit
    base = Allocator.allocate(capacity * MemoryLayout<Bytes>.stride).assumingMemoryBound(to: Bytes.self)
  }

  /// The `byteCount` bytes at `old` moved to `new`: views of them are shifted, views of other memory stay.
  public mutating func rebase(
    from old: UnsafePointer<UInt8>, count byteCount: Int, to new: UnsafePointer<UInt8>
  ) {
    for i in 0..<count where base[i].base >= old && base[i].base <= old + byteCount {
      base[i] = Bytes(new + (base[i].base - old), count: base[i].count)
    }
  }

  /// Appends the arguments from `first` on of another store.
  public mutating func append(from other: borrowing ArgumentStore, first: Int) {
    for i in first..<other.count { append(other.base[i]) }
  }
}
