import Memory
import RESP
import Structures

/// The last commands that took longer than `slowlog-log-slower-than`.
public struct Slowlog {
  public struct Record {
    let id: Int
    let unixTime: Int64
    let microseconds: Int
    let arguments: [[UInt8]]
    let peerAddress: String
    let clientName: ByteString
  }

  private static let maximumArguments = 32
  private static let maximumArgumentCount = 128

  public var maximumLength = 128
  /// Microseconds; negative: off.
  public var threshold = 10000
  private var nextID = 0
  /// Newest first.
  public private(set) var records: [Record] = []

  public init() {}

  public mutating func note(_ call: Call, microseconds: Int, unixTime: Int64) {
    guard maximumLength > 0 else { return }
    var arguments: [[UInt8]] = []
    let shown = min(call.count, Self.maximumArguments)
    for i in 0..<shown {
      if call.count > shown && i == shown - 1 {
        arguments.append(Array("... (\(call.count - shown + 1) more arguments)".utf8))
      } else if call.hidesArgument(i) {
        arguments.append(Array("(redacted)".utf8))
      } else if call[i].count > Self.maximumArgumentCount {
        let rest = call[i].count - Self.maximumArgumentCount
        arguments.append(call[i][0..<Self.maximumArgumentCount].array + Array("... (\(rest) more bytes)".utf8))
      } else {
        arguments.append(call[i].array)
      }
    }
    let details = call.session.pointee.details
    let record = Record(
      id: nextID, unixTime: unixTime, microseconds: microseconds, arguments: arguments,
      peerAddress: details.peerAddress, clientName: details.name)
    nextID += 1
    records.insert(record, at: 0)
    trim()
  }

  public mutating func trim() {
    if records.count > maximumLength { records.removeLast(records.count - maximumLength) }
  }

  public mutating func reset() { records.removeAll() }
}

extension Call {
  /// Whether the argument is a secret that logs and MONITOR must not show.
  public func hidesArgument(_ index: Int) -> Bool {
    switch command.pointee.fullName {
    case "auth": return index > 0
    case "acl|setuser": return index > 1
    case "hello":
      for i in 2..<max(2, count) where argument(i, is: "auth") { return index == i + 1 || index == i + 2 }
      return false
    case "migrate":
      var i = 6
      while i < index && !argument(i, is: "keys") {
        let secrets = argument(i, is: "auth") ? 1 : argument(i, is: "auth2") ? 2 : 0
        if index <= i + secrets { return true }
        i += 1 + secrets
      }
      return false
    case "config|set":
      guard index >= 3 && index % 2 == 1 else { return false }
      for secret: StaticString in ["requirepass", "masterauth", "primaryauth", "masteruser", "primaryuser"]
      where argument(index - 1, is: secret) { return true }
      for secret: StaticString in ["tls-key-file-pass", "tls-client-key-file-pass"]
      where argument(index - 1, is: secret) {
        return true
      }
      return false
    default: return false
    }
  }
}

extension CommandTable {
  public static let slowlog: [Command] = [
    Command(
      "SLOWLOG", arity: -2, [], group: .server, since: "2.2.12", summary: "A container for slow log commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "GET", arity: -2, [.admin, .loading, .stale], group: .server, since: "2.2.12",
          summary: "Returns the slow log's entries.", complexity: "O(N) where N is the number of entries returned",
          syntax: "[count]", tips: ["request_policy:all_nodes", "nondeterministic_output"], run: get),
        Command(
          "LEN", arity: 2, [.admin, .loading, .stale], group: .server, since: "2.2.12",
          summary: "Returns the number of entries in the slow log.",
          tips: ["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"]
        ) { call, reply in
          reply.integer(call.executor.slowlog.records.count)
        },
        Command(
          "RESET", arity: 2, [.admin, .loading, .stale], group: .server, since: "2.2.12",
          summary: "Clears all entries from the slow log.",
          complexity: "O(N) where N is the number of entries in the slowlog",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"]
        ) { call, reply in
          call.executor.slowlog.reset()
          reply.ok()
        },
        .help(
          of: "SLOWLOG", .server, since: "6.2.0",
          [
            "GET [<count>]",
            "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
            "    Entries are made of:",
            "    id, timestamp, time in microseconds, arguments array, client IP and port,",
            "    client name",
            "LEN",
            "    Return the length of the slowlog.",
            "RESET",
            "    Reset the slowlog.",
          ]),
      ])
  ]
}

private func get(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.unknownSubcommand(call) }
  var count: Int64 = 10
  if call.count == 3 {
    guard let given = parseInteger(call[2]), given >= -1 else {
      return reply.error("ERR count should be greater than or equal to -1")
    }
    count = given
  }
  let records = call.executor.slowlog.records
  let shown = count == -1 ? records[...] : records.prefix(Int(min(count, Int64(records.count))))
  reply.array(shown.count)
  for record in shown {
    reply.array(6)
    reply.integer(record.id)
    reply.integer(Int(record.unixTime))
    reply.integer(record.microseconds)
    reply.array(record.arguments.count)
    for argument in record.arguments { argument.withBytes { reply.bulk($0) } }
    reply.bulk(record.peerAddress)
    record.clientName.withBytes { reply.bulk($0) }
  }
}
