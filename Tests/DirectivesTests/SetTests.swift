import Glibc
import Testing

@testable import Directives

@Suite struct SetTests {
  let configuration = Configuration()

  private static let refusals: [(name: String, value: String, reason: String)] = [
    ("databases", "3", "can't set immutable config"),
    ("dir", "/tmp", "can't set protected config"),
    ("maxmemory", "x", "argument must be a memory value"),
    ("maxmemory", "-1", "argument must be a memory value"),
    ("maxmemory", "1tb", "argument must be a memory value"),
    ("repl-backlog-size", "0", "argument must be between 1 and 9223372036854775807 inclusive"),
    ("maxmemory-clients", "x", "argument must be a memory or percent value"),
    ("maxmemory-clients", "-5%", "argument must be a memory or percent value"),
    ("maxmemory-clients", "101%", "percentage argument must be less or equal to 100"),
    ("port", "x", "argument couldn't be parsed into an integer"),
    ("port", "007", "argument couldn't be parsed into an integer"),
    ("port", "65536", "argument must be between 0 and 65535 inclusive"),
    ("active-defrag-threshold-lower", "1001", "argument must be between 0 and 1000 inclusive"),
    ("maxclients", "0", "argument must be between 1 and 4294967295 inclusive"),
    ("hash-max-listpack-entries", "-1", "argument must be between 0 and 9223372036854775807 inclusive"),
    ("appendonly", "maybe", "argument must be 'yes' or 'no'"),
    ("appendfsync", "never", "argument(s) must be one of the following: everysec, always, no"),
    ("shutdown-on-sigint", "", "argument(s) must be one of the following: default, save, nosave, now, force"),
    ("shutdown-on-sigint", "save nosave", "shutdown options SAVE and NOSAVE can't be used simultaneously"),
    ("notify-keyspace-events", "Q", "Invalid event class character. Use 'Ag$lshzxeKEtmdna'."),
    ("client-output-buffer-limit", "normal 1", "Wrong number of arguments in buffer limit configuration."),
    (
      "client-output-buffer-limit", "master 1 1 1",
      "Invalid client class specified in buffer limit configuration."
    ),
    (
      "client-output-buffer-limit", "normal x 1 1",
      "Error in hard, soft or soft_seconds setting in buffer limit configuration."
    ),
    ("save", "1", "Invalid save parameters"),
    ("save", "0 1", "Invalid save parameters"),
    ("save", "1 x", "Invalid save parameters"),
    ("latency-tracking-info-percentiles", "a", "Invalid latency-tracking-info-percentiles parameters"),
    (
      "latency-tracking-info-percentiles", "101",
      "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]"
    ),
    ("oom-score-adj-values", "1 2", "wrong number of arguments"),
    ("oom-score-adj-values", "1 2 2001", "Invalid oom-score-adj-values, elements must be between -2000 and 2000."),
    ("bind", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "Too many bind addresses specified."),
    ("proc-title-template", "{nonsense}", "template format is invalid or contains unknown variables"),
    ("cluster-announce-hostname", "a_b", "Hostnames may only contain alphanumeric characters, hyphens or dots"),
    ("cluster-announce-human-nodename", "a:b", "Announced human node name contained invalid character"),
    ("compat-version", "7.2", "argument must be a version such as 7.2.4"),
  ]

  @Test(arguments: refusals.indices)
  func refusesInTheWordsOfRedis(index: Int) {
    let (name, value, reason) = Self.refusals[index]
    let before = configuration.values
    #expect(
      configuration.refusal(name, value)
        == "ERR CONFIG SET failed (possibly related to argument '\(name)') - \(reason)")
    #expect(configuration.values == before)
  }

  @Test func refusesUnknownAndRepeatedNames() {
    #expect(
      configuration.refusal("foo", "1") == "ERR Unknown option or number of arguments for CONFIG SET - 'foo'")
    #expect(
      configuration.refusal([("maxmemory", "1"), ("MaxMemory", "2")])
        == "ERR CONFIG SET failed (possibly related to argument 'MaxMemory') - duplicate parameter")
    #expect(
      configuration.refusal("SLAVE-read-only", "x")
        == "ERR CONFIG SET failed (possibly related to argument 'slave-read-only') - argument must be 'yes' or 'no'")
  }

  @Test func refusesSomeChangesWhileLoading() {
    configuration.isLoading = true
    #expect(configuration.refusal("appendonly", "yes") == "LOADING Redis is loading the dataset in memory")
    #expect(configuration.refusal("maxmemory", "1") == nil)
  }

  @Test func protectedDirectivesFollowThePermission() throws {
    let local = Configuration()
    try local.loadText("enable-protected-configs local")
    #expect(local.refusal("dbfilename", "a.rdb")?.hasSuffix("can't set protected config") == true)
    try local.set([("dbfilename", "a.rdb")], isLocal: true)
    #expect(local.string("dbfilename") == "a.rdb")

    let open = Configuration()
    try open.loadText("enable-protected-configs yes")
    #expect(open.refusal("dbfilename", "a/b")?.hasSuffix("dbfilename can't be a path, just a filename") == true)
    #expect(open.refusal("dir", "/no/such/place")?.hasSuffix("No such file or directory") == true)
    try open.set([("dir", "/tmp")])
    #expect(open.string("dir") == "/tmp")
  }

  private static let forms: [(name: String, value: String, shown: String)] = [
    ("maxmemory", "1", "1"), ("maxmemory", "1b", "1"), ("maxmemory", "1k", "1000"), ("maxmemory", "1Kb", "1024"),
    ("maxmemory", "1m", "1000000"), ("maxmemory", "1MB", "1048576"), ("maxmemory", "2g", "2000000000"),
    ("maxmemory", "2gB", "2147483648"), ("maxmemory", "3Bytes", "3"), ("maxmemory", "", "0"),
    ("maxmemory-clients", "5%", "5%"), ("maxmemory-clients", "0%", "0"), ("maxmemory-clients", "1mb", "1048576"),
    ("hz", "0", "1"), ("hz", "100000", "500"),
    ("appendonly", "YES", "yes"), ("maxmemory-policy", "AllKeys-LRU", "allkeys-lru"),
    ("oom-score-adj", "relative", "yes"),
    ("shutdown-on-sigint", "force save", "save force"), ("shutdown-on-sigterm", "default now", "now"),
    ("notify-keyspace-events", "KEA", "AKE"), ("notify-keyspace-events", "g$lshzxetdKEn", "AKE"),
    ("notify-keyspace-events", "mElg", "glEm"), ("notify-keyspace-events", "", ""),
    ("notify-keyspace-events", "nxK", "xnK"),
    ("save", "", ""), ("save", "60 1 30 2", "60 1 30 2"),
    ("latency-tracking-info-percentiles", "50 99.990 100", "50 99.99 100"),
    ("latency-tracking-info-percentiles", "", ""), ("latency-tracking-info-percentiles", "0.05", "0.05"),
    ("bind", "", ""), ("bind", "127.0.0.1 ::1", "127.0.0.1 ::1"),
    ("oom-score-adj-values", "1 -2 3", "1 -2 3"),
    (
      "client-output-buffer-limit", "replica 1mb 1k 7",
      "normal 0 0 0 slave 1048576 1000 7 pubsub 33554432 8388608 60"
    ),
  ]

  @Test(arguments: forms.indices)
  func valuesAreShownInTheirUsualForm(index: Int) {
    let (name, value, shown) = Self.forms[index]
    #expect(configuration.refusal(name, value) == nil)
    #expect(configuration.shown(name) == shown)
  }

  @Test func percentagesReadAsNegativeNumbers() throws {
    try configuration.set([("maxmemory-clients", "5%")])
    #expect(configuration.integer("maxmemory-clients") == -5)
    try configuration.loadText("unixsocketperm 0750")
    #expect(configuration.integer("unixsocketperm") == 0o750)
    #expect(configuration.shown("unixsocketperm") == "750")
  }

  @Test func newKeyEventsAreObeyedEvenWhereRedisHidesThem() throws {
    try configuration.set([("notify-keyspace-events", "EAn")])
    #expect(configuration.shown("notify-keyspace-events") == "AE")
    #expect(configuration.string("notify-keyspace-events") == "AnE")
  }

  @Test func aliasesAreTheSameSetting() throws {
    try configuration.set([("slave-read-only", "no"), ("HASH-max-ziplist-entries", "7"), ("lua-time-limit", "9")])
    #expect(!configuration.boolean("replica-read-only"))
    #expect(configuration.integer("hash-max-listpack-entries") == 7)
    #expect(configuration.shown("busy-reply-threshold") == "9")
    #expect(configuration.shown("slave-read-only") == "no")
  }

  @Test func oneBadPairLeavesAllAsItWas() {
    let before = configuration.values
    #expect(
      configuration.refusal([("maxmemory", "1gb"), ("save", ""), ("timeout", "-1")])
        == "ERR CONFIG SET failed (possibly related to argument 'timeout') - "
        + "argument must be between 0 and 2147483647 inclusive")
    #expect(configuration.values == before)
  }

  @Test func changesAreAnnouncedOncePerSetWithTheNewValues() throws {
    var announced: [String] = []
    configuration.onChange(["slave-read-only", "maxmemory", "maxmemory-policy"]) { [unowned configuration] in
      announced.append(configuration.string("maxmemory") + " " + configuration.string("replica-read-only"))
    }
    try configuration.set([("maxmemory", "1"), ("maxmemory-policy", "allkeys-lru"), ("replica-read-only", "no")])
    #expect(announced == ["1 no"])
    try configuration.set([("maxmemory", "1"), ("timeout", "5")])
    #expect(announced == ["1 no"])
    #expect(configuration.refusal("maxmemory", "x") != nil)
    #expect(announced == ["1 no"])
  }

  @Test func aFailingChangePutsEverythingBack() throws {
    var sizes: [Int] = []
    var ports: [Int] = []
    configuration.onChange(["maxmemory"]) { [unowned configuration] in
      sizes.append(configuration.integer("maxmemory"))
    }
    configuration.onChange(["port", "bind"]) { [unowned configuration] () throws(ConfigurationError) in
      ports.append(configuration.integer("port"))
      if ports.last == 1 { throw ConfigurationError("Unable to listen on this port. Check server logs.") }
    }
    #expect(
      configuration.refusal([("maxmemory", "5"), ("port", "1"), ("timeout", "3")])
        == "ERR CONFIG SET failed (possibly related to argument 'port') - "
        + "Unable to listen on this port. Check server logs.")
    #expect(sizes == [5, 0])
    #expect(ports == [1, 6379])
    #expect(configuration.integer("timeout") == 0)
  }

  @Test func theServerCanRecordWhatItDecided() throws {
    try configuration.record("replicaof", "localhost 6380")
    #expect(configuration.words("slaveof") == ["localhost", "6380"])
    try configuration.record("replicaof", "no one")
    #expect(configuration.string("replicaof") == "")
  }
}
