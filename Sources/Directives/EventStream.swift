/// A stream that events are appended to, as `change-feed-stream` says it: key, classes, pattern, database, length.
public struct EventStream: Sendable {
  public let key: String
  /// Letters as of `notify-keyspace-events`.
  public let classes: String
  public let pattern: String
  /// Nil: all databases.
  public let database: Int?
  /// About how many entries are kept; 0: all.
  public let maximumLength: Int

  private static let wordCount = 5

  private init(_ words: ArraySlice<String>) throws(ConfigurationError) {
    let words = Array(words)
    for word in words where word.isEmpty || word.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "'" }) {
      throw ConfigurationError("Keys and patterns of change-feed-stream must not contain blanks or quotes")
    }
    guard let letters = KeyspaceEventClasses.canonical(words[1]), letters.allSatisfy({ !"nKEm".contains($0) }) else {
      throw ConfigurationError("Invalid event class character. Use 'Ag$lshzxetda'.")
    }
    let database = Int(words[3])
    guard words[3] == "*" || (database ?? -1) >= 0 else {
      throw ConfigurationError("The database of change-feed-stream must be an index or *")
    }
    guard let length = Int(words[4]), length >= 0 else {
      throw ConfigurationError("The length of change-feed-stream must not be negative")
    }
    (key, classes, pattern, self.database, maximumLength) = (words[0], letters, words[2], database, length)
  }

  /// All that a value names.
  private static func parse(_ words: [String]) throws(ConfigurationError) -> [EventStream] {
    guard words.count.isMultiple(of: wordCount) else { throw .wrongNumberOfArguments }
    var streams: [EventStream] = []
    for first in stride(from: 0, to: words.count, by: wordCount) {
      streams.append(try EventStream(words[first..<first + wordCount]))
    }
    return streams
  }

  static func canonical(_ words: [String]) throws(ConfigurationError) -> String {
    let streams = try parse(words)
    return streams.map {
      "\($0.key) \($0.classes) \($0.pattern) \($0.database.map { String($0) } ?? "*") \($0.maximumLength)"
    }.joined(separator: " ")
  }

  /// - Parameter value: in its canonical form.
  fileprivate static func all(in value: String) -> [EventStream] {
    (try? parse(value.split(separator: " ").map(String.init))) ?? []
  }
}

extension Configuration {
  public var eventStreams: [EventStream] { EventStream.all(in: string("change-feed-stream")) }
}
