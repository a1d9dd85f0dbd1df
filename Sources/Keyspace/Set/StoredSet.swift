import Memory
import Structures

// Small sets are saved as the bytes they consist of, and come back as such.

extension SetValue {
  /// How a set is best saved.
  public enum Stored {
    case intset(Bytes)
    /// One element for each member.
    case listpack(Bytes)
    /// To be walked member by member.
    case table
  }

  /// Views that are valid until the set changes.
  public static func stored(_ entry: Entry) -> Stored {
    switch form(entry) {
    case .intset(let set): .intset(set.bytes)
    case .listpack(let list): .listpack(list.bytes)
    case .table: .table
    }
  }

  /// Whether bytes from outside are a set: a sound listpack with at least one member and none twice.
  public static func isValid(listpack bytes: Bytes) -> Bool {
    guard Listpack.isValid(bytes) else { return false }
    // Only read, never changed or freed.
    let list = Listpack(address: UnsafeMutableRawPointer(mutating: bytes.raw))
    var members: Set<ByteString> = []
    var at = list.first
    while let current = at {
      let member = StringValue(list.value(current)).withBytes { ByteString($0) }
      guard members.insert(member).inserted else { return false }
      at = list.next(current)
    }
    return !members.isEmpty
  }
}

extension Keyspace {
  /// Adds a set that was saved as an intset, under a key that is not there.
  ///
  /// - Returns: nil if the bytes are no such set.
  public mutating func addSet(_ database: Int, _ key: Bytes, hash: UInt64, intset bytes: Bytes) -> Entry? {
    guard Intset.isValid(bytes) else { return nil }
    let set = addCollection(
      database, key, hash: hash, type: .set, encoding: .intset, pointer: Intset.copy(bytes).address)
    if SetValue.count(set) > maximumIntsetCount { convertToTable(set) }
    return set
  }

  /// Adds a set that was saved as a listpack, under a key that is not there.
  ///
  /// - Returns: nil if the bytes are no such set.
  public mutating func addSet(_ database: Int, _ key: Bytes, hash: UInt64, listpack bytes: Bytes) -> Entry? {
    guard SetValue.isValid(listpack: bytes) else { return nil }
    let set = addCollection(
      database, key, hash: hash, type: .set, encoding: .listpack, pointer: Listpack.copy(bytes).address)
    if SetValue.count(set) > setLimits.maximumListpackEntries { convertToTable(set) }
    return set
  }

  /// Adds a set that is going to be filled with ``addMember(_:_:)`` by `count` members, under a key that is not there.
  /// One that saw no member must be deleted again.
  public mutating func addSet(_ database: Int, _ key: Bytes, hash: UInt64, adding count: Int) -> Entry {
    let set = makeSet(key, count <= setLimits.maximumIntsetEntries ? .intset : .table)
    add(database, set, hash: hash)
    return set
  }
}
