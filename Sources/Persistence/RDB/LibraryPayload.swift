import Memory

/// All libraries of functions, as FUNCTION DUMP hands them out and FUNCTION RESTORE takes them: as they stand in an RDB
/// file, with the end that payloads of single values have.
public enum LibraryPayload {
  public enum Failure: Error {
    /// The version or the checksum at the end is wrong.
    case damaged
    case unreadable
    case preview
    case notAFunction
  }

  public static func payload(of libraries: [[UInt8]], _ body: (Bytes) -> Void) {
    var writer = RDBWriter(capacity: 256)
    for code in libraries {
      writer.opcode(.function)
      code.withBytes { writer.string($0) }
    }
    var payload = RDBWriter(capacity: writer.size + 32)
    writer.pack(compressing: false) { payload.raw($0) }
    writer.releaseBlobs()
    DumpPayload.finish(&payload, version: RDB.version)
    body(payload.plainBytes)
  }

  /// The code of each library.
  public static func libraries(in payload: Bytes) throws(Failure) -> [[UInt8]] {
    guard let content = DumpPayload.content(of: payload) else { throw .damaged }
    var reader = RDBReader(content)
    var found: [[UInt8]] = []
    while true {
      let next: UInt8?
      do throws(RDBFailure) { next = try reader.peek() } catch { throw .unreadable }
      guard let next else { return found }
      if next == RDB.Opcode.functionPreview.rawValue { throw .preview }
      if next != RDB.Opcode.function.rawValue { throw .notAFunction }
      do throws(RDBFailure) {
        _ = try reader.byte()
        found.append(try reader.string().array)
      } catch {
        throw .unreadable
      }
    }
  }
}
