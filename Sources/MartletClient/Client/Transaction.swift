extension Client {
  /// Carries out commands as one, with MULTI and EXEC: nobody sees some of them done and others not.
  ///
  ///     let (from, to) = try await client.transaction(DECRBY("a", 10), INCRBY("b", 10))
  ///
  /// - Throws: ``MartletError/server(_:)`` if the server refused a command, in which case none was carried out, or the
  ///   first error among the replies, in which case the others were; ``MartletError/crossSlot``.
  public func transaction<each C: Command>(_ commands: repeat each C) async throws -> (repeat (each C).Response) {
    let batch = try Batch.transaction(routesByKey: topology.routesByKey, repeat each commands)
    return try Self.results(of: try await send(batch), repeat each commands)
  }

  /// Reads, decides, and then carries out commands as one, if nobody has changed the watched keys meanwhile:
  ///
  ///     let (balance, _) = try await client.transaction(watching: "balance") { connection in
  ///       let balance = try await connection.send(GET("balance"), as: Int?.self) ?? 0
  ///       return (INCRBY("balance", balance), INCR("doublings"))
  ///     }
  ///
  /// - Parameters:
  ///   - attempts: how often it is tried when a watched key was changed.
  ///   - body: reads over the connection and returns the commands.
  /// - Throws: ``MartletError/transactionAborted`` if a watched key was changed at every attempt.
  public func transaction<each C: Command>(
    watching keys: any RESPEncodable..., attempts: Int = 5,
    _ body: (Connection) async throws -> (repeat each C)
  ) async throws -> (repeat (each C).Response) {
    try await transaction(keys.map(\.respArgument), attempts: attempts, body)
  }

  private func transaction<each C: Command>(
    _ keys: [RESPArgument], attempts: Int, _ body: (Connection) async throws -> (repeat each C)
  ) async throws -> (repeat (each C).Response) {
    if topology.routesByKey { _ = try KeySlot.common(keys) }
    for attempt in 1...max(1, attempts) {
      do {
        return try await withConnection(toNodeFor: keys.first) { connection in
          try await connection.send(["WATCH"] + keys)
          let commands = try await body(connection)
          let batch = try Batch.transaction(routesByKey: false, repeat each commands)
          let replies = try await send(batch, over: connection.link)
          return try Self.results(of: replies, repeat each commands)
        }
      } catch MartletError.transactionAborted where attempt < attempts {
        try Task.checkCancellation()
      } catch MartletError.server(let error) where attempt < attempts && Self.isRedirection(error) {
        // Refused as a whole, by who is not in charge any more.
        try await Task.sleep(for: configuration.backoff.delay(afterFailures: attempt))
        try await topology.discover()
      }
    }
    throw MartletError.transactionAborted
  }

  /// As above, with a single command.
  public func transaction<C: Command>(
    watching keys: any RESPEncodable..., attempts: Int = 5, _ body: (Connection) async throws -> C
  ) async throws -> C.Response {
    try await transaction(keys.map(\.respArgument), attempts: attempts, body)
  }

  private static func isRedirection(_ error: ServerError) -> Bool {
    ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY"].contains(error.code)
  }

  /// Takes apart what MULTI, the commands and EXEC were answered.
  private static func results<each C: Command>(
    of replies: [RESPValue], _ commands: repeat each C
  ) throws(MartletError) -> (repeat (each C).Response) {
    guard let executed = replies.last else { throw .unexpectedReply(expected: "replies", got: "nothing") }
    switch executed.withoutAttributes {
    case .null: throw .transactionAborted
    case .error(let aborted):
      // What EXEC says is only that something was wrong before.
      for case .error(let error) in replies.dropLast() { throw .server(error) }
      throw .server(aborted)
    case .array(let replies):
      var reader = ReplyReader(replies)
      return (repeat try reader.read(each commands).get())
    default: throw .unexpectedReply(expected: "replies of a transaction", got: executed.kind)
    }
  }
}
