import Memory
import Structures
import Testing

private func sum(_ a: String?, _ b: String) -> String {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: LongDouble.maximumCount) { out in
    b.withBytes { b in
      let result =
        a.map { $0.withBytes { LongDouble.add($0, b, to: out.baseAddress!) } }
        ?? LongDouble.add(nil, b, to: out.baseAddress!)
      switch result {
      case .digits(let count): return Bytes(UnsafeRawPointer(out.baseAddress!), count: count).string
      case .firstIsNoNumber: return "first"
      case .secondIsNoNumber: return "second"
      case .notFinite: return "infinite"
      }
    }
  }
}

@Test func sumsAreWrittenAsRedisWritesThem() {
  #expect(sum("10.50", "0.1") == "10.6")
  #expect(sum("5.0e3", "2.0e2") == "5200")
  #expect(sum(nil, "3") == "3")
  #expect(sum("1", "-1") == "0")
  #expect(sum("-0.0", "-0.0") == "0")
  #expect(sum("0x10", "1") == "17")
  #expect(sum("1e17", "1") == "100000000000000001")
  #expect(sum("", "1") == "first")
  #expect(sum("a", "1") == "first")
  #expect(sum(" 1", "1") == "first")
  #expect(sum("1", "1 ") == "second")
  #expect(sum("nan", "1") == "first")
  #expect(sum("inf", "1") == "infinite")
  #expect(sum("1e4932", "1e4932") == "infinite")
  #expect(sum("1\0", "1") == "first")
}

@Test func doublesAreReadAsRedisReadsThem() {
  let numbers: [(String, Double)] = [
    ("1", 1), ("-1.5", -1.5), ("+3", 3), ("1e3", 1000), ("0x1p4", 16), ("inf", .infinity), ("-inf", -.infinity),
    ("+inf", .infinity), ("Infinity", .infinity), (".5", 0.5), ("5.", 5),
  ]
  for (text, value) in numbers { #expect(text.withBytes { parseDouble($0) } == value, "\(text)") }
  for text in ["", " 1", "1 ", "\t1", "nan", "-nan", "abc", "1e999", "1e-9999", "1\0", "\0", "1,5", "--1"] {
    #expect(text.withBytes { parseDouble($0) } == nil, "\(text)")
  }
}
