extension Directive {
  /// Redis Cluster.
  static let cluster: [Directive] = [
    Directive("cluster-enabled", .boolean, "no", flags: .immutable),
    Directive("cluster-config-file", .text, "nodes.conf", flags: .immutable),
    Directive("cluster-port", .integer(.port), "0", flags: .immutable),
    Directive("cluster-node-timeout", .integer(.natural), "15000"),
    Directive("cluster-ping-interval", .integer(.natural), "0", flags: .hidden, effect: .accepted),
    Directive("cluster-blacklist-ttl", .integer(.natural), "60", effect: .accepted),
    Directive("cluster-require-full-coverage", .boolean, "yes"),
    Directive("cluster-allow-reads-when-down", .boolean, "no"),
    Directive("cluster-allow-pubsubshard-when-down", .boolean, "yes"),
    Directive("cluster-allow-replica-migration", .boolean, "yes"),
    Directive("cluster-migration-barrier", .integer(.naturalInt32), "1"),
    Directive("cluster-replica-no-failover", .boolean, "no", aliases: ["cluster-slave-no-failover"]),
    Directive(
      "cluster-replica-validity-factor", .integer(.naturalInt32), "10", aliases: ["cluster-slave-validity-factor"]),
    Directive("cluster-link-sendbuf-limit", .memory(.natural), "0"),
    Directive("cluster-slot-stats-enabled", .boolean, "no", effect: .accepted),
    Directive(
      "cluster-preferred-endpoint-type", .choice(["ip", "hostname", "unknown-endpoint"]), "ip"),
    Directive("cluster-announce-ip", .text, "", flags: .emptyIsUnset),
    Directive("cluster-announce-port", .integer(.port), "0"),
    Directive("cluster-announce-tls-port", .integer(.port), "0", effect: .accepted),
    Directive("cluster-announce-bus-port", .integer(.port), "0"),
    Directive("cluster-announce-hostname", .text, "", flags: .emptyIsUnset, refine: hostName),
    Directive("cluster-announce-human-nodename", .text, "", flags: .emptyIsUnset, refine: nodeName),
    Directive("cluster-announce-client-ipv4", .text, "", flags: .emptyIsUnset, effect: .accepted),
    Directive("cluster-announce-client-ipv6", .text, "", flags: .emptyIsUnset, effect: .accepted),
  ]

  @Sendable
  private static func hostName(_ value: String) throws(ConfigurationError) -> String {
    guard value.utf8.count < 256 else { throw ConfigurationError("Hostnames must be less than 256 characters") }
    let isPlain = value.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    guard isPlain else {
      throw ConfigurationError("Hostnames may only contain alphanumeric characters, hyphens or dots")
    }
    return value
  }

  /// A node's name travels in a comma and equals separated list, so it must not hold such characters.
  @Sendable
  private static func nodeName(_ value: String) throws(ConfigurationError) -> String {
    let separators = Set("!#$%&()*+:;<>?@[]^{|}~".utf8)
    guard value.utf8.allSatisfy({ isLetterOrDigit($0) || !separators.contains($0) }) else {
      throw ConfigurationError("Announced human node name contained invalid character")
    }
    return value
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
