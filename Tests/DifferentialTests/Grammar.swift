import TestSupport

// Random commands are described by templates, one line a command:
//
//     SET <string> <value> [ ( NX | XX ) ] [ GET ] [ ( EX <future> | KEEPTTL ) ]
//
//     word         itself
//     <name>       a random word of that kind, see `Vocabulary`
//     [ a b ]      there or not
//     ( a | b )    one of these
//     { a b }      one to four times
//
// What stands before the command says how its reply is compared where its bytes may differ:
//
//     ~            the order of the elements is arbitrary
//     ~~           as ~, elements being pairs
//     @3           integers may differ by 3 (remaining times)
//     #            Redis 7.2 and later say listpack where 7.0 says quicklist or hashtable
//     ?            only the reply's type and size count (random choices that change nothing)
//     !            first of all: never made wrong by chance (it might wait, or answer more than once)
//
// A command that changes the keyspace by chance must not be in a template, unless it always comes to the same.

/// How a reply is held against the oracle's.
enum Comparison: Equatable {
  case exact, unordered, unorderedPairs, shape, encoding
  case near(Int)
}

struct Template {
  fileprivate indirect enum Item {
    case word([UInt8])
    case generated(String)
    case optional([Item])
    case choice([[Item]])
    case several([Item])
  }

  let text: String
  let comparison: Comparison
  let maySpoil: Bool
  private let items: [Item]

  init(_ text: String) {
    self.text = text
    var tokens = text.split(separator: " ").map(String.init)[...]
    maySpoil = tokens.first != "!"
    if !maySpoil { tokens.removeFirst() }
    switch tokens.first {
    case "~": comparison = .unordered
    case "~~": comparison = .unorderedPairs
    case "?": comparison = .shape
    case "#": comparison = .encoding
    case let first? where first.hasPrefix("@"): comparison = .near(Int(first.dropFirst()) ?? 0)
    default: comparison = .exact
    }
    if comparison != .exact { tokens.removeFirst() }
    items = Self.sequence(&tokens, until: [])
    precondition(tokens.isEmpty, "a template with an end too many: \(text)")
  }

  private static func sequence(_ tokens: inout ArraySlice<String>, until ends: Set<String>) -> [Item] {
    var items: [Item] = []
    while let token = tokens.first, !ends.contains(token) {
      tokens.removeFirst()
      switch token {
      case "[":
        items.append(.optional(sequence(&tokens, until: ["]"])))
        tokens.removeFirst()
      case "{":
        items.append(.several(sequence(&tokens, until: ["}"])))
        tokens.removeFirst()
      case "(":
        var choices: [[Item]] = []
        repeat {
          choices.append(sequence(&tokens, until: ["|", ")"]))
        } while tokens.removeFirst() == "|"
        items.append(.choice(choices))
      default:
        if token.hasPrefix("<") && token.hasSuffix(">") && token.count > 2 {
          items.append(.generated(String(token.dropFirst().dropLast())))
        } else {
          items.append(.word(Array(token.utf8)))
        }
      }
    }
    return items
  }

  func make(_ random: inout SeededRandom) -> [[UInt8]] {
    var words: [[UInt8]] = []
    Self.emit(items, into: &words, &random)
    return words
  }

  private static func emit(_ items: [Item], into words: inout [[UInt8]], _ random: inout SeededRandom) {
    for item in items {
      switch item {
      case .word(let word): words.append(word)
      case .generated(let name): words.append(Vocabulary.word(name, &random))
      case .optional(let inner): if random.chance(40) { emit(inner, into: &words, &random) }
      case .choice(let choices): emit(random.one(of: choices), into: &words, &random)
      case .several(let inner):
        for _ in 0...random.below(4) { emit(inner, into: &words, &random) }
      }
    }
  }
}

/// A command of a random stream.
struct RandomCommand {
  var words: [[UInt8]]
  var comparison: Comparison

  /// As one would type it.
  var shown: String {
    words.map { word in
      let plain = word.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 } && !word.isEmpty
      if plain { return String(decoding: word, as: UTF8.self) }
      let escaped = word.map { byte -> String in
        byte >= 32 && byte < 127 && byte != 34 && byte != 92
          ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      return "\"" + escaped.joined() + "\""
    }.joined(separator: " ")
  }

  /// A command of one of the families, now and then with something wrong in it.
  static func make(_ families: [CommandFamily], _ random: inout SeededRandom) -> RandomCommand {
    let family = random.one(of: families)
    let template = random.one(of: family.templates)
    var command = RandomCommand(words: template.make(&random), comparison: template.comparison)
    if template.maySpoil && random.chance(4) { command.spoil(&random) }
    return command
  }

  /// Wrong arity, wrong types, edge values, other spellings.
  private mutating func spoil(_ random: inout SeededRandom) {
    switch random.below(5) {
    case 0 where words.count > 1: words.removeLast()
    case 1: words.append(Vocabulary.word("edge", &random))
    case 2 where words.count > 1: words[1 + random.below(words.count - 1)] = Vocabulary.word("edge", &random)
    case 3:
      words[0] = words[0].map { random.chance(50) ? ($0 >= 65 && $0 <= 90 ? $0 | 32 : $0) : $0 }
    default:
      if words.count > 1 { words.append(words[1 + random.below(words.count - 1)]) }
    }
  }
}

/// The templates of one family of commands.
struct CommandFamily: Sendable {
  let name: String
  private let texts: [String]

  init(_ name: String, _ texts: [String]) {
    self.name = name
    self.texts = texts
  }

  /// Parsed once, since each is used thousands of times.
  var templates: [Template] { Self.cache.templates(name, texts) }

  private static let cache = Cache()

  private final class Cache: @unchecked Sendable {
    private var known: [String: [Template]] = [:]
    // Differential suites run one after the other, so nobody else is here.
    func templates(_ name: String, _ texts: [String]) -> [Template] {
      if let found = known[name] { return found }
      let made = texts.map(Template.init)
      known[name] = made
      return made
    }
  }
}
