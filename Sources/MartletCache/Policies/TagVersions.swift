import Synchronization

/// Which version of each tag is current, as far as this process knows.
///
/// A tag is a counter on the server. An entry carries the versions of its tags from when it was made; it is right only while
/// they are the counters' values. So one INCR makes any number of entries invalid, on whatever node or process they lie.
/// The counters are read tracked like any key: while one is known here and nothing was pushed, it need not be asked.
final class TagVersions: Sendable {
  private struct State {
    var numbers: [String: Int] = [:]
    var byName: [UInt64: Int] = [:]
    var versions: [Int64?] = []
    /// Raised by whatever makes a version unknown: what was read before is not noted after.
    var changes: [UInt64] = []
  }

  private let state = Mutex(State())
  private let prefix: String

  init(prefix: String) { self.prefix = prefix }

  var count: Int { state.withLock { $0.versions.count } }

  /// The key of a tag's counter.
  func name(_ tag: String) -> String { prefix + tag }

  /// A small number for a tag, the same as long as the process lives.
  func number(_ tag: String) -> Int {
    state.withLock { state in
      if let number = state.numbers[tag] { return number }
      let number = state.versions.count
      state.numbers[tag] = number
      state.byName[NameHash.of(name(tag))] = number
      state.versions.append(nil)
      state.changes.append(0)
      return number
    }
  }

  /// The version, if it is certain.
  func known(_ number: Int) -> Int64? { state.withLock { $0.versions[number] } }

  /// Before a version is read: hand it to `note`.
  func changes(_ number: Int) -> UInt64 { state.withLock { $0.changes[number] } }

  /// Notes what was read, unless the tag changed meanwhile.
  func note(_ number: Int, version: Int64, changes: UInt64) {
    state.withLock { if $0.changes[number] == changes { $0.versions[number] = version } }
  }

  /// If this is the name of a tag's counter, its version is no longer known; returns its number.
  func invalidate(name: UInt64) -> Int? {
    state.withLock { state in
      guard let number = state.byName[name] else { return nil }
      state.versions[number] = nil
      state.changes[number] &+= 1
      return number
    }
  }

  /// Nothing is certain any more.
  func invalidateAll() {
    state.withLock { state in
      for number in state.versions.indices {
        state.versions[number] = nil
        state.changes[number] &+= 1
      }
    }
  }
}
