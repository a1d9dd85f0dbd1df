import CMartlet
import Memory
import Structures
import Synchronization

/// When what was written is brought to the disk.
package enum SyncPolicy: String, Sendable {
  /// Before any reply leaves.
  case always
  case everySecond = "everysec"
  /// When the kernel likes to.
  case never = "no"
}

/// The end of the log: commands are collected here during a turn of the loop, and written by the disk thread.
///
/// What cannot be written is kept and tried again; part of it that reached the file is cut off first, so that the file
/// ends with a whole command whenever possible.
package final class AppendOnlyFile {
  /// Commands that were collected and not handed over.
  private var buffer: [UInt8] = []
  /// The database that the file's next command would be run in.
  private var selected = -1
  /// The second that the last timestamp told.
  private var lastTimestamp: Int64 = 0

  private let thread: DiskThread
  private let output: Output
  /// Unix milliseconds of the last time that a sync was asked for.
  private var lastSync: Int64 = 0
  /// When the first byte was handed over that no sync covers; nil: there is none.
  private var unsyncedSince: Int64?
  private var handedOver = 0

  package var policy = SyncPolicy.everySecond
  package var writesTimestamps = false
  /// While a snapshot is written, the disk is left to it (`no-appendfsync-on-rewrite`).
  package var isSyncSuspended = false
  /// Bytes of all files of the log.
  package private(set) var size: Int
  /// How often the executor had to wait because a sync took more than two seconds.
  package private(set) var delayedSyncs = 0

  /// What is not on the disk after so long is waited for, in milliseconds.
  private static let maximumDelay: Int64 = 2000

  /// - Parameter size: bytes of the files that are there.
  package init(_ file: any DiskFile, fileSize: Int, size: Int, thread: DiskThread) {
    self.thread = thread
    self.size = size
    output = Output(file, size: fileSize)
  }

  // MARK: Collect

  /// Adds a command, in RESP.
  package func append(_ database: Int?, _ command: Bytes, now: Int64) {
    let before = buffer.count
    if writesTimestamps && now / 1000 > lastTimestamp {
      lastTimestamp = now / 1000
      buffer.append(contentsOf: "#TS:\(lastTimestamp)\r\n".utf8)
    }
    if let database, database != selected {
      let text = String(database)
      buffer.append(contentsOf: "*2\r\n$6\r\nSELECT\r\n$\(text.utf8.count)\r\n\(text)\r\n".utf8)
      selected = database
    }
    buffer.append(contentsOf: command.buffer)
    size += buffer.count - before
  }

  package var bufferedBytes: Int { buffer.count + output.shared.backlog.load(ordering: .relaxed) }
  package var isSyncPending: Bool { output.shared.isSyncing.load(ordering: .relaxed) }

  /// Why the last write or sync failed; nil if all is well.
  package var failure: DiskError? {
    let code = output.shared.failure.load(ordering: .relaxed)
    return code == 0 ? nil : DiskError(code: code)
  }

  // MARK: Hand over

  /// Called at the end of each turn, before replies leave. With `always` it returns when all is on the disk, or failed.
  package func flush(now: Int64) {
    if !buffer.isEmpty { handOver(now) }
    switch policy {
    case .always: syncNow(now)
    case .never: break
    case .everySecond: syncInBackground(now)
    }
  }

  private func handOver(_ now: Int64) {
    let bytes = buffer
    buffer = []
    buffer.reserveCapacity(min(bytes.count, 1 << 20))
    if unsyncedSince == nil { unsyncedSince = now }
    output.shared.backlog.add(bytes.count, ordering: .relaxed)
    if policy == .always && thread.isIdle {
      // Whoever waits for it anyway might as well do it: a hand-over would cost two more switches of threads.
      output.write(bytes)
    } else {
      thread.perform { [output] in output.write(bytes) }
    }
  }

  private func syncNow(_ now: Int64) {
    guard unsyncedSince != nil, !isSyncSuspended else { return }
    thread.wait()
    output.sync()
    lastSync = now
    unsyncedSince = failure == nil ? nil : unsyncedSince
  }

  private func syncInBackground(_ now: Int64) {
    guard let since = unsyncedSince else { return }
    if isSyncPending {
      // The disk is behind. What is at risk stays bounded.
      if now - since > Self.maximumDelay {
        delayedSyncs += 1
        thread.wait()
      }
      return
    }
    guard now - lastSync >= 1000 || now < lastSync, !isSyncSuspended else { return }
    beginSync(now)
  }

  private func beginSync(_ now: Int64) {
    lastSync = now
    unsyncedSince = nil
    output.shared.isSyncing.store(true, ordering: .relaxed)
    thread.perform { [output] in output.sync() }
  }

  /// Called from time to time while there is a failure: what could not be written is tried again.
  package func retry() {
    guard failure != nil else { return }
    thread.perform { [output] in
      output.write([])
      output.sync()
    }
  }

  /// Writes and syncs everything, and waits for it. False if that failed.
  package func complete(now: Int64) -> Bool {
    if !buffer.isEmpty { handOver(now) }
    thread.wait()
    output.sync()
    unsyncedSince = nil
    return failure == nil
  }

  /// Further commands go to another file. The old one is synced and closed.
  package func switchTo(_ file: any DiskFile, now: Int64) {
    if !buffer.isEmpty { handOver(now) }
    thread.perform { [output] in output.switchTo(file) }
    // Each file can be read by itself.
    selected = -1
  }

  /// The next command is preceded by its database.
  package func forgetDatabase() { selected = -1 }

  /// A rewrite made the log as large as this.
  package func noteRewritten(size: Int) { self.size = size }

  // MARK: The disk thread's side

  private final class Shared: Sendable {
    let backlog = Atomic(0)
    let isSyncing = Atomic(false)
    let failure = Atomic<Int32>(0)
  }

  /// Only the disk thread touches what can change here, or the executor while that thread has nothing to do.
  private final class Output: @unchecked Sendable {
    let shared = Shared()
    private var file: any DiskFile
    /// Bytes of the file that are whole commands.
    private var size: Int
    private var waiting: [[UInt8]] = []
    /// After an error the file may end in the middle of a command.
    private var isTorn = false

    init(_ file: any DiskFile, size: Int) {
      self.file = file
      self.size = size
    }

    func write(_ bytes: [UInt8]) {
      if !bytes.isEmpty { waiting.append(bytes) }
      do throws(DiskError) {
        try repair()
        while let next = waiting.first {
          isTorn = true
          try file.writeAll(next)
          isTorn = false
          size += next.count
          waiting.removeFirst()
          shared.backlog.subtract(next.count, ordering: .relaxed)
        }
        shared.failure.store(0, ordering: .relaxed)
      } catch {
        shared.failure.store(error.code, ordering: .relaxed)
      }
    }

    /// Cuts off what an earlier failure left behind.
    private func repair() throws(DiskError) {
      guard isTorn else { return }
      try file.truncate(to: size)
      isTorn = false
    }

    func sync() {
      do throws(DiskError) {
        try file.sync()
        if waiting.isEmpty { shared.failure.store(0, ordering: .relaxed) }
      } catch {
        shared.failure.store(error.code, ordering: .relaxed)
      }
      shared.isSyncing.store(false, ordering: .relaxed)
    }

    func switchTo(_ fresh: any DiskFile) {
      // What could not be written yet belongs into the old file, if it can be written at all.
      write([])
      sync()
      file.close()
      file = fresh
      size = 0
    }
  }
}
