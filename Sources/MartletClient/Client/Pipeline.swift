/// The replies of a batch, each read as its command's type.
struct ReplyReader {
  private let replies: [RESPValue]
  private var next = 0

  init(_ replies: [RESPValue]) { self.replies = replies }

  mutating func read<C: Command>(_ command: C) -> Result<C.Response, MartletError> {
    guard next < replies.count else {
      return .failure(.unexpectedReply(expected: "\(C.Response.self)", got: "nothing"))
    }
    next += 1
    do throws(MartletError) {
      return .success(try C.Response(from: replies[next - 1]))
    } catch {
      return .failure(error)
    }
  }
}

extension Client {
  /// Sends several commands at once and waits for all their replies:
  ///
  ///     let (name, visits) = try await client.pipeline(GET("name"), INCR("visits"))
  ///
  /// They are carried out in their order, but not as one: others' commands may come between. See
  /// ``transaction(_:)``.
  ///
  /// - Throws: the first error among the replies; all commands have been carried out nonetheless.
  public func pipeline<each C: Command>(_ commands: repeat each C) async throws -> (repeat (each C).Response) {
    let results = try await pipelineResults(repeat each commands)
    return (repeat try (each results).get())
  }

  /// As ``pipeline(_:)``, with a result for every command.
  ///
  /// - Throws: if the commands could not be sent, or their replies were lost.
  public func pipelineResults<each C: Command>(
    _ commands: repeat each C
  ) async throws -> (repeat Result<(each C).Response, MartletError>) {
    let batch = try Batch(repeat each commands)
    var reader = ReplyReader(try await send(batch))
    return (repeat reader.read(each commands))
  }

  /// Sends commands of one kind at once: `pipeline(names.map { GET($0) })`.
  public func pipeline<C: Command>(_ commands: [C]) async throws -> [C.Response] {
    var batch = Batch()
    for command in commands { try batch.add(command) }
    var reader = ReplyReader(try await send(batch))
    return try commands.map { try reader.read($0).get() }
  }

  func send(_ batch: Batch) async throws -> [RESPValue] {
    try await repeating(isReadOnly: batch.isReadOnly) {
      let node = try node(for: batch.routingKey, isReadOnly: batch.isReadOnly)
      if batch.isBlocking || configuration.batching == .off {
        let pool = batch.isBlocking ? node.pool : node.unshared
        return try await pool.withLink { try await $0.roundTrip(batch.encoded.bytes, lengths: batch.encoded.lengths) }
      }
      return try await node.link(for: batch.routingKey)
        .roundTrip(batch.encoded.bytes, lengths: batch.encoded.lengths)
    }
  }
}

/// Commands that are sent as one.
struct Batch {
  var encoded = EncodedCommands()
  private(set) var routingKey: RESPArgument?
  private(set) var isReadOnly = true
  private(set) var isBlocking = false

  init() {}

  init<each C: Command>(_ commands: repeat each C) throws(MartletError) {
    repeat try add(each commands)
  }

  /// Of a transaction: nothing in it waits, and it is not sent again when its replies are lost.
  mutating func becomeTransaction() {
    isBlocking = false
    isReadOnly = false
  }

  mutating func add<C: Command>(_ command: C) throws(MartletError) {
    if C.needsOwnConnection { throw .needsOwnConnection(C.name) }
    if routingKey == nil { routingKey = command.routingKey }
    isReadOnly = isReadOnly && C.isReadOnly
    isBlocking = isBlocking || command.isBlocking
    encoded.append { command.encode(into: &$0) }
  }
}
