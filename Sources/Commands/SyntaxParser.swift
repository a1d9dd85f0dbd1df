/// Reads the notation in which Redis's documentation gives a command's syntax:
///
///     key value [NX | XX] [EX seconds | KEEPTTL]        optional parts, and a choice
///     <ON | OFF>                                        a part that must be there
///     key [key ...]      [GET pattern [GET pattern ...]]   what may be repeated
///
/// Words without a lower-case letter are literal; the arguments that follow one belong to it.
struct SyntaxParser {
  private indirect enum Node: Equatable {
    case word(String)
    case dots
    /// The alternatives of what brackets enclose.
    case group(isOptional: Bool, [[Node]])
  }

  private let symbols: [Substring]
  private var at = 0

  init(_ syntax: String) {
    var spaced = ""
    for character in syntax {
      spaced += "[]<>".contains(character) ? " \(character) " : String(character)
    }
    symbols = spaced.split(separator: " ")
  }

  mutating func parse() -> [CommandArgument] {
    let alternatives = readAlternatives()
    return alternatives.count == 1 ? arguments(alternatives[0]) : [choice(alternatives)]
  }

  // MARK: Reading

  /// Reads to the closing bracket, or the end.
  private mutating func readAlternatives() -> [[Node]] {
    var alternatives: [[Node]] = [[]]
    while at < symbols.count {
      let symbol = symbols[at]
      at += 1
      switch symbol {
      case "]", ">": return alternatives
      case "|": alternatives.append([])
      case "...": alternatives[alternatives.count - 1].append(.dots)
      case "[", "<":
        let group = Node.group(isOptional: symbol == "[", readAlternatives())
        alternatives[alternatives.count - 1].append(group)
      default: alternatives[alternatives.count - 1].append(.word(String(symbol)))
      }
    }
    return alternatives
  }

  // MARK: Meaning

  private func isLiteral(_ node: Node) -> Bool {
    if case .word(let word) = node { return !word.contains(where: \.isLowercase) }
    return false
  }

  /// What a group repeats: `[key value ...]` stands for more of `key value`.
  private func repetition(_ node: Node) -> [Node]? {
    guard case .group(true, let alternatives) = node, let last = alternatives.last, last.last == .dots else {
      return nil
    }
    return alternatives.count == 1 ? Array(last.dropLast()) : nil
  }

  private func arguments(_ nodes: [Node]) -> [CommandArgument] {
    var result: [CommandArgument] = []
    var i = 0
    while i < nodes.count {
      let end = endOfPart(nodes, from: i)
      result.append(part(Array(nodes[i..<end]), &i, end: end, all: nodes))
    }
    return result
  }

  /// A part is a literal with its arguments, or any other single node.
  private func endOfPart(_ nodes: [Node], from start: Int) -> Int {
    guard isLiteral(nodes[start]) else { return start + 1 }
    var end = start + 1
    while end < nodes.count, !isLiteral(nodes[end]) {
      if case .group(true, _) = nodes[end], repetition(nodes[end]) == nil { break }
      // A repetition of the literal itself ends its arguments.
      if let repeated = repetition(nodes[end]), repeated == Array(nodes[start..<end]) { break }
      end += 1
    }
    return end
  }

  private func part(_ nodes: [Node], _ i: inout Int, end: Int, all: [Node]) -> CommandArgument {
    // `score member [score member ...]`: as many plain nodes as the repetition that follows has.
    let start = i
    if !isLiteral(nodes[0]) {
      for next in start + 1..<all.count + 1 where next < all.count {
        guard let repeated = repetition(all[next]) else { continue }
        if repeated == Array(all[start..<next]) {
          i = next + 1
          return multiple(repeated)
        }
        break
      }
    }
    i = end
    if end < all.count, repetition(all[end]) == nodes {
      i = end + 1
      var argument = part(nodes)
      argument.isMultiple = true
      argument.repeatsToken = argument.token != nil && argument.kind != .token
      return argument
    }
    return part(nodes)
  }

  private func multiple(_ nodes: [Node]) -> CommandArgument {
    var argument = nodes.count == 1 ? part(nodes) : CommandArgument(name: "data", kind: .block)
    if nodes.count > 1 { argument.arguments = arguments(nodes) }
    argument.isMultiple = true
    return argument
  }

  private func part(_ nodes: [Node]) -> CommandArgument {
    if case .word(let word) = nodes[0], isLiteral(nodes[0]) { return token(word, Array(nodes.dropFirst())) }
    switch nodes[0] {
    case .word(let word): return CommandArgument(name: word, kind: .string)
    case .dots: return CommandArgument(name: "arg", kind: .string)
    case .group(let isOptional, let alternatives): return group(isOptional, alternatives)
    }
  }

  private func token(_ word: String, _ rest: [Node]) -> CommandArgument {
    // A literal that is only a sign, as in `* | id`, is named by those who use it.
    let names = ["*": "auto-id", "=": "equal", "~": "approximately", "$": "new-id", "\"\"": "empty-string"]
    let name = names[word] ?? word.lowercased()
    let text = word == "\"\"" ? "" : word
    if rest.isEmpty { return CommandArgument(name: name, kind: .token, token: text) }
    let own = arguments(rest)
    if own.count == 1 && own[0].token == nil {
      var argument = own[0]
      argument.token = text
      if argument.name == "data" || argument.kind == .choice { argument.name = name }
      return argument
    }
    return CommandArgument(name: name, kind: .block, token: text, arguments: own)
  }

  /// `A | B [A | B ...]` without its repetition, if there is one.
  private func repeatedAlternatives(_ alternatives: [[Node]]) -> [[Node]]? {
    guard case .group(true, var repeated)? = alternatives.last?.last, repeated.last?.last == .dots else { return nil }
    var first = alternatives
    first[first.count - 1].removeLast()
    repeated[repeated.count - 1].removeLast()
    return repeated == first ? first : nil
  }

  private func group(_ isOptional: Bool, _ alternatives: [[Node]]) -> CommandArgument {
    var argument: CommandArgument
    if alternatives.count > 1, let first = repeatedAlternatives(alternatives) {
      argument = choice(first)
      argument.isMultiple = true
    } else if alternatives.count > 1 {
      argument = choice(alternatives)
    } else {
      let isRepeated = alternatives[0].last == .dots
      let own = arguments(alternatives[0].filter { $0 != .dots })
      argument =
        own.count == 1 ? own[0] : CommandArgument(name: own.first?.name ?? "data", kind: .block, arguments: own)
      if isRepeated { argument.isMultiple = true }
    }
    if isOptional { argument.isOptional = true }
    return argument
  }

  private func choice(_ alternatives: [[Node]]) -> CommandArgument {
    var isRepeated = false
    let members = alternatives.map { nodes -> CommandArgument in
      let own = arguments(nodes.filter { $0 != .dots })
      var member =
        own.count == 1 ? own[0] : CommandArgument(name: own.first?.name ?? "data", kind: .block, arguments: own)
      // `A | <B | C> ...` repeats the part in brackets, `A | B ...` all.
      if nodes.last == .dots {
        if member.kind == .choice { member.isMultiple = true } else { isRepeated = true }
      }
      return member
    }
    var argument = CommandArgument(name: members.first?.name ?? "option", kind: .choice, arguments: members)
    argument.isMultiple = isRepeated
    return argument
  }
}
