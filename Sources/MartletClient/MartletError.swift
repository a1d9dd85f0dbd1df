/// What can go wrong between a call and its reply. A cancelled task throws `CancellationError` instead.
public enum MartletError: Error, Sendable, Hashable {
  /// The server answered an error.
  case server(ServerError)
  /// The reply is not of the type that the command promises.
  case unexpectedReply(expected: String, got: String)
  /// The server does not speak RESP, or announces more than ``RESPLimits`` allow. The connection is closed.
  case protocolViolation(RESPError)
  /// No connection could be made.
  case cannotConnect(String)
  /// The connection was lost before the reply came. With `mayHaveRun` the command may have been carried out, or not:
  /// nobody knows. Without, it was certainly not sent.
  case connectionLost(mayHaveRun: Bool)
  /// No reply within ``ClientConfiguration/commandTimeout``; the command may have been carried out.
  case timedOut
  /// As many commands wait for replies as ``ClientConfiguration/maximumInFlight`` allows, and it was chosen to fail then.
  case tooManyInFlight
  /// The client was shut down.
  case closed
  /// The command changes the state of its connection, which others share: see ``Client/withConnection(_:)``.
  case needsOwnConnection(String)
  /// A watched key changed: nothing of the transaction was carried out.
  case transactionAborted
  /// The keys of a command, or of a transaction, belong to different slots of a cluster: no node has them all. Nothing was
  /// sent.
  case crossSlot
  case invalidURL(String)
  /// A setting that was read from somewhere makes no sense.
  case invalidConfiguration(String)
}
