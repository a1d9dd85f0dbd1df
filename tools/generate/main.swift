import Commands
import Foundation
import Server

// Writes the client library's typed commands from the server's declarations, so that the two cannot drift apart.
//
//     swift run generate-commands            writes Sources/MartletClient/Commands/Generated
//     swift run generate-commands --check    says what is not up to date; exit code 2 if anything is

let isCheck = CommandLine.arguments.dropFirst().first == "--check"
let arguments = CommandLine.arguments.dropFirst(isCheck ? 2 : 1)
let folder = URL(fileURLWithPath: arguments.first ?? "Sources/MartletClient/Commands/Generated")

var declarations: [CommandGroup: [Command]] = [:]
for family in ServerInstance.families {
  for command in family { declarations[command.group, default: []].append(command) }
}

var files: [(name: String, text: String)] = [
  ("KeyPositions+Generated.swift", KeyPositionsFile(declarations.values.flatMap { $0 }).text)
]
for (group, commands) in declarations.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
  let name = group.rawValue.split(separator: "-").map(\.capitalized).joined() + "Commands.swift"
  files.append((name, GroupFile(commands).text))
}

var isStale = false
for (name, text) in files {
  let file = folder.appendingPathComponent(name)
  if (try? String(contentsOf: file, encoding: .utf8)) == text { continue }
  isStale = true
  print("\(isCheck ? "not up to date" : "written"): \(name)")
  if !isCheck { try text.write(to: file, atomically: true, encoding: .utf8) }
}
for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
where !files.contains(where: { $0.name == name }) {
  isStale = true
  print("\(isCheck ? "not generated any more" : "removed"): \(name)")
  if !isCheck { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
}
exit(isCheck && isStale ? 2 : 0)
