import CMartlet
import Memory
import Structures
import Synchronization

/// When what was written is brought to the disk.
public enum SyncPolicy: String, Sendable {
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
public final class AppendOnlyFile {
  /// Commands that were collected and not handed over.
  private var buffer: [UInt8] = []
  /// The second that the last timestamp told.
  private var lastTimestamp: Int64 = 0

  private let thread: DiskThread
  private let output: Output
  /// Bytes that were handed over so far.
  private var handedOver = 0
  /// Where bytes are counted from.
  private let start: Int
  /// Bytes of annotations so far, which are no commands.
  private var annotations = 0
  /// The history that the file named last.
  private var annotatedHistory: String?
  /// Commands were added since the last annotation of a position.
  public private(set) var hasNewCommands = false
  /// Signalled when a sync in the background is done; -1: nobody wants to know.
  private let wake: Int32
  /// With `always`: replies wait for a sync that is under way.
  private var isGroupUnderWay = false
  /// When the next such sync began to gather commands, in nanoseconds; nil: it does not.
  private var gathersSince: UInt64?
  /// The last one: when it was asked for, how long it took, and how many clients waited for replies when it was done.
  private var lastGroup: (began: UInt64, duration: UInt64, waiting: Int) = (0, 0, 0)
  /// Unix milliseconds of the last time that commands were handed over, and since when the oldest waits that was not.
  private var lastHandOver = Int64.min
  private var collectedSince: Int64 = 0
  /// Unix milliseconds of the last time that a sync was asked for.
  private var lastSync: Int64 = 0
  /// The bytes that the last sync is for, and since when the oldest of them have waited; nil: they are on the disk.
  private var syncing: (end: Int, since: Int64)?
  /// Since when the oldest bytes have waited that no sync was asked for.
  private var unsyncedSince: Int64?

  public var policy = SyncPolicy.everySecond {
    didSet {
      if oldValue == .always && policy != .always { thread.perform { [output] in output.closeJournal() } }
    }
  }
  public var writesTimestamps = false
  /// While a snapshot is written, the disk is left to it (`no-appendfsync-on-rewrite`).
  public var isSyncSuspended = false
  /// Bytes of all files of the log.
  public private(set) var size: Int
  /// How often the executor had to wait because a sync took more than two seconds.
  public private(set) var delayedSyncs = 0

  /// With `everysec`, in milliseconds: when a sync is asked for, when the disk's thread does it unasked, and when it is
  /// waited for.
  private static let syncInterval: Int64 = 1000
  private static let patience: Int64 = 1500
  private static let maximumDelay: Int64 = 2000
  /// So many bytes are handed over though the last time was in the same millisecond.
  private static let collectedLimit = 256 << 10
  /// With `always`, in nanoseconds: so long a sync waits for clients at most.
  private static let gatherLimit: UInt64 = 1_000_000

  /// - Parameters:
  ///   - size: bytes of the files that are there.
  ///   - sequence: the number of the increment that the file is; nil: it is none yet.
  ///   - journal: where groups of commands go with `always`, so that the file need not be synced for each.
  ///   - start: what ``end`` is to be before the first command: the end of an earlier log, if its bytes go on counting.
  ///   - wake: a descriptor to signal when a sync in the background is done; -1: none.
  public init(
    _ file: any DiskFile, fileSize: Int, size: Int, sequence: Int? = nil, journal: sending SyncJournal? = nil,
    start: Int = 0, wake: Int32 = -1, thread: DiskThread
  ) {
    self.thread = thread
    self.start = start
    self.wake = wake
    self.size = size
    output = Output(file, size: fileSize, sequence: sequence, journal: journal)
  }

  // MARK: Collect

  /// Adds commands, in RESP. The first that a file is given must select its database.
  public func append(_ commands: Bytes, now: Int64) {
    let before = buffer.count
    if before == 0 { collectedSince = now }
    if writesTimestamps && now / 1000 > lastTimestamp {
      lastTimestamp = now / 1000
      buffer.append(contentsOf: "#TS:\(lastTimestamp)\r\n".utf8)
      annotations += buffer.count - before
    }
    buffer.append(contentsOf: commands.buffer)
    size += buffer.count - before
    hasNewCommands = true
  }

  /// Says up to which position of a history the commands go that were added up to here; see docs/CHANGE-FEED.md. For others
  /// the line is a comment. The history is only named where it is another than before, and in each file.
  public func annotate(history: String, position: Int) {
    let before = buffer.count
    buffer.append(contentsOf: "#POS:".utf8)
    if history != annotatedHistory { buffer.append(contentsOf: history.utf8) }
    annotatedHistory = history
    buffer.append(contentsOf: ":\(position)\r\n".utf8)
    annotations += buffer.count - before
    size += buffer.count - before
    hasNewCommands = false
  }

  /// All bytes of commands so far, whatever files they are in.
  public var end: Int { start + handedOver + buffer.count - annotations }
  /// Those of them that are on the disk, or some less until all are.
  public var synced: Int { start + output.shared.synced.load(ordering: .acquiring) - annotations }
  public var bufferedBytes: Int { buffer.count + output.shared.backlog.load(ordering: .relaxed) }
  public var isSyncPending: Bool { output.shared.isSyncing.load(ordering: .relaxed) }

  /// Why the last write or sync failed; nil if all is well.
  public var failure: DiskError? {
    let code = output.shared.failure.load(ordering: .relaxed)
    return code == 0 ? nil : DiskError(code: code)
  }

  /// Whether a sync failed since this was last asked. The kernel may have dropped what it could not write, and a later
  /// sync that succeeds says nothing of it.
  public func takeFailedSync() -> Bool { output.shared.hasFailedSync.exchange(false, ordering: .relaxed) }

  // MARK: Hand over

  /// When the replies of a turn may leave.
  public enum Departure {
    case now
    /// When the sync that is under way is done: with the next ``takeGroup()``.
    case afterSync
    /// When the sync after that is done.
    case afterNextSync
  }

  /// A turn of the loop that ends.
  public struct Turn {
    /// Unix milliseconds.
    public var now: Int64
    /// By a clock that goes evenly.
    public var nanoseconds: UInt64
    /// So many clients wait for replies.
    public var waiting: Int

    public init(now: Int64, nanoseconds: UInt64, waiting: Int) {
      self.now = now
      self.nanoseconds = nanoseconds
      self.waiting = waiting
    }
  }

  /// Called at the end of each turn, before replies leave.
  ///
  /// With `always` whoever sees what was done must not see it before it is on the disk. Commands that come while a sync is
  /// under way are run meanwhile, and share the next.
  public func flush(_ turn: Turn) -> Departure {
    switch policy {
    case .always: return flushBeforeReplies(turn)
    case .never: handOverInTime(turn.now)
    case .everySecond:
      handOverInTime(turn.now)
      syncInBackground(turn.now)
    }
    // Some may wait still from before the policy was changed.
    return isGroupUnderWay ? .afterNextSync : .now
  }

  /// Commands were collected that nobody hands over before the next ``flush(_:)``, which is due in the next
  /// millisecond.
  public var waitsForHandOver: Bool { !buffer.isEmpty && policy != .always }

  /// A hand-over costs two switches of threads: one for each millisecond is enough.
  private func handOverInTime(_ now: Int64) {
    if buffer.isEmpty || (now == lastHandOver && buffer.count < Self.collectedLimit) { return }
    lastHandOver = now
    handOver(now)
  }

  /// What was collected, which the file does not have yet.
  private func takeBuffer(_ now: Int64) -> [UInt8] {
    let bytes = buffer
    buffer = output.shared.spare.withLock { spare in
      defer { spare = [] }
      return spare
    }
    handedOver += bytes.count
    if unsyncedSince == nil {
      unsyncedSince = min(collectedSince, now)
      // Should the executor be busy for long, the disk's thread does not wait for it.
      if policy == .everySecond && !isSyncSuspended {
        thread.perform(afterMilliseconds: Self.patience) { [output] in output.syncIfNeeded() }
      }
    }
    output.shared.backlog.add(bytes.count, ordering: .relaxed)
    return bytes
  }

  private func handOver(_ now: Int64) {
    let bytes = takeBuffer(now)
    thread.perform { [output] in output.write(bytes) }
  }

  // MARK: Sync before replies

  private func flushBeforeReplies(_ turn: Turn) -> Departure {
    if isGroupUnderWay { return buffer.isEmpty ? .afterSync : .afterNextSync }
    if buffer.isEmpty && unsyncedSince == nil && syncing == nil {
      gathersSince = nil
      return .now
    }
    if isSyncSuspended {
      gathersSince = nil
      if !buffer.isEmpty { handOver(turn.now) }
      return .now
    }
    if gathers(turn) { return .afterSync }
    if turn.waiting <= 1 && thread.isIdle {
      // Nobody else is served meanwhile, so it is done here: a hand-over would cost two switches of threads.
      let bytes = buffer.isEmpty ? [] : takeBuffer(turn.now)
      noteSync(turn.now)
      output.writeSynced(bytes)
      noteSynced()
      lastGroup.waiting = turn.waiting
      return .now
    }
    beginGroup(turn)
    return .afterSync
  }

  /// Whether a sync should wait for those who had their replies with the last, and are about to send their next commands.
  /// Without that, clients fall into two halves that take turns, and each sync serves only one of them. A quarter of the
  /// time that a sync takes is worth it.
  private func gathers(_ turn: Turn) -> Bool {
    let limit = min(lastGroup.duration / 4, Self.gatherLimit)
    let since = gathersSince ?? turn.nanoseconds
    gathersSince = turn.waiting < lastGroup.waiting && turn.nanoseconds &- since < limit ? since : nil
    return gathersSince != nil
  }

  /// The next turn is to come at once, whether anybody sends something or not.
  public var isGathering: Bool { policy == .always && gathersSince != nil }

  /// Lets the disk's thread write and sync all that was collected, and say so.
  private func beginGroup(_ turn: Turn) {
    let bytes = buffer.isEmpty ? [] : takeBuffer(turn.now)
    noteSync(turn.now)
    isGroupUnderWay = true
    lastGroup.began = turn.nanoseconds
    thread.perform { [output, wake] in
      output.writeSynced(bytes)
      output.shared.hasGroupArrived.store(true, ordering: .releasing)
      signal(wake)
    }
  }

  /// Called when `wake` was signalled. Whether the sync is done that replies wait for. What waits for the next goes with the
  /// group that is gathered from now on.
  ///
  /// - Parameters:
  ///   - nanoseconds: the time, by the clock of turns.
  ///   - waiting: how many clients wait for replies, whichever sync they wait for.
  public func takeGroup(nanoseconds: UInt64, waiting: Int) -> Bool {
    guard isGroupUnderWay, output.shared.hasGroupArrived.exchange(false, ordering: .acquiring) else { return false }
    isGroupUnderWay = false
    lastGroup.duration = nanoseconds &- lastGroup.began
    lastGroup.waiting = waiting
    noteSynced()
    return true
  }

  /// Every second, unless the last sync is not done yet. Nothing is acknowledged while something older than two seconds
  /// is not on the disk: whatever happens to the machine, that is all that it costs.
  private func syncInBackground(_ now: Int64) {
    noteSynced()
    guard let oldest = syncing?.since ?? unsyncedSince, !isSyncSuspended, failure == nil else { return }
    if now - oldest >= Self.maximumDelay {
      delayedSyncs += 1
      syncAndWait(now)
    } else if !isSyncPending && (now - lastSync >= Self.syncInterval || now < lastSync) {
      noteSync(now)
      thread.perform { [output, wake] in
        output.sync()
        if wake >= 0 { signal(wake) }
      }
    }
  }

  /// A sync is asked for. One that failed leaves its bytes to the next.
  private func noteSync(_ now: Int64) {
    lastSync = now
    syncing = (handedOver, syncing?.since ?? unsyncedSince ?? now)
    unsyncedSince = nil
    output.shared.isSyncing.store(true, ordering: .relaxed)
  }

  private func noteSynced() {
    let synced = output.shared.synced.load(ordering: .acquiring)
    if let asked = syncing, synced >= asked.end { syncing = nil }
    // The disk's thread may have been first.
    if synced >= handedOver { unsyncedSince = nil }
  }

  private func syncAndWait(_ now: Int64) {
    thread.wait()
    noteSynced()
    if syncing == nil && unsyncedSince == nil { return }
    noteSync(now)
    output.sync()
    noteSynced()
  }

  /// Called from time to time while there is a failure: what could not be written is tried again.
  public func retry() {
    guard failure != nil else { return }
    thread.perform { [output] in
      output.write([])
      output.sync()
    }
  }

  /// Writes and syncs everything, and waits for it. False if that failed.
  public func complete(now: Int64) -> Bool {
    if !buffer.isEmpty { handOver(now) }
    thread.wait()
    noteSync(now)
    output.closeJournal()
    noteSynced()
    return failure == nil
  }

  /// Further commands go to another increment. The old one is synced and closed, once all that belongs there was written.
  public func switchTo(_ file: any DiskFile, sequence: Int, now: Int64) {
    if !buffer.isEmpty { handOver(now) }
    annotatedHistory = nil
    thread.perform { [output] in output.switchTo(file, sequence: sequence) }
  }

  /// The file has become an increment of the log.
  public func nameFile(sequence: Int) { thread.perform { [output] in output.nameFile(sequence: sequence) } }

  /// A rewrite made the log as large as this.
  public func noteRewritten(size: Int) { self.size = size }

  // MARK: The disk thread's side

  private final class Shared: Sendable {
    let backlog = Atomic(0)
    let isSyncing = Atomic(false)
    /// Set after the sync that replies wait for.
    let hasGroupArrived = Atomic(false)
    /// Bytes that are on the disk, of those that were handed over.
    let synced = Atomic(0)
    let failure = Atomic<Int32>(0)
    let hasFailedSync = Atomic(false)
    /// Room for bytes that was used before: memory that one thread allocates and another frees is dear.
    let spare = Mutex<[UInt8]>([])
  }

  /// What can change here is touched under the lock: by the disk's thread, and by the executor if it waits anyway.
  private final class Output: @unchecked Sendable {
    private enum Item {
      case bytes([UInt8])
      case file(any DiskFile, sequence: Int)
    }

    let shared = Shared()
    private let lock = Mutex(())
    private var file: any DiskFile
    /// The number of the increment that the file is.
    private var sequence: Int?
    /// Bytes of the file that are whole commands.
    private var size: Int
    /// Bytes of the file that are on the disk, in it or in the journal. What was there at the start may not be.
    private var durableSize = -1
    private let journal: SyncJournal?
    /// Bytes written, to whatever file.
    private var written = 0
    private var waiting: [Item] = []
    /// After an error the file may end in the middle of a command.
    private var isTorn = false

    init(_ file: any DiskFile, size: Int, sequence: Int?, journal: SyncJournal?) {
      self.file = file
      self.size = size
      self.sequence = sequence
      self.journal = journal
    }

    func write(_ bytes: [UInt8]) {
      lock.withLock { _ in
        if !bytes.isEmpty { waiting.append(.bytes(bytes)) }
        writeWaiting()
      }
    }

    func sync() { lock.withLock { _ in syncLocked() } }

    func syncIfNeeded() {
      lock.withLock { _ in
        if written > shared.synced.load(ordering: .relaxed) { syncLocked() }
      }
    }

    /// Writes bytes and all that waits, and returns when that is on the disk, or ``Shared/failure`` says why not.
    func writeSynced(_ bytes: [UInt8]) {
      lock.withLock { _ in
        let isRecorded = record(bytes)
        if !bytes.isEmpty { waiting.append(.bytes(bytes)) }
        writeWaiting()
        if isRecorded && waiting.isEmpty {
          noteSynced()
          shared.isSyncing.store(false, ordering: .relaxed)
        } else {
          syncLocked()
        }
      }
    }

    /// Whether the journal has taken these bytes, and knows of all before them that the file was not synced for.
    private func record(_ bytes: [UInt8]) -> Bool {
      guard durableSize == size, waiting.isEmpty, !isTorn else { return false }
      if bytes.isEmpty { return true }
      guard let journal, let sequence else { return false }
      return bytes.withBytes { journal.record($0, sequence: sequence, offset: size) }
    }

    /// Syncs the file and takes the journal away.
    func closeJournal() {
      lock.withLock { _ in
        syncLocked()
        if durableSize == size { journal?.remove() }
      }
    }

    func switchTo(_ fresh: any DiskFile, sequence: Int) {
      lock.withLock { _ in
        waiting.append(.file(fresh, sequence: sequence))
        writeWaiting()
      }
    }

    func nameFile(sequence: Int) { lock.withLock { _ in self.sequence = sequence } }

    private func writeWaiting() {
      do throws(DiskError) {
        try repair()
        while !waiting.isEmpty {
          try write(waiting[0])
          reuse(waiting.removeFirst())
        }
        shared.failure.store(0, ordering: .relaxed)
      } catch {
        shared.failure.store(error.code, ordering: .relaxed)
      }
    }

    private func write(_ item: Item) throws(DiskError) {
      switch item {
      case .bytes(let bytes): try append(bytes)
      case .file(let fresh, let sequence): try use(fresh, sequence: sequence)
      }
    }

    private func reuse(_ item: consuming Item) {
      guard case .bytes(var bytes) = consume item, bytes.capacity <= 1 << 20 else { return }
      bytes.removeAll(keepingCapacity: true)
      shared.spare.withLock { $0 = bytes }
    }

    private func append(_ bytes: [UInt8]) throws(DiskError) {
      isTorn = true
      try file.writeAll(bytes)
      isTorn = false
      size += bytes.count
      written += bytes.count
      shared.backlog.subtract(bytes.count, ordering: .relaxed)
    }

    /// Cuts off what an earlier failure left behind.
    private func repair() throws(DiskError) {
      guard isTorn else { return }
      try file.truncate(to: size)
      isTorn = false
    }

    private func use(_ fresh: any DiskFile, sequence: Int) throws(DiskError) {
      try syncFile()
      file.close()
      file = fresh
      self.sequence = sequence
      size = 0
      durableSize = 0
    }

    private func syncLocked() {
      do throws(DiskError) {
        try syncFile()
        if waiting.isEmpty { shared.failure.store(0, ordering: .relaxed) }
      } catch {
        shared.failure.store(error.code, ordering: .relaxed)
      }
      shared.isSyncing.store(false, ordering: .relaxed)
    }

    private func syncFile() throws(DiskError) {
      do throws(DiskError) { try file.sync() } catch {
        shared.hasFailedSync.store(true, ordering: .relaxed)
        throw error
      }
      journal?.restart()
      noteSynced()
    }

    private func noteSynced() {
      durableSize = size
      shared.synced.store(written, ordering: .releasing)
    }
  }
}
