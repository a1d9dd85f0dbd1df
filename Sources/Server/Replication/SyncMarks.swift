/// Up to where the primary's stream is on a replica's disk.
///
/// The append-only file counts bytes of its own. At the end of a turn, a mark tells which position of the stream goes with
/// which of its bytes; once these are on the disk, so is the stream up to there.
struct SyncMarks {
  /// Beyond so many the last one moves on instead: a slow disk is told of in larger steps.
  private static let limit = 64

  private var pending: [(logged: Int, stream: Int)] = []
  private var reached = 0

  /// All that was logged so far comes from the stream up to this position.
  mutating func note(logged: Int, stream: Int) {
    if let last = pending.last, last.logged == logged || pending.count == Self.limit { pending.removeLast() }
    pending.append((logged, stream))
  }

  /// The position up to which the stream is on the disk, once so many bytes of the file are.
  mutating func position(synced: Int) -> Int {
    while let first = pending.first, first.logged <= synced {
      reached = first.stream
      pending.removeFirst()
    }
    return reached
  }
}
