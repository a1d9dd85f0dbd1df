/// The address of a server as its users write it: `redis://`, `rediss://`, `unix://`, `redis-sentinel://`,
/// `redis-cluster://`.
struct ClientURL {
  private let text: String

  init(_ text: String) { self.text = text }

  /// Sets what the URL says, and returns where to connect to.
  func apply(to configuration: inout ClientConfiguration) throws(MartletError) -> Client.Target {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      throw .invalidURL("no scheme in \(shown)")
    }
    let scheme = text[..<colon].lowercased()
    var rest = text[colon...].dropFirst(3)
    let master = try applyQuery(cutFrom: &rest, to: &configuration)
    let parts = scheme.split(separator: "-", maxSplits: 1).map(String.init)
    let topology = parts.count > 1 && scheme != "redis+unix" ? parts[1] : ""
    switch parts.first ?? "" {
    case "redis", "valkey", "martlet": break
    case "rediss", "valkeys", "martlets":
      if case .off = configuration.encryption { configuration.encryption = .tls() }
    case "unix", "redis+unix":
      try applyUser(cutFrom: &rest, to: &configuration)
      guard !rest.isEmpty else { throw .invalidURL("no path in \(shown)") }
      return .unixSocket(try decode(rest))
    default: throw .invalidURL("unknown scheme \(scheme)")
    }
    var path = Substring()
    if let slash = rest.firstIndex(of: "/") {
      path = rest[rest.index(after: slash)...]
      rest = rest[..<slash]
    }
    if !path.isEmpty { configuration.database = try number(path, "database", in: 0...Int(Int32.max)) }
    try applyUser(cutFrom: &rest, to: &configuration)
    switch topology {
    case "": return try target(rest)
    case "sentinel":
      guard let master else { throw .invalidURL("no parameter master") }
      return .sentinel(master: master, try addresses(rest, defaultPort: 26379))
    case "cluster": return .cluster(try addresses(rest, defaultPort: Address.defaultPort))
    default: throw .invalidURL("unknown scheme \(scheme)")
    }
  }

  private func addresses(_ list: Substring, defaultPort: Int) throws(MartletError) -> [Address] {
    var addresses: [Address] = []
    for part in list.split(separator: ",") {
      guard let address = Address(String(part), defaultPort: defaultPort) else {
        throw .invalidURL("no port in \(part)")
      }
      addresses.append(address)
    }
    if addresses.isEmpty { throw .invalidURL("no host in \(shown)") }
    return addresses
  }

  /// The URL without what might be a password.
  private var shown: String { "\(text.prefix(8))…" }

  private func applyUser(
    cutFrom rest: inout Substring, to configuration: inout ClientConfiguration
  ) throws(MartletError) {
    guard let at = rest.lastIndex(of: "@") else { return }
    let user = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    rest = rest[rest.index(after: at)...]
    if !user[0].isEmpty { configuration.username = try decode(user[0]) }
    if user.count > 1 { configuration.password = try decode(user[1]) }
  }

  /// Returns the name of a primary that sentinels watch.
  private func applyQuery(
    cutFrom rest: inout Substring, to configuration: inout ClientConfiguration
  ) throws(MartletError) -> String? {
    guard let mark = rest.firstIndex(of: "?") else { return nil }
    var master: String?
    let query = rest[rest.index(after: mark)...]
    rest = rest[..<mark]
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts[0] {
      case "db": configuration.database = try number(value, "database", in: 0...Int(Int32.max))
      case "protocol":
        configuration.protocolVersion = try number(value, "protocol", in: 2...3) == 2 ? .resp2 : .resp3
      case "client_name": configuration.clientName = try decode(value)
      case "master": master = try decode(value)
      default: throw .invalidURL("unknown parameter \(parts[0])")
      }
    }
    return master
  }

  private func target(_ hostAndPort: Substring) throws(MartletError) -> Client.Target {
    if hostAndPort.hasPrefix("[") {
      guard let close = hostAndPort.firstIndex(of: "]") else { throw .invalidURL("no ] in \(shown)") }
      let host = hostAndPort[hostAndPort.index(after: hostAndPort.startIndex)..<close]
      let rest = hostAndPort[hostAndPort.index(after: close)...]
      return .standalone(String(host), rest.isEmpty ? 6379 : try number(rest.dropFirst(), "port", in: 1...65535))
    }
    let parts = hostAndPort.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = parts[0].isEmpty ? "localhost" : try decode(parts[0])
    return .standalone(host, parts.count > 1 ? try number(parts[1], "port", in: 1...65535) : 6379)
  }

  private func number(_ text: Substring, _ what: String, in range: ClosedRange<Int>) throws(MartletError) -> Int {
    guard let number = Int(text), range.contains(number) else { throw .invalidURL("no \(what): \(text)") }
    return number
  }

  /// Resolves `%2F` and the like.
  private func decode(_ text: Substring) throws(MartletError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        throw .invalidURL("no hexadecimal number after %")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
