import CMartlet

// Doubles as text, the way Redis writes and reads them: 17 significant digits, and correctly rounded in both
// directions. The C library does both with big integers, at several hundred instructions each; scores, coordinates
// and distances nearly always lie where 128 bits are enough to be exact, and take a tenth of that here.
//
// A double is m * 2^e with m < 2^53. To write 17 digits of it, it is multiplied by 10^k = 5^k * 2^k: for all values
// from 1e-4 to 1e17, m * 5^k fits in 128 bits, and what the powers of two shift out decides how to round.
// To read w / 10^k, w is divided by 5^k with 64 bits of quotient, and the remainder decides.

/// Room that ``writeDouble(_:to:)`` may need.
public let doubleTextCapacity = 40

private let maximumExactPower = 27
private let fiveToThe: [UInt64] = [
  1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125,
  6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125,
  95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625,
  298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
]

/// Writes a double as `%.17g` does, infinities as `inf` and `-inf`, and returns the number of bytes.
public func writeDouble(_ value: Double, to: UnsafeMutablePointer<UInt8>) -> Int {
  let magnitude = value.magnitude
  if magnitude < 1e17 {
    let isNegative = value.sign == .minus
    if isNegative { to[0] = UInt8(ascii: "-") }
    let whole = UInt64(magnitude)
    if Double(whole) == magnitude { return writeDigits(whole, to: to + (isNegative ? 1 : 0)) + (isNegative ? 1 : 0) }
    if magnitude >= 1e-4 {
      return writeFraction(magnitude, to: to + (isNegative ? 1 : 0)) + (isNegative ? 1 : 0)
    }
  }
  if value.isInfinite {
    let text: StaticString = value < 0 ? "-inf" : "inf"
    memcpy(to, text.utf8Start, text.utf8CodeUnitCount)
    return text.utf8CodeUnitCount
  }
  return to.withMemoryRebound(to: CChar.self, capacity: doubleTextCapacity) {
    Int(martlet_format_double17($0, doubleTextCapacity, value))
  }
}

/// Writes a number from 1e-4 on, which is no integer, with 17 significant digits and no trailing zeros.
private func writeFraction(_ value: Double, to: UnsafeMutablePointer<UInt8>) -> Int {
  // Decimal exponent of the first digit: floor(log10(value)), which log10(2) * exponent misses by at most one.
  var exponent = (Int(value.exponent) &* 78913) >> 18
  var digits = scaled(value, byTenToThe: 16 &- exponent)
  if digits >= 100_000_000_000_000_000 {
    exponent += 1
    digits = scaled(value, byTenToThe: 16 &- exponent)
  }
  // No integer below 1e17 comes here, so there are decimals, and not all of them are zeros.
  var decimals = 16 &- exponent
  while digits % 10 == 0 {
    digits /= 10
    decimals &-= 1
  }
  return writeFixed(digits, decimals: decimals, to: to)
}

/// Writes `value` / 10^`decimals` with all its decimals.
public func writeFixed(_ value: UInt64, decimals: Int, to: UnsafeMutablePointer<UInt8>) -> Int {
  assert(decimals >= 0 && decimals <= 24)
  guard decimals > 0 else { return writeDigits(value, to: to) }
  var digits = decimalCount(value)
  var at = to
  if digits <= decimals {
    // The zero before the point, and those after it.
    let zeros = decimals &- digits &+ 1
    memset(at, 48, zeros)
    at += zeros
    _ = writeDigits(value, count: digits, to: at)
    digits += zeros
  } else {
    _ = writeDigits(value, count: digits, to: at)
  }
  let whole = digits &- decimals
  memmove(to + (whole &+ 1), to + whole, decimals)
  to[whole] = UInt8(ascii: ".")
  return digits &+ 1
}

/// `value` * 10^`power`, rounded to the nearest integer, ties to even: exactly, for any value below 2^64 / 10^`power`.
public func scaled(_ value: Double, byTenToThe power: Int) -> UInt64 {
  precondition(power >= 0 && power <= maximumExactPower)
  if value == 0 { return 0 }
  let significand = value.significandBitPattern | 1 &<< 52
  // value = significand * 2^shift
  let shift = Int(value.exponent) &- 52 &+ power
  let product = UInt128(significand) &* UInt128(fiveToThe[power])
  if shift >= 0 { return UInt64(truncatingIfNeeded: product &<< UInt128(truncatingIfNeeded: shift)) }
  let dropped = -shift
  if dropped >= 127 { return 0 }
  let quotient = product &>> UInt128(truncatingIfNeeded: dropped)
  let rest = product &- quotient &<< UInt128(truncatingIfNeeded: dropped)
  let half = UInt128(1) &<< UInt128(truncatingIfNeeded: dropped &- 1)
  let low = UInt64(truncatingIfNeeded: quotient)
  return rest > half || (rest == half && low & 1 == 1) ? low &+ 1 : low
}

// MARK: Digits

@inline(__always)
private func decimalCount(_ value: UInt64) -> Int {
  var digits = 1
  var bound: UInt64 = 10
  while value >= bound {
    digits &+= 1
    if digits == 20 { break }
    bound = bound &* 10
  }
  return digits
}

@inline(__always)
private func writeDigits(_ value: UInt64, to: UnsafeMutablePointer<UInt8>) -> Int {
  writeDigits(value, count: decimalCount(value), to: to)
}

@inline(__always)
private func writeDigits(_ value: UInt64, count: Int, to: UnsafeMutablePointer<UInt8>) -> Int {
  var rest = value
  var at = count
  repeat {
    at &-= 1
    to[at] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
    rest /= 10
  } while at > 0
  return count
}

// MARK: Reading

/// The double that `text` spells, correctly rounded, if it is plain: an optional sign, digits, and at most one point
/// among them, with no more than 19 digits. Nil says nothing but that somebody else must look.
public func parsePlainDouble(_ text: Bytes) -> Double? {
  var at = 0
  let isNegative = text.count > 0 && text.base[0] == UInt8(ascii: "-")
  if isNegative { at = 1 }
  var digits: UInt64 = 0
  var decimals = 0
  var hasPoint = false
  let first = at
  // 19 digits and a point.
  guard text.count &- first <= 20 else { return nil }
  while at < text.count {
    let byte = text.base[at]
    let digit = byte &- 48
    if digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      if hasPoint { decimals &+= 1 }
    } else if byte == UInt8(ascii: "."), !hasPoint {
      hasPoint = true
    } else {
      return nil
    }
    at &+= 1
  }
  let digitCount = at &- first &- (hasPoint ? 1 : 0)
  guard digitCount > 0 && digitCount <= 19 else { return nil }
  let magnitude = decimals == 0 ? Double(digits) : quotient(digits, byTenToThe: decimals)
  return isNegative ? -magnitude : magnitude
}

/// `digits` / 10^`power`, correctly rounded.
private func quotient(_ digits: UInt64, byTenToThe power: Int) -> Double {
  if digits == 0 { return 0 }
  // Both are exact as doubles up to 2^53 and 10^15, and a division of doubles rounds once.
  if digits <= 1 &<< 53 && power <= 15 { return Double(digits) / Double(fiveToThe[power] &<< UInt64(power)) }
  let numeratorShift = digits.leadingZeroBitCount
  let divisorShift = fiveToThe[power].leadingZeroBitCount
  let numerator = digits &<< UInt64(numeratorShift)
  // numerator / divisor lies between 1/2 and 2, so 63 binary places fit in a word.
  let (quotient, rest) = (fiveToThe[power] &<< UInt64(divisorShift))
    .dividingFullWidth((numerator &>> 1, numerator &<< 63))
  let unused = quotient.leadingZeroBitCount
  let dropped = UInt64(11 &- unused)
  var significand = quotient &>> dropped
  let tail = quotient & ((1 &<< dropped) &- 1)
  let half: UInt64 = 1 &<< (dropped &- 1)
  if tail > half || (tail == half && (rest != 0 || significand & 1 == 1)) { significand &+= 1 }
  let exponent = divisorShift &- numeratorShift &- 63 &- power &+ Int(dropped)
  return Double(sign: .plus, exponent: exponent, significand: Double(significand))
}
