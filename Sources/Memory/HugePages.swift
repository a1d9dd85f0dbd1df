import CMartlet
import Glibc
import Synchronization

/// Has a large keyspace lie in huge pages, if `huge-page-threshold` says so.
///
/// Keys are looked up at random, so each of them costs misses of the translation buffer, which knows some megabytes in
/// pages of 4 kB and gigabytes in pages of 2 MB. Redis must ask its users to forbid huge pages, because each write after a
/// fork would copy one; here nothing forks.
///
/// They cost memory where a page is not filled. So a small process has none, even where the system would give it some,
/// and from a size on the memory that the allocator takes from the system is asked for in huge pages. It fills that from one end.
/// When much of it was given back, what is left lies scattered, and the kernel, which gathers pages in the background,
/// would fill the gaps again: then the process is exempt from huge pages until it grows beyond what it ever had. (Those
/// that are whole stay.)
///
/// The kernel clears a page when it is first touched, and whoever touches a huge one waits a tenth of a millisecond for that, or
/// two milliseconds on a virtual machine whose host has no memory ready. So a thread of its own touches the next pages
/// of a mapping before they are needed. The kernel's side: `admin-guide/mm/transhuge` in its documentation.
package final class HugePages: Sendable {
  static let pageSize = 2 << 20
  /// The share of the mapped memory that may be given back before no more huge pages are wanted.
  private static let scatteredShare = 8

  /// How far ahead of what is in use pages are made ready.
  static let distance = 2 * pageSize

  /// The newest mapping, by addresses: what lies before `used` was handed out, what lies before `ready` has its pages.
  struct Newest {
    private var used = 0
    private var ready = 0
    private var end = 0

    init() {}

    init(address: Int, count: Int) {
      used = address
      ready = address
      end = address + count
    }

    /// Whether pages should be made ready.
    var isShort: Bool { ready < min(end, used + distance) }

    /// A range was divided, and the part before `address` is to be used. Mappings are used up from their beginning: other
    /// ranges than the newest mapping's last are of no interest.
    mutating func noteUse(before address: Int, rest: Int) {
      if address + rest == end && address > used { used = address }
    }

    /// The next piece to be made ready; nil if there is enough.
    mutating func next() -> (address: Int, count: Int)? {
      // What is in use has its pages already, or gets them from whoever touches it.
      ready = max(ready, used / pageSize * pageSize)
      guard isShort else { return nil }
      defer { ready += pageSize }
      return (ready, min(pageSize, end - ready))
    }
  }

  private let threshold: Int
  private let isExempt: Bool
  private let mapped = Atomic(0)
  private let givenBack = Atomic(0)
  private let isWanted = Atomic(false)
  private let newest = Mutex(Newest())
  private let wake = eventfd(0, Int32(EFD_CLOEXEC))
  private let isCalled = Atomic(false)

  /// Begins to watch the allocator, for as long as the process lives. To be called on the main thread, at most once.
  ///
  /// - Parameters:
  ///   - threshold: bytes of memory from which on huge pages are wanted.
  ///   - isExempt: whether the process is to be without huge pages when it does not want any, whatever the system's policy.
  package static func use(from threshold: Int, isExempt: Bool) {
    let pages = Unmanaged.passRetained(HugePages(threshold: threshold, isExempt: isExempt))
    pages.takeUnretainedValue().startThread()
    _ = martlet_observe_mappings(
      pageSize, { HugePages.at($0)?.noteMapping(of: $2, at: $1) }, { HugePages.at($0)?.noteUse(before: $1, rest: $2) },
      { context, _, count in HugePages.at(context)?.noteReturn(of: count) }, pages.toOpaque())
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> HugePages? {
    context.map { Unmanaged<HugePages>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Exempts the process from the huge pages that the system gives to everybody, or to those that ask.
  package static func disable() { _ = martlet_disable_huge_pages(true) }

  private init(threshold: Int, isExempt: Bool) {
    self.threshold = threshold
    self.isExempt = isExempt
  }

  // MARK: From within the allocator

  // On whatever thread, and nothing may be allocated.

  private func noteMapping(of count: Int, at address: UnsafeMutableRawPointer?) {
    let total = mapped.add(count, ordering: .relaxed).newValue
    givenBack.store(0, ordering: .relaxed)
    guard total > threshold, count >= Self.pageSize, let address else { return }
    if !isWanted.exchange(true, ordering: .relaxed) && isExempt { _ = martlet_disable_huge_pages(false) }
    _ = martlet_advise_huge_pages(address, count)
    let start = Int(bitPattern: address)
    newest.withLock { $0 = Newest(address: start, count: count) }
    callThread()
  }

  private func noteUse(before address: UnsafeMutableRawPointer?, rest: Int) {
    guard isWanted.load(ordering: .relaxed) else { return }
    let isShort = newest.withLock { newest in
      newest.noteUse(before: Int(bitPattern: address), rest: rest)
      return newest.isShort
    }
    if isShort { callThread() }
  }

  private func noteReturn(of count: Int) {
    let total = givenBack.add(count, ordering: .relaxed).newValue
    guard total > mapped.load(ordering: .relaxed) / Self.scatteredShare else { return }
    if isWanted.exchange(false, ordering: .relaxed) && isExempt { _ = martlet_disable_huge_pages(true) }
  }

  // MARK: The thread

  private func callThread() {
    if isCalled.exchange(true, ordering: .acquiringAndReleasing) { return }
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  private func startThread() {
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, nil,
      { context in
        HugePages.at(context)?.makeReady()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    // Without it pages are made ready by whoever needs them.
    guard failed == 0 else { return }
    martlet_thread_name(thread, "huge-pages")
    pthread_detach(thread)
  }

  private func makeReady() {
    // At no lower a priority: while it makes pages ready, nobody can map memory.
    var count: UInt64 = 0
    while read(wake, &count, 8) == 8 || errno == EINTR {
      isCalled.store(false, ordering: .sequentiallyConsistent)
      while let piece = newest.withLock({ $0.next() }) {
        switch martlet_populate(UnsafeMutableRawPointer(bitPattern: piece.address), piece.count) {
        case 0: break
        case EINVAL: return
        default: newest.withLock { $0 = Newest() }
        }
      }
    }
  }
}
