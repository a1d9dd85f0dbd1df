// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Forgets the queued commands.
///
/// `DISCARD`, since 2.0.0. O(N), when N is the number of queued commands
public struct DISCARD: Command {
  public typealias Response = OK
  public static var name: String { "DISCARD" }
  public static var needsOwnConnection: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "DISCARD")
  }
}

/// Runs all commands queued since MULTI.
///
/// `EXEC`, since 1.2.0. Depends on commands in the transaction
public struct EXEC: Command {
  public typealias Response = [RESPValue]?
  public static var name: String { "EXEC" }
  public static var needsOwnConnection: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EXEC")
  }
}

/// Starts a transaction: the commands that follow are queued.
///
/// `MULTI`, since 1.2.0. O(1)
public struct MULTI: Command {
  public typealias Response = OK
  public static var name: String { "MULTI" }
  public static var needsOwnConnection: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "MULTI")
  }
}

/// Forgets all watched keys.
///
/// `UNWATCH`, since 2.2.0. O(1)
public struct UNWATCH: Command {
  public typealias Response = OK
  public static var name: String { "UNWATCH" }
  public static var needsOwnConnection: Bool { true }
  public init() {}
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "UNWATCH")
  }
}

/// Lets the next EXEC fail if one of these keys is changed before it.
///
/// `WATCH key [key ...]`, since 2.2.0. O(1) for every key.
public struct WATCH: Command {
  public typealias Response = OK
  public static var name: String { "WATCH" }
  public static var needsOwnConnection: Bool { true }
  public var keys: [RESPArgument] { key }
  public var key: [RESPArgument]
  public init(_ key: [some RESPEncodable]) {
    self.key = key.map(\.respArgument)
  }
  public init(_ key: any RESPEncodable...) {
    self.key = key.map(\.respArgument)
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "WATCH")
    e.append(key)
  }
}

extension CommandSending {
  /// Forgets the queued commands.
  ///
  /// `DISCARD`, since 2.0.0. O(N), when N is the number of queued commands
  @discardableResult
  public func discard() async throws -> OK {
    try await send(DISCARD())
  }

  /// Runs all commands queued since MULTI.
  ///
  /// `EXEC`, since 1.2.0. Depends on commands in the transaction
  @discardableResult
  public func exec() async throws -> [RESPValue]? {
    try await send(EXEC())
  }

  /// Starts a transaction: the commands that follow are queued.
  ///
  /// `MULTI`, since 1.2.0. O(1)
  @discardableResult
  public func multi() async throws -> OK {
    try await send(MULTI())
  }

  /// Forgets all watched keys.
  ///
  /// `UNWATCH`, since 2.2.0. O(1)
  @discardableResult
  public func unwatch() async throws -> OK {
    try await send(UNWATCH())
  }

  /// Lets the next EXEC fail if one of these keys is changed before it.
  ///
  /// `WATCH key [key ...]`, since 2.2.0. O(1) for every key.
  @discardableResult
  public func watch(_ key: [some RESPEncodable]) async throws -> OK {
    try await send(WATCH(key))
  }

  /// Lets the next EXEC fail if one of these keys is changed before it.
  ///
  /// `WATCH key [key ...]`, since 2.2.0. O(1) for every key.
  @discardableResult
  public func watch(_ key: any RESPEncodable...) async throws -> OK {
    try await send(WATCH(key.map(\.respArgument)))
  }
}
