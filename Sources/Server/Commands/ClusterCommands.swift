import Commands
import RESP

// The cluster's commands as a server answers them that is no part of a cluster: clients ask to find out.

extension CommandTable {
  /// Hash slots and the nodes that serve them. https://redis.io/docs/latest/commands/?group=cluster
  static let cluster: [Command] = [
    Command(
      "ASKING", arity: 1, [.fast], group: .cluster, categories: ["connection"], since: "3.0.0",
      summary: "Lets the next command through to a slot that is being imported.", run: refuse),
    Command(
      "READONLY", arity: 1, [.loading, .stale, .fast], group: .cluster, categories: ["connection"], since: "3.0.0",
      summary: "Allows reads from a replica of the cluster on this connection.", run: refuse),
    Command(
      "READWRITE", arity: 1, [.loading, .stale, .fast], group: .cluster, categories: ["connection"], since: "3.0.0",
      summary: "Ends what READONLY began.", run: refuse),
    Command(
      "CLUSTER", arity: -2, [], group: .cluster, since: "3.0.0", summary: "Tells of the cluster and changes it.",
      complexity: "Depends on subcommand.", subcommands: questions + changes),
  ]

  private static func question(
    _ name: StaticString, _ summary: StaticString, arity: Int, flags: CommandFlags = [.stale],
    since: StaticString = "3.0.0", complexity: StaticString = "O(N) where N is the number of nodes.",
    syntax: StaticString = "", tips: [StaticString] = ["nondeterministic_output"]
  ) -> Command {
    Command(
      name, arity: arity, flags, group: .cluster, since: since, summary: summary, complexity: complexity,
      syntax: syntax, tips: tips, run: refuse)
  }

  private static func change(
    _ name: StaticString, _ summary: StaticString, arity: Int, since: StaticString = "3.0.0",
    complexity: StaticString = "O(1)", syntax: StaticString = "", tips: [StaticString] = []
  ) -> Command {
    Command(
      name, arity: arity, [.admin, .stale, .noAsyncLoading], group: .cluster, since: since, summary: summary,
      complexity: complexity, syntax: syntax, tips: tips, run: refuse)
  }

  private static let questions: [Command] = [
    question(
      "COUNT-FAILURE-REPORTS", "Counts the reports that a node has failed.", arity: 3, flags: [.admin, .stale],
      complexity: "O(N) where N is the number of reports.", syntax: "node-id"),
    question(
      "COUNTKEYSINSLOT", "Counts the keys of a hash slot.", arity: 3, complexity: "O(1)", syntax: "slot", tips: []),
    question(
      "GETKEYSINSLOT", "Returns keys of a hash slot.", arity: 4,
      complexity: "O(N) where N is the number of keys asked for.", syntax: "slot count"),
    question(
      "HELP", "Returns helpful text.", arity: 2, flags: [.loading, .stale], since: "5.0.0", complexity: "O(1)", tips: []
    ),
    question("INFO", "Tells the state of the node and of the cluster.", arity: 2, complexity: "O(1)"),
    question(
      "KEYSLOT", "Returns the hash slot of a key.", arity: 3,
      complexity: "O(N) where N is the number of bytes of the key.", syntax: "key", tips: []),
    question("LINKS", "Returns the connections to and from the other nodes.", arity: 2, since: "7.0.0"),
    question("MYID", "Returns the node's ID.", arity: 2, complexity: "O(1)", tips: []),
    question("MYSHARDID", "Returns the ID of the node's shard.", arity: 2, since: "7.2.0", complexity: "O(1)"),
    question("NODES", "Returns the nodes of the cluster as the node knows them.", arity: 2),
    question(
      "REPLICAS", "Returns the replicas of a primary.", arity: 3, flags: [.admin, .stale], since: "5.0.0",
      syntax: "node-id"),
    question(
      "SHARDS", "Returns the shards with their slots and nodes.", arity: 2, flags: [.loading, .stale], since: "7.0.0"),
    question(
      "SLAVES", "Returns the replicas of a primary; now CLUSTER REPLICAS.", arity: 3, flags: [.admin, .stale],
      syntax: "node-id"),
    question(
      "SLOTS", "Returns which nodes serve which slots; now CLUSTER SHARDS.", arity: 2, flags: [.loading, .stale]),
  ]

  private static let changes: [Command] = [
    change(
      "ADDSLOTS", "Lets the node serve hash slots.", arity: -3, complexity: "O(N) where N is the number of slots.",
      syntax: "slot [slot ...]"),
    change(
      "ADDSLOTSRANGE", "Lets the node serve ranges of hash slots.", arity: -4, since: "7.0.0",
      complexity: "O(N) where N is the number of slots.", syntax: "start-slot end-slot [start-slot end-slot ...]"),
    change("BUMPEPOCH", "Advances the cluster's epoch.", arity: 2, tips: ["nondeterministic_output"]),
    change(
      "DELSLOTS", "Has the node no longer know who serves hash slots.", arity: -3,
      complexity: "O(N) where N is the number of slots.", syntax: "slot [slot ...]"),
    change(
      "DELSLOTSRANGE", "Has the node no longer know who serves ranges of hash slots.", arity: -4, since: "7.0.0",
      complexity: "O(N) where N is the number of slots.", syntax: "start-slot end-slot [start-slot end-slot ...]"),
    change("FAILOVER", "Makes a replica the primary of its shard.", arity: -2, syntax: "[FORCE | TAKEOVER]"),
    change("FLUSHSLOTS", "Has the node no longer know who serves any slot.", arity: 2),
    change("FORGET", "Removes a node from those that this node knows.", arity: 3, syntax: "node-id"),
    change("MEET", "Has two nodes shake hands.", arity: -4, syntax: "ip port [cluster-bus-port]"),
    change("REPLICATE", "Makes the node a replica of another.", arity: 3, syntax: "node-id"),
    Command(
      "RESET", arity: -2, [.admin, .noScript, .stale], group: .cluster, since: "3.0.0",
      summary: "Makes the node forget the cluster.", complexity: "O(N) where N is the number of nodes.",
      syntax: "[HARD | SOFT]", run: refuse),
    change("SAVECONFIG", "Writes the node's view of the cluster to disk.", arity: 2),
    change("SET-CONFIG-EPOCH", "Sets the epoch of a new node.", arity: 3, syntax: "config-epoch"),
    change(
      "SETSLOT", "Says who serves a hash slot.", arity: -4,
      syntax: "slot <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>"),
  ]
}

private func refuse(_: Call, _ reply: inout ReplyWriter) {
  reply.error("ERR This instance has cluster support disabled")
}
