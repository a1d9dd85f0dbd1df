import CMartlet
import Glibc

/// Sockets to other servers.
enum OutgoingSocket {
  struct Failure: Error {
    let message: String

    init(_ message: String) { self.message = message }
    init(errno code: Int32) { message = String(cString: strerror(code)) }
  }

  /// Begins to connect, and returns a socket that never blocks: it can be written to once it is connected.
  ///
  /// - Parameter source: the address of this machine to connect from; empty: any.
  static func connect(host: String, port: String, from source: String = "") throws(Failure) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, port, &hints, &found)
    guard code == 0, let address = found else { throw Failure(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(found) }
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.pointee.ai_family, type, 0)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    if !source.isEmpty && !bind(descriptor, to: source) {
      let failure = Failure("cannot connect from \(source): \(String(cString: strerror(errno)))")
      close(descriptor)
      throw failure
    }
    if Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) != 0 && errno != EINPROGRESS {
      let failure = Failure(errno: errno)
      close(descriptor)
      throw failure
    }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    return descriptor
  }

  private static func bind(_ descriptor: Int32, to source: String) -> Bool {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(source, nil, &hints, &found) == 0, let address = found else { return false }
    defer { freeaddrinfo(found) }
    return Glibc.bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
  }

  /// How connecting ended, once the socket is ready: nil if it did not yet, 0 if it is connected, else the error.
  static func outcome(of descriptor: Int32) -> Int32? {
    var code: Int32 = 0
    var size = socklen_t(4)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    return code == EINPROGRESS ? nil : code
  }
}
