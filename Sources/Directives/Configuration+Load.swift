import Glibc

/// Where a line comes from.
private enum Origin {
  case file(String)
  case standardInput
  case commandLine
  case text

  func describe(line: Int) -> String {
    switch self {
    case .file(let path): "Reading the configuration file, at line \(line) of \(path)"
    case .standardInput: "Reading the configuration file, at line \(line) of the standard input"
    case .commandLine: "Reading the options of the command line"
    case .text: "Reading the configuration file, at line \(line)"
    }
  }
}

extension Configuration {
  /// How deep files may include each other, which ends a circle.
  private static let deepestInclusion = 16

  /// Loads what the command line asks for: a file, or `-` for the standard input, then options. Later ones win.
  ///
  /// - Parameters:
  ///   - arguments: those after the name of the program. The caller handles `--help` and `--version`.
  ///   - standardInput: reads what `-` stands for.
  /// - Throws: the text for standard error.
  public func load(
    arguments: [String],
    standardInput: () -> [UInt8] = { (try? FileContents.read(descriptor: STDIN_FILENO)) ?? [] }
  ) throws(ConfigurationError) {
    let commandLine = CommandLineOptions(arguments)
    if let file = commandLine.file {
      path = FilePath.absolute(file, relativeTo: FilePath.workingDirectory)
      try load(file: file, depth: 0)
    }
    if commandLine.readsStandardInput { try load(standardInput(), from: .standardInput, depth: 0) }
    try load(Array(commandLine.lines.utf8), from: .commandLine, depth: 0)
    try finishLoading()
  }

  /// Loads a configuration file, which `rewrite` will replace.
  ///
  /// - Throws: the text for standard error.
  public func loadFile(_ path: String) throws(ConfigurationError) {
    self.path = FilePath.absolute(path, relativeTo: FilePath.workingDirectory)
    try load(file: path, depth: 0)
    try finishLoading()
  }

  /// Loads the text of a configuration file.
  ///
  /// - Throws: the text for standard error.
  public func loadText(_ text: String) throws(ConfigurationError) {
    try load(Array(text.utf8), from: .text, depth: 0)
    try finishLoading()
  }

  private func load(file: String, depth: Int) throws(ConfigurationError) {
    let path = FilePath.absolute(file, relativeTo: string("dir"))
    let contents: [UInt8]
    do {
      contents = try FileContents.read(path)
    } catch {
      throw ConfigurationError("Fatal error, can't open config file '\(file)': \(error.reason)")
    }
    try load(contents, from: .file(path), depth: depth)
  }

  private func load(_ contents: [UInt8], from origin: Origin, depth: Int) throws(ConfigurationError) {
    let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, untrimmed) in lines.enumerated() {
      let line = ArgumentLine.trimmed(untrimmed)
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let included: String?
      do {
        included = try load(line: line, at: origin.describe(line: index + 1))
      } catch {
        throw .fatal(origin.describe(line: index + 1), line: String(decoding: line, as: UTF8.self), error.message)
      }
      guard let included else { continue }
      if depth == Self.deepestInclusion {
        throw .fatal(
          origin.describe(line: index + 1), line: String(decoding: line, as: UTF8.self),
          "Files include each other more than \(Self.deepestInclusion) levels deep")
      }
      try include(included, depth: depth + 1)
    }
  }

  /// A pattern that matches nothing is fine, so that a directory of snippets may be empty. A missing file is not.
  private func include(_ pattern: String, depth: Int) throws(ConfigurationError) {
    guard FilePath.isPattern(pattern) else { return try load(file: pattern, depth: depth) }
    for file in FilePath.matches(of: FilePath.absolute(pattern, relativeTo: string("dir"))) {
      try load(file: file, depth: depth)
    }
  }

  /// Takes one line, and returns the file or pattern it wants to be included.
  ///
  /// - Throws: the reason.
  func load(line: ArraySlice<UInt8>, at place: String) throws(ConfigurationError) -> String? {
    let bytes = try Self.splitBytes(line)
    guard let first = bytes.first else { return nil }
    let name = String(decoding: first, as: UTF8.self).lowercased()
    let statement = Statement(Array(bytes.dropFirst()), place: place, line: String(decoding: line, as: UTF8.self))
    // What users are allowed may be any bytes.
    if name == "user", bytes.count > 1 {
      users.append(statement)
      return nil
    }
    let arguments = Array(try Self.split(line).dropFirst())

    if let directive = Directive.named(name) {
      try load(directive, arguments)
      return nil
    }
    if Directive.retired.contains(name), arguments.count == 1 { return nil }

    switch (name, arguments.count) {
    case ("include", 1):
      return arguments[0]
    case ("rename-command", 2):
      renamedCommands.append(statement)
    case ("loadmodule", 1...):
      modules.append(arguments)
    case ("sentinel", _):
      throw ConfigurationError("sentinel directive while not in sentinel mode")
    case (_, 0) where name.contains("."):
      throw ConfigurationError("Module config specified without value")
    case _ where name.contains("."):
      moduleSettings.removeAll { $0.name == name }
      moduleSettings.append((name, arguments.joined(separator: " ")))
    default:
      throw .unknownDirective(name)
    }
    return nil
  }

  private func load(_ directive: Directive, _ arguments: [String]) throws(ConfigurationError) {
    var words = arguments
    if directive.takesSeveralWords {
      // `--save "900 1 300 10"` is one argument that holds all the words.
      if words.count == 1, !words[0].isEmpty { words = try Self.split(words[0].utf8) }
    } else if words.count != 1 {
      throw .wrongNumberOfArguments
    }
    let current = value(of: directive)
    var value = try directive.canonical(words, current: current)
    if directive.kind == .savePoints {
      // An empty word clears what came before; no word at all adds nothing.
      if hasLoadedSavePoints, words != [""] {
        value = [current, value].filter { !$0.isEmpty }.joined(separator: " ")
      }
      hasLoadedSavePoints = true
    }
    values[directive.name] = value
  }

  static func split(_ line: some Sequence<UInt8>) throws(ConfigurationError) -> [String] {
    do {
      return try ArgumentLine.split(line)
    } catch {
      throw ConfigurationError(error)
    }
  }

  private static func splitBytes(_ line: ArraySlice<UInt8>) throws(ConfigurationError) -> [[UInt8]] {
    do {
      return try ArgumentLine.splitBytes(line)
    } catch {
      throw ConfigurationError(error)
    }
  }

  /// What can only be judged when all is known.
  private func finishLoading() throws(ConfigurationError) {
    try checkLogFile()
    guard boolean("cluster-enabled") else { return }
    guard string("replicaof").isEmpty else {
      throw .fatal("replicaof directive not allowed in cluster mode")
    }
    // A cluster has only database 0.
    values["databases"] = "1"
  }

  /// A log file that cannot be opened is better noticed now than when there is something to say.
  private func checkLogFile() throws(ConfigurationError) {
    let file = string("logfile")
    guard !file.isEmpty else { return }
    let descriptor = open(
      FilePath.absolute(file, relativeTo: string("dir")), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .fatal("Can't open the log file: \(String(cString: strerror(errno)))")
    }
    close(descriptor)
  }
}

extension ConfigurationError {
  fileprivate init(_ failure: ArgumentLine.Failure) {
    switch failure {
    case .unbalancedQuotes: self.init("Unbalanced quotes in configuration line")
    case .invalidUTF8: self.init("The line is not valid UTF-8")
    }
  }

  static func fatal(_ place: String, line: String, _ reason: String) -> ConfigurationError {
    fatal("\(place)\n>>> '\(line)'\n\(reason)")
  }

  fileprivate static func fatal(_ text: String) -> ConfigurationError {
    ConfigurationError("\n*** FATAL CONFIG FILE ERROR (Martlet) ***\n\(text)\n")
  }

  fileprivate static func unknownDirective(_ name: String) -> ConfigurationError {
    let known = Array(Directive.byName.keys) + Directive.statements
    let hint = EditDistance.nearest(to: name, among: known).map { "\nDid you mean '\($0)'?" } ?? ""
    return ConfigurationError("Bad directive or wrong number of arguments" + (known.contains(name) ? "" : hint))
  }
}
