import Testing

@testable import Directives

@Suite struct LoadTests {
  let configuration = Configuration()

  @Test func readsCommentsBlankLinesQuotesAndUnits() throws {
    try configuration.loadText(
      """
      # a comment
        \t
        PORT 7777\r
      requirepass "two words \\"\\x41\\n\\\\"
      masterauth 'it\\'s \\n plain'
      maxmemory 1gb
      bind 127.0.0.1 ::1
      slave-read-only no
      logfile ""
      list-max-ziplist-value 64
      """)
    #expect(configuration.integer("port") == 7777)
    #expect(configuration.string("requirepass") == "two words \"A\n\\")
    #expect(configuration.string("masterauth") == "it's \\n plain")
    #expect(configuration.integer("maxmemory") == 1 << 30)
    #expect(configuration.words("bind") == ["127.0.0.1", "::1"])
    #expect(!configuration.boolean("replica-read-only"))
  }

  @Test func saveLinesReplaceTheDefaultAndThenAddUp() throws {
    try configuration.loadText("save 900 1 300 10\nsave 60 1000")
    #expect(configuration.shown("save") == "900 1 300 10 60 1000")
    try configuration.loadText("save 1 2")
    #expect(configuration.shown("save") == "900 1 300 10 60 1000 1 2")
    try configuration.loadText("save \"\"\nsave 5 6")
    #expect(configuration.shown("save") == "5 6")
    try configuration.loadText("save \"\"")
    #expect(configuration.savePoints.isEmpty)
  }

  @Test func outputBufferLimitsOfOneClassLeaveTheOthers() throws {
    try configuration.loadText(
      "client-output-buffer-limit normal 1mb 0 0 pubsub 0 0 0\nclient-output-buffer-limit slave 3 2 1")
    #expect(configuration.shown("client-output-buffer-limit") == "normal 1048576 0 0 slave 3 2 1 pubsub 0 0 0")
  }

  @Test func keepsStatementsForTheServer() throws {
    try configuration.loadText(
      """
      rename-command CONFIG ""
      rename-command FLUSHALL wipe
      user alice on >secret ~* +@all
      loadmodule /lib/search.so a "b c"
      search.timeout 1 2
      replicaof 10.0.0.1 6380
      """)
    func texts(_ statements: [Configuration.Statement]) -> [[String]] {
      statements.map { $0.words.map { String(decoding: $0, as: UTF8.self) } }
    }
    #expect(texts(configuration.renamedCommands) == [["CONFIG", ""], ["FLUSHALL", "wipe"]])
    #expect(texts(configuration.users) == [["alice", "on", ">secret", "~*", "+@all"]])
    #expect(configuration.modules == [["/lib/search.so", "a", "b c"]])
    #expect(configuration.moduleSettings.map(\.name) == ["search.timeout"])
    #expect(configuration.moduleSettings.map(\.value) == ["1 2"])
    #expect(configuration.words("replicaof") == ["10.0.0.1", "6380"])
  }

  private static let complaints: [(text: String, reason: String)] = [
    ("foo bar", "Bad directive or wrong number of arguments"),
    ("maxmemori 1", "Bad directive or wrong number of arguments\nDid you mean 'maxmemory'?"),
    ("includ x", "Bad directive or wrong number of arguments\nDid you mean 'include'?"),
    ("include", "Bad directive or wrong number of arguments"),
    ("port", "wrong number of arguments"),
    ("port 1 2", "wrong number of arguments"),
    ("port 99999", "argument must be between 0 and 65535 inclusive"),
    ("unixsocketperm 888", "argument couldn't be parsed as an octal number"),
    ("unixsocketperm 1000", "argument must be between 0 and 777 inclusive"),
    ("requirepass \"abc", "Unbalanced quotes in configuration line"),
    ("requirepass \"abc\"d", "Unbalanced quotes in configuration line"),
    ("requirepass \"\\xff\"", "The line is not valid UTF-8"),
    ("replicaof localhost", "wrong number of arguments"),
    ("replicaof localhost 70000", "Invalid master port"),
    ("appendfilename a/b", "appendfilename can't be a path, just a filename"),
    ("appendfilename \"\"", "appendfilename can't be empty"),
    ("appenddirname a/b", "appenddirname can't be a path, just a dirname"),
    ("sentinel monitor x", "sentinel directive while not in sentinel mode"),
    ("search.timeout", "Module config specified without value"),
    ("save 1", "Invalid save parameters"),
  ]

  @Test(arguments: complaints.indices)
  func complainsWithTheLineAndTheReason(index: Int) {
    let (text, reason) = Self.complaints[index]
    #expect(
      configuration.complaint(loading: "# first\n  \(text)") == """

        *** FATAL CONFIG FILE ERROR (Martlet) ***
        Reading the configuration file, at line 2
        >>> '\(text)'
        \(reason)

        """)
  }

  @Test func clusterModeAllowsOneDatabaseAndNoPrimary() throws {
    try configuration.loadText("cluster-enabled yes\ndatabases 16")
    #expect(configuration.integer("databases") == 1)
    #expect(
      configuration.complaint(loading: "replicaof localhost 1")
        == "\n*** FATAL CONFIG FILE ERROR (Martlet) ***\nreplicaof directive not allowed in cluster mode\n")
  }

  @Test func includesFilesAndPatterns() throws {
    let directory = TemporaryDirectory()
    directory.write("a.part", "port 1\ntimeout 1")
    directory.write("b.part", "port 2")
    let file = directory.write("martlet.conf", "dir \(directory.path)\ninclude *.part\ninclude none-*\ntimeout 3")
    try configuration.loadFile(file)
    #expect(configuration.integer("port") == 2)
    #expect(configuration.integer("timeout") == 3)
    #expect(configuration.path == file)
  }

  @Test func complaintsNameTheIncludedFile() {
    let directory = TemporaryDirectory()
    let part = directory.write("a.part", "\nport x")
    #expect(
      configuration.complaint(loading: "include \(part)") == """

        *** FATAL CONFIG FILE ERROR (Martlet) ***
        Reading the configuration file, at line 2 of \(part)
        >>> 'port x'
        argument couldn't be parsed into an integer

        """)
    #expect(
      configuration.complaint(loading: "include \(directory.path)/none")
        == "Fatal error, can't open config file '\(directory.path)/none': No such file or directory")
  }

  @Test func aCircleOfFilesEnds() {
    let directory = TemporaryDirectory()
    let file = directory.write("a.conf", "include \(directory.path)/a.conf")
    #expect(configuration.complaint(loading: "include \(file)")?.contains("levels deep") == true)
  }

  @Test func aLogFileThatCannotBeOpenedStopsTheStart() {
    #expect(
      configuration.complaint(loading: "logfile /no/such/place/log") == """

        *** FATAL CONFIG FILE ERROR (Martlet) ***
        Can't open the log file: No such file or directory

        """)
  }
}
