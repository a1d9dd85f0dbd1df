/// A connection that is yours alone: for commands that change how the server treats it, such as WATCH, SELECT or MONITOR.
/// See ``Client/withConnection(_:)``.
public struct Connection: CommandSending {
  let link: Link

  @discardableResult
  public func send<C: Command>(_ command: C) async throws -> C.Response { try await link.send(command) }
  @discardableResult
  public func send(_ arguments: [RESPArgument]) async throws -> RESPValue { try await link.send(arguments) }
}
