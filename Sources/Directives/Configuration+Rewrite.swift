import Glibc

extension Configuration {
  /// CONFIG REWRITE: brings the file in use up to date with the values of now.
  ///
  /// Lines that still lead to the present value stay as they are, whatever their form; others are replaced where they
  /// stand. Directives without a line are added at the end if they are not at their default.
  ///
  /// - Parameter all: whether directives at their default are written as well.
  /// - Throws: the reply to send after the `-`.
  public func rewrite(all: Bool = false) throws(ConfigurationError) {
    guard let path else { throw ConfigurationError("ERR The server is running without a config file") }
    do throws(SystemError) {
      let file = Self.target(of: path)
      try FileContents.replace(file, with: rewritten(try Self.contents(of: file), all: all))
    } catch {
      throw ConfigurationError("ERR Rewriting config file: \(error.reason)")
    }
  }

  /// A link stays a link: what it points to is rewritten.
  private static func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A file that has been deleted is written anew.
  private static func contents(of path: String) throws(SystemError) -> [UInt8] {
    do {
      return try FileContents.read(path)
    } catch {
      if error.code == ENOENT { return [] }
      throw error
    }
  }

  private func rewritten(_ contents: [UInt8], all: Bool) -> [UInt8] {
    var file = FileRewriter(contents)
    for directive in Directive.all {
      let present = file.lines(about: directive.name)
      if !present.isEmpty, value(of: directive, after: present) == value(of: directive) { continue }
      // Save points add up: where some are stated, all must be.
      let addsUp = directive.kind == .savePoints && !present.isEmpty
      file.replace(directive.name, by: lines(for: directive).map { ($0.line, $0.isNeeded || addsUp || all) })
    }
    if !string("aclfile").isEmpty {
      file.replace("user", by: [])
    } else if let describeUsers {
      file.replace("user", by: describeUsers().map { (ArgumentLine.line("user", $0), true) })
    }
    return file.contents
  }

  /// What a directive would be if only these lines were loaded, or nil if they cannot be.
  private func value(of directive: Directive, after lines: [[UInt8]]) -> String? {
    let fresh = Configuration()
    // A relative path means something else to a server that is started elsewhere.
    if directive.kind == .directory { fresh.values[directive.name] = "/" }
    do {
      for line in lines { _ = try fresh.load(line: line[...], at: "") }
    } catch {
      return nil
    }
    return fresh.value(of: directive)
  }

  /// The lines that state a directive, and which of them say more than the default does.
  private func lines(for directive: Directive) -> [(line: String, isNeeded: Bool)] {
    let name = directive.name
    let value = value(of: directive)
    let isNeeded = value != directive.defaultValue
    func line(_ text: String) -> [(line: String, isNeeded: Bool)] { [("\(name) \(text)", isNeeded)] }

    switch directive.kind {
    case .boolean, .integer, .octal, .choice, .choices, .outOfMemoryScores:
      return line(value)
    case .memory, .memoryOrPercent:
      return line(Int(value).map(MemorySize.format) ?? value)
    case .text where value.isEmpty && directive.flags.contains(.emptyIsUnset):
      return []
    case .text, .keyspaceEvents, .directory:
      return line(ArgumentLine.quote(value))
    case .percentiles:
      return line(value.isEmpty ? "\"\"" : value)
    case .addresses, .eventStreams:
      return isNeeded ? line(value.isEmpty ? "\"\"" : value) : []
    case .primary:
      // In a cluster, who replicates whom is kept elsewhere.
      return value.isEmpty || boolean("cluster-enabled") ? [] : line(value)
    case .savePoints:
      if savePoints.isEmpty { return line("\"\"") }
      return savePoints.map { ("\(name) \($0.seconds) \($0.changes)", isNeeded) }
    case .outputBufferLimits:
      return outputBufferLimitLines(name, default: OutputBufferLimits(canonical: directive.defaultValue))
    }
  }

  private func outputBufferLimitLines(
    _ name: String, default standard: OutputBufferLimits
  ) -> [(line: String, isNeeded: Bool)] {
    let limits = outputBufferLimits
    let classes = [
      ("normal", limits.normal, standard.normal),
      ("replica", limits.replica, standard.replica),
      ("pubsub", limits.pubsub, standard.pubsub),
    ]
    let lines = classes.map { className, limit, standard in
      let hard = MemorySize.format(limit.hard)
      let soft = MemorySize.format(limit.soft)
      return (line: "\(name) \(className) \(hard) \(soft) \(limit.softSeconds)", isNeeded: limit != standard)
    }
    // A class at its default must not take the line of one that is not.
    let needed = lines.filter(\.isNeeded)
    return needed.isEmpty ? lines : needed
  }
}
