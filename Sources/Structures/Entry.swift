import CMartlet
import Memory

/// A key with its value in one allocation: what a ``HashTable`` holds. Keys of a database, fields of
/// a large hash and members of a large set are all entries, so that one table serves them all.
///
/// Layout, in bytes:
///
///     0   key length, 4
///     4   access clock, 4: 24 bits that eviction reads and writes, see `AccessClock`
///     8   type, 1 (the keyspace's value types; unused for fields)
///     9   encoding, 1
///     10  flags, 2
///     12  payload length, 4
///     16  [deadline, 16: present if the flag says so; see `ExpiryWheel`]
///         key
///         payload: the value itself if it is small, else 8 bytes that point to it
///
/// A handle copies freely and owns nothing. Whoever changes the size of an entry gets a new
/// handle and must store it in the table slot that held the old one.
public struct Entry {
  public let address: UnsafeMutableRawPointer

  public static let headerSize = 16
  public static let deadlineSize = MemoryLayout<Deadline>.size
  /// Redis's limit for a string, and with it for a key.
  public static let maximumKeyLength = Int(UInt32.max >> 1)

  public struct Flags: OptionSet {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static var none: Flags { Flags(rawValue: 0) }
    /// A deadline lies between header and key.
    public static var hasDeadline: Flags { Flags(rawValue: 1) }
    /// A string that was changed in place; `OBJECT ENCODING` says raw whatever its length.
    public static var raw: Flags { Flags(rawValue: 2) }
    /// The collection has fields with a deadline of their own.
    public static var hasFieldDeadlines: Flags { Flags(rawValue: 4) }
  }

  @inline(__always)
  public init(address: UnsafeMutableRawPointer) { self.address = address }

  /// A new entry with undefined payload bytes.
  public static func allocate(key: Bytes, payloadCount: Int, hasDeadline: Bool) -> Entry {
    precondition(key.count <= maximumKeyLength && payloadCount <= Int(UInt32.max))
    let keyOffset = hasDeadline ? headerSize + deadlineSize : headerSize
    let address = Allocator.allocate(keyOffset + key.count + payloadCount)
    address.storeBytes(of: UInt32(truncatingIfNeeded: key.count), as: UInt32.self)
    address.storeBytes(of: 0, toByteOffset: 4, as: UInt64.self)
    address.storeBytes(of: UInt32(truncatingIfNeeded: payloadCount), toByteOffset: 12, as: UInt32.self)
    let entry = Entry(address: address)
    if hasDeadline {
      entry.flags = .hasDeadline
      entry.deadline.initialize(to: Deadline())
    }
    memcpy(address + keyOffset, key.base, key.count)
    return entry
  }

  /// Frees the entry itself, not what its payload may point to.
  public func free() { Allocator.free(address) }

  @inline(__always)
  public var keyCount: Int { Int(address.load(as: UInt32.self)) }

  @inline(__always)
  public var key: Bytes { Bytes(address + keyOffset, count: keyCount) }

  @inline(__always)
  public var keyOffset: Int { hasDeadline ? 32 : 16 }

  public var accessClock: UInt32 {
    @inline(__always) get { address.load(fromByteOffset: 4, as: UInt32.self) }
    @inline(__always) nonmutating set { address.storeBytes(of: newValue, toByteOffset: 4, as: UInt32.self) }
  }

  public var type: UInt8 {
    @inline(__always) get { address.load(fromByteOffset: 8, as: UInt8.self) }
    nonmutating set { address.storeBytes(of: newValue, toByteOffset: 8, as: UInt8.self) }
  }

  public var encoding: UInt8 {
    @inline(__always) get { address.load(fromByteOffset: 9, as: UInt8.self) }
    nonmutating set { address.storeBytes(of: newValue, toByteOffset: 9, as: UInt8.self) }
  }

  public var flags: Flags {
    @inline(__always) get { Flags(rawValue: address.load(fromByteOffset: 10, as: UInt16.self)) }
    nonmutating set { address.storeBytes(of: newValue.rawValue, toByteOffset: 10, as: UInt16.self) }
  }

  @inline(__always)
  public var hasDeadline: Bool { flags.rawValue & 1 != 0 }

  /// Valid only while ``hasDeadline``.
  public var deadline: UnsafeMutablePointer<Deadline> {
    assert(hasDeadline)
    return (address + Entry.headerSize).assumingMemoryBound(to: Deadline.self)
  }

  /// The entry whose deadline lies at `deadline`.
  public static func holding(_ deadline: UnsafeMutablePointer<Deadline>) -> Entry {
    Entry(address: UnsafeMutableRawPointer(deadline) - headerSize)
  }

  /// The absolute time in Unix milliseconds at which the entry dies, or nil.
  public var expiresAt: Int64? {
    @inline(__always) get { hasDeadline ? deadline.pointee.milliseconds : nil }
  }

  @inline(__always)
  public var payloadCount: Int { Int(address.load(fromByteOffset: 12, as: UInt32.self)) }

  @inline(__always)
  public var payloadStart: UnsafeMutableRawPointer { address + (keyOffset &+ keyCount) }

  @inline(__always)
  public var payload: Bytes { Bytes(payloadStart, count: payloadCount) }

  /// The 8 bytes of payload as an integer; requires a payload of 8 bytes.
  public var integer: Int64 {
    get {
      assert(payloadCount == 8)
      return payloadStart.loadUnaligned(as: Int64.self)
    }
    nonmutating set {
      assert(payloadCount == 8)
      _ = withUnsafeBytes(of: newValue) { memcpy(payloadStart, $0.baseAddress!, 8) }
    }
  }

  /// The 8 bytes of payload as an address; requires a payload of 8 bytes.
  public var pointer: UnsafeMutableRawPointer {
    get {
      assert(payloadCount == 8)
      return payloadStart.loadUnaligned(as: UnsafeMutableRawPointer.self)
    }
    nonmutating set {
      assert(payloadCount == 8)
      _ = withUnsafeBytes(of: newValue) { memcpy(payloadStart, $0.baseAddress!, 8) }
    }
  }

  /// Bytes that the allocator set aside for the entry itself.
  public var allocatedBytes: Int { Allocator.usableSize(address) }

  /// Whether a payload of `count` bytes fits where the present one lies, without wasting more than
  /// the allocator would by a new allocation.
  @inline(__always)
  public func canHold(payloadCount newCount: Int) -> Bool {
    if newCount == payloadCount { return true }
    let before = keyOffset + keyCount
    return Allocator.goodSize(before + newCount) == Allocator.usableSize(address)
  }

  /// This entry, or one in its place, with room for `payloadCount` payload bytes. Header, deadline and key
  /// are kept, of the payload the first `kept` bytes; the others are undefined.
  public func withPayload(count newCount: Int, keeping kept: Int = 0) -> Entry {
    precondition(newCount <= Int(UInt32.max) && kept <= min(newCount, payloadCount))
    var entry = self
    if !canHold(payloadCount: newCount) {
      let before = keyOffset + keyCount
      let fresh = Allocator.allocate(before + newCount)
      memcpy(fresh, address, before + kept)
      Allocator.free(address)
      entry = Entry(address: fresh)
    }
    entry.address.storeBytes(of: UInt32(truncatingIfNeeded: newCount), toByteOffset: 12, as: UInt32.self)
    return entry
  }

  /// This entry under another key. The caller has taken it out of everything that knows it.
  public func withKey(_ key: Bytes) -> Entry {
    let fresh = Entry.allocate(key: key, payloadCount: payloadCount, hasDeadline: hasDeadline)
    fresh.accessClock = accessClock
    fresh.type = type
    fresh.encoding = encoding
    fresh.flags = flags
    if hasDeadline { fresh.deadline.pointee.milliseconds = deadline.pointee.milliseconds }
    memcpy(fresh.payloadStart, payloadStart, payloadCount)
    Allocator.free(address)
    return fresh
  }

  /// This entry moved to where it has room for a deadline, or has none any more. The caller has
  /// taken the deadline out of its wheel.
  public func withDeadlineRoom(_ wanted: Bool) -> Entry {
    guard wanted != hasDeadline else { return self }
    let fresh = Entry.allocate(key: key, payloadCount: payloadCount, hasDeadline: wanted)
    fresh.accessClock = accessClock
    fresh.type = type
    fresh.encoding = encoding
    var newFlags = flags
    if wanted { newFlags.insert(.hasDeadline) } else { newFlags.remove(.hasDeadline) }
    fresh.flags = newFlags
    memcpy(fresh.payloadStart, payloadStart, payloadCount)
    Allocator.free(address)
    return fresh
  }
}
