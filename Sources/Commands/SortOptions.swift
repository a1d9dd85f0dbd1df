import Keyspace
import Memory
import RESP
import Structures

/// The options of SORT.
struct SortOptions {
  private(set) var isDescending = false
  /// The order is that of texts, not of numbers.
  private(set) var isAlphabetic = false
  /// BY a constant: elements stay in the order they have.
  private(set) var staysAsItIs = false
  private(set) var by: SortPattern?
  private(set) var get: [SortPattern] = []
  /// The argument that names where the result goes.
  private(set) var destination: Int?
  private var offset: Int64 = 0
  private var limit: Int64 = -1

  /// Nil after the error was written.
  init?(_ call: Call, mayStore: Bool, _ reply: inout ReplyWriter) {
    var i = 2
    while i < call.count {
      let left = call.count - i - 1
      if call.argument(i, is: "asc") {
        isDescending = false
      } else if call.argument(i, is: "desc") {
        isDescending = true
      } else if call.argument(i, is: "alpha") {
        isAlphabetic = true
      } else if left >= 2 && call.argument(i, is: "limit") {
        guard let offset = call.integer(i + 1, &reply), let limit = call.integer(i + 2, &reply) else { return nil }
        self.offset = offset
        self.limit = limit
        i += 2
      } else if left >= 1 && mayStore && call.argument(i, is: "store") {
        destination = i + 1
        i += 1
      } else if left >= 1 && call.argument(i, is: "by") {
        let pattern = SortPattern(call[i + 1])
        by = pattern
        switch pattern {
        case .element, .constant: staysAsItIs = true
        case .key, .field:
          guard call.mayReadAllKeys else {
            reply.error("ERR BY option of SORT denied due to insufficient ACL permissions.")
            return nil
          }
        }
        i += 1
      } else if left >= 1 && call.argument(i, is: "get") {
        guard call.mayReadAllKeys else {
          reply.error("ERR GET option of SORT denied due to insufficient ACL permissions.")
          return nil
        }
        get.append(SortPattern(call[i + 1]))
        i += 1
      } else {
        reply.syntaxError()
        return nil
      }
      i += 1
    }
  }

  /// A set has no order of its own that a stored list could have everywhere: it is sorted as text after all.
  mutating func sortAsText() {
    staysAsItIs = false
    isAlphabetic = true
    by = nil
  }

  /// The places of the result among `count` elements.
  func range(of count: Int) -> Range<Int> {
    let start = Int(min(max(offset, 0), Int64(count)))
    let length = limit < 0 ? count : Int(min(limit, Int64(count)))
    return start..<min(start + length, count)
  }
}
