import CMartlet
import Glibc

/// A thin wrapper over epoll. What an event belongs to is said by a 64-bit token.
struct Poller: ~Copyable {
  static let readable = UInt32(EPOLLIN.rawValue)
  static let writable = UInt32(EPOLLOUT.rawValue)
  /// Said once when something came, not for as long as something is there: the kernel has half the work. Whoever leaves
  /// something unread has to remember it, and that the other side will send no more, which is said with the last that came.
  static let readableOnce = UInt32(EPOLLIN.rawValue) | UInt32(EPOLLRDHUP.rawValue) | EPOLLET.rawValue
  /// The other side is gone or will send no more, or the socket is in error.
  static let ended = UInt32(EPOLLERR.rawValue) | UInt32(EPOLLHUP.rawValue) | UInt32(EPOLLRDHUP.rawValue)

  /// Belongs to nothing.
  static let noToken: UInt64 = 0

  private static let capacity = 1024
  private let fileDescriptor: Int32
  private let events: UnsafeMutablePointer<epoll_event>

  init() {
    fileDescriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(fileDescriptor >= 0, "no epoll instance to be had")
    events = .allocate(capacity: Self.capacity)
    events.initialize(repeating: epoll_event(), count: Self.capacity)
  }

  deinit {
    events.deallocate()
    Glibc.close(fileDescriptor)
  }

  /// Returns false if the kernel refuses the descriptor.
  func add(_ watched: Int32, events mask: UInt32, token: UInt64) -> Bool {
    control(EPOLL_CTL_ADD, watched, mask, token)
  }

  func modify(_ watched: Int32, events mask: UInt32, token: UInt64) {
    _ = control(EPOLL_CTL_MOD, watched, mask, token)
  }

  func remove(_ watched: Int32) {
    _ = control(EPOLL_CTL_DEL, watched, 0, 0)
  }

  private func control(_ operation: Int32, _ watched: Int32, _ mask: UInt32, _ token: UInt64) -> Bool {
    var event = epoll_event()
    event.events = mask
    event.data.u64 = token
    return epoll_ctl(fileDescriptor, operation, watched, &event) == 0
  }

  /// Waits for events, at most `timeoutMilliseconds` (-1: for ever), and returns how many there are.
  func wait(timeoutMilliseconds: Int32) -> Int {
    max(0, Int(epoll_wait(fileDescriptor, events, Int32(Self.capacity), timeoutMilliseconds)))
  }

  /// The event at `index` of those that `wait` counted.
  func event(_ index: Int) -> (mask: UInt32, token: UInt64) {
    precondition(index >= 0 && index < Self.capacity)
    return (events[index].events, events[index].data.u64)
  }

  /// The first `count` events, to be put back once another ``wait(timeoutMilliseconds:)`` has taken their place.
  func copyEvents(_ count: Int) -> [epoll_event] { Array(UnsafeBufferPointer(start: events, count: count)) }

  func restoreEvents(_ kept: [epoll_event]) {
    precondition(kept.count <= Self.capacity)
    for (i, event) in kept.enumerated() { events[i] = event }
  }
}
