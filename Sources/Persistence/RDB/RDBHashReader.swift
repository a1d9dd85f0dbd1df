import Keyspace
import Memory
import Structures

// Hashes, in all forms that they were ever saved in.

extension RDBReader {
  mutating func hashValue(_ type: RDB.ValueType, _ target: RDBTarget) throws(RDBFailure) -> Entry? {
    switch type {
    case .hashListpack: return try listpackHash(target, isTimed: false)
    case .hashTimedListpack:
      _ = try milliseconds()
      return try listpackHash(target, isTimed: true)
    case .hashTimed: return try timedHash(target)
    case .hashZiplist: return try ziplistHash(target)
    case .hashZipmap: return try zipmapHash(target)
    default: return try plainHash(target)
    }
  }

  private mutating func listpackHash(_ target: RDBTarget, isTimed: Bool) throws(RDBFailure) -> Entry? {
    let bytes = try string()
    if bytes.count == Listpack.headerSize + 1, Listpack.isValid(bytes) { return nil }
    let added = target.keyspace.pointee.addHash(
      target.database, target.key, hash: target.hash, listpack: bytes, isTimed: isTimed)
    guard let added else {
      throw .corrupt(
        Listpack.isValid(bytes)
          ? "Hash listpack with dup elements, or a value without field" : "Hash listpack integrity check failed.")
    }
    return added
  }

  private mutating func plainHash(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let count = try count()
    if count == 0 { return nil }
    let entry = target.addHash(expecting: count)
    for _ in 0..<count {
      let field = try heldString()
      try target.add(field, try string(), to: entry)
    }
    return entry
  }

  private mutating func timedHash(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let soonest = try milliseconds()
    let count = try count()
    if count == 0 { return nil }
    let entry = target.addHash(expecting: count)
    for _ in 0..<count {
      let distance = try length()
      let field = try heldString()
      try target.add(field, try string(), to: entry)
      guard distance > 0 else { continue }
      let (time, overflow) = soonest.addingReportingOverflow(Int64(clamping: distance - 1))
      guard !overflow && time > 0 else { throw .corrupt("A field of a hash expires at no time") }
      target.keyspace.pointee.setFieldDeadline(target.database, entry, field, time)
    }
    return entry
  }

  private mutating func ziplistHash(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    var entry: Entry?
    var field: Listpack.Value?
    try ziplist("Hash ziplist") { (value: Listpack.Value) throws(RDBFailure) in
      guard let name = field else { return field = value }
      field = nil
      let hash = entry ?? target.addHash(expecting: 0)
      entry = hash
      var failure: RDBFailure?
      StringValue(name).withBytes { name in
        StringValue(value).withBytes { value in
          do throws(RDBFailure) { try target.add(name, value, to: hash) } catch {
            failure = .corrupt("Hash ziplist integrity check failed: \(error.message)")
          }
        }
      }
      if let failure { throw failure }
    }
    if field != nil { throw .corrupt("Hash ziplist integrity check failed.") }
    return entry
  }

  private mutating func zipmapHash(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    var map = try Zipmap(try heldString())
    var entry: Entry?
    while let (field, value) = try map.next() {
      let hash = entry ?? target.addHash(expecting: 0)
      entry = hash
      try target.add(field, value, to: hash)
    }
    if entry == nil { throw .corrupt("Zipmap integrity check failed: it is empty") }
    return entry
  }
}

extension RDBTarget {
  fileprivate func addHash(expecting count: Int) -> Entry {
    let entry = keyspace.pointee.addHash(database, key, hash: hash)
    keyspace.pointee.prepareHash(database, entry, adding: count)
    return entry
  }

  fileprivate func add(_ field: Bytes, _ value: Bytes, to entry: Entry) throws(RDBFailure) {
    guard keyspace.pointee.setField(database, entry, field, value) else {
      throw .corrupt("Duplicate hash fields detected")
    }
  }
}
