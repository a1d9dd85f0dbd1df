import Keyspace
import Memory
import RESP
import Structures

/// The options of SCAN and its kin.
struct ScanOptions {
  struct Allowed: OptionSet {
    let rawValue: Int
    /// TYPE, of SCAN.
    static var type: Allowed { Allowed(rawValue: 1) }
    /// NOVALUES, of HSCAN.
    static var noValues: Allowed { Allowed(rawValue: 2) }
  }

  /// How many elements are to be looked at, roughly.
  private(set) var count = 10
  /// How many buckets a call may look at: in a thinly filled table it ends with fewer elements than asked for.
  var maximumSteps: Int { count <= Int.max / 10 ? count * 10 : Int.max }
  private(set) var pattern: Bytes?
  private(set) var omitsValues = false
  private var type: Bytes?

  /// Reads the options from argument `first` to the last. False after an error was written.
  mutating func parse(_ call: Call, from first: Int, allowing allowed: Allowed, _ reply: inout ReplyWriter) -> Bool {
    var i = first
    while i < call.count {
      let hasValue = i + 1 < call.count
      if hasValue && call.argument(i, is: "count") {
        guard let given = call.integer(i + 1, &reply) else { return false }
        if given < 1 {
          reply.syntaxError()
          return false
        }
        count = Int(given)
        i += 2
      } else if hasValue && call.argument(i, is: "match") {
        // A pattern that matches everything costs nothing.
        pattern = call[i + 1].equals(Bytes("*")) ? nil : call[i + 1]
        i += 2
      } else if hasValue && allowed.contains(.type) && call.argument(i, is: "type") {
        type = call[i + 1]
        i += 2
      } else if allowed.contains(.noValues) && call.argument(i, is: "novalues") {
        omitsValues = true
        i += 1
      } else {
        reply.syntaxError()
        return false
      }
    }
    return true
  }

  func accepts(_ name: Bytes) -> Bool { pattern.map { globMatches(pattern: $0, name) } ?? true }

  func accepts(type entry: Entry) -> Bool { type.map { $0.equalsIgnoringCase(Bytes(entry.valueType.name)) } ?? true }
}

extension Call {
  /// The cursor at `index`; nil after the error was written.
  func scanCursor(_ index: Int, _ reply: inout ReplyWriter) -> UInt64? {
    if let cursor = parseCursor(self[index]) { return cursor }
    reply.error("ERR invalid cursor")
    return nil
  }

  /// An argument that must be a 32-bit integer; nil after the error was written.
  public func int32(_ index: Int, _ reply: inout ReplyWriter) -> Int? {
    guard let value = integer(index, &reply) else { return nil }
    if value >= Int64(Int32.min) && value <= Int64(Int32.max) { return Int(value) }
    reply.error("ERR value is out of range, value must between -2147483648 and 2147483647")
    return nil
  }
}

/// An unsigned decimal number, read as C's strtoul does: a sign is taken, and nothing at all is 0.
private func parseCursor(_ text: Bytes) -> UInt64? {
  if text.isEmpty { return 0 }
  let isNegative = text[0] == UInt8(ascii: "-")
  let first = isNegative || text[0] == UInt8(ascii: "+") ? 1 : 0
  guard first < text.count else { return nil }
  var value: UInt64 = 0
  for i in first..<text.count {
    let digit = text[i] &- 48
    guard digit < 10 else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
    if overflow || carry { return nil }
    value = sum
  }
  return isNegative ? 0 &- value : value
}

extension ReplyWriter {
  mutating func bulk(unsigned value: UInt64) { bulk(String(value)) }
}
