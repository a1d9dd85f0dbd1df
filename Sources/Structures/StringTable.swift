import Memory

/// A set of strings in a ``HashTable``. In the place of entries, which have room for a value, a clock and a deadline,
/// lie ``PackedString``s: half the memory for a short string.
public struct StringTable: ~Copyable {
  private var table = HashTable(holdsStrings: true)
  private let hashKey: SipKey

  public init(hashKey: SipKey) { self.hashKey = hashKey }

  deinit { table.forEach { PackedString(address: $0.address).free() } }

  public func copy() -> StringTable {
    var fresh = StringTable(hashKey: hashKey)
    forEach { fresh.insertNew($0) }
    return fresh
  }

  public var count: Int { table.count }

  /// Bytes that all takes beside the struct itself, estimated from `samples` strings (0: all).
  public func memoryUsage(samples: Int) -> Int {
    var seen = 0
    var bytes = 0
    table.forEachWhile { item in
      seen += 1
      bytes += PackedString(address: item.address).allocatedBytes
      return samples == 0 || seen < samples
    }
    if seen == 0 || seen == count { return table.allocatedBytes + bytes }
    return table.allocatedBytes + Int(Double(bytes) / Double(seen) * Double(count))
  }

  /// As ``HashTable/chainLengths()``.
  public func chainLengths() -> [Int] { table.chainLengths() }

  @inline(__always)
  private func hash(_ string: Bytes) -> UInt64 { sipHash13(string, key: hashKey) }

  public func contains(_ string: Bytes) -> Bool { table.find(string, hash: hash(string)) != nil }

  // MARK: Change

  /// Adds a string and says whether it is new.
  public mutating func insert(_ string: Bytes) -> Bool {
    let hash = hash(string)
    if table.find(string, hash: hash) != nil { return false }
    insertNew(string, hash: hash)
    return true
  }

  /// Adds a string that is not there.
  public mutating func insertNew(_ string: Bytes) { insertNew(string, hash: hash(string)) }

  @inline(__always)
  private mutating func insertNew(_ string: Bytes, hash: UInt64) {
    table.insert(Entry(address: PackedString.copy(string).address), hash: hash, key: hashKey)
  }

  /// Removes a string and says whether it was there. `string` may be a view of what is removed.
  public mutating func remove(_ string: Bytes) -> Bool {
    let hash = hash(string)
    guard let slot = table.find(string, hash: hash) else { return false }
    let gone = PackedString(address: slot.pointee)
    table.remove(slot: slot, hash: hash, sipKey: hashKey)
    gone.free()
    return true
  }

  // MARK: Walks

  // Views are valid until their string is removed; `visit` must not change the table.

  /// A string at random, each with the same probability.
  public func random(_ random: inout some RandomNumberGenerator) -> Bytes? {
    table.randomEntry(&random).map { PackedString(address: $0.address).bytes }
  }

  /// Visits every string.
  public func forEach(_ visit: (Bytes) -> Void) {
    table.forEach { visit(PackedString(address: $0.address).bytes) }
  }

  /// Visits strings until `visit` returns false.
  public func forEachWhile(_ visit: (Bytes) -> Bool) {
    table.forEachWhile { visit(PackedString(address: $0.address).bytes) }
  }

  /// Visits the strings that `cursor` stands for, as ``HashTable/scan(_:_:)`` does.
  public func scan(_ cursor: UInt64, _ visit: (Bytes) -> Void) -> UInt64 {
    table.scan(cursor) { visit(PackedString(address: $0.address).bytes) }
  }
}
