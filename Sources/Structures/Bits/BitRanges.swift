import CMartlet
import Memory

/// Bytes as an array of bits. Bit 0 is the most significant bit of the first byte, as in all of Redis's bitmaps.
extension Bytes {
  /// The bit at `index`; bits past the end are 0.
  @inline(__always)
  public func bit(at index: UInt64) -> Bool {
    let byte = index >> 3
    guard byte < UInt64(count) else { return false }
    return base[Int(byte)] & (0x80 >> UInt8(truncatingIfNeeded: index & 7)) != 0
  }

  /// How many bits of `range`, which must lie inside, are set.
  ///
  /// - Complexity: O(N) with N bytes, at several bytes a cycle.
  public func countOfSetBits(in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= count * 8, "range outside of the bits")
    if range.isEmpty { return 0 }
    let first = range.lowerBound >> 3
    let last = (range.upperBound - 1) >> 3
    let firstMask: UInt8 = 0xff >> UInt8(range.lowerBound & 7)
    let lastMask: UInt8 = 0xff << UInt8(7 - (range.upperBound - 1) & 7)
    if first == last { return (base[first] & firstMask & lastMask).nonzeroBitCount }
    return (base[first] & firstMask).nonzeroBitCount
      + countSetBits(UnsafeRawPointer(base) + (first + 1), count: last - first - 1)
      + (base[last] & lastMask).nonzeroBitCount
  }

  /// The index of the first bit in `range` that is `value`; the range must lie inside.
  ///
  /// - Complexity: O(N) with N bytes, 64 at a step.
  public func firstBit(_ value: Bool, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count * 8, "range outside of the bits")
    if range.isEmpty { return nil }
    // What is looked for becomes a set bit.
    let flip: UInt8 = value ? 0 : 0xff
    let end = (range.upperBound - 1) >> 3 + 1
    var at = range.lowerBound >> 3
    var byte = (base[at] ^ flip) & (0xff >> UInt8(range.lowerBound & 7))
    if byte == 0 {
      at = firstByte(otherThan: flip, from: at + 1, to: end)
      if at == end { return nil }
      byte = base[at] ^ flip
    }
    let found = at * 8 + byte.leadingZeroBitCount
    return found < range.upperBound ? found : nil
  }

  /// The index of the first byte in `from ..< end` that is not `filler`, or `end`.
  private func firstByte(otherThan filler: UInt8, from: Int, to end: Int) -> Int {
    let filler8 = UInt64(filler) &* 0x0101_0101_0101_0101
    let filler32 = SIMD4<UInt64>(repeating: filler8)
    let start = UnsafeRawPointer(base)
    var at = from
    while end &- at >= 64 {
      let a = start.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self) ^ filler32
      let b = start.loadUnaligned(fromByteOffset: at &+ 32, as: SIMD4<UInt64>.self) ^ filler32
      let both = (a | b).evenHalf | (a | b).oddHalf
      if both[0] | both[1] != 0 { break }
      at &+= 64
    }
    while end &- at >= 8 {
      let word = start.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ filler8
      if word != 0 { return at &+ UInt64(littleEndian: word).trailingZeroBitCount >> 3 }
      at &+= 8
    }
    while at < end && base[at] == filler { at &+= 1 }
    return at
  }
}

// MARK: Counting

/// Two words at a time: what every processor that we run on has registers for.
private typealias Lanes = SIMD2<UInt64>

/// Counts the set bits of long runs with a tree of carry-save adders: sixteen vectors are added up, bit by
/// bit, in registers, and only one vector in sixteen, worth 16 for each bit, is really counted. This is the
/// method of R. Harley and D. Seal as W. Muła, N. Kurz and D. Lemire describe it, "Faster Population Counts
/// Using AVX2 Instructions", The Computer Journal 61 (2018).
private func countSetBits(_ start: UnsafeRawPointer, count: Int) -> Int {
  var at = 0
  var total = 0
  if count >= 256 {
    var tree = AdderTree()
    while count &- at >= 256 {
      total &+= 16 &* tree.add(start + at)
      at &+= 256
    }
    total &+= tree.remainder
  }
  while count &- at >= 8 {
    total &+= start.loadUnaligned(fromByteOffset: at, as: UInt64.self).nonzeroBitCount
    at &+= 8
  }
  while at < count {
    total &+= start.load(fromByteOffset: at, as: UInt8.self).nonzeroBitCount
    at &+= 1
  }
  return total
}

private struct AdderTree {
  private var ones = Lanes.zero
  private var twos = Lanes.zero
  private var fours = Lanes.zero
  private var eights = Lanes.zero

  /// Takes in 256 bytes; returns how many sixteens that made.
  @inline(__always)
  mutating func add(_ block: UnsafeRawPointer) -> Int {
    let (eightsA, eightsB) = (add128(block), add128(block + 128))
    let sixteens = Self.carry(&eights, eightsA, eightsB)
    return bits(sixteens)
  }

  /// What was taken in beyond full sixteens.
  var remainder: Int { bits(ones) &+ 2 &* bits(twos) &+ 4 &* bits(fours) &+ 8 &* bits(eights) }

  @inline(__always)
  private mutating func add128(_ block: UnsafeRawPointer) -> Lanes {
    let (foursA, foursB) = (add64(block), add64(block + 64))
    return Self.carry(&fours, foursA, foursB)
  }

  @inline(__always)
  private mutating func add64(_ block: UnsafeRawPointer) -> Lanes {
    let (twosA, twosB) = (add32(block), add32(block + 32))
    return Self.carry(&twos, twosA, twosB)
  }

  @inline(__always)
  private mutating func add32(_ block: UnsafeRawPointer) -> Lanes {
    Self.carry(
      &ones, block.loadUnaligned(as: Lanes.self), block.loadUnaligned(fromByteOffset: 16, as: Lanes.self))
  }

  /// Adds three bits in each place: the sum stays, the carry is returned.
  @inline(__always)
  private static func carry(_ sum: inout Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    let half = sum ^ a
    let carry = (sum & a) | (half & b)
    sum = half ^ b
    return carry
  }

  @inline(__always)
  private func bits(_ lanes: Lanes) -> Int { lanes[0].nonzeroBitCount &+ lanes[1].nonzeroBitCount }
}
