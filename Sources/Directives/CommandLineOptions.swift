/// What the command line of a server says: `[file | -] [--directive value ...]... [-]`.
///
/// Options become lines of a configuration file. An argument that starts with `--` begins the next option, except
/// right after an option's name, where it is the value: `--requirepass --secret` sets a password. `--save` is the
/// exception to that, as scripts leave its value out to mean no snapshots.
struct CommandLineOptions {
  private(set) var file: String?
  private(set) var readsStandardInput = false
  /// The options, a line each.
  private(set) var lines = ""

  /// - Parameter arguments: those after the name of the program.
  init(_ arguments: [String]) {
    var arguments = arguments[...]
    if let first = arguments.first, !first.hasPrefix("-") {
      file = first
      arguments = arguments.dropFirst()
    }
    // With a file, a `-` is one only at the end.
    let first = file == nil ? arguments.startIndex : -1
    var awaitsValue = false
    for (index, argument) in zip(arguments.indices, arguments) {
      let isLast = index == arguments.endIndex - 1
      if argument == "-", index == first || isLast {
        readsStandardInput = true
      } else if argument.hasPrefix("--"), !awaitsValue {
        if !lines.isEmpty { lines += "\n" }
        lines += argument.dropFirst(2) + " "
        // An argument may hold a name and its value: "--port 6380".
        let isNameOnly = (try? ArgumentLine.split(argument.utf8))?.count == 1
        let lacksValue = isLast || arguments[index + 1].hasPrefix("--")
        awaitsValue = isNameOnly
        if isNameOnly, lacksValue, argument.lowercased() == "--save" {
          lines += "\"\""
          awaitsValue = false
        }
      } else {
        lines += ArgumentLine.quote(argument) + " "
        awaitsValue = false
      }
    }
  }
}
