import Commands
import TestSupport

/// Makes up what clients send: commands as their declarations describe them, with arguments of all kinds, and now and
/// then bytes that nobody should send.
struct FrameGenerator {
  private struct Form {
    let words: [[UInt8]]
    let group: String
    let syntax: CommandSyntax
    let arity: Int
  }

  private let forms: [Form]
  private var random: SeededRandom

  init(_ table: CommandTable, seed: UInt64) {
    random = SeededRandom(seed: seed)
    // Emptying everything is rare, so that there is something to work on.
    let rare = ["flushall", "flushdb", "swapdb", "monitor"]
    let often = ["exec", "xgroup|create", "xadd", "xreadgroup"]
    // A self-test takes its time, and no arguments.
    let commands = table.all.filter { !$0.pointee.hasSubcommands && $0.pointee.fullName != "pfselftest" }
    forms = commands.flatMap { command in
      let form = Form(
        words: command.pointee.fullName.split(separator: "|").map { Array($0.utf8) },
        group: command.pointee.declaration.group.rawValue,
        syntax: CommandSyntax(command.pointee.declaration.syntax.description), arity: command.pointee.arity)
      let name = command.pointee.fullName
      return Array(repeating: form, count: rare.contains(name) ? 1 : often.contains(name) ? 400 : 40)
    }
  }

  mutating func command() -> [[UInt8]] {
    let form = random.one(of: forms)
    var words = form.words + form.syntax.make(&random) { HostileWords.word($0, group: form.group, &$1) }
    switch random.below(40) {
    case 0: words.append(HostileWords.edge(&random))
    case 1: words.removeLast()
    case 2: words.insert(HostileWords.edge(&random), at: random.below(words.count + 1))
    case 3: words[random.below(words.count)] = HostileWords.edge(&random)
    case 4: words.swapAt(random.below(words.count), random.below(words.count))
    default: break
    }
    return words
  }

  /// The next bytes of a client.
  mutating func frame() -> [UInt8] {
    let words = command()
    var bytes = random.chance(94) ? Self.encoded(words) : Self.inline(words, &random)
    if random.chance(4) { mutate(&bytes) }
    if random.chance(1) { bytes += garbage() }
    return bytes
  }

  static func encoded(_ words: [[UInt8]]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
      bytes += Array("$\(word.count)\r\n".utf8)
      bytes += word
      bytes += [13, 10]
    }
    return bytes
  }

  private static func inline(_ words: [[UInt8]], _ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in words {
      switch random.below(4) {
      case 0: bytes += [34] + word.flatMap { Array("\\x\(String(Int($0) + 256, radix: 16).dropFirst())".utf8) } + [34]
      case 1: bytes += [39] + word + [39]
      default: bytes += word
      }
      bytes.append(32)
    }
    return bytes + (random.chance(50) ? [13, 10] : [10])
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<random.below(4) + 1 where !bytes.isEmpty {
      let at = random.below(bytes.count)
      switch random.below(6) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8(random.below(8))
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 3: bytes.remove(at: at)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + random.below(20)))
      default: bytes.insert(contentsOf: HostileWords.edge(&random), at: at)
      }
    }
  }

  private mutating func garbage() -> [UInt8] {
    random.one(
      of: [
        "*2147483647\r\n", "*2147483648\r\n", "*-1\r\n", "*0\r\n", "*1\r\n$-1\r\n", "*1\r\n$536870913\r\n",
        "*1\r\n$1048576\r\n", "*1\r\n$9223372036854775807\r\n", "$5\r\nhello\r\n", "*\r\n", "*1\r\n$\r\n",
        "*1\r\n:1\r\n",
        "*18446744073709551616\r\n", "*3\r\n$3\r\nSET\r\n", "\r\n\r\n\r\n", "\n", "\"", "'", "\"\\x", "GET \"a\"b\r\n",
        "*1\r*1\n", "*1\r\n$4\r\nPINGxx", "*100000\r\n" + String(repeating: "$1\r\na\r\n", count: 300), "\0\0\0\0",
        String(repeating: "a", count: 70_000),
      ].map { Array($0.utf8) })
  }
}
