/// RDB, the format of snapshots and DUMP payloads. Redis's own; there is no specification but its behaviour.
///
///     "REDIS" and four digits: the version
///     records: an opcode or a value's type, and what belongs to it
///     255, and 8 bytes of CRC-64 over all before it (since version 5; zero: not computed)
///
/// A key's record is its type, the key and the value; opcodes before it say when it expires and how it was used. Numbers
/// are little-endian, but lengths: two bits say whether 6, 14, 32 or 64 bits (big-endian) follow, or an encoded string.
public enum RDB {
  /// What Redis 7.0 reads. Whoever goes back to it takes the file along.
  public static let version = 10
  /// Redis 7.4's, needed as soon as a field of a hash expires by itself.
  public static let versionWithFieldDeadlines = 12
  /// Redis 8.8's, needed for arrays.
  public static let versionWithArrays = 14
  /// The newest that is read.
  public static let newestVersion = 14

  public static let magic: StaticString = "REDIS"

  /// Types of values, in all their historical forms.
  public enum ValueType: UInt8 {
    case string = 0
    case list = 1
    case set = 2
    /// Scores as text.
    case sortedSetText = 3
    case hash = 4
    /// Scores as 8 bytes.
    case sortedSet = 5
    case modulePreview = 6
    case module = 7
    case hashZipmap = 9
    case listZiplist = 10
    case setIntset = 11
    case sortedSetZiplist = 12
    case hashZiplist = 13
    /// Ziplists.
    case listQuicklist1 = 14
    case stream1 = 15
    case hashListpack = 16
    case sortedSetListpack = 17
    /// Listpacks, and large elements by themselves.
    case listQuicklist2 = 18
    /// With first id, largest deleted id and number of entries added.
    case stream2 = 19
    case setListpack = 20
    /// With the time of a consumer's last success.
    case stream3 = 21
    case hashTimedPreview = 22
    case hashTimedListpackPreview = 23
    /// Fields with deadlines.
    case hashTimed = 24
    case hashTimedListpack = 25
    case array = 28
  }

  public enum Opcode: UInt8 {
    case slotInfo = 244
    case function = 245
    case functionPreview = 246
    case moduleAux = 247
    case idle = 248
    case frequency = 249
    case aux = 250
    case resizeDatabase = 251
    case expireMilliseconds = 252
    case expireSeconds = 253
    case selectDatabase = 254
    case end = 255
  }

  /// What a node of a list holds.
  enum ListContainer {
    static let plain = 1
    static let listpack = 2
  }

  /// What follows two set bits in the place of a length.
  public enum StringEncoding {
    static let int8: UInt8 = 0
    static let int16: UInt8 = 1
    static let int32: UInt8 = 2
    static let compressed: UInt8 = 3
  }

  /// Strings up to this length are written as an integer if they spell one.
  static let maximumIntegerText = 11
  /// Longer strings are worth an attempt to compress them.
  static let maximumUncompressed = 20
  /// Three bytes of LZF stand for at most so many: what claims more is corrupt.
  static let maximumCompression = 264

  /// The version that a payload needs whose value has this type.
  public static func version(for type: ValueType) -> Int {
    switch type {
    case .hashTimed, .hashTimedListpack: versionWithFieldDeadlines
    case .array: versionWithArrays
    default: version
    }
  }
}

/// Why bytes are no RDB.
public enum RDBFailure: Error, Equatable {
  /// They end too early.
  case truncated
  /// What they say cannot be.
  case corrupt(String)
  /// They may be sound, but hold what is not known here.
  case unsupported(String)
  case checksum(expected: UInt64, found: UInt64)
  /// The file could not be read.
  case disk(String)

  public var message: String {
    switch self {
    case .truncated: "Unexpected end of file"
    case .corrupt(let what): what
    case .unsupported(let what): what
    case .checksum(let expected, let found):
      "RDB CRC error: wrong checksum, expected (\(String(expected, radix: 16))) but got (\(String(found, radix: 16)))"
    case .disk(let reason): reason
    }
  }
}
