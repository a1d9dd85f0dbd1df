import Memory

/// Which files an append-only log consists of: a base, which is a whole, and increments to be applied to it in order.
/// Files that a rewrite made superfluous are history, to be removed.
///
/// The manifest is a text file, a line for each: `file appendonly.aof.1.base.rdb seq 1 type b`.
public struct AOFManifest: Equatable, Sendable {
  public enum Kind: Character, Sendable {
    case base = "b"
    case increment = "i"
    case history = "h"
  }

  public struct File: Equatable, Sendable {
    public var name: String
    public var sequence: Int
    public var kind: Kind
  }

  /// What is wrong with a manifest.
  public struct Failure: Error, Equatable {
    public let line: Int
    public let text: String
    public let reason: String
  }

  private static let maximumLineCount = 1024

  public private(set) var base: File?
  public private(set) var increments: [File] = []
  public private(set) var history: [File] = []
  private var baseSequence = 0
  private var incrementSequence = 0

  public init() {}

  public var isEmpty: Bool { base == nil && increments.isEmpty }

  /// The number of the increment that was added last.
  public var lastSequence: Int { incrementSequence }

  /// The files to be loaded, in order.
  public var files: [File] { (base.map { [$0] } ?? []) + increments }

  // MARK: Text

  public init(text: String) throws(Failure) {
    if text.isEmpty { throw Failure(line: 0, text: "", reason: "Found an empty AOF manifest") }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let endsInLine = lines.last?.isEmpty == true
    if endsInLine { lines.removeLast() }
    for (i, line) in lines.enumerated() where !line.hasPrefix("#") {
      let isWhole = i < lines.count - 1 || endsInLine
      let trimmed = Self.trim(line)
      do throws(Reason) {
        guard isWhole && line.utf8.count <= Self.maximumLineCount else {
          throw Reason(text: "The AOF manifest file contains too long line")
        }
        try add(try Self.parse(trimmed))
      } catch {
        throw Failure(line: i + 1, text: isWhole ? trimmed : "", reason: error.text)
      }
    }
  }

  private struct Reason: Error { let text: String }

  private static func trim(_ line: Substring) -> String {
    var part = line
    while let last = part.last, " \t\r".contains(last) { part.removeLast() }
    while let first = part.first, " \t\r".contains(first) { part.removeFirst() }
    return String(part)
  }

  private static func parse(_ line: String) throws(Reason) -> File {
    let invalid = Reason(text: "Invalid AOF manifest file format")
    guard let words = Self.words(line), words.count >= 6, words.count % 2 == 0 else { throw invalid }
    var name: String?
    var sequence = 0
    var kind: Character?
    // What is not known is for later versions.
    for i in stride(from: 0, to: words.count, by: 2) {
      switch words[i].lowercased() {
      case "file":
        if words[i + 1].contains("/") { throw Reason(text: "File can't be a path, just a filename") }
        name = words[i + 1]
      case "seq": sequence = Int(words[i + 1]) ?? 0
      case "type": kind = words[i + 1].first
      default: break
      }
    }
    guard let name, sequence != 0, let kind else { throw invalid }
    guard let kind = Kind(rawValue: kind) else { throw Reason(text: "Unknown AOF file type") }
    return File(name: name, sequence: sequence, kind: kind)
  }

  /// The words of a line; those in double quotes may contain blanks, and what is escaped by a backslash.
  private static func words(_ line: String) -> [String]? {
    let bytes = Array(line.utf8)
    var words: [String] = []
    var at = 0
    while true {
      while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 { at += 1 }
      guard at < bytes.count else { return words }
      var word: [UInt8] = []
      if bytes[at] == UInt8(ascii: "\"") {
        guard let end = unquote(bytes, from: at + 1, into: &word) else { return nil }
        at = end
      } else {
        while at < bytes.count, bytes[at] != 32, bytes[at] != 9 {
          word.append(bytes[at])
          at += 1
        }
      }
      words.append(String(decoding: word, as: UTF8.self))
    }
  }

  private static let escapes: [(letter: UInt8, byte: UInt8)] = [
    (UInt8(ascii: "n"), 10), (UInt8(ascii: "r"), 13), (UInt8(ascii: "t"), 9), (UInt8(ascii: "b"), 8),
    (UInt8(ascii: "a"), 7),
  ]

  /// Reads up to the closing quote and returns the position behind it; nil if there is none.
  private static func unquote(_ bytes: [UInt8], from start: Int, into word: inout [UInt8]) -> Int? {
    var at = start
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") { return at + 1 }
      guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
        word.append(bytes[at])
        at += 1
        continue
      }
      let letter = bytes[at + 1]
      if letter == UInt8(ascii: "x"), at + 3 < bytes.count,
        let byte = UInt8(String(decoding: bytes[at + 2...at + 3], as: UTF8.self), radix: 16)
      {
        word.append(byte)
        at += 4
      } else {
        word.append(escapes.first { $0.letter == letter }?.byte ?? letter)
        at += 2
      }
    }
    return nil
  }

  private static func quoted(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 <= 32 || $0 > 126 || $0 == 34 || $0 == 39 || $0 == 92 }) else { return name }
    var text = "\""
    for byte in name.utf8 {
      if let escape = escapes.first(where: { $0.byte == byte }) {
        text += "\\\(Character(UnicodeScalar(escape.letter)))"
      } else if byte == 34 || byte == 92 {
        text += "\\\(Character(UnicodeScalar(byte)))"
      } else if byte < 32 || byte > 126 {
        text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      } else {
        text.append(Character(UnicodeScalar(byte)))
      }
    }
    return text + "\""
  }

  private mutating func add(_ file: File) throws(Reason) {
    switch file.kind {
    case .base:
      if base != nil { throw Reason(text: "Found duplicate base file information") }
      base = file
      baseSequence = file.sequence
    case .history: history.append(file)
    case .increment:
      if file.sequence <= incrementSequence { throw Reason(text: "Found a non-monotonic sequence number") }
      increments.append(file)
      incrementSequence = file.sequence
    }
  }

  public var text: String {
    (files.prefix(base == nil ? 0 : 1) + history + increments).map { file in
      "file \(Self.quoted(file.name)) seq \(file.sequence) type \(file.kind.rawValue)\n"
    }.joined()
  }

  // MARK: Changes

  /// An old log, of one file, becomes the base of a new one.
  public mutating func adopt(_ name: String) {
    baseSequence += 1
    base = File(name: name, sequence: baseSequence, kind: .base)
  }

  /// Adds a new increment and returns its name.
  public mutating func addIncrement(prefix: String) -> String {
    incrementSequence += 1
    let name = "\(prefix).\(incrementSequence).incr.aof"
    increments.append(File(name: name, sequence: incrementSequence, kind: .increment))
    return name
  }

  /// The name that the next base will have.
  public func nextBaseName(prefix: String, isRDB: Bool) -> String {
    "\(prefix).\(baseSequence + 1).base.\(isRDB ? "rdb" : "aof")"
  }

  /// Puts a new base in place of the old one and of all increments but the last `kept`; those become history.
  public mutating func replaceBase(_ name: String, keepingIncrements kept: Int) {
    if var old = base {
      old.kind = .history
      history.append(old)
    }
    baseSequence += 1
    base = File(name: name, sequence: baseSequence, kind: .base)
    for var old in increments.dropLast(kept) {
      old.kind = .history
      history.append(old)
    }
    increments = increments.suffix(kept)
  }

  public mutating func forgetHistory() { history = [] }
}
