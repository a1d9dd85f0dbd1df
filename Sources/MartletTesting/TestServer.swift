import Foundation
import MartletClient

/// A server of a test's own: a child process with a directory and a port to itself, which ends with the test.
///
/// The program is what the environment variable `MARTLET_SERVER` names, else `martlet-server` beside the test's own
/// executable or in `PATH`.
public final class TestServer: Sendable {
  public enum Program: Sendable, Hashable {
    case martlet
    /// `redis-server` in `PATH`.
    case redis
    case path(String)
  }

  public let port: Int
  /// Where it runs; removed with it.
  public let directory: URL
  /// A socket that it listens on as well.
  public var socketPath: String { directory.appendingPathComponent("s").path }
  public let address: Address
  private let process: ServerChild
  private let logFile: String

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - directives: as on its command line, for instance `["maxmemory": "10mb"]`.
  ///   - usesTLS: whether the port is the one for TLS; certificates are given by directives.
  /// - Throws: ``TestServerError`` if the program is not to be found, or does not start.
  public init(_ program: Program = .martlet, directives: [String: String] = [:], usesTLS: Bool = false) throws {
    let path = try Self.find(program)
    port = try FreePort.find()
    address = .host("127.0.0.1", port: port)
    directory = URL(fileURLWithPath: "/tmp").appendingPathComponent("martlet-\(getpid())-\(port)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    logFile = directory.appendingPathComponent("log").path
    var all = [
      "port": "\(port)", "bind": "127.0.0.1", "dir": directory.path, "save": "", "daemonize": "no",
      "unixsocket": directory.appendingPathComponent("s").path,
    ]
    if usesTLS {
      all["tls-port"] = "\(port)"
      all["port"] = "0"
    }
    all.merge(directives) { $1 }
    let arguments = all.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", $0.value] }
    process = try ServerChild(path, arguments, output: logFile)
  }

  deinit {
    process.end()
    try? FileManager.default.removeItem(at: directory)
  }

  /// What the server has logged so far.
  public var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

  public var processIdentifier: Int32 { process.identifier }

  /// Ends the server at once, as a crash would.
  public func stop() { process.end() }

  /// Waits until the server accepts connections.
  public func waitUntilReady(timeout: Duration = .seconds(20)) async throws {
    let deadline = ContinuousClock.now + timeout
    while ContinuousClock.now < deadline {
      if !process.isRunning { break }
      if log.contains("eady to accept connections") { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw TestServerError("the server did not start:\n\(log)")
  }

  private static func find(_ program: Program) throws -> String {
    switch program {
    case .path(let path): return path
    case .redis: return try inPath("redis-server")
    case .martlet:
      if let path = ProcessInfo.processInfo.environment["MARTLET_SERVER"] { return path }
      // The tests' executable lies beside the server's, in some runners within a bundle.
      var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      for _ in 0..<5 {
        directory.deleteLastPathComponent()
        let candidate = directory.appendingPathComponent("martlet-server").path
        if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      }
      return try inPath("martlet-server")
    }
  }

  private static func inPath(_ name: String) throws -> String {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard let path = directories.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
      throw TestServerError("\(name) is not in PATH, and MARTLET_SERVER does not name it")
    }
    return path
  }
}

public struct TestServerError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

/// Runs a server and gives `body` a client of it:
///
///     @Test func countsVisits() async throws {
///       try await withTestServer { client in
///         let visits = try await client.incr("visits")
///         #expect(visits == 1)
///       }
///     }
///
/// Server, data and client are gone when `body` has ended.
@discardableResult
public func withTestServer<T>(
  _ program: TestServer.Program = .martlet, directives: [String: String] = [:],
  configuration: ClientConfiguration = ClientConfiguration(), _ body: (Client) async throws -> T
) async throws -> T {
  let server = try TestServer(program, directives: directives)
  try await server.waitUntilReady()
  let client = Client(.standalone(server.address), configuration: configuration)
  defer {
    client.close()
    server.stop()
  }
  return try await body(client)
}
