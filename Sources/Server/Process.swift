import CMartlet
import Commands
import Directives
import Glibc
import Memory

// The server as a process: signals, the directory, the pid file, the limits of the kernel, its end.

/// Which signal asked the server to end; set by the handler, read by cron. A word that is written in one piece.
private nonisolated(unsafe) let receivedSignal = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
/// The name of a file that is of no use if it is not completed; empty: there is none.
private nonisolated(unsafe) let unfinishedFile = UnsafeMutablePointer<CChar>.allocate(capacity: unfinishedCapacity)
private let unfinishedCapacity = 64

extension ServerInstance {
  /// Descriptors that are not clients'.
  static let reservedDescriptors = 32

  var shutdownSignal: Int32? { receivedSignal.pointee == 0 ? nil : receivedSignal.pointee }

  func forgetShutdownSignal() { receivedSignal.pointee = 0 }

  /// SIGTERM and SIGINT end the server in order; a second one at once. SIGHUP and SIGPIPE do nothing.
  static func installSignalHandlers() {
    receivedSignal.initialize(to: 0)
    unfinishedFile.initialize(repeating: 0, count: unfinishedCapacity)
    martlet_signal_ignore(SIGHUP)
    martlet_signal_ignore(SIGPIPE)
    for signal in [SIGTERM, SIGINT] {
      martlet_signal(
        signal,
        { signal in
          // Only what is safe in a handler: a second SIGINT means that somebody is tired of waiting.
          if receivedSignal.pointee != 0 && signal == SIGINT {
            if unfinishedFile.pointee != 0 { unlink(unfinishedFile) }
            _exit(1)
          }
          receivedSignal.pointee = signal
        }, false)
    }
  }

  /// As `disable-thp` and `huge-page-threshold` say.
  public static func arrangeHugePages(_ configuration: Configuration) {
    let isExempt = configuration.boolean("disable-thp")
    let threshold = configuration.integer("huge-page-threshold")
    if isExempt { HugePages.disable() }
    if threshold > 0 { HugePages.use(from: threshold, isExempt: isExempt) }
  }

  /// A snapshot is being written under this name; nil: no more.
  func temporarySnapshot(_ path: String?) {
    // The first byte comes last, for whoever is interrupted here.
    unfinishedFile.pointee = 0
    guard let path, path.utf8.count < unfinishedCapacity, let first = path.utf8.first else { return }
    for (i, byte) in path.utf8.enumerated() where i > 0 { unfinishedFile[i] = CChar(bitPattern: byte) }
    unfinishedFile[path.utf8.count] = 0
    unfinishedFile.pointee = CChar(bitPattern: first)
  }

  /// Raises the limit of open files as far as it goes, up to `wanted`; returns what it is then.
  @discardableResult
  static func raiseDescriptorLimit(to wanted: UInt64) -> UInt64 {
    let present = martlet_getrlimit_nofile()
    if present >= wanted { return present }
    if martlet_setrlimit_nofile(wanted) == 0 { return wanted }
    // Bisected: one may ask for billions, and a step is a system call.
    var (reached, refused) = (present, wanted)
    while refused - reached > 1 {
      let attempt = reached + (refused - reached) / 2
      if martlet_setrlimit_nofile(attempt) == 0 { reached = attempt } else { refused = attempt }
    }
    return reached
  }

  func adjustDescriptorLimit() {
    let wanted = UInt64(settings.maximumClients + Self.reservedDescriptors)
    let limit = Self.raiseDescriptorLimit(to: wanted)
    guard limit < wanted else { return }
    let clients = max(1, Int(limit) - Self.reservedDescriptors)
    log.warning(
      "You requested maxclients of \(settings.maximumClients) requiring at least \(wanted) max file descriptors.")
    log.warning(
      "Current maximum open files is \(limit). maxclients has been reduced to \(clients) to compensate for low ulimit.")
    settings.maximumClients = clients
    try? configuration.record("maxclients", String(clients))
  }

  func changeDirectory(_ path: String) throws(ConfigurationError) {
    guard chdir(path) == 0 else { throw ConfigurationError(String(cString: strerror(errno))) }
  }

  // MARK: Start

  /// Goes into the background: the caller returns in the child only.
  public static func daemonize() {
    if fork() != 0 { exit(0) }
    setsid()
    let null = open("/dev/null", O_RDWR)
    guard null >= 0 else { return }
    for standard in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, standard) }
    if null > STDERR_FILENO { Glibc.close(null) }
  }

  func writePIDFile() {
    var path = configuration.string("pidfile")
    if path.isEmpty {
      guard configuration.boolean("daemonize") else { return }
      path = "/var/run/martlet.pid"
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      return log.warning("Failed to write PID file: \(String(cString: strerror(errno)))")
    }
    _ = "\(getpid())\n".withBytes { write(descriptor, $0.base, $0.count) }
    Glibc.close(descriptor)
    pidFile = path
  }

  /// Tells systemd how far the start is, if it asked to be told (`Type=notify`).
  func notifySupervisor(_ state: String) {
    guard let name = getenv("NOTIFY_SOCKET"), configuration.string("supervised") != "no" else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(String(cString: name).utf8)
    guard !path.isEmpty, path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    // An abstract socket's name begins with a zero byte, written as @.
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    _ = state.withBytes { bytes in
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          sendto(descriptor, bytes.base, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
        }
      }
    }
    Glibc.close(descriptor)
  }

  /// The lines that people and scripts look for when a server starts.
  func logStart() {
    log.notice("oO0OoO0OoO0Oo Martlet is starting oO0OoO0OoO0Oo")
    log.notice("Martlet version=\(Version.martlet), bits=64, pid=\(getpid()), just started")
    if let path = configuration.path {
      log.notice("Configuration loaded from \(path)")
    } else {
      log.warning(
        "Warning: no config file specified, using the default config. In order to specify a config file use martlet-server /path/to/martlet.conf"
      )
    }
    let memory = keyspace.pointee.eviction.maximumMemory
    log.raw(
      """

        Martlet \(Version.martlet) 64 bit, compatible with Redis \(settings.compatibleVersion)
        Running in standalone mode
        Port: \(settings.port)
        PID: \(getpid())
        Threads: 1 executor, epoll; maxmemory: \(memory == 0 ? "no limit" : String(memory))


      """)
    warnAboutKernel()
    log.notice("Server initialized")
  }

  private func warnAboutKernel() {
    func setting(_ path: String) -> Int? {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { Glibc.close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 64)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return nil }
      return Int(String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first ?? "")
    }
    if let maximum = setting("/proc/sys/net/core/somaxconn"), maximum < settings.backlog {
      log.warning(
        "WARNING: The TCP backlog setting of \(settings.backlog) cannot be enforced because /proc/sys/net/core/somaxconn is set to the lower value of \(maximum)."
      )
    }
  }

  func logReady() {
    if settings.port != 0 { log.notice("Ready to accept connections tcp") }
    if !settings.unixSocket.isEmpty { log.notice("Ready to accept connections unix") }
    notifySupervisor("STATUS=Ready to accept connections\nREADY=1\n")
  }

  // MARK: End

  /// Closes what is open: clients get what they are owed, files of this process go.
  func end() {
    loop.flush()
    loop.flushMessages(all: true)
    // What they may have waited for is on the disk.
    loop.releaseAll()
    for listener in listeners { listener.end() }
    if let pidFile {
      log.notice("Removing the pid file.")
      unlink(pidFile)
    }
    log.warning("Martlet is now ready to exit, bye bye...")
  }
}

extension ServerInstance {
  public static let usage = """
    Usage: martlet-server [/path/to/martlet.conf] [options] [-]
           martlet-server - (read config from stdin)
           martlet-server -v or --version
           martlet-server -h or --help

    Examples:
           martlet-server (run the server with default conf)
           echo 'maxmemory 128mb' | martlet-server -
           martlet-server /etc/martlet/6379.conf
           martlet-server --port 7777
           martlet-server --port 7777 --maxmemory 1gb --maxmemory-policy allkeys-lru
           martlet-server /etc/mymartlet.conf --loglevel verbose -
    """
}

/// What the server calls itself.
public enum Version {
  public static let martlet = "0.1.0"
}
