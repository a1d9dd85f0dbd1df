import Memory
import Structures

/// What may be done with a key.
public struct KeyPermissions: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static var read: KeyPermissions { KeyPermissions(rawValue: 1) }
  public static var write: KeyPermissions { KeyPermissions(rawValue: 2) }
  public static var all: KeyPermissions { KeyPermissions(rawValue: 3) }

  /// What it takes to do with a key what these flags of a ``KeySpec`` say. Nothing but a match, if only its name or
  /// its type is looked at.
  public init(_ flags: [StaticString]) {
    var needed: UInt8 = 0
    for flag in flags {
      if Bytes(flag).equals(Bytes("access")) { needed |= 1 }
      for change: StaticString in ["insert", "delete", "update"] where Bytes(flag).equals(Bytes(change)) { needed |= 2 }
    }
    rawValue = needed
  }
}

/// Some of the commands and subcommands, by their indices.
public struct CommandSet: Equatable, Sendable {
  public private(set) var words: [UInt64]

  public init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  public func contains(_ command: CommandReference) -> Bool {
    words[command.pointee.index / 64] >> UInt64(command.pointee.index % 64) & 1 == 1
  }

  public mutating func set(_ command: CommandReference, _ isMember: Bool) {
    let bit: UInt64 = 1 << UInt64(command.pointee.index % 64)
    if isMember { words[command.pointee.index / 64] |= bit } else { words[command.pointee.index / 64] &= ~bit }
  }

  public mutating func setAll(_ areMembers: Bool) {
    for i in words.indices { words[i] = areMembers ? .max : 0 }
  }
}

/// Commands with the keys and channels that they may be used on. A user may do what any one of its selectors allows.
///
/// Rules about commands are kept as they were given, because their order matters and because a category may hold
/// other commands after an upgrade. A rule that makes an earlier one pointless takes its place: that of the same
/// command or category, and those of a command's subcommands.
public struct Selector {
  public struct KeyPattern: Equatable {
    public let pattern: ByteString
    public fileprivate(set) var permissions: KeyPermissions
  }

  public private(set) var allowsAllKeys = false
  public private(set) var allowsAllChannels: Bool
  /// Nothing was taken from `+@all` since.
  public private(set) var allowsAllCommands = false
  public private(set) var keys: [KeyPattern] = []
  public private(set) var channels: [ByteString] = []
  public private(set) var commands: CommandSet
  /// By command, the first arguments that it may be used with though it is not in `commands`.
  public private(set) var firstArguments: [Int: [ByteString]] = [:]
  /// What the rules begin with: all commands, or none.
  private var beginsWithAll = false
  private var commandRules: [[UInt8]] = []

  public init(_ context: RuleContext) {
    allowsAllChannels = context.startsWithAllChannels
    commands = CommandSet(count: context.table.totalCount)
  }

  // MARK: Rules

  public mutating func apply(_ rule: Bytes, _ context: RuleContext) throws(RuleError) {
    switch rule {
    case "allkeys", "~*": resetKeys(allowingAll: true)
    case "resetkeys": resetKeys(allowingAll: false)
    case "allchannels", "&*": resetChannels(allowingAll: true)
    case "resetchannels": resetChannels(allowingAll: false)
    case "allcommands", "+@all": resetCommands(allowingAll: true)
    case "nocommands", "-@all": resetCommands(allowingAll: false)
    default: try applyPrefixed(rule, context)
    }
  }

  private mutating func applyPrefixed(_ rule: Bytes, _ context: RuleContext) throws(RuleError) {
    guard rule.count > 0 else { throw .syntax }
    let rest = rule[1..<rule.count]
    switch rule[0] {
    case UInt8(ascii: "~"): try addKeys(rest, .all)
    case UInt8(ascii: "%"): try addKeys(qualified: rest)
    case UInt8(ascii: "&"): try addChannels(rest)
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      let allows = rule[0] == UInt8(ascii: "+")
      if rest.count > 0 && rest[0] == UInt8(ascii: "@") {
        try changeCategory(rest, allows, context)
      } else {
        try changeCommand(rest, allows, context)
      }
    default: throw .syntax
    }
  }

  private mutating func resetKeys(allowingAll: Bool) {
    allowsAllKeys = allowingAll
    keys = []
  }

  private mutating func resetChannels(allowingAll: Bool) {
    allowsAllChannels = allowingAll
    channels = []
  }

  private mutating func resetCommands(allowingAll: Bool) {
    commands.setAll(allowingAll)
    allowsAllCommands = allowingAll
    beginsWithAll = allowingAll
    commandRules = []
    firstArguments = [:]
  }

  /// `%R~pattern`, `%W~pattern`, `%RW~pattern`.
  private mutating func addKeys(qualified rule: Bytes) throws(RuleError) {
    if allowsAllKeys { throw .keysAfterAllKeys }
    var permissions: KeyPermissions = []
    var at = 0
    while at < rule.count {
      let letter = asciiLowercased(rule[at])
      at += 1
      if letter == UInt8(ascii: "~"), !permissions.isEmpty { break }
      let permission: KeyPermissions = letter == UInt8(ascii: "r") ? .read : letter == UInt8(ascii: "w") ? .write : []
      guard !permission.isEmpty, permissions.isDisjoint(with: permission) else { throw .syntax }
      permissions.formUnion(permission)
    }
    if permissions.isEmpty { throw .syntax }
    try addKeys(rule[at..<rule.count], permissions)
  }

  private mutating func addKeys(_ pattern: Bytes, _ permissions: KeyPermissions) throws(RuleError) {
    if allowsAllKeys { throw .keysAfterAllKeys }
    if pattern.hasBlanks { throw .syntax }
    let name = ByteString(pattern)
    if let known = keys.firstIndex(where: { $0.pattern == name }) {
      keys[known].permissions.formUnion(permissions)
    } else {
      keys.append(KeyPattern(pattern: name, permissions: permissions))
    }
  }

  private mutating func addChannels(_ pattern: Bytes) throws(RuleError) {
    if allowsAllChannels { throw .channelsAfterAllChannels }
    if pattern.hasBlanks { throw .syntax }
    let name = ByteString(pattern)
    if !channels.contains(name) { channels.append(name) }
  }

  /// `+@category` or `-@category`, given with the `@`.
  private mutating func changeCategory(_ rule: Bytes, _ allows: Bool, _ context: RuleContext) throws(RuleError) {
    guard let category = AccessCategories(name: rule[1..<rule.count]) else { throw .unknownCommand }
    note(rule, allows)
    for command in context.table.members(of: category) { change(command, allows) }
  }

  /// `+command`, `-command`, `+command|subcommand`, `-command|subcommand`, or `+command|first-argument`.
  private mutating func changeCommand(_ name: Bytes, _ allows: Bool, _ context: RuleContext) throws(RuleError) {
    if let command = context.table.find(declaredName: name) {
      change(command, allows)
      return command.pointee.fullName.withBytes { note($0, allows) }
    }
    guard allows, let bar = name.buffer.lastIndex(of: UInt8(ascii: "|")),
      let command = context.table.find(declaredName: name[0..<bar])
    else { throw .unknownCommand }
    if command.pointee.parent != nil { throw .argumentOfSubcommand }
    let argument = name[bar + 1..<name.count]
    if argument.isEmpty || argument.hasBlanks { throw .syntax }
    if command.pointee.hasSubcommands { throw .unknownCommand }
    let known = firstArguments[command.pointee.index, default: []]
    if !known.contains(where: { $0.withBytes { argument.equalsIgnoringCase($0) } }) {
      firstArguments[command.pointee.index] = known + [ByteString(argument)]
    }
    note(name, true)
  }

  private mutating func change(_ command: CommandReference, _ allows: Bool) {
    for each in [command] + command.pointee.subcommands { commands.set(each, allows) }
    if !allows { allowsAllCommands = false }
    firstArguments[command.pointee.index] = nil
  }

  private mutating func note(_ rule: Bytes, _ allows: Bool) {
    let new = rule.array.map(asciiLowercased)
    commandRules.removeAll { old in
      old.count > new.count && old[1...new.count].elementsEqual(new)
        && (old.count == new.count + 1 || old[new.count + 1] == UInt8(ascii: "|"))
    }
    commandRules.append([UInt8(ascii: allows ? "+" : "-")] + new)
  }

  // MARK: Description

  /// The rules about commands that lead here, as ACL GETUSER shows them.
  public var commandDescription: [UInt8] {
    ([Array((beginsWithAll ? "+@all" : "-@all").utf8)] + commandRules).joinedByBlanks
  }

  public var keyDescription: [UInt8] {
    if allowsAllKeys { return Array("~*".utf8) }
    return keys.map { key in
      let prefix = key.permissions == .all ? "~" : key.permissions == .read ? "%R~" : "%W~"
      return Array(prefix.utf8) + key.pattern.bytes
    }.joinedByBlanks
  }

  public var channelDescription: [UInt8] {
    if allowsAllChannels { return Array("&*".utf8) }
    return channels.map { [UInt8(ascii: "&")] + $0.bytes }.joinedByBlanks
  }

  /// The rules that make a fresh selector this one.
  public var description: [UInt8] {
    let noOthers: [UInt8] = allowsAllChannels ? [] : Array("resetchannels".utf8)
    return [keyDescription, noOthers, channelDescription, commandDescription].filter { !$0.isEmpty }.joinedByBlanks
  }
}

/// A rule that is a word, in lower case.
func ~= (word: StaticString, rule: Bytes) -> Bool { rule.equalsIgnoringCase(word) }

extension Array where Element == [UInt8] {
  var joinedByBlanks: [UInt8] { Array<UInt8>(joined(separator: [UInt8(ascii: " ")])) }
}

extension Bytes {
  /// Whether there are blanks, ends of lines or zero bytes, which rules and names may not have.
  public var hasBlanks: Bool { buffer.contains { $0 == 0 || $0 == 32 || (9...13).contains($0) } }
}
