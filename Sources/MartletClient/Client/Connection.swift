/// A connection that is yours alone: for commands that change how the server treats it, such as WATCH, SELECT or MONITOR.
/// See ``Client/withConnection(_:)``.
public struct Connection: CommandSending {
  let link: Link
  let client: Client

  @discardableResult
  public func send<C: Command>(_ command: C) async throws -> C.Response {
    try await spanned(C.name) { try await link.send(command) }
  }

  @discardableResult
  public func send(_ arguments: [RESPArgument]) async throws -> RESPValue {
    try await spanned(arguments.first?.text.uppercased() ?? "") { try await link.send(arguments) }
  }

  /// Sends commands back to back and waits for all their replies, error replies among them.
  public func send(_ commands: [[RESPArgument]]) async throws -> [RESPValue] {
    let encoded = EncodedCommands(commands)
    return try await spanned("PIPELINE", size: commands.count) {
      try await link.roundTrip(encoded.bytes, lengths: encoded.lengths)
    }
  }

  /// Does something within a span, if the client is to make spans.
  private func spanned<T>(
    _ operation: @autoclosure () -> String, size: Int = 1, _ body: () async throws -> T
  ) async throws -> T {
    #if Tracing
      if client.configuration.tracing {
        return try await client.traced(operation(), size: size) { span in
          span.asked(link.id.node)
          let result = try await body()
          if let replies = result as? [RESPValue] { span.answered(replies) }
          return result
        }
      }
    #endif
    return try await body()
  }
}
