/// Counts of latencies in classes that grow with the value, eight to a power of two: a percentile is
/// right to 12 %, and recording is a count of leading zeros and an increment.
package struct LogarithmicHistogram {
  private static let subBits = 3
  private static let classes = 40 << subBits
  package private(set) var total = 0
  private var counts = [UInt32](repeating: 0, count: classes)

  package init() {}

  private static func classIndex(_ nanoseconds: UInt64) -> Int {
    if nanoseconds < 8 { return Int(nanoseconds) }
    let exponent = 63 - nanoseconds.leadingZeroBitCount
    let sub = Int(nanoseconds >> UInt64(exponent - subBits)) & 7
    return min(classes - 1, (exponent - subBits + 1) << subBits | sub)
  }

  /// The largest value of a class.
  private static func upperBound(_ index: Int) -> UInt64 {
    if index < 8 { return UInt64(index) }
    let exponent = index >> subBits + subBits - 1
    let sub = UInt64(index & 7)
    return ((8 + sub + 1) << UInt64(exponent - subBits)) - 1
  }

  package mutating func record(nanoseconds: UInt64) {
    counts[Self.classIndex(nanoseconds)] &+= 1
    total += 1
  }

  /// The value under which `percent` of all records lie, in nanoseconds.
  package func percentile(_ percent: Double) -> UInt64 {
    let wanted = Double(total) * percent / 100
    var sum = 0
    for (index, count) in counts.enumerated() where count > 0 {
      sum += Int(count)
      if Double(sum) >= wanted { return Self.upperBound(index) }
    }
    return 0
  }

  /// Records at or below `nanoseconds`.
  package func cumulative(upTo nanoseconds: UInt64) -> Int {
    var sum = 0
    for (index, count) in counts.enumerated() where count > 0 && Self.upperBound(index) <= nanoseconds {
      sum += Int(count)
    }
    return sum
  }
}
