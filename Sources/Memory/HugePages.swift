import CMartlet
import Glibc

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
///
/// Within the allocator only C runs, and counts: Swift's runtime allocates while it holds locks that Swift code wants.
public final class HugePages: Sendable {
  static let pageSize = 2 << 20
  /// The share of the mapped memory that may be given back before no more huge pages are wanted.
  private static let scatteredShare = 8

  /// How far ahead of what is in use pages are made ready.
  static let distance = 2 * pageSize

  /// A mapping, by addresses: what lies before `used` was handed out, what lies before `ready` has its pages.
  struct Mapping {
    private var start = 0
    private var used = 0
    private var ready = 0
    private var end = 0

    /// Takes note of how much of the newest mapping is in use.
    mutating func update(start newStart: Int, used newUsed: Int, end newEnd: Int) {
      if newStart != start { ready = newStart }
      start = newStart
      used = newUsed
      end = newEnd
    }

    /// Nothing more is to be made ready.
    mutating func giveUp() { ready = end }

    /// The next piece to be made ready; nil if there is enough.
    mutating func next() -> (address: Int, count: Int)? {
      // What is in use has its pages already, or gets them from whoever touches it.
      ready = max(ready, used / pageSize * pageSize)
      guard ready < min(end, used + distance) else { return nil }
      defer { ready += pageSize }
      return (ready, min(pageSize, end - ready))
    }
  }

  private let threshold: Int
  private let isExempt: Bool
  private let wake = eventfd(0, Int32(EFD_CLOEXEC))

  /// Begins to watch the allocator, for as long as the process lives. To be called on the main thread, at most once.
  ///
  /// - Parameters:
  ///   - threshold: bytes of memory from which on huge pages are wanted.
  ///   - isExempt: whether the process is to be without huge pages when it does not want any, whatever the system's policy.
  public static func use(from threshold: Int, isExempt: Bool) {
    let pages = HugePages(threshold: threshold, isExempt: isExempt)
    // Without the thread nobody would end the exemption.
    if pages.startThread() { _ = martlet_observe_mappings(pageSize, threshold, pages.wake) }
  }

  /// Exempts the process from the huge pages that the system gives to everybody, or to those that ask.
  public static func disable() { _ = martlet_disable_huge_pages(true) }

  private init(threshold: Int, isExempt: Bool) {
    self.threshold = threshold
    self.isExempt = isExempt
  }

  private func startThread() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let failed = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<HugePages>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    guard failed == 0 else { return false }
    martlet_thread_name(thread, "huge-pages")
    pthread_detach(thread)
    return true
  }

  private func run() {
    // At no lower a priority: while it makes pages ready, nobody can map memory.
    var count: UInt64 = 0
    var newest = Mapping()
    var isWanted = false
    while read(wake, &count, 8) == 8 || errno == EINTR {
      let mappings = martlet_observed_mappings()
      let isScattered = mappings.given_back > mappings.total / Self.scatteredShare
      if isWanted == isScattered {
        isWanted = !isScattered
        if isExempt { _ = martlet_disable_huge_pages(isScattered) }
      }
      newest.update(start: Int(mappings.start), used: Int(mappings.used), end: Int(mappings.end))
      while isWanted, let piece = newest.next() { makeReady(piece, of: &newest) }
    }
  }

  private func makeReady(_ piece: (address: Int, count: Int), of mapping: inout Mapping) {
    if martlet_populate(UnsafeMutableRawPointer(bitPattern: piece.address), piece.count) != 0 { mapping.giveUp() }
  }
}
