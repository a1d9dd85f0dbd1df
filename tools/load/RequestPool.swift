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
    // Enough that a run does not soon come round, not so much that it leaves the memory's speed.
    let roundLength = options.isSequential ? options.requests ?? options.keyspace : 1 << 30
    var number = 0
    while number < roundLength && (options.isSequential || (text.count < 64 << 20 && number < 500_000)) {
      let command = options.commands[number % options.commands.count]
      text += Array("*\(command.count)\r\n".utf8)
      let key = options.isSequential ? number % options.keyspace : Int(random.next() % UInt64(options.keyspace))
      for word in command {
        let expanded = Self.expand(word, key: key, value: value, number: number, &random)
        text += Array("$\(expanded.count)\r\n".utf8)
        text += expanded
        text += [13, 10]
      }
      number += 1
      offsets.append(text.count)
    }
    self.offsets = offsets
    bytes = .allocate(capacity: max(1, text.count))
    text.withUnsafeBufferPointer { bytes.initialize(from: $0.baseAddress!, count: $0.count) }
  }

  private static func expand(
    _ word: String, key: Int, value: [UInt8], number: Int, _ random: inout SplitMix
  ) -> [UInt8] {
    guard word.contains("{") else { return Array(word.utf8) }
    if word == "{v}" { return value }
    var text = word
    func replace(_ placeholder: String, _ make: () -> String) {
      while let range = text.range(of: placeholder) { text.replaceSubrange(range, with: make()) }
    }
    replace("{k}") {
      let digits = String(key)
      return "key:" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
    replace("{i}") { String(random.next() % 1_000_000) }
    replace("{n}") { String(number) }
    return Array(text.utf8)
  }

  /// The next `wanted` requests as one run of bytes; fewer where the pool begins anew.
  mutating func take(_ wanted: Int) -> (start: UnsafeMutablePointer<UInt8>, count: Int, requests: Int) {
    if next == count { next = 0 }
    let taken = min(wanted, count - next)
    defer { next += taken }
    return (bytes + offsets[next], offsets[next + taken] - offsets[next], taken)
  }
}

extension String {
  fileprivate func range(of part: String) -> Range<String.Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(part) { return at..<index(at, offsetBy: part.count) }
      at = index(after: at)
    }
    return nil
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
