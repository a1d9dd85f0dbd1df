import CMartlet
import Glibc

/// The log, in Redis's format: `12345:M 24 Nov 2026 13:05:59.123 * message`.
public final class Log {
  public enum Level: Int, Comparable {
    case debug, verbose, notice, warning

    public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

    /// A value of `loglevel`; `nothing` logs nothing but the raw lines.
    init?(configured: String) {
      switch configured {
      case "debug": self = .debug
      case "verbose": self = .verbose
      case "notice": self = .notice
      case "warning": self = .warning
      default: return nil
      }
    }

    fileprivate var mark: String {
      switch self {
      case .debug: "."
      case .verbose: "-"
      case .notice: "*"
      case .warning: "#"
      }
    }

    fileprivate var syslogPriority: Int32 {
      switch self {
      case .debug, .verbose: LOG_DEBUG
      case .notice: LOG_NOTICE
      case .warning: LOG_WARNING
      }
    }
  }

  /// Lines below it are dropped; nil: all are.
  public var level: Level? = .notice
  /// Appended to, opened for each line so that it can be rotated; empty: standard output.
  public var path = ""
  public var usesSyslog = false
  /// M for a primary, S for a replica.
  public var role: Character = "M"

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  public init() {}

  public func debug(_ message: @autoclosure () -> String) { write(.debug, message) }
  public func verbose(_ message: @autoclosure () -> String) { write(.verbose, message) }
  public func notice(_ message: @autoclosure () -> String) { write(.notice, message) }
  public func warning(_ message: @autoclosure () -> String) { write(.warning, message) }

  private func write(_ line: Level, _ message: () -> String) {
    guard let level, line >= level else { return }
    let text = message()
    output("\(getpid()):\(role) \(Self.timestamp()) \(line.mark) \(text)\n")
    if usesSyslog { martlet_syslog(line.syslogPriority, text) }
  }

  /// Text as it is, such as the banner.
  public func raw(_ text: String) { output(text) }

  private func output(_ text: String) {
    var descriptor = STDOUT_FILENO
    if !path.isEmpty {
      descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 { return }
    }
    _ = text.withBytes { Glibc.write(descriptor, $0.base, $0.count) }
    if !path.isEmpty { close(descriptor) }
  }

  private static func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var seconds = now.tv_sec
    var parts = tm()
    localtime_r(&seconds, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(Int(parts.tm_mday), 2) + " " + months[Int(parts.tm_mon) % 12] + " \(parts.tm_year + 1900) "
      + padded(Int(parts.tm_hour), 2) + ":" + padded(Int(parts.tm_min), 2) + ":" + padded(Int(parts.tm_sec), 2) + "."
      + padded(now.tv_nsec / 1_000_000, 3)
  }
}
