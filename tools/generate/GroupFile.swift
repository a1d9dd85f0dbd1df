import Commands
import Foundation

/// The file of one group of commands.
struct GroupFile {
  private let commands: [Command]

  init(_ commands: [Command]) { self.commands = commands.sorted { $0.name.description < $1.name.description } }

  var text: String {
    var types: [String] = []
    var methods: [String] = []
    for command in commands {
      let name = command.name.description
      if command.subcommands.isEmpty {
        guard !Exceptions.absent.contains(name) else { continue }
        let swiftName = name.filter { $0 != "-" }
        types.append(declaration(command, name: name, swiftName: swiftName, path: swiftName, into: &methods))
        continue
      }
      var nested: [String] = []
      for subcommand in command.subcommands {
        let word = subcommand.name.description
        let fullName = "\(name) \(word)"
        guard !Exceptions.absent.contains(fullName), !Exceptions.absent.contains(name), word != "HELP" else { continue }
        let swiftName = word.filter { $0 != "-" }
        nested.append(
          declaration(subcommand, name: fullName, swiftName: swiftName, path: "\(name).\(swiftName)", into: &methods))
      }
      if nested.isEmpty { continue }
      types.append(
        "/// Subcommands of \(name).\npublic enum \(name) {\n\(indent(nested.joined(separator: "\n\n")))\n}")
    }
    return """
      // swift-format-ignore-file
      // Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

      \(types.joined(separator: "\n\n"))

      extension CommandSending {
      \(indent(methods.joined(separator: "\n\n")))
      }

      """
  }

  private func declaration(
    _ command: Command, name: String, swiftName: String, path: String, into methods: inout [String]
  ) -> String {
    var nested: [String] = []
    var main: CommandType?
    for variant in Responses.variants(name) {
      var type = CommandType(command, name: name, variant: variant)
      if let main { type.shareTypes(of: main) }
      let typeName = variant.name.isEmpty ? path : "\(path).\(variant.name)"
      methods += type.methods(
        typeName: typeName, outerName: path, methodName: methodName(name) + variant.suffix)
      if variant.name.isEmpty {
        main = type
      } else {
        nested.append(type.declaration(swiftName: variant.name))
      }
    }
    return main?.declaration(swiftName: swiftName, nestedTypes: nested) ?? ""
  }

  /// `xgroupCreate` for XGROUP CREATE, `sortRO` for SORT_RO.
  private func methodName(_ name: String) -> String {
    var words = name.split(whereSeparator: { " -".contains($0) }).map { $0.lowercased() }
    if name.hasSuffix("_RO") { words[0] = String(words[0].dropLast(3)) + "RO" }
    return words[0] + words.dropFirst().map(\.capitalized).joined()
  }
}
