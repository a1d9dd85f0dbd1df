import Memory

/// Reads the pattern of a ``RegularExpression``.
struct RegularExpressionParser {
  typealias Mistake = RegularExpression.Mistake

  indirect enum Node {
    case byte(ByteSet)
    case assertion(RegularExpression.Assertion)
    case sequence([Node])
    case choice([Node])
    /// Without `most`, as often as one likes.
    case repetition(Node, least: Int, most: Int?)
  }

  /// POSIX's RE_DUP_MAX.
  private static let maximumRepetition = 255
  private static let maximumDepth = 200

  private let pattern: Bytes
  private let ignoringCase: Bool
  private var at = 0
  private var depth = 0

  init(_ pattern: Bytes, ignoringCase: Bool) {
    self.pattern = pattern
    self.ignoringCase = ignoringCase
  }

  mutating func parse() throws(Mistake) -> Node { try readChoice() }

  private var next: UInt8? { at < pattern.count ? pattern[at] : nil }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    at += 1
    return true
  }

  // MARK: Structure

  /// Alternatives, up to the end or the bracket that closes them.
  private mutating func readChoice() throws(Mistake) -> Node {
    var choices = [try readSequence()]
    while take("|") { choices.append(try readSequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func readSequence() throws(Mistake) -> Node {
    var nodes: [Node] = []
    while let byte = next, byte != UInt8(ascii: "|"), !(byte == UInt8(ascii: ")") && depth > 0) {
      var node = try readAtom()
      while let range = try readRepetition() {
        node = .repetition(node, least: range.least, most: range.most)
      }
      nodes.append(node)
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  /// How often what came before is to be repeated; nil if nothing says so.
  private mutating func readRepetition() throws(Mistake) -> (least: Int, most: Int?)? {
    let range: (least: Int, most: Int?)
    if take("*") {
      range = (0, nil)
    } else if take("+") {
      range = (1, nil)
    } else if take("?") {
      range = (0, 1)
    } else if take("{") {
      range = try readBounds()
    } else {
      return nil
    }
    // As few as possible, instead of as many: to whether there is a match it is the same.
    _ = take("?")
    return range
  }

  /// `m}`, `m,}`, `,n}` or `m,n}`.
  private mutating func readBounds() throws(Mistake) -> (least: Int, most: Int?) {
    let least = readNumber()
    var most = least
    if take(",") { most = readNumber() } else if least == nil { throw badBounds }
    guard take("}") else { throw badBounds }
    if let most, most > Self.maximumRepetition || (least ?? 0) > most {
      throw Mistake(message: "Invalid contents of {}")
    }
    if (least ?? 0) > Self.maximumRepetition { throw Mistake(message: "Invalid contents of {}") }
    return (least ?? 0, most)
  }

  private var badBounds: Mistake { Mistake(message: next == nil ? "Missing '}'" : "Invalid contents of {}") }

  private mutating func readNumber() -> Int? {
    var value: Int?
    while let byte = next, byte &- 48 < 10 {
      value = min((value ?? 0) * 10 + Int(byte &- 48), 100_000)
      at += 1
    }
    return value
  }

  // MARK: Atoms

  private mutating func readAtom() throws(Mistake) -> Node {
    let byte = pattern[at]
    at += 1
    switch byte {
    case UInt8(ascii: "("): return try readGroup()
    case UInt8(ascii: "["): return .byte(try readBracket())
    case UInt8(ascii: "."): return .byte(.any)
    case UInt8(ascii: "^"): return .assertion(.begin)
    case UInt8(ascii: "$"): return .assertion(.end)
    case UInt8(ascii: "\\"): return try readEscape()
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw Mistake(message: "Invalid use of repetition operators")
    default: return literal(byte)
    }
  }

  private func literal(_ byte: UInt8) -> Node {
    let set = ByteSet(byte...byte)
    return .byte(ignoringCase ? set.withBothCases : set)
  }

  private mutating func readGroup() throws(Mistake) -> Node {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw .tooLarge }
    if take("?") {
      guard take(":") else { throw Mistake(message: "Invalid regexp") }
    }
    let inner = try readChoice()
    guard take(")") else { throw Mistake(message: "Missing ')'") }
    return inner
  }

  private mutating func readEscape() throws(Mistake) -> Node {
    guard let byte = next else { throw Mistake(message: "Trailing backslash") }
    at += 1
    switch byte {
    case UInt8(ascii: "d"): return .byte(.digit)
    case UInt8(ascii: "D"): return .byte(ByteSet.digit.inverted)
    case UInt8(ascii: "w"): return .byte(.word)
    case UInt8(ascii: "W"): return .byte(ByteSet.word.inverted)
    case UInt8(ascii: "s"): return .byte(.space)
    case UInt8(ascii: "S"): return .byte(ByteSet.space.inverted)
    case UInt8(ascii: "b"): return .assertion(.wordBoundary)
    case UInt8(ascii: "B"): return .assertion(.noWordBoundary)
    case UInt8(ascii: "<"): return .assertion(.wordBegin)
    case UInt8(ascii: ">"): return .assertion(.wordEnd)
    case UInt8(ascii: "t"): return literal(9)
    case UInt8(ascii: "n"): return literal(10)
    case UInt8(ascii: "r"): return literal(13)
    case UInt8(ascii: "f"): return literal(12)
    case UInt8(ascii: "a"): return literal(7)
    case UInt8(ascii: "e"): return literal(27)
    case UInt8(ascii: "x"): return literal(try readHexadecimal())
    case UInt8(ascii: "Q"): return readQuoted()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): throw .reference
    default: return literal(byte)
    }
  }

  /// `41` or `{41}`.
  private mutating func readHexadecimal() throws(Mistake) -> UInt8 {
    let isBraced = take("{")
    var value = 0
    var digits = 0
    while digits < (isBraced ? 8 : 2), let digit = next.flatMap(Self.hexadecimalDigit) {
      value = value << 4 | digit
      digits += 1
      at += 1
    }
    if isBraced && !take("}") { throw Mistake(message: "Missing '}'") }
    guard let byte = UInt8(exactly: value) else { throw Mistake(message: "Invalid regexp") }
    return byte
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case 48...57: Int(byte) - 48
    case 65...70, 97...102: Int(byte | 32) - 87
    default: nil
    }
  }

  /// Everything up to `\E`, or the end, as it is.
  private mutating func readQuoted() -> Node {
    var nodes: [Node] = []
    while let byte = next {
      if byte == UInt8(ascii: "\\"), at + 1 < pattern.count, pattern[at + 1] == UInt8(ascii: "E") {
        at += 2
        break
      }
      nodes.append(literal(byte))
      at += 1
    }
    return .sequence(nodes)
  }

  // MARK: Brackets

  /// The set that a bracket expression stands for, from after its first bracket.
  private mutating func readBracket() throws(Mistake) -> ByteSet {
    let isInverted = take("^")
    var set = ByteSet()
    var isFirst = true
    while true {
      guard let byte = next else { throw Mistake(message: "Missing ']'") }
      if byte == UInt8(ascii: "]") && !isFirst {
        at += 1
        break
      }
      isFirst = false
      if let named = try readClass() {
        set.formUnion(named)
      } else {
        set.insert(try readRange())
      }
    }
    if ignoringCase { set = set.withBothCases }
    return isInverted ? set.inverted : set
  }

  /// A byte, or two with all between them.
  private mutating func readRange() throws(Mistake) -> ClosedRange<UInt8> {
    let low = pattern[at]
    at += 1
    // Before the closing bracket, a hyphen is one.
    guard next == UInt8(ascii: "-"), at + 1 < pattern.count, pattern[at + 1] != UInt8(ascii: "]") else {
      return low...low
    }
    let high = pattern[at + 1]
    at += 2
    guard low <= high else { throw Mistake(message: "Invalid character range") }
    return low...high
  }

  /// A named class such as `[:alpha:]`; nil if none comes next.
  private mutating func readClass() throws(Mistake) -> ByteSet? {
    guard next == UInt8(ascii: "["), at + 1 < pattern.count else { return nil }
    let kind = pattern[at + 1]
    if kind == UInt8(ascii: "=") || kind == UInt8(ascii: ".") { throw Mistake(message: "Unknown collating element") }
    guard kind == UInt8(ascii: ":") else { return nil }
    var end = at + 2
    while end < pattern.count && pattern[end] != UInt8(ascii: ":") { end += 1 }
    guard end + 1 < pattern.count, pattern[end + 1] == UInt8(ascii: "]"),
      let set = Self.named(pattern[at + 2..<end])
    else { throw Mistake(message: "Unknown character class name") }
    at = end + 2
    return set
  }

  private static func named(_ name: Bytes) -> ByteSet? {
    switch name.string {
    case "alpha": .alpha
    case "digit": .digit
    case "alnum": .alnum
    case "lower": .lower
    case "upper": .upper
    case "space": .space
    case "blank": ByteSet("\t ")
    case "cntrl": ByteSet(0...31, 127...127)
    case "graph": ByteSet(33...126)
    case "print": ByteSet(32...126)
    case "punct": ByteSet(33...47, 58...64, 91...96, 123...126)
    case "xdigit": ByteSet(48...57, 65...70, 97...102)
    default: nil
    }
  }
}
