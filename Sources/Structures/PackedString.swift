import CMartlet
import Memory

/// A string in an allocation of its own, with as little beside it as can be: one byte of length, or the byte 255 and
/// eight bytes of length.
///
/// The handle copies freely and owns nothing.
struct PackedString {
  let address: UnsafeMutableRawPointer

  private static let isLong: UInt8 = 255
  private static let longHeaderSize = 9

  init(address: UnsafeMutableRawPointer) { self.address = address }

  static func copy(_ bytes: Bytes) -> PackedString {
    let n = bytes.count
    let isShort = n < Int(isLong)
    let headerSize = isShort ? 1 : longHeaderSize
    let address = Allocator.allocate(headerSize + n)
    address.storeBytes(of: isShort ? UInt8(n) : isLong, as: UInt8.self)
    if !isShort { address.storeBytes(of: n, toByteOffset: 1, as: Int.self) }
    memcpy(address + headerSize, bytes.base, n)
    return PackedString(address: address)
  }

  func free() { Allocator.free(address) }

  @inline(__always)
  var bytes: Bytes {
    let length = address.load(as: UInt8.self)
    if length < Self.isLong { return Bytes(address + 1, count: Int(length)) }
    return Bytes(address + Self.longHeaderSize, count: address.loadUnaligned(fromByteOffset: 1, as: Int.self))
  }

  var allocatedBytes: Int { Allocator.usableSize(address) }
}
