/// Why a rule is refused.
public enum RuleError: Error {
  case syntax
  case unknownCommand
  case keysAfterAllKeys
  case channelsAfterAllChannels
  case unknownPassword
  case malformedHash
  case argumentOfSubcommand

  public var message: StaticString {
    switch self {
    case .syntax: "Syntax error"
    case .unknownCommand: "Unknown command or category name in ACL"
    case .keysAfterAllKeys:
      """
      Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try \
      'resetkeys' to start with an empty list of patterns
      """
    case .channelsAfterAllChannels:
      """
      Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try \
      'resetchannels' to start with an empty list of channels
      """
    case .unknownPassword: "The password you are trying to remove from the user does not exist"
    case .malformedHash:
      "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters"
    case .argumentOfSubcommand: "Allowing first-arg of a subcommand is not supported"
    }
  }
}

/// What rules are read against.
public struct RuleContext {
  /// The commands that rules speak of, by the names they are declared with.
  public let table: CommandTable
  /// Whether a selector begins with all channels rather than none (`acl-pubsub-default`).
  public var startsWithAllChannels: Bool

  public init(_ table: CommandTable, startsWithAllChannels: Bool = false) {
    self.table = table
    self.startsWithAllChannels = startsWithAllChannels
  }
}
