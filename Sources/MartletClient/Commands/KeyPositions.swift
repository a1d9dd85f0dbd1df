/// Where keys stand among the words of a command; the declarations of all commands are generated.
/// https://redis.io/docs/latest/develop/reference/key-specs/
struct KeyPositions {
  enum Begin {
    case index(Int)
    /// Behind a word, which is searched from a place on, or backwards from a place that is counted from the end.
    case keyword(String, from: Int)
  }

  enum Find {
    /// `last` is relative to the first key; if negative, to the end, of which only one part in `limit` are keys.
    case range(last: Int, step: Int, limit: Int)
    /// A number says how many.
    case count(at: Int, first: Int, step: Int)
  }

  let begin: Begin
  let find: Find

  /// The keys of a command. Of one that is not known, the first argument is taken for one: if it is none, any node will do.
  static func keys(of words: [RESPArgument]) -> [RESPArgument] {
    guard words.count > 1 else { return [] }
    var name = words[0].text.uppercased()
    if containers.contains(name) { name += " \(words[1].text.uppercased())" }
    guard let positions = declared[name] else { return name.contains(" ") ? [] : [words[1]] }
    return positions.flatMap { $0.keys(of: words) }
  }

  private func keys(of words: [RESPArgument]) -> [RESPArgument] {
    guard var first = firstKey(words) else { return [] }
    let last: Int
    let step: Int
    switch find {
    case .range(let end, let keyStep, let limit):
      step = keyStep
      last =
        end >= 0 ? first + end : limit == 0 ? words.count + end : first + (words.count - first) / limit + end
    case .count(let at, let firstKey, let keyStep):
      step = keyStep
      guard first + at < words.count, let number = Int(words[first + at].text), number > 0, number < words.count
      else { return [] }
      first += firstKey
      last = first + (number - 1) * step
    }
    guard first < words.count, last >= first, last < words.count else { return [] }
    return stride(from: first, through: last, by: max(1, step)).map { words[$0] }
  }

  private func firstKey(_ words: [RESPArgument]) -> Int? {
    switch begin {
    case .index(let index): return index
    case .keyword(let word, let from):
      let start = from > 0 ? from : words.count + from
      guard words.indices.contains(start) else { return nil }
      let places = from > 0 ? Array(words.indices[start...]) : words.indices[...start].reversed()
      return places.first { words[$0].text.uppercased() == word }.map { $0 + 1 }
    }
  }
}
