import Foundation
import TestSupport
import Testing

/// The same random commands to Martlet and to `redis-server`: the same replies, byte for byte.
///
/// MARTLET_DIFFERENTIAL_COMMANDS says how many, MARTLET_TEST_SEED which. MARTLET_DIFFERENTIAL_FAMILIES names the
/// families, separated by commas.
@Suite(.serialized) struct DifferentialTests {
  static let families: [CommandFamily] = [
    .strings, .counters, .hashes, .lists, .sets, .sortedSets, .streams, .geo, .bitmaps, .hyperLogLogs, .sorting,
    .generic,
    .expiration, .transactions, .connection, .introspection,
  ]

  private static var chosen: [CommandFamily] {
    guard let names = ProcessInfo.processInfo.environment["MARTLET_DIFFERENTIAL_FAMILIES"] else { return families }
    let wanted = names.split(separator: ",").map(String.init)
    return families.filter { wanted.contains($0.name) }
  }

  @Test func repliesEqualThoseOfRedis() throws {
    let seed = SeededRandom.runSeed()
    var random = SeededRandom(seed: seed)
    let total = SeededRandom.count("MARTLET_DIFFERENTIAL_COMMANDS", default: 200_000)
    let options = ["--databases", "4", "--proto-max-bulk-len", "1mb", "--enable-debug-command", "yes"]
    let martlet = try ServerProcess(.martlet, options: options)
    let redis = try ServerProcess(.redis, options: options)
    let comparison = try StreamComparison(ours: martlet.connect(), theirs: redis.connect())
    let episode = 400
    var done = 0
    var differences = 0
    while done < total {
      // Some episodes are of one family, so that its commands meet often enough.
      let families = random.chance(70) ? [random.one(of: Self.chosen), random.one(of: Self.chosen)] : Self.chosen
      let commands = (0..<episode).map { _ in RandomCommand.make(families, &random) }
      let isRESP3 = random.chance(50)
      done += episode
      guard let found = try comparison.firstDifference(commands, isRESP3: isRESP3) else { continue }
      let script = try comparison.shrink(commands, found, isRESP3: isRESP3)
      Issue.record(
        """
        seed \(seed), RESP\(isRESP3 ? 3 : 2): after
        \(script.dropLast().map { "  " + $0.shown }.joined(separator: "\n"))
        \(found)
        """)
      differences += 1
      if differences == 10 { break }
    }
    print("differential: \(done) commands, seed \(seed)")
  }
}
