import CMartlet

/// Owned bytes that can be a dictionary's key: channel names, watched keys, client names.
public struct ByteString: Hashable, Sendable {
  public let bytes: [UInt8]

  public init(_ view: Bytes) { bytes = view.array }
  public init(_ string: String) { bytes = Array(string.utf8) }

  public func withBytes<R>(_ body: (Bytes) throws -> R) rethrows -> R { try bytes.withBytes(body) }
  public var string: String { String(decoding: bytes, as: UTF8.self) }
}
