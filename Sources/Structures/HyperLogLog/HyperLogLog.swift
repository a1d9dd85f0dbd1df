import CMartlet
import Memory

/// A HyperLogLog: 12 kB that estimate how many different elements they were shown, with a standard error of 0.81 %.
///
/// Each element's hash names one of 16,384 registers, and a register remembers the longest run of zeros (and the
/// one after it) that the rest of a hash began with. Such a run of n bits comes once in 2^n elements, so the
/// registers together tell how many there were; that an element was there before changes nothing.
///
/// The value is a string, and its bytes are exactly Redis's, so that they may be read with GET, restored with SET
/// and moved between servers:
///
///     0   "HYLL"
///     4   encoding, 1: 0 dense, 1 sparse
///     5   unused, 3
///     8   the estimate as it was last computed, 8, little endian; bit 63: it is out of date
///     16  registers: `DenseRegisters` or `SparseRegisters`
///
/// A view of somebody's bytes. What clients may write with SET is never trusted: each access is bounded, and
/// registers that do not add up are reported as corrupt.
public struct HyperLogLog {
  public static let headerCount = 16
  public static let registerCount = 1 << 14
  public static let denseCount = headerCount + DenseRegisters.byteCount
  /// What an empty one begins as: sparse, with one run of zeros.
  public static let emptyCount = headerCount + 2
  /// No sparse one is longer, whatever its limit: each register takes two bytes at most.
  public static let maximumSparseCount = headerCount + 2 * registerCount

  public let bytes: Bytes
  public let isSparse: Bool

  /// Nil if the bytes are no HyperLogLog. Sparse registers are checked only as they are read.
  public init?(_ bytes: Bytes) {
    guard bytes.count >= Self.headerCount else { return nil }
    guard UInt32(bigEndian: bytes.raw.loadUnaligned(as: UInt32.self)) == 0x4859_4c4c else { return nil }
    guard bytes.base[4] <= 1 else { return nil }
    isSparse = bytes.base[4] == 1
    guard isSparse || bytes.count == Self.denseCount else { return nil }
    self.bytes = bytes
  }

  /// Writes an empty one without an estimate, which takes `emptyCount` bytes.
  public static func writeEmpty(to start: UnsafeMutablePointer<UInt8>) {
    memset(start, 0, headerCount)
    memcpy(start, "HYLL", 4)
    start[4] = 1
    invalidateEstimate(in: start)
    SparseRegisters.writeEmpty(to: start + headerCount)
  }

  public var registers: Bytes { bytes[Self.headerCount..<bytes.count] }

  // MARK: Estimates

  /// The estimate that was computed last, unless the registers were changed since.
  public var cachedEstimate: UInt64? {
    let stored = UInt64(littleEndian: bytes.raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    return stored >> 63 == 0 ? stored : nil
  }

  public static func setCachedEstimate(_ estimate: UInt64, in start: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(start).storeBytes(of: estimate.littleEndian, toByteOffset: 8, as: UInt64.self)
  }

  public static func invalidateEstimate(in start: UnsafeMutablePointer<UInt8>) { start[15] |= 0x80 }

  /// Computes the estimate; nil if the registers are corrupt.
  public func estimate() -> UInt64? {
    var histogram = RegisterHistogram()
    if isSparse {
      guard SparseRegisters(bytes).count(into: &histogram) else { return nil }
    } else {
      DenseRegisters.count(registers, into: &histogram)
    }
    return histogram.estimate
  }

  /// The estimate from 16,384 registers of a byte each.
  public static func estimate(ofRegisters all: UnsafePointer<UInt8>) -> UInt64 {
    var histogram = RegisterHistogram()
    let all = UnsafeRawPointer(all)
    for at in stride(from: 0, to: registerCount, by: 8) {
      histogram.add8(all.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    return histogram.estimate
  }

  // MARK: Single registers

  public enum Raise {
    case unchanged
    case raised
    /// To be applied; the value's length changes.
    case splice(SparseRegisters.Splice)
    /// The rank cannot be written in sparse form, or the value would get too long.
    case needsDense
    case corrupt
  }

  /// Raises the register of an element, in the `count` bytes of a HyperLogLog, to the element's rank if it is
  /// lower. Sparse registers are not changed: how to do it is the result.
  @inline(__always)
  public static func raise(
    _ start: UnsafeMutablePointer<UInt8>, count: Int, _ element: HyperLogLogElement, sparseLimit: Int
  ) -> Raise {
    if start[4] != 0 {
      return SparseRegisters(Bytes(UnsafeRawPointer(start), count: count)).raise(element, limit: sparseLimit)
    }
    precondition(count == denseCount)
    guard DenseRegisters.raise(start + headerCount, element.register, to: element.rank) else { return .unchanged }
    invalidateEstimate(in: start)
    return .raised
  }

  // MARK: Whole registers

  /// Raises each of 16,384 registers, a byte each, to what it is here. False if the registers are corrupt, some of
  /// them having been raised.
  public func merge(into all: UnsafeMutablePointer<UInt8>) -> Bool {
    if isSparse { return SparseRegisters(bytes).merge(into: all) }
    DenseRegisters.merge(registers, into: all)
    return true
  }

  /// Writes this header and `all` registers, a byte each, as a dense one.
  public func writeDense(_ all: UnsafePointer<UInt8>, to start: UnsafeMutablePointer<UInt8>) {
    memcpy(start, bytes.base, Self.headerCount)
    start[4] = 0
    DenseRegisters.write(all, to: start + Self.headerCount)
  }
}

/// Where an element belongs: which register, and what the register must show at least.
public struct HyperLogLogElement {
  public let register: Int
  /// 1 to 51.
  public let rank: UInt8

  public init(register: Int, rank: UInt8) {
    self.register = register
    self.rank = rank
  }

  public init(_ element: Bytes) {
    let hash = murmurHash64A(element, seed: 0xadc8_3b19)
    register = Int(hash & UInt64(HyperLogLog.registerCount - 1))
    // The bit above the hash's 50 ends the run if nothing did before.
    rank = UInt8(truncatingIfNeeded: (hash >> 14 | 1 << 50).trailingZeroBitCount + 1)
  }
}

/// MurmurHash2 of 64 bits, by A. Appleby, which the format is defined on.
func murmurHash64A(_ bytes: Bytes, seed: UInt64) -> UInt64 {
  let factor: UInt64 = 0xc6a4_a793_5bd1_e995
  var hash = seed ^ UInt64(bytes.count) &* factor
  let start = UnsafeRawPointer(bytes.base)
  var at = 0
  while bytes.count &- at >= 8 {
    var word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* factor
    word ^= word >> 47
    hash = (hash ^ word &* factor) &* factor
    at &+= 8
  }
  if at < bytes.count {
    var tail: UInt64 = 0
    var i = bytes.count
    while i > at {
      i &-= 1
      tail = tail << 8 | UInt64(bytes.base[i])
    }
    hash = (hash ^ tail) &* factor
  }
  hash ^= hash >> 47
  hash = hash &* factor
  return hash ^ hash >> 47
}
