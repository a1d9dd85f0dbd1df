/// Counts of values in classes that grow with the value, eight to a power of two: a percentile is
/// right to 12 %, and recording is a count of leading zeros and an increment. The unit is the user's.
public struct LogarithmicHistogram {
  private static var subBits: Int { 3 }
  private static var classes: Int { 40 << 3 }
  public private(set) var total = 0
  private var counts = InlineArray<320, UInt32>(repeating: 0)

  public init() {}

  @inline(__always)
  private static func classIndex(_ value: UInt64) -> Int {
    if value < 8 { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    let sub = Int(value >> UInt64(exponent - subBits)) & 7
    return min(classes - 1, (exponent - subBits + 1) << subBits | sub)
  }

  /// The largest value of a class.
  private static func upperBound(_ index: Int) -> UInt64 {
    if index < 8 { return UInt64(index) }
    let exponent = (index >> subBits) + subBits - 1
    let sub = UInt64(index & 7)
    return ((8 + sub + 1) << UInt64(exponent - subBits)) - 1
  }

  @inline(__always)
  public mutating func record(_ value: UInt64) {
    counts[Self.classIndex(value)] &+= 1
    total &+= 1
  }

  /// The value under which `percent` of all records lie.
  public func percentile(_ percent: Double) -> UInt64 {
    let wanted = Double(total) * percent / 100
    var sum = 0
    for index in 0..<Self.classes where counts[index] > 0 {
      sum += Int(counts[index])
      if Double(sum) >= wanted { return Self.upperBound(index) }
    }
    return 0
  }

  /// Records at or below `value`.
  public func cumulative(upTo value: UInt64) -> Int {
    var sum = 0
    for index in 0..<Self.classes where Self.upperBound(index) <= value { sum += Int(counts[index]) }
    return sum
  }
}
