import NIOCore

/// Writes commands into a buffer, argument by argument.
///
/// It counts the arguments itself, so that no command can announce another number than it has: that would make the
/// server take all that follows for something else.
public struct CommandEncoder: Sendable {
  private(set) var buffer = ByteBuffer()
  /// Where the command that is being written begins.
  private var start = 0
  private var count = 0
  /// As much as was taken last: a busy connection then allocates once for every write.
  private var expectedBytes = 256
  /// Room for `*n\r\n` with one digit, which nearly all commands need.
  private static let headLength = 4

  init() {}

  /// Hands over what was written, and begins anew.
  mutating func take() -> ByteBuffer {
    var taken = ByteBuffer()
    swap(&taken, &buffer)
    expectedBytes = min(taken.readableBytes, 64 << 10)
    return taken
  }

  var byteCount: Int { buffer.writerIndex }

  /// Appends what was encoded already.
  mutating func append(encoded bytes: ByteBuffer) { buffer.writeImmutableBuffer(bytes) }

  /// Keeps only the parts that `isWanted` wants, told by their lengths, which are all of the buffer.
  mutating func keep(_ parts: some Sequence<(length: Int, isWanted: Bool)>) {
    var kept = ByteBuffer()
    for part in parts {
      guard var bytes = buffer.readSlice(length: part.length) else { break }
      if part.isWanted { kept.writeBuffer(&bytes) }
    }
    buffer = kept
  }

  mutating func begin() {
    if buffer.writerIndex == 0 && buffer.capacity < expectedBytes { buffer.reserveCapacity(expectedBytes) }
    start = buffer.writerIndex
    count = 0
    buffer.writeInteger(UInt32(0x2a30_0d0a))  // *0\r\n
  }

  /// Ends the command, or takes it back if it has no arguments: the server would answer nothing.
  mutating func end() -> Bool {
    if count == 0 {
      buffer.moveWriterIndex(to: start)
      return false
    }
    if count < 10 {
      buffer.setInteger(UInt8(48 + count), at: start + 1)
      return true
    }
    let head = "*\(count)\r\n"
    let body = start + Self.headLength
    let length = buffer.writerIndex - body
    let extra = head.utf8.count - Self.headLength
    buffer.writeRepeatingByte(0, count: extra)
    buffer.withUnsafeMutableReadableBytes { bytes in
      // The buffer is read from its beginning, so that its indices are those of the view.
      bytes.baseAddress.map { ($0 + body + extra).copyMemory(from: $0 + body, byteCount: length) }
    }
    buffer.setString(head, at: start)
    return true
  }

  /// Appends a word of the command's own.
  @inline(__always)
  public mutating func append(word: StaticString) {
    append(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  public mutating func append(_ argument: RESPArgument) {
    switch argument {
    case .string(let text): append(text)
    case .buffer(let bytes): bytes.withUnsafeReadableBytes { append($0) }
    case .integer(let number): append(String(number))
    case .double(let number): append(number.respText)
    }
  }

  public mutating func append(_ arguments: [RESPArgument]) {
    for argument in arguments { append(argument) }
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    count += 1
    // `$`, 20 digits at most, two line ends.
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count + 25) { target in
      target[0] = UInt8(ascii: "$")
      var at = 1 + Self.write(bytes.count, to: target, at: 1)
      target[at] = 13
      target[at + 1] = 10
      at += 2
      if let base = bytes.baseAddress, let to = target.baseAddress {
        (to + at).copyMemory(from: base, byteCount: bytes.count)
      }
      at += bytes.count
      target[at] = 13
      target[at + 1] = 10
      return at + 2
    }
  }

  /// Writes a count in decimal and returns the number of digits.
  private static func write(_ number: Int, to target: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
    var digits = 1
    var rest = number / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    rest = number
    for i in stride(from: start + digits - 1, through: start, by: -1) {
      target[i] = UInt8(48 + rest % 10)
      rest /= 10
    }
    return digits
  }
}
