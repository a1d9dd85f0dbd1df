import Memory

/// A part of a snapshot, on its way from the executor to a file or a socket. Whoever has it owns it.
public struct SnapshotChunk: @unchecked Sendable {
  public let writer: UnsafeMutablePointer<RDBWriter>

  static let capacity = 256 << 10

  public init() {
    writer = .allocate(capacity: 1)
    writer.initialize(to: RDBWriter(capacity: Self.capacity + 4096))
  }

  /// Frees the chunk. Only the executor does, since it may hold blobs.
  public func free() {
    writer.pointee.releaseBlobs()
    writer.deinitialize(count: 1)
    writer.deallocate()
  }
}

/// Where a snapshot goes.
public protocol SnapshotSink: AnyObject {
  /// A chunk to be filled.
  func emptyChunk() -> SnapshotChunk
  /// Takes a chunk over.
  func take(_ chunk: SnapshotChunk)
  /// Everything was taken.
  func finish()
  /// There will be no more, and what there is is not wanted.
  func cancel()
  /// Bytes that were taken and have not arrived yet. While there are too many, the snapshot waits.
  var backlog: Int { get }
}
