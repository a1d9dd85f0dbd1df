// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Moves an element from an end of one list to an end of another, and returns it; waits until there is one.
///
/// `BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout`, since 6.2.0. O(1)
public struct BLMOVE: Command {
  public typealias Response = RESPString?
  public static var name: String { "BLMOVE" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var from: Side
  public var to: Side
  public var timeout: Double
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: Side, to: Side, timeout: Double) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.from = from
    self.to = to
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BLMOVE")
    e.append(source)
    e.append(destination)
    from.encode(into: &e)
    to.encode(into: &e)
    e.append(.double(timeout))
  }
}

/// Moves elements from an end of one list to an end of another, and returns them; waits until there are.
///
/// `BLMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]`, since 8.10.0. O(N) where N is the number of elements moved.
public struct BLMOVEM: Command {
  public typealias Response = RESPValue
  public static var name: String { "BLMOVEM" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public struct Count: Sendable {
    public enum Count: Sendable {
      case count(Int)
      case exactly(Int)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .count(let value):
          e.append(word: "COUNT")
          e.append(.integer(value))
        case .exactly(let value):
          e.append(word: "EXACTLY")
          e.append(.integer(value))
        }
      }
    }
    public enum Obo: Sendable {
      case obo
      case bulk
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .obo: e.append(word: "OBO")
        case .bulk: e.append(word: "BULK")
        }
      }
    }
    public var count: Count
    public var obo: Obo
    public init(count: Count, obo: Obo) {
      self.count = count
      self.obo = obo
    }
    func encode(into e: inout CommandEncoder) {
      count.encode(into: &e)
      obo.encode(into: &e)
    }
  }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var from: Side
  public var to: Side
  public var timeout: Double
  public var count: Count?
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: Side, to: Side, timeout: Double, count: Count? = nil) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.from = from
    self.to = to
    self.timeout = timeout
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BLMOVEM")
    e.append(source)
    e.append(destination)
    from.encode(into: &e)
    to.encode(into: &e)
    e.append(.double(timeout))
    if let count { count.encode(into: &e) }
  }
}

/// Removes elements from the first list that has some, and returns them; waits until there are some.
///
/// `BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
public struct BLMPOP: Command {
  public typealias Response = Popped<[RESPString]>?
  public static var name: String { "BLMPOP" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public var timeout: Double
  public var key: [RESPArgument]
  public var side: Side
  public var count: Int?
  public init(timeout: Double, _ key: [some RESPEncodable], side: Side, count: Int? = nil) {
    self.timeout = timeout
    self.key = key.map(\.respArgument)
    self.side = side
    self.count = count
  }
  public init(timeout: Double, _ key: any RESPEncodable..., side: Side, count: Int? = nil) {
    self.timeout = timeout
    self.key = key.map(\.respArgument)
    self.side = side
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BLMPOP")
    e.append(.double(timeout))
    e.append(.integer(key.count))
    e.append(key)
    side.encode(into: &e)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Removes the first element of the first list that has one and returns it; waits until there is one.
///
/// `BLPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
public struct BLPOP: Command {
  public typealias Response = Popped<RESPString>?
  public static var name: String { "BLPOP" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var timeout: Double
  public init(_ key: [some RESPEncodable], timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public init(_ key: any RESPEncodable..., timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BLPOP")
    e.append(key)
    e.append(.double(timeout))
  }
}

/// Removes the last element of the first list that has one and returns it; waits until there is one.
///
/// `BRPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
public struct BRPOP: Command {
  public typealias Response = Popped<RESPString>?
  public static var name: String { "BRPOP" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public var timeout: Double
  public init(_ key: [some RESPEncodable], timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public init(_ key: any RESPEncodable..., timeout: Double) {
    self.key = key.map(\.respArgument)
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BRPOP")
    e.append(key)
    e.append(.double(timeout))
  }
}

/// Moves the last element of a list before the first one of another, and returns it; waits until there is one.
///
/// `BRPOPLPUSH source destination timeout`, since 2.2.0. O(1)
public struct BRPOPLPUSH: Command {
  public typealias Response = RESPString?
  public static var name: String { "BRPOPLPUSH" }
  public var isBlocking: Bool { true }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var timeout: Double
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, timeout: Double) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.timeout = timeout
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "BRPOPLPUSH")
    e.append(source)
    e.append(destination)
    e.append(.double(timeout))
  }
}

/// Returns the element of a list at an index.
///
/// `LINDEX key index`, since 1.0.0. O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).
public struct LINDEX: Command {
  public typealias Response = RESPString?
  public static var name: String { "LINDEX" }
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
    e.append(word: "LINDEX")
    e.append(key)
    e.append(.integer(index))
  }
}

/// Adds an element before or after another one of a list.
///
/// `LINSERT key <BEFORE | AFTER> pivot element`, since 2.2.0. O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).
public struct LINSERT: Command {
  public typealias Response = Int
  public static var name: String { "LINSERT" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Position: Sendable {
    case before
    case after
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .before: e.append(word: "BEFORE")
      case .after: e.append(word: "AFTER")
      }
    }
  }
  public var key: RESPArgument
  public var position: Position
  public var pivot: RESPArgument
  public var element: RESPArgument
  public init(_ key: some RESPEncodable, position: Position, _ pivot: some RESPEncodable, _ element: some RESPEncodable) {
    self.key = key.respArgument
    self.position = position
    self.pivot = pivot.respArgument
    self.element = element.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LINSERT")
    e.append(key)
    position.encode(into: &e)
    e.append(pivot)
    e.append(element)
  }
}

/// Returns the length of a list.
///
/// `LLEN key`, since 1.0.0. O(1)
public struct LLEN: Command {
  public typealias Response = Int
  public static var name: String { "LLEN" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LLEN")
    e.append(key)
  }
}

/// Moves an element from an end of one list to an end of another, and returns it.
///
/// `LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT>`, since 6.2.0. O(1)
public struct LMOVE: Command {
  public typealias Response = RESPString?
  public static var name: String { "LMOVE" }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var from: Side
  public var to: Side
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: Side, to: Side) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.from = from
    self.to = to
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LMOVE")
    e.append(source)
    e.append(destination)
    from.encode(into: &e)
    to.encode(into: &e)
  }
}

/// Moves elements from an end of one list to an end of another, and returns them.
///
/// `LMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]`, since 8.10.0. O(N) where N is the number of elements moved.
public struct LMOVEM: Command {
  public typealias Response = RESPValue
  public static var name: String { "LMOVEM" }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public struct Count: Sendable {
    public enum Count: Sendable {
      case count(Int)
      case exactly(Int)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .count(let value):
          e.append(word: "COUNT")
          e.append(.integer(value))
        case .exactly(let value):
          e.append(word: "EXACTLY")
          e.append(.integer(value))
        }
      }
    }
    public enum Obo: Sendable {
      case obo
      case bulk
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .obo: e.append(word: "OBO")
        case .bulk: e.append(word: "BULK")
        }
      }
    }
    public var count: Count
    public var obo: Obo
    public init(count: Count, obo: Obo) {
      self.count = count
      self.obo = obo
    }
    func encode(into e: inout CommandEncoder) {
      count.encode(into: &e)
      obo.encode(into: &e)
    }
  }
  public var source: RESPArgument
  public var destination: RESPArgument
  public var from: Side
  public var to: Side
  public var count: Count?
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: Side, to: Side, count: Count? = nil) {
    self.source = source.respArgument
    self.destination = destination.respArgument
    self.from = from
    self.to = to
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LMOVEM")
    e.append(source)
    e.append(destination)
    from.encode(into: &e)
    to.encode(into: &e)
    if let count { count.encode(into: &e) }
  }
}

/// Removes elements from the first list that has some, and returns them.
///
/// `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
public struct LMPOP: Command {
  public typealias Response = Popped<[RESPString]>?
  public static var name: String { "LMPOP" }
  public var keys: [RESPArgument] { key }
  public enum Side: Sendable {
    case left
    case right
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .left: e.append(word: "LEFT")
      case .right: e.append(word: "RIGHT")
      }
    }
  }
  public var key: [RESPArgument]
  public var side: Side
  public var count: Int?
  public init(_ key: [some RESPEncodable], side: Side, count: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.side = side
    self.count = count
  }
  public init(_ key: any RESPEncodable..., side: Side, count: Int? = nil) {
    self.key = key.map(\.respArgument)
    self.side = side
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LMPOP")
    e.append(.integer(key.count))
    e.append(key)
    side.encode(into: &e)
    if let count {
      e.append(word: "COUNT")
      e.append(.integer(count))
    }
  }
}

/// Removes the first elements of a list and returns them. The list goes with its last element.
///
/// `LPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
public struct LPOP: Command {
  /// Removes the first elements of a list and returns them. The list goes with its last element.
  ///
  /// `LPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  public struct Many: Command {
    public typealias Response = [RESPString]?
    public static var name: String { "LPOP" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int
    public init(_ key: some RESPEncodable, count: Int) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LPOP")
      e.append(key)
      e.append(.integer(count))
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "LPOP" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LPOP")
    e.append(key)
  }
}

/// Returns the indexes of the elements of a list that equal a value.
///
/// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`, since 6.0.6. O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.
public struct LPOS: Command {
  /// Returns the indexes of the elements of a list that equal a value.
  ///
  /// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`, since 6.0.6. O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.
  public struct Many: Command {
    public typealias Response = [Int]
    public static var name: String { "LPOS" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var element: RESPArgument
    public var rank: Int?
    public var count: Int
    public var maxLength: Int?
    public init(_ key: some RESPEncodable, _ element: some RESPEncodable, count: Int, rank: Int? = nil, maxLength: Int? = nil) {
      self.key = key.respArgument
      self.element = element.respArgument
      self.rank = rank
      self.count = count
      self.maxLength = maxLength
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "LPOS")
      e.append(key)
      e.append(element)
      if let rank {
        e.append(word: "RANK")
        e.append(.integer(rank))
      }
      e.append(word: "COUNT")
      e.append(.integer(count))
      if let maxLength {
        e.append(word: "MAXLEN")
        e.append(.integer(maxLength))
      }
    }
  }
  public typealias Response = Int?
  public static var name: String { "LPOS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: RESPArgument
  public var rank: Int?
  public var maxLength: Int?
  public init(_ key: some RESPEncodable, _ element: some RESPEncodable, rank: Int? = nil, maxLength: Int? = nil) {
    self.key = key.respArgument
    self.element = element.respArgument
    self.rank = rank
    self.maxLength = maxLength
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LPOS")
    e.append(key)
    e.append(element)
    if let rank {
      e.append(word: "RANK")
      e.append(.integer(rank))
    }
    if let maxLength {
      e.append(word: "MAXLEN")
      e.append(.integer(maxLength))
    }
  }
}

/// Adds elements before the first one of a list, which is created if there is none.
///
/// `LPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
public struct LPUSH: Command {
  public typealias Response = Int
  public static var name: String { "LPUSH" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: [RESPArgument]
  public init(_ key: some RESPEncodable, _ element: [some RESPEncodable]) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ element: any RESPEncodable...) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LPUSH")
    e.append(key)
    e.append(element)
  }
}

/// Adds elements before the first one of a list, if there is a list.
///
/// `LPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
public struct LPUSHX: Command {
  public typealias Response = Int
  public static var name: String { "LPUSHX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: [RESPArgument]
  public init(_ key: some RESPEncodable, _ element: [some RESPEncodable]) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ element: any RESPEncodable...) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LPUSHX")
    e.append(key)
    e.append(element)
  }
}

/// Returns the elements of a list from one index to another.
///
/// `LRANGE key start stop`, since 1.0.0. O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.
public struct LRANGE: Command {
  public typealias Response = [RESPString]
  public static var name: String { "LRANGE" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var stop: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ stop: Int) {
    self.key = key.respArgument
    self.start = start
    self.stop = stop
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LRANGE")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(stop))
  }
}

/// Removes elements of a list that equal a value, and the list with its last element.
///
/// `LREM key count element`, since 1.0.0. O(N+M) where N is the length of the list and M is the number of elements removed.
public struct LREM: Command {
  public typealias Response = Int
  public static var name: String { "LREM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var count: Int
  public var element: RESPArgument
  public init(_ key: some RESPEncodable, count: Int, _ element: some RESPEncodable) {
    self.key = key.respArgument
    self.count = count
    self.element = element.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LREM")
    e.append(key)
    e.append(.integer(count))
    e.append(element)
  }
}

/// Replaces the element of a list at an index.
///
/// `LSET key index element`, since 1.0.0. O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).
public struct LSET: Command {
  public typealias Response = OK
  public static var name: String { "LSET" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var index: Int
  public var element: RESPArgument
  public init(_ key: some RESPEncodable, _ index: Int, _ element: some RESPEncodable) {
    self.key = key.respArgument
    self.index = index
    self.element = element.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LSET")
    e.append(key)
    e.append(.integer(index))
    e.append(element)
  }
}

/// Removes all elements of a list but those from one index to another.
///
/// `LTRIM key start stop`, since 1.0.0. O(N) where N is the number of elements to be removed by the operation.
public struct LTRIM: Command {
  public typealias Response = OK
  public static var name: String { "LTRIM" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var start: Int
  public var stop: Int
  public init(_ key: some RESPEncodable, _ start: Int, _ stop: Int) {
    self.key = key.respArgument
    self.start = start
    self.stop = stop
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "LTRIM")
    e.append(key)
    e.append(.integer(start))
    e.append(.integer(stop))
  }
}

/// Removes the last elements of a list and returns them. The list goes with its last element.
///
/// `RPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
public struct RPOP: Command {
  /// Removes the last elements of a list and returns them. The list goes with its last element.
  ///
  /// `RPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  public struct Many: Command {
    public typealias Response = [RESPString]?
    public static var name: String { "RPOP" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var count: Int
    public init(_ key: some RESPEncodable, count: Int) {
      self.key = key.respArgument
      self.count = count
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "RPOP")
      e.append(key)
      e.append(.integer(count))
    }
  }
  public typealias Response = RESPString?
  public static var name: String { "RPOP" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public init(_ key: some RESPEncodable) {
    self.key = key.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RPOP")
    e.append(key)
  }
}

/// Moves the last element of a list before the first one of another, and returns it. LMOVE can do it too.
///
/// `RPOPLPUSH source destination`, since 1.2.0. O(1)
public struct RPOPLPUSH: Command {
  public typealias Response = RESPString?
  public static var name: String { "RPOPLPUSH" }
  public var keys: [RESPArgument] { [source] + [destination] }
  public var routingKey: RESPArgument? { source }
  public var source: RESPArgument
  public var destination: RESPArgument
  public init(_ source: some RESPEncodable, _ destination: some RESPEncodable) {
    self.source = source.respArgument
    self.destination = destination.respArgument
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RPOPLPUSH")
    e.append(source)
    e.append(destination)
  }
}

/// Adds elements after the last one of a list, which is created if there is none.
///
/// `RPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
public struct RPUSH: Command {
  public typealias Response = Int
  public static var name: String { "RPUSH" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: [RESPArgument]
  public init(_ key: some RESPEncodable, _ element: [some RESPEncodable]) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ element: any RESPEncodable...) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RPUSH")
    e.append(key)
    e.append(element)
  }
}

/// Adds elements after the last one of a list, if there is a list.
///
/// `RPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
public struct RPUSHX: Command {
  public typealias Response = Int
  public static var name: String { "RPUSHX" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: [RESPArgument]
  public init(_ key: some RESPEncodable, _ element: [some RESPEncodable]) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public init(_ key: some RESPEncodable, _ element: any RESPEncodable...) {
    self.key = key.respArgument
    self.element = element.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "RPUSHX")
    e.append(key)
    e.append(element)
  }
}

extension CommandSending {
  /// Moves an element from an end of one list to an end of another, and returns it; waits until there is one.
  ///
  /// `BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout`, since 6.2.0. O(1)
  @discardableResult
  public func blmove(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: BLMOVE.Side, to: BLMOVE.Side, timeout: Double) async throws -> RESPString? {
    try await send(BLMOVE(source, destination, from: from, to: to, timeout: timeout))
  }

  /// Moves elements from an end of one list to an end of another, and returns them; waits until there are.
  ///
  /// `BLMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]`, since 8.10.0. O(N) where N is the number of elements moved.
  @discardableResult
  public func blmovem(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: BLMOVEM.Side, to: BLMOVEM.Side, timeout: Double, count: BLMOVEM.Count? = nil) async throws -> RESPValue {
    try await send(BLMOVEM(source, destination, from: from, to: to, timeout: timeout, count: count))
  }

  /// Removes elements from the first list that has some, and returns them; waits until there are some.
  ///
  /// `BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
  @discardableResult
  public func blmpop(timeout: Double, _ key: [some RESPEncodable], side: BLMPOP.Side, count: Int? = nil) async throws -> Popped<[RESPString]>? {
    try await send(BLMPOP(timeout: timeout, key, side: side, count: count))
  }

  /// Removes elements from the first list that has some, and returns them; waits until there are some.
  ///
  /// `BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
  @discardableResult
  public func blmpop(timeout: Double, _ key: any RESPEncodable..., side: BLMPOP.Side, count: Int? = nil) async throws -> Popped<[RESPString]>? {
    try await send(BLMPOP(timeout: timeout, key.map(\.respArgument), side: side, count: count))
  }

  /// Removes the first element of the first list that has one and returns it; waits until there is one.
  ///
  /// `BLPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
  @discardableResult
  public func blpop(_ key: [some RESPEncodable], timeout: Double) async throws -> Popped<RESPString>? {
    try await send(BLPOP(key, timeout: timeout))
  }

  /// Removes the first element of the first list that has one and returns it; waits until there is one.
  ///
  /// `BLPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
  @discardableResult
  public func blpop(_ key: any RESPEncodable..., timeout: Double) async throws -> Popped<RESPString>? {
    try await send(BLPOP(key.map(\.respArgument), timeout: timeout))
  }

  /// Removes the last element of the first list that has one and returns it; waits until there is one.
  ///
  /// `BRPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
  @discardableResult
  public func brpop(_ key: [some RESPEncodable], timeout: Double) async throws -> Popped<RESPString>? {
    try await send(BRPOP(key, timeout: timeout))
  }

  /// Removes the last element of the first list that has one and returns it; waits until there is one.
  ///
  /// `BRPOP key [key ...] timeout`, since 2.0.0. O(N) where N is the number of provided keys.
  @discardableResult
  public func brpop(_ key: any RESPEncodable..., timeout: Double) async throws -> Popped<RESPString>? {
    try await send(BRPOP(key.map(\.respArgument), timeout: timeout))
  }

  /// Moves the last element of a list before the first one of another, and returns it; waits until there is one.
  ///
  /// `BRPOPLPUSH source destination timeout`, since 2.2.0. O(1)
  @discardableResult
  public func brpoplpush(_ source: some RESPEncodable, _ destination: some RESPEncodable, timeout: Double) async throws -> RESPString? {
    try await send(BRPOPLPUSH(source, destination, timeout: timeout))
  }

  /// Returns the element of a list at an index.
  ///
  /// `LINDEX key index`, since 1.0.0. O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).
  @discardableResult
  public func lindex(_ key: some RESPEncodable, _ index: Int) async throws -> RESPString? {
    try await send(LINDEX(key, index))
  }

  /// Adds an element before or after another one of a list.
  ///
  /// `LINSERT key <BEFORE | AFTER> pivot element`, since 2.2.0. O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).
  @discardableResult
  public func linsert(_ key: some RESPEncodable, position: LINSERT.Position, _ pivot: some RESPEncodable, _ element: some RESPEncodable) async throws -> Int {
    try await send(LINSERT(key, position: position, pivot, element))
  }

  /// Returns the length of a list.
  ///
  /// `LLEN key`, since 1.0.0. O(1)
  @discardableResult
  public func llen(_ key: some RESPEncodable) async throws -> Int {
    try await send(LLEN(key))
  }

  /// Moves an element from an end of one list to an end of another, and returns it.
  ///
  /// `LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT>`, since 6.2.0. O(1)
  @discardableResult
  public func lmove(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: LMOVE.Side, to: LMOVE.Side) async throws -> RESPString? {
    try await send(LMOVE(source, destination, from: from, to: to))
  }

  /// Moves elements from an end of one list to an end of another, and returns them.
  ///
  /// `LMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]`, since 8.10.0. O(N) where N is the number of elements moved.
  @discardableResult
  public func lmovem(_ source: some RESPEncodable, _ destination: some RESPEncodable, from: LMOVEM.Side, to: LMOVEM.Side, count: LMOVEM.Count? = nil) async throws -> RESPValue {
    try await send(LMOVEM(source, destination, from: from, to: to, count: count))
  }

  /// Removes elements from the first list that has some, and returns them.
  ///
  /// `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
  @discardableResult
  public func lmpop(_ key: [some RESPEncodable], side: LMPOP.Side, count: Int? = nil) async throws -> Popped<[RESPString]>? {
    try await send(LMPOP(key, side: side, count: count))
  }

  /// Removes elements from the first list that has some, and returns them.
  ///
  /// `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`, since 7.0.0. O(N+M) where N is the number of provided keys and M is the number of elements returned.
  @discardableResult
  public func lmpop(_ key: any RESPEncodable..., side: LMPOP.Side, count: Int? = nil) async throws -> Popped<[RESPString]>? {
    try await send(LMPOP(key.map(\.respArgument), side: side, count: count))
  }

  /// Removes the first elements of a list and returns them. The list goes with its last element.
  ///
  /// `LPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  @discardableResult
  public func lpop(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(LPOP(key))
  }

  /// Removes the first elements of a list and returns them. The list goes with its last element.
  ///
  /// `LPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  @discardableResult
  public func lpop(_ key: some RESPEncodable, count: Int) async throws -> [RESPString]? {
    try await send(LPOP.Many(key, count: count))
  }

  /// Returns the indexes of the elements of a list that equal a value.
  ///
  /// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`, since 6.0.6. O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.
  @discardableResult
  public func lpos(_ key: some RESPEncodable, _ element: some RESPEncodable, rank: Int? = nil, maxLength: Int? = nil) async throws -> Int? {
    try await send(LPOS(key, element, rank: rank, maxLength: maxLength))
  }

  /// Returns the indexes of the elements of a list that equal a value.
  ///
  /// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`, since 6.0.6. O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.
  @discardableResult
  public func lpos(_ key: some RESPEncodable, _ element: some RESPEncodable, count: Int, rank: Int? = nil, maxLength: Int? = nil) async throws -> [Int] {
    try await send(LPOS.Many(key, element, count: count, rank: rank, maxLength: maxLength))
  }

  /// Adds elements before the first one of a list, which is created if there is none.
  ///
  /// `LPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func lpush(_ key: some RESPEncodable, _ element: [some RESPEncodable]) async throws -> Int {
    try await send(LPUSH(key, element))
  }

  /// Adds elements before the first one of a list, which is created if there is none.
  ///
  /// `LPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func lpush(_ key: some RESPEncodable, _ element: any RESPEncodable...) async throws -> Int {
    try await send(LPUSH(key, element.map(\.respArgument)))
  }

  /// Adds elements before the first one of a list, if there is a list.
  ///
  /// `LPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func lpushx(_ key: some RESPEncodable, _ element: [some RESPEncodable]) async throws -> Int {
    try await send(LPUSHX(key, element))
  }

  /// Adds elements before the first one of a list, if there is a list.
  ///
  /// `LPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func lpushx(_ key: some RESPEncodable, _ element: any RESPEncodable...) async throws -> Int {
    try await send(LPUSHX(key, element.map(\.respArgument)))
  }

  /// Returns the elements of a list from one index to another.
  ///
  /// `LRANGE key start stop`, since 1.0.0. O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.
  @discardableResult
  public func lrange(_ key: some RESPEncodable, _ start: Int, _ stop: Int) async throws -> [RESPString] {
    try await send(LRANGE(key, start, stop))
  }

  /// Removes elements of a list that equal a value, and the list with its last element.
  ///
  /// `LREM key count element`, since 1.0.0. O(N+M) where N is the length of the list and M is the number of elements removed.
  @discardableResult
  public func lrem(_ key: some RESPEncodable, count: Int, _ element: some RESPEncodable) async throws -> Int {
    try await send(LREM(key, count: count, element))
  }

  /// Replaces the element of a list at an index.
  ///
  /// `LSET key index element`, since 1.0.0. O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).
  @discardableResult
  public func lset(_ key: some RESPEncodable, _ index: Int, _ element: some RESPEncodable) async throws -> OK {
    try await send(LSET(key, index, element))
  }

  /// Removes all elements of a list but those from one index to another.
  ///
  /// `LTRIM key start stop`, since 1.0.0. O(N) where N is the number of elements to be removed by the operation.
  @discardableResult
  public func ltrim(_ key: some RESPEncodable, _ start: Int, _ stop: Int) async throws -> OK {
    try await send(LTRIM(key, start, stop))
  }

  /// Removes the last elements of a list and returns them. The list goes with its last element.
  ///
  /// `RPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  @discardableResult
  public func rpop(_ key: some RESPEncodable) async throws -> RESPString? {
    try await send(RPOP(key))
  }

  /// Removes the last elements of a list and returns them. The list goes with its last element.
  ///
  /// `RPOP key [count]`, since 1.0.0. O(N) where N is the number of elements returned
  @discardableResult
  public func rpop(_ key: some RESPEncodable, count: Int) async throws -> [RESPString]? {
    try await send(RPOP.Many(key, count: count))
  }

  /// Moves the last element of a list before the first one of another, and returns it. LMOVE can do it too.
  ///
  /// `RPOPLPUSH source destination`, since 1.2.0. O(1)
  @discardableResult
  public func rpoplpush(_ source: some RESPEncodable, _ destination: some RESPEncodable) async throws -> RESPString? {
    try await send(RPOPLPUSH(source, destination))
  }

  /// Adds elements after the last one of a list, which is created if there is none.
  ///
  /// `RPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func rpush(_ key: some RESPEncodable, _ element: [some RESPEncodable]) async throws -> Int {
    try await send(RPUSH(key, element))
  }

  /// Adds elements after the last one of a list, which is created if there is none.
  ///
  /// `RPUSH key element [element ...]`, since 1.0.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func rpush(_ key: some RESPEncodable, _ element: any RESPEncodable...) async throws -> Int {
    try await send(RPUSH(key, element.map(\.respArgument)))
  }

  /// Adds elements after the last one of a list, if there is a list.
  ///
  /// `RPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func rpushx(_ key: some RESPEncodable, _ element: [some RESPEncodable]) async throws -> Int {
    try await send(RPUSHX(key, element))
  }

  /// Adds elements after the last one of a list, if there is a list.
  ///
  /// `RPUSHX key element [element ...]`, since 2.2.0. O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.
  @discardableResult
  public func rpushx(_ key: some RESPEncodable, _ element: any RESPEncodable...) async throws -> Int {
    try await send(RPUSHX(key, element.map(\.respArgument)))
  }
}
