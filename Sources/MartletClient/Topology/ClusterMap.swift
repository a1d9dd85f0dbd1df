/// Which node owns which slots, as a node of the cluster has it: the reply of CLUSTER SLOTS.
/// https://redis.io/docs/latest/commands/cluster-slots/
struct ClusterMap: Equatable {
  struct Range: Equatable {
    var slots: ClosedRange<Int>
    var primary: Address
  }

  private(set) var ranges: [Range] = []

  var slotCount: Int { ranges.reduce(0) { $0 + $1.slots.count } }
  var primaries: Set<Address> { Set(ranges.map(\.primary)) }

  /// - Parameter address: of the node that was asked: it need not know how others reach it, and then says so.
  /// - Throws: if the reply is none, or names slots that there are not.
  init(_ reply: RESPValue, from address: Address) throws(MartletError) {
    guard let entries = reply.elements else { throw Self.unreadable(reply) }
    for entry in entries {
      guard let parts = entry.elements, parts.count >= 3, case .integer(let first) = parts[0],
        case .integer(let last) = parts[1], first >= 0, first <= last, last < KeySlot.count,
        let node = parts[2].elements, node.count >= 2, case .integer(let port) = node[1], (1...65535).contains(port)
      else { throw Self.unreadable(entry) }
      let primary = Address.host(Self.host(node[0], from: address), port: port)
      ranges.append(Range(slots: first...last, primary: primary))
    }
  }

  /// An empty or missing name stands for the one that the client used; a question mark, for one that is not known.
  private static func host(_ value: RESPValue, from address: Address) -> String {
    if let host = value.string, !host.isEmpty, host != "?" { return host }
    if case .host(let host, _) = address { return host }
    return "localhost"
  }

  private static func unreadable(_ value: RESPValue) -> MartletError {
    .unexpectedReply(expected: "slots of a cluster", got: value.kind)
  }
}

/// `MOVED 3999 host:port` and `ASK 3999 host:port`.
struct SlotRedirection: Equatable {
  var slot: Int
  var address: Address

  /// - Parameter asked: who answered it; an empty host is that node's.
  init?(_ error: ServerError, from asked: Address) {
    let words = error.message.split(separator: " ")
    guard words.count >= 3, let slot = Int(words[1]), (0..<KeySlot.count).contains(slot),
      let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(words[2][..<colon])
    if host.isEmpty || host == "?" {
      guard case .host(let name, _) = asked else { return nil }
      host = name
    }
    self.slot = slot
    address = .host(host, port: port)
  }
}
