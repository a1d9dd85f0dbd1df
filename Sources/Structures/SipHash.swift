import CMartlet
import Memory

/// The key of a ``sipHash13(_:key:)``: 128 random bits.
public struct SipKey: Sendable {
  public let k0: UInt64
  public let k1: UInt64

  public init(k0: UInt64, k1: UInt64) {
    self.k0 = k0
    self.k1 = k1
  }
}

/// SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed
/// hash whose collisions cannot be found without the key, at some 15 ns for a short key.
@inline(__always)
public func sipHash13(_ bytes: Bytes, key: SipKey) -> UInt64 {
  var v0 = key.k0 ^ 0x736f_6d65_7073_6575
  var v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
  var v2 = key.k0 ^ 0x6c79_6765_6e65_7261
  var v3 = key.k1 ^ 0x7465_6462_7974_6573

  @inline(__always) func round() {
    v0 = v0 &+ v1
    v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
    v0 = v0 &<< 32 | v0 &>> 32
    v2 = v2 &+ v3
    v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
    v0 = v0 &+ v3
    v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
    v2 = v2 &+ v1
    v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
    v2 = v2 &<< 32 | v2 &>> 32
  }

  let start = bytes.raw
  let whole = bytes.count & ~7
  var at = 0
  while at < whole {
    let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    v3 ^= word
    round()
    v0 ^= word
    at &+= 8
  }
  var last = UInt64(truncatingIfNeeded: bytes.count) &<< 56
  var shift: UInt64 = 0
  while at < bytes.count {
    last |= UInt64(start.load(fromByteOffset: at, as: UInt8.self)) &<< shift
    shift &+= 8
    at &+= 1
  }
  v3 ^= last
  round()
  v0 ^= last
  v2 ^= 0xff
  round()
  round()
  round()
  return v0 ^ v1 ^ v2 ^ v3
}
