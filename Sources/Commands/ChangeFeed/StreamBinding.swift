import Keyspace
import Memory
import RESP
import Structures

/// Events that are appended to a stream: one of those that `change-feed-stream` names.
public struct StreamBinding: Sendable {
  public let key: ByteString
  public let classes: EventClass
  public let pattern: ByteString
  /// Nil: all databases.
  public let database: Int?
  /// About how many entries are kept; 0: all.
  public let maximumLength: Int

  public init(key: ByteString, classes: EventClass, pattern: ByteString, database: Int?, maximumLength: Int) {
    self.key = key
    self.classes = classes
    self.pattern = pattern
    self.database = database
    self.maximumLength = maximumLength
  }

  /// Where the stream is.
  var home: Int { database ?? 0 }

  func matches(_ record: ChangeLog.Record, _ key: Bytes) -> Bool {
    guard record.eventClass & classes.rawValue != 0 else { return false }
    if let database, record.database >= 0, Int(record.database) != database { return false }
    return record.isFlush || pattern.withBytes { globMatches(pattern: $0, key) }
  }
}

extension ChangeFeed {
  /// Whether a key is one of the streams: what clients do with these is no event.
  fileprivate func isBound(_ record: ChangeLog.Record, _ key: Bytes) -> Bool {
    bindings.contains { $0.home == Int(record.database) && $0.key.withBytes { $0.equals(key) } }
  }
}

extension Executor {
  /// From now on events are appended to other streams than before.
  public func bindStreams(_ bindings: [StreamBinding]) {
    guard let feed else { return }
    seal()
    feed.pointee.bindings = bindings
    feed.pointee.boundAddress = feed.pointee.log.pointee.sealedEnd
  }

  /// Appends what was sealed since the last time to the streams that it is bound to.
  func appendToStreams() {
    guard let feed, !feed.pointee.bindings.isEmpty, !feed.pointee.isAppending else { return }
    let address = max(feed.pointee.boundAddress, feed.pointee.log.pointee.start)
    feed.pointee.boundAddress = feed.pointee.log.pointee.sealedEnd
    // They change keys as any command does, but nobody is to be told that events were told.
    feed.pointee.isAppending = true
    keyspace.pointee.changeLog = nil
    let notified = keyspace.pointee.notifiedClasses
    keyspace.pointee.notifiedClasses = .silent
    var position = 0
    var sequence = 0
    feed.pointee.log.pointee.forEach(from: address) { record, key in
      if record.position != position {
        position = record.position
        sequence = 0
      }
      if !feed.pointee.isBound(record, key) {
        for binding in feed.pointee.bindings where binding.matches(record, key) {
          append(record, key, sequence, to: binding)
        }
      }
      sequence += 1
    }
    keyspace.pointee.notifiedClasses = notified
    keyspace.pointee.changeLog = feed.pointee.log
    feed.pointee.isAppending = false
  }

  private func append(_ record: ChangeLog.Record, _ key: Bytes, _ sequence: Int, to binding: StreamBinding) {
    guard let command = table.find(Bytes("xadd")) else { return }
    let id = binding.key.withBytes { name in
      nextID(binding.home, name, StreamID(UInt64(clamping: record.position), UInt64(clamping: sequence)))
    }
    guard let id else { return }
    var words: [ByteString] = [ByteString("XADD"), binding.key]
    if binding.maximumLength > 0 {
      words += [ByteString("MAXLEN"), ByteString("~"), ByteString("\(binding.maximumLength)")]
    }
    words += [
      ByteString("\(id.milliseconds)-\(id.sequence)"), ByteString("event"), ByteString(record.event),
      ByteString("key"), ByteString(key), ByteString("db"), ByteString("\(record.database)"), ByteString("client"),
      ByteString("\(record.origin)"),
    ]
    run(words, command, in: binding.home)
  }

  /// The ID of an entry: the wanted one, or the one after the last if that is not smaller. Nil if the key holds
  /// something else.
  private func nextID(_ database: Int, _ key: Bytes, _ wanted: StreamID) -> StreamID? {
    let slot = keyspace.pointee.lookup(database, key, hash: keyspace.pointee.hash(key), .silent)
    guard let slot else { return wanted }
    let entry = Entry(address: slot.pointee)
    guard entry.valueType == .stream else { return nil }
    let last = StreamValue.stream(entry).pointee.lastID
    return wanted > last ? wanted : last.next
  }

  /// Runs a command in the name of the server, and tells it to those who repeat commands.
  public func run(_ words: [ByteString], _ command: CommandReference, in database: Int) {
    var bytes: [UInt8] = []
    for word in words { bytes += word.bytes }
    bytes.withBytes { all in
      var arguments: [Bytes] = []
      var at = 0
      for word in words {
        arguments.append(all[at..<at + word.bytes.count])
        at += word.bytes.count
      }
      let session = serverSession
      session.pointee.database = database
      let current = hot.pointee.current
      setCurrent(nil)
      defer { setCurrent(current) }
      var reply = ReplyWriter(capacity: 64)
      let dirty = keyspace.pointee.dirty
      arguments.withUnsafeBufferPointer { arguments in
        guard let base = arguments.baseAddress else { return }
        let call = makeCall(session, base, count: arguments.count, command: command)
        command.pointee.run(call, &reply)
        if keyspace.pointee.interest.contains(.propagation) {
          propagate(call, changedSomething: keyspace.pointee.dirty != dirty)
        }
      }
    }
  }
}
