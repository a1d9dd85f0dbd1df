import Keyspace
import Memory
import RESP
import Structures

// The change feed: every change has a position, and recent ones are kept, so that a client can be told what it missed.
// docs/CHANGE-FEED.md says what clients see of it.
//
// A change is noted where all changes are heard, and gets its position when its command has been told to those who
// repeat it, since the position is the offset of their stream. Whoever reads the feed keeps an address in the log. That
// a client is told of what happens now and of what happened while it was away is then the same thing: it is
// told what lies behind its address.

/// Recent changes, and who is told of them.
public struct ChangeFeed: ~Copyable {
  /// The keyspace notes changes there by itself; see ``Keyspace/changeLog``.
  public let log: UnsafeMutablePointer<ChangeLog>
  /// The offset, while nobody but the feed needs it; nil: the host knows it.
  public var counter: UnsafeMutablePointer<Int>?
  public var bindings: [StreamBinding] = []
  /// Up to where changes are in the streams that they are bound to.
  var boundAddress = 0
  /// Events are being appended to streams.
  var isAppending = false
  public fileprivate(set) var clients = 0
  public fileprivate(set) var resumed = 0
  public fileprivate(set) var refused = 0

  public init(limit: Int, position: Int, counter: UnsafeMutablePointer<Int>?) {
    log = .allocate(capacity: 1)
    log.initialize(to: ChangeLog(limit: limit, position: position))
    self.counter = counter
  }

  deinit {
    log.deinitialize(count: 1)
    log.deallocate()
  }

  public func setLimit(_ limit: Int) { log.pointee.setLimit(limit) }
}

extension Executor {
  /// Turns the feed on. What comes after `position` is kept, about `limit` bytes of it.
  public func startFeed(limit: Int, position: Int, counter: UnsafeMutablePointer<Int>?) {
    guard feed == nil else { return }
    let memory = UnsafeMutablePointer<ChangeFeed>.allocate(capacity: 1)
    memory.initialize(to: ChangeFeed(limit: limit, position: position, counter: counter))
    feed = memory
    keyspace.pointee.changeLog = memory.pointee.log
    keyspace.pointee.interest.insert(.feed)
  }

  /// Turns the feed off. Clients that follow it go on as if they had never asked for positions, from an empty cache on.
  public func stopFeed() {
    guard let feed else { return }
    seal()
    keyspace.pointee.interest.remove(.feed)
    keyspace.pointee.changeLog = nil
    forEachFed { tracker in
      sendFlush(to: tracker, position: feed.pointee.log.pointee.position)
      tracker.feedAddress = nil
      tracking.pointee.followAll(tracker)
    }
    feed.deinitialize(count: 1)
    feed.deallocate()
    self.feed = nil
  }

  /// Another history begins here: nobody can be told what was before.
  public func restartFeed(at position: Int) {
    guard let feed else { return }
    feed.pointee.log.pointee = ChangeLog(limit: feed.pointee.log.pointee.limit, position: position)
    feed.pointee.boundAddress = 0
    forEachFed { tracker in
      tracker.feedAddress = 0
      sendFlush(to: tracker, position: position)
    }
  }

  /// While the append-only file is repeated: gives what happened since the last time its position.
  public func sealLoaded(at position: Int) {
    guard let feed, position > feed.pointee.log.pointee.position else { return }
    feed.pointee.log.pointee.seal(at: position)
  }

  private func forEachFed(_ body: (Tracking.Tracker) -> Void) {
    guard let feed, feed.pointee.clients > 0 else { return }
    for case let tracker? in tracking.pointee.trackers where tracker.feedAddress != nil { body(tracker) }
  }

  // MARK: Taking changes in

  /// All keys of a database, or of all, are gone or others.
  func noteFlush(_ database: Int?, _ event: StaticString) {
    guard let feed else { return }
    let record = ChangeLog.Record(
      database: database ?? -1, keyCount: 0, origin: hot.pointee.current?.pointee.id ?? 0,
      eventClass: EventClass.generic.rawValue, event: event, isFlush: true)
    feed.pointee.log.pointee.append(record, key: .empty)
  }

  /// A command was run, and told to those who repeat it.
  @inline(__always)
  func sealChanges(_ call: Call) {
    guard let log = keyspace.pointee.changeLog, log.pointee.hasOpenRecords else { return }
    // A transaction has one position, at its end. So has what a primary sent, which comes by its stream.
    if call.session.pointee.flags.rawValue & (SessionFlags.inExecBit | SessionFlags.primaryBit) != 0 { return }
    seal()
  }

  /// Gives what happened since the last time its position.
  func seal(isTurnEnd: Bool = false) {
    guard let feed, feed.pointee.log.pointee.hasOpenRecords else { return }
    if let counter = feed.pointee.counter {
      counter.pointee &+= 1
      feed.pointee.log.pointee.seal(at: counter.pointee)
    } else if let position = propagation.pointee.position, position > feed.pointee.log.pointee.position {
      feed.pointee.log.pointee.seal(at: position)
    } else {
      guard let position = host.position(after: feed.pointee.log.pointee.position, isTurnEnd: isTurnEnd)
      else { return }
      feed.pointee.log.pointee.seal(at: position)
    }
    if !feed.pointee.bindings.isEmpty { appendToStreams() }
  }

  // MARK: Telling clients

  /// Keys that one message may name, unless one position has more.
  private static let keysPerMessage = 1000
  /// A client that has nothing to hear is told of the position this often.
  private static let positionPeriod: Int64 = 1000

  func endTurnOfFeed() {
    seal(isTurnEnd: true)
    forEachFed { tellChanges($0) }
    // Somebody may wait for a stream that changes were appended to.
    if hot.pointee.hasReadyKeys { serveBlocked() }
  }

  /// What RESUME came to.
  public struct Resumption {
    public let isContinued: Bool
    public let id: String
    public let offset: Int
  }

  /// Lets a client follow the feed from a position on.
  ///
  /// - Parameter offset: in the history `id`; "?" and a negative number stand for none.
  public func resume(_ session: SessionPointer, id: String, offset: Int) -> Resumption? {
    guard let feed, let tracker = tracking.pointee.tracker(of: session) else { return nil }
    if tracker.feedAddress == nil {
      tracking.pointee.unfollowAll(tracker)
      feed.pointee.clients += 1
    }
    tracker.toldAt = keyspace.pointee.now
    if host.isKnown(history: id, offset: offset), let address = feed.pointee.log.pointee.address(after: offset) {
      feed.pointee.resumed += 1
      tracker.feedAddress = address
      tracker.toldPosition = offset
      return Resumption(isContinued: true, id: host.history, offset: offset)
    }
    if id != "?" { feed.pointee.refused += 1 }
    tracker.feedAddress = feed.pointee.log.pointee.sealedEnd
    tracker.toldPosition = feed.pointee.log.pointee.position
    return Resumption(isContinued: false, id: host.history, offset: feed.pointee.log.pointee.position)
  }

  func stopFollowing(_ tracker: Tracking.Tracker) {
    guard tracker.feedAddress != nil else { return }
    tracker.feedAddress = nil
    feed?.pointee.clients -= 1
  }

  /// Tells a client of all that it was not told yet.
  public func tellChanges(of session: SessionPointer) {
    if let tracker = tracking.pointee.tracker(of: session) { tellChanges(tracker) }
  }

  private func tellChanges(_ tracker: Tracking.Tracker) {
    guard let feed, let address = tracker.feedAddress else { return }
    let end = feed.pointee.log.pointee.sealedEnd
    if address < end {
      tracker.feedAddress = end
      if address < feed.pointee.log.pointee.start {
        sendFlush(to: tracker, position: feed.pointee.log.pointee.position)
      } else {
        for message in messages(for: tracker, from: address) { sendChanges(message, to: tracker) }
      }
    }
    guard tracker.toldPosition < feed.pointee.log.pointee.position,
      keyspace.pointee.now - tracker.toldAt >= Self.positionPeriod
    else { return }
    sendChanges(FeedMessage(position: feed.pointee.log.pointee.position), to: tracker)
  }

  /// What a client is told at once.
  private struct FeedMessage {
    var keys: [ByteString] = []
    var isFlush = false
    /// Up to where everything has been told then.
    var position: Int
  }

  /// The messages that tell a client of everything from an address on.
  private func messages(for tracker: Tracking.Tracker, from address: Int) -> [FeedMessage] {
    guard let feed else { return [] }
    let own = tracker.session.pointee.flags.contains(.trackingNoLoop) ? tracker.session.pointee.id : nil
    var messages: [FeedMessage] = []
    var current = FeedMessage(position: 0)
    var named: Set<ByteString> = []
    func finish() {
      if !current.keys.isEmpty || current.isFlush { messages.append(current) }
      current = FeedMessage(position: current.position)
      named.removeAll(keepingCapacity: true)
    }
    feed.pointee.log.pointee.forEach(from: address) { record, key in
      if record.isFlush {
        // That is everything: what was named before, and what else has its position.
        messages = []
        named.removeAll(keepingCapacity: true)
        current = FeedMessage(isFlush: true, position: record.position)
        return
      }
      if current.isFlush {
        if record.position == current.position { return }
        finish()
      } else if current.keys.count >= Self.keysPerMessage && record.position > current.position {
        finish()
      }
      current.position = record.position
      guard record.origin != own, tracker.follows(key) else { return }
      let name = ByteString(key)
      if named.insert(name).inserted { current.keys.append(name) }
    }
    finish()
    return messages
  }

  private func sendFlush(to tracker: Tracking.Tracker, position: Int) {
    sendChanges(FeedMessage(isFlush: true, position: position), to: tracker)
  }

  private func sendChanges(_ message: FeedMessage, to tracker: Tracking.Tracker) {
    tracker.toldPosition = message.position
    tracker.toldAt = keyspace.pointee.now
    let history = host.history
    send(to: tracker, elements: 4) { writer in
      if message.isFlush {
        writer.null()
      } else {
        writer.array(message.keys.count)
        for key in message.keys { key.withBytes { writer.bulk($0) } }
      }
      writer.bulk(history)
      writer.integer(message.position)
    }
  }
}
