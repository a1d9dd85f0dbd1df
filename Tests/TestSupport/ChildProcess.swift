import Foundation
import Glibc

/// A child process without a run loop: tests block their thread, and Foundation's own class then waits for ever.
public final class ChildProcess {
  public let identifier: Int32
  /// The exit code, or minus the signal that ended it.
  private var status: Int32?

  /// Starts a program with its output, errors included, going to a file.
  public init(_ path: String, _ arguments: [String], input: String = "/dev/null", output: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Threads of a test runner may have signals blocked, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child: Int32 = 0
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let failure = posix_spawn(&child, path, &actions, &attributes, &words, environ)
    if failure != 0 { throw TestFailure("cannot start \(path): \(String(cString: strerror(failure)))") }
    identifier = child
  }

  deinit { kill() }

  /// Asks the kernel whether the child has ended.
  private func look() -> Int32? {
    if let status { return status }
    var raw: Int32 = 0
    guard waitpid(identifier, &raw, WNOHANG) == identifier else { return nil }
    status = raw & 0x7f == 0 ? raw >> 8 & 0xff : -(raw & 0x7f)
    return status
  }

  public var isRunning: Bool { look() == nil }

  /// Waits for the end; nil if it does not come in time.
  public func waitForEnd(seconds: Double) -> Int32? {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
      if let status = look() { return status }
      usleep(2000)
    }
    return look()
  }

  public func kill() {
    guard isRunning else { return }
    Glibc.kill(identifier, SIGKILL)
    _ = waitForEnd(seconds: 10)
  }
}

/// Runs a program to its end and returns its exit code and what it wrote.
public func runProgram(
  _ path: String, _ arguments: [String], input: String? = nil, seconds: Double = 120
) throws -> (code: Int32, output: String) {
  let name = NSTemporaryDirectory() + "martlet-run-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
  defer {
    unlink(name + ".out")
    unlink(name + ".in")
  }
  if let input { try input.write(toFile: name + ".in", atomically: true, encoding: .utf8) }
  let process = try ChildProcess(
    path, arguments, input: input == nil ? "/dev/null" : name + ".in", output: name + ".out")
  guard let code = process.waitForEnd(seconds: seconds) else {
    throw TestFailure("\(path) \(arguments.joined(separator: " ")) did not end within \(Int(seconds)) s")
  }
  let output = FileManager.default.contents(atPath: name + ".out") ?? Data()
  return (code, String(decoding: output, as: UTF8.self))
}
