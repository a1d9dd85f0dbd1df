import CMartlet
import Memory
import Structures

/// The type of a key's value. Raw values are the ones RDB files use for the object types.
public enum ValueType: UInt8, CaseIterable {
  case string = 0
  case list = 1
  case set = 2
  case sortedSet = 3
  case hash = 4
  case stream = 6
  case array = 7

  /// What TYPE answers.
  public var name: StaticString {
    switch self {
    case .string: "string"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "zset"
    case .hash: "hash"
    case .stream: "stream"
    case .array: "array"
    }
  }
}

/// How a value lies in memory.
public enum Encoding: UInt8 {
  /// A string that is a 64-bit integer: 8 bytes of payload.
  case integer = 0
  /// A string whose bytes are the entry's payload.
  case inline = 1
  /// A string in a ``Blob`` of its own.
  case blob = 2
  /// A collection in one listpack.
  case listpack = 3
  /// A collection in a table of entries.
  case table = 4
  /// A list in a chain of listpacks.
  case quicklist = 5
  /// A set of integers in a sorted array.
  case intset = 6
  /// A sorted set in an ordered index beside a table.
  case skiplist = 7
  /// A stream in a radix tree of listpacks.
  case stream = 8
  /// An array in slices, sparse and dense ones.
  case slicedArray = 9
}

extension Entry {
  public var valueType: ValueType { ValueType(rawValue: type)! }

  public var valueEncoding: Encoding {
    get { Encoding(rawValue: encoding)! }
    nonmutating set { encoding = newValue.rawValue }
  }

  @inline(__always)
  public var isString: Bool { type == ValueType.string.rawValue }

  @inline(__always)
  var isArray: Bool { type == ValueType.array.rawValue }
}

/// A string value as it lies in its entry.
public enum StringValue {
  case integer(Int64)
  case bytes(Bytes)
  case blob(Blob)

  /// Strings up to this size lie in their entry.
  public static let maximumInlineCount = 1024

  /// Requires an entry that holds a string.
  @inline(__always)
  public init(_ entry: Entry) {
    switch entry.encoding {
    case Encoding.inline.rawValue: self = .bytes(entry.payload)
    case Encoding.integer.rawValue: self = .integer(entry.integer)
    default: self = .blob(Blob(address: entry.pointer))
    }
  }

  /// Length of the string, in bytes.
  public var count: Int {
    switch self {
    case .integer(let value): digitCount(value)
    case .bytes(let bytes): bytes.count
    case .blob(let blob): blob.count
    }
  }

  /// The string's bytes where they lie, until it is changed; nil if it is kept as an integer.
  @inline(__always)
  public var storedBytes: Bytes? {
    switch self {
    case .bytes(let bytes): bytes
    case .blob(let blob): blob.bytes
    case .integer: nil
    }
  }

  /// Runs `body` with the string's bytes, valid for the call; an integer is written out for it.
  @inline(__always)
  public func withBytes<R>(_ body: (Bytes) -> R) -> R {
    switch self {
    case .bytes(let bytes): body(bytes)
    case .blob(let blob): body(blob.bytes)
    case .integer(let value):
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
        let count = formatInteger(value, to: digits.baseAddress!)
        return body(Bytes(UnsafeRawPointer(digits.baseAddress!), count: count))
      }
    }
  }

  /// The value as an integer, if it is one in Redis's strict sense.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .bytes(let bytes): parseInteger(bytes)
    case .blob: nil
    }
  }
}

/// What all value types have in common: how they are freed, copied and measured.
public enum Value {
  /// Frees what the payload of `entry` points to, and the entry. May run on any thread, once the
  /// entry is detached from everything.
  public static func free(_ entry: Entry) {
    switch entry.encoding {
    case Encoding.integer.rawValue, Encoding.inline.rawValue: break
    case Encoding.blob.rawValue: Blob(address: entry.pointer).release()
    default:
      switch entry.valueType {
      case .string: break
      case .hash: HashValue.free(entry)
      case .list: ListValue.free(entry)
      case .set: SetValue.free(entry)
      case .sortedSet: SortedSetValue.free(entry)
      case .stream: StreamValue.free(entry)
      case .array: ArrayValue.free(entry)
      }
    }
    entry.free()
  }

  /// How many allocations freeing the value takes, roughly: what decides whether a background
  /// thread does it.
  public static func freeEffort(_ entry: Entry) -> Int {
    switch entry.valueType {
    case .string:
      entry.valueEncoding == .blob && !Blob(address: entry.pointer).isShared
        ? 1 + Blob(address: entry.pointer).count >> 20 : 1
    case .hash: HashValue.freeEffort(entry)
    case .list: ListValue.freeEffort(entry)
    case .set: SetValue.freeEffort(entry)
    case .sortedSet: SortedSetValue.freeEffort(entry)
    case .stream: StreamValue.freeEffort(entry)
    case .array: ArrayValue.freeEffort(entry)
    }
  }

  /// A new entry without deadline under `key`, with a deep copy of the value of `entry`.
  public static func copy(_ entry: Entry, key: Bytes) -> Entry {
    let payloadCount = entry.payloadCount
    let fresh = Entry.allocate(key: key, payloadCount: payloadCount, hasDeadline: false)
    fresh.accessClock = entry.accessClock
    fresh.type = entry.type
    fresh.encoding = entry.encoding
    fresh.flags = entry.flags.subtracting([.hasDeadline, .hasFieldDeadlines])
    switch entry.valueType {
    case .string:
      if entry.valueEncoding == .blob {
        fresh.pointer = Blob.copy(Blob(address: entry.pointer).bytes).address
      } else {
        memcpy(fresh.payloadStart, entry.payloadStart, payloadCount)
      }
    case .hash: HashValue.copy(entry, into: fresh)
    case .list: ListValue.copy(entry, into: fresh)
    case .set: SetValue.copy(entry, into: fresh)
    case .sortedSet: SortedSetValue.copy(entry, into: fresh)
    case .stream: StreamValue.copy(entry, into: fresh)
    case .array: ArrayValue.copy(entry, into: fresh)
    }
    return fresh
  }

  /// Bytes that the entry and all it owns take from the allocator; collections of tables are
  /// estimated from `samples` of their elements (0: all).
  public static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    let own = entry.allocatedBytes
    switch entry.valueType {
    case .string: return entry.valueEncoding == .blob ? own + Allocator.usableSize(entry.pointer) : own
    case .hash: return own + HashValue.memoryUsage(entry, samples: samples)
    case .list: return own + ListValue.memoryUsage(entry, samples: samples)
    case .set: return own + SetValue.memoryUsage(entry, samples: samples)
    case .sortedSet: return own + SortedSetValue.memoryUsage(entry, samples: samples)
    case .stream: return own + StreamValue.memoryUsage(entry, samples: samples)
    case .array: return own + ArrayValue.memoryUsage(entry, samples: samples)
    }
  }

  /// What OBJECT ENCODING answers.
  public static func encodingName(_ entry: Entry) -> StaticString {
    switch entry.valueType {
    case .string:
      switch entry.valueEncoding {
      case .integer: return "int"
      case .inline: return entry.payloadCount <= 44 && !entry.flags.contains(.raw) ? "embstr" : "raw"
      default: return "raw"
      }
    case .hash: return HashValue.encodingName(entry)
    case .list: return ListValue.encodingName(entry)
    case .set: return SetValue.encodingName(entry)
    case .sortedSet: return SortedSetValue.encodingName(entry)
    case .stream: return StreamValue.encodingName(entry)
    case .array: return ArrayValue.encodingName(entry)
    }
  }
}
