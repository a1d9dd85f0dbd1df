// What commands answer that is more than a string, a number or a list of them.

/// Members of a sorted set with their scores, in the order in which they came.
public struct ScoredMembers: RESPDecodable, Hashable, RandomAccessCollection {
  public let members: [ScoredMember]

  public init(from value: RESPValue) throws(MartletError) {
    members = try ScoredMember.list(value)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(index: Int) -> ScoredMember { members[index] }
}

/// What a pop from one of several keys took, and from which.
public struct Popped<Value: RESPDecodable>: RESPDecodable {
  public let key: RESPString
  public let value: Value

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 2 else { throw Self.unexpected(value) }
    key = try RESPString(from: parts[0])
    self.value = try Value(from: parts[1])
  }
}

/// A member that was popped from one of several sorted sets.
public struct PoppedMember: RESPDecodable, Hashable {
  public let key: RESPString
  public let member: RESPString
  public let score: Double

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 3 else { throw Self.unexpected(value) }
    key = try RESPString(from: parts[0])
    member = try RESPString(from: parts[1])
    score = try Double(from: parts[2])
  }
}

/// Where a member stands in a sorted set, and why.
public struct MemberRank: RESPDecodable, Hashable {
  public let rank: Int
  public let score: Double

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 2 else { throw Self.unexpected(value) }
    rank = try Int(from: parts[0])
    score = try Double(from: parts[1])
  }
}

/// An element of an array.
public struct IndexedValue: RESPDecodable, Hashable {
  public let index: Int
  public let value: RESPString

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 2 else { throw Self.unexpected(value) }
    index = try Int(from: parts[0])
    self.value = try RESPString(from: parts[1])
  }
}

public struct GeoPosition: RESPDecodable, Hashable {
  public let longitude: Double
  public let latitude: Double

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count == 2 else { throw Self.unexpected(value) }
    longitude = try Double(from: parts[0])
    latitude = try Double(from: parts[1])
  }
}

/// An entry of a stream.
public struct StreamEntry: RESPDecodable, Hashable {
  public let id: RESPString
  /// In their order; a field may come twice. Empty for an entry that was deleted while it was pending.
  public let fields: [KeyedValue<RESPString, RESPString>]

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count >= 2 else { throw Self.unexpected(value) }
    id = try RESPString(from: parts[0])
    fields = parts[1].isNull ? [] : try [KeyedValue<RESPString, RESPString>](pairsOf: parts[1])
  }

  /// The value of the first field of this name.
  public subscript(name: RESPString) -> RESPString? { fields.first { $0.key == name }?.value }
}

/// What XAUTOCLAIM took over, and where to go on.
public struct ClaimedEntries: RESPDecodable {
  /// `0-0` after the last.
  public let next: RESPString
  public let entries: [StreamEntry]
  /// Pending entries that were no longer in the stream.
  public let deleted: [RESPString]

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count >= 2 else { throw Self.unexpected(value) }
    next = try RESPString(from: parts[0])
    guard let claimed = parts[1].elements else { throw Self.unexpected(value) }
    var entries: [StreamEntry] = []
    // Redis 6.2 has nulls for entries that were deleted.
    for entry in claimed where !entry.isNull { entries.append(try StreamEntry(from: entry)) }
    self.entries = entries
    deleted = parts.count > 2 ? try [RESPString](from: parts[2]) : []
  }
}

/// An entry that was delivered and not acknowledged.
public struct PendingEntry: RESPDecodable, Hashable {
  public let id: RESPString
  public let consumer: RESPString
  public let idleMilliseconds: Int
  public let deliveryCount: Int

  public init(from value: RESPValue) throws(MartletError) {
    guard let parts = value.elements, parts.count >= 4 else { throw Self.unexpected(value) }
    id = try RESPString(from: parts[0])
    consumer = try RESPString(from: parts[1])
    idleMilliseconds = try Int(from: parts[2])
    deliveryCount = try Int(from: parts[3])
  }
}
