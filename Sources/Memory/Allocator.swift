import CMartlet

/// The one way to memory for everything that lives with the keyspace or with a connection.
///
/// Running out of memory ends the process, as in Redis: `maxmemory` is the limit to set, and the
/// few places that take a size from a client use ``tryAllocate(_:)``.
public enum Allocator {
  /// A block of at least `byteCount` bytes, aligned for any type, contents undefined.
  public static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    martlet_allocate(byteCount)!
  }

  /// As ``allocate(_:)``, with every byte zero.
  public static func allocateZeroed(_ byteCount: Int) -> UnsafeMutableRawPointer {
    martlet_allocate_zeroed(byteCount)!
  }

  /// As ``allocate(_:)``, but nil when the memory cannot be had.
  public static func tryAllocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    martlet_try_allocate(byteCount)
  }

  /// Grows or shrinks a block; it may move.
  public static func reallocate(_ block: UnsafeMutableRawPointer?, to byteCount: Int) -> UnsafeMutableRawPointer {
    martlet_reallocate(block, byteCount)!
  }

  public static func free(_ block: UnsafeMutableRawPointer) {
    martlet_free(block)
  }

  /// Bytes that the allocator really set aside for `block`.
  public static func usableSize(_ block: UnsafeRawPointer) -> Int {
    martlet_usable_size(block)
  }

  /// The size to which a request of `byteCount` bytes is rounded up.
  public static func goodSize(_ byteCount: Int) -> Int {
    martlet_good_size(byteCount)
  }

  /// Bytes in use by the whole process, over all registered threads. Costs a few loads.
  public static var usedBytes: Int { martlet_used_memory() }

  /// Makes the calling thread count in ``usedBytes``. Call once at the start of each thread.
  public static func registerThread() { martlet_thread_register() }

  public static var name: String { String(cString: martlet_allocator_name()) }
}
