#if Tracing
  import InMemoryTracing
  import MartletTesting
  import Synchronization
  import TestSupport
  import Testing
  import Tracing

  @testable import MartletClient

  // The spans of a client, as a tracer sees them: with the package trait `Tracing`.

  /// What a tracer is told while something is done with a client of a server that answers as a script says.
  private func spans(
    tracing: Bool = true, configured configure: (inout ClientConfiguration) -> Void = { _ in },
    _ script: @escaping FakeServer.Script, _ body: (Client) async throws -> Void
  ) async throws -> (spans: [FinishedInMemorySpan], server: FakeServer) {
    let server = try await FakeServer(script: script)
    let tracer = InMemoryTracer()
    let client = server.client {
      $0.tracing = tracing
      $0.database = 0
      configure(&$0)
    }
    try await withTracer(tracer) { try await body(client) }
    client.close()
    #expect(tracer.activeSpans.isEmpty)
    return (tracer.finishedSpans, server)
  }

  private func text(_ span: FinishedInMemorySpan, _ name: String) -> String? {
    switch span.attributes.get(name) {
    case .string(let text): text
    case .int64(let number): "\(number)"
    default: nil
    }
  }

  private let ok: FakeServer.Script = { _, _ in .reply("+OK\r\n") }

  @Test func eachCommandIsOneSpanWithWhatOpenTelemetryAsksFor() async throws {
    let (spans, server) = try await spans(ok) { client in
      try await client.set("secret-key", "secret-value")
      _ = try await client.get("secret-key")
      try await client.send(["config", "get", "maxmemory"])
      _ = try await client.untracked.get("secret-key")
      _ = try await client.send(GET("secret-key"), as: String.self)
    }
    #expect(spans.map(\.operationName) == ["SET", "GET", "CONFIG", "GET", "GET"])
    for span in spans {
      #expect(span.kind == .client && span.status == nil && span.errors.isEmpty)
      #expect(text(span, "db.system.name") == "redis")
      #expect(text(span, "db.operation.name") == span.operationName)
      #expect(text(span, "db.namespace") == "0")
      #expect(text(span, "server.address") == "127.0.0.1" && text(span, "server.port") == "\(server.port)")
      #expect(span.attributes.get("db.operation.batch.size") == nil && span.attributes.get("error.type") == nil)
      span.attributes.forEach { name, value in
        #expect(!"\(name) \(value)".contains("secret"), "neither keys nor values are anybody's business")
      }
    }
  }

  @Test func spansStandWithinThoseOfTheirTask() async throws {
    let (spans, _) = try await spans(ok) { client in
      try await withSpan("a request") { _ in
        try await client.set("k", "v")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<3 { group.addTask { _ = try await client.get("k") } }
          try await group.waitForAll()
        }
      }
    }
    let request = try #require(spans.last)
    #expect(request.operationName == "a request" && spans.count == 5)
    for span in spans.dropLast() { #expect(span.parentSpanID == request.spanID && span.traceID == request.traceID) }
  }

  @Test func pipelinesAndTransactionsAreOneSpanEach() async throws {
    let script: FakeServer.Script = { command, _ in
      switch command[0] {
      case "MULTI", "WATCH": .reply("+OK\r\n")
      case "EXEC": .reply("*2\r\n:1\r\n:2\r\n")
      case "INCR", "DECR": .reply("+QUEUED\r\n")
      default: .reply("$1\r\n1\r\n")
      }
    }
    let (spans, server) = try await spans(script) { client in
      _ = try await client.pipeline(GET("a"), STRLEN("b"), GET("c"))
      _ = try await client.pipeline(["a", "b"].map { GET($0) })
      _ = try await client.pipeline([GET("a")])
      _ = try await client.transaction(INCR("a"), INCR("b"))
      _ = try await client.transaction(INCR("a"), DECR("b"))
      _ = try await client.transaction(watching: "a") { _ in (INCR("a"), INCR("b")) }
    }
    let names = ["PIPELINE", "PIPELINE GET", "GET", "MULTI INCR", "MULTI", "WATCH", "MULTI INCR"]
    #expect(spans.map(\.operationName) == names)
    #expect(spans.map { text($0, "db.operation.batch.size") } == ["3", "2", nil, "2", "2", nil, "2"])
    for span in spans {
      #expect(text(span, "db.operation.name") == span.operationName)
      #expect(text(span, "server.port") == "\(server.port)" && span.status == nil)
    }
  }

  @Test func commandsOnABorrowedConnectionAreSpansToo() async throws {
    let (spans, server) = try await spans(ok) { client in
      try await client.withConnection { connection in
        try await connection.send(["watch", "k"])
        try await connection.set("k", "v")
        _ = try await connection.send([["SET", "a", "1"], ["SET", "b", "2"]])
      }
    }
    #expect(spans.map(\.operationName) == ["WATCH", "SET", "PIPELINE"])
    #expect(spans.map { text($0, "db.operation.batch.size") } == [nil, nil, "2"])
    #expect(spans.allSatisfy { text($0, "server.port") == "\(server.port)" && $0.status == nil })
  }

  @Test func errorsAreNotedWithTheirCode() async throws {
    let script: FakeServer.Script = { command, connection in
      switch command[0] {
      case "MULTI": .reply("+OK\r\n")
      case "EXEC": .reply("*2\r\n:1\r\n-WRONGTYPE not a number\r\n")
      case "SET": .reply("+QUEUED\r\n")
      case "STRLEN": .replyAndClose("$1")
      case "ECHO": .nothing
      case "PING": .reply("*0\r\n")
      default: .reply("-WRONGTYPE no string\r\n")
      }
    }
    let (spans, _) = try await spans(configured: { $0.commandTimeout = .milliseconds(400) }, script) { client in
      await #expect(throws: MartletError.self) { try await client.get("k") }
      await #expect(throws: MartletError.self) { try await client.send(["INCR", "k"]) }
      _ = try await client.pipelineResults(SET("k", "v"), GET("k"))
      await #expect(throws: MartletError.self) { try await client.transaction(SET("k", "v"), SET("l", "v")) }
      await #expect(throws: MartletError.self) { try await client.ping() }
      await #expect(throws: MartletError.self) { try await client.strlen("k") }
      await #expect(throws: MartletError.timedOut) { try await client.send(["ECHO", "k"]) }
    }
    #expect(spans.map(\.operationName) == ["GET", "INCR", "PIPELINE", "MULTI SET", "PING", "STRLEN", "ECHO"])
    #expect(spans.allSatisfy { $0.status?.code == .error })
    let codes = spans.map { text($0, "db.response.status_code") }
    #expect(codes == ["WRONGTYPE", "WRONGTYPE", "WRONGTYPE", "WRONGTYPE", nil, nil, nil])
    let types = spans.map { text($0, "error.type") }
    #expect(types == Array(repeating: "WRONGTYPE", count: 4) + ["MartletError", "MartletError", "timeout"])
    #expect(spans[0].errors.count == 1, "the tracer is given the error itself")
  }

  @Test func aCommandThatIsRedirectedNamesWhoAnswered() async throws {
    let other = try await FakeServer { _, _ in .reply("$1\r\nv\r\n") }
    let slot = KeySlot.of("k")
    let port = Mutex(0)
    let first = try await FakeServer { command, _ in
      command[0] == "CLUSTER"
        ? .reply("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port.withLock { $0 })\r\n")
        : .reply("-MOVED \(slot) 127.0.0.1:\(other.port)\r\n")
    }
    port.withLock { $0 = first.port }
    let tracer = InMemoryTracer()
    var configuration = ClientConfiguration()
    configuration.tracing = true
    let client = Client(.cluster([first.address]), configuration: configuration)
    let value = try await withTracer(tracer) { try await client.get("k") }
    #expect(value == "v")
    let span = try #require(tracer.finishedSpans.first { $0.operationName == "GET" })
    #expect(text(span, "server.port") == "\(other.port)" && span.status == nil)
    #expect(tracer.finishedSpans.count == 1, "finding out who is in charge is nobody's command")
    client.close()
  }

  @Test func nothingIsTracedUnlessAskedFor() async throws {
    let (spans, _) = try await spans(tracing: false, ok) { client in
      try await client.set("k", "v")
      _ = try await client.pipelineResults(SET("k", "v"), SET("l", "v"))
    }
    #expect(spans.isEmpty)
  }
#endif
