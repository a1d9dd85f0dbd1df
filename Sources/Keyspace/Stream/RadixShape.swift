import Structures

extension Stream {
  /// How many nodes Redis's radix tree would have for this stream: XINFO tells it. Exact up to a thousand keys; beyond
  /// that, in proportion to the last thousand.
  public var radixNodeCount: Int {
    var keys: [StreamID] = []
    var position = nodes.lastPosition
    while let current = position, keys.count < 1000 {
      keys.append(nodes[current].pointee.id)
      position = nodes.previous(current)
    }
    let exact = Self.radixNodeCount(keys)
    return nodes.count == keys.count ? exact : Int(Double(exact) / Double(keys.count) * Double(nodes.count))
  }

  /// Counts the nodes of a compressed tree of the bytes of `keys`, which are in order, forward or backward: one for each
  /// key's end, one for each place where keys part, and one for each run of bytes between those.
  private static func radixNodeCount(_ keys: [StreamID]) -> Int {
    guard !keys.isEmpty else { return 1 }
    var count = keys.count
    // The depths at which the present key has parted from others so far, deepest last.
    var branches: [Int] = []
    // Where the run ends that the branch above leads to.
    var runEnd = StreamID.byteCount
    func close(downTo depth: Int, from end: Int) {
      var end = end
      while let last = branches.last, last > depth {
        branches.removeLast()
        // The run from below this branch to where it was left, and the branch itself.
        if end > last + 1 { count += 1 }
        count += 1
        end = last
      }
      runEnd = end
    }
    for (key, next) in zip(keys, keys.dropFirst()) {
      let depth = commonBytes(key, next)
      close(downTo: depth, from: StreamID.byteCount)
      if branches.last != depth {
        if runEnd > depth + 1 { count += 1 }
        branches.append(depth)
      } else if runEnd > depth + 1 {
        count += 1
      }
    }
    close(downTo: -1, from: StreamID.byteCount)
    if runEnd > 0 { count += 1 }
    return count
  }

  private static func commonBytes(_ a: StreamID, _ b: StreamID) -> Int {
    let milliseconds = a.milliseconds ^ b.milliseconds
    if milliseconds != 0 { return milliseconds.leadingZeroBitCount / 8 }
    return 8 + (a.sequence ^ b.sequence).leadingZeroBitCount / 8
  }
}
