import Testing

@testable import Directives

@Suite struct SampleFileTests {
  private static let sample =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    + "/conf/martlet.conf"

  @Test func theSampleFileStatesTheDefaults() throws {
    let configuration = Configuration()
    try configuration.loadFile(Self.sample)
    #expect(configuration.values == Configuration().values)
  }

  @Test func everyExampleInTheSampleFileCanBeLoaded() throws {
    let text = String(decoding: try FileContents.read(Self.sample), as: UTF8.self)
    for line in text.split(separator: "\n") where line.hasPrefix("# ") {
      let example = line.dropFirst(2)
      guard let name = example.split(separator: " ").first.map(String.init) else { continue }
      guard name != "dir", name != "include" else { continue }
      guard Directive.named(name)?.name == name || Directive.statements.contains(name) else { continue }
      #expect(Configuration().complaint(loading: String(example)) == nil)
    }
  }

  @Test func aFileWithEveryDirectiveLoads() throws {
    let lines = Directive.all.filter { $0.kind != .directory && $0.kind != .primary }
      .map { "\($0.name) \($0.takesSeveralWords ? $0.defaultValue : ArgumentLine.quote($0.defaultValue))" }
    let configuration = Configuration()
    try configuration.loadText(lines.joined(separator: "\n"))
    #expect(configuration.values == Configuration().values)
  }
}
