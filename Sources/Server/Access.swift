import Commands
import Directives
import Glibc
import Memory
import RESP

// Users as the server keeps them: where they come from when it starts, where they are written to, and what becomes of
// clients when their user changes.

extension ServerInstance {
  // MARK: Clients

  /// A session that has not said who it is acts as `default`, if it need not say so first.
  func admitAsDefaultUser(_ session: SessionPointer) {
    session.act(as: executor.users.standard)
    if executor.users.mustAuthenticate {
      session.pointee.flags.insert(.unauthenticated)
    } else {
      session.pointee.flags.remove(.unauthenticated)
    }
  }

  /// Creates a user, or changes what it is. Clients know at once; those that listen to what they may not any more go.
  func set(_ name: ByteString, to user: User) {
    if let known = name.withBytes({ executor.users.find($0) }), !user.keepsChannels(of: known.pointee.user) {
      closeListeners(of: known, unlessAllowedBy: user)
    }
    executor.userChanged(executor.users.set(name, to: user))
  }

  private func closeListeners(of user: UserPointer, unlessAllowedBy new: User) {
    for connection in connections where connection.pointee.session.user == user && !connection.pointee.isClosing {
      guard let subscriptions = connection.pointee.session.subscriptions else { continue }
      let isAllowed =
        subscriptions.patterns.allSatisfy { $0.withBytes { new.allowsChannel($0, isPattern: true) } }
        && subscriptions.channels.union(subscriptions.shardChannels).allSatisfy {
          $0.withBytes { new.allowsChannel($0, isPattern: false) }
        }
      if !isAllowed { close(connection) }
    }
  }

  /// Removes a user and closes its clients. False if there is none of that name that can be removed.
  func removeUser(_ name: ByteString) -> Bool {
    guard let user = executor.users.remove(name) else { return false }
    for connection in connections where connection.pointee.session.user == user {
      // It is never without a user, not even for the moment that is left to it.
      connection.sessionPointer.act(as: executor.users.standard)
      connection.pointee.session.flags.insert(.unauthenticated)
      if executor.hot.pointee.current == connection.sessionPointer {
        connection.pointee.session.flags.insert(.closeAfterReply)
      } else {
        close(connection)
      }
    }
    Users.free(user)
    return true
  }

  /// `requirepass` is nothing but the password of `default`.
  func applyRequiredPassword() {
    let password = configuration.string("requirepass")
    var user = executor.users.standard.pointee.user
    if password.isEmpty { user.setOnlyPassword(nil) } else { password.withBytes { user.setOnlyPassword($0) } }
    set(Users.standardName, to: user)
  }

  // MARK: Configuration

  /// Checks what only the server can judge of a configuration: names of commands, and rules.
  public static func check(_ configuration: Configuration) throws(ConfigurationError) {
    if configuration.renamedCommands.isEmpty && configuration.users.isEmpty { return }
    _ = try renamedCommands(configuration)
    let context = RuleContext(CommandTable(families: families))
    var names: Set<[UInt8]> = []
    for line in configuration.users {
      let name = line.words[0]
      func fail(_ argument: [UInt8], _ reason: String) -> ConfigurationError {
        line.failure("Error in user declaration '\(String(decoding: argument, as: UTF8.self))': \(reason)")
      }
      guard names.insert(name).inserted else {
        throw fail(name, "Duplicate user found. A user can only be defined once in config files")
      }
      if name.withBytes({ $0.hasBlanks }) { throw fail(name, "Spaces not allowed in ACL usernames") }
      var user = User(context)
      do throws(UserError) {
        try user.apply(Array(line.words.dropFirst()), context)
      } catch {
        switch error {
        case .unmatchedParenthesis(let argument): throw fail(argument, "Unmatched parenthesis in selector definition")
        case .rule(let rule, let reason): throw fail(rule, reason.message.description)
        }
      }
    }
  }

  /// By the lower-case names that commands are declared with, what they are called after all `rename-command` lines.
  static func renamedCommands(_ configuration: Configuration) throws(ConfigurationError) -> [String: String] {
    if configuration.renamedCommands.isEmpty { return [:] }
    let declared = families.joined().map { $0.name.description.lowercased() }
    var declaredNames = Dictionary(declared.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
    var renamed: [String: String] = [:]
    for line in configuration.renamedCommands {
      let words = line.words.map { String(decoding: $0, as: UTF8.self) }
      guard let original = declaredNames.removeValue(forKey: words[0].lowercased()) else {
        throw line.failure("No such command in rename-command")
      }
      renamed[original] = words[1]
      if words[1].isEmpty { continue }
      guard declaredNames.updateValue(original, forKey: words[1].lowercased()) == nil else {
        throw line.failure("Target command name already exists")
      }
    }
    return renamed
  }

  /// Takes the users from the configuration or from `aclfile`.
  func loadUsers() throws(Failure) {
    let path = configuration.string("aclfile")
    if path.isEmpty { return try loadConfiguredUsers() }
    guard configuration.users.isEmpty else {
      throw Failure(
        message:
          "Configuring users in the configuration file and at the same time an ACL file is invalid. This is very likely to lead to configuration errors and security holes: define either an ACL file or users in the configuration, but not both."
      )
    }
    if let errors = loadUsers(from: path) {
      throw Failure(
        message: "Aborting startup because of ACL errors: \(String(decoding: errors.bytes, as: UTF8.self))")
    }
  }

  private func loadConfiguredUsers() throws(Failure) {
    for line in configuration.users {
      let name = line.words[0]
      var user = User(executor.users.context)
      do throws(UserError) {
        try user.apply(Array(line.words.dropFirst()), executor.users.context)
      } catch {
        throw Failure(message: "Critical error while loading ACLs. Exiting.")
      }
      if !user.isOn {
        log.notice(
          "The user '\(String(decoding: name, as: UTF8.self))' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error."
        )
      }
      set(name.withBytes { ByteString($0) }, to: user)
    }
  }

  /// The users as words of `user` lines.
  var userLines: [[[UInt8]]] {
    executor.users.all.map { [$0.pointee.name.bytes] + $0.pointee.user.rules }
  }

  // MARK: File

  /// Replaces all users by those of a file and closes the clients of the old ones, or changes nothing and says why.
  func loadUsers(from path: String) -> ErrorText? {
    let contents: [UInt8]
    do throws(SystemError) {
      contents = try FileContents.read(path)
    } catch {
      return "Error loading ACLs, opening file '\(path)': \(error.reason)"
    }
    do throws(AccessFile.Failure) {
      let new = try AccessFile.users(contents, path: path, executor.users.context)
      for old in executor.users.all { _ = removeUser(old.pointee.name) }
      if !new.contains(where: { $0.name == Users.standardName }) {
        set(Users.standardName, to: .allowedEverything(executor.users.context))
      }
      for (name, user) in new { set(name, to: user) }
      return nil
    } catch {
      return error.text
    }
  }

  /// Writes all users to a file. False after the log was told why that cannot be.
  func saveUsers(to path: String) -> Bool {
    let lines = executor.users.all.reduce(into: [UInt8]()) { $0 += $1.pointee.line + [10] }
    do throws(SystemError) {
      try FileContents.replace(path, with: lines)
      return true
    } catch {
      log.warning("Writing ACL file for ACL SAVE: \(error.reason)")
      return false
    }
  }
}
