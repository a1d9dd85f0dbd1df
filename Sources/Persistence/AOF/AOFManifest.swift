import Memory

/// Which files an append-only log consists of: a base, which is a whole, and increments to be applied to it in order.
/// Files that a rewrite made superfluous are history, to be removed.
///
/// The manifest is a text file, a line for each: `file appendonly.aof.1.base.rdb seq 1 type b`.
package struct AOFManifest: Equatable, Sendable {
  package enum Kind: Character, Sendable {
    case base = "b"
    case increment = "i"
    case history = "h"
  }

  package struct File: Equatable, Sendable {
    package var name: String
    package var sequence: Int
    package var kind: Kind
  }

  /// What is wrong with a manifest.
  package struct Failure: Error, Equatable {
    package let line: Int
    package let text: String
    package let reason: String
  }

  private static let maximumLineCount = 1024

  package private(set) var base: File?
  package private(set) var increments: [File] = []
  package private(set) var history: [File] = []
  private var baseSequence = 0
  private var incrementSequence = 0

  package init() {}

  package var isEmpty: Bool { base == nil && increments.isEmpty }

  /// The files to be loaded, in order.
  package var files: [File] { (base.map { [$0] } ?? []) + increments }

  // MARK: Text

  package init(text: String) throws(Failure) {
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

  /// The words of a line; those in double quotes may contain blanks.
  private static func words(_ line: String) -> [String]? {
    var words: [String] = []
    var current: String?
    var isQuoted = false
    var isEscaped = false
    for character in line {
      if isEscaped {
        current?.append(character)
        isEscaped = false
      } else if isQuoted {
        if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isQuoted = false
        } else {
          current?.append(character)
        }
      } else if character == "\"" && current == nil {
        current = ""
        isQuoted = true
      } else if character == " " || character == "\t" {
        if let word = current { words.append(word) }
        current = nil
      } else {
        current = (current ?? "") + String(character)
      }
    }
    if isQuoted { return nil }
    if let current { words.append(current) }
    return words
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

  package var text: String {
    (files.prefix(base == nil ? 0 : 1) + history + increments).map { file in
      let needsQuotes = file.name.contains { " \"\\".contains($0) }
      let escaped = file.name.reduce(into: "") { $0 += "\"\\".contains($1) ? "\\\($1)" : String($1) }
      return "file \(needsQuotes ? "\"\(escaped)\"" : file.name) seq \(file.sequence) type \(file.kind.rawValue)\n"
    }.joined()
  }

  // MARK: Changes

  /// An old log, of one file, becomes the base of a new one.
  package mutating func adopt(_ name: String) {
    baseSequence += 1
    base = File(name: name, sequence: baseSequence, kind: .base)
  }

  /// Adds a new increment and returns its name.
  package mutating func addIncrement(prefix: String) -> String {
    incrementSequence += 1
    let name = "\(prefix).\(incrementSequence).incr.aof"
    increments.append(File(name: name, sequence: incrementSequence, kind: .increment))
    return name
  }

  /// The name that the next base will have.
  package func nextBaseName(prefix: String, isRDB: Bool) -> String {
    "\(prefix).\(baseSequence + 1).base.\(isRDB ? "rdb" : "aof")"
  }

  /// Puts a new base in place of the old one and of all increments but the last `kept`; those become history.
  package mutating func replaceBase(_ name: String, keepingIncrements kept: Int) {
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

  package mutating func forgetHistory() { history = [] }
}
