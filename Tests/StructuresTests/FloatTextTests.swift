import Memory
import Structures
import Testing

private func sum(_ a: String, _ b: String) -> String {
  var text = FloatText()
  switch a.withBytes({ a in b.withBytes { text.add(a, $0) } }) {
  case .done: return text.withBytes { $0.string }
  case .notANumber: return "not a number"
  case .notFinite: return "infinite"
  }
}

@Test func sumsAreWrittenAsRedisWritesThem() {
  #expect(sum("10.50", "0.1") == "10.6")
  #expect(sum("5.0e3", "2.0e2") == "5200")
  #expect(sum("0", "3") == "3")
  #expect(sum("1", "-1") == "0")
  #expect(sum("-0.0", "-0.0") == "0")
  #expect(sum("0x10", "1") == "17")
  #expect(sum("1e17", "1") == "100000000000000001")
  #expect(sum("", "1") == "not a number")
  #expect(sum("a", "1") == "not a number")
  #expect(sum(" 1", "1") == "not a number")
  #expect(sum("1", "1 ") == "not a number")
  #expect(sum("nan", "1") == "not a number")
  #expect(sum("inf", "1") == "infinite")
  #expect(sum("1e4932", "1e4932") == "infinite")
  #expect(sum("1\0", "1") == "not a number")
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
