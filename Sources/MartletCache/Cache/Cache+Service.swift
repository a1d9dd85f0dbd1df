import ServiceLifecycle

extension Cache: Service {
  /// Keeps the cache until its task is cancelled or its service group shuts down, and then closes it.
  public func run() async throws {
    try? await gracefulShutdown()
    close()
  }
}
