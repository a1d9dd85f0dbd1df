import ServiceLifecycle

extension Cache: Service {
  /// Keeps the cache until its task is cancelled or its service group shuts down, and then closes it, after what is written
  /// behind has reached its store, if that does not take too long.
  public func run() async throws {
    try? await gracefulShutdown()
    do { try await drain() } catch { logger.warning("Not all writes reached their store before the end: \(error)") }
    close()
  }
}
