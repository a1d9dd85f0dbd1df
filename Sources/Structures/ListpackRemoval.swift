import CMartlet
import Memory

extension Listpack {
  /// Removes those elements for which `isUnwanted`, which is asked about each in order, says so. What it is given is
  /// valid for that call.
  public mutating func removeAll(where isUnwanted: (Value) -> Bool) {
    let end = endPosition
    var at = Self.headerSize
    var kept = Self.headerSize
    var count = 0
    while at < end {
      let next = skip(at)
      if !isUnwanted(value(at)) {
        if kept < at { memmove(address + kept, address + at, next - at) }
        kept += next - at
        count += 1
      }
      at = next
    }
    guard kept < end else { return }
    address.storeBytes(of: Self.end, toByteOffset: kept, as: UInt8.self)
    address.storeBytes(of: UInt32(kept + 1).littleEndian, as: UInt32.self)
    address.storeBytes(of: UInt16(min(count, Self.unknownCount)).littleEndian, toByteOffset: 4, as: UInt16.self)
    shrink()
  }
}
