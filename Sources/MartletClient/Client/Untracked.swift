import NIOCore

/// Commands whose keys the server is not to remember for client-side caching: see ``Client/untracked``.
public struct UntrackedCommands: CommandSending {
  let client: Client

  @discardableResult
  public func send<C: Command>(_ command: C) async throws -> C.Response {
    if C.needsOwnConnection { throw MartletError.needsOwnConnection(C.name) }
    var route = try client.route(command)
    route.isUntracked = true
    return try await client.send(command, route)
  }

  @discardableResult
  public func send(_ arguments: [RESPArgument]) async throws -> RESPValue {
    let kind = RawCommandKind(arguments)
    if kind == .stateful { throw MartletError.needsOwnConnection(arguments[0].text.uppercased()) }
    var route = try client.route(arguments, isBlocking: kind == .blocking)
    route.isUntracked = true
    return try await client.send(arguments, route)
  }
}

extension Client {
  /// The client, for reads that are worth no place in the server's memory of who has read what:
  ///
  ///     let report = try await client.untracked.get("report:2026")
  ///
  /// Where the connections track with `OPTOUT`, as a cache's mode of that name has them do, the server is told so with each
  /// command (`CLIENT CACHING NO`). Elsewhere the commands are as always.
  public var untracked: UntrackedCommands { UntrackedCommands(client: self) }
}
