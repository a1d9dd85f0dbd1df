import Memory
import Structures

/// When a sorted set leaves its compact form.
public struct SortedSetLimits {
  /// `zset-max-listpack-entries`
  public var maximumEntries = 128
  /// `zset-max-listpack-value`, in bytes
  public var maximumValueCount = 64

  public init() {}
}

/// Members with scores, in the order of score, then name, in one of two forms:
///
/// - a ``SortedListpack``, while there are few and short ones. The key's entry points to the listpack;
/// - a table beside an ordered index. The entry points to a ``SortedSetTable``.
///
/// Whatever asks for a part of the set, by score, by name or by rank, is first turned into a range of ranks: finding
/// those is O(log n), and counting, skipping, walking and removing then need to know nothing else.
public enum SortedSetValue {
  /// The forms, told apart.
  enum Form {
    case listpack(SortedListpack)
    case table(UnsafeMutablePointer<SortedSetTable>)
  }

  @inline(__always)
  static func form(_ entry: Entry) -> Form {
    entry.encoding == Encoding.listpack.rawValue ? .listpack(SortedListpack(entry)) : .table(table(entry))
  }

  @inline(__always)
  static func table(_ entry: Entry) -> UnsafeMutablePointer<SortedSetTable> {
    entry.pointer.assumingMemoryBound(to: SortedSetTable.self)
  }

  // MARK: Life

  /// Frees what the payload of `entry` points to. May run on any thread.
  static func free(_ entry: Entry) {
    switch form(entry) {
    case .listpack(let small): small.list.free()
    case .table(let table): SortedSetTable.free(table)
    }
  }

  /// How many allocations freeing the value takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int {
    entry.encoding == Encoding.listpack.rawValue ? 1 : table(entry).pointee.table.count
  }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of its value.
  static func copy(_ entry: Entry, into fresh: Entry) {
    switch form(entry) {
    case .listpack(let small): fresh.pointer = Listpack.copy(small.list.bytes).address
    case .table(let table): fresh.pointer = UnsafeMutableRawPointer(SortedSetTable.copy(table))
    }
  }

  /// Bytes that the value takes beside the entry, estimated from `samples` elements (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    switch form(entry) {
    case .listpack(let small): small.list.allocatedBytes
    case .table(let table): Allocator.usableSize(table) + table.pointee.memoryUsage(samples: samples)
    }
  }

  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString {
    entry.encoding == Encoding.listpack.rawValue ? "listpack" : "skiplist"
  }

  // MARK: Look-up

  @inline(__always)
  public static func count(_ entry: Entry) -> Int {
    switch form(entry) {
    case .listpack(let small): small.count
    case .table(let table): table.pointee.index.count
    }
  }

  /// The score of a member.
  @inline(__always)
  public static func score(_ entry: Entry, _ member: Bytes) -> Double? {
    switch form(entry) {
    case .listpack(let small): small.find(member).map { small.score($0) }
    case .table(let table): table.pointee.find(member)?.score
    }
  }

  /// The rank of a member, from the lowest score on, with its score.
  public static func rank(_ entry: Entry, _ member: Bytes) -> (rank: Int, score: Double)? {
    switch form(entry) {
    case .listpack(let small):
      guard let found = small.find(member) else { return nil }
      var rank = 0
      var at = Listpack.headerSize
      while at < found {
        at = small.list.skip(small.list.skip(at))
        rank += 1
      }
      return (rank, small.score(found))
    case .table(let table):
      guard let score = table.pointee.find(member)?.score else { return nil }
      return (table.pointee.index.rank { $0.isBefore(score, member) }, score)
    }
  }

  // MARK: Walks

  /// A member with its score; views that are valid until the set changes.
  public struct Member {
    public let name: StringValue
    fileprivate let stored: Stored

    /// A score is read from its text only if somebody asks for it.
    fileprivate enum Stored {
      case double(Double)
      case element(Listpack.Value)
    }

    @inline(__always)
    init(name: StringValue, storedScore: Listpack.Value) {
      self.name = name
      stored = .element(storedScore)
    }

    @inline(__always)
    init(_ item: OrderedIndex.Item) {
      name = .bytes(item.member.key)
      stored = .double(item.score)
    }

    /// The score as it is stored, in a small set.
    public var storedScore: StringValue? {
      if case .element(let value) = stored { StringValue(value) } else { nil }
    }

    public var score: Double {
      @inline(__always) get {
        switch stored {
        case .double(let score): score
        case .element(let value): SortedListpack.score(value)
        }
      }
    }
  }

  /// Visits the members of these ranks, which must be there, the last first if `isReversed`, until `visit` returns
  /// false. `visit` must not change the set.
  @inline(__always)
  public static func forEachWhile(_ entry: Entry, _ ranks: Range<Int>, isReversed: Bool, _ visit: (Member) -> Bool) {
    switch form(entry) {
    case .listpack(let small): small.forEachWhile(ranks, isReversed: isReversed, visit)
    case .table(let table): table.pointee.forEachWhile(ranks, isReversed: isReversed) { visit(Member($0)) }
    }
  }

  /// As ``forEachWhile(_:_:isReversed:_:)``, to the end.
  @inline(__always)
  public static func forEach(_ entry: Entry, _ ranks: Range<Int>, isReversed: Bool, _ visit: (Member) -> Void) {
    forEachWhile(entry, ranks, isReversed: isReversed) { member in
      visit(member)
      return true
    }
  }

  /// Visits all members from the lowest score on.
  @inline(__always)
  public static func forEach(_ entry: Entry, _ visit: (Member) -> Void) {
    forEach(entry, 0..<count(entry), isReversed: false, visit)
  }

  /// The member of a rank, which must be there.
  public static func member(_ entry: Entry, at rank: Int) -> Member {
    precondition(rank >= 0 && rank < count(entry), "no such rank")
    switch form(entry) {
    case .listpack(let small): return small.member(small.list.seek(rank * 2)!)
    case .table(let table): return Member(table.pointee.index.cursor(at: rank).item)
    }
  }

  /// Visits the members that `cursor` stands for and returns the next cursor, 0 at the end.
  ///
  /// Small sets are visited whole at once; for large ones the promise of ``HashTable/scan(_:_:)`` holds.
  public static func scan(_ entry: Entry, _ cursor: UInt64, _ visit: (Member) -> Void) -> UInt64 {
    guard case .table(let table) = form(entry) else {
      forEach(entry, visit)
      return 0
    }
    return table.pointee.table.scan(cursor) { member in
      visit(Member(OrderedIndex.Item(score: member.score, member: member)))
    }
  }
}
