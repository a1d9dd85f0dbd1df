import CMartlet
import Memory
import RESP

/// What a connection still has to send: chunks of bytes, and blobs that are sent from where they lie.
///
/// Most replies never come here: they are written straight from the turn's buffer. This is for
/// messages from elsewhere, and for what the socket did not take.
struct OutputQueue {
  private struct Chunk {
    var next: UnsafeMutablePointer<Chunk>?
    /// Set if the chunk is a blob; otherwise its bytes follow the chunk's header.
    var blob: Blob?
    var count: Int
    var sent: Int
    var capacity: Int
  }

  private static let headerSize = MemoryLayout<Chunk>.stride
  /// A message of Pub/Sub fits; sizes beyond a few hundred bytes the allocator does not keep at hand in such numbers.
  private static let smallestChunk = 256
  private static let largestChunk = 64 << 10

  private var head: UnsafeMutablePointer<Chunk>?
  private var tail: UnsafeMutablePointer<Chunk>?
  /// Bytes to be sent.
  private(set) var count = 0
  /// Bytes that the queue takes from the allocator, blobs counted in full.
  private(set) var memory = 0
  private(set) var chunks = 0

  var isEmpty: Bool { count == 0 }

  private static func bytes(of chunk: UnsafeMutablePointer<Chunk>) -> UnsafeMutablePointer<UInt8> {
    if let blob = chunk.pointee.blob { return blob.start }
    return (UnsafeMutableRawPointer(chunk) + headerSize).assumingMemoryBound(to: UInt8.self)
  }

  private mutating func push(_ chunk: UnsafeMutablePointer<Chunk>) {
    if let tail { tail.pointee.next = chunk } else { head = chunk }
    tail = chunk
    chunks += 1
  }

  /// Copies bytes to the end of the queue.
  mutating func append(_ bytes: Bytes) {
    var rest = bytes
    if let tail, tail.pointee.blob == nil, tail.pointee.capacity > tail.pointee.count {
      let taken = min(rest.count, tail.pointee.capacity - tail.pointee.count)
      memcpy(Self.bytes(of: tail) + tail.pointee.count, rest.base, taken)
      tail.pointee.count += taken
      count += taken
      rest = rest[taken..<rest.count]
    }
    guard rest.count > 0 else { return }
    // Chunks grow with the queue, so that a slow reader costs few of them and a quick one little memory.
    let wanted = max(rest.count, min(max(Self.smallestChunk, count), Self.largestChunk))
    let size = Allocator.goodSize(Self.headerSize + wanted)
    let chunk = Allocator.allocate(size).assumingMemoryBound(to: Chunk.self)
    chunk.initialize(
      to: Chunk(next: nil, blob: nil, count: rest.count, sent: 0, capacity: size - Self.headerSize))
    memcpy(Self.bytes(of: chunk), rest.base, rest.count)
    push(chunk)
    count += rest.count
    memory += size
  }

  /// Adds a blob, whose reference the queue takes over, from its byte `sent` on.
  mutating func append(_ blob: Blob, sent: Int) {
    guard sent < blob.count else { return blob.release() }
    let chunk = Allocator.allocate(Self.headerSize).assumingMemoryBound(to: Chunk.self)
    chunk.initialize(to: Chunk(next: nil, blob: blob, count: blob.count, sent: sent, capacity: blob.count))
    push(chunk)
    count += blob.count - sent
    memory += Self.headerSize + blob.count
  }

  private mutating func pop() {
    guard let first = head else { return }
    head = first.pointee.next
    if head == nil { tail = nil }
    memory -=
      first.pointee.blob == nil ? Self.headerSize + first.pointee.capacity : Self.headerSize + first.pointee.count
    chunks -= 1
    first.pointee.blob?.release()
    Allocator.free(first)
  }

  enum WriteResult {
    case all
    /// The socket is full.
    case some
    case failed
  }

  /// Writes as much as the socket takes, up to `limit` bytes; returns what became of it and how much was sent.
  mutating func write(to fileDescriptor: Int32, limit: Int) -> (WriteResult, Int) {
    var total = 0
    while count > 0 && total < limit {
      let written = writeFront(to: fileDescriptor)
      if written < 0 {
        let error = martlet_errno()
        if error == EINTR { continue }
        return (error == EAGAIN || error == EWOULDBLOCK ? .some : .failed, total)
      }
      total += written
      count -= written
      var left = written
      while let current = head {
        let rest = current.pointee.count - current.pointee.sent
        if rest > left {
          current.pointee.sent += left
          break
        }
        left -= rest
        pop()
      }
    }
    return (count == 0 ? .all : .some, total)
  }

  /// One call with what stands in front.
  @inline(__always)
  private func writeFront(to fileDescriptor: Int32) -> Int {
    guard let head else { return 0 }
    if head.pointee.next == nil {
      return martlet_send(
        fileDescriptor, Self.bytes(of: head) + head.pointee.sent, head.pointee.count - head.pointee.sent)
    }
    return withUnsafeTemporaryAllocation(of: iovec.self, capacity: 64) { vectors in
      var used = 0
      var chunk: UnsafeMutablePointer<Chunk>? = head
      while let current = chunk, used < 64 {
        vectors[used] = iovec(
          iov_base: Self.bytes(of: current) + current.pointee.sent,
          iov_len: current.pointee.count - current.pointee.sent)
        used += 1
        chunk = current.pointee.next
      }
      return writev(fileDescriptor, vectors.baseAddress!, Int32(used))
    }
  }

  mutating func release() {
    while head != nil { pop() }
    count = 0
  }
}
