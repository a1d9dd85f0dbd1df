import Commands
import Glibc
import Memory
import Persistence

/// What a primary knows of its stream and of those who follow it.
///
/// While nobody follows and nobody else needs positions, nothing is recorded and the position stands still.
final class ReplicationState {
  /// The history that positions belong to: 40 hexadecimal digits. Redis's `master_replid`.
  private(set) var id: String
  /// The history that this one went on from, and the last position that both share.
  private(set) var secondID: String?
  private(set) var secondPosition = -1

  /// Nil: nothing is recorded.
  private(set) var log: UnsafeMutablePointer<ReplicationLog>?
  /// The position while nothing is recorded. The change feed counts on by itself then; it needs to be quick.
  let counter: UnsafeMutablePointer<Int>
  private var lastPosition: Int {
    get { counter.pointee }
    set { counter.pointee = newValue }
  }
  /// Changes have positions, though they may not be recorded.
  private(set) var isCounting = false
  /// What commands came to, and was not recorded yet.
  var propagation: UnsafeMutablePointer<Propagation>?

  // As a replica.
  /// How this server comes to its primary; nil: it follows nobody.
  var link: PrimaryLink?
  /// The primary's stream.
  var primary: ConnectionPointer?
  /// What there is already, while the link is down.
  var known: PrimaryLink.Known?
  /// The database that the stream has selected so far.
  var streamDatabase = 0
  /// When to connect again, in Unix milliseconds.
  var nextAttempt: Int64 = 0
  /// When the primary was last told how far this server is.
  var lastReport: Int64 = 0
  var syncMarks = SyncMarks()
  /// What the primary was last told to be on the disk.
  var lastReportedSync: Int?
  /// Bytes of the stream that came in and were not executed yet.
  var unapplied: [UInt8] = []

  // As a primary.
  var replicas: [ConnectionPointer: Replica] = [:]
  /// The position of the snapshot that is being taken for replicas.
  var snapshotPosition: Int?
  /// Sessions in WAIT and WAITAOF.
  var waiting: [SessionPointer] = []
  /// What of the append-only file was on the disk when these were last woken for it; nil: there is none.
  var lastSynced: Int?
  /// Replicas are to be asked how far they are.
  var wantsAcknowledgements = false
  /// Unix milliseconds.
  var lastPing: Int64 = 0
  var withoutReplicasSince: Int64?
  /// Replicas whose last word is recent enough, for `min-replicas-to-write`.
  var goodReplicas = 0
  var fullSyncs = 0
  var partialSyncs = 0
  var refusedPartialSyncs = 0

  init(id: String) {
    self.id = id
    counter = .allocate(capacity: 1)
    counter.initialize(to: 0)
  }

  deinit {
    propagation = nil
    stopRecording()
    counter.deallocate()
  }

  /// Bytes of the stream so far. Redis's `master_repl_offset`.
  var position: Int {
    propagation?.drain()
    return recorded
  }
  /// The same without what is still being collected.
  var recorded: Int { log?.pointee.end ?? lastPosition }
  var isRecording: Bool { log != nil }

  /// Begins a history of its own: what follows is not what others know under the old id.
  func changeID(to fresh: String) {
    id = fresh
    secondID = nil
    secondPosition = -1
  }

  /// From here on changes have positions, under a new id, since nobody knows what was changed before.
  func startCounting(id fresh: String) {
    if isCounting { return }
    isCounting = true
    if log == nil { changeID(to: fresh) }
  }

  func stopCounting() { isCounting = false }

  func resetStatistics() {
    fullSyncs = 0
    partialSyncs = 0
    refusedPartialSyncs = 0
  }

  /// What was read from a file is of a history up to a position, and what was recorded since comes after it.
  func resume(_ id: String, at position: Int) {
    if let log { log.pointee.rebase(by: position) } else { lastPosition = position }
    secondID = id
    secondPosition = position
  }

  /// Whether an offset of a history is of this one's past.
  func knows(_ id: String, at position: Int) -> Bool {
    id == self.id || (id == secondID && position <= secondPosition)
  }

  /// From here on what changes is recorded, under a new id, since nobody knows what was changed before.
  func startRecording(id fresh: String) {
    guard log == nil else { return }
    propagation?.drain()
    if !isCounting { changeID(to: fresh) }
    let memory = UnsafeMutablePointer<ReplicationLog>.allocate(capacity: 1)
    memory.initialize(to: ReplicationLog(at: lastPosition))
    log = memory
  }

  /// Follows a history from a position on: all is here that comes before it.
  func begin(id: String, at position: Int) {
    stopRecording()
    lastPosition = position
    startRecording(id: id)
    changeID(to: id)
    unapplied = []
    streamDatabase = 0
    syncMarks = SyncMarks()
  }

  /// The primary's history goes on under another name: it was promoted itself.
  func renameHistory(to fresh: String) { takeOver(as: fresh) }

  /// This history goes on under another name, and both are known up to here.
  func takeOver(as fresh: String) {
    secondID = id
    secondPosition = position
    id = fresh
    propagation?.forgetSelection()
    unapplied = []
  }

  func stopRecording() {
    propagation?.drain()
    guard let log else { return }
    lastPosition = log.pointee.end
    log.deinitialize(count: 1)
    log.deallocate()
    self.log = nil
  }

  /// Records commands. While nobody follows they count as a byte, as in Redis, so that whoever comes to follow sees that
  /// something happened.
  func record(_ commands: Bytes) {
    if let log { log.pointee.append(commands) } else if !isCounting { lastPosition += 1 }
  }

  /// Records a command that belongs to no database.
  func append(_ command: StaticString) { append(Bytes(command)) }

  func append(_ command: Bytes) {
    guard let log else { return }
    propagation?.drain()
    log.pointee.append(command)
    if propagation?.pointee.ends.recorded != nil { propagation?.pointee.ends.recorded = log.pointee.end }
  }

  /// Whoever begins to read here must be told the database anew.
  func forgetSelection() { propagation?.forgetSelection() }

  /// Whether a replica that has everything up to `position` of the history `id` can be told the rest.
  func canContinue(_ id: String, at position: Int) -> Bool {
    guard let log else { return false }
    return knows(id, at: position) && position >= log.pointee.start && position <= log.pointee.end
  }

  /// Forgets what no replica needs and is older than the backlog is long.
  func trim(backlog: Int) {
    guard let log else { return }
    var needed = log.pointee.end - backlog
    for replica in replicas.values { needed = min(needed, replica.position) }
    if let snapshotPosition { needed = min(needed, snapshotPosition) }
    log.pointee.drop(before: needed)
  }
}

/// A replica, as its primary sees it.
final class Replica {
  enum Phase {
    /// Waits for a snapshot to begin.
    case waiting
    /// Waits for the snapshot that is being taken.
    case saving
    /// Is being sent the snapshot.
    case receiving(SnapshotTransfer)
    case online
  }

  var phase = Phase.waiting
  /// The stream's next byte for it.
  var position = Int.max
  /// Up to where it has told that it is.
  var acknowledged = 0
  /// Up to where it has told that it has synced.
  var synced = 0
  /// When it last said so, in Unix milliseconds.
  var acknowledgedAt: Int64
  var announced: AnnouncedReplica
  /// It said SYNC: it knows nothing of positions.
  let isOld: Bool

  init(_ announced: AnnouncedReplica, isOld: Bool, now: Int64) {
    self.announced = announced
    self.isOld = isOld
    acknowledgedAt = now
  }

  var isOnline: Bool { if case .online = phase { true } else { false } }

  /// As INFO and ROLE name it.
  var phaseName: String {
    switch phase {
    case .waiting, .saving: "wait_bgsave"
    case .receiving: "send_bulk"
    case .online: "online"
    }
  }
}

/// What REPLCONF said of whoever is about to become a replica.
struct AnnouncedReplica {
  var port = 0
  var address: String?
  var knowsSecondIDs = false
  var wantsOnlySnapshot = false
}

/// A snapshot on its way to one replica. The file is gone from the directory already.
final class SnapshotTransfer {
  private let file: SharedFile
  private var sent = 0
  let size: Int

  final class SharedFile {
    let descriptor: Int32
    let size: Int

    /// Opens a file and removes its name; nil if it cannot be read.
    init?(takingAway path: String) {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      unlink(path)
      var status = stat()
      guard descriptor >= 0 else { return nil }
      size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }
  }

  init(_ file: SharedFile) {
    self.file = file
    size = file.size
  }

  var isDone: Bool { sent == size }

  /// The next part of the file, into `buffer`; its length, or nil if it cannot be read.
  func next(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let count = pread(file.descriptor, buffer.baseAddress, min(buffer.count, size - sent), sent)
    guard count > 0 else { return nil }
    sent += count
    return count
  }
}
