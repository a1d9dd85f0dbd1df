extension Connection {
  /// Sends commands back to back and waits for all their replies, error replies among them.
  public func send(_ commands: [[RESPArgument]]) async throws -> [RESPValue] {
    let encoded = EncodedCommands(commands)
    return try await link.roundTrip(encoded.bytes, lengths: encoded.lengths)
  }
}
