import Foundation
import Glibc

/// A server under test, or its oracle, as a child process with a directory and a port of its own.
public final class ServerProcess {
  public enum Kind: Sendable {
    case martlet
    /// Debian's `redis-server`, which says what is right.
    case redis
  }

  public let kind: Kind
  public let port: Int
  public let directory: URL
  private let process: ChildProcess
  private let log: URL
  private let ownsDirectory: Bool

  /// Starts a server and waits until it answers.
  ///
  /// - Parameters:
  ///   - options: directives as on the command line, e.g. `["--maxmemory", "10mb"]`.
  ///   - configuration: a file that is read before them.
  ///   - directory: where it runs and keeps its files, instead of one of its own.
  public init(
    _ kind: Kind, options: [String] = [], configuration: String? = nil, directory: URL? = nil
  ) throws {
    self.kind = kind
    port = try Self.freePort()
    ownsDirectory = directory == nil
    self.directory =
      directory
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("martlet-test-\(getpid())-\(port)")
    try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
    log = self.directory.appendingPathComponent("server-\(port).log")
    let arguments =
      (configuration.map { [$0] } ?? [])
      + ["--port", "\(port)", "--bind", "127.0.0.1", "--dir", self.directory.path, "--daemonize", "no"]
      + (options.contains("--save") ? [] : ["--save", ""]) + options
    process = try ChildProcess(
      (kind == .martlet ? Self.martlet : Self.redis).path, arguments, output: log.path)
    try waitUntilReady()
  }

  deinit {
    stop()
    if ownsDirectory { try? FileManager.default.removeItem(at: directory) }
  }

  public var processIdentifier: Int32 { process.identifier }
  public var isRunning: Bool { process.isRunning }
  public var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  public func connect() throws -> RESPClient { try RESPClient(port: port) }

  /// Ends the server at once, as a power cut would.
  public func stop() { process.kill() }

  /// Asks the server to end, and waits for it; returns its exit code, nil if it does not end in time.
  @discardableResult
  public func terminate(_ signal: Int32 = SIGTERM) -> Int32? {
    if process.isRunning { kill(process.identifier, signal) }
    return process.waitForEnd(seconds: 10)
  }

  /// Waits for the server to end by itself; nil if it does not.
  public func waitForEnd(seconds: Double) -> Int32? { process.waitForEnd(seconds: seconds) }

  private func waitUntilReady() throws {
    let deadline = Date().addingTimeInterval(20)
    while Date() < deadline {
      if !process.isRunning { break }
      if let client = try? RESPClient(port: port), let answer = try? client.call("PING"),
        answer.text.hasPrefix("+PONG")
          || answer.text.hasPrefix("-NOAUTH")
      {
        return
      }
      usleep(10_000)
    }
    throw TestFailure("the server did not start:\n\(logText)")
  }

  // MARK: Where things are

  /// The server that the test run built, or what MARTLET_SERVER names.
  public static let martlet: URL = {
    if let path = ProcessInfo.processInfo.environment["MARTLET_SERVER"] { return URL(fileURLWithPath: path) }
    // The tests' executable lies beside the server's, in some runners within a bundle.
    var directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = directory.appendingPathComponent("martlet-server")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      directory.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: ".build/debug/martlet-server")
  }()

  public static let redis = URL(fileURLWithPath: "/usr/bin/redis-server")

  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard result else { throw TestFailure("no port to be had") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

public struct TestFailure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// Waits until `condition` holds; false if it does not within `seconds`.
public func eventually(seconds: Double = 5, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = Date().addingTimeInterval(seconds)
  while Date() < deadline {
    if try condition() { return true }
    usleep(5000)
  }
  return try condition()
}
