import Foundation
import Memory
import Structures
import Testing

private func written(_ value: Double) -> String {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { text in
    let count = writeDouble(value, to: text.baseAddress!)
    return String(decoding: UnsafeBufferPointer(rebasing: text[0..<count]), as: UTF8.self)
  }
}

private func fixed(_ value: UInt64, _ decimals: Int) -> String {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { text in
    let count = writeFixed(value, decimals: decimals, to: text.baseAddress!)
    return String(decoding: UnsafeBufferPointer(rebasing: text[0..<count]), as: UTF8.self)
  }
}

/// Doubles of all sizes, most of them such as scores are.
private func double(_ random: inout SplitMix) -> Double {
  switch Int.random(in: 0..<8, using: &random) {
  case 0: return Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
  case 1: return Double(Int64.random(in: Int64.min...Int64.max, using: &random))
  case 2: return Double.random(in: -1...1, using: &random)
  case 3: return Double.random(in: -1e6...1e6, using: &random)
  case 4: return Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 100
  case 5: return Double(Int.random(in: -4096...4096, using: &random)) / 64
  case 6: return pow(10, Double(Int.random(in: -8...20, using: &random)))
  // Just below a power of ten, where rounding may bring a digit more.
  default: return pow(10, Double(Int.random(in: -8...20, using: &random))).nextDown
  }
}

@Test func doublesAreWrittenWithSeventeenDigitsAsTheCLibraryDoes() {
  var random = SplitMix(state: 7)
  for _ in 0..<200_000 {
    let value = double(&random)
    if value.isNaN { continue }
    #expect(written(value) == String(format: "%.17g", value), "\(value.bitPattern)")
  }
  #expect(written(.infinity) == "inf")
  #expect(written(-.infinity) == "-inf")
  #expect(written(-0.0) == "-0")
  #expect(written(1e17) == "1e+17")
  #expect(written(99_999_999_999_999_984) == "99999999999999984")
}

@Test func plainNumbersAreReadAsTheCLibraryDoes() {
  var random = SplitMix(state: 8)
  var plain = 0
  for _ in 0..<200_000 {
    let value = double(&random)
    if value.isNaN { continue }
    var text = Int.random(in: 0..<2, using: &random) == 0 ? written(value) : "\(value)"
    // Texts that no double is written as: digits beyond what it holds, zeros, and halves between two.
    if Int.random(in: 0..<4, using: &random) == 0 {
      text = String(Int.random(in: 0...Int.max, using: &random))
      text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &random)))
    }
    guard let read = text.withBytes({ parsePlainDouble($0) }) else { continue }
    plain += 1
    #expect(read.bitPattern == strtod(text, nil).bitPattern, "\(text)")
  }
  #expect(plain > 100_000)
  for text in ["", ".", "-", "1e5", "inf", " 1", "1 ", "0x1", "1..2", "+1", "12345678901234567890"] {
    #expect(text.withBytes { parsePlainDouble($0) } == nil, "\(text)")
  }
  #expect("-0".withBytes { parsePlainDouble($0) }?.sign == .minus)
  // 2^53 + 1 lies between two doubles, and goes to the even one; one decimal more decides otherwise.
  #expect("9007199254740993".withBytes { parsePlainDouble($0) } == 9_007_199_254_740_992)
  #expect("9007199254740993.001".withBytes { parsePlainDouble($0) } == 9_007_199_254_740_994)
}

@Test func decimalsAreWrittenWithTheirZeros() {
  #expect(fixed(0, 4) == "0.0000")
  #expect(fixed(7, 4) == "0.0007")
  #expect(fixed(12345, 4) == "1.2345")
  #expect(fixed(123_450_000, 4) == "12345.0000")
  #expect(fixed(42, 0) == "42")
  #expect(scaled(0.5, byTenToThe: 0) == 0 && scaled(1.5, byTenToThe: 0) == 2)
  #expect(scaled(180, byTenToThe: 17) == 18_000_000_000_000_000_000)
  #expect(scaled(0, byTenToThe: 17) == 0 && scaled(5e-324, byTenToThe: 17) == 0)
}

@Test func boundsAreReadMoreLeniently() {
  func read(_ text: String) -> Double? { text.withBytes { parseLenientDouble($0) } }
  #expect(read("") == 0)
  #expect(read(" 1.5") == 1.5)
  #expect(read("1e400") == .infinity)
  #expect(read("-inf") == -.infinity)
  #expect(read("1 ") == nil)
  #expect(read("nan") == nil)
  #expect(read("x") == nil)
}
