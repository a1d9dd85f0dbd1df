import CMartlet
import Memory

/// The registers of a HyperLogLog that saw few elements, as a sequence of runs:
///
///     00nnnnnn           n + 1 registers that are 0, up to 64
///     01nnnnnn nnnnnnnn  n + 1 registers that are 0, up to 16,384
///     1vvvvvnn           n + 1 registers, up to 4, that show v + 1, up to 32
///
/// A view of the whole value, the header included.
public struct SparseRegisters {
  private let bytes: Bytes

  public init(_ value: Bytes) { bytes = value }

  /// A rank above needs dense registers.
  static let maximumRank: UInt8 = 32

  fileprivate struct Run {
    /// 0 for a run of zeros.
    let rank: UInt8
    let length: Int
    let byteCount: Int
  }

  /// The run that begins at `at`, or nil if it is cut short.
  @inline(__always)
  private func run(at: Int) -> Run? {
    assert(at < bytes.count)
    let byte = bytes.base[at]
    if byte & 0x80 != 0 {
      return Run(rank: (byte >> 2 & 31) &+ 1, length: Int(byte & 3) &+ 1, byteCount: 1)
    }
    if byte & 0x40 == 0 { return Run(rank: 0, length: Int(byte) &+ 1, byteCount: 1) }
    guard at &+ 1 < bytes.count else { return nil }
    return Run(rank: 0, length: (Int(byte & 63) &<< 8 | Int(bytes.base[at &+ 1])) &+ 1, byteCount: 2)
  }

  // MARK: Reading

  /// Gives `body` run after run with its first register. False if they are not 16,384 registers.
  private func forEachRun(_ body: (Int, Run) -> Void) -> Bool {
    var at = HyperLogLog.headerCount
    var register = 0
    while at < bytes.count {
      guard let run = run(at: at), register &+ run.length <= HyperLogLog.registerCount else { return false }
      body(register, run)
      register &+= run.length
      at &+= run.byteCount
    }
    return register == HyperLogLog.registerCount
  }

  /// All runs, corrupt or not, as PFDEBUG shows them: `z:` and `Z:` are zeros, `v:` is a rank and its length.
  public var text: String {
    var runs: [String] = []
    var at = HyperLogLog.headerCount
    while at < bytes.count {
      // What a cut run lacks counts as zero.
      let run = run(at: at) ?? Run(rank: 0, length: Int(bytes[at] & 63) << 8 + 1, byteCount: 2)
      runs.append(
        run.rank > 0 ? "v:\(run.rank),\(run.length)" : run.byteCount == 1 ? "z:\(run.length)" : "Z:\(run.length)")
      at += run.byteCount
    }
    return runs.joined(separator: " ")
  }

  func count(into histogram: inout RegisterHistogram) -> Bool {
    forEachRun { histogram.add($1.rank, count: $1.length) }
  }

  func merge(into all: UnsafeMutablePointer<UInt8>) -> Bool {
    forEachRun { register, run in
      if run.rank == 0 { return }
      for i in register..<register + run.length where all[i] < run.rank { all[i] = run.rank }
    }
  }

  // MARK: Writing

  static func writeEmpty(to start: UnsafeMutablePointer<UInt8>) {
    start[0] = 0x40 | UInt8((HyperLogLog.registerCount - 1) >> 8)
    start[1] = UInt8((HyperLogLog.registerCount - 1) & 0xff)
  }

  /// How to raise a register to `element.rank` within `limit` bytes.
  public func raise(_ element: HyperLogLogElement, limit: Int) -> HyperLogLog.Raise {
    if element.rank > Self.maximumRank { return .needsDense }
    guard let place = find(element.register), let run = run(at: place.offset) else { return .corrupt }
    if run.rank >= element.rank { return .unchanged }

    var splice = Splice(at: place.offset, removing: run.byteCount, previous: place.previous)
    splice.append(Run(rank: run.rank, length: element.register - place.first, byteCount: 0))
    splice.append(Run(rank: element.rank, length: 1, byteCount: 0))
    splice.append(Run(rank: run.rank, length: place.first + run.length - 1 - element.register, byteCount: 0))
    if splice.growth > 0 && bytes.count + splice.growth > limit { return .needsDense }
    return .splice(splice)
  }

  private struct Place {
    /// Of the run that holds the register.
    let offset: Int
    /// The run's first register.
    let first: Int
    /// Offset of the run before, or of this one if it is the first.
    let previous: Int
  }

  /// Most of the time of an addition goes by here, hence the care: where runs are short, eight are passed at a time,
  /// and where they are long, each with the rank that follows it nearly always.
  private func find(_ register: Int) -> Place? {
    let base = bytes.base
    let end = bytes.count
    var at = HyperLogLog.headerCount
    var previous = at
    var first = 0
    var isNear = false
    while at < end {
      if base[at] & 0xc0 == 0x40 {
        guard end &- at >= 2 else { return nil }
        let next = first &+ (Int(base[at] & 63) &<< 8 | Int(base[at &+ 1])) &+ 1
        if register < next { return Place(offset: at, first: first, previous: previous) }
        (previous, at, first) = (at, at &+ 2, next)
        if at >= end || base[at] < 0x80 { continue }
      } else if !isNear && end &- at >= 8 {
        let (runs, length) = lengthOfShortRuns((UnsafeRawPointer(base) + at).loadUnaligned(as: UInt64.self))
        if first &+ length <= register {
          at &+= runs
          (previous, first) = (at &- 1, first &+ length)
          continue
        }
        isNear = true
      }
      let byte = base[at]
      let next = first &+ Int(byte & (byte < 0x80 ? 63 : 3)) &+ 1
      if register < next { return Place(offset: at, first: first, previous: previous) }
      (previous, at, first) = (at, at &+ 1, next)
    }
    return nil
  }

  /// How many of the next 8 bytes, the first of which is a run of its own, come before a run of two bytes, and how
  /// many registers they stand for. The bytes of a word are looked at all at once.
  @inline(__always)
  private func lengthOfShortRuns(_ word: UInt64) -> (runs: Int, length: Int) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let ranked = word &>> 7 & ones
    let bits = (word &>> 6 & ~ranked & ones).trailingZeroBitCount
    // 2 bits of length where there is a rank, else 6, and none from the long run on.
    let lengths = word & (ones &* 0x3f &- ranked &* 0x3c) & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- bits))
    let pairs = lengths & 0x00ff_00ff_00ff_00ff &+ lengths &>> 8 & 0x00ff_00ff_00ff_00ff
    let runs = bits &>> 3
    return (runs, Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48) &+ runs)
  }

  /// The change of a sparse value's bytes that raises one register: a run is replaced by up to three.
  public struct Splice {
    private let at: Int
    private let removed: Int
    private let previous: Int
    /// Up to 5 bytes, the first in the lowest place.
    private var inserted: UInt64 = 0
    private var insertedCount = 0

    fileprivate init(at: Int, removing: Int, previous: Int) {
      self.at = at
      removed = removing
      self.previous = previous
    }

    /// By how much the value gets longer, before runs are joined.
    public var growth: Int { insertedCount - removed }

    fileprivate mutating func append(_ run: Run) {
      if run.length == 0 { return }
      if run.rank > 0 {
        push(0x80 | (run.rank - 1) << 2 | UInt8(run.length - 1))
      } else if run.length <= 64 {
        push(UInt8(run.length - 1))
      } else {
        push(0x40 | UInt8((run.length - 1) >> 8))
        push(UInt8(truncatingIfNeeded: run.length - 1))
      }
    }

    private mutating func push(_ byte: UInt8) {
      inserted |= UInt64(byte) &<< UInt64(insertedCount &* 8)
      insertedCount &+= 1
    }

    /// Changes a value of `count` bytes, which has room for `growth` more. Returns its new length.
    public func apply(to value: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
      HyperLogLog.invalidateEstimate(in: value)
      memmove(value + at + insertedCount, value + at + removed, count - at - removed)
      withUnsafeBytes(of: inserted.littleEndian) { _ = memcpy(value + at, $0.baseAddress!, insertedCount) }
      return joinRuns(of: value, count: count + growth)
    }

    /// Joins neighbouring runs of one rank. As far as Redis looks and not further, so that the same elements
    /// make the same bytes.
    private func joinRuns(of value: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
      var end = count
      var at = previous
      for _ in 0..<5 where at < end {
        let byte = value[at]
        if byte & 0x80 != 0, at + 1 < end, value[at + 1] >> 2 == byte >> 2, byte & 3 + value[at + 1] & 3 < 3 {
          value[at] = byte + value[at + 1] & 3 + 1
          memmove(value + at + 1, value + at + 2, end - at - 2)
          end -= 1
        } else {
          at += byte & 0xc0 == 0x40 ? 2 : 1
        }
      }
      return end
    }
  }
}
