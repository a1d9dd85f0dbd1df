/// How many registers of a HyperLogLog show which rank: all that the estimate depends on.
///
/// The estimator is O. Ertl's, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284,
/// algorithm 6. It needs no tables of corrections and is as good for few elements as for many. Floating point
/// operations come in Redis's order, so that the estimate is the same number.
struct RegisterHistogram {
  /// A dense register has 6 bits, though ranks beyond 51 come only from damaged values; they count for nothing.
  private var counts = InlineArray<64, Int>(repeating: 0)

  @inline(__always)
  mutating func add(_ rank: UInt8, count: Int = 1) { counts[Int(rank & 63)] &+= count }

  /// Adds eight registers, a byte each.
  @inline(__always)
  mutating func add8(_ ranks: UInt64) {
    var rest = ranks
    for _ in 0..<8 {
      add(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  var estimate: UInt64 {
    let m = Double(HyperLogLog.registerCount)
    var z = m * tau((m - Double(counts[51])) / m)
    for rank in stride(from: 50, through: 1, by: -1) {
      z += Double(counts[rank])
      z *= 0.5
    }
    z += m * sigma(Double(counts[0]) / m)
    let estimate = (0.721347520444481703680 * m * m / z).rounded(.toNearestOrAwayFromZero)
    // Only damaged registers lead here: what a C program gets of it on most machines.
    guard estimate < 0x1p63 else { return 1 << 63 }
    return UInt64(estimate)
  }

  private func sigma(_ x: Double) -> Double {
    if x == 1 { return .infinity }
    var (x, y, z) = (x, 1.0, x)
    var previous: Double
    repeat {
      x *= x
      previous = z
      z += x * y
      y += y
    } while previous != z
    return z
  }

  private func tau(_ x: Double) -> Double {
    if x == 0 || x == 1 { return 0 }
    var (x, y, z) = (x, 1.0, 1 - x)
    var previous: Double
    repeat {
      x = x.squareRoot()
      previous = z
      y *= 0.5
      z -= (1 - x) * (1 - x) * y
    } while previous != z
    return z / 3
  }
}
