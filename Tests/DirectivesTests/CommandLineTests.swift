import Testing

@testable import Directives

@Suite struct CommandLineTests {
  let configuration = Configuration()

  @Test func optionsTakeTheirValuesUpToTheNextOne() throws {
    try configuration.load(
      arguments: ["--port", "7777", "--replicaof", "localhost", "6380", "--save", "60", "1", "--save", "30 2 20 3"])
    #expect(configuration.integer("port") == 7777)
    #expect(configuration.string("replicaof") == "localhost 6380")
    #expect(configuration.shown("save") == "60 1 30 2 20 3")
    #expect(configuration.path == nil)
  }

  @Test func aValueMayLookLikeAnOption() throws {
    try configuration.load(arguments: ["--requirepass", "--secret", "--port 6380", "--proc-title-template", "--x"])
    #expect(configuration.string("requirepass") == "--secret")
    #expect(configuration.integer("port") == 6380)
    #expect(configuration.string("proc-title-template") == "--x")
  }

  @Test func saveWithoutAValueMeansNever() throws {
    try configuration.load(arguments: ["--save", "--port", "1"])
    #expect(configuration.savePoints.isEmpty)
    #expect(configuration.integer("port") == 1)
    let last = Configuration()
    try last.load(arguments: ["--port", "1", "--save"])
    #expect(last.savePoints.isEmpty)
    let empty = Configuration()
    try empty.load(arguments: ["--save", "", "--shutdown-on-sigint", "nosave force"])
    #expect(empty.savePoints.isEmpty)
    #expect(empty.string("shutdown-on-sigint") == "nosave force")
  }

  @Test func valuesAreTakenLiterally() throws {
    try configuration.load(arguments: ["--requirepass", "a \"b\" \\n\n'é", "--logfile", ""])
    #expect(configuration.string("requirepass") == "a \"b\" \\n\n'é")
  }

  @Test func optionsWinOverTheStandardInputAndThatOverTheFile() throws {
    let directory = TemporaryDirectory()
    let file = directory.write("martlet.conf", "port 1\ntimeout 1\nhz 1")
    try configuration.load(arguments: [file, "--port", "3", "-"]) { Array("port 2\ntimeout 2".utf8) }
    #expect(configuration.integer("port") == 3)
    #expect(configuration.integer("timeout") == 2)
    #expect(configuration.integer("hz") == 1)
    #expect(configuration.path == file)
    let other = Configuration()
    try other.load(arguments: ["-", "--port", "3"]) { Array("timeout 2".utf8) }
    #expect(other.integer("timeout") == 2)
    #expect(other.integer("port") == 3)
  }

  @Test func complaintsShowTheOption() {
    #expect(
      throws: ConfigurationError(
        "\n*** FATAL CONFIG FILE ERROR (Martlet) ***\nReading the options of the command line\n"
          + ">>> 'prot \"1\"'\nBad directive or wrong number of arguments\nDid you mean 'port'?\n")
    ) { try configuration.load(arguments: ["--hz", "1", "--prot", "1"]) }
  }

  @Test func aMissingFileIsNamed() {
    #expect(
      throws: ConfigurationError("Fatal error, can't open config file '/no/such.conf': No such file or directory")
    ) { try configuration.load(arguments: ["/no/such.conf"]) }
  }
}
