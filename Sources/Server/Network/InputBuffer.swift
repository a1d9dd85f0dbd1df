import CMartlet
import Memory
import RESP

/// Received bytes of a connection whose last command is not complete, or not allowed to run yet. A
/// connection that has neither owns no buffer at all.
struct InputBuffer {
  private(set) var base: UnsafeMutablePointer<UInt8>?
  private(set) var count = 0
  private(set) var capacity = 0
  /// What is understood already of an incomplete command.
  private(set) var partial: UnsafeMutablePointer<PartialCommand>?

  var isEmpty: Bool { count == 0 }
  var free: Int { capacity - count }

  /// Bytes received and not yet executed.
  var receivedBytes: Int { count + (partial?.pointee.longBytes ?? 0) }
  /// Those of them that are not understood yet.
  var unparsedBytes: Int { partial?.pointee.filled ?? count }
  /// Bytes set aside for them.
  var memory: Int { capacity + (partial?.pointee.longMemory ?? 0) }

  mutating func append(_ bytes: UnsafePointer<UInt8>, count added: Int) {
    reserve(added)
    memcpy(base! + count, bytes, added)
    count += added
  }

  mutating func received(_ added: Int) {
    precondition(added >= 0 && added <= free)
    count += added
  }

  /// Makes room for `added` more bytes.
  mutating func reserve(_ added: Int) {
    guard free < added else { return }
    let newCapacity = Allocator.goodSize(max(count + added, added > 64 << 10 ? count + added : capacity * 2, 1024))
    let old = base
    base = Allocator.reallocate(base, to: newCapacity).assumingMemoryBound(to: UInt8.self)
    capacity = newCapacity
    if let old, let partial, old != base { partial.pointee.arguments.rebase(from: old, count: count, to: base!) }
  }

  /// Drops the first `dropped` bytes; the buffer itself goes with the last byte.
  mutating func drop(_ dropped: Int) {
    precondition(dropped <= count)
    if dropped == count {
      release()
      return
    }
    guard dropped > 0, let base else { return }
    memmove(base, base + dropped, count - dropped)
    count -= dropped
    partial?.pointee.arguments.rebase(from: base + dropped, count: count, to: base)
  }

  // MARK: The incomplete command

  /// Remembers the arguments of a command that is not complete.
  mutating func keepPartial(_ arguments: borrowing ArgumentStore, from first: Int, rebasing old: UnsafePointer<UInt8>) {
    let store = makePartial()
    precondition(store.pointee.arguments.count == 0)
    store.pointee.arguments.append(from: arguments, first: first)
    store.pointee.arguments.rebase(from: old, count: count, to: base!)
  }

  private mutating func makePartial() -> UnsafeMutablePointer<PartialCommand> {
    if let partial { return partial }
    let fresh = UnsafeMutablePointer<PartialCommand>.allocate(capacity: 1)
    fresh.initialize(to: PartialCommand())
    partial = fresh
    return fresh
  }

  /// From here on the argument of `length` bytes of which the first begin at `start` is received apart from the rest.
  mutating func beginLongArgument(length: Int, at start: Int) {
    precondition(start <= count && count - start <= length + 2)
    makePartial().pointee.begin(length, received: Bytes(UnsafeRawPointer(base! + start), count: count - start))
    count = start
    shrink()
  }

  /// Gives back what is not used.
  private mutating func shrink() {
    let smaller = Allocator.goodSize(max(count, 64))
    guard let old = base, smaller < capacity else { return }
    let fresh = Allocator.reallocate(old, to: smaller).assumingMemoryBound(to: UInt8.self)
    base = fresh
    capacity = smaller
    if let partial, old != fresh { partial.pointee.arguments.rebase(from: old, count: count, to: fresh) }
  }

  mutating func releasePartial() {
    guard let partial else { return }
    partial.deinitialize(count: 1)
    partial.deallocate()
    self.partial = nil
  }

  mutating func release() {
    releasePartial()
    if let base { Allocator.free(base) }
    base = nil
    count = 0
    capacity = 0
  }
}

/// The arguments that were understood of a command that is not complete.
///
/// A long argument is received in memory of its own. A string that is set to it keeps that memory as its value: however
/// long it is, it is copied only once, from the socket.
struct PartialCommand: ~Copyable {
  /// Arguments that are at least so long, and not there at once, are received apart.
  static let longArgument = 32 << 10

  var arguments = ArgumentStore(capacity: 16)
  private var blobs: [Blob] = []
  /// Bytes of the last blob that have come, its CR LF included, while it is not complete.
  fileprivate var filled: Int?

  var isReceivingLongArgument: Bool { filled != nil }
  /// Bytes of long arguments that have come, the CR LF behind each included.
  private(set) var longBytes = 0
  var longMemory: Int { blobs.reduce(0) { $0 + $1.capacity } }

  fileprivate mutating func begin(_ length: Int, received: Bytes) {
    precondition(filled == nil)
    let blob = Blob.allocate(count: length, capacity: length + 2)
    memcpy(blob.start, received.base, received.count)
    blobs.append(blob)
    filled = received.count
    longBytes += received.count
  }

  /// Where the rest of the long argument goes, its CR LF included.
  var room: UnsafeMutableRawBufferPointer {
    guard let filled, let blob = blobs.last else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    return UnsafeMutableRawBufferPointer(start: blob.start + filled, count: blob.count + 2 - filled)
  }

  /// Bytes came into `room`. True if the argument is complete now, and one of the arguments.
  mutating func received(_ added: Int) -> Bool {
    precondition(added >= 0 && added <= room.count)
    guard let before = filled, let blob = blobs.last else { return false }
    filled = before + added
    longBytes += added
    guard before + added == blob.count + 2 else { return false }
    filled = nil
    arguments.append(blob.bytes)
    return true
  }

  /// The long arguments, which are the caller's to release.
  mutating func takeBlobs() -> [Blob] {
    precondition(filled == nil)
    defer { blobs = [] }
    return blobs
  }

  deinit {
    for blob in blobs { blob.release() }
  }
}
