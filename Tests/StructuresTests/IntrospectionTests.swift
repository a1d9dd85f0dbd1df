import Commands
import Keyspace
import Memory
import Testing

@Suite struct SyntaxTests {
  private func arguments(_ syntax: StaticString, keys: [KeySpec] = []) -> [CommandArgument] {
    Command("TEST", arity: -1, [.readonly], keys: keys, group: .generic, since: "1.0.0", summary: "", syntax: syntax)
      .arguments
  }

  @Test func wordsAreArgumentsAndCapitalsTokens() {
    let found = arguments("key value [NX | XX] [GET] [EX seconds | KEEPTTL]", keys: [.one("RW")])
    #expect(found.map(\.name) == ["key", "value", "condition", "get", "expiration"])
    #expect(found.map(\.kind) == [.key, .string, .choice, .token, .choice])
    #expect(found.map(\.isOptional) == [false, false, true, true, true])
    #expect(found[0].keySpec == 0)
    #expect(found[2].arguments.map(\.token) == ["NX", "XX"])
    #expect(found[4].arguments.map(\.kind) == [.integer, .token])
    #expect(found[4].arguments[0].token == "EX")
  }

  @Test func whatIsRepeatedIsOneArgument() {
    let keys = arguments("key [key ...]", keys: [.all("RO")])
    #expect(keys.count == 1 && keys[0].isMultiple && keys[0].kind == .key)
    let pairs = arguments("key score member [score member ...]", keys: [.one("RW")])
    #expect(pairs.map(\.name) == ["key", "data"])
    #expect(pairs[1].isMultiple && pairs[1].arguments.map(\.kind) == [.double, .string])
    let patterns = arguments("[GET pattern [GET pattern ...]]")
    #expect(patterns.count == 1 && patterns[0].token == "GET" && patterns[0].kind == .pattern)
    #expect(patterns[0].isOptional && patterns[0].isMultiple && patterns[0].repeatsToken)
    let filters = arguments("<addr | <ID client-id | SKIPME <YES | NO>> ...>")[0]
    #expect(filters.arguments.map(\.isMultiple) == [false, true] && !filters.isMultiple)
    let operations = arguments("[GET bit | SET bit value [GET bit | SET bit value ...]]")[0]
    #expect(operations.isMultiple && operations.arguments.map(\.token) == ["GET", "SET"])
    let identifiers = arguments("[ID client-id [client-id ...]]")
    #expect(identifiers[0].token == "ID" && identifiers[0].isMultiple && !identifiers[0].repeatsToken)
  }

  @Test func argumentsAfterATokenBelongToIt() {
    let limit = arguments("[LIMIT offset count]")[0]
    #expect(limit.kind == .block && limit.token == "LIMIT" && limit.arguments.map(\.name) == ["offset", "count"])
    let status = arguments("<ON | OFF>")[0]
    #expect(status.kind == .choice && !status.isOptional && status.arguments.map(\.name) == ["on", "off"])
    let type = arguments("[TYPE <NORMAL | PUBSUB>]")[0]
    #expect(type.kind == .choice && type.token == "TYPE" && type.isOptional)
  }

  /// Whoever writes a new command's syntax may be wrong in many ways, but not so that COMMAND DOCS ends the server.
  @Test func everyDeclaredSyntaxCanBeRead() {
    for family in CommandTable.families {
      for command in family {
        for declared in [command] + command.subcommands where !declared.syntax.description.isEmpty {
          #expect(!declared.arguments.isEmpty, "\(declared.name)")
        }
      }
    }
    for broken in ["[", "]", "<", "a | [b ...", "...", "[...]", "| |", "< >"] as [StaticString] {
      _ = arguments(broken)
    }
  }
}

@Suite struct KeysOfCommandsTests {
  private func keys(_ runner: CommandRunner, _ words: String...) -> [String] {
    runner.words(["COMMAND", "GETKEYS"] + words)
  }

  @Test func keysAreFoundBySpecs() {
    let runner = CommandRunner()
    #expect(keys(runner, "MSET", "a", "1", "b", "2") == ["a", "b"])
    #expect(keys(runner, "ZUNIONSTORE", "t", "2", "a", "b", "WEIGHTS", "1", "2") == ["t", "a", "b"])
    #expect(keys(runner, "XREAD", "COUNT", "2", "STREAMS", "a", "b", "0", "0") == ["a", "b"])
    #expect(keys(runner, "GEORADIUS", "k", "1", "2", "3", "km", "STORE", "d") == ["k", "d"])
    #expect(keys(runner, "OBJECT", "ENCODING", "k") == ["k"])
  }

  @Test func nonsenseIsRefusedWhateverTheNumbers() {
    let runner = CommandRunner()
    for count in ["x", "-1", "3", "9223372036854775807", "-9223372036854775808", "99999999999999999999"] {
      #expect(keys(runner, "ZUNIONSTORE", "t", count, "a", "b") == ["-ERR Invalid arguments specified for command"])
    }
    #expect(keys(runner, "NOSUCH", "a") == ["-ERR Invalid command specified"])
    #expect(keys(runner, "DBSIZE") == ["-ERR The command has no key arguments"])
    #expect(keys(runner, "GET", "a", "b") == ["-ERR Invalid number of arguments specified for command"])
  }

  @Test func whatIsDoneToAKeyFollowsFromTheArguments() {
    let runner = CommandRunner()
    func flags(_ words: String...) -> [String] { runner.words(["COMMAND", "GETKEYSANDFLAGS"] + words) }
    #expect(flags("SET", "k", "v") == ["k", "OW", "update"])
    #expect(flags("SET", "k", "v", "GET") == ["k", "RW", "access", "update"])
    #expect(flags("BITFIELD", "k", "GET", "u8", "0") == ["k", "RO", "access"])
    #expect(flags("BITFIELD", "k", "GET", "u8", "0", "SET", "u8", "0", "1") == ["k", "RW", "access", "update"])
  }
}

@Suite struct DatasetDigestTests {
  private func digest(_ runner: CommandRunner) -> String { DatasetDigest(of: runner.keyspace.pointee).hexadecimal }

  /// Computed by redis-server 7.0.15 from the same commands.
  @Test func digestsAreThoseOfRedis() {
    let runner = CommandRunner()
    #expect(digest(runner) == String(repeating: "0", count: 40))
    for words in DigestSamples.commands { _ = runner.run(words.map { Array($0.utf8) }) }
    #expect(digest(runner) == DigestSamples.digest)
  }

  @Test func orderCountsOnlyWhereItMeansSomething() {
    let one = CommandRunner(seed: 1)
    let other = CommandRunner(seed: 2)
    for i in 0..<300 { _ = one.run("HSET", "h", "f\(i)", "v\(i)") }
    for i in (0..<300).reversed() { _ = other.run("HSET", "h", "f\(i)", "v\(i)") }
    #expect(digest(one) == digest(other))
    _ = one.run("RPUSH", "l", "a", "b")
    _ = other.run("RPUSH", "l", "b", "a")
    #expect(digest(one) != digest(other))
  }
}

/// Commands that leave one key of each kind, and what `DEBUG DIGEST` of redis-server 7.0.15 answers after them.
enum DigestSamples {
  static let commands = [
    ["SET", "s", "value"],
    ["SET", "n", "12345"],
    ["SET", "d", "1", "PX", "100000000"],
    ["RPUSH", "l", "a", "b", "3"],
    ["SADD", "st", "a", "b", "c"],
    ["SADD", "si", "1", "2", "3"],
    ["ZADD", "z", "1.5", "a", "-2", "b", "0.1", "c"],
    ["HSET", "h", "f", "v", "g", "2"],
    ["XADD", "x", "1-1", "f", "v"],
    ["XADD", "x", "2-5", "f", "v", "g", "w"],
  ]

  static let digest = "1ed8a4edcb668deaf9ea551ed726dbec1e77c723"
}
