import NIOCore
import NIOPosix
import NIOSSL

/// Makes channels to one address.
struct Connector {
  private let address: Address
  private let configuration: ClientConfiguration

  init(_ address: Address, _ configuration: ClientConfiguration) {
    self.address = address
    self.configuration = configuration
  }

  func connect(
    on eventLoop: any EventLoop, handler: NIOLoopBound<ConnectionHandler>
  ) -> EventLoopFuture<any Channel> {
    let encryption: NIOSSLContext?
    do {
      encryption = try makeContext()
    } catch {
      return eventLoop.makeFailedFuture(MartletError.cannotConnect("\(error)"))
    }
    let bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(configuration.connectTimeout.timeAmount)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let encryption {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: encryption, serverHostname: self.serverHostname))
          }
          try channel.pipeline.syncOperations.addHandler(handler.value)
        }
      }
    return switch address {
    case .host(let host, let port): bootstrap.connect(host: host, port: port)
    case .unixSocket(let path): bootstrap.connect(unixDomainSocketPath: path)
    }
  }

  private func makeContext() throws -> NIOSSLContext? {
    guard case .tls(let tls, _) = configuration.encryption else { return nil }
    return try NIOSSLContext(configuration: tls)
  }

  /// The name for the certificate; an address in numbers is none.
  private var serverHostname: String? {
    if case .tls(_, let name?) = configuration.encryption { return name }
    guard case .host(let host, _) = address, (try? SocketAddress(ipAddress: host, port: 0)) == nil else { return nil }
    return host
  }
}
