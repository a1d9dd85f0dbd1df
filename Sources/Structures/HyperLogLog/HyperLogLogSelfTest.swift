import Memory

extension HyperLogLog {
  /// What PFSELFTEST checks: that registers keep what is written to them, that sparse and dense ones agree, and
  /// that the estimate is as good as it must be. Returns what is wrong, if anything.
  public static func selfTest(
    sparseLimit: Int, elements: Int = 1_000_000, _ random: inout some RandomNumberGenerator
  ) -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: registerCount + denseCount + maximumSparseCount) { memory in
      memory.initialize(repeating: 0)
      let registers = memory.baseAddress!
      let dense = registers + registerCount
      return registersFail(registers, dense + headerCount, &random)
        ?? estimatesFail(dense + headerCount, sparse: dense + denseCount, limit: sparseLimit, elements, &random)
    }
  }

  private static func registersFail(
    _ expected: UnsafeMutablePointer<UInt8>, _ dense: UnsafeMutablePointer<UInt8>,
    _ random: inout some RandomNumberGenerator
  ) -> String? {
    for _ in 0..<100 {
      for i in 0..<registerCount { expected[i] = UInt8(truncatingIfNeeded: random.next()) & 63 }
      DenseRegisters.write(expected, to: dense)
      for i in 0..<registerCount where DenseRegisters.get(dense, i) != expected[i] {
        return "Register \(i) should be \(expected[i]) but is \(DenseRegisters.get(dense, i))"
      }
    }
    return nil
  }

  private static func estimatesFail(
    _ dense: UnsafeMutablePointer<UInt8>, sparse: UnsafeMutablePointer<UInt8>, limit: Int, _ elements: Int,
    _ random: inout some RandomNumberGenerator
  ) -> String? {
    dense.update(repeating: 0, count: DenseRegisters.byteCount)
    writeEmpty(to: sparse)
    var sparseCount = emptyCount
    var isSparse = true
    let seed = random.next()
    var checkpoint = 1
    for i in 1...elements {
      let element = withUnsafeBytes(of: UInt64(i) ^ seed) { HyperLogLogElement(Bytes($0)) }
      _ = DenseRegisters.raise(dense, element.register, to: element.rank)
      if isSparse {
        switch SparseRegisters(Bytes(UnsafeRawPointer(sparse), count: sparseCount)).raise(element, limit: limit) {
        case .unchanged, .raised: break
        case .splice(let splice): sparseCount = splice.apply(to: sparse, count: sparseCount)
        case .needsDense: isSparse = false
        case .corrupt: return "sparse registers are corrupt"
        }
      }
      guard i == checkpoint else { continue }
      checkpoint *= 10
      if !isSparse && i < min(limit, 3000) / 2 { return "sparse encoding not used" }
      var histogram = RegisterHistogram()
      DenseRegisters.count(Bytes(UnsafeRawPointer(dense), count: DenseRegisters.byteCount), into: &histogram)
      let estimate = histogram.estimate
      if isSparse, HyperLogLog(Bytes(UnsafeRawPointer(sparse), count: sparseCount))?.estimate() != estimate {
        return "dense/sparse disagree"
      }
      // Six times the standard error; among ten elements one collision is all that may happen.
      let allowed = i == 10 ? 1 : (1.04 / 128 * 6 * Double(i)).rounded(.up)
      let error = abs(Double(estimate) - Double(i))
      if error > allowed { return "Too big error. card:\(i) abserr:\(Int(error))" }
    }
    return nil
  }
}
