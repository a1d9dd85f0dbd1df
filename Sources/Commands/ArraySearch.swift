import CMartlet
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Looking for elements of arrays, and adding them up.
  static let arraySearch: [Command] = [
    Command(
      "ARGREP", arity: -6, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the indexes of the values in a range that match.",
      complexity: "O(N*C) where N is the number of elements in the range and C is the cost of matching one of them.",
      syntax: """
        key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> \
        [<EXACT string | MATCH string | GLOB pattern | RE pattern> ...] [AND | OR] [LIMIT limit] [WITHVALUES] [NOCASE]
        """, run: argrep),
    Command(
      "AROP", arity: -5, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary:
        "Computes a sum, a smallest or largest value, a combination of bits or a number from the values in a range.",
      complexity: "O(N) where N is the number of elements in the range.",
      syntax: "key start end <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>", run: arop),
  ]
}

extension Call {
  /// The number of elements that LIMIT allows; nil after the error was written.
  func arrayLimit(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    guard let limit = integer(index, &reply) else { return nil }
    if limit > 0 { return limit }
    reply.error("ERR LIMIT must be positive")
    return nil
  }
}

// MARK: ARGREP

/// What elements are searched for.
private struct Search {
  private enum Kind {
    case exact, match, glob, expression
  }

  private enum Predicate {
    case exact(Bytes)
    case match(Bytes)
    /// In lower case.
    case matchIgnoringCase([UInt8])
    case glob(Bytes)
    case expression(RegularExpression)
  }

  private static let maximumPredicates = 250
  private static let maximumExpressionCount = 2048

  private var predicates: [Predicate] = []
  private var needsAll = false
  private var ignoresCase = false
  private(set) var limit = Int64.max
  private(set) var showsValues = false
  /// An element in lower case.
  private var lowered: [UInt8] = []

  /// Reads the arguments from 4 on, which come in any order. False after the error was written.
  mutating func parse(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    var patterns: [(kind: Kind, pattern: Bytes)] = []
    var i = 4
    while i < call.count {
      if readFlag(call, i) {
        i += 1
        continue
      }
      let kind = Self.kind(call, i)
      guard i + 1 < call.count, kind != nil || call.argument(i, is: "limit") else {
        reply.syntaxError()
        return false
      }
      if let kind {
        guard allows(kind, call[i + 1], after: patterns.count, &reply) else { return false }
        patterns.append((kind, call[i + 1]))
      } else {
        guard let limit = call.arrayLimit(i + 1, &reply) else { return false }
        self.limit = limit
      }
      i += 2
    }
    if patterns.isEmpty { reply.syntaxError() }
    // Only now it is known whether case counts.
    for (kind, pattern) in patterns {
      guard let predicate = predicate(kind, pattern, &reply) else { return false }
      predicates.append(predicate)
    }
    return !patterns.isEmpty
  }

  private func allows(_ kind: Kind, _ pattern: Bytes, after count: Int, _ reply: inout ReplyWriter) -> Bool {
    if count >= Self.maximumPredicates {
      reply.error("ERR too many predicates, maximum is \(Self.maximumPredicates)")
      return false
    }
    if kind == .expression && pattern.count > Self.maximumExpressionCount {
      reply.error("ERR regular expression is too long, maximum is \(Self.maximumExpressionCount) bytes")
      return false
    }
    return true
  }

  private static func kind(_ call: Call, _ index: Int) -> Kind? {
    if call.argument(index, is: "exact") { return .exact }
    if call.argument(index, is: "match") { return .match }
    if call.argument(index, is: "glob") { return .glob }
    return call.argument(index, is: "re") ? .expression : nil
  }

  private mutating func readFlag(_ call: Call, _ index: Int) -> Bool {
    if call.argument(index, is: "withvalues") {
      showsValues = true
    } else if call.argument(index, is: "nocase") {
      ignoresCase = true
    } else if call.argument(index, is: "and") {
      needsAll = true
    } else if call.argument(index, is: "or") {
      needsAll = false
    } else {
      return false
    }
    return true
  }

  private func predicate(_ kind: Kind, _ pattern: Bytes, _ reply: inout ReplyWriter) -> Predicate? {
    switch kind {
    case .exact: return .exact(pattern)
    case .match: return ignoresCase ? .matchIgnoringCase(pattern.array.map(asciiLowercased)) : .match(pattern)
    case .glob: return .glob(pattern)
    case .expression:
      if pattern.isEmpty {
        reply.error("ERR regular expression is empty")
        return nil
      }
      do throws(RegularExpression.Mistake) {
        return .expression(try RegularExpression(pattern, ignoringCase: ignoresCase))
      } catch {
        if error.isReference {
          reply.error("ERR regular expression backreferences are not supported")
        } else {
          reply.error("ERR invalid regular expression: \(error.message)")
        }
        return nil
      }
    }
  }

  /// Whether an element is one of those that are searched for.
  mutating func matches(_ element: Bytes) -> Bool {
    for predicate in predicates where matches(predicate, element) != needsAll { return !needsAll }
    return needsAll
  }

  private mutating func matches(_ predicate: Predicate, _ element: Bytes) -> Bool {
    switch predicate {
    case .exact(let wanted): ignoresCase ? element.equalsIgnoringCase(wanted) : element.equals(wanted)
    case .match(let wanted): element.contains(wanted)
    case .matchIgnoringCase(let wanted): containsIgnoringCase(element, wanted)
    case .glob(let pattern): globMatches(pattern: pattern, element, ignoringCase: ignoresCase)
    case .expression(let expression): expression.matches(element)
    }
  }

  private mutating func containsIgnoringCase(_ element: Bytes, _ wanted: [UInt8]) -> Bool {
    lowered.removeAll(keepingCapacity: true)
    for byte in element.buffer { lowered.append(asciiLowercased(byte)) }
    return lowered.withBytes { lowered in wanted.withBytes { lowered.contains($0) } }
  }
}

extension Bytes {
  /// Whether `other` is a part. The time is linear.
  fileprivate func contains(_ other: Bytes) -> Bool {
    other.isEmpty || martlet_find(base, count, other.base, other.count) != nil
  }
}

/// `-` and `+` are the ends of the array.
private func bound(_ call: Call, _ index: Int, _ reply: inout ReplyWriter) -> ((_ length: UInt64) -> UInt64)? {
  if call[index].equals(Bytes("-")) { return { _ in 0 } }
  if call[index].equals(Bytes("+")) { return { $0 - 1 } }
  guard let value = call.arrayIndex(index, &reply) else { return nil }
  return { _ in value }
}

private func argrep(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = bound(call, 2, &reply), let end = bound(call, 3, &reply) else { return }
  var search = Search()
  guard search.parse(call, &reply) else { return }
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let array = ArrayValue.array(entry)
    let length = array.pointee.length
    let mark = reply.mark
    var found = 0
    array.pointee.forEach(from: start(length), to: end(length)) { index, element in
      guard element.withBytes({ search.matches($0) }) else { return true }
      if search.showsValues { reply.array(2) }
      reply.integer(unsigned: index)
      if search.showsValues { reply.element(element) }
      found += 1
      return found < search.limit && !reply.isInVain
    }
    reply.insertArray(found, at: mark)
  }
}

// MARK: AROP

private enum Operation {
  case sum, min, max, and, or, xor
  case match(Bytes)
  case used

  /// The operation that the arguments from 4 on are; nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    if call.argument(4, is: "match") {
      guard call.count == 6 else {
        reply.error("ERR MATCH requires a value argument")
        return nil
      }
      self = .match(call[5])
      return
    }
    guard let operation = Self.named(call) else {
      reply.error("ERR unknown operation")
      return nil
    }
    guard call.count == 5 else {
      reply.wrongArity(call)
      return nil
    }
    self = operation
  }

  private static func named(_ call: Call) -> Operation? {
    if call.argument(4, is: "sum") { return .sum }
    if call.argument(4, is: "min") { return .min }
    if call.argument(4, is: "max") { return .max }
    if call.argument(4, is: "and") { return .and }
    if call.argument(4, is: "or") { return .or }
    if call.argument(4, is: "xor") { return .xor }
    return call.argument(4, is: "used") ? .used : nil
  }

  /// What the operation comes to where there is nothing.
  func none(_ reply: inout ReplyWriter) {
    switch self {
    case .match, .used: reply.integer(0)
    default: reply.null()
    }
  }
}

private func arop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.arrayIndex(2, &reply), let end = call.arrayIndex(3, &reply),
    let operation = Operation(call, &reply)
  else { return }
  let array: UnsafeMutablePointer<SparseArray>
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: return operation.none(&reply)
  case .found(let entry): array = ArrayValue.array(entry)
  }
  switch operation {
  case .sum: combine(array, start, end, &reply) { martlet_long_double_add($0, $1) }
  case .min: combine(array, start, end, &reply) { martlet_long_double_less($1, $0) ? $1 : $0 }
  case .max: combine(array, start, end, &reply) { martlet_long_double_less($0, $1) ? $1 : $0 }
  case .and: combineBits(array, start, end, &reply) { $0 & $1 }
  case .or: combineBits(array, start, end, &reply) { $0 | $1 }
  case .xor: combineBits(array, start, end, &reply) { $0 ^ $1 }
  case .match(let wanted):
    var found = 0
    array.pointee.forEach(from: start, to: end) { _, element in
      if element.withBytes({ $0.equals(wanted) }) { found += 1 }
      return true
    }
    reply.integer(found)
  case .used:
    var found = 0
    array.pointee.forEach(from: start, to: end) { _, _ in
      found += 1
      return true
    }
    reply.integer(found)
  }
}

extension SparseArray.Element {
  /// The element as a number, if it is one.
  fileprivate var number: martlet_long_double? {
    if case .integer(let value) = self { return martlet_long_double_from_integer(value) }
    return withBytes { text in
      var value = martlet_long_double()
      return martlet_long_double_read(text.base, text.count, &value) ? value : nil
    }
  }

  /// The element as an integer; of another number what stands before its point.
  fileprivate var integer: Int64? {
    switch self {
    case .integer(let value): return value
    case .bytes(let bytes): if let value = parseInteger(bytes) { return value }
    default: break
    }
    var value: Int64 = 0
    return number.flatMap { martlet_long_double_truncate($0, &value) ? value : nil }
  }
}

/// Combines the numbers of a range in C's long double, and writes what they come to as Redis does.
private func combine(
  _ array: UnsafeMutablePointer<SparseArray>, _ start: UInt64, _ end: UInt64, _ reply: inout ReplyWriter,
  _ operation: (martlet_long_double, martlet_long_double) -> martlet_long_double
) {
  var result: martlet_long_double?
  array.pointee.forEach(from: start, to: end) { _, element in
    if let number = element.number { result = result.map { operation($0, number) } ?? number }
    return true
  }
  guard let result else { return reply.null() }
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
    let count = martlet_long_double_write(result, text.baseAddress, 64)
    reply.bulk(Bytes(UnsafeRawPointer(text.baseAddress!), count: count))
  }
}

private func combineBits(
  _ array: UnsafeMutablePointer<SparseArray>, _ start: UInt64, _ end: UInt64, _ reply: inout ReplyWriter,
  _ operation: (Int64, Int64) -> Int64
) {
  var result: Int64?
  array.pointee.forEach(from: start, to: end) { _, element in
    if let number = element.integer { result = result.map { operation($0, number) } ?? number }
    return true
  }
  if let result { reply.integer(Int(result)) } else { reply.null() }
}
