import Commands

/// The table of where keys stand in commands that are sent word by word.
struct KeyPositionsFile {
  private var containers: [String] = []
  private var entries: [(name: String, specs: [String])] = []

  init(_ commands: [Command]) {
    for command in commands {
      let name = command.name.description
      if command.subcommands.isEmpty {
        add(name, command.keys)
      } else {
        containers.append(name)
        for subcommand in command.subcommands { add("\(name) \(subcommand.name)", subcommand.keys) }
      }
    }
  }

  /// Most commands have their first argument for their only key, which is what is taken for granted; a subcommand has none.
  private mutating func add(_ name: String, _ specs: [KeySpec]) {
    let isSubcommand = name.contains(" ")
    if isSubcommand && specs.isEmpty { return }
    if !isSubcommand, specs.count == 1, case .index(1) = specs[0].begin,
      case .range(last: 0, step: _, limit: _) = specs[0].find
    {
      return
    }
    entries.append((name, specs.compactMap(Self.text)))
  }

  /// Nil for what only the server can find.
  private static func text(_ spec: KeySpec) -> String? {
    let begin: String
    switch spec.begin {
    case .index(let index): begin = ".index(\(index))"
    case .keyword(let word, let from): begin = ".keyword(\"\(word)\", from: \(from))"
    case .unknown: return nil
    }
    switch spec.find {
    case .range(let last, let step, let limit):
      return ".init(begin: \(begin), find: .range(last: \(last), step: \(step), limit: \(limit)))"
    case .count(let at, let first, let step):
      return ".init(begin: \(begin), find: .count(at: \(at), first: \(first), step: \(step)))"
    case .unknown: return nil
    }
  }

  var text: String {
    let lines = entries.sorted { $0.name < $1.name }.map { entry in
      "\"\(entry.name)\": [\(entry.specs.joined(separator: ", "))],"
    }
    return """
      // swift-format-ignore-file
      // Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

      extension KeyPositions {
        /// Commands whose second word belongs to their name.
        static let containers: Set<String> = [\(containers.sorted().map { "\"\($0)\"" }.joined(separator: ", "))]

        /// All but those whose first argument is their only key.
        static let declared: [String: [KeyPositions]] = [
      \(indent(indent(lines.joined(separator: "\n"))))
        ]
      }

      """
  }
}
