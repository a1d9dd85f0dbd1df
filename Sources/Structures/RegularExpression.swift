import Memory

/// Whether bytes match an extended regular expression somewhere: what POSIX defines, with the escapes that people are used
/// to (`\d`, `\w`, `\s`, `\b`, `\x41`, `\Q…\E`).
///
/// Libraries that try one way after the other can be made to take as long as one likes. This is a Thompson automaton, which
/// goes all ways at once: the time is at most the product of the lengths of the program and the text. The sets of places
/// in which it can be are met again and again, so they are numbered, and the way from one to the next by a byte is
/// remembered (a lazy deterministic automaton): then a byte costs one look into a table. How many are remembered is
/// limited, as are the program's size and the depth of the pattern, so that no pattern costs memory.
///
/// Russ Cox, "Regular Expression Matching Can Be Simple And Fast", 2007. Groups are not captured, and there are no
/// references to them.
public final class RegularExpression {
  /// Why a pattern is none, in the words that people know from their C library.
  public struct Mistake: Error, Equatable {
    public let message: String

    public var isReference: Bool { self == .reference }

    static let reference = Mistake(message: "backreferences are not supported")
    static let tooLarge = Mistake(message: "Out of memory")
  }

  enum Assertion: UInt8 {
    case begin, end, wordBoundary, noWordBoundary, wordBegin, wordEnd
  }

  private enum Instruction {
    case byte(ByteSet)
    case either(Int, Int)
    case jump(Int)
    case require(Assertion)
    case accept
  }

  /// What stands beside a place in the text.
  private enum Neighbour: UInt8 {
    case edge, word, other
  }

  /// The instructions that may come next, and what was before them.
  private struct State: Hashable {
    var places: [Int32]
    var before: Neighbour
  }

  private static let maximumProgram = 4096
  /// What is visited to build the program: empty groups take no instruction, however often they are repeated.
  private static let maximumWork = 1 << 16
  private static let maximumStates = 512
  private static let unknown: Int32 = -1
  private static let accepted: Int32 = -2

  private var program: [Instruction] = []
  private var work = 0
  private var looksAtWords = false

  private var states: [State] = []
  private var numbers: [State: Int32] = [:]
  private var transitions: [Int32] = []
  /// How often all states were forgotten. A pattern with which that happens again and again is better off without them.
  private var overflows = 0

  // For the walk along instructions that take no byte.
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  private var pending: [Int32] = []

  /// - Throws: what is wrong with the pattern.
  public init(_ pattern: Bytes, ignoringCase: Bool = false) throws(Mistake) {
    marks = []
    guard pattern.count <= Self.maximumProgram else { throw .tooLarge }
    var parser = RegularExpressionParser(pattern, ignoringCase: ignoringCase)
    try emit(try parser.parse())
    program.append(.accept)
    marks = [UInt32](repeating: 0, count: program.count)
  }

  // MARK: Program

  private func append(_ instruction: Instruction) throws(Mistake) {
    guard program.count < Self.maximumProgram else { throw .tooLarge }
    program.append(instruction)
  }

  private func emit(_ node: RegularExpressionParser.Node) throws(Mistake) {
    work += 1
    guard work <= Self.maximumWork else { throw .tooLarge }
    switch node {
    case .byte(let set): try append(.byte(set))
    case .assertion(let assertion):
      if assertion != .begin && assertion != .end { looksAtWords = true }
      try append(.require(assertion))
    case .sequence(let nodes): for node in nodes { try emit(node) }
    case .choice(let nodes): try emitChoice(nodes)
    case .repetition(let inner, let least, let most): try emitRepetition(inner, least, most)
    }
  }

  private func emitChoice(_ nodes: [RegularExpressionParser.Node]) throws(Mistake) {
    var ends: [Int] = []
    for node in nodes.dropLast() {
      let split = program.count
      try append(.either(split + 1, 0))
      try emit(node)
      ends.append(program.count)
      try append(.jump(0))
      program[split] = .either(split + 1, program.count)
    }
    if let last = nodes.last { try emit(last) }
    for end in ends { program[end] = .jump(program.count) }
  }

  private func emitRepetition(
    _ inner: RegularExpressionParser.Node, _ least: Int, _ most: Int?
  ) throws(Mistake) {
    for _ in 0..<least { try emit(inner) }
    guard let most else {
      let split = program.count
      try append(.either(split + 1, 0))
      try emit(inner)
      try append(.jump(split))
      program[split] = .either(split + 1, program.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(program.count)
      try append(.either(program.count + 1, 0))
      try emit(inner)
    }
    for split in splits { program[split] = .either(split + 1, program.count) }
  }

  // MARK: Matching

  /// Whether the pattern matches some part of `text`.
  public func matches(_ text: Bytes) -> Bool {
    if overflows > 3 { return matchesWithoutStates(text) }
    var state = number(of: State(places: [], before: .edge))
    var at = 0
    while follow(text, &state, &at) {
      var next = transitions[Int(state) << 8 | Int(text[at])]
      if next == Self.unknown { next = findTransition(state, text[at]) }
      if next == Self.accepted { return true }
      state = next
      at += 1
    }
    return reaches(.edge, from: states[Int(state)]) == nil
  }

  /// Goes on while the way is known, and says whether that ended before the text did.
  @inline(__always)
  private func follow(_ text: Bytes, _ state: inout Int32, _ at: inout Int) -> Bool {
    transitions.withUnsafeBufferPointer { transitions in
      while at < text.count {
        let next = transitions[Int(state) << 8 | Int(text.base[at])]
        if next < 0 { return true }
        state = next
        at &+= 1
      }
      return false
    }
  }

  private func matchesWithoutStates(_ text: Bytes) -> Bool {
    var state = State(places: [], before: .edge)
    for at in 0..<text.count {
      guard let next = step(state, text.base[at]) else { return true }
      state = next
    }
    return reaches(.edge, from: state) == nil
  }

  private func number(of state: State) -> Int32 {
    if let known = numbers[state] { return known }
    let number = Int32(states.count)
    states.append(state)
    numbers[state] = number
    transitions.append(contentsOf: repeatElement(Self.unknown, count: 256))
    return number
  }

  private func findTransition(_ number: Int32, _ byte: UInt8) -> Int32 {
    guard let next = step(states[Int(number)], byte) else {
      transitions[Int(number) << 8 | Int(byte)] = Self.accepted
      return Self.accepted
    }
    if states.count >= Self.maximumStates && numbers[next] == nil {
      overflows += 1
      states.removeAll(keepingCapacity: true)
      numbers.removeAll(keepingCapacity: true)
      transitions.removeAll(keepingCapacity: true)
      return self.number(of: next)
    }
    let found = self.number(of: next)
    transitions[Int(number) << 8 | Int(byte)] = found
    return found
  }

  /// The state after a byte; nil if the pattern has matched before it.
  private func step(_ state: State, _ byte: UInt8) -> State? {
    let neighbour: Neighbour = ByteSet.word.contains(byte) ? .word : .other
    guard let places = reaches(neighbour, from: state) else { return nil }
    // Each instruction leads to the one after it, so that none comes twice.
    var next: [Int32] = []
    for place in places {
      if case .byte(let set) = program[Int(place)], set.contains(byte) { next.append(place + 1) }
    }
    next.sort()
    return State(places: next, before: looksAtWords ? neighbour : .other)
  }

  /// The instructions that wait for a byte, if `after` comes next; nil if the end is among them. A match may begin
  /// anywhere, so the first instruction always is one of a state's.
  private func reaches(_ after: Neighbour, from state: State) -> [Int32]? {
    mark &+= 1
    if mark == 0 {
      for i in marks.indices { marks[i] = 0 }
      mark = 1
    }
    var places: [Int32] = []
    pending.removeAll(keepingCapacity: true)
    pending.append(0)
    pending.append(contentsOf: state.places)
    while let place = pending.popLast() {
      guard marks[Int(place)] != mark else { continue }
      marks[Int(place)] = mark
      switch program[Int(place)] {
      case .byte: places.append(place)
      case .jump(let target): pending.append(Int32(target))
      case .either(let first, let second):
        pending.append(Int32(first))
        pending.append(Int32(second))
      case .require(let assertion):
        if Self.holds(assertion, between: state.before, and: after) { pending.append(place + 1) }
      case .accept: return nil
      }
    }
    return places
  }

  private static func holds(_ assertion: Assertion, between before: Neighbour, and after: Neighbour) -> Bool {
    switch assertion {
    case .begin: before == .edge
    case .end: after == .edge
    case .wordBoundary: (before == .word) != (after == .word)
    case .noWordBoundary: (before == .word) == (after == .word)
    case .wordBegin: before != .word && after == .word
    case .wordEnd: before == .word && after != .word
    }
  }
}

/// A set of byte values.
struct ByteSet: Equatable {
  private var words = SIMD4<UInt64>(repeating: 0)

  init() {}

  init(_ ranges: ClosedRange<UInt8>...) {
    for range in ranges { insert(range) }
  }

  init(_ bytes: StaticString) {
    for i in 0..<bytes.utf8CodeUnitCount { insert(bytes.utf8Start[i]) }
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  mutating func insert(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }

  var inverted: ByteSet {
    var set = self
    set.words = ~words
    return set
  }

  /// With each letter in both cases.
  var withBothCases: ByteSet {
    var set = self
    for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
      if contains(byte) { set.insert(byte & ~32) }
      if contains(byte & ~32) { set.insert(byte) }
    }
    return set
  }

  static let any = ByteSet(0...255)
  static let digit = ByteSet(48...57)
  static let lower = ByteSet(97...122)
  static let upper = ByteSet(65...90)
  static let alpha = ByteSet(65...90, 97...122)
  static let alnum = ByteSet(48...57, 65...90, 97...122)
  static let word = ByteSet(48...57, 65...90, 95...95, 97...122)
  static let space = ByteSet(9...13, 32...32)
}
