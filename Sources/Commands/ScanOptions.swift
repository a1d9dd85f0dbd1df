import Keyspace
import Memory
import RESP
import Structures

/// What SCAN, HSCAN, SSCAN and ZSCAN are told after the cursor.
package struct ScanOptions {
  package struct Allowed: OptionSet {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// SCAN's TYPE.
    package static let type = Allowed(rawValue: 1)
    /// HSCAN's NOVALUES.
    package static let noValues = Allowed(rawValue: 2)
  }

  /// nil when everything matches.
  package var pattern: Bytes?
  package var count = 10
  /// As given; a name that is no type's matches nothing.
  package var typeName: Bytes?
  package var omitsValues = false

  /// How many buckets a call may look at: in a thinly filled table it ends with fewer elements than asked for.
  package var maximumSteps: Int {
    let (steps, overflow) = count.multipliedReportingOverflow(by: 10)
    return overflow ? Int.max : steps
  }

  package func matches(_ name: Bytes) -> Bool {
    guard let pattern else { return true }
    return globMatches(pattern: pattern, name)
  }

  /// The options from argument `first` on; nil after the error was written.
  package static func parse(
    _ call: Call, from first: Int, allowing allowed: Allowed = [], _ reply: inout ReplyWriter
  ) -> ScanOptions? {
    var options = ScanOptions()
    var i = first
    while i < call.count {
      let hasValue = i + 1 < call.count
      if hasValue && call.argument(i, is: "count") {
        guard let count = call.integer(i + 1, &reply) else { return nil }
        guard count >= 1 else {
          reply.syntaxError()
          return nil
        }
        options.count = Int(count)
      } else if hasValue && call.argument(i, is: "match") {
        let pattern = call[i + 1]
        options.pattern = pattern.count == 1 && pattern[0] == UInt8(ascii: "*") ? nil : pattern
      } else if hasValue && allowed.contains(.type) && call.argument(i, is: "type") {
        options.typeName = call[i + 1]
      } else if allowed.contains(.noValues) && call.argument(i, is: "novalues") {
        options.omitsValues = true
        i += 1
        continue
      } else {
        reply.syntaxError()
        return nil
      }
      i += 2
    }
    return options
  }

  /// The cursor at argument `index`; nil after the error was written. Read as C's `strtoul` does: a sign is taken, and
  /// nothing at all is 0.
  package static func parseCursor(_ call: Call, _ index: Int, _ reply: inout ReplyWriter) -> UInt64? {
    if let cursor = unsigned(call[index]) { return cursor }
    reply.error("ERR invalid cursor")
    return nil
  }

  private static func unsigned(_ text: Bytes) -> UInt64? {
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

  /// The reply of a scan of a key that is not there.
  package static func writeEmpty(_ reply: inout ReplyWriter) {
    reply.array(2)
    reply.bulk("0" as StaticString)
    reply.array(0)
  }

  /// The beginning of a scan's reply; its elements are an array that follows.
  package static func writeCursor(_ cursor: UInt64, _ reply: inout ReplyWriter) {
    reply.array(2)
    if let small = Int64(exactly: cursor) {
      reply.bulk(integer: small)
    } else {
      reply.bulk(String(cursor))
    }
  }
}
