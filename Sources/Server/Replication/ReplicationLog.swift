import Memory

/// The stream of commands that replicas repeat, and as much of its past as may be asked for again.
///
/// Positions count the stream's bytes from its beginning, as PSYNC does: `end` is Redis's `master_repl_offset`. All
/// replicas read from this one copy, each at its own position.
struct ReplicationLog: ~Copyable {
  private static let blockSize = 16 << 10

  /// Every block but the last is full.
  private var blocks: [UnsafeMutablePointer<UInt8>] = []
  /// The position of the first block's first byte.
  private var firstBlock: Int
  /// The first position that can be read.
  private(set) var start: Int
  /// The position behind the last byte.
  private(set) var end: Int

  /// A log whose next byte is at `position`.
  init(at position: Int) {
    precondition(position >= 0)
    firstBlock = position
    start = position
    end = position
  }

  deinit {
    for block in blocks { Allocator.free(block) }
  }

  var memory: Int { blocks.count * Self.blockSize }

  mutating func append(_ bytes: Bytes) {
    var rest = bytes
    while rest.count > 0 {
      let used = end - firstBlock - max(0, blocks.count - 1) * Self.blockSize
      if blocks.isEmpty || used == Self.blockSize {
        blocks.append(Allocator.allocate(Self.blockSize).assumingMemoryBound(to: UInt8.self))
        continue
      }
      let taken = min(rest.count, Self.blockSize - used)
      (blocks[blocks.count - 1] + used).update(from: rest.base, count: taken)
      end += taken
      rest = rest[taken..<rest.count]
    }
  }

  /// The bytes from `position` on, as many as lie together.
  ///
  /// - Precondition: `start <= position <= end`.
  func bytes(at position: Int) -> Bytes {
    precondition(position >= start && position <= end)
    guard position < end else { return .empty }
    let (index, offset) = (position - firstBlock).quotientAndRemainder(dividingBy: Self.blockSize)
    return Bytes(blocks[index] + offset, count: min(Self.blockSize - offset, end - position))
  }

  /// Counts from a later position on, as if so many bytes had come before.
  mutating func rebase(by count: Int) {
    precondition(count >= 0)
    firstBlock += count
    start += count
    end += count
  }

  /// Forgets what comes before `position`.
  mutating func drop(before position: Int) {
    let kept = min(max(position, start), end)
    start = kept
    let dropped = (kept - firstBlock) / Self.blockSize
    guard dropped > 0 else { return }
    for block in blocks[..<dropped] { Allocator.free(block) }
    blocks.removeFirst(dropped)
    firstBlock += dropped * Self.blockSize
  }
}
