import Memory

/// The integer that `bytes` spell in Redis's strict sense: no plus sign, blanks or leading zeros.
public func parseInteger(_ bytes: Bytes) -> Int64? {
  let count = bytes.count
  guard count > 0 && count <= 20 else { return nil }
  let first = bytes[0]
  if count == 1 { return first &- 48 < 10 ? Int64(first - 48) : nil }
  let isNegative = first == UInt8(ascii: "-")
  var at = isNegative ? 1 : 0
  guard bytes[at] >= 49 && bytes[at] <= 57 else { return nil }
  var value: UInt64 = 0
  while at < count {
    let digit = bytes[at] &- 48
    guard digit < 10 else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
    if overflow || carry { return nil }
    value = sum
    at += 1
  }
  if isNegative { return value <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
  return value <= UInt64(Int64.max) ? Int64(value) : nil
}

/// The number that `text` spells as Redis reads unsigned ones: as `strtoull` does, but a plain negative number is none.
public func parseUnsigned(_ text: Bytes) -> UInt64? {
  var at = 0
  var value: UInt64 = 0
  while at < text.count && text[at] &- 48 < 10 {
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt64(text[at] &- 48))
    if overflow || carry { return nil }
    value = sum
    at += 1
  }
  if at == text.count && at > 0 { return value }
  return at == 0 && parseInteger(text) == nil ? parseLenientUnsigned(text) : nil
}

/// Blanks and a sign before the digits.
private func parseLenientUnsigned(_ text: Bytes) -> UInt64? {
  var at = 0
  while at < text.count && (text[at] == 32 || text[at] &- 9 < 5) { at += 1 }
  guard at < text.count else { return nil }
  let sign = text[at]
  if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { at += 1 }
  guard at < text.count && text[at] &- 48 < 10 else { return nil }
  return parseUnsigned(text[at..<text.count]).map { sign == UInt8(ascii: "-") ? 0 &- $0 : $0 }
}

/// Length of `value` in decimal, its sign included.
public func digitCount(_ value: Int64) -> Int {
  var magnitude = value.magnitude
  var digits = value < 0 ? 2 : 1
  while magnitude >= 10 {
    digits += 1
    magnitude /= 10
  }
  return digits
}

/// Writes `value` in decimal and returns the number of bytes, at most 20.
public func formatInteger(_ value: Int64, to: UnsafeMutablePointer<UInt8>) -> Int {
  let count = digitCount(value)
  var magnitude = value.magnitude
  if value < 0 { to[0] = UInt8(ascii: "-") }
  var at = count
  repeat {
    at -= 1
    to[at] = 48 + UInt8(magnitude % 10)
    magnitude /= 10
  } while magnitude > 0
  return count
}

/// Writes `value` in decimal and returns the number of bytes, at most 20.
@inline(__always)
public func formatUnsigned(_ value: UInt64, to: UnsafeMutablePointer<UInt8>) -> Int {
  var digits = 1
  var rest = value
  while rest >= 10_000 {
    rest /= 10_000
    digits &+= 4
  }
  digits &+= rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0
  rest = value
  var at = digits
  while rest >= 10 {
    // Two at a time: divisions are what takes time here.
    let pair = rest % 100
    rest /= 100
    let tens = (pair &* 205) &>> 11
    at &-= 2
    to[at] = 48 &+ UInt8(truncatingIfNeeded: tens)
    to[at &+ 1] = 48 &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
  }
  if at == 1 { to[0] = 48 &+ UInt8(truncatingIfNeeded: rest) }
  return digits
}
