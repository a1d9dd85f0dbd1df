import Keyspace
import Memory
import Structures

extension RDBReader {
  mutating func setValue(_ type: RDB.ValueType, _ target: RDBTarget) throws(RDBFailure) -> Entry? {
    switch type {
    case .setIntset: return try intset(target)
    case .setListpack: return try listpackSet(target)
    default: return try plainSet(target)
    }
  }

  private mutating func intset(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let bytes = try string()
    let added = target.keyspace.pointee.addSet(target.database, target.key, hash: target.hash, intset: bytes)
    guard let added else { throw .corrupt("Intset integrity check failed.") }
    return added
  }

  private mutating func listpackSet(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let bytes = try string()
    if bytes.count == Listpack.headerSize + 1, Listpack.isValid(bytes) { return nil }
    let added = target.keyspace.pointee.addSet(target.database, target.key, hash: target.hash, listpack: bytes)
    guard let added else { throw .corrupt("Set listpack integrity check failed.") }
    return added
  }

  private mutating func plainSet(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let count = try count()
    if count == 0 { return nil }
    let entry = target.keyspace.pointee.addSet(target.database, target.key, hash: target.hash, adding: count)
    for _ in 0..<count {
      guard target.keyspace.pointee.addMember(entry, try string()) else {
        throw .corrupt("Duplicate set members detected")
      }
    }
    return entry
  }
}
