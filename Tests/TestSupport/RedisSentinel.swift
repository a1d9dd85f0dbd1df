import Foundation

/// A primary, a replica, and a `redis-sentinel` that watches them.
public final class RedisSentinel {
  public static let program = "/usr/bin/redis-sentinel"
  public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  public let servers: [ServerProcess]
  public let port: Int
  private let process: ChildProcess

  public init(master: String = "mymaster") throws {
    let primary = try ServerProcess(.redis)
    let replica = try ServerProcess(.redis, options: ["--replicaof", "127.0.0.1 \(primary.port)"])
    servers = [primary, replica]
    let client = try primary.connect()
    let isSynchronised = try eventually(seconds: 20) {
      try client.call("INFO", "replication").text.contains("state=online")
    }
    if !isSynchronised { throw TestFailure("the replica does not follow") }
    port = try ServerProcess.freePort()
    let file = primary.directory.appendingPathComponent("sentinel.conf").path
    try """
    port \(port)
    bind 127.0.0.1
    dir \(primary.directory.path)
    sentinel monitor \(master) 127.0.0.1 \(primary.port) 1
    sentinel down-after-milliseconds \(master) 500
    sentinel failover-timeout \(master) 3000
    """.write(toFile: file, atomically: true, encoding: .utf8)
    process = try ChildProcess(Self.program, [file], output: file + ".log")
    let port = port
    let isWatching = eventually(seconds: 20) {
      // It learns of the replica from the primary, and cannot fail over before.
      guard let sentinel = try? RESPClient(port: port) else { return false }
      return (try? sentinel.call("SENTINEL", "REPLICAS", master).text.contains("127.0.0.1")) ?? false
    }
    if !isWatching { throw TestFailure("the sentinel does not watch") }
  }

  public func call(_ words: String...) throws -> Reply {
    try RESPClient(port: port).call(words.map { Array($0.utf8) })
  }
}
