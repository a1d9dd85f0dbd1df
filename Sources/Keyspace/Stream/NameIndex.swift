import CMartlet
import Memory
import Structures

/// What has a name: consumer groups, consumers, producers.
protocol Named: ~Copyable {
  var name: Blob { get }
}

/// Things by name, in the order of names, in which they are listed. There are few of them, so that an array serves.
struct NameIndex<Element: Named & ~Copyable>: ~Copyable {
  typealias Pointer = UnsafeMutablePointer<Element>

  private var elements: UnsafeMutablePointer<Pointer>?
  private var capacity = 0
  private(set) var count = 0

  init() {}

  /// Frees the array. The elements are whoever's who put them in.
  deinit {
    if let elements { Allocator.free(elements) }
  }

  var allocatedBytes: Int { elements.map { Allocator.usableSize($0) } ?? 0 }

  @inline(__always)
  subscript(i: Int) -> Pointer {
    precondition(i >= 0 && i < count)
    return elements![i]
  }

  /// The index of the first element whose name is not before `name`.
  @inline(__always)
  private func lowerBound(_ name: Bytes) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) &>> 1
      if elements![middle].pointee.name.bytes.compare(name) < 0 { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  func find(_ name: Bytes) -> Pointer? {
    let i = lowerBound(name)
    guard i < count, elements![i].pointee.name.bytes.equals(name) else { return nil }
    return elements![i]
  }

  /// Adds an element whose name must not be there yet.
  mutating func insert(_ element: Pointer) {
    if count == capacity {
      capacity = max(capacity * 2, 2)
      let bytes = capacity * MemoryLayout<Pointer>.stride
      elements = Allocator.reallocate(elements, to: bytes).assumingMemoryBound(to: Pointer.self)
    }
    let i = lowerBound(element.pointee.name.bytes)
    let place = elements! + i
    memmove(place + 1, place, (count - i) * MemoryLayout<Pointer>.stride)
    place.initialize(to: element)
    count += 1
  }

  /// Takes an element out, which must be there.
  mutating func remove(_ element: Pointer) {
    let i = lowerBound(element.pointee.name.bytes)
    precondition(i < count && elements![i] == element, "not in this index")
    count -= 1
    memmove(elements! + i, elements! + i + 1, (count - i) * MemoryLayout<Pointer>.stride)
  }
}
