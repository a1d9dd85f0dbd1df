import CMartlet
import Commands
import Glibc
import Keyspace
import Persistence

/// What the server knows of its files.
final class PersistenceState {
  let disk: any Disk
  /// Compresses and writes snapshots.
  private(set) lazy var snapshotThread = DiskThread(name: "snapshot")
  /// Writes the append-only file, so that it never waits for a snapshot.
  private(set) lazy var logThread = DiskThread(name: "append-only")
  /// Signalled by the disk's threads when the executor should look.
  let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))

  /// DEBUG SET-SKIP-CHECKSUM-VALIDATION: payloads of RESTORE are taken whatever their checksum is.
  var ignoresPayloadChecksums = false
  /// DEBUG AOF-FLUSH-SLEEP: a disk that slow.
  var flushDelayMicroseconds: UInt32 = 0
  /// Libraries of functions that a file brought and that could not be loaded, kept for the next file.
  var unloadedLibraries: [[UInt8]] = []

  /// The snapshot that is being taken.
  var running: RunningSnapshot?
  /// BGSAVE SCHEDULE: to be done as soon as nothing else is running.
  var isSaveScheduled = false

  /// Unix seconds.
  var lastSave: Int64
  var lastTry: Int64 = 0
  var lastSaveFailed = false
  /// Seconds that the last background save took; -1: there was none.
  var lastSaveSeconds: Int64 = -1
  var saves = 0
  /// Snapshots that were begun, for whatever purpose.
  var snapshots = 0
  /// The keyspace's count of changes at the moment that the last file shows.
  var savedDirty = 0

  // The append-only file.
  var logState = LogState.off
  var appendOnly: AppendOnlyFile?
  var manifest = AOFManifest()
  /// All was replaced since, by the data of a primary: only a rewrite makes the log true again.
  var logIsOutdated = false
  /// Where an earlier log's bytes ended, which sessions may remember.
  var lastLoggedByte = 0
  /// BGREWRITEAOF, or the switch to appendonly, while something else is running.
  var isRewriteScheduled = false
  var lastRewriteFailed = false
  var lastRewriteSeconds: Int64 = -1
  var rewrites = 0
  var rewriteFailures = 0
  /// Bytes of the log after the last rewrite, or at the start.
  var rewrittenSize = 0
  /// Unix milliseconds of the last attempt to write what could not be written.
  var lastRetry: Int64 = 0
  var logFailureIsKnown = false
  /// Up to where the changes went that were read from the log at the start.
  var loggedHistory: (id: String, position: Int)?

  /// Set while files are read.
  var loading: LoadingState?
  var lastLoad = RDBLoader.Summary()

  init(disk: any Disk = SystemDisk(), now: Int64) {
    self.disk = disk
    lastSave = now / 1000
  }
}

enum LogState {
  case off
  case on
  /// Switched on, but not all that was there before is in it.
  case waitsForRewrite
}

enum SnapshotPurpose {
  case save
  case rewrite(Rewrite)
  /// For replicas, in a file that is taken away as soon as it is there.
  case synchronization(path: String)

  /// Where the file goes, if not to `dbfilename`.
  var path: String? {
    switch self {
    case .save: nil
    case .rewrite(let rewrite): rewrite.path
    case .synchronization(let path): path
    }
  }

  var isRewrite: Bool { if case .rewrite = self { true } else { false } }
  var isSynchronization: Bool { if case .synchronization = self { true } else { false } }
}

extension SnapshotPurpose {
  /// Whether the file is to consist of commands.
  var isCommands: Bool { isRewrite && path?.hasSuffix(".base.aof") ?? false }
}

/// A new base of the append-only file that is being written.
struct Rewrite {
  let name: String
  let path: String
  /// Bytes of the log when it began.
  let sizeBefore: Int
  /// An increment that gets its name, and a place in the manifest, when the base is there.
  let temporaryIncrement: String?
}

/// A snapshot on its way to a file.
struct RunningSnapshot {
  let purpose: SnapshotPurpose
  let writer: SnapshotWriter
  let file: SnapshotFile
  /// Unix milliseconds.
  let startedAt: Int64
  /// The count of changes when it began.
  let dirty: Int
  /// All was handed over; the file is being completed.
  var isHandedOver = false
  var pace: SnapshotPace
  /// When the log last told how far it is, in Unix milliseconds.
  var lastReport: Int64
}

/// How far loading is.
struct LoadingState {
  let startedAt: Int64
  let totalBytes: Int
  var loadedBytes = 0
  var memoryWhenSaved = 0
  var lastEvents: UInt64 = 0
  var lastReport: Int64
  /// See `key-load-delay`.
  var keyDelay: Int
}
