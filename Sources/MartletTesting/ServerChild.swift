import Foundation
import Synchronization

/// The server's process. Without Foundation's own class, which waits for a run loop.
final class ServerChild: Sendable {
  let identifier: Int32
  private let hasEnded = Mutex(false)

  init(_ path: String, _ arguments: [String], output: String) throws {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Threads of a test runner may have signals blocked, which a child would inherit.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let failure = posix_spawn(&child, path, &actions, &attributes, &words, environ)
    if failure != 0 { throw TestServerError("cannot start \(path): \(String(cString: strerror(failure)))") }
    identifier = child
  }

  var isRunning: Bool {
    hasEnded.withLock { hasEnded in
      var status: Int32 = 0
      if !hasEnded && waitpid(identifier, &status, WNOHANG) == identifier { hasEnded = true }
      return !hasEnded
    }
  }

  /// Kills the process and waits for its end, which a killed process cannot put off.
  func end() {
    hasEnded.withLock { hasEnded in
      if hasEnded { return }
      kill(identifier, SIGKILL)
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
      hasEnded = true
    }
  }
}

enum FreePort {
  /// A port that nobody listens on now.
  static func find() throws -> Int {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw TestServerError("no port to be had") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
