import TestSupport

/// The random words of templates.
enum Vocabulary {
  /// Kinds of keys: templates say which type they expect, and now and then get another.
  private static let keyKinds = ["string", "number", "hash", "list", "set", "zset", "stream", "bitmap", "hll", "geo"]

  static func word(_ kind: String, _ random: inout SeededRandom) -> [UInt8] {
    if kind == "key" { return key(random.one(of: keyKinds), &random) }
    if keyKinds.contains(kind) {
      return key(random.chance(96) ? kind : random.one(of: keyKinds), &random)
    }
    guard let make = makers[kind] else { preconditionFailure("no such kind of word: \(kind)") }
    return make(&random)
  }

  private static func key(_ kind: String, _ random: inout SeededRandom) -> [UInt8] {
    // Few keys, so that commands meet each other's traces; one with bytes that are not text.
    switch random.below(8) {
    case 0: Array("\(kind):\r\n\0\u{1}".utf8) + [0xff, 0xfe]
    case 1...3: Array("\(kind):1".utf8)
    case 4...5: Array("\(kind):2".utf8)
    default: Array("\(kind):\(random.below(6))".utf8)
    }
  }

  private static func number(_ range: ClosedRange<Int>, _ random: inout SeededRandom) -> [UInt8] {
    Array("\(Int.random(in: range, using: &random))".utf8)
  }

  private static func bytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private typealias Maker = (inout SeededRandom) -> [UInt8]

  /// Values at which programs break.
  private static let edges: [[UInt8]] = [
    "", "0", "-0", "00", "-1", "1.0", " 1", "1 ", "+1", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "18446744073709551615", "18446744073709551616", "4294967296", "2147483648", "-2147483649",
    "inf", "-inf", "+inf", "nan", "1e400", "1e-400", "0x10", "abc", "*", "-", "+", "(", "[", "(1", "[a", "$", ">",
    "0-0",
    "1-", "-1-1", "536870912", "999999999999999999999", "1e5", ".5", "5.", "NX", "XX", "COUNT", "LIMIT", "WITHSCORES",
  ].map { Array($0.utf8) }

  nonisolated(unsafe) private static let makers: [String: Maker] = [
    "edge": { random in
      random.chance(92) ? random.one(of: edges) : bytes(random.one(of: [1, 20, 63, 64, 127, 128, 300, 5000]), &random)
    },
    "value": { random in
      switch random.below(12) {
      case 0: []
      case 1...3: number(-200...200, &random)
      case 4: number(Int.min...Int.max, &random)
      case 5: bytes(random.below(80), &random)
      case 6:
        Array(
          repeating: 97 + UInt8(random.below(26)), count: random.one(of: [44, 45, 63, 64, 65, 127, 1023, 1025, 5000]))
      default: Array("v\(random.below(40))".utf8)
      }
    },
    "field": { random in
      random.chance(90)
        ? Array("f\(random.below(20))".utf8)
        : random.one(of: [[], Array("1".utf8), Array("-7".utf8), Array(repeating: 102, count: 70)])
    },
    "member": { random in
      switch random.below(10) {
      case 0...4: Array("m\(random.below(25))".utf8)
      case 5...8: number(-5...30, &random)
      default:
        random.one(of: [[], Array(repeating: 109, count: 70), Array("m\r\n\0".utf8), Array("9223372036854775807".utf8)])
      }
    },
    "integer-member": { random in number(-20...100, &random) },
    "int": { random in random.chance(85) ? number(-1000...1000, &random) : random.one(of: edges) },
    "small": { random in number(0...12, &random) },
    "positive": { random in number(1...10, &random) },
    "count": { random in random.chance(85) ? number(0...15, &random) : number(-15...100, &random) },
    "index": { random in random.chance(90) ? number(-12...12, &random) : random.one(of: edges) },
    "offset": { random in random.chance(90) ? number(-20...80, &random) : random.one(of: edges) },
    "float": { random in
      switch random.below(8) {
      case 0: random.one(of: edges)
      case 1...3: number(-50...50, &random)
      case 4: Array("\(Double.random(in: -1e6...1e6, using: &random))".utf8)
      case 5: Array("\(Int.random(in: -99...99, using: &random))e\(Int.random(in: -12...12, using: &random))".utf8)
      default: Array("\(Double(Int.random(in: -4000...4000, using: &random)) / 8)".utf8)
      }
    },
    "score": { random in
      switch random.below(10) {
      case 0: Array(random.one(of: ["inf", "-inf", "+inf", "0", "-0"]).utf8)
      case 1: Array("\(Double.random(in: -10...10, using: &random))".utf8)
      case 2: Array("\(Double(Int.random(in: -4000...4000, using: &random)) / 16)".utf8)
      default: number(-10...20, &random)
      }
    },
    "score-bound": { random in
      switch random.below(8) {
      case 0: Array(random.one(of: ["-inf", "+inf", "inf"]).utf8)
      case 1...2: Array("(".utf8) + number(-10...20, &random)
      case 3: random.one(of: edges)
      default: number(-10...20, &random)
      }
    },
    "lex-bound": { random in
      switch random.below(8) {
      case 0: Array("-".utf8)
      case 1: Array("+".utf8)
      case 2...4: Array("[m\(random.below(25))".utf8)
      case 5...6: Array("(m\(random.below(25))".utf8)
      default: random.one(of: edges)
      }
    },
    // So far away that the servers' clocks do not matter.
    "future": { random in number(5000...90_000, &random) },
    "future-ms": { random in number(5_000_000...90_000_000, &random) },
    "far-time": { random in number(4_000_000_000...4_100_000_000, &random) },
    "far-time-ms": { random in number(4_000_000_000_000...4_100_000_000_000, &random) },
    "past-time": { random in number(1...1_000_000, &random) },
    "pattern": { random in
      Array(
        random.one(of: [
          "*", "f*", "*1", "m?", "[a-m]*", "string:*", "*:1", "h[^a]ll*", "\\*", "[", "**", "?", "v*", "hash:*",
          "*[0-5]", "[^]",
        ]).utf8)
    },
    "database": { random in number(0...3, &random) },
    "type": { random in
      Array(random.one(of: ["string", "list", "set", "zset", "hash", "stream", "nosuch", "String"]).utf8)
    },
    "word": { random in Array(random.one(of: ["foo", "bar", "baz", "hello world", "", "x"]).utf8) },
    "bit": { random in random.chance(95) ? number(0...1, &random) : random.one(of: edges) },
    "bit-offset": { random in random.chance(94) ? number(0...200, &random) : random.one(of: edges) },
    "bit-type": { random in
      random.chance(95)
        ? Array("\(random.one(of: ["i", "u"]))\(random.one(of: [1, 2, 5, 8, 16, 31, 33, 63, 64]))".utf8)
        : random.one(of: edges)
    },
    "bit-place": { random in Array("#".utf8) + number(0...20, &random) },
    "int32": { random in number(-2_147_483_648...2_147_483_647, &random) },
    "stream-id": { random in
      switch random.below(10) {
      case 0: Array(random.one(of: ["-", "+", "0", "0-0", "$"]).utf8)
      case 1: random.one(of: edges)
      case 2...3: number(1...60, &random)
      default: number(1...60, &random) + Array("-".utf8) + number(0...3, &random)
      }
    },
    "longitude": { random in Array("\(Double(Int.random(in: -17900...17900, using: &random)) / 100)".utf8) },
    "latitude": { random in Array("\(Double(Int.random(in: -8500...8500, using: &random)) / 100)".utf8) },
  ]
}
