import CMartlet
import Memory
import Synchronization

/// Lets a snapshot become a file: written under a temporary name by the disk thread, which compresses and sums up on
/// the way, then made permanent and given its name in one step, so that there is always a whole file.
public final class SnapshotFile: SnapshotSink {
  public struct Options {
    public var compresses = true
    public var checksums = true
    /// An RDB file ends with a checksum (or zero), a file of commands does not.
    public var hasFooter = true
    /// Written data is brought to the disk in steps, not all at the end.
    public var syncsInSteps = true

    public init() {}
  }

  public enum Outcome: Sendable {
    case written(bytes: Int)
    case failed(DiskError)
    case cancelled
  }

  private let thread: DiskThread
  private let shared = Shared()
  private let output: Output
  private var free: [SnapshotChunk] = []

  /// What both sides look at.
  private final class Shared: Sendable {
    let backlog = Atomic(0)
    let written = Atomic(0)
    let returned = Mutex<[SnapshotChunk]>([])
    let outcome = Mutex<Outcome?>(nil)
    let isCancelled = Atomic(false)
  }

  /// - Parameters:
  ///   - wake: an eventfd that is signalled when the file is done, and when the backlog shrinks.
  public init(
    path: String, temporaryPath: String, directory: String, disk: any Disk, thread: DiskThread, options: Options,
    wake: Int32
  ) {
    self.thread = thread
    output = Output(
      path: path, temporaryPath: temporaryPath, directory: directory, disk: disk, options: options, shared: shared,
      wake: wake)
    thread.perform { [output] in output.open() }
  }

  // MARK: The executor's side

  public var backlog: Int { shared.backlog.load(ordering: .relaxed) }

  /// Bytes that the file has by now.
  public var writtenBytes: Int { shared.written.load(ordering: .relaxed) }

  /// What became of it; nil while it is being written.
  public var outcome: Outcome? { shared.outcome.withLock { $0 } }

  public func emptyChunk() -> SnapshotChunk {
    collect()
    return free.popLast() ?? SnapshotChunk()
  }

  /// Takes back the chunks that the other side is done with.
  public func collect() {
    let returned = shared.returned.withLock { chunks in
      defer { chunks.removeAll(keepingCapacity: true) }
      return chunks
    }
    for chunk in returned {
      chunk.writer.pointee.releaseBlobs()
      chunk.writer.pointee.reset()
      if free.count < 4 { free.append(chunk) } else { chunk.free() }
    }
  }

  public func take(_ chunk: SnapshotChunk) {
    let size = chunk.writer.pointee.size
    shared.backlog.add(size, ordering: .relaxed)
    thread.perform { [output, shared] in
      output.write(chunk)
      shared.backlog.subtract(size, ordering: .relaxed)
      shared.returned.withLock { $0.append(chunk) }
    }
  }

  public func finish() { thread.perform { [output] in output.finish() } }

  public func cancel() {
    shared.isCancelled.store(true, ordering: .relaxed)
    thread.perform { [output] in output.cancel() }
  }

  /// Frees what is left once there is an outcome.
  public func close() {
    collect()
    for chunk in free { chunk.free() }
    free = []
  }

  // MARK: The disk thread's side

  /// Only the disk thread touches what can change here.
  private final class Output: @unchecked Sendable {
    private static let bufferSize = 1 << 20
    private static let syncStep = 32 << 20

    private let path: String
    private let temporaryPath: String
    private let directory: String
    private let disk: any Disk
    private let options: Options
    private let shared: Shared
    private let wake: Int32

    private var file: (any DiskFile)?
    private var failure: DiskError?
    private var buffer: UnsafeMutablePointer<UInt8>
    private var buffered = 0
    private var written = 0
    private var unsynced = 0
    private var crc = CRC64()

    init(
      path: String, temporaryPath: String, directory: String, disk: any Disk, options: Options, shared: Shared,
      wake: Int32
    ) {
      self.path = path
      self.temporaryPath = temporaryPath
      self.directory = directory
      self.disk = disk
      self.options = options
      self.shared = shared
      self.wake = wake
      buffer = Allocator.allocate(Self.bufferSize).assumingMemoryBound(to: UInt8.self)
    }

    deinit { Allocator.free(buffer) }

    private var isStopped: Bool { failure != nil || shared.isCancelled.load(ordering: .relaxed) }

    private func attempt(_ body: () throws(DiskError) -> Void) {
      if isStopped { return }
      do throws(DiskError) { try body() } catch { failure = error }
    }

    func open() {
      attempt { () throws(DiskError) in file = try disk.open(temporaryPath, .create) }
    }

    func write(_ chunk: SnapshotChunk) {
      attempt { () throws(DiskError) in
        try chunk.writer.pointee.pack(compressing: options.compresses) { (bytes: Bytes) throws(DiskError) in
          try append(bytes)
        }
      }
      // Whoever was held up may go on.
      signal(wake)
    }

    private func append(_ bytes: Bytes) throws(DiskError) {
      if bytes.count > Self.bufferSize - buffered { try flush() }
      if bytes.count >= Self.bufferSize { return try writeOut(bytes) }
      memcpy(buffer + buffered, bytes.base, bytes.count)
      buffered += bytes.count
    }

    private func flush() throws(DiskError) {
      defer { buffered = 0 }
      if buffered > 0 { try writeOut(Bytes(buffer, count: buffered)) }
    }

    private func writeOut(_ bytes: Bytes) throws(DiskError) {
      if options.checksums { crc.update(bytes) }
      try file?.writeAll(bytes)
      written += bytes.count
      shared.written.store(written, ordering: .relaxed)
      unsynced += bytes.count
      if options.syncsInSteps && unsynced >= Self.syncStep {
        unsynced = 0
        try file?.sync()
      }
    }

    func finish() {
      attempt { () throws(DiskError) in
        try flush()
        try writeFooter()
        try file?.sync()
        try disk.rename(temporaryPath, to: path)
        // Named now, whatever becomes of the directory's own write.
        file = nil
        try disk.syncDirectory(directory)
      }
      end()
    }

    private func writeFooter() throws(DiskError) {
      guard options.hasFooter else { return }
      var checksum = RDBWriter(capacity: 8)
      checksum.integer(crc.value)
      try file?.writeAll(checksum.plainBytes)
      written += 8
    }

    func cancel() { end() }

    private func end() {
      let isCancelled = shared.isCancelled.load(ordering: .relaxed)
      if file != nil {
        file = nil
        try? disk.remove(temporaryPath)
      }
      let outcome: Outcome = failure.map { .failed($0) } ?? (isCancelled ? .cancelled : .written(bytes: written))
      shared.outcome.withLock { $0 = outcome }
      signal(wake)
    }
  }
}
