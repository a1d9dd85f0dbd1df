import Foundation

/// A cluster of `redis-server` processes without replicas, each with a part of the slots.
public final class RedisCluster {
  public let nodes: [ServerProcess]
  /// Of each node.
  private let clients: [RESPClient]
  public let identifiers: [String]

  public init(nodes count: Int = 3) throws {
    let nodes = try (0..<count).map { _ in
      try ServerProcess(
        .redis,
        options: [
          "--cluster-enabled", "yes", "--cluster-port", "\(try ServerProcess.freePort())", "--cluster-node-timeout",
          "2000", "--notify-keyspace-events", "KA",
        ])
    }
    self.nodes = nodes
    let clients = try nodes.map { try $0.connect() }
    self.clients = clients
    identifiers = try clients.map { try $0.call("CLUSTER", "MYID").word }
    for (index, client) in clients.enumerated() {
      let first = 16384 * index / count
      let last = 16384 * (index + 1) / count - 1
      _ = try client.call("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(last)")
      _ = try client.call("CLUSTER", "SET-CONFIG-EPOCH", "\(index + 1)")
    }
    for node in nodes.dropFirst() {
      let busPort = try node.connect().call("CONFIG", "GET", "cluster-port").words[1]
      _ = try clients[0].call("CLUSTER", "MEET", "127.0.0.1", "\(node.port)", busPort)
    }
    let agree = try eventually(seconds: 30) {
      try clients.allSatisfy { client in
        let facts = try client.call("CLUSTER", "INFO").text
        return facts.contains("cluster_state:ok") && facts.contains("cluster_known_nodes:\(count)\r")
      }
    }
    if !agree { throw TestFailure("the cluster does not come to be") }
  }

  public func call(_ node: Int, _ words: String...) throws -> Reply {
    try clients[node].call(words.map { Array($0.utf8) })
  }

  /// The node that owns a slot, by the first node's word.
  public func owner(ofSlot slot: Int) throws -> Int {
    for (index, client) in clients.enumerated() {
      let mine = try client.call("CLUSTER", "NODES").text.split(separator: "\n").first { $0.contains("myself") } ?? ""
      for range in mine.split(separator: " ").dropFirst(8) where !range.hasPrefix("[") {
        let ends = range.split(separator: "-").compactMap { Int($0) }
        if let first = ends.first, let last = ends.last, (first...last).contains(slot) { return index }
      }
    }
    throw TestFailure("nobody owns slot \(slot)")
  }

  /// Opens the way of a slot from one node to another: keys that are not there are asked for at the other.
  public func beginMove(ofSlot slot: Int, from: Int, to: Int) throws {
    _ = try call(to, "CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", identifiers[from])
    _ = try call(from, "CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", identifiers[to])
  }

  /// Takes keys of the slot over.
  public func moveKeys(ofSlot slot: Int, from: Int, to: Int, count: Int = 1000) throws {
    for key in try call(from, "CLUSTER", "GETKEYSINSLOT", "\(slot)", "\(count)").words {
      _ = try call(from, "MIGRATE", "127.0.0.1", "\(nodes[to].port)", key, "0", "5000")
    }
  }

  public func endMove(ofSlot slot: Int, to: Int) throws {
    _ = try call(to, "CLUSTER", "SETSLOT", "\(slot)", "NODE", identifiers[to])
    for node in nodes.indices where node != to {
      _ = try call(node, "CLUSTER", "SETSLOT", "\(slot)", "NODE", identifiers[to])
    }
  }

  public func move(slot: Int, from: Int, to: Int) throws {
    try beginMove(ofSlot: slot, from: from, to: to)
    try moveKeys(ofSlot: slot, from: from, to: to)
    try endMove(ofSlot: slot, to: to)
  }
}
