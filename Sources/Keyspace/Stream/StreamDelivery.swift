import Memory
import Structures

// What a consumer gets when it reads in its group.

extension Stream {
  /// Hands a consumer the entries that its group has not seen yet.
  ///
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - isRemembered: whether they count as pending until they are acknowledged.
  ///   - visit: gets the entries, with the reader that stands at each; false ends it, before the entry counts.
  ///   - delivered: is told of each after it counts.
  /// - Returns: how many there were.
  @inline(__always)
  public static func deliver(
    _ stream: StreamPointer, group: ConsumerGroupPointer, to consumer: ConsumerPointer, now: Int64, limit: Int,
    isRemembered: Bool, _ visit: (inout StreamReader, StreamID, Int) -> Bool, delivered told: (StreamID) -> Void
  ) -> Int {
    guard let start = group.pointee.lastID.next else { return 0 }
    var reader = StreamReader(stream, from: start, bookmark: group.pointee.bookmark)
    var delivered = 0
    while delivered < limit, let entry = reader.next() {
      guard visit(&reader, entry.id, entry.fieldCount) else { break }
      stream.pointee.noteRead(entry.id, group)
      if isRemembered {
        group.pointee.deliver(entry.id, to: consumer, time: now, count: 1)
        consumer.pointee.activeTime = now
      }
      told(entry.id)
      delivered &+= 1
    }
    if delivered > 0 { group.pointee.bookmark = delivered == limit ? reader.bookmark() : nil }
    return delivered
  }

  /// A group came to the entry at `id`.
  @inline(__always)
  private func noteRead(_ id: StreamID, _ group: ConsumerGroupPointer) {
    if let read = group.pointee.entriesRead, !hasGaps(from: id) {
      group.pointee.entriesRead = read &+ 1
    } else if entriesAdded > 0 {
      group.pointee.entriesRead = entriesRead(upTo: id)
    }
    group.pointee.lastID = id
  }

  /// Hands a consumer again what it has not acknowledged, from `start` on.
  ///
  /// - Parameter visit: gets each id and, if the entry is still there, a reader that stands at it and its number of
  ///   fields; false ends it.
  /// - Returns: how many there were.
  public static func redeliver(
    _ stream: StreamPointer, group: ConsumerGroupPointer, to consumer: ConsumerPointer, from start: StreamID,
    now: Int64,
    limit: Int, _ visit: (StreamID, inout StreamReader, Int?) -> Bool
  ) -> Int {
    var delivered = 0
    var position = consumer.pointee.pending.position(atOrAfter: start)
    while delivered < limit, let current = position {
      let id = consumer.pointee.pending[current].pointee.id
      var reader = StreamReader(stream, from: id, through: id)
      let entry = reader.next()
      guard visit(id, &reader, entry?.fieldCount) else { break }
      if entry != nil, let delivery = group.pointee.pending.find(id) {
        delivery.pointee.time = now
        delivery.pointee.count &+= 1
      }
      delivered += 1
      position = consumer.pointee.pending.next(current)
    }
    return delivered
  }
}
