import Memory
import Structures
import Testing

private func matches(_ pattern: String, _ text: String, ignoringCase: Bool = false) -> Bool? {
  pattern.withBytes { pattern in
    guard let expression = try? RegularExpression(pattern, ignoringCase: ignoringCase) else { return nil }
    let found = text.withBytes { expression.matches($0) }
    // What was remembered must not change the answer.
    let again = text.withBytes { expression.matches($0) }
    return found == again ? found : nil
  }
}

private func mistake(_ pattern: String) -> String? {
  pattern.withBytes { pattern in
    do throws(RegularExpression.Mistake) {
      _ = try RegularExpression(pattern)
      return nil
    } catch { return error.message }
  }
}

@Test(arguments: [
  ("foo|bar", ["foo", "xbar"], ["fo", "ba"]),
  ("^(foo|bar)$", ["foo", "bar"], ["foobar", "xfoo", ""]),
  ("^.*[0-9]{3}$", ["foo123", "777"], ["12", "123x"]),
  ("a{2,3}b", ["aab", "aaaab"], ["ab", "aa"]),
  ("^a{,2}$", ["", "a", "aa"], ["aaa"]),
  ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
  ("^(ab)*$", ["", "abab"], ["aba"]),
  ("^(a*)*b$", ["b", "aaab"], ["c"]),
  ("(a|)b", ["b", "ab"], ["a"]),
  ("x()y", ["xy"], ["x"]),
  ("^[^a-c]+$", ["xyz"], ["xaz"]),
  ("[]x]", ["]", "x"], ["y"]),
  ("[a-]", ["-", "a"], ["b"]),
  ("^[[:alpha:]_][[:alnum:]_]*$", ["_a1", "b"], ["1a"]),
  ("\\bcat\\b", ["a cat.", "cat"], ["concat", "cats"]),
  ("\\Bcat", ["concat"], ["cat"]),
  ("\\<a.\\>", ["x ab y"], ["xab"]),
  ("^\\d+\\s\\w+$", ["12 ab_3"], ["12  a", "x a"]),
  ("\\x41\\x{42}", ["AB"], ["ab"]),
  ("\\Qa.b*\\E+", ["a.b**"], ["axb"]),
  ("a.c", ["a\nc", "abc"], ["ac"]),
  ("a+?b", ["aab"], ["b"]),
  ("(?:ab)+c", ["ababc"], ["ac"]),
  ("$", ["", "x"], []),
  ("a|^", ["b"], []),
  ("a)", ["a)"], ["a"]),
  ("^$", [""], ["a"]),
  ("a^b", [], ["a^b", "ab"]),
])
func expressionMatches(_ pattern: String, _ yes: [String], _ no: [String]) {
  for text in yes { #expect(matches(pattern, text) == true, "\(pattern) in '\(text)'") }
  for text in no { #expect(matches(pattern, text) == false, "\(pattern) in '\(text)'") }
}

@Test func caseIsIgnoredInLettersSetsAndRanges() {
  for (pattern, text) in [("foo|Bar", "bAR"), ("^[a-c]+$", "ABc"), ("\\x41", "a"), ("[^a]", "b")] {
    #expect(matches(pattern, text, ignoringCase: true) == true, "\(pattern)")
  }
  #expect(matches("[^a]", "A", ignoringCase: true) == false)
}

@Test(arguments: [
  ("(", "Missing ')'"), ("(a", "Missing ')'"), ("[a", "Missing ']'"), ("[", "Missing ']'"), ("[]", "Missing ']'"),
  ("a{1", "Missing '}'"), ("a{x}", "Invalid contents of {}"), ("a{2,1}", "Invalid contents of {}"),
  ("a{256}", "Invalid contents of {}"), ("a{99999999999999999999}", "Invalid contents of {}"),
  ("*a", "Invalid use of repetition operators"), ("a|*", "Invalid use of repetition operators"),
  ("a\\", "Trailing backslash"), ("[b-a]", "Invalid character range"), ("[[:foo:]]", "Unknown character class name"),
  ("[[.a.]]", "Unknown collating element"), ("\\x{1", "Missing '}'"), ("\\x{100}", "Invalid regexp"),
  ("(?x)", "Invalid regexp"), ("(a)\\1", "backreferences are not supported"),
  ("((a{255}){255}){255}", "Out of memory"), ("(((((){255}){255}){255}){255}){255}", "Out of memory"),
])
func whatIsNoExpressionIsRefused(_ pattern: String, _ message: String) {
  #expect(mistake(pattern) == message, "\(pattern)")
}

@Test func patternsBeyondAllMeasureAreRefused() {
  #expect(mistake(String(repeating: "(", count: 2000)) == "Out of memory")
  #expect(mistake(String(repeating: "a", count: 5000)) == "Out of memory")
  #expect(matches(String(repeating: "a", count: 2048), String(repeating: "a", count: 2048)) == true)
  #expect(matches("a" + String(repeating: "*", count: 1500), "b") == true)
}

/// Where others try exponentially many ways, and where states are more than are kept.
@Test func hostilePatternsTakeLinearTime() {
  let text = String(repeating: "a", count: 20_000)
  #expect(matches("^(a+)+$", text + "b") == false)
  #expect(matches("^(a|aa)+$", text + "b") == false)
  #expect(matches("(.*)(.*)(.*)(.*)(.*)[b]", text) == false)
  var random = SplitMix(state: 5)
  let mixed = String((0..<20_000).map { _ in "ab".randomElement(using: &random)! })
  #expect(matches("a[ab]{15}c", mixed) == false)
  #expect(matches("a[ab]{15}c", mixed + "a" + String(repeating: "b", count: 15) + "c") == true)
}

/// Random patterns against a matcher that tries everything.
@Test func expressionAgreesWithATrialOfAllWays() {
  var random = SplitMix(state: 11)
  indirect enum Pattern {
    case letter(Character)
    case any, begin, end
    case sequence([Pattern])
    case choice([Pattern])
    case repetition(Pattern, Int, Int)

    var text: String {
      switch self {
      case .letter(let letter): String(letter)
      case .any: "."
      case .begin: "^"
      case .end: "$"
      case .sequence(let parts): parts.map(\.text).joined()
      case .choice(let parts): "(" + parts.map(\.text).joined(separator: "|") + ")"
      case .repetition(let inner, let least, let most): "(\(inner.text)){\(least),\(most)}"
      }
    }

    /// All places where a match that begins at `at` may end.
    func ends(_ text: [Character], _ at: Int) -> Set<Int> {
      switch self {
      case .letter(let letter): return at < text.count && text[at] == letter ? [at + 1] : []
      case .any: return at < text.count ? [at + 1] : []
      case .begin: return at == 0 ? [at] : []
      case .end: return at == text.count ? [at] : []
      case .sequence(let parts): return parts.reduce([at]) { ends, part in Set(ends.flatMap { part.ends(text, $0) }) }
      case .choice(let parts): return Set(parts.flatMap { $0.ends(text, at) })
      case .repetition(let inner, let least, let most):
        var now: Set = [at]
        var all: Set<Int> = least == 0 ? [at] : []
        for i in 0..<most {
          now = Set(now.flatMap { inner.ends(text, $0) })
          if i + 1 >= least { all.formUnion(now) }
        }
        return all
      }
    }
  }
  func pattern(_ depth: Int) -> Pattern {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 10), using: &random) {
    case 0: return .any
    case 1: return depth == 0 ? .letter("c") : [.begin, .end].randomElement(using: &random)!
    case 2...4: return .letter("abc".randomElement(using: &random)!)
    case 5, 6: return .sequence((0..<3).map { _ in pattern(depth - 1) })
    case 7, 8: return .choice((0..<Int.random(in: 1...3, using: &random)).map { _ in pattern(depth - 1) })
    default:
      let least = Int.random(in: 0...2, using: &random)
      return .repetition(pattern(depth - 1), least, least + Int.random(in: 0...2, using: &random))
    }
  }
  for _ in 0..<600 {
    let made = pattern(3)
    for _ in 0..<6 {
      let text = (0..<Int.random(in: 0...7, using: &random)).map { _ in "abc".randomElement(using: &random)! }
      let expected = (0...text.count).contains { !made.ends(text, $0).isEmpty }
      #expect(matches(made.text, String(text)) == expected, "\(made.text) in '\(String(text))'")
    }
  }
}
