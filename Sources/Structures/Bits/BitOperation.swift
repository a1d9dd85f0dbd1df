import CMartlet
import Memory

/// What BITOP makes of several bitmaps. A source that is shorter than the longest counts as if it ended in zeros.
public enum BitOperation {
  case and, or, xor
  /// Of one source only.
  case not
  /// Set in the first source and in none of the others.
  case diff
  /// Set in at least one of the others and not in the first source.
  case diff1
  /// Set in the first source and in at least one of the others.
  case andor
  /// Set in exactly one source.
  case one

  /// So much of the result is computed at a time: it stays in the first-level cache while source after source
  /// is worked in.
  private static let pieceCount = 4096

  /// Writes the result for `count` bytes, at least as many as the longest source has. Requires a source, and a
  /// result that overlaps none.
  ///
  /// - Complexity: O(N·M) with M sources of N bytes.
  public func combine(
    _ sources: UnsafeBufferPointer<Bytes>, into result: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    precondition(!sources.isEmpty, "a bit operation needs a source")
    withUnsafeTemporaryAllocation(byteCount: Self.pieceCount, alignment: 64) { spare in
      for at in stride(from: 0, to: count, by: Self.pieceCount) {
        let piece = Piece(
          UnsafeMutableRawPointer(result) + at, at: at, count: min(Self.pieceCount, count - at))
        combine(sources, into: piece, spare.baseAddress!)
      }
    }
  }

  private func combine(_ sources: UnsafeBufferPointer<Bytes>, into piece: Piece, _ spare: UnsafeMutableRawPointer) {
    let first = sources[0]
    let others = sources[1...]
    switch self {
    case .and:
      piece.copy(first)
      for source in others { piece.keep(in: source) }
    case .or:
      piece.copy(first)
      for source in others { piece.apply(source) { $0 | $1 } }
    case .xor:
      piece.copy(first)
      for source in others { piece.apply(source) { $0 ^ $1 } }
    case .not:
      memset(piece.start, 0xff, piece.count)
      piece.apply(first) { $0 & ~$1 }
    case .diff:
      memset(piece.start, 0, piece.count)
      for source in others { piece.apply(source) { $0 | $1 } }
      piece.apply(first) { ~$0 & $1 }
      piece.clear(after: first)
    case .diff1:
      memset(piece.start, 0, piece.count)
      for source in others { piece.apply(source) { $0 | $1 } }
      piece.apply(first) { $0 & ~$1 }
    case .andor:
      memset(piece.start, 0, piece.count)
      for source in others { piece.apply(source) { $0 | $1 } }
      piece.keep(in: first)
    case .one:
      piece.copy(first)
      memset(spare, 0, piece.count)
      for source in others { piece.add(source, several: spare) }
      piece.apply(Bytes(UnsafeRawPointer(spare) - piece.at, count: piece.at + piece.count)) { $0 & ~$1 }
    }
  }
}

/// A part of the result, with the same part of each source.
private struct Piece {
  /// Four vectors of the smallest machine, one of the largest.
  typealias Lanes = SIMD8<UInt64>
  private static let step = MemoryLayout<Lanes>.size

  let start: UnsafeMutableRawPointer
  /// Where in the whole it begins.
  let at: Int
  let count: Int

  init(_ start: UnsafeMutableRawPointer, at: Int, count: Int) {
    self.start = start
    self.at = at
    self.count = count
  }

  /// How much of the piece `source` covers.
  private func covered(by source: Bytes) -> Int { min(count, max(0, source.count - at)) }

  func clear(after source: Bytes) {
    let covered = covered(by: source)
    memset(start + covered, 0, count - covered)
  }

  func copy(_ source: Bytes) {
    let covered = covered(by: source)
    if covered > 0 { memcpy(start, source.base + at, covered) }
    clear(after: source)
  }

  func keep(in source: Bytes) {
    apply(source) { $0 & $1 }
    clear(after: source)
  }

  /// Replaces the bits that `source` covers by what `operation` makes of those here and those there.
  @inline(__always)
  func apply(_ source: Bytes, _ operation: (Lanes, Lanes) -> Lanes) {
    let covered = covered(by: source)
    let from = UnsafeRawPointer(source.base) + at
    var i = 0
    while covered &- i >= Self.step {
      store(operation(load(start + i), load(from + i)), at: start + i)
      i &+= Self.step
    }
    if i < covered {
      let n = covered &- i
      store(operation(load(start + i, n), load(from + i, n)), at: start + i, n)
    }
  }

  /// Adds bits of `source` to those met already; what is met again goes to `several` too.
  func add(_ source: Bytes, several: UnsafeMutableRawPointer) {
    let covered = covered(by: source)
    let from = UnsafeRawPointer(source.base) + at
    var i = 0
    while covered &- i >= Self.step {
      let (met, bits) = (load(start + i), load(from + i))
      store(load(several + i) | (met & bits), at: several + i)
      store(met | bits, at: start + i)
      i &+= Self.step
    }
    if i < covered {
      let n = covered &- i
      let (met, bits) = (load(start + i, n), load(from + i, n))
      store(load(several + i, n) | (met & bits), at: several + i, n)
      store(met | bits, at: start + i, n)
    }
  }

  @inline(__always)
  private func load(_ from: UnsafeRawPointer) -> Lanes { from.loadUnaligned(as: Lanes.self) }

  @inline(__always)
  private func store(_ lanes: Lanes, at to: UnsafeMutableRawPointer) {
    to.storeBytes(of: lanes, as: Lanes.self)
  }

  /// As `load`, of `n` bytes only, zeros after them.
  private func load(_ from: UnsafeRawPointer, _ n: Int) -> Lanes {
    var lanes = Lanes.zero
    withUnsafeMutableBytes(of: &lanes) { _ = memcpy($0.baseAddress!, from, n) }
    return lanes
  }

  private func store(_ lanes: Lanes, at to: UnsafeMutableRawPointer, _ n: Int) {
    withUnsafeBytes(of: lanes) { _ = memcpy(to, $0.baseAddress!, n) }
  }
}
