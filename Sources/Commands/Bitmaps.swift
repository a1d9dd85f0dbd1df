import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Strings as arrays of bits. https://redis.io/docs/latest/commands/?group=bitmap
  public static let bitmaps: [Command] = singleBits + bitRanges + bitfields

  private static let singleBits: [Command] = [
    Command(
      "SETBIT", arity: 4, [.write, .denyOOM], keys: [.one("RW", "access", "update")], group: .bitmap, since: "2.2.0",
      summary: "Sets or clears the bit at an offset of a string, which is made longer if need be.",
      syntax: "key offset value", run: setbit),
    Command(
      "GETBIT", arity: 3, [.readonly, .fast], keys: [.one("RO", "access")], group: .bitmap, since: "2.2.0",
      summary: "Returns the bit at an offset of a string.", syntax: "key offset", run: getbit),
  ]

  private static let bitRanges: [Command] = [
    Command(
      "BITCOUNT", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .bitmap, since: "2.6.0",
      summary: "Counts the bits that are set in a string.", complexity: "O(N)",
      syntax: "key [start end [BYTE | BIT]]", run: bitcount),
    Command(
      "BITPOS", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .bitmap, since: "2.8.7",
      summary: "Finds the first bit of a string that is set or clear.", complexity: "O(N)",
      syntax: "key bit [start [end [BYTE | BIT]]]", run: bitpos),
    Command(
      "BITOP", arity: -4, [.write, .denyOOM],
      keys: [
        .one("OW", "update", at: 2), KeySpec(.index(3), .range(last: -1, step: 1, limit: 0), ["RO", "access"]),
      ],
      group: .bitmap, since: "2.6.0",
      summary: "Combines the bits of several strings and stores the result.", complexity: "O(N)",
      syntax: "<AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]", run: bitop),
  ]
}

extension Call {
  /// The bit offset at `index`; nil after the error was written. With a width, `#n` is the n-th field of that width.
  func bitOffset(_ index: Int, width: Int = 0, _ reply: inout ReplyWriter) -> UInt64? {
    let argument = self[index]
    var offset: Int64?
    if width > 0, argument.count > 0, argument[0] == UInt8(ascii: "#") {
      if let field = parseInteger(argument[1..<argument.count]) {
        let (product, overflow) = field.multipliedReportingOverflow(by: Int64(width))
        if !overflow { offset = product }
      }
    } else {
      offset = parseInteger(argument)
    }
    if let offset, offset >= 0, offset >> 3 < Int64(keyspace.pointee.maximumStringCount) { return UInt64(offset) }
    reply.error("ERR bit offset is not an integer or out of range")
    return nil
  }
}

// MARK: Single bits

private func setbit(_ call: Call, _ reply: inout ReplyWriter) {
  guard let offset = call.bitOffset(2, &reply) else { return }
  guard let value = parseInteger(call[3]), value == 0 || value == 1 else {
    return reply.error("ERR bit is not an integer or out of range")
  }
  let byte = Int(offset >> 3)
  let mask: UInt8 = 0x80 >> UInt8(truncatingIfNeeded: offset & 7)
  guard let slot = call.slot(1, .write) else {
    call.keyspace.pointee.setRawString(
      call.database, call[1], hash: call.hash(1), at: nil, count: byte + 1, isZeroed: true
    ) { $0[byte] = value == 1 ? mask : 0 }
    call.changed(1, .string, "setbit")
    return reply.integer(0)
  }
  let entry = Entry(address: slot.pointee)
  if !entry.isString { return reply.wrongType() }
  var isChanged = byte >= StringValue(entry).count
  var wasSet = false
  call.keyspace.pointee.editString(call.database, slot, atLeast: byte + 1) { bytes, _ in
    wasSet = bytes[byte] & mask != 0
    bytes[byte] = value == 1 ? bytes[byte] | mask : bytes[byte] & ~mask
  }
  if wasSet != (value == 1) { isChanged = true }
  if isChanged { call.changed(1, .string, "setbit") }
  reply.integer(wasSet ? 1 : 0)
}

private func getbit(_ call: Call, _ reply: inout ReplyWriter) {
  guard let offset = call.bitOffset(2, &reply) else { return }
  switch call.find(1, as: .string, &reply) {
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(StringValue(entry).withBytes { $0.bit(at: offset) } ? 1 : 0)
  case .wrongType: break
  }
}

// MARK: Ranges of bits

/// `start end [BYTE | BIT]` as BITCOUNT and BITPOS take it; both ends count, and negative ones count from the end.
private struct BitRange {
  private let start: Int64
  private let end: Int64
  private let isInBits: Bool

  /// Reads the unit at `index`, if there is one: true for bits. Nil after the error was written.
  static func unit(_ call: Call, at index: Int, _ reply: inout ReplyWriter) -> Bool? {
    if index >= call.count || call.argument(index, is: "byte") { return false }
    if call.argument(index, is: "bit") { return true }
    reply.syntaxError()
    return nil
  }

  init(start: Int64, end: Int64, isInBits: Bool) {
    self.start = start
    self.end = end
    self.isInBits = isInBits
  }

  /// The bits of a string of `count` bytes that are meant.
  func bits(of count: Int) -> Range<Int> {
    let total = Int64(isInBits ? count * 8 : count)
    let first = max(0, start < 0 ? total + start : start)
    let last = min(max(0, end < 0 ? total + end : end), total - 1)
    if first > last { return 0..<0 }
    return isInBits ? Int(first)..<Int(last) + 1 : Int(first) * 8..<(Int(last) + 1) * 8
  }
}

private func bitcount(_ call: Call, _ reply: inout ReplyWriter) {
  let entry: Entry
  switch call.find(1, as: .string, &reply) {
  case .missing: return reply.integer(0)
  case .wrongType: return
  case .found(let found): entry = found
  }
  var range = BitRange(start: 0, end: -1, isInBits: false)
  if call.count > 2 {
    if call.count != 4 && call.count != 5 { return reply.syntaxError() }
    guard let start = call.integer(2, &reply), let end = call.integer(3, &reply) else { return }
    if start < 0 && end < 0 && start > end { return reply.integer(0) }
    guard let isInBits = BitRange.unit(call, at: 4, &reply) else { return }
    range = BitRange(start: start, end: end, isInBits: isInBits)
  }
  reply.integer(StringValue(entry).withBytes { $0.countOfSetBits(in: range.bits(of: $0.count)) })
}

private func bitpos(_ call: Call, _ reply: inout ReplyWriter) {
  guard let bit = call.integer(2, &reply) else { return }
  if bit != 0 && bit != 1 { return reply.error("ERR The bit argument must be 1 or 0.") }
  let entry: Entry
  switch call.find(1, as: .string, &reply) {
  case .missing: return reply.integer(bit == 1 ? -1 : 0)
  case .wrongType: return
  case .found(let found): entry = found
  }
  var (start, end): (Int64, Int64) = (0, -1)
  if call.count > 6 { return reply.syntaxError() }
  if call.count > 3 {
    guard let given = call.integer(3, &reply) else { return }
    start = given
  }
  guard let isInBits = BitRange.unit(call, at: 5, &reply) else { return }
  if call.count > 4 {
    guard let given = call.integer(4, &reply) else { return }
    end = given
  }
  let range = BitRange(start: start, end: end, isInBits: isInBits)
  let endsWithString = call.count <= 4
  StringValue(entry).withBytes { bytes in
    let bits = range.bits(of: bytes.count)
    if let found = bytes.firstBit(bit == 1, in: bits) { return reply.integer(found) }
    // A string goes on in zeros unless the caller said where to stop.
    reply.integer(bit == 0 && endsWithString && !bits.isEmpty ? bytes.count * 8 : -1)
  }
}

// MARK: BITOP

extension BitOperation {
  fileprivate init?(_ word: Bytes) {
    if word.equalsIgnoringCase("and") {
      self = .and
    } else if word.equalsIgnoringCase("or") {
      self = .or
    } else if word.equalsIgnoringCase("xor") {
      self = .xor
    } else if word.equalsIgnoringCase("not") {
      self = .not
    } else if word.equalsIgnoringCase("diff") {
      self = .diff
    } else if word.equalsIgnoringCase("diff1") {
      self = .diff1
    } else if word.equalsIgnoringCase("andor") {
      self = .andor
    } else if word.equalsIgnoringCase("one") {
      self = .one
    } else {
      return nil
    }
  }

  /// What is wrong with so many sources, if anything.
  fileprivate func refusal(sources: Int) -> StaticString? {
    switch self {
    case .not where sources != 1: "ERR BITOP NOT must be called with a single source key."
    case .diff where sources < 2: "ERR BITOP DIFF must be called with at least two source keys."
    case .diff1 where sources < 2: "ERR BITOP DIFF1 must be called with at least two source keys."
    case .andor where sources < 2: "ERR BITOP ANDOR must be called with at least two source keys."
    default: nil
    }
  }
}

private func bitop(_ call: Call, _ reply: inout ReplyWriter) {
  guard let operation = BitOperation(call[1]) else { return reply.syntaxError() }
  let count = call.count - 3
  if let refusal = operation.refusal(sources: count) { return reply.error(refusal) }
  // Integers are written out beside the sources, 24 bytes each.
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count * 24) { digits in
    withUnsafeTemporaryAllocation(of: Bytes.self, capacity: count) { sources in
      var longest = 0
      for i in 0..<count {
        switch call.find(3 + i, as: .string, &reply) {
        case .missing: sources.initializeElement(at: i, to: .empty)
        case .wrongType: return
        case .found(let entry):
          sources.initializeElement(
            at: i, to: StringValue(entry).bytes(digits: digits.baseAddress! + i * 24))
        }
        longest = max(longest, sources[i].count)
      }
      store(call, longest) { operation.combine(UnsafeBufferPointer(sources), into: $0, count: longest) }
      reply.integer(longest)
    }
  }
}

extension StringValue {
  /// The string's bytes, as long as it is not changed; an integer is written out to `digits`, which has room for 24.
  fileprivate func bytes(digits: UnsafeMutablePointer<UInt8>) -> Bytes {
    switch self {
    case .bytes(let bytes): bytes
    case .blob(let blob): blob.bytes
    case .integer(let value): Bytes(UnsafeRawPointer(digits), count: formatInteger(value, to: digits))
    }
  }
}

/// Puts a result of `count` bytes under BITOP's destination; an empty result deletes it.
private func store(_ call: Call, _ count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void) {
  let slot = call.slot(2, .write)
  if count > 0 {
    call.keyspace.pointee.setRawString(
      call.database, call[2], hash: call.hash(2), at: slot, count: count, write)
    call.changed(2, .string, "set")
  } else if let slot {
    call.delete(2, Entry(address: slot.pointee))
  }
}
