import Memory

/// What `appendfsync always` has promised and the log's file was not synced for: a redo log, as databases write it ahead
/// of their files.
///
/// To sync a file that has grown, a file system writes its own journal as well: that takes more than twice the time that
/// overwriting blocks takes which the file has already. So a group of commands is written to the log, which nobody
/// syncs, and to this file of a fixed size, around the kernel's cache; then replies may leave. When the journal is full,
/// the log is synced, and the journal begins anew. A process that is killed leaves a log that is whole. After a power cut
/// the log may lack what came since its last sync: ``recover(_:on:find:)`` puts it there.
///
/// The journal is a sequence of records, each in blocks of its own:
///
///     0  mark          8 bytes, "MARTLETJ"
///     8  round         another number each time that the journal begins anew
///    16  sequence      which increment of the log it is
///    24  offset        where in it the bytes belong
///    32  count         how many bytes they are
///    40  checksum      of the whole record, this field and what fills up its last word being zero
///    48  bytes
///
/// It ends before the first record that is not whole, or of another round, or does not begin where the one before it
/// ended. Rounds begin at a number that no client knows, so that none can send what looks like a record.
public final class SyncJournal {
  private struct Record {
    let round: UInt64
    let sequence: Int
    let offset: Int
    let bytes: Bytes
  }

  private static let mark: UInt64 = 0x4a54_454c_5452_414d
  private static let headerSize = 48
  private static let checksumOffset = 40
  /// Bytes of the file: a sync of the log for each 128 groups of one block.
  private static let capacity = 512 << 10
  /// So many bytes may be a record's: larger groups are better off with a sync of the log.
  private static let limit = 60 << 10

  private let disk: any Disk
  private let directory: String
  private let path: String
  private var file: (any DiskFile)?
  private var isBroken = false
  private var buffer = BlockBuffer(capacity: headerSize + limit)
  /// Bytes of the buffer that are not zero, perhaps.
  private var used = 0
  private var round: UInt64
  private var position = 0

  /// - Parameters:
  ///   - name: the file, which is made with the first record.
  ///   - salt: the number of the first round; not to be guessed.
  public init(_ disk: any Disk, directory: String, name: String, salt: UInt64) {
    self.disk = disk
    self.directory = directory
    path = directory + "/" + name
    round = salt
  }

  /// Takes down bytes that belong to a log at `offset`, and returns when they are on the disk. False if they are not: there is
  /// no room, or the journal cannot be written. Whoever hears that syncs the log.
  public func record(_ bytes: Bytes, sequence: Int, offset: Int) -> Bool {
    let size = BlockBuffer.wholeBlocks(Self.headerSize + bytes.count)
    guard bytes.count <= Self.limit, position + size <= Self.capacity, !isBroken else { return false }
    compose(bytes, sequence: sequence, offset: offset)
    do throws(DiskError) {
      try opened().overwrite(buffer.prefix(size), at: position)
    } catch {
      isBroken = true
      return false
    }
    position += size
    return true
  }

  private func compose(_ bytes: Bytes, sequence: Int, offset: Int) {
    let end = Self.headerSize + bytes.count
    buffer.put(Self.mark, at: 0)
    buffer.put(round, at: 8)
    buffer.put(UInt64(bitPattern: Int64(sequence)), at: 16)
    buffer.put(UInt64(offset), at: 24)
    buffer.put(UInt64(bytes.count), at: 32)
    buffer.put(bytes, at: Self.headerSize)
    if used > end { buffer.clear(end..<used) }
    used = end
    buffer.put(0, at: Self.checksumOffset)
    buffer.put(Self.checksum(buffer.prefix(Self.wholeWords(end))), at: Self.checksumOffset)
  }

  private static func wholeWords(_ count: Int) -> Int { (count + 7) / 8 * 8 }

  /// Fletcher's checksum over words of 64 bits, modulo 2^64: the sum of the words, and of all sums on the way. It tells a record
  /// of which some blocks are old; what disks garble, they notice themselves.
  private static func checksum(_ words: Bytes) -> UInt64 {
    var sum: UInt64 = 0
    var sumOfSums: UInt64 = 0
    for at in stride(from: 0, to: words.count, by: 8) {
      sum &+= UInt64(littleEndian: (words.raw + at).loadUnaligned(as: UInt64.self))
      sumOfSums &+= sum
    }
    return sum ^ sumOfSums.byteSwapped
  }

  /// The log was synced: what is here is not needed any more.
  public func restart() {
    round &+= 1
    position = 0
  }

  /// Takes the file away. The log must be synced.
  public func remove() {
    restart()
    guard file != nil else { return }
    file = nil
    try? disk.remove(path)
  }

  /// The file, whose blocks are all there and need no more than to be overwritten.
  private func opened() throws(DiskError) -> any DiskFile {
    if let file { return file }
    let fresh = try disk.open(path, .create)
    try fresh.writeAll([UInt8](repeating: 0, count: Self.capacity))
    try fresh.sync()
    fresh.close()
    try disk.syncDirectory(directory)
    let opened = try disk.open(path, .overwrite)
    file = opened
    return opened
  }
}

// MARK: Recovery

extension SyncJournal {
  /// Passes the records of a journal's contents, in order, until there are no more or none is wanted.
  private static func forEachRecord(in journal: Bytes, _ body: (Record) throws(DiskError) -> Bool) throws(DiskError) {
    var at = 0
    var last: Record?
    while let record = record(in: journal, at: at) {
      if let last {
        guard record.round == last.round, record.sequence == last.sequence,
          record.offset == last.offset + last.bytes.count
        else { return }
      }
      if !(try body(record)) { return }
      last = record
      at += BlockBuffer.wholeBlocks(headerSize + record.bytes.count)
    }
  }

  private static func record(in journal: Bytes, at start: Int) -> Record? {
    guard start + headerSize <= journal.count else { return nil }
    func number(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: (journal.raw + start + offset).loadUnaligned(as: UInt64.self))
    }
    guard number(0) == mark, let offset = Int(exactly: number(24)), let count = Int(exactly: number(32)),
      count <= limit, offset <= Int.max - count, start + wholeWords(headerSize + count) <= journal.count
    else { return nil }
    let bytes = journal[start + headerSize..<start + headerSize + count]
    // All but the sum itself, which counts as zero.
    var record = journal[start..<start + wholeWords(headerSize + count)].array
    record.replaceSubrange(checksumOffset..<checksumOffset + 8, with: repeatElement(0, count: 8))
    guard record.withBytes({ checksum($0) }) == number(checksumOffset) else { return nil }
    return Record(round: number(8), sequence: Int(truncatingIfNeeded: number(16)), offset: offset, bytes: bytes)
  }

  /// Gives a log what a power cut took from it, and makes that permanent. What the log has already must be the same: a log
  /// that somebody else went on with meanwhile is left as it is.
  ///
  /// - Parameters:
  ///   - journal: the journal's path.
  ///   - find: the path of the increment with a number, if there is one.
  /// - Returns: how many bytes the log was given.
  public static func recover(
    _ journal: String, on disk: any Disk, find: (Int) -> String?
  ) throws(DiskError) -> Int {
    let contents = try disk.open(journal, .read).readAll()
    var failure: DiskError?
    let given = contents.withBytes { bytes in
      do throws(DiskError) { return try give(bytes, on: disk, find) } catch { failure = error }
      return 0
    }
    if let failure { throw failure }
    return given
  }

  private static func give(_ journal: Bytes, on disk: any Disk, _ find: (Int) -> String?) throws(DiskError) -> Int {
    guard let first = record(in: journal, at: 0), let path = find(first.sequence) else { return 0 }
    let log = try disk.open(path, .append)
    let present = try disk.open(path, .read)
    var end = try disk.size(path) ?? 0
    var given = 0
    try forEachRecord(in: journal) { record throws(DiskError) in
      guard record.offset <= end else { return false }
      var there = [UInt8](repeating: 0, count: min(end - record.offset, record.bytes.count))
      try present.read(into: &there, at: record.offset)
      let same = zip(there, record.bytes.buffer).prefix { $0 == $1 }.count
      if same < there.count {
        // Room that the log got before the bytes that belong there.
        guard there[same...].allSatisfy({ $0 == 0 }) else { return false }
        end = record.offset + same
        try log.truncate(to: end)
      }
      let rest = record.bytes[same..<record.bytes.count]
      try log.writeAll(rest)
      given += rest.count
      end = max(end, record.offset + record.bytes.count)
      return true
    }
    try log.sync()
    return given
  }
}
