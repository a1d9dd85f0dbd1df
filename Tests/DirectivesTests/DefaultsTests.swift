import Testing

@testable import Directives

@Suite struct DefaultsTests {
  @Test func everyDirectiveOfRedisHasItsDefault() {
    let configuration = Configuration()
    for (name, value) in redisDefaults {
      #expect(configuration.shown(name) == value, "\(name)")
    }
  }

  @Test func everyDirectiveOfValkeyHasItsDefault() {
    let configuration = Configuration()
    for (name, value) in valkeyDefaults {
      #expect(configuration.shown(name) == value, "\(name)")
    }
  }

  @Test func aStarShowsWhatRedisShowsAndLittleMore() {
    let shown = Set(Configuration().get(matching: ["*"]).map(\.name))
    let expected = Set(redisDefaults.map(\.name) + valkeyDefaults.map(\.name))
    // Valkey's own name, and its spellings of Redis's: Redis's tools check that they know all that a star shows.
    let hidden = ["unixsocketgroup", "server-cpulist", "bio-cpulist", "bgsave-cpulist", "aof-rewrite-cpulist"]
    #expect(expected.subtracting(hidden).isSubset(of: shown))
    let own = [
      "array-slice-size", "array-sparse-kmax", "array-sparse-kmin", "change-feed-size", "change-feed-stream",
      "compat-version", "huge-page-threshold", "tracking-table-max-bytes", "tracking-table-max-items",
    ]
    #expect(shown.subtracting(expected) == Set(own + ["dir"]))
  }

  @Test func defaultsPassTheirOwnChecks() throws {
    for directive in Directive.all where directive.kind != .directory && directive.kind != .primary {
      let words =
        directive.takesSeveralWords
        ? Configuration.splitAtSpaces(directive.defaultValue) : [directive.defaultValue]
      #expect(
        try directive.canonical(words, current: directive.defaultValue) == directive.defaultValue, "\(directive.name)")
    }
  }

  @Test func namesAreDeclaredOnce() {
    let names = Directive.all.flatMap { [$0.name] + $0.aliases }
    #expect(names.count == Set(names).count)
    #expect(names.allSatisfy { $0 == $0.lowercased() })
  }

  @Test func listsAndLimitsCanBeRead() {
    let configuration = Configuration()
    #expect(configuration.words("bind") == ["*", "-::*"])
    #expect(configuration.boolean("rdbchecksum"))
    #expect(configuration.integer("maxclients") == 10000)
    #expect(configuration.string("logfile") == "")
    let points = configuration.savePoints
    #expect(points.map(\.seconds) == [3600, 300, 60])
    #expect(points.map(\.changes) == [1, 100, 10000])
    let limits = configuration.outputBufferLimits
    #expect(limits.normal == OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0))
    #expect(limits.replica == OutputBufferLimit(hard: 268_435_456, soft: 67_108_864, softSeconds: 60))
    #expect(limits.pubsub == OutputBufferLimit(hard: 33_554_432, soft: 8_388_608, softSeconds: 60))
  }

  @Test func getReportsEachNameOnceAndAsItWasAskedFor() {
    let configuration = Configuration()
    #expect(configuration.get(matching: ["MaxMemory"]).map(\.name) == ["MaxMemory"])
    #expect(configuration.get(matching: ["port", "PORT", "por?"]).map(\.name) == ["port"])
    #expect(configuration.get(matching: ["nothing", "nothing*"]).isEmpty)
    #expect(
      configuration.get(matching: ["*-MAX-[lz]i*-ENTRIES"]).map(\.name) == [
        "hash-max-listpack-entries", "hash-max-ziplist-entries", "set-max-listpack-entries",
        "zset-max-listpack-entries", "zset-max-ziplist-entries",
      ])
  }

  @Test func hiddenDirectivesNeedTheirExactName() {
    let configuration = Configuration()
    #expect(configuration.get(matching: ["rdb-key-save*"]).isEmpty)
    #expect(configuration.shown("rdb-key-save-delay") == "0")
  }
}
