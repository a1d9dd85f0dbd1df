/// Memory that begins at a block of a disk and consists of whole ones, as a disk wants it that is written without the
/// kernel's cache.
public struct BlockBuffer: ~Copyable {
  /// Bytes of a block. Disks with smaller ones are content with that.
  public static let blockSize = 4096

  private let storage: UnsafeMutableRawBufferPointer

  /// - Parameter capacity: bytes; rounded up to whole blocks. All are zero.
  public init(capacity: Int) {
    storage = .allocate(byteCount: Self.wholeBlocks(capacity), alignment: Self.blockSize)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { storage.deallocate() }

  /// As many bytes as the blocks have that hold `count` bytes.
  public static func wholeBlocks(_ count: Int) -> Int { (count + blockSize - 1) / blockSize * blockSize }

  /// Puts bytes at `offset`, where there must be room for them.
  public mutating func put(_ bytes: Bytes, at offset: Int) {
    part(offset, bytes.count).copyMemory(from: bytes.buffer)
  }

  /// Puts a number at `offset`, the lowest byte first.
  public mutating func put(_ value: UInt64, at offset: Int) {
    part(offset, 8).storeBytes(of: value.littleEndian, as: UInt64.self)
  }

  /// Makes `range` zero.
  public mutating func clear(_ range: Range<Int>) {
    part(range.lowerBound, range.count).initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// A view of the first `count` bytes, valid until the next change.
  public func prefix(_ count: Int) -> Bytes { Bytes(UnsafeRawBufferPointer(part(0, count))) }

  /// Bytes that must lie inside; checked in release builds too.
  private func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
    precondition(offset >= 0 && count >= 0 && count <= storage.count - offset, "outside of the blocks")
    return UnsafeMutableRawBufferPointer(rebasing: storage[offset..<offset + count])
  }
}
