import CMartlet
import Memory
import Structures

/// Reads the commands of an append-only file, one after the other.
public struct AOFReader: ~Copyable {
  /// What was read is sound up to here.
  public private(set) var offset: Int

  private var reader: RDBReader
  /// The arguments' bytes, behind each other.
  private var arena: UnsafeMutablePointer<UInt8>
  private var capacity = 4096
  private var count = 0
  private var ends: [Int] = []
  private var views: [Bytes] = []

  /// What the last annotation said, without its mark and the end of its line; nil: there was none since this was set.
  public var annotation: [UInt8]?

  private static let keptCapacity = 1 << 20
  /// Annotations are cut off behind so many bytes.
  private static let annotationLimit = 128

  public init(_ reader: consuming RDBReader) {
    offset = reader.offset
    self.reader = reader
    arena = Allocator.allocate(capacity).assumingMemoryBound(to: UInt8.self)
  }

  deinit { Allocator.free(arena) }

  /// Reads the next command and gives its arguments to `body`; they are valid for the call. Or reads an annotation, without
  /// calling `body`. False at the end.
  ///
  /// - Throws: `truncated` if the end comes in the middle of a command.
  public mutating func next(_ body: (UnsafeBufferPointer<Bytes>) -> Void) throws(RDBFailure) -> Bool {
    if let first = try reader.peek() {
      if first == UInt8(ascii: "#") {
        try readAnnotation()
        offset = reader.offset
        return true
      }
      try readCommand()
      offset = reader.offset
      views.removeAll(keepingCapacity: true)
      var at = 0
      for end in ends {
        views.append(Bytes(arena + at, count: end - at))
        at = end
      }
      views.withUnsafeBufferPointer(body)
      return true
    }
    return false
  }

  private mutating func readAnnotation() throws(RDBFailure) {
    _ = try reader.byte()
    var line: [UInt8] = []
    while true {
      let byte = try reader.byte()
      if byte == 10 { break }
      if byte != 13 && line.count < Self.annotationLimit { line.append(byte) }
    }
    annotation = line
  }

  private mutating func readCommand() throws(RDBFailure) {
    count = 0
    ends.removeAll(keepingCapacity: true)
    if capacity > Self.keptCapacity { resize(Self.keptCapacity) }
    let arguments = try number(after: UInt8(ascii: "*"))
    guard arguments >= 1 else { throw .corrupt("a command without arguments") }
    for _ in 0..<arguments {
      let length = try number(after: UInt8(ascii: "$"))
      append(try reader.bytes(length))
      let end = try reader.bytes(2)
      guard end[0] == 13 && end[1] == 10 else { throw .corrupt("an argument without end") }
      ends.append(count)
    }
  }

  /// A line of a mark and a decimal number.
  private mutating func number(after mark: UInt8) throws(RDBFailure) -> Int {
    guard try reader.byte() == mark else { throw .corrupt("'\(Character(UnicodeScalar(mark)))' expected") }
    var value = 0
    var digits = 0
    while true {
      let byte = try reader.byte()
      if byte == 13 { break }
      guard byte &- 48 < 10, digits < 18 else { throw .corrupt("a number expected") }
      value = value * 10 + Int(byte - 48)
      digits += 1
    }
    guard try reader.byte() == 10, digits > 0 else { throw .corrupt("a number expected") }
    return value
  }

  private mutating func append(_ bytes: Bytes) {
    if count + bytes.count > capacity { resize(max(capacity * 2, count + bytes.count)) }
    memcpy(arena + count, bytes.base, bytes.count)
    count += bytes.count
  }

  private mutating func resize(_ newCapacity: Int) {
    arena = Allocator.reallocate(arena, to: newCapacity).assumingMemoryBound(to: UInt8.self)
    capacity = newCapacity
  }
}
