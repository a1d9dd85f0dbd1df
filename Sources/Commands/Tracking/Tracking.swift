import Keyspace
import Memory
import RESP
import Structures

// CLIENT TRACKING: clients that keep copies of keys are told when these change.
//
// In the default mode the server remembers which keys a client has read (`TrackingTable`) and tells it once of the next
// change of each; in BCAST mode it tells of every change below the client's prefixes (`PrefixTable`) once a turn. Both
// hang on the one path that all changes take (`Executor.heard`).
//
// The order is what makes it useful. A client hears of its own change after the reply of the command that made it, and
// after the whole reply of EXEC; of a key that was evicted to make room for its command before that command's reply,
// which is about the key that comes after. Others hear at once in the default mode, and at the end of the turn in BCAST mode.

/// Who is told of changes, and of which.
public struct Tracking: ~Copyable {
  /// A client that is told of changes.
  public final class Tracker {
    let session: SessionPointer
    let number: TrackingTable.Client
    /// The ID of the client that gets the messages instead; 0: none does.
    public fileprivate(set) var redirect: UInt64 = 0
    /// Of BCAST mode, sorted.
    public fileprivate(set) var prefixes: [ByteString] = []
    /// Set while the client follows the change feed: from there on it was not told yet.
    var feedAddress: Int?
    /// Up to where it knows that it was told everything.
    var toldPosition = 0
    /// When, in Unix milliseconds.
    var toldAt: Int64 = 0

    func follows(_ key: Bytes) -> Bool { prefixes.contains { $0.withBytes { key.hasPrefix($0) } } }

    public var memory: Int { prefixes.reduce(64) { $0 + $1.bytes.count + 64 } }

    fileprivate init(_ session: SessionPointer, number: TrackingTable.Client) {
      self.session = session
      self.number = number
    }
  }

  /// How much may be remembered; 0: no limit.
  public struct Limits {
    public var keys = 1_000_000
    public var items = 0
    public var bytes = 0

    public init() {}
  }

  public fileprivate(set) var table: TrackingTable
  public fileprivate(set) var prefixes = PrefixTable()
  public var limits = Limits()
  /// By their numbers.
  private(set) var trackers: [Tracker?] = []
  /// Sessions that get messages of others, by ID.
  fileprivate var targets: [UInt64: SessionPointer] = [:]
  fileprivate var message = ReplyWriter(capacity: 256)
  /// What the session whose command runs is to be told at another time than the host would.
  fileprivate var held = ReplyWriter(capacity: 256)
  fileprivate var isHolding = false
  /// Turns that ended over the limit, one after the other: each does more than the one before.
  fileprivate var turnsOverLimit = 0
  /// Clients that are told of changes.
  public fileprivate(set) var count = 0

  init(hashKey: SipKey) { table = TrackingTable(hashKey: hashKey) }

  /// Whether work is left for which it is worth to wake up.
  public var wantsToRun: Bool { table.needsSweep || turnsOverLimit > 0 }

  public func tracker(of session: SessionPointer) -> Tracker? {
    guard session.pointee.flags.contains(.tracking) else { return nil }
    return trackers[Int(session.pointee.trackingNumber)]
  }

  fileprivate var isOverLimit: Bool {
    (limits.keys > 0 && table.keyCount > limits.keys) || (limits.items > 0 && table.itemCount > limits.items)
      || (limits.bytes > 0 && table.bytes > limits.bytes && table.keyCount > 0)
  }

  fileprivate mutating func tracker(for session: SessionPointer) -> Tracker {
    if let tracker = tracker(of: session) { return tracker }
    let number = table.addClient()
    let tracker = Tracker(session, number: number)
    while trackers.count <= Int(number) { trackers.append(nil) }
    trackers[Int(number)] = tracker
    session.pointee.trackingNumber = number
    session.pointee.flags.insert(.tracking)
    count += 1
    return tracker
  }

  fileprivate mutating func remove(_ tracker: Tracker) {
    unfollowAll(tracker)
    trackers[Int(tracker.number)] = nil
    table.removeClient(tracker.number)
    tracker.session.pointee.flags.subtract(.trackingState)
    count -= 1
  }

  fileprivate mutating func follow(_ prefix: Bytes, _ tracker: Tracker) {
    guard !tracker.prefixes.contains(where: { $0.withBytes { $0.equals(prefix) } }) else { return }
    let at = tracker.prefixes.firstIndex { $0.withBytes { $0.compare(prefix) > 0 } } ?? tracker.prefixes.count
    tracker.prefixes.insert(ByteString(prefix), at: at)
    if tracker.feedAddress == nil { _ = prefixes.insert(prefix, tracker.number) }
  }

  /// Whoever follows the change feed is told by it, and not at the end of a turn.
  mutating func unfollowAll(_ tracker: Tracker) {
    if tracker.feedAddress != nil { return }
    for prefix in tracker.prefixes { prefix.withBytes { prefixes.remove($0, tracker.number) } }
  }

  mutating func followAll(_ tracker: Tracker) {
    for prefix in tracker.prefixes { prefix.withBytes { _ = prefixes.insert($0, tracker.number) } }
  }
}

extension SessionFlags {
  /// Modes in which not every key that is read is remembered.
  fileprivate static var unusualTrackingBits: UInt32 {
    trackingBroadcast.rawValue | trackingOptIn.rawValue | trackingOptOut.rawValue
  }

  /// All that CLIENT TRACKING set.
  static var trackingState: SessionFlags {
    [
      .tracking, .trackingBroadcast, .trackingOptIn, .trackingOptOut, .trackingCaching, .trackingNoLoop,
      .trackingBrokenRedirect,
    ]
  }
}

// MARK: On and off

extension Executor {
  /// CLIENT TRACKING ON.
  ///
  /// - Parameters:
  ///   - mode: of the flags that follow from the options.
  ///   - redirect: who gets the messages.
  ///   - prefixes: of BCAST mode; without any the client follows all keys.
  public func track(
    _ session: SessionPointer, mode: SessionFlags, redirect: SessionPointer?, prefixes: [Bytes]
  ) {
    let tracker = tracking.pointee.tracker(for: session)
    session.pointee.flags.subtract([
      .trackingBroadcast, .trackingOptIn, .trackingOptOut, .trackingNoLoop, .trackingBrokenRedirect,
    ])
    session.pointee.flags.formUnion(mode)
    tracker.redirect = redirect?.pointee.id ?? 0
    if let redirect {
      redirect.pointee.flags.insert(.redirectTarget)
      tracking.pointee.targets[redirect.pointee.id] = redirect
    }
    if mode.contains(.trackingBroadcast) {
      if prefixes.isEmpty { tracking.pointee.follow(.empty, tracker) }
      for prefix in prefixes { tracking.pointee.follow(prefix, tracker) }
    }
    keyspace.pointee.interest.insert(.tracking)
  }

  /// CLIENT TRACKING OFF.
  public func stopTracking(_ session: SessionPointer) {
    guard let tracker = tracking.pointee.tracker(of: session) else { return }
    tracking.pointee.remove(tracker)
    stopFollowing(tracker)
    if tracking.pointee.count == 0 { keyspace.pointee.interest.remove(.tracking) }
  }

  /// A session ends.
  func forgetTracking(_ session: SessionPointer) {
    stopTracking(session)
    if session.pointee.flags.contains(.redirectTarget) { tracking.pointee.targets[session.pointee.id] = nil }
  }
}

extension Session {
  /// What is read in this session's name counts as read by another, which wants to be told of it.
  mutating func readFor(_ other: SessionPointer) {
    flags.subtract(.trackingState)
    flags.formUnion(other.pointee.flags.intersection(.trackingState))
    trackingNumber = other.pointee.trackingNumber
  }
}

// MARK: Reading

extension Executor {
  /// Notes the keys that a command of a client in tracking mode has read.
  @inline(never)
  func rememberKeys(_ call: Call) {
    let flags = call.session.pointee.flags.rawValue
    guard call.command.pointee.flags.contains(.readonly) else { return }
    if flags & SessionFlags.unusualTrackingBits != 0 && !isChosen(call.session.pointee.flags) { return }
    let (last, step) = call.command.pointee.simpleKeys
    guard step > 0 else { return rememberOthers(call) }
    let number = call.session.pointee.trackingNumber
    let end = last >= 0 ? call.command.pointee.firstKey &+ last : call.count &+ last
    guard end < call.count else { return }
    for i in stride(from: call.command.pointee.firstKey, through: end, by: step) {
      tracking.pointee.table.remember(call.arguments[i], hash: call.hash(i), client: number)
    }
  }

  /// Whether a mode other than the default one has a command's keys remembered.
  private func isChosen(_ flags: SessionFlags) -> Bool {
    if flags.contains(.trackingBroadcast) { return false }
    return flags.contains(.trackingCaching) == flags.contains(.trackingOptIn)
  }

  @inline(never)
  private func rememberOthers(_ call: Call) {
    let command = call.command.pointee.declaration
    // A script has read what its commands have.
    if command.group == .scripting { return }
    guard command.hasKeys || command.keyFinder != nil, !command.flags.contains(.pubsub) else { return }
    let arguments = UnsafeBufferPointer(start: call.arguments, count: call.count)
    for key in command.keys(in: arguments) ?? [] {
      let bytes = call[key.index]
      tracking.pointee.table.remember(
        bytes, hash: keyspace.pointee.hash(bytes), client: call.session.pointee.trackingNumber)
    }
  }
}

// MARK: Changes

extension Executor {
  /// A key was changed: tells those who may hold it now or at the turn's end.
  func invalidate(_ change: Change) {
    // What dies by itself is news for all, also for whoever ran into it.
    let isOwn = change.eventClass.isDisjoint(with: [.expired, .evicted])
    let origin = isOwn ? hot.pointee.current : nil
    if !tracking.pointee.prefixes.isEmpty {
      tracking.pointee.prefixes.note(change.key, origin: origin?.pointee.id ?? 0)
    }
    if tracking.pointee.table.keyCount == 0 { return }
    var receivers: [TrackingTable.Client] = []
    tracking.pointee.table.take(change.key, hash: keyspace.pointee.hash(change.key)) { receivers.append($0) }
    for receiver in receivers { tell(receiver, of: change.key, origin: origin) }
  }

  private func tell(_ number: TrackingTable.Client, of key: Bytes, origin: SessionPointer?) {
    // To tell one may end another's session.
    guard let tracker = tracking.pointee.trackers[Int(number)] else { return }
    if tracker.session == origin && tracker.session.pointee.flags.contains(.trackingNoLoop) { return }
    send(to: tracker) { message in
      message.array(1)
      message.bulk(key)
    }
  }

  /// Everything may have changed: all keys of a database, or of all if it is nil, are gone, or others.
  public func invalidateAll(_ database: Int?, _ event: StaticString) {
    if keyspace.pointee.interest.contains(.feed) { noteFlush(database, event) }
    guard tracking.pointee.count > 0 else { return }
    tracking.pointee.table.removeAll()
    for case let tracker? in tracking.pointee.trackers where tracker.feedAddress == nil {
      let isRESP3 = tracker.session.pointee.isRESP3
      send(to: tracker) { $0.raw(isRESP3 ? "_\r\n" : "$-1\r\n") }
    }
  }

  /// Sends a message to whom a client wants it to be sent.
  ///
  /// - Parameters:
  ///   - elements: of the message, with its name.
  ///   - write: writes what is invalid, and whatever follows it.
  func send(to tracker: Tracking.Tracker, elements: Int = 2, _ write: (inout ReplyWriter) -> Void) {
    var target = tracker.session
    if tracker.redirect != 0 {
      guard let other = tracking.pointee.targets[tracker.redirect] else { return noteBrokenRedirect(tracker) }
      target = other
    }
    tracking.pointee.message.reset(keepingCapacity: 64 << 10)
    tracking.pointee.message.protocolVersion = target.pointee.protocolVersion
    if target.pointee.isRESP3 {
      tracking.pointee.message.push(elements)
      tracking.pointee.message.bulk("invalidate")
    } else if tracker.redirect != 0 && target.pointee.flags.contains(.subscribed) {
      tracking.pointee.message.array(3)
      tracking.pointee.message.bulk("message")
      tracking.pointee.message.bulk("__redis__:invalidate")
    } else {
      // There is no way to tell it.
      return
    }
    write(&tracking.pointee.message)
    deliverInvalidation(to: target)
  }

  private func noteBrokenRedirect(_ tracker: Tracking.Tracker) {
    tracker.session.pointee.flags.insert(.trackingBrokenRedirect)
    guard tracker.session.pointee.isRESP3 else { return }
    tracking.pointee.message.reset(keepingCapacity: 64 << 10)
    tracking.pointee.message.protocolVersion = 3
    tracking.pointee.message.push(2)
    tracking.pointee.message.bulk("tracking-redir-broken")
    tracking.pointee.message.integer(Int(truncatingIfNeeded: tracker.redirect))
    deliverInvalidation(to: tracker.session)
  }

  private func deliverInvalidation(to target: SessionPointer) {
    if tracking.pointee.isHolding && target == hot.pointee.current {
      tracking.pointee.held.raw(tracking.pointee.message.bytes)
    } else {
      host.deliver(tracking.pointee.message.bytes, to: target)
    }
  }

  /// Evicts before a command runs. What its session is told of it stands before the reply.
  func makeRoomBeforeCommand(_ reply: inout ReplyWriter) -> Bool {
    guard keyspace.pointee.interest.contains(.tracking) else { return makeRoom() }
    tracking.pointee.isHolding = true
    let hasRoom = makeRoom()
    tracking.pointee.isHolding = false
    reply.raw(tracking.pointee.held.bytes)
    tracking.pointee.held.reset(keepingCapacity: 64 << 10)
    return hasRoom
  }

  /// Runs a command of a session that waited. What the session is told of it is held back, to stand behind the reply.
  func holdingInvalidations(for session: SessionPointer, _ run: () -> Void) {
    let current = hot.pointee.current
    setCurrent(session)
    tracking.pointee.isHolding = true
    run()
    tracking.pointee.isHolding = false
    setCurrent(current)
  }

  func deliverHeldInvalidations(to session: SessionPointer) {
    guard tracking.pointee.held.count > 0 else { return }
    host.deliver(tracking.pointee.held.bytes, to: session)
    tracking.pointee.held.reset(keepingCapacity: 64 << 10)
  }
}

// MARK: The end of a turn

extension Executor {
  /// Buckets of the table that are looked at in a turn to clean up.
  private static let sweepSteps = 2000

  func endTurnOfTracking() {
    if tracking.pointee.isOverLimit || tracking.pointee.turnsOverLimit > 0 { limitTracking() }
    if tracking.pointee.prefixes.hasChanges { broadcast() }
    if tracking.pointee.table.needsSweep { tracking.pointee.table.sweep(steps: Self.sweepSteps) }
  }

  /// Forgets keys, which counts as a change of them, until the table is within its limits: some of them a turn, and more
  /// as long as that is not enough.
  private func limitTracking() {
    var effort = 100 * (tracking.pointee.turnsOverLimit + 1)
    while tracking.pointee.isOverLimit {
      if effort == 0 {
        tracking.pointee.turnsOverLimit += 1
        return
      }
      effort -= 1
      var receivers: [TrackingTable.Client] = []
      var key: [UInt8] = []
      let found = tracking.pointee.table.takeAny(&keyspace.pointee.random) {
        if receivers.isEmpty { key = $0.array }
        receivers.append($1)
      }
      if !found { break }
      for receiver in receivers { key.withBytes { tell(receiver, of: $0, origin: nil) } }
    }
    tracking.pointee.turnsOverLimit = 0
  }

  /// Tells clients in BCAST mode what was changed in this turn.
  private func broadcast() {
    tracking.pointee.prefixes.takeChanges().forEach { clients, changes in
      for client in clients {
        guard let tracker = tracking.pointee.trackers[Int(client)] else { continue }
        let own = tracker.session.pointee.flags.contains(.trackingNoLoop) ? tracker.session.pointee.id : nil
        let told = own == nil ? changes.count : changes.count { $0.origin != own }
        if told == 0 { continue }
        send(to: tracker) { message in
          message.array(told)
          for change in changes where own == nil || change.origin != own { message.bulk(change.key) }
        }
      }
    }
  }
}
