import Memory
import Structures

/// Sorted sets, as they lie in their entries.
package enum SortedSetValue {
  /// Frees what the payload of `entry` points to. May run on any thread.
  static func free(_ entry: Entry) {}

  /// How many allocations freeing the value takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int { 1 }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of its value.
  static func copy(_ entry: Entry, into fresh: Entry) {}

  /// Bytes that the value takes beside the entry, estimated from `samples` elements (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int { 0 }

  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString { "listpack" }
}
