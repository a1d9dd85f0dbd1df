import CMartlet
import Glibc
import Memory
import Synchronization

/// A thread that does one thing after the other for the executor: what would wait for a disk.
///
/// What a job works on was handed over to it: the executor does not touch it until it is given back.
public final class DiskThread: Sendable {
  private enum Job: Sendable {
    case work(@Sendable () -> Void)
    /// All before it is done.
    case tell(Int32)
  }

  private let jobs = Mutex<[Job]>([])
  /// Jobs for later, in the order of their times; monotonic milliseconds.
  private let later = Mutex<[(due: Int64, job: @Sendable () -> Void)]>([])
  private let wake = eventfd(0, Int32(EFD_CLOEXEC))
  private let done = eventfd(0, Int32(EFD_CLOEXEC))
  private let isEnding = Atomic(false)
  private let pending = Atomic(0)

  public init(name: String) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let failed = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<DiskThread>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    precondition(failed == 0, "no thread to be had")
    martlet_thread_name(thread, name)
    pthread_detach(thread)
  }

  deinit {
    close(wake)
    close(done)
  }

  /// Whether all jobs so far are done. What they worked on may then be touched by whoever gives jobs.
  public var isIdle: Bool { pending.load(ordering: .acquiring) == 0 }

  public func perform(_ job: @escaping @Sendable () -> Void) {
    pending.add(1, ordering: .relaxed)
    jobs.withLock { $0.append(.work(job)) }
    signal(wake)
  }

  /// Does a job after some time, between others. Neither ``isIdle`` nor ``wait()`` knows of it.
  public func perform(afterMilliseconds delay: Int64, _ job: @escaping @Sendable () -> Void) {
    let due = Self.now() + delay
    later.withLock { waiting in
      let place = waiting.firstIndex { $0.due > due } ?? waiting.count
      waiting.insert((due, job), at: place)
    }
    signal(wake)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Returns when all jobs so far are done. Only one may wait at a time.
  public func wait() {
    if isIdle { return }
    jobs.withLock { $0.append(.tell(done)) }
    signal(wake)
    var count: UInt64 = 0
    while read(done, &count, 8) < 0 && martlet_errno() == EINTR {}
  }

  /// Lets the thread end when all jobs so far are done.
  public func end() {
    perform { self.isEnding.store(true, ordering: .relaxed) }
  }

  private func run() {
    // What it frees came from elsewhere, and is to be missing there in the count.
    Allocator.registerThread()
    blockSignals()
    while !isEnding.load(ordering: .relaxed) {
      waitForJobs()
      let taken = jobs.withLock { jobs in
        defer { jobs = [] }
        return jobs
      }
      for job in taken { perform(job) }
    }
  }

  private func perform(_ job: Job) {
    switch job {
    case .work(let work):
      work()
      pending.subtract(1, ordering: .releasing)
    case .tell(let descriptor): signal(descriptor)
    }
  }

  /// Returns when there may be jobs, having done those whose time has come.
  private func waitForJobs() {
    let due = later.withLock { $0.first?.due }
    // Who has nothing to do later just waits, with one call.
    var event = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    if due.map({ poll(&event, 1, Int32(clamping: max(0, $0 - Self.now()))) > 0 }) ?? true {
      var signals: UInt64 = 0
      _ = read(wake, &signals, 8)
    }
    let now = Self.now()
    while let job = later.withLock({ waiting in
      waiting.first.map { $0.due <= now } == true ? waiting.removeFirst().job : nil
    }) { job() }
  }

  /// Signals are the executor's.
  private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}

/// Lets whoever waits for an eventfd go on.
public func signal(_ eventDescriptor: Int32) {
  var one: UInt64 = 1
  while write(eventDescriptor, &one, 8) < 0 && martlet_errno() == EINTR {}
}
