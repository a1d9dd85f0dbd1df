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
  /// ``transaction(_:)``. In a cluster each goes to the node of its keys, and the order holds for each node.
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
    let batch = try Batch(routesByKey: topology.routesByKey, repeat each commands)
    var reader = ReplyReader(try await send(batch))
    return (repeat reader.read(each commands))
  }

  /// Sends commands of one kind at once: `pipeline(names.map { GET($0) })`.
  public func pipeline<C: Command>(_ commands: [C]) async throws -> [C.Response] {
    var batch = Batch(routesByKey: topology.routesByKey)
    for command in commands { try batch.add(command) }
    var reader = ReplyReader(try await send(batch))
    return try commands.map { try reader.read($0).get() }
  }
}
