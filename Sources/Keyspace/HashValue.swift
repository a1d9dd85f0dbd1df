import Memory
import Structures

/// When a hash leaves its compact form.
package struct HashLimits {
  /// `hash-max-listpack-entries`
  package var maximumEntries = 128
  /// `hash-max-listpack-value`, in bytes
  package var maximumValueCount = 64

  package init() {}
}

package enum HashValue {
  package static func free(_ entry: Entry) {}
  package static func copy(_ entry: Entry, into fresh: Entry) {}
  package static func count(_ entry: Entry) -> Int { 0 }
  package static func memoryUsage(_ entry: Entry, samples: Int) -> Int { 0 }
  package static func hasFieldDeadlines(_ entry: Entry) -> Bool { false }
  package static func setOwner(_ entry: Entry) {}
  package static func deadline(_ entry: Entry) -> ExpiryWheel.Handle { entry.deadline }
}

extension Keyspace {
  /// Removes the fields whose time has come.
  mutating func expireFields(_ database: Int, _ isOutOfTime: () -> Bool) -> Bool { true }
}
