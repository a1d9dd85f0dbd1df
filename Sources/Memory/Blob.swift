import CMartlet

/// A reference-counted run of bytes outside of any entry: a large string value.
///
/// The count exists for replies. A large value is written to the socket from where it lies, and
/// the socket may take it only after the key was changed or deleted; the reply holds the blob
/// until then. Whoever wants to change a blob that is shared takes a copy first.
///
/// Layout: 8 bytes count of bytes, 4 bytes count of references, 4 bytes unused, the bytes.
/// The executor retains and releases; the lazy-free thread may release what a large collection held, while a reply
/// still holds it. The last one frees.
public struct Blob {
  public let address: UnsafeMutableRawPointer

  public static let headerSize = 16
  /// Redis's `proto-max-bulk-len` default; nothing may grow a string past the configured limit.
  public static let maximumCount = 512 << 20

  public init(address: UnsafeMutableRawPointer) { self.address = address }

  /// A blob of `count` undefined bytes, with one reference.
  public static func allocate(count: Int, capacity: Int? = nil) -> Blob {
    let address = Allocator.allocate(headerSize + max(count, capacity ?? 0))
    address.storeBytes(of: count, as: Int.self)
    address.storeBytes(of: 1, toByteOffset: 8, as: UInt32.self)
    return Blob(address: address)
  }

  /// As ``allocate(count:capacity:)``, with every byte zero. Memory that comes fresh from the system is not
  /// touched, so that a long blob of zeros costs nothing until it is written to.
  public static func allocateZeroed(count: Int, capacity: Int? = nil) -> Blob {
    let address = Allocator.allocateZeroed(headerSize + max(count, capacity ?? 0))
    address.storeBytes(of: count, as: Int.self)
    address.storeBytes(of: 1, toByteOffset: 8, as: UInt32.self)
    return Blob(address: address)
  }

  public static func copy(_ bytes: Bytes) -> Blob {
    let blob = allocate(count: bytes.count)
    memcpy(blob.start, bytes.base, bytes.count)
    return blob
  }

  public var count: Int { address.load(as: Int.self) }
  public var start: UnsafeMutablePointer<UInt8> {
    (address + 16).assumingMemoryBound(to: UInt8.self)
  }
  public var bytes: Bytes { Bytes(UnsafeRawPointer(start), count: count) }
  public var capacity: Int { Allocator.usableSize(address) - Blob.headerSize }
  public var isShared: Bool { address.load(fromByteOffset: 8, as: UInt32.self) > 1 }

  public func retain() { martlet_count_up(address + 8) }

  public func release() {
    if martlet_count_down(address + 8) { Allocator.free(address) }
  }

  /// This blob, or a blob in its place, with exactly `count` bytes that nobody else holds. The
  /// bytes that both lengths cover are kept; new ones are zero. Takes over the caller's reference.
  ///
  /// With `slack`, room for as much again (at most 1 MiB) is set aside, so that a value that grows
  /// by APPEND is not moved every time.
  public func resized(to newCount: Int, slack: Bool) -> Blob {
    let oldCount = count
    if !isShared && newCount <= capacity && (newCount >= oldCount || slack) {
      address.storeBytes(of: newCount, as: Int.self)
      if newCount > oldCount { memset(start + oldCount, 0, newCount - oldCount) }
      return self
    }
    let room = slack ? newCount + min(newCount, 1 << 20) : newCount
    if newCount - oldCount > max(oldCount, 1 << 20) {
      let fresh = Blob.allocateZeroed(count: newCount, capacity: room)
      memcpy(fresh.start, start, oldCount)
      release()
      return fresh
    }
    if isShared {
      let fresh = Blob.allocate(count: newCount, capacity: room)
      memcpy(fresh.start, start, min(oldCount, newCount))
      if newCount > oldCount { memset(fresh.start + oldCount, 0, newCount - oldCount) }
      release()
      return fresh
    }
    let fresh = Blob(address: Allocator.reallocate(address, to: Blob.headerSize + room))
    fresh.address.storeBytes(of: newCount, as: Int.self)
    if newCount > oldCount { memset(fresh.start + oldCount, 0, newCount - oldCount) }
    return fresh
  }
}
