import CMartlet
import Memory

/// Appends replies to one growing buffer, in RESP2 or RESP3.
///
/// The executor has one for all connections of a turn; each connection's replies are a contiguous
/// part of it. Large values are not copied in: an attachment notes the blob and the place.
public struct ReplyWriter: ~Copyable {
  /// A blob that belongs into the byte stream before the byte at `offset`.
  public struct Attachment {
    public var offset: Int
    public let blob: Blob
  }

  /// Values from this size on are attached, not copied.
  public static let attachmentThreshold = 32 << 10

  public private(set) var base: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0
  public private(set) var capacity: Int
  public private(set) var attachments: [Attachment] = []

  /// 2 or 3, as the session that is served asked for.
  public var protocolVersion: UInt8 = 2
  /// How many error replies were written since the executor last set it to zero.
  public var errorCount = 0
  /// Where the latest error reply begins, to read its prefix for the statistics.
  public var lastErrorOffset = 0

  /// Past this the client is going to be closed for the size of its replies.
  public var cutoff = Int.max
  /// Whether it makes no sense to write on.
  public var isInVain: Bool { count > cutoff }

  public init(capacity: Int) {
    self.capacity = capacity
    base = Allocator.allocate(capacity).assumingMemoryBound(to: UInt8.self)
  }

  deinit {
    for attachment in attachments { attachment.blob.release() }
    Allocator.free(UnsafeMutableRawPointer(base))
  }

  // MARK: Room

  public var bytes: Bytes { Bytes(UnsafeRawPointer(base), count: count) }
  public var isRESP3: Bool { protocolVersion == 3 }

  @inline(never)
  private mutating func grow(by needed: Int) {
    let newCapacity = max(capacity * 2, count + needed)
    base = Allocator.reallocate(UnsafeMutableRawPointer(base), to: newCapacity).assumingMemoryBound(to: UInt8.self)
    capacity = newCapacity
  }

  @inline(__always)
  private mutating func reserve(_ needed: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity &- count < needed { grow(by: needed) }
    return base + count
  }

  /// Forgets everything from `offset` on.
  public mutating func truncate(to offset: Int) {
    precondition(offset >= 0 && offset <= count)
    count = offset
    // An attachment's length line stands before it, so one at `offset` itself is of what goes.
    while let last = attachments.last, last.offset > offset {
      last.blob.release()
      attachments.removeLast()
    }
  }

  /// Starts over after a turn. A buffer that a large reply blew up is given back.
  public mutating func reset(keepingCapacity limit: Int) {
    for attachment in attachments { attachment.blob.release() }
    attachments.removeAll(keepingCapacity: true)
    count = 0
    if capacity > limit {
      Allocator.free(UnsafeMutableRawPointer(base))
      capacity = limit
      base = Allocator.allocate(limit).assumingMemoryBound(to: UInt8.self)
    }
  }

  /// Hands the attachments from index `first` on to the caller, who then owns their references.
  public mutating func takeAttachments(from first: Int) -> [Attachment] {
    guard first < attachments.count else { return [] }
    let taken = Array(attachments[first...])
    attachments.removeSubrange(first...)
    return taken
  }

  // MARK: Raw

  /// All that `other` holds, its attachments copied in.
  public mutating func raw(flat other: inout ReplyWriter) {
    var at = 0
    for attachment in other.attachments {
      raw(other.bytes[at..<attachment.offset])
      raw(attachment.blob.bytes)
      at = attachment.offset
    }
    raw(other.bytes[at..<other.count])
  }

  /// Bytes that are RESP already.
  public mutating func raw(_ bytes: Bytes) {
    let to = reserve(bytes.count)
    memcpy(to, bytes.base, bytes.count)
    count &+= bytes.count
  }

  public mutating func raw(_ literal: StaticString) {
    raw(Bytes(literal))
  }

  /// `prefix`, a decimal number, CR LF: the head of nearly every reply.
  @inline(__always)
  private mutating func line(_ prefix: UInt8, _ number: Int) {
    let to = reserve(24)
    to[0] = prefix
    if UInt(bitPattern: number) < 10 {
      to[1] = 48 &+ UInt8(truncatingIfNeeded: number)
      to[2] = 13
      to[3] = 10
      count &+= 4
    } else {
      let length = writeDecimal(Int64(number), to: to + 1)
      to[1 &+ length] = 13
      to[2 &+ length] = 10
      count &+= 3 &+ length
    }
  }

  // MARK: Simple types

  public mutating func ok() { raw("+OK\r\n") }

  public mutating func pong() { raw("+PONG\r\n") }

  /// A status such as `+PONG`.
  public mutating func simple(_ text: StaticString) {
    let n = text.utf8CodeUnitCount
    let to = reserve(n + 3)
    to[0] = UInt8(ascii: "+")
    memcpy(to + 1, text.utf8Start, n)
    to[n + 1] = 13
    to[n + 2] = 10
    count &+= n + 3
  }

  public mutating func simple(_ text: String) {
    raw("+")
    text.withBytes { raw($0) }
    raw("\r\n")
  }

  /// A status of bytes. CR and LF, which would end the reply early, become blanks.
  public mutating func simple(_ text: Bytes) {
    raw("+")
    oneLine(text)
    raw("\r\n")
  }

  private mutating func oneLine(_ text: Bytes) {
    let to = reserve(text.count)
    for i in 0..<text.count { to[i] = text[i] == 13 || text[i] == 10 ? 32 : text[i] }
    count += text.count
  }

  /// An error with its code, e.g. `ERR syntax error`.
  public mutating func error(_ text: StaticString) {
    noteError()
    raw("-")
    raw(Bytes(text))
    raw("\r\n")
  }

  /// As `error(_:)`, with parts that are known only now.
  @_disfavoredOverload
  public mutating func error(_ text: ErrorText) {
    text.bytes.withBytes { error($0) }
  }

  /// As `error(_:)`. CR and LF, which would end the reply early, become blanks, and nothing at either end.
  public mutating func error(_ text: Bytes) {
    noteError()
    var first = 0
    var end = text.count
    while first < end, text[first] == 13 || text[first] == 10 { first += 1 }
    while end > first, text[end - 1] == 13 || text[end - 1] == 10 { end -= 1 }
    let to = reserve(end - first + 3)
    to[0] = UInt8(ascii: "-")
    for i in first..<end {
      let byte = text[i]
      to[1 + i - first] = byte == 13 || byte == 10 ? 32 : byte
    }
    to[end - first + 1] = 13
    to[end - first + 2] = 10
    count += end - first + 3
  }

  private mutating func noteError() {
    errorCount += 1
    lastErrorOffset = count
  }

  @inline(__always)
  public mutating func integer(_ value: Int) { line(UInt8(ascii: ":"), value) }

  /// An integer beyond what is signed: Redis writes it all the same.
  public mutating func integer(unsigned value: UInt64) {
    if let small = Int(exactly: value) { return integer(small) }
    raw(":")
    String(value).withBytes { raw($0) }
    raw("\r\n")
  }

  public mutating func boolean(_ value: Bool) {
    if isRESP3 { raw(value ? "#t\r\n" : "#f\r\n") } else { integer(value ? 1 : 0) }
  }

  /// RESP3's null; in RESP2 the null bulk string.
  public mutating func null() { raw(isRESP3 ? "_\r\n" : "$-1\r\n") }

  /// RESP3's null; in RESP2 the null array.
  public mutating func nullArray() { raw(isRESP3 ? "_\r\n" : "*-1\r\n") }

  // MARK: Strings

  public mutating func bulk(_ bytes: Bytes) {
    let n = bytes.count
    let to = reserve(n &+ 32)
    to[0] = UInt8(ascii: "$")
    let length = writeShortDecimal(n, to: to + 1)
    var cursor = to + (1 &+ length)
    cursor[0] = 13
    cursor[1] = 10
    cursor += 2
    memcpy(cursor, bytes.base, n)
    cursor += n
    cursor[0] = 13
    cursor[1] = 10
    count &+= 5 &+ length &+ n
  }

  public mutating func bulk(_ text: StaticString) { bulk(Bytes(text)) }
  public mutating func bulk(_ text: String) { text.withBytes { bulk($0) } }

  /// A blob's bytes, by reference when that is cheaper.
  public mutating func bulk(_ blob: Blob) {
    guard blob.count >= Self.attachmentThreshold else { return bulk(blob.bytes) }
    line(UInt8(ascii: "$"), blob.count)
    blob.retain()
    attachments.append(Attachment(offset: count, blob: blob))
    raw("\r\n")
  }

  /// A number as a bulk string.
  public mutating func bulk(integer value: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
      let length = writeDecimal(value, to: digits.baseAddress!)
      bulk(Bytes(UnsafeRawPointer(digits.baseAddress!), count: length))
    }
  }

  /// Text that is meant for people: `=15:txt:…` in RESP3, a bulk string in RESP2.
  public mutating func verbatim(_ text: String, format: StaticString = "txt") {
    guard isRESP3 else { return bulk(text) }
    text.withBytes { bytes in
      line(UInt8(ascii: "="), bytes.count + 4)
      raw(format)
      raw(":")
      raw(bytes)
      raw("\r\n")
    }
  }

  /// A double: its own type in RESP3, a bulk string in RESP2.
  public mutating func double(_ value: Double) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { digits in
      let length = writeDouble(value, to: digits.baseAddress!)
      double(text: Bytes(UnsafeRawPointer(digits.baseAddress!), count: length))
    }
  }

  /// As ``double(_:)``, for one that is written out already.
  public mutating func double(text: Bytes) {
    guard isRESP3 else { return bulk(text) }
    raw(",")
    raw(text)
    raw("\r\n")
  }

  /// A double as a bulk string, whatever the protocol.
  public mutating func bulkDouble(_ value: Double) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { digits in
      let length = writeDouble(value, to: digits.baseAddress!)
      bulk(Bytes(UnsafeRawPointer(digits.baseAddress!), count: length))
    }
  }

  /// An integer beyond 64 bits, given as its digits.
  public mutating func bigNumber(_ digits: StaticString) {
    guard isRESP3 else { return bulk(digits) }
    raw("(")
    raw(digits)
    raw("\r\n")
  }

  /// As ``bigNumber(_:)``, for digits that come from outside.
  public mutating func bigNumber(_ digits: Bytes) {
    guard isRESP3 else {
      let mark = count
      oneLine(digits)
      let length = count - mark
      insert(Bytes("\r\n"), at: count)
      insertHead(UInt8(ascii: "$"), length, at: mark)
      return
    }
    raw("(")
    oneLine(digits)
    raw("\r\n")
  }

  /// As ``verbatim(_:format:)``, for text with its format and a colon before it.
  public mutating func verbatim(_ text: Bytes) {
    precondition(text.count >= 4)
    guard isRESP3 else { return bulk(text[4..<text.count]) }
    line(UInt8(ascii: "="), text.count)
    raw(text)
    raw("\r\n")
  }

  // MARK: Aggregates

  @inline(__always)
  public mutating func array(_ elements: Int) { line(UInt8(ascii: "*"), elements) }

  /// The head of a map of `pairs` pairs; in RESP2 an array of twice as many elements.
  public mutating func map(_ pairs: Int) {
    if isRESP3 { line(UInt8(ascii: "%"), pairs) } else { line(UInt8(ascii: "*"), pairs * 2) }
  }

  public mutating func set(_ elements: Int) { line(isRESP3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), elements) }

  /// An out-of-band message; in RESP2 an array.
  public mutating func push(_ elements: Int) { line(isRESP3 ? UInt8(ascii: ">") : UInt8(ascii: "*"), elements) }

  /// RESP3's attribute head. Nothing may be sent in its place in RESP2.
  public mutating func attribute(_ pairs: Int) { line(UInt8(ascii: "|"), pairs) }

  /// The place for a head whose number of elements is known only after them.
  public var mark: Int { count }

  /// Puts an array's head at `mark`, before the elements written since. Moves those bytes once.
  public mutating func insertArray(_ elements: Int, at mark: Int) { insertHead(UInt8(ascii: "*"), elements, at: mark) }

  /// As `insertArray`, for a set.
  public mutating func insertSet(_ elements: Int, at mark: Int) {
    insertHead(isRESP3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), elements, at: mark)
  }

  /// As `insertArray`, for a map of `pairs` pairs.
  public mutating func insertMap(_ pairs: Int, at mark: Int) {
    if isRESP3 {
      insertHead(UInt8(ascii: "%"), pairs, at: mark)
    } else {
      insertHead(UInt8(ascii: "*"), pairs * 2, at: mark)
    }
  }

  /// As `insertArray`, for a short string that is known only after what follows it.
  public mutating func insertBulk(_ bytes: Bytes, at mark: Int) {
    insert(bytes, at: mark)
    insert(Bytes("\r\n"), at: mark + bytes.count)
    insertHead(UInt8(ascii: "$"), bytes.count, at: mark)
  }

  private mutating func insertHead(_ type: UInt8, _ number: Int, at mark: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { head in
      head[0] = type
      let length = writeDecimal(Int64(number), to: head.baseAddress! + 1) + 3
      head[length - 2] = 13
      head[length - 1] = 10
      insert(Bytes(UnsafeRawPointer(head.baseAddress!), count: length), at: mark)
    }
  }

  private mutating func insert(_ bytes: Bytes, at mark: Int) {
    precondition(mark >= 0 && mark <= count)
    let length = bytes.count
    _ = reserve(length)
    memmove(base + mark + length, base + mark, count - mark)
    memcpy(base + mark, bytes.base, length)
    count += length
    for i in attachments.indices where attachments[i].offset >= mark { attachments[i].offset += length }
    if errorCount > 0 && lastErrorOffset >= mark { lastErrorOffset += length }
  }
}

/// As ``writeDecimal(_:to:)``, quickest for what most lengths are: one or two digits.
@inline(__always)
func writeShortDecimal(_ value: Int, to: UnsafeMutablePointer<UInt8>) -> Int {
  guard UInt(bitPattern: value) < 100 else { return writeDecimal(Int64(value), to: to) }
  let tens = UInt8(truncatingIfNeeded: value) / 10
  let ones = UInt8(truncatingIfNeeded: value) &- tens &* 10
  if tens == 0 {
    to[0] = 48 &+ ones
    return 1
  }
  to[0] = 48 &+ tens
  to[1] = 48 &+ ones
  return 2
}

/// Writes `value` in decimal and returns the number of bytes, at most 20.
@inline(__always)
func writeDecimal(_ value: Int64, to: UnsafeMutablePointer<UInt8>) -> Int {
  var magnitude = value.magnitude
  var at = 0
  if value < 0 {
    to[0] = UInt8(ascii: "-")
    at = 1
  }
  var digits = 1
  var bound: UInt64 = 10
  while magnitude >= bound {
    digits &+= 1
    if digits == 20 { break }
    bound = bound &* 10
  }
  var i = at &+ digits
  repeat {
    i &-= 1
    to[i] = 48 &+ UInt8(truncatingIfNeeded: magnitude % 10)
    magnitude /= 10
  } while i > at
  return at &+ digits
}
