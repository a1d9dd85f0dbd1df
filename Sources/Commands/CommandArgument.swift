/// An argument of a command as COMMAND DOCS describes it. https://redis.io/docs/latest/develop/reference/command-arguments/
public struct CommandArgument: Equatable {
  public enum Kind: String {
    case string, integer, double, key, pattern, block
    case unixTime = "unix-time"
    case token = "pure-token"
    case choice = "oneof"
  }

  public var name: String
  public var kind: Kind
  /// The word that stands before the argument, or is all of it.
  public var token: String?
  public var isOptional = false
  public var isMultiple = false
  /// With `isMultiple`: the token is repeated too.
  public var repeatsToken = false
  /// Which of the command's key specs the argument is found by.
  public var keySpec: Int?
  /// Of a block, one after the other; of a choice, one of them.
  public var arguments: [CommandArgument] = []

  public init(name: String, kind: Kind, token: String? = nil, arguments: [CommandArgument] = []) {
    self.name = name
    self.kind = kind
    self.token = token
    self.arguments = arguments
  }

  /// As COMMAND DOCS names them.
  public var flags: [StaticString] {
    var flags: [StaticString] = []
    if isOptional { flags.append("optional") }
    if isMultiple { flags.append("multiple") }
    if repeatsToken { flags.append("multiple_token") }
    return flags
  }
}

extension Command {
  /// The arguments, read off the syntax.
  public var arguments: [CommandArgument] {
    var parser = SyntaxParser(syntax.description)
    var arguments = parser.parse()
    var namer = ArgumentNamer(self)
    for i in arguments.indices { namer.describe(&arguments[i]) }
    return arguments
  }
}

/// Says what the names in a syntax stand for. The notation does not tell; the documentation uses the same names for the
/// same things throughout, with few exceptions.
private struct ArgumentNamer {
  private let command: Command
  private let name: String
  private var keySpecsUsed = 0

  init(_ command: Command) {
    self.command = command
    name = command.name.description
  }

  mutating func describe(_ argument: inout CommandArgument) {
    for i in argument.arguments.indices { describe(&argument.arguments[i]) }
    if argument.kind == .choice { argument.name = Self.name(ofChoice: argument.arguments) ?? argument.name }
    guard argument.kind == .string else { return }
    argument.kind = kind(argument.name)
    if argument.kind == .key && !command.keys.isEmpty {
      argument.keySpec = min(keySpecsUsed, command.keys.count - 1)
      keySpecsUsed += 1
    }
  }

  private func kind(_ argument: String) -> CommandArgument.Kind {
    if Self.keys.contains(argument) && !command.keys.isEmpty { return .key }
    if argument.hasSuffix("pattern") && argument != "library-name-pattern" { return .pattern }
    if argument.hasPrefix("unix-time") { return .unixTime }
    switch argument {
    case "longitude", "latitude", "radius", "width", "height", "score": return .double
    case "timeout": return command.flags.contains(.blocking) && command.group != .generic ? .double : .integer
    case "increment": return name.hasSuffix("FLOAT") || command.group == .sortedSet ? .double : .integer
    case "min", "max":
      return command.group == .sortedSet && !name.contains("LEX") && name != "ZRANGESTORE" ? .double : .string
    case "start", "end", "stop":
      return command.group == .stream || name == "ZRANGE" || name == "ARGREP" ? .string : .integer
    default: return Self.integers.contains(argument) ? .integer : .string
    }
  }

  private static let keys: Set = [
    "key", "key1", "key2", "newkey", "source", "destination", "destkey", "storekey", "storedistkey", "sourcekey", "dst",
    "src",
  ]

  private static let integers: Set = [
    "bits", "count", "index", "limit", "size", "offset", "bit", "exactly", "numkeys", "client-id", "maxage", "slot",
    "start-slot", "end-slot", "port", "cluster-bus-port", "config-epoch", "destination-db", "decrement", "seconds",
    "milliseconds", "protover", "numfields", "cursor", "integer", "min-match-len", "version", "rank", "num-matches",
    "len", "db", "ttl", "frequency", "index1", "index2", "numreplicas", "numlocal", "ms", "entriesread", "entries-read",
    "maxcount", "maxsize", "entries-added", "weight", "numids", "quorum", "ratio", "k",
  ]

  /// Choices have no name in the notation; they are known by one of their members.
  private static func name(ofChoice members: [CommandArgument]) -> String? {
    if members.last?.name == "used" { return "operation" }
    let known = [
      "nx": "condition", "ifeq-value": "condition", "gt": "comparison", "seconds": "expiration", "asc": "order",
      "m": "unit", "async": "flush-type", "left": "where", "min": "where", "byscore": "sortby", "sum": "aggregate",
      "on": "status",
      "before": "where", "keepref": "condition", "string": "predicate",
    ]
    return members.lazy.compactMap { known[$0.name] }.first
  }
}
