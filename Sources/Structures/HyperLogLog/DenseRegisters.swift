import CMartlet
import Memory

/// 16,384 registers of 6 bits each, the first in the low bits of the first byte.
///
/// Whoever needs all of them takes eight at a time: 6 bytes spread over the 8 bytes of a word.
public enum DenseRegisters {
  public static let byteCount = HyperLogLog.registerCount * 6 / 8

  /// The register at `index` of `byteCount` bytes.
  @inline(__always)
  public static func get(_ bytes: UnsafePointer<UInt8>, _ index: Int) -> UInt8 {
    precondition(index >= 0 && index < HyperLogLog.registerCount)
    let (byte, shift) = place(index)
    // The last register ends with the last byte, so a second byte is looked at only where it is needed.
    let low = UInt16(bytes[byte])
    let high = shift > 2 ? UInt16(bytes[byte &+ 1]) : 0
    return UInt8(truncatingIfNeeded: (low | high &<< 8) &>> shift) & 63
  }

  /// Raises a register to `rank`. False if it was there already.
  @inline(__always)
  public static func raise(_ bytes: UnsafeMutablePointer<UInt8>, _ index: Int, to rank: UInt8) -> Bool {
    if get(bytes, index) >= rank { return false }
    let (byte, shift) = place(index)
    let mask = ~(UInt16(63) &<< shift)
    let bits = UInt16(rank) &<< shift
    bytes[byte] = bytes[byte] & UInt8(truncatingIfNeeded: mask) | UInt8(truncatingIfNeeded: bits)
    if shift > 2 {
      bytes[byte &+ 1] =
        bytes[byte &+ 1] & UInt8(truncatingIfNeeded: mask &>> 8) | UInt8(truncatingIfNeeded: bits &>> 8)
    }
    return true
  }

  /// The byte where a register begins, and at which bit.
  @inline(__always)
  private static func place(_ index: Int) -> (Int, UInt16) {
    let bit = index &* 6
    return (bit &>> 3, UInt16(truncatingIfNeeded: bit & 7))
  }

  static func count(_ bytes: Bytes, into histogram: inout RegisterHistogram) {
    forEachEight(bytes) { histogram.add8($1) }
  }

  /// Raises each of `all` registers, a byte each, to what it is in `bytes`.
  static func merge(_ bytes: Bytes, into all: UnsafeMutablePointer<UInt8>) {
    let all = UnsafeMutableRawPointer(all)
    forEachEight(bytes) { index, ranks in
      let there = unsafeBitCast(ranks.littleEndian, to: SIMD8<UInt8>.self)
      let here = (all + index).loadUnaligned(as: SIMD8<UInt8>.self)
      (all + index).storeBytes(of: pointwiseMax(here, there), as: SIMD8<UInt8>.self)
    }
  }

  /// Writes `all` registers, a byte each, as `byteCount` bytes.
  static func write(_ all: UnsafePointer<UInt8>, to bytes: UnsafeMutablePointer<UInt8>) {
    let all = UnsafeRawPointer(all)
    var at = 0
    for index in stride(from: 0, to: HyperLogLog.registerCount, by: 8) {
      let word = UInt64(littleEndian: all.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      withUnsafeBytes(of: gather(word).littleEndian) { _ = memcpy(bytes + at, $0.baseAddress!, 6) }
      at &+= 6
    }
  }

  /// Gives `body` all registers, eight at a time, with the index of the first; its byte is the lowest.
  @inline(__always)
  private static func forEachEight(_ bytes: Bytes, _ body: (Int, UInt64) -> Void) {
    precondition(bytes.count == byteCount)
    let base = UnsafeRawPointer(bytes.base)
    var index = 0
    var at = 0
    while at < byteCount {
      // Never past the end: the last words are read from earlier, and shifted.
      let start = min(at, byteCount - 8)
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      body(index, spread(word &>> UInt64((at &- start) &* 8)))
      at &+= 6
      index &+= 8
    }
  }

  /// Spreads the low 48 bits over 8 bytes, 6 bits each.
  @inline(__always)
  private static func spread(_ packed: UInt64) -> UInt64 {
    var word = packed & 0x0000_0000_00ff_ffff | (packed & 0x0000_ffff_ff00_0000) &<< 8
    word = word & 0x0000_0fff_0000_0fff | (word & 0x00ff_f000_00ff_f000) &<< 4
    return word & 0x003f_003f_003f_003f | (word & 0x0fc0_0fc0_0fc0_0fc0) &<< 2
  }

  /// The reverse of `spread`.
  @inline(__always)
  private static func gather(_ ranks: UInt64) -> UInt64 {
    var word = ranks & 0x003f_003f_003f_003f | (ranks & 0x3f00_3f00_3f00_3f00) &>> 2
    word = word & 0x0000_0fff_0000_0fff | (word & 0x0fff_0000_0fff_0000) &>> 4
    return word & 0x0000_0000_00ff_ffff | (word & 0x00ff_ffff_0000_0000) &>> 8
  }
}
