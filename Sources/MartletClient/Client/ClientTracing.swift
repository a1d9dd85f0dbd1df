#if Tracing
  import Tracing

  // Spans of what a client sends, as https://opentelemetry.io/docs/specs/semconv/db/redis/ names them: one for each command,
  // pipeline and transaction, however often it is sent again and whoever is asked. Neither keys nor values are part of it.

  /// The span of something that is sent, to be told what becomes of it.
  struct CommandSpan {
    fileprivate let span: any Span

    /// Who answers is who was asked last.
    func asked(_ address: Address) {
      switch address {
      case .host(let host, let port):
        span.attributes["server.address"] = host
        span.attributes["server.port"] = Int64(port)
      case .unixSocket(let path): span.attributes["server.address"] = path
      }
    }

    /// The first error among the replies of several commands.
    func answered(_ replies: [RESPValue]) {
      for reply in replies.flatMap({ [$0] + ($0.elements ?? []) }) {
        guard case .error(let error) = reply.withoutAttributes else { continue }
        return failed(MartletError.server(error))
      }
    }

    fileprivate func failed(_ error: any Error) {
      switch error {
      case MartletError.server(let error):
        span.attributes["db.response.status_code"] = String(error.code)
        span.attributes["error.type"] = String(error.code)
      case MartletError.timedOut: span.attributes["error.type"] = "timeout"
      default: span.attributes["error.type"] = "\(Swift.type(of: error))"
      }
      span.setStatus(SpanStatus(code: .error))
    }
  }

  extension Client {
    /// Does something within a span.
    ///
    /// - Parameter size: how many commands are sent as one.
    func traced<T>(_ operation: String, size: Int = 1, _ body: (CommandSpan) async throws -> T) async throws -> T {
      try await withSpan(operation, ofKind: .client) { span in
        span.attributes["db.system.name"] = "redis"
        span.attributes["db.operation.name"] = operation
        span.attributes["db.namespace"] = "\(configuration.database)"
        if size > 1 { span.attributes["db.operation.batch.size"] = Int64(size) }
        let command = CommandSpan(span: span)
        do {
          return try await body(command)
        } catch {
          // The tracer itself notes the error that is thrown on.
          command.failed(error)
          throw error
        }
      }
    }
  }
#endif
