import CMartlet
import Keyspace
import Memory
import Structures

/// One value by itself, as DUMP hands it out and RESTORE takes it: its type, the value, two bytes of RDB version, and
/// eight of checksum over all before them.
public enum DumpPayload {
  private static let footerCount = 10

  /// Hands the payload of a value to `body`; valid for the call.
  public static func withPayload(of entry: Entry, compressing: Bool, _ body: (Bytes) -> Void) {
    var value = RDBWriter(capacity: 256)
    let type = RDBWriter.type(of: entry)
    value.type(type)
    value.value(entry)
    var payload = RDBWriter(capacity: value.size + footerCount + 16)
    value.pack(compressing: compressing) { payload.raw($0) }
    value.releaseBlobs()
    finish(&payload, version: RDB.version(for: type))
    body(payload.plainBytes)
  }

  /// Appends version and checksum.
  static func finish(_ payload: inout RDBWriter, version: Int) {
    payload.integer(UInt16(version))
    payload.integer(CRC64.checksum(payload.plainBytes))
  }

  /// Type and value of a payload whose version and checksum are right, else nil.
  public static func content(of payload: Bytes, ignoringChecksum: Bool = false) -> Bytes? {
    guard payload.count >= footerCount else { return nil }
    let end = payload.count - footerCount
    let version = Int(payload[end]) | Int(payload[end + 1]) << 8
    guard version <= RDB.newestVersion else { return nil }
    if !ignoringChecksum {
      let noted = UInt64(littleEndian: (payload.raw + end + 2).loadUnaligned(as: UInt64.self))
      guard CRC64.checksum(payload[0..<end + 2]) == noted else { return nil }
    }
    return payload[0..<end]
  }
}

extension Keyspace {
  /// Builds the value that bytes describe, as an entry of its own under `key`.
  ///
  /// - Throws: what is wrong with the bytes. Nothing is left of them then.
  public static func build(
    in keyspace: UnsafeMutablePointer<Keyspace>, key: Bytes, hash: UInt64, content: Bytes
  ) throws(RDBFailure) -> Entry {
    let staging = keyspace.pointee.stagingDatabase
    // What happens there is nobody's business.
    let interest = keyspace.pointee.interest
    keyspace.pointee.interest = []
    defer { keyspace.pointee.interest = interest }
    do throws(RDBFailure) {
      var reader = RDBReader(content)
      let code = try reader.byte()
      guard let type = RDB.ValueType(rawValue: code) else { throw .unsupported("Unknown RDB encoding type \(code)") }
      let target = RDBTarget(keyspace, database: staging, key: key, hash: hash)
      guard let entry = try reader.value(type, into: target) else { throw .corrupt("An empty collection") }
      keyspace.pointee.detach(staging, entry, hash: hash)
      return entry
    } catch {
      if let part = keyspace.pointee.entry(staging, key, hash: hash) {
        keyspace.pointee.delete(staging, part, hash: hash, lazily: false)
      }
      throw error
    }
  }
}
