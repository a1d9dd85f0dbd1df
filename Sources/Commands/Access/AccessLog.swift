import Memory

/// What was denied, for ACL LOG and INFO.
package struct AccessLog {
  package enum Reason: String {
    case command, key, channel
    case authentication = "auth"
  }

  package enum Context: String {
    case topLevel = "toplevel"
    case transaction = "multi"
    case script = "lua"
  }

  package struct Entry {
    package fileprivate(set) var count = 1
    package let reason: Reason
    package let context: Context
    /// The command, key or channel.
    package let object: ByteString
    package let userName: ByteString
    /// The client that was denied it last, as CLIENT LIST shows it.
    package fileprivate(set) var client: String
    package fileprivate(set) var id = 0
    /// Unix milliseconds.
    package let created: Int64
    package fileprivate(set) var updated: Int64

    package init(
      _ reason: Reason, _ context: Context, object: ByteString, userName: ByteString, client: String, now: Int64
    ) {
      self.reason = reason
      self.context = context
      self.object = object
      self.userName = userName
      self.client = client
      created = now
      updated = now
    }

    /// Whether another tells of the same, soon after.
    fileprivate func isContinued(by other: Entry) -> Bool {
      reason == other.reason && context == other.context && object == other.object && userName == other.userName
        && abs(other.updated - updated) <= AccessLog.groupingMilliseconds
    }
  }

  /// How often each was denied.
  package struct Counts {
    package var authentications = 0
    package var commands = 0
    package var keys = 0
    package var channels = 0

    package init() {}
  }

  fileprivate static let groupingMilliseconds: Int64 = 60_000
  /// As many of the newest entries are looked through for one that goes on.
  private static let groupingDepth = 10

  package var maximumLength = 128
  package var counts = Counts()
  /// Newest first.
  package private(set) var entries: [Entry] = []
  private var nextID = 0

  package init() {}

  package mutating func note(_ new: Entry) {
    switch new.reason {
    case .authentication: counts.authentications += 1
    case .command: counts.commands += 1
    case .key: counts.keys += 1
    case .channel: counts.channels += 1
    }
    if let index = entries.prefix(Self.groupingDepth).firstIndex(where: { $0.isContinued(by: new) }) {
      var known = entries.remove(at: index)
      known.count += 1
      known.client = new.client
      known.updated = new.updated
      entries.insert(known, at: 0)
      return
    }
    var entry = new
    entry.id = nextID
    nextID += 1
    entries.insert(entry, at: 0)
    if entries.count > maximumLength { entries.removeLast(entries.count - maximumLength) }
  }

  package mutating func reset() { entries = [] }
}
