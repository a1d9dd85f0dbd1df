import Memory
import Structures

/// When a set leaves its compact forms.
public struct SetLimits {
  /// `set-max-intset-entries`
  public var maximumIntsetEntries = 512
  /// `set-max-listpack-entries`
  public var maximumListpackEntries = 128
  /// `set-max-listpack-value`, in bytes
  public var maximumListpackValueCount = 64

  public init() {}
}

/// Strings without order, each once, in one of three forms:
///
/// - an ``Intset`` while all are integers and not too many;
/// - a listpack while there are few and short ones;
/// - a ``StringTable``.
///
/// The key's entry points to it. A set only ever goes from a more compact form to a less compact one.
public enum SetValue {
  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString {
    switch form(entry) {
    case .intset: "intset"
    case .listpack: "listpack"
    case .table: "hashtable"
    }
  }

  /// The forms, told apart.
  enum Form {
    case intset(Intset)
    case listpack(Listpack)
    case table(UnsafeMutablePointer<StringTable>)
  }

  @inline(__always)
  static func form(_ entry: Entry) -> Form {
    switch entry.encoding {
    case Encoding.table.rawValue: .table(table(entry))
    case Encoding.intset.rawValue: .intset(Intset(address: entry.pointer))
    default: .listpack(Listpack(address: entry.pointer))
    }
  }

  @inline(__always)
  static func table(_ entry: Entry) -> UnsafeMutablePointer<StringTable> {
    entry.pointer.assumingMemoryBound(to: StringTable.self)
  }

  // MARK: Life

  /// Frees all but the key's entry. May run on any thread once the entry is detached.
  static func free(_ entry: Entry) {
    switch form(entry) {
    case .intset(let set): set.free()
    case .listpack(let list): list.free()
    case .table(let table): free(table)
    }
  }

  static func allocate(_ table: consuming StringTable) -> UnsafeMutablePointer<StringTable> {
    let address = UnsafeMutablePointer<StringTable>.allocateFromAllocator()
    address.initialize(to: table)
    return address
  }

  static func free(_ table: UnsafeMutablePointer<StringTable>) {
    table.deinitialize(count: 1)
    Allocator.free(table)
  }

  /// How many allocations freeing takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int {
    entry.encoding == Encoding.table.rawValue ? table(entry).pointee.count : 1
  }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of the set.
  static func copy(_ entry: Entry, into fresh: Entry) {
    switch form(entry) {
    case .intset(let set): fresh.pointer = Intset.copy(set.bytes).address
    case .listpack(let list): fresh.pointer = Listpack.copy(list.bytes).address
    case .table(let table): fresh.pointer = UnsafeMutableRawPointer(allocate(table.pointee.copy()))
    }
  }

  /// Bytes that the set takes beside its key's entry; of a table, estimated from `samples` members (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    switch form(entry) {
    case .intset(let set): set.allocatedBytes
    case .listpack(let list): list.allocatedBytes
    case .table(let table): Allocator.usableSize(table) + table.pointee.memoryUsage(samples: samples)
    }
  }

  // MARK: Read

  @inline(__always)
  public static func count(_ entry: Entry) -> Int {
    switch form(entry) {
    case .intset(let set): set.count
    case .listpack(let list): list.count
    case .table(let table): table.pointee.count
    }
  }

  @inline(__always)
  public static func contains(_ entry: Entry, _ member: Bytes) -> Bool {
    switch form(entry) {
    case .intset(let set): parseInteger(member).map(set.contains) ?? false
    case .listpack(let list): list.find(member, from: Listpack.headerSize, skip: 0) != nil
    case .table(let table): table.pointee.contains(member)
    }
  }

  /// As `contains(_:_:)`, for a member of another set.
  @inline(__always)
  public static func contains(_ entry: Entry, _ member: StringValue) -> Bool {
    if case .intset(let set) = form(entry), case .integer(let number) = member { return set.contains(number) }
    return member.withBytes { contains(entry, $0) }
  }

  // MARK: Walks

  /// Visits every member, as views that are valid until the set changes. `visit` must not change the set.
  @inline(__always)
  public static func forEach(_ entry: Entry, _ visit: (StringValue) -> Void) {
    switch form(entry) {
    case .intset(let set):
      for i in 0..<set.count { visit(.integer(set[i])) }
    case .listpack(let list):
      var at = list.first
      while let current = at {
        visit(StringValue(list.value(current)))
        at = list.next(current)
      }
    case .table(let table):
      table.pointee.forEach { visit(.bytes($0)) }
    }
  }

  /// Visits members until `visit` returns false.
  public static func forEachWhile(_ entry: Entry, _ visit: (StringValue) -> Bool) {
    switch form(entry) {
    case .intset(let set):
      for i in 0..<set.count where !visit(.integer(set[i])) { return }
    case .listpack(let list):
      var at = list.first
      while let current = at, visit(StringValue(list.value(current))) { at = list.next(current) }
    case .table(let table):
      table.pointee.forEachWhile { visit(.bytes($0)) }
    }
  }

  /// A member at random, each with the same probability; nil if there is none.
  public static func random(_ entry: Entry, _ random: inout SmallRandom) -> StringValue? {
    let count = count(entry)
    guard count > 0 else { return nil }
    switch form(entry) {
    case .intset(let set): return .integer(set[Int.random(in: 0..<count, using: &random)])
    case .listpack(let list):
      return list.seek(Int.random(in: 0..<count, using: &random)).map { StringValue(list.value($0)) }
    case .table(let table): return table.pointee.random(&random).map { .bytes($0) }
    }
  }

  /// Visits the members that `cursor` stands for and returns the next cursor, 0 at the end.
  ///
  /// Small sets are visited whole at once; for tables the promise of ``HashTable/scan(_:_:)`` holds.
  public static func scan(_ entry: Entry, _ cursor: UInt64, _ visit: (StringValue) -> Void) -> UInt64 {
    guard case .table(let table) = form(entry) else {
      forEach(entry, visit)
      return 0
    }
    return table.pointee.scan(cursor) { visit(.bytes($0)) }
  }
}
