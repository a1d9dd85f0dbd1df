/// A key's name, as the server says it when the key changes, in 64 bits. Seeded anew in each process, so nobody outside can
/// choose names that collide; and if two did, one entry too many would go.
enum NameHash {
  static func of(_ name: String) -> UInt64 {
    var name = name
    return name.withUTF8 { of(UnsafeRawBufferPointer($0)) }
  }

  static func of(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(bytes: name)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
