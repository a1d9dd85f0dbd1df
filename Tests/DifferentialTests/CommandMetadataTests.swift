import Foundation
import TestSupport
import Testing

/// COMMAND INFO says of every command what `redis-server` 7.0 says, but for what later versions changed.
@Suite struct CommandMetadataTests {
  /// What Redis 7.2 says otherwise than 7.0, by command; the parts are those of `Metadata`.
  private static let changedSince: [String: Set<String>] = [
    "acl|deluser": ["tips"], "acl|save": ["tips"], "acl|setuser": ["tips"], "client|setname": ["tips"],
    "command|getkeys": ["arity"], "command|getkeysandflags": ["arity"],
    "config|resetstat": ["tips"], "config|rewrite": ["tips"], "latency|reset": ["tips"], "msetnx": ["tips"],
    "cluster|shards": ["flags"], "cluster|slots": ["flags"], "randomkey": ["tips"], "scan": ["tips"], "wait": ["flags"],
    "blmove": ["flags"], "blpop": ["flags"],
    "brpop": ["flags"], "brpoplpush": ["flags"], "bzpopmax": ["flags"], "bzpopmin": ["flags"], "zrank": ["arity"],
    "zrevrank": ["arity"],
  ]

  private struct Metadata {
    var parts: [(name: String, value: String)]
    var subcommands: [Element]

    init?(_ element: Element) {
      guard case .aggregate(_, let fields) = element, fields.count == 10 else { return nil }
      parts = [
        ("arity", "\(fields[1])"), ("flags", Self.sorted(fields[2])), ("keys", "\(fields[3...5])"),
        ("categories", Self.sorted(fields[6])), ("tips", Self.sorted(fields[7])), ("specs", Self.specs(fields[8])),
      ]
      if case .aggregate(_, let inner) = fields[9] { subcommands = inner } else { subcommands = [] }
    }

    private static func sorted(_ element: Element) -> String {
      guard case .aggregate(_, let inner) = element else { return "\(element)" }
      return inner.map { "\($0)" }.sorted().joined(separator: " ")
    }

    /// Without the notes, which are prose, and with each spec's flags in order.
    private static func specs(_ element: Element) -> String {
      guard case .aggregate(_, let specs) = element else { return "\(element)" }
      return specs.map { spec -> String in
        guard case .aggregate(_, let fields) = spec else { return "\(spec)" }
        var shown: [String] = []
        for at in stride(from: 0, to: fields.count - 1, by: 2) where fields[at] != .bulk(36, Array("notes".utf8)) {
          shown.append("\(fields[at])=\(sorted(fields[at + 1]))")
        }
        return shown.joined(separator: ",")
      }.joined(separator: " ")
    }
  }

  private static func name(_ element: Element) -> String {
    guard case .aggregate(_, let fields) = element, case .bulk(_, let name)? = fields.first else { return "" }
    return String(decoding: name, as: UTF8.self)
  }

  private func compare(_ ours: [Element], _ theirs: [Element]) -> Int {
    let known = Dictionary(theirs.map { (Self.name($0), $0) }, uniquingKeysWith: { first, _ in first })
    var compared = 0
    for mine in ours {
      let name = Self.name(mine)
      guard let right = known[name], let a = Metadata(mine), let b = Metadata(right) else { continue }
      let changed = Self.changedSince[name] ?? []
      for (i, part) in a.parts.enumerated() where !changed.contains(part.name) {
        #expect(part.value == b.parts[i].value, "\(part.name) of \(name)")
      }
      compared += 1 + compare(a.subcommands, b.subcommands)
    }
    return compared
  }

  @Test func everyCommandSaysOfItselfWhatRedisSays() throws {
    let martlet = try ServerProcess(.martlet)
    let redis = try ServerProcess(.redis)
    let ours = try martlet.connect().call("COMMAND")
    let theirs = try redis.connect().call("COMMAND")
    guard case .aggregate(_, let mine) = Element.of(ours), case .aggregate(_, let right) = Element.of(theirs) else {
      Issue.record("COMMAND answers no array")
      return
    }
    #expect(compare(mine, right) > 250)
  }
}
