import TestSupport

/// Arguments at which programs break, and others at which they do not.
enum HostileWords {
  static let edges: [[UInt8]] =
    [
      "", "0", "-0", "00", "1", "-1", "1.0", " 1", "1 ", "+1", "2147483647", "2147483648", "-2147483649", "4294967295",
      "4294967296", "536870912", "9223372036854775806", "9223372036854775807", "-9223372036854775807",
      "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616",
      "99999999999999999999999", "nan", "-nan", "inf", "-inf", "+inf", "infinity", "1e308", "-1e308", "1e309", "1e-320",
      "0x10", "1e5", ".5", "5.", "*", "-", "+", "$", ">", "~", "=", "(", "[", "(inf", "(nan", "(1", "[a", "((1", "#",
      "#1",
      "#9223372036854775807", "0-0", "0-", "-0", "0-1", "0-*", "*-*", "1-1", "(0-0",
      "18446744073709551615-18446744073709551615", "18446744073709551616-0",
      "18446744073709551615-18446744073709551616",
      "\r\n", "\0", "a\0b", "%s%n%p", "../../etc/passwd", "\\", "[", "[^", "[a-", "\\x", "u64", "i64", "u63", "i65",
      "2024-01-01",
    ].map { Array($0.utf8) } + [[0xff], [0xff, 0xfe, 0, 0x80], Array(0...255)]

  /// Long enough for buffers, cheap enough for algorithms that take the product of two lengths.
  static let long = [UInt8](repeating: 0x61, count: 5000)
  static let veryLong = Array((0..<64 << 10).map { "*a"["*a".index("*a".startIndex, offsetBy: $0 % 2)].asciiValue! })

  static func edge(_ random: inout SeededRandom) -> [UInt8] {
    switch random.below(200) {
    case 0: long
    case 1...6: (0..<random.below(70)).map { _ in UInt8.random(in: 0...255, using: &random) }
    default: random.one(of: edges)
    }
  }

  private static let kinds = [
    "string", "number", "hash", "list", "set", "zset", "stream", "bitmap", "hll", "geo", "array",
  ]

  /// A key of the type that a command of `group` works on, most of the time.
  static func key(_ group: String, _ random: inout SeededRandom) -> [UInt8] {
    var kind = random.one(of: kinds)
    if random.chance(88) {
      switch group {
      case "string": kind = random.one(of: ["string", "number"])
      case "bitmap": kind = random.one(of: ["bitmap", "string"])
      case "sorted-set": kind = "zset"
      case "hyperloglog": kind = "hll"
      default: if kinds.contains(group) { kind = group }
      }
    }
    return Array("\(kind):\(random.below(4))".utf8)
  }

  /// A word for what a command's syntax calls `name`.
  static func word(_ name: String, group: String, _ random: inout SeededRandom) -> [UInt8] {
    if random.chance(12) { return edge(&random) }
    func number(_ range: ClosedRange<Int>) -> [UInt8] { Array("\(Int.random(in: range, using: &random))".utf8) }
    func text(_ choices: String...) -> [UInt8] { Array(random.one(of: choices).utf8) }
    if name.hasPrefix("num") { return number(1...3) }
    if name.contains("key") || name == "source" || name == "destination" { return key(group, &random) }
    switch name {
    case "field", "member", "element", "member1", "member2", "pivot", "channel", "shardchannel":
      return random.chance(60) ? Array("m\(random.below(12))".utf8) : number(-5...40)
    case "group", "consumer": return text("g1", "g1", "g2")
    case "subcommand": return text("getreg", "decode", "encoding", "todense")
    case "value" where group == "bitmap": return number(0...1)
    case "value" where random.chance(30): return text("v1")
    case "offset": return number(0...100)
    case "stream-id", "last-id": return number(30...40) + text("-1", "-0", "-0")
    case "value":
      return random.chance(50)
        ? number(-100...100) : [UInt8](repeating: 0x76, count: random.one(of: [1, 9, 64, 65, 300]))
    case "pattern" where group == "array":
      return text("^m[0-9]+$", "m*", "v|1", "(m|mm)+[^x]{2,9}$", "(", "\\bv\\d?", "[[:digit:]]{255}")
    case "index" where group == "array", "start" where group == "array", "end" where group == "array":
      return random.chance(90) ? number(0...60) : text("4095", "4096", "18446744073709551614", "-", "+")
    case "pattern": return text("*", "m*", "?[1-3]", "*:*", "hash:*", "[^m]*")
    case "id", "lastid", "min-id", "threshold", "start", "end", "stop":
      if group == "stream" {
        return random.chance(50) ? text("-", "+", "0", "$", "*", ">") : number(1...40) + text("", "-1")
      }
      return number(-6...20)
    case "min", "max":
      return random.chance(50) ? number(-5...20) : text("(1", "(5", "-inf", "+inf", "[m1", "(m5", "-", "+")
    case "longitude", "latitude": return number(-80...80)
    case "encoding": return text("u8", "i16", "u1", "i64", "u63", "i5")
    case "timeout", "seconds", "milliseconds": return random.chance(80) ? number(1...50) : text("0", "0.01", "1.5")
    case "index", "index1", "index2", "db", "destination-db": return number(0...2)
    case "cursor": return text("0", "0", "1", "64", "123456789")
    case "script":
      return text(
        "return 1", "return redis.call('get', KEYS[1])", "return {KEYS, ARGV, {ok = 'x'}, 1.5, false}",
        "return redis.pcall(ARGV[1], KEYS[1], ARGV[2])", "return cjson.decode(ARGV[1])",
        "return cmsgpack.unpack(ARGV[1])",
        "return struct.unpack(ARGV[1], ARGV[2])", "return redis.error_reply(ARGV[1])", "error(ARGV[1])")
    case "command" where group == "server": return text("get", "set", "mset", "xadd", "eval")
    // Of `return 1`.
    case "sha1": return text("e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    case "function-code":
      return text("#!lua name=l\nredis.register_function('f', function(keys) return redis.call('type', keys[1]) end)")
    case "function", "library-name": return text("f", "l")
    default: return random.chance(70) ? number(-3...30) : Array("m\(random.below(12))".utf8)
    }
  }
}
