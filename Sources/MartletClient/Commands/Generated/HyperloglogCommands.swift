// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Shows elements to a HyperLogLog, which is created if it doesn't exist.
///
/// `PFADD key [element [element ...]]`, since 2.8.9. O(1) to add every element.
public struct PFADD: Command {
  public typealias Response = Bool
  public static var name: String { "PFADD" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var element: [RESPArgument]
  public init(_ key: some RESPEncodable, element: [RESPArgument] = []) {
    self.key = key.respArgument
    self.element = element
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PFADD")
    e.append(key)
    e.append(element)
  }
}

/// Estimates how many different elements one or more HyperLogLogs saw.
///
/// `PFCOUNT key [key ...]`, since 2.8.9. O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.
public struct PFCOUNT: Command {
  public typealias Response = Int
  public static var name: String { "PFCOUNT" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public init(_ key: [some RESPEncodable]) {
    self.key = key.map(\.respArgument)
  }
  public init(_ key: any RESPEncodable...) {
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PFCOUNT")
    e.append(key)
  }
}

/// Makes a HyperLogLog that saw all that it and others saw.
///
/// `PFMERGE destkey [sourcekey [sourcekey ...]]`, since 2.8.9. O(N) to merge N HyperLogLogs, but with high constant times.
public struct PFMERGE: Command {
  public typealias Response = OK
  public static var name: String { "PFMERGE" }
  public var keys: [RESPArgument] { [destkey] + sourcekey }
  public var routingKey: RESPArgument? { destkey }
  public var destkey: RESPArgument
  public var sourcekey: [RESPArgument]
  public init(_ destkey: some RESPEncodable, sourcekey: [RESPArgument] = []) {
    self.destkey = destkey.respArgument
    self.sourcekey = sourcekey
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "PFMERGE")
    e.append(destkey)
    e.append(sourcekey)
  }
}

extension CommandSending {
  /// Shows elements to a HyperLogLog, which is created if it doesn't exist.
  ///
  /// `PFADD key [element [element ...]]`, since 2.8.9. O(1) to add every element.
  @discardableResult
  public func pfadd(_ key: some RESPEncodable, element: [RESPArgument] = []) async throws -> Bool {
    try await send(PFADD(key, element: element))
  }

  /// Estimates how many different elements one or more HyperLogLogs saw.
  ///
  /// `PFCOUNT key [key ...]`, since 2.8.9. O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.
  @discardableResult
  public func pfcount(_ key: [some RESPEncodable]) async throws -> Int {
    try await send(PFCOUNT(key))
  }

  /// Estimates how many different elements one or more HyperLogLogs saw.
  ///
  /// `PFCOUNT key [key ...]`, since 2.8.9. O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.
  @discardableResult
  public func pfcount(_ key: any RESPEncodable...) async throws -> Int {
    try await send(PFCOUNT(key.map(\.respArgument)))
  }

  /// Makes a HyperLogLog that saw all that it and others saw.
  ///
  /// `PFMERGE destkey [sourcekey [sourcekey ...]]`, since 2.8.9. O(N) to merge N HyperLogLogs, but with high constant times.
  @discardableResult
  public func pfmerge(_ destkey: some RESPEncodable, sourcekey: [RESPArgument] = []) async throws -> OK {
    try await send(PFMERGE(destkey, sourcekey: sourcekey))
  }
}
