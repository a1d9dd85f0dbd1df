import Keyspace
import Memory
import Structures

/// Turns what a snapshot finds into an RDB file, or into commands, chunk by chunk.
public final class SnapshotWriter {
  /// What a file tells of itself.
  public struct Header {
    public var version = RDB.version
    public var aux: [(name: String, value: String)] = []
    public var functions: [[UInt8]] = []

    public init() {}
  }

  /// Beyond it, the walk waits for the sink.
  private static let maximumBacklog = 16 << 20

  private let keyspace: UnsafeMutablePointer<Keyspace>
  private let sink: any SnapshotSink
  private let usage: RDBWriter.RecordedUsage
  private var chunk: SnapshotChunk
  /// The database that the chunk's next key would be taken for.
  private var selected = -1
  /// Keys that are met while a large value is being written, which must not be torn.
  private var aside: SnapshotChunk?
  private var asideSelected = -1
  private var large: ValueParts?
  /// Keys and deadlines of each database at the beginning, told once each.
  private var sizes: [(keys: Int, deadlines: Int)?]

  public let totalKeys: Int
  public private(set) var keysWritten = 0
  private var isEnded = false
  /// Set if the file is to consist of commands.
  private let commands: UnsafeMutablePointer<CommandWriter>?

  /// Makes this moment the one that the file will show.
  ///
  /// - Parameters:
  ///   - header: of an RDB file; nil: the file is to consist of commands.
  ///   - timestamp: Unix seconds, for a file of commands to begin with.
  ///   - functions: libraries, for a file of commands; otherwise they are in the header.
  public init(
    of keyspace: UnsafeMutablePointer<Keyspace>, header: Header?, timestamp: Int64? = nil, functions: [[UInt8]] = [],
    to sink: any SnapshotSink
  ) {
    self.keyspace = keyspace
    self.sink = sink
    usage = RDBWriter.RecordedUsage(keyspace.pointee)
    totalKeys = keyspace.pointee.totalKeys
    sizes = (0..<keyspace.pointee.databaseCount).map {
      (keyspace.pointee.databases[$0].count, keyspace.pointee.databases[$0].keyDeadlines.count)
    }
    chunk = sink.emptyChunk()
    if header == nil {
      commands = .allocate(capacity: 1)
      commands?.initialize(to: CommandWriter())
    } else {
      commands = nil
    }
    if let header {
      write(header)
    } else {
      if let timestamp { "#TS:\(timestamp)\r\n".withBytes { chunk.writer.pointee.raw($0) } }
      for function in functions { write(function) }
    }
    keyspace.pointee.beginSnapshot(visitor)
  }

  deinit {
    commands?.deinitialize(count: 1)
    commands?.deallocate()
  }

  /// The command that loads a library.
  private func write(_ function: [UInt8]) {
    let head = "*3\r\n$8\r\nFUNCTION\r\n$4\r\nLOAD\r\n$\(function.count)\r\n"
    (Array(head.utf8) + function + Array("\r\n".utf8)).withBytes { chunk.writer.pointee.raw($0) }
  }

  private func write(_ header: Header) {
    let writer = chunk.writer
    writer.pointee.raw(Bytes(RDB.magic))
    let version = String(header.version)
    (String(repeating: "0", count: 4 - version.count) + version).withBytes { writer.pointee.raw($0) }
    for (name, value) in header.aux {
      writer.pointee.opcode(.aux)
      writer.pointee.string(name)
      writer.pointee.string(value)
    }
    for function in header.functions {
      writer.pointee.opcode(.function)
      function.withBytes { writer.pointee.string($0) }
    }
  }

  /// The version that a file needs that holds all databases: the oldest that can say all there is.
  public static func version(for keyspace: borrowing Keyspace) -> Int {
    if keyspace.arrayCount > 0 { return RDB.versionWithArrays }
    let hasFieldDeadlines = (0..<keyspace.databaseCount).contains { keyspace.databases[$0].fieldDeadlines.count > 0 }
    return hasFieldDeadlines ? RDB.versionWithFieldDeadlines : RDB.version
  }

  /// Whether the sink cannot take more for now.
  public var isHeldUp: Bool { sink.backlog > Self.maximumBacklog }

  /// Goes on until the time is over. True when all is saved and the sink knows it.
  public func advance(isOutOfTime: () -> Bool) -> Bool {
    precondition(!isEnded)
    let done = keyspace.pointee.advanceSnapshot { isOutOfTime() || isHeldUp }
    guard done else { return false }
    if commands == nil { chunk.writer.pointee.opcode(.end) }
    sink.take(chunk)
    sink.finish()
    isEnded = true
    keyspace.pointee.endSnapshot()
    return true
  }

  public func cancel() {
    guard !isEnded else { return }
    isEnded = true
    keyspace.pointee.endSnapshot()
    chunk.free()
    aside?.free()
    sink.cancel()
  }

  // MARK: Visits

  /// Ends with this writer, which ends the snapshot before.
  private var visitor: SnapshotVisitor {
    SnapshotVisitor(
      context: Unmanaged.passUnretained(self).toOpaque(),
      save: { context, entry, database in
        Unmanaged<SnapshotWriter>.fromOpaque(context)._withUnsafeGuaranteedRef {
          $0.save(Entry(address: entry), database: database)
        }
      },
      savePart: { [unowned self] entry, database, isOutOfTime in
        savePart(entry, database: database, isOutOfTime: isOutOfTime)
      })
  }

  private func save(_ entry: Entry, database: Int) {
    keysWritten += 1
    if large != nil { return saveAside(entry, database) }
    if selected != database { select(database) }
    let writer = chunk.writer
    writeRecord(entry, to: writer)
    if writer.pointee.size >= SnapshotChunk.capacity { handOver() }
  }

  private func savePart(_ entry: Entry, database: Int, isOutOfTime: () -> Bool) -> Bool {
    if commands != nil {
      // Commands are for those who want to read their files; nobody has shown yet that they have large values.
      save(entry, database: database)
      return true
    }
    var value: ValueParts
    if let large {
      assert(large.entry.address == entry.address)
      value = large
    } else {
      if selected != database { select(database) }
      keysWritten += 1
      value = ValueParts(entry)
      chunk.writer.pointee.recordHead(entry, usage: usage)
    }
    // While it is set, other keys go aside.
    while true {
      let isDone = value.writePart(to: &chunk.writer.pointee)
      if chunk.writer.pointee.size >= SnapshotChunk.capacity { handOver() }
      if isDone { break }
      if isOutOfTime() {
        large = value
        return false
      }
    }
    large = nil
    chunk.writer.pointee.afterRecord(entry)
    takeAside()
    return true
  }

  private func saveAside(_ entry: Entry, _ database: Int) {
    let target = aside ?? sink.emptyChunk()
    if aside == nil { asideSelected = -1 }
    aside = target
    if asideSelected != database {
      writeSelect(database, to: target.writer)
      asideSelected = database
    }
    writeRecord(entry, to: target.writer)
  }

  private func takeAside() {
    guard let aside else { return }
    sink.take(chunk)
    chunk = aside
    selected = asideSelected
    self.aside = nil
    if chunk.writer.pointee.size >= SnapshotChunk.capacity { handOver() }
  }

  private func select(_ database: Int) {
    let writer = chunk.writer
    writeSelect(database, to: writer)
    selected = database
    if let size = sizes[database], commands == nil {
      writer.pointee.opcode(.resizeDatabase)
      writer.pointee.length(size.keys)
      writer.pointee.length(size.deadlines)
      sizes[database] = nil
    }
  }

  private func writeSelect(_ database: Int, to writer: UnsafeMutablePointer<RDBWriter>) {
    if let commands { return commands.pointee.select(database, to: &writer.pointee) }
    writer.pointee.opcode(.selectDatabase)
    writer.pointee.length(database)
  }

  private func writeRecord(_ entry: Entry, to writer: UnsafeMutablePointer<RDBWriter>) {
    if let commands { return commands.pointee.write(entry, to: &writer.pointee) }
    writer.pointee.record(entry, usage: usage)
    writer.pointee.afterRecord(entry)
  }

  private func handOver() {
    sink.take(chunk)
    chunk = sink.emptyChunk()
  }
}
