import Foundation
import Testing

// Documents show what compiles: each of their Swift snippets stands, line by line and in its order, in a test or an example.

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

private func files(_ folder: String, _ ending: String) throws -> [URL] {
  let all = FileManager.default.enumerator(
    at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
  return try #require(all).compactMap { $0 as? URL }.filter { $0.pathExtension == ending }
}

/// The lines of a text that say something to the compiler.
private func code(_ text: some StringProtocol) -> [String] {
  text.split(separator: "\n").compactMap { line in
    var line = line.trimmingCharacters(in: .whitespaces)
    if let comment = line.range(of: " // ") { line = String(line[..<comment.lowerBound]) }
    line = line.trimmingCharacters(in: .whitespaces)
    return line.isEmpty || line.hasPrefix("//") ? nil : line
  }
}

/// The lines of a snippet that cannot be found in a source in their order, from the first one on.
private func missing(_ snippet: [String], in source: [String]) -> ArraySlice<String> {
  var rest = snippet[...]
  for line in source where line == rest.first { rest.removeFirst() }
  return rest
}

@Test func documentsShowWhatCompiles() throws {
  let sources = try (files("Tests", "swift") + files("Examples", "swift"))
    .filter { $0.path.contains("/Martlet") || $0.path.contains("/Examples/") }
    .map { code(try String(contentsOf: $0, encoding: .utf8)) }
  let documents =
    try [root.appendingPathComponent("README.md")] + files("docs", "md") + files("Sources", "md")
    + files(
      "Examples", "md")
  var snippetCount = 0
  for document in documents {
    let text = try String(contentsOf: document, encoding: .utf8)
    for snippet in text.components(separatedBy: "```swift\n").dropFirst() {
      // A line of a manifest is no program.
      let lines = code(snippet.prefix(upTo: snippet.range(of: "```")?.lowerBound ?? snippet.endIndex))
        .filter { !$0.hasPrefix(".package") }
      snippetCount += 1
      let best = sources.map { missing(lines, in: $0) }.min { $0.count < $1.count }
      #expect(best == [], "\(document.lastPathComponent): \(best?.first ?? "")")
    }
  }
  #expect(snippetCount > 30, "they were found at all")
}
