import Commands
import TestSupport

/// A command's arguments as its declaration describes them, in the notation of Redis's documentation:
///
///     key <id | $> [MKSTREAM] [COUNT count] [key ...]
///
/// Capitals stand for themselves, other words for a value; brackets hold what may be left out, angle brackets a
/// choice, and `...` says that the bracket may be repeated.
struct CommandSyntax {
  private indirect enum Item {
    case literal(String)
    case value(String)
    case choice([[Item]])
    case optional([[Item]], repeats: Bool)
  }

  private let items: [Item]

  init(_ text: String) {
    var tokens = Self.tokens(text)[...]
    items = Self.alternatives(&tokens).flatMap { $0 }
  }

  private static func tokens(_ text: String) -> [String] {
    var spaced = ""
    for character in text {
      if "[]<>|".contains(character) { spaced += " \(character) " } else { spaced.append(character) }
    }
    return spaced.split(separator: " ").map(String.init)
  }

  /// Up to the bracket that closes this one.
  private static func alternatives(_ tokens: inout ArraySlice<String>) -> [[Item]] {
    var all: [[Item]] = [[]]
    while let token = tokens.popFirst() {
      switch token {
      case "]", ">": return all
      case "|": all.append([])
      case "[":
        let inner = alternatives(&tokens)
        let repeats = inner.contains { if case .value("...")? = $0.last { true } else { false } }
        all[all.count - 1].append(.optional(inner.map { $0.filter { !isEllipsis($0) } }, repeats: repeats))
      case "<": all[all.count - 1].append(.choice(alternatives(&tokens)))
      default:
        let isLiteral = !token.contains(where: \.isLowercase) && token != "..."
        all[all.count - 1].append(isLiteral ? .literal(token) : .value(token))
      }
    }
    return all
  }

  private static func isEllipsis(_ item: Item) -> Bool {
    if case .value("...") = item { true } else { false }
  }

  /// One way to fill it in. `value` makes up the word for a name.
  func make(_ random: inout SeededRandom, _ value: (String, inout SeededRandom) -> [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    Self.emit(items, into: &words, &random, value)
    return words
  }

  private static func emit(
    _ items: [Item], into words: inout [[UInt8]], _ random: inout SeededRandom,
    _ value: (String, inout SeededRandom) -> [UInt8]
  ) {
    for item in items {
      switch item {
      case .literal(let word): words.append(Array((random.chance(80) ? word : word.lowercased()).utf8))
      case .value(let name): if name != "..." { words.append(value(name, &random)) }
      case .choice(let choices): emit(random.one(of: choices), into: &words, &random, value)
      case .optional(let choices, let repeats):
        let times = repeats ? random.below(4) : random.below(2)
        for _ in 0..<times { emit(random.one(of: choices), into: &words, &random, value) }
      }
    }
  }
}
