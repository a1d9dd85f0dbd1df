import Memory

/// The categories by which access control lists and COMMAND LIST speak of commands.
public struct AccessCategories: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// In Redis's order; the index is the bit.
  public static let names: [StaticString] = [
    "keyspace", "read", "write", "set", "sortedset", "list", "hash", "string", "bitmap", "hyperloglog", "geo", "stream",
    "pubsub", "admin", "fast", "slow", "blocking", "dangerous", "connection", "transaction", "scripting",
    "array",
  ]

  public init?(name: Bytes) {
    guard let bit = Self.names.firstIndex(where: { name.equalsIgnoringCase($0) }) else { return nil }
    self.init(rawValue: 1 << UInt32(bit))
  }

  fileprivate init(_ name: StaticString) {
    guard let category = AccessCategories(name: Bytes(name)) else {
      preconditionFailure("a command is declared with the unknown category \(name)")
    }
    self = category
  }

  /// The names of the categories in this set, in order.
  public var members: [StaticString] {
    Self.names.indices.filter { rawValue >> UInt32($0) & 1 == 1 }.map { Self.names[$0] }
  }
}

extension Command {
  /// Whether the command does nothing but hold subcommands.
  public var isContainer: Bool { !subcommands.isEmpty && flags.isEmpty }

  /// All categories the command belongs to: those declared, its group's, and what follows from its flags.
  public var accessCategories: AccessCategories {
    var all = categories.reduce(into: AccessCategories()) { $0.formUnion(AccessCategories($1)) }
    if let own = group.category, !isContainer, !flags.contains(.outsideGroupCategory) {
      all.formUnion(AccessCategories(own))
    }
    if flags.contains(.write) { all.formUnion(AccessCategories("write")) }
    if flags.contains(.readonly) && group != .scripting { all.formUnion(AccessCategories("read")) }
    if flags.contains(.admin) { all.formUnion([AccessCategories("admin"), AccessCategories("dangerous")]) }
    if flags.contains(.pubsub) { all.formUnion(AccessCategories("pubsub")) }
    if flags.contains(.blocking) { all.formUnion(AccessCategories("blocking")) }
    all.formUnion(AccessCategories(flags.contains(.fast) ? "fast" : "slow"))
    return all
  }
}
