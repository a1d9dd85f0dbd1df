import CMartlet
import Synchronization

/// Has a large keyspace lie in huge pages.
///
/// Keys are looked up at random, so each of them costs misses of the translation buffer, which knows some megabytes in
/// pages of 4 kB and gigabytes in pages of 2 MB. Redis must ask its users to forbid huge pages, because each write after a
/// fork would copy one; here nothing forks.
///
/// They cost memory where a page is not filled. So a small process has none, even where the system would give it some,
/// and from a size on the memory that the allocator takes from the system is asked for in huge pages. It fills that from one end.
/// When much of it was given back, what is left lies scattered, and the kernel, which gathers pages in the background,
/// would fill the gaps again: then the process is exempt from huge pages until it grows beyond what it ever had. (Those
/// that are whole stay.) The kernel's side: `admin-guide/mm/transhuge` in its documentation.
package final class HugePages: Sendable {
  private static let pageSize = 2 << 20
  /// The share of the mapped memory that may be given back before no more huge pages are wanted.
  private static let scatteredShare = 8

  private let threshold: Int
  private let isExempt: Bool
  private let mapped = Atomic(0)
  private let givenBack = Atomic(0)
  private let isWanted = Atomic(false)

  /// Begins to watch the allocator, for as long as the process lives. To be called on the main thread, at most once.
  ///
  /// - Parameters:
  ///   - threshold: bytes of memory from which on huge pages are wanted.
  ///   - isExempt: whether the process is to be without huge pages when it does not want any, whatever the system's policy.
  package static func use(from threshold: Int, isExempt: Bool) {
    let context = Unmanaged.passRetained(HugePages(threshold: threshold, isExempt: isExempt)).toOpaque()
    _ = martlet_observe_mappings(
      pageSize,
      { context, address, count in
        guard let context, let address else { return }
        Unmanaged<HugePages>.fromOpaque(context).takeUnretainedValue().noteMapping(of: count, at: address)
      },
      { context, _, count in
        guard let context else { return }
        Unmanaged<HugePages>.fromOpaque(context).takeUnretainedValue().noteReturn(of: count)
      }, context)
  }

  /// Exempts the process from the huge pages that the system gives to everybody, or to those that ask.
  package static func disable() { _ = martlet_disable_huge_pages(true) }

  private init(threshold: Int, isExempt: Bool) {
    self.threshold = threshold
    self.isExempt = isExempt
  }

  // Both are called from within the allocator, on whatever thread: they must not allocate.

  private func noteMapping(of count: Int, at address: UnsafeMutableRawPointer) {
    let total = mapped.add(count, ordering: .relaxed).newValue
    givenBack.store(0, ordering: .relaxed)
    guard total > threshold else { return }
    if !isWanted.exchange(true, ordering: .relaxed) && isExempt { _ = martlet_disable_huge_pages(false) }
    if count >= Self.pageSize { _ = martlet_advise_huge_pages(address, count) }
  }

  private func noteReturn(of count: Int) {
    let total = givenBack.add(count, ordering: .relaxed).newValue
    guard total > mapped.load(ordering: .relaxed) / Self.scatteredShare else { return }
    if isWanted.exchange(false, ordering: .relaxed) && isExempt { _ = martlet_disable_huge_pages(true) }
  }
}
