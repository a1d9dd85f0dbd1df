/// Where a server listens.
public enum Address: Sendable, Hashable, CustomStringConvertible {
  case host(String, port: Int)
  case unixSocket(path: String)

  public var description: String {
    switch self {
    case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unixSocket(let path): path
    }
  }
}
