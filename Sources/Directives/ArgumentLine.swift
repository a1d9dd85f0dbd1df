/// The quoting of configuration files: words separated by blanks, `"..."` with escapes, `'...'` taken literally.
enum ArgumentLine {
  enum Failure: Error {
    case unbalancedQuotes
    case invalidUTF8
  }

  /// Splits a line into its words.
  ///
  /// A value is a `String` everywhere else, so bytes that are not UTF-8 are refused here instead of being changed
  /// behind the user's back.
  static func split(_ line: some Sequence<UInt8>) throws(Failure) -> [String] {
    var words: [String] = []
    for word in try splitBytes(line) {
      guard let text = String(validating: word, as: UTF8.self) else { throw .invalidUTF8 }
      words.append(text)
    }
    return words
  }

  /// The same where words may be any bytes.
  static func splitBytes(_ line: some Sequence<UInt8>) throws(Failure) -> [[UInt8]] {
    var scanner = Scanner(bytes: Array(line))
    var words: [[UInt8]] = []
    while let word = try scanner.nextWord() { words.append(word) }
    return words
  }

  /// A line that begins with `first` and that `splitBytes` reads back. Words are quoted where they must be.
  static func line(_ first: String, _ words: [[UInt8]]) -> String {
    words.reduce(first) { line, word in
      let isPlain = !word.isEmpty && word.allSatisfy { (0x21...0x7e).contains($0) && !#""'\"#.utf8.contains($0) }
      // A selector's blanks do no harm: its words are put together again.
      let isSelector =
        word.first == UInt8(ascii: "(") && word.allSatisfy { (0x20...0x7e).contains($0) && !#""'\"#.utf8.contains($0) }
      return line + " " + (isPlain || isSelector ? String(decoding: word, as: UTF8.self) : quote(bytes: word))
    }
  }

  /// A word in double quotes that `split` reads back unchanged.
  static func quote(_ word: String) -> String { quote(bytes: word.utf8) }

  private static func quote(bytes word: some Sequence<UInt8>) -> String {
    var quoted = "\""
    for byte in word {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""):
        quoted.append("\\")
        quoted.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "\n"): quoted += "\\n"
      case UInt8(ascii: "\r"): quoted += "\\r"
      case UInt8(ascii: "\t"): quoted += "\\t"
      case 0x07: quoted += "\\a"
      case 0x08: quoted += "\\b"
      case 0x20...0x7e: quoted.unicodeScalars.append(Unicode.Scalar(byte))
      default: quoted += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return quoted + "\""
  }

  static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.drop(while: isBlank)
    while let last = line.last, isBlank(last) { line.removeLast() }
    return line
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0d).contains(byte)
  }
}

private struct Scanner {
  let bytes: [UInt8]
  var position = 0

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func nextWord() throws(ArgumentLine.Failure) -> [UInt8]? {
    while let byte = current, ArgumentLine.isBlank(byte) { position += 1 }
    guard current != nil else { return nil }

    var word: [UInt8] = []
    while let byte = current, !ArgumentLine.isBlank(byte) {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        try appendDoubleQuoted(to: &word)
        return word
      case UInt8(ascii: "'"):
        try appendSingleQuoted(to: &word)
        return word
      default:
        word.append(byte)
      }
    }
    return word
  }

  private mutating func appendDoubleQuoted(to word: inout [UInt8]) throws(ArgumentLine.Failure) {
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "\"") { return try requireEndOfWord() }
      guard byte == UInt8(ascii: "\\"), let escaped = current else {
        word.append(byte)
        continue
      }
      position += 1
      if escaped == UInt8(ascii: "x"), let value = hexadecimalPair() {
        word.append(value)
        position += 2
      } else {
        word.append(Self.meaning(ofEscaped: escaped))
      }
    }
    throw .unbalancedQuotes
  }

  private mutating func appendSingleQuoted(to word: inout [UInt8]) throws(ArgumentLine.Failure) {
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "'") { return try requireEndOfWord() }
      if byte == UInt8(ascii: "\\"), current == UInt8(ascii: "'") {
        position += 1
        word.append(UInt8(ascii: "'"))
      } else {
        word.append(byte)
      }
    }
    throw .unbalancedQuotes
  }

  private func requireEndOfWord() throws(ArgumentLine.Failure) {
    if let byte = current, !ArgumentLine.isBlank(byte) { throw .unbalancedQuotes }
  }

  private func hexadecimalPair() -> UInt8? {
    guard position + 1 < bytes.count else { return nil }
    guard let high = Self.hexadecimalDigit(bytes[position]), let low = Self.hexadecimalDigit(bytes[position + 1]) else {
      return nil
    }
    return high << 4 | low
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func meaning(ofEscaped byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "a"): 0x07
    default: byte
    }
  }
}
