import Foundation
import TestSupport
import Testing

/// Command line, configuration files, signals, sockets.
@Suite(.serialized) struct ProcessTests {
  @Test func versionAndHelpAreToldAndNothingElse() throws {
    let version = try runProgram(ServerProcess.martlet.path, ["--version"])
    #expect(version.code == 0 && version.output.hasPrefix("martlet server v="))
    let help = try runProgram(ServerProcess.martlet.path, ["--help"])
    #expect(help.code == 0 && help.output.contains("martlet-server"))
  }

  @Test func aWrongDirectiveEndsTheStartWithItsName() throws {
    let result = try runProgram(ServerProcess.martlet.path, ["--maxmemroy", "1gb"])
    #expect(result.code == 1)
    #expect(result.output.contains("maxmemroy"))
    #expect(result.output.contains("maxmemory"), "the directive that was probably meant")
  }

  @Test func theConfigurationThatDebianShipsIsReadUnchanged() throws {
    let path = "/etc/redis/redis.conf"
    guard FileManager.default.isReadableFile(atPath: path) else { return }
    let server = try ServerProcess(
      .martlet, options: ["--logfile", "", "--pidfile", "", "--unixsocket", ""], configuration: path)
    #expect(try server.connect().call("CONFIG", "GET", "hash-max-listpack-entries").words.last == "512")
  }

  @Test func configRewriteKeepsCommentsAndOrder() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-rewrite-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("martlet.conf")
    try "# a comment\nmaxmemory 100mb\n\n# another\nhz 20\n".write(to: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(.martlet, configuration: file.path)
    let client = try server.connect()
    try client.call("CONFIG", "SET", "maxmemory", "200mb")
    #expect(try client.call("CONFIG", "REWRITE").text == "+OK\r\n")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasPrefix("# a comment\nmaxmemory 200mb\n\n# another\nhz 20\n"))
  }

  /// As Redis shows it, but for the program's name; what is left over of the arguments is cleared.
  @Test func theTitleOfTheProcessIsWhatTheTemplateSays() throws {
    let template = "X {{{port} {title} {listen-addr} {server-mode}{tls-port} {unixsocket}{config-file} end"
    func title(_ server: ServerProcess) throws -> String {
      let line = try String(contentsOfFile: "/proc/\(server.processIdentifier)/cmdline", encoding: .utf8)
      if server.kind == .martlet { #expect(line.drop { $0 != "\0" }.allSatisfy { $0 == "\0" }) }
      return line.prefix { $0 != "\0" }.split(separator: "/").last.map(String.init) ?? ""
    }
    for kind in [ServerProcess.Kind.martlet, .redis] {
      let server = try ServerProcess(kind)
      let client = try server.connect()
      let name = kind == .martlet ? "martlet-server" : "redis-server"
      #expect(try title(server) == "\(name) 127.0.0.1:\(server.port)")
      #expect(try client.call("CONFIG", "SET", "proc-title-template", template).word == "OK")
      #expect(try title(server) == "\(name) 127.0.0.1:\(server.port) 0 - end")
      #expect(
        try client.call("CONFIG", "SET", "proc-title-template", "{port").text.contains("template format is invalid"))
      #expect(try client.call("CONFIG", "SET", "proc-title-template", "  short  ").word == "OK")
      #expect(try title(server) == "short")
    }
    let untouched = try ServerProcess(.martlet, options: ["--set-proc-title", "no"])
    let line = try String(contentsOfFile: "/proc/\(untouched.processIdentifier)/cmdline", encoding: .utf8)
    #expect(line.contains("--set-proc-title"))
  }

  @Test(arguments: [SIGTERM, SIGINT]) func aSignalEndsTheServerInOrder(_ signal: Int32) throws {
    let server = try ServerProcess(.martlet)
    #expect(server.terminate(signal) == 0)
    #expect(server.logText.contains("bye bye"))
  }

  @Test func aUnixSocketServesToo() throws {
    let path = "/tmp/martlet-\(getpid()).sock"
    let server = try ServerProcess(.martlet, options: ["--unixsocket", path, "--unixsocketperm", "700"])
    #expect(try runProgram("/usr/bin/redis-cli", ["-s", path, "SET", "k", "v"]).output == "OK\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(server.terminate() == 0)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aPasswordIsAskedFor() throws {
    let server = try ServerProcess(.martlet, options: ["--requirepass", "secret"])
    let client = try server.connect()
    #expect(try client.call("GET", "k").text == "-NOAUTH Authentication required.\r\n")
    #expect(try client.call("AUTH", "wrong").text.hasPrefix("-WRONGPASS"))
    #expect(try client.call("AUTH", "secret").text == "+OK\r\n")
    #expect(try client.call("GET", "k").text == "$-1\r\n")
    #expect(try server.connect().call("HELLO", "3", "AUTH", "default", "secret").bytes.first == UInt8(ascii: "%"))
  }

  @Test func thePretendedVersionIsSettable() throws {
    let server = try ServerProcess(.martlet, options: ["--compat-version", "7.4.0"])
    let client = try server.connect()
    #expect(try client.call("INFO", "server").text.contains("redis_version:7.4.0"))
    #expect(try client.call("HELLO", "3").words.contains("7.4.0"))
  }
}
