import Keyspace
import Memory
import RESP
import Structures

// Pending entries that change hands.

extension CommandTable {
  static let streamClaims: [Command] = [
    Command(
      "XCLAIM", arity: -6, [.write, .fast], keys: [.one("RW", "update")], group: .stream, since: "5.0.0",
      summary: "Makes a consumer the owner of pending entries.",
      complexity: "O(log N) with N being the number of messages in the PEL of the consumer group.",
      syntax:
        "key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]",
      tips: ["nondeterministic_output"], run: xclaim),
    Command(
      "XAUTOCLAIM", arity: -6, [.write, .fast], keys: [.one("RW", "delete")], group: .stream, since: "6.2.0",
      summary: "Makes a consumer the owner of entries that are pending for long, whichever they are.",
      complexity: "O(1) if COUNT is small.",
      syntax: "key group consumer min-idle-time start [COUNT count] [JUSTID]", tips: ["nondeterministic_output"],
      run: xautoclaim),
    Command(
      "XNACK", arity: -7, [.write, .fast], keys: [.one("RW", "update")], group: .stream, since: "8.8.0",
      summary: "Gives pending entries back to their group, for whoever claims next.",
      complexity: "O(1) for each message ID processed.",
      syntax: "key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]", run: xnack),
  ]
}

// MARK: XCLAIM

/// What follows the ids of XCLAIM.
private struct ClaimOptions {
  private(set) var minimumIdle: Int64
  private(set) var ids: [StreamID] = []
  private(set) var deliveryTime: Int64
  private(set) var deliveryCount: Int64 = -1
  private(set) var isForced = false
  private(set) var returnsIDs = false
  private(set) var lastID = StreamID.zero

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    guard let idle = parseInteger(call[4]) else {
      reply.error("ERR Invalid min-idle-time argument for XCLAIM")
      return nil
    }
    minimumIdle = max(idle, 0)
    deliveryTime = -1
    var i = 5
    while i < call.count, let id = StreamID(text: call[i]) {
      ids.append(id)
      i += 1
    }
    while i < call.count {
      guard let next = parse(call, i, &reply) else { return nil }
      i = next
    }
    // A time that cannot be is not worth an error: clients work with clocks of their own.
    if deliveryTime < 0 || deliveryTime > call.now { deliveryTime = call.now }
  }

  private mutating func parse(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Int? {
    let hasMore = i + 1 < call.count
    if call.argument(i, is: "force") {
      isForced = true
      return i + 1
    }
    if call.argument(i, is: "justid") {
      returnsIDs = true
      return i + 1
    }
    if hasMore && call.argument(i, is: "idle") {
      guard let idle = number(call, i + 1, "ERR Invalid IDLE option argument for XCLAIM", &reply) else { return nil }
      let (time, overflow) = call.now.subtractingReportingOverflow(idle)
      deliveryTime = overflow ? call.now : time
      return i + 2
    }
    if hasMore && call.argument(i, is: "time") {
      guard let time = number(call, i + 1, "ERR Invalid TIME option argument for XCLAIM", &reply) else { return nil }
      deliveryTime = time
      return i + 2
    }
    if hasMore && call.argument(i, is: "retrycount") {
      guard let count = number(call, i + 1, "ERR Invalid RETRYCOUNT option argument for XCLAIM", &reply) else {
        return nil
      }
      deliveryCount = count
      return i + 2
    }
    if hasMore && call.argument(i, is: "lastid") {
      guard let id = call.streamID(i + 1, &reply) else { return nil }
      lastID = id
      return i + 2
    }
    reply.error("ERR Unrecognized XCLAIM option '\(call[i])'")
    return nil
  }

  private func number(_ call: Call, _ i: Int, _ message: StaticString, _ reply: inout ReplyWriter) -> Int64? {
    if let value = parseInteger(call[i]) { return value }
    reply.error(message)
    return nil
  }
}

private func xclaim(_ call: Call, _ reply: inout ReplyWriter) {
  guard let (stream, group) = call.findGroup(1, toServe: true, &reply), let options = ClaimOptions(call, &reply) else {
    return
  }
  call.propagateNothing()
  let movesGroup = options.lastID > group.pointee.lastID
  if movesGroup {
    group.pointee.lastID = options.lastID
    group.pointee.forgetBookmark()
  }
  let (consumer, _) = call.findOrAddConsumer(3, key: 1, group)
  let mark = reply.mark
  var claimed = 0
  var changes = 0
  for id in options.ids {
    let delivery = group.pointee.delivery(id)
    guard stream.pointee.contains(id) else {
      guard let delivery else { continue }
      // It is gone from the stream: nobody will ever do anything with it.
      call.propagateClaim(1, 2, group, id, delivery)
      _ = group.pointee.acknowledge(id)
      changes += 1
      continue
    }
    guard delivery != nil || options.isForced else { continue }
    if let delivery, options.minimumIdle > 0, delivery.idle(call.now) < options.minimumIdle { continue }
    var count = delivery?.count ?? 1
    if options.deliveryCount >= 0 {
      count = UInt64(options.deliveryCount)
    } else if !options.returnsIDs {
      count = count.next
    }
    group.pointee.redeliver(id, to: consumer, time: options.deliveryTime, count: count)
    consumer.pointee.activeTime = call.now
    if options.returnsIDs { reply.streamID(id) } else { _ = reply.streamEntry(stream, id) }
    claimed += 1
    changes += 1
    if call.isPropagated, let fresh = group.pointee.delivery(id) { call.propagateClaim(1, 2, group, id, fresh) }
  }
  if movesGroup && changes == 0 {
    call.propagateGroup(1, 2, group)
    changes += 1
  }
  if changes > 0 { call.keyspace.pointee.changedSilently(count: changes) }
  reply.insertArray(claimed, at: mark)
}

// MARK: XAUTOCLAIM

private struct AutoclaimOptions {
  let minimumIdle: Int64
  let start: StreamID
  private(set) var count = 100
  private(set) var returnsIDs = false

  /// Redis looks at ten entries for each that it may claim; a product beyond 64 bits is none.
  static let attemptsFactor = 10
  private static let maximumCount = Int64.max / 16

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    guard let idle = parseInteger(call[4]) else {
      reply.error("ERR Invalid min-idle-time argument for XAUTOCLAIM")
      return nil
    }
    minimumIdle = max(idle, 0)
    guard let start = call.rangeStart(5, &reply) else { return nil }
    self.start = start
    var i = 6
    while i < call.count {
      if call.argument(i, is: "count") && i + 1 < call.count {
        guard let value = parseInteger(call[i + 1]), value > 0, value <= Self.maximumCount else {
          reply.error("ERR COUNT must be > 0")
          return nil
        }
        count = Int(value)
        i += 2
      } else if call.argument(i, is: "justid") {
        returnsIDs = true
        i += 1
      } else {
        reply.syntaxError()
        return nil
      }
    }
  }
}

private func xautoclaim(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = AutoclaimOptions(call, &reply), let (stream, group) = call.findGroup(1, toServe: true, &reply)
  else {
    return
  }
  call.propagateNothing()
  let (consumer, _) = call.findOrAddConsumer(3, key: 1, group)
  reply.array(3)
  let mark = reply.mark
  var claimed = 0
  var deleted: [StreamID] = []
  var left = options.count
  var attempts = options.count * AutoclaimOptions.attemptsFactor
  var next = group.pointee.pending(atOrAfter: options.start)
  while attempts > 0 && left > 0, let (id, delivery) = next {
    attempts -= 1
    defer { next = id.next.flatMap { group.pointee.pending(atOrAfter: $0) } }
    guard stream.pointee.contains(id) else {
      // It is gone from the stream: nobody will ever do anything with it.
      call.propagateClaim(1, 2, group, id, delivery)
      _ = group.pointee.acknowledge(id)
      deleted.append(id)
      left -= 1
      continue
    }
    if options.minimumIdle > 0 && delivery.idle(call.now) < options.minimumIdle { continue }
    let count = options.returnsIDs ? delivery.count : delivery.count.next
    group.pointee.redeliver(id, to: consumer, time: call.now, count: count)
    consumer.pointee.activeTime = call.now
    if options.returnsIDs { reply.streamID(id) } else { _ = reply.streamEntry(stream, id) }
    claimed += 1
    left -= 1
    if call.isPropagated, let fresh = group.pointee.delivery(id) { call.propagateClaim(1, 2, group, id, fresh) }
  }
  if claimed + deleted.count > 0 { call.keyspace.pointee.changedSilently(count: claimed + deleted.count) }
  reply.insertArray(claimed, at: mark)
  reply.insertStreamID(next?.id ?? .zero, at: mark)
  reply.array(deleted.count)
  for id in deleted { reply.streamID(id) }
}

// MARK: XNACK

private struct ReturnOptions {
  private enum Mode {
    case silent, fail, fatal
  }

  private let mode: Mode
  let ids: [StreamID]
  private var deliveryCount: UInt64?
  private(set) var isForced = false

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    if call.argument(3, is: "silent") {
      mode = .silent
    } else if call.argument(3, is: "fail") {
      mode = .fail
    } else if call.argument(3, is: "fatal") {
      mode = .fatal
    } else {
      reply.syntaxError()
      return nil
    }
    guard call.argument(4, is: "ids") else {
      reply.syntaxError()
      return nil
    }
    guard let block = CountedIDs(call, at: 4, &reply) else { return nil }
    ids = block.ids
    var i = block.end
    while i < call.count {
      if call.argument(i, is: "force") {
        isForced = true
        i += 1
      } else if call.argument(i, is: "retrycount") && i + 1 < call.count {
        guard let value = parseInteger(call[i + 1]), value >= 0 else {
          reply.error("ERR RETRYCOUNT must be a non-negative integer")
          return nil
        }
        deliveryCount = UInt64(value)
        i += 2
      } else {
        reply.syntaxError()
        return nil
      }
    }
  }

  /// How often an entry counts as delivered from now on, which was delivered `old` times, if it was pending.
  func count(_ old: UInt64?) -> UInt64 {
    if let deliveryCount { return deliveryCount }
    switch mode {
    case .fatal: return UInt64(Int64.max)
    case .fail: return old ?? 0
    case .silent: return old.map { $0 > 0 ? $0 - 1 : 0 } ?? 0
    }
  }
}

private func xnack(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = ReturnOptions(call, &reply), let (stream, group) = call.findGroup(1, toServe: true, &reply) else {
    return
  }
  var returned = 0
  for id in options.ids {
    let delivery = group.pointee.delivery(id)
    guard delivery != nil || (options.isForced && stream.pointee.contains(id)) else { continue }
    group.pointee.giveBack(id, count: options.count(delivery?.count))
    returned += 1
  }
  // Somebody may wait for what can be claimed.
  if returned > 0 { call.changed(1, .stream, "xnack", count: returned) }
  reply.integer(returned)
}

extension ReplyWriter {
  /// Puts an id before what was written since `mark`.
  fileprivate mutating func insertStreamID(_ id: StreamID, at mark: Int) {
    id.withText { insertBulk($0, at: mark) }
  }
}
