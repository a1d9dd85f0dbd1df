import Memory

/// The checksum of RDB files and DUMP payloads: CRC-64 with the polynomial of W. Jones ("Coefficients for CRC-64", as
/// SWISS-PROT uses it), bits reflected, initial value and final xor 0. Of "123456789" it is e9c6d914c4b8d9ca.
///
/// Eight bytes a step: table k says what a byte does that k more bytes follow ("slicing", M. Kounavis and F. Berry,
/// 2005).
public struct CRC64 {
  public private(set) var value: UInt64 = 0

  public init() {}

  private static let polynomial: UInt64 = 0x95ac_9329_ac4b_c9b5

  /// Eight tables of 256.
  private nonisolated(unsafe) static let tables: UnsafePointer<UInt64> = {
    let tables = UnsafeMutablePointer<UInt64>.allocate(capacity: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt64(byte)
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ polynomial : crc >> 1 }
      (tables + byte).initialize(to: crc)
    }
    for k in 1..<8 {
      for byte in 0..<256 {
        let before = tables[(k - 1) * 256 + byte]
        (tables + k * 256 + byte).initialize(to: tables[Int(before & 0xff)] ^ before >> 8)
      }
    }
    return UnsafePointer(tables)
  }()

  public mutating func update(_ bytes: Bytes) {
    let table = Self.tables
    var crc = value
    var at = UnsafeRawPointer(bytes.base)
    var left = bytes.count
    while left >= 8 {
      let word = crc ^ UInt64(littleEndian: at.loadUnaligned(as: UInt64.self))
      // Two halves, so that neither waits for the other.
      let low =
        table[7 * 256 + Int(word & 0xff)] ^ table[6 * 256 + Int(word &>> 8 & 0xff)]
        ^ table[5 * 256 + Int(word &>> 16 & 0xff)] ^ table[4 * 256 + Int(word &>> 24 & 0xff)]
      let high =
        table[3 * 256 + Int(word &>> 32 & 0xff)] ^ table[2 * 256 + Int(word &>> 40 & 0xff)]
        ^ table[1 * 256 + Int(word &>> 48 & 0xff)] ^ table[Int(word &>> 56)]
      crc = low ^ high
      at += 8
      left &-= 8
    }
    while left > 0 {
      crc = table[Int((crc ^ UInt64(at.load(as: UInt8.self))) & 0xff)] ^ crc &>> 8
      at += 1
      left &-= 1
    }
    value = crc
  }

  public static func checksum(_ bytes: Bytes) -> UInt64 {
    var crc = CRC64()
    crc.update(bytes)
    return crc.value
  }
}
