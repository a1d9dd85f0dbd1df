/// One configuration directive: what it is called, what it accepts and what it does.
///
/// A value is kept as the text `CONFIG GET` shows. It has exactly one such form, so that two values are equal when
/// their texts are, and every other form (a number, a list) is read from it on demand.
public struct Directive: Sendable {
  /// What a value may look like.
  public enum Kind: Sendable, Equatable {
    /// `yes` or `no`.
    case boolean
    case integer(ClosedRange<Int>)
    /// A number of bytes, written with or without a unit.
    case memory(ClosedRange<Int>)
    /// Bytes, or a percentage such as `5%`, which reads as a negative integer.
    case memoryOrPercent(ClosedRange<Int>)
    /// A number in base eight: file permissions.
    case octal(ClosedRange<Int>)
    /// One word of a list.
    case choice([String])
    /// Any number of words of a list. The first one stands for none of the others.
    case choices([String])
    case text
    /// A directory, kept as an absolute path.
    case directory
    /// Listening addresses.
    case addresses
    /// The host and port of a primary, or nothing.
    case primary
    /// Pairs of seconds and changes.
    case savePoints
    /// Class, hard limit, soft limit and seconds, for one class of clients or several.
    case outputBufferLimits
    /// Letters that select keyspace notifications.
    case keyspaceEvents
    /// Key, classes of events, pattern, database and length, for one stream or several.
    case eventStreams
    /// One adjustment each for a primary, a replica and a background child.
    case outOfMemoryScores
    case percentiles
  }

  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    /// Taken from the file and the command line only; CONFIG SET refuses it.
    public static let immutable = Flags(rawValue: 1 << 0)
    /// CONFIG SET needs the permission of `enable-protected-configs`.
    public static let protected = Flags(rawValue: 1 << 1)
    /// CONFIG SET refuses it while the data set is loading.
    public static let deniedWhileLoading = Flags(rawValue: 1 << 2)
    /// CONFIG GET shows it only when asked for by its exact name.
    public static let hidden = Flags(rawValue: 1 << 3)
    /// The value must not appear in logs, MONITOR or the slow log.
    public static let secret = Flags(rawValue: 1 << 4)
    /// Several lines of a file add up instead of replacing each other.
    public static let mayRepeat = Flags(rawValue: 1 << 5)
    /// No text is the same as no setting: a rewritten file does not mention it.
    public static let emptyIsUnset = Flags(rawValue: 1 << 6)
    /// CONFIG GET shows the other names only when asked for by exactly them.
    public static let hiddenAliases = Flags(rawValue: 1 << 8)
    /// Setting it to what it is already counts as a change, as the file it names may have changed.
    public static let volatile = Flags(rawValue: 1 << 7)
  }

  public enum Effect: Sendable {
    /// The server acts on it.
    case live
    /// It is checked, kept, shown and rewritten, but nothing follows from it yet.
    case accepted
  }

  public let name: String
  /// Older or newer names of the same setting. They are shown by CONFIG GET next to `name`.
  public let aliases: [String]
  public let kind: Kind
  /// The default, as CONFIG GET shows it. Empty for `dir`, whose default is the directory of the process.
  public let defaultValue: String
  public let flags: Flags
  public let effect: Effect
  /// A further check of a well-formed value, which may also replace it, for instance by the nearest one in range.
  let refine: (@Sendable (String) throws(ConfigurationError) -> String)?

  init(
    _ name: String,
    _ kind: Kind,
    _ defaultValue: String,
    aliases: [String] = [],
    flags: Flags = [],
    effect: Effect = .live,
    refine: (@Sendable (String) throws(ConfigurationError) -> String)? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.defaultValue = defaultValue
    self.flags = flags
    self.effect = effect
    self.refine = refine
  }

  /// Whether a value is a list of words, which one quoted argument may hold as well as several plain ones.
  public var takesSeveralWords: Bool {
    switch kind {
    case .choices, .addresses, .primary, .savePoints, .outputBufferLimits, .outOfMemoryScores, .percentiles,
      .eventStreams:
      true
    default: false
    }
  }
}
