#if Configuration
  import Configuration

  /// What a `ConfigReader` has to say. A value that is not there is nil; one that is there and makes no sense is an error,
  /// rather than a default that nobody asked for.
  package struct ConfigValues {
    private let config: ConfigReader

    package init(_ config: ConfigReader) { self.config = config }

    package func string(_ key: String, isSecret: Bool = false) throws(MartletError) -> String? {
      if let text = config.string(forKey: ConfigKey(key), isSecret: isSecret) { return text }
      // A number where a text should be: the reader says the same of it as of nothing.
      if config.double(forKey: ConfigKey(key), isSecret: isSecret) != nil { throw invalid(key, "a text") }
      return nil
    }

    package func strings(_ key: String) throws(MartletError) -> [String]? {
      if let texts = config.stringArray(forKey: ConfigKey(key)) { return texts }
      if try string(key) != nil { throw invalid(key, "a list of texts") }
      return nil
    }

    package func boolean(_ key: String) throws(MartletError) -> Bool? {
      if let value = config.bool(forKey: ConfigKey(key)) { return value }
      try refuseText(key, "true or false")
      return nil
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(MartletError) -> Int? {
      guard let number = config.int(forKey: ConfigKey(key)) else {
        try refuseText(key, "a whole number")
        return nil
      }
      guard range.contains(number) else { throw invalid(key, "between \(range.lowerBound) and \(range.upperBound)") }
      return number
    }

    package func number(_ key: String, in range: ClosedRange<Double>) throws(MartletError) -> Double? {
      guard let number = config.double(forKey: ConfigKey(key)) else {
        try refuseText(key, "a number")
        return nil
      }
      guard range.contains(number) else { throw invalid(key, "between \(range.lowerBound) and \(range.upperBound)") }
      return number
    }

    /// A number of seconds, with fractions.
    package func seconds(_ key: String) throws(MartletError) -> Duration? {
      // A century is for ever, and no sum of such times overflows.
      try number(key, in: 0...3_155_760_000).map { .seconds($0) }
    }

    /// A number of seconds, of which 0 stands for nil.
    package func seconds(_ key: String, or present: Duration?) throws(MartletError) -> Duration? {
      guard let duration = try seconds(key) else { return present }
      return duration == .zero ? nil : duration
    }

    /// One of several words.
    package func choice<T>(_ key: String, _ choices: KeyValuePairs<String, T>) throws(MartletError) -> T? {
      guard let word = try string(key) else { return nil }
      guard let choice = choices.first(where: { $0.key == word }) else {
        throw invalid(key, choices.map(\.key).joined(separator: ", "))
      }
      return choice.value
    }

    /// Says what a value should have been; not what it is, which may be secret.
    package func invalid(_ key: String, _ expected: String) -> MartletError {
      .invalidConfiguration("\(key) must be: \(expected)")
    }

    private func refuseText(_ key: String, _ expected: String) throws(MartletError) {
      if config.string(forKey: ConfigKey(key)) != nil { throw invalid(key, expected) }
    }
  }
#endif
