import Memory
import Structures

// Arrays are saved element by element, and come back as such.

extension ArrayValue {
  /// Visits up to `limit` elements in their order from the index `first` on. Returns where to go on, nil at the end.
  public static func forEachStored(
    _ entry: Entry, from first: UInt64, limit: Int, _ visit: (UInt64, SparseArray.Element) -> Void
  ) -> UInt64? {
    var seen = 0
    var next: UInt64?
    array(entry).pointee.forEach(from: first, to: SparseArray.maximumIndex) { index, element in
      if seen == limit {
        next = index
        return false
      }
      seen += 1
      visit(index, element)
      return true
    }
    return next
  }
}

/// An array that is put together from what was saved.
public struct ArrayBuilder: ~Copyable {
  private var array: SparseArray
  private let limits: ArrayLimits

  /// - Parameter lastInserted: nil if nothing was, or the next index is to be 0.
  public init(_ limits: ArrayLimits, lastInserted: UInt64?) {
    self.limits = limits
    array = SparseArray(limits)
    array.lastInserted = lastInserted
  }

  public var count: Int { array.count }

  /// Adds an element; false if its index is none, or was there already.
  public mutating func add(_ index: UInt64, _ bytes: Bytes) -> Bool {
    index <= SparseArray.maximumIndex && array.set(index, bytes, limits)
  }

  /// The array; it is the caller's from now on.
  fileprivate consuming func take() -> SparseArray { array }
}

extension Keyspace {
  /// Adds an array that was put together, under a key that is not there.
  public mutating func addArray(
    _ database: Int, _ key: Bytes, hash: UInt64, _ builder: consuming ArrayBuilder
  ) -> Entry {
    addArray(database, key, hash: hash, builder.take())
  }
}
