import Foundation

/// What to send, to whom, and how much of it.
struct Options {
  var host = "127.0.0.1"
  var port = 6379
  var connections = 50
  var pipeline = 1
  /// Distinct values of `{k}`.
  var keyspace = 1_000_000
  var valueSize = 64
  var seconds = 2.0
  /// Set: so many requests instead of so many seconds.
  var requests: Int?
  /// `{k}` takes each value once, in order, instead of values at random.
  var isSequential = false
  /// Connections that subscribe to `channel` and only listen.
  var subscribers = 0
  var seed: UInt64 = 1
  /// Sent once, on a connection of its own, when the clock starts.
  var first: String?
  /// Sent on every connection before the clock starts, divided by slashes.
  var opening: [String] = []
  /// The commands, in turn: words divided by blanks, with placeholders.
  var commands: [[String]] = []

  static let usage = """
    usage: martlet-load [options] COMMAND [/ COMMAND ...]

    Keeps a server busy over many connections and prints one line: requests a second, and the latency of a
    batch (50th, 99th, 99.9th percentile and maximum, in microseconds).

      --host H --port N     the server (127.0.0.1, 6379)
      --connections N       connections (50)
      --pipeline N          requests sent at once on each (1)
      --keyspace N          distinct keys (1000000)
      --value-size N        bytes of {v} (64)
      --seconds S           how long (2)
      --requests N          how many, instead of how long
      --sequential          keys in order, each once
      --subscribers N       further connections that subscribe to `channel` and read what comes
      --seed N              of the random choices (1)
      --first WORD          a command sent once as the clock starts, such as BGSAVE
      --opening COMMANDS    commands that every connection begins with, divided by slashes: "HELLO 3 / SELECT 1"

    In a command {k} is a key of 16 bytes, {v} a value, {i} a number below a million, {n} a number that rises.
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func take(_ name: String) throws -> String {
      guard let value = rest.popFirst() else { throw Failure("\(name) needs a value") }
      return value
    }
    func number(_ name: String) throws -> Int {
      guard let value = Int(try take(name)), value >= 0 else { throw Failure("\(name) needs a number") }
      return value
    }
    while let first = rest.first, first.hasPrefix("--") {
      rest.removeFirst()
      switch first {
      case "--host": host = try take(first)
      case "--port": port = try number(first)
      case "--connections": connections = max(1, try number(first))
      case "--pipeline": pipeline = max(1, try number(first))
      case "--keyspace": keyspace = max(1, try number(first))
      case "--value-size": valueSize = try number(first)
      case "--seconds": seconds = Double(try take(first)) ?? 2
      case "--requests": requests = try number(first)
      case "--sequential": isSequential = true
      case "--subscribers": subscribers = try number(first)
      case "--first": self.first = try take(first)
      case "--opening":
        opening = try take(first).split(separator: "/").map { $0.trimmingCharacters(in: .whitespaces) }
      case "--seed": seed = UInt64(try number(first))
      default: throw Failure("unknown option \(first)")
      }
    }
    commands = rest.split(separator: "/").map(Array.init)
    if commands.isEmpty { throw Failure("no command given") }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
