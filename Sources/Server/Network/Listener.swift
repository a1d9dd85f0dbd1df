import CMartlet
import Glibc

/// A socket that accepts connections.
struct Listener {
  enum Failure: Error {
    case addressTooLong
    /// The system's reason.
    case system(String)
  }

  let fileDescriptor: Int32
  /// What it listens on, as configured.
  let address: String
  /// Set for a Unix socket, whose file is removed at the end.
  let path: String?

  private static func lastError() -> Failure { .system(String(cString: strerror(martlet_errno()))) }

  /// Listens on an IPv4 or IPv6 address, or a host name's first address; `*` and `::*` are all addresses.
  static func tcp(address: String, port: Int, backlog: Int) throws(Failure) -> Listener {
    let isIPv6 = address.contains(":")
    var hints = addrinfo()
    hints.ai_family = isIPv6 ? AF_INET6 : address == "*" ? AF_INET : AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var list: UnsafeMutablePointer<addrinfo>?
    let host: String? = address == "*" || address == "::*" ? nil : address
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0, let first = list else { throw .system(String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    let fd = socket(
      first.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard fd >= 0 else { throw lastError() }
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1)
    if first.pointee.ai_family == AF_INET6 { set(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    guard bind(fd, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, listen(fd, Int32(backlog)) == 0 else {
      let error = lastError()
      close(fd)
      throw error
    }
    return Listener(fileDescriptor: fd, address: address, path: nil)
  }

  /// Listens on a Unix socket at `path`, replacing what a former process left there.
  static func unix(path: String, permissions: Int, backlog: Int) throws(Failure) -> Listener {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .addressTooLong }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    unlink(path)
    let fd = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard fd >= 0 else { throw lastError() }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(fd, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(fd, Int32(backlog)) == 0 else {
      let error = lastError()
      close(fd)
      throw error
    }
    if permissions != 0 { chmod(path, mode_t(permissions)) }
    return Listener(fileDescriptor: fd, address: path, path: path)
  }

  func end() {
    close(fileDescriptor)
    if let path { unlink(path) }
  }

  /// A connection that was accepted.
  struct Accepted {
    let fileDescriptor: Int32
    /// `ip:port`, or `path:0`.
    let peerAddress: String
    let localAddress: String
    let isUnix: Bool
    let isLoopback: Bool
  }

  /// The next waiting connection; nil if there is none.
  func accept() -> Accepted? {
    while true {
      let fd = martlet_accept(fileDescriptor, nil, nil)
      if fd >= 0 { return describe(fd) }
      if martlet_errno() != EINTR { return nil }
    }
  }

  private func describe(_ fd: Int32) -> Accepted {
    if let path {
      return Accepted(
        fileDescriptor: fd, peerAddress: path + ":0", localAddress: path + ":0", isUnix: true, isLoopback: true)
    }
    Listener.set(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    let peer = Listener.address(fd, getpeername)
    let local = Listener.address(fd, getsockname)
    return Accepted(
      fileDescriptor: fd, peerAddress: peer.text, localAddress: local.text, isUnix: false, isLoopback: peer.isLoopback)
  }

  static func enableKeepAlive(_ fd: Int32, seconds: Int) {
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1)
    set(fd, Int32(IPPROTO_TCP), TCP_KEEPIDLE, Int32(seconds))
    set(fd, Int32(IPPROTO_TCP), TCP_KEEPINTVL, Int32(max(1, seconds / 3)))
    set(fd, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
  }

  private static func set(_ fd: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func address(
    _ fd: Int32, _ get: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> (text: String, isLoopback: Bool) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { get(fd, $0, &length) }
    }
    guard status == 0 else { return ("?:0", false) }
    var text = [CChar](repeating: 0, count: 64)
    return withUnsafePointer(to: &storage) { storage in
      if storage.pointee.ss_family == AF_INET6 {
        return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
          var ip = address.pointee.sin6_addr
          inet_ntop(AF_INET6, &ip, &text, 64)
          let string = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
          return (
            "\(string.contains(":") ? "[\(string)]" : string):\(UInt16(bigEndian: address.pointee.sin6_port))",
            string == "::1"
          )
        }
      }
      return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        var ip = address.pointee.sin_addr
        inet_ntop(AF_INET, &ip, &text, 64)
        let string = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ("\(string):\(UInt16(bigEndian: address.pointee.sin_port))", string.hasPrefix("127."))
      }
    }
  }
}
