// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Runs a Lua script.
///
/// `EVAL script numkeys [key [key ...]] [arg [arg ...]]`, since 2.6.0. Depends on the script that is executed.
public struct EVAL: Command {
  public typealias Response = RESPValue
  public static var name: String { "EVAL" }
  public var keys: [RESPArgument] { key }
  public var script: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ script: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.script = script.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EVAL")
    e.append(script)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Runs a Lua script that the server knows, by its SHA-1.
///
/// `EVALSHA sha1 numkeys [key [key ...]] [arg [arg ...]]`, since 2.6.0. Depends on the script that is executed.
public struct EVALSHA: Command {
  public typealias Response = RESPValue
  public static var name: String { "EVALSHA" }
  public var keys: [RESPArgument] { key }
  public var sha1: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ sha1: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.sha1 = sha1.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EVALSHA")
    e.append(sha1)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Runs a Lua script that only reads, by its SHA-1.
///
/// `EVALSHA_RO sha1 numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the script that is executed.
public struct EVALSHA_RO: Command {
  public typealias Response = RESPValue
  public static var name: String { "EVALSHA_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var sha1: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ sha1: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.sha1 = sha1.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EVALSHA_RO")
    e.append(sha1)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Runs a Lua script that only reads.
///
/// `EVAL_RO script numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the script that is executed.
public struct EVAL_RO: Command {
  public typealias Response = RESPValue
  public static var name: String { "EVAL_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var script: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ script: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.script = script.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "EVAL_RO")
    e.append(script)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Calls a function.
///
/// `FCALL function numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the function that is executed.
public struct FCALL: Command {
  public typealias Response = RESPValue
  public static var name: String { "FCALL" }
  public var keys: [RESPArgument] { key }
  public var function: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ function: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.function = function.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "FCALL")
    e.append(function)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Calls a function that only reads.
///
/// `FCALL_RO function numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the function that is executed.
public struct FCALL_RO: Command {
  public typealias Response = RESPValue
  public static var name: String { "FCALL_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { key }
  public var function: RESPArgument
  public var key: [RESPArgument]
  public var arg: [RESPArgument]
  public init(_ function: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) {
    self.function = function.respArgument
    self.key = key
    self.arg = arg
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "FCALL_RO")
    e.append(function)
    e.append(.integer(key.count))
    e.append(key)
    e.append(arg)
  }
}

/// Subcommands of FUNCTION.
public enum FUNCTION {
  /// Removes a library and its functions.
  ///
  /// `FUNCTION DELETE library-name`, since 7.0.0. O(1)
  public struct DELETE: Command {
    public typealias Response = OK
    public static var name: String { "FUNCTION DELETE" }
    public var libraryName: RESPArgument
    public init(_ libraryName: some RESPEncodable) {
      self.libraryName = libraryName.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "DELETE")
      e.append(libraryName)
    }
  }

  /// Returns all libraries as bytes that FUNCTION RESTORE takes.
  ///
  /// `FUNCTION DUMP`, since 7.0.0. O(N) where N is the number of functions
  public struct DUMP: Command {
    public typealias Response = RESPString
    public static var name: String { "FUNCTION DUMP" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "DUMP")
    }
  }

  /// Removes all libraries.
  ///
  /// `FUNCTION FLUSH [ASYNC | SYNC]`, since 7.0.0. O(N) where N is the number of functions deleted
  public struct FLUSH: Command {
    public typealias Response = OK
    public static var name: String { "FUNCTION FLUSH" }
    public enum FlushType: Sendable {
      case async
      case sync
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .async: e.append(word: "ASYNC")
        case .sync: e.append(word: "SYNC")
        }
      }
    }
    public var flushType: FlushType?
    public init(flushType: FlushType? = nil) {
      self.flushType = flushType
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "FLUSH")
      if let flushType { flushType.encode(into: &e) }
    }
  }

  /// Ends the function that runs.
  ///
  /// `FUNCTION KILL`, since 7.0.0. O(1)
  public struct KILL: Command {
    public typealias Response = OK
    public static var name: String { "FUNCTION KILL" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "KILL")
    }
  }

  /// Tells of all libraries.
  ///
  /// `FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]`, since 7.0.0. O(N) where N is the number of functions
  public struct LIST: Command {
    public typealias Response = RESPValue
    public static var name: String { "FUNCTION LIST" }
    public var libraryNamePattern: RESPArgument?
    public var withcode: Bool
    public init(libraryNamePattern: RESPArgument? = nil, withcode: Bool = false) {
      self.libraryNamePattern = libraryNamePattern
      self.withcode = withcode
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "LIST")
      if let libraryNamePattern {
        e.append(word: "LIBRARYNAME")
        e.append(libraryNamePattern)
      }
      if withcode { e.append(word: "WITHCODE") }
    }
  }

  /// Adds a library.
  ///
  /// `FUNCTION LOAD [REPLACE] function-code`, since 7.0.0. O(1) (considering compilation time is redundant)
  public struct LOAD: Command {
    public typealias Response = RESPString
    public static var name: String { "FUNCTION LOAD" }
    public var replace: Bool
    public var functionCode: RESPArgument
    public init(_ functionCode: some RESPEncodable, replace: Bool = false) {
      self.replace = replace
      self.functionCode = functionCode.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "LOAD")
      if replace { e.append(word: "REPLACE") }
      e.append(functionCode)
    }
  }

  /// Adds the libraries that FUNCTION DUMP returned.
  ///
  /// `FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]`, since 7.0.0. O(N) where N is the number of functions on the payload
  public struct RESTORE: Command {
    public typealias Response = OK
    public static var name: String { "FUNCTION RESTORE" }
    public enum Flush: Sendable {
      case flush
      case append
      case replace
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .flush: e.append(word: "FLUSH")
        case .append: e.append(word: "APPEND")
        case .replace: e.append(word: "REPLACE")
        }
      }
    }
    public var serializedValue: RESPArgument
    public var flush: Flush?
    public init(_ serializedValue: some RESPEncodable, flush: Flush? = nil) {
      self.serializedValue = serializedValue.respArgument
      self.flush = flush
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "RESTORE")
      e.append(serializedValue)
      if let flush { flush.encode(into: &e) }
    }
  }

  /// Tells of the function that runs, and of the engine.
  ///
  /// `FUNCTION STATS`, since 7.0.0. O(1)
  public struct STATS: Command {
    public typealias Response = RESPValue
    public static var name: String { "FUNCTION STATS" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "FUNCTION")
      e.append(word: "STATS")
    }
  }
}

/// Subcommands of SCRIPT.
public enum SCRIPT {
  /// Tells which scripts the server knows.
  ///
  /// `SCRIPT EXISTS sha1 [sha1 ...]`, since 2.6.0. O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).
  public struct EXISTS: Command {
    public typealias Response = [Bool]
    public static var name: String { "SCRIPT EXISTS" }
    public var sha1: [RESPArgument]
    public init(_ sha1: [some RESPEncodable]) {
      self.sha1 = sha1.map(\.respArgument)
    }
    public init(_ sha1: any RESPEncodable...) {
      self.sha1 = sha1.map(\.respArgument)
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SCRIPT")
      e.append(word: "EXISTS")
      e.append(sha1)
    }
  }

  /// Forgets all scripts.
  ///
  /// `SCRIPT FLUSH [ASYNC | SYNC]`, since 2.6.0. O(N) with N being the number of scripts in cache
  public struct FLUSH: Command {
    public typealias Response = OK
    public static var name: String { "SCRIPT FLUSH" }
    public enum FlushType: Sendable {
      case async
      case sync
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .async: e.append(word: "ASYNC")
        case .sync: e.append(word: "SYNC")
        }
      }
    }
    public var flushType: FlushType?
    public init(flushType: FlushType? = nil) {
      self.flushType = flushType
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SCRIPT")
      e.append(word: "FLUSH")
      if let flushType { flushType.encode(into: &e) }
    }
  }

  /// Ends the script that runs.
  ///
  /// `SCRIPT KILL`, since 2.6.0. O(1)
  public struct KILL: Command {
    public typealias Response = OK
    public static var name: String { "SCRIPT KILL" }
    public init() {}
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SCRIPT")
      e.append(word: "KILL")
    }
  }

  /// Keeps a script for EVALSHA.
  ///
  /// `SCRIPT LOAD script`, since 2.6.0. O(N) with N being the length in bytes of the script body.
  public struct LOAD: Command {
    public typealias Response = RESPString
    public static var name: String { "SCRIPT LOAD" }
    public var script: RESPArgument
    public init(_ script: some RESPEncodable) {
      self.script = script.respArgument
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "SCRIPT")
      e.append(word: "LOAD")
      e.append(script)
    }
  }
}

extension CommandSending {
  /// Runs a Lua script.
  ///
  /// `EVAL script numkeys [key [key ...]] [arg [arg ...]]`, since 2.6.0. Depends on the script that is executed.
  @discardableResult
  public func eval(_ script: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(EVAL(script, key: key, arg: arg))
  }

  /// Runs a Lua script that the server knows, by its SHA-1.
  ///
  /// `EVALSHA sha1 numkeys [key [key ...]] [arg [arg ...]]`, since 2.6.0. Depends on the script that is executed.
  @discardableResult
  public func evalsha(_ sha1: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(EVALSHA(sha1, key: key, arg: arg))
  }

  /// Runs a Lua script that only reads, by its SHA-1.
  ///
  /// `EVALSHA_RO sha1 numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the script that is executed.
  @discardableResult
  public func evalshaRO(_ sha1: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(EVALSHA_RO(sha1, key: key, arg: arg))
  }

  /// Runs a Lua script that only reads.
  ///
  /// `EVAL_RO script numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the script that is executed.
  @discardableResult
  public func evalRO(_ script: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(EVAL_RO(script, key: key, arg: arg))
  }

  /// Calls a function.
  ///
  /// `FCALL function numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the function that is executed.
  @discardableResult
  public func fcall(_ function: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(FCALL(function, key: key, arg: arg))
  }

  /// Calls a function that only reads.
  ///
  /// `FCALL_RO function numkeys [key [key ...]] [arg [arg ...]]`, since 7.0.0. Depends on the function that is executed.
  @discardableResult
  public func fcallRO(_ function: some RESPEncodable, key: [RESPArgument] = [], arg: [RESPArgument] = []) async throws -> RESPValue {
    try await send(FCALL_RO(function, key: key, arg: arg))
  }

  /// Removes a library and its functions.
  ///
  /// `FUNCTION DELETE library-name`, since 7.0.0. O(1)
  @discardableResult
  public func functionDelete(_ libraryName: some RESPEncodable) async throws -> OK {
    try await send(FUNCTION.DELETE(libraryName))
  }

  /// Returns all libraries as bytes that FUNCTION RESTORE takes.
  ///
  /// `FUNCTION DUMP`, since 7.0.0. O(N) where N is the number of functions
  @discardableResult
  public func functionDump() async throws -> RESPString {
    try await send(FUNCTION.DUMP())
  }

  /// Removes all libraries.
  ///
  /// `FUNCTION FLUSH [ASYNC | SYNC]`, since 7.0.0. O(N) where N is the number of functions deleted
  @discardableResult
  public func functionFlush(flushType: FUNCTION.FLUSH.FlushType? = nil) async throws -> OK {
    try await send(FUNCTION.FLUSH(flushType: flushType))
  }

  /// Ends the function that runs.
  ///
  /// `FUNCTION KILL`, since 7.0.0. O(1)
  @discardableResult
  public func functionKill() async throws -> OK {
    try await send(FUNCTION.KILL())
  }

  /// Tells of all libraries.
  ///
  /// `FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]`, since 7.0.0. O(N) where N is the number of functions
  @discardableResult
  public func functionList(libraryNamePattern: RESPArgument? = nil, withcode: Bool = false) async throws -> RESPValue {
    try await send(FUNCTION.LIST(libraryNamePattern: libraryNamePattern, withcode: withcode))
  }

  /// Adds a library.
  ///
  /// `FUNCTION LOAD [REPLACE] function-code`, since 7.0.0. O(1) (considering compilation time is redundant)
  @discardableResult
  public func functionLoad(_ functionCode: some RESPEncodable, replace: Bool = false) async throws -> RESPString {
    try await send(FUNCTION.LOAD(functionCode, replace: replace))
  }

  /// Adds the libraries that FUNCTION DUMP returned.
  ///
  /// `FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]`, since 7.0.0. O(N) where N is the number of functions on the payload
  @discardableResult
  public func functionRestore(_ serializedValue: some RESPEncodable, flush: FUNCTION.RESTORE.Flush? = nil) async throws -> OK {
    try await send(FUNCTION.RESTORE(serializedValue, flush: flush))
  }

  /// Tells of the function that runs, and of the engine.
  ///
  /// `FUNCTION STATS`, since 7.0.0. O(1)
  @discardableResult
  public func functionStats() async throws -> RESPValue {
    try await send(FUNCTION.STATS())
  }

  /// Tells which scripts the server knows.
  ///
  /// `SCRIPT EXISTS sha1 [sha1 ...]`, since 2.6.0. O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).
  @discardableResult
  public func scriptExists(_ sha1: [some RESPEncodable]) async throws -> [Bool] {
    try await send(SCRIPT.EXISTS(sha1))
  }

  /// Tells which scripts the server knows.
  ///
  /// `SCRIPT EXISTS sha1 [sha1 ...]`, since 2.6.0. O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).
  @discardableResult
  public func scriptExists(_ sha1: any RESPEncodable...) async throws -> [Bool] {
    try await send(SCRIPT.EXISTS(sha1.map(\.respArgument)))
  }

  /// Forgets all scripts.
  ///
  /// `SCRIPT FLUSH [ASYNC | SYNC]`, since 2.6.0. O(N) with N being the number of scripts in cache
  @discardableResult
  public func scriptFlush(flushType: SCRIPT.FLUSH.FlushType? = nil) async throws -> OK {
    try await send(SCRIPT.FLUSH(flushType: flushType))
  }

  /// Ends the script that runs.
  ///
  /// `SCRIPT KILL`, since 2.6.0. O(1)
  @discardableResult
  public func scriptKill() async throws -> OK {
    try await send(SCRIPT.KILL())
  }

  /// Keeps a script for EVALSHA.
  ///
  /// `SCRIPT LOAD script`, since 2.6.0. O(N) with N being the length in bytes of the script body.
  @discardableResult
  public func scriptLoad(_ script: some RESPEncodable) async throws -> RESPString {
    try await send(SCRIPT.LOAD(script))
  }
}
