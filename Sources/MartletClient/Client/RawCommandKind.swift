/// What the client must know of a command that it was given as words.
enum RawCommandKind {
  case ordinary
  /// The server may let it wait, so that others must not stand behind it.
  case blocking
  /// Changes the state of its connection.
  case stateful

  init(_ arguments: [RESPArgument]) {
    guard case .string(let name)? = arguments.first else {
      self = .ordinary
      return
    }
    // Most names are none of these, and their length or first letter tells.
    switch name.uppercased() {
    case "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "BLMOVEM", "WAIT",
      "WAITAOF":
      self = .blocking
    case "XREAD", "XREADGROUP":
      self = arguments.contains { $0.text.uppercased() == "BLOCK" } ? .blocking : .ordinary
    case "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE",
      "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SELECT", "RESET", "QUIT", "AUTH", "HELLO", "ASKING", "READONLY",
      "READWRITE", "SYNC", "PSYNC", "REPLCONF":
      self = .stateful
    case "CLIENT":
      let words: Set = ["REPLY", "TRACKING", "CACHING", "NO-EVICT", "NO-TOUCH", "SETNAME"]
      self = arguments.count > 1 && words.contains(arguments[1].text.uppercased()) ? .stateful : .ordinary
    default: self = .ordinary
    }
  }
}
