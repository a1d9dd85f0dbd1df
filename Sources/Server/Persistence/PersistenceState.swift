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
  /// Signalled by the disk's threads when the executor should look.
  let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))

  /// DEBUG SET-SKIP-CHECKSUM-VALIDATION: payloads of RESTORE are taken whatever their checksum is.
  var ignoresPayloadChecksums = false
  /// Libraries of functions that a file brought, kept for the next file.
  var functions: [[UInt8]] = []

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
  /// The keyspace's count of changes at the moment that the last file shows.
  var savedDirty = 0

  /// Set while files are read.
  var loading: LoadingState?
  var lastLoad = RDBLoader.Summary()

  init(disk: any Disk = SystemDisk(), now: Int64) {
    self.disk = disk
    lastSave = now / 1000
  }
}

/// A snapshot on its way to a file.
struct RunningSnapshot {
  let writer: SnapshotWriter
  let file: SnapshotFile
  /// Unix milliseconds.
  let startedAt: Int64
  /// The count of changes when it began.
  let dirty: Int
  /// All was handed over; the file is being completed.
  var isHandedOver = false
  /// When the executor last worked on it, in ticks, and how many commands had run by then.
  var lastTicks: UInt64
  var lastCommands = 0
}

/// How far loading is.
struct LoadingState {
  let startedAt: Int64
  let totalBytes: Int
  var loadedBytes = 0
  var memoryWhenSaved = 0
  var lastEvents: UInt64 = 0
  var lastReport: Int64
}
