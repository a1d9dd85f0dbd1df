import CMartlet
import Memory

/// A decimal fraction as Redis keeps it in strings and hash fields: computed in C's long double,
/// written with at most 17 decimals and no trailing zeros.
public struct FloatText {
  public enum Outcome {
    case done
    /// An operand is not a number.
    case notANumber
    /// The result is infinite or no number at all.
    case notFinite
  }

  // Long double reaches 4,933 digits before the point.
  private static let capacity = 5120
  private var digits: [UInt8] = []

  public init() {}

  /// Becomes `a + b`.
  public mutating func add(_ a: Bytes, _ b: Bytes) -> Outcome { combine(a, b, subtracting: false) }

  /// Becomes `a - b`.
  public mutating func subtract(_ a: Bytes, _ b: Bytes) -> Outcome { combine(a, b, subtracting: true) }

  private mutating func combine(_ a: Bytes, _ b: Bytes, subtracting: Bool) -> Outcome {
    var status: Int32 = 0
    digits = [UInt8](unsafeUninitializedCapacity: Self.capacity) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) {
        martlet_long_double_sum(
          a.base, a.count, b.base, b.count, subtracting, $0.baseAddress, Self.capacity, &status)
      }
    }
    switch status {
    case 0: return .done
    case 1: return .notANumber
    default: return .notFinite
    }
  }

  public func withBytes<R>(_ body: (Bytes) -> R) -> R { digits.withBytes(body) }
}

/// A double in Redis's strict sense: no blanks around it, nothing after it, not nan; `inf`, exponents and
/// hexadecimal as C's strtod reads them.
public func parseDouble(_ bytes: Bytes) -> Double? {
  if let plain = parsePlainDouble(bytes) { return plain }
  var value = 0.0
  return martlet_parse_double(bytes.base, bytes.count, &value) ? value : nil
}

/// A double as C's strtod reads it: blanks may come first, nothing at all is 0, and what is too large is infinite. Still
/// there may be nothing after it, and it may not be nan.
public func parseLenientDouble(_ bytes: Bytes) -> Double? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
    guard let start = text.baseAddress else { return nil }
    memcpy(start, bytes.base, bytes.count)
    start[bytes.count] = 0
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    return end?.pointee == 0 && !value.isNaN ? value : nil
  }
}
