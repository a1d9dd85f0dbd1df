import Memory
import Structures

/// A large set: an entry without value for each member, in a table.
struct MemberTable: ~Copyable {
  private var table = HashTable()
  private let hashKey: SipKey

  init(hashKey: SipKey) { self.hashKey = hashKey }

  deinit { table.forEach { $0.free() } }

  static func allocate(hashKey: SipKey) -> UnsafeMutablePointer<MemberTable> {
    let members = UnsafeMutablePointer<MemberTable>.allocateFromAllocator()
    members.initialize(to: MemberTable(hashKey: hashKey))
    return members
  }

  static func free(_ members: UnsafeMutablePointer<MemberTable>) {
    members.deinitialize(count: 1)
    Allocator.free(members)
  }

  static func copy(_ source: UnsafeMutablePointer<MemberTable>) -> UnsafeMutablePointer<MemberTable> {
    let fresh = allocate(hashKey: source.pointee.hashKey)
    source.pointee.forEach { fresh.pointee.insertNew($0) }
    return fresh
  }

  var count: Int { table.count }

  func memoryUsage(samples: Int) -> Int {
    var seen = 0
    var bytes = 0
    table.forEachWhile { member in
      seen += 1
      bytes += member.allocatedBytes
      return samples == 0 || seen < samples
    }
    if seen == 0 || seen == count { return table.allocatedBytes + bytes }
    return table.allocatedBytes + Int(Double(bytes) / Double(seen) * Double(count))
  }

  @inline(__always)
  private func hash(_ member: Bytes) -> UInt64 { sipHash13(member, key: hashKey) }

  @inline(__always)
  func contains(_ member: Bytes) -> Bool { table.find(member, hash: hash(member)) != nil }

  // MARK: Change

  /// Adds a member and says whether it is new.
  @inline(__always)
  mutating func insert(_ member: Bytes) -> Bool {
    let hash = hash(member)
    if table.find(member, hash: hash) != nil { return false }
    insertNew(member, hash: hash)
    return true
  }

  /// Adds a member that is not there.
  mutating func insertNew(_ member: Bytes) { insertNew(member, hash: hash(member)) }

  @inline(__always)
  private mutating func insertNew(_ member: Bytes, hash: UInt64) {
    table.insert(Entry.allocate(key: member, payloadCount: 0, hasDeadline: false), hash: hash, key: hashKey)
  }

  /// Removes a member and says whether it was there. `member` may be a view of the member itself.
  @inline(__always)
  mutating func remove(_ member: Bytes) -> Bool {
    let hash = hash(member)
    guard let slot = table.find(member, hash: hash) else { return false }
    let gone = Entry(address: slot.pointee)
    table.remove(slot: slot, hash: hash, sipKey: hashKey)
    gone.free()
    return true
  }

  // MARK: Walks

  /// A member at random, each with the same probability.
  func random(_ random: inout some RandomNumberGenerator) -> Bytes? { table.randomEntry(&random)?.key }

  /// Visits every member. `visit` must not change the table.
  func forEach(_ visit: (Bytes) -> Void) { table.forEach { visit($0.key) } }

  /// Visits members until `visit` returns false.
  func forEachWhile(_ visit: (Bytes) -> Bool) { table.forEachWhile { visit($0.key) } }

  func scan(_ cursor: UInt64, _ visit: (Bytes) -> Void) -> UInt64 { table.scan(cursor) { visit($0.key) } }
}
