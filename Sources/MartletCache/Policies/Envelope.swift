/// A value as it lies on the server.
///
/// Usually that is what the codec made of it and nothing else, so that others can read and write it. What has to be known
/// beyond that, such as a time that ends before the key's own, goes before it:
///
///     00 4D 43 31      the mark: a zero byte, "MC1"
///     1 byte           flags; bit 0: there is no value, and that is known
///     8 bytes          until when it is right, milliseconds since 1970; 0 for as long as it lies there
///     2 bytes          number of tags, and for each: 2 bytes length, the tag, 8 bytes its version
///     the rest         the value
///
/// Numbers are little-endian. A value that itself begins with the mark is always put into an envelope.
struct Envelope: Sendable, Equatable {
  struct Tag: Sendable, Equatable {
    var name: String
    var version: Int64
  }

  /// Nil if it is known that there is none.
  var payload: [UInt8]?
  var freshUntil: Int64 = 0
  var tags: [Tag] = []

  private static let mark: [UInt8] = [0, 0x4d, 0x43, 0x31]

  var encoded: [UInt8] {
    if let payload, freshUntil == 0, tags.isEmpty, !payload.starts(with: Self.mark) { return payload }
    var bytes = Self.mark
    bytes.reserveCapacity(15 + tags.count * 40 + (payload?.count ?? 0))
    bytes.append(payload == nil ? 1 : 0)
    bytes.append(little: UInt64(bitPattern: freshUntil))
    bytes.append(little: UInt16(tags.count))
    for tag in tags {
      bytes.append(little: UInt16(tag.name.utf8.count))
      bytes += tag.name.utf8
      bytes.append(little: UInt64(bitPattern: tag.version))
    }
    if let payload { bytes += payload }
    return bytes
  }

  init(payload: [UInt8]?, freshUntil: Int64 = 0, tags: [Tag] = []) {
    // What does not fit its count is no tag: an entry without it would never be invalidated by it.
    precondition(
      tags.count <= 1000 && tags.allSatisfy { $0.name.utf8.count <= 1000 }, "at most 1000 tags of 1000 bytes")
    (self.payload, self.freshUntil, self.tags) = (payload, freshUntil, tags)
  }

  /// Reads what lies on the server; nil if it has the mark and is broken.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Self.mark) else {
      payload = bytes
      return
    }
    var reader = Reader(bytes: bytes, position: Self.mark.count)
    guard let flags = reader.number(UInt8.self), let until = reader.number(UInt64.self),
      let count = reader.number(UInt16.self)
    else { return nil }
    freshUntil = Int64(bitPattern: until)
    for _ in 0..<count {
      guard let length = reader.number(UInt16.self), let name = reader.text(Int(length)),
        let version = reader.number(UInt64.self)
      else { return nil }
      tags.append(Tag(name: name, version: Int64(bitPattern: version)))
    }
    payload = flags & 1 != 0 ? nil : Array(bytes[reader.position...])
  }

  private struct Reader {
    let bytes: [UInt8]
    var position: Int

    mutating func number<T: FixedWidthInteger>(_ type: T.Type) -> T? {
      let size = T.bitWidth / 8
      guard bytes.count - position >= size else { return nil }
      defer { position += size }
      return (0..<size).reduce(0) { $0 | T(truncatingIfNeeded: bytes[position + $1]) << ($1 * 8) }
    }

    mutating func text(_ length: Int) -> String? {
      guard bytes.count - position >= length else { return nil }
      defer { position += length }
      return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
