/// Requests in RESP, made before the clock starts: the generator only copies them.
struct RequestPool {
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Where each request begins, and where the last ends.
  private let offsets: [Int]
  private var next = 0

  var count: Int { offsets.count - 1 }

  init(_ options: Options) {
    var text: [UInt8] = []
    var offsets = [0]
    var random = SplitMix(state: options.seed)
    let value = (0..<options.valueSize).map { _ in UInt8(97 + random.next() % 26) }
    let commands = options.commands.map { $0.map(Word.init) }
    // Enough that a run does not soon come round, not so much that it leaves the memory's speed.
    let roundLength = options.isSequential ? options.requests ?? options.keyspace : 1 << 30
    var number = 0
    var word: [UInt8] = []
    while number < roundLength && (options.isSequential || (text.count < 64 << 20 && number < 500_000)) {
      let command = commands[number % commands.count]
      text += Array("*\(command.count)\r\n".utf8)
      let key = options.isSequential ? number % options.keyspace : nil
      for template in command {
        word.removeAll(keepingCapacity: true)
        template.append(to: &word, key: key, keyspace: options.keyspace, value: value, number: number, &random)
        text += Array("$\(word.count)\r\n".utf8)
        text += word
        text += [13, 10]
      }
      number += 1
      offsets.append(text.count)
    }
    self.offsets = offsets
    bytes = .allocate(capacity: max(1, text.count))
    text.withUnsafeBufferPointer { bytes.initialize(from: $0.baseAddress!, count: $0.count) }
  }

  /// The next `wanted` requests as one run of bytes; fewer where the pool begins anew.
  mutating func take(_ wanted: Int) -> (start: UnsafeMutablePointer<UInt8>, count: Int, requests: Int) {
    if next == count { next = 0 }
    let taken = min(wanted, count - next)
    defer { next += taken }
    return (bytes + offsets[next], offsets[next + taken] - offsets[next], taken)
  }
}

/// A word of a command, taken apart once at its placeholders.
private struct Word {
  private enum Part {
    case literal([UInt8])
    case key, value, random, number
  }

  private static let placeholders: [(String, Part)] = [
    ("{k}", .key), ("{v}", .value), ("{i}", .random), ("{n}", .number),
  ]

  private var parts: [Part] = []

  init(_ text: String) {
    var rest = text[...]
    var literal: [UInt8] = []
    while let first = rest.first {
      if let (name, part) = Self.placeholders.first(where: { rest.hasPrefix($0.0) }) {
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
        parts.append(part)
        rest.removeFirst(name.count)
      } else {
        literal += Array(String(first).utf8)
        rest.removeFirst()
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
  }

  /// - Parameter key: the number of the request's key; nil: each `{k}` is another one at random.
  func append(
    to text: inout [UInt8], key: Int?, keyspace: Int, value: [UInt8], number: Int, _ random: inout SplitMix
  ) {
    for part in parts {
      switch part {
      case .literal(let bytes): text += bytes
      case .value: text += value
      case .random: text += Array("\(random.next() % 1_000_000)".utf8)
      case .number: text += Array("\(number)".utf8)
      case .key:
        let digits = Array("\(key ?? Int(random.next() % UInt64(keyspace)))".utf8)
        text += Array("key:".utf8) + [UInt8](repeating: 48, count: max(0, 12 - digits.count)) + digits
      }
    }
  }
}

struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
