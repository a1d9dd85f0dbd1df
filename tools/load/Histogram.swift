/// Latencies in nanoseconds, to within three percent.
struct Histogram {
  private var buckets = [Int](repeating: 0, count: 64 * 32)
  private(set) var count = 0
  private(set) var maximum = 0

  mutating func record(_ nanoseconds: Int) {
    let value = max(1, nanoseconds)
    maximum = max(maximum, value)
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount
    let fraction = exponent >= 5 ? (value >> (exponent - 5)) & 31 : value & 31
    buckets[exponent * 32 + fraction] += 1
    count += 1
  }

  /// The value that a share of all lies below.
  func percentile(_ share: Double) -> Double {
    var left = Int((Double(count) * share).rounded(.up))
    for (i, inside) in buckets.enumerated() where inside > 0 {
      left -= inside
      if left <= 0 {
        let exponent = i / 32
        return exponent >= 5 ? Double((32 + i % 32) << (exponent - 5)) : Double(i % 32)
      }
    }
    return Double(maximum)
  }
}
