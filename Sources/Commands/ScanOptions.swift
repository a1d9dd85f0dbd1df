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
  package func int32(_ index: Int, _ reply: inout ReplyWriter) -> Int? {
    guard let value = integer(index, &reply) else { return nil }
    if value >= Int64(Int32.min) && value <= Int64(Int32.max) { return Int(value) }
    reply.error("ERR value is out of range, value must between -2147483648 and 2147483647")
    return nil
  }
}

/// An unsigned decimal number, read as C's strtoul does: leading blanks and a sign are taken.
private func parseCursor(_ text: Bytes) -> UInt64? {
  let string = text.string
  guard let first = string.utf8.first, first != 32, !(9...13).contains(first) else { return nil }
  if string.hasPrefix("-") { return UInt64(string.dropFirst()).map { 0 &- $0 } }
  return UInt64(string)
}

extension ReplyWriter {
  mutating func bulk(unsigned value: UInt64) { bulk(String(value)) }
}
