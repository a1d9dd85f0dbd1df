import Keyspace
import Memory
import Structures

// Arrays, as Redis 8.8 saves them:
//
//     length: number of elements
//     length: 0, or 1 and as a length the index that was inserted at last
//     elements: index and kind as lengths, then
//         0, 3    a string (3: of at most 7 bytes)
//         1       an integer of 8 bytes
//         2       a double of 8 bytes

extension RDB {
  enum ArrayElement {
    static let string = 0
    static let integer = 1
    static let double = 2
    static let shortString = 3

    static let maximumShortCount = 7
  }
}

extension RDBReader {
  mutating func arrayValue(_ target: RDBTarget) throws(RDBFailure) -> Entry? {
    let count = try count()
    var builder = ArrayBuilder(target.keyspace.pointee.arrayLimits, lastInserted: try lastInserted())
    for _ in 0..<count {
      let index = try length()
      guard builder.add(index, try arrayElement()) else {
        throw .corrupt("An index of an array that is too large, or there twice: \(index)")
      }
    }
    if count == 0 { return nil }
    return target.keyspace.pointee.addArray(target.database, target.key, hash: target.hash, builder)
  }

  private mutating func lastInserted() throws(RDBFailure) -> UInt64? {
    switch try length() {
    case 0: return nil
    case 1:
      let index = try length()
      guard index <= SparseArray.maximumIndex else { throw .corrupt("An array's place of insertion") }
      return index
    case let other: throw .corrupt("An array's place of insertion of kind \(other)")
    }
  }

  private mutating func arrayElement() throws(RDBFailure) -> Bytes {
    switch try count() {
    case RDB.ArrayElement.string: return try string()
    case RDB.ArrayElement.shortString:
      let bytes = try string()
      guard bytes.count <= RDB.ArrayElement.maximumShortCount else { throw .corrupt("A long string for a short one") }
      return bytes
    case RDB.ArrayElement.integer: return digits(of: try integer(Int64.self))
    case RDB.ArrayElement.double:
      let value = try double()
      guard value.isFinite else { throw .corrupt("An element that is no number") }
      return digits(of: value)
    case let other: throw .corrupt("An array's element of kind \(other)")
    }
  }
}
