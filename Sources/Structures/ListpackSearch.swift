import CMartlet
import Memory

extension Listpack {
  /// Bytes that elements are compared with, looked at once. What spells an integer equals integer elements.
  public struct Needle {
    public let bytes: Bytes
    private let number: Int64?
    /// The first byte of an element that holds these bytes, if they are short.
    private let shortHead: UInt8
    /// The last byte tells more apart than the first ones; of an empty string it is the head.
    private let lastByte: UInt8

    public init(_ bytes: Bytes) {
      self.bytes = bytes
      number = parseInteger(bytes)
      shortHead = bytes.count < 64 ? 0x80 | UInt8(bytes.count) : 0
      lastByte = bytes.isEmpty ? 0x80 : bytes[bytes.count - 1]
    }

    /// Whether the element at `at` holds these bytes.
    @inline(__always)
    public func matches(_ list: Listpack, _ at: Int) -> Bool {
      let head = list.byte(at)
      if head & 0xc0 == 0x80 {
        return head == shortHead && list.byte(at &+ bytes.count) == lastByte
          && memcmp(list.address + at + 1, bytes.base, bytes.count) == 0
      }
      switch list.value(at) {
      case .integer(let other): return other == number
      case .bytes(let other): return other.equals(bytes)
      }
    }
  }

  /// The first element at or after `start` that equals `needle`, looking at every `skip` + 1st.
  public func find(_ needle: Needle, from start: Int, skip: Int = 0) -> Int? {
    var at = start
    while byte(at) != Self.end {
      if needle.matches(self, at) { return at }
      at = self.skip(at)
      for _ in 0..<skip {
        if byte(at) == Self.end { return nil }
        at = self.skip(at)
      }
    }
    return nil
  }

  /// How many elements equal `needle`.
  public func count(of needle: Needle) -> Int {
    var found = 0
    var at = Self.headerSize
    while byte(at) != Self.end {
      if needle.matches(self, at) { found += 1 }
      at = skip(at)
    }
    return found
  }

  /// Removes up to `limit` elements that equal `needle`, after the first `skipping` of them.
  ///
  /// - Returns: how many were removed.
  /// - Complexity: O(n): what stays is moved once, however many go.
  public mutating func removeMatches(_ needle: Needle, skipping: Int = 0, limit: Int) -> Int {
    var matches = 0
    var removed = 0
    // What was looked at and stays: [headerSize, kept), and [run, at) that is still to be moved there.
    var kept = Self.headerSize
    var run = Self.headerSize
    var at = Self.headerSize
    while removed < limit && byte(at) != Self.end {
      let next = skip(at)
      if needle.matches(self, at) {
        matches += 1
        if matches > skipping {
          if kept != run { memmove(address + kept, address + run, at - run) }
          kept += at - run
          run = next
          removed += 1
        }
      }
      at = next
    }
    // The rest moves as it is.
    if run > kept { closeGap(at: kept, count: run - kept, elements: removed) }
    return removed
  }

  // MARK: Parts

  /// Removes all from the element at `at` on, and returns it as a listpack of its own.
  public mutating func split(at: Int) -> Listpack {
    let moved = endPosition - at
    var elements = 0
    var p = at
    while byte(p) != Self.end {
      p = skip(p)
      elements += 1
    }
    var rest = Listpack.create(capacity: Allocator.goodSize(Self.headerSize + moved + 1))
    rest.appendEncoded(Bytes(address + at, count: moved), elements: elements)
    closeGap(at: at, count: moved, elements: elements)
    return rest
  }

  /// Adds copies of all elements of `other`.
  public mutating func append(contentsOf other: Listpack) {
    let encoded = Bytes(other.address + Self.headerSize, count: other.endPosition - Self.headerSize)
    appendEncoded(encoded, elements: other.count)
  }
}
