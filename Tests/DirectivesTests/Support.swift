@testable import Directives

extension Configuration {
  /// What CONFIG GET shows for one name.
  func shown(_ name: String) -> String? {
    get(matching: [name]).first?.value
  }

  /// The error reply of a CONFIG SET, or nil if it succeeds.
  func refusal(_ name: String, _ value: String) -> String? {
    refusal([(name, value)])
  }

  func refusal(_ pairs: [(name: String, value: String)]) -> String? {
    do {
      try set(pairs)
      return nil
    } catch {
      return error.message
    }
  }

  /// What standard error shows for a text that cannot be loaded.
  func complaint(loading text: String) -> String? {
    do {
      try loadText(text)
      return nil
    } catch {
      return error.message
    }
  }
}
