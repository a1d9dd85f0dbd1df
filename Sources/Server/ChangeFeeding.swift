import Commands
import Directives
import Keyspace
import Memory

// The change feed as the server sees it: it is turned on and off, and its positions are those of replication.

extension ServerInstance {
  /// After a directive changed.
  func applyChangeFeed() {
    let size = configuration.integer("change-feed-size")
    guard size > 0 else {
      executor.stopFeed()
      return replication.stopCounting()
    }
    if executor.feed == nil {
      replication.startCounting(id: Self.randomID())
      executor.startFeed(
        limit: size, position: replication.position, counter: replication.isRecording ? nil : replication.counter)
    } else {
      executor.feed?.pointee.setLimit(size)
    }
    bindStreams()
  }

  /// Lets the executor append events to streams; to none on a replica, where they come from the primary.
  func bindStreams() {
    let streams = isFollowing ? [] : configuration.eventStreams
    executor.bindStreams(
      streams.map {
        StreamBinding(
          key: ByteString($0.key), classes: EventClass(letters: $0.classes), pattern: ByteString($0.pattern),
          database: $0.database, maximumLength: $0.maximumLength)
      })
  }

  // MARK: Positions in files

  /// A history and a position in it, as files say it.
  func history(_ id: String?, _ position: String?) -> (id: String, position: Int)? {
    guard let id, id.utf8.count == 40, let position = position.flatMap({ Int($0) }), (0..<1 << 60).contains(position)
    else {
      return nil
    }
    return (id, position)
  }

  /// The append-only file says up to where the commands go that were read: `POS:<id>:<position>`, or `POS::<position>` if
  /// the history is still that of the last one.
  func noteLoggedPosition(_ annotation: [UInt8]) {
    let parts = String(decoding: annotation, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "POS" else { return }
    let id = parts[1].isEmpty ? persistence.loggedHistory?.id : String(parts[1])
    guard let (id, position) = history(id, String(parts[2])) else { return }
    noteLoggedPosition(id, position)
  }

  /// What was repeated since the last position gets this one: whoever knows an earlier one may be told of it twice, but
  /// nobody too little.
  func noteLoggedPosition(_ id: String, _ position: Int) {
    // DEBUG LOADAOF reads what is known.
    if keyspace.pointee.interest.isEmpty && executor.feed != nil { return }
    if let last = persistence.loggedHistory, last.position <= position {
      executor.sealLoaded(at: position)
    } else {
      executor.restartFeed(at: position)
    }
    persistence.loggedHistory = (id, position)
  }

  /// After the append-only file was read: its history goes on.
  func adoptLoggedHistory() {
    guard let (id, position) = persistence.loggedHistory, !startsAsReplica else { return }
    replication.resume(id, at: position)
  }

  public var history: String { replication.id }

  public func isKnown(history: String, offset: Int) -> Bool { offset >= 0 && replication.knows(history, at: offset) }

  public func position(after last: Int, isTurnEnd: Bool) -> Int? {
    if isFollowing {
      // What of the primary's stream was executed is only sure between turns.
      if !isTurnEnd { return nil }
      logStream()
      return replication.position > last ? replication.position : nil
    }
    // Something that nobody needs to repeat must have a position of its own even so.
    if replication.position <= last { replication.append("*1\r\n$4\r\nPING\r\n") }
    return replication.position > last ? replication.position : nil
  }

  func changeFeedFields() -> [(String, String)] {
    guard let feed = executor.feed else { return [] }
    return [
      ("change_feed_bytes", "\(feed.pointee.log.pointee.bytes)"),
      ("change_feed_events", "\(feed.pointee.log.pointee.count)"),
      ("change_feed_first_offset", "\(feed.pointee.log.pointee.floor)"),
      ("change_feed_clients", "\(feed.pointee.clients)"),
      ("change_feed_resumed", "\(feed.pointee.resumed)"), ("change_feed_refused", "\(feed.pointee.refused)"),
    ]
  }
}
