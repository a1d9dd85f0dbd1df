import TestSupport

extension Comparison {
  /// Whether two replies are alike as far as they must be.
  func accepts(_ ours: Reply, _ theirs: Reply) -> Bool {
    if ours == theirs { return true }
    // An error is exact whatever a good reply may be.
    if ours.isError || theirs.isError { return false }
    return accepts(.of(ours), .of(theirs))
  }

  private static func key(_ element: Element) -> String { "\(element)" }

  /// The element with what it consists of in an order of its own; nested arrays too.
  private static func sorted(_ element: Element, width: Int) -> Element {
    guard case .aggregate(let type, let elements) = element else { return element }
    // A flat list of pairs, unless the elements are pairs themselves.
    let isFlat = elements.allSatisfy { if case .aggregate = $0 { false } else { true } }
    let step = isFlat ? width : 1
    guard elements.count % step == 0 else { return element }
    let inner = isFlat ? elements : elements.map { sorted($0, width: width) }
    var groups: [[Element]] = []
    for at in stride(from: 0, to: inner.count, by: step) { groups.append(Array(inner[at..<at + step])) }
    groups.sort { $0.map(key).joined() < $1.map(key).joined() }
    return .aggregate(type, groups.flatMap { $0 })
  }

  private static func shape(_ element: Element) -> Element {
    switch element {
    case .line(let type, _): .line(type, [])
    case .bulk(let type, _): .bulk(type, [])
    case .null: element
    case .aggregate(let type, let elements): .aggregate(type, elements.map(shape))
    }
  }

  /// EXEC's reply holds those of the commands that were queued.
  static func accepts(transaction queued: [Comparison], _ ours: Reply, _ theirs: Reply) -> Bool {
    guard case .aggregate(let type, let mine) = Element.of(ours),
      case .aggregate(let other, let right) = Element.of(theirs),
      type == other, mine.count == right.count, mine.count == queued.count
    else { return ours == theirs }
    return zip(queued, zip(mine, right)).allSatisfy { $0.accepts($1.0, $1.1) }
  }

  private func accepts(_ ours: Element, _ theirs: Element) -> Bool {
    if ours == theirs { return true }
    return switch self {
    case .exact: false
    case .encoding:
      ours == .bulk(36, Array("listpack".utf8))
        && [Array("quicklist".utf8), Array("hashtable".utf8)].contains { theirs == .bulk(36, $0) }
    case .unordered: Self.sorted(ours, width: 1) == Self.sorted(theirs, width: 1)
    case .unorderedPairs: Self.sorted(ours, width: 2) == Self.sorted(theirs, width: 2)
    case .shape: Self.shape(ours) == Self.shape(theirs)
    case .near(let tolerance): Self.near(ours, theirs, tolerance)
    }
  }

  private static func near(_ a: Element, _ b: Element, _ tolerance: Int) -> Bool {
    switch (a, b) {
    case (.line(let type, let one), .line(let other, let two)):
      guard type == other else { return false }
      if one == two { return true }
      guard let x = Int(String(decoding: one, as: UTF8.self)), let y = Int(String(decoding: two, as: UTF8.self)) else {
        return false
      }
      return (x < 0) == (y < 0) && abs(x - y) <= tolerance
    case (.aggregate(let type, let one), .aggregate(let other, let two)):
      return type == other && one.count == two.count && zip(one, two).allSatisfy { near($0, $1, tolerance) }
    default: return a == b
    }
  }
}

/// Gives the same commands to both servers and finds the first reply that differs.
struct StreamComparison {
  let ours: RESPClient
  let theirs: RESPClient

  struct Difference: CustomStringConvertible {
    let index: Int
    let command: RandomCommand
    let ours: Reply
    let theirs: Reply
    var description: String { "\(command.shown)\n  martlet: \(ours.shown)\n  redis:   \(theirs.shown)" }
  }

  /// Both servers as they were at the start.
  private func reset(isRESP3: Bool) throws {
    for client in [ours, theirs] {
      for words in [["RESET"], ["FLUSHALL"], ["HELLO", isRESP3 ? "3" : "2"]] {
        _ = try client.call(words.map { Array($0.utf8) })
      }
    }
  }

  func firstDifference(_ commands: [RandomCommand], isRESP3: Bool) throws -> Difference? {
    try reset(isRESP3: isRESP3)
    let batch = 64
    var queued: [Comparison]?
    for start in stride(from: 0, to: commands.count, by: batch) {
      let part = commands[start..<min(start + batch, commands.count)]
      let bytes = part.flatMap { RESPClient.encode($0.words) }
      try ours.send(raw: bytes)
      try theirs.send(raw: bytes)
      var found: Difference?
      var hasDiverged = false
      for (i, command) in part.enumerated() {
        let mine = try receive(ours, "martlet", command)
        let right = try receive(theirs, "redis", command)
        let isAlike =
          queued.map { Comparison.accepts(transaction: $0, mine, right) || command.comparison.accepts(mine, right) }
          ?? command.comparison.accepts(mine, right)
        if right.text == "+QUEUED\r\n" {
          queued = (queued ?? []) + [command.comparison]
        } else if right.bytes.first != UInt8(ascii: "-") {
          queued = nil
        }
        // Redis 7.0 reads numbers for SORT without clearing errno first, so what came before may fail it. From here
        // on the two hold different things.
        if !isAlike && right.text.hasPrefix("-ERR One or more scores can't be converted") && !mine.isError {
          hasDiverged = true
        }
        if found == nil && !isAlike && !hasDiverged {
          found = Difference(index: start + i, command: command, ours: mine, theirs: right)
        }
      }
      if found != nil || hasDiverged { return found }
    }
    return nil
  }

  private func receive(_ client: RESPClient, _ name: String, _ command: RandomCommand) throws -> Reply {
    do { return try client.receive() } catch { throw TestFailure("\(name) after \(command.shown): \(error)") }
  }

  /// The shortest script that it finds to end in a difference, by leaving out ever smaller parts.
  func shrink(_ commands: [RandomCommand], _ difference: Difference, isRESP3: Bool) throws -> [RandomCommand] {
    var script = Array(commands[0...difference.index])
    var size = max(1, script.count / 2)
    while true {
      var at = 0
      while at < script.count - 1 {
        var shorter = script
        shorter.removeSubrange(at..<min(at + size, script.count - 1))
        if let found = try firstDifference(shorter, isRESP3: isRESP3) {
          script = Array(shorter[0...found.index])
        } else {
          at += size
        }
      }
      if size == 1 { return script }
      size /= 2
    }
  }
}
