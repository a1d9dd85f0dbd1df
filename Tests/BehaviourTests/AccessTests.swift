import Foundation
import TestSupport
import Testing

/// Users and what they may do, over sockets; beside `redis-server` where both answer the same.
@Suite struct AccessTests {
  private func call(_ client: RESPClient, _ command: String) throws -> Reply {
    try client.call(command.split(separator: " ", omittingEmptySubsequences: false).map { Array($0.utf8) })
  }

  @Test func aUserSeesItsNewPermissionsWithTheNextCommand() throws {
    let server = try ServerProcess(.martlet)
    let (admin, client) = (try server.connect(), try server.connect())
    #expect(try call(admin, "ACL SETUSER app on >secret +get ~app:*").text == "+OK\r\n")
    #expect(try call(client, "AUTH app secret").text == "+OK\r\n")
    #expect(try call(client, "GET app:1").text == "$-1\r\n")
    #expect(try call(client, "SET app:1 v").text == "-NOPERM User app has no permissions to run the 'set' command\r\n")
    #expect(try call(client, "GET other").text == "-NOPERM No permissions to access a key\r\n")
    #expect(try call(admin, "ACL SETUSER app +@all ~* &*").text == "+OK\r\n")
    #expect(try call(client, "SET other v").text == "+OK\r\n")
    #expect(try call(admin, "ACL SETUSER app -@all").text == "+OK\r\n")
    #expect(try call(client, "SET other v").text == "-NOPERM User app has no permissions to run the 'set' command\r\n")
    #expect(try call(admin, "CLIENT LIST").text.contains("cmd=set user=app"))
    #expect(try call(admin, "CLIENT KILL USER app").text == ":1\r\n")
    #expect(throws: (any Error).self) { try call(client, "PING") }
  }

  @Test func aDeletedUsersClientsAreClosedEvenItsOwn() throws {
    let server = try ServerProcess(.martlet)
    let (admin, client, listener) = (try server.connect(), try server.connect(), try server.connect())
    _ = try call(admin, "ACL SETUSER app on nopass +@all ~* &*")
    _ = try call(client, "AUTH app x")
    _ = try call(listener, "AUTH app x")
    _ = try call(listener, "SUBSCRIBE news")
    #expect(try call(client, "ACL DELUSER app nobody").text == ":1\r\n")
    #expect(throws: (any Error).self) { try call(client, "PING") }
    #expect(throws: (any Error).self) { try listener.receive() }
    #expect(try call(admin, "AUTH app x").text.hasPrefix("-WRONGPASS"))
  }

  @Test func whoListensToWhatIsTakenAwayIsClosed() throws {
    let server = try ServerProcess(.martlet)
    let (admin, kept, lost) = (try server.connect(), try server.connect(), try server.connect())
    _ = try call(admin, "ACL SETUSER app on nopass +@all &a* &b")
    for client in [kept, lost] { _ = try call(client, "AUTH app x") }
    _ = try call(kept, "SUBSCRIBE b")
    _ = try call(lost, "PSUBSCRIBE a*")
    _ = try call(admin, "ACL SETUSER app resetchannels &b &a")
    #expect(throws: (any Error).self) { try lost.receive() }
    _ = try call(admin, "PUBLISH b hello")
    #expect(try kept.receive().words == ["message", "b", "hello"])
  }

  @Test func whatIsTakenAwayMeanwhileIsNotDoneLater() throws {
    let server = try ServerProcess(.martlet)
    let (admin, queued, waiting) = (try server.connect(), try server.connect(), try server.connect())
    _ = try call(admin, "ACL SETUSER app on nopass +@all ~*")
    for client in [queued, waiting] { _ = try call(client, "AUTH app x") }
    _ = try call(queued, "MULTI")
    _ = try call(queued, "SET a 1")
    _ = try call(queued, "GET a")
    try waiting.send("BLPOP", "list", "0")
    #expect(try eventually { try call(admin, "INFO clients").text.contains("blocked_clients:1") }, "one waits")
    _ = try call(admin, "ACL SETUSER app -set resetkeys ~a")
    #expect(
      try call(queued, "EXEC").text == """
        *2\r\n-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This \
        command is no longer allowed for the following reason: no permission to execute the command or \
        subcommand\r\n$-1\r\n
        """)
    _ = try call(admin, "RPUSH list element")
    #expect(try waiting.receive().text == "-NOPERM No permissions to access a key\r\n")
    #expect(try call(admin, "LLEN list").integer == 1)
  }

  @Test func scriptsMayDoWhatTheirCallerMay() throws {
    let server = try ServerProcess(.martlet)
    let (admin, client) = (try server.connect(), try server.connect())
    _ = try call(admin, "ACL SETUSER app on nopass +eval +get ~a")
    _ = try call(client, "AUTH app x")
    #expect(try client.call("EVAL", "return redis.call('GET', 'a')", "0").text == "$-1\r\n")
    #expect(
      try client.call("EVAL", "return redis.pcall('SET', 'a', '1')", "0").text
        == "-ERR ACL failure in script: User app has no permissions to run the 'set' command\r\n")
    #expect(
      try client.call("EVAL", "return redis.pcall('GET', 'b')", "0").text
        == "-ERR ACL failure in script: No permissions to access a key\r\n")
    let check =
      "return {redis.acl_check_cmd('GET', 'a'), redis.acl_check_cmd('GET', 'b'), redis.acl_check_cmd('SET', 'a', 1)}"
    #expect(try client.call("EVAL", check, "0").text == "*3\r\n:1\r\n$-1\r\n$-1\r\n")
    // What scripts of others do is judged anew.
    #expect(try admin.call("EVAL", "return redis.call('SET', 'b', '1')", "0").text == "+OK\r\n")
    let log = try admin.call("ACL", "LOG").words
    #expect(log.contains("lua") && log.contains { $0.contains("cmd=eval user=app") })
    let stats = try call(admin, "INFO stats").text
    #expect(stats.contains("acl_access_denied_cmd:1") && stats.contains("acl_access_denied_key:1"))
    #expect(try call(admin, "INFO errorstats").text.contains("errorstat_ERR:count=2"))
  }

  @Test func requirepassIsThePasswordOfTheDefaultUser() throws {
    let server = try ServerProcess(.martlet, options: ["--requirepass", "secret"])
    let client = try server.connect()
    #expect(try call(client, "GET a").text.hasPrefix("-NOAUTH"))
    #expect(try call(client, "AUTH wrong").text.hasPrefix("-WRONGPASS"))
    #expect(try call(client, "AUTH default secret").text == "+OK\r\n")
    #expect(try call(client, "CONFIG SET requirepass other").text == "+OK\r\n")
    // A setting of something else leaves the password alone.
    #expect(try call(client, "ACL SETUSER default >third").text == "+OK\r\n")
    #expect(try call(client, "CONFIG SET hz 20").text == "+OK\r\n")
    let late = try server.connect()
    #expect(try call(late, "AUTH secret").text.hasPrefix("-WRONGPASS"))
    #expect(try call(late, "AUTH third").text == "+OK\r\n")
    #expect(try call(late, "CONFIG SET requirepass").text.hasPrefix("-ERR"))
    #expect(try late.call("CONFIG", "SET", "requirepass", "").text == "+OK\r\n")
    #expect(try server.connect().call("PING").text == "+PONG\r\n")
  }

  // MARK: Where users come from

  @Test func usersAreKeptInTheACLFile() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-access-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("users.acl")
    try "user default on nopass ~* &* +@all\nuser app on >secret +get ~a* (+set %W~b*)\n".write(
      to: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(.martlet, options: ["--aclfile", "users.acl"], directory: directory)
    let admin = try server.connect()
    // Bytes that are no text are kept as they are.
    let pattern = Array("~".utf8) + [0xff, 0xfe, UInt8(ascii: "*")]
    #expect(try admin.call([Array("ACL".utf8), Array("SETUSER".utf8), Array("app".utf8), pattern]).text == "+OK\r\n")
    let users = try call(admin, "ACL LIST").bytes
    #expect(try call(admin, "ACL SAVE").text == "+OK\r\n")
    #expect(try call(admin, "ACL SETUSER app +@all").text == "+OK\r\n")
    #expect(try call(admin, "ACL LOAD").text == "+OK\r\n")
    #expect(try call(admin, "ACL LIST").bytes == users)
    // A file with a mistake changes nothing.
    try "user app on\nuser other +nonsense\nuser other on\n".write(to: file, atomically: true, encoding: .utf8)
    #expect(
      try call(admin, "ACL LOAD").text == """
        -ERR users.acl:2: Error in applying operation '+nonsense': Unknown command or category name in ACL. WARNING: \
        Duplicate user 'other' found on line 3. WARNING: ACL errors detected, no change to the previously active ACL \
        rules was performed\r\n
        """)
    #expect(try call(admin, "ACL LIST").bytes == users)
    try FileManager.default.removeItem(at: file)
    #expect(
      try call(admin, "ACL LOAD").text
        == "-ERR Error loading ACLs, opening file 'users.acl': No such file or directory\r\n")
  }

  @Test func usersOfTheConfigurationAreRewrittenWithIt() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-rewrite-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("martlet.conf")
    try "user app on >secret +get ~a* ( +set %W~b* )\n".write(to: file, atomically: true, encoding: .utf8)
    var users: [UInt8] = []
    do {
      let server = try ServerProcess(.martlet, configuration: file.path, directory: directory)
      let admin = try server.connect()
      #expect(try call(admin, "AUTH app secret").text == "+OK\r\n")
      #expect(try call(admin, "AUTH default any").text == "+OK\r\n")
      let odd: [[UInt8]] = [
        Array("~it's".utf8), Array("~\"a\\b".utf8), Array("~".utf8) + [0xff], Array("(+get ~x'y)".utf8),
      ]
      #expect(try admin.call(["ACL", "SETUSER", "odd"].map { Array($0.utf8) } + odd).text == "+OK\r\n")
      users = try call(admin, "ACL LIST").bytes
      #expect(try call(admin, "CONFIG REWRITE").text == "+OK\r\n")
    }
    let server = try ServerProcess(.martlet, configuration: file.path, directory: directory)
    #expect(try call(server.connect(), "ACL LIST").bytes == users)
  }

  @Test(arguments: [
    (["--user", "a", "+nonsense"], "Unknown command or category name in ACL"),
    (["--user", "a", "on", "--user", "a", "off"], "Duplicate user found"),
    (["--user", "a", "(+get"], "Unmatched parenthesis"),
    (["--user", "a", "on", "--aclfile", "/dev/null"], "not both"),
    (["--aclfile", "/nonexistent"], "No such file or directory"),
    (["--rename-command", "NONSENSE", "x"], "No such command in rename-command"),
    (["--rename-command", "GET", "SET"], "Target command name already exists"),
  ])
  func aServerDoesNotStartWithoutKnowingWhoMayDoWhat(_ options: [String], _ reason: String) throws {
    do {
      _ = try ServerProcess(.martlet, options: options)
      Issue.record("it started")
    } catch let failure as TestFailure {
      #expect(failure.description.contains(reason), "\(failure.description)")
    }
  }

  @Test func aReplicaFollowsAsAUser() throws {
    let primary = try ServerProcess(.martlet)
    let admin = try primary.connect()
    _ = try call(admin, "ACL SETUSER follower on >secret +psync +replconf +ping")
    _ = try call(admin, "ACL SETUSER default >needed")
    _ = try call(admin, "SET a 1")
    let replica = try ServerProcess(
      .martlet,
      options: ["--masteruser", "follower", "--masterauth", "secret", "--replicaof", "127.0.0.1 \(primary.port)"])
    let reader = try replica.connect()
    #expect(try eventually { try call(reader, "GET a").word == "1" }, "what was there arrives")
    _ = try call(admin, "SET a 2")
    #expect(try eventually { try call(reader, "GET a").word == "2" }, "what comes arrives")
  }

  // MARK: As Redis

  /// Questions to both servers. Redis 7.0 words some denials otherwise, so what is compared is whether they deny.
  @Test func bothServersDenyTheSame() throws {
    let servers = try [ServerProcess.Kind.martlet, .redis].map { try ServerProcess($0) }
    let admins = try servers.map { try $0.connect() }
    let clients = try servers.map { try $0.connect() }
    func both(_ clients: [RESPClient], _ command: String) throws -> [Reply] {
      try clients.map { try call($0, command) }
    }
    for command in [
      "ACL SETUSER app on >pw +@all -@dangerous +info %R~r* %W~w* ~rw* &c*", "ACL SETUSER app +nonsense",
      "ACL SETUSER app (+get", "ACL SETUSER app (+get &*", "ACL GETUSER nobody", "ACL DELUSER default", "ACL GENPASS 0",
      "ACL GENPASS 4097", "ACL GENPASS x", "ACL CAT nonsense", "ACL CAT a b", "ACL LOG x", "ACL LOG RESET", "ACL LOG",
      "ACL LOAD", "ACL SAVE", "ACL WHOAMI", "ACL USERS", "ACL DRYRUN nobody GET a", "ACL DRYRUN app nonsense",
      "ACL DRYRUN app GET", "ACL DRYRUN app GET r", "AUTH x", "AUTH nobody x", "CLIENT KILL USER nobody", "ACL HELP",
    ] {
      let replies = try both(admins, command)
      #expect(replies[0] == replies[1], "\(command): \(replies.map(\.shown))")
    }
    for command in [
      "AUTH app pw", "GET r1", "GET w1", "SET w1 v", "SET w1 v GET", "SET rw1 v GET", "MGET r1 r2 w1", "MSET w1 a x b",
      "COPY r1 w1", "COPY w1 r1", "EXISTS r1 w1", "EXISTS x", "OBJECT ENCODING x", "BITOP AND w1 r1 r2",
      "SORT r1 BY w*",
      "SORT r1 STORE w2", "SORT rw1 STORE r1", "SORT_RO r1 GET x*", "ZUNIONSTORE w1 2 r1 r2", "ZUNIONSTORE w1 9 x",
      "EVAL return 1 r1", "EVAL return 1 rw1", "EVAL_RO return 1 r1", "XREAD STREAMS r1 0", "XREAD STREAMS x 0",
      "GEORADIUS rw1 1 2 3 m STORE r1", "LMOVE r1 w1 LEFT RIGHT", "LMPOP 2 r1 w1 LEFT", "BITFIELD r1 GET u8 0",
      "BITFIELD r1 SET u8 0 1", "PUBLISH c1 m", "PUBLISH d m", "SPUBLISH d m", "PSUBSCRIBE c1*", "KEYS *", "FLUSHALL",
      "CONFIG GET maxmemory", "ACL WHOAMI", "ACL LIST", "CLIENT ID", "CLIENT KILL ID 99", "WATCH x", "MULTI", "GET x",
      "EXEC", "TOUCH x", "EXPIRE r1 10", "TTL x", "DUMP w1", "FCALL f 1 x", "SELECT 0", "PING",
    ] {
      let replies = try both(clients, command)
      let codes = replies.map { $0.text.split(separator: " ").first.map(String.init) ?? "" }
      #expect(codes[0] == codes[1] || !replies[0].isError && !replies[1].isError, "\(command): \(replies.map(\.shown))")
    }
  }
}
