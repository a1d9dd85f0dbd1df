import Foundation

// How fast the client library and the cache are. `tools/bench client` runs it and compares with the limits.

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  switch options.what {
  case "near": try await measureNearHits(options)
  case "cold": try await measureColdKey(options)
  case "invalidation": try await measureInvalidations(options)
  default: try await measureCommands(options)
  }
} catch {
  FileHandle.standardError.write(Data("\(error)\n\n\(Options.usage)\n".utf8))
  exit(64)
}
