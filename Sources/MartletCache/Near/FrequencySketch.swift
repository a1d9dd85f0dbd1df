/// How often each key was asked for lately, in sixteen bits a key.
///
/// A count-min sketch: every key has four counters of four bits, chosen by its hash; asking raises those that are
/// lowest-bounded by fifteen, and the estimate is the least of the four. Others share the counters, so an estimate may be
/// too high and is never too low. The past has to fade, or what was popular yesterday would keep out what is popular now:
/// TinyLFU (Einziger, Friedman, Manes 2017, https://arxiv.org/abs/1512.00727) halves all counters after a sample of ten
/// times the capacity. Here one block is halved every eighty questions, round and round: the same decay, without the pause.
///
/// The four counters of a key lie in one block of 64 bytes: one cache line is touched, and they age together.
@usableFromInline
struct FrequencySketch: Sendable {
  private static let wordsPerBlock = 8
  /// One block holds the counters of eight keys, and each is halved once in ten questions a key.
  private static let questionsPerBlock = 80

  @usableFromInline var words: ContiguousArray<UInt64>
  @usableFromInline var blockMask: Int
  @usableFromInline var questionsUntilAging = questionsPerBlock
  @usableFromInline var agingBlock = 0

  init(keys: Int) {
    var blocks = 8
    while blocks * Self.wordsPerBlock < keys { blocks *= 2 }
    words = ContiguousArray(repeating: 0, count: blocks * Self.wordsPerBlock)
    blockMask = blocks - 1
  }

  /// The number of keys it counts well.
  var capacity: Int { words.count }

  /// Takes the hash of a key that was asked for.
  @inlinable
  mutating func record(_ hash: UInt64) {
    let block = Self.block(hash, blockMask)
    var counters = Self.spread(hash)
    for row in 0..<4 {
      let word = block + row * 2 + Int(counters & 1)
      let shift = (counters >> 1 & 15) * 4
      if words[word] >> shift & 15 < 15 { words[word] &+= 1 << shift }
      counters >>= 8
    }
    questionsUntilAging -= 1
    if questionsUntilAging == 0 { ageOneBlock() }
  }

  /// How often a key was asked for, at most fifteen.
  func estimate(_ hash: UInt64) -> Int {
    let block = Self.block(hash, blockMask)
    var counters = Self.spread(hash)
    var least: UInt64 = 15
    for row in 0..<4 {
      let word = block + row * 2 + Int(counters & 1)
      least = min(least, words[word] >> ((counters >> 1 & 15) * 4) & 15)
      counters >>= 8
    }
    return Int(least)
  }

  /// Doubles the room until it is enough for `keys`. What is known stays known: one more bit of the hash chooses the block
  /// now, and both blocks that a key may come to hold what the one held.
  mutating func grow(keys: Int) {
    while words.count < keys {
      words += words
      blockMask = blockMask * 2 + 1
    }
  }

  @usableFromInline
  mutating func ageOneBlock() {
    questionsUntilAging = Self.questionsPerBlock
    let start = agingBlock * Self.wordsPerBlock
    for word in start..<start + Self.wordsPerBlock { words[word] = words[word] >> 1 & 0x7777_7777_7777_7777 }
    agingBlock = (agingBlock + 1) & blockMask
  }

  @inlinable
  static func block(_ hash: UInt64, _ mask: Int) -> Int { (Int(truncatingIfNeeded: hash >> 32) & mask) * 8 }

  /// Bits for the four counters that are independent of those for the block.
  @inlinable
  static func spread(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }
}
