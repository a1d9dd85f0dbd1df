import Keyspace
import Memory
import Structures

/// Reads a whole RDB file into a keyspace.
public struct RDBLoader: ~Copyable {
  public struct Options {
    /// Keys whose time has come are not kept.
    public var dropsExpired = true
    /// Hears of each key that is dropped, and of its database.
    public var dropped: ((Int, Bytes) -> Void)?
    /// Bytes that are there to be read, if known: so much can be believed of what the file claims to hold.
    public var totalBytes = 0
    /// A file that holds a key twice is refused, as Redis does; else the later one counts.
    public var allowsDuplicates = false

    public init() {}
  }

  /// What is told of a load.
  public struct Summary {
    public var version = 0
    public var keysLoaded = 0
    public var keysExpired = 0
    public var emptyKeysSkipped = 0
    /// The first of them.
    public var emptyKeys: [String] = []
    /// Fields that tell of the file: `redis-ver`, `ctime`, `used-mem`, `aof-base` …
    public var aux: [(name: String, value: String)] = []
    /// Libraries of functions, to be written into the next file as they are.
    public var functions: [[UInt8]] = []
    /// Things that were left out, to be logged.
    public var notices: [String] = []

    public init() {}

    public func aux(_ name: String) -> String? { aux.first { $0.name == name }?.value }
  }

  private static let namedEmptyKeys = 10
  /// Few files have less than so many bytes for each key.
  private static let smallestKey = 16

  public var reader: RDBReader
  public private(set) var summary = Summary()
  private let keyspace: UnsafeMutablePointer<Keyspace>
  private let options: Options
  private var database = 0

  /// The key that was just read, if it is a stream.
  private var lastStream: Entry?

  // What opcodes said of the key that comes next.
  private var deadline: Int64?
  private var idleSeconds: UInt64?
  private var frequency: UInt8?

  public init(
    _ reader: consuming RDBReader, into keyspace: UnsafeMutablePointer<Keyspace>, options: Options = Options()
  ) {
    self.reader = reader
    self.keyspace = keyspace
    self.options = options
  }

  /// Loads everything up to the end mark, which is followed by the checksum.
  ///
  /// - Parameter progress: called after each record with the position in the file.
  public mutating func load(progress: (_ offset: Int, _ keys: Int) -> Void) throws(RDBFailure) {
    try readHeader()
    while true {
      let code = try reader.byte()
      guard let opcode = RDB.Opcode(rawValue: code) else {
        try readKey(code)
        progress(reader.offset, summary.keysLoaded)
        continue
      }
      if opcode == .end { break }
      try read(opcode)
    }
    try verifyChecksum()
  }

  private mutating func readHeader() throws(RDBFailure) {
    let header = try reader.bytes(9)
    guard header[0..<5].equals(Bytes(RDB.magic)) else { throw .corrupt("Wrong signature trying to load DB from file") }
    guard let version = parseInteger(trimmed(header[5..<9])), version >= 1, version <= RDB.newestVersion else {
      throw .unsupported("Can't handle RDB format version \(header[5..<9].string)")
    }
    summary.version = Int(version)
  }

  private func trimmed(_ digits: Bytes) -> Bytes {
    var start = 0
    while start < digits.count - 1, digits[start] == UInt8(ascii: "0") { start += 1 }
    return digits[start..<digits.count]
  }

  private mutating func verifyChecksum() throws(RDBFailure) {
    guard summary.version >= 5 else { return }
    let expected = reader.checksum
    let found = try reader.integer(UInt64.self)
    // Zero: whoever wrote it did not compute one.
    if found != 0 && found != expected { throw .checksum(expected: found, found: expected) }
  }

  /// What comes after the file, of a log that begins with one.
  public consuming func rest() -> RDBReader { reader }

  // MARK: Opcodes

  private mutating func read(_ opcode: RDB.Opcode) throws(RDBFailure) {
    switch opcode {
    case .expireMilliseconds: deadline = try reader.milliseconds()
    case .expireSeconds: deadline = Int64(try reader.integer(Int32.self)) * 1000
    case .idle: idleSeconds = try reader.length()
    case .frequency: frequency = try reader.byte()
    case .selectDatabase: try select()
    case .resizeDatabase:
      let keys = try reader.length()
      _ = try reader.length()
      let credible = options.totalBytes / Self.smallestKey
      keyspace.pointee.databases[database].table.reserve(Int(min(keys, UInt64(credible))))
    case .aux: try readField()
    case .slotInfo:
      for _ in 0..<3 { _ = try reader.length() }
    case .function: summary.functions.append(try reader.string().array)
    case .functionPreview: throw .unsupported("Pre-release function format not supported.")
    case .moduleAux: try skipModuleAux()
    case .end: break
    }
  }

  /// Fields tell of the file, but one of ours tells of the stream before it.
  private mutating func readField() throws(RDBFailure) {
    let name = try reader.heldString().string
    let value = try reader.string()
    guard name == ProducerRecords.field else { return summary.aux.append((name, value.string)) }
    guard let stream = lastStream else { return }
    var records = RDBReader(value)
    try records.producers(of: StreamValue.stream(stream), hashKey: keyspace.pointee.hashKey)
  }

  private mutating func select() throws(RDBFailure) {
    let index = try reader.length()
    guard index < UInt64(keyspace.pointee.databaseCount) else {
      throw .unsupported(
        "FATAL: Data file was created with a server configured to handle more than \(keyspace.pointee.databaseCount) "
          + "databases. Exiting")
    }
    database = Int(index)
  }

  /// Data of a module that belongs to no key: it is left out, but named.
  private mutating func skipModuleAux() throws(RDBFailure) {
    let name = RDB.moduleName(try reader.length())
    summary.notices.append("The RDB file contains AUX module data I can't load: no matching module '\(name)'")
    while true {
      switch try reader.length() {
      case 0: return
      case 1, 2: _ = try reader.length()
      case 3: try reader.skip(4)
      case 4: try reader.skip(8)
      case 5: _ = try reader.string()
      default: throw .corrupt("Unknown module opcode in the data of module '\(name)'")
      }
    }
  }

  // MARK: Keys

  private mutating func readKey(_ code: UInt8) throws(RDBFailure) {
    lastStream = nil
    guard let type = RDB.ValueType(rawValue: code) else { throw .unsupported("Unknown RDB encoding type \(code)") }
    defer {
      deadline = nil
      idleSeconds = nil
      frequency = nil
    }
    let key = try reader.key()
    guard key.count <= Entry.maximumKeyLength else { throw .corrupt("A key of \(key.count) bytes") }
    let isExpired = options.dropsExpired && deadline.map { $0 < keyspace.pointee.now } == true
    // What is dead is still read, to be checked and passed, but nobody sees it.
    let place = isExpired ? keyspace.pointee.stagingDatabase : database
    let hash = keyspace.pointee.hash(key)
    if let old = keyspace.pointee.entry(place, key, hash: hash) {
      guard options.allowsDuplicates else { throw .corrupt("RDB has duplicated key '\(key.string)' in DB \(database)") }
      keyspace.pointee.delete(place, old, hash: hash, lazily: false)
    }
    let target = RDBTarget(keyspace, database: place, key: key, hash: hash, deadline: deadline)
    guard let entry = try reader.value(type, into: target) else {
      summary.emptyKeysSkipped += 1
      if summary.emptyKeysSkipped <= Self.namedEmptyKeys { summary.emptyKeys.append(key.string) }
      return
    }
    if isExpired {
      summary.keysExpired += 1
      options.dropped?(database, entry.key)
      return keyspace.pointee.delete(place, entry, hash: hash, lazily: false)
    }
    summary.keysLoaded += 1
    keyspace.pointee.noteUsage(entry, idleSeconds: idleSeconds, frequency: frequency)
    if entry.valueType == .stream { lastStream = entry }
  }
}

extension Keyspace {
  /// Lets a key count as used when it was, if the eviction policy asks for that kind of use.
  public mutating func noteUsage(_ entry: Entry, idleSeconds: UInt64?, frequency: UInt8?) {
    switch accessClock.kind {
    case .recency:
      guard let idleSeconds else { return }
      entry.accessClock = accessClock.clock(idleMilliseconds: Int64(clamping: min(idleSeconds, 1 << 40)) * 1000)
    case .frequency:
      guard let frequency else { return }
      entry.accessClock = accessClock.clock(frequency: UInt32(frequency))
    }
  }
}
