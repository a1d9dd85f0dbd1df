// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Returns how many elements an array has.
///
/// `ARCOUNT key`, since 8.8.0. O(1)
public struct ARCOUNT: Command {
  public typealias Response = Int
  public static var name: String { "ARCOUNT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARCOUNT")
    e.append(key)
  }
}

/// Removes the values at indexes of an array. The array goes with its last element.
///
/// `ARDEL key index [index ...]`, since 8.8.0. O(N) where N is the number of indices to delete
public struct ARDEL: Command {
  public typealias Response = Int
  public static var name: String { "ARDEL" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: [Int]
  public init(_ key: some RESPEncodable, _ index: [Int]) {
    self.key = key.respArgument
    self.index = index
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARDEL")
    e.append(key)
    for item in index {
      e.append(.integer(item))
    }
  }
}

/// Removes the values in ranges of indexes. The array goes with its last element.
///
/// `ARDELRANGE key start end [start end ...]`, since 8.8.0. Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges
public struct ARDELRANGE: Command {
  public typealias Response = Int
  public static var name: String { "ARDELRANGE" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs) {
    self.key = key.respArgument
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARDELRANGE")
    e.append(key)
    e.append(data)
  }
}

/// Returns the value at an index of an array.
///
/// `ARGET key index`, since 8.8.0. O(1)
public struct ARGET: Command {
  public typealias Response = RESPString?
  public static var name: String { "ARGET" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: Int
  public init(_ key: some RESPEncodable, _ index: Int) {
    self.key = key.respArgument
    self.index = index
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARGET")
    e.append(key)
    e.append(.integer(index))
  }
}

/// Returns the values at all indexes of a range, with nulls where there is none.
///
/// `ARGETRANGE key start end`, since 8.8.0. O(N) where N is the range length
public struct ARGETRANGE: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "ARGETRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var end: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ end: Int) {
    self.key = key.respArgument
    self.start = start
    self.end = end
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARGETRANGE")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(end))
  }
}

/// Returns the indexes of the values in a range that match.
///
/// `ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [<EXACT string | MATCH string | GLOB pattern | RE pattern> ...] [AND | OR] [LIMIT limit] [WITHVALUES] [NOCASE]`, since 8.8.0. O(N*C) where N is the number of elements in the range and C is the cost of matching one of them.
public struct ARGREP: Command {
  /// Returns the indexes of the values in a range that match.
  ///
  /// `ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [<EXACT string | MATCH string | GLOB pattern | RE pattern> ...] [AND | OR] [LIMIT limit] [WITHVALUES] [NOCASE]`, since 8.8.0. O(N*C) where N is the number of elements in the range and C is the cost of matching one of them.
  public struct WithValues: Command {
    public typealias Response = [IndexedValue]
    public static var name: String { "ARGREP" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var start: RESPArgument
    public var end: RESPArgument
    public var predicate: [Predicate]
    public var combining: Combining?
    public var limit: Int?
    public var nocase: Bool
    public init(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, predicate: [Predicate], combining: Combining? = nil, limit: Int? = nil, nocase: Bool = false) {
      self.key = key.respArgument
      self.start = start.respArgument
      self.end = end.respArgument
      self.predicate = predicate
      self.combining = combining
      self.limit = limit
      self.nocase = nocase
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "ARGREP")
      e.append(key)
      e.append(start)
      e.append(end)
      for item in predicate {
        item.encode(into: &e)
      }
      if let combining { combining.encode(into: &e) }
      if let limit {
        e.append(word: "LIMIT")
        e.append(.integer(limit))
      }
      e.append(word: "WITHVALUES")
      if nocase { e.append(word: "NOCASE") }
    }
  }
  public typealias Response = [Int]
  public static var name: String { "ARGREP" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Predicate: Sendable {
    case exact(RESPArgument)
    case match(RESPArgument)
    case glob(RESPArgument)
    case re(RESPArgument)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .exact(let value):
        e.append(word: "EXACT")
        e.append(value)
      case .match(let value):
        e.append(word: "MATCH")
        e.append(value)
      case .glob(let value):
        e.append(word: "GLOB")
        e.append(value)
      case .re(let value):
        e.append(word: "RE")
        e.append(value)
      }
    }
  }
  public enum Combining: Sendable {
    case and
    case or
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .and: e.append(word: "AND")
      case .or: e.append(word: "OR")
      }
    }
  }
  public var key: RESPArgument
  public var start: RESPArgument
  public var end: RESPArgument
  public var predicate: [Predicate]
  public var combining: Combining?
  public var limit: Int?
  public var nocase: Bool
  public init(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, predicate: [Predicate], combining: Combining? = nil, limit: Int? = nil, nocase: Bool = false) {
    self.key = key.respArgument
    self.start = start.respArgument
    self.end = end.respArgument
    self.predicate = predicate
    self.combining = combining
    self.limit = limit
    self.nocase = nocase
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARGREP")
    e.append(key)
    e.append(start)
    e.append(end)
    for item in predicate {
      item.encode(into: &e)
    }
    if let combining { combining.encode(into: &e) }
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
    if nocase { e.append(word: "NOCASE") }
  }
}

/// Tells how an array lies in memory.
///
/// `ARINFO key [FULL]`, since 8.8.0. O(1), or O(N) with FULL option where N is the number of slices.
public struct ARINFO: Command {
  public typealias Response = [RESPString: RESPValue]
  public static var name: String { "ARINFO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var full: Bool
  public init(_ key: some RESPEncodable, full: Bool = false) {
    self.key = key.respArgument
    self.full = full
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARINFO")
    e.append(key)
    if full { e.append(word: "FULL") }
  }
}

/// Sets values behind the one that was inserted at last.
///
/// `ARINSERT key value [value ...]`, since 8.8.0. O(N) where N is the number of values
public struct ARINSERT: Command {
  public typealias Response = Int
  public static var name: String { "ARINSERT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var value: [RESPArgument]
  public init(_ key: some RESPEncodable, _ value: [some RESPEncodable]) {
    self.key = key.respArgument
    self.value = value.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ value: any RESPEncodable...) {
    self.key = key.respArgument
    self.value = value.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARINSERT")
    e.append(key)
    e.append(value)
  }
}

/// Returns the values that were inserted at last.
///
/// `ARLASTITEMS key count [REV]`, since 8.8.0. O(N) where N is the count
public struct ARLASTITEMS: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "ARLASTITEMS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var count: Int
  public var rev: Bool
  public init(_ key: some RESPEncodable, count: Int, rev: Bool = false) {
    self.key = key.respArgument
    self.count = count
    self.rev = rev
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARLASTITEMS")
    e.append(key)
    e.append(.integer(count))
    if rev { e.append(word: "REV") }
  }
}

/// Returns the length of an array: its largest index plus one.
///
/// `ARLEN key`, since 8.8.0. O(1)
public struct ARLEN: Command {
  public typealias Response = Int
  public static var name: String { "ARLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARLEN")
    e.append(key)
  }
}

/// Returns the values at all given indexes of an array.
///
/// `ARMGET key index [index ...]`, since 8.8.0. O(N) where N is the number of indices
public struct ARMGET: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "ARMGET" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: [Int]
  public init(_ key: some RESPEncodable, _ index: [Int]) {
    self.key = key.respArgument
    self.index = index
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARMGET")
    e.append(key)
    for item in index {
      e.append(.integer(item))
    }
  }
}

/// Sets values at several indexes of an array.
///
/// `ARMSET key index value [index value ...]`, since 8.8.0. O(N) where N is the number of pairs
public struct ARMSET: Command {
  public typealias Response = Int
  public static var name: String { "ARMSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var data: RESPPairs
  public init(_ key: some RESPEncodable, _ data: RESPPairs) {
    self.key = key.respArgument
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARMSET")
    e.append(key)
    e.append(data)
  }
}

/// Returns the index at which the next value would be inserted.
///
/// `ARNEXT key`, since 8.8.0. O(1)
public struct ARNEXT: Command {
  public typealias Response = Int?
  public static var name: String { "ARNEXT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARNEXT")
    e.append(key)
  }
}

/// Computes a sum, a smallest or largest value, a combination of bits or a number from the values in a range.
///
/// `AROP key start end <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>`, since 8.8.0. O(N) where N is the number of elements in the range.
public struct AROP: Command {
  public typealias Response = RESPValue
  public static var name: String { "AROP" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Operation: Sendable {
    case sum
    case min
    case max
    case and
    case or
    case xor
    case match(RESPArgument)
    case used
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .sum: e.append(word: "SUM")
      case .min: e.append(word: "MIN")
      case .max: e.append(word: "MAX")
      case .and: e.append(word: "AND")
      case .or: e.append(word: "OR")
      case .xor: e.append(word: "XOR")
      case .match(let value):
        e.append(word: "MATCH")
        e.append(value)
      case .used: e.append(word: "USED")
      }
    }
  }
  public var key: RESPArgument
  public var start: Int
  public var end: Int
  public var operation: Operation
  public init(_ key: some RESPEncodable, _ start: Int, _ end: Int, operation: Operation) {
    self.key = key.respArgument
    self.start = start
    self.end = end
    self.operation = operation
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "AROP")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(end))
    operation.encode(into: &e)
  }
}

/// Sets values behind the one that was inserted at last, in a ring that begins again after so many.
///
/// `ARRING key size value [value ...]`, since 8.8.0. O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values
public struct ARRING: Command {
  public typealias Response = Int
  public static var name: String { "ARRING" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var size: Int
  public var value: [RESPArgument]
  public init(_ key: some RESPEncodable, _ size: Int, _ value: [some RESPEncodable]) {
    self.key = key.respArgument
    self.size = size
    self.value = value.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ size: Int, _ value: any RESPEncodable...) {
    self.key = key.respArgument
    self.size = size
    self.value = value.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARRING")
    e.append(key)
    e.append(.integer(size))
    e.append(value)
  }
}

/// Returns the values that there are in a range, with their indexes.
///
/// `ARSCAN key start end [LIMIT limit]`, since 8.8.0. O(N) where N is the number of elements in the range.
public struct ARSCAN: Command {
  public typealias Response = [IndexedValue]
  public static var name: String { "ARSCAN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var end: Int
  public var limit: Int?
  public init(_ key: some RESPEncodable, _ start: Int, _ end: Int, limit: Int? = nil) {
    self.key = key.respArgument
    self.start = start
    self.end = end
    self.limit = limit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARSCAN")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(end))
    if let limit {
      e.append(word: "LIMIT")
      e.append(.integer(limit))
    }
  }
}

/// Says at which index the next value is to be inserted.
///
/// `ARSEEK key index`, since 8.8.0. O(1)
public struct ARSEEK: Command {
  public typealias Response = Bool
  public static var name: String { "ARSEEK" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: Int
  public init(_ key: some RESPEncodable, _ index: Int) {
    self.key = key.respArgument
    self.index = index
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARSEEK")
    e.append(key)
    e.append(.integer(index))
  }
}

/// Sets values at an index of an array and those after it. The array is made if it is not there.
///
/// `ARSET key index value [value ...]`, since 8.8.0. O(N) where N is the number of values
public struct ARSET: Command {
  public typealias Response = Int
  public static var name: String { "ARSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: Int
  public var value: [RESPArgument]
  public init(_ key: some RESPEncodable, _ index: Int, _ value: [some RESPEncodable]) {
    self.key = key.respArgument
    self.index = index
    self.value = value.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ index: Int, _ value: any RESPEncodable...) {
    self.key = key.respArgument
    self.index = index
    self.value = value.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "ARSET")
    e.append(key)
    e.append(.integer(index))
    e.append(value)
  }
}

extension CommandSending {
  /// Returns how many elements an array has.
  ///
  /// `ARCOUNT key`, since 8.8.0. O(1)
  @discardableResult
  public func arcount(_ key: some RESPEncodable) async throws -> Int {
    try await send(ARCOUNT(key))
  }

  /// Removes the values at indexes of an array. The array goes with its last element.
  ///
  /// `ARDEL key index [index ...]`, since 8.8.0. O(N) where N is the number of indices to delete
  @discardableResult
  public func ardel(_ key: some RESPEncodable, _ index: [Int]) async throws -> Int {
    try await send(ARDEL(key, index))
  }

  /// Removes the values in ranges of indexes. The array goes with its last element.
  ///
  /// `ARDELRANGE key start end [start end ...]`, since 8.8.0. Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges
  @discardableResult
  public func ardelrange(_ key: some RESPEncodable, _ data: RESPPairs) async throws -> Int {
    try await send(ARDELRANGE(key, data))
  }

  /// Returns the value at an index of an array.
  ///
  /// `ARGET key index`, since 8.8.0. O(1)
  @discardableResult
  public func arget(_ key: some RESPEncodable, _ index: Int) async throws -> RESPString? {
    try await send(ARGET(key, index))
  }

  /// Returns the values at all indexes of a range, with nulls where there is none.
  ///
  /// `ARGETRANGE key start end`, since 8.8.0. O(N) where N is the range length
  @discardableResult
  public func argetrange(_ key: some RESPEncodable, _ start: Int, _ end: Int) async throws -> [RESPString?] {
    try await send(ARGETRANGE(key, start, end))
  }

  /// Returns the indexes of the values in a range that match.
  ///
  /// `ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [<EXACT string | MATCH string | GLOB pattern | RE pattern> ...] [AND | OR] [LIMIT limit] [WITHVALUES] [NOCASE]`, since 8.8.0. O(N*C) where N is the number of elements in the range and C is the cost of matching one of them.
  @discardableResult
  public func argrep(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, predicate: [ARGREP.Predicate], combining: ARGREP.Combining? = nil, limit: Int? = nil, nocase: Bool = false) async throws -> [Int] {
    try await send(ARGREP(key, start, end, predicate: predicate, combining: combining, limit: limit, nocase: nocase))
  }

  /// Returns the indexes of the values in a range that match.
  ///
  /// `ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [<EXACT string | MATCH string | GLOB pattern | RE pattern> ...] [AND | OR] [LIMIT limit] [WITHVALUES] [NOCASE]`, since 8.8.0. O(N*C) where N is the number of elements in the range and C is the cost of matching one of them.
  @discardableResult
  public func argrepWithValues(_ key: some RESPEncodable, _ start: some RESPEncodable, _ end: some RESPEncodable, predicate: [ARGREP.Predicate], combining: ARGREP.Combining? = nil, limit: Int? = nil, nocase: Bool = false) async throws -> [IndexedValue] {
    try await send(ARGREP.WithValues(key, start, end, predicate: predicate, combining: combining, limit: limit, nocase: nocase))
  }

  /// Tells how an array lies in memory.
  ///
  /// `ARINFO key [FULL]`, since 8.8.0. O(1), or O(N) with FULL option where N is the number of slices.
  @discardableResult
  public func arinfo(_ key: some RESPEncodable, full: Bool = false) async throws -> [RESPString: RESPValue] {
    try await send(ARINFO(key, full: full))
  }

  /// Sets values behind the one that was inserted at last.
  ///
  /// `ARINSERT key value [value ...]`, since 8.8.0. O(N) where N is the number of values
  @discardableResult
  public func arinsert(_ key: some RESPEncodable, _ value: [some RESPEncodable]) async throws -> Int {
    try await send(ARINSERT(key, value))
  }

  /// Sets values behind the one that was inserted at last.
  ///
  /// `ARINSERT key value [value ...]`, since 8.8.0. O(N) where N is the number of values
  @discardableResult
  public func arinsert(_ key: some RESPEncodable, _ value: any RESPEncodable...) async throws -> Int {
    try await send(ARINSERT(key, value.map(\.respArgument)))
  }

  /// Returns the values that were inserted at last.
  ///
  /// `ARLASTITEMS key count [REV]`, since 8.8.0. O(N) where N is the count
  @discardableResult
  public func arlastitems(_ key: some RESPEncodable, count: Int, rev: Bool = false) async throws -> [RESPString?] {
    try await send(ARLASTITEMS(key, count: count, rev: rev))
  }

  /// Returns the length of an array: its largest index plus one.
  ///
  /// `ARLEN key`, since 8.8.0. O(1)
  @discardableResult
  public func arlen(_ key: some RESPEncodable) async throws -> Int {
    try await send(ARLEN(key))
  }

  /// Returns the values at all given indexes of an array.
  ///
  /// `ARMGET key index [index ...]`, since 8.8.0. O(N) where N is the number of indices
  @discardableResult
  public func armget(_ key: some RESPEncodable, _ index: [Int]) async throws -> [RESPString?] {
    try await send(ARMGET(key, index))
  }

  /// Sets values at several indexes of an array.
  ///
  /// `ARMSET key index value [index value ...]`, since 8.8.0. O(N) where N is the number of pairs
  @discardableResult
  public func armset(_ key: some RESPEncodable, _ data: RESPPairs) async throws -> Int {
    try await send(ARMSET(key, data))
  }

  /// Returns the index at which the next value would be inserted.
  ///
  /// `ARNEXT key`, since 8.8.0. O(1)
  @discardableResult
  public func arnext(_ key: some RESPEncodable) async throws -> Int? {
    try await send(ARNEXT(key))
  }

  /// Computes a sum, a smallest or largest value, a combination of bits or a number from the values in a range.
  ///
  /// `AROP key start end <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>`, since 8.8.0. O(N) where N is the number of elements in the range.
  @discardableResult
  public func arop(_ key: some RESPEncodable, _ start: Int, _ end: Int, operation: AROP.Operation) async throws -> RESPValue {
    try await send(AROP(key, start, end, operation: operation))
  }

  /// Sets values behind the one that was inserted at last, in a ring that begins again after so many.
  ///
  /// `ARRING key size value [value ...]`, since 8.8.0. O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values
  @discardableResult
  public func arring(_ key: some RESPEncodable, _ size: Int, _ value: [some RESPEncodable]) async throws -> Int {
    try await send(ARRING(key, size, value))
  }

  /// Sets values behind the one that was inserted at last, in a ring that begins again after so many.
  ///
  /// `ARRING key size value [value ...]`, since 8.8.0. O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values
  @discardableResult
  public func arring(_ key: some RESPEncodable, _ size: Int, _ value: any RESPEncodable...) async throws -> Int {
    try await send(ARRING(key, size, value.map(\.respArgument)))
  }

  /// Returns the values that there are in a range, with their indexes.
  ///
  /// `ARSCAN key start end [LIMIT limit]`, since 8.8.0. O(N) where N is the number of elements in the range.
  @discardableResult
  public func arscan(_ key: some RESPEncodable, _ start: Int, _ end: Int, limit: Int? = nil) async throws -> [IndexedValue] {
    try await send(ARSCAN(key, start, end, limit: limit))
  }

  /// Says at which index the next value is to be inserted.
  ///
  /// `ARSEEK key index`, since 8.8.0. O(1)
  @discardableResult
  public func arseek(_ key: some RESPEncodable, _ index: Int) async throws -> Bool {
    try await send(ARSEEK(key, index))
  }

  /// Sets values at an index of an array and those after it. The array is made if it is not there.
  ///
  /// `ARSET key index value [value ...]`, since 8.8.0. O(N) where N is the number of values
  @discardableResult
  public func arset(_ key: some RESPEncodable, _ index: Int, _ value: [some RESPEncodable]) async throws -> Int {
    try await send(ARSET(key, index, value))
  }

  /// Sets values at an index of an array and those after it. The array is made if it is not there.
  ///
  /// `ARSET key index value [value ...]`, since 8.8.0. O(N) where N is the number of values
  @discardableResult
  public func arset(_ key: some RESPEncodable, _ index: Int, _ value: any RESPEncodable...) async throws -> Int {
    try await send(ARSET(key, index, value.map(\.respArgument)))
  }
}
