// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Counts the bits that are set in a string.
///
/// `BITCOUNT key [start end [BYTE | BIT]]`, since 2.6.0. O(N)
public struct BITCOUNT: Command {
  public typealias Response = Int
  public static var name: String { "BITCOUNT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public struct Start: Sendable {
    public enum Byte: Sendable {
      case byte
      case bit
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .byte: e.append(word: "BYTE")
        case .bit: e.append(word: "BIT")
        }
      }
    }
    public var start: Int
    public var end: Int
    public var byte: Byte?
    public init(_ start: Int, _ end: Int, byte: Byte? = nil) {
      self.start = start
      self.end = end
      self.byte = byte
    }
    func encode(into e: inout CommandEncoder) {
      e.append(.integer(start))
      e.append(.integer(end))
      if let byte { byte.encode(into: &e) }
    }
  }
  public var key: RESPArgument
  public var start: Start?
  public init(_ key: some RESPEncodable, start: Start? = nil) {
    self.key = key.respArgument
    self.start = start
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BITCOUNT")
    e.append(key)
    if let start { start.encode(into: &e) }
  }
}

/// Reads and changes integers of any width at any offsets of a string.
///
/// `BITFIELD key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> ...]]`, since 3.2.0. O(1) for each subcommand specified
public struct BITFIELD: Command {
  public typealias Response = [Int?]
  public static var name: String { "BITFIELD" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Operations: Sendable {
    public enum Overflow: Sendable {
      case wrap
      case sat
      case fail
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .wrap: e.append(word: "WRAP")
        case .sat: e.append(word: "SAT")
        case .fail: e.append(word: "FAIL")
        }
      }
    }
    public enum Operation: Sendable {
      case set(encoding: RESPArgument, offset: Int, value: RESPArgument)
      case incrby(encoding: RESPArgument, offset: Int, increment: Int)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .set(let encoding, let offset, let value):
          e.append(word: "SET")
          e.append(encoding)
          e.append(.integer(offset))
          e.append(value)
        case .incrby(let encoding, let offset, let increment):
          e.append(word: "INCRBY")
          e.append(encoding)
          e.append(.integer(offset))
          e.append(.integer(increment))
        }
      }
    }
    case get(encoding: RESPArgument, offset: Int)
    case write(overflow: Overflow? = nil, operation: Operation)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .get(let encoding, let offset):
        e.append(word: "GET")
        e.append(encoding)
        e.append(.integer(offset))
      case .write(let overflow, let operation):
        if let overflow {
          e.append(word: "OVERFLOW")
          overflow.encode(into: &e)
        }
        operation.encode(into: &e)
      }
    }
  }
  public var key: RESPArgument
  public var operations: [Operations]
  public init(_ key: some RESPEncodable, operations: [Operations] = []) {
    self.key = key.respArgument
    self.operations = operations
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BITFIELD")
    e.append(key)
    for item in operations {
      item.encode(into: &e)
    }
  }
}

/// Reads integers of any width at any offsets of a string.
///
/// `BITFIELD_RO key [GET encoding offset [GET encoding offset ...]]`, since 6.0.0. O(1) for each subcommand specified
public struct BITFIELD_RO: Command {
  public typealias Response = [Int]
  public static var name: String { "BITFIELD_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var operations: [(encoding: RESPArgument, offset: Int)]
  public init(_ key: some RESPEncodable, operations: [(encoding: RESPArgument, offset: Int)] = []) {
    self.key = key.respArgument
    self.operations = operations
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BITFIELD_RO")
    e.append(key)
    for item in operations {
      e.append(word: "GET")
      e.append(item.encoding)
      e.append(.integer(item.offset))
    }
  }
}

/// Combines the bits of several strings and stores the result.
///
/// `BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]`, since 2.6.0. O(N)
public struct BITOP: Command {
  public typealias Response = Int
  public static var name: String { "BITOP" }
  public var keys: [RESPArgument] { [destkey] + key }
  public var routingKey: RESPArgument? { destkey }
  public enum Operation: Sendable {
    case and
    case or
    case xor
    case not
    case diff
    case diff1
    case andor
    case one
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .and: e.append(word: "AND")
      case .or: e.append(word: "OR")
      case .xor: e.append(word: "XOR")
      case .not: e.append(word: "NOT")
      case .diff: e.append(word: "DIFF")
      case .diff1: e.append(word: "DIFF1")
      case .andor: e.append(word: "ANDOR")
      case .one: e.append(word: "ONE")
      }
    }
  }
  public var operation: Operation
  public var destkey: RESPArgument
  public var key: [RESPArgument]
  public init(operation: Operation, _ destkey: some RESPEncodable, _ key: [some RESPEncodable]) {
    self.operation = operation
    self.destkey = destkey.respArgument
    self.key = key.map(\.respArgument)
  }
  public init(operation: Operation, _ destkey: some RESPEncodable, _ key: any RESPEncodable...) {
    self.operation = operation
    self.destkey = destkey.respArgument
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BITOP")
    operation.encode(into: &e)
    e.append(destkey)
    e.append(key)
  }
}

/// Finds the first bit of a string that is set or clear.
///
/// `BITPOS key bit [start [end [BYTE | BIT]]]`, since 2.8.7. O(N)
public struct BITPOS: Command {
  public typealias Response = Int
  public static var name: String { "BITPOS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public struct Start: Sendable {
    public struct End: Sendable {
      public enum Byte: Sendable {
        case byte
        case bit
        func encode(into e: inout CommandEncoder) {
          switch self {
          case .byte: e.append(word: "BYTE")
          case .bit: e.append(word: "BIT")
          }
        }
      }
      public var end: Int
      public var byte: Byte?
      public init(_ end: Int, byte: Byte? = nil) {
        self.end = end
        self.byte = byte
      }
      func encode(into e: inout CommandEncoder) {
        e.append(.integer(end))
        if let byte { byte.encode(into: &e) }
      }
    }
    public var start: Int
    public var end: End?
    public init(_ start: Int, end: End? = nil) {
      self.start = start
      self.end = end
    }
    func encode(into e: inout CommandEncoder) {
      e.append(.integer(start))
      if let end { end.encode(into: &e) }
    }
  }
  public var key: RESPArgument
  public var bit: Int
  public var start: Start?
  public init(_ key: some RESPEncodable, _ bit: Int, start: Start? = nil) {
    self.key = key.respArgument
    self.bit = bit
    self.start = start
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BITPOS")
    e.append(key)
    e.append(.integer(bit))
    if let start { start.encode(into: &e) }
  }
}

/// Returns the bit at an offset of a string.
///
/// `GETBIT key offset`, since 2.2.0. O(1)
public struct GETBIT: Command {
  public typealias Response = Int
  public static var name: String { "GETBIT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var offset: Int
  public init(_ key: some RESPEncodable, _ offset: Int) {
    self.key = key.respArgument
    self.offset = offset
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GETBIT")
    e.append(key)
    e.append(.integer(offset))
  }
}

/// Sets or clears the bit at an offset of a string, which is made longer if need be.
///
/// `SETBIT key offset value`, since 2.2.0. O(1)
public struct SETBIT: Command {
  public typealias Response = Int
  public static var name: String { "SETBIT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var offset: Int
  public var value: RESPArgument
  public init(_ key: some RESPEncodable, _ offset: Int, _ value: some RESPEncodable) {
    self.key = key.respArgument
    self.offset = offset
    self.value = value.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "SETBIT")
    e.append(key)
    e.append(.integer(offset))
    e.append(value)
  }
}

extension CommandSending {
  /// Counts the bits that are set in a string.
  ///
  /// `BITCOUNT key [start end [BYTE | BIT]]`, since 2.6.0. O(N)
  @discardableResult
  public func bitcount(_ key: some RESPEncodable, start: BITCOUNT.Start? = nil) async throws -> Int {
    try await send(BITCOUNT(key, start: start))
  }

  /// Reads and changes integers of any width at any offsets of a string.
  ///
  /// `BITFIELD key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> ...]]`, since 3.2.0. O(1) for each subcommand specified
  @discardableResult
  public func bitfield(_ key: some RESPEncodable, operations: [BITFIELD.Operations] = []) async throws -> [Int?] {
    try await send(BITFIELD(key, operations: operations))
  }

  /// Reads integers of any width at any offsets of a string.
  ///
  /// `BITFIELD_RO key [GET encoding offset [GET encoding offset ...]]`, since 6.0.0. O(1) for each subcommand specified
  @discardableResult
  public func bitfieldRO(_ key: some RESPEncodable, operations: [(encoding: RESPArgument, offset: Int)] = []) async throws -> [Int] {
    try await send(BITFIELD_RO(key, operations: operations))
  }

  /// Combines the bits of several strings and stores the result.
  ///
  /// `BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]`, since 2.6.0. O(N)
  @discardableResult
  public func bitop(operation: BITOP.Operation, _ destkey: some RESPEncodable, _ key: [some RESPEncodable]) async throws -> Int {
    try await send(BITOP(operation: operation, destkey, key))
  }

  /// Combines the bits of several strings and stores the result.
  ///
  /// `BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]`, since 2.6.0. O(N)
  @discardableResult
  public func bitop(operation: BITOP.Operation, _ destkey: some RESPEncodable, _ key: any RESPEncodable...) async throws -> Int {
    try await send(BITOP(operation: operation, destkey, key.map(\.respArgument)))
  }

  /// Finds the first bit of a string that is set or clear.
  ///
  /// `BITPOS key bit [start [end [BYTE | BIT]]]`, since 2.8.7. O(N)
  @discardableResult
  public func bitpos(_ key: some RESPEncodable, _ bit: Int, start: BITPOS.Start? = nil) async throws -> Int {
    try await send(BITPOS(key, bit, start: start))
  }

  /// Returns the bit at an offset of a string.
  ///
  /// `GETBIT key offset`, since 2.2.0. O(1)
  @discardableResult
  public func getbit(_ key: some RESPEncodable, _ offset: Int) async throws -> Int {
    try await send(GETBIT(key, offset))
  }

  /// Sets or clears the bit at an offset of a string, which is made longer if need be.
  ///
  /// `SETBIT key offset value`, since 2.2.0. O(1)
  @discardableResult
  public func setbit(_ key: some RESPEncodable, _ offset: Int, _ value: some RESPEncodable) async throws -> Int {
    try await send(SETBIT(key, offset, value))
  }
}
