extension Configuration {
  /// CONFIG SET: changes all the directives, or none of them.
  ///
  /// Every value is checked before any closure of `onChange` runs, in the order of `pairs`. The closures run only for
  /// values that differ from before.
  ///
  /// - Parameter isLocal: whether the client is on this machine, for `enable-protected-configs local`.
  /// - Throws: the reply to send after the `-`.
  public func set(
    _ pairs: [(name: String, value: String)], isLocal: Bool = false
  ) throws(ConfigurationError) {
    let changes = try resolve(pairs, isLocal: isLocal)

    let previous = values
    var touched: [Change] = []
    for change in changes {
      let old = value(of: change.directive)
      do {
        let words = change.directive.takesSeveralWords ? Self.splitAtSpaces(change.value) : [change.value]
        values[change.directive.name] = try change.directive.canonical(words, current: old)
      } catch {
        values = previous
        throw .refused(change.name, error.message)
      }
      if value(of: change.directive) != old || change.directive.flags.contains(.volatile) { touched.append(change) }
    }

    try apply(touched, orRestore: previous)
  }

  private struct Change {
    /// The name or alias, in lower case.
    let name: String
    let directive: Directive
    let value: String
  }

  private func resolve(
    _ pairs: [(name: String, value: String)], isLocal: Bool
  ) throws(ConfigurationError) -> [Change] {
    var changes: [Change] = []
    for (name, value) in pairs {
      guard let directive = Directive.named(name) else {
        throw ConfigurationError("ERR Unknown option or number of arguments for CONFIG SET - '\(name)'")
      }
      if directive.flags.contains(.immutable) { throw .refused(name, "can't set immutable config") }
      if directive.flags.contains(.protected), !allowsProtectedChange(isLocal: isLocal) {
        throw .refused(name, "can't set protected config")
      }
      if directive.flags.contains(.deniedWhileLoading), isLoading {
        throw ConfigurationError("LOADING Redis is loading the dataset in memory")
      }
      if changes.contains(where: { $0.name == name.lowercased() }) { throw .refused(name, "duplicate parameter") }
      changes.append(Change(name: name.lowercased(), directive: directive, value: value))
    }
    return changes
  }

  private func allowsProtectedChange(isLocal: Bool) -> Bool {
    switch string("enable-protected-configs") {
    case "yes": true
    case "local": isLocal
    default: false
    }
  }

  private func apply(_ changes: [Change], orRestore previous: [String: String]) throws(ConfigurationError) {
    var applied: [Int] = []
    for change in changes {
      for (index, observer) in observers.enumerated() where observer.names.contains(change.directive.name) {
        if applied.contains(index) { continue }
        applied.append(index)
        do {
          try observer.apply()
        } catch {
          values = previous
          // The old values worked before, and there is nothing left to fall back to if they do not now.
          for index in applied { try? observers[index].apply() }
          throw .refused(change.name, error.message)
        }
      }
    }
  }
}

extension ConfigurationError {
  fileprivate static func refused(_ name: String, _ reason: String) -> ConfigurationError {
    ConfigurationError("ERR CONFIG SET failed (possibly related to argument '\(name)') - \(reason)")
  }
}
