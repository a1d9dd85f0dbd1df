import Keyspace
import Memory
import RESP
import Structures

// XREAD and XREADGROUP: the entries of several streams after ids that the client knows, or those that its group has not
// seen yet.

func xread(_ call: Call, _ reply: inout ReplyWriter) {
  guard let request = ReadRequest(call, isGroup: false, &reply) else { return }
  // Nothing is read before all streams and ids were looked at.
  for i in 0..<request.streamCount {
    if case .wrongType = call.findStream(request.firstKey + i, .none, &reply) { return }
    guard request.checkID(call, i, &reply) else { return }
  }
  var output = ReadOutput(request, &reply)
  for i in 0..<request.streamCount where !output.isFull {
    guard case .found(let stream) = call.findStream(request.firstKey + i, .silent, &reply) else { continue }
    read(call, request, i, stream, &output, &reply)
  }
  if output.finish(&reply) { return }
  waitForEntries(call, request, &reply)
}

private func read(
  _ call: Call, _ request: ReadRequest, _ i: Int, _ stream: StreamPointer, _ output: inout ReadOutput,
  _ reply: inout ReplyWriter
) {
  let isLast = request.isLast(call, i)
  guard let after = isLast ? stream.pointee.lastLivingID()?.previous : request.id(call, i, stream),
    let start = after.next
  else { return }
  // Most of those who ask again have everything.
  guard start <= stream.pointee.lastID && stream.pointee.length > 0 else { return }
  output.begin(call[request.firstKey + i], &reply)
  var reader = StreamReader(stream, from: start)
  let limit = isLast ? 1 : output.limit
  while output.count < limit, let entry = reader.next() {
    guard output.add(&reply, { $0.streamEntry(&reader, entry.id, fieldCount: entry.fieldCount) }) else { break }
  }
  output.end(isKeptEmpty: false, &reply)
}

func xreadgroup(_ call: Call, _ reply: inout ReplyWriter) {
  guard let request = ReadRequest(call, isGroup: true, &reply) else { return }
  var found: (StreamPointer, ConsumerGroupPointer)?
  for i in 0..<request.streamCount {
    found = request.findGroup(call, i, isFirst: true, &reply)
    guard found != nil, request.checkID(call, i, &reply) else { return }
  }
  // What follows tells by itself what it came to.
  call.propagateNothing()
  var output = ReadOutput(request, &reply)
  var nextClaim: Int64?
  for i in 0..<request.streamCount {
    // Nearly always there is one stream, which is found already.
    if request.streamCount > 1 { found = request.findGroup(call, i, isFirst: false, &reply) }
    guard let (stream, group) = found else { continue }
    var member = GroupMember(call, request, key: request.firstKey + i, stream: stream, group: group)
    if output.isFull { continue }
    if request.isNew(call, i) {
      member.readNew(&output, &reply)
      if let oldest = member.nextClaim { nextClaim = min(nextClaim ?? .max, oldest) }
    } else if let after = StreamID(text: call[request.firstID + i]) {
      member.readPending(after: after, &output, &reply)
    }
  }
  if output.finish(&reply) { return }
  waitForEntries(call, request, retryAt: nextClaim, &reply)
}

/// Lets the session wait if it asked for that; else it gets null.
private func waitForEntries(
  _ call: Call, _ request: ReadRequest, retryAt: Int64? = nil, _ reply: inout ReplyWriter
) {
  guard let timeout = request.timeout, call.mayBlock else { return reply.nullArray() }
  let keys = request.firstKey..<request.firstID
  guard !request.isGroup else {
    return call.block(
      on: keys, for: .stream, timeoutMilliseconds: timeout, wakesOnMissingKey: true, retryAt: retryAt)
  }
  // "$" is what is the last entry now, not when the next comes.
  var texts: [[UInt8]?] = Array(repeating: nil, count: call.count)
  for i in 0..<request.streamCount where request.isEnd(call, i) {
    var last = StreamID.zero
    if case .found(let stream) = call.findStream(request.firstKey + i, .silent, &reply) { last = stream.pointee.lastID }
    texts[request.firstID + i] = last.withText { $0.array }
  }
  let count = texts.reduce(0) { $0 + ($1?.count ?? 0) }
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(count, 1)) { buffer in
    var arguments = (0..<call.count).map { call[$0] }
    var at = 0
    for (i, text) in texts.enumerated() {
      guard let text else { continue }
      for (j, byte) in text.enumerated() { buffer[at + j] = byte }
      arguments[i] = Bytes(UnsafeRawPointer(buffer.baseAddress! + at), count: text.count)
      at += text.count
    }
    arguments.withUnsafeBufferPointer { arguments in
      let settled = call.executor.makeCall(
        call.session, arguments.baseAddress!, count: arguments.count, command: call.command)
      settled.block(on: keys, for: .stream, timeoutMilliseconds: timeout)
    }
  }
}

/// The arguments of XREAD or XREADGROUP.
struct ReadRequest {
  let isGroup: Bool
  private(set) var limit = Int.max
  /// Of all streams together.
  private(set) var totalLimit = Int.max
  /// Bytes of the reply.
  private(set) var sizeLimit = Int.max
  /// Milliseconds, 0 for ever; nil: does not wait.
  private(set) var timeout: Int64?
  private(set) var isAcknowledged = false
  /// Entries that are pending for so long are claimed.
  private(set) var minimumIdle: Int64?
  private(set) var groupIndex = 0
  private(set) var firstKey = 0
  private(set) var streamCount = 0

  var firstID: Int { firstKey + streamCount }
  var consumerIndex: Int { groupIndex + 1 }

  /// Nil after the error was written.
  init?(_ call: Call, isGroup: Bool, _ reply: inout ReplyWriter) {
    self.isGroup = isGroup
    var i = 1
    while i < call.count && firstKey == 0 {
      guard let next = parseOption(call, i, &reply) else { return nil }
      i = next
    }
    if firstKey == 0 {
      reply.syntaxError()
      return nil
    }
    if isGroup && groupIndex == 0 {
      reply.error("ERR Missing GROUP option for XREADGROUP")
      return nil
    }
    if limit != .max && totalLimit < limit {
      reply.error("ERR MAXCOUNT must be greater than or equal to COUNT")
      return nil
    }
  }

  /// Returns where the next option is; nil after the error was written.
  @inline(__always)
  private mutating func parseOption(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Int? {
    let more = call.count - 1 - i
    if more > 0 && call.argument(i, is: "streams") { return parseStreams(call, i + 1, &reply) }
    if more > 0 && call.argument(i, is: "count") {
      guard let value = call.integer(i + 1, &reply) else { return nil }
      limit = value <= 0 ? .max : Int(value)
      return i + 2
    }
    if more > 1 && call.argument(i, is: "group") {
      if !isGroup {
        reply.error("ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.")
        return nil
      }
      groupIndex = i + 1
      return i + 3
    }
    return parseRareOption(call, i, more: more, &reply)
  }

  private mutating func parseRareOption(_ call: Call, _ i: Int, more: Int, _ reply: inout ReplyWriter) -> Int? {
    if more > 0 && call.argument(i, is: "block") {
      if call.isScripted {
        reply.error("ERR \(call.command.pointee.fullName) command is not allowed with BLOCK option from scripts")
        return nil
      }
      return parseTimeout(call, i + 1, &reply)
    }
    if more > 0 && call.argument(i, is: "maxcount") {
      guard let value = positive(call, i + 1, "ERR MAXCOUNT must be a positive integer", &reply) else { return nil }
      totalLimit = value
      return i + 2
    }
    if more > 0 && call.argument(i, is: "maxsize") {
      guard let value = positive(call, i + 1, "ERR MAXSIZE must be a positive integer", &reply) else { return nil }
      sizeLimit = value
      return i + 2
    }
    if call.argument(i, is: "noack") {
      if !isGroup {
        reply.error("ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.")
        return nil
      }
      isAcknowledged = true
      return i + 1
    }
    if more > 0 && call.argument(i, is: "claim") {
      if !isGroup {
        reply.error("ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.")
        return nil
      }
      guard let value = parseInteger(call[i + 1]), value >= 0 else {
        reply.error("ERR min-idle-time must be a non-negative integer")
        return nil
      }
      minimumIdle = value
      return i + 2
    }
    reply.syntaxError()
    return nil
  }

  private func positive(_ call: Call, _ i: Int, _ message: StaticString, _ reply: inout ReplyWriter) -> Int? {
    if let value = parseInteger(call[i]), value > 0 { return Int(value) }
    reply.error(message)
    return nil
  }

  private mutating func parseTimeout(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Int? {
    guard let value = parseInteger(call[i]) else {
      reply.error("ERR timeout is not an integer or out of range")
      return nil
    }
    if value < 0 {
      reply.error("ERR timeout is negative")
      return nil
    }
    if value > Int64.max - call.now {
      reply.error("ERR timeout is out of range")
      return nil
    }
    timeout = value
    return i + 1
  }

  private mutating func parseStreams(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Int? {
    let rest = call.count - i
    if rest % 2 != 0 {
      let symbol = isGroup ? ">" : "$"
      reply.error(
        "ERR Unbalanced '\(call.command.pointee.fullName)' list of streams: for each stream key an ID or '\(symbol)' must be specified."
      )
      return nil
    }
    firstKey = i
    streamCount = rest / 2
    return call.count
  }

  // MARK: Ids

  private func isSymbol(_ call: Call, _ i: Int, _ symbol: Unicode.Scalar) -> Bool {
    let text = call[firstID + i]
    return text.count == 1 && text[0] == UInt8(ascii: symbol)
  }

  /// `$`: what comes from now on.
  func isEnd(_ call: Call, _ i: Int) -> Bool { isSymbol(call, i, "$") }
  /// `+`: the last entry.
  func isLast(_ call: Call, _ i: Int) -> Bool { !isGroup && isSymbol(call, i, "+") }
  /// `>`: what the group has not seen. The greatest id stands for the same, as in Redis.
  func isNew(_ call: Call, _ i: Int) -> Bool {
    if isSymbol(call, i, ">") { return true }
    return isGroup && call[firstID + i].count > 20 && StreamID(text: call[firstID + i]) == .maximum
  }

  /// Whether an id is one, and of a kind that the command knows; false after the error was written.
  func checkID(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Bool {
    if isEnd(call, i) {
      if !isGroup { return true }
      reply.error(
        "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."
      )
      return false
    }
    if isNew(call, i) {
      if isGroup { return true }
      reply.error(
        "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.")
      return false
    }
    return isLast(call, i) || call.streamID(firstID + i, &reply) != nil
  }

  /// The id after which an XREAD begins.
  func id(_ call: Call, _ i: Int, _ stream: StreamPointer) -> StreamID? {
    isEnd(call, i) ? stream.pointee.lastID : StreamID(text: call[firstID + i])
  }

  /// A stream with its group; nil after the error was written.
  @inline(__always)
  func findGroup(
    _ call: Call, _ i: Int, isFirst: Bool, _ reply: inout ReplyWriter
  ) -> (StreamPointer, ConsumerGroupPointer)? {
    let key = firstKey + i
    switch isFirst ? call.findStreamToServe(key, &reply) : call.findStream(key, .silent, &reply) {
    case .wrongType: return nil
    case .found(let stream):
      if let group = stream.pointee.findGroup(call[groupIndex]) { return (stream, group) }
      fallthrough
    case .missing:
      reply.error(
        "NOGROUP No such key '\(call[key])' or consumer group '\(call[groupIndex])' in XREADGROUP with GROUP option"
      )
      return nil
    }
  }
}

/// The reply as it grows: for each stream with something in it, its key and its entries.
struct ReadOutput {
  private let begin: Int
  private let request: ReadRequest
  private var keyMark = 0
  private var entriesMark = 0
  private var streams = 0
  private var total = 0
  /// Entries of the present stream.
  private(set) var count = 0
  /// There is to be nothing more, in whichever stream.
  private(set) var isFull = false

  init(_ request: ReadRequest, _ reply: inout ReplyWriter) {
    self.request = request
    begin = reply.mark
  }

  /// How many entries the present stream may have.
  var limit: Int { min(request.limit, request.totalLimit - total) }

  @inline(__always)
  mutating func begin(_ key: Bytes, _ reply: inout ReplyWriter) {
    keyMark = reply.mark
    if !reply.isRESP3 { reply.array(2) }
    reply.bulk(key)
    entriesMark = reply.mark
    count = 0
  }

  /// Writes one more entry; false, and nothing is written, if the reply would become too large by it.
  @inline(__always)
  mutating func add(_ reply: inout ReplyWriter, _ write: (inout ReplyWriter) -> Void) -> Bool {
    let mark = reply.mark
    write(&reply)
    if reply.mark - begin > request.sizeLimit && total + count > 0 {
      reply.truncate(to: mark)
      isFull = true
      return false
    }
    count &+= 1
    return true
  }

  /// - Parameter isKeptEmpty: whether the stream is named even if there is no entry.
  @inline(__always)
  mutating func end(isKeptEmpty: Bool, _ reply: inout ReplyWriter) {
    if count == 0 && !isKeptEmpty { return reply.truncate(to: keyMark) }
    reply.insertArray(count, at: entriesMark)
    streams &+= 1
    total &+= count
    count = 0
    if total >= request.totalLimit { isFull = true }
  }

  /// Completes the reply; false if there was nothing at all.
  @inline(__always)
  func finish(_ reply: inout ReplyWriter) -> Bool {
    if streams == 0 { return false }
    if reply.isRESP3 { reply.insertMap(streams, at: begin) } else { reply.insertArray(streams, at: begin) }
    return true
  }
}
