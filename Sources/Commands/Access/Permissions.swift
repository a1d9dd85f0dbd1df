import Memory
import Structures

/// What a user is not allowed.
public enum Denial: Equatable, Sendable {
  case command
  /// The argument at this index is a key that may not be used so.
  case key(Int)
  case channel(Int)

  /// With several selectors the one that came furthest says what is wrong.
  fileprivate func isFurther(than other: Denial) -> Bool { progress > other.progress }

  private var progress: (Int, Int) {
    switch self {
    case .command: (0, 0)
    case .key(let index): (1, index)
    case .channel(let index): (2, index)
    }
  }
}

/// A user's permissions as they are looked at with every command: made from a ``User`` when it changes, and read without
/// touching a reference count.
public struct Permissions: ~Copyable {
  private struct Pattern {
    let text: Bytes
    let permissions: KeyPermissions
  }

  private struct Compiled {
    let allowsAllCommands: Bool
    let allowsAllKeys: Bool
    let allowsAllChannels: Bool
    let commands: UnsafeMutablePointer<UInt64>
    let keys: UnsafeMutableBufferPointer<Pattern>
    let channels: UnsafeMutableBufferPointer<Pattern>
    /// Looked at only for commands that are not allowed otherwise.
    let firstArguments: [Int: [ByteString]]
  }

  private let selectors: UnsafeMutableBufferPointer<Compiled>
  /// Everything is allowed: there is nothing to check.
  public let isUnrestricted: Bool

  public init(_ user: borrowing User) {
    let all = user.selectors
    isUnrestricted = all.contains { $0.allowsAllCommands && $0.allowsAllKeys && $0.allowsAllChannels }
    selectors = .allocate(capacity: all.count)
    for (i, selector) in all.enumerated() {
      let words = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, selector.commands.words.count))
      words.initialize(from: selector.commands.words, count: selector.commands.words.count)
      selectors.initializeElement(
        at: i,
        to: Compiled(
          allowsAllCommands: selector.allowsAllCommands, allowsAllKeys: selector.allowsAllKeys,
          allowsAllChannels: selector.allowsAllChannels, commands: words,
          keys: Self.patterns(selector.keys.map { ($0.pattern, $0.permissions) }),
          channels: Self.patterns(selector.channels.map { ($0, .all) }), firstArguments: selector.firstArguments))
    }
  }

  private static func patterns(
    _ all: [(text: ByteString, permissions: KeyPermissions)]
  ) -> UnsafeMutableBufferPointer<Pattern> {
    let patterns = UnsafeMutableBufferPointer<Pattern>.allocate(capacity: all.count)
    for (i, pattern) in all.enumerated() {
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, pattern.text.bytes.count))
      copy.initialize(from: pattern.text.bytes, count: pattern.text.bytes.count)
      patterns.initializeElement(
        at: i, to: Pattern(text: Bytes(copy, count: pattern.text.bytes.count), permissions: pattern.permissions))
    }
    return patterns
  }

  deinit {
    for selector in selectors {
      selector.commands.deallocate()
      for patterns in [selector.keys, selector.channels] {
        for pattern in patterns { pattern.text.base.deallocate() }
        patterns.deallocate()
      }
    }
    selectors.deinitialize()
    selectors.deallocate()
  }

  // MARK: Check

  /// Why a command may not be run with these arguments, the first of which is its name; nil: it may.
  public func denial(_ command: CommandReference, _ arguments: UnsafeBufferPointer<Bytes>) -> Denial? {
    if isUnrestricted { return nil }
    var reason = Denial.command
    for i in selectors.indices {
      guard let denial = Self.denial(selectors.baseAddress! + i, command, arguments) else { return nil }
      if denial.isFurther(than: reason) { reason = denial }
    }
    return reason
  }

  /// Whether one selector allows the command and to read every key there is.
  func allowsReadingAll(_ command: CommandReference, _ arguments: UnsafeBufferPointer<Bytes>) -> Bool {
    if isUnrestricted { return true }
    return selectors.indices.contains { i in
      let selector = selectors.baseAddress! + i
      if Self.denial(selector, command, arguments) != nil { return false }
      return selector.pointee.allowsAllKeys
        || selector.pointee.keys.contains { $0.permissions.contains(.read) && $0.text.equals(Bytes("*")) }
    }
  }

  private static func denial(
    _ selector: UnsafePointer<Compiled>, _ command: CommandReference, _ arguments: UnsafeBufferPointer<Bytes>
  ) -> Denial? {
    if !selector.pointee.allowsAllCommands && !command.pointee.flags.contains(.noAuth)
      && !allows(selector, command, arguments)
    {
      return .command
    }
    if !selector.pointee.allowsAllKeys, command.pointee.hasKeys,
      let index = deniedKey(selector.pointee.keys, command, arguments)
    {
      return .key(index)
    }
    if !selector.pointee.allowsAllChannels, command.pointee.channels != .none {
      let isPattern = command.pointee.channels == .subscribesToPatterns
      for i in command.pointee.channels.indices(argumentCount: arguments.count)
      where !allowsChannel(selector.pointee.channels, arguments[i], isPattern: isPattern) {
        return .channel(i)
      }
    }
    return nil
  }

  @inline(__always)
  private static func allows(
    _ selector: UnsafePointer<Compiled>, _ command: CommandReference, _ arguments: UnsafeBufferPointer<Bytes>
  ) -> Bool {
    let index = command.pointee.index
    if selector.pointee.commands[index &>> 6] &>> UInt64(index & 63) & 1 == 1 { return true }
    return allowsFirstArgument(selector, command, arguments)
  }

  @inline(never)
  private static func allowsFirstArgument(
    _ selector: UnsafePointer<Compiled>, _ command: CommandReference, _ arguments: UnsafeBufferPointer<Bytes>
  ) -> Bool {
    guard arguments.count > 1, let allowed = selector.pointee.firstArguments[command.pointee.index] else {
      return false
    }
    return allowed.contains { $0.withBytes { arguments[1].equalsIgnoringCase($0) } }
  }

  // MARK: Keys

  /// The first key that may not be used as the command does. If the arguments make no sense, there are no keys: the
  /// command will say so.
  private static func deniedKey(
    _ patterns: UnsafeMutableBufferPointer<Pattern>, _ command: CommandReference,
    _ arguments: UnsafeBufferPointer<Bytes>
  ) -> Int? {
    guard command.pointee.hasFixedKeys else {
      // SET and BITFIELD only differ in what they do with their key. Who may do anything with it need not be asked more.
      let first = command.pointee.firstKey
      if command.pointee.hasOnlyFirstKey, first < arguments.count, allowsKey(patterns, arguments[first], .all) {
        return nil
      }
      return deniedFoundKey(patterns, command, arguments)
    }
    var denied: Int?
    for i in 0..<command.pointee.keyAccess.count {
      let access = command.pointee.keyAccess[i]
      guard let places = access.places(in: arguments) else { return nil }
      var at = places.first
      while at <= places.last, denied == nil {
        if !allowsKey(patterns, arguments[at], access.needed) { denied = at }
        at += places.step
      }
    }
    return denied
  }

  /// As above, for keys that have to be searched for.
  @inline(never)
  private static func deniedFoundKey(
    _ patterns: UnsafeMutableBufferPointer<Pattern>, _ command: CommandReference,
    _ arguments: UnsafeBufferPointer<Bytes>
  ) -> Int? {
    let keys = command.pointee.declaration.keys(in: arguments) ?? []
    return keys.first {
      $0.index < arguments.count && !allowsKey(patterns, arguments[$0.index], KeyPermissions($0.flags))
    }?
    .index
  }

  @inline(__always)
  private static func allowsKey(
    _ patterns: UnsafeMutableBufferPointer<Pattern>, _ key: Bytes, _ needed: KeyPermissions
  ) -> Bool {
    for i in 0..<patterns.count {
      let pattern = patterns[i]
      if pattern.permissions.rawValue & needed.rawValue == needed.rawValue, globMatches(pattern: pattern.text, key) {
        return true
      }
    }
    return false
  }

  // MARK: Channels

  /// A pattern of channels must be allowed as such: nobody knows what it will match.
  private static func allowsChannel(
    _ patterns: UnsafeMutableBufferPointer<Pattern>, _ channel: Bytes, isPattern: Bool
  ) -> Bool {
    patterns.contains { isPattern ? $0.text.equals(channel) : globMatches(pattern: $0.text, channel) }
  }
}

extension User {
  /// Whether a channel may be listened to.
  public func allowsChannel(_ channel: Bytes, isPattern: Bool) -> Bool {
    selectors.contains { selector in
      selector.allowsAllChannels
        || selector.channels.contains { allowed in
          allowed.withBytes { isPattern ? $0.equals(channel) : globMatches(pattern: $0, channel) }
        }
    }
  }

  /// Whether whatever `old` listens to may still be listened to, as far as the rules alone can tell.
  public func keepsChannels(of old: User) -> Bool {
    if selectors.contains(where: \.allowsAllChannels) { return true }
    let kept = selectors.flatMap(\.channels)
    return old.selectors.allSatisfy { !$0.allowsAllChannels && $0.channels.allSatisfy { kept.contains($0) } }
  }
}
