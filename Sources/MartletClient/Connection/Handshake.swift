import NIOCore

/// What is agreed with the server before the first command: protocol, user, name, database.
struct Handshake {
  let configuration: ClientConfiguration
  let handler: ConnectionHandler
  let channel: any Channel
  /// Whether a server that is a replica will not do.
  var requiresPrimary = false

  /// Which protocol was agreed on.
  func run() -> EventLoopFuture<ProtocolVersion> {
    guard configuration.protocolVersion == .resp3 else { return runOld() }
    var hello: [RESPArgument] = ["HELLO", "3"]
    if let password = configuration.password {
      hello += ["AUTH", .string(configuration.username ?? "default"), .string(password)]
    }
    if let name = configuration.clientName { hello += ["SETNAME", .string(name)] }
    return handler.exchange([hello] + information + role + selection, on: channel).assumeIsolated().flatMap { replies in
      guard case .error(let error) = replies[0].withoutAttributes else {
        return self.finish(replies, protocol: .resp3)
      }
      // A server before Redis 6 does not know the command, one that was told to refuse RESP3 says so.
      guard error.code == "NOPROTO" || error.message.lowercased().contains("unknown command") else {
        return self.channel.eventLoop.makeFailedFuture(MartletError.server(error))
      }
      return self.runOld()
    }.nonisolated()
  }

  private func runOld() -> EventLoopFuture<ProtocolVersion> {
    var commands: [[RESPArgument]] = []
    if let password = configuration.password {
      commands.append(["AUTH"] + (configuration.username.map { [.string($0)] } ?? []) + [.string(password)])
    }
    if let name = configuration.clientName { commands.append(["CLIENT", "SETNAME", .string(name)]) }
    let mustSucceed = commands.count
    commands += information + role + selection
    return handler.exchange(commands, on: channel).assumeIsolated().flatMap { replies in
      for reply in replies.prefix(mustSucceed) {
        if case .error(let error) = reply {
          return self.channel.eventLoop.makeFailedFuture(MartletError.server(error))
        }
      }
      return self.finish(replies, protocol: .resp2)
    }.nonisolated()
  }

  /// Who we are, for CLIENT LIST. Servers before Redis 7.2 answer an error, which does no harm.
  private var information: [[RESPArgument]] {
    [
      ["CLIENT", "SETINFO", "LIB-NAME", "martlet-swift"],
      ["CLIENT", "SETINFO", "LIB-VER", .string(ClientConfiguration.libraryVersion)],
    ]
  }

  private var selection: [[RESPArgument]] {
    configuration.database == 0 ? [] : [["SELECT", .integer(configuration.database)]]
  }

  private var role: [[RESPArgument]] { requiresPrimary ? [["ROLE"]] : [] }

  private func finish(_ replies: [RESPValue], protocol version: ProtocolVersion) -> EventLoopFuture<ProtocolVersion> {
    // Who may not ask for it has to rely on what sentinels say.
    if requiresPrimary, let role = replies.dropLast(selection.count).last?.elements?.first?.string, role != "master" {
      return channel.eventLoop.makeFailedFuture(MartletError.cannotConnect("the server is a \(role)"))
    }
    if configuration.database != 0, case .error(let error)? = replies.last {
      return channel.eventLoop.makeFailedFuture(MartletError.server(error))
    }
    return channel.eventLoop.makeSucceededFuture(version)
  }
}
