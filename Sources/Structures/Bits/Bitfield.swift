import CMartlet
import Memory

/// An integer of any width inside a bitmap, most significant bit first: what BITFIELD works on.
public struct Bitfield {
  public enum Overflow {
    case wrap, saturate, fail
  }

  public let isSigned: Bool
  /// 1 to 64, or 63 for an unsigned one: its values must fit a reply's integer.
  public let width: Int

  /// Reads a type such as `u8` or `i64`.
  public init?(type: Bytes) {
    guard type.count > 1, type[0] == UInt8(ascii: "i") || type[0] == UInt8(ascii: "u") else { return nil }
    isSigned = type[0] == UInt8(ascii: "i")
    // Redis reads the number as a C string.
    let digits = type[1..<type.count]
    let end = memchr(digits.base, 0, digits.count).map { UnsafeRawPointer($0) - digits.raw } ?? digits.count
    guard let width = parseInteger(digits[0..<end]), width >= 1, width <= (isSigned ? 64 : 63) else { return nil }
    self.width = Int(width)
  }

  // MARK: Reading and writing

  /// The value at bit `offset` of `bytes`; bits past the end are 0.
  public func read(_ bytes: Bytes, at offset: UInt64) -> Int64 {
    let byte = offset >> 3
    guard byte < UInt64(bytes.count) else { return 0 }
    let start = Int(byte)
    let available = bytes.count - start
    if available >= 9 { return extract(bytes.raw + start, Int(offset & 7)) }
    return withUnsafeTemporaryAllocation(byteCount: 9, alignment: 8) { copy in
      memset(copy.baseAddress!, 0, 9)
      memcpy(copy.baseAddress!, bytes.base + start, available)
      return extract(UnsafeRawPointer(copy.baseAddress!), Int(offset & 7))
    }
  }

  /// The value `shift` bits into the 9 bytes at `start`.
  @inline(__always)
  private func extract(_ start: UnsafeRawPointer, _ shift: Int) -> Int64 {
    let head = UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)) << UInt64(shift)
    let tail = UInt64(start.load(fromByteOffset: 8, as: UInt8.self)) >> UInt64(8 - shift)
    let aligned = head | tail
    return isSigned
      ? Int64(bitPattern: aligned) >> Int64(64 - width) : Int64(bitPattern: aligned >> UInt64(64 - width))
  }

  /// Puts the low bits of `value` at bit `offset`, all within `count` bytes.
  public func write(_ value: Int64, to bytes: UnsafeMutablePointer<UInt8>, count: Int, at offset: UInt64) {
    precondition(offset + UInt64(width) <= UInt64(count) * 8, "bit field outside of the bytes")
    var byte = Int(offset >> 3)
    var skipped = Int(offset & 7)
    var left = width
    while left > 0 {
      let taken = min(left, 8 - skipped)
      let shift = 8 - skipped - taken
      let mask = UInt8(truncatingIfNeeded: (1 << taken - 1) << shift)
      let bits = UInt8(truncatingIfNeeded: (value >> Int64(left - taken)) << Int64(shift))
      bytes[byte] = bytes[byte] & ~mask | bits & mask
      left -= taken
      skipped = 0
      byte += 1
    }
  }

  // MARK: Arithmetic

  private var largest: Int64 { isSigned ? Int64.max >> Int64(64 - width) : Int64.max >> Int64(63 - width) }
  private var smallest: Int64 { isSigned ? -largest - 1 : 0 }

  /// The sum of a value that fits and an increment; nil if it does not fit and overflow is a failure.
  public func sum(_ value: Int64, _ increment: Int64, _ overflow: Overflow) -> Int64? {
    let (sum, isTooFar) = value.addingReportingOverflow(increment)
    if !isTooFar && sum >= smallest && sum <= largest { return sum }
    return overflowed(sum, isPositive: increment > 0, overflow)
  }

  /// `value` made to fit; nil if it does not and overflow is a failure.
  public func fitted(_ value: Int64, _ overflow: Overflow) -> Int64? {
    if value >= smallest && value <= largest { return value }
    // Redis takes a negative number for an unsigned field as a huge one.
    return overflowed(value, isPositive: !isSigned || value > 0, overflow)
  }

  private func overflowed(_ value: Int64, isPositive: Bool, _ overflow: Overflow) -> Int64? {
    switch overflow {
    case .fail: return nil
    case .saturate: return isPositive ? largest : smallest
    case .wrap:
      let unused = Int64(64 - width)
      return isSigned ? (value << unused) >> unused : value & largest
    }
  }
}
