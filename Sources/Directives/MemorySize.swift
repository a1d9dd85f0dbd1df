/// Sizes in bytes, as configuration files write them: `1k` is 1000 bytes, `1kb` is 1024.
public enum MemorySize {
  /// The number of bytes, or nil for anything but digits with an optional unit. No digits at all count as zero, as
  /// they do in Redis. A size that does not fit is `UInt64.max`, which is out of every directive's range.
  public static func parse(_ text: String) -> UInt64? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let unit = bytes(ofUnit: text.dropFirst(digits.count).lowercased()) else { return nil }
    if digits.isEmpty { return 0 }
    guard let number = UInt64(String(Substring(digits))) else { return .max }
    let (size, overflows) = number.multipliedReportingOverflow(by: unit)
    return overflows ? .max : size
  }

  /// The shortest text with a whole number of the largest unit: `1gb`, `64mb`, `1000`.
  public static func format(_ bytes: Int) -> String {
    for (unit, name) in [(1 << 30, "gb"), (1 << 20, "mb"), (1 << 10, "kb")] where bytes != 0 && bytes % unit == 0 {
      return "\(bytes / unit)\(name)"
    }
    return String(bytes)
  }

  private static func bytes(ofUnit unit: String) -> UInt64? {
    switch unit {
    case "", "b", "bytes": 1
    case "k": 1_000
    case "kb": 1 << 10
    case "m": 1_000_000
    case "mb": 1 << 20
    case "g": 1_000_000_000
    case "gb": 1 << 30
    default: nil
    }
  }
}
