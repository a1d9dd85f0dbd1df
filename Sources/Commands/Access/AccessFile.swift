import Memory
import RESP

/// A file of users, a line each: `user <name> <rule> …`. There are no comments, since the file is rewritten.
public enum AccessFile {
  public struct Failure: Error {
    /// All that is wrong with the file, each with its line.
    public let text: ErrorText
  }

  /// The users of a file.
  ///
  /// - Parameter path: as errors name the file.
  public static func users(
    _ contents: [UInt8], path: String, _ context: RuleContext
  ) throws(Failure) -> [(name: ByteString, user: User)] {
    var reader = Reader(path: path, context: context)
    let lines = contents.prefix { $0 != 0 }.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() { reader.read(trimmed(line), number: index + 1) }
    if reader.errors.bytes.isEmpty { return reader.users }
    throw Failure(
      text:
        "\(reader.errors)WARNING: ACL errors detected, no change to the previously active ACL rules was performed")
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
    var line = line.drop(while: isBlank)
    while let last = line.last, isBlank(last) { line.removeLast() }
    return line
  }

  private struct Reader {
    let path: String
    let context: RuleContext
    var users: [(name: ByteString, user: User)] = []
    var errors: ErrorText = ""
    private var names: Set<ByteString> = []

    init(path: String, context: RuleContext) {
      self.path = path
      self.context = context
    }

    mutating func read(_ line: ArraySlice<UInt8>, number: Int) {
      if line.isEmpty { return }
      let words = line.split(separator: 32, omittingEmptySubsequences: false).map { Array($0) }
      guard words.count > 1, words[0] == Array("user".utf8) else {
        return fail("\(path):\(number) should start with user keyword followed by the username. ")
      }
      let name = words[1]
      if name.withBytes({ $0.hasBlanks }) {
        return name.withBytes { fail("'\(path):\(number): username '\($0)' contains invalid characters. ") }
      }
      guard names.insert(name.withBytes { ByteString($0) }).inserted else {
        return name.withBytes { fail("WARNING: Duplicate user '\($0)' found on line \(number). ") }
      }
      readRules(Array(words.dropFirst(2)), of: name, number)
    }

    private mutating func readRules(_ words: [[UInt8]], of name: [UInt8], _ number: Int) {
      let rules: [[UInt8]]
      do throws(UserError) {
        rules = try User.gatherSelectors(words)
      } catch {
        return fail("\(path):\(number): Unmatched parenthesis in selector definition.")
      }
      var user = User(context)
      // What follows upon a mistake may be a mistake only because of it; names that nobody knows are always worth telling.
      var toldOne = false
      for rule in rules {
        let rule = Array(AccessFile.trimmed(rule[...]))
        let result = rule.withBytes { bytes in Result { () throws(RuleError) in try user.apply(bytes, context) } }
        switch result {
        case .success: break
        case .failure(.unknownCommand):
          let reason = RuleError.unknownCommand.message
          rule.withBytes { fail("\(path):\(number): Error in applying operation '\($0)': \(reason). ") }
        case .failure(let error):
          if !toldOne { fail("\(path):\(number): \(error.message). ") }
          toldOne = true
        }
      }
      users.append((name.withBytes { ByteString($0) }, user))
    }

    private mutating func fail(_ text: ErrorText) { errors = "\(errors)\(text)" }
  }
}
