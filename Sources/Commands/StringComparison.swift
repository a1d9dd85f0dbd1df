import CMartlet
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Strings compared with a value, a digest or each other.
  static let comparedStrings: [Command] = [
    Command(
      "DELEX", arity: -2, [.write, .fast], keys: [.one("RW", "delete", "variable_flags")], group: .string,
      since: "8.4.0",
      summary: "Deletes a key if its value or the digest of its value fits.",
      syntax: "key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]", run: delex),
    Command(
      "DELIFEQ", arity: 3, [.write, .fast], keys: [.one("RW", "delete")], group: .string, since: "9.0.0",
      summary: "Deletes a key if its value equals the one given.", syntax: "key value", run: delifeq),
    Command(
      "DIGEST", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .string, since: "8.4.0",
      summary: "Returns the hash digest of a string value.", syntax: "key", run: digest),
    Command(
      "LCS", arity: -3, [.readonly], keys: [KeySpec(.index(1), .range(last: 1, step: 1, limit: 0), ["RO", "access"])],
      group: .string, since: "7.0.0",
      summary: "Finds the longest common substring of two values.",
      syntax: "key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]", run: lcs),
  ]
}

/// https://redis.io/docs/latest/commands/delex/
private func delex(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count != 2 && call.count != 4 { return reply.wrongArity(call) }
  var options = StringOptions()
  guard options.parse(call, from: 2, allowing: .comparison, &reply) else { return }
  deleteIf(call, options.condition, &reply)
}

/// https://valkey.io/commands/delifeq/
private func delifeq(_ call: Call, _ reply: inout ReplyWriter) { deleteIf(call, .equal(call[2]), &reply) }

private func deleteIf(_ call: Call, _ condition: Condition, _ reply: inout ReplyWriter) {
  guard let entry = call.find(1, .write) else { return reply.integer(0) }
  switch condition.holds(for: entry) {
  case .wrongType: reply.wrongType()
  case .no: reply.integer(0)
  case .yes:
    call.delete(1, entry)
    reply.integer(1)
  }
}

private func digest(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .string, &reply) {
  case .missing: reply.null()
  case .found(let entry): StringValue(entry).withBytes { digestText($0).withBytes { reply.bulk($0) } }
  case .wrongType: break
  }
}

// MARK: LCS

/// The longest common subsequence of two strings, by the textbook table of lengths (R. Wagner, M. Fischer,
/// "The string-to-string correction problem", JACM 1974), O(N·M) in time and memory.
private struct CommonSubsequence: ~Copyable {
  struct Match {
    let a: ClosedRange<Int>
    let b: ClosedRange<Int>
  }

  private let a: Bytes
  private let b: Bytes
  private let lengths: UnsafeMutablePointer<UInt32>

  /// Nil if the memory cannot be had.
  init?(_ a: Bytes, _ b: Bytes) {
    self.a = a
    self.b = b
    let cells = (a.count + 1) * (b.count + 1)
    guard let memory = Allocator.tryAllocate(cells * 4) else { return nil }
    lengths = memory.assumingMemoryBound(to: UInt32.self)
    let width = b.count + 1
    for i in 0...a.count {
      for j in 0...b.count {
        let at = i * width + j
        if i == 0 || j == 0 {
          lengths[at] = 0
        } else if a.base[i - 1] == b.base[j - 1] {
          lengths[at] = lengths[at - width - 1] + 1
        } else {
          lengths[at] = max(lengths[at - width], lengths[at - 1])
        }
      }
    }
  }

  deinit { Allocator.free(lengths) }

  var count: Int { Int(lengths[(a.count + 1) * (b.count + 1) - 1]) }

  /// Walks back from the end; hands out runs that match in both strings, the last first.
  func trace(bytes: inout [UInt8], _ visit: (Match) -> Void) {
    let width = b.count + 1
    bytes = [UInt8](repeating: 0, count: count)
    var i = a.count
    var j = b.count
    var left = count
    var run: (a: Int, b: Int, count: Int)?
    func emit() {
      if let found = run {
        visit(Match(a: found.a...found.a + found.count - 1, b: found.b...found.b + found.count - 1))
      }
      run = nil
    }
    while i > 0 && j > 0 {
      if a.base[i - 1] == b.base[j - 1] {
        left -= 1
        bytes[left] = a.base[i - 1]
        if let found = run, found.a == i && found.b == j {
          run = (i - 1, j - 1, found.count + 1)
        } else {
          emit()
          run = (i - 1, j - 1, 1)
        }
        i -= 1
        j -= 1
      } else {
        emit()
        if lengths[(i - 1) * width + j] > lengths[i * width + j - 1] { i -= 1 } else { j -= 1 }
      }
    }
    emit()
  }
}

private func lcs(_ call: Call, _ reply: inout ReplyWriter) {
  let first = call.find(1)
  let second = call.find(2)
  for case let entry? in [first, second] where !entry.isString {
    return reply.error("ERR The specified keys must contain string values")
  }
  var wantsLength = false
  var wantsMatches = false
  var showsLengths = false
  var minimum: Int64 = 0
  var i = 3
  while i < call.count {
    if call.argument(i, is: "idx") {
      wantsMatches = true
    } else if call.argument(i, is: "len") {
      wantsLength = true
    } else if call.argument(i, is: "withmatchlen") {
      showsLengths = true
    } else if call.argument(i, is: "minmatchlen") && i + 1 < call.count {
      guard let given = call.integer(i + 1, &reply) else { return }
      minimum = max(0, given)
      i += 1
    } else {
      return reply.syntaxError()
    }
    i += 1
  }
  if wantsLength && wantsMatches {
    return reply.error("ERR If you want both the length and indexes, please just use IDX.")
  }
  let empty = StringValue.bytes(.empty)
  (first.map { StringValue($0) } ?? empty).withBytes { a in
    (second.map { StringValue($0) } ?? empty).withBytes { b in
      let cells = (a.count + 1).multipliedReportingOverflow(by: (b.count + 1) * 4)
      if cells.overflow || cells.partialValue > call.keyspace.pointee.maximumStringCount {
        return reply.error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
      }
      guard let common = CommonSubsequence(a, b) else {
        return reply.error("ERR Insufficient memory, failed allocating transient memory for LCS")
      }
      if wantsLength { return reply.integer(common.count) }
      var bytes: [UInt8] = []
      guard wantsMatches else {
        common.trace(bytes: &bytes) { _ in }
        return bytes.withBytes { reply.bulk($0) }
      }
      reply.map(2)
      reply.bulk("matches")
      let mark = reply.mark
      var matches = 0
      common.trace(bytes: &bytes) { match in
        guard match.a.count >= minimum else { return }
        matches += 1
        reply.array(showsLengths ? 3 : 2)
        for range in [match.a, match.b] {
          reply.array(2)
          reply.integer(range.lowerBound)
          reply.integer(range.upperBound)
        }
        if showsLengths { reply.integer(match.a.count) }
      }
      reply.insertArray(matches, at: mark)
      reply.bulk("len")
      reply.integer(bytes.count)
    }
  }
}
