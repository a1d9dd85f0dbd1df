import Foundation

/// What several clients do in turn, and everything that each of them sees.
///
/// A script has one step a line: `name: COMMAND argument …`, an argument with blanks in double quotes. After every step each client's
/// output is collected until it has been quiet for a while. `# text` is a comment, `wait 150` lets milliseconds pass,
/// `name: <close>` ends a connection. `@name` stands for the ID of a client, if the script has one.
public struct Scenario: Sendable, CustomStringConvertible {
  public let title: String
  public let script: String

  public init(_ title: String, _ script: String) {
    self.title = title
    self.script = script
  }

  public var description: String { title }

  /// Runs the script and returns the transcript: each step with the bytes that came, client by client.
  public func transcript(port: Int, replacing: [(String, String)] = []) throws -> [String] {
    let reset = try RESPClient(port: port)
    try reset.call("FLUSHALL")
    var clients: [String: RESPClient] = [:]
    var order: [String] = []
    var lines: [String] = []
    var ids: [String: String] = [:]
    for line in script.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("wait ") {
        usleep(UInt32(line.dropFirst(5))! * 1000)
      } else {
        let parts = line.split(separator: ":", maxSplits: 1)
        let name = String(parts[0])
        let words = Self.words(String(parts[1]))
        if clients[name] == nil {
          clients[name] = try RESPClient(port: port)
          order.append(name)
          if script.contains(" @") { ids[name] = try clients[name]?.call("CLIENT", "ID").word }
        }
        if words == ["<close>"] {
          clients[name] = nil
          order.removeAll { $0 == name }
          usleep(20_000)
        } else {
          let named = words.map { $0.hasPrefix("@") ? ids[String($0.dropFirst())] ?? $0 : $0 }
          try clients[name]?.send(named.map { Array($0.utf8) })
        }
      }
      var seen: [String] = []
      for name in order {
        let bytes = clients[name]?.drain(quietMilliseconds: 25) ?? []
        if bytes.isEmpty { continue }
        var text = String(decoding: bytes, as: UTF8.self)
        // Numbers of clients are each server's own; the one in a reply is of the line's last argument.
        if let named = line.split(separator: "@").last, line.contains("@"), let id = ids[String(named)] {
          text = text.replacingOccurrences(of: ":\(id)\r\n", with: ":@\(named)\r\n")
        }
        seen.append("\(name) < \(text)")
      }
      lines.append(
        line + "\n" + seen.map { "    " + $0.replacingOccurrences(of: "\r\n", with: "␍") }.joined(separator: "\n"))
    }
    return lines
  }

  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    var isQuoted = false
    var isOpen = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
        isOpen = true
      } else if character == " " && !isQuoted {
        if isOpen { words.append(current) }
        current = ""
        isOpen = false
      } else {
        current.append(character)
        isOpen = true
      }
    }
    if isOpen { words.append(current) }
    return words
  }
}
