import Glibc

extension Directive {
  /// The text CONFIG GET shows for a value given as words.
  ///
  /// - Parameters:
  ///   - words: the value, split into words if `takesSeveralWords`, and otherwise exactly one.
  ///   - current: the value so far, which a value may extend or be relative to.
  /// - Throws: why the value is refused, in the words of Redis.
  func canonical(_ words: [String], current: String) throws(ConfigurationError) -> String {
    let value = try takesSeveralWords ? canonicalList(words, current: current) : canonicalWord(words, current: current)
    return try refine?(value) ?? value
  }

  private func canonicalWord(_ words: [String], current: String) throws(ConfigurationError) -> String {
    guard words.count == 1, let word = words.first else { throw .wrongNumberOfArguments }
    switch kind {
    case .boolean:
      let value = word.lowercased()
      guard value == "yes" || value == "no" else { throw ConfigurationError("argument must be 'yes' or 'no'") }
      return value
    case .integer(let range):
      guard let number = Self.integer(word) else {
        throw ConfigurationError("argument couldn't be parsed into an integer")
      }
      return String(try Self.check(number, in: range))
    case .memory(let range):
      guard let size = MemorySize.parse(word) else { throw ConfigurationError("argument must be a memory value") }
      return String(try Self.check(size, in: range))
    case .memoryOrPercent(let range):
      return try Self.memoryOrPercent(word, in: range)
    case .octal(let range):
      guard let number = word.isEmpty ? 0 : Int(word, radix: 8) else {
        throw ConfigurationError("argument couldn't be parsed as an octal number")
      }
      return String(try Self.check(number, in: range, radix: 8), radix: 8)
    case .choice(let choices):
      return try Self.choose([word], from: choices)[0]
    case .keyspaceEvents:
      guard let letters = KeyspaceEventClasses.canonical(word) else {
        throw ConfigurationError("Invalid event class character. Use 'Ag$lshzxeKEtmdna'.")
      }
      return letters
    case .directory:
      return try Self.directory(word, relativeTo: current)
    default:
      return word
    }
  }

  private func canonicalList(_ words: [String], current: String) throws(ConfigurationError) -> String {
    // One empty word is how an empty list is written.
    let mayBeEmpty = kind == .addresses || kind == .savePoints || kind == .percentiles || kind == .eventStreams
    let words = mayBeEmpty && words == [""] ? [] : words
    switch kind {
    case .choices(let choices):
      let chosen = Set(try Self.choose(words, from: choices))
      let effective = choices.dropFirst().filter(chosen.contains)
      return effective.isEmpty ? choices[0] : effective.joined(separator: " ")
    case .addresses:
      guard words.count <= 16 else { throw ConfigurationError("Too many bind addresses specified.") }
      return words.joined(separator: " ")
    case .primary:
      return try Self.primary(words)
    case .savePoints:
      return try Self.savePoints(words)
    case .outputBufferLimits:
      return try Self.outputBufferLimits(words, current: current)
    case .outOfMemoryScores:
      return try Self.outOfMemoryScores(words)
    case .percentiles:
      return try Self.percentiles(words)
    case .eventStreams:
      return try EventStream.canonical(words)
    default:
      return words.joined(separator: " ")
    }
  }

  /// A number in its one canonical form: no sign but a minus, no leading zeros, no blanks.
  private static func integer(_ word: String) -> Int? {
    guard let number = Int(word), String(number) == word else { return nil }
    return number
  }

  private static func check(
    _ number: some BinaryInteger, in range: ClosedRange<Int>, radix: Int = 10
  ) throws(ConfigurationError) -> Int {
    guard let value = Int(exactly: number), range.contains(value) else {
      let lower = String(range.lowerBound, radix: radix)
      let upper = String(range.upperBound, radix: radix)
      throw ConfigurationError("argument must be between \(lower) and \(upper) inclusive")
    }
    return value
  }

  private static func memoryOrPercent(_ word: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> String {
    if let size = MemorySize.parse(word) { return String(try check(size, in: 0...range.upperBound)) }
    guard word.utf8.last == UInt8(ascii: "%"), let percent = integer(String(word.dropLast())), percent >= 0 else {
      throw ConfigurationError("argument must be a memory or percent value")
    }
    guard percent <= -range.lowerBound else {
      throw ConfigurationError("percentage argument must be less or equal to \(-range.lowerBound)")
    }
    return percent == 0 ? "0" : "\(percent)%"
  }

  private static func choose(_ words: [String], from choices: [String]) throws(ConfigurationError) -> [String] {
    let chosen = words.map { $0.lowercased() }
    guard !chosen.isEmpty, chosen.allSatisfy(choices.contains) else {
      throw ConfigurationError("argument(s) must be one of the following: \(choices.joined(separator: ", "))")
    }
    return chosen
  }

  private static func directory(_ word: String, relativeTo current: String) throws(ConfigurationError) -> String {
    let path = FilePath.absolute(word, relativeTo: current)
    guard let resolved = realpath(path, nil) else { throw ConfigurationError(String(cString: strerror(errno))) }
    defer { free(resolved) }
    var status = stat()
    guard stat(resolved, &status) == 0 else { throw ConfigurationError(String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw ConfigurationError(String(cString: strerror(ENOTDIR))) }
    guard access(resolved, X_OK) == 0 else { throw ConfigurationError(String(cString: strerror(errno))) }
    return String(cString: resolved)
  }

  private static func primary(_ words: [String]) throws(ConfigurationError) -> String {
    guard words.count == 2 else { throw .wrongNumberOfArguments }
    if words.map({ $0.lowercased() }) == ["no", "one"] { return "" }
    guard let port = UInt16(words[1]) else { throw ConfigurationError("Invalid master port") }
    return "\(words[0]) \(port)"
  }

  private static func savePoints(_ words: [String]) throws(ConfigurationError) -> String {
    let refusal = ConfigurationError("Invalid save parameters")
    guard words.count.isMultiple(of: 2) else { throw refusal }
    for (index, word) in words.enumerated() {
      let smallest = index.isMultiple(of: 2) ? 1 : 0
      guard let number = Int(word), number >= smallest else { throw refusal }
    }
    return words.compactMap { Int($0).map(String.init) }.joined(separator: " ")
  }

  private static func outputBufferLimits(_ words: [String], current: String) throws(ConfigurationError) -> String {
    guard words.count.isMultiple(of: 4) else {
      throw ConfigurationError("Wrong number of arguments in buffer limit configuration.")
    }
    var limits = OutputBufferLimits(canonical: current)
    for start in stride(from: 0, to: words.count, by: 4) {
      guard let place = OutputBufferLimits.place(ofClass: words[start]) else {
        throw ConfigurationError("Invalid client class specified in buffer limit configuration.")
      }
      guard
        let hard = MemorySize.parse(words[start + 1]).flatMap(Int.init(exactly:)),
        let soft = MemorySize.parse(words[start + 2]).flatMap(Int.init(exactly:)),
        let softSeconds = Int(words[start + 3]), softSeconds >= 0
      else {
        throw ConfigurationError("Error in hard, soft or soft_seconds setting in buffer limit configuration.")
      }
      limits[keyPath: place] = OutputBufferLimit(hard: hard, soft: soft, softSeconds: softSeconds)
    }
    return limits.description
  }

  private static func outOfMemoryScores(_ words: [String]) throws(ConfigurationError) -> String {
    guard words.count == 3 else { throw .wrongNumberOfArguments }
    let scores = words.compactMap { Int($0) }.filter((-2000...2000).contains)
    guard scores.count == words.count else {
      throw ConfigurationError("Invalid oom-score-adj-values, elements must be between -2000 and 2000.")
    }
    return scores.map(String.init).joined(separator: " ")
  }

  private static func percentiles(_ words: [String]) throws(ConfigurationError) -> String {
    var texts: [String] = []
    for word in words {
      guard let percentile = Double(word), !percentile.isNaN else {
        throw ConfigurationError("Invalid latency-tracking-info-percentiles parameters")
      }
      guard (0.0...100.0).contains(percentile) else {
        throw ConfigurationError("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")
      }
      texts.append(sixDecimals(percentile))
    }
    return texts.joined(separator: " ")
  }

  /// At most six decimals, without trailing zeros.
  private static func sixDecimals(_ number: Double) -> String {
    let millionths = Int((number * 1_000_000).rounded(.toNearestOrEven))
    let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    if fraction == 0 { return String(whole) }
    let digits = String(1_000_000 + fraction).dropFirst()
    return "\(whole).\(digits.prefix(through: digits.lastIndex { $0 != "0" } ?? digits.startIndex))"
  }
}

extension ConfigurationError {
  static let wrongNumberOfArguments = ConfigurationError("wrong number of arguments")
}
