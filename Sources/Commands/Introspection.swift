import Memory
import RESP
import Structures

extension CommandTable {
  /// COMMAND: the commands themselves, as they are declared.
  public static let introspection: [Command] = [
    Command(
      "COMMAND", arity: -1, [.loading, .stale], group: .server, categories: ["connection"], since: "2.8.13",
      summary: "Returns detailed information about all commands.",
      complexity: "O(N) where N is the total number of commands", tips: ["nondeterministic_output_order"],
      subcommands: [
        Command(
          "COUNT", arity: 2, [.loading, .stale], group: .server, categories: ["connection"], since: "2.8.13",
          summary: "Returns the number of commands.", run: commandCount),
        Command(
          "DOCS", arity: -2, [.loading, .stale], group: .server, categories: ["connection"], since: "7.0.0",
          summary: "Returns documentation of commands.",
          complexity: "O(N) where N is the number of commands to look up", syntax: "[command-name [command-name ...]]",
          tips: ["nondeterministic_output_order"], run: commandDocs),
        Command(
          "GETKEYS", arity: -3, [.loading, .stale], group: .server, categories: ["connection"], since: "2.8.13",
          summary: "Extracts the key names from a command.",
          complexity: "O(N) where N is the number of arguments to the command", syntax: "command [arg [arg ...]]",
          run: commandGetkeys),
        Command(
          "GETKEYSANDFLAGS", arity: -3, [.loading, .stale], group: .server, categories: ["connection"], since: "7.0.0",
          summary: "Extracts the key names from a command, with what is done to each key.",
          complexity: "O(N) where N is the number of arguments to the command", syntax: "command [arg [arg ...]]",
          run: commandGetkeysandflags),
        Command(
          "INFO", arity: -2, [.loading, .stale], group: .server, categories: ["connection"], since: "2.8.13",
          summary: "Returns information about one, several or all commands.",
          complexity: "O(N) where N is the number of commands to look up", syntax: "[command-name [command-name ...]]",
          tips: ["nondeterministic_output_order"], run: commandInfo),
        Command(
          "LIST", arity: -2, [.loading, .stale], group: .server, categories: ["connection"], since: "7.0.0",
          summary: "Returns the names of commands.", complexity: "O(N) where N is the total number of commands",
          syntax: "[FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]",
          tips: ["nondeterministic_output_order"], run: commandList),
        .help(
          of: "COMMAND", .server, since: "5.0.0", categories: ["connection"],
          [
            "(no subcommand)",
            "    Return details about all Redis commands.",
            "COUNT",
            "    Return the total number of commands in this Redis server.",
            "LIST",
            "    Return a list of all commands in this Redis server.",
            "INFO [<command-name> ...]",
            "    Return details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "DOCS [<command-name> ...]",
            "    Return documentation details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "GETKEYS <full-command>",
            "    Return the keys from a full Redis command.",
            "GETKEYSANDFLAGS <full-command>",
            "    Return the keys and the access flags from a full Redis command.",
          ]),
      ],
      run: commandInfo)
  ]
}

private func commandCount(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(call.executor.table.callable.count)
}

private func commandInfo(_ call: Call, _ reply: inout ReplyWriter) {
  let table = call.executor.table
  guard call.count > 2 else {
    reply.array(table.callable.count)
    for command in table.callable { reply.information(command) }
    return
  }
  reply.array(call.count - 2)
  for i in 2..<call.count {
    if let command = table.find(fullName: call[i]) { reply.information(command) } else { reply.null() }
  }
}

private func commandDocs(_ call: Call, _ reply: inout ReplyWriter) {
  let table = call.executor.table
  let wanted = call.count == 2 ? table.callable : (2..<call.count).compactMap { table.find(fullName: call[$0]) }
  reply.map(wanted.count)
  for command in wanted {
    reply.bulk(command.pointee.fullName)
    reply.documentation(command)
  }
}

private func commandList(_ call: Call, _ reply: inout ReplyWriter) {
  var isListed: (CommandReference) -> Bool = { _ in true }
  if call.count == 5 && call.argument(2, is: "filterby") {
    let filter = call[4]
    if call.argument(3, is: "module") {
      isListed = { _ in false }
    } else if call.argument(3, is: "aclcat") {
      let members = AccessCategories(name: filter).map { Set(call.executor.table.members(of: $0)) } ?? []
      isListed = { members.contains($0) }
    } else if call.argument(3, is: "pattern") {
      isListed = { command in
        command.pointee.fullName.withBytes { globMatches(pattern: filter, $0, ignoringCase: true) }
      }
    } else {
      return reply.syntaxError()
    }
  } else if call.count > 2 {
    return reply.syntaxError()
  }
  let listed = call.executor.table.callable.flatMap { [$0] + $0.pointee.subcommands }.filter(isListed)
  reply.array(listed.count)
  for command in listed { reply.bulk(command.pointee.fullName) }
}

// MARK: Keys

private func commandGetkeys(_ call: Call, _ reply: inout ReplyWriter) {
  guard let keys = findKeys(call, &reply) else { return }
  reply.array(keys.count)
  for key in keys { reply.bulk(call[key.index + 2]) }
}

private func commandGetkeysandflags(_ call: Call, _ reply: inout ReplyWriter) {
  guard let keys = findKeys(call, &reply) else { return }
  reply.array(keys.count)
  for key in keys {
    reply.array(2)
    reply.bulk(call[key.index + 2])
    reply.statuses(key.flags)
  }
}

/// The keys of the command that begins with the third argument; nil after the error was written.
private func findKeys(_ call: Call, _ reply: inout ReplyWriter) -> [FoundKey]? {
  let count = call.count - 2
  var found = call.executor.table.find(call[2])
  if let container = found, container.pointee.hasSubcommands, count > 1 {
    found = container.pointee.subcommand(call[3])
  }
  guard let command = found else {
    reply.error("ERR Invalid command specified")
    return nil
  }
  let declaration = command.pointee.declaration
  guard declaration.hasKeys else {
    reply.error("ERR The command has no key arguments")
    return nil
  }
  guard command.pointee.accepts(count: count) else {
    reply.error("ERR Invalid number of arguments specified for command")
    return nil
  }
  if let keys = declaration.keys(in: UnsafeBufferPointer(start: call.arguments + 2, count: count)), !keys.isEmpty {
    return keys
  }
  if command.pointee.flags.contains(.noMandatoryKeys) { return [] }
  reply.error("ERR Invalid arguments specified for command")
  return nil
}

// MARK: Replies

extension ReplyWriter {
  /// A set of statuses.
  fileprivate mutating func statuses(_ words: [StaticString]) {
    set(words.count)
    for word in words { simple(word) }
  }

  fileprivate mutating func information(_ command: CommandReference) {
    let declaration = command.pointee.declaration
    let range = KeyRange(declaration.keys)
    var flags = declaration.flags
    if range.isPartial { flags.insert(.movableKeys) }
    array(10)
    bulk(command.pointee.fullName)
    integer(declaration.arity)
    statuses(CommandFlags.names.filter { flags.contains($0.0) }.map(\.1))
    integer(range.first)
    integer(range.last)
    integer(range.step)
    let categories = declaration.accessCategories.members
    set(categories.count)
    for category in categories { simple("@\(category)") }
    set(declaration.tips.count)
    for tip in declaration.tips { bulk(tip) }
    set(declaration.keys.count)
    for spec in declaration.keys { keySpec(spec) }
    let subcommands = command.pointee.subcommands
    if subcommands.isEmpty { set(0) } else { array(subcommands.count) }
    for subcommand in subcommands { information(subcommand) }
  }

  private mutating func keySpec(_ spec: KeySpec) {
    map(3)
    bulk("flags")
    statuses(spec.flags)
    bulk("begin_search")
    switch spec.begin {
    case .unknown: keySpecPart("unknown", [])
    case .index(let index): keySpecPart("index", [("index", index)])
    case .keyword(let word, let from):
      keySpecHead("keyword", fields: 2)
      bulk("keyword")
      bulk(word)
      bulk("startfrom")
      integer(from)
    }
    bulk("find_keys")
    switch spec.find {
    case .unknown: keySpecPart("unknown", [])
    case .range(let last, let step, let limit):
      keySpecPart("range", [("lastkey", last), ("keystep", step), ("limit", limit)])
    case .count(let at, let first, let step):
      keySpecPart("keynum", [("keynumidx", at), ("firstkey", first), ("keystep", step)])
    }
  }

  private mutating func keySpecHead(_ type: StaticString, fields: Int) {
    map(2)
    bulk("type")
    bulk(type)
    bulk("spec")
    map(fields)
  }

  private mutating func keySpecPart(_ type: StaticString, _ fields: [(StaticString, Int)]) {
    keySpecHead(type, fields: fields.count)
    for (name, value) in fields {
      bulk(name)
      integer(value)
    }
  }

  fileprivate mutating func documentation(_ command: CommandReference) {
    let declaration = command.pointee.declaration
    let arguments = declaration.arguments
    let subcommands = command.pointee.subcommands
    let notes = CommandNotes.of(command.pointee.fullName)
    let noteCount = (notes == nil ? 0 : 1) + (notes?.replacement == nil ? 0 : 2)
    map(4 + noteCount + (arguments.isEmpty ? 0 : 1) + (subcommands.isEmpty ? 0 : 1))
    bulk("summary")
    bulk(declaration.summary)
    bulk("since")
    bulk(declaration.since)
    bulk("group")
    bulk(declaration.group.rawValue)
    bulk("complexity")
    bulk(declaration.complexity)
    if let notes {
      bulk("doc_flags")
      statuses([notes.flag])
      if let replacement = notes.replacement {
        bulk("deprecated_since")
        bulk(replacement.since)
        bulk("replaced_by")
        bulk(replacement.by)
      }
    }
    if !arguments.isEmpty {
      bulk("arguments")
      documentation(arguments)
    }
    if !subcommands.isEmpty {
      bulk("subcommands")
      map(subcommands.count)
      for subcommand in subcommands {
        bulk(subcommand.pointee.fullName)
        documentation(subcommand)
      }
    }
  }

  private mutating func documentation(_ arguments: [CommandArgument]) {
    array(arguments.count)
    for argument in arguments {
      let isGroup = argument.kind == .block || argument.kind == .choice
      let flags = argument.flags
      map(3 + (argument.keySpec == nil ? 0 : 1) + (argument.token == nil ? 0 : 1) + (flags.isEmpty ? 0 : 1))
      bulk("name")
      bulk(argument.name)
      bulk("type")
      bulk(argument.kind.rawValue)
      if !isGroup {
        bulk("display_text")
        bulk(argument.name)
      }
      if let index = argument.keySpec {
        bulk("key_spec_index")
        integer(index)
      }
      if let token = argument.token {
        bulk("token")
        bulk(token)
      }
      if !flags.isEmpty {
        bulk("flags")
        statuses(flags)
      }
      if isGroup {
        bulk("arguments")
        documentation(argument.arguments)
      }
    }
  }
}
