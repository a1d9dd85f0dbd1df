import CMartlet
import Memory

/// The double that `bytes` spell as Redis reads one: all that C's `strtod` takes (exponents,
/// hexadecimal, `inf`), but no blanks around it, no `nan`, nothing too large or too small.
package func parseDouble(_ bytes: Bytes) -> Double? {
  bytes.withCharacters { text in
    var value = 0.0
    return martlet_parse_double(text, bytes.count, &value) ? value : nil
  }
}

/// What INCRBYFLOAT and HINCRBYFLOAT calculate with: C's `long double`, which Swift has not everywhere.
package enum LongDouble {
  /// Room that a sum's digits may take.
  package static let maximumCount = Int(MARTLET_FLOAT_BUFFER)

  package enum Sum {
    /// So many bytes were written.
    case digits(Int)
    case firstIsNoNumber
    case secondIsNoNumber
    case notFinite
  }

  package enum Check {
    case finite
    case infinite
    case noNumber
  }

  package static func check(_ bytes: Bytes) -> Check {
    bytes.withCharacters { text in
      var isFinite = false
      guard martlet_parse_long_double(text, bytes.count, &isFinite) else { return .noNumber }
      return isFinite ? .finite : .infinite
    }
  }

  /// Writes the sum of two numbers to `out`, with up to 17 decimals and no trailing zeros.
  ///
  /// - Parameters:
  ///   - first: nil counts as 0.
  ///   - out: room for ``maximumCount`` bytes.
  package static func add(_ first: Bytes?, _ second: Bytes, to out: UnsafeMutablePointer<UInt8>) -> Sum {
    if let first, first.isEmpty { return .firstIsNoNumber }
    let a = first ?? .empty
    var count = 0
    let result = a.withCharacters { a1 in
      second.withCharacters { b1 in
        out.withMemoryRebound(to: CChar.self, capacity: maximumCount) { out in
          martlet_add_long_double(a1, a.count, b1, second.count, out, &count)
        }
      }
    }
    switch UInt32(bitPattern: result) {
    case UInt32(MARTLET_FLOAT_OK): return .digits(count)
    case UInt32(MARTLET_FLOAT_BAD_FIRST): return .firstIsNoNumber
    case UInt32(MARTLET_FLOAT_BAD_SECOND): return .secondIsNoNumber
    default: return .notFinite
    }
  }
}

extension Bytes {
  fileprivate func withCharacters<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
    base.withMemoryRebound(to: CChar.self, capacity: count, body)
  }
}
