import CMartlet
import Commands
import Foundation
import Keyspace
import Memory
import Persistence
import RESP
import Structures
import Synchronization

/// A keyspace that commands work on in process, and what is in it, as a value that can be compared.
final class Fixture: ExecutorHost {
  private struct StandingClock: Clock {
    func unixMilliseconds() -> Int64 { 1_700_000_000_000 }
    func unixMicroseconds() -> Int64 { 1_700_000_000_000_000 }
    var ticksPerKibinanosecond: UInt64 { 1024 }
  }

  let keyspace: UnsafeMutablePointer<Keyspace>
  private(set) var executor: Executor!
  private let session: SessionPointer

  init(databases: Int = 3, seed: UInt64 = 1) {
    let clock = StandingClock()
    keyspace = .allocate(capacity: 1)
    keyspace.initialize(
      to: Keyspace(
        databases: databases, hashKey: SipKey(k0: seed, k1: 2), seed: seed, now: clock.unixMilliseconds()))
    session = .allocate(capacity: 1)
    session.initialize(
      to: Session(
        id: 1, now: 0, details: SessionDetails(createdAt: 0, peerAddress: "", localAddress: "", fileDescriptor: -1)))
    // The server's own is in the layer of connections.
    let select = Command(
      "SELECT", arity: 2, [], group: .connection, since: "1.0.0", summary: "Changes the selected database."
    ) { call, reply in
      let index = parseInteger(call[1]).flatMap { Int(exactly: $0) } ?? -1
      guard index >= 0 && index < databases else { return reply.error("ERR DB index is out of range") }
      call.session.pointee.database = index
      reply.ok()
    }
    executor = Executor(keyspace: keyspace, families: CommandTable.families + [[select]], host: self, clock: clock)
    executor.beginTurn()
  }

  deinit {
    executor = nil
    session.deinitialize(count: 1)
    session.deallocate()
    keyspace.deinitialize(count: 1)
    keyspace.deallocate()
  }

  /// Removes everything, for the next file: making a server's table of commands takes longer.
  func empty() {
    for database in 0..<keyspace.pointee.databaseCount { _ = keyspace.pointee.flush(database, lazily: false) }
    database = 0
  }

  var database: Int {
    get { session.pointee.database }
    set { session.pointee.database = newValue }
  }

  var isSnapshotting: Bool { keyspace.pointee.isSnapshotting }
  var totalKeys: Int { keyspace.pointee.totalKeys }
  /// Values that are being built; none while no command runs.
  var stagedKeys: Int { keyspace.pointee.databases[keyspace.pointee.stagingDatabase].count }

  @discardableResult
  func run(_ words: String...) -> String { run(words) }

  @discardableResult
  func run(_ words: [String]) -> String {
    let blobs = words.map { word in word.withBytes { Blob.copy($0) } }
    defer { blobs.forEach { $0.release() } }
    var reply = ReplyWriter(capacity: 256)
    let views = blobs.map(\.bytes)
    return views.withUnsafeBufferPointer { views in
      let command = executor.table.find(views[0])
      let first = command?.pointee.firstKey ?? 0
      let hash = first > 0 && first < views.count ? keyspace.pointee.hash(views[first]) : 0
      _ = executor.execute(
        session, views.baseAddress!, count: views.count, command: command, firstKeyHash: hash, &reply)
      return reply.bytes.string
    }
  }

  /// Every key as `database:key`, with the payload that DUMP would give for it and the time at which it dies. Elements
  /// of tables come in the order of the table, so only payloads of the same keyspace, or of sorted ones, compare.
  func contents() -> [String: String] {
    var contents: [String: String] = [:]
    for database in 0..<keyspace.pointee.databaseCount {
      keyspace.pointee.databases[database].table.forEach { entry in
        contents["\(database):\(entry.key.string)"] = Self.describe(entry)
      }
    }
    return contents
  }

  static func describe(_ entry: Entry) -> String {
    var parts: [String] = []
    func text(_ value: StringValue) -> String { value.withBytes { $0.string } }
    switch entry.valueType {
    case .string: parts = [text(StringValue(entry))]
    case .list: ListValue.forEach(entry) { parts.append(text($0)) }
    case .set:
      SetValue.forEach(entry) { parts.append(text($0)) }
      parts.sort()
    case .sortedSet: SortedSetValue.forEach(entry) { parts.append("\(text($0.name))=\($0.score)") }
    case .hash:
      HashValue.forEachWithDeadline(entry, now: .min) { parts.append("\(text($0.name))=\(text($0.value))@\($1)") }
      parts.sort()
    case .stream, .array:
      DumpPayload.withPayload(of: entry, compressing: false) { parts = ["\($0.array)"] }
    }
    return "\(entry.valueType) \(entry.expiresAt ?? 0) " + parts.joined(separator: ",")
  }

  func deliver(_ bytes: Bytes, to session: SessionPointer) {}
  func close(_ session: SessionPointer) {}
  func blocked(_ session: SessionPointer) {}
  func unblocked(_ session: SessionPointer) {}
  func isPaused(_ flags: CommandFlags) -> Bool { false }
  func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool { false }
}

/// Bytes as a source that hands out a few at a time.
final class TestSource: ByteSource {
  private let bytes: [UInt8]
  private var at = 0
  private let step: Int

  init(_ bytes: [UInt8], step: Int = .max) {
    self.bytes = bytes
    self.step = step
  }

  func read(into target: UnsafeMutableRawPointer, count: Int) throws(DiskError) -> Int {
    let taken = min(count, step, bytes.count - at)
    _ = bytes.withUnsafeBytes { memcpy(target, $0.baseAddress! + at, taken) }
    at += taken
    return taken
  }
}

/// Gathers a snapshot in memory.
final class TestSink: SnapshotSink {
  private(set) var bytes: [UInt8] = []
  private(set) var isFinished = false

  func emptyChunk() -> SnapshotChunk { SnapshotChunk() }

  func take(_ chunk: SnapshotChunk) {
    chunk.writer.pointee.pack(compressing: true) { bytes += $0.array }
    chunk.free()
  }

  func finish() {
    let checksum = bytes.withBytes { CRC64.checksum($0) }
    bytes += (0..<8).map { UInt8(checksum >> UInt64($0 * 8) & 0xff) }
    isFinished = true
  }

  func cancel() {}
  var backlog: Int { 0 }
}

/// A disk in memory that fails when it is told to, and of which a crash leaves only what was synced.
final class FaultyDisk: Disk {
  struct State {
    var files: [String: [UInt8]] = [:]
    /// Bytes that may still be written before the disk is full; nil: no limit.
    var room: Int?
    var syncError: Int32 = 0
    var openError: Int32 = 0
    var renameError: Int32 = 0
    /// A write takes so many bytes at most.
    var writeStep = Int.max
    var syncs = 0
    var overwriteError: Int32 = 0
    var overwrites = 0
    /// What a power cut would leave: the files as they were when their last sync began.
    var durable: [String: [UInt8]] = [:]
    /// Called in the middle of a sync.
    var whileSyncing: (@Sendable () -> Void)?
  }

  let state = Mutex(State())

  func open(_ path: String, _ mode: FileMode) throws(DiskError) -> any DiskFile {
    let code: Int32 = state.withLock { state in
      if state.openError != 0 { return state.openError }
      switch mode {
      case .read: return state.files[path] == nil ? ENOENT : 0
      case .create: state.files[path] = []
      case .append: state.files[path] = state.files[path] ?? []
      case .overwrite: return state.files[path] == nil ? ENOENT : 0
      }
      return 0
    }
    if code != 0 { throw DiskError(code: code) }
    return FaultyFile(disk: self, path: path)
  }

  func rename(_ old: String, to new: String) throws(DiskError) {
    let code = state.withLock { state -> Int32 in
      if state.renameError != 0 { return state.renameError }
      guard let bytes = state.files.removeValue(forKey: old) else { return ENOENT }
      state.files[new] = bytes
      return 0
    }
    if code != 0 { throw DiskError(code: code) }
  }

  func remove(_ path: String) throws(DiskError) {
    state.withLock { state in
      state.files[path] = nil
      state.durable[path] = nil
    }
  }
  func makeDirectory(_ path: String) throws(DiskError) {}
  func syncDirectory(_ path: String) throws(DiskError) {}
  func size(_ path: String) throws(DiskError) -> Int? { state.withLock { $0.files[path]?.count } }
  func list(_ path: String) throws(DiskError) -> [String] { state.withLock { Array($0.files.keys) } }
}

private final class FaultyFile: DiskFile {
  private let disk: FaultyDisk
  private let path: String
  private let at = Atomic(0)

  init(disk: FaultyDisk, path: String) {
    self.disk = disk
    self.path = path
  }

  func read(into target: UnsafeMutableRawPointer, count: Int) throws(DiskError) -> Int {
    let bytes = disk.state.withLock { $0.files[path] ?? [] }
    let start = at.load(ordering: .relaxed)
    let taken = min(count, bytes.count - start)
    _ = bytes.withUnsafeBytes { memcpy(target, $0.baseAddress! + start, taken) }
    at.store(start + taken, ordering: .relaxed)
    return taken
  }

  func write(_ bytes: Bytes) throws(DiskError) -> Int {
    let array = bytes.array
    let written = disk.state.withLock { state in
      let taken = min(array.count, state.writeStep, state.room ?? .max)
      state.files[path]?.append(contentsOf: array[..<taken])
      if let room = state.room { state.room = room - taken }
      return taken
    }
    if written == 0 { throw DiskError(code: ENOSPC) }
    return written
  }

  func overwrite(_ bytes: Bytes, at offset: Int) throws(DiskError) {
    let array = bytes.array
    let code = disk.state.withLock { state in
      if state.overwriteError != 0 { return state.overwriteError }
      state.overwrites += 1
      state.files[path]?.replaceSubrange(offset..<offset + array.count, with: array)
      state.durable[path] = state.files[path]
      return 0
    }
    if code != 0 { throw DiskError(code: code) }
  }

  func read(into target: inout [UInt8], at offset: Int) throws(DiskError) {
    let bytes = disk.state.withLock { $0.files[path] ?? [] }
    for i in target.indices where offset + i < bytes.count { target[i] = bytes[offset + i] }
  }

  func sync() throws(DiskError) {
    let (bytes, wait) = disk.state.withLock { state in
      state.syncs += 1
      return (state.files[path], state.whileSyncing)
    }
    wait?()
    let code = disk.state.withLock { state in
      if state.syncError == 0 { state.durable[path] = bytes }
      return state.syncError
    }
    if code != 0 { throw DiskError(code: code) }
  }

  func truncate(to size: Int) throws(DiskError) {
    disk.state.withLock { state in
      guard let bytes = state.files[path] else { return }
      state.files[path] = Array(bytes.prefix(size))
    }
  }

  func close() {}
}
