import Commands
import Memory
import RESP
import Structures

extension CommandTable {
  /// ACL: users, and what they may do. https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
  static let access: [Command] = [
    Command(
      "ACL", arity: -2, [], group: .server, since: "6.0.0", summary: "A container for access control commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "CAT", arity: -2, [.noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Lists the categories, or the commands of one.",
          complexity: "O(1) since the categories and commands are a fixed set.", syntax: "[category]", run: categories),
        Command(
          "DELUSER", arity: -3, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Deletes users and closes their connections.",
          complexity: "O(1) amortized time considering the typical user.",
          syntax: "username [username ...]", tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
          run: deleteUser),
        Command(
          "DRYRUN", arity: -4, [.admin, .noScript, .loading, .stale], group: .server, since: "7.0.0",
          summary: "Says whether a user may run a command, without running it.", complexity: "O(1).",
          syntax: "username command [arg [arg ...]]", run: dryRun),
        Command(
          "GENPASS", arity: -2, [.noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Makes up a password that nobody can guess.", syntax: "[bits]", run: generatePassword),
        Command(
          "GETUSER", arity: 3, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Returns the rules of a user.",
          complexity:
            "O(N). Where N is the number of password, command and pattern rules that the user has.",
          syntax: "username", run: getUser),
        Command(
          "LIST", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Returns all users as lines of a file.",
          complexity: "O(N). Where N is the number of configured users.",
          run: list),
        Command(
          "LOAD", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Replaces all users by those of the ACL file.",
          complexity: "O(N). Where N is the number of configured users.", run: load),
        Command(
          "LOG", arity: -2, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Returns what was denied of late, or forgets it.",
          complexity: "O(N) with N being the number of entries shown.", syntax: "[count | RESET]", run: showLog),
        Command(
          "SAVE", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Writes all users to the ACL file.", complexity: "O(N). Where N is the number of configured users.",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: save),
        Command(
          "SETUSER", arity: -3, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Creates a user, or changes its rules.",
          complexity: "O(N). Where N is the number of rules provided.", syntax: "username [rule [rule ...]]",
          tips: ["request_policy:all_nodes", "response_policy:all_succeeded"], run: setUser),
        Command(
          "USERS", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Lists the names of all users.", complexity: "O(N). Where N is the number of configured users.",
          run: users),
        Command(
          "WHOAMI", arity: 2, [.noScript, .loading, .stale], group: .server, since: "6.0.0",
          summary: "Returns the name of the connection's user.", run: whoAmI),
        .help(
          of: "ACL", .server, since: "6.0.0",
          [
            "CAT [<category>]",
            "    List all commands that belong to <category>, or all command categories",
            "    when no category is specified.",
            "DELUSER <username> [<username> ...]",
            "    Delete a list of users.",
            "DRYRUN <username> <command> [<arg> ...]",
            "    Returns whether the user can execute the given command without executing the command.",
            "GETUSER <username>",
            "    Get the user's details.",
            "GENPASS [<bits>]",
            "    Generate a secure 256-bit user password. The optional `bits` argument can",
            "    be used to specify a different size.",
            "LIST",
            "    Show users details in config file format.",
            "LOAD",
            "    Reload users from the ACL file.",
            "LOG [<count> | RESET]",
            "    Show the ACL log entries.",
            "SAVE",
            "    Save the current config to the ACL file.",
            "SETUSER <username> <attribute> [<attribute> ...]",
            "    Create or modify a user with the specified attributes.",
            "USERS",
            "    List all the registered usernames.",
            "WHOAMI",
            "    Return the current connection username.",
          ]),
      ])
  ]
}

// MARK: Users

private func setUser(_ call: Call, _ reply: inout ReplyWriter) {
  if call[2].hasBlanks { return reply.error("ERR Usernames can't contain spaces or null characters") }
  let users = call.executor.users
  var user = users.find(call[2])?.pointee.user ?? User(users.context)
  do throws(UserError) {
    try user.apply((3..<max(3, call.count)).map { call[$0].array }, users.context)
  } catch {
    return reply.error(error.text)
  }
  call.server.set(ByteString(call[2]), to: user)
  reply.ok()
}

extension UserError {
  fileprivate var text: ErrorText {
    switch self {
    case .unmatchedParenthesis(let argument):
      argument.withBytes { "ERR Unmatched parenthesis in acl selector starting at '\($0)'." }
    case .rule(let rule, let reason):
      rule.withBytes { "ERR Error in ACL SETUSER modifier '\($0)': \(reason.message)" }
    }
  }
}

private func deleteUser(_ call: Call, _ reply: inout ReplyWriter) {
  for i in 2..<call.count where call[i].equals(Bytes("default")) {
    return reply.error("ERR The 'default' user cannot be removed")
  }
  reply.integer((2..<call.count).count { call.server.removeUser(ByteString(call[$0])) })
}

private func getUser(_ call: Call, _ reply: inout ReplyWriter) {
  guard let user = call.executor.users.find(call[2])?.pointee.user else { return reply.null() }
  reply.map(6)
  reply.bulk("flags")
  reply.set(user.flags.count)
  for flag in user.flags { reply.bulk(flag) }
  reply.bulk("passwords")
  reply.array(user.passwords.count)
  for password in user.passwords { password.digits.withBytes { reply.bulk($0) } }
  reply.permissions(of: user.root)
  reply.bulk("selectors")
  reply.array(user.others.count)
  for selector in user.others {
    reply.map(3)
    reply.permissions(of: selector)
  }
}

extension ReplyWriter {
  /// Three fields of a map.
  fileprivate mutating func permissions(of selector: Selector) {
    bulk("commands")
    selector.commandDescription.withBytes { bulk($0) }
    bulk("keys")
    selector.keyDescription.withBytes { bulk($0) }
    bulk("channels")
    selector.channelDescription.withBytes { bulk($0) }
  }
}

private func list(_ call: Call, _ reply: inout ReplyWriter) {
  let all = call.executor.users.all
  reply.array(all.count)
  for user in all {
    user.pointee.line.withBytes { reply.bulk($0) }
  }
}

private func users(_ call: Call, _ reply: inout ReplyWriter) {
  let all = call.executor.users.all
  reply.array(all.count)
  for user in all { user.pointee.name.withBytes { reply.bulk($0) } }
}

private func whoAmI(_ call: Call, _ reply: inout ReplyWriter) {
  guard let user = call.session.pointee.user else { return reply.null() }
  user.pointee.name.withBytes { reply.bulk($0) }
}

// MARK: Files

private func load(_ call: Call, _ reply: inout ReplyWriter) {
  guard let path = userFile(call, &reply) else { return }
  if let errors = call.server.loadUsers(from: path) { reply.error("ERR \(errors)") } else { reply.ok() }
}

private func save(_ call: Call, _ reply: inout ReplyWriter) {
  guard let path = userFile(call, &reply) else { return }
  if call.server.saveUsers(to: path) { return reply.ok() }
  reply.error("ERR There was an error trying to save the ACLs. Please check the server logs for more information")
}

/// Nil after the error was written.
private func userFile(_ call: Call, _ reply: inout ReplyWriter) -> String? {
  let path = call.server.configuration.string("aclfile")
  if !path.isEmpty { return path }
  reply.error(
    """
    ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER \
    command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users \
    in the Redis configuration.
    """)
  return nil
}

// MARK: Commands

private func categories(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.count {
  case 2:
    reply.array(AccessCategories.names.count)
    for name in AccessCategories.names { reply.bulk(name) }
  case 3:
    guard let category = AccessCategories(name: call[2]) else {
      return reply.error("ERR Unknown category '\(call[2], limit: 128)'")
    }
    let members = call.executor.table.members(of: category)
    reply.array(members.count)
    for command in members { reply.bulk(command.pointee.fullName) }
  default: reply.unknownSubcommand(call)
  }
}

private func dryRun(_ call: Call, _ reply: inout ReplyWriter) {
  guard let user = call.executor.users.find(call[2]) else { return reply.error("ERR User '\(call[2])' not found") }
  let arguments = UnsafeBufferPointer(start: call.arguments + 3, count: call.count - 3)
  var found = call.executor.table.find(arguments[0])
  if let container = found, container.pointee.hasSubcommands, arguments.count > 1 {
    found = container.pointee.subcommand(arguments[1])
  }
  guard let command = found else { return reply.error("ERR Command '\(arguments[0])' not found") }
  guard command.pointee.accepts(count: arguments.count) else {
    return reply.error("ERR wrong number of arguments for '\(command.pointee.fullName)' command")
  }
  guard let denial = user.pointee.permissions.denial(command, arguments) else { return reply.ok() }
  denial.message(user, command) { arguments[$0] }.bytes.withBytes { reply.bulk($0) }
}

private func generatePassword(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.unknownSubcommand(call) }
  var bits: Int64 = 256
  if call.count == 3 {
    guard let given = call.integer(2, &reply) else { return }
    bits = given
  }
  guard (1...4096).contains(bits) else {
    return reply.error(
      "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096")
  }
  var generator = SystemRandomNumberGenerator()
  let digits = Array("0123456789abcdef".utf8)
  let password = (0..<Int(bits + 3) / 4).map { _ in digits[Int(generator.next(upperBound: UInt(16)))] }
  password.withBytes { reply.bulk($0) }
}

// MARK: Log

private func showLog(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.unknownSubcommand(call) }
  var count: Int64 = 10
  if call.count == 3 {
    if call.argument(2, is: "reset") {
      call.executor.users.log.reset()
      return reply.ok()
    }
    guard let given = call.integer(2, &reply) else { return }
    count = max(0, given)
  }
  let entries = call.executor.users.log.entries
  let shown = entries.prefix(Int(min(count, Int64(entries.count))))
  reply.array(shown.count)
  for entry in shown { reply.entry(entry, now: call.now) }
}

extension ReplyWriter {
  fileprivate mutating func entry(_ entry: AccessLog.Entry, now: Int64) {
    map(10)
    bulk("count")
    integer(entry.count)
    bulk("reason")
    bulk(entry.reason.rawValue)
    bulk("context")
    bulk(entry.context.rawValue)
    bulk("object")
    entry.object.withBytes { bulk($0) }
    bulk("username")
    entry.userName.withBytes { bulk($0) }
    bulk("age-seconds")
    double(Double(now - entry.updated) / 1000)
    bulk("client-info")
    bulk(entry.client)
    bulk("entry-id")
    integer(entry.id)
    bulk("timestamp-created")
    integer(Int(entry.created))
    bulk("timestamp-last-updated")
    integer(Int(entry.updated))
  }
}
