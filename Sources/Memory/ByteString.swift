import CMartlet

/// Owned bytes that can be a dictionary's key: channel names, watched keys, client names.
package struct ByteString: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ view: Bytes) { bytes = view.array }
  package init(_ string: String) { bytes = Array(string.utf8) }

  package func withBytes<R>(_ body: (Bytes) throws -> R) rethrows -> R { try bytes.withBytes(body) }
  package var string: String { String(decoding: bytes, as: UTF8.self) }
}
