import CMartlet
import Memory

/// The SHA-256 of a password: all that is kept of it.
public struct PasswordHash: Equatable, Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  public static let digitCount = 64

  public init(of password: Bytes) {
    withUnsafeMutableBytes(of: &words) { martlet_sha256(password.raw, password.count, $0.baseAddress!) }
  }

  /// Nil unless these are 64 hexadecimal digits in lower case.
  public init?(digits: Bytes) {
    guard digits.count == Self.digitCount else { return nil }
    func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    for i in 0..<Self.digitCount / 2 {
      guard let high = value(digits[2 * i]), let low = value(digits[2 * i + 1]) else { return nil }
      withUnsafeMutableBytes(of: &words) { $0[i] = high << 4 | low }
    }
  }

  public var digits: [UInt8] {
    let names = Array("0123456789abcdef".utf8)
    return withUnsafeBytes(of: words) { bytes in bytes.flatMap { [names[Int($0 >> 4)], names[Int($0 & 15)]] } }
  }

  /// All of both is looked at whatever differs first: the time it takes tells nothing of a hash.
  public static func == (a: PasswordHash, b: PasswordHash) -> Bool {
    (a.words.0 ^ b.words.0) | (a.words.1 ^ b.words.1) | (a.words.2 ^ b.words.2) | (a.words.3 ^ b.words.3) == 0
  }
}
