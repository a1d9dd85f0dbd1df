import CMartlet
import Memory
import Structures

/// Elements of RDB on their way to a file.
///
/// Whoever writes here is the executor, which has no time to compress. So long strings lie here as they are, with a mark
/// where each begins; very large ones are not even copied, but held by reference. What the file gets is made of it by
/// ``pack(compressing:_:)``, on another thread.
public struct RDBWriter: ~Copyable {
  private struct Mark {
    /// Where the string lies, or would lie.
    var offset: Int
    var count: Int
    /// Set if its bytes are these, not the writer's.
    var blob: Blob?
  }

  /// Strings in blobs from this size on are held by reference.
  private static let referenceThreshold = 16 << 10

  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Bytes that lie here.
  public private(set) var count = 0
  private var marks: [Mark] = []
  /// Bytes of the blobs that are held.
  private var heldBytes = 0

  public init(capacity: Int) {
    self.capacity = capacity
    base = Allocator.allocate(capacity).assumingMemoryBound(to: UInt8.self)
  }

  deinit {
    assert(heldBytes == 0, "blobs are given back by the executor, before")
    Allocator.free(base)
  }

  /// Bytes that the writer stands for, before compression.
  public var size: Int { count + heldBytes }

  public var isEmpty: Bool { count == 0 && marks.isEmpty }

  /// What was written, of a writer that got nothing but bytes and numbers.
  public var plainBytes: Bytes {
    precondition(marks.isEmpty, "strings are packed first")
    return Bytes(base, count: count)
  }

  @inline(__always)
  public mutating func reserve(_ needed: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity &- count < needed { grow(by: needed) }
    return base + count
  }

  @inline(never)
  private mutating func grow(by needed: Int) {
    capacity = Allocator.goodSize(max(capacity * 2, count + needed))
    base = Allocator.reallocate(base, to: capacity).assumingMemoryBound(to: UInt8.self)
  }

  /// Empties the writer. Blobs must have been given back.
  public mutating func reset() {
    assert(heldBytes == 0)
    count = 0
    marks.removeAll(keepingCapacity: true)
  }

  /// Gives back what was held by reference. Only the executor counts references.
  public mutating func releaseBlobs() {
    guard heldBytes > 0 else { return }
    for mark in marks { mark.blob?.release() }
    marks.removeAll(keepingCapacity: true)
    heldBytes = 0
  }

  // MARK: Elements

  @inline(__always)
  public mutating func byte(_ value: UInt8) {
    reserve(1).pointee = value
    count &+= 1
  }

  public mutating func type(_ type: RDB.ValueType) { byte(type.rawValue) }
  public mutating func opcode(_ opcode: RDB.Opcode) { byte(opcode.rawValue) }

  @inline(__always)
  public mutating func raw(_ bytes: Bytes) {
    memcpy(reserve(bytes.count), bytes.base, bytes.count)
    count &+= bytes.count
  }

  @inline(__always)
  public mutating func integer<T: FixedWidthInteger>(_ value: T) {
    let target = UnsafeMutableRawPointer(reserve(MemoryLayout<T>.size))
    target.storeBytes(of: value.littleEndian, as: T.self)
    count &+= MemoryLayout<T>.size
  }

  public mutating func double(_ value: Double) { integer(value.bitPattern) }

  @inline(__always)
  public mutating func length(_ value: Int) { length(UInt64(bitPattern: Int64(value))) }

  @inline(__always)
  public mutating func length(_ value: UInt64) {
    let target = reserve(9)
    count &+= RDBLength.write(value, to: target)
  }

  /// A string; short ones that spell an integer are written as one.
  @inline(__always)
  public mutating func string(_ bytes: Bytes) {
    if bytes.count > RDB.maximumUncompressed { return longString(bytes) }
    if bytes.count <= RDB.maximumIntegerText, let value = parseInteger(bytes),
      value == Int64(Int32(truncatingIfNeeded: value))
    {
      return string(value)
    }
    let target = reserve(bytes.count &+ 1)
    target.pointee = UInt8(truncatingIfNeeded: bytes.count)
    memcpy(target + 1, bytes.base, bytes.count)
    count &+= bytes.count &+ 1
  }

  private mutating func longString(_ bytes: Bytes) {
    marks.append(Mark(offset: count, count: bytes.count, blob: nil))
    raw(bytes)
  }

  public mutating func string(_ value: Int64) {
    let target = reserve(32)
    if let small = Int8(exactly: value) {
      target[0] = 0xc0 | RDB.StringEncoding.int8
      target[1] = UInt8(bitPattern: small)
      count += 2
    } else if let small = Int16(exactly: value) {
      target[0] = 0xc0 | RDB.StringEncoding.int16
      UnsafeMutableRawPointer(target).storeBytes(of: small.littleEndian, toByteOffset: 1, as: Int16.self)
      count += 3
    } else if let small = Int32(exactly: value) {
      target[0] = 0xc0 | RDB.StringEncoding.int32
      UnsafeMutableRawPointer(target).storeBytes(of: small.littleEndian, toByteOffset: 1, as: Int32.self)
      count += 5
    } else {
      let digits = formatInteger(value, to: target + 1)
      target[0] = UInt8(digits)
      count += 1 + digits
    }
  }

  /// A string in a blob, which is kept until ``releaseBlobs()``.
  public mutating func string(_ blob: Blob) {
    guard blob.count >= Self.referenceThreshold else { return string(blob.bytes) }
    blob.retain()
    marks.append(Mark(offset: count, count: blob.count, blob: blob))
    heldBytes += blob.count
  }

  /// A string that is LZF already.
  public mutating func compressedString(_ bytes: Bytes, originalCount: Int) {
    byte(0xc0 | RDB.StringEncoding.compressed)
    length(bytes.count)
    length(originalCount)
    raw(bytes)
  }

  @inline(__always)
  public mutating func string(_ value: Listpack.Value) {
    switch value {
    case .integer(let number): string(number)
    case .bytes(let bytes): string(bytes)
    }
  }

  public mutating func string(_ text: StaticString) { string(Bytes(text)) }

  public mutating func string(_ text: String) { text.withBytes { string($0) } }

  // MARK: Packing

  /// Hands the bytes for the file to `output`, in order, in parts that are valid for the call.
  public borrowing func pack<E>(compressing: Bool, _ output: (Bytes) throws(E) -> Void) throws(E) {
    var at = 0
    var scratch = ByteBuffer()
    for mark in marks {
      if mark.offset > at { try output(Bytes(base + at, count: mark.offset - at)) }
      at = mark.offset
      if mark.blob == nil { at += mark.count }
      let string = mark.blob?.bytes ?? Bytes(base + mark.offset, count: mark.count)
      try Self.pack(string, compressing: compressing, &scratch, output)
    }
    if at < count { try output(Bytes(base + at, count: count - at)) }
  }

  private static func pack<E>(
    _ string: Bytes, compressing: Bool, _ scratch: inout ByteBuffer, _ output: (Bytes) throws(E) -> Void
  ) throws(E) {
    // Less than four bytes saved would not even pay for the second length.
    let room = string.count - 4
    if compressing && room > 0 && string.count <= UInt32.max, let target = scratch.tryReserve(20 + room) {
      let packed = Int(martlet_lzf_compress(string.base, UInt32(string.count), target + 20, UInt32(room)))
      if packed > 0 {
        target[0] = 0xc0 | RDB.StringEncoding.compressed
        var head = 1
        head += RDBLength.write(UInt64(packed), to: target + head)
        head += RDBLength.write(UInt64(string.count), to: target + head)
        // The head is moved next to what follows it.
        memmove(target + 20 - head, target, head)
        return try output(Bytes(target + 20 - head, count: head + packed))
      }
    }
    let target = scratch.reserve(64)
    try output(Bytes(target, count: RDBLength.write(UInt64(string.count), to: target)))
    try output(string)
  }
}

enum RDBLength {
  /// Writes a length in as few bytes as it takes, at most nine, and returns their number.
  @inline(__always)
  static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if value < 1 << 6 {
      target[0] = UInt8(truncatingIfNeeded: value)
      return 1
    }
    if value < 1 << 14 {
      target[0] = 0x40 | UInt8(truncatingIfNeeded: value &>> 8)
      target[1] = UInt8(truncatingIfNeeded: value)
      return 2
    }
    let raw = UnsafeMutableRawPointer(target)
    if value <= UInt64(UInt32.max) {
      target[0] = 0x80
      raw.storeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian, toByteOffset: 1, as: UInt32.self)
      return 5
    }
    target[0] = 0x81
    raw.storeBytes(of: value.bigEndian, toByteOffset: 1, as: UInt64.self)
    return 9
  }
}
