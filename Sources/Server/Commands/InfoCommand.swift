import Commands
import RESP

extension CommandTable {
  static let info: [Command] = [
    Command(
      "INFO", arity: -1, [.loading, .stale], group: .server, categories: ["dangerous"], since: "1.0.0",
      summary: "Returns information and statistics about the server.", syntax: "[section [section ...]]",
      tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"], run: tell)
  ]
}

private func tell(_ call: Call, _ reply: inout ReplyWriter) {
  let wanted = InfoSection.chosen(by: (1..<max(1, call.count)).map { call[$0].string.lowercased() })
  reply.verbatim(call.server.information(wanted))
}

/// The parts of INFO, in its order.
enum InfoSection: String, CaseIterable {
  case server = "Server"
  case clients = "Clients"
  case memory = "Memory"
  case persistence = "Persistence"
  case stats = "Stats"
  case replication = "Replication"
  case cpu = "CPU"
  case modules = "Modules"
  case commandstats = "Commandstats"
  case errorstats = "Errorstats"
  case latencystats = "Latencystats"
  case cluster = "Cluster"
  case keyspace = "Keyspace"
  case debug = "Debug"

  private var isDefault: Bool { self != .commandstats && self != .latencystats && self != .debug }

  /// The sections that the arguments of INFO name; without any, the default ones.
  static func chosen(by words: [String]) -> [InfoSection] {
    if words.isEmpty { return allCases.filter(\.isDefault) }
    return allCases.filter { section in
      words.contains { word in
        switch word {
        case "all": section != .modules && section != .debug
        case "everything": section != .debug
        case "default": section.isDefault
        default: word == section.rawValue.lowercased()
        }
      }
    }
  }
}

extension ServerInstance {
  /// The text of INFO.
  func information(_ sections: [InfoSection]) -> String {
    sections.map { section in
      "# \(section.rawValue)\r\n" + fields(section).map { "\($0.0):\($0.1)\r\n" }.joined()
    }.joined(separator: "\r\n")
  }

  private func fields(_ section: InfoSection) -> [(String, String)] {
    switch section {
    case .server: serverFields()
    case .clients: clientFields()
    case .memory: memoryFields()
    case .persistence: persistenceFields()
    case .stats: statsFields()
    case .replication: replicationFields()
    case .cpu: cpuFields()
    case .modules: []
    case .commandstats: commandFields()
    case .errorstats:
      executor.errorStatistics.sorted { $0.key < $1.key }.map { ("errorstat_\($0.key)", "count=\($0.value)") }
    case .latencystats: latencyFields()
    case .cluster: [("cluster_enabled", "0")]
    case .keyspace: keyspaceFields()
    case .debug: debugFields()
    }
  }
}
