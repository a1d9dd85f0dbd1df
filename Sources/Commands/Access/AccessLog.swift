import Memory

/// What was denied, for ACL LOG and INFO.
public struct AccessLog {
  public enum Reason: String {
    case command, key, channel
    case authentication = "auth"
  }

  public enum Context: String {
    case topLevel = "toplevel"
    case transaction = "multi"
    case script = "lua"
  }

  public struct Entry {
    public fileprivate(set) var count = 1
    public let reason: Reason
    public let context: Context
    /// The command, key or channel.
    public let object: ByteString
    public let userName: ByteString
    /// The client that was denied it last, as CLIENT LIST shows it.
    public fileprivate(set) var client: String
    public fileprivate(set) var id = 0
    /// Unix milliseconds.
    public let created: Int64
    public fileprivate(set) var updated: Int64

    public init(
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
  public struct Counts {
    public var authentications = 0
    public var commands = 0
    public var keys = 0
    public var channels = 0

    public init() {}
  }

  fileprivate static let groupingMilliseconds: Int64 = 60_000
  /// As many of the newest entries are looked through for one that goes on.
  private static let groupingDepth = 10

  public var maximumLength = 128
  public var counts = Counts()
  /// Newest first.
  public private(set) var entries: [Entry] = []
  private var nextID = 0

  public init() {}

  public mutating func note(_ new: Entry) {
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

  public mutating func reset() { entries = [] }
}
