import Foundation
import TestSupport
import Testing

/// Arrays in a server as a whole: files, replicas, settings, events.
@Suite struct ArrayTests {
  private func start(_ options: [String] = []) throws -> ServerProcess {
    try ServerProcess(
      .martlet, options: ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"] + options)
  }

  private func fill(_ client: RESPClient) throws {
    for i in 0..<15 { try client.call("ARRING", "ring", "5", "v\(i)") }
    try client.call("ARSET", "sparse", "18446744073709551614", "far")
    try client.call("ARSET", "sparse", "7", "12", "1.50000000", String(repeating: "x", count: 70_000))
    for i in 0..<40 {
      let values = (0..<100).map { "\(i * $0)" }
      try client.call((["ARINSERT", "long"] + values).map { Array($0.utf8) })
    }
    try client.call("ARSEEK", "sparse", "18446744073709551615")
  }

  @Test func arraysOutliveReloadsAndRewrites() throws {
    let server = try start(["--appendonly", "yes"])
    let client = try server.connect()
    try fill(client)
    let digest = try client.call("DEBUG", "DIGEST").word
    #expect(try client.call("DEBUG", "RELOAD").text == "+OK\r\n")
    #expect(try client.call("DEBUG", "DIGEST").word == digest)
    for preamble in ["no", "yes"] {
      try client.call("CONFIG", "SET", "aof-use-rdb-preamble", preamble)
      try client.call("BGREWRITEAOF")
      #expect(
        eventually {
          (try? client.call("INFO", "persistence").text.contains("aof_rewrite_in_progress:0")) ?? false
        })
      #expect(try client.call("DEBUG", "LOADAOF").text == "+OK\r\n")
      #expect(try client.call("DEBUG", "DIGEST").word == digest, "preamble \(preamble)")
    }
    #expect(try client.call("ARNEXT", "ring").integer == 5)
    #expect(try client.call("ARLASTITEMS", "ring", "2").words == ["v13", "v14"])
  }

  @Test func arraysReachReplicasAsASnapshotAndAsCommands() throws {
    let primary = try start()
    let replica = try start()
    let source = try primary.connect()
    let target = try replica.connect()
    try fill(source)
    try target.call("REPLICAOF", "127.0.0.1", "\(primary.port)")
    let agree = {
      let digests = try [source, target].map { try $0.call("DEBUG", "DIGEST").word }
      return digests[0] == digests[1]
    }
    #expect(eventually(seconds: 15) { (try? agree()) ?? false })
    try source.call("ARRING", "ring", "3", "a", "b")
    try source.call("ARDELRANGE", "long", "100", "3000")
    try source.call("ARINSERT", "long", "c")
    #expect(eventually(seconds: 15) { (try? agree()) ?? false })
    #expect(try target.call("ARCOUNT", "long").integer == 1100)
  }

  @Test func filesNeedTheNewerVersionOnlyForArrays() throws {
    let server = try start()
    let client = try server.connect()
    func version() throws -> String {
      try client.call("SAVE")
      let directory = try client.call("CONFIG", "GET", "dir").words[1]
      let file = try Data(contentsOf: URL(fileURLWithPath: directory + "/dump.rdb"))
      return String(decoding: file.prefix(9), as: UTF8.self)
    }
    try client.call("SET", "k", "v")
    #expect(try version() == "REDIS0010")
    try client.call("ARSET", "a", "0", "x")
    #expect(try version() == "REDIS0014")
    try client.call("DEL", "a")
    #expect(try version() == "REDIS0010")
  }

  @Test func settingsAreCheckedAgainstEachOther() throws {
    let client = try start().connect()
    func refusal(_ name: String, _ value: String) throws -> String {
      try client.call("CONFIG", "SET", name, value).text
    }
    #expect(try refusal("array-slice-size", "5000").contains("array-slice-size must be a power of two"))
    #expect(try refusal("array-sparse-kmax", "5").contains("must be greater than array-sparse-kmin when non-zero"))
    #expect(try refusal("array-sparse-kmin", "10").contains("must be less than array-sparse-kmax"))
    #expect(try refusal("array-sparse-kmax", "0") == "+OK\r\n" && refusal("array-sparse-kmin", "100") == "+OK\r\n")
    #expect(try refusal("array-slice-size", "65536") == "+OK\r\n")
    try client.call("ARSET", "a", "1000000", "x")
    #expect(try client.call("ARINFO", "a", "FULL").words.contains("dense-slices"))
  }

  /// An array that is being saved does not change meanwhile; who wants to change it waits.
  @Test func largeArrayIsSavedAsItWasAtTheBeginning() throws {
    let server = try start()
    let client = try server.connect()
    for i in 0..<200 {
      try client.call((["ARSET", "a", "\(i * 1000)"] + (0..<500).map { "\(i + $0)" }).map { Array($0.utf8) })
    }
    let digest = try client.call("DEBUG", "DIGEST").word
    try client.call("BGSAVE")
    try client.call("ARDELRANGE", "a", "0", "100000")
    #expect(
      eventually { (try? client.call("INFO", "persistence").text.contains("rdb_bgsave_in_progress:0")) ?? false })
    #expect(try client.call("ARCOUNT", "a").integer == 49_999)
    #expect(try client.call("DEBUG", "RELOAD", "NOSAVE").text == "+OK\r\n")
    #expect(try client.call("DEBUG", "DIGEST").word == digest)
  }
}
