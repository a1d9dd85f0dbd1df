/// Where a server listens. Literals are addresses: `"db1:7000"`, `"[::1]:6379"`, `"localhost"`, which has port 6379.
public enum Address: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  case host(String, port: Int)
  case unixSocket(path: String)

  public init(stringLiteral value: String) {
    self = Address(value) ?? .host(value, port: Address.defaultPort)
  }

  /// Reads `host`, `host:port` or `[address]:port`; nil if the port is none.
  public init?(_ text: String, defaultPort: Int = Address.defaultPort) {
    var host = text[...]
    var port: Substring?
    if let close = text.lastIndex(of: "]"), text.hasPrefix("[") {
      host = text[text.index(after: text.startIndex)..<close]
      let rest = text[text.index(after: close)...]
      if !rest.isEmpty {
        guard rest.hasPrefix(":") else { return nil }
        port = rest.dropFirst()
      }
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    guard let number = port.map({ Int($0) }) ?? defaultPort, (1...65535).contains(number) else { return nil }
    self = .host(host.isEmpty ? "localhost" : String(host), port: number)
  }

  public static let defaultPort = 6379

  public var description: String {
    switch self {
    case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unixSocket(let path): path
    }
  }
}
