import Foundation

/// How values become bytes and come back.
public struct CacheCodec<Value: Sendable>: Sendable {
  public var encode: @Sendable (Value) throws -> [UInt8]
  public var decode: @Sendable ([UInt8]) throws -> Value

  public init(
    encode: @escaping @Sendable (Value) throws -> [UInt8], decode: @escaping @Sendable ([UInt8]) throws -> Value
  ) {
    self.encode = encode
    self.decode = decode
  }
}

extension CacheCodec where Value: Codable {
  /// JSON, which others can read and write.
  public static var json: CacheCodec {
    CacheCodec(
      encode: { Array(try JSONEncoder().encode($0)) },
      decode: { try JSONDecoder().decode(Value.self, from: Data($0)) })
  }
}

extension CacheCodec where Value == String {
  /// The text itself.
  public static var utf8: CacheCodec {
    CacheCodec(encode: { Array($0.utf8) }, decode: { String(decoding: $0, as: UTF8.self) })
  }
}

extension CacheCodec where Value == [UInt8] {
  /// The bytes themselves.
  public static var bytes: CacheCodec { CacheCodec(encode: { $0 }, decode: { $0 }) }
}
