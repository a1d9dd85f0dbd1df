import NIOCore

/// Commands that leave together, encoded ahead of the queue.
struct EncodedCommands: Sendable {
  private var encoder = CommandEncoder()
  private(set) var lengths: [Int] = []

  init() {}

  init(_ commands: [[RESPArgument]]) {
    for command in commands { append { $0.append(command) } }
  }

  mutating func append(_ encode: (inout CommandEncoder) -> Void) {
    let start = encoder.byteCount
    encoder.begin()
    encode(&encoder)
    if encoder.end() { lengths.append(encoder.byteCount - start) }
  }

  var bytes: ByteBuffer { encoder.buffer }
}
