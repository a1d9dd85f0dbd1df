import CMartlet
import Memory
import Structures

/// What DEBUG DIGEST answers: 20 bytes that are equal for equal data, in whatever order hash tables keep it. The way it
/// is computed is Redis's, so that the data sets of both can be compared.
///
/// What has no order (the keys of a database, the fields of a hash) is added: the SHA-1 of each is XORed in. What has
/// one (a field and its value, the elements of a list) is mixed: the result is hashed again after each.
public struct DatasetDigest {
  private static var size: Int { 20 }
  private var bytes = InlineArray<20, UInt8>(repeating: 0)

  public init() {}

  /// Adds something that has no order among the rest.
  public mutating func add(_ data: Bytes) {
    let hash = Self.sha1(data)
    for i in 0..<Self.size { bytes[i] ^= hash[i] }
  }

  /// Adds what another digest came to.
  public mutating func add(_ other: DatasetDigest) {
    other.withBytes { add($0) }
  }

  /// Mixes in something that stands after what was mixed in before.
  public mutating func mix(_ data: Bytes) {
    add(data)
    bytes = withBytes { Self.sha1($0) }
  }

  public mutating func mix(_ data: StringValue) {
    data.withBytes { mix($0) }
  }

  /// Mixes in a number of 32 bits.
  public mutating func mix(_ number: UInt32) {
    withUnsafeBytes(of: number.bigEndian) { mix(Bytes($0)) }
  }

  public var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    var text = ""
    for i in 0..<Self.size { text += "\(digits[Int(bytes[i] >> 4)])\(digits[Int(bytes[i] & 15)])" }
    return text
  }

  private func withBytes<R>(_ body: (Bytes) -> R) -> R {
    withUnsafeBytes(of: bytes) { body(Bytes($0)) }
  }

  private static func sha1(_ data: Bytes) -> InlineArray<20, UInt8> {
    var hash = InlineArray<20, UInt8>(repeating: 0)
    withUnsafeMutableBytes(of: &hash) { martlet_sha1(data.base, data.count, $0.baseAddress!) }
    return hash
  }
}

extension DatasetDigest {
  /// Mixes in a value, with whether it dies. Keys and fields that are dead but not removed count.
  public mutating func mix(_ entry: Entry) {
    mix(UInt32(entry.type))
    switch entry.valueType {
    case .string: mix(StringValue(entry))
    case .hash: HashValue.digest(entry, into: &self)
    case .list: ListValue.digest(entry, into: &self)
    case .set: SetValue.digest(entry, into: &self)
    case .sortedSet: SortedSetValue.digest(entry, into: &self)
    case .stream: StreamValue.digest(entry, into: &self)
    case .array: ArrayValue.digest(entry, into: &self)
    }
    if entry.hasDeadline { add(Bytes("!!expire!!")) }
  }

  /// The digest of all databases.
  public init(of keyspace: borrowing Keyspace) {
    for index in 0..<keyspace.databaseCount where keyspace.databases[index].count > 0 {
      mix(UInt32(index))
      keyspace.databases[index].table.forEach { entry in
        var one = DatasetDigest()
        one.mix(entry.key)
        one.mix(entry)
        self.add(one)
      }
    }
  }
}

// Each type shows its elements in the order that has a meaning.

extension HashValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    forEach(entry, now: .min) { field in
      var one = DatasetDigest()
      one.mix(field.name)
      one.mix(field.value)
      digest.add(one)
    }
  }
}

extension ListValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    forEach(entry) { digest.mix($0) }
  }
}

extension SetValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    forEach(entry) { member in member.withBytes { digest.add($0) } }
  }
}

extension SortedSetValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    forEach(entry) { member in
      var one = DatasetDigest()
      one.mix(member.name)
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
        let count = martlet_format_double17(text.baseAddress!, 40, member.score)
        one.mix(Bytes(UnsafeRawPointer(text.baseAddress!), count: Int(count)))
      }
      digest.add(one)
    }
  }
}

extension StreamValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    var reader = StreamReader(stream(entry))
    while let item = reader.next() {
      "\(item.id.milliseconds).\(item.id.sequence)".withBytes { digest.mix($0) }
      reader.forEachField { name, value in
        digest.mix(StringValue(name))
        digest.mix(StringValue(value))
      }
    }
  }
}

extension ArrayValue {
  fileprivate static func digest(_ entry: Entry, into digest: inout DatasetDigest) {
    func mix(_ number: UInt64) { withUnsafeBytes(of: number.bigEndian) { digest.mix(Bytes($0)) } }
    mix(array(entry).pointee.lastInserted ?? .max)
    array(entry).pointee.forEach(from: 0, to: SparseArray.maximumIndex) { index, element in
      mix(index)
      element.withBytes { digest.mix($0) }
      return true
    }
  }
}
