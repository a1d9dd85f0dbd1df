/// When a list leaves its single listpack, and how large the listpacks of a long list may grow.
public struct QuicklistLimits {
  /// Bytes that a node may take, the listpack's own included.
  private var maximumBytes = 8192
  /// Elements that a node may hold.
  private var maximumCount = Int.max
  /// Up to here a list that shrank goes back to a single listpack. Half of what makes it leave, so that one that
  /// stays about as long as it is does not go to and fro.
  private var shrunkBytes = 4096
  private var shrunkCount = Int.max
  /// Nodes at each end that are never compressed; 0: none ever is (`list-compress-depth`).
  public private(set) var compressDepth = 0
  /// Elements from this size on lie in a node of their own.
  private var plainThreshold = 8193
  private var forcedPlainThreshold = 0

  public init() {}

  public init(listpackSize: Int, compressDepth: Int) {
    configure(listpackSize: listpackSize, compressDepth: compressDepth)
  }

  /// Takes on what the configuration says.
  ///
  /// - Parameter listpackSize: `list-max-listpack-size`: a number of elements, or -1 to -5 for 4, 8, 16, 32 or 64 KiB.
  public mutating func configure(listpackSize: Int, compressDepth: Int) {
    self.compressDepth = max(0, compressDepth)
    if listpackSize < 0 {
      maximumBytes = 2048 << -max(listpackSize, -5)
      maximumCount = .max
      shrunkBytes = maximumBytes / 2
      shrunkCount = .max
    } else {
      // Whatever is counted, a node must stay cheap to move.
      maximumBytes = 8192
      maximumCount = max(1, listpackSize)
      shrunkBytes = .max
      shrunkCount = maximumCount / 2
    }
    forcePlainThreshold(forcedPlainThreshold)
  }

  /// DEBUG QUICKLIST-PACKED-THRESHOLD: from which size on elements lie alone. 0: when they are too large for a node.
  public mutating func forcePlainThreshold(_ count: Int) {
    forcedPlainThreshold = count
    plainThreshold = count == 0 ? maximumBytes + 1 : count
  }

  /// Whether a listpack of so many bytes and elements is too large.
  @inline(__always)
  public func areExceeded(bytes: Int, count: Int) -> Bool { bytes > maximumBytes || count > maximumCount }

  /// Whether a list of one listpack of so many bytes and elements need not be a quicklist.
  public func allowListpack(bytes: Int, count: Int, hasShrunk: Bool) -> Bool {
    if hasShrunk { return bytes <= shrunkBytes && count <= shrunkCount }
    return count <= maximumCount && (bytes <= maximumBytes || maximumCount != .max)
  }

  @inline(__always)
  func isPlain(_ count: Int) -> Bool { count >= plainThreshold }
}

/// The ends of a list, as LEFT and RIGHT name them.
public enum ListEnd {
  case head
  case tail
}
