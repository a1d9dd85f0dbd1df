import CMartlet
import Memory

/// Commands in RESP, one behind the other, as clients send them and as the append-only file and replicas keep them.
public struct CommandBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0
  private var capacity: Int

  public init(capacity: Int) {
    self.capacity = capacity
    base = Allocator.allocate(capacity).assumingMemoryBound(to: UInt8.self)
  }

  deinit { Allocator.free(UnsafeMutableRawPointer(base)) }

  /// A view, good until the buffer changes.
  public var bytes: Bytes { Bytes(UnsafeRawPointer(base), count: count) }

  /// A line of a length has at most this many bytes: `$`, 19 digits, CR LF.
  private static let lineLimit = 22

  /// Adds one command.
  public mutating func append(_ arguments: UnsafePointer<Bytes>, count arity: Int) {
    var needed = Self.lineLimit
    // Arguments lie in memory, all of them together, so the sum fits.
    for i in 0..<arity { needed &+= arguments[i].count &+ Self.lineLimit &+ 2 }
    reserve(needed)
    var to = base + count
    to += Self.line(UInt8(ascii: "*"), arity, to)
    for i in 0..<arity {
      let argument = arguments[i]
      to += Self.line(UInt8(ascii: "$"), argument.count, to)
      memcpy(to, argument.base, argument.count)
      to += argument.count
      to[0] = 13
      to[1] = 10
      to += 2
    }
    count = to - base
  }

  /// Adds one command whose arguments lie in RESP as ``append(_:count:)`` would write it, with one copy.
  ///
  /// The caller vouches for that: heads and line ends stand before and behind each argument, without a gap.
  public mutating func append(verbatim arguments: UnsafePointer<Bytes>, count arity: Int) {
    let first = arguments[0]
    let last = arguments[arity - 1]
    let start = first.base - (Self.lineLength(arity) + Self.lineLength(first.count))
    append(Bytes(UnsafeRawPointer(start), count: last.base + last.count + 2 - start))
  }

  /// Bytes of a line with a number.
  @inline(__always)
  private static func lineLength(_ number: Int) -> Int {
    var length = 4
    var rest = number
    while rest >= 10 {
      rest /= 10
      length &+= 1
    }
    return length
  }

  /// Adds bytes that are RESP already.
  public mutating func append(_ bytes: Bytes) {
    reserve(bytes.count)
    memcpy(base + count, bytes.base, bytes.count)
    count &+= bytes.count
  }

  public mutating func append(_ literal: StaticString) { append(Bytes(literal)) }

  /// Adds a SELECT of a database.
  public mutating func select(_ database: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      guard let first = digits.baseAddress else { return }
      let length = writeDecimal(Int64(database), to: first)
      withUnsafeTemporaryAllocation(of: Bytes.self, capacity: 2) { words in
        guard let base = words.baseAddress else { return }
        base.initialize(to: Bytes("SELECT"))
        (base + 1).initialize(to: Bytes(UnsafeRawPointer(first), count: length))
        append(base, count: 2)
      }
    }
  }

  /// Starts over. Memory that a large command took is given back.
  public mutating func reset(keepingCapacity limit: Int) {
    count = 0
    guard capacity > limit else { return }
    Allocator.free(UnsafeMutableRawPointer(base))
    capacity = limit
    base = Allocator.allocate(limit).assumingMemoryBound(to: UInt8.self)
  }

  // MARK: Room

  @inline(__always)
  private mutating func reserve(_ needed: Int) {
    if capacity &- count < needed { grow(by: needed) }
  }

  @inline(never)
  private mutating func grow(by needed: Int) {
    capacity = max(capacity * 2, count + needed)
    base = Allocator.reallocate(UnsafeMutableRawPointer(base), to: capacity).assumingMemoryBound(to: UInt8.self)
  }

  /// Writes `prefix`, a number, CR LF, and returns how many bytes that took.
  @inline(__always)
  private static func line(_ prefix: UInt8, _ number: Int, _ to: UnsafeMutablePointer<UInt8>) -> Int {
    to[0] = prefix
    if number < 10 {
      to[1] = 48 &+ UInt8(truncatingIfNeeded: number)
      to[2] = 13
      to[3] = 10
      return 4
    }
    if number < 100 {
      to[1] = 48 &+ UInt8(truncatingIfNeeded: number / 10)
      to[2] = 48 &+ UInt8(truncatingIfNeeded: number % 10)
      to[3] = 13
      to[4] = 10
      return 5
    }
    let length = writeDecimal(Int64(number), to: to + 1)
    to[1 &+ length] = 13
    to[2 &+ length] = 10
    return length &+ 3
  }
}
