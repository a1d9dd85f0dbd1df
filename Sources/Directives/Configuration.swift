import Glibc

/// The settings of a server: loaded once from a file and the command line, then read by everybody, and changed by
/// CONFIG SET.
///
/// Used by one thread only. The names given to the reading functions are those of `Directive.all` or their aliases;
/// any other name is a mistake in the program and stops it.
public final class Configuration {
  /// The absolute path of the file in use, which `rewrite` replaces.
  public internal(set) var path: String?

  /// Whether the data set is loading, during which some directives cannot be changed.
  public var isLoading = false

  /// A line that only the server can judge, and where it stands.
  public struct Statement {
    /// The words after the first one.
    public let words: [[UInt8]]
    fileprivate let place: String
    fileprivate let line: String

    init(_ words: [[UInt8]], place: String, line: String) {
      self.words = words
      self.place = place
      self.line = line
    }

    /// The error that ends the start of a server because of this line.
    public func failure(_ reason: String) -> ConfigurationError { .fatal(place, line: line, reason) }
  }

  /// `rename-command` lines, in order: a command and its new name. An empty new name removes the command.
  public internal(set) var renamedCommands: [Statement] = []

  /// `user` lines, in order: a name and rules.
  public internal(set) var users: [Statement] = []

  /// `loadmodule` lines, in order: the path, then its arguments.
  public internal(set) var modules: [[String]] = []

  /// Lines such as `search.timeout 100`, which belong to a module.
  public internal(set) var moduleSettings: [(name: String, value: String)] = []

  /// The users as `rewrite` shall write them: the words of each line, without the word `user`. While it is nil, `user`
  /// lines of the file stay as they are.
  public var describeUsers: (() -> [[[UInt8]]])?

  /// By canonical name, as CONFIG GET shows them.
  var values: [String: String]
  let defaults: [String: String]
  var observers: [Observer] = []
  /// The first `save` of a file or the command line replaces the default, later ones add to it.
  var hasLoadedSavePoints = false

  struct Observer {
    let names: Set<String>
    let apply: () throws(ConfigurationError) -> Void
  }

  /// Every directive at its default. `dir` is the directory of the process.
  public init() {
    var defaults: [String: String] = [:]
    for directive in Directive.all {
      defaults[directive.name] = directive.kind == .directory ? FilePath.workingDirectory : directive.defaultValue
    }
    self.defaults = defaults
    values = defaults
  }

  // MARK: Reading

  /// The value as CONFIG GET shows it, except that `notify-keyspace-events` always tells of an `n`.
  public func string(_ name: String) -> String {
    value(of: directive(name))
  }

  /// The value of a `yes` or `no` directive.
  public func boolean(_ name: String) -> Bool {
    let directive = directive(name)
    precondition(directive.kind == .boolean, "\(name) is not a yes or no directive")
    return value(of: directive) == "yes"
  }

  /// The value of a numeric directive. Memory is in bytes, a percentage is negative: `5%` is -5.
  public func integer(_ name: String) -> Int {
    let directive = directive(name)
    let text = value(of: directive)
    let number: Int? =
      switch directive.kind {
      case .integer, .memory: Int(text)
      case .octal: Int(text, radix: 8)
      case .memoryOrPercent: text.hasSuffix("%") ? Int(text.dropLast()).map(-) : Int(text)
      default: nil
      }
    guard let number else { preconditionFailure("\(name) is not a numeric directive") }
    return number
  }

  /// The value, split at blanks.
  public func words(_ name: String) -> [String] {
    string(name).split(separator: " ").map(String.init)
  }

  /// When snapshots are due. Empty if never.
  public var savePoints: [SavePoint] {
    let numbers = words("save").compactMap { Int($0) }
    return stride(from: 0, to: numbers.count - 1, by: 2).map {
      SavePoint(seconds: numbers[$0], changes: numbers[$0 + 1])
    }
  }

  public var outputBufferLimits: OutputBufferLimits {
    OutputBufferLimits(canonical: string("client-output-buffer-limit"))
  }

  /// CONFIG GET: the directives whose name or alias is one of `patterns` or matches it, regardless of case, each name
  /// once. An exact name is reported as it was asked for; what a pattern finds is reported in alphabetical order.
  public func get(matching patterns: [String]) -> [(name: String, value: String)] {
    var reported: Set<String> = []
    var found: [(name: String, value: String)] = []
    for pattern in patterns {
      if !FilePath.isPattern(pattern) {
        guard let directive = Directive.named(pattern), reported.insert(pattern.lowercased()).inserted else { continue }
        found.append((pattern, shown(directive)))
        continue
      }
      for (name, directive) in Directive.byName.sorted(by: { $0.key < $1.key }) {
        guard !directive.flags.contains(.hidden), !reported.contains(name) else { continue }
        if directive.flags.contains(.hiddenAliases) && name != directive.name { continue }
        guard fnmatch(pattern.lowercased(), name, 0) == 0 else { continue }
        reported.insert(name)
        found.append((name, shown(directive)))
      }
    }
    return found
  }

  // MARK: Changing

  /// Records what the server decided by itself, so that CONFIG GET shows it and `rewrite` keeps it: REPLICAOF, for
  /// instance, changes `replicaof`. Nobody is told, and immutable directives can be changed too.
  ///
  /// - Throws: why the value is refused.
  public func record(_ name: String, _ value: String) throws(ConfigurationError) {
    let directive = directive(name)
    if value == directive.defaultValue {
      values[directive.name] = value
      return
    }
    let words = directive.takesSeveralWords ? Self.splitAtSpaces(value) : [value]
    values[directive.name] = try directive.canonical(words, current: self.value(of: directive))
  }

  /// Has `apply` called after a CONFIG SET that changed one of `names` or of their aliases, once per CONFIG SET.
  ///
  /// The new values can be read when it is called. If it throws, its error being the reason, all values go back to
  /// what they were, and every closure called so far is called again.
  public func onChange(_ names: [String], _ apply: @escaping () throws(ConfigurationError) -> Void) {
    observers.append(Observer(names: Set(names.map { directive($0).name }), apply: apply))
  }

  func value(of directive: Directive) -> String {
    values[directive.name] ?? directive.defaultValue
  }

  private func shown(_ directive: Directive) -> String {
    let value = value(of: directive)
    return directive.kind == .keyspaceEvents ? KeyspaceEventClasses.shown(value) : value
  }

  /// Empty words count: two spaces in a row are a mistake, as they are in Redis.
  static func splitAtSpaces(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  }

  private func directive(_ name: String) -> Directive {
    guard let directive = Directive.named(name) else { preconditionFailure("there is no directive \(name)") }
    return directive
  }
}
