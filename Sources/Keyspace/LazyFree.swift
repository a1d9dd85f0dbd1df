import CMartlet
import Memory
import Structures
import Synchronization

/// Frees large values on a thread of its own. What is handed over is detached from everything, so
/// the two threads share nothing but the queue.
public struct LazyFree: ~Copyable {
  /// From how many allocations on a value is worth the hand-over. Redis's number.
  public static let effortThreshold = 64

  public enum Job {
    case entry(Entry)
    case database(UnsafeMutablePointer<Database>)
  }

  private let queue = Queue()
  private var isRunning = false

  /// Values that wait to be freed.
  public var pendingObjects: Int { queue.pending.load(ordering: .relaxed) }
  /// Values freed since the start or the last reset.
  public var freedObjects: Int { queue.freed.load(ordering: .relaxed) }
  public func resetStatistics() { queue.freed.store(0, ordering: .relaxed) }

  public mutating func hand(over job: Job) {
    if !isRunning {
      isRunning = true
      queue.start()
    }
    queue.push(job)
  }

  /// Frees a database that is in use by nobody.
  public static func freeDatabase(_ database: UnsafeMutablePointer<Database>) {
    database.pointee.table.drain { Value.free($0) }
    database.deinitialize(count: 1)
    Allocator.free(database)
  }

  private static func objects(in job: Job) -> Int {
    switch job {
    case .entry: 1
    case .database(let database): database.pointee.count
    }
  }

  private final class Queue: Sendable {
    let pending = Atomic(0)
    let freed = Atomic(0)
    private let jobs = Mutex<[Transfer]>([])
    private let wake = eventfd(0, Int32(EFD_CLOEXEC))

    /// Ownership passes with it: the pushing side never looks at the job again.
    private struct Transfer: @unchecked Sendable { let job: Job }

    func push(_ job: Job) {
      let transfer = Transfer(job: job)
      pending.add(LazyFree.objects(in: job), ordering: .relaxed)
      jobs.withLock { $0.append(transfer) }
      var one: UInt64 = 1
      _ = write(wake, &one, 8)
    }

    func start() {
      var thread = pthread_t()
      let context = Unmanaged.passRetained(self).toOpaque()
      let failed = pthread_create(
        &thread, nil,
        { context in
          Unmanaged<Queue>.fromOpaque(context!).takeRetainedValue().run()
          return nil
        }, context)
      precondition(failed == 0, "no thread to be had")
      pthread_detach(thread)
    }

    private func run() {
      Allocator.registerThread()
      while true {
        var signals: UInt64 = 0
        _ = read(wake, &signals, 8)
        let taken = jobs.withLock { jobs in
          defer { jobs = [] }
          return jobs
        }
        for transfer in taken {
          let count = LazyFree.objects(in: transfer.job)
          switch transfer.job {
          case .entry(let entry): Value.free(entry)
          case .database(let database): LazyFree.freeDatabase(database)
          }
          pending.subtract(count, ordering: .relaxed)
          freed.add(count, ordering: .relaxed)
        }
      }
    }
  }
}
