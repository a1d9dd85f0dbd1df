/// The slot of a cluster that a key belongs to: CRC-16 (XMODEM) of the key, or of its hash tag, modulo 16,384.
/// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model
enum KeySlot {
  static let count = 16_384

  /// The slot that all of some keys belong to; nil if there are none.
  static func common(_ keys: [RESPArgument]) throws(MartletError) -> Int? {
    guard let first = keys.first else { return nil }
    let slot = of(first)
    for key in keys.dropFirst() where of(key) != slot { throw .crossSlot }
    return slot
  }

  static func of(_ key: RESPArgument) -> Int {
    switch key {
    case .string(var text): text.withUTF8 { of($0) }
    case .buffer(let bytes): bytes.withUnsafeReadableBytes { $0.withMemoryRebound(to: UInt8.self) { of($0) } }
    case .integer, .double:
      { (text: String) in
        var text = text
        return text.withUTF8 { of($0) }
      }(key.text)
    }
  }

  static func of(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    var hashed = key[...]
    // Only a tag that is not empty counts, and only the first.
    if let open = key.firstIndex(of: UInt8(ascii: "{")),
      let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    {
      hashed = key[(open + 1)..<close]
    }
    var crc: UInt16 = 0
    for byte in hashed { crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
    return Int(crc) & (count - 1)
  }

  private static let table: [UInt16] = (0..<256).map { index in
    var crc = UInt16(index) << 8
    for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
    return crc
  }
}
