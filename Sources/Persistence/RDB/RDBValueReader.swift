import Keyspace
import Memory
import Structures

/// Where a value that is read goes.
public struct RDBTarget {
  public let keyspace: UnsafeMutablePointer<Keyspace>
  public let database: Int
  /// A key that is not in the database.
  public let key: Bytes
  public let hash: UInt64
  /// When the key dies, in Unix milliseconds.
  public let deadline: Int64?

  public init(
    _ keyspace: UnsafeMutablePointer<Keyspace>, database: Int, key: Bytes, hash: UInt64, deadline: Int64? = nil
  ) {
    self.keyspace = keyspace
    self.database = database
    self.key = key
    self.hash = hash
    self.deadline = deadline
  }
}

extension RDBReader {
  /// Reads a value and adds it to the target.
  ///
  /// - Returns: nil for a collection without elements, which is not added.
  /// - Throws: part of the value may be in the target already, under its key.
  public mutating func value(_ type: RDB.ValueType, into target: RDBTarget) throws(RDBFailure) -> Entry? {
    guard let entry = try valueWithoutDeadline(type, target) else { return nil }
    guard let deadline = target.deadline, !entry.hasDeadline,
      let slot = target.keyspace.pointee.databases[target.database].table.find(target.key, hash: target.hash)
    else { return entry }
    return target.keyspace.pointee.setDeadline(target.database, slot, milliseconds: deadline)
  }

  private mutating func valueWithoutDeadline(
    _ type: RDB.ValueType, _ target: RDBTarget
  ) throws(RDBFailure) -> Entry? {
    switch type {
    case .string: return try stringValue(target)
    case .hash, .hashZipmap, .hashZiplist, .hashListpack, .hashTimed, .hashTimedListpack:
      return try hashValue(type, target)
    case .set, .setIntset, .setListpack: return try setValue(type, target)
    case .list, .listZiplist, .listQuicklist1, .listQuicklist2: return try listValue(type, target)
    case .sortedSet, .sortedSetText, .sortedSetZiplist, .sortedSetListpack: return try sortedSetValue(type, target)
    case .stream1, .stream2, .stream3: return try streamValue(type, target)
    case .array: return try arrayValue(target)
    case .hashTimedPreview, .hashTimedListpackPreview:
      throw .unsupported("A hash with field expiration of a preview version of Redis 7.4 (type \(type.rawValue))")
    case .modulePreview:
      throw .unsupported("A module value of a preview version of Redis 4.0 (type \(type.rawValue))")
    case .module:
      let name = RDB.moduleName(try length())
      throw .unsupported("The RDB file contains module data I can't load: no matching module type '\(name)'")
    }
  }

  private mutating func stringValue(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let keyspace = target.keyspace
    let deadline: DeadlineChange = target.deadline.map { .set($0) } ?? .discard
    switch try text() {
    case .bytes(let bytes):
      keyspace.pointee.setString(
        target.database, target.key, hash: target.hash, at: nil, to: bytes, deadline: deadline)
    case .integer(let value):
      keyspace.pointee.setInteger(
        target.database, target.key, hash: target.hash, at: nil, to: value, deadline: deadline)
    }
    return keyspace.pointee.entry(target.database, target.key, hash: target.hash)
  }

  /// Calls `body` with each element of the ziplist that comes next.
  mutating func ziplist(
    _ name: StaticString, _ body: (Listpack.Value) throws(RDBFailure) -> Void
  ) throws(RDBFailure) {
    var list = try Ziplist(try heldString(), name)
    while let value = try list.next() { try body(value) }
  }
}

extension RDB {
  /// The name of a module's type: 54 bits are nine letters, the other ten a version.
  static func moduleName(_ id: UInt64) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return String((0..<9).map { letters[Int(id >> UInt64(10 + (8 - $0) * 6) & 63)] })
  }
}
