#if Tracing
  import Tracing

  extension Client {
    /// Does something within a span of a command's, as https://opentelemetry.io/docs/specs/semconv/database/redis/ names it.
    /// Neither keys nor values are part of it.
    func traced<T>(_ name: String, _ body: () async throws -> T) async throws -> T {
      guard configuration.tracing else { return try await body() }
      return try await withSpan(name, ofKind: .client) { span in
        span.attributes["db.system.name"] = "redis"
        span.attributes["db.operation.name"] = name
        span.attributes["db.namespace"] = "\(configuration.database)"
        do {
          return try await body()
        } catch {
          if case MartletError.server(let error) = error {
            span.attributes["db.response.status_code"] = String(error.code)
          }
          span.attributes["error.type"] = "\(Swift.type(of: error))"
          // The tracer itself notes the error that is thrown on.
          span.setStatus(SpanStatus(code: .error))
          throw error
        }
      }
    }
  }
#endif
