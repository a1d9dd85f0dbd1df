// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Lets the next command through to a slot that is being imported.
///
/// `ASKING`, since 3.0.0. O(1)
public struct ASKING: Command {
  public typealias Response = RESPValue
  public static var name: String { "ASKING" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ASKING")
  }
}

/// Subcommands of CLUSTER.
public enum CLUSTER {
  /// Counts the reports that a node has failed.
  ///
  /// `CLUSTER COUNT-FAILURE-REPORTS node-id`, since 3.0.0. O(N) where N is the number of reports.
  public struct COUNTFAILUREREPORTS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER COUNT-FAILURE-REPORTS" }
    public var nodeId: RESPArgument
    public init(_ nodeId: some RESPEncodable) {
      self.nodeId = nodeId.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "COUNT-FAILURE-REPORTS")
      e.append(nodeId)
    }
  }

  /// Counts the keys of a hash slot.
  ///
  /// `CLUSTER COUNTKEYSINSLOT slot`, since 3.0.0. O(1)
  public struct COUNTKEYSINSLOT: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER COUNTKEYSINSLOT" }
    public var slot: Int
    public init(_ slot: Int) {
      self.slot = slot
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "COUNTKEYSINSLOT")
      e.append(.integer(slot))
    }
  }

  /// Returns keys of a hash slot.
  ///
  /// `CLUSTER GETKEYSINSLOT slot count`, since 3.0.0. O(N) where N is the number of keys asked for.
  public struct GETKEYSINSLOT: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER GETKEYSINSLOT" }
    public var slot: Int
    public var count: Int
    public init(_ slot: Int, count: Int) {
      self.slot = slot
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "GETKEYSINSLOT")
      e.append(.integer(slot))
      e.append(.integer(count))
    }
  }

  /// Tells the state of the node and of the cluster.
  ///
  /// `CLUSTER INFO`, since 3.0.0. O(1)
  public struct INFO: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER INFO" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "INFO")
    }
  }

  /// Returns the hash slot of a key.
  ///
  /// `CLUSTER KEYSLOT key`, since 3.0.0. O(N) where N is the number of bytes of the key.
  public struct KEYSLOT: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER KEYSLOT" }
    public var key: RESPArgument
    public init(_ key: some RESPEncodable) {
      self.key = key.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "KEYSLOT")
      e.append(key)
    }
  }

  /// Returns the connections to and from the other nodes.
  ///
  /// `CLUSTER LINKS`, since 7.0.0. O(N) where N is the number of nodes.
  public struct LINKS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER LINKS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "LINKS")
    }
  }

  /// Returns the node's ID.
  ///
  /// `CLUSTER MYID`, since 3.0.0. O(1)
  public struct MYID: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER MYID" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "MYID")
    }
  }

  /// Returns the ID of the node's shard.
  ///
  /// `CLUSTER MYSHARDID`, since 7.2.0. O(1)
  public struct MYSHARDID: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER MYSHARDID" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "MYSHARDID")
    }
  }

  /// Returns the nodes of the cluster as the node knows them.
  ///
  /// `CLUSTER NODES`, since 3.0.0. O(N) where N is the number of nodes.
  public struct NODES: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER NODES" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "NODES")
    }
  }

  /// Returns the replicas of a primary.
  ///
  /// `CLUSTER REPLICAS node-id`, since 5.0.0. O(N) where N is the number of nodes.
  public struct REPLICAS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER REPLICAS" }
    public var nodeId: RESPArgument
    public init(_ nodeId: some RESPEncodable) {
      self.nodeId = nodeId.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "REPLICAS")
      e.append(nodeId)
    }
  }

  /// Returns the shards with their slots and nodes.
  ///
  /// `CLUSTER SHARDS`, since 7.0.0. O(N) where N is the number of nodes.
  public struct SHARDS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SHARDS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SHARDS")
    }
  }

  /// Returns the replicas of a primary; now CLUSTER REPLICAS.
  ///
  /// `CLUSTER SLAVES node-id`, since 3.0.0. O(N) where N is the number of nodes.
  public struct SLAVES: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SLAVES" }
    public var nodeId: RESPArgument
    public init(_ nodeId: some RESPEncodable) {
      self.nodeId = nodeId.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SLAVES")
      e.append(nodeId)
    }
  }

  /// Returns which nodes serve which slots; now CLUSTER SHARDS.
  ///
  /// `CLUSTER SLOTS`, since 3.0.0. O(N) where N is the number of nodes.
  public struct SLOTS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SLOTS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SLOTS")
    }
  }

  /// Lets the node serve hash slots.
  ///
  /// `CLUSTER ADDSLOTS slot [slot ...]`, since 3.0.0. O(N) where N is the number of slots.
  public struct ADDSLOTS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER ADDSLOTS" }
    public var slot: [Int]
    public init(_ slot: [Int]) {
      self.slot = slot
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "ADDSLOTS")
      for item in slot {
        e.append(.integer(item))
      }
    }
  }

  /// Lets the node serve ranges of hash slots.
  ///
  /// `CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`, since 7.0.0. O(N) where N is the number of slots.
  public struct ADDSLOTSRANGE: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER ADDSLOTSRANGE" }
    public var data: RESPPairs
    public init(_ data: RESPPairs) {
      self.data = data
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "ADDSLOTSRANGE")
      e.append(data)
    }
  }

  /// Advances the cluster's epoch.
  ///
  /// `CLUSTER BUMPEPOCH`, since 3.0.0. O(1)
  public struct BUMPEPOCH: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER BUMPEPOCH" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "BUMPEPOCH")
    }
  }

  /// Has the node no longer know who serves hash slots.
  ///
  /// `CLUSTER DELSLOTS slot [slot ...]`, since 3.0.0. O(N) where N is the number of slots.
  public struct DELSLOTS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER DELSLOTS" }
    public var slot: [Int]
    public init(_ slot: [Int]) {
      self.slot = slot
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "DELSLOTS")
      for item in slot {
        e.append(.integer(item))
      }
    }
  }

  /// Has the node no longer know who serves ranges of hash slots.
  ///
  /// `CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`, since 7.0.0. O(N) where N is the number of slots.
  public struct DELSLOTSRANGE: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER DELSLOTSRANGE" }
    public var data: RESPPairs
    public init(_ data: RESPPairs) {
      self.data = data
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "DELSLOTSRANGE")
      e.append(data)
    }
  }

  /// Makes a replica the primary of its shard.
  ///
  /// `CLUSTER FAILOVER [FORCE | TAKEOVER]`, since 3.0.0. O(1)
  public struct FAILOVER: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER FAILOVER" }
    public enum Force: Sendable {
      case force
      case takeover
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .force: e.append(word: "FORCE")
        case .takeover: e.append(word: "TAKEOVER")
        }
      }
    }
    public var force: Force?
    public init(force: Force? = nil) {
      self.force = force
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "FAILOVER")
      if let force { force.encode(into: &e) }
    }
  }

  /// Has the node no longer know who serves any slot.
  ///
  /// `CLUSTER FLUSHSLOTS`, since 3.0.0. O(1)
  public struct FLUSHSLOTS: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER FLUSHSLOTS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "FLUSHSLOTS")
    }
  }

  /// Removes a node from those that this node knows.
  ///
  /// `CLUSTER FORGET node-id`, since 3.0.0. O(1)
  public struct FORGET: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER FORGET" }
    public var nodeId: RESPArgument
    public init(_ nodeId: some RESPEncodable) {
      self.nodeId = nodeId.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "FORGET")
      e.append(nodeId)
    }
  }

  /// Has two nodes shake hands.
  ///
  /// `CLUSTER MEET ip port [cluster-bus-port]`, since 3.0.0. O(1)
  public struct MEET: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER MEET" }
    public var ip: RESPArgument
    public var port: Int
    public var clusterBusPort: Int?
    public init(_ ip: some RESPEncodable, _ port: Int, clusterBusPort: Int? = nil) {
      self.ip = ip.respArgument
      self.port = port
      self.clusterBusPort = clusterBusPort
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "MEET")
      e.append(ip)
      e.append(.integer(port))
      if let clusterBusPort { e.append(.integer(clusterBusPort)) }
    }
  }

  /// Makes the node a replica of another.
  ///
  /// `CLUSTER REPLICATE node-id`, since 3.0.0. O(1)
  public struct REPLICATE: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER REPLICATE" }
    public var nodeId: RESPArgument
    public init(_ nodeId: some RESPEncodable) {
      self.nodeId = nodeId.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "REPLICATE")
      e.append(nodeId)
    }
  }

  /// Makes the node forget the cluster.
  ///
  /// `CLUSTER RESET [HARD | SOFT]`, since 3.0.0. O(N) where N is the number of nodes.
  public struct RESET: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER RESET" }
    public enum Hard: Sendable {
      case hard
      case soft
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .hard: e.append(word: "HARD")
        case .soft: e.append(word: "SOFT")
        }
      }
    }
    public var hard: Hard?
    public init(hard: Hard? = nil) {
      self.hard = hard
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "RESET")
      if let hard { hard.encode(into: &e) }
    }
  }

  /// Writes the node's view of the cluster to disk.
  ///
  /// `CLUSTER SAVECONFIG`, since 3.0.0. O(1)
  public struct SAVECONFIG: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SAVECONFIG" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SAVECONFIG")
    }
  }

  /// Sets the epoch of a new node.
  ///
  /// `CLUSTER SET-CONFIG-EPOCH config-epoch`, since 3.0.0. O(1)
  public struct SETCONFIGEPOCH: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SET-CONFIG-EPOCH" }
    public var configEpoch: Int
    public init(_ configEpoch: Int) {
      self.configEpoch = configEpoch
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SET-CONFIG-EPOCH")
      e.append(.integer(configEpoch))
    }
  }

  /// Says who serves a hash slot.
  ///
  /// `CLUSTER SETSLOT slot <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>`, since 3.0.0. O(1)
  public struct SETSLOT: Command {
    public typealias Response = RESPValue
    public static var name: String { "CLUSTER SETSLOT" }
    public enum NodeId: Sendable {
      case importing(RESPArgument)
      case migrating(RESPArgument)
      case node(RESPArgument)
      case stable
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .importing(let value):
          e.append(word: "IMPORTING")
          e.append(value)
        case .migrating(let value):
          e.append(word: "MIGRATING")
          e.append(value)
        case .node(let value):
          e.append(word: "NODE")
          e.append(value)
        case .stable: e.append(word: "STABLE")
        }
      }
    }
    public var slot: Int
    public var nodeId: NodeId
    public init(_ slot: Int, nodeId: NodeId) {
      self.slot = slot
      self.nodeId = nodeId
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "CLUSTER")
      e.append(word: "SETSLOT")
      e.append(.integer(slot))
      nodeId.encode(into: &e)
    }
  }
}

/// Allows reads from a replica of the cluster on this connection.
///
/// `READONLY`, since 3.0.0. O(1)
public struct READONLY: Command {
  public typealias Response = RESPValue
  public static var name: String { "READONLY" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "READONLY")
  }
}

/// Ends what READONLY began.
///
/// `READWRITE`, since 3.0.0. O(1)
public struct READWRITE: Command {
  public typealias Response = RESPValue
  public static var name: String { "READWRITE" }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "READWRITE")
  }
}

extension CommandSending {
  /// Lets the next command through to a slot that is being imported.
  ///
  /// `ASKING`, since 3.0.0. O(1)
  @discardableResult
  public func asking() async throws -> RESPValue {
    try await send(ASKING())
  }

  /// Counts the reports that a node has failed.
  ///
  /// `CLUSTER COUNT-FAILURE-REPORTS node-id`, since 3.0.0. O(N) where N is the number of reports.
  @discardableResult
  public func clusterCountFailureReports(_ nodeId: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.COUNTFAILUREREPORTS(nodeId))
  }

  /// Counts the keys of a hash slot.
  ///
  /// `CLUSTER COUNTKEYSINSLOT slot`, since 3.0.0. O(1)
  @discardableResult
  public func clusterCountkeysinslot(_ slot: Int) async throws -> RESPValue {
    try await send(CLUSTER.COUNTKEYSINSLOT(slot))
  }

  /// Returns keys of a hash slot.
  ///
  /// `CLUSTER GETKEYSINSLOT slot count`, since 3.0.0. O(N) where N is the number of keys asked for.
  @discardableResult
  public func clusterGetkeysinslot(_ slot: Int, count: Int) async throws -> RESPValue {
    try await send(CLUSTER.GETKEYSINSLOT(slot, count: count))
  }

  /// Tells the state of the node and of the cluster.
  ///
  /// `CLUSTER INFO`, since 3.0.0. O(1)
  @discardableResult
  public func clusterInfo() async throws -> RESPValue {
    try await send(CLUSTER.INFO())
  }

  /// Returns the hash slot of a key.
  ///
  /// `CLUSTER KEYSLOT key`, since 3.0.0. O(N) where N is the number of bytes of the key.
  @discardableResult
  public func clusterKeyslot(_ key: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.KEYSLOT(key))
  }

  /// Returns the connections to and from the other nodes.
  ///
  /// `CLUSTER LINKS`, since 7.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterLinks() async throws -> RESPValue {
    try await send(CLUSTER.LINKS())
  }

  /// Returns the node's ID.
  ///
  /// `CLUSTER MYID`, since 3.0.0. O(1)
  @discardableResult
  public func clusterMyid() async throws -> RESPValue {
    try await send(CLUSTER.MYID())
  }

  /// Returns the ID of the node's shard.
  ///
  /// `CLUSTER MYSHARDID`, since 7.2.0. O(1)
  @discardableResult
  public func clusterMyshardid() async throws -> RESPValue {
    try await send(CLUSTER.MYSHARDID())
  }

  /// Returns the nodes of the cluster as the node knows them.
  ///
  /// `CLUSTER NODES`, since 3.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterNodes() async throws -> RESPValue {
    try await send(CLUSTER.NODES())
  }

  /// Returns the replicas of a primary.
  ///
  /// `CLUSTER REPLICAS node-id`, since 5.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterReplicas(_ nodeId: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.REPLICAS(nodeId))
  }

  /// Returns the shards with their slots and nodes.
  ///
  /// `CLUSTER SHARDS`, since 7.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterShards() async throws -> RESPValue {
    try await send(CLUSTER.SHARDS())
  }

  /// Returns the replicas of a primary; now CLUSTER REPLICAS.
  ///
  /// `CLUSTER SLAVES node-id`, since 3.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterSlaves(_ nodeId: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.SLAVES(nodeId))
  }

  /// Returns which nodes serve which slots; now CLUSTER SHARDS.
  ///
  /// `CLUSTER SLOTS`, since 3.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterSlots() async throws -> RESPValue {
    try await send(CLUSTER.SLOTS())
  }

  /// Lets the node serve hash slots.
  ///
  /// `CLUSTER ADDSLOTS slot [slot ...]`, since 3.0.0. O(N) where N is the number of slots.
  @discardableResult
  public func clusterAddslots(_ slot: [Int]) async throws -> RESPValue {
    try await send(CLUSTER.ADDSLOTS(slot))
  }

  /// Lets the node serve ranges of hash slots.
  ///
  /// `CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`, since 7.0.0. O(N) where N is the number of slots.
  @discardableResult
  public func clusterAddslotsrange(_ data: RESPPairs) async throws -> RESPValue {
    try await send(CLUSTER.ADDSLOTSRANGE(data))
  }

  /// Advances the cluster's epoch.
  ///
  /// `CLUSTER BUMPEPOCH`, since 3.0.0. O(1)
  @discardableResult
  public func clusterBumpepoch() async throws -> RESPValue {
    try await send(CLUSTER.BUMPEPOCH())
  }

  /// Has the node no longer know who serves hash slots.
  ///
  /// `CLUSTER DELSLOTS slot [slot ...]`, since 3.0.0. O(N) where N is the number of slots.
  @discardableResult
  public func clusterDelslots(_ slot: [Int]) async throws -> RESPValue {
    try await send(CLUSTER.DELSLOTS(slot))
  }

  /// Has the node no longer know who serves ranges of hash slots.
  ///
  /// `CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`, since 7.0.0. O(N) where N is the number of slots.
  @discardableResult
  public func clusterDelslotsrange(_ data: RESPPairs) async throws -> RESPValue {
    try await send(CLUSTER.DELSLOTSRANGE(data))
  }

  /// Makes a replica the primary of its shard.
  ///
  /// `CLUSTER FAILOVER [FORCE | TAKEOVER]`, since 3.0.0. O(1)
  @discardableResult
  public func clusterFailover(force: CLUSTER.FAILOVER.Force? = nil) async throws -> RESPValue {
    try await send(CLUSTER.FAILOVER(force: force))
  }

  /// Has the node no longer know who serves any slot.
  ///
  /// `CLUSTER FLUSHSLOTS`, since 3.0.0. O(1)
  @discardableResult
  public func clusterFlushslots() async throws -> RESPValue {
    try await send(CLUSTER.FLUSHSLOTS())
  }

  /// Removes a node from those that this node knows.
  ///
  /// `CLUSTER FORGET node-id`, since 3.0.0. O(1)
  @discardableResult
  public func clusterForget(_ nodeId: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.FORGET(nodeId))
  }

  /// Has two nodes shake hands.
  ///
  /// `CLUSTER MEET ip port [cluster-bus-port]`, since 3.0.0. O(1)
  @discardableResult
  public func clusterMeet(_ ip: some RESPEncodable, _ port: Int, clusterBusPort: Int? = nil) async throws -> RESPValue {
    try await send(CLUSTER.MEET(ip, port, clusterBusPort: clusterBusPort))
  }

  /// Makes the node a replica of another.
  ///
  /// `CLUSTER REPLICATE node-id`, since 3.0.0. O(1)
  @discardableResult
  public func clusterReplicate(_ nodeId: some RESPEncodable) async throws -> RESPValue {
    try await send(CLUSTER.REPLICATE(nodeId))
  }

  /// Makes the node forget the cluster.
  ///
  /// `CLUSTER RESET [HARD | SOFT]`, since 3.0.0. O(N) where N is the number of nodes.
  @discardableResult
  public func clusterReset(hard: CLUSTER.RESET.Hard? = nil) async throws -> RESPValue {
    try await send(CLUSTER.RESET(hard: hard))
  }

  /// Writes the node's view of the cluster to disk.
  ///
  /// `CLUSTER SAVECONFIG`, since 3.0.0. O(1)
  @discardableResult
  public func clusterSaveconfig() async throws -> RESPValue {
    try await send(CLUSTER.SAVECONFIG())
  }

  /// Sets the epoch of a new node.
  ///
  /// `CLUSTER SET-CONFIG-EPOCH config-epoch`, since 3.0.0. O(1)
  @discardableResult
  public func clusterSetConfigEpoch(_ configEpoch: Int) async throws -> RESPValue {
    try await send(CLUSTER.SETCONFIGEPOCH(configEpoch))
  }

  /// Says who serves a hash slot.
  ///
  /// `CLUSTER SETSLOT slot <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>`, since 3.0.0. O(1)
  @discardableResult
  public func clusterSetslot(_ slot: Int, nodeId: CLUSTER.SETSLOT.NodeId) async throws -> RESPValue {
    try await send(CLUSTER.SETSLOT(slot, nodeId: nodeId))
  }

  /// Allows reads from a replica of the cluster on this connection.
  ///
  /// `READONLY`, since 3.0.0. O(1)
  @discardableResult
  public func readonly() async throws -> RESPValue {
    try await send(READONLY())
  }

  /// Ends what READONLY began.
  ///
  /// `READWRITE`, since 3.0.0. O(1)
  @discardableResult
  public func readwrite() async throws -> RESPValue {
    try await send(READWRITE())
  }
}
