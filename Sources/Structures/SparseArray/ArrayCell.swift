import CMartlet
import Memory

#if _endian(big)
  #error("short strings are read from where they lie in a cell")
#endif

/// An element of an array in eight bytes, or nothing: zero.
///
/// Most elements of large arrays are numbers and short words, and those lie in the cell itself. Two bits tell the kind:
///
///     00  an address: a ``PackedString``, or a ``Blob`` if the third bit is set
///     01  an integer of 62 bits
///     10  a decimal: a bit of sign, four bits of decimals, 57 bits of digits; see ``PlainDecimal``
///     11  a string: three bits of length, and up to seven bytes from the second byte on
///
/// Whatever is kept as a number is written out as the very bytes that came in.
struct ArrayCell: BitwiseCopyable {
  private let bits: UInt64

  private enum Kind {
    static let mask: UInt64 = 3
    static let integer: UInt64 = 1
    static let decimal: UInt64 = 2
    static let short: UInt64 = 3
  }

  private static let isBlob: UInt64 = 4
  private static let maximumShortCount = 7
  /// Longer strings are blobs, which a reply may hold while it is written.
  private static let maximumPackedCount = 1024

  @inline(__always)
  private init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  static var empty: ArrayCell { ArrayCell(bits: 0) }

  @inline(__always)
  var isEmpty: Bool { bits == 0 }

  /// A cell for a copy of `bytes`.
  init(_ bytes: Bytes) {
    if let value = parseInteger(bytes), (value << 2) >> 2 == value {
      bits = UInt64(bitPattern: value << 2) | Kind.integer
    } else if bytes.count <= Self.maximumShortCount {
      var word: UInt64 = 0
      for i in 0..<bytes.count { word |= UInt64(bytes.base[i]) << UInt64(8 * (i + 1)) }
      bits = word | UInt64(bytes.count) << 2 | Kind.short
    } else if let decimal = PlainDecimal(bytes) {
      let head = UInt64(decimal.decimals) << 3 | (decimal.isNegative ? 4 : 0)
      bits = decimal.digits << 7 | head | Kind.decimal
    } else if bytes.count <= Self.maximumPackedCount {
      bits = UInt64(UInt(bitPattern: PackedString.copy(bytes).address))
    } else {
      bits = UInt64(UInt(bitPattern: Blob.copy(bytes).address)) | Self.isBlob
    }
    assert(!isEmpty && (!ownsMemory || bits & Kind.mask == 0))
  }

  /// Whether the string lies in an allocation of its own.
  @inline(__always)
  var ownsMemory: Bool { bits & Kind.mask == 0 && bits != 0 }

  private var address: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(bits & ~7))!
  }

  func free() {
    guard ownsMemory else { return }
    if bits & Self.isBlob != 0 { Blob(address: address).release() } else { PackedString(address: address).free() }
  }

  /// A cell of its own with the same element.
  var copy: ArrayCell {
    guard ownsMemory else { return self }
    if bits & Self.isBlob != 0 {
      // Cells never change their blobs, so that one is enough for both.
      Blob(address: address).retain()
      return self
    }
    return ArrayCell(bits: UInt64(UInt(bitPattern: PackedString.copy(PackedString(address: address).bytes).address)))
  }

  /// Bytes that the allocator set aside for the string.
  var allocatedBytes: Int { ownsMemory ? Allocator.usableSize(address) : 0 }

  /// The element in a cell, which must hold one; valid until the cell changes or moves.
  @inline(__always)
  static func element(_ cell: UnsafePointer<ArrayCell>) -> SparseArray.Element {
    let bits = cell.pointee.bits
    switch bits & Kind.mask {
    case Kind.integer: return .integer(Int64(bitPattern: bits) >> 2)
    case Kind.short: return .bytes(Bytes(UnsafeRawPointer(cell) + 1, count: Int(bits >> 2 & 7)))
    case Kind.decimal:
      return .decimal(
        PlainDecimal(digits: bits >> 7, decimals: Int(bits >> 3 & 15), isNegative: bits & 4 != 0))
    default:
      let address = cell.pointee.address
      return bits & isBlob != 0 ? .blob(Blob(address: address)) : .bytes(PackedString(address: address).bytes)
    }
  }
}

extension SparseArray {
  /// An element as it is kept.
  public enum Element {
    case integer(Int64)
    case decimal(PlainDecimal)
    case bytes(Bytes)
    case blob(Blob)

    /// Runs `body` with the element's bytes, valid for the call; a number is written out for it.
    @inline(__always)
    public func withBytes<R>(_ body: (Bytes) -> R) -> R {
      switch self {
      case .bytes(let bytes): return body(bytes)
      case .blob(let blob): return body(blob.bytes)
      case .integer(let value):
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
          let count = formatInteger(value, to: digits.baseAddress!)
          return body(Bytes(UnsafeRawPointer(digits.baseAddress!), count: count))
        }
      case .decimal(let decimal):
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: PlainDecimal.maximumCount) { digits in
          let count = decimal.write(to: digits.baseAddress!)
          return body(Bytes(UnsafeRawPointer(digits.baseAddress!), count: count))
        }
      }
    }
  }
}

/// A number as people write it: `-12.50`. Its text is all that it is, so that it comes back as it was.
public struct PlainDecimal {
  /// Less than 2^57.
  public let digits: UInt64
  /// How many of the digits stand behind the point, 1 to 15.
  public let decimals: Int
  public let isNegative: Bool

  /// Bytes that one may be written out as.
  static let maximumCount = 32
  private static let digitLimit: UInt64 = 1 << 57

  @inline(__always)
  init(digits: UInt64, decimals: Int, isNegative: Bool) {
    self.digits = digits
    self.decimals = decimals
    self.isNegative = isNegative
  }

  /// The decimal that `text` spells; nil if it is none, or would be written otherwise.
  init?(_ text: Bytes) {
    guard text.count <= 20 else { return nil }
    var at = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
    let first = at
    var value: UInt64 = 0
    var point: Int?
    while at < text.count {
      let byte = text.base[at]
      if byte &- 48 < 10 {
        // At most 19 digits: no overflow.
        value = value &* 10 &+ UInt64(byte &- 48)
      } else if byte == UInt8(ascii: "."), point == nil {
        point = at
      } else {
        return nil
      }
      at += 1
    }
    guard let point, point > first, value < Self.digitLimit else { return nil }
    if text[first] == UInt8(ascii: "0") && point > first + 1 { return nil }
    let decimals = text.count - point - 1
    guard decimals > 0 && decimals <= 15 else { return nil }
    self.init(digits: value, decimals: decimals, isNegative: first == 1)
  }

  /// Writes the text and returns the number of bytes.
  public func write(to target: UnsafeMutablePointer<UInt8>) -> Int {
    if !isNegative { return writeFixed(digits, decimals: decimals, to: target) }
    target[0] = UInt8(ascii: "-")
    return 1 + writeFixed(digits, decimals: decimals, to: target + 1)
  }
}
